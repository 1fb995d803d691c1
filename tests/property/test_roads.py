"""Laws of road networks: merging keeps distances, joining stays within its tolerance, order changes nothing."""

import datetime as dt
import itertools

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from coverage.ground.geometry import geodesic_km
from coverage.travel.roads.build import build_roads, without_doubles
from coverage.travel.roads.road_network import RoadSource
from coverage.travel.roads.segments import Segments, Way, segments_of
from coverage.travel.roads.topology import connection, dangling_ends, is_broken, snapped

SOURCE = RoadSource("74.71", "vector", "a", None, dt.date(2026, 1, 1))
CLASSES = ("primary", "residential")
LON, LAT = 122.5, -4.0
M = 1 / 111_200


def pieces_of(rows, places):
    """Build pieces from (tail, head, class, one-way, name)."""
    tail, head, road_class, one_way, name = (list(column) for column in zip(*rows, strict=True))
    count = len(rows)
    lon, lat = np.array(places, dtype=float).T
    return Segments(
        lon=lon,
        lat=lat,
        tail=np.array(tail, dtype=np.int64),
        head=np.array(head, dtype=np.int64),
        road_class=np.array(road_class, dtype=object),
        surface=np.full(count, "", dtype=object),
        name=np.array(name, dtype=object),
        ferry_id=np.full(count, "", dtype=object),
        vehicles=np.full(count, "", dtype=object),
        one_way=np.array(one_way, dtype=bool),
        ferry_min=np.full(count, np.nan),
        restricted=np.zeros(count, dtype=bool),
    ).only(np.arange(count))


@st.composite
def networks(draw, most=12):
    """Draw a small raw network on a coarse grid, chains and loops included."""
    count = draw(st.integers(3, most))
    spots = draw(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=count, max_size=count, unique=True))
    places = [(LON + x / 100, LAT + y / 100) for x, y in spots]
    pairs = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(lambda pair: pair[0] != pair[1])
    ring = [(at, (at + 1) % count) for at in range(count)]
    links = draw(st.lists(st.one_of(pairs, st.sampled_from(ring)), min_size=1, max_size=2 * most))
    return [
        (tail, head, draw(st.sampled_from(CLASSES)), draw(st.booleans()), draw(st.sampled_from(("", "A"))))
        for tail, head in links
    ], places


def distances(lon, lat, tail, head, km, both_ways, wanted):
    """Measure by SciPy between the places in `wanted`; what is not there is infinitely far."""
    number = {place: at for at, place in enumerate(zip(lon.tolist(), lat.tolist(), strict=True))}
    best = {}
    for a, b, length, both in zip(tail.tolist(), head.tolist(), km.tolist(), both_ways.tolist(), strict=True):
        for pair in ((a, b), (b, a))[: 1 + both]:
            best[pair] = min(length, best.get(pair, np.inf))
    rows, columns = zip(*best, strict=True)
    graph = csr_array((list(best.values()), (rows, columns)), shape=(len(lon), len(lon)))
    at = [number[place] for place in wanted]
    return dijkstra(graph, indices=at)[:, at]


def built_distances(roads, wanted):
    return distances(roads.lon, roads.lat, roads.tail, roads.head, roads.km, roads.both_ways, wanted)


def raw_distances(pieces, wanted):
    return distances(pieces.lon, pieces.lat, pieces.tail, pieces.head, pieces.km(), ~pieces.one_way, wanted)


@given(networks())
def test_merging_keeps_every_distance_between_junctions(network):
    raw = pieces_of(*network)
    roads = build_roads(without_doubles(raw)[0], SOURCE)
    wanted = list(zip(roads.lon.tolist(), roads.lat.tolist(), strict=True))
    np.testing.assert_allclose(built_distances(roads, wanted), raw_distances(raw, wanted), rtol=1e-9)


