"""The page "Rencana & rute": plan, change by hand, record a day, plan again, take it along."""

import datetime as dt
import threading
import time
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from coverage.answers.study import Study
from coverage.answers.tours.campaign import plan_campaign
from coverage.answers.tours.plan import Plan
from coverage.answers.tours.progress import Cancel, Progress
from coverage.answers.tours.request import Fixed, Request
from coverage.faces.dashboard.pages import plan_form
from coverage.faces.dashboard.shell import session
from coverage.faces.dashboard.shell.frame import plain
from coverage.faces.files.all_formats import FORMATS
from coverage.faces.heavy import works
from coverage.faces.plan.itineraries import plan_title
from coverage.ground.errors import InputError
from coverage.ground.quantities import format_km
from coverage.ground.texts import Message, say
from coverage.places.workspace import Workspace

OpenApp = Callable[..., AppTest]
KEY = "plan-16.73"


def errors(app: AppTest) -> list[str]:
    return [error.value for error in app.error]


def next_monday() -> dt.date:
    """Give a Monday ahead whose week has no holiday in the packages' years: told by the page itself otherwise."""
    today = dt.datetime.now(tz=dt.UTC).astimezone().date()
    return today + dt.timedelta(days=7 - today.weekday())


def wait(app: AppTest) -> None:
    """Draw the page again, as a browser does every second, until the search is over."""
    while f"{KEY}-job" in app.session_state and not app.session_state[f"{KEY}-job"].over.is_set():
        app.session_state[f"{KEY}-job"].over.wait(60)
    app.run()


@pytest.fixture(scope="module")
def searched() -> list[Plan]:
    """The plans of the tests that begin with the same one."""
    return []


@pytest.fixture
def planned(open_app: OpenApp, searched: list[Plan], monkeypatch: pytest.MonkeyPatch) -> AppTest:
    def once(study: Study, request: Request, *, stop: Cancel) -> Plan:
        if request not in [plan.request for plan in searched]:
            searched.append(plan_campaign(study, request, stop=stop))
        return next(plan for plan in searched if plan.request == request)

    monkeypatch.setattr(works, "plan_campaign", once)
    app = open_app("rencana", region="16.73")
    app.date_input(key="plan-first").set_value(next_monday())
    app.number_input(key="plan-days").set_value(12)
    app.button(key="plan-send").click()
    app.run()
    wait(app)
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
    assert labels == {say(one.label, "id") for one in FORMATS.of_kind("plan") if one.label}
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


def test_moves_beyond_the_day_stay_told_after_a_reload_and_are_undone_one_by_one(planned: AppTest) -> None:
    plans = [plan_of(planned)]
    target = plans[0].days[1]
    for stop in plans[0].days[0].stops:
        planned.selectbox(key="move-stop").set_value(stop.kode)
        planned.selectbox(key="move-day").set_value((target.date, target.team))
        planned.button(key="move-now").click().run()
        if plan_of(planned) is not plans[-1]:
            plans.append(plan_of(planned))
    assert len(plans) > 1
    told = [warning.value for warning in planned.warning]
    assert len(told) == sum(day.late_min(plans[-1].request.day_min) > 0 for day in plans[-1].days)
    assert told
    planned.run()
    assert [warning.value for warning in planned.warning] == told
    assert session.outlives_reload(f"{KEY}-moves")
    for before in reversed(plans[:-1]):
        planned.button(key="move-undo").click().run()
        assert errors(planned) == []
        assert plan_of(planned) is before
        assert planned.title[0].value == plain(plan_title(before, "id"))
    assert "move-undo" not in {button.key for button in planned.button}
    assert not planned.warning


def test_a_day_to_come_cannot_be_recorded_as_held(planned: AppTest) -> None:
    before = plan_of(planned)
    planned.button(key="record-now").click()
    planned.run()
    assert ["belum tiba" in error for error in errors(planned)] == [True]
    assert plan_of(planned) is before
    assert "workspace" not in set(Workspace.open().visits()["source"])


