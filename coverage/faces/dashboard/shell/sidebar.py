"""The sidebar of every page: region, cutoff, how one travels, language."""

from contextlib import suppress
from typing import Any

import streamlit as st

from coverage.faces.dashboard.shell import address, browser, frame, shared_answers, travel_choices
from coverage.faces.dashboard.shell.session import Slot
from coverage.faces.dashboard.shell.turns import turn
from coverage.ground import codes
from coverage.ground.errors import PlannerError
from coverage.ground.texts import LANGUAGES, Language, say
from coverage.places.villages import find_region
from coverage.travel.reach import DEFAULT_CUTOFF_MIN

_LOOKED_AT: tuple[Slot[Any], ...] = (frame.LANG, frame.REGION, frame.CUTOFF, *travel_choices.WIDGETS)
_LONGEST_MIN = 1440.0
_STEP_MIN = 15.0


def show(lang: Language) -> None:
    """Show language, region, cutoff and how one travels."""
    address.correct(travel_choices.WIDGETS, travel_choices.is_value)
    if address.came_back("region"):
        address.forget(_LOOKED_AT[1:])
    address.restore(_LOOKED_AT)
    if not frame.REGION_IS_CHOSEN.is_there():
        frame.REGION_IS_CHOSEN.put(address.asked("region") is not None)
        _take_region_of_browser()
    frame.asked_for(frame.REGION, _read_region)
    frame.asked_for(frame.CUTOFF, frame.read_minutes)
    for widget, read in travel_choices.READERS:
        frame.asked_for(widget, read)
    first = frame.REGION.first(frame.DEFAULT_REGION)
    frame.CUTOFF.first(DEFAULT_CUTOFF_MIN)
    labels = frame.region_labels(first)
    address.send(frame.LANG)
    with st.sidebar:
        st.selectbox(
            say("dashboard.region", lang),
            list(labels),
            key=frame.REGION.key,
            on_change=frame.choose_region,
            index=None,
            format_func=labels.__getitem__,
            placeholder=say("dashboard.region_choose", lang),
            help=say("dashboard.region_help", lang),
        )
        st.number_input(
            say("dashboard.cutoff", lang),
            min_value=1.0,
            max_value=_LONGEST_MIN,
            step=_STEP_MIN,
            format="%g",
            key=frame.CUTOFF.key,
            value=None,
            help=say("dashboard.cutoff_help", lang),
        )
        travel = st.container()
        st.radio(
            say("dashboard.language", lang),
            LANGUAGES,
            key=frame.LANG.key,
            horizontal=True,
            format_func=lambda one: say("dashboard.own_name", one),
            label_visibility="collapsed",
        )
        st.caption(frame.plain(say("dashboard.about", lang)))
    # Opening the region takes a moment: until then the choices above are there to be used, and a press loses none.
    address.keep(_LOOKED_AT)
    boats = _boats(frame.REGION.get())
    frame.note_boats(boats)
    with travel:
        travel_choices.widgets(lang, boats)
    address.keep(_LOOKED_AT)


def _boats(region: str | None) -> frozenset[str]:
    """Give the ferries in reach of a region; all that are known where it is none that can be opened."""
    if region in {None, codes.COUNTRY}:
        return travel_choices.all_ferries()
    try:
        with turn():
            return shared_answers.boats_near(str(region))
    except PlannerError:
        # The page itself tells what is wrong.
        return travel_choices.all_ferries()


def _take_region_of_browser() -> None:
    """Begin with the region of the reader's last visit where the address asks for none."""
    last = browser.remembered("region")
    if last in {"", codes.COUNTRY} or frame.region_is_chosen():
        return
    with suppress(PlannerError):
        frame.choose_region(find_region(last).code)


def _read_region(text: str) -> str:
    return find_region(text).code
