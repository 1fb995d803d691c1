"""Catchments: the area from which a place is reached within some minutes.

Every way is walked back from the place; from each of its points people still come as far aside as the access speed
allows in the minutes left, at most the limit of an access leg. The discs are joined and cut to land; a piece of land
that no way leads to lies across water and goes. On the indicative network ways are the straight lines between villages.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from coverage.ground.geometry import FloatArray
from coverage.travel.network.graph import ACCESS, FERRY, ROAD, Network
from coverage.travel.network.speeds import Speeds
from coverage.travel.reach import within

CUTOFFS_MIN = (30.0, 60.0, 90.0, 120.0)

_KM_PER_DEG = 111.2
_STEP_KM = 0.25
_SMALLEST_KM = 0.1
_VILLAGE_KM = 0.4
_CELL_SHARE = 0.3
_MINUTES_PER_HOUR = 60.0
_QUARTER = 6


class _Points(NamedTuple):
    """Points on ways: degrees, and minutes from there to the place."""

    lon: FloatArray
    lat: FloatArray
    minutes: FloatArray


def catchment_areas(
    network: Network,
    node: int,
    *,
    speeds: Speeds,
    land: npt.NDArray[np.object_],
    cutoffs_min: Sequence[float] = CUTOFFS_MIN,
    access_min: float = 0.0,
) -> list[shapely.Geometry]:
    """Draw the areas from which a node is reached within some minutes.

    Parameters
    ----------
    network
        The network; travel is towards the node.
    node
        Number of the place's node.
    speeds
        Access speed, its detour and the longest access leg.
    land
        Land polygons, EPSG:4326.
    cutoffs_min
        Minutes, ascending.
    access_min
        Minutes from the node to the place itself.

    Returns
    -------
    Polygon or multipolygon (EPSG:4326) per cutoff, each covering the one before; empty where nothing is reached.
    """
    minutes = _minutes_to(network, node) + access_min
    villages = slice(len(network.nodes))
    at_villages = _Points(network.lon[villages], network.lat[villages], minutes[villages])
    on_ways = _points_on_ways(network, minutes, max(cutoffs_min))
    # A landing place may have no way of its own.
    ways = _Points(*(np.concatenate(both) for both in zip(on_ways, at_villages, strict=True)))
    areas: list[shapely.Geometry] = []
    inner: shapely.Geometry = shapely.MultiPolygon()
    for cutoff in cutoffs_min:
        inner = shapely.union(inner, _area(ways, at_villages, cutoff, speeds, land))
        areas.append(inner)
    return areas


def _minutes_to(network: Network, node: int) -> FloatArray:
    """Give the minutes from every node by the rule of mixed networks: inside the place's own area only roads count."""
    whole = _search(network, node)
    area = network.area[node]
    if area < 0:
        return whole
    on_road = np.isin(network.kind, (ROAD, ACCESS))
    ends = (network.tail[on_road], network.head[on_road])
    graph = csr_array((np.ones(on_road.sum()), ends), shape=(network.size, network.size))
    part = connected_components(graph, directed=False)[1]
    ruled = np.isin(part, np.unique(part[network.area == area]))
    return np.where(ruled, _search(network.by_roads, node), whole)


def _search(network: Network, node: int) -> FloatArray:
    towards = csr_array(network.impedance.T)
    return np.asarray(dijkstra(towards, directed=True, indices=np.array([node]))[0], dtype=np.float64)


