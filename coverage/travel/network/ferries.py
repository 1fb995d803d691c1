"""Ferries as legs between two villages: sailing time plus the wait of their timetable; no boat, no leg."""

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from coverage.ground.errors import InputError
from coverage.ground.geometry import FloatArray, geodesic_km
from coverage.ground.texts import Message
from coverage.travel.network.choices import USUAL, TravelChoices
from coverage.travel.network.speeds import Speeds
from coverage.travel.network.timetable import Timetable, timetable

_MINUTES_PER_HOUR = 60.0


def without_lines(ferries: pd.DataFrame, ids: Sequence[str], *, of_roads: Collection[str] = ()) -> pd.DataFrame:
    """Take lines out of the timetable.

    Parameters
    ----------
    ferries
        As :func:`ferry_legs`.
    ids
        Ids to take out.
    of_roads
        Ids of ferries that come with real roads (``osm-<number>``): known, but taken out elsewhere.

    Raises
    ------
    InputError
        If an id is neither a declared line nor one of `of_roads`; all lines are offered.
    """
    known = [*ferries["id"], *of_roads]
    unknown = [id_ for id_ in ids if id_ not in known]
    if unknown:
        raise InputError(*(Message.of("ferries.unknown", value=id_, options=", ".join(known)) for id_ in unknown))
    return ferries[~ferries["id"].isin(list(ids))].reset_index(drop=True)


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
        Season, wait, weekday, and whether vehicles must come along; what does not run is no leg. Lines to leave out
        are left out before (:func:`without_lines`).

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
    unknown = [
        Message.of("ferries.port_unknown", ferry=row["id"], value=row[column])
        for column in ("from_kode", "to_kode")
        for _, row in ferries[villages.index.get_indexer(pd.Index(ferries[column])) < 0].iterrows()
    ]
    if unknown:
        raise InputError(*unknown)
    start, end = villages.loc[ferries["from_kode"]], villages.loc[ferries["to_kode"]]
    km = geodesic_km(
        start["lon"].to_numpy(float),
        start["lat"].to_numpy(float),
        end["lon"].to_numpy(float),
        end["lat"].to_numpy(float),
    )
    line = ferries["line"].where(ferries["line"] != "", ferries["id"])
    sailing, guessed_sailing = _sailing(ferries, line, km, speeds)
    if choices.season == "ombak":
        sailing = sailing + season_extra(ferries)
    boats = timetables(ferries, speeds)
    wait = np.array([boat.wait_min(choices.wait, choices.weekday) for boat in boats], dtype=np.float64)
    guessed_wait = np.array([boat.estimated for boat in boats], dtype=bool)
    estimated = np.where(guessed_sailing, "sailing", "")
    estimated = np.where(guessed_wait, np.where(guessed_sailing, "sailing,wait", "wait"), estimated)
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
            "estimated": estimated,
        },
        index=pd.Index(ferries["id"], name="id"),
    )
    taken = np.isfinite(wait) & ~(choices.vehicles_only & (legs["vehicles"] == "no").to_numpy())
    return _through_legs(legs[taken], line[taken])


def _sailing(
    ferries: pd.DataFrame, line: "pd.Series[str]", km: FloatArray, speeds: Speeds
) -> tuple["pd.Series[float]", "np.ndarray[tuple[int], np.dtype[np.bool_]]"]:
    """Give sailing minutes and which are estimates: the middle of a range, a line's share by distance, or a speed."""
    low = pd.to_numeric(ferries["sailing_min"])
    high = pd.to_numeric(ferries["sailing_max_min"]).fillna(low)
    whole = pd.to_numeric(ferries["whole_line_min"])
    line_km = pd.Series(km, index=ferries.index).groupby(line).transform("sum")
    sailing = ((low + high) / 2).fillna(whole * km / line_km)
    by_speed = pd.Series(km / speeds.ferry_km_per_h * _MINUTES_PER_HOUR, index=ferries.index)
    return sailing.fillna(by_speed), sailing.isna().to_numpy()


def season_extra(ferries: pd.DataFrame) -> "pd.Series[float]":
    """Give the mean minutes a rough sea adds, 0 where it is not known."""
    low = pd.to_numeric(ferries["season_extra_min"])
    high = pd.to_numeric(ferries["season_extra_max_min"]).fillna(low)
    return ((low + high) / 2).fillna(0.0)


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
    both.name = f"{aboard.name}+{further.name}"
    return both
