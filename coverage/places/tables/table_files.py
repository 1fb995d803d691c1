"""What format a table's file has, and its cells as they stand, each row with its number in the sheet.

The content decides, never the name. Workbooks and large texts are opened by a child process of limited memory and time
(:mod:`coverage.ground.bounded`), workbooks after their declared sizes were checked; formulas, links, macros and
entities are never followed. A small text is read here: its size bounds what it can cost.
"""

import io
import json
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from coverage.ground import bounded
from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.tables import text_child, workbook_child
from coverage.places.tables.sheets import EMPTY, Cell, CellKind, Content, Sheet, SheetRow, column_letter

__all__ = ["MAX_BYTES", "MAX_CELLS", "MAX_COLUMNS", "MAX_ROWS", "Cell", "Content", "Sheet", "SheetRow", "read_content"]

MAX_ROWS = 50_000
MAX_BYTES = 20 * 1024 * 1024
MAX_COLUMNS = 500
MAX_CELLS = 2_000_000
MAX_CELL_SIGNS = 32_767
"""Letters of one cell: what a spreadsheet can hold in one."""
MAX_LINES = 1_048_576
"""Lines of a text, blank ones too: what a spreadsheet can hold in one sheet."""
MAX_UNPACKED_BYTES = 60 * 1024 * 1024
MAX_RATIO = 100
SECONDS = 60
MEMORY_BYTES = 1024 * bounded.MEGABYTE
SMALL_TEXT_BYTES = 256 * 1024
"""A text up to this size is read in this process."""

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SMALL_BYTES = 1024 * 1024
_HEAD_BYTES = 4096
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_ENTITIES = tuple(
    sign.encode(code) for sign in ("<!DOCTYPE", "<!ENTITY") for code in ("utf-8", "utf-16-le", "utf-16-be")
)
_ERROR = re.compile(
    r"#(?:n/a|value!|ref!|div/0!|num!|name\?|null!|spill!|calc!|getting_data|field!|busy!|connect!|blocked!|unknown!)"
    r"|err:\d{3}|#{2,}",
    re.IGNORECASE,
)
_KINDS: dict[str, CellKind] = {"n": "number", "d": "date", "e": "broken"}


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
    if len(raw) <= SMALL_TEXT_BYTES:
        answer = text_child.read(raw, _limits())
    else:
        answer = _in_child(text_child.__file__, _limits(), raw, name, "not_text")
    return Content(_sheets(answer, name), tuple(_told(*one) for one in answer["detected"]))


def _limits() -> text_child.Limits:
    return text_child.Limits(MAX_ROWS, MAX_COLUMNS, MAX_CELLS, MAX_CELL_SIGNS, MAX_LINES)


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
    answer = _in_child(workbook_child.__file__, _limits(), raw, name, "broken_book")
    return Content(_sheets(answer, name), (Message.of("tables.detected_book", kind=f".{kind}"),))


def _in_child(program: str, limits: Sequence[int], raw: bytes, name: str, died: str) -> dict[str, Any]:
    """Let a child read a file, and give what it told; `died` is the sentence for one that ended before its answer."""
    bound = bounded.Bound(SECONDS, MEMORY_BYTES)
    try:
        answer: dict[str, Any] = json.loads(bounded.run(Path(program), [*map(str, limits)], bound, given=raw))
    except bounded.StoppedError as error:
        if error.why == "slow":
            raise InputError(Message.of("tables.too_slow", file=name, seconds=SECONDS)) from error
        if error.why == "memory":
            limit = MEMORY_BYTES // bounded.MEGABYTE
            raise InputError(Message.of("tables.too_heavy", file=name, limit=limit)) from error
        raise InputError(Message.of(f"tables.{died}", file=name)) from error
    except ValueError as error:
        raise InputError(Message.of(f"tables.{died}", file=name)) from error
    return answer


def _sheets(answer: dict[str, Any], name: str) -> tuple[Sheet, ...]:
    """Give the sheets that a reader found.

    Raises
    ------
    InputError
        If it found a fault instead.
    """
    if "fault" in answer:
        values = dict(answer["values"])
        if "column" in values:
            values["column"] = column_letter(values["column"])
        raise InputError(Message.of(f"tables.{answer['fault']}", file=name, **values))
    # The same words stand in many rows; a number and a text that looks like it are two.
    known: dict[str, Cell] = {}

    def cell(value: str | list[str]) -> Cell:
        if isinstance(value, list):
            return Cell(value[1], _KINDS[value[0]])
        found = known.get(value)
        if found is None:
            found = known[value] = _text_cell(value)
        return found

    return tuple(
        Sheet(
            str(title),
            tuple(SheetRow(number, tuple(map(cell, cells))) for number, cells in rows),
            visible,
            tuple((first, left, last, right) for first, left, last, right in merges),
        )
        for title, visible, rows, merges in answer["sheets"]
    )


def _told(key: str, values: dict[str, str]) -> Message:
    """Give what was found out about a text; the sign between its columns has a name in each language."""
    said = {name: Message.of(f"tables.{value}") if name == "sign" else value for name, value in values.items()}
    return Message.of(f"tables.{key}", **said)


def _text_cell(value: str) -> Cell:
    """Make a cell of a text; an error of a spreadsheet that was written as text has no value either."""
    words = " ".join(value.split())
    return Cell(words, "broken" if _ERROR.fullmatch(words) else "text") if words else EMPTY
