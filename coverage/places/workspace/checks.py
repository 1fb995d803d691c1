"""Rows that were edited by hand, in QGIS for example, are checked like those of a table that is imported."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coverage.ground.texts import Message
from coverage.places.ferry_changes import MAX_SAILING_MIN, MAX_TRIPS
from coverage.places.tables import Cell, Fault, Faults, Row, Table, shown
from coverage.places.targets import is_reported
from coverage.places.units import COLUMNS, Siting, check_units
from coverage.places.villages import load_villages
from coverage.places.workspace.rows import cell_message
from coverage.places.workspace.schema import place_of

_DIGITS = 6


@dataclass(frozen=True)
class _LayerFault(Fault):
    """A fault told by layer and number of the row there."""

    layer: str = ""

    @property
    def message(self) -> Message:
        return cell_message(self.file, self.layer, self.row, self.column, self.value, self.problem)


class _LayerFaults(Faults):
    """Faults of one layer."""

    def __init__(self, place: str, layer: str) -> None:
        super().__init__(place)
        self.layer = layer

    def add(
        self,
        row: int,
        column: str,
        value: object,
        problem: Message,
        remedy: Message | None = None,
        *,
        asks: bool = False,
    ) -> None:
        whole = problem if remedy is None else Message.of("tables.with_remedy", problem=problem, remedy=remedy)
        self.found.append(_LayerFault(self.file, row, column, shown(value), whole, remedy or problem, asks, self.layer))


def checked_units(held: pd.DataFrame, place: str) -> pd.DataFrame:
    """Check the rows of layer ``units`` that are in force.

    Parameters
    ----------
    held
        Rows as stored, index the row's number; the point decides where a unit stands.

    Returns
    -------
    DataFrame
        As :func:`coverage.places.units.read_units`.

    Raises
    ------
    InputError
        With every fault: layer, row, column, value, remedy.
    """
    lat, lon = place_of(held)
    texts = {name: _texts(held[name]) for name in ("id", *COLUMNS) if name not in {"lat", "lon"}}
    texts |= {"lat": pd.Series(_degrees(lat), held.index), "lon": pd.Series(_degrees(lon), held.index)}
    rows = tuple(Row(int(fid), {name: Cell(str(column[fid])) for name, column in texts.items()}) for fid in held.index)
    faults = _LayerFaults(place, "units")
    units, _ = check_units(Table(place, rows, {}), faults, Siting())
    faults.stop_if_any()
    return units


def check_visits(held: pd.DataFrame, place: str) -> None:
    """Check the rows of layer ``visits``.

    Raises
    ------
    InputError
        With every fault: layer, row, column, value, remedy.
    """
    faults = _LayerFaults(place, "visits")
    days = pd.to_datetime(held["date"].astype("str").str[:10], format="%Y-%m-%d", errors="coerce")
    for fid in held.index[days.isna()]:
        faults.add(int(fid), "date", held.at[fid, "date"], Message.of("workspace.not_date"))
    _check_codes(held, "kode", faults)
    faults.stop_if_any()


def check_ferries(held: pd.DataFrame, place: str) -> None:
    """Check the rows of layer ``ferries``.

    Raises
    ------
    InputError
        With every fault: layer, row, column, value, remedy.
    """
    faults = _LayerFaults(place, "ferries")
    for column in ("from_kode", "to_kode"):
        _check_codes(held, column, faults)
    for column, most in (("sailing_min", MAX_SAILING_MIN), ("trips_per_day", MAX_TRIPS)):
        for fid, text in _texts(held[column]).items():
            value = _number(text)
            if text and (value is None or not 0 < value <= most):
                faults.add(int(str(fid)), column, text, Message.of("workspace.out_of_range", most=most))
    faults.stop_if_any()


def check_targets(held: pd.DataFrame, place: str) -> None:
    """Check the rows of layer ``targets``.

    Raises
    ------
    InputError
        With every fault: layer, row, column, value, remedy.
    """
    faults = _LayerFaults(place, "targets")
    for fid, kode in _texts(held["area_kode"]).items():
        if not is_reported(kode):
            faults.add(int(str(fid)), "area_kode", kode, Message.of("workspace.not_area"))
    for column in ("achieved", "target"):
        numbers = pd.to_numeric(held[column], errors="coerce")
        for fid in held.index[(held[column].notna() & numbers.isna()) | (numbers < 0) | np.isinf(numbers)]:
            faults.add(int(fid), column, held.at[fid, column], Message.of("workspace.not_amount"))
    faults.stop_if_any()


def _check_codes(held: pd.DataFrame, column: str, faults: _LayerFaults) -> None:
    texts = _texts(held[column])
    for fid, text in texts[load_villages().index.get_indexer(pd.Index(texts)) < 0].items():
        faults.add(int(str(fid)), column, text, Message.of("workspace.not_village"))


def _texts(values: pd.Series) -> pd.Series:
    return values.astype("object").where(values.notna(), "").map(str).str.strip()


def _degrees(values: pd.Series) -> list[str]:
    """Write degrees so that they are read back as exactly the same, and no point is taken for one of thousands."""
    return ["" if pd.isna(value) else np.format_float_positional(float(value), min_digits=_DIGITS) for value in values]


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return None
