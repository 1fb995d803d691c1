"""What the address asks for and the sidebar shows, kept where no press can lose it.

Streamlit forgets the value of a widget when another page is asked for before the browser has drawn it, and a browser
that draws a widget anew without being sent its value shows it empty, and reports it empty from then on. So the values
also stand under a name of our own, and are sent along until a page has once been drawn to its end.
"""

from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

_FIRST = "first-address"
_KEPT = "looked-at"
_DRAWN = "drawn-to-its-end"
_OPEN = "open-page"
_SENT = "values-are-sent-along"


def note_address() -> None:
    """Keep the address that a session begins with: a menu press drops it, also before anybody has read it."""
    st.session_state.setdefault(_FIRST, st.query_params.to_dict())


def asked(name: str) -> str | None:
    """Give the text of the address under a name; of the first address where nothing has been kept since."""
    text = st.query_params.get(name)
    return text if text is not None or _KEPT in st.session_state else st.session_state.get(_FIRST, {}).get(name)


def came_back(name: str) -> bool:
    """Tell whether the reader went back or forward to an address that holds this name: then the address decides."""
    run = get_script_run_ctx()
    return run is not None and run.is_history_navigation and name in st.query_params


def begin(page: str) -> None:
    """Begin to draw a page; values are sent along unless the last thing drawn to its end was this page."""
    st.session_state[_SENT] = st.session_state.get(_DRAWN) != page
    st.session_state[_OPEN] = page
    st.session_state[_DRAWN] = None


def end() -> None:
    """Note that the page has been drawn to its end, so that the browser holds the values of its widgets."""
    st.session_state[_DRAWN] = st.session_state.get(_OPEN)


def send(key: str) -> None:
    """Send the value of a widget along with it, where the browser may not have it; to be asked before it is drawn."""
    if st.session_state.get(_SENT) and key in st.session_state:
        st.session_state[key] = st.session_state[key]


def hold(keys: Iterable[str], is_value: Callable[[str, Any], bool]) -> None:
    """Put what was kept in the place of what is no value of these widgets.

    A browser tells of a widget by the words of its labels. Where the widget is not shown any more, or was just shown in
    the other language, nobody turns them back into the value.
    """
    kept: dict[str, Any] = st.session_state.get(_KEPT, {})
    for key in keys:
        if key in st.session_state and not is_value(key, st.session_state[key]):
            del st.session_state[key]
            if key in kept and is_value(key, kept[key]):
                st.session_state[key] = kept[key]


def restore(keys: Iterable[str]) -> None:
    """Put back what Streamlit forgot of these widgets."""
    kept: dict[str, Any] = st.session_state.get(_KEPT, {})
    for key in keys:
        if key not in st.session_state and key in kept:
            st.session_state[key] = kept[key]


def keep(keys: Iterable[str]) -> None:
    """Keep what these widgets hold."""
    st.session_state[_KEPT] = {key: st.session_state[key] for key in keys if key in st.session_state}


def forget(keys: Iterable[str]) -> None:
    """Forget what these widgets held, so that the address is read anew."""
    st.session_state.pop(_KEPT, None)
    for key in keys:
        st.session_state.pop(key, None)
