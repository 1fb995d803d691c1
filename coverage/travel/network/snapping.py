"""Places joined to real roads: the nearest point ON an edge, within a limit, and never across water.

The way from a place to the road is taken as straight. It leads across water when

- the two ends stand on different islands: each on the drawn land it lies on, or on the nearest within
  :data:`coverage.ground.land.SHORE_KM` (stilt villages stand off the shore), or
- more than :data:`WET_KM` of it lie off all drawn land. The shoreline is some hundred metres off, and a smaller limit
  would cut off villages at the water's edge; a larger one would let islets that nobody drew reach over their strait.

A way of at most :data:`UNJUDGED_KM` is not judged: it is shorter than the error of the shoreline, and a kelurahan on
the quay would else lose the street in front of it to an islet drawn too near. Where the nearest edge is across water,
the next ones within the limit are tried. Rivers are not drawn, so a way over a river is not seen as one.

Where the road itself lies off all drawn land, the drawing is wrong and not the road: the way is then believed if the
road leads, by land, onto the island the place stands on, or onto no drawn land at all.

A place joins the network and not a fragment some metres nearer: of the roads within :data:`REACH` times the nearest
one, the nearest that lies in a large part. Large is what has at least :data:`LARGE_SHARE` of the largest of these. For
such a change even a short way must stay on the island of the place, so that an islet keeps its own small network.
"""

from dataclasses import dataclass
from functools import cache, cached_property

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from coverage.ground.geometry import FloatArray, IntArray, from_utm, geodesic_km, to_utm, utm_zone
from coverage.ground.land import land_of
from coverage.ground.registry import data_file
from coverage.travel.network.snap_reasons import ACROSS_WATER, JOINED, NO_ROADS, TOO_FAR

WET_KM = 0.5
UNJUDGED_KM = 0.15
REACH = 1.5
LARGE_SHARE = 0.1

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


