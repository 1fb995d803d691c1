"""Which road a place joins, against a search by brute force over all lines; on one large island no water is near."""

import datetime as dt

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.ground.geometry import geodesic_km, to_utm
from coverage.travel.network.mixed import parts_of
from coverage.travel.network.snapping import Land, Parts, land_around, snap_places
from coverage.travel.roads.road_network import Roads, RoadSource

WEST, EAST, LIMIT_KM = 113.18, 113.22, 2.0
LAND = Land(np.array([shapely.box(112, -9, 114, -7)], dtype=object), np.array([0]))


def roads_of(rng, count, nodes=14):
    lon, lat = rng.uniform(WEST, EAST, nodes), rng.uniform(-7.80, -7.77, nodes)
    tail = rng.integers(0, nodes, count)
    head = (tail + rng.integers(1, nodes, count)) % nodes
    sea = rng.random(count) < 0.1
    sea[0] = False
    text = np.full(count, "", dtype=object)
    return Roads(
        lon=lon,
        lat=lat,
        tail=tail,
        head=head,
        km=geodesic_km(lon[tail], lat[tail], lon[head], lat[head]),
        road_class=np.where(sea, "ferry", "residential").astype(object),
        surface=text,
        both_ways=rng.random(count) < 0.6,
        line=shapely.linestrings(
            np.stack([np.column_stack([lon, lat])[tail], np.column_stack([lon, lat])[head]], axis=1)
        ),
        name=text,
        ferry_id=text,
        ferry_min=np.full(count, np.nan),
        vehicles=text,
        source=RoadSource("35.74", "vector", "a", None, dt.date(2026, 1, 1)),
    )


def reaches(roads):
    """Tell by repeated steps which node is reached from which."""
    there = np.eye(len(roads.lon), dtype=bool)
    land = roads.road_class != "ferry"
    back = land & roads.both_ways
    there[roads.tail[land], roads.head[land]] = True
    there[roads.head[back], roads.tail[back]] = True
    for middle in range(len(there)):
        there |= there[:, [middle]] & there[[middle]]
    return there


def expected_km(roads, edge):
    there = reaches(roads)
    both = there & there.T
    tail, head = roads.tail, roads.head
    if not both[tail[edge], head[edge]]:
        return 0.0
    mine = both[tail[edge]][tail] & both[tail[edge]][head] & (roads.road_class != "ferry")
    return roads.km[mine].sum()


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 16))
def test_a_place_joins_the_nearest_road_of_a_large_part_within_reach(seed, count):
    rng = np.random.default_rng(seed)
    roads = roads_of(rng, count)
    rows = np.flatnonzero(roads.road_class != "ferry")
    parts = parts_of(roads, rows)
    assert parts.network_km == pytest.approx([expected_km(roads, edge) for edge in rows])
    lon, lat = rng.uniform(WEST, EAST, 8), rng.uniform(-7.80, -7.77, 8)
    found = snap_places(lon, lat, roads.line[rows], LAND, limit_km=LIMIT_KM, parts=parts)
    local = shapely.transform(roads.line[rows], lambda xy: to_utm(xy[:, 0], xy[:, 1], 49))
    for place, point in enumerate(shapely.points(to_utm(lon, lat, 49))):
        metres = shapely.distance(local, point)
        if metres.min() > LIMIT_KM * 1000 * 0.999:
            continue
        reach = min(1.5 * metres.min(), LIMIT_KM * 1000)
        close = metres <= reach
        large = close & (parts.network_km >= 0.1 * parts.network_km[close].max())
        assert metres[found.edge[place]] == pytest.approx(metres[large].min(), rel=1e-3, abs=0.01) or (
            np.isclose(metres, reach, rtol=2e-3).any()
        )


def test_an_islet_keeps_its_own_small_network_though_the_large_one_is_near():
    lon, lat = np.array([113.2]), np.array([-7.78])
    two = Land(
        np.array([shapely.box(113.199, -7.9, 113.2005, -7.7), shapely.box(113.201, -7.9, 113.4, -7.7)], dtype=object),
        np.array([0, 1]),
    )
    lines = shapely.linestrings([[(113.1992, -7.781), (113.1992, -7.779)], [(113.2011, -7.79), (113.2011, -7.77)]])
    parts = Parts(np.array([0.2, 900.0]), np.array([0, 1]))
    assert snap_places(lon, lat, lines, two, limit_km=2.0, parts=parts).edge.tolist() == [0]
    assert snap_places(lon, lat, lines, LAND, limit_km=2.0, parts=parts).edge.tolist() == [1]


def test_a_road_off_the_drawn_land_is_believed_where_it_leads_onto_the_island_of_the_place():
    lon, lat = np.array([113.2]), np.array([-7.78])
    land = Land(
        np.array([shapely.box(113.19, -7.785, 113.2005, -7.775), shapely.box(113.2, -7.77, 113.3, -7.7)], dtype=object),
        np.array([0, 1]),
    )
    off = [(113.21, -7.79), (113.21, -7.772)]
    for end, part, reason in (((113.2002, -7.784), 0, ""), ((113.21, -7.76), 0, "across_water")):
        lines = shapely.linestrings([off, [off[-1], end]])
        beside = Parts(np.ones(2), np.array([part, part]))
        # Only the first line is near enough to be asked about where the second leads away from the place.
        found = snap_places(lon, lat, lines[:2] if reason else lines, land, limit_km=1.2, parts=beside)
        assert found.reason.tolist() == [reason]
    alone = Parts(np.ones(1), np.zeros(1, dtype=np.int64))
    assert snap_places(lon, lat, shapely.linestrings([off]), land, limit_km=1.2, parts=alone).reason.tolist() == [""]
    assert len(land_around(lon, lat).polygons)
