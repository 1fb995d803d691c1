"""Places joined to real roads: the nearest point ON an edge, within a limit, and never across water.

The way from a place to the road is taken as straight. It leads across water when

- the two ends stand on different islands: each on the drawn land it lies on, or on the nearest within
  :data:`coverage.ground.geometry.SHORE_KM` (stilt villages stand off the shore), or
- more than :data:`WET_KM` of it lie off all drawn land. The shoreline is some hundred metres off, and a smaller limit
  would cut off villages at the water's edge; a larger one would let islets that nobody drew reach over their strait.

A way of at most :data:`UNJUDGED_KM` is not judged: it is shorter than the error of the shoreline, and a kelurahan on
the quay would else lose the street in front of it to an islet drawn too near. Where the nearest edge is across water,
the next ones within the limit are tried. Rivers are not drawn, so a way over a river is not seen as one.
"""

from dataclasses import dataclass
from functools import cache

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from coverage.ground.geometry import FloatArray, IntArray, from_utm, geodesic_km, land_of, to_utm, utm_zone
from coverage.ground.registry import data_file

WET_KM = 0.5
UNJUDGED_KM = 0.15

JOINED, TOO_FAR, ACROSS_WATER, NO_ROADS = "", "too_far", "across_water", "no_roads"

_MARGIN_DEG = 0.05
_SCALE_ERROR = 1.01
_M_PER_KM = 1000.0


@dataclass(frozen=True)
class Snaps:
    """Where places touch the roads; one value a place.

    Attributes
    ----------
    edge
        Number of the road's line, -1 where the place could not be joined.
    share
        Where on the line, as a share of its length from 0 to 1.
    lon, lat
        The point on the line, degrees (EPSG:4326); NaN where not joined.
    metres
        From the place to that point; to the nearest road where not joined, 0 where there is no road at all.
    reason
        :data:`JOINED`, or why not: :data:`TOO_FAR`, :data:`ACROSS_WATER`, :data:`NO_ROADS`.
    """

    edge: IntArray
    share: FloatArray
    lon: FloatArray
    lat: FloatArray
    metres: FloatArray
    reason: npt.NDArray[np.object_]


@dataclass(frozen=True)
class Land:
    """Drawn land around some places: polygons (EPSG:4326) and the number of each one's island."""

    polygons: npt.NDArray[np.object_]
    island: IntArray

    def island_of(self, lon: FloatArray, lat: FloatArray) -> IntArray:
        """Give the island each point stands on or nearest to, -1 far from all land."""
        if len(self.polygons) == 0:
            return np.full(len(lon), -1, dtype=np.int64)
        on, _ = land_of(shapely.points(lon, lat), self.polygons)
        return np.where(on >= 0, self.island[on], -1)

    def wet_share(self, legs: npt.NDArray[np.object_]) -> FloatArray:
        """Give the share of each straight leg's length that lies off all land."""
        if len(legs) == 0 or len(self.polygons) == 0:
            return np.ones(len(legs))
        near = shapely.clip_by_rect(self.polygons, *(shapely.total_bounds(legs) + _box(0.001)))
        near = near[~shapely.is_empty(near)]
        leg, polygon = shapely.STRtree(near).query(legs)
        dry = shapely.length(shapely.intersection(legs[leg], near[polygon]))
        whole = np.maximum(shapely.length(legs), np.finfo(float).tiny)
        share = 1 - np.bincount(leg, weights=dry, minlength=len(legs)) / whole
        return np.asarray(np.clip(share, 0.0, 1.0), dtype=np.float64)


def _box(margin: float) -> FloatArray:
    return np.array([-margin, -margin, margin, margin])


def land_around(lon: FloatArray, lat: FloatArray) -> Land:
    """Cut the drawn land to the surroundings of places."""
    polygons, island = _land()
    if len(lon) == 0:
        return Land(polygons[:0], island[:0])
    bounds = np.array([lon.min(), lat.min(), lon.max(), lat.max()]) + _box(_MARGIN_DEG)
    cut = shapely.clip_by_rect(polygons, *bounds)
    kept = ~shapely.is_empty(cut)
    return Land(cut[kept], island[kept])


@cache
def _land() -> tuple[npt.NDArray[np.object_], IntArray]:
    land = gpd.read_parquet(data_file("land"))
    return land.geometry.to_numpy(), land["island"].to_numpy(np.int64)


