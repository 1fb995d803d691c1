"""Access and direction by the most specific tag: the rules against a naive table of OpenStreetMap's hierarchy."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.travel.roads.osm_json import read_overpass
from coverage.travel.roads.osm_rules import way_of, why_dropped

ROOT = Path(__file__).resolve().parents[2]
CASES = Path(os.environ.get("JANGKAU_SHARED", ROOT.parent / "shared")) / "data" / "cases"

# One row a key, from the most general to the most specific, as the wiki draws the tree.
# Without a tag of their own motorcycles are let in where cars are.
TREE = ["access", "vehicle", "motor_vehicle", "motorcar"]
OPEN = {"yes", "designated", "permissive", "unknown", "discouraged"}
RESTRICTED = {"private", "destination", "customers", "delivery", "permit"}
SHUT = {"no", "agricultural", "forestry", "military", "emergency"}
KEYS = ["access", "vehicle", "motor_vehicle", "motorcar", "motorcycle", "foot", "bicycle"]
tags_of_access = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(sorted(OPEN | RESTRICTED | SHUT)))
ONE_WAYS = ["oneway", "oneway:vehicle", "oneway:motor_vehicle", "oneway:motorcar", "oneway:motorcycle"]
tags_of_direction = st.dictionaries(st.sampled_from(ONE_WAYS), st.sampled_from(["yes", "no", "-1"]))


def level(word):
    """0 lets everybody in, 1 who has business along the road, 2 nobody."""
    return 0 if word in OPEN else 1 if word in RESTRICTED else 2


def car_level(tags):
    found = 0
    for key in TREE:
        # What is unknown says nothing, so that the more general tag decides.
        if tags.get(key, "unknown") != "unknown":
            found = level(tags[key])
    return found


def motorcycle_level(tags):
    return level(tags["motorcycle"]) if tags.get("motorcycle", "unknown") != "unknown" else car_level(tags)


@settings(max_examples=500, deadline=None)
@given(tags_of_access)
def test_a_road_lets_in_whom_its_most_specific_tag_lets_in(tags):
    best = min(car_level(tags), motorcycle_level(tags))
    road = {"highway": "residential", **tags}
    assert why_dropped(road) == ("no_access" if best == 2 else "")
    if best < 2:
        assert way_of(7, (1, 2), road).restricted == (best == 1)


@settings(max_examples=500, deadline=None)
@given(tags_of_access, tags_of_direction, st.booleans())
def test_the_direction_is_that_of_the_vehicle_the_road_is_open_to(access, direction, turned):
    tags = {"highway": "residential", **access, **direction}
    if why_dropped(tags):
        return
    vehicle = "motorcar" if car_level(tags) <= motorcycle_level(tags) else "motorcycle"
    said = "no"
    for key in ("oneway", "oneway:vehicle", "oneway:motor_vehicle", f"oneway:{vehicle}"):
        said = direction.get(key, said)
    drawn = (1, 2, 3)
    given_nodes = drawn[::-1] if turned and direction.get("oneway") == "-1" else drawn
    way = way_of(7, given_nodes, tags, turned=turned)
    assert way.one_way == (said != "no")
    if way.one_way:
        assert way.nodes == (drawn if said == "yes" else drawn[::-1])


@pytest.mark.shared
@pytest.mark.skipif(not CASES.is_dir(), reason="needs the real test material beside the repository")
def test_the_three_roads_of_the_case_are_kept():
    reading = read_overpass(CASES / "roads_access_hierarchy.json")
    assert len(reading.segments.tail) == 3
    assert not reading.dropped.get("no_access")


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ({"access": "no"}, "no_access"),
        ({"access": "no", "foot": "yes"}, ""),
        ({"motor_vehicle": "no", "foot": "yes"}, ""),
        ({"access": "private;yes"}, ""),
        ({"access": "destination"}, ""),
        ({"access": "private"}, "no_access"),
    ],
)
def test_a_ferry_is_kept_where_somebody_may_board(tags, reason):
    assert why_dropped({"route": "ferry", **tags}) == reason
