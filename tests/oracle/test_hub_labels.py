"""Hub labels against SciPy's Dijkstra on the raw directed graph, and against the path itself for kilometres."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from coverage.travel import hub_labels
from coverage.travel.hub_labels import Arcs, build_labels


@st.composite
def graphs(draw):
    nodes = draw(st.integers(1, 30))
    size = draw(st.integers(0, 80))
    node = st.integers(0, nodes - 1)
    numbers = st.lists(node, min_size=size, max_size=size)
    minutes = st.lists(st.integers(1, 40), min_size=size, max_size=size)
    return Arcs(
        nodes,
        np.array(draw(numbers), dtype=np.int64),
        np.array(draw(numbers), dtype=np.int64),
        np.array(draw(minutes), dtype=float) + np.sqrt(np.arange(size) + 2.0) / 97,
        np.array(draw(minutes), dtype=float) / 8,
    )


def oracle(arcs):
    """Walk the trees of Dijkstra; the minutes are drawn so that no two paths are equally quick."""
    best = {}
    for tail, head, minutes, km in zip(arcs.tail, arcs.head, arcs.minutes, arcs.km, strict=True):
        if tail != head:
            best[tail, head] = min(best.get((tail, head), (np.inf, np.inf)), (minutes, km))
    ends = np.array(list(best), dtype=np.int64).reshape(-1, 2)
    weights = np.array([way[0] for way in best.values()])
    matrix = csr_array((weights, (ends[:, 0], ends[:, 1])), shape=(arcs.nodes, arcs.nodes))
    minutes, before = dijkstra(matrix, return_predecessors=True)
    km = np.where(np.isfinite(minutes), 0.0, np.inf)
    for origin, node in zip(*np.nonzero(before >= 0), strict=True):
        at = node
        while at != origin:
            previous = before[origin, at]
            km[origin, node] += best[previous, at][1]
            at = previous
    return minutes, km


@pytest.mark.parametrize("dense_degree", [0, 3, 99])
@settings(max_examples=60, deadline=None)
@given(arcs=graphs(), data=st.data())
def test_minutes_and_kilometres_are_those_of_dijkstra(dense_degree, arcs, data):
    node = st.integers(0, arcs.nodes - 1)
    origins = np.array(data.draw(st.lists(node, min_size=1, max_size=8, unique=True)), dtype=np.int64)
    destinations = np.array(data.draw(st.lists(node, min_size=1, max_size=8, unique=True)), dtype=np.int64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(hub_labels, "_DENSE_DEGREE", dense_degree)
        labels = build_labels(arcs, np.union1d(origins, destinations))
    minutes, km = labels.between(origins, destinations)
    told_minutes, told_km = oracle(arcs)
    assert minutes == pytest.approx(told_minutes[np.ix_(origins, destinations)], abs=1e-9)
    assert km == pytest.approx(told_km[np.ix_(origins, destinations)], abs=1e-9)


def test_one_way_streets_make_the_matrix_asymmetric():
    arcs = Arcs(3, np.array([0, 1, 2]), np.array([1, 2, 0]), np.array([1.0, 1.0, 1.0]), np.ones(3))
    minutes, _ = build_labels(arcs, np.arange(3)).between(np.arange(3), np.arange(3))
    assert minutes.tolist() == [[0, 1, 2], [2, 0, 1], [1, 2, 0]]


def test_nobody_is_far_from_himself_and_strangers_are_not_connected():
    arcs = Arcs(2, np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0))
    minutes, km = build_labels(arcs, np.arange(2)).between(np.arange(2), np.arange(2))
    assert minutes.tolist() == [[0, np.inf], [np.inf, 0]]
    assert km.tolist() == [[0, np.inf], [np.inf, 0]]


def test_of_parallel_arcs_the_quicker_counts_and_of_equally_quick_the_shorter():
    arcs = Arcs(
        2, np.zeros(3, dtype=np.int64), np.ones(3, dtype=np.int64), np.array([5.0, 3.0, 3.0]), np.array([1, 9, 7.0])
    )
    minutes, km = build_labels(arcs, np.arange(2)).between(np.array([0]), np.array([1]))
    assert (minutes[0, 0], km[0, 0]) == (3, 7)
