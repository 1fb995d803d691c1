"""Answers kept between reruns, shared by all sessions: nothing in them tells of a client.

The workspace's state is part of each key, so that an edit takes effect at once.
"""

from dataclasses import replace

import pandas as pd
import streamlit as st

from coverage.answers.catchments import Catchment, catchment
from coverage.answers.gaps import GapReport, gaps
from coverage.answers.scenarios.run import ScenarioAnswer
from coverage.answers.scenarios.scenario import Scenario
from coverage.answers.study import Study, open_study
from coverage.faces.dashboard.shell.frame import DEFAULT_REGION, STATIC, View
from coverage.faces.dashboard.shell.turns import away
from coverage.faces.heavy import pool, works
from coverage.faces.heavy.studies import Basis, Key
from coverage.faces.heavy.watch import Watch
from coverage.faces.maps.map_geometry import Ground
from coverage.faces.maps.region_map import load_land, region_areas
from coverage.faces.words.columns import Listing
from coverage.faces.words.travel_listings import ferry_list
from coverage.ground.texts import Language, Message, say
from coverage.places.villages import find_region
from coverage.places.workspace import State, Workspace
from coverage.travel.network.ferry_choices import USUAL, TravelChoices
from coverage.travel.reach import DEFAULT_CUTOFF_MIN

_REGIONS = 6
_REPORTS = 12


def workspace_state() -> State:
    """Tell which workspace is open and how often it was changed."""
    return Workspace.open().state()


def make_ready(region: str = DEFAULT_REGION) -> None:
    """Compute what the first page shows of a region before anybody asks for it.

    Raises
    ------
    PlannerError
        If the workspace cannot be used.
    """
    state = workspace_state()
    ready = _study(region, USUAL, state)
    _gaps(ready, region, DEFAULT_CUTOFF_MIN, USUAL, state)
    _village_names(ready, region)
    _ = _ground(ready, region, ready.drawn).geometry


def study(view: View) -> Study:
    """Give the region made ready."""
    with st.spinner(say("dashboard.opening", view.lang, region=view.region_name)):
        return _study(view.region, view.choices, workspace_state())


def boats_near(region: str) -> frozenset[str]:
    """Give the ids of the ferries in reach of a region; what chooses among them is asked only where there are some.

    Raises
    ------
    PlannerError
        If the workspace cannot be used.
    """
    return _study(region, USUAL, workspace_state()).ferries_in_reach


def basis(view: View) -> Basis:
    """Give the region as what a heavy job is about."""
    key = Key(view.region, view.choices, workspace_state())
    with st.spinner(say("dashboard.opening", view.lang, region=view.region_name)):
        return Basis(key, _study(key.region, key.choices, key.state))


def gap_report(view: View) -> GapReport:
    """Give the gaps of the region, also where no unit is connected."""
    ready = study(view)
    with st.spinner(say("dashboard.working", view.lang)):
        return _gaps(ready, view.region, view.cutoff_min, view.choices, workspace_state())


def reach(view: View, unit: str) -> Catchment:
    """Give a unit's catchment."""
    ready = study(view)
    with st.spinner(say("dashboard.working", view.lang)):
        return _reach(ready, view.region, unit, view.choices, workspace_state())


def scenario_answer(view: View, scenario: Scenario) -> ScenarioAnswer:
    """Give the answer of a scenario; one that has sites to find is answered by a worker."""
    with st.spinner(say("dashboard.running", view.lang, name=scenario.name)):
        if scenario.siting is None:
            return _scenario_answer(scenario, workspace_state())
        with away():
            return _scenario_answer(scenario, workspace_state())


def ground(view: View) -> Ground:
    """Give what lies beneath each map of the region."""
    ready = study(view)
    with st.spinner(say("dashboard.drawing", view.lang, region=view.region_name)):
        return _ground(ready, view.region, ready.drawn)


def units() -> pd.DataFrame:
    """Give the units as the workspace holds them, which nobody may change; see :meth:`Workspace.units`.

    Raises
    ------
    PlannerError
        If the workspace cannot be used.
    """
    return _units(workspace_state())


def ferries(view: View) -> Listing:
    """Give the lines that call at the region, as a list that nobody may change.

    Raises
    ------
    PlannerError
        If the workspace cannot be used.
    """
    return _ferries(view.region, view.lang, workspace_state())


def village_names(view: View) -> dict[str, str]:
    """Name each village of the region so that no two read the same; by kode."""
    return _village_names(study(view), view.region)


@st.cache_resource(max_entries=_REGIONS, show_spinner=False)
def _study(region: str, choices: TravelChoices, state: State) -> Study:
    opened = open_study(region, choices=choices)
    # Who travels as usual is opened once for all that compare with them.
    return opened if opened.usual is None else replace(opened, usual=lambda: _study(region, USUAL, state))


@st.cache_resource(max_entries=_REPORTS, show_spinner=False)
def _gaps(
    _study: Study,
    region: str,  # noqa: ARG001 - the key, as are the next ones
    cutoff_min: float,
    choices: TravelChoices,  # noqa: ARG001
    state: State,  # noqa: ARG001
) -> GapReport:
    return gaps(_study, cutoff_min, allow_no_units=True)


@st.cache_resource(max_entries=_REPORTS, show_spinner=False)
def _reach(
    _study: Study,
    region: str,  # noqa: ARG001 - the key, as are the next ones
    unit: str,
    choices: TravelChoices,  # noqa: ARG001
    state: State,  # noqa: ARG001
) -> Catchment:
    return catchment(_study, unit)


@st.cache_resource(max_entries=_REPORTS, show_spinner=False)
def _scenario_answer(scenario: Scenario, state: State) -> ScenarioAnswer:
    if scenario.siting is None:
        return works.answered(scenario, state, lambda key: _study(key.region, key.choices, key.state))
    basis = Basis(Key(scenario.region, scenario.travel, state), _study(scenario.region, scenario.travel, state))
    watch = Watch(Message.of("dashboard.running", name=scenario.name))
    found: ScenarioAnswer = pool.compute(works.answer_scenario, (scenario, state), watch, basis)
    return found


@st.cache_resource(max_entries=_REGIONS, show_spinner=False)
def _ground(_study: Study, region: str, drawn: str) -> Ground:  # noqa: ARG001 - the key
    return Ground(region_areas(_study), _land(), STATIC)


@st.cache_resource(max_entries=_REGIONS, show_spinner=False)
def _village_names(_study: Study, region: str) -> dict[str, str]:  # noqa: ARG001 - the key
    rows = _study.villages[["name", "district"]].itertuples(name=None)
    return {kode: f"{name}, Kec. {district} ({kode})" for kode, name, district in rows}


@st.cache_resource(max_entries=1, show_spinner=False)
def _units(state: State) -> pd.DataFrame:  # noqa: ARG001 - the key
    return Workspace.open().units()


@st.cache_resource(max_entries=_REPORTS, show_spinner=False)
def _ferries(region: str, lang: Language, state: State) -> Listing:  # noqa: ARG001 - the state is the key
    return ferry_list(Workspace.open(), find_region(region), lang)


_land = st.cache_resource(show_spinner=False)(load_land)
