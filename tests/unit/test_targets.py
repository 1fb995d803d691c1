"""Targets: the published percentages, periods as offices write them, sums that are told, and what a plan would add."""

import datetime as dt
import math

import pandas as pd
import pytest

from coverage.answers.scenarios.scenario import Scenario
from coverage.answers.siting.question import AGENTS
from coverage.answers.target_plans import Intended, additions, intended, new_units
from coverage.answers.target_progress import grade_of, periods_held, progress
from coverage.faces.words.targets_listing import spoken
from coverage.ground.errors import InputError
from coverage.ground.quantities import format_reached
from coverage.places.importing import Asked, preview
from coverage.places.periods import period_key, read_period
from coverage.places.workspace import Workspace

NTB, MATARAM, BIMA = "52", "52.71", "52.72"
MARCH = dt.date(2024, 3, 31)


@pytest.fixture
def door(tmp_path):
    return Workspace.open(tmp_path / "kantor.gpkg")


def save(door, *rows):
    """Store rows of area, period, indicator, unit, achieved, target."""
    columns = ["area_kode", "period", "indicator", "unit", "achieved", "target"]
    door.save_targets(pd.DataFrame(rows, columns=columns).assign(source="uji"))


def told(found, scope="region"):
    rows = found.rows[found.rows["scope"] == scope]
    return rows.set_index("indicator")


def test_ntb_has_the_percentages_that_were_published(door):
    found = told(progress("NTB", workspace=door))
    assert found["percent"].dropna().to_dict() == {
        "rehabilitasi": 82.18,
        "SKHPN": 32.45,
        "rawat lanjut": 68.18,
        "IBM": 100.0,
        "SIL": 37.2,
    }
    published = ["82,18 %", "32,45 %", "68,18 %", "100 %", "37,2 %"]
    assert [format_reached(percent, "id") for percent in found["percent"].dropna()] == published
    assert found.loc["SKHPN", "share"] == 542 / 1670
    assert (found.loc["IKM", "grade"], found.loc["IKM", "state"]) == ("A", "no_target")


@pytest.mark.parametrize(
    ("written", "key", "first", "last"),
    [
        ("2024", "2024", "2024-01-01", "2024-12-31"),
        ("Tahun Anggaran 2024", "2024", "2024-01-01", "2024-12-31"),
        ("2024-S1", "2024-S1", "2024-01-01", "2024-06-30"),
        ("Semester II 2024", "2024-S2", "2024-07-01", "2024-12-31"),
        ("smt.2/2024", "2024-S2", "2024-07-01", "2024-12-31"),
        ("semester pertama tahun 2024", "2024-S1", "2024-01-01", "2024-06-30"),
        ("2024-T1", "2024-T1", "2024-01-01", "2024-03-31"),
        ("TW2 2024", "2024-T2", "2024-04-01", "2024-06-30"),
        ("TWIV-2024", "2024-T4", "2024-10-01", "2024-12-31"),
        ("Triwulan III Tahun 2023", "2023-T3", "2023-07-01", "2023-09-30"),
        ("2024-02", "2024-02", "2024-02-01", "2024-02-29"),
        ("Pebruari 2023", "2023-02", "2023-02-01", "2023-02-28"),
        ("12/2024", "2024-12", "2024-12-01", "2024-12-31"),
    ],
)
def test_a_period_is_read_however_it_is_written(written, key, first, last):
    period = read_period(written)
    assert (period.key, period.first.isoformat(), period.last.isoformat()) == (key, first, last)
    assert read_period(period.key) == period


@pytest.mark.parametrize(
    "written", ["", "S1", "2024-S3", "2024-T5", "2024-13", "2024/2025", "s.d. Agustus", "2024-03-15"]
)
def test_what_is_no_period_of_the_calendar_is_none(written):
    assert read_period(written) is None
    assert period_key(f" {written} ") == written


def test_a_figure_of_an_unknown_period_is_kept_and_has_no_pace(door):
    save(door, (MATARAM, "masa pandemi", "SIL", "kali", 3, 10), (MATARAM, "masa pandemi", "IBM", "unit", 2, 2))
    found = progress(MATARAM, workspace=door)
    assert told(found)["state"].to_dict() == {"IBM": "reached", "SIL": "no_calendar"}
    assert told(found)["expected"].isna().all()
    assert [note.key for note in found.notes] == ["targets.note_calendar"]
    assert found.judged["indicator"].tolist() == ["IBM"]


