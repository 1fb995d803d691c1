"""Lines of an office: described anew, changed, taken out, and every fault in a sentence."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.ground.errors import InputError
from coverage.places.ferries import embedded_ferries, find_ferry
from coverage.places.ferry_changes import VEHICLES, FerryChange, changed_ferry, new_ferry
from coverage.places.visits import embedded_visits
from coverage.places.workspace import Workspace

KALEDUPA, WANCI = "74.07.02.1002", "74.07.01.1003"


@pytest.fixture
def door(tmp_path):
    return Workspace.open(tmp_path / "kerja.gpkg")


def shipped(id_):
    return find_ferry(embedded_ferries(), id_)


def faults(**change):
    with pytest.raises(InputError) as caught:
        changed_ferry(shipped("torobulu-tampo"), FerryChange(**change))
    return [message.key for message in caught.value.messages]


def test_a_new_line_has_an_id_of_its_ports_and_says_where_it_comes_from():
    row = new_ferry(FerryChange(KALEDUPA, WANCI, 90, departures="10:00,8.30", days="sel:1;Jumat:0", vehicles="no"))
    assert row["id"] == f"{WANCI}-{KALEDUPA}"
    assert (row["departures"], row["trips_per_day"], row["days"]) == ("08:30;10:00", "2", "Sel:1;Jum:0")
    assert (row["sailing_min"], row["vehicles"], row["source"]) == ("90", "no", "workspace")


def test_what_is_not_given_stays_and_a_stale_note_goes():
    before = shipped("torobulu-tampo")
    after = changed_ferry(before, FerryChange(vehicles="yes"))
    kept = set(before) - {"vehicles", "note_id", "note_en", "source"}
    assert {name: after[name] for name in kept} == {name: before[name] for name in kept}
    assert (after["vehicles"], after["note_id"], after["note_en"]) == ("yes", "", "")


def test_a_stated_time_takes_the_place_of_a_range():
    after = changed_ferry(shipped("torobulu-tampo"), FerryChange(sailing_min=160, season_extra_min=20))
    assert (after["sailing_min"], after["sailing_max_min"]) == ("160", "")
    assert (after["season_extra_min"], after["season_extra_max_min"]) == ("20", "")


def test_departures_decide_the_trips_and_other_trips_forget_the_departures():
    after = changed_ferry(shipped("waara-baubau"), FerryChange(departures="07:00,12:00,19:00"))
    assert (after["trips_per_day"], after["first_departure"], after["last_departure"]) == ("3", "", "")
    assert changed_ferry(after, FerryChange(trips_per_day=3))["departures"] == "07:00;12:00;19:00"
    assert changed_ferry(after, FerryChange(trips_per_day=4))["departures"] == ""


def test_an_empty_text_is_not_known_from_now_on():
    after = changed_ferry(shipped("torobulu-tampo"), FerryChange(days="", vehicles="unknown"))
    assert (after["days"], after["vehicles"]) == ("", "")


def test_a_number_is_forgotten_with_its_range():
    after = changed_ferry(shipped("torobulu-tampo"), FerryChange(unknown=("sailing", "trips", "season_extra")))
    names = ("sailing_min", "sailing_max_min", "trips_per_day", "season_extra_min", "season_extra_max_min")
    assert [after[name] for name in names] == [""] * 5


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"departures": "25:00"}, "bad_time"),
        ({"departures": "24:00"}, "bad_time"),
        ({"departures": "08:60"}, "bad_time"),
        ({"departures": "pagi"}, "bad_time"),
        ({"departures": "08:00,8.00"}, "time_twice"),
        ({"departures": "08:00", "trips_per_day": 2}, "trips_differ"),
        ({"days": "Xyz:2"}, "bad_day"),
        ({"days": "Sel"}, "bad_day"),
        ({"days": "Sel:-1"}, "bad_day"),
        ({"days": "Sel:4;Selasa:3"}, "day_twice"),
        ({"sailing_min": 0}, "times"),
        ({"sailing_min": 7 * 24 * 60 + 1}, "times"),
        ({"trips_per_day": 1001}, "times"),
        ({"season_extra_min": 24 * 60 + 1}, "extra"),
        ({"season_extra_min": -1}, "extra"),
        ({"start": "74.03.06.1005"}, "same"),
    ],
)
def test_each_fault_is_told_by_its_own_sentence(change, fault):
    assert faults(**change) == [f"ferries.{fault}"]


def test_a_port_that_is_not_known_is_told():
    assert faults(start="74.03.06.2999")[0].startswith("villages.")


def test_every_fault_of_a_change_is_told_at_once():
    assert faults(departures="25:00,08:00,08:00", days="Xyz:1", sailing_min=-1, season_extra_min=-1) == [
        "ferries.times",
        "ferries.extra",
        "ferries.bad_time",
        "ferries.time_twice",
        "ferries.bad_day",
    ]


@given(
    st.lists(st.integers(0, 1439), max_size=6, unique=True),
    st.dictionaries(st.sampled_from(["Sen", "Sel", "Min"]), st.integers(0, 999)),
    st.sampled_from(VEHICLES),
)
def test_what_was_written_is_taken_again_unchanged(minutes, other, vehicles):
    times = ",".join(f"{at // 60:02d}:{at % 60:02d}" for at in minutes)
    days = ";".join(f"{day}:{trips}" for day, trips in other.items())
    once = changed_ferry(shipped("amolengo-labuan"), FerryChange(departures=times, days=days, vehicles=vehicles))
    again = FerryChange(departures=once["departures"], days=once["days"], vehicles=once["vehicles"] or "unknown")
    assert changed_ferry(once, again) == once


def test_a_shipped_line_is_hidden_and_comes_back_when_it_is_declared_anew(door):
    door.remove_ferry("torobulu-tampo")
    assert "torobulu-tampo" not in set(door.ferries()["id"])
    assert door.hidden_ferries() == ("torobulu-tampo",)
    door.declare_ferry(changed_ferry(find_ferry(door.ferries(hidden=True), "torobulu-tampo"), FerryChange(days="")))
    assert "torobulu-tampo" in set(door.ferries()["id"])
    assert door.hidden_ferries() == ()


def test_an_own_line_is_forgotten_and_a_changed_one_hidden_with_what_it_replaced(door):
    row = new_ferry(FerryChange(KALEDUPA, WANCI, 90))
    door.declare_ferry(row)
    door.declare_ferry(changed_ferry(shipped("torobulu-tampo"), FerryChange(sailing_min=100)))
    for id_ in (row["id"], "torobulu-tampo"):
        door.remove_ferry(id_)
    assert set(door.ferries()["id"]) == set(embedded_ferries()["id"]) - {"torobulu-tampo"}


def test_visits_are_taken_out_one_by_one(door):
    held = embedded_visits().iloc[0]
    door.remove_visit(held["kode"], held["date"].date())
    assert len(door.visits()) == len(embedded_visits()) - 1
    day = dt.date(2024, 10, 8)
    door.record_visit(held["kode"], day, team="A")
    door.record_visit(KALEDUPA, day)
    door.remove_visit(held["kode"], day)
    assert door.visits()["kode"].tolist()[-1] == KALEDUPA
    assert len(door.visits()) == len(embedded_visits())


def test_a_line_is_found_by_id_or_name():
    assert find_ferry(embedded_ferries(), "Torobulu-Tampo")["id"] == "torobulu-tampo"
    with pytest.raises(InputError, match="feri-x"):
        find_ferry(embedded_ferries(), "feri-x")
