"""Where the indicative network leads a long way round: a road may be missing there, and minutes too many."""

import numpy as np
import pandas as pd

from coverage.answers.study import Study
from coverage.ground.geometry import geodesic_km

__all__ = ["LONG_WAY", "detours"]

LONG_WAY = 2.0
"""Path length over the straight line from which a reader is told; roads of Indonesia are 1.4 to 1.8 times it."""

_SHORT_KM = 3.0


def detours(study: Study, villages: pd.DataFrame) -> "pd.Series[float]":
    """Give how many times the straight line the path to the nearest unit is, where that is a long way round.

    Parameters
    ----------
    study
        The region.
    villages
        Those of :class:`coverage.answers.gaps.GapReport`.

    Returns
    -------
    Series
        By kode, the villages with a long way round alone: none where real roads or a ferry decide, the path is shorter
        than 3 km, or it is no longer than usual.
    """
    asked = villages[
        (villages["nearest_unit"] != "") & (villages["ferry_legs"] == 0) & (villages["travel_km"] >= _SHORT_KM)
    ]
    if study.travel_tier != "indikatif" or asked.empty:
        return pd.Series(dtype="float64")
    units = study.units.loc[asked["nearest_unit"], ["lon", "lat"]].to_numpy(np.float64)
    places = asked[["lon", "lat"]].to_numpy(np.float64)
    straight = geodesic_km(places[:, 0], places[:, 1], units[:, 0], units[:, 1])
    times: pd.Series[float] = asked["travel_km"] / np.maximum(straight, 1e-6)
    return times[times >= LONG_WAY]
