"""Rows that were edited by hand, in QGIS for example, are checked like those of a table that is imported."""

import functools
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coverage.ground import codes
from coverage.ground.errors import InputError
from coverage.ground.free_text import shown
from coverage.ground.texts import Message
from coverage.places import disclosure
from coverage.places.periods import span_of
from coverage.places.schemas.cell_kinds import cell_of
from coverage.places.schemas.population_columns import MOST_PERSONS
from coverage.places.schemas.unit_columns import UNITS
from coverage.places.tables.faults import UNTOLD, Fault, Faults
from coverage.places.tables.headers import Table
from coverage.places.tables.sheets import Cell, Row
from coverage.places.unit_checks import Siting, check_units
from coverage.places.villages import load_villages
from coverage.places.workspace.layer_rules import LayerRules, doubled, rules_of, texts_of
from coverage.places.workspace.rows import cell_message
from coverage.places.workspace.schema import place_of

_DIGITS = 6
NOTHING = "none"
"""Level of the one row of a safe table that releases no area."""


@dataclass(frozen=True)
class _LayerFault(Fault):
    """A fault told by layer and number of the row there."""

    layer: str = ""

    @property
    def message(self) -> Message:
        return cell_message(self.file, self.layer, self.row, self.column, self.value, self.problem)


class _LayerFaults(Faults):
    """Faults of one layer."""

    def __init__(self, place: str, layer: str, *, secret: bool = False) -> None:
        super().__init__(place, secret=secret)
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
        told = UNTOLD if self.secret else shown(value)
        self.found.append(_LayerFault(self.file, row, column, told, whole, remedy or problem, asks, layer=self.layer))

    def stop_if_any(self) -> None:
        """Raise all faults as one error, each by itself: rows of a layer are looked for by their number."""
        if self.found:
            raise InputError(*(fault.message for fault in self.found))


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
    degrees = dict(zip(("lat", "lon"), map(_degrees, place_of(held)), strict=True))
    # A column that came later than the layer is blank, as in a file that lacks it.
    cells = {name: [cell_of(value) for value in held[name]] for name in UNITS.held if name in held.columns}
    cells |= {name: [Cell(text) for text in texts] for name, texts in degrees.items()}
    rows = tuple(
        Row(int(fid), {name: column[at] for name, column in cells.items()}) for at, fid in enumerate(held.index)
    )
    faults = _LayerFaults(place, "units")
    units, _ = check_units(Table(place, rows, {}), faults, Siting())
    faults.stop_if_any()
    return units


def check_rows(layer: str, held: pd.DataFrame, place: str, rules: LayerRules | None = None) -> None:
    """Check the rows of a layer by the rules of :mod:`coverage.places.workspace.layer_rules`, or by `rules`.

    Parameters
    ----------
    layer
        One without rules is taken as it is.
    held
        Rows as stored, index the row's number.
    place
        Name of the workspace.

    Raises
    ------
    InputError
        With every fault: layer, row, column, value, remedy.
    """
    rules = rules or rules_of(layer)
    if rules is None:
        return
    faults = _LayerFaults(place, layer)
    for rule in rules.rules:
        if rule.column not in held:
            continue
        texts = texts_of(held[rule.column])
        # Readers take the cell as it stands: what is sound but for a blank would be found nowhere.
        padded = [isinstance(cell, str) and cell != text for cell, text in zip(held[rule.column], texts, strict=True)]
        for fid in held.index[padded]:
            faults.add(int(fid), rule.column, held.at[fid, rule.column], Message.of("workspace.blanks_around"))
        for fid in held.index[~rule.sound(texts).astype("bool").to_numpy()]:
            faults.add(int(fid), rule.column, held.at[fid, rule.column], rule.problem)
    for fid in held.index[doubled(held, rules.key).to_numpy()]:
        faults.add(int(fid), rules.key[0], held.at[fid, rules.key[0]], Message.of("workspace.twice"))
    faults.stop_if_any()