def snap_places(
    lon: FloatArray, lat: FloatArray, lines: npt.NDArray[np.object_], land: Land, *, limit_km: float
) -> Snaps:
    """Find the nearest point on a line for each place.

    Parameters
    ----------
    lon, lat
        Places, degrees (EPSG:4326), shape (n,).
    lines
        Roads that may be joined, EPSG:4326; ferries are not among them.
    land
        Drawn land around the places.
    limit_km
        How far a place may be from the road; the limit itself is near enough.

    Returns
    -------
    Snaps
        Of equally near lines the first; the order of the places changes nothing.
    """
    count = len(lon)
    metres, reason = np.zeros(count), np.full(count, NO_ROADS, dtype=object)
    nowhere = np.full(count, np.nan)
    found = Snaps(np.full(count, -1, dtype=np.int64), np.zeros(count), nowhere, nowhere.copy(), metres, reason)
    if count == 0 or len(lines) == 0:
        return found
    roads = _Roads(lines, utm_zone(float(lon.mean())))
    points = shapely.points(to_utm(lon, lat, roads.zone))
    every = np.arange(count)
    trial = _Trial(roads, points, lon, lat, every, roads.nearest(points))
    metres[:] = trial.metres
    near = metres <= limit_km * _M_PER_KM
    reason[:] = np.where(near, ACROSS_WATER, TOO_FAR)
    trial.keep(found, near & trial.dry(land, near))
    again = np.flatnonzero(reason == ACROSS_WATER)
    place, edge = roads.within(points[again], limit_km * _M_PER_KM * _SCALE_ERROR)
    others = _Trial(roads, points, lon, lat, again[place], edge)
    near = others.metres <= limit_km * _M_PER_KM
    dry = np.flatnonzero(near & others.dry(land, near))
    first = dry[np.lexsort((edge[dry], others.metres[dry], others.place[dry]))]
    kept = np.zeros(len(edge), dtype=bool)
    kept[first[np.unique(others.place[first], return_index=True)[1]]] = True
    others.keep(found, kept)
    return found


class _Roads:
    """Lines in the metres of one UTM zone, which keep directions and, along a line, shares of its length."""

    def __init__(self, lines: npt.NDArray[np.object_], zone: int) -> None:
        self.zone = zone
        self.local = shapely.transform(lines, lambda place: to_utm(place[:, 0], place[:, 1], zone))
        self.tree = shapely.STRtree(self.local)

    def nearest(self, points: npt.NDArray[np.object_]) -> IntArray:
        """Give the nearest line of each point, of equally near ones the first."""
        place, edge = self.tree.query_nearest(points, all_matches=True)
        order = np.lexsort((edge, place))
        return np.asarray(edge[order][np.unique(place[order], return_index=True)[1]], dtype=np.int64)

    def within(self, points: npt.NDArray[np.object_], metres: float) -> tuple[IntArray, IntArray]:
        """List the pairs of a point and a line at most some metres apart."""
        place, edge = self.tree.query(points, predicate="dwithin", distance=metres)
        return place, edge


class _Trial:
    """Ways from places to lines, one a row: how long they are and where they end."""

    def __init__(
        self,
        roads: _Roads,
        points: npt.NDArray[np.object_],
        lon: FloatArray,
        lat: FloatArray,
        place: IntArray,
        edge: IntArray,
    ) -> None:
        self.place, self.edge = place, edge
        line = roads.local[edge]
        self.share = shapely.line_locate_point(line, points[place], normalized=True)
        spot = shapely.get_coordinates(shapely.line_interpolate_point(line, self.share, normalized=True))
        self.start = (lon[place], lat[place])
        self.end = from_utm(spot, roads.zone)
        self.metres = geodesic_km(*self.start, *self.end) * _M_PER_KM

    def dry(self, land: Land, asked: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        """Tell which of the ways asked for do not lead across water."""
        dry = asked & (self.metres <= UNJUDGED_KM * _M_PER_KM)
        row = np.flatnonzero(asked & ~dry)
        ends = [(lon[row], lat[row]) for lon, lat in (self.start, self.end)]
        dry[row] = land.island_of(*ends[0]) == land.island_of(*ends[1])
        # A shorter way cannot have that much of it off land.
        long = np.flatnonzero(dry & (self.metres > WET_KM * _M_PER_KM))
        legs = shapely.linestrings(
            np.stack([np.column_stack(self.start)[long], np.column_stack(self.end)[long]], axis=1)
        )
        dry[long] = land.wet_share(legs) * self.metres[long] <= WET_KM * _M_PER_KM
        return dry

    def keep(self, found: Snaps, rows: npt.NDArray[np.bool_]) -> None:
        """Write these ways down as the ones that are used."""
        place = self.place[rows]
        found.edge[place], found.share[place] = self.edge[rows], self.share[rows]
        found.lon[place], found.lat[place] = self.end[0][rows], self.end[1][rows]
        found.metres[place], found.reason[place] = self.metres[rows], JOINED
