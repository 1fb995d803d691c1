"""The Gabriel graph against its definition, pair by pair."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coverage.travel.network.proximity import gabriel_edges

UTM_CORNER = np.array([500_000.0, 9_500_000.0])


def naive(xy):
    """List the pairs whose closed circle holds no third point: it would see the pair at 90 degrees or more."""
    found = []
    for i in range(len(xy)):
        for j in range(i + 1, len(xy)):
            angle = ((xy[i] - xy) * (xy[j] - xy)).sum(axis=1)
            angle[[i, j]] = 1
            if (angle > 0).all():
                found.append((i, j))
    return found


def check(xy):
    found = gabriel_edges(np.asarray(xy, dtype=float))
    assert [tuple(pair) for pair in found.tolist()] == naive(np.asarray(xy))
    graph = nx.Graph(found.tolist())
    graph.add_nodes_from(range(len(xy)))
    assert nx.is_connected(graph)


def points(least, most, span):
    one = st.tuples(st.integers(0, span), st.integers(0, span))
    return st.lists(one, min_size=least, max_size=most, unique=True).map(np.array)


@given(points(2, 40, 1000))
def test_few_points_have_the_edges_of_the_definition(xy):
    check(xy)


@given(points(41, 60, 1000))
def test_many_points_have_the_edges_of_the_definition(xy):
    check(xy)


@given(points(41, 60, 9))
def test_points_of_a_lattice_have_the_edges_of_the_definition(xy):
    check(xy)


@pytest.mark.parametrize("side", [2, 6, 7, 9])
def test_a_full_grid_has_its_sides_and_no_diagonals(side):
    xy = np.array([(x, y) for x in range(side) for y in range(side)])
    assert len(gabriel_edges(xy * 1000.0)) == 2 * side * (side - 1)
    check(xy)


@pytest.mark.parametrize("count", [2, 3, 40, 41, 90])
def test_points_on_a_line_are_joined_in_their_order(count):
    along = np.random.default_rng(count).permutation(count)
    check(np.column_stack([along * 3, along * 7]))


ON_TWO_LINES = np.array(
    [(0, y) for y in (*range(26), 39, 48, 59, 70, 90, 92, 109, 118, 123, 259, 264)] + [(x, 0) for x in range(1, 7)]
)


@given(points(41, 60, 300), st.integers(0, 59))
@example(ON_TWO_LINES, 34)
@example(ON_TWO_LINES, 2)
def test_points_thirty_metres_apart_stay_connected_in_utm(xy, at):
    """A third point this near to the circle of an edge of 300 km is told from one on it; a decimetre is not."""
    twin = xy[at % len(xy)] * 1000.0 + (30.0, 0.0)
    metres = np.vstack([xy * 1000.0, twin]) + UTM_CORNER
    graph = nx.Graph(gabriel_edges(metres).tolist())
    assert set(graph) == set(range(len(metres)))
    assert nx.is_connected(graph)


@pytest.mark.parametrize("count", [0, 1])
def test_a_lone_point_has_no_edge(count):
    assert gabriel_edges(np.zeros((count, 2))).shape == (0, 2)
