"""A note about ferries, waits or the sea stands only where a ferry can be taken from the region."""

import re

import pytest

from coverage.answers.gaps import gaps
from coverage.answers.journey import journey
from coverage.answers.study import open_study
from coverage.answers.whatif import whatif
from coverage.faces import cli
from coverage.ground.texts import LANGUAGES
from coverage.travel.network.ferry_choices import TravelChoices

LANDLOCKED = "16.73"
OTHERS = ("35.08", "74", "74.07", "91")
ABOUT_FERRIES = re.compile(r"penyeberangan|kapal|ombak|lintasan|\bferr|rough sea|sailing|boat|timetable", re.IGNORECASE)
# What to declare where a road or a boat is missing: that is no statement about one that runs.
REMEDIES = {"gaps.note_island", "gaps.note_detours", "network.note_too_far", "network.note_across_water"}
CHOICES = [
    TravelChoices(),
    TravelChoices(season="ombak"),
    TravelChoices("hujan", ("torobulu-tampo",), "worst", "rab", vehicles_only=True),
]


@pytest.mark.parametrize("choices", CHOICES, ids=["usual", "rough", "all"])
@pytest.mark.parametrize("region", [LANDLOCKED, *OTHERS])
def test_notes_speak_of_ferries_only_where_one_is_in_reach(region, choices):
    study = open_study(region, choices=choices)
    report = gaps(study, allow_no_units=True)
    told = [*report.notes]
    if region == LANDLOCKED:
        changed = whatif(study, add=[str(study.villages.index[0])], cutoff_min=30)
        told += [*changed.before.notes, *changed.after.notes]
    said = {
        note.key: note.text(lang)
        for lang in LANGUAGES
        for note in told
        if note.key not in REMEDIES and ABOUT_FERRIES.search(note.text(lang))
    }
    if not study.ferries_in_reach:
        assert said == {}
    elif choices != TravelChoices():
        assert said


FLAGS = ["--season", "ombak", "--without-ferry", "torobulu-tampo", "--wait", "worst", "--day", "rab", "--vehicles-only"]
ISLAND = "74.03"
DAY = "2026-11-27"
COMMANDS = {
    "gaps": [],
    "next": ["--as-of", DAY, "--limit", "2"],
    "site": ["--n", "1"],
    "plan": ["--as-of", DAY, "--days", "1", "--iterations", "10"],
    "od": ["--to", "units"],
    "catchment": [],
}


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("JANGKAU_HOME", str(tmp_path))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_speaks_of_ferries_only_where_one_is_in_reach(command, lang, home, capsys):
    spoken = {}
    for region in (LANDLOCKED, ISLAND):
        study = open_study(region)
        # Of a plan or a ranking, the base stands in the region itself.
        unit = str(study.units.index[study.units["in_region"]][0])
        asked = {"catchment": ["--unit", unit], "next": ["--base", unit], "plan": ["--base", unit]}.get(command, [])
        assert cli.main([command, "--region", region, "--lang", lang, *COMMANDS[command], *asked, *FLAGS]) == 0
        told = capsys.readouterr().out
        remedies = [note.text(lang) for note in gaps(study).notes if note.key in REMEDIES]
        for remedy in remedies:
            told = told.replace(remedy, "")
        spoken[region] = ABOUT_FERRIES.findall(told)
        assert bool(study.ferries_in_reach) is (region == ISLAND)
    assert spoken[LANDLOCKED] == []
    assert spoken[ISLAND] or command == "catchment"


@pytest.mark.parametrize("region", ["74", "74.07", "74.03"])
def test_the_note_counts_only_the_crossings_that_the_ways_take(region):
    study = open_study(region)
    report = gaps(study, allow_no_units=True)
    told = [note for note in report.notes if note.key == "gaps.note_ferries"]
    crossing = report.villages[report.villages["ferry_legs"] > 0]
    taken: set[str] = set()
    for kode, unit in crossing["nearest_unit"].items():
        way = journey(study, str(kode), unit).route
        assert way is not None
        taken |= {id_ for leg in way.legs if leg.kind == "ferry" for id_ in leg.ferry_id.split("+")}
    lines = study.ferries[study.ferries.index.isin(taken)]
    assert bool(told) == bool(len(lines))
    for note in told:
        assert note.values["villages"] == len(crossing)
        assert note.values["lines"] == len(lines)
        assert note.values["estimated"] == (lines["estimated"] != "").sum()
    if region == "74":
        assert 0 < len(lines) < len(study.ferries)