@dataclass(frozen=True)
class Parts:
    """How roads hang together; one value a line.

    ``network_km`` is the length of the part within which one can drive from the line and back again; 0 for a
    line that only leads away. ``by_land`` numbers the parts that hang together by roads alone, whatever the direction.
    """

    network_km: FloatArray
    by_land: IntArray


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
    lon: FloatArray,
    lat: FloatArray,
    lines: npt.NDArray[np.object_],
    land: Land,
    *,
    limit_km: float,
    parts: Parts | None = None,
) -> Snaps:
    """Find the nearest point on a line of the network for each place.

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
    parts
        How the lines hang together; left out, each is as good as the other.

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
    if parts is None:
        parts = Parts(np.ones(len(lines)), np.zeros(len(lines), dtype=np.int64))
    roads = _Roads(lines, utm_zone(float(lon.mean())), parts, land)
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
    _prefer_network(found, roads, points, (lon, lat), limit_km)
    return found


def _prefer_network(
    found: Snaps, roads: "_Roads", points: npt.NDArray[np.object_], at: tuple[FloatArray, FloatArray], limit_km: float
) -> None:
    """Move places from a fragment to the large part of the network where that is hardly farther."""
    size = roads.parts.network_km
    joined = np.flatnonzero(found.edge >= 0)
    small = joined[size[found.edge[joined]] < LARGE_SHARE * size.max()]
    reach = np.minimum(REACH * found.metres, limit_km * _M_PER_KM)
    place, edge = roads.within(points[small], reach[small] * _SCALE_ERROR)
    others = _Trial(roads, points, *at, small[place], edge)
    usable = others.metres <= reach[others.place]
    usable &= others.dry(roads.land, usable, unjudged_km=0.0)
    largest = size[found.edge].copy()
    np.maximum.at(largest, others.place[usable], size[edge[usable]])
    better = np.flatnonzero(usable & (size[edge] >= LARGE_SHARE * largest[others.place]))
    better = better[size[found.edge[others.place[better]]] < LARGE_SHARE * largest[others.place[better]]]
    first = better[np.lexsort((edge[better], others.metres[better], others.place[better]))]
    kept = np.zeros(len(edge), dtype=bool)
    kept[first[np.unique(others.place[first], return_index=True)[1]]] = True
    others.keep(found, kept)


class _Roads:
    """Lines in the metres of one UTM zone, which keep directions and, along a line, shares of its length."""

    def __init__(self, lines: npt.NDArray[np.object_], zone: int, parts: Parts, land: Land) -> None:
        self.lines, self.zone, self.parts, self.land = lines, zone, parts, land
        self.local = shapely.transform(lines, lambda place: to_utm(place[:, 0], place[:, 1], zone))
        self.tree = shapely.STRtree(self.local)

    def nearest(self, points: npt.NDArray[np.object_]) -> IntArray:
        """Give the nearest line of each point, of equally near ones the first."""
        place, edge = self.tree.query_nearest(points, all_matches=True)
        order = np.lexsort((edge, place))
        return np.asarray(edge[order][np.unique(place[order], return_index=True)[1]], dtype=np.int64)

    @cached_property
    def islands(self) -> tuple[set[tuple[int, int]], set[int]]:
        """Give the pairs of a part by land and an island it lies on, and the parts that lie on some."""
        spot, of = shapely.get_coordinates(self.lines, return_index=True)
        if len(self.land.polygons) == 0:
            return set(), set()
        at, polygon = shapely.STRtree(self.land.polygons).query(shapely.points(spot), predicate="intersects")
        part = self.parts.by_land[of[at]].tolist()
        return set(zip(part, self.land.island[polygon].tolist(), strict=True)), set(part)

    def within(self, points: npt.NDArray[np.object_], metres: float | FloatArray) -> tuple[IntArray, IntArray]:
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
        self.roads, self.place, self.edge = roads, place, edge
        line = roads.local[edge]
        self.share = shapely.line_locate_point(line, points[place], normalized=True)
        spot = shapely.get_coordinates(shapely.line_interpolate_point(line, self.share, normalized=True))
        self.start = (lon[place], lat[place])
        self.end = from_utm(spot, roads.zone)
        self.metres = geodesic_km(*self.start, *self.end) * _M_PER_KM

    def dry(
        self, land: Land, asked: npt.NDArray[np.bool_], *, unjudged_km: float = UNJUDGED_KM
    ) -> npt.NDArray[np.bool_]:
        """Tell which of the ways asked for do not lead across water."""
        dry = asked & (self.metres <= unjudged_km * _M_PER_KM)
        row = np.flatnonzero(asked & ~dry)
        ends = [(lon[row], lat[row]) for lon, lat in (self.start, self.end)]
        dry[row] = land.island_of(*ends[0]) == land.island_of(*ends[1])
        # A shorter way cannot have that much of it off land.
        long = np.flatnonzero(dry & (self.metres > WET_KM * _M_PER_KM))
        legs = shapely.linestrings(
            np.stack([np.column_stack(self.start)[long], np.column_stack(self.end)[long]], axis=1)
        )
        dry[long] = land.wet_share(legs) * self.metres[long] <= WET_KM * _M_PER_KM
        wet = np.flatnonzero(asked & ~dry)
        dry[wet] = self._drawn_wrong(land, wet)
        return dry

    def _drawn_wrong(self, land: Land, rows: IntArray) -> npt.NDArray[np.bool_]:
        """Tell which ways end on a road off all drawn land that leads onto the place's island, or onto none drawn."""
        if len(rows) == 0 or len(land.polygons) == 0:
            return np.zeros(len(rows), dtype=bool)
        off = np.ones(len(rows), dtype=bool)
        spots = shapely.points(self.end[0][rows], self.end[1][rows])
        off[shapely.STRtree(land.polygons).query(spots, predicate="intersects")[0]] = False
        if not off.any():
            return off
        on, drawn = self.roads.islands
        island = land.island_of(self.start[0][rows], self.start[1][rows]).tolist()
        part = self.roads.parts.by_land[self.edge[rows]].tolist()
        leads = [pair in on or pair[0] not in drawn for pair in zip(part, island, strict=True)]
        return np.asarray(off & np.array(leads, dtype=bool), dtype=bool)

    def keep(self, found: Snaps, rows: npt.NDArray[np.bool_]) -> None:
        """Write these ways down as the ones that are used."""
        place = self.place[rows]
        found.edge[place], found.share[place] = self.edge[rows], self.share[rows]
        found.lon[place], found.lat[place] = self.end[0][rows], self.end[1][rows]
        found.metres[place], found.reason[place] = self.metres[rows], JOINED
