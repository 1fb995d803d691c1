"""Make the report of a region on a page: a few choices, one button, files to take along."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st

from coverage.answers.scenarios.compare import distinct
from coverage.answers.scenarios.scenario import Scenario
from coverage.answers.siting.question import Question
from coverage.answers.tours.plan import Plan
from coverage.faces.dashboard import panels, scenario_panel, stored
from coverage.faces.dashboard.frame import View, plain, told
from coverage.faces.report.again import command_line
from coverage.faces.report.answers import SETS, Asked, ask
from coverage.faces.report.files import MEDIA, report_files
from coverage.ground.texts import say
from coverage.places.workspace import State

_MADE = "report-made"
_OFFICE = "report-office"
_SITES = 3
_MOST_SITES = 20
_LONGEST = 120
_OFFERED = ("pdf", "docx", "xlsx")


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
    key = (view, stored.workspace_state())
    with st.expander(say("report.title", lang), expanded=_files(key) is not None):
        chosen = _form(view, _options(view, scenarios))
        if chosen is not None:
            st.session_state.pop(_MADE, None)
            with told(lang):
                st.session_state[_MADE] = (key, _make(view, chosen))
        made = _files(key)
        if made is not None:
            _offer(view, made)


def _files(key: tuple[View, State]) -> Mapping[str, bytes] | None:
    """Give what was made for what is looked at now."""
    held = st.session_state.get(_MADE)
    return held[1] if held is not None and held[0] == key else None


def _options(view: View, scenarios: Sequence[Scenario]) -> dict[str, Scenario]:
    """Name the scenarios that can be laid beside the region as it is: those of the same cutoff."""
    found = [
        one for one in (*scenarios, *scenario_panel.known(view.region).values()) if one.cutoff_min == view.cutoff_min
    ]
    found = list(dict.fromkeys(found))
    return dict(zip(distinct([one.name for one in found]), found, strict=True))


def _form(view: View, options: Mapping[str, Scenario]) -> _Chosen | None:
    lang = view.lang
    plan: Plan | None = st.session_state.get(f"plan-{view.region}")
    with st.form("report", border=False):
        st.caption(plain(say("report.panel_about", lang)))
        office = st.text_input(
            say("report.panel_office", lang),
            key=_OFFICE,
            max_chars=_LONGEST,
            placeholder=say("report.panel_office_example", lang),
            help=say("report.panel_office_help", lang),
            persist_state="session",
        )
        left, right = st.columns([2, 1], vertical_alignment="bottom")
        sited = left.checkbox(say("report.panel_site", lang), value=True)
        number = right.number_input(say("dashboard.site_number", lang), 1, _MOST_SITES, _SITES)
        names = (
            st.multiselect(
                say("report.panel_scenarios", lang),
                list(options),
                placeholder=say("dashboard.compare_choose", lang),
                select_all=False,
            )
            if options
            else []
        )
        planned = plan is not None and st.checkbox(say("report.panel_plan", lang), value=True)
        pressed = st.form_submit_button(say("report.panel_make", lang), type="primary")
    if not pressed:
        return None
    chosen = tuple(options[name] for name in names)
    return _Chosen(office, int(number) if sited else 0, chosen, plan if planned else None)


def _make(view: View, chosen: _Chosen) -> Mapping[str, bytes]:
    """Ask and write; each step is told as it begins."""
    lang = view.lang
    study = stored.study(view)
    question = Question(number=chosen.sites, cutoff_min=view.cutoff_min, alternatives=SETS) if chosen.sites else None
    today = dt.datetime.now(tz=dt.UTC).astimezone().date()
    asked = Asked(view.cutoff_min, today, question=question, office=chosen.office)
    with st.status(say("report.panel_making", lang), expanded=True) as status:

        def step(name: str) -> None:
            status.write(plain(say(f"report.step_{name}", lang)))

        answers = ask(
            study,
            asked,
            now=say("report.now", lang),
            scenarios=[stored.scenario_answer(view, one) for one in chosen.scenarios],
            plan=() if chosen.plan is None else chosen.plan.days,
            told=step,
        )
        step("write")
        again = command_line(
            study,
            asked,
            lang,
            plan="" if chosen.plan is None else "rencana.json",
            scenarios=[one.name for one in chosen.scenarios],
        )
        made = {kind: make() for kind, make in report_files(answers, lang, again=again).items()}
        status.update(label=say("report.panel_made", lang), state="complete", expanded=False)
    return made


def _offer(view: View, made: Mapping[str, bytes]) -> None:
    with st.container(horizontal=True, gap="small"):
        for kind in _OFFERED:
            panels.offer(
                say(f"report.panel_{kind}", view.lang),
                lambda content=made[kind]: content,  # type: ignore[misc]
                file_name=f"{say('report.file', view.lang)}-{view.region}.{kind}",
                mime=MEDIA[kind],
                study=stored.study(view),
            )
