"""The OD matrix, by either of its engines, against networkx: Dijkstra's minutes, and a walk along the path."""

from unittest.mock import patch

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.travel import paths
from coverage.travel.network.graph import Legs, two_way
from coverage.travel.od import ODMatrix, Places, od_matrix

TIES = (1.0, 2.0, 3.0)
ENGINES = {"dijkstra": 10**9, "hub labels": 0}
both_engines = pytest.mark.parametrize("engine", ENGINES)


def random_network(seed, *, ties=False, most=18):
    rng = np.random.default_rng(seed)
    nodes, legs = int(rng.integers(2, most)), int(rng.integers(0, 2 * most))
    a, b = rng.integers(0, nodes, (2, legs))
    apart = a != b
    a, b = a[apart], b[apart]
    minutes = rng.choice(TIES, len(a)) if ties else rng.uniform(0.1, 90, len(a))
    ferry = np.where(rng.random(len(a)) < 0.3, np.arange(len(a)), -1)
    names = pd.Index([f"v{node}" for node in range(nodes)])
    ids = tuple(f"f{leg}" for leg in range(len(a)))
    return two_way(names, Legs(a, b, minutes, rng.uniform(0.1, 60, len(a)), ferry), ids)


def everywhere(network):
    count = len(network.nodes)
    zero = np.zeros(count)
    return Places(network.nodes, np.arange(count), zero, zero)


def travel(network, places, engine):
    with patch.object(paths, "_MANY", ENGINES[engine]):
        return od_matrix(network, network.nodes, places)


def square(network, engine):
    return travel(network, everywhere(network), engine)


def graph_of(network):
    graph = nx.MultiGraph()
    graph.add_nodes_from(range(len(network.nodes)))
    for leg in range(len(network.tail)):
        facts = {"minutes": network.minutes[leg], "km": network.km[leg], "ferry": int(network.ferry[leg] >= 0)}
        graph.add_edge(int(network.tail[leg]), int(network.head[leg]), **facts)
    return graph


def walk(graph, path):
    legs = [min(graph[a][b].values(), key=lambda leg: leg["minutes"]) for a, b in nx.utils.pairwise(path)]
    return sum(leg["km"] for leg in legs), sum(leg["ferry"] for leg in legs)


seeds = st.integers(0, 2**32 - 1)


@both_engines
@given(seed=seeds)
def test_minutes_are_dijkstras_and_kilometres_and_ferries_are_of_the_same_path(engine, seed):
    network = random_network(seed)
    found, graph = square(network, engine), graph_of(network)
    for start in graph:
        minutes, paths = nx.single_source_dijkstra(graph, start, weight="minutes")
        for end in graph:
            if end not in minutes:
                assert np.isinf(found.minutes[end, start])
                assert np.isinf(found.km[end, start])
                assert found.ferry_legs[end, start] == 0
                continue
            km, ferries = walk(graph, paths[end])
            assert found.minutes[end, start] == pytest.approx(minutes[end])
            assert found.km[end, start] == pytest.approx(km)
            assert found.ferry_legs[end, start] == ferries


@both_engines
@given(seed=seeds)
def test_of_equally_quick_paths_kilometres_and_ferries_are_of_one(engine, seed):
    network = random_network(seed, ties=True, most=9)
    found, graph = square(network, engine), graph_of(network)
    legs_of = {}
    for leg in range(len(network.tail)):
        legs_of.setdefault(frozenset((network.tail[leg], network.head[leg])), []).append(leg)
    for end, start in np.argwhere(np.isfinite(found.minutes)):
        if end == start:
            continue
        possible = set()
        for path in nx.all_shortest_paths(nx.Graph(graph), start, end, weight=quickest(graph)):
            sums = {(0.0, 0)}
            for pair in map(frozenset, nx.utils.pairwise(path)):
                best = min(network.minutes[leg] for leg in legs_of[pair])
                ties = [leg for leg in legs_of[pair] if network.minutes[leg] == best]
                sums = {(km + network.km[leg], n + (network.ferry[leg] >= 0)) for km, n in sums for leg in ties}
            possible |= {(round(km, 6), int(n)) for km, n in sums}
        assert (round(found.km[end, start], 6), int(found.ferry_legs[end, start])) in possible


def quickest(graph):
    return lambda a, b, _: min(leg["minutes"] for leg in graph[a][b].values())


@both_engines
@given(seed=seeds)
def test_travel_is_symmetric_free_at_home_and_never_longer_by_a_stop_on_the_way(engine, seed):
    found = square(random_network(seed), engine)
    assert np.allclose(found.minutes, found.minutes.T)
    assert np.allclose(found.km, found.km.T)
    assert (found.ferry_legs == found.ferry_legs.T).all()
    assert (np.diag(found.minutes) == 0).all()
    assert (np.diag(found.km) == 0).all()
    by_stop = (found.minutes[:, :, None] + found.minutes[None, :, :]).min(axis=1)
    assert (found.minutes <= by_stop + 1e-9).all()


