"""Make the report of a region on a page: a few choices, one button, files to take along."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from coverage.answers.scenarios.compare import distinct
from coverage.answers.scenarios.scenario import Scenario
from coverage.answers.scenarios.stored_scenarios import held_names
from coverage.answers.siting.question import Question
from coverage.answers.tours.plan import Plan
from coverage.faces.dashboard.pages import plan_draft, scenario_panel
from coverage.faces.dashboard.shell import jobs, panels, shared_answers
from coverage.faces.dashboard.shell.frame import View, plain, showing_errors
from coverage.faces.dashboard.shell.jobs import Job
from coverage.faces.dashboard.shell.session import AnswerEntry, Entry
from coverage.faces.files.all_formats import FORMATS
from coverage.faces.heavy import pool, works
from coverage.faces.heavy.works import ReportWork
from coverage.faces.report.again import HandedIn, command_line
from coverage.faces.report.answers import SETS, Asked
from coverage.ground.texts import Message, say
from coverage.places.workspace import State, Workspace

_Question = tuple[View, State]
_Files = Mapping[str, bytes]
_JOB = Entry[Job[tuple[_Question, _Files]]]("report-job", outlives_reload=True)
_MADE = AnswerEntry[_Question, _Files]("report-made", outlives_reload=True)
_OFFICE = "report-office"
# While the report is made the form is away; what was chosen is still there when it comes back.
_STAYS: dict[str, Any] = {"persist_state": "session"}
_SITES = 3
_MOST_SITES = 20
_LONGEST = 120


@dataclass(frozen=True)
class _Chosen:
    """What the form holds when its button is pressed."""

    office: str
    sites: int
    scenarios: tuple[Scenario, ...]
    plan: Plan | None


def show(view: View, *, scenarios: Sequence[Scenario] = ()) -> None:
    """Show the choices and, once made, the files.

    Parameters
    ----------
    view
        What is looked at.
    scenarios
        To be offered beside those that the session keeps and the workspace holds.
    """
    lang = view.lang
    key = (view, shared_answers.workspace_state())
    ended = jobs.ended(_JOB, lang)
    if ended is not None:
        _MADE.put(ended)
    with st.expander(say("report.title", lang), expanded=_MADE.to(key) is not None or jobs.going_on(_JOB)):
        if jobs.running(_JOB, lang):
            return
        chosen = _form(view, _options(view, scenarios))
        if chosen is not None:
            _MADE.forget()
            with showing_errors(lang):
                _start(view, chosen, key)
        made = _MADE.to(key)
        if made is not None:
            _offer(view, made)


def _options(view: View, scenarios: Sequence[Scenario]) -> dict[str, Scenario]:
    """Name the scenarios that can be laid beside the region as it is: those of the same cutoff."""
    found = [
        one for one in (*scenarios, *scenario_panel.known(view.region).values()) if one.cutoff_min == view.cutoff_min
    ]
    found = list(dict.fromkeys(found))
    return dict(zip(distinct([one.name for one in found]), found, strict=True))


def _form(view: View, options: Mapping[str, Scenario]) -> _Chosen | None:
    lang = view.lang
    plan = plan_draft.current(view.region)
    with st.form("report", border=False):
        st.caption(plain(say("report.panel_about", lang)))
        office = st.text_input(
            say("report.panel_office", lang),
            key=_OFFICE,
            max_chars=_LONGEST,
            placeholder=say("report.panel_office_example", lang),
            help=say("report.panel_office_help", lang),
            **_STAYS,
        )
        left, right = st.columns([2, 1], vertical_alignment="bottom")
        sited = left.checkbox(say("report.panel_site", lang), value=True, key="report-sited", **_STAYS)
        number = right.number_input(
            say("dashboard.site_number", lang), 1, _MOST_SITES, _SITES, key="report-sites", **_STAYS
        )
        names = (
            st.multiselect(
                say("report.panel_scenarios", lang),
                list(options),
                placeholder=say("dashboard.compare_choose", lang),
                select_all=False,
                key=f"report-scenarios-{view.region}",
                **_STAYS,
            )
            if options
            else []
        )
        planned = plan is not None and st.checkbox(
            say("report.panel_plan", lang), value=True, key="report-planned", **_STAYS
        )
        pressed = st.form_submit_button(say("report.panel_make", lang), type="primary")
    if not pressed:
        return None
    chosen = tuple(options[name] for name in names)
    return _Chosen(office, int(number) if sited else 0, chosen, plan if planned else None)


def _start(view: View, chosen: _Chosen, key: _Question) -> None:
    """Ask and write in the background; each step is told as it begins, and may be the last."""
    lang = view.lang
    study = shared_answers.study(view)
    question = Question(number=chosen.sites, cutoff_min=view.cutoff_min, alternatives=SETS) if chosen.sites else None
    today = dt.datetime.now(tz=dt.UTC).astimezone().date()
    asked = Asked(view.cutoff_min, today, question=question, office=chosen.office)
    days = () if chosen.plan is None else chosen.plan.days
    # A plan and scenarios that only this session knows cannot be named in a command.
    stored_names = set(held_names(Workspace.open()))
    repeatable = chosen.plan is None and all(one.name in stored_names for one in chosen.scenarios)
    handed_in = HandedIn(scenarios=tuple(one.name for one in chosen.scenarios))
    again = command_line(study, asked, lang, handed_in) if repeatable else ""
    basis = shared_answers.basis(view)
    wanted = ReportWork(asked, lang, chosen.scenarios, days, basis.key.state, again)

    def work(watch: jobs.Watch) -> tuple[_Question, _Files]:
        return key, pool.compute(works.make_report, (study, wanted), watch, basis)

    jobs.start(_JOB, Message.of("report.panel_making"), work)


def _offer(view: View, made: _Files) -> None:
    st.markdown(plain(say("report.panel_made", view.lang)))
    with st.container(horizontal=True, gap="small"):
        for one in FORMATS.of_kind("report"):
            panels.offer(
                say(one.label, view.lang),
                lambda content=made[one.name]: content,  # type: ignore[misc]
                file_name=f"{say('report.file', view.lang)}-{view.region}.{one.ending}",
                mime=one.mime,
                study=shared_answers.study(view),
            )
