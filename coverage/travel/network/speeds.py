"""Speeds, detours and waits that travel is computed with: one editable file, single keys changed by an office."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from coverage.ground.geometry import FloatArray
from coverage.ground.registry import data_file
from coverage.travel.network.ferry_choices import Season
from coverage.travel.roads.road_network import CLASSES

ROAD_CLASSES = tuple(name for name in CLASSES if name != "ferry")


@dataclass(frozen=True)
class Speeds:
    """How fast and how crooked travel is; kilometres per hour and plain factors.

    ``urban``, ``mixed``, ``rural`` are speeds of the indicative network by what stands at an edge's ends;
    ``road_km_per_h`` those of real, paved roads in the order of :data:`ROAD_CLASSES`; ``rain_*`` are shares of these
    in the season ``hujan``; ``detour_*`` turn straight into road length; ``access_*`` lead from a point to the
    network, ``access_limit_km`` at most; ``ferry_*`` fill in what a timetable does not say.
    """

    urban: float
    mixed: float
    rural: float
    road_km_per_h: tuple[float, ...]
    unpaved_factor: float
    unknown_is_unpaved: tuple[str, ...]
    rain_paved: float
    rain_unpaved: float
    rain_indicative: float
    detour_base: float
    detour_per_m_per_km: float
    detour_max_m_per_km: float
    detour_water: float
    access_km_per_h: float
    access_detour: float
    access_limit_km: float
    ferry_km_per_h: float
    ferry_service_h: float
    ferry_trips_per_day: float

    def of_roads(self, road_class: npt.ArrayLike, surface: npt.ArrayLike, season: Season = "biasa") -> FloatArray:
        """Give the speed of real roads in km/h.

        Parameters
        ----------
        road_class
            Words of :data:`ROAD_CLASSES`, shape (m,).
        surface
            ``paved``, ``unpaved`` or "" (not stated: ``unknown_is_unpaved`` names the classes that count as unpaved,
            tracks and paths; all others count as paved), shape (m,).
        season
            ``hujan`` slows by surface; a rough sea changes no road.

        Raises
        ------
        KeyError
            If a class is none of the words: a fault of the program, not of its user.
        """
        names, place = np.unique(np.asarray(road_class, dtype=object).astype("str"), return_inverse=True)
        known = dict(zip(ROAD_CLASSES, self.road_km_per_h, strict=True))
        paved_km_per_h = np.array([known[name] for name in names], dtype=np.float64)[place]
        stated = np.asarray(surface, dtype=object).astype("str")
        by_class = np.isin(names, self.unknown_is_unpaved)[place]
        unpaved = (stated == "unpaved") | ((stated == "") & by_class)
        factor = np.where(unpaved, self.unpaved_factor, 1.0)
        if season == "hujan":
            factor = factor * np.where(unpaved, self.rain_unpaved, self.rain_paved)
        return np.asarray(paved_km_per_h * factor, dtype=np.float64)

    def of_villages(self, season: Season) -> "Speeds":
        """Give the same speeds with those of the indicative network in a season; :meth:`of_roads` is told its own."""
        if season != "hujan":
            return self
        rain = self.rain_indicative
        return replace(self, urban=self.urban * rain, mixed=self.mixed * rain, rural=self.rural * rain)


@cache
def shipped_values() -> Mapping[str, float]:
    """Read the embedded speeds as ``{"road_km_per_h.trunk": 45.0, ...}``.

    Raises
    ------
    DataError
        If the file is missing or differs from its registry entry.
    """
    return {
        f"{part}.{name}": float(value)
        for part, table in _file().items()
        for name, value in table.items()
        if not isinstance(value, list)
    }


@cache
def load_speeds() -> Speeds:
    """Load the embedded speeds.

    Raises
    ------
    DataError
        If the file is missing or differs from its registry entry.
    """
    return speeds_from(shipped_values())


def speeds_from(values: Mapping[str, float]) -> Speeds:
    """Put speeds together from all keys of :func:`shipped_values`."""
    return Speeds(
        **{field: values[key] for field, key in _FIELDS.items()},
        road_km_per_h=tuple(values[f"road_km_per_h.{name}"] for name in ROAD_CLASSES),
        unknown_is_unpaved=tuple(_file()["surface"]["unknown_is_unpaved"]),
    )


def values_of(speeds: Speeds) -> dict[str, float]:
    """Give all keys of :func:`shipped_values` with the numbers of these speeds."""
    roads = {f"road_km_per_h.{name}": one for name, one in zip(ROAD_CLASSES, speeds.road_km_per_h, strict=True)}
    held = roads | {key: getattr(speeds, field) for field, key in _FIELDS.items()}
    return {key: held[key] for key in shipped_values()}


def spoken_name(key: str) -> str:
    """Give the name under which the catalogue says what a key is (``speeds.key_...``)."""
    return {key: field for field, key in _FIELDS.items()}.get(key, key.rpartition(".")[2])


_FIELDS = {
    "urban": "indicative_km_per_h.urban",
    "mixed": "indicative_km_per_h.mixed",
    "rural": "indicative_km_per_h.rural",
    "unpaved_factor": "surface.unpaved_factor",
    "rain_paved": "rain_factor.paved",
    "rain_unpaved": "rain_factor.unpaved",
    "rain_indicative": "rain_factor.indicative",
    "detour_base": "detour.base",
    "detour_per_m_per_km": "detour.per_m_per_km",
    "detour_max_m_per_km": "detour.max_m_per_km",
    "detour_water": "detour.water",
    "access_km_per_h": "access.km_per_h",
    "access_detour": "access.detour",
    "access_limit_km": "access.limit_km",
    "ferry_km_per_h": "ferry.km_per_h",
    "ferry_service_h": "ferry.service_h",
    "ferry_trips_per_day": "ferry.trips_per_day",
}


@cache
def _file() -> dict[str, dict[str, Any]]:
    return tomllib.loads(data_file("speeds").read_text(encoding="utf-8"))
