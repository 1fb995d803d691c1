"""Page "Rencana & rute": plan a campaign, change it by hand, record what was held, take it along."""

import datetime as dt
from collections.abc import Sequence

import streamlit as st

from coverage.answers.pokling import Rules
from coverage.answers.study import Study
from coverage.answers.tours.calendar import next_open
from coverage.answers.tours.campaign import closed_days, move_stop, plan_campaign
from coverage.answers.tours.left_out import why
from coverage.answers.tours.living import Earlier, Event, go_on
from coverage.answers.tours.plan import Plan, PlannedDay
from coverage.answers.tours.request import Request
from coverage.faces.dashboard import frame, panels, stored
from coverage.faces.dashboard.bases import base_name, bases_of
from coverage.faces.dashboard.frame import View, plain
from coverage.faces.dashboard.mapview import show_map
from coverage.faces.itineraries import day_total, itinerary, plan_list, plan_subtitle, plan_title
from coverage.faces.plan_map import plan_map
from coverage.faces.plan_outputs import MEDIA, plan_files
from coverage.ground.errors import InputError
from coverage.ground.quantities import format_date, format_duration, format_km, format_number, format_percent
from coverage.ground.texts import Language, Message, say
from coverage.places.workspace import Workspace

TITLE = "planning.page"
_MAP = "plan-map"


def page() -> None:
    """Show the page."""
    frame.show(_render)


def _render(view: View) -> None:
    lang = view.lang
    study = stored.study(view)
    frame.remember(view)
    head = st.container()
    key = f"plan-{view.region}"
    if study.units.empty:
        with head:
            frame.title(say("planning.start", lang, region=study.region.name), view)
        st.info(plain(say("dashboard.no_units", lang, region=study.region.name)))
        return
    asked = _form(view, study)
    # The bar keeps its place when it is gone: what stands below would else be taken for something new, and fold up.
    place = st.container()
    if asked is not None:
        st.session_state.pop(key, None)
        with place:
            st.session_state[key] = _worked(study, asked, lang)
        st.session_state[f"{key}-changes"] = ()
    plan: Plan | None = st.session_state.get(key)
    with head:
        title = say("planning.start", lang, region=study.region.name) if plan is None else plan_title(plan, lang)
        frame.title(title, view)
    if plan is None:
        st.info(plain(say("planning.about", lang)))
        return
    plan = _changed(view, plan, key)
    _show(view, plan, st.session_state.get(f"{key}-changes", ()))


def _worked(study: Study, asked: Request, lang: Language) -> Plan:
    """Plan, telling how far it is; whoever leaves the page or presses stop ends it."""
    bar = st.progress(0.0, say("planning.working", lang))
    told = [0.0]

    def progress(share: float) -> bool:
        if share - told[0] >= 0.02:  # noqa: PLR2004 - the browser need not hear of every step
            told[0] = share
            bar.progress(min(share, 1.0), say("planning.working", lang))
        return False

    plan = plan_campaign(study, asked, stop=progress)
    bar.empty()
    return plan


def _form(view: View, study: Study) -> Request | None:
    """Ask for a campaign; None until it is sent."""
    lang = view.lang
    today = dt.datetime.now(tz=dt.UTC).astimezone().date()
    bases = bases_of(study)
    with st.form(f"plan-form-{view.region}"):
        wide, first_column, days_column, team_column = st.columns([3, 1, 1, 1])
        base = wide.selectbox(
            say("dashboard.base", lang), bases, format_func=lambda id_: base_name(study, id_), key="plan-base"
        )
        first = first_column.date_input(
            say("planning.first", lang), next_open(today + dt.timedelta(days=1)), key="plan-first", format="DD/MM/YYYY"
        )
        days = days_column.number_input(say("planning.days", lang), 1, 92, 10, key="plan-days")
        teams = team_column.number_input(say("planning.teams", lang), 1, 20, 1, key="plan-teams")
        hours_column, visit_column, nights_column, saturday_column = st.columns(4)
        hours = hours_column.number_input(say("planning.hours", lang), 1.0, 16.0, 8.0, step=0.5, key="plan-hours")
        visit = visit_column.number_input(say("planning.visit", lang), 5, 720, 120, step=15, key="plan-visit")
        nights = nights_column.number_input(say("planning.nights", lang), 0, 4, 0, key="plan-nights")
        saturday = saturday_column.checkbox(say("planning.saturday", lang), key="plan-saturday")
        names = stored.village_names(view)
        must = st.multiselect(say("planning.must", lang), list(names), format_func=names.__getitem__, key="plan-must")
        barred = st.multiselect(
            say("planning.must_not", lang), list(names), format_func=names.__getitem__, key="plan-must-not"
        )
        sent = st.form_submit_button(say("planning.send", lang), type="primary")
    if not sent:
        return None
    if not isinstance(first, dt.date):
        raise InputError(Message.of("dashboard.choose_base_and_day"))
    return Request(
        base,
        first,
        int(days),
        min(today, first),
        teams=int(teams),
        hours=float(hours),
        visit_min=int(visit),
        nights=int(nights),
        saturday_open=bool(saturday),
        must=tuple(must),
        must_not=tuple(barred),
        rules=Rules(cutoff_min=view.cutoff_min),
    )


def _changed(view: View, plan: Plan, key: str) -> Plan:
    """Let the planner move a stop, or record a day; a refused change is told and leaves the plan."""
    for place, label, change in zip(
        st.columns(2), ("planning.move", "planning.record"), (_moved, _recorded), strict=True
    ):
        with place.expander(say(label, view.lang)), frame.told(view.lang):
            plan = change(view, plan, key)
    return plan


