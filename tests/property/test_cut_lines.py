"""Road lines cut by gaps below half a metre give the same minutes as the whole ones."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from coverage.travel.roads.build import without_doubles
from coverage.travel.roads.importing import SAME_END_M
from coverage.travel.roads.lines import Columns, read_lines
from coverage.travel.roads.topology import snapped

M = 1 / 111_320
ROWS = 3


def streets():
    """Draw the streets of a grid, a kilometre from corner to corner."""
    at = {(x, y): (113.2 + x * 0.009, -7.78 + y * 0.009) for x in range(ROWS) for y in range(ROWS)}
    return [
        np.array([at[corner], at[other]])
        for corner in at
        for other in ((corner[0] + 1, corner[1]), (corner[0], corner[1] + 1))
        if other in at
    ]


def km_between(lines, folder, snap_m):
    """Measure between all corners of the grid."""
    path = folder / "jalan.geojson"
    gpd.GeoDataFrame(geometry=[shapely.LineString(line) for line in lines], crs="EPSG:4326").to_file(path)
    pieces, _ = without_doubles(read_lines(path, Columns()).segments)
    pieces = snapped(pieces, snap_m)[0] if snap_m else pieces
    n = len(pieces.lon)
    # A corner is where a line ends; the node nearest to it stands for it.
    corners = np.unique(np.concatenate(streets()), axis=0)
    place = np.column_stack([pieces.lon, pieces.lat])
    at = [int(np.argmin(((place - corner) ** 2).sum(axis=1))) for corner in corners]
    graph = coo_array((pieces.km(), (pieces.tail, pieces.head)), shape=(n, n))
    return dijkstra(graph, directed=False, indices=at)[:, at]


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_gaps_below_half_a_metre_change_nothing(tmp_path_factory, seed):
    rng = np.random.default_rng(seed)
    folder = tmp_path_factory.mktemp("jalan")
    cut = []
    for line in streets():
        gap = rng.uniform(0.05, 0.9 * SAME_END_M) * M
        along = (line[1] - line[0]) / np.hypot(*(line[1] - line[0]))
        middle = line[0] + (line[1] - line[0]) * rng.uniform(0.3, 0.7)
        if rng.random() < 0.6:
            cut += [np.array([line[0], middle]), np.array([middle + along * gap, line[1]])]
        else:
            cut.append(line)
    whole = km_between(streets(), folder, 0.0)
    assert km_between(cut, folder, SAME_END_M) == pytest.approx(whole, abs=0.02)
