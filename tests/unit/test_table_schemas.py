"""Laws of the schemas: a column that is written down once is read, kept, offered and shown everywhere it says."""

import csv
import importlib.util
import io
import itertools
import re
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.faces.cli.import_command import ONLY_FOR
from coverage.faces.dashboard.pages.workspace_forms import _as_rows, _editor_column, changes
from coverage.faces.files.csv_file import csv_bytes
from coverage.faces.words.answer_columns import column, table_column
from coverage.faces.words.columns import Listing
from coverage.faces.words.unit_facts import carried_line, unit_facts
from coverage.ground.errors import InputError
from coverage.ground.texts import LANGUAGES, catalogue
from coverage.places.importing import KINDS as IMPORTED
from coverage.places.importing import Asked, preview, template
from coverage.places.schemas import cell_readers
from coverage.places.schemas.all_tables import TABLES
from coverage.places.schemas.cell_kinds import KINDS, is_blank, text_of
from coverage.places.schemas.cell_readers import hours_of, weekdays_of
from coverage.places.schemas.column import UnknownColumnError
from coverage.places.schemas.unit_columns import UNITS
from coverage.places.tables.column_cells import Ways
from coverage.places.tables.labels import Lexicon
from coverage.places.unit_checks import read_units
from coverage.places.units import embedded_units
from coverage.places.workspace.layer_rules import rules_of

ROOT = Path(__file__).resolve().parents[2]
ALL = [(schema, one) for schema in TABLES.values() for one in schema]
IDS = [f"{schema.name}-{one.name}" for schema, one in ALL]
LATER = [one for one in UNITS if one.later]
FULL = {"ibm_state": "baru mandiri", "kind": "IBM", "open_to": "31-12-2030", "note": "catatan"}
"""Cells of units that the template leaves blank."""


def row_of(**cells):
    """Give the cells of a unit with every column filled, by name."""
    filled = {one.name: one.example for one in UNITS if one.heading} | FULL | cells
    return {name: text for name, text in filled.items() if text}


def csv_of(rows, headers=None):
    names = list(dict.fromkeys(name for row in rows for name in row))
    buffer = io.StringIO()
    made = csv.writer(buffer)
    made.writerow([(headers or {}).get(name, name) for name in names])
    made.writerows([[row.get(name, "") for name in names] for row in rows])
    return buffer.getvalue().encode()


@pytest.fixture(scope="module")
def full():
    return read_units(csv_of([row_of()]), "unit.csv")


@pytest.mark.parametrize(("schema", "one"), ALL, ids=IDS)
def test_a_column_has_a_kind_and_where_it_is_shown_its_texts(schema, one):
    assert one.kind in KINDS
    assert schema[one.name] is one
    if one.shown:
        assert all(f"columns.{one.name}" in catalogue(lang) for lang in LANGUAGES)
    assert is_blank(KINDS[one.kind].blank), "what is not known is blank, never a number"


@pytest.mark.parametrize("schema", TABLES.values(), ids=TABLES)
def test_names_stand_once_and_keys_are_held(schema):
    names = [one.name for one in schema]
    assert len(names) == len(set(names))
    assert set(schema.key) <= set(schema.held)
    with pytest.raises(UnknownColumnError, match="warna_pagar"):
        schema["warna_pagar"]
    with pytest.raises(UnknownColumnError, match="warna_pagar"):
        schema.table([{"warna_pagar": "biru"}])


def test_a_column_of_an_answer_without_a_kind_is_told():
    with pytest.raises(UnknownColumnError, match="warna_pagar"):
        column("warna_pagar", "id")


@pytest.mark.parametrize("kind", [kind for kind in IMPORTED if kind in TABLES])
def test_the_template_has_every_column_with_a_heading_and_each_is_read_as_itself(kind):
    schema, lexicon = TABLES[kind], Lexicon(TABLES[kind].reading)
    fields = {field.header for field in template(kind)}
    for one in schema:
        assert (one.heading in fields) == bool(one.heading)
        if one.heading:
            assert lexicon.column(one.heading) == one.name
        assert all(lexicon.column(alias) == one.name for alias in one.aliases if one.read)
    assert {one.name for one in schema if one.later and one.read} <= {one.name for one in schema if one.heading}


@pytest.mark.parametrize("one", [one for one in UNITS if one.shown], ids=lambda one: one.name)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_list_of_units_heads_its_columns_as_they_are_read_back(one, lang):
    """What Excel shows under a label must come back under it."""
    assert Lexicon(UNITS.reading).column(table_column(one, lang).label) == one.name


@pytest.mark.parametrize("one", LATER, ids=lambda one: one.name)
def test_each_alias_of_a_column_reads_the_same_value(one, full):
    for alias in (one.name, *one.aliases):
        found = preview("units", csv_of([row_of()], {one.name: alias}), "unit.csv", Asked())
        assert [fault.message.text("id") for fault in found.faults] == [], alias
        assert text_of(found.good[one.name].iloc[0]) == text_of(full[one.name].iloc[0]) != "", alias


