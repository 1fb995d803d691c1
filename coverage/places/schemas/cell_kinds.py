"""The kinds of columns: how their cells are read, kept and offered, one record a kind."""

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from coverage.places.schemas.column import Column, KindName
from coverage.places.tables.sheets import EMPTY, Cell

if TYPE_CHECKING:
    from coverage.places.tables.column_cells import Ways
    from coverage.places.tables.faults import Faults
    from coverage.places.tables.headers import Table

__all__ = ["KINDS", "CellKind", "cell_of", "is_blank", "text_of"]

Stored = Literal["TEXT", "INTEGER", "REAL", "DATE"]
FieldKind = Literal["text", "code", "number", "date", "words", "contact", "weekdays", "hours"]
"""What a template says of a column; each has a text ``imports.guide_of_KIND``."""


@dataclass(frozen=True)
class CellKind:
    """What is the same for all columns of a kind.

    Attributes
    ----------
    reader
        Function of :mod:`coverage.places.schemas.cell_readers` that reads the column of a file. It is loaded when a
        file is read: who only holds tables needs nothing of how offices write.
    blank
        What stands where nothing is known: never a number.
    stored
        Kind of the column in a workspace.
    dtype
        Of the column of a table.
    field
        How a template treats it.
    """

    reader: str = "cell_readers.texts"
    blank: object = ""
    stored: Stored = "TEXT"
    dtype: str = "str"
    field: FieldKind = "text"

    def read(self, column: Column, table: "Table", faults: "Faults", ways: "Ways") -> Mapping[int, object]:
        """Read the column of a file: value per row number; blank cells are left out, wrong ones told."""
        from coverage.places.schemas import cell_readers  # noqa: PLC0415 - see `reader`

        read = getattr(cell_readers, self.reader.removeprefix("cell_readers."))
        found: Mapping[int, object] = read(column, table, faults, ways)
        return found

    def of_text(self, text: str) -> object:
        """Read a cell as :func:`text_of` writes it."""
        if isinstance(self.blank, tuple):
            return tuple(part for part in map(str.strip, text.split(";")) if part)
        if text == "" or isinstance(self.blank, str):
            return text or self.blank
        return pd.Timestamp(text) if self.stored == "DATE" else float(text)


_NUMBER = CellKind("cell_readers.numbers", math.nan, "REAL", "float64", "number")
_WHOLE = CellKind("cell_readers.whole_numbers", math.nan, "INTEGER", "float64", "number")
_DATE = CellKind("cell_readers.dates", pd.NaT, "DATE", "datetime64[us]", "date")

KINDS: Mapping[KindName, CellKind] = {
    "text": CellKind(),
    "code": CellKind(field="code"),
    "village": CellKind(field="code"),
    "areas": CellKind("cell_readers.areas", (), dtype="object", field="code"),
    "reported_area": CellKind(field="code"),
    "choice": CellKind("cell_readers.choices"),
    "words": CellKind("cell_readers.words", (), dtype="object", field="words"),
    "contact": CellKind("cell_readers.contacts", field="contact"),
    "number": _NUMBER,
    "whole": _WHOLE,
    "year": _WHOLE,
    "degrees": _NUMBER,
    "date": _DATE,
    "past_date": _DATE,
    "hours": CellKind("cell_readers.hours", field="hours"),
    "weekdays": CellKind("cell_readers.weekdays", field="weekdays"),
    "departures": CellKind(),
    "trip_days": CellKind(),
}


def is_blank(value: Any) -> bool:
    """Tell whether nothing is known: blank of any kind; zero is a value.

    Examples
    --------
    >>> [is_blank(value) for value in ("", (), float("nan"), None, 0)]
    [True, True, True, True, False]
    """
    return len(value) == 0 if isinstance(value, (str, tuple)) else bool(pd.isna(value))


def text_of(value: Any) -> str:
    """Write a value as files and lists hold it, so that it is read back as the same.

    Examples
    --------
    >>> text_of(("74.03", "74.13")), text_of(12.0), text_of(float("nan")), text_of(dt.date(2024, 5, 3))
    ('74.03;74.13', '12', '', '2024-05-03')
    """
    return cell_of(value).text


def cell_of(value: Any) -> Cell:
    """Turn a value into the cell of a file that holds it: numbers stay numbers, days days."""
    if isinstance(value, tuple):
        return Cell(";".join(value))
    if is_blank(value):
        return EMPTY
    if isinstance(value, dt.date):
        return Cell(f"{value:%Y-%m-%d}", "date")
    if isinstance(value, (bool, np.bool_)):
        return Cell(str(value))
    if isinstance(value, (int, float, np.number)):
        whole = float(value).is_integer()
        return Cell(str(int(value)) if whole else np.format_float_positional(float(value)), "number")
    return Cell(str(value).strip())
