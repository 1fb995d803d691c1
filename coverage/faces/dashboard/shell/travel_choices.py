"""How one travels, chosen in the sidebar and kept in the address: season, ferries that do not run, wait, day."""

from collections.abc import Callable, Container, Mapping
from functools import lru_cache

import streamlit as st

from coverage.ground.errors import InputError, PlannerError
from coverage.ground.texts import Language, Message, say
from coverage.places.workspace import State, Workspace
from coverage.travel.network.ferry_choices import SEASONS, USUAL, WAITS, WEEKDAYS, TravelChoices
from coverage.travel.network.ferry_legs import check_known
from coverage.travel.roads.road_store import ferry_names

_BETWEEN = ";"
_UNKNOWN = "without-unknown"
_BOATS = ("semua", "kendaraan")
_ROUGH = "ombak"


def _one_of(options: tuple[str, ...]) -> Callable[[str], object]:
    def read(text: str) -> str:
        if text not in options:
            raise InputError(Message.of("dashboard.bad_choice", value=text, options=", ".join(options)))
        return text

    return read


def _lines(text: str) -> list[str]:
    """Read ids of ferries; those that are none are told by :func:`stop_if_unknown`, a list of ids cannot be empty."""
    ids = [one for one in text.split(_BETWEEN) if one]
    names = _ferry_names()
    st.session_state[_UNKNOWN] = [id_ for id_ in ids if id_ not in names] if names else []
    return ids


def stop_if_unknown() -> None:
    """Tell of ferries in the address that are none, until something else is chosen.

    Raises
    ------
    InputError
        With each of them.
    """
    unknown = st.session_state.get(_UNKNOWN)
    if unknown:
        check_known(unknown, Workspace.open().ferries(), of_roads=list(_ferry_names()))


def _forget_unknown() -> None:
    st.session_state[_UNKNOWN] = []


READERS: Mapping[str, Callable[[str], object]] = {
    "season": _one_of(SEASONS),
    "without": _lines,
    "wait": _one_of(WAITS),
    "day": _one_of(WEEKDAYS),
    "boats": _one_of(_BOATS),
}
"""How each choice is read from the address; the names are also the widgets' keys."""

_OF_FERRIES = tuple(key for key in READERS if key != "season")


_VALUES: Mapping[str, tuple[str, ...]] = {"season": SEASONS, "wait": WAITS, "day": WEEKDAYS, "boats": _BOATS}


def is_value(key: str, value: object) -> bool:
    """Tell whether something is a value of a choice, or none, and not the words that it is shown by."""
    if value is None:
        return True
    if key == "without":
        names = _ferry_names()
        return isinstance(value, list) and (not names or set(value) <= set(names))
    return value in _VALUES[key]


def widgets(lang: Language, boats: Container[str]) -> None:
    """Show the choices, folded away unless one was made.

    Parameters
    ----------
    boats
        Ids of the ferries in reach of the region. Without any, a choice that the address holds about them stays as it
        is, unseen, and only one that cannot be read is asked for anew.
    """
    names = _ferry_names()
    state = st.session_state
    state.setdefault("season", USUAL.season)
    state.setdefault("wait", USUAL.wait)
    state.setdefault("boats", _BOATS[0])
    state["without"] = [id_ for id_ in state.get("without") or [] if id_ in names]
    rough = bool(boats) or state["season"] == _ROUGH
    seasons = [one for one in SEASONS if rough or one != _ROUGH]
    about = say("dashboard.season_help" if boats else "dashboard.season_help_land", lang)
    with st.expander(say("dashboard.travel", lang), expanded=chosen().near(boats) != USUAL or _to_mend()):
        st.selectbox(
            say("dashboard.season", lang),
            seasons,
            key="season",
            format_func=lambda one: say(f"dashboard.season_{one}", lang),
            help=about,
        )
        if boats or _to_mend():
            _of_ferries(names, lang)


def _to_mend() -> bool:
    """Tell whether the address holds a choice about ferries that cannot be read: whoever is told can choose anew."""
    refused = st.session_state.get("refused", {})
    return bool(st.session_state.get(_UNKNOWN)) or any(
        key in refused and st.session_state.get(key) is None for key in _OF_FERRIES
    )


def _of_ferries(names: Mapping[str, str], lang: Language) -> None:
    st.multiselect(
        say("dashboard.without", lang),
        list(names),
        key="without",
        format_func=names.__getitem__,
        placeholder=say("dashboard.without_none", lang),
        select_all=False,
        on_change=_forget_unknown,
    )
    st.radio(
        say("dashboard.wait", lang),
        WAITS,
        key="wait",
        horizontal=True,
        format_func=lambda one: say(f"dashboard.wait_{one}", lang),
        help=say("dashboard.wait_help", lang),
    )
    st.selectbox(
        say("dashboard.weekday", lang),
        WEEKDAYS,
        key="day",
        index=None,
        format_func=lambda one: say(f"travel.day_{one}", lang),
        placeholder=say("dashboard.weekday_any", lang),
    )
    st.selectbox(
        say("dashboard.boats", lang),
        _BOATS,
        key="boats",
        format_func=lambda one: say(f"dashboard.boats_{one}", lang),
        help=say("dashboard.boats_help", lang),
    )


def chosen() -> TravelChoices:
    """Give the choices of this session."""
    state = st.session_state
    return TravelChoices(
        season=state.get("season") or USUAL.season,
        without=tuple(state.get("without") or ()),
        wait=state.get("wait") or USUAL.wait,
        weekday=state.get("day"),
        vehicles_only=state.get("boats") == _BOATS[1],
    )


def in_address(choices: TravelChoices) -> dict[str, str]:
    """Write the choices as the address holds them; the usual ones stay out."""
    return {
        "season": "" if choices.season == USUAL.season else choices.season,
        "without": _BETWEEN.join(choices.without),
        "wait": "" if choices.wait == USUAL.wait else choices.wait,
        "day": choices.weekday or "",
        "boats": _BOATS[1] if choices.vehicles_only else "",
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
    door = Workspace.open()
    held = door.ferries()
    return dict(zip(held["id"], held["name"], strict=True)) | ferry_names(door)
