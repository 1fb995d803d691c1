"""Faults of one file: row, column, value, what is wrong and how to mend it, all told at once."""

from dataclasses import dataclass, field

from coverage.ground.errors import InputError
from coverage.ground.texts import Message

UNTOLD = "***"
"""Stands for a value that may tell of a person."""

_LONGEST_SHOWN = 60


def shown(value: object) -> str:
    r"""Shorten a cell for a sentence; line breaks and what could steer a terminal become blanks.

    Examples
    --------
    >>> shown("Klinik\n\x1b[2JMuna")
    'Klinik [2JMuna'
    """
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in str(value)).split())
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"


@dataclass(frozen=True)
class Fault:
    """What is wrong in one cell.

    ``row`` is the row's number in the sheet, ``column`` the header as the file has it, ``value`` the cell as it can be
    shown. A fault that ``asks`` is about the whole column: until the question is answered no row can be taken.
    """

    file: str
    row: int
    column: str
    value: str
    problem: Message
    remedy: Message
    asks: bool = False

    @property
    def message(self) -> Message:
        """The fault as one sentence with its remedy."""
        values = {"file": self.file, "row": str(self.row), "column": self.column, "value": self.value}
        return Message.of("tables.cell", problem=self.problem, remedy=self.remedy, **values)


@dataclass
class Faults:
    """Faults of one file, gathered so that all are told at once.

    Parameters
    ----------
    secret
        Whether cells may tell of persons: then no value is kept.
    """

    file: str
    secret: bool = False
    found: list[Fault] = field(default_factory=list)
    settled: set[tuple[int, str]] = field(default_factory=set)

    def add(
        self, row: int, column: str, value: object, problem: Message, remedy: Message, *, asks: bool = False
    ) -> None:
        """Note what is wrong in one cell and how to mend it, unless the cell is settled."""
        if (row, shown(column)) in self.settled:
            return
        told = UNTOLD if self.secret else shown(value)
        self.found.append(Fault(self.file, row, shown(column), told, problem, remedy, asks))

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
            raise InputError(*(fault.message for fault in sorted(self.found, key=lambda fault: fault.row)))
