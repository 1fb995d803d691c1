"""Private and destination roads: a first or last leg for whoever goes there, never a way through.

The oracle is networkx on the pieces as they were read; nodes are told by their place.
"""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.travel.roads.build import without_doubles
from coverage.travel.roads.last_legs import GAP_M, without_through_traffic
from coverage.travel.roads.segments import FERRY, Way, segments_of

LON, LAT = 122.5, -4.0
KINDS = ("open", "restricted", "restricted", "ferry")


@st.composite
def networks(draw, *, boats=False, joined=False):
    """Draw pieces between places on a coarse grid: rings, parallels, ties, islets, one-way roads."""
    count = draw(st.integers(3, 10))
    spots = draw(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=count, max_size=count, unique=True))
    # Of some places two ways are exactly as long; of others none are.
    odd = draw(st.sampled_from((0.0, 0.17)))
    place = {at: (LON + (x + odd * x * y) / 100, LAT + (y + odd * x) / 100) for at, (x, y) in enumerate(spots)}
    # One open road from place to place, so that all open roads hang together.
    ways = [Way(tuple(range(draw(st.integers(2, count)))), "residential")] if joined else []
    for number in range(draw(st.integers(1, 20))):
        nodes = draw(st.tuples(st.sampled_from(range(count)), st.sampled_from(range(count))))
        kind = draw(st.sampled_from(KINDS if boats else ("restricted",) if joined else KINDS[:-1]))
        ways.append(
            Way(
                nodes,
                FERRY if kind == "ferry" else "residential",
                one_way=draw(st.booleans()) and kind != "ferry",
                ferry_id=f"osm-{number}" if kind == "ferry" else "",
                ferry_min=5.0 if kind == "ferry" else np.nan,
                restricted=kind == "restricted",
            )
        )
    return without_doubles(segments_of(ways, place)[0])[0]


def places(pieces):
    return list(zip(pieces.lon.tolist(), pieces.lat.tolist(), strict=True))


def graph(pieces, rows, *, two_way=False):
    at = places(pieces)
    drawn = nx.MultiDiGraph()
    for row in np.flatnonzero(rows):
        start, end, km = at[pieces.tail[row]], at[pieces.head[row]], float(pieces.km()[row])
        drawn.add_edge(start, end, km=km)
        if two_way or not pieces.one_way[row]:
            drawn.add_edge(end, start, km=km)
    return drawn


def lengths(drawn, starts):
    return {start: nx.single_source_dijkstra_path_length(drawn, start, weight="km") for start in starts}


def reached(drawn, starts):
    return set().union(*(nx.descendants(drawn, one) | {one} for one in starts if one in drawn), set())


def gates(pieces):
    """Say where one comes from when one comes from outside: places on open roads."""
    return set(graph(pieces, ~pieces.restricted & ~pieces.is_ferry()))


@settings(max_examples=150, deadline=None)
@given(networks(boats=True))
def test_no_restricted_road_is_a_short_cut_and_none_cuts_off(pieces):
    after, _ = without_through_traffic(pieces)
    assert not after.restricted.any()
    open_roads = graph(pieces, ~pieces.restricted & ~pieces.is_ferry())
    by_road, whole = graph(after, ~after.is_ferry()), graph(after, np.ones(len(after.tail), dtype=bool))
    for part in nx.strongly_connected_components(open_roads):
        for start, told in lengths(open_roads, part).items():
            now = nx.single_source_dijkstra_path_length(by_road, start, weight="km")
            assert {end: now[end] for end in part} == pytest.approx({end: told[end] for end in part})
    # What hung together still does, boats left aside or not.
    for before, since in (
        (graph(pieces, ~pieces.is_ferry()), by_road),
        (graph(pieces, np.ones(len(pieces.tail), dtype=bool)), whole),
    ):
        held = set(open_roads) | set(graph(pieces, pieces.is_ferry()))
        for part in nx.weakly_connected_components(before):
            if part & held:
                assert sum(bool(part & one) for one in nx.weakly_connected_components(since)) == 1
    # Whoever sails can come to the boat and go from it.
    closed = graph(pieces, pieces.restricted, two_way=True)
    for landing in set(graph(pieces, pieces.is_ferry())) & set(closed) - set(open_roads):
        if reached(closed, [landing]) & set(open_roads):
            assert reached(by_road, [landing]) & set(open_roads)
            assert landing in reached(by_road, set(open_roads))


