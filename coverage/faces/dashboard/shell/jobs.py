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
from typing import Any, Generic, TypeVar

import streamlit as st

from coverage.faces.dashboard.shell.frame import plain
from coverage.faces.dashboard.shell.session import Slot
from coverage.faces.heavy.watch import Stopped, Watch
from coverage.ground.errors import PlannerError
from coverage.ground.texts import Language, Message, say

__all__ = ["Job", "Watch", "ended", "going_on", "running", "start"]

_LOOK_S = 0.5
_Result = TypeVar("_Result")


@dataclass
class Job(Generic[_Result]):
    """A work in its thread, and what became of it."""

    watch: Watch
    result: _Result | None = None
    error: BaseException | None = None
    over: threading.Event = field(default_factory=threading.Event)

    def run(self, work: Callable[[Watch], _Result]) -> None:
        """Work; whatever happens is kept for the page, which alone can tell it."""
        try:
            self.result = work(self.watch)
        except BaseException as error:  # noqa: BLE001 - a thread has nobody else to tell
            self.error = error
        finally:
            self.over.set()


def start(place: Slot[Job[_Result]], first: Message, work: Callable[[Watch], _Result]) -> None:
    """Begin a work in its place, instead of one that may be going on there, and draw the page again."""
    before = place.get()
    if before is not None:
        before.watch.stop.set()
    job = Job[_Result](Watch(first))
    place.put(job)
    # The log names the page that started it.
    threading.Thread(target=contextvars.copy_context().run, args=(job.run, work), daemon=True).start()
    st.rerun()


def ended(place: Slot[Job[_Result]], lang: Language) -> _Result | None:
    """Hand over once what a work has found; None while there is nothing.

    What a reader can mend is told as a sentence until the next start, that the work was stopped, too.
    """
    job = place.get()
    if job is None or not job.over.is_set():
        return None
    if isinstance(job.error, Stopped):
        st.warning(plain(say("jobs.stopped", lang)))
        return None
    if isinstance(job.error, PlannerError):
        st.error(plain(job.error.text(lang)))
        return None
    place.forget()
    if job.error is not None:
        raise job.error
    return job.result


def going_on(place: Slot[Job[_Result]]) -> bool:
    """Tell whether a work goes on, or has just ended and was not handed over."""
    return place.is_there()


def running(place: Slot[Job[_Result]], lang: Language, *, stop: str = "jobs.stop") -> bool:
    """Show how far a work is and a button to stop it (`stop`: its text), and tell whether it still goes on."""
    job = place.get()
    if job is None or job.over.is_set():
        return False
    _progress(place, lang, stop)
    return True


@st.fragment(run_every=_LOOK_S)
def _progress(place: Slot[Job[Any]], lang: Language, stop: str) -> None:
    job = place.get()
    if job is None or job.over.is_set():
        st.rerun()
    how_far = plain(job.watch.now.text(lang))
    if job.watch.share is None:
        st.markdown(how_far)
    else:
        st.progress(min(max(job.watch.share, 0.0), 1.0), text=how_far)
    stopped = job.watch.stop.is_set()
    words = say("jobs.stopping" if stopped else stop, lang)
    # Whether this part runs alone or with its page: a press is heard before either begins.
    st.button(words, key=f"{place.key}-stop", disabled=stopped, on_click=job.watch.stop.set)
