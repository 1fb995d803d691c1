"""The areas of villages: polygons of the workspace, and what they leave of the indicative cells."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from coverage.ground.geometry import FloatArray
from coverage.places.boundaries.boundary_store import CRS
from coverage.places.boundaries.placement import INDICATIVE
from coverage.places.indicative_cells import village_cells
from coverage.places.villages import load_villages, mask_in_region

_LEFT_DEG = 0.004
_SMALLEST_DEG2 = 1e-8


def points_inside(shapes: np.ndarray, points: FloatArray) -> FloatArray:
    """Give points that lie in their polygons: those given, where they do, else one inside the largest part.

    Parameters
    ----------
    shapes, points
        Polygons, shape (n,), and longitude and latitude of a point each, shape (n, 2); EPSG:4326.
    """
    inside = points.copy()
    out = ~shapely.covers(shapes, shapely.points(points))
    inner = shapely.point_on_surface(_largest(shapes[out]))
    inside[out] = np.column_stack([shapely.get_x(inner), shapely.get_y(inner)])
    return inside


def _largest(shapes: np.ndarray) -> np.ndarray:
    parts, of = shapely.get_parts(shapes, return_index=True)
    area = pd.DataFrame({"of": of, "area": shapely.area(parts)})
    return np.asarray(np.asarray(parts)[area.groupby("of")["area"].idxmax().to_numpy()])


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
