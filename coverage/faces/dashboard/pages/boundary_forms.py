"""Part "Batas wilayah" of the data page: fetch the official boundaries, or bring the office's own file."""

import hashlib

import streamlit as st

from coverage.answers.study import Study
from coverage.faces.dashboard.office import sign_in
from coverage.faces.dashboard.shell import frame, jobs, panels
from coverage.faces.dashboard.shell.announcement import Announcement
from coverage.faces.dashboard.shell.frame import View, plain
from coverage.faces.dashboard.shell.jobs import Job
from coverage.faces.dashboard.shell.session import AnswerEntry, Entry
from coverage.faces.files.all_formats import FORMATS
from coverage.faces.files.csv_file import csv_bytes
from coverage.faces.words.boundary_lists import shuffled_list, unsure_list
from coverage.ground.downloads.files import Progress
from coverage.ground.texts import Message, say
from coverage.places.boundaries import boundary_store
from coverage.places.boundaries.boundary_upstream import DEFAULT_BASE_URL
from coverage.places.boundaries.decisions import read_code_decisions, read_decisions
from coverage.places.boundaries.disputed import replaced_note
from coverage.places.boundaries.official import FetchReport, fetch_boundaries
from coverage.places.boundaries.own_file import OwnFile, ToldOfFile, keep, read_own_file
from coverage.places.roles import Role
from coverage.places.workspace import Workspace

_FETCH = Entry[Job[FetchReport]]("boundary-fetch")
_REPORT = Entry[FetchReport]("boundary-report")
_OWN_FILE = AnswerEntry[tuple[str, ...], OwnFile]("boundary-file")
_TURN = Entry[int]("boundary-turn")
_STORED = Announcement("boundary-said")
_UPLOADED = ["gpkg", "geojson", "json", "kml", "kmz", "fgb", "zip"]


def boundaries(study: Study, view: View) -> None:
    """Show what the region's boundaries are, and the two ways to better ones."""
    lang = view.lang
    _STORED.show()
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
    ended = jobs.ended(_FETCH, lang)
    if ended is not None:
        _REPORT.put(ended)
    if jobs.running(_FETCH, lang, stop="boundaries.form_stop"):
        return
    report = _REPORT.get()
    if report is not None:
        panels.sentences(report.notes(), lang)
        _offer_shuffled(report, view)
    decided = st.file_uploader(say("boundaries.form_decide_fetch", lang), type=["csv"], key="boundary-decide-fetch")
    base_url = st.text_input(
        say("boundaries.form_server", lang), DEFAULT_BASE_URL, max_chars=200, key="boundary-server"
    )
    if not st.button(say("boundaries.form_fetch", lang), type="primary", key="boundary-fetch-button"):
        return
    region = view.region
    with frame.showing_errors(lang):
        decisions = read_code_decisions(decided.getvalue(), decided.name) if decided is not None else {}
        _begin(view, region, base_url, decisions)


def _offer_shuffled(report: FetchReport, view: View) -> None:
    if not report.shuffled.empty:
        st.download_button(
            say("boundaries.form_unsure_file", view.lang),
            csv_bytes(shuffled_list(report, view.lang), dialect="excel-id", lang=view.lang),
            f"tertukar-{view.region}.csv",
            FORMATS.named("list", "csv-excel").mime,
            on_click="ignore",
        )


def _begin(view: View, region: str, base_url: str, decisions: dict[str, str]) -> None:
    _REPORT.forget()

    def work(watch: jobs.Watch) -> FetchReport:
        def far(now: Progress) -> None:
            message = Message.of("boundaries.progress", name=now.name, done=now.done, files=now.files)
            watch.note(message, now.share)

        # Stopped, it stores nothing and says what it had.
        return fetch_boundaries(
            region,
            Workspace.open(),
            base_url=base_url,
            decisions=decisions,
            watch=far,
            stopped=watch.stop.is_set,
        )

    jobs.start(_FETCH, Message.of("boundaries.form_asking", region=view.region_name), work)


def _upload(view: View) -> None:
    lang = view.lang
    st.subheader(plain(say("boundaries.form_own_title", lang)), anchor=False)
    st.caption(plain(say("boundaries.form_own_about", lang)))
    turn = _TURN.first(0)
    given = st.file_uploader(say("boundaries.form_own_file", lang), type=_UPLOADED, key=f"boundary-upload-{turn}")
    if given is None:
        return
    crs = st.text_input(say("boundaries.form_crs", lang), max_chars=20, key=f"boundary-crs-{turn}").strip()
    decided = st.file_uploader(say("boundaries.form_decide", lang), type=["csv"], key=f"boundary-decide-{turn}")
    with frame.showing_errors(lang):
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
                FORMATS.named("list", "csv-excel").mime,
                on_click="ignore",
            )
        workspace = Workspace.open()
        replaced = boundary_store.replaced(workspace, own.matched()["kode"])
        if not replaced.empty:
            st.warning(plain(replaced_note(replaced, "boundaries.form_replaces").text(lang)))
        if st.button(say("boundaries.form_save", lang, villages=len(own.matched())), type="primary"):
            stored = keep(own, workspace)
            values = {"file": own.name, "villages": stored, "region": own.region, "path": workspace.path.name}
            _TURN.put(turn + 1)
            _OWN_FILE.forget()
            _STORED.announce(say("boundaries.own_title", lang, **values))


def _read(name: str, content: bytes, region: str, crs: str, decided: bytes) -> OwnFile:
    """Read an upload once, not each time the page is drawn."""
    key = (name, hashlib.sha256(content).hexdigest(), region, crs, hashlib.sha256(decided).hexdigest())
    before = _OWN_FILE.to(key)
    if before is not None:
        return before
    decisions = read_decisions(decided, "belum-pasti.csv") if decided else {}
    told = ToldOfFile(crs=crs or None)
    own = read_own_file(content, name, region, told, decisions=decisions)
    if own.matched().empty:
        # Nothing of the region that the page shows: the file may name another.
        own = read_own_file(content, name, None, told, decisions=decisions)
    _OWN_FILE.put((key, own))
    return own
