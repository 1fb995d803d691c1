"""Who is covered, who is beyond the cutoff, and who is cut off.

A village is covered when its quickest unit is at most the cutoff away (inclusive); it is not connected
when no path leads to any unit. The same is told for the unit that is responsible by wilayah kerja.
"""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from coverage.answers.detours import LONG_WAY, detours
from coverage.answers.neighbours import said_first
from coverage.answers.road_notes import apart, road_notes, tier_notes
from coverage.answers.study import Study
from coverage.answers.travel import TravelChange, change_notes, travel_changes, travel_notes
from coverage.ground import codes
from coverage.ground.errors import InputError
from coverage.ground.geometry import BoolArray, FloatArray
from coverage.ground.texts import Message, listed
from coverage.places.clients import ClientOrigins
from coverage.places.disclosure import ROUND_TO
from coverage.places.population import is_estimate
from coverage.places.units import not_open
from coverage.travel.network.snap_reasons import JOINED
from coverage.travel.paths import ferries_taken
from coverage.travel.reach import DEFAULT_CUTOFF_MIN, STATES, check_cutoff, states

_SHOWN_ISLANDS = 5
_SHOWN_DETOURS = 3
_SHOWN_CLOSED = 5


@dataclass(frozen=True)
class GapReport:
    """The answer of :func:`gaps`.

    ``villages``: the study's villages with ``nearest_unit``, ``nearest_name``, ``travel_min``, ``travel_km`` (``inf`` =
    not connected), ``ferry_legs``, ``state``, and ``responsible_unit``, ``responsible_name``, ``responsible_min``,
    ``responsible_state`` ("" where no wilayah kerja is declared).
    """

    study: Study
    cutoff_min: float
    villages: pd.DataFrame

    @cached_property
    def by_regency(self) -> pd.DataFrame:
        """Sums by kab/kota: ``kode``, ``name``, ``villages``, the states, ``units`` and persons."""
        return _sums(self.villages, self.study.units[self.study.units["in_region"]], "regency")

    @cached_property
    def by_district(self) -> pd.DataFrame:
        """Sums by kecamatan, as :attr:`by_regency` and ``regency``."""
        return _sums(self.villages, self.study.units[self.study.units["in_region"]], "district")

    @cached_property
    def by_responsible(self) -> pd.DataFrame:
        """Sums by responsible unit: ``unit``, ``name``, ``villages``, the three states, ``other_unit_nearer``."""
        return _by_responsible(self.villages)

    @cached_property
    def islands(self) -> pd.DataFrame:
        """Groups of villages that no unit can be reached from, the largest first, each with one village named."""
        return _islands(self.study, self.villages)

    @cached_property
    def detours(self) -> "pd.Series[float]":
        """Villages with a long way round to their unit; see :func:`coverage.answers.detours.detours`."""
        return detours(self.study, self.villages)

    @cached_property
    def notes(self) -> tuple[Message, ...]:
        """What a reader of the figures must know."""
        told = _notes(self.study, self.villages, self.islands, self.travel_changes)
        return (*told, *_detour_notes(self.villages, self.detours))

    @cached_property
    def travel_changes(self) -> list[TravelChange]:
        """What differs from the answer to somebody who travels as usual."""
        if self.study.usual is None:
            return []
        usual = gaps(self.study.usual(), self.cutoff_min, allow_no_units=True)
        return travel_changes(self.study, usual.villages, self.villages)

    def summary(self) -> dict[str, object]:
        """Sum up the region: tiers, cutoff, villages by state, persons (None where not known)."""
        states = self.villages["state"].value_counts()
        return {
            "region": self.study.region.code,
            "region_name": self.study.region.name,
            "boundary_tier": self.study.boundary_tier,
            **_polygons(self.study),
            "travel_tier": self.study.travel_tier,
            "cutoff_min": self.cutoff_min,
            "villages": len(self.villages),
            "units": int(self.study.units["in_region"].sum()),
            "units_outside": int((~self.study.units["in_region"]).sum()),
            **{state: int(states.get(state, 0)) for state in STATES},
            **_persons(self.villages),
            **_clients(self.villages),
        }


