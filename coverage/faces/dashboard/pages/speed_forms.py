"""Tab "Laju": the speeds of the workspace, changed in a table and in force at once."""

import pandas as pd
import streamlit as st

from coverage.faces.dashboard.office import sign_in
from coverage.faces.dashboard.pages.workspace_forms import SAVED
from coverage.faces.dashboard.shell import frame, shared_answers
from coverage.faces.dashboard.shell.frame import View, plain
from coverage.faces.words.travel_listings import speed_list
from coverage.ground.texts import say
from coverage.places.roles import Role
from coverage.places.workspace import Workspace
from coverage.travel.network.speed_choices import own_speeds, speeds_toml, store_speeds
from coverage.travel.network.speeds import shipped_values

_ROWS_PX = 560


def edit_speeds(view: View) -> None:
    """Show the speeds as a table to change, with a way back."""
    lang = view.lang
    with frame.showing_errors(lang):
        workspace = Workspace.open()
        own = own_speeds(workspace)
        listing = speed_list(own, lang)
        may_edit = sign_in.allowed(Role.MANAGER, lang)
        if may_edit:
            st.markdown(plain(say("dashboard.speeds_about", lang)))
        st.caption(plain(listing.title))
        labels = {column.key: column.label for column in listing.columns}
        edited = st.data_editor(
            listing.frame,
            hide_index=True,
            height=_ROWS_PX,
            key=f"speeds-{lang}-{shared_answers.workspace_state().changes}",
            disabled=["key", "meaning", "shipped", "source"] if may_edit else True,
            column_order=["meaning", "value", "shipped", "source", "key"],
            column_config={
                "key": st.column_config.TextColumn(labels["key"]),
                "meaning": st.column_config.TextColumn(labels["meaning"], width="large"),
                "value": st.column_config.NumberColumn(labels["value"], format="%g", step=0.0001, width="small"),
                "shipped": st.column_config.NumberColumn(labels["shipped"], format="%g", width="small"),
                "source": st.column_config.TextColumn(labels["source"], width="large"),
            },
        )
        values, reset = changed_cells(listing.frame, edited)
        if values or reset:
            store_speeds(workspace, values, reset=reset)
            SAVED.announce(say("dashboard.speeds_saved", lang, path=workspace.path.name))
        with st.container(horizontal=True, gap="small"):
            if may_edit and st.button(say("dashboard.speeds_reset", lang), disabled=not own):
                store_speeds(workspace, {}, reset=list(own))
                SAVED.announce(say("dashboard.speeds_reset_done", lang, path=workspace.path.name))
            content = speeds_toml({**shipped_values(), **own})
            st.download_button("TOML", content, "laju.toml", "application/toml", on_click="ignore")


def changed_cells(shown: pd.DataFrame, edited: pd.DataFrame) -> tuple[dict[str, object], list[str]]:
    """Tell which values of an edited table changed, and which were emptied: these go back to the shipped one."""
    differs = shown["value"] != edited["value"]
    cells = edited.loc[differs].set_index("key")["value"]
    return {str(key): value for key, value in cells.dropna().items()}, [str(key) for key in cells.index[cells.isna()]]
