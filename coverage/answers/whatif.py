"""What changes when IBM units are added, units closed or moved: before, after, and who gains or loses."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from coverage.answers.gaps import GapReport, gaps
from coverage.answers.study import Study
from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.schemas.unit_columns import UNITS
from coverage.places.units import find_unit
from coverage.places.villages import find_village
from coverage.travel.od import od_matrix
from coverage.travel.reach import DEFAULT_CUTOFF_MIN, STATES


@dataclass(frozen=True)
class WhatIf:
    """The answer of :func:`whatif`.

    ``changes``: one row per village whose state or minutes changed: ``name``, ``district``, ``regency``,
    ``before_min``, ``after_min``, ``before_state``, ``after_state``, ``population``.
    """

    before: GapReport
    after: GapReport
    changes: pd.DataFrame

    @property
    def newly_covered(self) -> pd.DataFrame:
        """Villages that come within the cutoff."""
        now, then = self.changes["after_state"] == STATES[0], self.changes["before_state"] == STATES[0]
        return self.changes[now & ~then]

    @property
    def no_longer_covered(self) -> pd.DataFrame:
        """Villages that drop out of the cutoff."""
        now, then = self.changes["after_state"] == STATES[0], self.changes["before_state"] == STATES[0]
        return self.changes[~now & then]

    def by_regency(self, *, lost: bool = False) -> pd.DataFrame:
        """Sum newly covered (or lost) villages and persons: ``kode``, ``name``, ``villages``, ``population``."""
        rows = self.no_longer_covered if lost else self.newly_covered
        regency = np.asarray(rows.index.str[:5])
        grouped = rows.groupby(regency)
        table = pd.DataFrame(
            {
                "name": grouped["regency"].first(),
                "villages": grouped.size(),
                "population": grouped["population"].sum(min_count=1),
            }
        )
        return table.rename_axis("kode").reset_index()


@dataclass(frozen=True)
class UnitChanges:
    """Units added, closed and moved.

    ``add``: villages (kode or name) that get a new IBM unit, on the village's point. ``close``: units (id or name) that
    close. ``move``: the village to move to, per unit.
    """

    add: Sequence[str] = ()
    close: Sequence[str] = ()
    move: Mapping[str, str] = field(default_factory=dict)

    @property
    def any(self) -> bool:
        """Whether anything changes."""
        return bool(self.add or self.close or self.move)


NO_CHANGES = UnitChanges()


def whatif(
    study: Study,
    *,
    add: Sequence[str] = (),
    close: Sequence[str] = (),
    move: Mapping[str, str] | None = None,
    cutoff_min: float = DEFAULT_CUTOFF_MIN,
) -> WhatIf:
    """Compare a region before and after units are added, closed or moved.

    Parameters
    ----------
    study
        A region made ready.
    add
        Villages (kode or name) that get a new IBM unit, on the village's point.
    close
        Units (id or name) that close.
    move
        Village to move to per unit.
    cutoff_min
        Minutes, inclusive.

    Raises
    ------
    InputError
        If nothing changes, or a village or unit is unknown, or a unit is both closed and moved, or moved twice.
    """
    changes = UnitChanges(add, close, move or {})
    if not changes.any:
        raise InputError(Message.of("whatif.nothing"))
    after = gaps(changed_study(study, changes), cutoff_min, allow_no_units=True)
    return between(gaps(study, cutoff_min, allow_no_units=True), after)


def between(before: GapReport, after: GapReport) -> WhatIf:
    """Compare two answers about the same villages."""
    return WhatIf(before, after, _changes(before.villages, after.villages))


def changed_study(study: Study, changes: UnitChanges) -> Study:
    """Give a region with units added, closed or moved; parameters and errors as of :func:`whatif`."""
    code = study.region.code
    new = list(dict.fromkeys(find_village(text, code) for text in changes.add))
    closed = [find_unit(study.units, text) for text in changes.close]
    moved: dict[str, str] = {}
    for text, to in changes.move.items():
        unit = find_unit(study.units, text)
        if unit in moved:
            raise InputError(Message.of("whatif.moved_twice", unit=unit))
        moved[unit] = find_village(to, code)
    both = sorted(set(closed) & set(moved))
    if both:
        raise InputError(Message.of("whatif.closed_and_moved", unit=both[0]))
    return _changed(study, new, closed, moved) if new or closed or moved else study


def _changed(study: Study, new: list[str], closed: list[str], moved: dict[str, str]) -> Study:
    kept = ~study.units.index.isin([*closed, *moved])
    added = UNITS.table(
        [
            {
                "id": _new_id(kode, study.units.index),
                "name": f"IBM {study.villages.loc[kode, 'name']!s}",
                "kind": "IBM",
                "institution": "KM",
            }
            for kode in new
        ]
    ).set_index("id")
    shifted = study.units.loc[list(moved)]
    built = pd.concat([shifted, added])
    kode = [*moved.values(), *new]
    # Typed, because a list without items would make a column of numbers.
    built["kode"] = pd.array(kode, dtype="str")
    built["node_kode"] = built["kode"]
    built["own_point"] = False
    for column in ("lat", "lon"):
        built[column] = study.villages.loc[kode, column].to_numpy()
    built["regency"] = study.villages.loc[kode, "regency"].to_numpy()
    built["regency_kode"] = built["kode"].str[:5]
    built["location_quality"] = "titik kelurahan"
    built["in_region"] = True
    units = pd.concat([study.units[kept], built]) if kept.any() else built
    access = pd.concat([study.access[kept], pd.DataFrame(0.0, index=built.index, columns=study.access.columns)])
    places = study.places(kode)
    od = od_matrix(study.network, study.villages.index, places)
    renamed = replace(od, destinations=built.index)
    return study.with_units(units, access, study.od.take(kept).with_columns(renamed))


def _new_id(kode: str, taken: pd.Index) -> str:
    """Name a new IBM unit after its village, numbered where one stands there already."""
    names = itertools.chain([f"ibm-{kode}"], (f"ibm-{kode}-{number}" for number in itertools.count(2)))
    return next(name for name in names if name not in taken)


def _changes(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    table = before[["name", "district", "regency", "population"]].copy()
    table["before_min"], table["after_min"] = before["travel_min"], after["travel_min"]
    table["before_unit"], table["after_unit"] = before["nearest_name"], after["nearest_name"]
    table["before_state"], table["after_state"] = before["state"], after["state"]
    return table[(table["before_min"] != table["after_min"]) | (table["before_state"] != table["after_state"])]
