"""Where the polygons of the workspace put the villages: their areas, their points, and the tier they stand on."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from coverage.places.boundaries.boundary_store import CRS
from coverage.places.indicative_cells import TIER as INDICATIVE
from coverage.places.indicative_cells import village_cells
from coverage.places.villages import load_villages, mask_in_region

MIXED = "campuran"
WHOLE_SHARE = 0.9
"""Share of a region's villages that must have a polygon of one tier for the region to be called by it."""

_SAME_POINT_DEG = 1e-6
_LEFT_DEG = 0.004
_SMALLEST_DEG2 = 1e-8


def placed_villages(villages: pd.DataFrame, boundaries: gpd.GeoDataFrame) -> pd.DataFrame:
    """Move village points into their polygons.

    A point that lies in its polygon stays: it is nearer to where people live than a computed one. Another moves to a
    point that is inside the largest part of the polygon, never to a centroid.

    Parameters
    ----------
    villages
        Index ``kode``; ``lat``, ``lon`` in degrees (EPSG:4326).
    boundaries
        As :func:`coverage.places.boundaries.boundary_store.held`.

    Returns
    -------
    DataFrame
        The same rows in the same order; ``lat``, ``lon`` replaced, ``boundary_tier`` added.
    """
    placed = villages.copy()
    row = boundaries.index.get_indexer(placed.index)
    has = row >= 0
    tier = np.full(len(placed), INDICATIVE, dtype=object)
    tier[has] = boundaries["tier"].to_numpy(dtype=object)[row[has]]
    placed["boundary_tier"] = tier
    if not has.any():
        return placed
    shapes = np.asarray(boundaries.geometry.array, dtype=object)[row[has]]
    lonlat = placed.loc[has, ["lon", "lat"]].to_numpy(np.float64, copy=True)
    out = ~shapely.covers(shapes, shapely.points(lonlat))
    inner = shapely.point_on_surface(_largest(shapes[out]))
    lonlat[out] = np.column_stack([shapely.get_x(inner), shapely.get_y(inner)])
    placed.loc[has, ["lon", "lat"]] = lonlat
    return placed


def _largest(shapes: np.ndarray) -> np.ndarray:
    parts, of = shapely.get_parts(shapes, return_index=True)
    area = pd.DataFrame({"of": of, "area": shapely.area(parts)})
    return np.asarray(np.asarray(parts)[area.groupby("of")["area"].idxmax().to_numpy()])


def follow_villages(places: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Move what stands on a village's point (``kode``, ``lat``, ``lon``) along with it; a surveyed place stays."""
    row = before.index.get_indexer(pd.Index(places["kode"]))
    stands = row >= 0
    for column in ("lat", "lon"):
        was = before[column].to_numpy(np.float64)[row]
        stands &= np.abs(places[column].to_numpy(np.float64) - was) < _SAME_POINT_DEG
    moved = places.copy()
    for column in ("lat", "lon"):
        moved.loc[stands, column] = after[column].to_numpy(np.float64)[row[stands]]
    return moved


def tier_of(boundary_tier: pd.Series) -> str:
    """Name the tier of a region by those of its villages.

    A region is called by a tier when at least nine of ten villages have a polygon of it and no other tier's polygon
    stands beside it; ``campuran`` is everything between that and no polygon at all.

    Examples
    --------
    >>> tier_of(pd.Series(["resmi"] * 19 + ["indikatif"])), tier_of(pd.Series(["resmi", "indikatif"]))
    ('resmi', 'campuran')
    """
    drawn = boundary_tier[boundary_tier != INDICATIVE]
    if drawn.empty:
        return INDICATIVE
    if (drawn == drawn.iloc[0]).all() and len(drawn) >= WHOLE_SHARE * len(boundary_tier):
        return str(drawn.iloc[0])
    return MIXED


def drawn_areas(region: str, boundaries: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give an area for every village of a region: its polygon where held, else what is left of its indicative cell.

    Parameters
    ----------
    boundaries
        As :func:`coverage.places.boundaries.boundary_store.held` gives them.

    Returns
    -------
    GeoDataFrame
        Index ``kode``, the villages of the region in their order; ``boundary_tier``; EPSG:4326.
    """
    kode = load_villages().index
    wanted = kode[mask_in_region(kode, region)]
    row = boundaries.index.get_indexer(wanted)
    has = row >= 0
    shapes = np.empty(len(wanted), dtype=object)
    tier = np.full(len(wanted), INDICATIVE, dtype=object)
    polygons = np.asarray(boundaries.geometry.array, dtype=object)
    shapes[has] = polygons[row[has]]
    tier[has] = boundaries["tier"].to_numpy(dtype=object)[row[has]]
    if not has.all():
        cells = village_cells(region)["geometry"].reindex(wanted[~has])
        points = load_villages().loc[wanted[~has], ["lon", "lat"]].to_numpy(np.float64)
        cells_left = _left_over(np.asarray(cells, dtype=object), shapes[has], shapely.points(points))
        shapes[~has] = cells_left
    return gpd.GeoDataFrame({"boundary_tier": tier}, index=wanted, geometry=shapes, crs=CRS).rename_axis("kode")


def _left_over(cells: np.ndarray, drawn: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Cut from indicative cells what polygons claim; a village without any land left keeps a small disc."""
    tree = shapely.STRtree(drawn)
    left = cells.copy()
    cell, polygon = tree.query(cells, predicate="intersects")
    for at in np.unique(cell):
        rest = shapely.difference(cells[at], shapely.union_all(drawn[polygon[cell == at]]))
        parts = [part for part in shapely.get_parts(rest) if part.geom_type == "Polygon" and part.area > _SMALLEST_DEG2]
        disc = shapely.intersection(cells[at], shapely.buffer(points[at], _LEFT_DEG))
        left[at] = shapely.multipolygons(parts) if parts else disc
    return left