def _polygons(study: Study) -> dict[str, object]:
    """Tell how many villages have a polygon, and which have none (None where nobody has)."""
    if study.polygons is None or study.polygons.empty:
        return {"villages_with_polygon": 0, "villages_without_polygon": None, "polygons_without_village": None}
    index = study.villages.index
    drawn = index.isin(study.polygons.index)
    return {
        "villages_with_polygon": int(drawn.sum()),
        "villages_without_polygon": list(index[~drawn]),
        "polygons_without_village": list(study.polygons.index.difference(index)),
    }


def no_units(study: Study) -> InputError:
    """Give the error of a region that no unit stands in or can be reached from, with its remedy."""
    return InputError(
        Message.of("gaps.no_units", region=f"{study.region.code} {study.region.name}", code=study.region.code)
    )


def state_of(minutes: pd.Series, cutoff_min: float) -> pd.Series:
    """Name the state of reach per village; the cutoff itself is covered."""
    return pd.Series(states(minutes.to_numpy(np.float64), cutoff_min), index=minutes.index, dtype="str")


def gaps(study: Study, cutoff_min: float = DEFAULT_CUTOFF_MIN, *, allow_no_units: bool = False) -> GapReport:
    """Find who is covered, beyond the cutoff, or not connected.

    Parameters
    ----------
    study
        A region made ready.
    cutoff_min
        Minutes, above 0; a village exactly at the cutoff is covered.
    allow_no_units
        Answer "nobody is connected" where there is no unit at all, instead of refusing.

    Raises
    ------
    InputError
        If the cutoff is out of range, or no unit stands in the region or can be reached from it.
    """
    check_cutoff(cutoff_min)
    if study.units.empty and not allow_no_units:
        raise no_units(study)
    column, minutes, km = study.od.nearest()
    index = study.villages.index
    names = study.units["name"].to_numpy(dtype=object)
    ids = study.units.index.to_numpy(dtype=object)
    hit = column >= 0
    villages = study.villages.copy()
    villages["nearest_unit"] = _pick(ids, column, hit)
    villages["nearest_name"] = _pick(names, column, hit)
    villages["travel_min"] = minutes
    villages["travel_km"] = km
    ferry = np.zeros(len(index), dtype=np.int64)
    ferry[hit] = study.od.ferry_legs[np.flatnonzero(hit), column[hit]]
    villages["ferry_legs"] = ferry
    villages["state"] = state_of(villages["travel_min"], cutoff_min)
    _add_responsible(villages, study, cutoff_min)
    return GapReport(study, cutoff_min, villages)


def _pick(values: np.ndarray, column: np.ndarray, hit: np.ndarray) -> np.ndarray:
    picked = np.full(len(column), "", dtype=object)
    picked[hit] = values[column[hit]]
    return picked


def _add_responsible(villages: pd.DataFrame, study: Study, cutoff_min: float) -> None:
    owner = study.owners
    column = study.od.destinations.get_indexer(pd.Index(owner))
    minutes = np.full(len(owner), np.inf)
    hit = column >= 0
    minutes[hit] = study.od.minutes[np.flatnonzero(hit), column[hit]]
    villages["responsible_unit"] = owner
    villages["responsible_name"] = _pick(study.units["name"].to_numpy(dtype=object), column, hit)
    villages["responsible_min"] = minutes
    villages["responsible_state"] = state_of(villages["responsible_min"], cutoff_min).where(owner != "", "")


def _persons(villages: pd.DataFrame) -> dict[str, float | None]:
    known = villages["population"].notna()
    if not known.any():
        return {"population": None, "population_covered": None, "population_villages": 0}
    covered = villages.loc[known & (villages["state"] == STATES[0]), "population"].sum()
    return {
        "population": int(villages.loc[known, "population"].sum()),
        "population_covered": int(covered),
        "population_villages": int(known.sum()),
    }


