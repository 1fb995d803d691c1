"""Ferries as legs between two villages: sailing time plus the mean wait of their timetable.

Somebody who comes at any time waits half a headway on average (Osuna & Newell 1972,
doi:10.1287/trsc.6.1.52, regular headways). The headway is ``(last - first) / (n - 1)`` of `n` departures
where first and last are known, else the hours of service divided by `n`. A line without trips is no leg.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from coverage.ground.errors import InputError
from coverage.ground.geometry import geodesic_km
from coverage.ground.texts import Message
from coverage.travel.network.speeds import SEASONS, Season, Speeds

__all__ = ["SEASONS", "Season", "ferry_legs", "without_lines"]

_MINUTES_PER_HOUR = 60.0
_DAYS_OF_WEEK = 7


def _clock_min(text: pd.Series) -> pd.Series:
    parts = text.astype("str").str.extract(r"^(\d{1,2})[:.](\d{2})$").astype("float64")
    return parts[0] * _MINUTES_PER_HOUR + parts[1]


def _mean_trips(ferries: pd.DataFrame) -> pd.Series:
    """Average trips a day over the week; ``days`` names the weekdays that differ (``Sel:4;Jum:4``)."""
    usual = pd.to_numeric(ferries["trips_per_day"])
    other = ferries["days"].astype("str").str.findall(r":\s*(\d+)")
    sums = other.map(lambda found: sum(map(float, found)))
    return (usual * (_DAYS_OF_WEEK - other.map(len)) + sums) / _DAYS_OF_WEEK


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


def _season_extra(ferries: pd.DataFrame) -> pd.Series:
    low = pd.to_numeric(ferries["season_extra_min"])
    high = pd.to_numeric(ferries["season_extra_max_min"]).fillna(low)
    return ((low + high) / 2).fillna(0.0)


def without_lines(ferries: pd.DataFrame, ids: Sequence[str]) -> pd.DataFrame:
    """Take lines out of the timetable.

    Raises
    ------
    InputError
        If an id is not a declared line; all lines are offered.
    """
    for id_ in ids:
        if id_ not in ferries["id"].to_numpy():
            raise InputError(Message.of("ferries.unknown", value=id_, options=", ".join(ferries["id"])))
    return ferries[~ferries["id"].isin(list(ids))].reset_index(drop=True)


def ferry_legs(
    ferries: pd.DataFrame, villages: pd.DataFrame, speeds: Speeds, *, season: Season = "biasa"
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
    season
        ``ombak`` adds the mean of a line's season extra, where one is known.

    Returns
    -------
    DataFrame
        Index ``id``; ``name``, ``from_kode``, ``to_kode``, ``km`` (straight), ``sailing_min``, ``wait_min`` (mean),
        ``minutes`` (both), ``vehicles`` (yes|no|""), ``estimated`` (which parts are estimates: "",
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
    low = pd.to_numeric(ferries["sailing_min"])
    high = pd.to_numeric(ferries["sailing_max_min"]).fillna(low)
    sailing = (low + high) / 2
    whole = pd.to_numeric(ferries["whole_line_min"])
    line = ferries["line"].where(ferries["line"] != "", ferries["id"])
    line_km = pd.Series(km, index=ferries.index).groupby(line).transform("sum")
    sailing = sailing.fillna(whole * km / line_km)
    guessed_sailing = sailing.isna().to_numpy()
    extra = _season_extra(ferries) if season == "ombak" else pd.Series(0.0, index=ferries.index)
    sailing = sailing.fillna(pd.Series(km / speeds.ferry_km_per_h * _MINUTES_PER_HOUR, index=ferries.index)) + extra

    trips = _mean_trips(ferries)
    guessed_wait = trips.isna().to_numpy()
    trips = trips.fillna(speeds.ferry_trips_per_day)
    service = _clock_min(ferries["last_departure"]) - _clock_min(ferries["first_departure"])
    headway = (service / (trips - 1)).where((service > 0) & (trips > 1))
    wait = headway.fillna(speeds.ferry_service_h * _MINUTES_PER_HOUR / trips) / 2
    estimated = np.where(guessed_sailing, "sailing", "")
    estimated = np.where(guessed_wait, np.where(guessed_sailing, "sailing,wait", "wait"), estimated)
    legs = pd.DataFrame(
        {
            "name": ferries["name"].to_numpy(),
            "from_kode": ferries["from_kode"].to_numpy(),
            "to_kode": ferries["to_kode"].to_numpy(),
            "km": km,
            "sailing_min": sailing.to_numpy(),
            "wait_min": wait.to_numpy(),
            "minutes": (sailing + wait).to_numpy(),
            "vehicles": ferries["vehicles"].to_numpy(),
            "estimated": estimated,
        },
        index=pd.Index(ferries["id"], name="id"),
    )
    runs = (trips > 0).to_numpy()
    return _through_legs(legs[runs], line[runs])
