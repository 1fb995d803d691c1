"""What a file holds as read: sheets, rows with their numbers, cells."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from coverage.ground.texts import Message

CellKind = Literal["text", "number", "date", "broken"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as text, and what the file says it is: a number of a workbook is no text that looks like one.

    A ``broken`` cell has no value: an error such as ``#N/A``, or a formula whose result the file does not hold.
    """

    text: str
    kind: CellKind = "text"


@dataclass(frozen=True)
class SheetRow:
    """One filled row and its number in the sheet, from 1."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Sheet:
    """One sheet's filled rows. ``merges``: first row, first column, last row, last column, from 1."""

    name: str
    rows: tuple[SheetRow, ...]
    visible: bool = True
    merges: tuple[tuple[int, int, int, int], ...] = ()


@dataclass(frozen=True)
class Content:
    """A file as read: its sheets, and what was found out about its format."""

    sheets: tuple[Sheet, ...]
    detected: tuple[Message, ...]


EMPTY = Cell("")


class Row(NamedTuple):
    """One row of data: its number in the sheet and its cells by column."""

    number: int
    cells: Mapping[str, Cell]

    def cell(self, column: str) -> Cell:
        """Give a cell; an empty one where the file has no such column."""
        return self.cells.get(column, EMPTY)

    def text(self, column: str) -> str:
        """Give a cell's text, "" where there is none."""
        held = self.cells.get(column)
        return "" if held is None else held.text


def column_letter(at: int) -> str:
    """Name a column as a spreadsheet does, from 0.

    Examples
    --------
    >>> column_letter(0), column_letter(26)
    ('A', 'AA')
    """
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