def check_client_areas(held: pd.DataFrame, place: str) -> None:
    """Check the rows of layer ``client_areas``: nothing that is not a safe table may be computed from.

    No cell is told: what was written there by hand may be a raw count.

    Raises
    ------
    InputError
        With every fault: layer, row, column, remedy.
    """
    faults = _LayerFaults(place, "client_areas", secret=True)
    whole = {name: pd.to_numeric(held[name], errors="coerce") for name in ("version", "clients", "k")}
    levels, areas = (held[name].astype("object").where(held[name].notna(), "") for name in ("level", "area"))
    alone = whole["version"].map(whole["version"].value_counts()) == 1
    nothing = (levels == NOTHING) & (areas == "") & (whole["clients"] == 0) & alone
    least = disclosure.ROUND_TO * ((whole["k"] + disclosure.ROUND_TO // 2) // disclosure.ROUND_TO)
    checks = (
        ("version", (whole["version"] >= 1) & (whole["version"] % 1 == 0), "not_version"),
        (
            "period",
            held["period"].map(lambda text: isinstance(text, str) and span_of(text) is not None),
            "not_period",
        ),
        ("k", (whole["k"] >= disclosure.LEAST_K) & (whole["k"] % 1 == 0), "not_k"),
        ("period", _is_one(held["period"], whole["version"]), "several_in_version"),
        ("k", _is_one(whole["k"], whole["version"]), "several_in_version"),
        ("area", nothing | _is_area(areas, levels), "not_released_area"),
        (
            "clients",
            nothing
            | (
                (whole["clients"] % disclosure.ROUND_TO == 0)
                & (whole["clients"] >= least)
                & (whole["clients"] <= MOST_PERSONS)
            ),
            "not_released_count",
        ),
        ("area", ~pd.DataFrame({"version": whole["version"], "area": areas}).duplicated(), "area_twice"),
        ("period", _is_alone(held, whole["version"]), "periods_overlap"),
    )
    for column, sound, key in checks:
        for row, good in zip(held.index, sound, strict=True):
            if not good:
                problem, remedy = Message.of(f"workspace.{key}"), Message.of("workspace.fix_safe_table")
                faults.add(int(row), column, held.at[row, column], problem, remedy)
    faults.stop_if_any()


def _is_area(areas: pd.Series, levels: pd.Series) -> pd.Series:
    """Tell which codes are areas of their level; tables of earlier versions have one for the country."""
    known = _areas_of_levels()
    return pd.Series(
        [area in known.get(level, ()) for area, level in zip(areas, levels, strict=True)], index=areas.index, dtype=bool
    )


@functools.cache
def _areas_of_levels() -> dict[str, frozenset[str]]:
    kode = load_villages().index.to_numpy(dtype=object).tolist()
    known = {str(level): frozenset(one[: codes.LENGTH_OF[level]] for one in kode) for level in disclosure.LEVELS}
    return known | {"country": frozenset({codes.COUNTRY})}


def _is_one(values: pd.Series, versions: pd.Series) -> pd.Series:
    """Tell which rows lie in a version that has one value only."""
    return values.astype("object").groupby(versions.fillna(0)).transform("nunique") <= 1


def _is_alone(held: pd.DataFrame, versions: pd.Series) -> pd.Series:
    """Tell whose time meets that of no other version."""
    keys = list(zip(versions.fillna(0), texts_of(held["period"]), strict=True))
    spans = {key: span_of(key[1]) for key in keys}

    def alone(key: tuple[float, str]) -> bool:
        span = spans[key]
        return span is None or not any(
            other is not None and other.meets(span) for one, other in spans.items() if one != key
        )

    return pd.Series([alone(key) for key in keys], index=held.index)


def _degrees(values: pd.Series) -> list[str]:
    """Write degrees so that they are read back as exactly the same, and no point is taken for one of thousands."""
    return ["" if pd.isna(value) else np.format_float_positional(float(value), min_digits=_DIGITS) for value in values]
