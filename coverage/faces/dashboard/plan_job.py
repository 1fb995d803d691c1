"""A campaign being planned while its page is drawn again and again: how far it is, and a button to stop."""

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

import streamlit as st

from coverage.answers.tours.plan import Plan
from coverage.answers.tours.progress import Cancel, Progress
from coverage.faces.dashboard.frame import plain
from coverage.ground.errors import PlannerError
from coverage.ground.texts import Language, Message, say

_LOOK_S = 1.0

Planned = tuple[Plan, tuple[Message, ...]]
Planning = Callable[[Cancel], Planned]


@dataclass
class Job:
    """A search of its own thread; `held` are visits to record once the new plan is there."""

    work: Planning
    held: tuple[tuple[str, dt.date], ...] = ()
    stop: threading.Event = field(default_factory=threading.Event)
    progress: Progress = field(default_factory=lambda: Progress(0.0, 0, 0.0))
    planned: Planned | None = None
    error: BaseException | None = None
    over: threading.Event = field(default_factory=threading.Event)

    def watch(self, progress: Progress) -> bool:
        """Keep how far it is for the page, and answer whether somebody pressed stop."""
        self.progress = progress
        return self.stop.is_set()

    def run(self) -> None:
        """Plan; whatever happens is kept for the page, which alone can tell it."""
        try:
            self.planned = self.work(self.watch)
        except BaseException as error:  # noqa: BLE001 - a thread has nobody else to tell
            self.error = error
        finally:
            self.over.set()

    @property
    def done(self) -> bool:
        """Tell whether it is over, with a plan or without."""
        return self.over.is_set()


def start(key: str, job: Job) -> None:
    """Begin a search in the place of the one that may be going on, and draw the page again."""
    before: Job | None = st.session_state.get(key)
    if before is not None:
        before.stop.set()
    st.session_state[key] = job
    threading.Thread(target=job.run, daemon=True).start()
    st.rerun()


def running(key: str) -> bool:
    """Tell whether a search is going on."""
    job: Job | None = st.session_state.get(key)
    return job is not None and not job.done


def ended(key: str, lang: Language) -> Job | None:
    """Hand over a search that has found a plan; what a planner can mend is told as a sentence until the next one."""
    job: Job | None = st.session_state.get(key)
    if job is None or not job.done:
        return None
    if isinstance(job.error, PlannerError):
        st.error(plain(job.error.text(lang)))
        return None
    st.session_state.pop(key)
    if job.error is not None:
        raise job.error
    return job


@st.fragment(run_every=_LOOK_S)
def show_progress(key: str, lang: Language) -> None:
    """Show how far the search is, again and again, without the rest of the page."""
    job: Job | None = st.session_state.get(key)
    if job is None or job.done:
        st.rerun()
    now = job.progress
    label = say("planning.working", lang, share=now.share, visits=now.visits, priority=now.priority)
    st.progress(min(now.share, 1.0), text=plain(label))
    stopped = job.stop.is_set()
    text = say("planning.stopping" if stopped else "planning.stop", lang)
    if st.button(text, key=f"{key}-stop", disabled=stopped):
        job.stop.set()
        st.rerun(scope="fragment")
