"""Page "Target & capaian": what was achieved against targets, its pace, and what is planned would add."""

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from coverage.answers.scenarios.scenario import Scenario
from coverage.answers.target_plans import Intended, additions, intended, units_of
from coverage.answers.target_progress import GOOD_STATES, Progress, periods_held, progress
from coverage.answers.tours.plan import Plan
from coverage.faces.dashboard.pages import import_forms, plan_draft, scenario_panel, targets_forms, whatif_page
from coverage.faces.dashboard.pages.workspace_forms import SAVED
from coverage.faces.dashboard.shell import frame, panels, shared_answers
from coverage.faces.dashboard.shell.frame import View, plain
from coverage.faces.dashboard.shell.session import Entry, EntryPer
from coverage.faces.files.sources import ListSource
from coverage.faces.words.targets_listing import (
    addition_lines,
    elapsed_line,
    laid_out,
    period_name,
    progress_list,
    progress_title,
    recorded_line,
    spoken,
)
from coverage.faces.words.unknowns import DASH, unknown_lines
from coverage.ground.errors import InputError
from coverage.ground.quantities import format_number, format_percent
from coverage.ground.texts import Language, Message, say
from coverage.places.indicators import INDICATORS
from coverage.places.periods import half_of, period_key, read_period
from coverage.places.workspace import Workspace

TITLE = "targets.page"
_PERIOD = EntryPer[str | None]("target-period-{region}")
_AS_OF = Entry[dt.date | None]("target-as-of")
_EXAMPLE = "52"
_WHOLE = 100.0
_KEYS = ("indicator", "figure", "percent", "state", "expected", "needed")


def page() -> None:
    """Show the page."""
    frame.show(_render)


def _render(view: View) -> None:
    lang = view.lang
    head = st.container()
    SAVED.show()
    workspace = Workspace.open()
    period, as_of = _asked(view, periods_held(view.region, workspace=workspace))
    frame.write_address(view, period=period, as_of=as_of.isoformat() if as_of != _today() else "")
    found = progress(view.region, period=period, as_of=as_of, workspace=workspace)
    with head:
        frame.title(progress_title(found, lang), view)
    if found.rows.empty:
        _empty(view)
    else:
        _figures(found, lang)
        _table(found, lang)
        source = ListSource(progress_list(found, lang), sheet=progress_list(found, lang, paper=True))
        panels.downloads(source, lang, name=f"target-{view.region}-{period}")
        _planned(found, view)
    with st.expander(say("targets.enter", lang), expanded=found.rows.empty):
        targets_forms.edit(view, workspace, period or half_of(as_of).key)
    with st.expander(say("targets.upload", lang)):
        import_forms.import_table(view, "targets")


def _today() -> dt.date:
    return dt.datetime.now(tz=dt.UTC).astimezone().date()


def _asked(view: View, held: Sequence[str]) -> tuple[str, dt.date]:
    """Ask for the period and the day; both stand in the address."""
    lang, widget = view.lang, _PERIOD.of(view.region)
    frame.asked_here(view, widget, _one_of(held), name="period")
    frame.asked_for(_AS_OF, _read_day, name="as_of")
    frame.stop_if_refused(widget)
    frame.stop_if_refused(_AS_OF)
    if (saved := targets_forms.PERIOD_SAVED.take()) in held:
        widget.put(saved)
    if widget.get() not in held:
        widget.put(held[0] if held else None)
    _AS_OF.first(_today())
    if not held:
        return "", _today()
    left, right = st.columns(2)
    period = left.selectbox(
        say("targets.column_period", lang), held, key=widget.key, format_func=lambda one: period_name(one, lang)
    )
    day = right.date_input(
        say("targets.as_of", lang), key=_AS_OF.key, format="DD/MM/YYYY", help=say("targets.as_of_help", lang)
    )
    return period or "", day if isinstance(day, dt.date) else _today()


