"""Read small tables of offices as text, and tell every fault with file, row, column, value and remedy."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from coverage.ground.errors import InputError
from coverage.ground.texts import Message

MAX_ROWS = 50_000
MAX_BYTES = 20 * 1024 * 1024
_SNIFFED = 20
ROW = "_row"
DROPPED = "dropped"
"""Key of the table's attributes: the header cells that no column was made of."""


@dataclass
class Faults:
    """Faults of one file, gathered so that all are told at once."""

    file: str
    messages: list[Message] = field(default_factory=list)

    def add(self, row: int, column: str, value: object, problem: Message) -> None:
        """Note what is wrong in one cell; `problem` says what and how to mend it."""
        self.messages.append(
            Message.of("tables.cell", file=self.file, row=str(row), column=column, value=str(value), problem=problem)
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
        Accepted header names per column, compared without case; the column's own name always counts.
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
        If the file cannot be read, is empty, too large, or lacks a required column.
    """
    raw = _content(source, name)
    text = decode(raw)
    lines = list(csv.reader(io.StringIO(text), delimiter=_delimiter(text)))
    filled = [(number, cells) for number, cells in enumerate(lines, start=1) if any(cell.strip() for cell in cells)]
    if not filled:
        raise InputError(Message.of("tables.empty", file=name))
    if len(filled) > MAX_ROWS:
        raise InputError(Message.of("tables.too_many_rows", file=name, rows=len(filled), limit=MAX_ROWS))
    known = {alias.casefold(): column for column, names in aliases.items() for alias in (column, *names)}
    header = [known.get(cell.strip().casefold(), "") for cell in filled[0][1]]
    missing = [column for column in required if column not in header]
    if missing:
        raise InputError(
            Message.of("tables.columns_missing", file=name, missing=", ".join(missing), known=", ".join(aliases))
        )
    rows = []
    for number, cells in filled[1:]:
        row: dict[str, object] = dict.fromkeys(aliases, "")
        row |= {column: cell.strip() for column, cell in zip(header, cells, strict=False) if column}
        row[ROW] = number
        rows.append(row)
    table = pd.DataFrame(rows, columns=[*aliases, ROW])
    table.attrs[DROPPED] = [
        cell.strip() for cell, column in zip(filled[0][1], header, strict=True) if cell.strip() and not column
    ]
    return table


def _content(source: Path | bytes, name: str) -> bytes:
    if isinstance(source, bytes):
        raw = source
    else:
        try:
            size = source.stat().st_size
            raw = source.read_bytes() if size <= MAX_BYTES else b""
        except OSError as error:
            raise InputError(Message.of("tables.unreadable", file=name)) from error
        if size > MAX_BYTES:
            raise InputError(Message.of("tables.too_large", file=name, limit=MAX_BYTES // 1024 // 1024))
    if raw[:2] == b"PK" or b"\0" in raw[:4096]:
        raise InputError(Message.of("tables.not_text", file=name))
    return raw


def _delimiter(text: str) -> str:
    head = text.splitlines()[:1]
    counts = {mark: head[0].count(mark) if head else 0 for mark in (",", ";", "\t")}
    return max(counts, key=lambda mark: counts[mark])


def number(text: str) -> float | None:
    """Read a number with decimal point or comma; None where the cell is not one.

    Examples
    --------
    >>> number("-3,95"), number("122.5"), number("banyak")
    (-3.95, 122.5, None)
    """
    try:
        value = float(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)
    except ValueError:
        return None
    return value if abs(value) < float("inf") else None


def each(table: pd.DataFrame, column: str, check: Callable[[int, str], None]) -> None:
    """Call `check` with row number and text of every filled cell of a column."""
    for row, text in zip(table[ROW], table[column], strict=True):
        if text:
            check(int(row), str(text))
