"""Which roads belong to a region: those on its indicative village areas and a little around them."""

import numpy as np
import numpy.typing as npt
import shapely

from coverage.ground.geometry import FloatArray
from coverage.places.indicative_cells import village_cells
from coverage.places.villages import load_villages, mask_in_region
from coverage.travel.roads.road_network import Roads
from coverage.travel.roads.segments import FERRY

FETCHED_KM = 2.0
"""How far around the region's village areas roads are fetched, and where at least one imported road must lie."""

KEPT_KM = 50.0
"""How far around the region imported roads are kept: the way from one village to the next may lead outside."""

LIMIT_KM = 2.0
"""A village farther than this from every road counts as not reached by the roads."""

_KM_PER_DEG = 111.2
_SIMPLE_DEG = 0.002


def region_area(region: str, around_km: float) -> shapely.Geometry:
    """Give the union of the region's indicative village areas, widened; EPSG:4326.

    The outline is simplified to about 200 m, and one degree taken as 111.2 km both ways (an error of up to 2 % in
    the width at the edges of Indonesia).
    """
    areas = shapely.union_all(village_cells(region).geometry.to_numpy())
    return shapely.buffer(shapely.simplify(areas, _SIMPLE_DEG), around_km / _KM_PER_DEG)


def inside(area: shapely.Geometry, lon: FloatArray, lat: FloatArray) -> npt.NDArray[np.bool_]:
    """Tell which places lie in an area."""
    shapely.prepare(area)
    return np.asarray(shapely.contains_xy(area, lon, lat), dtype=bool)


def villages_near(roads: Roads, region: str) -> tuple[int, int]:
    """Count the villages of a region within :data:`LIMIT_KM` of a road, and all of them."""
    villages = load_villages()
    wanted = villages[mask_in_region(villages.index, region)]
    lines = roads.line[roads.road_class != FERRY]
    scale = np.array([np.cos(np.radians(wanted["lat"].mean())), 1.0]) * _KM_PER_DEG
    points = shapely.points(wanted[["lon", "lat"]].to_numpy(dtype=float) * scale)
    if not len(lines):
        return 0, len(wanted)
    tree = shapely.STRtree(shapely.transform(lines, lambda at: at * scale))
    near = tree.query_nearest(points, max_distance=LIMIT_KM, all_matches=False)[0]
    return len(np.unique(near)), len(wanted)
