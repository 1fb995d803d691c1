"""Read text that holds a table: its letters, the sign between its columns, and its rows; or the points of a GeoJSON.

Large text is read by this file run alone, as a child process (:mod:`coverage.ground.bounded`), so nothing of the
program is imported. What is read is plain: ``{"sheets": ...}`` with cells as in :mod:`.workbook_child`, or
``{"fault": ..., "values": ...}``, a sentence of the catalogue ``tables`` and what belongs into it.
"""

import csv
import io
import json
import math
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

_HEAD_BYTES = 4096
_FEW = 10
"""Of so many bytes one may be NUL in a text that was damaged; where more are, it is no text."""
_DELIMITERS = {";": "sign_semicolon", "\t": "sign_tab", ",": "sign_comma", "|": "sign_bar"}
_TRIED_ROWS = 60
_TRIED_SIGNS = 1 << 18
_SEPARATOR_LINE = re.compile(r"sep=(?P<sign>[,;\t|])\r?\n", re.IGNORECASE)
_MARKUP = re.compile(r"\s*(<[a-z!?/][^<>]*>|<(!doctype|!--|\?xml|ogrvrt)|mime-version:)", re.IGNORECASE)
_TABLE_MARKUP = re.compile(r"<(table|tr|html|body)\b[^<>]*>", re.IGNORECASE)
_JSON = re.compile(r"[\ufeff \t\r\n]*\{")
_INNER_QUOTE = re.compile(r'(?<!")"(?:"")*(?!")')
GEOMETRY = "geometry"
"""Header of the column of a GeoJSON's points."""
_POINT_SIZES = (2, 3)


class Limits(NamedTuple):
    """How much of a table is read: filled rows below the header, columns, filled cells, letters of a cell, lines."""

    rows: int
    columns: int
    cells: int
    cell_signs: int
    lines: int


class Refused(Exception):  # noqa: N818 - an answer, not a mistake
    """Why a text is not read: a sentence of the catalogue and what belongs into it."""

    def __init__(self, fault: str, **values: object) -> None:
        super().__init__(fault)
        self.answer: dict[str, Any] = {"fault": fault, "values": values}


def read(raw: bytes, limits: Limits) -> dict[str, Any]:
    """Read all cells of a text, or tell why not."""
    try:
        text, encoding = decoded(raw)
        _refuse_markup(text)
        if _JSON.match(text):
            return {"sheets": [["", True, _features(text, limits), []]], "detected": [["detected_geojson", {}]]}
        return _delimited(text, encoding, limits)
    except Refused as refused:
        return refused.answer


def _refuse_markup(text: str) -> None:
    if _MARKUP.match(text) or _TABLE_MARKUP.search(text[:_HEAD_BYTES]):
        raise Refused("markup")


def decoded(raw: bytes) -> tuple[str, str]:
    """Decode what spreadsheets write, and name the encoding: UTF-8, UTF-16, else Windows-1252.

    Raises
    ------
    Refused
        If the content is not text.
    """
    for mark, codec, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8 (BOM)"),
        (b"\xff\xfe", "utf-16", "UTF-16"),
        (b"\xfe\xff", "utf-16", "UTF-16"),
    ):
        if raw.startswith(mark):
            return _without_nul(raw.decode(codec, errors="replace")), encoding
    head = raw[:_HEAD_BYTES]
    if b"\0" in head:
        for at, codec in ((1, "utf-16-le"), (0, "utf-16-be")):
            if len(raw) % 2 == 0 and head[at::2].count(0) * 2 > len(head[at::2]) and 0 not in head[1 - at :: 2]:
                return _without_nul(raw.decode(codec, errors="replace")), "UTF-16"
        if head.count(0) * _FEW > len(head):
            raise Refused("not_text")
    try:
        return _without_nul(raw.decode("utf-8")), "UTF-8"
    except UnicodeDecodeError:
        return _without_nul(raw.decode("cp1252", errors="replace")), "Windows-1252"


def _without_nul(text: str) -> str:
    at = text.find("\0")
    if at < 0:
        return text
    raise Refused("nul", row=str(text.count("\n", 0, at) + 1))


def _delimited(text: str, encoding: str, limits: Limits) -> dict[str, Any]:
    """Read rows of cells, each with the number of its row."""
    # Blank lines below a table may be many: spreadsheets write a line for every row that ever had a format.
    text = text.rstrip("\r\n ")
    bare = _unwrapped(text)
    text = text if bare is None else bare
    said = _SEPARATOR_LINE.match(text)
    sign = said["sign"] if said else _delimiter(text)
    filled: list[list[object]] = []
    held = 0
    for number, cells in _records(text, sign, limits):
        if said and number == 1:
            continue
        if len(cells) > limits.columns:
            raise Refused("many_columns", limit=limits.columns)
        used = sum(1 for cell in cells if cell and not cell.isspace())
        if used:
            check_lengths(cells, number, limits)
            filled.append([number, cells])
            held += used
        if held > limits.cells:
            raise Refused("many_cells", limit=limits.cells)
        if len(filled) > limits.rows + 1:
            raise Refused("many_rows", limit=limits.rows)
    told: list[list[object]] = [["detected_text", {"encoding": encoding, "sign": _DELIMITERS[sign]}]]
    if bare is not None:
        told.append(["detected_quoted", {}])
    return {"sheets": [["", True, filled, []]], "detected": told}


