"""The form of the page "Rencana & rute": a campaign as the command line asks for it."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import streamlit as st

from coverage.answers.pokling import Rules
from coverage.answers.study import Study
from coverage.answers.tours.calendar import next_open
from coverage.answers.tours.request import Fixed, Request
from coverage.faces.dashboard.shell import frame, jobs, shared_answers
from coverage.faces.dashboard.shell.bases import base_name, bases_of
from coverage.faces.dashboard.shell.frame import View, plain
from coverage.faces.dashboard.shell.jobs import Job
from coverage.faces.dashboard.shell.session import Entry, EntryPer, Slot
from coverage.faces.dashboard.shell.weights import ask_rest_days, ask_weights
from coverage.faces.heavy import pool, works
from coverage.faces.heavy.works import Planned
from coverage.ground import codes
from coverage.ground.errors import InputError
from coverage.ground.texts import Message, say
from coverage.places.villages import find_region

Visited = tuple[tuple[str, dt.date], ...]
"""Villages that were visited, and when."""

Search = Slot[Job[tuple[Planned, Visited]]]
"""Where a search for a plan goes on."""

_BASE = EntryPer[str | None]("plan-base-{region}", outlives_reload=True)
_FIRST = Entry[dt.date | None]("plan-first", outlives_reload=True)
_DAYS = Entry[int]("plan-days", outlives_reload=True)
_TEAMS = Entry[int]("plan-teams", outlives_reload=True)
_HOURS = Entry[float]("plan-hours", outlives_reload=True)
_VISIT_MIN = Entry[int]("plan-visit", outlives_reload=True)
_START = Entry[dt.time | None]("plan-start", outlives_reload=True)
_HOUR_MIN = 60
# Between two looks a search may measure all ways of a province; a plan that is there by then is worth the wait.
_PATIENCE_S = 15.0
_STAY: dict[str, Any] = {"persist_state": "session"}
# Else Enter on a name takes every one that matches.
_ONE_BY_ONE: dict[str, Any] = {**_STAY, "select_all": False}


@st.fragment
def ask(view: View, study: Study, search: Search) -> None:
    """Ask for a campaign and start the search in its place; rows of appointments come and go without the page."""
    lang = view.lang
    with frame.showing_errors(lang), st.container(border=True):
        base, asked = _main(view, study)
        with st.expander(say("planning.more", lang)):
            more = _more(view, study, asked["first"])
        sent = st.button(say("planning.send", lang), type="primary", key="plan-send")
        if not sent:
            return
        if base is None or asked["first"] is None:
            raise InputError(Message.of("dashboard.choose_base_and_day"))
        today = _today()
        request = Request(base, known_on=min(today, asked["first"]), **asked, **more)
        start(view, search, works.make_plan, (study, request))


def start(
    view: View, place: Search, find: Callable[..., Planned], arguments: tuple[object, ...], *, visited: Visited = ()
) -> None:
    """Begin a search in the background; who was `visited` is recorded once the new plan is there."""
    basis = shared_answers.basis(view)

    def work(watch: jobs.Watch) -> tuple[Planned, Visited]:
        return pool.compute(find, arguments, watch, basis, patience_s=_PATIENCE_S), visited

    jobs.start(place, Message.of("planning.working", done_share=0.0, visits=0, priority=0.0), work)


def _today() -> dt.date:
    return dt.datetime.now(tz=dt.UTC).astimezone().date()


def _main(view: View, study: Study) -> tuple[str | None, dict[str, Any]]:
    """Ask what every campaign needs."""
    lang = view.lang
    wide, first_column, days_column = st.columns([5, 2, 2])
    team_column, hours_column, visit_column, start_column = st.columns(4)
    base = wide.selectbox(
        say("dashboard.base", lang),
        bases_of(study),
        format_func=lambda id_: base_name(study, id_),
        key=_BASE.of(view.region).key,
        **_STAY,
    )
    first = first_column.date_input(
        say("planning.first", lang),
        next_open(_today() + dt.timedelta(days=1)),
        key=_FIRST.key,
        format="DD/MM/YYYY",
        **_STAY,
    )
    days = days_column.number_input(
        say("planning.days", lang), 1, 92, 10, key=_DAYS.key, help=say("planning.days_help", lang), **_STAY
    )
    teams = team_column.number_input(say("planning.teams", lang), 1, 20, 1, key=_TEAMS.key, **_STAY)
    hours = hours_column.number_input(
        say("planning.hours", lang), 1.0, 16.0, 8.0, step=0.5, format="%g", key=_HOURS.key, **_STAY
    )
    visit = visit_column.number_input(say("planning.visit", lang), 5, 720, 120, step=15, key=_VISIT_MIN.key, **_STAY)
    start = start_column.time_input(
        say("planning.start_at", lang), dt.time(8), step=dt.timedelta(minutes=15), key=_START.key, **_STAY
    )
    return base, {
        "first": first,
        "days": int(days),
        "teams": int(teams),
        "hours": float(hours),
        "visit_min": int(visit),
        "start_min": _minutes(start) or 0,
    }


def _more(view: View, study: Study, first: dt.date | None) -> dict[str, Any]:
    """Ask what only some campaigns need."""
    lang = view.lang
    most_column, nights_column, saturday_column = st.columns(3, vertical_alignment="bottom")
    most = most_column.number_input(
        say("planning.visits_per_day", lang),
        1,
        50,
        None,
        key="plan-visits-per-day",
        placeholder=say("planning.as_fits", lang),
        **_STAY,
    )
    nights = nights_column.number_input(say("planning.nights", lang), 0, 4, 0, key="plan-nights", **_STAY)
    saturday = saturday_column.checkbox(say("planning.saturday", lang), key="plan-saturday", **_STAY)
    return {
        "visits_per_day": None if most is None else int(most),
        "nights": int(nights),
        "saturday_open": bool(saturday),
        "must": _villages(view, "must"),
        "must_not": _villages(view, "must_not"),
        "fixed": _appointments(view, first),
        "quota": _quota(view, study),
        "rules": _rules(view),
    }


def _minutes(at: dt.time | None) -> int | None:
    return None if at is None else at.hour * _HOUR_MIN + at.minute


def _villages(view: View, name: str) -> tuple[str, ...]:
    names = shared_answers.village_names(view)
    label = say(f"planning.{name}", view.lang)
    placeholder = say("planning.villages_choose", view.lang)
    key = f"plan-{name.replace('_', '-')}-{view.region}"
    return tuple(
        st.multiselect(
            label, list(names), format_func=names.__getitem__, key=key, placeholder=placeholder, **_ONE_BY_ONE
        )
    )


def _appointments(view: View, first: dt.date | None) -> tuple[Fixed, ...]:
    """Ask for a day, and a time if there is one, for each village with an appointment."""
    lang, names, found = view.lang, shared_answers.village_names(view), []
    for kode in _villages(view, "fixed"):
        name_column, day_column, time_column = st.columns([3, 1, 1], vertical_alignment="bottom")
        name_column.markdown(plain(names[kode]))
        day = day_column.date_input(
            say("planning.fixed_day", lang), first, key=f"plan-fixed-day-{kode}", format="DD/MM/YYYY", **_STAY
        )
        at = time_column.time_input(
            say("planning.fixed_time", lang),
            None,
            step=dt.timedelta(minutes=15),
            key=f"plan-fixed-time-{kode}",
            help=say("planning.fixed_time_help", lang),
            **_STAY,
        )
        if isinstance(day, dt.date):
            found.append(Fixed(kode, day, _minutes(at)))
    return tuple(found)


def _quota(view: View, study: Study) -> dict[str, int]:
    """Ask for the most visits of each kab/kota chosen; a region of one needs none."""
    lang = view.lang
    areas = sorted({codes.ancestor(str(kode), "regency") for kode in study.villages.index})
    if len(areas) == 1:
        return {}
    names = {code: f"{find_region(code).name} ({code})" for code in areas}
    chosen = st.multiselect(
        say("planning.quota", lang),
        areas,
        format_func=names.__getitem__,
        key=f"plan-quota-{view.region}",
        placeholder=say("planning.areas_choose", lang),
        **_ONE_BY_ONE,
    )
    columns = st.columns(4)
    return {
        code: int(
            columns[place % 4].number_input(
                say("planning.quota_of", lang, name=names[code]), 0, 999, 3, key=f"plan-quota-of-{code}", **_STAY
            )
        )
        for place, code in enumerate(chosen)
    }


def _rules(view: View) -> Rules:
    lang = view.lang
    st.caption(plain(say("dashboard.rules_about", lang)))
    columns = st.columns(4)
    weights = ask_weights(columns, lang)
    return Rules(weights=weights, cutoff_min=view.cutoff_min, rest_days=ask_rest_days(columns[0], lang))
