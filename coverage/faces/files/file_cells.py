"""Cells as the formats need them: plain Python values, states, and text that cannot run as a formula."""

import datetime as dt
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from coverage.faces.words.columns import Column
from coverage.ground.texts import Language, say

__all__ = ["Cell", "Filled", "fill", "guard", "is_formula_like", "machine_decimals", "with_states"]

Cell = str | int | float | dt.date | None

_HAZARDS = ("=", "+", "-", "@", "\t", "\r", "|")
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?", re.ASCII)
_UNCONNECTED_KINDS = frozenset({"minutes", "km"})
_MACHINE_DECIMALS = {"minutes": 3, "km": 3}


@dataclass(frozen=True)
class Filled:
    """A column and its cells from the first row to the last."""

    column: Column
    cells: Sequence[Cell]


def fill(columns: Iterable[Column], frame: pd.DataFrame) -> list[Filled]:
    """Read the cells of each column as plain Python values; nothing known is None, "not connected" is infinity.

    Raises
    ------
    ValueError
        If a code is not text, a date not a date, or a number infinite that has no state to say so.
    """
    return [Filled(column, _read_column(column, frame)) for column in columns]


def with_states(filled: Sequence[Filled], lang: Language) -> list[Filled]:
    """Add, beside each time or distance, the column that tells its state, where the report has none.

    The state is ``connected``, ``not_connected`` or ``unknown``. The header never depends on the data: the
    column is added even when every place is connected.
    """
    keys = {entry.column.key for entry in filled}
    result: list[Filled] = []
    for entry in filled:
        result.append(entry)
        column = entry.column
        if column.kind in _UNCONNECTED_KINDS and column.state_key not in keys:
            keys.add(column.state_key)
            words = {
                "connected": say("reports.connected", lang),
                "not_connected": say("general.not_connected", lang),
                "unknown": say("general.unknown", lang),
            }
            label = say("reports.state_of", lang, label=column.label)
            state = Column(column.state_key, label, "text", words=words)
            result.append(Filled(state, [_state(cell) for cell in entry.cells]))
    return result


def is_formula_like(text: str) -> bool:
    """Tell whether a spreadsheet could run `text` as a formula; a plain number cannot do harm.

    Examples
    --------
    >>> is_formula_like("=HYPERLINK(1)"), is_formula_like("-3,99"), is_formula_like("Wua-Wua")
    (True, False, False)
    """
    return text.startswith(_HAZARDS) and _NUMBER.fullmatch(text) is None


def guard(text: str) -> str:
    """Put an apostrophe before text a spreadsheet could run as a formula.

    Examples
    --------
    >>> guard("@SUM(A1)")
    "'@SUM(A1)"
    """
    return f"'{text}" if is_formula_like(text) else text


def machine_decimals(column: Column) -> int:
    """Tell how many decimals a machine gets: metres and a fraction of a second are finer than any travel time."""
    return _MACHINE_DECIMALS.get(column.kind, 6)


def _state(cell: Cell) -> str:
    if cell is None:
        return "unknown"
    return "not_connected" if cell == math.inf else "connected"


def _read_column(column: Column, frame: pd.DataFrame) -> list[Cell]:
    if column.kind == "box":
        return [None] * len(frame)
    series = frame[column.key]
    pairs = zip(series.tolist(), series.isna().tolist(), strict=True)
    return [None if missing else _read(column, raw) for raw, missing in pairs]


def _read(column: Column, raw: object) -> Cell:
    if column.kind == "text":
        return str(raw)
    if column.kind == "code":
        if not isinstance(raw, str):
            raise ValueError(f"column {column.key!r} holds the code {raw!r}, which is not text")
        return raw
    if column.kind == "date":
        return _read_date(column, raw)
    return _read_number(column, raw)


def _read_date(column: Column, raw: object) -> dt.date:
    if isinstance(raw, dt.datetime):
        return raw.date()
    if isinstance(raw, dt.date):
        return raw
    raise ValueError(f"column {column.key!r} holds {raw!r}, which is not a date")


def _read_number(column: Column, raw: object) -> Cell:
    number = float(raw)  # type: ignore[arg-type]
    if not math.isfinite(number):
        if number == math.inf and column.kind in _UNCONNECTED_KINDS:
            return number
        raise ValueError(f"column {column.key!r} holds {raw!r}; only times and distances may be infinite")
    if column.kind == "integer":
        return raw if isinstance(raw, int) and not isinstance(raw, bool) else round(number)
    return number
