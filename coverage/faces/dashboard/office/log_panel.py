"""Tab "Catatan" of an office's server: who changed what, and which answers about clients left."""

from dataclasses import asdict

import pandas as pd
import streamlit as st

from coverage.faces.dashboard.shell import panels
from coverage.faces.dashboard.shell.frame import plain
from coverage.faces.words.columns import Column, Listing
from coverage.ground.texts import Language, say
from coverage.places.workspace import Entry, Workspace

_ENTRIES = 200
_COLUMNS = {
    "at": "at",
    "role": "who",
    "command": "by",
    "layers": "layers",
    "rows": "rows",
    "file_sha256": "file_sha256",
}


def show(lang: Language) -> None:
    """Show the last entries of the workspace's log, the newest first."""
    held = Workspace.open().contents(_ENTRIES).log
    st.caption(plain(say("roles.log_about", lang, entries=_ENTRIES)))
    if not held:
        st.info(plain(say("roles.log_empty", lang)))
        return
    panels.table(_listing(held, lang), lang, key="log-table")


def _listing(held: tuple[Entry, ...], lang: Language) -> Listing:
    columns = [
        Column(key, say(f"cli.held_{name}", lang), "integer" if key == "rows" else "text")
        for key, name in _COLUMNS.items()
    ]
    return Listing(columns, pd.DataFrame([asdict(entry) for entry in held], columns=list(_COLUMNS)))