def _one_of(held: Sequence[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        period = period_key(text)
        if period not in held:
            raise InputError(Message.of("targets.no_such_period", period=text, held=", ".join(held) or "-"))
        return period

    return read


def _read_day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise InputError(Message.of("targets.bad_day", value=text)) from None


def _empty(view: View) -> None:
    st.info(plain(say("targets.empty", view.lang, region=view.region_name)))
    if view.region != _EXAMPLE:
        st.button(say("targets.see_example", view.lang), on_click=_go_to_example)


def _go_to_example() -> None:
    frame.REGION.put(_EXAMPLE)


def _figures(found: Progress, lang: Language) -> None:
    judged = found.judged
    good = int(judged["state"].isin(GOOD_STATES).sum())
    reached = int((judged["state"] == "reached").sum())
    shown = [
        panels.Figure(say("targets.figure_good", lang), _of(good, len(judged), lang)),
        panels.Figure(say("targets.figure_reached", lang), _of(reached, len(judged), lang)),
    ]
    known = read_period(found.rows["period"].iloc[0])
    if known is not None:
        days = found.rows["working_days_left"].dropna()
        share = known.elapsed(found.as_of)
        elapsed = format_percent(share, lang, decimals=0 if share in {0, 1} else 1)
        shown.append(panels.Figure(say("targets.column_elapsed_share", lang), elapsed))
        left = format_number(days.iloc[0], lang) if len(days) else DASH
        shown.append(panels.Figure(say("targets.column_working_days_left", lang), left))
    panels.figures(shown)


def _of(count: int, total: int, lang: Language) -> str:
    return say("targets.of", lang, count=count, total=total)


def _table(found: Progress, lang: Language) -> None:
    """Show the figures in words, with a bar of what was reached beside one of what the calendar expects."""
    words = spoken(found, lang)
    several = bool(found.rows["scope"].ne("region").any())
    table = words[list(("area", *_KEYS) if several else _KEYS)]
    table = table.rename(columns={key: say(f"targets.column_{key}", lang) for key in table.columns})
    reached, pace = say("targets.bar_reached", lang), say("targets.bar_pace", lang)
    place = _KEYS.index("state") + several
    expected = found.rows["expected"] / found.rows["target"] * _WHOLE
    table.insert(place, reached, found.rows["percent"].clip(upper=_WHOLE))
    table.insert(place + 1, pace, expected.where(found.rows["state"] != "no_target"))
    # Its own numbers would not be written as Indonesians write them: they stand beside it.
    bar = partial(st.column_config.ProgressColumn, format=" ", min_value=0.0, max_value=_WHOLE, width="small")
    st.dataframe(
        table,
        hide_index=True,
        key="targets-table",
        placeholder=DASH,
        column_config={
            reached: bar(help=say("targets.bar_reached_help", lang)),
            pace: bar(help=say("targets.bar_pace_help", lang), color="gray"),
        },
    )
    lines = [elapsed_line(found, found.rows["period"].iloc[0], lang), say("targets.rule", lang)]
    st.caption(plain(" ".join([*lines, *(note.text(lang) for note in found.notes)])))
    panels.lines(unknown_lines(laid_out(found, lang, _KEYS), lang))
    st.caption(plain(recorded_line(found, lang)))
    sources = ", ".join(dict.fromkeys(source for source in found.rows["source"] if source))
    if sources:
        st.caption(plain(say("targets.sources", lang, sources=sources)))


def _planned(found: Progress, view: View) -> None:
    """Say what the plan of this session and a scenario would add, by the assumption that is given here."""
    lang = view.lang
    st.subheader(plain(say("targets.plan_head", lang).rstrip(":")), anchor=False)
    plan = plan_draft.current(view.region)
    scenarios = {**whatif_page.current(view), **scenario_panel.known(view.region)}
    if plan is None and not scenarios:
        st.caption(plain(say("targets.no_plan", lang)))
        return
    left, middle, right = st.columns(3)
    name = left.selectbox(
        say("targets.scenario", lang),
        list(scenarios),
        index=None,
        placeholder=say("targets.no_scenario", lang),
        key=f"target-scenario-{view.region}",
    )
    counted = [one.name for one in INDICATORS if one.counted]
    indicator = middle.selectbox(
        say("targets.visit_counts_for", lang), counted, index=counted.index("SIL"), disabled=plan is None
    )
    each = right.number_input(
        say("targets.per_visit", lang),
        min_value=0.0,
        value=None,
        step=1.0,
        format="%g",
        help=say("targets.per_visit_help", lang),
        disabled=plan is None,
    )
    with frame.showing_errors(lang):
        planned = _intended(found, plan, scenarios.get(name) if name else None, view)
        added = additions(found, planned, {indicator: float(each)} if each and indicator else {})
        for line in addition_lines(found, planned, added, lang, on_page=True):
            st.markdown("- " + plain(line))


def _intended(found: Progress, plan: Plan | None, scenario: Scenario | None, view: View) -> Intended:
    visits = [] if plan is None else [(one.kode, day.date) for day in plan.days for one in day.stops if not one.state]
    units: Sequence[str] = ()
    if scenario is not None:
        units = scenario.add if scenario.siting is None else units_of(shared_answers.scenario_answer(view, scenario))
    return intended(found, visits=visits, units=units)
