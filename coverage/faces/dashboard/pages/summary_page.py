"""Page "Ringkasan": where the region stands, what to do next, and what has changed."""

import datetime as dt

import pandas as pd
import streamlit as st

from coverage.answers.agenda import Step, agenda, held_visits, uncovered_areas
from coverage.answers.gaps import GapReport
from coverage.faces.dashboard.pages import report_panel, welcome
from coverage.faces.dashboard.shell import frame, panels, shared_answers
from coverage.faces.dashboard.shell.bases import bases_of
from coverage.faces.dashboard.shell.frame import View, plain
from coverage.faces.words import answer_listings
from coverage.faces.words.change_lines import change_lines
from coverage.ground.quantities import format_date, format_number, format_percent
from coverage.ground.texts import say
from coverage.places.workspace import Workspace
from coverage.travel.reach import STATES

TITLE = "summary.page"
_PAGE_OF: dict[str, tuple[str, dict[str, str]]] = {
    "units": ("data", {"tab": "import"}),
    "visit": ("next", {}),
    "targets": ("targets", {}),
    "site": ("whatif", {}),
    "ferries": ("data", {"tab": "ferries"}),
    "verify": ("data", {"tab": "units"}),
    "record": ("data", {"tab": "visits"}),
}
_WORST = 5
_CHANGES = 5


def page() -> None:
    """Show the page."""
    frame.show(_render)


def _render(view: View) -> None:
    lang = view.lang
    frame.write_address(view)
    # Whom the office's data cannot be shown is not welcomed to an example instead.
    shared_answers.workspace_state()
    welcome.show(view)
    report = shared_answers.gap_report(view)
    today = dt.datetime.now(tz=dt.UTC).astimezone().date()
    none = report.study.units.empty
    title = (
        say("dashboard.gaps_no_units", lang, region=view.region_name)
        if none
        else answer_listings.gap_title(report, lang)
    )
    frame.title(title, view, example=False)
    _figures(report, view, today)
    bases = bases_of(report.study)
    _steps(agenda(report, bases[0] if bases else None, today), view)
    left, right = st.columns(2, gap="medium")
    with left:
        _worst(report, view)
    with right:
        _changed(view)
    report_panel.show(view)
    panels.source_line(report.study, lang)


def _figures(report: GapReport, view: View, today: dt.date) -> None:
    lang = view.lang
    summary = report.summary()
    total, covered = len(report.villages), int((report.villages["state"] == STATES[0]).sum())
    visits = held_visits(report.study, today)
    last = None if visits.empty else visits.iloc[0]
    visited = say("summary.no_visit", lang) if last is None else format_date(last["date"].date(), lang)
    if report.study.units.empty:
        reached = [panels.Figure(say("dashboard.village", lang), format_number(total, lang))]
    else:
        reached = [
            panels.persons_figure(summary["population_covered"], summary["population"], lang),
            panels.count_figure(say("summary.out", lang), total - covered, total, lang),
        ]
    name = None if last is None else str(last["name"])
    panels.figures([*reached, panels.Figure(say("summary.last_visit", lang), visited, name)])


def _steps(steps: tuple[Step, ...], view: View) -> None:
    lang = view.lang
    st.subheader(plain(say("summary.next", lang)), anchor=False)
    if not steps:
        st.markdown(plain(say("summary.nothing_next", lang)))
    for number, step in enumerate(steps, start=1):
        text, button = st.columns([7, 2], vertical_alignment="center")
        text.markdown(plain(f"{number}) {step.said.text(lang)}"))
        with button:
            name, address = _PAGE_OF[step.subject]
            frame.link(name, lang, **address)


def _worst(report: GapReport, view: View) -> None:
    lang = view.lang
    st.subheader(plain(say("summary.worst", lang)), anchor=False)
    areas = uncovered_areas(report).head(_WORST)
    if report.study.units.empty:
        st.markdown(plain(say("summary.worst_no_units", lang)))
        return
    if areas.empty:
        st.markdown(plain(say("summary.no_worst", lang)))
        return
    people = areas["population_out"]
    shown = pd.DataFrame(
        {
            say("columns.name", lang): areas["name"],
            say("summary.out_villages", lang): [format_number(int(one), lang) for one in areas["villages_out"]],
            say("summary.out_people", lang): [
                say("general.unknown", lang) if pd.isna(one) else format_number(float(one), lang) for one in people
            ],
            say("summary.share", lang): [format_percent(float(one), lang) for one in areas["covered_share"]],
        }
    )
    st.dataframe(shown, hide_index=True, key="summary-worst")
    if people.isna().any():
        st.caption(plain(say("dashboard.fact_no_population", lang)))


def _changed(view: View) -> None:
    lang = view.lang
    st.subheader(plain(say("summary.changed", lang)), anchor=False)
    lines = change_lines(Workspace.open().contents(_CHANGES).log, view.region, lang)
    if not lines:
        st.markdown(plain(say("summary.nothing_changed", lang)))
    for line in lines:
        st.markdown("- " + plain(line))
