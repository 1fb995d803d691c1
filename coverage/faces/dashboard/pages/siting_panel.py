"""Ask for the best sites on the page What-if IBM, and open one of the sets that are found."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from coverage.answers.scenarios.scenario import Scenario
from coverage.answers.siting.models.all_models import MODELS, model_named
from coverage.answers.siting.propose import Proposal
from coverage.answers.siting.question import CANDIDATE_KINDS, Question
from coverage.answers.siting.robustness import Robustness
from coverage.answers.study import Study
from coverage.faces.dashboard.pages import scenario_panel
from coverage.faces.dashboard.shell import jobs, panels, shared_answers
from coverage.faces.dashboard.shell.frame import View, plain, showing_errors
from coverage.faces.dashboard.shell.jobs import Job
from coverage.faces.dashboard.shell.session import AnswerEntry, Entry
from coverage.faces.files.sources import ListSource
from coverage.faces.heavy import pool, works
from coverage.faces.words.robustness_listing import regret_list
from coverage.faces.words.scenario_listing import found_scenario
from coverage.faces.words.siting_listing import alternative_lines, always_line, cost_lines, site_list, site_title
from coverage.ground.texts import Language, Message, say
from coverage.places.workspace import State

_SETS = 5
# While the search goes on the form is away; what was asked is still there when it comes back.
_STAYS: dict[str, Any] = {"persist_state": "session"}
_MOST_UNITS = 50
_MOST_RUPIAH = 10**12

_Key = tuple[Scenario, State]
_Found = tuple[Proposal, Scenario]
_FOUND = AnswerEntry[_Key, _Found]("proposal", outlives_reload=True)
_TRIED = AnswerEntry[_Key, Robustness]("robustness", outlives_reload=True)
_SEARCH = Entry[Job[tuple[_Key, _Found]]]("site-search", outlives_reload=True)
_TRIAL = Entry[Job[tuple[_Key, Robustness]]]("site-trial", outlives_reload=True)


def show(view: View, study: Study, base: Scenario, use: Callable[[list[str]], None]) -> None:
    """Show the form and what it found.

    Parameters
    ----------
    view
        What is looked at.
    study
        The region with the units of the page: those count as standing.
    base
        The page as a scenario; what was found for something else is not shown.
    use
        Called with all new units of the page once a set is opened.
    """
    lang = view.lang
    # Opening a set adds its units: what was found stays in sight, so that a second set can be opened.
    key = (replace(base, add=()), shared_answers.workspace_state())
    open_ = _FOUND.to(key) is not None or jobs.going_on(_SEARCH)
    with st.expander(say("dashboard.site", lang), expanded=open_):
        ended = jobs.ended(_SEARCH, lang)
        if ended is not None:
            _FOUND.put(ended)
        if jobs.running(_SEARCH, lang):
            return
        if base.add:
            st.caption(plain(say("dashboard.site_beside", lang, units=len(base.add))))
        question = _form(view)
        if question is not None:
            _TRIED.forget()
            with showing_errors(lang):
                question.check()
                _ask(view, study, question, key, base)
        found = _FOUND.to(key)
        if found is not None:
            proposal, asked_of = found
            _show_found(proposal, asked_of, view, key, use)


def _form(view: View) -> Question | None:
    lang = view.lang
    with st.form("site", border=False):
        first, second, third = st.columns([3, 1, 2])
        model = first.selectbox(
            say("dashboard.site_model", lang),
            MODELS,
            format_func=lambda one: say(model_named(one).seeks, lang).removeprefix("Model: ").rstrip("."),
            key="site-model",
            **_STAYS,
        )
        number = second.number_input(say("dashboard.site_number", lang), 1, _MOST_UNITS, 3, key="site-number", **_STAYS)
        candidates = third.selectbox(
            say("dashboard.site_candidates", lang),
            CANDIDATE_KINDS,
            index=1,
            format_func=lambda one: say(f"dashboard.site_{one}", lang),
            key="site-candidates",
            **_STAYS,
        )
        each = st.checkbox(say("dashboard.site_each", lang), key="site-each", **_STAYS)
        left, right = st.columns(2)
        cost = left.number_input(
            say("dashboard.site_cost", lang),
            0,
            _MOST_RUPIAH,
            None,
            step=1_000_000,
            help=say("dashboard.site_cost_help", lang),
            key="site-cost",
            **_STAYS,
        )
        budget = right.number_input(
            say("dashboard.site_budget", lang),
            0,
            _MOST_RUPIAH,
            None,
            step=1_000_000,
            help=say("dashboard.site_budget_help", lang),
            key="site-budget",
            **_STAYS,
        )
        pressed = st.form_submit_button(
            say("dashboard.site_ask", lang), help=say("dashboard.site_help", lang), type="primary"
        )
    if not pressed:
        return None
    return Question(
        model=model,
        number=int(number),
        cutoff_min=view.cutoff_min,
        alternatives=_SETS,
        candidates=candidates,
        one_per_regency=each,
        cost=None if cost is None else float(cost),
        budget=None if budget is None else float(budget),
    )


def _ask(view: View, study: Study, question: Question, key: _Key, base: Scenario) -> None:
    basis = shared_answers.basis(view)

    def work(watch: jobs.Watch) -> tuple[_Key, _Found]:
        return key, (pool.compute(works.propose_sites, (study, question), watch, basis), base)

    jobs.start(_SEARCH, Message.of("dashboard.site_working"), work)


def _show_found(proposal: Proposal, base: Scenario, view: View, key: _Key, use: Callable[[list[str]], None]) -> None:
    lang = view.lang
    st.markdown(f"**{plain(site_title(proposal, lang))}**")
    for line in cost_lines(proposal, lang):
        st.markdown(plain(line))
    panels.table(site_list(proposal, lang, located=False), lang, key="site-found", without=("kode", "district"))
    lines = [say("dashboard.site_best", lang), *alternative_lines(proposal, lang)]
    for rank, line in enumerate(lines, start=1):
        left, right = st.columns([3, 1], vertical_alignment="center")
        left.markdown(plain(line))
        right.button(
            say("dashboard.site_open", lang),
            key=f"site-open-{rank}",
            on_click=partial(_open, proposal, rank, base, use, lang),
            width="stretch",
        )
    if len(lines) > 1:
        st.markdown(plain(always_line(proposal, lang)))
    panels.notes(proposal.notes, lang, label=say("dashboard.site_notes", lang))
    tried_now = jobs.ended(_TRIAL, lang)
    if tried_now is not None:
        _TRIED.put(tried_now)
    if jobs.running(_TRIAL, lang):
        return
    if len(lines) > 1 and st.button(say("dashboard.site_try", lang), help=say("dashboard.site_try_help", lang)):
        _try(view, proposal, base, key)
    tried = _TRIED.to(key)
    if tried is not None:
        listing = regret_list(tried, lang)
        st.markdown(f"**{plain(listing.title)}**")
        st.caption(plain(" ".join([*listing.subtitle, *listing.footnotes])))
        panels.table(listing, lang, key="site-regret")
        panels.downloads(ListSource(listing), lang, name=f"ketahanan-{view.region}")


def _open(proposal: Proposal, rank: int, base: Scenario, use: Callable[[list[str]], None], lang: Language) -> None:
    sites = proposal.found.sets[rank - 1].result.sites
    units = len(sites) + len(base.add)
    name = say("dashboard.site_name", lang, model=proposal.question.model, n=units, rank=rank)
    scenario = found_scenario(proposal, name, lang, rank=rank, changes=base.unit_changes)
    scenario_panel.keep(scenario)
    use(list(scenario.add))


def _try(view: View, proposal: Proposal, base: Scenario, key: _Key) -> None:
    basis = shared_answers.basis(view)

    def work(watch: jobs.Watch) -> tuple[_Key, Robustness]:
        return key, pool.compute(works.try_sites, (proposal, base, basis.key.state), watch, basis)

    jobs.start(_TRIAL, Message.of("dashboard.site_working"), work)
