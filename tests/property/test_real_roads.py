"""Laws of real roads inside the indicative network, on roads made by chance around the villages of one city."""

import datetime as dt
from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.ground.geometry import geodesic_km, to_utm
from coverage.places.villages import load_villages
from coverage.travel import od
from coverage.travel.network.graph import ACCESS, FERRY, INDICATIVE, ROAD, Legs, two_way
from coverage.travel.network.mixed import mix_roads
from coverage.travel.network.snap_reasons import ACROSS_WATER, JOINED, TOO_FAR
from coverage.travel.network.snapping import land_around, snap_places
from coverage.travel.network.speeds import load_speeds
from coverage.travel.od import Places, od_blocks, od_matrix
from coverage.travel.roads.road_network import Roads, RoadSource
from coverage.travel.route import route

CITY, AROUND = "35.74", "35.13"
few = settings(max_examples=12)
seeds = st.integers(0, 2**32 - 1)


def made_roads(places, edges, *, both_ways=True, road_class="residential", region=CITY, ferry_id="", ferry_min=np.nan):
    """Make straight edges between places (lon, lat); every argument after them is one value or one an edge."""
    lon, lat = np.array(places, dtype=float).T
    tail, head = np.array(edges, dtype=np.int64).reshape(-1, 2).T
    count = len(tail)
    line = shapely.linestrings(
        np.stack([np.column_stack([lon[tail], lat[tail]]), np.column_stack([lon[head], lat[head]])], 1)
    )

    def each(value, kind):
        return np.array(np.broadcast_to(value, count), dtype=kind)

    return Roads(
        lon=lon,
        lat=lat,
        tail=tail,
        head=head,
        km=geodesic_km(lon[tail], lat[tail], lon[head], lat[head]),
        road_class=each(road_class, object),
        surface=each("paved", object),
        both_ways=each(both_ways, bool),
        line=line,
        name=each("", object),
        ferry_id=each(ferry_id, object),
        ferry_min=each(ferry_min, float),
        vehicles=each("", object),
        source=RoadSource(region, "vector", "dibuat", None, dt.date(2026, 1, 1)),
    )


def villages_of(region, count=None):
    table = load_villages()
    return table[table.index.str.startswith(region + ".")].iloc[:count]


def country(*tables):
    """Join the villages one after the other by indicative legs, so that all are connected."""
    table = pd.concat(tables)
    a = np.arange(len(table) - 1)
    km = np.full(len(a), 5.0)
    place = {"lon": table["lon"].to_numpy(), "lat": table["lat"].to_numpy()}
    return two_way(table.index, Legs(a, a + 1, km * 2, km, np.full(len(a), -1)), (), **place)


NO_UNITS = pd.DataFrame({"kode": [], "lon": [], "lat": []}, index=pd.Index([], dtype="str"))


def chance_roads(seed, *, two_halves=False):
    rng = np.random.default_rng(seed)
    box = villages_of(CITY)[["lon", "lat"]].agg(["min", "max"]).to_numpy()
    places = rng.uniform(box[0] - 0.005, box[1] + 0.005, (40, 2))
    near = np.argsort(((places[:, None] - places[None]) ** 2).sum(axis=2), axis=1)[:, 1:4]
    edges = np.column_stack([np.repeat(np.arange(40), 3), near.ravel()])
    if two_halves:
        west = places[:, 0] < np.median(places[:, 0])
        edges = edges[west[edges[:, 0]] == west[edges[:, 1]]]
    classes = rng.choice(["primary", "residential", "track"], len(edges))
    return made_roads(places, edges, both_ways=rng.random(len(edges)) < 0.7, road_class=classes)


def mixed(roads, *, own=NO_UNITS, around=3):
    base = country(villages_of(CITY), villages_of(AROUND, around))
    return mix_roads(base, roads if isinstance(roads, list) else [roads], own, load_speeds())


def everywhere(network, kode=None):
    kode = network.nodes if kode is None else kode
    return Places(kode, network.numbers(kode), np.zeros(len(kode)), np.zeros(len(kode)))


