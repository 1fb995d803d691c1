"""The page "Rencana & rute": plan, change by hand, record a day, plan again, take it along."""

import datetime as dt
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from coverage.answers.tours.plan import Plan
from coverage.faces.itineraries import plan_title
from coverage.ground.quantities import format_km
from coverage.ground.texts import say
from coverage.places.workspace import Workspace

OpenApp = Callable[..., AppTest]
KEY = "plan-16.73"


def errors(app: AppTest) -> list[str]:
    return [error.value for error in app.error]


def next_monday() -> dt.date:
    """Give a Monday ahead whose week has no holiday in the packages' years: told by the page itself otherwise."""
    today = dt.datetime.now(tz=dt.UTC).astimezone().date()
    return today + dt.timedelta(days=7 - today.weekday())


@pytest.fixture
def planned(open_app: OpenApp) -> AppTest:
    app = open_app("rencana", region="16.73")
    app.date_input(key="plan-first").set_value(next_monday())
    app.number_input(key="plan-days").set_value(12)
    app.button[0].click()
    app.run()
    assert [fault.message for fault in app.exception] == []
    assert errors(app) == []
    return app


def plan_of(app: AppTest) -> Plan:
    found = app.session_state[KEY]
    assert isinstance(found, Plan)
    return found


def test_before_planning_the_page_says_what_to_do(open_app: OpenApp) -> None:
    app = open_app("rencana", region="16.73")
    assert app.title[0].value == say("planning.start", "id", region="Kota Lubuk Linggau")
    assert len(app.info) == 1
    assert not app.dataframe


def test_the_page_shows_the_plan_and_offers_every_file(planned: AppTest) -> None:
    plan = plan_of(planned)
    assert planned.title[0].value == plan_title(plan, "id")
    names = planned.dataframe[0].value[say("columns.name", "id")].tolist()
    assert names == [plan.name(stop.kode) for _, stop in plan.stops]
    labels = {button.proto.label for button in planned.get("download_button")}
    assert {"PDF", "GPX", "KML", "GeoJSON"} < labels
    assert len(labels) == 9
    drawn = planned.get("component_instance")[0].proto.json_args
    assert drawn.count('\\"dashed\\":true') == len(plan.days)


def test_moving_a_stop_by_hand_changes_its_day_hours_and_kilometres(planned: AppTest) -> None:
    before = plan_of(planned)
    stop = before.days[0].stops[0].kode
    target = before.days[1]
    planned.selectbox(key="move-stop").set_value(stop)
    planned.selectbox(key="move-day").set_value((target.date, target.team))
    planned.button(key="move-now").click()
    planned.run()
    assert errors(planned) == []
    after = plan_of(planned)
    assert {one.kode: day.date for day, one in after.stops}[stop] == target.date
    assert after.totals()["km"] != before.totals()["km"]
    assert planned.metric[2].value == format_km(after.totals()["km"], "id")
    assert after.status == "edited"
    assert len(after.stops) == len(before.stops)
    late = [day for day in after.days if day.late_min(after.request.day_min)]
    assert len(planned.warning) == len(late)


def test_a_held_day_is_recorded_and_the_rest_planned_again(planned: AppTest) -> None:
    before = plan_of(planned)
    planned.button(key="record-now").click()
    planned.run()
    assert errors(planned) == []
    after = plan_of(planned)
    assert after.days[0].kept
    assert [one.kode for one in after.days[0].stops] == [one.kode for one in before.days[0].stops]
    recorded = Workspace.open().visits()
    mine = recorded[recorded["source"] == "workspace"]
    assert set(mine["kode"]) == {one.kode for one in before.days[0].stops}
    kodes = [one.kode for _, one in after.stops]
    assert len(kodes) == len(set(kodes))


def test_why_a_village_is_left_out_is_told(planned: AppTest) -> None:
    plan = plan_of(planned)
    kode = str(plan.left_out.index[plan.left_out["cause"] == "outbid"][0])
    planned.selectbox(key="plan-why").set_value(kode)
    planned.run()
    assert any(plan.name(kode) in text.value for text in planned.markdown)


def test_a_request_that_cannot_be_fulfilled_is_one_sentence(open_app: OpenApp) -> None:
    app = open_app("rencana", region="16.73")
    app.number_input(key="plan-hours").set_value(1.0)
    app.button[0].click()
    app.run()
    assert [fault.message for fault in app.exception] == []
    assert len(errors(app)) == 1
    assert "hari kerja" in errors(app)[0]
