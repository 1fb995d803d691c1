"""Drawn land: which island a point is on, and which points lie together."""

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from coverage.ground.geometry import FloatArray, IntArray

__all__ = ["SHORE_KM", "group_nearby", "land_of"]

SHORE_KM = 2.0
"""A point farther than this from all drawn land stands on an island of its own, not on the nearest one."""

_KM_PER_DEG = 111.2


def land_of(
    points: npt.NDArray[np.object_], land: npt.NDArray[np.object_], *, shore_km: float = SHORE_KM
) -> tuple[IntArray, FloatArray]:
    """Find the land polygon each point is on, or the nearest one within `shore_km`.

    Parameters
    ----------
    points, land
        Shapely points and polygons in EPSG:4326.
    shore_km
        How far off drawn land a village at the water's edge may lie (reef and stilt villages,
        and the error of the shoreline itself).

    Returns
    -------
    Index of the polygon per point (-1: none within reach) and the distance off land in kilometres.
    """
    tree = shapely.STRtree(land)
    (_, nearest), distance = tree.query_nearest(points, return_distance=True, all_matches=False)
    off_km = np.asarray(distance) * _KM_PER_DEG
    return np.where(off_km <= shore_km, nearest, -1), off_km


def group_nearby(lonlat: FloatArray, *, within_km: float = SHORE_KM) -> IntArray:
    """Group points that are chained together by steps of at most `within_km`.

    Examples
    --------
    >>> group_nearby(np.array([[122.0, -4.0], [122.01, -4.0], [123.0, -4.0]]))
    array([0, 0, 1])
    """
    n = len(lonlat)
    pairs = cKDTree(lonlat).query_pairs(within_km / _KM_PER_DEG, output_type="ndarray")
    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)