@pytest.fixture
def on_the_friday_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plan is made for the week that lies behind."""
    monday = next_monday() - dt.timedelta(days=14)
    monkeypatch.setitem(globals(), "next_monday", lambda: monday)
    monkeypatch.setattr(plan_form, "_today", lambda: monday - dt.timedelta(days=3))


@pytest.mark.usefixtures("on_the_friday_before")
def test_a_held_day_is_recorded_and_the_rest_planned_again(planned: AppTest) -> None:
    before = plan_of(planned)
    planned.button(key="record-now").click()
    planned.run()
    wait(planned)
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
    app.button(key="plan-send").click()
    app.run()
    wait(app)
    assert [fault.message for fault in app.exception] == []
    assert len(errors(app)) == 1
    assert "hari kerja" in errors(app)[0]


def searching(monkeypatch: pytest.MonkeyPatch, told: threading.Event) -> None:
    """Let the search go on until somebody stops it."""

    def endless(study: Study, request: Request, *, stop: Cancel) -> Plan:
        def asked(progress: Progress) -> bool:
            told.set()
            while progress.share < 1 and not stop(progress):
                time.sleep(0.01)
            return True

        return plan_campaign(study, request, stop=asked)

    monkeypatch.setattr(works, "plan_campaign", endless)


def test_a_search_tells_the_best_so_far_and_stops_with_it(open_app: OpenApp, monkeypatch: pytest.MonkeyPatch) -> None:
    told = threading.Event()
    searching(monkeypatch, told)
    app = open_app("rencana", region="16.73")
    app.date_input(key="plan-first").set_value(next_monday())
    app.multiselect(key="plan-must-16.73").set_value(["16.73.08.1007", "16.73.08.1010"])
    # Short visits: what is found at once is not proven at once.
    app.number_input(key="plan-visit").set_value(30)
    app.number_input(key="plan-hours").set_value(5.0)
    app.button(key="plan-send").click().run()
    assert told.wait(60)
    app.run()
    watch = app.session_state[f"{KEY}-job"].watch
    assert watch.now.values["visits"] > 0
    assert KEY not in app.session_state
    assert app.get("progress")[0].proto.text == plain(watch.now.text("id"))
    app.button(key=f"{KEY}-job-stop").click().run()
    wait(app)
    assert [fault.message for fault in app.exception] == []
    assert plan_of(app).status == "cancelled"
    assert plan_of(app).stops
    assert [one.value for one in app.warning] == [say("plan.cancelled", "id")]
    app.run()
    assert plan_of(app).status == "cancelled"


def test_the_form_asks_all_that_the_command_line_asks(open_app: OpenApp, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Request] = []

    def remember(study: Study, request: Request, *, stop: Cancel) -> Plan:
        asked.append(request)
        return plan_campaign(study, request, stop=stop)

    monkeypatch.setattr(works, "plan_campaign", remember)
    app = open_app("rencana", region="16.73")
    monday = next_monday()
    app.date_input(key="plan-first").set_value(monday)
    app.slider(key="weight-need").set_value(60)
    app.number_input(key="rest-days").set_value(30)
    app.number_input(key="plan-nights").set_value(1)
    app.number_input(key="plan-visits-per-day").set_value(2)
    app.checkbox(key="plan-saturday").set_value(True)
    app.time_input(key="plan-start").set_value(dt.time(7, 30))
    app.multiselect(key="plan-must-16.73").set_value(["16.73.08.1007"])
    app.multiselect(key="plan-must-not-16.73").set_value(["16.73.08.1008"])
    app.multiselect(key="plan-fixed-16.73").set_value(["16.73.08.1009"]).run()
    app.date_input(key="plan-fixed-day-16.73.08.1009").set_value(monday + dt.timedelta(days=1))
    app.time_input(key="plan-fixed-time-16.73.08.1009").set_value(dt.time(10)).run()
    app.button(key="plan-send").click().run()
    wait(app)
    assert errors(app) == []
    request = asked[0]
    assert request.rules.weights["need"] == 0.6
    assert request.rules.rest_days == 30
    assert (request.nights, request.visits_per_day, request.saturday_open, request.start_min) == (1, 2, True, 450)
    assert (request.must, request.must_not) == (("16.73.08.1007",), ("16.73.08.1008",))
    assert request.fixed == (Fixed("16.73.08.1009", monday + dt.timedelta(days=1), 600),)
    held = {one.kode: (day.date, one.begin_min) for day, one in plan_of(app).stops}
    assert held["16.73.08.1009"] == (monday + dt.timedelta(days=1), 600)
    assert "16.73.08.1007" in held


def test_a_quota_is_asked_for_each_regency_of_a_province(open_app: OpenApp, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Request] = []

    def refuse(_study: Study, request: Request, *, stop: Cancel) -> Plan:
        assert stop is not None
        asked.append(request)
        raise InputError(Message.of("tours.all_visited", rest=1))

    monkeypatch.setattr(works, "plan_campaign", refuse)
    app = open_app("rencana", region="74")
    app.multiselect(key="plan-quota-74").set_value(["74.71"]).run()
    app.number_input(key="plan-quota-of-74.71").set_value(2).run()
    app.button(key="plan-send").click().run()
    app.session_state["plan-74-job"].over.wait(60)
    app.run()
    assert [dict(request.quota) for request in asked] == [{"74.71": 2}]
    assert len(errors(app)) == 1


def test_a_plan_says_that_data_have_changed_since(planned: AppTest) -> None:
    told = plain(say("planning.data_changed", "id"))
    assert told not in [one.value for one in planned.warning]
    Workspace.open().record_visit("16.73.08.1007", dt.date(2024, 10, 1))
    planned.run()
    assert told in [one.value for one in planned.warning]
