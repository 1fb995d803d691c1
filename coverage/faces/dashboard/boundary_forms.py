"""Part "Batas wilayah" of the data page: fetch the official boundaries, or bring the office's own file."""

import contextvars
import hashlib
import threading
from dataclasses import dataclass, field

import streamlit as st

from coverage.answers.study import Study
from coverage.faces.boundary_lists import unsure_list
from coverage.faces.dashboard import frame, panels, sign_in
from coverage.faces.dashboard.frame import View, plain
from coverage.faces.reports.csv_file import csv_bytes
from coverage.ground.errors import PlannerError
from coverage.ground.texts import Language, say
from coverage.places.boundaries.decisions import read_decisions
from coverage.places.boundaries.fetch import Progress
from coverage.places.boundaries.official import FetchReport, fetch_boundaries
from coverage.places.boundaries.own_file import OwnFile, keep, read_own_file
from coverage.places.boundaries.upstream import DEFAULT_BASE_URL
from coverage.places.roles import Role
from coverage.places.workspace import Workspace

_JOB = "boundary-fetch"
_READ = "boundary-file"
_TURN = "boundary-turn"
_SAID = "boundary-said"
_LOOK_S = 1.0
_UPLOADED = ["gpkg", "geojson", "json", "kml", "kmz", "fgb", "zip"]


@dataclass
class _Job:
    """A download that goes on while the page is drawn again and again."""

    region: str
    stop: threading.Event = field(default_factory=threading.Event)
    progress: Progress = field(default_factory=lambda: Progress(0, 1, "", 0))
    report: FetchReport | None = None
    error: BaseException | None = None
    done: bool = False

    def watch(self, progress: Progress) -> None:
        self.progress = progress

    def run(self, base_url: str) -> None:
        """Fetch; whatever happens is kept for the page, which alone can tell it."""
        try:
            self.report = fetch_boundaries(
                self.region, Workspace.open(), base_url=base_url, watch=self.watch, stopped=self.stop.is_set
            )
        except BaseException as error:  # noqa: BLE001 - a thread has nobody else to tell
            self.error = error
        finally:
            self.done = True


def boundaries(study: Study, view: View) -> None:
    """Show what the region's boundaries are, and the two ways to better ones."""
    lang = view.lang
    said = st.session_state.pop(_SAID, None)
    if said is not None:
        st.success(plain(said))
    drawn = int((study.villages["boundary_tier"] != "indikatif").sum())
    tier = say(f"columns.boundary_{study.boundary_tier}", lang)
    about = say("boundaries.form_now", lang, tier=tier, drawn=drawn, villages=len(study.villages))
    st.markdown(plain(about))
    if not sign_in.allowed(Role.MANAGER, lang):
        return
    _fetch(view)
    _upload(view)


def _fetch(view: View) -> None:
    lang = view.lang
    st.subheader(plain(say("boundaries.form_fetch_title", lang)), anchor=False)
    st.caption(plain(say("boundaries.form_fetch_about", lang, region=view.region_name)))
    job: _Job | None = st.session_state.get(_JOB)
    if job is not None and not job.done:
        _running(lang)
        return
    if job is not None:
        _ended(job, lang)
    base_url = st.text_input(
        say("boundaries.form_server", lang), DEFAULT_BASE_URL, max_chars=200, key="boundary-server"
    )
    if st.button(say("boundaries.form_fetch", lang), type="primary", key="boundary-fetch-button"):
        job = _Job(view.region)
        st.session_state[_JOB] = job
        # The log names the page that started it.
        threading.Thread(target=contextvars.copy_context().run, args=(job.run, base_url), daemon=True).start()
        st.rerun()


@st.fragment(run_every=_LOOK_S)
def _running(lang: Language) -> None:
    """Show how far the download is, again and again, without the rest of the page."""
    job: _Job | None = st.session_state.get(_JOB)
    if job is None or job.done:
        st.rerun()
    now = job.progress
    label = say("boundaries.progress", lang, name=now.name, done=now.done, files=now.files)
    st.progress(now.done / max(now.files, 1), text=plain(label))
    if st.button(say("boundaries.form_stop", lang), key="boundary-stop"):
        job.stop.set()


def _ended(job: _Job, lang: Language) -> None:
    if job.report is not None:
        panels.sentences(job.report.notes(), lang)
    elif isinstance(job.error, PlannerError):
        st.error(plain(job.error.text(lang)))
    elif job.error is not None:
        st.session_state.pop(_JOB)
        raise job.error


def _upload(view: View) -> None:
    lang = view.lang
    st.subheader(plain(say("boundaries.form_own_title", lang)), anchor=False)
    st.caption(plain(say("boundaries.form_own_about", lang)))
    turn = st.session_state.setdefault(_TURN, 0)
    given = st.file_uploader(say("boundaries.form_own_file", lang), type=_UPLOADED, key=f"boundary-upload-{turn}")
    if given is None:
        return
    crs = st.text_input(say("boundaries.form_crs", lang), max_chars=20, key=f"boundary-crs-{turn}").strip()
    decided = st.file_uploader(say("boundaries.form_decide", lang), type=["csv"], key=f"boundary-decide-{turn}")
    with frame.told(lang):
        own = _read(given.name, given.getvalue(), view.region, crs, decided.getvalue() if decided else b"")
        panels.sentences(own.notes(), lang)
        unsure = unsure_list(own, lang)
        if not unsure.frame.empty:
            st.markdown(plain(say("boundaries.form_unsure", lang)))
            panels.table(unsure, lang, key=f"boundary-unsure-{turn}", without=("kode",))
            st.download_button(
                say("boundaries.form_unsure_file", lang),
                csv_bytes(unsure, dialect="excel-id", lang=lang),
                f"belum-pasti-{view.region}.csv",
                "text/csv",
                on_click="ignore",
            )
        if st.button(say("boundaries.form_save", lang, villages=len(own.matched())), type="primary"):
            door = Workspace.open()
            stored = keep(own, door)
            values = {"file": own.name, "villages": stored, "region": view.region, "path": door.path.name}
            st.session_state[_SAID] = say("boundaries.own_title", lang, **values)
            st.session_state[_TURN] = turn + 1
            st.session_state.pop(_READ, None)
            st.rerun()


def _read(name: str, content: bytes, region: str, crs: str, decided: bytes) -> OwnFile:
    """Read an upload once, not each time the page is drawn."""
    key = (name, hashlib.sha256(content).hexdigest(), region, crs, hashlib.sha256(decided).hexdigest())
    held = st.session_state.get(_READ)
    if held is not None and held[0] == key:
        own: OwnFile = held[1]
        return own
    decisions = read_decisions(decided, "belum-pasti.csv") if decided else {}
    own = read_own_file(content, name, region, crs=crs or None, decisions=decisions)
    st.session_state[_READ] = (key, own)
    return own
