"""Page "Rencana & rute": plan a campaign, change it by hand, record what was held, take it along."""

import datetime as dt
from collections.abc import Sequence
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from coverage.answers.study import Study
from coverage.answers.tours.campaign import closed_days, move_stop
from coverage.answers.tours.left_out import why
from coverage.answers.tours.living import Earlier, Event
from coverage.answers.tours.plan import Plan, PlannedDay
from coverage.faces.dashboard.office import sign_in
from coverage.faces.dashboard.pages import plan_draft, plan_form
from coverage.faces.dashboard.shell import frame, jobs, panels, shared_answers
from coverage.faces.dashboard.shell.frame import View, plain
from coverage.faces.dashboard.shell.mapview import show_map
from coverage.faces.files.all_formats import FORMATS
from coverage.faces.heavy import works
from coverage.faces.maps.plan_map import plan_map
from coverage.faces.plan.itineraries import day_total, itinerary, plan_list, plan_subtitle, plan_title
from coverage.faces.plan.plan_outputs import plan_source
from coverage.ground.quantities import format_date, format_duration, format_km, format_number, format_percent
from coverage.ground.texts import Language, Message, say
from coverage.places.roles import Role
from coverage.places.visits import refuse_ahead
from coverage.places.workspace import Workspace

TITLE = "planning.page"
_MAP = "plan-map"


def page() -> None:
    """Show the page."""
    frame.show(_render)


def _render(view: View) -> None:
    lang = view.lang
    study = shared_answers.study(view)
    frame.write_address(view)
    head = st.container()
    if study.units.empty:
        with head:
            frame.title(say("planning.start", lang, region=study.region.name), view)
        st.info(plain(say("dashboard.no_units", lang, region=study.region.name)))
        return
    search = plan_draft.SEARCH.of(view.region)
    plan_form.ask(view, study, search)
    # What is going on keeps its place when it is gone: what stands below would else be taken for something new.
    place = st.container()
    with place:
        _finish(view)
    plan = plan_draft.current(view.region)
    with place:
        if jobs.running(search, lang, stop="planning.stop"):
            _title(head, view, plan, study)
            return
    if plan is None:
        _title(head, view, plan, study)
        st.info(plain(say("planning.about", lang)))
        return
    if plan_draft.is_outdated(view.region):
        st.warning(plain(say("planning.data_changed", lang)))
    if plan.status == "cancelled":
        st.warning(plain(say("plan.cancelled", lang)))
    plan = _changed(view, plan)
    _title(head, view, plan, study)
    _late(plan, lang)
    _show(view, plan, plan_draft.changes(view.region))


def _title(head: DeltaGenerator, view: View, plan: Plan | None, study: Study) -> None:
    with head:
        title = (
            say("planning.start", view.lang, region=study.region.name) if plan is None else plan_title(plan, view.lang)
        )
        frame.title(title, view)
        panels.neighbours(study, view.lang)


def _finish(view: View) -> None:
    """Take over a plan that has been found; an earlier one stays until then."""
    ended = jobs.ended(plan_draft.SEARCH.of(view.region), view.lang)
    if ended is None:
        return
    planned, visited = ended
    workspace = Workspace.open()
    for kode, day in visited:
        workspace.record_visit(kode, day)
    plan_draft.take_up(view.region, planned)


def _changed(view: View, plan: Plan) -> Plan:
    """Let the planner move a stop, or record a day; a refused change is told and leaves the plan."""
    for place, label, change in zip(
        st.columns(2), ("planning.move", "planning.record"), (_moved, _recorded), strict=True
    ):
        with place.expander(say(label, view.lang)), frame.showing_errors(view.lang):
            plan = change(view, plan)
    return plan


def _day_name(day: PlannedDay, lang: Language) -> str:
    return say("plan.message_day", lang, day=format_date(day.date, lang, weekday=True), team=day.team)


def _moved(view: View, plan: Plan) -> Plan:
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
        before, unmoved = plan.totals(), plan
        plan = move_stop(plan, kode, *to)
        after = plan.totals()
        plan_draft.move(view.region, plan, unmoved)
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
    if plan_draft.is_moved(view.region):
        # Before the page is drawn.
        st.button(say("planning.undo", lang), key="move-undo", on_click=plan_draft.undo_move, args=(view.region,))
    return plan


def _late(plan: Plan, lang: Language) -> None:
    """Say which days a change by hand has made too long."""
    for day in plan.days:
        late = day.late_min(plan.request.day_min)
        if late:
            st.warning(plain(say("planning.late", lang, day=_day_name(day, lang), late_min=float(late))))


def _recorded(view: View, plan: Plan) -> Plan:
    lang = view.lang
    open_ = [number for number, day in enumerate(plan.days) if not day.kept]
    if not open_:
        st.caption(plain(say("planning.nothing_open", lang)))
        return plan
    number = st.selectbox(
        say("planning.which_day", lang), open_, format_func=lambda one: _day_name(plan.days[one], lang), key="held-day"
    )
    day = plan.days[number]
    if not sign_in.allowed(Role.PLANNER, lang):
        return plan
    names = [one.kode for one in day.stops]
    held = st.multiselect(
        say("planning.held", lang), names, names, format_func=plan.name, key=f"held-{number}", select_all=False
    )
    if st.button(say("planning.record_now", lang), key="record-now"):
        refuse_ahead([day.date] if held else [])
        events = [Event("held" if kode in held else "cancelled", kode) for kode in names]
        earlier = Earlier(plan.request, plan.days)
        following = min(day.date + dt.timedelta(days=1), plan.request.last)
        same = [other.date for other in plan.days if other.date == day.date]
        plan_form.start(
            view,
            plan_draft.SEARCH.of(view.region),
            works.go_on_with_plan,
            (plan.study, earlier, following, events, same),
            visited=tuple((kode, day.date) for kode in held),
        )
    return plan


def _show(view: View, plan: Plan, changes: Sequence[Message]) -> None:
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
    if changes:
        panels.notes(changes, lang, label=say("plan.changes", lang))
    only = st.selectbox(
        say("planning.which_day_map", lang),
        [None, *range(len(plan.days))],
        format_func=lambda one: say("planning.all_days", lang) if one is None else _day_name(plan.days[one], lang),
        key="plan-day",
    )
    show_map(plan_map(plan, shared_answers.ground(view), lang, only=only), key=_MAP)
    panels.source_line(plan.study, lang)
    paper = itinerary(plan, lang)
    for note in paper.notes:
        st.caption(plain(note))
    panels.table(plan_list(plan, lang), lang, key="plan-table", without=("lat", "lon", "order", "day_late_min"))
    _downloads(view, plan)
    _why(view, plan)
    with st.expander(say("planning.days_sums", lang)):
        for sheet in paper.days:
            st.markdown("- " + plain(day_total(sheet, lang)))
        for day, reason in closed_days(plan.request):
            st.markdown("- " + plain(f"{format_date(day, lang, weekday=True)}: {reason.text(lang)}"))
    st.caption(plain(plan_subtitle(plan, lang)))


def _downloads(view: View, plan: Plan) -> None:
    with st.container(horizontal=True, gap="small"):
        source = plan_source(plan, view.lang)
        stem = f"rencana-{view.region}-{plan.request.first.isoformat()}"
        for file_name, one in FORMATS.offered("plan", source, stem).items():
            st.download_button(
                say(one.label_of(source), view.lang),
                partial(one.make, source, view.lang),
                file_name=file_name,
                mime=one.mime,
                key=f"plan-file-{one.name}",
                on_click="ignore",
            )


def _why(view: View, plan: Plan) -> None:
    names = shared_answers.village_names(view)
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