@pytest.mark.parametrize("one", LATER, ids=lambda one: one.name)
def test_a_blank_cell_or_a_dash_stays_unknown(one):
    for blank in ("", "-", "–"):
        rows = [
            row_of(id="a", name="A"),
            row_of(id="b", name="B", kode="74.71.01.1006", village="Korumba") | {one.name: blank},
        ]
        units = read_units(csv_of([{**row, "lat": "", "lon": ""} for row in rows]), "unit.csv")
        assert is_blank(units.at["b", one.name])
        assert not is_blank(units.at["a", one.name])


WRONG = {
    "words": ["x" * 81],
    "whole": ["-1", "2,5", "banyak", "100001", "<5"],
    "contact": ["81234567890", "8,12E+11", "x" * 201],
    "weekdays": ["besok", "Senin-", "Sen-Sel-Rab", "1-5"],
    "hours": ["16:00-08:00", "08:00", "8:75-9:00", "25:00-26:00", "08:00-12:00, 11:00-13:00", "pagi"],
    "choice": ["lama", "berkelanjutan sekali"],
    "date": ["kemarin", "31-02-2024", "2021", "2024-13-01"],
}
"""By kind, so that a column added later is tried without a word here."""
WRONG_CELLS = [(one.name, value) for one in LATER for value in WRONG.get(one.kind, ())]
WRONG_CELLS += [("open_from", "01-01-2031"), ("open_to", "01-01-2000")]


def test_every_kind_of_a_later_column_that_can_be_wrong_has_wrong_values_here():
    assert {one.kind for one in LATER} <= set(WRONG) | {"text"}


@pytest.mark.parametrize(("name", "value"), WRONG_CELLS)
def test_a_wrong_cell_is_told_by_row_column_and_value_with_a_remedy(name, value):
    told = preview("units", csv_of([row_of(), row_of(id="b", name="B") | {name: value}]), "unit.csv", Asked())
    faults = [fault for fault in told.faults if fault.row == 3]
    assert faults, "a wrong cell was taken"
    assert {fault.column for fault in faults} <= {name, "open_to", "name"}
    said = faults[0].message
    for lang in LANGUAGES:
        assert "unit.csv" in said.text(lang)
        assert said.text(lang).endswith(".")


def test_a_state_of_ibm_belongs_to_ibm():
    with pytest.raises(InputError, match="jenis unit ini puskesmas"):
        read_units(csv_of([row_of(kind="puskesmas")]), "unit.csv")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("dialect", ["machine", "excel-id"])
def test_a_list_of_units_is_read_back_as_the_same_units(full, lang, dialect):
    rows = [row_of(), {"id": "kosong", "name": "Kosong", "kode": "74.71.01.1006"}, row_of(id="p", contact="+62 812 3")]
    units = read_units(csv_of([row | {"lat": "", "lon": "", "name": row["id"]} for row in rows]), "unit.csv")
    listed = units.reset_index()
    listed = listed.assign(
        **{one.name: listed[one.name].map(text_of) for one in UNITS if isinstance(UNITS.blank(one.name), tuple)}
    )
    content = csv_bytes(
        Listing([table_column(one, lang) for one in UNITS.shown("listing")], listed), dialect=dialect, lang=lang
    )
    pd.testing.assert_frame_equal(read_units(content, "daftar.csv"), units)


def test_the_editor_offers_every_column_and_an_untouched_row_stays(full):
    shown = _as_rows(pd.concat([full, embedded_units()]))
    assert list(shown.columns) == list(UNITS.held)
    assert all(_editor_column(UNITS[name], "id")["label"] for name in UNITS.held)
    assert changes(shown, shown.copy())[0].empty


@pytest.mark.parametrize("one", [one for one in LATER if one.kind != "choice"], ids=lambda one: one.name)
def test_what_is_edited_in_one_column_changes_nothing_else(one, full):
    shown = _as_rows(pd.concat([full, embedded_units()]))
    edited = shown.copy()
    edited[one.name] = edited[one.name].astype("object")
    edited.loc[1, one.name] = text_of(full[one.name].iloc[0])
    saved, removed = changes(shown, edited)
    assert removed == ()
    assert list(saved.index) == [shown.loc[1, "id"]]
    expected = embedded_units().iloc[[0]]
    expected = expected.assign(**{one.name: full[one.name].to_numpy()[:1]})
    pd.testing.assert_frame_equal(saved, expected)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_facts_of_a_unit_tell_every_column_that_says_so(full, lang):
    facts = "\n".join(unit_facts(full.iloc[0], lang, today=pd.Timestamp("2024-06-01").date()))
    carried = carried_line(full.iloc[0], lang, today=pd.Timestamp("2024-06-01").date())
    for one in UNITS:
        label = catalogue(lang).get(f"columns.{one.name}", "?") + ": "
        assert (label in facts) == ("facts" in one.shown), one.name
        assert (label in carried) == ("route" in one.shown), one.name
    assert unit_facts(embedded_units().loc["rs-jiwa-kendari"], lang) == ()
    assert carried_line(embedded_units().loc["bnnk-muna"], lang, today=pd.Timestamp("2024-06-01").date()) == ""


