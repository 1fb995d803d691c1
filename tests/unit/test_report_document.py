"""A report as a document: targets have their place, sums come from gaps, and its command can be typed again."""

import datetime as dt
import itertools
import shlex
from dataclasses import replace

import pandas as pd
import pytest

from coverage.answers.study import open_study
from coverage.faces.files.document import Bullets, Heading, Paragraph, Table
from coverage.faces.report.again import HandedIn, command_line
from coverage.faces.report.answers import Asked, Targets, ask
from coverage.faces.report.assemble import report_document
from coverage.faces.words.columns import Column, Listing
from coverage.ground.quantities import format_number
from coverage.ground.texts import say
from coverage.places.workspace import location, usual

DAY = dt.date(2026, 11, 25)


@pytest.fixture(scope="module")
def answers():
    return ask(open_study("74.71"), Asked(20, DAY), now="Kini")


def section(document, key):
    """Give the blocks of a section."""
    heads = [place for place, one in enumerate(document.blocks) if isinstance(one, Heading)]
    first = next(place for place in heads if document.blocks[place].text.endswith(say(f"report.{key}")))
    return document.blocks[first + 1 : next((place for place in heads if place > first), len(document.blocks))]


def test_targets_stand_between_the_proposals_and_the_notes(answers):
    table = pd.DataFrame({"what": ["Rehabilitasi"], "share": [0.8218]})
    listing = Listing([Column("what", "Indikator"), Column("share", "Capaian", "decimal", decimals=2)], table)
    document = report_document(replace(answers, targets=Targets(("Satu dari satu.",), listing)), "id", again="jangkau")
    blocks = section(document, "targets")
    assert blocks == (
        Paragraph("Satu dari satu."),
        Table(("Indikator", "Capaian"), (("Rehabilitasi", "0,82"),), (False, True)),
    )
    heads = [one.text for one in document.blocks if isinstance(one, Heading)]
    assert [head.split(".")[0] for head in heads] == [str(number) for number in range(1, len(heads) + 1)]
    assert heads[-1].endswith(say("report.data"))


def test_the_row_of_sums_is_that_of_the_whole_region(answers):
    told = answers.gaps.summary()
    table = next(one for one in section(report_document(answers, "id", again=""), "gaps") if isinstance(one, Table))
    keys = ("villages", "covered", "beyond_cutoff", "not_connected", "units", "population", "population_covered")
    assert table.total == (say("report.total"), *(format_number(told[key]) for key in keys))
    assert len(table.rows) == answers.gaps.villages["district"].nunique()


def test_each_base_plans_for_its_own_area_where_there_are_several():
    study = open_study("74")
    found = ask(study, Asked(60, DAY), now="Kini")
    owner = found.gaps.villages["responsible_unit"]
    assert len(found.rankings) > 1
    for ranking in found.rankings:
        own = owner.reindex(ranking.ranked.index) == ranking.base
        assert own.all() or not (owner == ranking.base).any()


def test_notes_name_every_source_with_its_licence(answers):
    document = report_document(answers, "en", again="")
    lines = [line for one in document.blocks if isinstance(one, Bullets) for line in one.lines]
    assert any("LGPL-3.0-or-later" in line for line in lines)
    assert sum("licence" in line for line in lines) >= 8


@pytest.mark.parametrize("office", ["BNNP Sulawesi Tenggara", "BNN", "O'Neil & Co", 'Kantor "A" $x `y` %z!', "Šibā"])
def test_the_command_is_read_back_word_by_word(office, answers):
    asked = replace(answers.asked, office=office, base="bnn-kota-kendari")
    handed_in = HandedIn(plan="rencana saya.json", scenarios=("dua.toml",))
    words = shlex.split(command_line(answers.study, asked, "en", handed_in))
    given = dict(itertools.pairwise(words))
    assert words[:2] == ["jangkau", "report"]
    assert given["--office"] == office
    assert given["--plan"] == "rencana saya.json"
    assert (given["--region"], given["--cutoff"], given["--as-of"]) == ("74.71", "20", "2026-11-25")
    assert "--no-siting" in words


@pytest.mark.parametrize(
    ("where", "named"),
    [
        (None, None),
        ("kerja kantor.gpkg", "kerja kantor.gpkg"),
        ("/rumah/ani/rahasia/sultra.gpkg", "sultra.gpkg"),
        ("postgresql://ani:rahasia@db.kantor:5433/jangkau", "RUANG-KERJA"),
    ],
)
def test_the_command_names_the_workspace_and_never_where_it_lies(where, named, answers):
    place = None if where is None else location(where)
    line = command_line(answers.study, answers.asked, "id", workspace=place)
    given = dict(itertools.pairwise(shlex.split(line)))
    assert given.get("-w") == named
    assert not any(word in line for word in ("rumah", "ani", "rahasia", "db.kantor"))


def test_the_usual_workspace_is_not_named(answers):
    assert "-w" not in shlex.split(command_line(answers.study, answers.asked, "id", workspace=usual()))


def numbers(cells):
    """Read the whole numbers of shown cells; others count nothing."""
    return [int(one.replace(".", "")) for one in cells if one.replace(".", "").isdigit()]


@pytest.mark.parametrize("region", ["74.71", "52", "16.73"])
def test_each_row_of_sums_is_the_sum_of_the_rows_shown_above_it(region):
    document = report_document(ask(open_study(region), Asked(20, DAY), now="Kini"), "id", again="jangkau")
    tables = [one for one in document.blocks if isinstance(one, Table) and one.total]
    assert tables
    for table in tables:
        for place, total in enumerate(table.total):
            if numbers([total]):
                assert sum(numbers(row[place] for row in table.rows)) == numbers([total])[0], table.labels[place]
