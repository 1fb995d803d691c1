"""Ferries as legs between two villages: sailing time plus the wait of their timetable; no boat, no leg."""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from coverage.ground.errors import InputError
from coverage.ground.geometry import BoolArray, FloatArray, geodesic_km
from coverage.ground.texts import Message
from coverage.travel.network.ferry_choices import USUAL, TravelChoices
from coverage.travel.network.graph import JOINED_LEGS
from coverage.travel.network.speeds import Speeds
from coverage.travel.network.timetable import Timetable, timetable

_MINUTES_PER_HOUR = 60.0


def check_known(ids: Sequence[str], ferries: pd.DataFrame, *, of_roads: Collection[str] = ()) -> None:
    """Check ids of ferries to leave out.

    Parameters
    ----------
    ids
        Ids that were asked for.
    ferries
        As :func:`ferry_legs`.
    of_roads
        Ids of ferries that come with real roads (``osm-<number>``).

    Raises
    ------
    InputError
        With every id that is neither a declared line nor one of `of_roads`; all lines are offered.
    """
    known = [*ferries["id"], *of_roads]
    unknown = [Message.of("ferries.unknown", value=id_, options=", ".join(known)) for id_ in ids if id_ not in known]
    if unknown:
        raise InputError(*unknown)


def timetables(ferries: pd.DataFrame, speeds: Speeds) -> list[Timetable]:
    """Read the timetable of each line."""
    return [
        timetable(row, service_h=speeds.ferry_service_h, unknown_trips=speeds.ferry_trips_per_day)
        for _, row in ferries.astype("str").iterrows()
    ]


def ferry_legs(
    ferries: pd.DataFrame, villages: pd.DataFrame, speeds: Speeds, choices: TravelChoices = USUAL
) -> pd.DataFrame:
    """Turn declared ferries into legs.

    Parameters
    ----------
    ferries
        Columns of ``data/network/ferries.csv``: ports as village kode, times in minutes, empty = not known.
    villages
        Index ``kode`` with ``lat``, ``lon`` (EPSG:4326).
    speeds
        What to assume where the timetable says nothing.
    choices
        Season, lines to leave out, wait, weekday, and whether vehicles must come along. What does not run is no leg,
        but a leg of a boat with one time for its whole line keeps its share of it.

    Returns
    -------
    DataFrame
        Index ``id``; ``name``, ``from_kode``, ``to_kode``, ``km`` (straight), ``sailing_min``, ``wait_min`` (as
        chosen), ``minutes`` (both), ``vehicles`` (yes|no|""), ``estimated`` (which parts are estimates: "",
        "sailing", "wait" or "sailing,wait").

    Raises
    ------
    InputError
        If a port is not a known village.
    """
    km = _sea_km(ferries, villages)
    line = _line(ferries)
    sailing, guessed_sailing = _sailing(ferries, km, speeds)
    if choices.season == "ombak":
        sailing = sailing + season_extra(ferries).fillna(0.0)
    boats = timetables(ferries, speeds)
    wait = np.array([boat.wait_min(choices.wait, choices.weekday) for boat in boats], dtype=np.float64)
    legs = pd.DataFrame(
        {
            "name": ferries["name"].to_numpy(),
            "from_kode": ferries["from_kode"].to_numpy(),
            "to_kode": ferries["to_kode"].to_numpy(),
            "km": km,
            "sailing_min": sailing.to_numpy(),
            "wait_min": wait,
            "minutes": sailing.to_numpy() + wait,
            "vehicles": ferries["vehicles"].to_numpy(),
            "estimated": _estimated(guessed_sailing, boats),
        },
        index=pd.Index(ferries["id"], name="id"),
    )
    left_out = legs.index.isin(choices.without)
    taken = np.isfinite(wait) & ~left_out & ~(choices.vehicles_only & (legs["vehicles"] == "no").to_numpy())
    return _through_legs(legs[taken], line[taken])


