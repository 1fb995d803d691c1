"""The indicative road network's shape: a Gabriel graph of village points, island by island.

A Gabriel edge joins two points when no third lies in or on the circle that has the edge as diameter
(Gabriel & Sokal 1969, doi:10.2307/2412323). Edges never join two islands; an edge over a wide bay or
lake is cut, and a part of an island left alone is tied again where the least water lies between,
because an island can be walked.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Delaunay, cKDTree

from coverage.ground.geometry import FloatArray, IntArray, geodesic_km, to_utm, utm_zone

SEA_KM = 2.0
SEA_SHARE = 0.30
_FEW_POINTS = 40
_MARGIN_DEG = 1.5
_ZONE_DEG = 6
_TOLERANCE = 1e-9


def gabriel_edges(xy: FloatArray) -> IntArray:
    """Find the Gabriel graph of distinct points in a plane.

    Parameters
    ----------
    xy
        Shape (n, 2), metres.

    Returns
    -------
    Array of shape (m, 2): index pairs, the smaller first, sorted.
    """
    pairs = _candidates(xy)
    if len(pairs) == 0:
        return pairs
    first, second = xy[pairs[:, 0]], xy[pairs[:, 1]]
    radius = np.hypot(*(first - second).T) / 2
    if len(xy) == 2:  # noqa: PLR2004
        return pairs
    # The two ends are the nearest; a third as near as they are lies on the circle.
    distance = np.asarray(cKDTree(xy).query((first + second) / 2, k=3)[0])
    return np.asarray(pairs[distance[:, 2] > radius * (1 + _TOLERANCE)], dtype=np.int64)


def _candidates(xy: FloatArray) -> IntArray:
    """List pairs among which all Gabriel edges are: those of any Delaunay triangulation are enough."""
    n = len(xy)
    if n <= _FEW_POINTS:
        return np.column_stack(np.triu_indices(n, k=1)).astype(np.int64).reshape(-1, 2)
    middle = xy - xy.mean(axis=0)
    _, spread, axes = np.linalg.svd(middle, full_matrices=False)
    if spread[1] <= spread[0] * _TOLERANCE:
        along = np.argsort(middle @ axes[0], kind="stable")
        sides = np.column_stack([along[:-1], along[1:]])
    else:
        corners = Delaunay(middle).simplices
        sides = np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]])
    return np.unique(np.sort(sides, axis=1), axis=0).astype(np.int64)


def _island_edges(lon: FloatArray, lat: FloatArray) -> IntArray:
    """Find one island's Gabriel edges, zone by zone where it is wider than a UTM zone."""
    if len(lon) < 2:  # noqa: PLR2004
        return np.empty((0, 2), dtype=np.int64)
    if np.ptp(lon) <= _ZONE_DEG:
        return gabriel_edges(to_utm(lon, lat, utm_zone(float(lon.mean()))))
    found = []
    for zone in range(utm_zone(float(lon.min())), utm_zone(float(lon.max())) + 1):
        west = (zone - 1) * _ZONE_DEG - 180
        near = np.flatnonzero((lon >= west - _MARGIN_DEG) & (lon < west + _ZONE_DEG + _MARGIN_DEG))
        pairs = near[gabriel_edges(to_utm(lon[near], lat[near], zone))]
        middle = (lon[pairs[:, 0]] + lon[pairs[:, 1]]) / 2
        found.append(pairs[(middle >= west) & (middle < west + _ZONE_DEG)])
    return np.unique(np.vstack(found), axis=0)


