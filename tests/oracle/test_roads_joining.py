"""Joining line ends, against whole lines linked where an end of one lies within the tolerance of the other."""

import os
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from coverage.travel.roads.build import without_doubles
from coverage.travel.roads.lines import Columns, read_lines
from coverage.travel.roads.topology import STEPS_M, connection, snapped

ROOT = Path(__file__).resolve().parents[2]
PATH = Path(os.environ.get("JANGKAU_SHARED", ROOT.parent / "shared")) / "data" / "roads" / "bantul_diy.geojson"


def linked(lines, within_m):
    """Count the parts of lines that touch each other with an end, and the longest part's share; metres."""
    joins = [
        shapely.STRtree(lines).query(shapely.get_point(lines, end), predicate="dwithin", distance=within_m)
        for end in (0, -1)
    ]
    one, other = np.concatenate(joins, axis=1)
    graph = coo_array((np.ones(len(one)), (one, other)), shape=(len(lines), len(lines)))
    count, part = connected_components(graph, directed=False)
    length = np.bincount(part, weights=shapely.length(lines))
    return count, length.max() / length.sum()


@pytest.mark.shared
@pytest.mark.skipif(not PATH.is_file(), reason="needs the real test material beside the repository")
def test_each_tolerance_connects_what_lies_within_it():
    pieces, _ = without_doubles(read_lines(PATH, Columns(road_class="JALAN")).segments)
    lines = shapely.get_parts(gpd.read_file(PATH).to_crs(32749).geometry.to_numpy())
    for step in STEPS_M:
        joined, _ = snapped(pieces, step)
        found = connection(joined.tail, joined.head, joined.km())
        parts, share = linked(lines, step)
        # UTM stretches a metre by up to 0,4 mm here, which may decide one gap or two.
        assert found.components == pytest.approx(parts, abs=2)
        assert found.largest_share == pytest.approx(share, abs=0.01)
