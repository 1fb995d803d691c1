"""What format a table's file has, and its cells as they stand, each row with its number in the sheet.

The content decides, never the name. Workbooks are opened by a child process (:mod:`.workbook_child`) after their
declared sizes were checked; formulas, links, macros and entities are never followed.
"""

import io
import json
import re
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.tables import workbook_child
from coverage.places.tables.geojson import read_geojson
from coverage.places.tables.sheets import EMPTY, Cell, CellKind, Content, Sheet, SheetRow
from coverage.places.tables.text_files import Bounds, decode, read_delimited, text_cell

__all__ = ["MAX_BYTES", "MAX_CELLS", "MAX_COLUMNS", "MAX_ROWS", "Cell", "Content", "Sheet", "SheetRow", "read_content"]

MAX_ROWS = 50_000
MAX_BYTES = 20 * 1024 * 1024
MAX_COLUMNS = 500
MAX_CELLS = 2_000_000
MAX_UNPACKED_BYTES = 60 * 1024 * 1024
MAX_RATIO = 100
SECONDS = 60

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SMALL_BYTES = 1024 * 1024
_HEAD_BYTES = 4096
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_ENTITIES = tuple(
    sign.encode(code) for sign in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
)
_MARKUP = re.compile(r"\s*(<[a-z!?/][^<>]*>|<(!doctype|!--|\?xml|ogrvrt)|mime-version:)", re.IGNORECASE)
_TABLE_MARKUP = re.compile(r"<(table|tr|html|body)\b[^<>]*>", re.IGNORECASE)


def read_content(source: Path | bytes, name: str) -> Content:
    """Read all cells of a CSV, text, .xlsx, .xls or .ods file, or the points of a GeoJSON file.

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
    if _MARKUP.match(text) or _TABLE_MARKUP.search(text[:_HEAD_BYTES]):
        raise InputError(Message.of("tables.markup", file=name))
    bounds = Bounds(MAX_ROWS, MAX_COLUMNS, MAX_CELLS)
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return read_geojson(text, name, bounds)
    return read_delimited(text, name, encoding, bounds)


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
        Sheet(
            str(title),
            tuple(SheetRow(number, tuple(map(_cell, cells))) for number, cells in rows),
            visible,
            tuple((first, left, last, right) for first, left, last, right in merges),
        )
        for title, visible, rows, merges in answer["sheets"]
    )
    return Content(sheets, (Message.of("tables.detected_book", kind=f".{kind}"),))


def _cell(value: object) -> Cell:
    if isinstance(value, list):
        return Cell(str(value[1]), _KINDS[value[0]])
    return text_cell(str(value)) if value else EMPTY


_KINDS: dict[str, CellKind] = {"n": "number", "d": "date", "e": "broken"}
