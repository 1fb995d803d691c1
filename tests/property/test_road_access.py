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
OPEN = {"yes", "designated", "permissive", "destination", "unknown", "discouraged"}
SHUT = {"no", "private", "customers", "delivery", "permit", "agricultural", "forestry", "military", "emergency"}
KEYS = ["access", "vehicle", "motor_vehicle", "motorcar", "motorcycle", "foot", "bicycle"]
tags_of_access = st.dictionaries(st.sampled_from(KEYS), st.sampled_from(sorted(OPEN | SHUT)))
ONE_WAYS = ["oneway", "oneway:vehicle", "oneway:motor_vehicle", "oneway:motorcar", "oneway:motorcycle"]
tags_of_direction = st.dictionaries(st.sampled_from(ONE_WAYS), st.sampled_from(["yes", "no", "-1"]))


def car_passes(tags):
    passes = True
    for key in TREE:
        # What is unknown says nothing, so that the more general tag decides.
        if tags.get(key, "unknown") != "unknown":
            passes = tags[key] in OPEN
    return passes


@settings(max_examples=500, deadline=None)
@given(tags_of_access)
def test_a_road_is_kept_where_a_car_or_a_motorcycle_may_pass(tags):
    kept = car_passes(tags) or tags.get("motorcycle") in OPEN - {"unknown"}
    assert why_dropped({"highway": "residential", **tags}) == ("" if kept else "no_access")


@settings(max_examples=500, deadline=None)
@given(tags_of_access, tags_of_direction, st.booleans())
def test_the_direction_is_that_of_the_vehicle_the_road_is_open_to(access, direction, turned):
    tags = {"highway": "residential", **access, **direction}
    if why_dropped(tags):
        return
    vehicle = "motorcar" if car_passes(tags) else "motorcycle"
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
    ],
)
def test_a_ferry_is_kept_where_somebody_may_board(tags, reason):
    assert why_dropped({"route": "ferry", **tags}) == reason