@pytest.mark.parametrize(
    ("as_of", "achieved", "state"),
    [
        ("2023-12-31", 0, "not_begun"),
        ("2024-03-31", 50, "on_pace"),
        ("2024-03-31", 49, "behind"),
        ("2024-06-29", 99, "behind"),
        ("2024-06-30", 99, "missed"),
        ("2024-06-30", 100, "reached"),
        ("2023-01-01", 100, "reached"),
        ("2024-03-31", None, "not_reported"),
    ],
)
def test_the_state_follows_achievement_and_calendar(door, as_of, achieved, state):
    save(door, (MATARAM, "2024-S1", "SIL", "kali", achieved, 100.0))
    assert told(progress(MATARAM, as_of=dt.date.fromisoformat(as_of), workspace=door)).loc["SIL", "state"] == state


def test_what_is_left_is_spread_over_the_working_days_left(door):
    save(door, (MATARAM, "2024-06", "SIL", "kali", 4.0, 10.0))
    row = told(progress(MATARAM, as_of=dt.date(2024, 6, 23), workspace=door)).loc["SIL"]
    assert (row["left"], row["working_days_left"], row["needed_per_day"]) == (6, 5, 1.2)


def test_what_is_told_to_be_needed_is_enough(door):
    found = progress(NTB, as_of=dt.date(2024, 6, 10), workspace=door)
    words = spoken(found, "id").set_index("indicator")["needed"]
    assert words["rawat lanjut"] == "3 per hari kerja"
    assert words["SKHPN"] == "94 per hari kerja"


def test_an_index_has_no_pace(door):
    save(door, (MATARAM, "2024", "IKM", "", 3.4, 3.5))
    row = told(progress(MATARAM, as_of=dt.date(2024, 1, 2), workspace=door)).loc["IKM"]
    assert (row["state"], row["expected"], row["grade"]) == ("behind", 3.5, "B")
    assert math.isnan(row["needed_per_day"])


@pytest.mark.parametrize(
    ("index", "grade"),
    [
        (4.0, "A"),
        (3.5324, "A"),
        (3.532, "B"),
        (3.0644, "B"),
        (3.064, "C"),
        (2.6, "C"),
        (2.5996, "D"),
        (1.0, "D"),
        (0.9, ""),
    ],
)
def test_ikm_is_graded_by_the_intervals_of_the_regulation(index, grade):
    assert grade_of(index) == grade


def test_figures_of_offices_inside_are_added_only_where_the_region_has_none_of_its_own(door):
    save(
        door,
        (MATARAM, "2024-S1", "SIL", "kali", 10, 20),
        (BIMA, "2024-S1", "SIL", "kali", 5, 20),
        (MATARAM, "2024-T2", "SIL", "kali", 10, 20),
        (BIMA, "2024-T2", "SIL", "kali", 5, 20),
    )
    found = progress(NTB, workspace=door)
    assert told(found).loc["SIL", "achieved"] == 32
    sums = told(found, "sum")
    assert sums[["period", "achieved", "target", "percent", "parts"]].to_numpy().tolist() == [
        ["2024-T2", 15, 40, 37.5, 2]
    ]
    assert len(told(found, "inside")) == 4
    assert "targets.note_sum" in [note.key for note in found.notes]
    assert progress(MATARAM, workspace=door).rows["area_kode"].unique().tolist() == [MATARAM]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ((MATARAM, "2024-T2", "IKM", "", 3.8, None), (BIMA, "2024-T2", "IKM", "", 3.6, None)),
        ((MATARAM, "2024-T2", "rehabilitasi", "orang", 8, 9), (BIMA, "2024-T2", "rehabilitasi", "kali", 3, 9)),
        ((MATARAM, "2024-T2", "tes urine", "orang", 8, 9), (BIMA, "2024-T2", "tes urine", "orang", 3, 9)),
    ],
    ids=["index", "units differ", "unknown indicator"],
)
def test_what_cannot_be_added_is_not_and_that_is_told(door, one, other):
    save(door, one, other)
    found = progress(NTB, period="Triwulan II 2024", workspace=door)
    assert told(found, "sum").empty
    assert [note.key for note in found.notes] == ["targets.note_not_summed"]


def test_a_sum_that_lacks_a_part_is_not_known(door):
    save(door, (MATARAM, "2024-T2", "SIL", "kali", 10, 20), (BIMA, "2024-T2", "SIL", "kali", None, 20))
    found = progress(NTB, period="2024-T2", workspace=door)
    assert told(found, "sum")[["target", "state"]].to_numpy().tolist() == [[40, "not_reported"]]
    assert "targets.note_sum_lacking" in [note.key for note in found.notes]


def test_the_finding_is_about_the_latest_period_that_can_be_judged(door):
    save(door, (NTB, "2024-S2", "SIL", "kali", 50, 86), (NTB, "2030", "SIL", "kali", 0, 90))
    assert progress(NTB, as_of=dt.date(2024, 12, 1), workspace=door).judged["period"].tolist() == ["2024-S2"]
    assert periods_held(NTB, workspace=door) == ("2030", "2024-S2", "2024-S1")


