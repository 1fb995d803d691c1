"""Where a point stands on a drawn map: equirectangular around the middle, north up."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

_KM_PER_DEGREE = 111.32
_MARGIN = 1.25
_LEAST_KM = 2.0

MAP_MM = (180.0, 105.0)
"""Width and height of a map on A4, in millimetres."""


@dataclass(frozen=True)
class Frame:
    """A map of `width` by `height` points of paper around a middle; ``per_km`` is its scale."""

    lon: float
    lat: float
    per_km: float
    width: float
    height: float

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Give x and y of a point, also where it lies outside."""
        east = (lon - self.lon) * _KM_PER_DEGREE * math.cos(math.radians(self.lat))
        north = (lat - self.lat) * _KM_PER_DEGREE
        return self.width / 2 + east * self.per_km, self.height / 2 + north * self.per_km

    def inside(self, point: tuple[float, float]) -> tuple[float, float]:
        """Give x and y of a point, drawn back to the edge where it lies outside."""
        x, y = self.at(*point)
        return min(max(x, 0.0), self.width), min(max(y, 0.0), self.height)

    def corners(self) -> tuple[float, float, float, float]:
        """Give west, south, east and north of the map in degrees."""
        wide = self.width / 2 / self.per_km / _KM_PER_DEGREE / math.cos(math.radians(self.lat))
        high = self.height / 2 / self.per_km / _KM_PER_DEGREE
        return self.lon - wide, self.lat - high, self.lon + wide, self.lat + high

    def round_km(self, most: float) -> float:
        """Give the longest 1, 2 or 5 times a power of ten of kilometres that is at most `most` long on paper."""
        limit = most / self.per_km
        power = 10.0 ** math.floor(math.log10(limit))
        return max(step * power for step in (1, 2, 5) if step * power <= limit)


def fit(points: Sequence[tuple[float, float]], width: float, height: float, *, margin: float = _MARGIN) -> Frame:
    """Find the frame that shows all points (lon, lat) with a margin: so many times as much as they need.

    Examples
    --------
    >>> frame = fit([(122.0, -4.0), (123.0, -3.0)], 400, 300)
    >>> all(0 < value < 400 for value in frame.at(122.0, -4.0))
    True
    """
    lons, lats = zip(*points, strict=True)
    lon, lat = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
    wide = (max(lons) - min(lons)) * _KM_PER_DEGREE * math.cos(math.radians(lat))
    high = (max(lats) - min(lats)) * _KM_PER_DEGREE
    per_km = min(width / max(wide * margin, _LEAST_KM), height / max(high * margin, _LEAST_KM))
    return Frame(lon, lat, per_km, width, height)
