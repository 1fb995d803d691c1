"""Work of more than a second: it goes on in a thread while its page is drawn again, shows how far it is, and stops.

Where the work computes, its thread only waits for a worker process (:mod:`coverage.faces.heavy.pool`), so that the
pages of others have the interpreter; where it fetches or imports, it is done in the thread, which writes in the name of
who started it.

The work is handed a :class:`Watch`. It tells the watch how far it is, and the telling raises :class:`Stopped` once
somebody pressed stop; so it ends between two steps and what it had stored before stays. A work that has something to
show for itself when it is stopped notes how far it is instead, and looks at ``stop``.
"""

import contextvars
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from coverage.faces.dashboard.shell.frame import plain
from coverage.faces.heavy.watch import Stopped, Watch
from coverage.ground.errors import PlannerError
from coverage.ground.texts import Language, Message, say

__all__ = ["Watch", "ended", "going_on", "running", "start"]

_LOOK_S = 0.5


@dataclass
class _Job:
    watch: Watch
    result: Any = None
    error: BaseException | None = None
    over: threading.Event = field(default_factory=threading.Event)

    def run(self, work: Callable[[Watch], Any]) -> None:
        """Work; whatever happens is kept for the page, which alone can tell it."""
        try:
            self.result = work(self.watch)
        except BaseException as error:  # noqa: BLE001 - a thread has nobody else to tell
            self.error = error
        finally:
            self.over.set()


def start(key: str, first: Message, work: Callable[[Watch], Any]) -> None:
    """Begin a work under a key, in place of one that may be going on, and draw the page again."""
    before: _Job | None = st.session_state.get(key)
    if before is not None:
        before.watch.stop.set()
    job = _Job(Watch(first))
    st.session_state[key] = job
    # The log names the page that started it.
    threading.Thread(target=contextvars.copy_context().run, args=(job.run, work), daemon=True).start()
    st.rerun()


def ended(key: str, lang: Language) -> Any:
    """Hand over once what a work has found; None while there is nothing.

    What a reader can mend is told as a sentence until the next start, that the work was stopped, too.
    """
    job: _Job | None = st.session_state.get(key)
    if job is None or not job.over.is_set():
        return None
    if isinstance(job.error, Stopped):
        st.warning(plain(say("jobs.stopped", lang)))
        return None
    if isinstance(job.error, PlannerError):
        st.error(plain(job.error.text(lang)))
        return None
    st.session_state.pop(key)
    if job.error is not None:
        raise job.error
    return job.result


def going_on(key: str) -> bool:
    """Tell whether a work goes on, or has just ended and was not handed over."""
    return key in st.session_state


def running(key: str, lang: Language, *, stop: str = "jobs.stop") -> bool:
    """Show how far a work is and a button to stop it (`stop`: its text), and tell whether it still goes on."""
    job: _Job | None = st.session_state.get(key)
    if job is None or job.over.is_set():
        return False
    _progress(key, lang, stop)
    return True


@st.fragment(run_every=_LOOK_S)
def _progress(key: str, lang: Language, stop: str) -> None:
    job: _Job | None = st.session_state.get(key)
    if job is None or job.over.is_set():
        st.rerun()
    told = plain(job.watch.now.text(lang))
    if job.watch.share is None:
        st.markdown(told)
    else:
        st.progress(min(max(job.watch.share, 0.0), 1.0), text=told)
    stopped = job.watch.stop.is_set()
    words = say("jobs.stopping" if stopped else stop, lang)
    # Whether this part runs alone or with its page: a press is heard before either begins.
    st.button(words, key=f"{key}-stop", disabled=stopped, on_click=job.watch.stop.set)
