"""What a report is made of: columns with a kind, the table, and the words around it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from coverage.ground.texts import Language, say

__all__ = ["Column", "Kind", "Listing", "boxes"]

Kind = Literal["text", "code", "integer", "decimal", "minutes", "km", "date", "percent", "box"]


@dataclass(frozen=True)
class Column:
    """One column of a report.

    Parameters
    ----------
    key
        Column of the table; the header where machines read.
    label
        The header where people read, already in their language.
    kind
        ``minutes`` and ``km`` may be infinite ("not connected"); ``percent`` is a share from 0 to 1;
        ``code`` is text that looks like a number; ``box`` is empty, to be filled in by hand, and needs no
        column in the table. Only sheets made for printing show boxes.
    state
        For ``minutes`` and ``km``: key of the column that tells "not connected" where machines read, because
        the number itself is empty there; by default ``KEY_state``. It is added where the report has none.
    words
        What people read instead of a raw value, such as ``{"beyond_cutoff": "di luar ambang"}``.
    decimals
        For ``decimal``: decimals shown to people.
    """

    key: str
    label: str
    kind: Kind = "text"
    state: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    decimals: int = 2

    @property
    def state_key(self) -> str:
        """Key of the column that tells whether the place is connected."""
        return self.state or f"{self.key}_state"


@dataclass(frozen=True)
class Listing:
    """A table and the words that must travel with it.

    Parameters
    ----------
    columns
        The columns in the order shown.
    frame
        The table in the order shown; its index is not written, so the kode is a column.
    title
        What was found, in one line.
    subtitle
        Lines under the title: what, where, when, tiers of the data, source.
    footnotes
        Lines under the table.
    minute_numbers
        Whether a printed sheet adds the minutes as a number beside their words.
    signatures
        Who signs a printed sheet, side by side under the table.

    Raises
    ------
    ValueError
        If two columns share a key or the table lacks one: a fault of the program, not of its user.
    """

    columns: Sequence[Column]
    frame: pd.DataFrame
    title: str = ""
    subtitle: Sequence[str] = ()
    footnotes: Sequence[str] = ()
    minute_numbers: bool = False
    signatures: Sequence[str] = ()

    def __post_init__(self) -> None:
        check_columns(self.columns, self.frame)


def check_columns(columns: Sequence[Column], frame: pd.DataFrame) -> None:
    """Check that every column that is not a box stands once in the table.

    Raises
    ------
    ValueError
        With the keys that are doubled or missing.
    """
    keys = [column.key for column in columns]
    if doubled := sorted({key for key in keys if keys.count(key) > 1}):
        raise ValueError(f"columns share a key: {doubled}")
    if missing := [c.key for c in columns if c.kind != "box" and list(frame.columns).count(c.key) != 1]:
        raise ValueError(f"the table does not hold exactly one column for each of: {missing}")


def boxes(lang: Language = "id") -> tuple[Column, Column]:
    """Give the two boxes outreach teams fill in by hand: done, and notes.

    Examples
    --------
    >>> [box.label for box in boxes("id")]
    ['Selesai', 'Catatan']
    """
    return (
        Column("done", say("reports.done", lang), "box"),
        Column("notes", say("reports.notes", lang), "box"),
    )
