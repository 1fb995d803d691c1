"""Sums are made of what is shown: rows add up to the total printed, in every region, answer and file."""

import csv
import io
import json

import pandas as pd
import pytest

from coverage.answers.access import region_access
from coverage.answers.catchments import catchment
from coverage.answers.gaps import STATES, GapReport, gaps
from coverage.answers.scenarios.figures import figures
from coverage.answers.siting.propose import propose
from coverage.answers.siting.question import Question
from coverage.answers.study import open_study
from coverage.answers.whatif import whatif
from coverage.faces import cli
from coverage.faces.files.csv_file import csv_bytes
from coverage.faces.words import answer_listings
from coverage.places.workspace import Workspace

REGIONS = ("74", "52", "16.73", "35.08", "11.73", "91", "74.02", "74.71.01", "ID")
ODD = pd.DataFrame(
    {
        "kode": ["74.71.01.1005", "74.71.01.1006"],
        "year": 2025,
        "persons": [1, 99991],
        "source": "Kecamatan",
        "origin": "",
    }
)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("JANGKAU_HOME", str(tmp_path))


def rows_add_up(report: GapReport) -> None:
    people, told = report.villages["population"], report.summary()
    assert (people.dropna() % 1 == 0).all()
    total = None if people.isna().all() else people.sum()
    inside = None if total is None else people[report.villages["state"] == STATES[0]].sum()
    assert (told["population"], told["population_covered"]) == (total, inside)
    for table in (report.by_regency, report.by_district):
        for key, people in (("population", total), ("population_covered", inside)):
            shown = table[key].sum(min_count=1)
            assert shown == people if people is not None else pd.isna(shown)
        assert table["villages"].sum() == told["villages"]


@pytest.mark.parametrize("region", REGIONS)
def test_villages_kecamatan_and_kabupaten_add_up_to_the_region(region):
    rows_add_up(gaps(open_study(region), 60, allow_no_units=True))


def test_figures_of_the_office_among_estimates_add_up_too():
    Workspace.open().upsert("population", ODD, ["kode", "year"])
    for region in ("74", "74.71"):
        report = gaps(open_study(region), 60)
        rows_add_up(report)
        assert report.villages.at["74.71.01.1006", "population"] == 99991


@pytest.mark.parametrize("region", ["74.71", "16.73", "35.08"])
def test_what_is_gained_and_lost_is_the_difference_of_before_and_after(region):
    study = open_study(region)
    answer = whatif(study, add=[str(study.villages.index[-1])], close=list(study.units.index[:1]), cutoff_min=20)
    change = [frame["population"].sum() for frame in (answer.newly_covered, answer.no_longer_covered)]
    before, after = (side.summary()["population_covered"] for side in (answer.before, answer.after))
    assert after - before == change[0] - change[1]
    for lost, people in zip((False, True), change, strict=True):
        assert answer.by_regency(lost=lost)["population"].sum() == people


@pytest.mark.parametrize("region", ["74.71", "52.02"])
def test_proposed_sites_add_up_to_what_their_set_brings(region):
    proposal = propose(open_study(region), Question(number=3, cutoff_min=20))
    before, after = (side.summary() for side in (proposal.change.before, proposal.change.after))
    gained = after["population_covered"] - before["population_covered"]
    assert proposal.sites["population_newly_covered"].sum() == gained == proposal.result.objective


def test_parts_of_a_comparison_of_access_and_of_catchments_are_those_of_the_gaps():
    study = open_study("74")
    report = gaps(study, 60)
    table = figures(report, (1.0,)).pivot_table(index=["part", "kode"], columns="measure", values="value")
    for part in ("regency", "vulnerability"):
        for measure in ("people", "people_60", "not_connected_people", "villages"):
            assert table.loc[part, measure].sum() == table.loc[("region", "74"), measure]
    assert table.loc[("region", "74"), "people_60"] == report.summary()["population_covered"]
    assert region_access(study).by_regency["population"].sum() == report.summary()["population"]
    reach = catchment(study, "klinik-bnnp-sultra", (60,))
    assert reach.bands["population"].iloc[0] == study.villages.loc[list(reach.within[60.0]), "population"].sum()


@pytest.mark.parametrize("region", ["74", "52"])
def test_the_files_hold_the_same_sums(region, capsysbinary):
    report = gaps(open_study(region), 60, allow_no_units=True)
    listing = answer_listings.gap_villages(report, "id")
    rows = list(csv.DictReader(io.StringIO(csv_bytes(listing).decode())))
    assert cli.main(["gaps", "--region", region, "--format", "json"]) == 0
    answer = json.loads(capsysbinary.readouterr().out)
    inside = [row for row in rows if row["state"] == STATES[0]]
    for key, some in (("population", rows), ("population_covered", inside)):
        assert sum(int(row["population"]) for row in some) == answer[key]
        assert sum(row[key] for row in answer["by_regency"]) == answer[key]
        assert sum(row[key] for row in answer["by_district"]) == answer[key]
