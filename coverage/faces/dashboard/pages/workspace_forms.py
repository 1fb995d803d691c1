"""Forms that write to the office's workspace: units and visits."""

import datetime as dt
from collections.abc import Hashable
from typing import Any

import pandas as pd
import streamlit as st

from coverage.answers.study import Study
from coverage.faces.dashboard.office import sign_in
from coverage.faces.dashboard.shell import frame, panels, shared_answers
from coverage.faces.dashboard.shell.announcement import Announcement
from coverage.faces.dashboard.shell.frame import View, plain
from coverage.faces.files.sources import ListSource
from coverage.faces.words import answer_listings
from coverage.faces.words.columns import Listing
from coverage.ground.errors import InputError
from coverage.ground.texts import Language, Message, say
from coverage.places.roles import Role
from coverage.places.schemas.cell_kinds import text_of
from coverage.places.schemas.column import Column
from coverage.places.schemas.unit_columns import LOCATION_QUALITIES, UNITS
from coverage.places.unit_checks import read_units
from coverage.places.units import embedded_units
from coverage.places.visits import last_visits
from coverage.places.workspace import Workspace

# How sure the place is stands before the place itself, where it is seen without scrolling.
_FIRST = ("id", "name", "kind", "institution", "location_quality")
_SURVEYED, _OF_VILLAGE, _UNVERIFIED = LOCATION_QUALITIES
_EDITOR = "units-editor.csv"
SAVED = Announcement("saved")
"""What a form of the page has written, said above all of them."""


def edit_units(study: Study, view: View) -> None:
    """Show the units of the region as a table to change, add to and remove from."""
    lang = view.lang
    st.subheader(plain(say("columns.units_title", lang, region=study.region.name)), anchor=False)
    may_edit = sign_in.allowed(Role.MANAGER, lang)
    if may_edit:
        st.caption(plain(say("dashboard.edit_about", lang)))
    inside = study.units.index[study.units["in_region"]]
    shown = _as_rows(shared_answers.units().loc[inside])
    edited = st.data_editor(
        shown,
        hide_index=True,
        num_rows="dynamic" if may_edit else "fixed",
        disabled=not may_edit,
        column_order=(*_FIRST, *(name for name in UNITS.held if name not in _FIRST)),
        key=f"units-{view.region}-{shared_answers.workspace_state().changes}",
        column_config={name: _editor_column(UNITS[name], lang) for name in UNITS.held},
    )
    if may_edit and st.button(say("dashboard.save_units", lang), type="primary"):
        with frame.showing_errors(lang):
            changed, removed = changes(shown, edited)
            if changed.empty and not removed:
                raise InputError(Message.of("dashboard.nothing_changed"))
            workspace = Workspace.open()
            workspace.save_units(changed, remove=removed)
            said = [_units_saved(len(changed), len(removed), workspace.path.name, lang)]
            said += [message.text(lang) for message in placed_anew(shown, edited, changed)]
            SAVED.announce("\n".join(said))
    listing = answer_listings.unit_list(study, lang)
    panels.downloads(ListSource(listing), lang, name=f"unit-{view.region}")


def _editor_column(column: Column, lang: Language) -> Any:
    """Offer a column as its kind asks for: labels to pick from, numbers, days, else text."""
    label = say(f"columns.{column.name}", lang)
    if column.choices:
        return st.column_config.SelectboxColumn(label, options=list(column.choices))
    if column.kind == "degrees":
        return st.column_config.NumberColumn(label, format="%.5f")
    if column.kind == "whole":
        return st.column_config.NumberColumn(label, min_value=column.low, max_value=column.most, step=1)
    if column.kind == "date":
        return st.column_config.DateColumn(label, format="DD-MM-YYYY")
    return st.column_config.TextColumn(label, disabled=column.name in UNITS.key)


