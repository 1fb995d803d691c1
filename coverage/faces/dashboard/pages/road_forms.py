"""Part "Jalan" of the data page: real roads of the region, fetched, imported, looked at, removed."""

import re
import tempfile
from pathlib import Path

import streamlit as st

from coverage.faces.dashboard.office import sign_in
from coverage.faces.dashboard.shell import jobs, panels
from coverage.faces.dashboard.shell.announcement import Announcement
from coverage.faces.dashboard.shell.frame import View, plain
from coverage.faces.dashboard.shell.jobs import Job
from coverage.faces.dashboard.shell.session import Entry
from coverage.faces.files.sources import ListSource
from coverage.faces.words.road_listing import import_notes, road_lines, road_list
from coverage.ground.texts import Message, say
from coverage.places.roles import Role, allows
from coverage.places.villages import find_region
from coverage.places.workspace import Workspace
from coverage.travel.roads.importing import Imported, import_roads
from coverage.travel.roads.road_store import remove_roads, stored_roads
from coverage.travel.roads.road_summary import summarise
from coverage.travel.roads.road_upstream import DEFAULT_URL

_IMPORT = Entry[Job[Imported]]("roads")
_REMOVED = Announcement("roads-said")
_UPLOADED = ["pbf", "osm", "json", "graphml", "gpkg", "geojson", "zip", "kml", "fgb"]
_TOLERANCES_M = (None, 0.0, 1.0, 2.0, 5.0, 10.0)
_TOLERANCE_WORDS = {None: "roads.form_snap_usual", 0.0: "roads.form_snap_none"}
_LONGEST_NAME = 60


def roads(view: View) -> None:
    """Show the region's real roads, and the ways to them."""
    lang = view.lang
    _REMOVED.show()
    imported = jobs.ended(_IMPORT, lang)
    if imported is not None:
        _brought(imported, view)
    going_on = jobs.running(_IMPORT, lang)
    _stored(view)
    if not going_on and sign_in.allowed(Role.MANAGER, lang):
        _fetch(view)
        _upload(view)


def _brought(imported: Imported, view: View) -> None:
    lang = view.lang
    st.success(plain(say("roads.form_done", lang, source=imported.roads.source.name)))
    region = find_region(imported.roads.source.region)
    panels.sentences(import_notes(imported, summarise(imported.roads), region), lang)


def _stored(view: View) -> None:
    lang = view.lang
    region = find_region(view.region)
    held = next((one for one in stored_roads(Workspace.open()) if one.source.region == view.region), None)
    if held is None:
        st.markdown(plain(say("roads.form_none", lang, region=view.region_name)))
        return
    found = summarise(held)
    for line in road_lines(held, found, region, lang):
        st.markdown(plain(line))
    listing = road_list(held, found, region, lang)
    panels.table(listing, lang, key="roads-table")
    panels.downloads(ListSource(listing), lang, name=f"{say('roads.form_file', lang)}-{view.region}")
    if allows(Role.MANAGER) and st.button(say("roads.form_remove", lang), key="roads-remove"):
        workspace = Workspace.open()
        remove_roads(workspace, view.region)
        values = {"region": f"{region.code} {region.name}", "path": workspace.path.name}
        _REMOVED.announce(say("roads.removed", lang, **values))


def _fetch(view: View) -> None:
    lang = view.lang
    st.subheader(plain(say("roads.form_fetch_title", lang)), anchor=False)
    st.caption(plain(say("roads.form_fetch_about", lang, region=view.region_name)))
    url = st.text_input(say("roads.form_server", lang), DEFAULT_URL, max_chars=200, key="roads-server")
    if not st.button(say("roads.form_fetch", lang), type="primary", key="roads-fetch"):
        return
    region = view.region

    def work(watch: jobs.Watch) -> Imported:
        # OSMnx takes seconds to load, which no page should wait for.
        from coverage.travel.roads.road_fetch import fetch_roads  # noqa: PLC0415 - see above

        # Stopped, it stores nothing and says that it goes on from there.
        return fetch_roads(Workspace.open(), region, url=url, tell=watch.note, stopped=watch.stop.is_set)

    jobs.start(_IMPORT, Message.of("roads.form_asking", region=view.region_name), work)


def _upload(view: View) -> None:
    lang = view.lang
    st.subheader(plain(say("roads.form_own_title", lang)), anchor=False)
    st.caption(plain(say("roads.form_own_about", lang, region=view.region)))
    given = st.file_uploader(say("roads.form_own_file", lang), type=_UPLOADED, key="roads-upload")
    snap_m = st.selectbox(
        say("roads.form_snap", lang),
        _TOLERANCES_M,
        format_func=lambda one: say(_TOLERANCE_WORDS[one], lang) if one in _TOLERANCE_WORDS else f"{one:g} m",
        key="roads-snap",
        help=say("roads.form_snap_help", lang),
    )
    if given is None or not st.button(say("roads.form_import", lang), type="primary", key="roads-import"):
        return
    content, name, region = given.getvalue(), _harmless(given.name), view.region

    def work(watch: jobs.Watch) -> Imported:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            path.write_bytes(content)
            watch.tell(Message.of("roads.form_reading", file=name))
            return import_roads(Workspace.open(), path, region, snap_m=snap_m)

    jobs.start(_IMPORT, Message.of("roads.form_reading", file=name), work)


def _harmless(name: str) -> str:
    r"""Give a file name with the ending of an upload's; what a name may hold besides is replaced.

    Examples
    --------
    >>> _harmless("../../Jalan Kota (2).osm.pbf"), _harmless("C:\\x\\..")
    ('Jalan-Kota-2-.osm.pbf', 'jalan')
    """
    plain_name = re.sub(r"[^\w.]+", "-", re.split(r"[/\\]", name)[-1])[-_LONGEST_NAME:]
    return plain_name.lstrip(".-") or "jalan"
