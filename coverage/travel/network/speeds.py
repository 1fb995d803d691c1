"""Speeds and detour factors of the indicative network, read from one editable file."""

import tomllib
from dataclasses import dataclass
from functools import cache

from coverage.ground.registry import data_file


@dataclass(frozen=True)
class Speeds:
    """How fast and how crooked travel is; kilometres per hour and plain factors.

    ``urban``, ``mixed``, ``rural`` are road speeds by what stands at an edge's ends; ``detour_*`` turn
    straight into road length; ``access_*`` lead from a unit's own point to the network; ``ferry_*``
    fill in what a timetable does not say.
    """

    urban: float
    mixed: float
    rural: float
    detour_base: float
    detour_per_m_per_km: float
    detour_max_m_per_km: float
    detour_water: float
    access_km_per_h: float
    access_detour: float
    ferry_km_per_h: float
    ferry_service_h: float
    ferry_trips_per_day: float


@cache
def load_speeds() -> Speeds:
    """Load the embedded speeds.

    Raises
    ------
    DataError
        If the file is missing or differs from its registry entry.
    """
    table = tomllib.loads(data_file("speeds").read_text(encoding="utf-8"))
    road, detour, access, ferry = table["road_km_per_h"], table["detour"], table["access"], table["ferry"]
    return Speeds(
        urban=road["urban"],
        mixed=road["mixed"],
        rural=road["rural"],
        detour_base=detour["base"],
        detour_per_m_per_km=detour["per_m_per_km"],
        detour_max_m_per_km=detour["max_m_per_km"],
        detour_water=detour["water"],
        access_km_per_h=access["km_per_h"],
        access_detour=access["detour"],
        ferry_km_per_h=ferry["km_per_h"],
        ferry_service_h=ferry["service_h"],
        ferry_trips_per_day=ferry["trips_per_day"],
    )
