"""A region without a unit of its own is answered from the neighbours' units, and says so before all else."""

import datetime as dt
import json

import pytest

from coverage.answers.agenda import agenda
from coverage.answers.gaps import gaps
from coverage.answers.neighbours import has_own_unit, lead, said_first
from coverage.answers.scenarios.scenario import Scenario
from coverage.answers.scenarios.toml_file import scenario_toml
from coverage.answers.study import open_study
from coverage.faces import cli
from coverage.faces.cli.od_command import OD_TARGETS
from coverage.faces.dashboard.shell.bases import bases_of
from coverage.faces.report.answers import Asked, ask
from coverage.faces.report.findings import summary
from coverage.ground.texts import LANGUAGES
from coverage.places.villages import load_villages

TODAY = dt.date(2026, 11, 28)
WITHOUT = "74.02"
BASE = "bnn-kota-kendari"
VILLAGE = str(next(kode for kode in load_villages().index if kode.startswith(WITHOUT)))
ASKED = {
    "gaps": [],
    "next": ["--base", BASE, "--as-of", "2026-11-28"],
    "plan": ["--base", BASE, "--as-of", "2026-11-28", "--days", "1", "--iterations", "20"],
    "whatif": ["--add", VILLAGE],
    "site": ["--n", "1"],
    "access": [],
    "catchment": ["--unit", BASE],
    "plan --why": ["--why", VILLAGE, "--base", BASE, "--as-of", "2026-11-28", "--days", "1", "--iterations", "20"],
    "next --why": ["--why", VILLAGE, "--base", BASE, "--as-of", "2026-11-28"],
    "next --sensitivity": ["--sensitivity", "--base", BASE, "--as-of", "2026-11-28"],
}


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("JANGKAU_HOME", str(tmp_path))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("command", ASKED)
def test_each_command_says_it_in_its_first_sentence_and_as_the_first_entry_of_json(command, lang, capsys):
    study = open_study(WITHOUT)
    command, asked = command.partition(" ")[0], ASKED[command]
    assert cli.main([command, "--region", WITHOUT, "--lang", lang, *asked]) == 0
    told = capsys.readouterr().out
    assert told.startswith(lead(study).text(lang))
    assert said_first(study)[-1].text(lang) in told
    assert cli.main([command, "--region", WITHOUT, "--lang", lang, "--format", "json", *asked]) == 0
    answer = json.loads(capsys.readouterr().out)
    first = answer[0] if isinstance(answer, list) else answer
    assert next(iter(first.items())) == ("says_first", " ".join(one.text(lang) for one in said_first(study)))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_table_of_travel_says_it_where_it_leads_to_units(lang, capsys):
    study = open_study(WITHOUT)
    told = {}
    for to in OD_TARGETS:
        assert cli.main(["od", "--region", WITHOUT, "--to", to, "--lang", lang]) == 0
        told[to] = capsys.readouterr().out
    assert told["units"].startswith(lead(study).text(lang))
    assert said_first(study)[-1].text(lang) in told["units"]
    assert lead(study).text(lang) not in told["villages"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_scenarios_say_it_too(lang, tmp_path, capsys):
    study = open_study(WITHOUT)
    files = [tmp_path / f"{name}.toml" for name in ("satu", "dua")]
    for file, add in zip(files, ([], [VILLAGE]), strict=True):
        file.write_bytes(scenario_toml(Scenario(file.stem, WITHOUT, 60.0, add=tuple(add))).encode())
    for asked in (["run", str(files[1])], ["compare", *map(str, files)]):
        assert cli.main(["scenario", *asked, "--lang", lang]) == 0
        told = capsys.readouterr().out
        assert told.startswith(lead(study).text(lang))
        assert said_first(study)[-1].text(lang) in told
        assert cli.main(["scenario", *asked, "--lang", lang, "--format", "json"]) == 0
        assert next(iter(json.loads(capsys.readouterr().out))) == "says_first"


@pytest.mark.parametrize("command", ["gaps", "site"])
def test_a_region_with_units_of_its_own_says_nothing_of_the_kind(command, capsys):
    assert lead(open_study("74.71")) is None
    assert cli.main([command, "--region", "74.71", "--format", "json", *ASKED[command]]) == 0
    assert "says_first" not in json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("region", ["74.71", WITHOUT, "74.03", "52", "81"])
def test_to_enter_units_is_the_first_step_exactly_where_none_stands_in_the_region(region):
    study = open_study(region)
    bases = bases_of(study)
    steps = agenda(gaps(study, 60, allow_no_units=True), bases[0] if bases else None, TODAY)
    assert (steps[0].subject == "units") is not has_own_unit(study)
    assert "units" not in {step.subject for step in steps[1:]}


def test_neighbours_named_are_the_nearest_of_the_most_villages():
    report = gaps(open_study(WITHOUT), 60)
    most = report.villages.loc[report.villages["nearest_name"] != "", "nearest_name"].value_counts()
    assert said_first(report.study)[0].values["names"].split(", ")[0] == most.index[0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_summary_of_a_report_begins_with_it(lang):
    study = open_study(WITHOUT)
    told = summary(ask(study, Asked(60, TODAY, None, None, ""), now="kini"), lang)
    assert told.startswith(" ".join(one.text(lang) for one in said_first(study)))