def square(network, kode=None):
    places = everywhere(network, kode)
    return od_matrix(network, places.ids, places)


@few
@given(seeds)
def test_the_legs_of_a_route_sum_to_the_od_pair(seed):
    network = mixed(chance_roads(seed)).network
    od = square(network)
    rng = np.random.default_rng(seed)
    for origin, destination in rng.integers(0, len(network.nodes), (12, 2)).tolist():
        found = route(network, origin, destination)
        if found is None:
            assert np.isinf(od.minutes[origin, destination])
            continue
        assert found.minutes == pytest.approx(od.minutes[origin, destination], abs=1e-9)
        assert found.km == pytest.approx(od.km[origin, destination], abs=1e-9)
        assert sum(leg.kind == "ferry" for leg in found.legs) == od.ferry_legs[origin, destination]
        if origin != destination:
            ends = shapely.get_coordinates(found.line)[[0, -1]]
            assert ends == pytest.approx(np.column_stack([network.lon, network.lat])[[origin, destination]])


@few
@given(seeds)
def test_the_line_of_a_road_leg_is_as_long_as_its_kilometres(seed):
    network = mixed(chance_roads(seed)).network
    for destination in range(1, 12):
        found = route(network, 0, destination)
        for leg in () if found is None else found.legs:
            if leg.kind == "road":
                at = shapely.get_coordinates(leg.line)
                assert geodesic_km(*at[:-1].T, *at[1:].T).sum() == pytest.approx(leg.km, rel=1e-4, abs=1e-5)


@few
@given(seeds)
def test_a_stop_on_the_way_never_shortens_travel_within_an_area(seed):
    minutes = square(mixed(chance_roads(seed)).network, villages_of(CITY).index).minutes
    by_stop = (minutes[:, :, None] + minutes[None, :, :]).min(axis=1)
    assert (minutes <= by_stop + 1e-9).all()


@few
@given(seeds)
def test_no_way_is_shorter_than_the_straight_line(seed):
    inside = villages_of(CITY)
    km = square(mixed(chance_roads(seed)).network, inside.index).km
    lon, lat = inside["lon"].to_numpy(), inside["lat"].to_numpy()
    first, second = np.indices(km.shape)
    straight = geodesic_km(lon[first.ravel()], lat[first.ravel()], lon[second.ravel()], lat[second.ravel()])
    assert (km.ravel() >= straight * (1 - 1e-6) - 1e-6).all()


