"""What to do next follows from the figures, and from nothing else."""

import datetime as dt

import pytest

from coverage.answers.agenda import RECENT_DAYS, agenda, held_visits, uncovered_areas
from coverage.answers.gaps import GapReport, gaps
from coverage.answers.pokling import rank
from coverage.answers.study import open_study
from coverage.places.workspace import Workspace

BASE = "klinik-bnnp-sultra"
TODAY = dt.date(2026, 11, 25)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("JANGKAU_HOME", str(tmp_path))


@pytest.fixture(scope="module")
def report() -> GapReport:
    return gaps(open_study("74"), 60)


def subjects(steps):
    return [step.subject for step in steps]


def test_where_no_unit_is_units_come_first_and_alone():
    assert subjects(agenda(gaps(open_study("81"), 60, allow_no_units=True), None, TODAY)) == ["units"]


def test_the_visit_is_the_first_of_the_ranking(report):
    first = rank(report.study, BASE, TODAY).ranked.index[0]
    assert [step.kode for step in agenda(report, BASE, TODAY) if step.subject == "visit"] == [first]


def test_without_a_base_no_visit_is_proposed(report):
    assert "visit" not in subjects(agenda(report, None, TODAY))


def test_figures_in_the_steps_are_those_of_the_gaps(report):
    said = {step.subject: step.said.values for step in agenda(report, BASE, TODAY)}
    summary = report.summary()
    assert said["ferries"]["villages"] == summary["not_connected"]
    assert said["verify"]["units"] == summary["units"]
    worst = report.by_regency.assign(out=lambda t: t["population"] - t["population_covered"]).nlargest(1, "out").iloc[0]
    assert (said["site"]["area"], said["site"]["persons"]) == (worst["name"], round(float(worst["out"])))


def test_people_out_of_reach_add_up_to_those_of_the_region(report):
    areas, summary = uncovered_areas(report), report.summary()
    assert areas["villages_out"].sum() == summary["villages"] - summary["covered"]
    assert areas["population_out"].sum() == summary["population"] - summary["population_covered"]
    assert areas["population_out"].is_monotonic_decreasing


@pytest.mark.parametrize(("days", "asked"), [(RECENT_DAYS, False), (RECENT_DAYS + 1, True)])
def test_recording_is_asked_for_once_the_last_visit_is_long_ago(days, asked):
    Workspace.open().record_visit("74.71.01.1005", TODAY - dt.timedelta(days=days))
    steps = agenda(gaps(open_study("74.71"), 60), BASE, TODAY)
    assert ("record" in subjects(steps)) is asked


def test_visits_of_tomorrow_and_of_other_places_are_not_held():
    door = Workspace.open()
    door.record_visit("74.71.01.1005", TODAY)
    door.record_visit("74.71.01.1005", TODAY + dt.timedelta(days=1))
    door.record_visit("16.73.02.1001", TODAY)
    held = held_visits(open_study("74.71"), TODAY)
    assert list(zip(held["kode"], held["date"].dt.date, held["name"], strict=True)) == [
        ("74.71.01.1005", TODAY, "Mandonga")
    ]


@pytest.mark.parametrize(("as_of", "asked"), [(dt.date(2024, 5, 20), True), (dt.date(2024, 7, 1), False)])
def test_targets_call_for_something_while_they_can_still_be_caught_up(as_of, asked):
    steps = agenda(gaps(open_study("52"), 60, allow_no_units=True), None, as_of)
    said = [step.said.values["names"] for step in steps if step.subject == "targets"]
    assert said == (["SKHPN, rawat lanjut, SIL"] if asked else [])