def _water_km(
    lines: npt.NDArray[np.object_], length_km: FloatArray, islands: IntArray, land: dict[int, shapely.Geometry]
) -> FloatArray:
    """Measure how much of each line does not lie on its own island's land."""
    water = np.zeros(len(lines))
    for island in np.unique(islands):
        rows = np.flatnonzero(islands == island)
        shape = land.get(int(island))
        if shape is None:
            water[rows] = length_km[rows]
            continue
        shapely.prepare(shape)
        wet = rows[~shapely.covers(shape, lines[rows])]
        if len(wet) == 0:
            continue
        parts = shapely.get_parts(shape)
        tree = shapely.STRtree(parts)
        touched_line, touched_part = tree.query(lines[wet], predicate="intersects")
        dry = np.zeros(len(wet))
        for part in np.unique(touched_part):
            whole = parts[part]
            mine = touched_line[touched_part == part]
            for row in mine:
                box = shapely.bounds(lines[wet[row]])
                near = shapely.clip_by_rect(whole, *(box + np.array([-0.001, -0.001, 0.001, 0.001])))
                dry[row] += shapely.length(shapely.intersection(lines[wet[row]], near))
        share = 1 - dry / np.maximum(shapely.length(lines[wet]), 1e-12)
        water[wet] = length_km[wet] * np.clip(share, 0, 1)
    return water


def _tie(pairs: IntArray, kept: npt.NDArray[np.bool_], cost: FloatArray, n: int) -> npt.NDArray[np.bool_]:
    """Keep in addition the cut edges that hold an island together, cheapest water first (Kruskal)."""
    graph = coo_array((np.ones(kept.sum()), pairs[kept].T), shape=(n, n))
    _, label = connected_components(graph, directed=False)
    kept = kept.copy()
    parent = np.arange(label.max() + 1)

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = int(parent[at])
        return at

    cut = np.flatnonzero(~kept)
    for row in cut[np.argsort(cost[cut], kind="stable")]:
        first, second = root(int(label[pairs[row, 0]])), root(int(label[pairs[row, 1]]))
        if first != second:
            parent[max(first, second)] = min(first, second)
            kept[row] = True
    return kept


def build_edges(villages: pd.DataFrame, land: dict[int, shapely.Geometry]) -> pd.DataFrame:
    """Build the edges of the proximity network.

    Parameters
    ----------
    villages
        Columns ``lon``, ``lat`` (EPSG:4326), ``island``; villages that share one position are joined by
        edges of length zero.
    land
        Land polygon per island number, EPSG:4326.

    Returns
    -------
    DataFrame
        ``a``, ``b`` (row numbers of `villages`), ``km`` (straight, geodesic), ``water_km`` (part of it off
        land), ``tied`` (kept over water only to hold the island together).
    """
    lon, lat = villages["lon"].to_numpy(float), villages["lat"].to_numpy(float)
    island = villages["island"].to_numpy(np.int64)
    place = pd.DataFrame({"lon": lon, "lat": lat, "island": island})
    first = (
        place.groupby(["lon", "lat", "island"], sort=False)["lon"].transform(lambda rows: rows.index[0]).to_numpy(int)
    )
    alone = np.flatnonzero(first == np.arange(len(first)))
    order = alone[np.argsort(island[alone], kind="stable")]
    starts = np.flatnonzero(np.r_[True, np.diff(island[order]) != 0])
    found = [rows[_island_edges(lon[rows], lat[rows])].reshape(-1, 2) for rows in np.split(order, starts[1:])]
    pairs = np.sort(np.vstack(found), axis=1)
    ends = np.column_stack([lon[pairs[:, 0]], lat[pairs[:, 0]], lon[pairs[:, 1]], lat[pairs[:, 1]]])
    km = geodesic_km(ends[:, 0], ends[:, 1], ends[:, 2], ends[:, 3])
    water = _water_km(shapely.linestrings(ends.reshape(-1, 2, 2)), km, island[pairs[:, 0]], land)
    dry_enough = (water <= SEA_KM) & (water <= SEA_SHARE * km)
    short = water <= 0.2  # noqa: PLR2004
    kept = _tie(pairs, dry_enough | short, water + km / 1000, len(villages))
    edges = pd.DataFrame({"a": pairs[:, 0], "b": pairs[:, 1], "km": km, "water_km": water})
    edges["tied"] = kept & ~(dry_enough | short)
    edges = edges[kept]
    twins = np.flatnonzero(first != np.arange(len(first)))
    same = pd.DataFrame({"a": first[twins], "b": twins, "km": 0.0, "water_km": 0.0, "tied": False})
    return pd.concat([edges, same], ignore_index=True).sort_values(["a", "b"], ignore_index=True)
