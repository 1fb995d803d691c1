"""Answers kept between reruns, shared by all sessions: nothing in them tells of a client.

The workspace's file is part of each key, so that an edit takes effect at once.
"""

from typing import NamedTuple

import streamlit as st

from coverage.answers.gaps import GapReport, gaps
from coverage.answers.study import Study, open_study
from coverage.faces.dashboard.frame import STATIC, View
from coverage.faces.region_map import Ground, load_land, region_areas
from coverage.ground.texts import say
from coverage.places.workspace import Workspace

_REGIONS = 6
_REPORTS = 12


class WorkspaceState(NamedTuple):
    """Which workspace file, and which state of it."""

    path: str
    mtime_ns: int
    size: int


def workspace_state() -> WorkspaceState:
    """Tell the state of the workspace's file; zeros while there is none."""
    path = Workspace.open().path
    found = path.stat() if path.exists() else None
    return WorkspaceState(str(path), found.st_mtime_ns if found else 0, found.st_size if found else 0)


def study(view: View) -> Study:
    """Give the region made ready."""
    with st.spinner(say("dashboard.opening", view.lang, region=view.region_name)):
        return _study(view.region, workspace_state())


def gap_report(view: View) -> GapReport:
    """Give the gaps of the region, also where no unit is connected."""
    ready = study(view)
    with st.spinner(say("dashboard.working", view.lang)):
        return _gaps(ready, view.region, view.cutoff_min, workspace_state())


def ground(view: View) -> Ground:
    """Give what lies beneath each map of the region."""
    ready = study(view)
    with st.spinner(say("dashboard.drawing", view.lang, region=view.region_name)):
        return _ground(ready, view.region, ready.drawn)


def village_names(view: View) -> dict[str, str]:
    """Name each village of the region so that no two read the same; by kode."""
    return _village_names(study(view), view.region)


@st.cache_resource(max_entries=_REGIONS, show_spinner=False)
def _study(region: str, state: WorkspaceState) -> Study:  # noqa: ARG001 - the key
    return open_study(region)


@st.cache_resource(max_entries=_REPORTS, show_spinner=False)
def _gaps(_study: Study, region: str, cutoff_min: float, state: WorkspaceState) -> GapReport:  # noqa: ARG001 - the key
    return gaps(_study, cutoff_min, allow_no_units=True)


@st.cache_resource(max_entries=_REGIONS, show_spinner=False)
def _ground(_study: Study, region: str, drawn: str) -> Ground:  # noqa: ARG001 - the key
    return Ground(region_areas(_study), _land(), STATIC)


@st.cache_resource(max_entries=_REGIONS, show_spinner=False)
def _village_names(_study: Study, region: str) -> dict[str, str]:  # noqa: ARG001 - the key
    rows = _study.villages[["name", "district"]].itertuples(name=None)
    return {kode: f"{name}, Kec. {district} ({kode})" for kode, name, district in rows}


_land = st.cache_resource(show_spinner=False)(load_land)
