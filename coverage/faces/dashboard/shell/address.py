"""What the address asks for and the sidebar shows, kept where no press can lose it.

Streamlit forgets the value of a widget when another page is asked for before the browser has drawn it, and a browser
that draws a widget anew without being sent its value shows it empty, and reports it empty from then on. So the values
also stand under a name of our own, and are sent along until a page has once been drawn to its end.
"""

from collections.abc import Callable, Iterable
from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from coverage.faces.dashboard.shell.session import Entry, Slot
from coverage.ground.errors import PlannerError

REFUSED = Entry[dict[str, PlannerError]]("refused")
"""What was wrong with values of the address, by the key of the widget that they were for."""

_FIRST_ADDRESS = Entry[dict[str, str]]("first-address")
_LAST_VALUES = Entry[dict[str, Any]]("looked-at")
_DRAWN_PAGE = Entry[str | None]("drawn-to-its-end")
_OPEN_PAGE = Entry[str]("open-page")
_SENDS_VALUES = Entry[bool]("values-are-sent-along")


def note_address() -> None:
    """Keep the address that a session begins with: a menu press drops it, also before anybody has read it."""
    _FIRST_ADDRESS.first(st.query_params.to_dict())


def asked(name: str) -> str | None:
    """Give the text of the address under a name; of the first address where nothing has been kept since."""
    text = st.query_params.get(name)
    return text if text is not None or _LAST_VALUES.is_there() else _FIRST_ADDRESS.get_or({}).get(name)


def came_back(name: str) -> bool:
    """Tell whether the reader went back or forward to an address that holds this name: then the address decides."""
    run = get_script_run_ctx()
    return run is not None and run.is_history_navigation and name in st.query_params


def begin(page: str) -> None:
    """Begin to draw a page; values are sent along unless the last thing drawn to its end was this page."""
    _SENDS_VALUES.put(_DRAWN_PAGE.get() != page)
    _OPEN_PAGE.put(page)
    _DRAWN_PAGE.put(None)


def end() -> None:
    """Note that the page has been drawn to its end, so that the browser holds the values of its widgets."""
    _DRAWN_PAGE.put(_OPEN_PAGE.get())


def send(widget: Slot[Any]) -> None:
    """Send the value of a widget along with it, where the browser may not have it; to be asked before it is drawn."""
    if _SENDS_VALUES.get() and widget.is_there():
        widget.put(widget.get())


def correct(widgets: Iterable[Slot[Any]], is_value: Callable[[Slot[Any], Any], bool]) -> None:
    """Put what was kept in the place of what is no value of these widgets.

    A browser tells of a widget by the words of its labels. Where the widget is not shown any more, or was just shown in
    the other language, nobody turns them back into the value.
    """
    last = _LAST_VALUES.get_or({})
    for widget in widgets:
        if widget.is_there() and not is_value(widget, widget.get()):
            widget.forget()
            if widget.key in last and is_value(widget, last[widget.key]):
                widget.put(last[widget.key])


def restore(widgets: Iterable[Slot[Any]]) -> None:
    """Put back what Streamlit forgot of these widgets."""
    last = _LAST_VALUES.get_or({})
    for widget in widgets:
        if not widget.is_there() and widget.key in last:
            widget.put(last[widget.key])


def keep(widgets: Iterable[Slot[Any]]) -> None:
    """Keep what these widgets hold."""
    _LAST_VALUES.put({widget.key: widget.get() for widget in widgets if widget.is_there()})


def forget(widgets: Iterable[Slot[Any]]) -> None:
    """Forget what these widgets held, so that the address is read anew."""
    _LAST_VALUES.forget()
    for widget in widgets:
        widget.forget()
