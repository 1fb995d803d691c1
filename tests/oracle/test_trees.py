"""Quickest paths from a few places, against SciPy's, whatever searches them: with ties, islands and limits."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra

from coverage.travel import trees
from coverage.travel.network.graph import Legs, two_way
from coverage.travel.trees import NO_NODE, quickest_trees

FEW = st.integers(2, 14)


@st.composite
def networks(draw):
    """Give a network whose legs take whole minutes, so that many ways are equally quick, and some places of it."""
    size = draw(FEW)
    node = st.integers(0, size - 1)
    legs = draw(st.lists(st.tuples(node, node, st.integers(1, 4)), max_size=30))
    a, b, minutes = (np.array([leg[part] for leg in legs if leg[0] != leg[1]], dtype=np.int64) for part in range(3))
    given_legs = Legs(a, b, minutes.astype(float), minutes * 1.5, np.full(len(a), -1))
    network = two_way(pd.Index([f"d{number}" for number in range(size)]), given_legs, ())
    some = st.lists(node, min_size=1, max_size=4, unique=True)
    return network, np.array(draw(some)), np.array(draw(some)), draw(st.sampled_from([np.inf, 1.0, 3.0, 5.0]))


@pytest.mark.parametrize("by_scipy", [False, True])
@pytest.mark.parametrize("towards", [False, True])
@given(asked=networks())
def test_trees_reach_all_ends_by_the_quickest_way(by_scipy, towards, asked):
    network, roots, ends, within = asked
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trees, "_SMALL", 0 if by_scipy else 10**9)
        time, before = quickest_trees(network, roots, ends, towards=towards, within_min=within)
    graph = network.impedance.T if towards else network.impedance
    right = dijkstra(graph, directed=True, indices=roots)
    right[right > within] = np.inf
    assert time[:, ends].tolist() == right[:, ends].tolist()
    minutes = graph.tocsr()
    for row, root in enumerate(roots):
        for end in ends[np.isfinite(time[row, ends])]:
            node, taken = int(end), 0.0
            while node != root:
                last = int(before[row, node])
                assert last != NO_NODE
                taken += minutes[last, node]
                node = last
            assert taken == time[row, end]