@given(networks())
def test_built_edges_are_whole(network):
    raw = pieces_of(*network)
    single, _ = without_doubles(raw)
    roads = build_roads(single, SOURCE)
    assert roads.km.sum() == pytest.approx(single.km().sum())
    assert (roads.tail != roads.head).all()
    assert set(roads.tail.tolist()) | set(roads.head.tolist()) == set(range(len(roads.lon)))
    for at, line in enumerate(roads.line):
        xy = shapely.get_coordinates(line)
        assert tuple(xy[0]) == (roads.lon[roads.tail[at]], roads.lat[roads.tail[at]])
        assert tuple(xy[-1]) == (roads.lon[roads.head[at]], roads.lat[roads.head[at]])
        along = geodesic_km(xy[:-1, 0], xy[:-1, 1], xy[1:, 0], xy[1:, 1])
        assert along.sum() == pytest.approx(roads.km[at])


@given(networks(), st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(network, random):
    rows, places = network
    mixed = [
        (row[1], row[0], *row[2:]) if not row[3] and random.random() < 0.5 else row
        for row in random.sample(rows, len(rows))
    ]
    one = build_roads(without_doubles(pieces_of(rows, places))[0], SOURCE)
    other = build_roads(without_doubles(pieces_of(mixed, places))[0], SOURCE)
    for name in ("lon", "lat", "tail", "head", "road_class", "name", "both_ways"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist()
    assert one.km == pytest.approx(other.km)
    assert shapely.equals_exact(one.line, other.line).all()


@given(networks(), st.floats(0.5, 50))
def test_joining_never_crosses_more_than_its_tolerance_and_keeps_what_was_joined(network, within_m):
    rows, places = network
    # A hundredth of a degree becomes ten metres, so that gaps and tolerances are of one size.
    near = [(LON + (x - LON) / 111.2, LAT + (y - LAT) / 111.2) for x, y in places]
    raw, _ = without_doubles(pieces_of(rows, near))
    joined, count = snapped(raw, within_m)
    old = {tuple(sorted(ends)) for ends in zip(_places(raw, raw.tail), _places(raw, raw.head), strict=True)}
    lines = shapely.linestrings([[a, b] for a, b in old])
    added = 0
    for tail, head, km in zip(_places(joined, joined.tail), _places(joined, joined.head), joined.km(), strict=True):
        middle = shapely.Point((tail[0] + head[0]) / 2, (tail[1] + head[1]) / 2)
        if shapely.distance(lines, middle).min() > 1e-10:
            added += 1
            assert km * 1000 <= within_m * (1 + 1e-9)
    assert (added > 0) <= (count > 0)
    before = connection(raw.tail, raw.head, raw.km()).components
    assert connection(joined.tail, joined.head, joined.km()).components <= before
    assert joined.km().sum() >= raw.km().sum() - 1e-9


def _places(pieces, nodes):
    return list(zip(pieces.lon[nodes].tolist(), pieces.lat[nodes].tolist(), strict=True))


def chain(*places, road_class="residential", one_way=False):
    """Build the rows of a line over numbered places."""
    return [(a, b, road_class, one_way, "") for a, b in itertools.pairwise(places)]


def at_metres(*spots):
    return [(LON + x * M, LAT + y * M) for x, y in spots]


def test_an_end_is_joined_into_the_line_it_stops_short_of():
    places = at_metres((0, 0), (100, 0), (50, 4), (50, 90))
    raw = pieces_of([*chain(0, 1), *chain(2, 3)], places)
    assert dangling_ends(raw).near == {1.0: 0, 2.0: 0, 5.0: 1, 10.0: 1}
    assert snapped(raw, 3.0)[1] == 0
    joined, count = snapped(raw, 5.0)
    assert (count, connection(joined.tail, joined.head, joined.km()).components) == (1, 1)
    roads = build_roads(joined, SOURCE)
    assert sorted(roads.km * 1000) == pytest.approx([50, 50, 90], abs=1)


def test_ends_that_face_each_other_are_joined_once():
    raw = pieces_of([*chain(0, 1), *chain(2, 3)], at_metres((0, 0), (100, 0), (103, 0), (200, 0)))
    joined, count = snapped(raw, 5.0)
    assert (count, len(joined.tail)) == (2, 3)
    assert len(build_roads(joined, SOURCE).tail) == 1


def test_four_ends_at_one_crossing_become_one():
    places = at_metres((-3, 0), (-90, 0), (3, 0), (90, 0), (0, 3), (0, 90), (0, -3), (0, -90))
    raw = pieces_of([*chain(0, 1), *chain(2, 3), *chain(4, 5), *chain(6, 7)], places)
    joined, count = snapped(raw, 6.5)
    assert (count, connection(joined.tail, joined.head, joined.km()).components) == (4, 1)


def test_a_bend_of_the_same_road_is_no_neighbour():
    raw = pieces_of(chain(0, 1, 2), at_metres((0, 0), (10, 0), (10, 5)))
    assert dangling_ends(raw).near[10.0] == 0
    assert snapped(raw, 10.0)[1] == 0


def test_one_way_streets_are_joined_in_their_direction():
    for one_way in (chain(2, 3, one_way=True), chain(3, 2, one_way=True)):
        raw = pieces_of([*chain(0, 1), *one_way], at_metres((0, 0), (100, 0), (50, 4), (50, 90)))
        joined, _ = snapped(raw, 5.0)
        wanted = _places(raw, np.arange(len(raw.lon)))
        km = raw_distances(joined, wanted)
        far = max(range(len(wanted)), key=lambda at: wanted[at][1])
        start = min(range(len(wanted)), key=lambda at: wanted[at][0])
        assert np.isfinite([km[far, start], km[start, far]]).sum() == 1


def test_islands_and_halves_are_not_broken_but_lines_that_stop_short_are():
    halves = pieces_of(
        [*chain(0, 1), *chain(2, 3), *chain(4, 5)], at_metres((0, 0), (9e3, 0), (2e4, 0), (3e4, 0), (4e4, 0), (5e4, 0))
    )
    assert not is_broken(connection(halves.tail, halves.head, halves.km()), dangling_ends(halves))
    comb = [(x, y) for x in range(0, 900, 100) for y in ((0, 0), (96, 0))]
    spots = [(x + dx, 0) for x, (dx, _) in comb]
    raw = pieces_of([row for at in range(0, len(spots), 2) for row in chain(at, at + 1)], at_metres(*spots))
    assert is_broken(connection(raw.tail, raw.head, raw.km()), dangling_ends(raw))


def test_a_loop_is_parted_so_that_both_arms_can_be_told_apart():
    raw = pieces_of([*chain(0, 1), *chain(1, 2, 3, 1)], at_metres((0, 0), (100, 0), (200, 50), (200, -50)))
    roads = build_roads(raw, SOURCE)
    assert len(roads.tail) == 3
    assert (roads.tail != roads.head).all()


def test_doubles_keep_the_higher_class_and_every_direction():
    rows = [(0, 1, "residential", True, ""), (1, 0, "primary", True, "A"), (0, 1, "residential", True, "")]
    single, doubles = without_doubles(pieces_of(rows, at_metres((0, 0), (100, 0))))
    assert (doubles, list(single.road_class), list(single.one_way), list(single.name)) == (
        2,
        ["primary"],
        [False],
        ["A"],
    )


def test_a_ferry_and_a_bridge_between_the_same_places_both_stay():
    ways = [Way((1, 2), "primary"), Way((1, 2), "ferry", ferry_id="osm-1", ferry_min=30.0)]
    pieces, dropped = segments_of(ways, {1: (LON, LAT), 2: (LON + 0.01, LAT)})
    roads = build_roads(without_doubles(pieces)[0], SOURCE)
    assert sorted(roads.road_class) == ["ferry", "primary"]
    assert np.nansum(roads.ferry_min) == pytest.approx(30)
    assert dict(dropped) == {}


def test_sailing_time_is_split_by_length():
    pieces, _ = segments_of(
        [Way((1, 2, 3), "ferry", ferry_id="osm-1", ferry_min=40.0)],
        {1: (LON, LAT), 2: (LON + 0.01, LAT), 3: (LON + 0.04, LAT)},
    )
    assert pieces.ferry_min == pytest.approx([10, 30])


def test_pieces_without_place_or_length_are_counted():
    ways = [Way((1, 2, 2, 9, 3), "primary")]
    pieces, dropped = segments_of(ways, {1: (LON, LAT), 2: (LON + 0.01, LAT), 3: (np.nan, LAT)})
    assert (len(pieces.tail), dict(dropped)) == (1, {"missing_nodes": 2, "no_length": 1})