def _points_on_ways(network: Network, minutes: FloatArray, longest_min: float) -> _Points:
    """Set points on all ways that lead to the place in time, at most a step apart; crossings are no ways."""
    # Whoever is exactly the cutoff away has no disc around him (`_SMALLEST_KM`), and draws nothing.
    arcs = np.flatnonzero(within(minutes[network.head], longest_min) & (network.kind != FERRY))
    count = np.ceil(network.km[arcs] / _STEP_KM).astype(np.int64) + 1
    arc = np.repeat(arcs, count)
    first = np.cumsum(count) - count
    share = (np.arange(len(arc)) - np.repeat(first, count)) / np.repeat(np.maximum(count - 1, 1), count)
    left = minutes[network.head[arc]] + (1 - share) * network.minutes[arc]
    near = within(left, longest_min)
    arc, share, left = arc[near], share[near], left[near]
    tail, head = network.tail[arc], network.head[arc]
    lon = network.lon[tail] + share * (network.lon[head] - network.lon[tail])
    lat = network.lat[tail] + share * (network.lat[head] - network.lat[tail])
    drawn = np.flatnonzero(network.edge[arc] >= 0)
    if len(drawn):
        at = arc[drawn]
        along = network.start[at] + share[drawn] * (network.end[at] - network.start[at])
        spots = shapely.line_interpolate_point(network.lines[network.edge[at]], along, normalized=True)
        lon[drawn], lat[drawn] = shapely.get_x(spots), shapely.get_y(spots)
    return _Points(lon, lat, left)


def _area(
    ways: _Points, villages: _Points, cutoff_min: float, speeds: Speeds, land: npt.NDArray[np.object_]
) -> shapely.Geometry:
    reach_km = (cutoff_min - ways.minutes) * speeds.access_km_per_h / _MINUTES_PER_HOUR / speeds.access_detour
    reach_km = np.minimum(reach_km, speeds.access_limit_km)
    kept = reach_km >= _SMALLEST_KM
    reached = within(villages.minutes, cutoff_min)
    spots = shapely.points(villages.lon[reached], villages.lat[reached])
    if not kept.any() and len(spots) == 0:
        return shapely.MultiPolygon()
    lon, lat, radius = _thinned(ways.lon[kept], ways.lat[kept], reach_km[kept])
    dry = _on_reached_land(_joined_discs(lon, lat, radius), shapely.points(ways.lon[kept], ways.lat[kept]), land)
    outside = spots[~shapely.covers(dry, spots)]
    # A village off the drawn land is reached all the same, and must not vanish from the map.
    alone = _joined_discs(shapely.get_x(outside), shapely.get_y(outside), np.full(len(outside), _VILLAGE_KM))
    return shapely.union(dry, alone)


def _thinned(lon: FloatArray, lat: FloatArray, radius_km: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Keep one disc, the largest, of those that lie close together for their size."""
    if len(lon) == 0:
        return lon, lat, radius_km
    order = np.argsort(-radius_km, kind="stable")
    lon, lat, radius_km = lon[order], lat[order], radius_km[order]
    level = np.floor(np.log2(_CELL_SHARE * radius_km))
    cell_deg = 2.0**level / _KM_PER_DEG
    keys = np.column_stack([level, np.floor(lon / cell_deg), np.floor(lat / cell_deg)])
    first = np.sort(np.unique(keys, axis=0, return_index=True)[1])
    return lon[first], lat[first], radius_km[first]


def _joined_discs(lon: FloatArray, lat: FloatArray, radius_km: FloatArray) -> shapely.Geometry:
    if len(lon) == 0:
        return shapely.MultiPolygon()
    wide = np.cos(np.radians(lat.mean()))
    discs = shapely.buffer(shapely.points(lon * wide, lat), radius_km / _KM_PER_DEG, quad_segs=_QUARTER)
    return shapely.transform(shapely.union_all(discs), lambda at: at / np.array([wide, 1.0]))


def _on_reached_land(
    reach: shapely.Geometry, spots: npt.NDArray[np.object_], land: npt.NDArray[np.object_]
) -> shapely.Geometry:
    """Cut an area to land, and drop the pieces that no way leads to: they lie across water."""
    if shapely.is_empty(reach):
        return reach
    near = land[shapely.STRtree(land).query(reach, predicate="intersects")]
    near = shapely.make_valid(shapely.clip_by_rect(near, *shapely.bounds(reach)))
    pieces = shapely.get_parts(shapely.intersection(near, reach))
    pieces = pieces[shapely.get_type_id(pieces) == shapely.GeometryType.POLYGON]
    trodden = np.unique(shapely.STRtree(spots).query(pieces, predicate="intersects")[0])
    return shapely.union_all(pieces[trodden])
