"""What format a table's file has, and its cells as they stand, each row with its number in the sheet.

The content decides, never the name. Workbooks are opened by a child process (:mod:`.workbook_child`) after their
declared sizes were checked; formulas, links, macros and entities are never followed.
"""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.tables import workbook_child

MAX_ROWS = 50_000
MAX_BYTES = 20 * 1024 * 1024
MAX_COLUMNS = 500
MAX_CELLS = 2_000_000
MAX_UNPACKED_BYTES = 60 * 1024 * 1024
MAX_RATIO = 100
SECONDS = 60

CellKind = Literal["text", "number", "date"]

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SMALL_BYTES = 1024 * 1024
_HEAD_BYTES = 4096
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_ENTITIES = tuple(
    sign.encode(code) for sign in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
)
_MARKUP = re.compile(r"\s*<(!doctype|html|\?xml|table|ogrvrt|script|svg|meta|head|body)", re.IGNORECASE)
_DELIMITERS = (";", "\t", ",", "|")
_TRIED_ROWS = 60
_SEPARATOR_LINE = re.compile(r"sep=(?P<sign>[,;\t|])\r?\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as text, and what the file says it is: a number of a workbook is no text that looks like one."""

    text: str
    kind: CellKind = "text"


@dataclass(frozen=True)
class SheetRow:
    """One filled row and its number in the sheet, from 1."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    """One sheet's filled rows."""

    name: str
    rows: tuple[SheetRow, ...]
    visible: bool = True


@dataclass(frozen=True)
class Content:
    """A file as read: its sheets, and what was found out about its format."""

    sheets: tuple[Sheet, ...]
    detected: tuple[Message, ...]


def read_content(source: Path | bytes, name: str) -> Content:
    """Read all cells of a CSV, text, .xlsx, .xls or .ods file.

    Parameters
    ----------
    source
        Path or content; pasted text is content.
    name
        What to call the file in messages.

    Raises
    ------
    InputError
        If it cannot be read, is too large, is something else than a table, or could do harm.
    """
    raw = _raw(source, name)
    if raw.startswith(_ZIP):
        return _workbook(raw, name, _zipped(raw, name))
    if raw.startswith(_OLE):
        return _workbook(raw, name, "xls")
    text, encoding = decode(raw, name)
    if _MARKUP.match(text):
        raise InputError(Message.of("tables.markup", file=name))
    return _delimited(text, name, encoding)


def _raw(source: Path | bytes, name: str) -> bytes:
    if isinstance(source, bytes):
        size, raw = len(source), source
    else:
        try:
            size = source.stat().st_size
            raw = source.read_bytes() if size <= MAX_BYTES else b""
        except OSError as error:
            raise InputError(Message.of("tables.unreadable", file=name)) from error
    if size > MAX_BYTES:
        raise InputError(Message.of("tables.too_large", file=name, limit=MAX_BYTES // 1024 // 1024))
    return raw


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


def _zipped(raw: bytes, name: str) -> str:
    """Check what a zip declares before anything is unpacked, and tell which workbook it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            parts = archive.infolist()
            _check_sizes(parts, name)
            heads = {part.filename: _head(archive, part) for part in parts if not part.is_dir()}
    except InputError:
        raise
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError, EOFError) as error:
        raise InputError(Message.of("tables.broken_book", file=name)) from error
    if any(sign in head for part, head in heads.items() if part.endswith((".xml", ".rels")) for sign in _ENTITIES):
        raise InputError(Message.of("tables.entities", file=name))
    if "xl/workbook.xml" in heads:
        return "xlsx"
    if heads.get("mimetype", b"").startswith(_ODS):
        return "ods"
    raise InputError(Message.of("tables.other_zip", file=name))


def _check_sizes(parts: Sequence[zipfile.ZipInfo], name: str) -> None:
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if unpacked > MAX_UNPACKED_BYTES or (unpacked > _SMALL_BYTES and unpacked > MAX_RATIO * max(packed, 1)):
        raise InputError(Message.of("tables.bomb", file=name, limit=MAX_UNPACKED_BYTES // 1024 // 1024))


def _head(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(part) as file:
            return file.read(_HEAD_BYTES)
    except Exception as error:
        # A damaged stream raises what its compression raises: zlib, lzma and bz2 each have errors of their own.
        raise zipfile.BadZipFile from error


def _workbook(raw: bytes, name: str, kind: str) -> Content:
    command = [
        sys.executable,
        "-I",
        str(Path(workbook_child.__file__)),
        *map(str, (MAX_ROWS + 1, MAX_COLUMNS, MAX_CELLS)),
    ]
    try:
        done = subprocess.run(command, input=raw, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603 - our own script
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        raise InputError(Message.of("tables.too_slow", file=name, seconds=SECONDS)) from error
    except ValueError as error:
        # The child died: out of memory, or a fault of the library that it could not catch.
        raise InputError(Message.of("tables.broken_book", file=name)) from error
    if "fault" in answer:
        limits = {"many_rows": MAX_ROWS, "many_columns": MAX_COLUMNS, "many_cells": MAX_CELLS}
        fault = str(answer["fault"])
        if fault in limits:
            raise InputError(Message.of(f"tables.{fault}", file=name, limit=limits[fault]))
        raise InputError(Message.of("tables.locked" if fault == "locked" else "tables.broken_book", file=name))
    sheets = tuple(
        Sheet(str(title), tuple(SheetRow(number, tuple(map(_cell, cells))) for number, cells in rows), visible)
        for title, visible, rows in answer["sheets"]
    )
    return Content(sheets, (Message.of("tables.detected_book", kind=f".{kind}"),))


def _cell(value: object) -> Cell:
    if isinstance(value, list):
        return Cell(str(value[1]), "number" if value[0] == "n" else "date")
    return Cell(" ".join(str(value).split())) if value else _EMPTY


def _delimited(text: str, name: str, encoding: str) -> Content:
    said = _SEPARATOR_LINE.match(text)
    sign = said["sign"] if said else _delimiter(text)
    filled: list[SheetRow] = []
    held = 0
    for number, cells in _records(text, sign, name):
        if said and number == 1:
            continue
        if len(cells) > MAX_COLUMNS:
            raise InputError(Message.of("tables.many_columns", file=name, limit=MAX_COLUMNS))
        row = tuple(Cell(" ".join(cell.split())) if cell else _EMPTY for cell in cells)
        if any(cell.text for cell in row):
            filled.append(SheetRow(number, row))
            held += sum(cell is not _EMPTY for cell in row)
        if held > MAX_CELLS:
            raise InputError(Message.of("tables.many_cells", file=name, limit=MAX_CELLS))
        if len(filled) > MAX_ROWS + 1:
            raise InputError(Message.of("tables.many_rows", file=name, limit=MAX_ROWS))
    told = Message.of("tables.detected_text", encoding=encoding, sign=Message.of(f"tables.sign_{_SIGNS[sign]}"))
    return Content((Sheet("", tuple(filled)),), (told,))


_EMPTY = Cell("")
_SIGNS = {";": "semicolon", "\t": "tab", ",": "comma", "|": "bar"}


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
