"""One column of a table: what it holds, how offices head it, and where it is shown."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

__all__ = ["CARRIED", "LISTED", "TOLD", "Column", "KindName", "Place", "UnknownColumnError"]

KindName = Literal[
    "text", "code", "village", "areas", "reported_area", "choice", "words", "contact", "number", "whole", "year",
    "degrees", "date", "past_date", "hours", "weekdays", "departures", "trip_days",
]  # fmt: skip
"""What the cells of a column hold; see :data:`coverage.places.schemas.cell_kinds.KINDS`."""
Place = Literal["listing", "facts", "route"]
"""Where a value is shown: lists and their files; the facts of one row, on a map too; what a team takes along."""
LISTED: frozenset[Place] = frozenset({"listing"})
TOLD: frozenset[Place] = frozenset({"listing", "facts"})
CARRIED: frozenset[Place] = frozenset({"listing", "facts", "route"})


class UnknownColumnError(KeyError):
    """A column that no schema names: a fault of the program, told instead of taken for text."""

    def __init__(self, table: str, name: str) -> None:
        super().__init__(name)
        self.table, self.name = table, name

    def __str__(self) -> str:
        return f"no column {self.name!r} in {self.table}"


@dataclass(frozen=True, eq=False)
class Column:
    """One column of a table.

    Attributes
    ----------
    name
        In tables, in the workspace and in files for machines; people read the text ``columns.NAME``.
    kind
        What its cells hold.
    aliases
        How offices head it; its name always counts.
    heading, example
        Of the template; a column without a heading is not in it.
    choices, words, meant
        Of kind ``choice``: the labels; words that may be meant for them, offered as a mending; what finds the label
        that a word means, by default the label itself in any case.
    default
        What a blank cell stands for, by default the blank of its kind.
    low, most, above
        Of numbers: from `low` (`above`: more than it) to `most`.
    measure
        Unit of measure, as the documents name it; people read it in the label.
    filled
        Whether a row must fill it.
    measured
        Whether its figures depend on every word of their header; an uncertain header is asked about.
    held
        Whether the table has it; others only help to read a file.
    read
        Whether it is read from files of offices.
    later
        Whether it came after the first form of the workspace: a layer that lacks it holds blanks, and gets it at the
        next write. One that is not later must be there.
    shown
        Where it is shown.
    """

    name: str
    kind: KindName = "text"
    aliases: Sequence[str] = ()
    heading: str = ""
    example: str = ""
    choices: Sequence[str] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    meant: Callable[[str], str] | None = None
    default: object = None
    low: float | None = None
    most: float | None = None
    above: bool = False
    measure: str = ""
    filled: bool = False
    measured: bool = False
    held: bool = True
    read: bool = True
    later: bool = False
    shown: frozenset[Place] = frozenset()
