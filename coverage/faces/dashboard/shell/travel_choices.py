"""How one travels, chosen in the sidebar and kept in the address: season, ferries that do not run, wait, day."""

from collections.abc import Callable, Container, Mapping
from functools import lru_cache
from typing import Any, TypeVar

import streamlit as st

from coverage.faces.dashboard.shell import address
from coverage.faces.dashboard.shell.session import Entry, Slot
from coverage.ground.errors import InputError, PlannerError
from coverage.ground.texts import Language, Message, say
from coverage.places.ferries import Weekday
from coverage.places.workspace import State, Workspace
from coverage.travel.network.ferry_choices import SEASONS, USUAL, WAITS, WEEKDAYS, Season, TravelChoices, Wait
from coverage.travel.network.ferry_legs import check_known
from coverage.travel.roads.road_store import ferry_names

_BETWEEN = ";"
SEASON = Entry[Season | None]("season")
WITHOUT = Entry[list[str] | None]("without")
WAIT = Entry[Wait | None]("wait")
DAY = Entry[Weekday | None]("day")
BOATS = Entry[str | None]("boats")
_UNKNOWN_FERRIES = Entry[list[str]]("without-unknown")
_WHICH_BOATS = ("semua", "kendaraan")
_ROUGH = "ombak"
_Word = TypeVar("_Word", bound=str)


def _one_of(options: tuple[_Word, ...]) -> Callable[[str], _Word]:
    def read(text: str) -> _Word:
        for one in options:
            if text == one:
                return one
        raise InputError(Message.of("dashboard.bad_choice", value=text, options=", ".join(options)))

    return read


def _lines(text: str) -> list[str]:
    """Read ids of ferries; those that are none are told by :func:`stop_if_unknown`, a list of ids cannot be empty."""
    ids = [one for one in text.split(_BETWEEN) if one]
    names = _ferry_names()
    _UNKNOWN_FERRIES.put([id_ for id_ in ids if id_ not in names] if names else [])
    return ids


def stop_if_unknown() -> None:
    """Tell of ferries in the address that are none, until something else is chosen.

    Raises
    ------
    InputError
        With each of them.
    """
    unknown = _UNKNOWN_FERRIES.get()
    if unknown:
        check_known(unknown, Workspace.open().ferries(), of_roads=list(_ferry_names()))


def _forget_unknown() -> None:
    _UNKNOWN_FERRIES.put([])


READERS: tuple[tuple[Slot[Any], Callable[[str], object]], ...] = (
    (SEASON, _one_of(SEASONS)),
    (WITHOUT, _lines),
    (WAIT, _one_of(WAITS)),
    (DAY, _one_of(WEEKDAYS)),
    (BOATS, _one_of(_WHICH_BOATS)),
)
"""How each choice is read from the address, where it stands under its widget's key."""

WIDGETS: tuple[Slot[Any], ...] = tuple(widget for widget, _ in READERS)

_OF_FERRIES = tuple(widget for widget in WIDGETS if widget != SEASON)
_VALUES: Mapping[Slot[Any], tuple[str, ...]] = {SEASON: SEASONS, WAIT: WAITS, DAY: WEEKDAYS, BOATS: _WHICH_BOATS}


def is_value(widget: Slot[Any], value: object) -> bool:
    """Tell whether something is a value of a choice, or none, and not the words that it is shown by."""
    if value is None:
        return True
    if widget == WITHOUT:
        names = _ferry_names()
        return isinstance(value, list) and (not names or set(value) <= set(names))
    return value in _VALUES[widget]


def widgets(lang: Language, boats: Container[str]) -> None:
    """Show the choices, folded away unless one was made.

    Parameters
    ----------
    boats
        Ids of the ferries in reach of the region. Without any, a choice that the address holds about them stays as it
        is, unseen, and only one that cannot be read is asked for anew.
    """
    names = _ferry_names()
    season = SEASON.first(USUAL.season)
    WAIT.first(USUAL.wait)
    BOATS.first(_WHICH_BOATS[0])
    WITHOUT.put([id_ for id_ in WITHOUT.get() or [] if id_ in names])
    rough = bool(boats) or season == _ROUGH
    seasons = [one for one in SEASONS if rough or one != _ROUGH]
    about = say("dashboard.season_help" if boats else "dashboard.season_help_land", lang)
    with st.expander(say("dashboard.travel", lang), expanded=chosen().near(boats) != USUAL or _to_mend()):
        st.selectbox(
            say("dashboard.season", lang),
            seasons,
            key=SEASON.key,
            format_func=lambda one: say(f"dashboard.season_{one}", lang),
            help=about,
        )
        if boats or _to_mend():
            _of_ferries(names, lang)