def _day_name(day: PlannedDay, lang: Language) -> str:
    return say("plan.message_day", lang, day=format_date(day.date, lang, weekday=True), team=day.team)


def _moved(view: View, plan: Plan, key: str) -> Plan:
    lang = view.lang
    open_ = [day for day in plan.days if not day.kept]
    stops = [one.kode for day in open_ for one in day.stops]
    targets = [(day, shift.team) for shift in plan.work.problem.shifts for day in shift.days]
    if not stops:
        st.caption(plain(say("planning.nothing_open", lang)))
        return plan
    kode = st.selectbox(say("planning.which_stop", lang), stops, format_func=plan.name, key="move-stop")
    to = st.selectbox(
        say("planning.to_day", lang),
        targets,
        format_func=lambda one: say("plan.message_day", lang, day=format_date(one[0], lang, weekday=True), team=one[1]),
        key="move-day",
    )
    if st.button(say("planning.move_now", lang), key="move-now"):
        before = plan.totals()
        plan = move_stop(plan, kode, *to)
        after = plan.totals()
        st.session_state[key] = plan
        st.success(
            plain(
                say(
                    "planning.moved",
                    lang,
                    name=plan.name(kode),
                    was_min=float(before["drive_min"]),
                    now_min=float(after["drive_min"]),
                    was_km=float(before["km"]),
                    now_km=float(after["km"]),
                )
            )
        )
    _late(plan, lang)
    return plan


def _late(plan: Plan, lang: Language) -> None:
    """Say which days a change by hand has made too long."""
    for day in plan.days:
        late = day.late_min(plan.request.day_min)
        if late:
            st.warning(plain(say("planning.late", lang, day=_day_name(day, lang), late_min=float(late))))


def _recorded(view: View, plan: Plan, key: str) -> Plan:
    lang = view.lang
    open_ = [number for number, day in enumerate(plan.days) if not day.kept]
    if not open_:
        st.caption(plain(say("planning.nothing_open", lang)))
        return plan
    number = st.selectbox(
        say("planning.which_day", lang), open_, format_func=lambda one: _day_name(plan.days[one], lang), key="held-day"
    )
    day = plan.days[number]
    names = [one.kode for one in day.stops]
    held = st.multiselect(say("planning.held", lang), names, names, format_func=plan.name, key=f"held-{number}")
    if st.button(say("planning.record_now", lang), key="record-now"):
        events = [Event("held" if kode in held else "cancelled", kode) for kode in names]
        earlier = Earlier(plan.request, plan.days)
        following = min(day.date + dt.timedelta(days=1), plan.request.last)
        same = [other.date for other in plan.days if other.date == day.date]
        plan, told = go_on(plan.study, earlier, following, events, keep=same)
        door = Workspace.open()
        for kode in held:
            door.record_visit(kode, day.date)
        st.session_state[key], st.session_state[f"{key}-changes"] = plan, told
        st.rerun()
    return plan


def _show(view: View, plan: Plan, told: Sequence[Message]) -> None:
    lang = view.lang
    totals = plan.totals()
    panels.figures(
        [
            panels.Figure(say("planning.visits", lang), format_number(totals["stops"], lang)),
            panels.Figure(say("planning.driving", lang), format_duration(totals["drive_min"], lang)),
            panels.Figure(say("planning.kilometres", lang), format_km(totals["km"], lang)),
            panels.Figure(
                say("planning.priority", lang),
                format_number(plan.objective, lang, decimals=1),
                say("planning.gap", lang, gap=format_percent(plan.gap, lang)),
            ),
        ]
    )
    if told:
        panels.notes(told, lang, label=say("plan.changes", lang))
    only = st.selectbox(
        say("planning.which_day_map", lang),
        [None, *range(len(plan.days))],
        format_func=lambda one: say("planning.all_days", lang) if one is None else _day_name(plan.days[one], lang),
        key="plan-day",
    )
    show_map(plan_map(plan, stored.ground(view), lang, only=only), key=_MAP)
    panels.source_line(plan.study, lang)
    panels.table(plan_list(plan, lang), lang, key="plan-table", without=("lat", "lon", "order"))
    _downloads(view, plan)
    _why(view, plan)
    with st.expander(say("planning.days_sums", lang)):
        for sheet in itinerary(plan, lang).days:
            st.markdown("- " + plain(day_total(sheet, lang)))
        for day, reason in closed_days(plan.request):
            st.markdown("- " + plain(f"{format_date(day, lang, weekday=True)}: {reason.text(lang)}"))
    st.caption(plain(plan_subtitle(plan, lang)))


def _downloads(view: View, plan: Plan) -> None:
    with st.container(horizontal=True, gap="small"):
        for kind, made in plan_files(plan, view.lang).items():
            ending = "csv" if kind.startswith("csv") else kind
            name = f"rencana-{view.region}-{plan.request.first.isoformat()}{'-excel' if kind == 'csv-excel' else ''}"
            st.download_button(
                say(f"planning.file_{kind.replace('-', '_')}", view.lang),
                made,
                file_name=f"{name}.{ending}",
                mime=MEDIA[kind],
                key=f"plan-file-{kind}",
                on_click="ignore",
            )


def _why(view: View, plan: Plan) -> None:
    names = stored.village_names(view)
    chosen = st.selectbox(
        say("planning.why", view.lang),
        list(names),
        index=None,
        format_func=names.__getitem__,
        key="plan-why",
        placeholder=say("dashboard.village_choose", view.lang),
    )
    if chosen is not None:
        with st.container(border=True):
            panels.sentences(why(plan, chosen), view.lang)
