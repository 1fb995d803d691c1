"""What a reader made and a reload must not lose: plans, scenarios, proposals.

A session ends when its page is loaded again. What was made in it stays in this program's memory under a random name
that the browser keeps (:mod:`coverage.faces.dashboard.shell.browser`), and the next session of that browser takes it over.
Only answers are kept, which are computed from the safe table like everything on a page.
"""

import re
import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from coverage.faces.dashboard.office import signed_in
from coverage.faces.dashboard.shell import browser

COOKIE = "session"
_HERE = "kept-under"
_MOST = 30
_NAMES = re.compile(
    r"plan-[\d.]+(-changes|-job|-made-on|-moves)?|plan-base-[\d.]+|plan-(first|days|teams|hours|visit|start)"
    r"|scenarios(-chosen)?|proposal|robustness|site-(search|trial)|report-(made|job)"
)


@dataclass
class _Shelf:
    """What each token holds; who has not come for long goes first."""

    held: "OrderedDict[str, dict[str, Any]]" = field(default_factory=OrderedDict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, token: str) -> dict[str, Any]:
        with self.lock:
            return dict(self.held.get(token, {}))

    def put(self, token: str, values: dict[str, Any]) -> None:
        with self.lock:
            self.held[token] = values
            self.held.move_to_end(token)
            while len(self.held) > _MOST:
                self.held.popitem(last=False)


@st.cache_resource(show_spinner=False)
def _shelf() -> _Shelf:
    return _Shelf()


def take_over() -> None:
    """Take over, once a session, what the browser's last session left."""
    if _HERE in st.session_state:
        return
    token = browser.told(COOKIE) or secrets.token_urlsafe(16)
    st.session_state[_HERE] = token
    for name, value in _shelf().take(_place(token)).items():
        st.session_state.setdefault(name, value)


def keep() -> str:
    """Keep what this session has made so far, and give the token that the browser must keep."""
    token: str = st.session_state[_HERE]
    values = {str(name): value for name, value in st.session_state.items() if _NAMES.fullmatch(str(name))}
    if values:
        _shelf().put(_place(token), values)
    return token


def _place(token: str) -> str:
    """Keep what people made apart where they sign in: a browser may change hands."""
    person = signed_in.person()
    return token if person is None else f"{person.account} {token}"