def test_an_office_replaces_a_published_figure_whatever_way_it_writes_it(door):
    before = door.targets()
    door.save_targets(
        pd.DataFrame(
            [(NTB, "Semester I 2024", "Layanan Rehabilitasi", "Orang", 230.0, 275.0, "uji")],
            columns=before.columns[1:8],
        )
    )
    now = door.targets()
    assert len(now) == len(before)
    assert now.loc[now["indicator"] == "rehabilitasi", ["achieved", "own"]].to_numpy().tolist() == [[230, True]]


def test_a_figure_taken_out_is_gone_until_it_is_entered_again(door):
    key = (NTB, "2024-S1", "SIL", "kali")
    save(door, (NTB, "Semester I 2024", "sil", "", 40, 86))
    door.remove_target(key)
    assert "SIL" not in set(door.targets()["indicator"])
    save(door, (*key, 41, 86))
    assert door.targets().set_index("indicator").loc["SIL", "achieved"] == 41


def test_rows_edited_elsewhere_are_checked(door):
    save(door, ("99", "2024", "SIL", "kali", -1, 5))
    with pytest.raises(InputError) as caught:
        door.targets()
    assert [("area_kode" in told, "achieved" in told) for told in caught.value.text("id").split("\n")] == [
        (True, False),
        (False, True),
    ]


def test_figures_of_areas_smaller_than_an_office_are_refused():
    rows = b"wilayah;periode;indikator;capaian\n52.71.01;2024;rehabilitasi;3\n52.71;2024;rehabilitasi;30\n"
    found = preview("targets", rows, "t.csv", Asked())
    assert [(fault.row, fault.problem.key) for fault in found.faults] == [(2, "imports.area_too_small")]
    assert found.good["area_kode"].tolist() == [MATARAM]


def test_a_province_and_its_parts_are_not_added_up_for_the_country(door):
    save(door, (MATARAM, "2024-S1", "SIL", "kali", 3, 9))
    found = progress("ID", workspace=door)
    assert told(found, "sum").empty
    assert [note.values["indicators"] for note in found.notes] == ["SIL"]


def test_what_the_workspace_recorded_stands_beside(door):
    door.record_visit("52.71.01.1004", dt.date(2024, 4, 2))
    door.record_visit("52.71.01.1004", dt.date(2024, 7, 2))
    door.record_visit("74.71.01.1005", dt.date(2024, 4, 2))
    found = progress(NTB, workspace=door)
    assert found.recorded.to_numpy().tolist() == [["2024-S1", "visits", 1], ["", "ibm_units", 0]]
    assert told(found).loc["SIL", "achieved"] == 32


def test_a_plan_adds_only_visits_still_ahead_within_the_period_by_an_assumption_that_is_given(door):
    found = progress(NTB, as_of=MARCH, workspace=door)
    village, far = "52.71.01.1004", "74.71.01.1005"
    days = [MARCH, dt.date(2024, 4, 1), dt.date(2024, 6, 30), dt.date(2024, 7, 1)]
    planned = intended(found, visits=[*((village, day) for day in days), (far, days[1])])
    assert planned.visits == tuple(days[1:])
    assert additions(found, planned).empty
    added = additions(found, planned, {"sil": 5}).iloc[0]
    assert (added["count"], added["adds"], added["unit"], added["percent_with"]) == (2, 10, "kali", 48.83)
    with pytest.raises(InputError):
        additions(found, planned, {"IKM": 1})


def test_new_units_bring_their_agents_and_count_in_a_running_period_only(door):
    planned = Intended(new_units=("52.71.01.1004", "52.71.01.1005"))
    running = additions(progress(NTB, as_of=MARCH, workspace=door), planned)
    assert running[["period", "indicator", "adds"]].to_numpy().tolist() == [
        ["2024-S1", "IBM", 2],
        ["2024-S1", "agen pemulihan", 2 * AGENTS],
    ]
    assert running["percent_with"].iloc[0] == 120
    over = additions(progress(NTB, as_of=dt.date(2025, 1, 1), workspace=door), planned)
    assert over["period"].tolist() == ["", ""]
    assert over["percent_with"].isna().all()


def test_a_scenario_names_its_new_units_and_one_of_another_region_is_refused(door):
    scenario = Scenario("A", "16.73", add=("16.73.08.1009",))
    assert new_units(scenario) == ("16.73.08.1009",)
    with pytest.raises(InputError):
        intended(progress(NTB, workspace=door), units=scenario.add, plan_region=scenario.region)
