"""Laws of a plan's files: no two plans share an event, and a day moved beyond its hours is marked in every format."""

import csv
import dataclasses
import datetime as dt
import io
import itertools
import json

import openpyxl
import pytest
from icalendar import Calendar
from reportlab.platypus import Paragraph

from coverage.answers.tours.campaign import move_stop, plan_campaign
from coverage.answers.tours.living import Earlier, go_on
from coverage.answers.tours.request import Request
from coverage.faces.files import pdf_file
from coverage.faces.files.all_formats import FORMATS
from coverage.faces.files.itinerary import late_mark
from coverage.faces.plan.itineraries import itinerary
from coverage.faces.plan.plan_file import plan_answer
from coverage.faces.plan.plan_outputs import plan_files
from coverage.ground.errors import InputError
from coverage.ground.texts import say

KINDS = [one.name for one in FORMATS.of_kind("plan") if one.label]
REQUEST = Request(None, dt.date(2024, 10, 7), 5, dt.date(2024, 10, 5), visit_min=120, iterations=50)


@pytest.fixture(scope="module")
def whole(lubuklinggau):
    return plan_campaign(lubuklinggau, REQUEST)


@pytest.fixture(scope="module")
def late(whole):
    """Everything that can be moved to the first day, until that day is too long."""
    plan, day = whole, whole.days[0]
    for other in whole.days[1:]:
        for stop in other.stops:
            try:
                plan = move_stop(plan, stop.kode, day.date, day.team)
            except InputError:
                continue
            if any(one.late_min(REQUEST.day_min) for one in plan.days):
                return plan
    pytest.fail("no day could be made too long")


def uids(plan, lang="id"):
    events = Calendar.from_ical(plan_files(plan, lang)["ics"]()).walk("VEVENT")
    return [str(event["uid"]) for event in events]


def words(kind, made, monkeypatch):
    """Read the words of any file of a plan; those of a PDF as they are set, which needs no program to read it."""
    if kind == "pdf":
        told = []

        def said(text, style):
            told.append(text)
            return Paragraph(text, style)

        monkeypatch.setattr(pdf_file, "Paragraph", said)
        made()
        return " ".join(told)
    content = made()
    if kind == "xlsx":
        book = openpyxl.load_workbook(io.BytesIO(content))
        return " ".join(str(cell) for sheet in book for row in sheet.values for cell in row if cell is not None)
    if kind == "ics":
        events = Calendar.from_ical(content).walk("VEVENT")
        return " ".join(str(event["description"]) for event in events)
    return content.decode("utf-8-sig")


def test_a_route_sheet_tells_how_to_reach_its_base_and_when_it_is_open(whole, monkeypatch):
    units = whole.study.units.copy()
    held = {"contact": "(0733) 184184", "opening_days": "Senin-Jumat", "opening_hours": "08:00-16:00"}
    for name, value in held.items():
        units.loc[whole.base, name] = value
    known = dataclasses.replace(whole, study=dataclasses.replace(whole.study, units=units))
    for kind in ("pdf", "xlsx", "txt"):
        told = words(kind, plan_files(known, "id")[kind], monkeypatch)
        assert all(value in told for value in held.values()), kind
        untold = words(kind, plan_files(whole, "id")[kind], monkeypatch)
        assert say("columns.contact", "id") not in untold, "what is not known has no line"


def test_two_plans_never_share_an_event_and_one_plan_keeps_its_own(lubuklinggau, whole, late):
    units = lubuklinggau.units
    twin = units.copy()
    twin.loc["basis-kedua"] = twin.loc[whole.base]
    nudged = units.copy()
    nudged.loc[whole.base, "lat"] += 1e-6
    plans = [
        whole,
        late,
        dataclasses.replace(whole, base="basis-kedua", study=dataclasses.replace(lubuklinggau, units=twin)),
        plan_campaign(lubuklinggau, dataclasses.replace(REQUEST, hours=7.5)),
        go_on(lubuklinggau, Earlier(REQUEST, whole.days), whole.days[1].date)[0],
        dataclasses.replace(whole, study=dataclasses.replace(lubuklinggau, units=nudged)),
        dataclasses.replace(whole, request=dataclasses.replace(REQUEST, seed=2)),
    ]
    found = [uids(plan) for plan in plans]
    for one in found:
        assert one
        assert len(set(one)) == len(one)
    for one, two in itertools.combinations(found, 2):
        assert not set(one) & set(two)
    again = plan_campaign(lubuklinggau, REQUEST)
    assert uids(again) == uids(whole, "en") == found[0]


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_day_moved_beyond_its_hours_is_marked_in_every_format(whole, late, kind, lang, monkeypatch):
    (sheet,) = [one for one in itinerary(late, lang).days if one.late_min]
    told, untold = (words(kind, plan_files(plan, lang)[kind], monkeypatch) for plan in (late, whole))
    if kind == "geojson":
        marked = [one["properties"] for one in json.loads(told)["features"] if "late_min" in one["properties"]]
        assert {(one["date"], one["late_min"]) for one in marked} == {(sheet.date.isoformat(), sheet.late_min)}
        assert len(marked) == len(sheet.calls) + 1
        assert "late_min" not in untold
    elif kind in {"csv", "csv-excel"}:
        cut, name = (";", say("columns.day_late_min", lang)) if kind == "csv-excel" else (",", "day_late_min")
        table = list(csv.DictReader(io.StringIO(told), delimiter=cut))
        minutes = [float(row[name].replace(",", ".")) for row in table]
        assert minutes == [float(day.late_min) for day in itinerary(late, lang).days for _ in day.calls]
    else:
        assert late_mark(sheet, lang) in told
        assert late_mark(sheet, lang) not in untold


def test_the_answer_as_json_tells_how_late_each_day_is(late):
    days = plan_answer(late, "id", {})["days"]
    assert [day["late_min"] for day in days] == [one.late_min for one in itinerary(late, "id").days]
    assert any(day["late_min"] for day in days)


def test_every_format_of_a_plan_is_walked(whole):
    assert list(plan_files(whole, "id")) == KINDS
    assert list(plan_files(whole, "id", answer=dict)) == [*KINDS, "json"]