def _to_mend() -> bool:
    """Tell whether the address holds a choice about ferries that cannot be read: whoever is told can choose anew."""
    refused = address.REFUSED.get_or({})
    return bool(_UNKNOWN_FERRIES.get()) or any(widget.key in refused and widget.get() is None for widget in _OF_FERRIES)


def _of_ferries(names: Mapping[str, str], lang: Language) -> None:
    st.multiselect(
        say("dashboard.without", lang),
        list(names),
        key=WITHOUT.key,
        format_func=names.__getitem__,
        placeholder=say("dashboard.without_none", lang),
        select_all=False,
        on_change=_forget_unknown,
    )
    st.radio(
        say("dashboard.wait", lang),
        WAITS,
        key=WAIT.key,
        horizontal=True,
        format_func=lambda one: say(f"dashboard.wait_{one}", lang),
        help=say("dashboard.wait_help", lang),
    )
    st.selectbox(
        say("dashboard.weekday", lang),
        WEEKDAYS,
        key=DAY.key,
        index=None,
        format_func=lambda one: say(f"travel.day_{one}", lang),
        placeholder=say("dashboard.weekday_any", lang),
    )
    st.selectbox(
        say("dashboard.boats", lang),
        _WHICH_BOATS,
        key=BOATS.key,
        format_func=lambda one: say(f"dashboard.boats_{one}", lang),
        help=say("dashboard.boats_help", lang),
    )


def chosen() -> TravelChoices:
    """Give the choices of this session."""
    return TravelChoices(
        season=SEASON.get() or USUAL.season,
        without=tuple(WITHOUT.get() or ()),
        wait=WAIT.get() or USUAL.wait,
        weekday=DAY.get(),
        vehicles_only=BOATS.get() == _WHICH_BOATS[1],
    )


def in_address(choices: TravelChoices) -> dict[str, str]:
    """Write the choices as the address holds them; the usual ones stay out."""
    return {
        "season": "" if choices.season == USUAL.season else choices.season,
        "without": _BETWEEN.join(choices.without),
        "wait": "" if choices.wait == USUAL.wait else choices.wait,
        "day": choices.weekday or "",
        "boats": _WHICH_BOATS[1] if choices.vehicles_only else "",
    }


def in_words(choices: TravelChoices, lang: Language) -> str:
    """Say the choices that differ from the usual; "" where none does."""
    said = []
    if choices.season != USUAL.season:
        said.append(say(f"dashboard.season_{choices.season}", lang))
    if choices.without:
        names = _ferry_names()
        lines = ", ".join(names.get(id_, id_) for id_ in choices.without)
        said.append(say("dashboard.travel_without", lang, ferries=lines))
    if choices.wait != USUAL.wait:
        said.append(say("dashboard.travel_worst", lang))
    if choices.weekday is not None:
        said.append(say("dashboard.travel_day", lang, day=say(f"travel.day_{choices.weekday}", lang)))
    if choices.vehicles_only:
        said.append(say("dashboard.travel_vehicles", lang))
    return "; ".join(said)


def all_ferries() -> frozenset[str]:
    """Give the ids of all ferries that can be chosen among."""
    return frozenset(_ferry_names())


def _ferry_names() -> Mapping[str, str]:
    try:
        return _named(Workspace.open().state())
    except PlannerError:
        # The page itself tells what is wrong with the workspace.
        return {}


@lru_cache(maxsize=1)
def _named(state: State) -> Mapping[str, str]:
    """Name the lines and the ferry ways of the stored roads; reading these anew for every press would take a second."""
    del state
    workspace = Workspace.open()
    held = workspace.ferries()
    return dict(zip(held["id"], held["name"], strict=True)) | ferry_names(workspace)