def test_a_unit_that_is_closed_says_that_it_still_counts(full):
    unit = full.iloc[0]
    day = pd.Timestamp("2031-01-01")
    assert "masih dihitung" in unit_facts(unit, "id", today=day.date())[-1]
    assert "sudah dihitung" in unit_facts(unit, "id", today=pd.Timestamp("2020-01-01").date())[-1]
    last = pd.Timestamp("2030-12-31").date()
    assert "dihitung" not in " ".join(unit_facts(unit, "id", today=last)), "the last day is a day of opening"


def test_words_keep_the_order_and_the_spelling_in_which_they_are_first_said():
    words = ["skrining", "Skrining", "rawat jalan", " Rawat  Jalan", "pascarehab", ""]
    said = list(itertools.product(words, repeat=3))
    rows = [row_of(id=f"u{at}", name=f"Unit {at}", services="; ".join(three)) for at, three in enumerate(said)]
    for three, found in zip(said, read_units(csv_of(rows), "unit.csv")["services"], strict=True):
        once = []
        for word in (" ".join(one.split()) for one in three):
            if word and word.casefold() not in [one.casefold() for one in once]:
                once.append(word)
        assert found == tuple(once)


DAYS = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]


@given(st.sets(st.sampled_from(range(7)), min_size=1), st.sampled_from([", ", ";", " dan ", " / ", " & "]))
def test_days_are_written_in_one_way_that_names_just_these(days, between):
    said = weekdays_of(between.join(DAYS[day].upper() for day in sorted(days, reverse=True)))
    assert weekdays_of(said) == said
    found = set()
    for part in said.split(", "):
        first, _, last = part.partition("-")
        found |= set(range(DAYS.index(first), DAYS.index(last or first) + 1))
    assert found == days


@given(st.lists(st.integers(0, 24 * 60), min_size=2, max_size=6, unique=True))
def test_hours_are_written_in_one_way_that_keeps_every_minute(minutes):
    ends = sorted(minutes[: len(minutes) // 2 * 2])
    spans = list(zip(ends[::2], ends[1::2], strict=True))
    text = "; ".join(f"{a // 60}.{a % 60:02} s/d {b // 60:02}:{b % 60:02} WITA" for a, b in reversed(spans))
    said = hours_of(text)
    assert hours_of(said) == said
    read = [[int(h) * 60 + int(m) for h, m in re.findall(r"(\d\d):(\d\d)", part)] for part in said.split(", ")]
    assert [tuple(span) for span in read] == spans


def test_every_held_column_with_a_rule_is_among_the_rules_of_its_layer():
    for name, schema in TABLES.items():
        if name in ("units", "costs"):
            continue
        ruled = {rule.column for rule in rules_of(name).rules}
        free = {"text", "code"}
        assert ruled == {one.name for one in schema if one.held and one.kind not in free}, name


def test_the_document_of_the_tables_is_made_from_the_schemas_as_they_are():
    """`python scripts/build_tables.py` makes it anew."""
    there = importlib.util.spec_from_file_location("build_tables", ROOT / "scripts" / "build_tables.py")
    tables = importlib.util.module_from_spec(there)
    there.loader.exec_module(tables)
    text = tables.DOCUMENT.read_text(encoding="utf-8")
    assert text == tables.document(text)


def test_what_a_column_may_ask_can_be_answered_on_the_command_line():
    """A question whose flag is refused for that kind of table would leave no way out."""
    for kind in IMPORTED:
        kinds = {one.kind for one in TABLES[kind] if one.read} if kind in TABLES else set()
        assert ({"date", "past_date"} & kinds != set()) == (kind in ONLY_FOR["--date-order"]), kind
        if {"whole", "number"} & kinds:
            assert kind in ONLY_FOR["--decimal"], kind
    mixed = csv_of([row_of(capacity="1.200"), row_of(id="b", name="B", capacity="1,300")])
    found = preview("units", mixed, "unit.csv", Asked())
    assert [fault.remedy.key for fault in found.faults if fault.asks] == ["tables.fix_decimal"]
    assert preview("units", mixed, "unit.csv", Asked(ways=Ways("koma"))).open_question is False
    turned = csv_of([row_of(open_from="10/31/2021")])
    assert preview("units", turned, "unit.csv", Asked()).open_question
    read = preview("units", turned, "unit.csv", Asked(ways=Ways(date_order="mdy")))
    assert read.good["open_from"].tolist() == [pd.Timestamp("2021-10-31")]


def test_the_columns_stand_once():
    """The list of a table's columns stands in its schema; a second one would have to be found by who adds a column."""
    later = {one.name for one in LATER}
    for path in (ROOT / "coverage").rglob("*.py"):
        named = later & set(re.findall(r"\"(\w+)\"", path.read_text(encoding="utf-8")))
        assert path.name == "unit_columns.py" or len(named) <= len(later) // 2, path


def test_every_kind_of_cell_has_its_reader():
    """They are named, and loaded when a file is read."""
    named = {kind.reader.rpartition(".")[2] for kind in KINDS.values()}
    assert {kind.reader.rpartition(".")[0] for kind in KINDS.values()} == {"cell_readers"}
    assert named <= {name for name, one in vars(cell_readers).items() if callable(one)}