def ferry_table(ferries: pd.DataFrame, villages: pd.DataFrame, speeds: Speeds) -> pd.DataFrame:
    """List declared ferries with the times that are computed with, also those that never run.

    Returns
    -------
    DataFrame
        The columns of `ferries`, with numbers in ``km``, ``sailing_min`` (usual season), ``mean_wait_min``,
        ``worst_wait_min`` (infinite: no trip), ``trips`` (mean a day over the week), ``season_extra_min`` (NaN not
        known) and ``estimated`` as :func:`ferry_legs`.

    Raises
    ------
    InputError
        If a port is not a known village.
    """
    km = _sea_km(ferries, villages)
    sailing, guessed_sailing = _sailing(ferries, km, speeds)
    boats = timetables(ferries, speeds)
    return ferries.assign(
        km=km,
        sailing_min=sailing,
        mean_wait_min=[boat.wait_min("mean") for boat in boats],
        worst_wait_min=[boat.wait_min("worst") for boat in boats],
        trips=[sum(boat.trips) / len(boat.trips) for boat in boats],
        season_extra_min=season_extra(ferries),
        estimated=_estimated(guessed_sailing, boats),
    )


def _sea_km(ferries: pd.DataFrame, villages: pd.DataFrame) -> FloatArray:
    unknown = [
        Message.of("ferries.port_unknown", ferry=row["id"], value=row[column])
        for column in ("from_kode", "to_kode")
        for _, row in ferries[villages.index.get_indexer(pd.Index(ferries[column])) < 0].iterrows()
    ]
    if unknown:
        raise InputError(*unknown)
    start, end = villages.loc[ferries["from_kode"]], villages.loc[ferries["to_kode"]]
    return geodesic_km(
        start["lon"].to_numpy(float),
        start["lat"].to_numpy(float),
        end["lon"].to_numpy(float),
        end["lat"].to_numpy(float),
    )


def _line(ferries: pd.DataFrame) -> "pd.Series[str]":
    """Name the boat of each leg: legs of one line are one boat."""
    return ferries["line"].where(ferries["line"] != "", ferries["id"])


def _estimated(guessed_sailing: BoolArray, boats: Sequence[Timetable]) -> list[str]:
    parts = zip(guessed_sailing, (boat.estimated for boat in boats), strict=True)
    return [",".join(part for part, guessed in zip(("sailing", "wait"), one, strict=True) if guessed) for one in parts]


def _sailing(ferries: pd.DataFrame, km: FloatArray, speeds: Speeds) -> tuple["pd.Series[float]", BoolArray]:
    """Give sailing minutes and which are estimates: the middle of a range, a line's share by distance, or a speed."""
    low = pd.to_numeric(ferries["sailing_min"])
    high = pd.to_numeric(ferries["sailing_max_min"]).fillna(low)
    whole = pd.to_numeric(ferries["whole_line_min"])
    line_km = pd.Series(km, index=ferries.index).groupby(_line(ferries)).transform("sum")
    sailing = ((low + high) / 2).fillna(whole * km / line_km)
    by_speed = pd.Series(km / speeds.ferry_km_per_h * _MINUTES_PER_HOUR, index=ferries.index)
    return sailing.fillna(by_speed), np.asarray(sailing.isna(), dtype=np.bool_)


def season_extra(ferries: pd.DataFrame) -> "pd.Series[float]":
    """Give the mean minutes a rough sea adds, NaN where it is not known."""
    low = pd.to_numeric(ferries["season_extra_min"])
    high = pd.to_numeric(ferries["season_extra_max_min"]).fillna(low)
    return (low + high) / 2


def _through_legs(legs: pd.DataFrame, line: pd.Series) -> pd.DataFrame:
    """Join the legs of one boat's line, so that who stays aboard waits once; their order is that of the ports."""
    joined = []
    for _, rows in legs.groupby(line.to_numpy(), sort=False):
        onward = {row["from_kode"]: row for _, row in rows.iterrows()}
        for _, first in rows.iterrows():
            aboard, called = first, {first["from_kode"], first["to_kode"]}
            while (further := onward.get(aboard["to_kode"])) is not None and further["to_kode"] not in called:
                called.add(further["to_kode"])
                aboard = _joined(aboard, further)
                joined.append(aboard)
    if not joined:
        return legs
    return pd.concat([legs, pd.DataFrame(joined).astype(legs.dtypes)]).rename_axis("id")


def _joined(aboard: pd.Series, further: pd.Series) -> pd.Series:
    both = aboard.copy()
    both["to_kode"] = further["to_kode"]
    both["km"] += further["km"]
    both["sailing_min"] += further["sailing_min"]
    both["minutes"] = both["sailing_min"] + both["wait_min"]
    guessed = {
        "sailing": "sailing" in aboard["estimated"] + further["estimated"],
        "wait": "wait" in aboard["estimated"],
    }
    both["estimated"] = ",".join(part for part, is_guess in guessed.items() if is_guess)
    both.name = f"{aboard.name}{JOINED_LEGS}{further.name}"
    return both
