"""Faults of one file: row, column, value, what is wrong and how to mend it, all told at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from coverage.ground.errors import InputError
from coverage.ground.free_text import shown
from coverage.ground.texts import Message, listed

UNTOLD = "***"
"""Stands for a value that may tell of a person."""

SWAP, LOOKALIKE, SYNONYM = "swap-latlon", "lookalike", "synonym"
FIXES = (SWAP, LOOKALIKE, SYNONYM)
"""What can be mended at the press of a button, only when it is asked for."""

_MOST_ROWS = 3


class CellAt(NamedTuple):
    """A cell of a file as it is told of: its row's number in the sheet, the header above it, and what is written."""

    row: int
    column: str
    value: object


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell.

    ``row`` is the row's number in the sheet, ``column`` the header as the file has it, ``value`` the cell as it can be
    shown. A fault that ``asks`` is about the whole column: until the question is answered no row can be taken. ``fix``:
    one of :data:`FIXES` that would mend it, "" where none would; ``becomes``: what the cell would then be read as.
    """

    file: str
    row: int
    column: str
    value: str
    problem: Message
    remedy: Message
    asks: bool = False
    fix: str = ""
    becomes: str = ""

    @property
    def message(self) -> Message:
        """The fault as one sentence with its remedy."""
        values = {"file": self.file, "row": str(self.row), "column": self.column, "value": self.value}
        return Message.of("tables.cell", problem=self.problem, remedy=self.remedy, **values)


@dataclass(frozen=True)
class Mended:
    """A cell that was read otherwise than it is written, because that was asked for.

    ``fix``: one of :data:`FIXES`. ``value``: the cell as it can be shown. ``became``: what it was read as.
    """

    fix: str
    row: int
    column: str
    value: str
    became: str


@dataclass(frozen=True)
class Alike:
    """Faults that differ by row and value only, told in one line."""

    faults: tuple[Fault, ...]

    @property
    def rows(self) -> tuple[int, ...]:
        """Numbers of their rows, each once."""
        return tuple(dict.fromkeys(fault.row for fault in self.faults))

    @property
    def first(self) -> Fault:
        """The fault that stands for all."""
        return self.faults[0]

    @property
    def value(self) -> Message:
        """The values of the cells: the first few, and how many more."""
        return some([f'"{value}"' for value in dict.fromkeys(fault.value for fault in self.faults)])

    @property
    def message(self) -> Message:
        """All of them as one sentence with the remedy."""
        if len(self.faults) == 1:
            return self.first.message
        told = {"problem": self.first.problem, "remedy": self.first.remedy, "column": self.first.column}
        rows = some(list(map(str, self.rows)))
        return Message.of("tables.cells", file=self.first.file, rows=rows, values=self.value, **told)


def some(words: Sequence[str]) -> Message:
    """Give the first few of these, and how many more there are; one more is named rather than counted.

    Examples
    --------
    >>> some(["4", "7", "9", "11"]).text("id"), some(["4", "7", "9", "11", "12"]).text("id")
    ('4, 7, 9, 11', '4, 7, 9, dan 2 lagi')
    """
    return listed(words, _MOST_ROWS if len(words) > _MOST_ROWS + 1 else len(words))


def together(faults: Sequence[Fault]) -> tuple[Alike, ...]:
    """Gather faults that differ by row and value only, in the order of their first rows."""
    groups: dict[object, list[Fault]] = {}
    for fault in sorted(faults, key=lambda one: one.row):
        # Values of messages may be lists; what they say is what is compared.
        said = fault.problem.text(), fault.remedy.text()
        groups.setdefault((fault.column, fault.asks, fault.fix, *said), []).append(fault)
    return tuple(Alike(tuple(group)) for group in groups.values())


@dataclass
class Faults:
    """Faults of one file, gathered so that all are told at once.

    Parameters
    ----------
    secret
        Whether cells may tell of persons: then no value is kept.
    mending
        Those of :data:`FIXES` that were asked for.
    """

    file: str
    secret: bool = False
    mending: frozenset[str] = frozenset()
    mended: list[Mended] = field(default_factory=list)
    found: list[Fault] = field(default_factory=list)
    settled: set[tuple[int, str]] = field(default_factory=set)

    def add(
        self,
        row: int,
        column: str,
        value: object,
        problem: Message,
        remedy: Message,
        *,
        asks: bool = False,
    ) -> None:
        """Note what is wrong in one cell and how to mend it, unless the cell is settled."""
        if (row, shown(column)) not in self.settled:
            self.found.append(Fault(self.file, row, shown(column), self._told(value), problem, remedy, asks))

    def mended_by(self, fix: str, cell: CellAt, *, becomes: str, problem: Message, remedy: Message) -> bool:
        """Mend what is wrong in one cell if that was asked for, else note it as a fault that can be mended.

        Parameters
        ----------
        fix
            One of :data:`FIXES`.
        becomes
            What the cell is then read as.

        Returns
        -------
        Whether the cell is to be read so.
        """
        row, column, value = cell.row, shown(cell.column), self._told(cell.value)
        if fix in self.mending:
            self.mended.append(Mended(fix, row, column, value, self._told(becomes)))
            return True
        if (row, column) not in self.settled:
            told = problem, remedy, False, fix, self._told(becomes)
            self.found.append(Fault(self.file, row, column, value, *told))
        return False

    def _told(self, value: object) -> str:
        return UNTOLD if self.secret else shown(value)

    def settle(self, row: int, column: str) -> None:
        """Let nothing more be said of a cell: what reads it after this would only repeat that it holds no value."""
        self.settled.add((row, shown(column)))

    @property
    def rows(self) -> frozenset[int]:
        """Numbers of the rows that have a fault."""
        return frozenset(fault.row for fault in self.found)

    def stop_if_any(self) -> None:
        """Raise all faults as one error.

        Raises
        ------
        InputError
            If there is at least one fault.
        """
        if self.found:
            raise InputError(*(one.message for one in together(self.found)))
