"""An office's own speeds: what is taken, what is refused, and what the answers say of it."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.answers.gaps import gaps
from coverage.answers.study import open_study
from coverage.ground.errors import InputError
from coverage.ground.registry import data_file
from coverage.ground.texts import LANGUAGES, say
from coverage.places.workspace import Workspace
from coverage.travel.network.speed_choices import (
    changed_speeds,
    checked_speeds,
    own_speeds,
    speed_key,
    speeds_from_toml,
    speeds_of,
    speeds_toml,
    store_speeds,
)
from coverage.travel.network.speeds import load_speeds, shipped_values, speeds_from, spoken_name, values_of

KEYS = sorted(shipped_values())


@pytest.fixture
def door(tmp_path):
    return Workspace.open(tmp_path / "kerja.gpkg")


def test_every_shipped_value_lies_in_its_own_range_and_reads_in_words():
    for key, value in shipped_values().items():
        limits = speed_key(key)
        assert limits.least <= value <= limits.most, key
        for lang in LANGUAGES:
            assert say(f"speeds.key_{spoken_name(key)}", lang)
            assert say(f"speeds.source_{limits.source}", lang)


def test_values_and_speeds_say_the_same():
    assert values_of(load_speeds()) == dict(shipped_values())
    assert speeds_from(shipped_values()) == load_speeds()


@given(st.sampled_from(KEYS), st.floats(0, 1))
def test_any_number_of_the_range_is_taken_and_is_the_only_change(key, share):
    limits = speed_key(key)
    value = limits.least + share * (limits.most - limits.least)
    changed = changed_speeds(speeds_from({**shipped_values(), **checked_speeds({key: value})}))
    assert changed == ({} if value == shipped_values()[key] else {key: value})


@pytest.mark.parametrize("value", ["0", "-5", "1000000", 0, -1.0, float("nan"), float("inf"), "121"])
def test_what_is_out_of_range_is_refused_with_key_value_and_range(value):
    with pytest.raises(InputError) as caught:
        checked_speeds({"road_km_per_h.trunk": value})
    said = str(caught.value)
    assert "road_km_per_h.trunk" in said
    assert str(value) in said
    assert "dari 1 sampai 120" in said


@pytest.mark.parametrize("value", ["cepat", "", "1.000,5", "1e2", True, None, [30]])
def test_what_is_no_number_is_refused(value):
    with pytest.raises(InputError, match="bukan angka"):
        checked_speeds({"road_km_per_h.trunk": value})


def test_every_fault_is_told_at_once():
    with pytest.raises(InputError) as caught:
        checked_speeds({"road_km_per_h.trunk": "x", "road_km_per_h.jalan": "5", "detour.base": "0,5"})
    assert [message.key for message in caught.value.messages] == [
        "speeds.no_number",
        "speeds.unknown_key",
        "speeds.out_of_range",
    ]


def test_a_decimal_comma_is_read():
    assert checked_speeds({"detour.base": "1,25"}) == {"detour.base": 1.25}


def test_a_workspace_that_says_nothing_has_the_shipped_speeds(door):
    assert speeds_of(door) == load_speeds()


def test_what_is_stored_is_read_and_taken_back(door):
    store_speeds(door, {"road_km_per_h.trunk": "35", "detour.base": 1.3})
    assert own_speeds(door) == {"road_km_per_h.trunk": 35.0, "detour.base": 1.3}
    store_speeds(door, {"road_km_per_h.trunk": 36}, reset=["detour.base"])
    assert own_speeds(door) == {"road_km_per_h.trunk": 36.0}
    assert changed_speeds(speeds_of(door)) == {"road_km_per_h.trunk": 36.0}
    store_speeds(door, {"road_km_per_h.trunk": shipped_values()["road_km_per_h.trunk"]})
    assert own_speeds(door) == {}
    assert speeds_of(door) == load_speeds()


def test_a_fault_stores_nothing(door):
    with pytest.raises(InputError):
        store_speeds(door, {"detour.base": 1.3, "road_km_per_h.trunk": 0})
    assert not door.path.exists()


def test_a_value_that_another_program_wrote_is_refused_as_well(door):
    door.put({"speeds": pd.DataFrame({"key": ["detour.base"], "value": ["cepat"]})}, replacing={"key": []})
    with pytest.raises(InputError, match=r"detour\.base"):
        speeds_of(door)


def test_what_is_written_is_read_again_and_the_shipped_file_changes_nothing(door):
    changed = {"road_km_per_h.trunk": 35.0, "detour.per_m_per_km": 0.02}
    assert speeds_from_toml(speeds_toml(changed).encode(), "laju.toml") == changed
    shipped = speeds_from_toml(data_file("speeds").read_bytes(), "speeds.toml")
    assert shipped == dict(shipped_values())
    store_speeds(door, shipped)
    assert own_speeds(door) == {}


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"road = ", b"PK\x03\x04", b"# " + b"x" * 70_000])
def test_a_file_that_is_none_is_refused_by_name(content):
    with pytest.raises(InputError, match=r"laju\.toml"):
        speeds_from_toml(content, "laju.toml")


def test_a_file_with_other_keys_is_refused_with_each_of_them():
    with pytest.raises(InputError) as caught:
        speeds_from_toml(b'kecepatan = 4\n[road_km_per_h]\ntrunk = "35"\nprimary = [1]\n[x.y]\nz = 1\n', "laju.toml")
    assert [message.key for message in caught.value.messages] == [
        "speeds.unknown_key",
        "speeds.no_number",
        "speeds.unknown_key",
    ]


def test_slower_roads_make_longer_ways_and_the_answer_says_so(door):
    store_speeds(door, {"indicative_km_per_h.rural": 20})
    slow = gaps(open_study("74.03", workspace=door.path))
    usual = gaps(open_study("74.03")).villages["travel_min"]
    assert (slow.villages["travel_min"] >= usual).all()
    assert (slow.villages["travel_min"] > usual).any()
    told = " ".join(note.text() for note in slow.notes)
    assert "indicative_km_per_h.rural 20 (bawaan 43)" in told
