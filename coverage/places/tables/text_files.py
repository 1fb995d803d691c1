"""Text that holds a table: its letters, the sign between its columns, and its rows."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.tables.sheets import EMPTY, Cell, Content, Sheet, SheetRow

_HEAD_BYTES = 4096
_DELIMITERS = (";", "\t", ",", "|")
_TRIED_ROWS = 60
_SEPARATOR_LINE = re.compile(r"sep=(?P<sign>[,;\t|])\r?\n", re.IGNORECASE)
_SIGNS = {";": "semicolon", "\t": "tab", ",": "comma", "|": "bar"}
_ERROR = re.compile(
    r"#(?:n/a|value!|ref!|div/0!|num!|name\?|null!|spill!|calc!|getting_data|field!|busy!|connect!|blocked!|unknown!)"
    r"|err:\d{3}|#{2,}",
    re.IGNORECASE,
)


class Bounds(NamedTuple):
    """How much of a table is read."""

    rows: int
    columns: int
    cells: int


def text_cell(text: str) -> Cell:
    """Make a cell of text; an error of a spreadsheet that was written as text has no value either."""
    words = " ".join(text.split())
    return Cell(words, "broken" if _ERROR.fullmatch(words) else "text") if words else EMPTY


def decode(raw: bytes, name: str) -> tuple[str, str]:
    """Decode what spreadsheets write, and name the encoding: UTF-8, UTF-16, else Windows-1252.

    Raises
    ------
    InputError
        If the content is not text.
    """
    for mark, codec, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig", "UTF-8 (BOM)"),
        (b"\xff\xfe", "utf-16", "UTF-16"),
        (b"\xfe\xff", "utf-16", "UTF-16"),
    ):
        if raw.startswith(mark):
            return _checked(raw.decode(codec, errors="replace"), name), encoding
    if b"\0" in raw[:_HEAD_BYTES]:
        for at, codec in ((1, "utf-16-le"), (0, "utf-16-be")):
            head = raw[:_HEAD_BYTES]
            if len(raw) % 2 == 0 and head[at::2].count(0) * 2 > len(head[at::2]) and 0 not in head[1 - at :: 2]:
                return _checked(raw.decode(codec, errors="replace"), name), "UTF-16"
    try:
        return _checked(raw.decode("utf-8"), name), "UTF-8"
    except UnicodeDecodeError:
        return _checked(raw.decode("cp1252", errors="replace"), name), "Windows-1252"


def _checked(text: str, name: str) -> str:
    if "\0" in text:
        raise InputError(Message.of("tables.not_text", file=name))
    return text


def read_delimited(text: str, name: str, encoding: str, bounds: Bounds) -> Content:
    """Read rows of text.

    Raises
    ------
    InputError
        If a row cannot be read, or there is more than the bounds allow.
    """
    bare = _unwrapped(text)
    text = text if bare is None else bare
    said = _SEPARATOR_LINE.match(text)
    sign = said["sign"] if said else _delimiter(text)
    filled: list[SheetRow] = []
    held = 0
    for number, cells in _records(text, sign, name):
        if said and number == 1:
            continue
        if len(cells) > bounds.columns:
            raise InputError(Message.of("tables.many_columns", file=name, limit=bounds.columns))
        row = tuple(text_cell(cell) if cell else EMPTY for cell in cells)
        if any(cell.text for cell in row):
            filled.append(SheetRow(number, row))
            held += sum(cell is not EMPTY for cell in row)
        if held > bounds.cells:
            raise InputError(Message.of("tables.many_cells", file=name, limit=bounds.cells))
        if len(filled) > bounds.rows + 1:
            raise InputError(Message.of("tables.many_rows", file=name, limit=bounds.rows))
    told = Message.of("tables.detected_text", encoding=encoding, sign=Message.of(f"tables.sign_{_SIGNS[sign]}"))
    found = [told] if bare is None else [told, Message.of("tables.detected_quoted")]
    return Content((Sheet("", tuple(filled)),), tuple(found))


def _unwrapped(text: str) -> str | None:
    """Give the rows of a file in which every line stands in quotes as a whole; None for any other file."""
    lines = [line.rstrip("".join(_DELIMITERS)) for line in text.splitlines() if line.strip()]
    if not lines or not all(line.startswith('"') and line.endswith('"') and len(line) > 1 for line in lines):
        return None
    inner = [line[1:-1] for line in lines]
    if any(re.search(r'(?<!")"(?:"")*(?!")', line) for line in inner):
        # A quote that is not doubled ends a cell: the cells are quoted one by one.
        return None
    parted = [line.replace('""', '"') for line in inner]
    several = any(all(sign in line for line in parted) for sign in _DELIMITERS)
    return "\n".join(parted) if several else None


def _records(text: str, sign: str, name: str) -> Iterator[tuple[int, list[str]]]:
    number = 0
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=sign, strict=True), start=1):
            yield number, cells
    except csv.Error as error:
        raise InputError(Message.of("tables.broken_row", file=name, row=str(number + 1))) from error


def _delimiter(text: str) -> str:
    """Find the sign that parts most rows into the same number of cells."""
    best, sign = (0.0, 0), ","
    for tried in _DELIMITERS:
        widths = Counter(_widths(text, tried))
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
