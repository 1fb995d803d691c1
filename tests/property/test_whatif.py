"""Laws of what-if: a new unit never takes coverage away, a closed one never gives any."""

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coverage.answers.gaps import gaps
from coverage.answers.study import open_study
from coverage.answers.whatif import whatif
from coverage.ground.errors import InputError
from coverage.places.workspace import Workspace

few = settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
WANCI = "74.07.01.1003"
cutoffs = st.floats(5, 600)


def covered(report):
    return set(report.villages.index[report.villages["state"] == "covered"])


def villages_of(count):
    return st.lists(st.integers(0, count - 1), min_size=1, max_size=3, unique=True)


@pytest.mark.parametrize("region", ["sultra", "wakatobi"])
@few
@given(data=st.data(), cutoff=cutoffs)
def test_adding_never_lowers_coverage(request, region, data, cutoff):
    study = request.getfixturevalue(region)
    add = list(study.villages.index[data.draw(villages_of(len(study.villages)))])
    found = whatif(study, add=add, cutoff_min=cutoff)
    assert covered(found.before) <= covered(found.after)
    assert set(found.newly_covered.index) == covered(found.after) - covered(found.before)
    assert found.no_longer_covered.empty
    assert set(add) <= covered(found.after)
    assert (found.after.villages["travel_min"] <= found.before.villages["travel_min"]).all()
    assert (found.after.villages.loc[add, "travel_min"] == 0).all()


@few
@given(close=st.sets(st.integers(0, 6), min_size=1), cutoff=cutoffs)
def test_closing_never_raises_coverage(sultra, close, cutoff):
    found = whatif(sultra, close=list(sultra.units.index[sorted(close)]), cutoff_min=cutoff)
    assert covered(found.after) <= covered(found.before)
    assert set(found.no_longer_covered.index) == covered(found.before) - covered(found.after)
    assert found.newly_covered.empty
    assert len(found.after.study.units) == 7 - len(close)


@few
@given(unit=st.integers(0, 6), to=st.integers(0, 2284), cutoff=cutoffs)
def test_moving_is_closing_and_adding(sultra, unit, to, cutoff):
    id_, kode = str(sultra.units.index[unit]), str(sultra.villages.index[to])
    moved = whatif(sultra, move={id_: kode}, cutoff_min=cutoff).after
    both = whatif(sultra, close=[id_], add=[kode], cutoff_min=cutoff).after
    same = ["travel_min", "travel_km", "ferry_legs", "state"]
    pd.testing.assert_frame_equal(moved.villages[same], both.villages[same])
    assert moved.study.units.at[id_, "wilayah_kerja"] == sultra.units.at[id_, "wilayah_kerja"]


@few
@given(add=villages_of(101), cutoff=cutoffs)
def test_before_is_the_plain_answer_and_the_study_is_left_as_it_was(wakatobi, add, cutoff):
    plain = gaps(wakatobi, cutoff)
    found = whatif(wakatobi, add=list(wakatobi.villages.index[add]), cutoff_min=cutoff)
    pd.testing.assert_frame_equal(found.before.villages, plain.villages)
    pd.testing.assert_frame_equal(gaps(wakatobi, cutoff).villages, plain.villages)


def test_a_new_unit_on_an_island_without_ferry_connects_that_island_only(wakatobi):
    before = gaps(wakatobi).villages
    kode = str(before.index[before["state"] == "not_connected"][0])
    found = whatif(wakatobi, add=[kode])
    gained = (found.changes["before_state"] == "not_connected") & (found.changes["after_state"] != "not_connected")
    assert set(found.changes.index[gained]) == set(before.index[before["island"] == before.at[kode, "island"]])


def test_sums_by_regency_are_those_of_the_newly_covered(sultra):
    found = whatif(sultra, add=[WANCI, "74.06.06.1009"])
    table = found.by_regency()
    assert table["villages"].sum() == len(found.newly_covered)
    assert abs(table["population"].sum() - found.newly_covered["population"].sum()) <= len(table)
    assert set(table["kode"]) == set(found.newly_covered.index.str[:5])


def test_naming_a_village_twice_adds_one_unit(wakatobi):
    once, twice = (whatif(wakatobi, add=add) for add in ([WANCI], [WANCI, WANCI]))
    assert len(once.after.study.units) == len(twice.after.study.units)


def test_a_second_ibm_unit_in_a_village_is_another_unit(tmp_path):
    own = tmp_path / "kerja.gpkg"
    first = whatif(open_study("74.07"), add=[WANCI]).after.study.units
    columns = Workspace.open(own).units().columns
    Workspace.open(own).save_units(first.loc[[f"ibm-{WANCI}"], columns])
    found = whatif(open_study("74.07", workspace=own), add=[WANCI])
    assert {f"ibm-{WANCI}", f"ibm-{WANCI}-2"} <= set(found.after.study.units.index)
    assert found.changes.empty


def test_closing_every_unit_leaves_nobody_connected(sultra):
    found = whatif(sultra, close=list(sultra.units.index))
    assert (found.after.villages["state"] == "not_connected").all()
    assert found.after.by_regency["units"].sum() == 0
    assert found.after.by_responsible.empty
    assert found.after.notes


@pytest.mark.parametrize(
    ("change", "value"),
    [
        ({}, ""),
        ({"add": ["74.07.01.9999"]}, "74.07.01.9999"),
        ({"add": ["74.71.01.1005"]}, "74.71.01.1005"),
        ({"add": ["Entah"]}, "Entah"),
        ({"close": ["tidak-ada"]}, "tidak-ada"),
        ({"move": {"tidak-ada": WANCI}}, "tidak-ada"),
        ({"move": {"bnnk-muna": "7407011003"}}, "74.07.01.1003"),
        ({"move": {"bnnk-muna": WANCI}, "close": ["bnnk-muna"]}, "bnnk-muna"),
        ({"add": [WANCI], "cutoff_min": 0}, "0"),
    ],
)
def test_an_unusable_change_is_refused_and_named(wakatobi, change, value):
    with pytest.raises(InputError) as caught:
        whatif(wakatobi, **change)
    assert value in str(caught.value)