def check_lengths(cells: Sequence[object], number: int, limits: Limits) -> None:
    """Refuse a cell that is too long.

    Raises
    ------
    Refused
        Naming row and column, from 0.
    """
    for at, cell in enumerate(cells):
        text = cell[1] if isinstance(cell, list) else str(cell)
        if len(text) > limits.cell_signs:
            raise Refused("long_cell", row=str(number), column=at, limit=limits.cell_signs)


def _unwrapped(text: str) -> str | None:
    """Give the rows of a file in which every line stands in quotes as a whole; None for any other file."""
    if not text.lstrip().startswith('"'):
        return None
    lines = [line.rstrip("".join(_DELIMITERS)) for line in text.splitlines() if line.strip()]
    if not lines or not all(line.startswith('"') and line.endswith('"') and len(line) > 1 for line in lines):
        return None
    inner = [line[1:-1] for line in lines]
    if any(_INNER_QUOTE.search(line) for line in inner):
        # A quote that is not doubled ends a cell: the cells are quoted one by one.
        return None
    parted = [line.replace('""', '"') for line in inner]
    several = any(all(sign in line for line in parted) for sign in _DELIMITERS)
    return "\n".join(parted) if several else None


def _records(text: str, sign: str, limits: Limits) -> Iterator[tuple[int, list[str]]]:
    number = 0
    try:
        reader = csv.reader(_lines(text, sign, limits), delimiter=sign, strict=True)
        for number, cells in enumerate(reader, start=1):
            yield number, cells
    except csv.Error as error:
        raise Refused("broken_row", row=str(number + 1)) from error


def _lines(text: str, sign: str, limits: Limits) -> Iterator[str]:
    """Give the lines, refusing what has too many of them or one of too many columns before it is taken apart."""
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if number > limits.lines:
            raise Refused("many_lines", limit=limits.lines)
        if len(line) > limits.columns and '"' not in line and line.count(sign) >= limits.columns:
            raise Refused("many_columns", limit=limits.columns)
        yield line


def _delimiter(text: str) -> str:
    """Find the sign that parts most of the first rows into the same number of cells."""
    head = text[:_TRIED_SIGNS]
    if len(head) < len(text) and (whole := max(head.rfind("\n"), head.rfind("\r"))) > 0:
        head = head[: whole + 1]
    best, sign = (0.0, 0), ","
    for tried in _DELIMITERS:
        widths = Counter(_widths(head, tried))
        if not widths:
            continue
        width, rows = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
        if width > 1 and (rows / widths.total(), width) > best:
            best, sign = (rows / widths.total(), width), tried
    return sign


def _widths(text: str, sign: str) -> Iterable[int]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
    try:
        for _, cells in zip(range(_TRIED_ROWS), reader, strict=False):
            if any(cell.strip() for cell in cells):
                yield len(cells)
    except csv.Error:
        return


def _features(text: str, limits: Limits) -> list[list[object]]:
    """Read the features of a GeoJSON file, WGS 84, a row each; what is no point stands in its row by its kind.

    Raises
    ------
    Refused
        If it is JSON of another kind, in another system of coordinates, or more than the limits allow.
    """
    try:
        held = json.loads(text.lstrip("\ufeff"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Refused("json_broken") from error
    features = held.get("features") if held.get("type") == "FeatureCollection" else None
    if not isinstance(features, list):
        raise Refused("json_other")
    system = str(held.get("crs") or "")
    if system and not ("CRS84" in system or "4326" in system):
        raise Refused("geojson_crs")
    if len(features) > limits.rows:
        raise Refused("many_rows", limit=limits.rows)
    known = [feature if isinstance(feature, dict) else {} for feature in features]
    properties = [found if isinstance(found := one.get("properties"), dict) else {} for one in known]
    headers = list(dict.fromkeys(key for one in properties for key in one))
    if len(headers) >= limits.columns:
        raise Refused("many_columns", limit=limits.columns)
    if (len(headers) + 1) * len(known) > limits.cells:
        raise Refused("many_cells", limit=limits.cells)
    rows: list[list[object]] = [[1, [*headers, GEOMETRY]]] if known else []
    for number, (feature, values) in enumerate(zip(known, properties, strict=True), start=2):
        cells = [*(_cell(values.get(key)) for key in headers), _point(feature.get("geometry"))]
        check_lengths(cells, number, limits)
        rows.append([number, cells])
    return rows


def _no_constant(value: str) -> float:
    raise ValueError(value)


def _cell(value: object) -> str | list[str]:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return ["n", str(value)] if abs(value) < math.inf else str(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _point(geometry: object) -> str:
    """Write a point as "lat, lon"; of another geometry its kind, which no reader takes for a point."""
    if not isinstance(geometry, Mapping):
        return ""
    spot = geometry.get("coordinates")
    if geometry.get("type") != "Point" or not isinstance(spot, list) or len(spot) not in _POINT_SIZES:
        return str(geometry.get("type") or GEOMETRY)
    if not all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in spot):
        return GEOMETRY
    return f"{spot[1]!r}, {spot[0]!r}"


def main() -> None:
    """Read standard input within the limits that the arguments state."""
    answer = read(sys.stdin.buffer.read(), Limits(*map(int, sys.argv[1:])))
    sys.stdout.buffer.write(json.dumps(answer).encode())


if __name__ == "__main__":
    main()
