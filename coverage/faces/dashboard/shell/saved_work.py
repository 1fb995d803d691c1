"""What a reader made and a reload must not lose: plans, scenarios, proposals.

A session ends when its page is loaded again. What was made in it stays in this program's memory under a random name
that the browser keeps (:mod:`coverage.faces.dashboard.shell.browser`), and the next session of that browser takes it
over. Which that is says each record of :mod:`coverage.faces.dashboard.shell.session` itself.
Only answers are kept, which are computed from the safe table like everything on a page.
"""

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field

import streamlit as st

from coverage.faces.dashboard.office import signed_in
from coverage.faces.dashboard.shell import browser, session
from coverage.faces.dashboard.shell.session import Entry

COOKIE = "session"
_TOKEN = Entry[str]("kept-under")
_MOST_READERS = 30


@dataclass
class _Shelf:
    """What each token holds; who has not come for long goes first."""

    held: "OrderedDict[str, dict[str, object]]" = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, token: str) -> dict[str, object]:
        with self.lock:
            return dict(self.held.get(token, {}))

    def put(self, token: str, values: dict[str, object]) -> None:
        with self.lock:
            self.held[token] = values
            self.held.move_to_end(token)
            while len(self.held) > _MOST_READERS:
                self.held.popitem(last=False)


@st.cache_resource(show_spinner=False)
def _shelf() -> _Shelf:
    return _Shelf()


def take_over() -> None:
    """Take over, once a session, what the browser's last session left."""
    if _TOKEN.is_there():
        return
    token = browser.remembered(COOKIE) or secrets.token_urlsafe(16)
    _TOKEN.put(token)
    session.take_over(_shelf().take(_place(token)))


def keep() -> str:
    """Keep what this session has made so far, and give the token that the browser must keep.

    Raises
    ------
    RuntimeError
        If nothing was taken over before: a fault of the program.
    """
    token = _TOKEN.get()
    if token is None:
        raise RuntimeError("a session takes over what is kept before it keeps anything")
    values = session.outliving()
    if values:
        _shelf().put(_place(token), values)
    return token


def _place(token: str) -> str:
    """Keep what people made apart where they sign in: a browser may change hands."""
    person = signed_in.person()
    return token if person is None else f"{person.account} {token}"