@few
@given(seeds)
def test_the_order_of_villages_changes_nothing(seed):
    roads, rng = chance_roads(seed), np.random.default_rng(seed)
    table = pd.concat([villages_of(CITY), villages_of(AROUND, 3)])
    turned = table.iloc[rng.permutation(len(table))]
    base = country(table)
    at = turned.index.get_indexer(base.nodes)
    legs = slice(len(base.tail) // 2)
    place = {"lon": turned["lon"].to_numpy(), "lat": turned["lat"].to_numpy()}
    ends = (at[base.tail[legs]], at[base.head[legs]])
    moved = Legs(*ends, base.minutes[legs], base.km[legs], base.ferry[legs])
    other = two_way(turned.index, moved, (), **place)
    one, two = (mix_roads(network, [roads], NO_UNITS, load_speeds()) for network in (base, other))
    kode = base.nodes
    assert square(two.network, kode).minutes == pytest.approx(square(one.network, kode).minutes, abs=1e-9)
    assert two.snaps.loc[one.snaps.index, "metres"].tolist() == pytest.approx(one.snaps["metres"].tolist())


@few
@given(seeds)
def test_halves_of_a_broken_network_are_not_joined_by_the_indicative_legs_around_them(seed):
    """Every village has a way out of the city, so the stitched network joins all; the answer must not."""
    made = mixed(chance_roads(seed, two_halves=True), around=3)
    network, inside = made.network, villages_of(CITY).index
    joined = made.snaps.loc[inside, "reason"] == JOINED
    part = network.by_roads.component[network.numbers(inside)]
    od = square(network, inside)
    apart = part[:, None] != part[None, :]
    assert np.isinf(od.minutes[apart]).all()
    assert np.isinf(od.km[apart]).all()
    assert len(set(part[joined])) > 1


@few
@given(seeds)
def test_within_an_area_only_real_roads_and_over_its_border_the_stitches_count(seed):
    network = mixed(chance_roads(seed)).network
    inside, outside = villages_of(CITY).index, villages_of(AROUND, 3).index
    numbers = network.numbers(inside)
    for origin, destination in zip(numbers[:-1].tolist(), numbers[1:].tolist(), strict=True):
        found = route(network, origin, destination)
        assert found is None or {leg.kind for leg in found.legs} <= {"road", "access"}
    over = network.kind == INDICATIVE
    assert not ((network.area[network.tail[over]] >= 0) & (network.area[network.head[over]] >= 0)).any()
    crossing = od_matrix(network, inside, everywhere(network, outside)).minutes
    last = network.numbers(inside[-1:])[0]
    way_out = np.isfinite(od_matrix(network, inside, everywhere(network, inside[-1:])).minutes[:, 0])
    assert network.area[last] == 0
    assert (np.isfinite(crossing).all(axis=1) == way_out).all()


@few
@given(seeds)
def test_blocks_put_together_are_the_whole_matrix(seed):
    network = mixed(chance_roads(seed)).network
    places, cutoff = everywhere(network), 12.0
    dense = od_matrix(network, network.nodes, places)
    with patch.object(od, "_BLOCK_PAIRS", 7 * len(places.ids) + 1):
        blocks = list(od_blocks(network, network.nodes, places))
    assert [len(block.origins) for block in blocks[:-1]] == [7] * (len(blocks) - 1)
    assert len(blocks) > 1
    assert [kode for block in blocks for kode in block.origins] == list(dense.origins)
    within = np.vstack([block.within(cutoff) for block in blocks])
    assert (within == (dense.minutes <= cutoff)).all()
    assert np.vstack([block.minutes for block in blocks])[within] == pytest.approx(dense.minutes[within])
    assert np.vstack([block.km for block in blocks])[within] == pytest.approx(dense.km[within])
    assert (np.concatenate([block.snap_origin_m for block in blocks]) == dense.snap_origin_m).all()


points_on_java = st.lists(
    st.tuples(st.floats(113.15, 113.25), st.floats(-7.81, -7.76)), min_size=1, max_size=6, unique=True
)


@few
@given(points_on_java, seeds)
def test_a_place_is_joined_to_the_nearest_point_of_all_lines(points, seed):
    rng = np.random.default_rng(seed)
    lines = shapely.linestrings(rng.uniform([113.15, -7.81], [113.25, -7.76], (25, 4, 2)))
    lon, lat = np.array(points).T
    found = snap_places(lon, lat, lines, land_around(lon, lat), limit_km=50)
    dense = [shapely.line_interpolate_point(line, np.linspace(0, 1, 1001), normalized=True) for line in lines]
    at = shapely.get_coordinates(np.concatenate(dense))
    for place in range(len(lon)):
        metres = geodesic_km(np.full(len(at), lon[place]), np.full(len(at), lat[place]), *at.T).min() * 1000
        # The dense points stand up to 30 m apart; between two bends eight kilometres apart, straight in degrees and
        # in metres differ by some decimetres.
        assert metres - 20 <= found.metres[place] <= metres + 0.5
        spot = shapely.Point(found.lon[place], found.lat[place])
        assert shapely.distance(spot, lines[found.edge[place]]) < 5e-6


def test_places_on_one_edge_stand_in_order_along_it():
    lat = -7.77
    roads = made_roads([(113.10, lat), (113.30, lat)], [(0, 1)])
    made = mixed(roads)
    inside = villages_of(CITY)
    near = inside.index[made.snaps.loc[inside.index, "reason"] == JOINED]
    network = made.network
    east = to_utm(inside.loc[near, "lon"].to_numpy(), np.full(len(near), lat), 49)[:, 0] / 1000
    access = made.snaps.loc[near, "metres"].to_numpy() / 1000 * load_speeds().access_detour
    expected = np.abs(east[:, None] - east[None, :]) + access[:, None] + access[None, :]
    np.fill_diagonal(expected, 0)
    assert len(near) > 5
    assert square(network, near).km == pytest.approx(expected, rel=2e-3, abs=5e-3)


def test_a_one_way_ring_is_driven_round_and_not_back():
    ring = [(113.18, -7.80), (113.24, -7.80), (113.24, -7.75), (113.18, -7.75)]
    network = mixed(made_roads(ring, [(0, 1), (1, 2), (2, 3), (3, 0)], both_ways=False)).network
    real = network.kind == ROAD
    assert set(network.tail[real].tolist()) == set(network.head[real].tolist())
    onward = {(int(a), int(b)) for a, b in zip(network.tail[real], network.head[real], strict=True)}
    assert not onward & {(b, a) for a, b in onward}
    joined = network.nodes[np.isin(np.arange(len(network.nodes)), network.tail[network.kind == ACCESS])]
    km = square(network, joined).km
    round_km = made_roads(ring, [(0, 1), (1, 2), (2, 3), (3, 0)]).km.sum()
    access = network.snap_m[network.numbers(joined)] / 1000 * load_speeds().access_detour
    there_and_back = km + km.T - 2 * (access[:, None] + access[None, :])
    apart = ~np.eye(len(joined), dtype=bool)
    whole = np.isclose(there_and_back[apart], round_km, rtol=1e-4)
    same_spot = np.isclose(there_and_back[apart], 0, atol=1e-6)
    assert (whole | same_spot).all()
    assert whole.any()


def test_a_place_beyond_the_limit_is_told_how_far_the_road_is():
    lon, lat = np.array([113.21, 113.21]), np.array([-7.80, -7.80])
    lines = shapely.linestrings([[(113.21, -7.79), (113.22, -7.79)]])
    for limit, reason in ((1.0, TOO_FAR), (1.2, JOINED)):
        found = snap_places(lon, lat, lines, land_around(lon, lat), limit_km=limit)
        assert found.reason.tolist() == [reason] * 2
        assert found.metres == pytest.approx([1105.8] * 2, abs=1)
        assert (found.edge >= 0).tolist() == [reason == JOINED] * 2


def test_a_road_over_the_water_is_left_for_one_on_the_own_island():
    """Lae-lae, an islet before Makassar, and a street on the quay opposite; then one on the islet, farther away."""
    islet = villages_of("73.71").loc[["73.71.04.1007"]]
    lon, lat = islet["lon"].to_numpy(), islet["lat"].to_numpy()
    quay = shapely.linestrings([[(119.4060, -5.10), (119.4060, -5.16)]])
    own = shapely.linestrings([[(lon[0], lat[0] + 0.0150), (lon[0] + 0.0005, lat[0] + 0.0150)]])
    land = land_around(lon, lat)
    assert snap_places(lon, lat, quay, land, limit_km=2).reason.tolist() == [ACROSS_WATER]
    ends = land.island_of(lon[[0, 0]], np.array([lat[0], lat[0] + 0.0150]))
    found = snap_places(lon, lat, np.concatenate([quay, own]), land, limit_km=2)
    # The other street is reached if, and only if, it is on land of the same island.
    wet = land.wet_share(shapely.linestrings([[(lon[0], lat[0]), (lon[0], lat[0] + 0.0150)]]))[0] * 1.66
    assert found.edge.tolist() == ([1] if ends[0] == ends[1] and wet <= 0.5 else [-1])


@few
@given(seeds)
def test_without_a_ferry_of_the_roads_no_way_is_shorter(seed):
    rng = np.random.default_rng(seed)
    land = chance_roads(seed, two_halves=True)
    count = len(land.tail)
    ends = rng.integers(0, len(land.lon), (2, 2))
    ends[:, 1] = (ends[:, 0] + 1 + rng.integers(0, len(land.lon) - 1, 2)) % len(land.lon)
    edges = np.vstack([np.column_stack([land.tail, land.head]), ends])
    ids = np.array([""] * count + ["osm-1", "osm-2"], dtype=object)
    roads = made_roads(
        np.column_stack([land.lon, land.lat]),
        edges,
        both_ways=np.append(land.both_ways, [True, True]),
        road_class=np.append(land.road_class, ["ferry", "ferry"]),
        ferry_id=ids,
        ferry_min=np.append(np.full(count, np.nan), [20.0, np.nan]),
    )
    made = mixed(roads)
    inside = villages_of(CITY).index
    whole = square(made.network, inside)
    for id_ in ("osm-1", "osm-2"):
        less = square(made.network.without_ferries({id_}), inside)
        assert (less.minutes >= whole.minutes - 1e-9).all()
    none = square(made.network.without_ferries({"osm-1", "osm-2"}), inside)
    assert (none.ferry_legs == 0).all()
    assert none.minutes == pytest.approx(square(mixed(land).network, inside).minutes, abs=1e-9)
    assert (made.ferries["wait_min"] > 0).all()
    assert made.ferries["estimated"].to_dict() == {"osm-1": "wait", "osm-2": "sailing,wait"}


def test_who_stays_aboard_of_a_ferry_in_two_pieces_waits_once():
    roads = made_roads(
        [(113.18, -7.80), (113.18, -7.75), (113.21, -7.75), (113.24, -7.75), (113.24, -7.80)],
        [(0, 1), (1, 2), (2, 3), (3, 4)],
        road_class=["residential", "ferry", "ferry", "residential"],
        ferry_id=["", "osm-7", "osm-7", ""],
        ferry_min=[np.nan, 10.0, 15.0, np.nan],
    )
    made = mixed(roads)
    network = made.network
    boats = network.kind == FERRY
    wait = float(made.ferries.at["osm-7", "wait_min"])
    assert sorted((network.minutes[boats] - wait).round(9).tolist()) == [10.0, 10.0, 15.0, 15.0, 25.0, 25.0]
    assert network.wait_min[boats].tolist() == [wait] * 6
    assert (made.ferries.index.tolist(), made.ferries["sailing_min"].tolist()) == (["osm-7"], [25.0])


def test_two_areas_join_where_their_roads_have_a_junction_at_the_same_place():
    border = (113.20, -7.83)
    city = made_roads([(113.20, -7.76), border], [(0, 1)])
    other = made_roads([(border[0] + 4e-9, border[1]), (113.20, -7.90)], [(0, 1)], region=AROUND)
    apart = made_roads([(border[0] + 1e-6, border[1]), (113.20, -7.90)], [(0, 1)], region=AROUND)
    base = country(villages_of(CITY), villages_of(AROUND))
    kinds = {}
    for name, second in (("joined", other), ("apart", apart)):
        network = mix_roads(base, [city, second], NO_UNITS, load_speeds()).network
        ends = [network.numbers(villages_of(region).index) for region in (CITY, AROUND)]
        component = network.by_roads.component
        real = [set(component[numbers[network.snap_m[numbers] < 2000]]) for numbers in ends]
        kinds[name] = len(real[0] & real[1])
    assert kinds["joined"] == 1
    assert kinds["apart"] == 0


def test_a_unit_with_its_own_point_is_a_place_of_the_network():
    own = pd.DataFrame(
        {"kode": ["35.74.01.1001", "35.13.08.2001"], "lon": [113.20, 113.4], "lat": [-7.765, -7.9]},
        index=["klinik", "jauh"],
    )
    made = mixed(made_roads([(113.10, -7.77), (113.30, -7.77)], [(0, 1)]), own=own)
    network = made.network
    assert network.own.tolist() == ["klinik"]
    number = network.numbers(pd.Index(["klinik"]), np.array([True]))
    assert network.area[number].tolist() == [0]
    assert made.snaps.at["klinik", "metres"] == pytest.approx(553, abs=3)
    near = villages_of(CITY).index[made.snaps.loc[villages_of(CITY).index, "reason"] == JOINED]
    zero = np.zeros(1)
    od = od_matrix(network, near, Places(pd.Index(["klinik"]), number, zero, zero))
    assert np.isfinite(od.minutes).all()
    assert od.snap_destination_m == pytest.approx([made.snaps.at["klinik", "metres"]])
