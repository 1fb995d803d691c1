"""A dash in a table is followed by what to import and where, and only there."""

import math

import pandas as pd
import pytest

from coverage.answers.gaps import gaps
from coverage.answers.scenarios.figures import MEASURES, figures
from coverage.answers.scenarios.scenario import Scenario
from coverage.answers.scenarios.toml_file import scenario_toml
from coverage.answers.study import open_study
from coverage.faces import cli
from coverage.faces.words.columns import Column, Listing
from coverage.faces.words.scenario_listing import spelled
from coverage.faces.words.unknowns import DASH, lacking, unknown_lines
from coverage.ground.texts import LANGUAGES, say
from coverage.places.workspace import Workspace

COUNTS = {"villages", "villages_30", "villages_60", "villages_90", "villages_120", "not_connected_villages"}
SUBJECTS = ("population", "units", "targets")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("JANGKAU_HOME", str(tmp_path))


def measured(values):
    table = pd.DataFrame({"part": "region", "kode": "74", "name": "", "measure": list(values), "satu": values.values()})
    keys = ("part", "kode", "name", "measure", "satu")
    return Listing([Column(key, key, "decimal" if key == "satu" else "text") for key in keys], table)


@pytest.mark.parametrize("measure", MEASURES)
def test_each_measure_that_can_be_unknown_has_a_remedy(measure):
    known = measured(dict.fromkeys(MEASURES, 0.0))
    lost = measured({**dict.fromkeys(MEASURES, 0.0), measure: math.nan})
    assert lacking(known) == lacking(spelled(known, "id")) == ()
    assert lacking(lost) == lacking(spelled(lost, "id"))
    assert bool(lacking(lost)) is (measure not in COUNTS)


@pytest.mark.parametrize("region", ["74", "81", "81.71", "16.73"])
def test_the_figures_of_any_region_lack_what_is_said(region):
    report = gaps(open_study(region), 60, allow_no_units=True)
    table = figures(report, (1.0,))
    values = table[table["part"] == "region"].set_index("measure")["value"]
    found = lacking(measured(values.to_dict()))
    assert ("population" in found) is bool(report.villages["population"].isna().all())
    assert ("units" in found) is bool(values[["mean_min", "worst_min", "access"]].isna().any())


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("region", ["74.71", "81.71"])
def test_the_comparison_on_the_terminal_says_it_under_the_table(region, lang, tmp_path, capsys):
    files = [tmp_path / f"{name}.toml" for name in ("satu", "dua")]
    for file in files:
        file.write_bytes(scenario_toml(Scenario(file.stem, region, 60.0)).encode())
    for asked in (["run", str(files[0])], ["compare", *map(str, files)]):
        assert cli.main(["scenario", *asked, "--lang", lang]) == 0
        told = capsys.readouterr().out
        assert (DASH in told.split("\n\n")[1].split()) is any(say(f"unknowns.{one}", lang) in told for one in SUBJECTS)
        assert (say("unknowns.units", lang) in told) is (region == "81.71")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_targets_say_what_is_missing_until_it_is_there(lang, tmp_path, capsys):
    asked = ["targets", "--region", "74.71", "--period", "2026", "--lang", lang]
    assert cli.main([*asked, "--set", "SIL", "--achieved", "12"]) == 0
    missing = say("unknowns.targets", lang)
    told = capsys.readouterr().out
    assert missing in told
    assert DASH in told.split()
    assert cli.main([*asked, "--set", "SIL", "--target", "40"]) == 0
    assert missing not in capsys.readouterr().out
    assert not Workspace.open().targets().empty


def test_an_amount_without_its_target_is_seen_within_its_words():
    words = pd.DataFrame({"figure": ["3 dari 5 orang", f"{DASH} dari 5 orang"], "percent": ["60 %", DASH]})
    columns = [Column(key, key) for key in words]
    assert lacking(Listing(columns, words)) == ("targets",)
    assert lacking(Listing(columns, words.head(1))) == ()
    assert lacking(Listing(columns, words), shown=("percent",)) == ()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_column_that_is_not_shown_is_not_spoken_of(lang):
    table = pd.DataFrame({"name": ["a"], "population": [math.nan]})
    listing = Listing([Column("name", "name"), Column("population", "population", "integer")], table)
    assert unknown_lines(listing, lang) == [say("unknowns.population", lang)]
    assert unknown_lines(listing, lang, ["name"]) == []