@both_engines
@given(seed=seeds)
def test_not_connected_is_infinite_exactly_between_two_parts(engine, seed):
    network = random_network(seed)
    found = square(network, engine)
    apart = network.component[:, None] != network.component[None, :]
    assert (np.isinf(found.minutes) == apart).all()
    assert (np.isinf(found.km) == apart).all()
    assert not np.isnan(found.minutes).any()
    assert not np.isnan(found.km).any()


@both_engines
@given(seed=seeds)
def test_the_order_of_legs_does_not_matter(engine, seed):
    network = random_network(seed)
    order = np.random.default_rng(seed).permutation(len(network.tail))
    legs = Legs(*(getattr(network, name)[order] for name in ("head", "tail", "minutes", "km", "ferry")))
    turned = two_way(network.nodes, legs, network.ferry_ids)
    assert np.allclose(square(turned, engine).minutes, square(network, engine).minutes)
    assert np.allclose(square(turned, engine).km, square(network, engine).km)


@both_engines
@given(seed=seeds)
def test_without_its_ferries_a_network_is_that_of_the_other_legs(engine, seed):
    network = random_network(seed)
    gone = set(network.ferry_ids[::2])
    graph = graph_of(network)
    cut = nx.Graph()
    cut.add_nodes_from(graph)
    for leg in range(len(network.tail)):
        if network.ferry[leg] < 0 or network.ferry_ids[network.ferry[leg]] not in gone:
            cut.add_edge(int(network.tail[leg]), int(network.head[leg]))
    left = network.without_ferries(gone)
    assert len(set(left.component)) == nx.number_connected_components(cut)
    whole = network.without_ferries(())
    assert np.array_equal(square(whole, engine).minutes, square(network, engine).minutes)


@both_engines
@given(seed=seeds)
def test_a_connected_part_keeps_its_travel(engine, seed):
    network = random_network(seed)
    kept = network.component == network.component[0]
    part, whole = square(network.part(kept), engine), square(network, engine)
    assert np.allclose(part.minutes, whole.minutes[np.ix_(kept, kept)])
    assert np.allclose(part.km, whole.km[np.ix_(kept, kept)])
    assert (part.ferry_legs == whole.ferry_legs[np.ix_(kept, kept)]).all()


@both_engines
@pytest.mark.parametrize("quick", [0, 1, 2])
def test_of_parallel_legs_the_quickest_is_taken(quick, engine):
    minutes, km = np.array([50.0, 50.0, 50.0]), np.array([1.0, 2.0, 3.0])
    minutes[quick] = 40.0
    ferry, ends = np.array([-1, 0, -1]), np.zeros(3, dtype=int)
    found = square(two_way(pd.Index(["a", "b"]), Legs(ends, ends + 1, minutes, km, ferry), ("f",)), engine)
    assert (found.minutes[0, 1], found.km[0, 1], found.ferry_legs[0, 1]) == (40.0, km[quick], int(quick == 1))


@both_engines
@given(seed=seeds)
def test_access_legs_are_added_once_and_places_may_share_a_node(engine, seed):
    network = random_network(seed)
    count = len(network.nodes)
    rng = np.random.default_rng(seed)
    node = rng.integers(0, count, 150)
    access_min, access_km = rng.uniform(0, 9, (2, 150))
    found = travel(network, Places(pd.Index(range(150)), node, access_min, access_km), engine)
    plain = square(network, engine)
    assert np.allclose(found.minutes, plain.minutes[:, node] + access_min)
    assert np.allclose(found.km, plain.km[:, node] + access_km)
    assert (found.ferry_legs == plain.ferry_legs[:, node]).all()


def matrix(minutes):
    minutes = np.array(minutes, dtype=float)
    rows, columns = (pd.Index(range(size)) for size in minutes.shape)
    snapped = (np.zeros(len(rows)), np.zeros(len(columns)))
    return ODMatrix(rows, columns, minutes, minutes / 2, np.zeros(minutes.shape, dtype=int), *snapped)


INF = float("inf")
tables = st.integers(1, 5).flatmap(
    lambda width: st.lists(
        st.lists(st.sampled_from([0.0, 1.0, 2.5, 60.0, INF]), min_size=width, max_size=width), min_size=1, max_size=6
    )
)


@given(tables)
def test_the_nearest_is_the_least_and_of_equals_the_first(rows):
    column, minutes, km = matrix(rows).nearest()
    for row, at, least, length in zip(rows, column, minutes, km, strict=True):
        assert least == min(row)
        assert at == (row.index(min(row)) if min(row) < INF else -1)
        assert length == min(row) / 2


def test_without_destinations_nobody_is_near():
    column, minutes, km = matrix(np.zeros((3, 0))).nearest()
    assert column.tolist() == [-1, -1, -1]
    assert np.isinf(minutes).all()
    assert np.isinf(km).all()


def test_the_cutoff_itself_is_inside():
    inside = matrix([[60.0, np.nextafter(60.0, 61.0), np.nextafter(60.0, 59.0), INF]]).within(60.0)
    assert inside.tolist() == [[True, False, True, False]]