@settings(max_examples=150, deadline=None)
@given(networks(joined=True))
def test_between_open_roads_distances_are_those_without_and_to_the_others_the_nearest(pieces):
    after, _ = without_through_traffic(pieces)
    open_roads, whole = graph(pieces, ~pieces.restricted), graph(after, np.ones(len(after.tail), dtype=bool))
    for start, told in lengths(open_roads, open_roads).items():
        now = nx.single_source_dijkstra_path_length(whole, start, weight="km")
        assert {end: km for end, km in now.items() if end in open_roads} == pytest.approx(told)
    closed = graph(pieces, pieces.restricted, two_way=True)
    near = gates(pieces) & set(closed)
    if near:
        there = nx.multi_source_dijkstra_path_length(closed, near, weight="km")
        undirected = graph(after, np.ones(len(after.tail), dtype=bool), two_way=True)
        found = nx.multi_source_dijkstra_path_length(undirected, near, weight="km")
        assert {at: km for at, km in found.items() if at in there} == pytest.approx(there)


@settings(max_examples=150, deadline=None)
@given(networks(boats=True))
def test_where_one_could_drive_to_and_fro_one_still_can_and_no_road_is_lost(pieces):
    after, dropped = without_through_traffic(pieces)
    closed, near = graph(pieces, pieces.restricted, two_way=True), gates(pieces)
    boats = set(graph(pieces, pieces.is_ferry()))
    by_road = graph(after, ~after.is_ferry())
    for part in nx.strongly_connected_components(graph(pieces, ~pieces.is_ferry())):
        if len(part) > 1 and reached(closed, part) & (near | boats):
            assert any(part <= one for one in nx.strongly_connected_components(by_road))
    # Nothing else is lost: what is missing are the gaps and what no open road or boat reaches.
    unreached = [set(part) for part in nx.weakly_connected_components(closed) if not part & (near | boats)]
    at = places(pieces)
    lost = [row for row in np.flatnonzero(pieces.restricted) if any(at[pieces.tail[row]] in part for part in unreached)]
    assert dropped["unreached"] == len(lost)
    missing = pieces.km().sum() - pieces.km()[lost].sum() - after.km().sum()
    # Where the middle falls on a junction, only one side has to step back.
    gaps_km = dropped["through"] * GAP_M / 1000
    assert gaps_km / 2 - 1e-5 <= missing <= gaps_km + 1e-5


@settings(max_examples=60, deadline=None)
@given(networks(boats=True), st.randoms(use_true_random=False))
def test_the_order_of_the_pieces_changes_nothing(pieces, chance):
    rows = list(range(len(pieces.tail)))
    chance.shuffle(rows)

    def described(given_pieces):
        after, dropped = without_through_traffic(given_pieces)
        at = places(after)
        ends = zip(after.tail, after.head, after.one_way, after.ferry_id, strict=True)
        told = {(at[a], at[b], "", id_) if one else (*sorted((at[a], at[b])), "both", id_) for a, b, one, id_ in ends}
        return told, dropped

    assert described(pieces.only(np.array(rows, dtype=np.int64))) == described(pieces)


def chain(*ways):
    """Lay ways over six places 1,1 km apart on a line, node 9 aside."""
    place = {at: (LON + at / 100, LAT) for at in range(6)} | {9: (LON + 0.02, LAT + 0.03)}
    return segments_of(ways, place)[0]


def test_a_private_short_cut_of_one_piece_is_reached_from_both_ends_and_not_driven_through():
    pieces = chain(Way((1, 9, 3), "primary"), Way((1, 3), "service", restricted=True))
    after, dropped = without_through_traffic(pieces)
    assert dropped == {"through": 1}
    halves = after.km()[after.road_class == "service"]
    whole = pieces.km()[pieces.restricted].item()
    assert halves == pytest.approx([(whole - GAP_M / 1000) / 2] * 2)
    assert len(after.tail) == 4


def test_an_estate_whose_streets_bear_no_tag_is_reached_through_its_nearer_gate_only():
    pieces = chain(
        Way((0, 1), "primary"),
        Way((1, 2), "service", restricted=True),
        Way((2, 3), "residential"),
        Way((0, 9, 3), "service", restricted=True),
    )
    after, dropped = without_through_traffic(pieces)
    assert dropped == {"through": 1}
    whole = graph(after, np.ones(len(after.tail), dtype=bool))
    assert nx.has_path(whole, (LON, LAT), (LON + 0.03, LAT))
    assert nx.is_forest(nx.Graph(whole))
