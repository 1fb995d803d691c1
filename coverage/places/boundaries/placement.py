"""Where the polygons of the workspace put the villages: their points, and the tier that they stand on."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import geopandas as gpd

INDICATIVE = "indikatif"
MIXED = "campuran"
WHOLE_SHARE = 0.9
"""Share of a region's villages that must have a polygon of one tier for the region to be called by it."""

_SAME_POINT_DEG = 1e-6


def placed_villages(villages: pd.DataFrame, boundaries: "gpd.GeoDataFrame | None") -> pd.DataFrame:
    """Move village points into their polygons.

    A point that lies in its polygon stays: it is nearer to where people live than a computed one. Another moves to a
    point that is inside the largest part of the polygon, never to a centroid.

    Parameters
    ----------
    villages
        Index ``kode``; ``lat``, ``lon`` in degrees (EPSG:4326).
    boundaries
        As :func:`coverage.places.boundaries.boundary_store.held_if_any`.

    Returns
    -------
    DataFrame
        The same rows in the same order; ``lat``, ``lon`` replaced, ``boundary_tier`` added.
    """
    placed = villages.copy()
    if boundaries is None:
        return placed.assign(boundary_tier=INDICATIVE)
    row = boundaries.index.get_indexer(placed.index)
    has = row >= 0
    tier = np.full(len(placed), INDICATIVE, dtype=object)
    tier[has] = boundaries["tier"].to_numpy(dtype=object)[row[has]]
    placed["boundary_tier"] = tier
    if has.any():
        # Without a polygon nobody waits for geometry.
        from coverage.places.boundaries.village_areas import points_inside  # noqa: PLC0415 - see above

        shapes = np.asarray(boundaries.geometry.array, dtype=object)[row[has]]
        placed.loc[has, ["lon", "lat"]] = points_inside(shapes, placed.loc[has, ["lon", "lat"]].to_numpy(np.float64))
    return placed


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
