"""What hangs together, against SciPy: the same parts, numbered alike."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from coverage.ground.parquet import read_parquet
from coverage.ground.registry import data_file
from coverage.places.villages import load_villages
from coverage.travel.network.graph import connected_parts


@st.composite
def graphs(draw):
    """Give a number of nodes and arcs among them: loops, parallel arcs and nodes without any may occur."""
    size = draw(st.integers(0, 30))
    node = st.integers(0, max(size - 1, 0))
    arcs = draw(st.lists(st.tuples(node, node), max_size=40)) if size else []
    return size, *(np.array([arc[end] for arc in arcs], dtype=np.int64) for end in (0, 1))


def by_scipy(size, tail, head):
    arcs = coo_array((np.ones(len(tail)), (tail, head)), shape=(size, size))
    return connected_components(arcs, directed=True, connection="weak")[1]


@given(graphs())
def test_parts_are_those_of_scipy(graph):
    found = connected_parts(*graph)
    assert found.dtype == np.int64
    assert found.tolist() == ([] if graph[0] == 0 else by_scipy(*graph).tolist())


def test_a_long_way_is_one_part():
    order = np.random.default_rng(1).permutation(5_000)
    assert connected_parts(5_000, order[:-1], order[1:]).max() == 0


def test_parts_of_the_country_are_those_of_scipy():
    edges = read_parquet(data_file("proximity"))
    graph = len(load_villages()), edges["a"].to_numpy(np.int64), edges["b"].to_numpy(np.int64)
    assert np.array_equal(connected_parts(*graph), by_scipy(*graph))