def _clients(villages: pd.DataFrame) -> dict[str, int]:
    """Sum expected clients to multiples of 5; nothing where the office gave no origins."""
    weight = villages["clients"]
    if weight.isna().all():
        return {}
    covered = weight[villages["state"] == STATES[0]].sum()
    return {
        "clients": ROUND_TO * round(float(weight.sum()) / ROUND_TO),
        "clients_covered": ROUND_TO * round(float(covered) / ROUND_TO),
    }


def _sums(villages: pd.DataFrame, units: pd.DataFrame, level: codes.Level) -> pd.DataFrame:
    length = codes.LENGTH_OF[level]
    at, kode = pd.factorize(np.asarray(villages.index.str[:length], dtype=object), sort=True)
    _, first = np.unique(at, return_index=True)
    state, people = villages["state"].to_numpy(dtype=object), villages["population"].to_numpy(np.float64)
    known = ~np.isnan(people)
    nobody_knows = np.bincount(at[known], minlength=len(kode)) == 0

    def persons(rows: BoolArray) -> FloatArray:
        total = np.bincount(at[rows], people[rows], len(kode))
        return np.where(nobody_knows, np.nan, total)

    count = units["kode"].str[:length].value_counts()
    table = {
        "kode": kode,
        "name": villages[level].to_numpy(dtype=object)[first],
        **({"regency": villages["regency"].to_numpy(dtype=object)[first]} if level == "district" else {}),
        "villages": np.bincount(at, minlength=len(kode)),
        **{name: np.bincount(at[state == name], minlength=len(kode)) for name in STATES},
        "units": count.reindex(kode, fill_value=0).to_numpy(np.int64),
        "population": persons(known),
        "population_covered": persons(known & (state == STATES[0])),
    }
    return pd.DataFrame(table)


def _states(state: pd.Series) -> pd.DataFrame:
    return pd.DataFrame({name: (state == name).astype("int64") for name in STATES}, index=state.index)


def _by_responsible(villages: pd.DataFrame) -> pd.DataFrame:
    owned = villages[villages["responsible_unit"] != ""]
    grouped = owned.groupby("responsible_unit")
    states = _states(owned["responsible_state"]).groupby(owned["responsible_unit"]).sum()
    table = pd.DataFrame({"name": grouped["responsible_name"].first(), "villages": grouped.size()}).join(states)
    nearer = owned["travel_min"] < owned["responsible_min"]
    table["other_unit_nearer"] = nearer.groupby(owned["responsible_unit"]).sum().astype("int64")
    return table.rename_axis("unit").reset_index()


def _islands(study: Study, villages: pd.DataFrame) -> pd.DataFrame:
    """List the groups of villages that no unit can be reached from, the largest first.

    Villages that found no road, or only a scrap of one, are told apart with their reason.
    """
    lost = villages[villages["state"] == STATES[2]]
    snaps = study.roads.snaps
    told = snaps.index[snaps["reason"] != JOINED]
    lost = lost[~lost.index.isin(apart(study)) & ~lost.index.isin(told)]
    part = study.network.group[study.network.numbers(lost.index)]
    grouped = lost.reset_index().groupby(part)
    table = pd.DataFrame(
        {
            "villages": grouped.size(),
            "kode": grouped["kode"].first(),
            "name": grouped["name"].first(),
            "district": grouped["district"].first(),
            "regency": grouped["regency"].first(),
        }
    )
    return table.sort_values(["villages", "kode"], ascending=[False, True], ignore_index=True)


def _notes(
    study: Study, villages: pd.DataFrame, islands: pd.DataFrame, changes: list[TravelChange]
) -> tuple[Message, ...]:
    return (
        *said_first(study),
        *tier_notes(study),
        *road_notes(study),
        *_unit_notes(study),
        *([] if study.units.empty else _island_notes(islands)),
        *_ferry_notes(study, villages),
        *travel_notes(study),
        *change_notes(changes),
        *([] if study.clients is None else _client_notes(study.clients)),
        _population_note(villages),
    )


