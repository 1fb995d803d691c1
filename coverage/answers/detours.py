"""Where the indicative network leads a long way round: a road may be missing there, and minutes too many."""

from typing import Any

import numpy as np

from coverage.answers.gaps import GapReport
from coverage.ground.geometry import geodesic_km

__all__ = ["LONG_WAY", "detour_of"]

LONG_WAY = 2.0
"""Path length over the straight line from which a reader is told; roads of Indonesia are 1.4 to 1.8 times it."""

_SHORT_KM = 3.0


def detour_of(report: GapReport, kode: str) -> float | None:
    """Give how many times the straight line the path to the nearest unit is, where that is a long way round.

    Returns
    -------
    float or None
        None where real roads or a ferry decide, the path is shorter than 3 km, or it is no longer than usual.
    """
    row: Any = report.villages.loc[kode]
    unit = str(row["nearest_unit"])
    if report.study.travel_tier != "indikatif" or not unit or row["ferry_legs"] or row["travel_km"] < _SHORT_KM:
        return None
    place: Any = report.study.units.loc[unit]
    ends = [np.array([float(one[name])]) for one in (row, place) for name in ("lon", "lat")]
    straight = float(geodesic_km(*ends)[0])
    times = float(row["travel_km"]) / max(straight, 1e-6)
    return times if times >= LONG_WAY else None