def changes(shown: pd.DataFrame, edited: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Tell which units of an edited table are new or changed, checked, and which ids are gone.

    A unit that moved to another village without a point of its own moves to that village's point. Where the place
    was corrected and its quality was not, the quality follows: a point that was typed counts as surveyed, a village
    as the village's point. The note that came with the program, on a place that was not known, goes then.

    Raises
    ------
    InputError
        With every fault of the rows that changed.
    """
    before = UNITS.as_texts(shown).set_index("id", drop=False)
    after = UNITS.as_texts(edited)
    removed = tuple(id_ for id_ in before.index if id_ not in set(after["id"]))
    kept = []
    for row in after.to_dict("records"):
        old = before.loc[row["id"]] if row["id"] in before.index else None
        if old is not None and row == old.to_dict():
            continue
        kept.append(row if old is None else _placed(row, old.to_dict()))
    if not kept:
        return embedded_units().head(0), removed
    table = pd.DataFrame(kept, columns=list(UNITS.held))
    return read_units(table.to_csv(index=False).encode(), _EDITOR), removed


def _placed(row: dict[Hashable, str], old: dict[Hashable, str]) -> dict[Hashable, str]:
    typed = (row["lat"], row["lon"]) != (old["lat"], old["lon"])
    if not typed and row["kode"] == old["kode"]:
        return row
    own_point = typed and bool(row["lat"] and row["lon"])
    placed = row if typed else row | {"lat": "", "lon": ""}
    if row["location_quality"] == old["location_quality"] == _UNVERIFIED:
        placed = placed | {"location_quality": _SURVEYED if own_point else _OF_VILLAGE}
    if old["location_quality"] == _UNVERIFIED and row["note"] == embedded_units()["note"].get(row["id"]):
        placed = placed | {"note": ""}
    return placed


def placed_anew(shown: pd.DataFrame, edited: pd.DataFrame, saved: pd.DataFrame) -> list[Message]:
    """Tell which units were given a quality of place, or lost their note, without the planner's doing."""
    before, after = (UNITS.as_texts(table).drop_duplicates("id").set_index("id") for table in (shown, edited))
    told = []
    for id_ in saved.index.intersection(before.index).intersection(after.index):
        unit: Any = saved.loc[id_]
        if unit["location_quality"] != after.at[id_, "location_quality"]:
            told.append(Message.of("dashboard.place_set", name=unit["name"], quality=unit["location_quality"]))
        if after.at[id_, "note"] and not unit["note"]:
            told.append(Message.of("dashboard.note_dropped", name=unit["name"]))
    return told


def _units_saved(saved: int, removed: int, path: str, lang: Language) -> str:
    if not removed:
        return say("dashboard.units_saved", lang, saved=saved, path=path)
    if not saved:
        return say("dashboard.units_removed", lang, removed=removed, path=path)
    return say("dashboard.units_saved_removed", lang, saved=saved, removed=removed, path=path)


def _as_rows(units: pd.DataFrame) -> pd.DataFrame:
    table = units.reset_index()[list(UNITS.held)]
    lists = {
        name: table[name].map(text_of).astype("str") for name in UNITS.held if isinstance(UNITS.blank(name), tuple)
    }
    return table.assign(**lists)


def record_visit(study: Study, view: View) -> None:
    """Record that a visit was held, above the list of last visits."""
    if sign_in.allowed(Role.PLANNER, view.lang):
        _visit_form(view)
    _last_visits(study, view.lang)


def _visit_form(view: View) -> None:
    lang = view.lang
    names = shared_answers.village_names(view)
    with st.form("visit", clear_on_submit=True):
        kode = st.selectbox(
            say("dashboard.village", lang),
            list(names),
            index=None,
            format_func=names.__getitem__,
            placeholder=say("dashboard.village_choose", lang),
        )
        today = dt.datetime.now(tz=dt.UTC).astimezone().date()
        day = st.date_input(say("dashboard.visit_day", lang), today, max_value=today, format="DD/MM/YYYY")
        team = st.text_input(say("dashboard.team", lang), max_chars=80)
        sent = st.form_submit_button(say("dashboard.visit_save", lang), type="primary")
    if sent:
        with frame.showing_errors(lang):
            if kode is None or not isinstance(day, dt.date):
                raise InputError(Message.of("dashboard.visit_incomplete"))
            workspace = Workspace.open()
            workspace.record_visit(kode, day, team=team)
            SAVED.announce(say("dashboard.visit_saved", lang, name=names[kode], day=day, path=workspace.path.name))


def _last_visits(study: Study, lang: Language) -> None:
    held = last_visits(study.visits, dt.date.max.replace(year=2200))
    held = held[study.villages.index.get_indexer(held.index) >= 0]
    if held.empty:
        st.caption(plain(say("dashboard.no_visits", lang)))
        return
    table = study.villages.loc[held.index, ["name", "district", "regency"]].assign(last_visit=held["date"])
    columns = [answer_listings.column(key, lang) for key in ("kode", "name", "district", "regency", "last_visit")]
    panels.table(Listing(columns, table.rename_axis("kode").reset_index()), lang, key="visits-table")