def _detour_notes(villages: pd.DataFrame, long_ways: "pd.Series[float]") -> list[Message]:
    """Tell of villages that are beyond the cutoff by a long way round: a road that is not known may end that."""
    beyond = long_ways[villages.loc[long_ways.index, "state"] == STATES[1]].sort_values(ascending=False)
    if beyond.empty:
        return []
    names = listed(villages.loc[beyond.index, "name"].astype(str).tolist(), _SHOWN_DETOURS)
    longest = round(float(beyond.iloc[0]), 1)
    return [Message.of("gaps.note_detours", villages=len(beyond), names=names, longest=longest, times=LONG_WAY)]


def _unit_notes(study: Study) -> list[Message]:
    notes = []
    unverified = study.units["in_region"] & (study.units["location_quality"] == "belum diverifikasi")
    if unverified.any():
        notes.append(Message.of("gaps.note_unverified", units=int(unverified.sum())))
    today = dt.datetime.now(tz=dt.UTC).astimezone().date()
    outside = study.units.loc[not_open(study.units, today) != "", "name"].astype(str).tolist()
    if outside:
        notes.append(Message.of("gaps.note_not_open", units=len(outside), names=listed(outside, _SHOWN_CLOSED)))
    return notes


def _island_notes(islands: pd.DataFrame) -> list[Message]:
    notes = [
        Message.of(
            "gaps.note_island",
            villages=int(row["villages"]),
            name=row["name"],
            district=row["district"],
            regency=row["regency"],
            kode=row["kode"],
        )
        for _, row in islands.head(_SHOWN_ISLANDS).iterrows()
    ]
    rest = islands.iloc[_SHOWN_ISLANDS:]
    if len(rest):
        notes.append(Message.of("gaps.note_more_islands", groups=len(rest), villages=int(rest["villages"].sum())))
    return notes


def _ferry_notes(study: Study, villages: pd.DataFrame) -> list[Message]:
    notes = []
    by_ferry = villages["ferry_legs"] > 0
    if by_ferry.any():
        using = villages[by_ferry]
        lines = study.ferries[study.ferries.index.isin(_taken(study, using))]
        counts = {"lines": len(lines), "estimated": int((lines["estimated"] != "").sum())}
        # Ferries of the road data have a note of their own.
        key = "gaps.note_ferries" if len(lines) else "gaps.note_ferries_of_roads"
        notes.append(Message.of(key, villages=len(using), **(counts if len(lines) else {})))
    return notes


def _taken(study: Study, using: pd.DataFrame) -> frozenset[str]:
    """Give the ids of the ferries on the ways from villages to their nearest unit."""
    units = study.unit_places(list(using["nearest_unit"]))
    longest = float(using["travel_min"].max())
    return ferries_taken(study.network, study.network.numbers(using.index), units.node, longest)


def _population_note(villages: pd.DataFrame) -> Message:
    known = villages["population"].notna()
    estimated = known & villages["population_source"].map(is_estimate).astype("bool")
    own = known & ~estimated
    if own.any():
        sources = ", ".join(sorted(set(villages.loc[own, "population_source"])))
        key = "gaps.note_population_mixed" if estimated.any() else "gaps.note_population_own"
        return Message.of(key, own=int(own.sum()), estimated=int(estimated.sum()), sources=sources)
    if not known.any():
        return Message.of("gaps.note_no_population")
    if known.all():
        return Message.of("gaps.note_population")
    return Message.of("gaps.note_population_part", villages=int(known.sum()))


def _client_notes(clients: ClientOrigins) -> list[Message]:
    nothing = clients.table.areas.empty
    notes = [Message.of("clients.note_nothing") if nothing else Message.of("clients.note_safe", k=clients.table.k)]
    if clients.dropped:
        notes.append(Message.of("clients.note_dropped", columns=", ".join(clients.dropped)))
    return notes
