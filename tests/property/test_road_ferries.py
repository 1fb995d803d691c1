"""Ferry ways of a road file: what they carry decides, they are listed with an id, and assumed times are marked."""

import itertools
import json

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from coverage.answers.journey import journey
from coverage.answers.study import open_study
from coverage.answers.travel import travel_notes
from coverage.faces.cli import main
from coverage.faces.maps.map_layers import FERRIES, ferry_lines
from coverage.faces.words.journey_legs import leg_lines
from coverage.faces.words.travel_listings import ferry_list
from coverage.ground.errors import InputError
from coverage.ground.texts import LANGUAGES, say
from coverage.places.workspace import Workspace
from coverage.travel.network.ferry_choices import TravelChoices
from coverage.travel.network.graph import FERRY
from coverage.travel.roads.importing import import_roads
from coverage.travel.roads.osm_rules import carries_vehicles
from coverage.travel.roads.road_store import ferry_names, stored_roads

REGION = "74.71"
PLACES = {1: (122.589, -3.9712), 2: (122.590, -3.985), 3: (122.585, -3.968), 4: (122.592, -3.99)}
BOAT = "osm-20"


def imported(path, **tags):
    """Import two streets that only a boat joins; `tags` say whom it takes."""
    ways = {
        20: ([1, 2], {"route": "ferry", "duration": "00:10", **tags}),
        21: ([3, 1], {"highway": "primary"}),
        22: ([2, 4], {"highway": "primary"}),
    }
    elements = [{"type": "node", "id": at, "lon": lon, "lat": lat} for at, (lon, lat) in PLACES.items()]
    elements += [{"type": "way", "id": id_, "nodes": nodes, "tags": told} for id_, (nodes, told) in ways.items()]
    file = path / "jalan.json"
    file.write_text(json.dumps({"version": 0.6, "elements": elements}), encoding="utf-8")
    door = Workspace.open(path / "kerja.gpkg")
    import_roads(door, file, REGION)
    return door


def boats(door, **choices):
    study = open_study(REGION, workspace=door.path, choices=TravelChoices(**choices))
    network = study.network
    sails = {network.ferry_ids[number] for number in network.ferry[network.kind == FERRY]}
    assert (BOAT in study.roads.ferries.index) == (BOAT in sails)
    return study, BOAT in sails


@pytest.mark.parametrize(
    ("tags", "carries"),
    [
        ({"motor_vehicle": "no", "foot": "yes"}, "no"),
        ({"access": "no", "foot": "yes"}, "no"),
        ({"motor_vehicle": "no", "motorcycle": "yes"}, "yes"),
        ({"motor_vehicle": "yes"}, "yes"),
        ({}, ""),
    ],
)
def test_what_a_ferry_of_the_roads_carries_decides_who_sails(tmp_path, tags, carries):
    door = imported(tmp_path, **tags)
    assert stored_roads(door)[0].vehicles[stored_roads(door)[0].ferry_id == BOAT].tolist() == [carries]
    usual, sails = boats(door)
    assert sails
    assert usual.roads.ferries.at[BOAT, "vehicles"] == carries
    with_car, sails = boats(door, vehicles_only=True)
    assert sails == (carries != "no")
    said = " ".join(note.text("id") for note in travel_notes(with_car))
    assert (BOAT in said) == (carries == "no")
    assert not boats(door, without=(BOAT,))[1]
    with pytest.raises(InputError):
        boats(door, without=("osm-21",))


def test_a_ferry_carries_what_its_most_specific_tag_lets_aboard():
    """Nobody lives along the way of a boat, so that what is private there is shut."""
    keys, words = ("motorcycle", "motorcar", "motor_vehicle", "vehicle"), (None, "yes", "no", "private", "unknown")
    for values in itertools.product(words, repeat=len(keys)):
        tags = {key: word for key, word in zip(keys, values, strict=True) if word}
        motorcycle, *car = ("" if word == "unknown" else word for word in values)
        by_car = next((word for word in car if word), "yes") == "yes"
        silent = set(values) <= {None, "unknown"}
        carries = "" if silent else "yes" if by_car or motorcycle == "yes" else "no"
        assert carries_vehicles(tags) == carries, tags


def test_ferries_of_the_roads_are_listed_with_id_ports_and_what_is_assumed(tmp_path, capfdbinary):
    door = imported(tmp_path, motor_vehicle="no")
    for format_ in ("text", "json"):
        assert main(["ferries", "--region", REGION, "--workspace", str(door.path), "--format", format_]) == 0
        out = capfdbinary.readouterr().out.decode()
        assert BOAT in out
    (row,) = [one for one in json.loads(out) if one["id"] == BOAT]
    assert (row["sailing_min"], row["vehicles"], row["estimated"]) == (10.0, "no", "wait")
    assert REGION in row["from_place"]
    assert row["mean_wait_min"] == boats(door)[0].roads.ferries.at[BOAT, "wait_min"]
    assert ferry_names(door) == {BOAT: BOAT}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_map_draws_exactly_the_ferries_that_are_listed_and_run(tmp_path, lang):
    door = imported(tmp_path, motor_vehicle="no")
    study, _ = boats(door)
    listed = list(ferry_list(door, study.region, lang).frame["name"])
    drawn = ferry_lines(study, lang)
    # Legs that one ship sails in a row are drawn beside the legs themselves, under the name of their line.
    assert {one.name for one in drawn} == set(listed)
    (line,) = [one for one in drawn if one.name == BOAT]
    assert line.layer == FERRIES
    assert set(shapely.get_coordinates(line.geometry)[:, 1].round(4)) == {-3.9712, -3.985}
    assert say("columns.estimated_wait", lang) in line.lines[0]
    assert BOAT not in {one.name for one in ferry_lines(boats(door, vehicles_only=True)[0], lang)}
    assert BOAT not in {one.name for one in ferry_lines(boats(door, without=(BOAT,))[0], lang)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_assumed_wait_is_marked_on_every_leg(tmp_path, lang):
    study, _ = boats(imported(tmp_path, motor_vehicle="no"))
    joined = study.roads.snaps[(study.roads.snaps["reason"] == "") & (study.roads.snaps["metres"] < 1e6)]
    component = study.network.by_roads.component[study.network.numbers(joined.index)]
    assert len(np.unique(component)) == 1
    sailed = 0
    for start, end in itertools.combinations(joined.index[:15], 2):
        found = journey(study, start, end)
        for leg, line in zip(found.route.legs, leg_lines(found, lang), strict=True):
            marked = say("columns.estimated_wait", lang) in line and "(" in line
            assert marked == (leg.kind == "ferry" and "wait" in leg.estimated)
            sailed += leg.kind == "ferry"
    assert sailed


def test_a_workspace_from_before_the_column_opens_and_takes_new_roads(tmp_path):
    door = imported(tmp_path, motor_vehicle="no")
    before = stored_roads(door)[0]
    table = pyogrio.read_dataframe(door.path, layer="roads").drop(columns="vehicles")
    pyogrio.write_dataframe(table, door.path, layer="roads", driver="GPKG")
    after = stored_roads(door)[0]
    assert set(after.vehicles) == {""}
    pd.testing.assert_series_equal(pd.Series(after.km), pd.Series(before.km))
    assert boats(door, vehicles_only=True)[1], "what is not known counts as carrying"
    again = imported(tmp_path, motor_vehicle="no")
    assert not boats(again, vehicles_only=True)[1]
