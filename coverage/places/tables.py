"""Read small tables of offices as text, and tell every fault with file, row, column, value and remedy."""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from coverage.ground.errors import InputError
from coverage.ground.texts import Message

MAX_ROWS = 50_000
MAX_BYTES = 20 * 1024 * 1024
ROW = "_row"
DROPPED = "dropped"
"""Key of the table's attributes: the header cells that no column was made of."""

_LONGEST_SHOWN = 60
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?", re.ASCII)


@dataclass
class Faults:
    """Faults of one file, gathered so that all are told at once."""

    file: str
    messages: list[Message] = field(default_factory=list)

    def add(self, row: int, column: str, value: object, problem: Message) -> None:
        """Note what is wrong in one cell; `problem` says what and how to mend it."""
        self.messages.append(
            Message.of("tables.cell", file=self.file, row=str(row), column=column, value=shown(value), problem=problem)
        )

    def stop_if_any(self) -> None:
        """Raise all faults as one error.

        Raises
        ------
        InputError
            If there is at least one fault.
        """
        if self.messages:
            raise InputError(*self.messages)


def shown(value: object) -> str:
    r"""Shorten a cell for a sentence; line breaks and what could steer a terminal become blanks.

    Examples
    --------
    >>> shown("Klinik\n\x1b[2JMuna")
    'Klinik [2JMuna'
    """
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in str(value)).split())
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


def decode(raw: bytes) -> str:
    """Decode what spreadsheets write: UTF-8 with or without BOM, else Windows-1252."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def read_table(
    source: Path | bytes, name: str, aliases: Mapping[str, Sequence[str]], required: Sequence[str]
) -> pd.DataFrame:
    """Read a delimited text table with every cell as text.

    Parameters
    ----------
    source
        Path or content. Delimiter ``,``, ``;`` or tab is found out; a decimal comma stays text here.
    name
        What to call the file in messages.
    aliases
        Accepted header names per column, compared without case, and blanks like underscores; the column's own
        name always counts.
    required
        Columns that must be there.

    Returns
    -------
    DataFrame
        Text columns named by `aliases`' keys (absent ones empty) and ``_row``, the row number in the file. The
        attribute ``dropped`` names the columns of the file that were left out.

    Raises
    ------
    InputError
        If the file cannot be read, is empty, too large, lacks a required column or has one twice.
    """
    filled = _filled_rows(decode(_content(source, name)), name)
    if not filled:
        raise InputError(Message.of("tables.empty", file=name))
    header = _header(filled[0][1], name, aliases, required)
    if len(filled) == 1:
        raise InputError(Message.of("tables.empty", file=name))
    rows = []
    for number_, cells in filled[1:]:
        row: dict[str, object] = dict.fromkeys(aliases, "")
        row |= {column: cell.strip() for column, cell in zip(header, cells, strict=False) if column}
        row[ROW] = number_
        rows.append(row)
    table = pd.DataFrame(rows, columns=[*aliases, ROW])
    table.attrs[DROPPED] = [
        shown(cell) for cell, column in zip(filled[0][1], header, strict=True) if cell.strip() and not column
    ]
    return table


def _filled_rows(text: str, name: str) -> list[tuple[int, list[str]]]:
    """Read the rows that are not blank, each with its number; stop where there are too many."""
    filled: list[tuple[int, list[str]]] = []
    for at, cells in _rows(text, name):
        if any(cell.strip() for cell in cells):
            filled.append((at, cells))
        if len(filled) > MAX_ROWS + 1:
            raise InputError(Message.of("tables.too_many_rows", file=name, limit=MAX_ROWS))
    return filled


def _rows(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    at = 0
    try:
        for at, cells in enumerate(reader, start=1):
            yield at, cells
    except csv.Error as error:
        raise InputError(Message.of("tables.broken_row", file=name, row=str(at + 1))) from error


def _header(
    cells: Sequence[str], name: str, aliases: Mapping[str, Sequence[str]], required: Sequence[str]
) -> list[str]:
    known = {_heading(alias): column for column, names in aliases.items() for alias in (column, *names)}
    header = [known.get(_heading(cell), "") for cell in cells]
    for column in filter(None, dict.fromkeys(header)):
        twice = [shown(cell) for cell, meant in zip(cells, header, strict=True) if meant == column]
        if len(twice) > 1:
            raise InputError(Message.of("tables.column_twice", file=name, column=column, headers=", ".join(twice)))
    missing = [column for column in required if column not in header]
    if missing:
        raise InputError(
            Message.of("tables.columns_missing", file=name, missing=", ".join(missing), known=", ".join(aliases))
        )
    return header


def _heading(text: str) -> str:
    return " ".join(text.casefold().replace("_", " ").split())


def _content(source: Path | bytes, name: str) -> bytes:
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
    if raw.startswith(b"PK\x03\x04") or b"\0" in raw:
        raise InputError(Message.of("tables.not_text", file=name))
    return raw


def _delimiter(text: str) -> str:
    head = next((line for line in io.StringIO(text) if line.strip()), "")
    return max(",;\t", key=head.count)


def number(text: str) -> float | None:
    """Read a number with decimal point or comma; None where the cell is not one.

    Examples
    --------
    >>> number("-3,95"), number("122.5"), number("1.234,5"), number("banyak")
    (-3.95, 122.5, None, None)
    """
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None
