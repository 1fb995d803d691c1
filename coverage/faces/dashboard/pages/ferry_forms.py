"""Tab "Penyeberangan": the lines of the region as a table, and a form to declare, change or take one out."""

from typing import Any

import streamlit as st

from coverage.faces.dashboard.office import sign_in
from coverage.faces.dashboard.pages.workspace_forms import SAVED
from coverage.faces.dashboard.shell import frame, panels, shared_answers
from coverage.faces.dashboard.shell.frame import View, plain
from coverage.faces.dashboard.shell.session import Entry
from coverage.faces.files.sources import ListSource
from coverage.ground.errors import InputError
from coverage.ground.texts import Language, Message, say
from coverage.places.ferries import find_ferry, islands_joined
from coverage.places.ferry_changes import (
    VEHICLES,
    FerryChange,
    changed_ferry,
    new_ferry,
)
from coverage.places.roles import Role
from coverage.places.schemas.ferry_columns import MAX_EXTRA_MIN, MAX_SAILING_MIN, MAX_TRIPS
from coverage.places.workspace import Workspace

_NEW = ""
_CHOSEN = Entry[str]("ferry-chosen")
_HIDDEN = ("id",)
_USUAL_MIN = 60.0


def edit_ferries(view: View) -> None:
    """Show the lines that call at the region, and the form for one of them."""
    lang = view.lang
    st.markdown(plain(say("dashboard.ferry_about", lang)))
    with frame.showing_errors(lang):
        workspace = Workspace.open()
        listing = shared_answers.ferries(view)
        st.dataframe(
            panels.readable(listing, lang, without=_HIDDEN, to_sort=False),
            hide_index=True,
            key=f"ferries-{view.region}",
        )
        panels.downloads(ListSource(listing), lang, name=f"{say('dashboard.file_ferries', lang)}-{view.region}")
        if not sign_in.allowed(Role.MANAGER, lang):
            return
        every = workspace.ferries(hidden=True).set_index("id")["name"]
        # Ferry ways of the roads are listed; only the road file changes them.
        listed = zip(listing.frame["id"], listing.frame["name"], strict=True)
        lines = {id_: name for id_, name in listed if id_ in every.index}
        hidden = [id_ for id_ in workspace.hidden_ferries() if id_ not in lines]
        lines |= {id_: say("dashboard.ferry_hidden", lang, name=every[id_]) for id_ in hidden}
        if _CHOSEN.get_or(_NEW) not in {_NEW, *lines}:
            _CHOSEN.put(_NEW)
        chosen = st.selectbox(
            say("dashboard.ferry_choose", lang),
            [_NEW, *lines],
            key=_CHOSEN.key,
            format_func=lambda id_: lines.get(id_, say("dashboard.ferry_new", lang)),
        )
        row = None if chosen == _NEW else find_ferry(workspace.ferries(hidden=True), chosen)
        _form(workspace, row, view, hidden=chosen in hidden)
        if row is not None and chosen not in hidden and st.button(say("dashboard.ferry_remove", lang)):
            workspace.remove_ferry(row["id"])
            SAVED.announce(say("dashboard.ferry_removed", lang, name=row["name"], path=workspace.path.name))


def _form(workspace: Workspace, row: dict[str, str] | None, view: View, *, hidden: bool) -> None:
    lang = view.lang
    key = f"ferry-{(row or {}).get('id', _NEW)}"
    with st.form(key, clear_on_submit=False):
        typed = _typed(row, view, key)
        label = "dashboard.ferry_save" if row is None else "dashboard.ferry_change"
        sent = st.form_submit_button(say(label, lang), type="primary")
    if not sent:
        return
    with frame.showing_errors(lang):
        fresh = _declared(typed) if row is None else changed_ferry(row, _differing(row, typed))
        if row is not None and not hidden and fresh == changed_ferry(row, FerryChange()):
            raise InputError(Message.of("dashboard.nothing_changed"))
        workspace.declare_ferry(fresh)
        said = say("dashboard.ferry_saved", lang, name=fresh["name"], path=workspace.path.name)
        SAVED.announce(f"{said} {islands_joined(fresh).text(lang)}")


def _typed(row: dict[str, str] | None, view: View, key: str) -> FerryChange:
    """Show the fields of the form, filled with what is known of a line, and give what stands in them."""
    lang = view.lang
    held = row or {}
    left, right = st.columns(2)
    start, end = _ports(view, left, right, key) if row is None else (None, None)

    def minutes(column: Any, label: str, most: float, value: float | None, name: str) -> Any:
        return column.number_input(label, 0.0, most, value, step=5.0, format="%g", key=f"{key}-{name}")

    usual = _middle(held, "sailing") if row else _USUAL_MIN
    sailing = minutes(left, say("dashboard.sailing", lang), MAX_SAILING_MIN, usual, "sailing")
    trips = right.number_input(
        say("dashboard.trips", lang),
        0.0,
        MAX_TRIPS,
        _number(held.get("trips_per_day", "")),
        step=1.0,
        format="%g",
        key=f"{key}-trips",
    )
    departures = left.text_input(
        say("dashboard.departures", lang),
        held.get("departures", ""),
        placeholder="08:00,10:00,13:00",
        max_chars=400,
        key=f"{key}-departures",
    )
    days = right.text_input(
        say("dashboard.days", lang),
        held.get("days", ""),
        placeholder="Sel:4;Jum:0",
        max_chars=80,
        key=f"{key}-days",
    )
    extra = minutes(left, say("dashboard.season_extra", lang), MAX_EXTRA_MIN, _middle(held, "season_extra"), "extra")
    vehicles = right.selectbox(
        say("dashboard.vehicles", lang),
        VEHICLES,
        VEHICLES.index(held.get("vehicles", "") or "unknown"),
        format_func=lambda one: say(f"columns.vehicles_{one}", lang),
        key=f"{key}-vehicles",
    )
    name = left.text_input(say("dashboard.ferry_name", lang), held.get("name", ""), max_chars=80, key=f"{key}-name")
    return FerryChange(
        start=start,
        end=end,
        sailing_min=sailing,
        trips_per_day=trips,
        departures=departures,
        days=days,
        season_extra_min=extra,
        vehicles=vehicles,
        name=name,
    )


def _ports(view: View, left: Any, right: Any, key: str) -> tuple[str | None, str]:
    lang: Language = view.lang
    names = shared_answers.village_names(view)
    start = left.selectbox(
        say("dashboard.ferry_from", lang),
        list(names),
        index=None,
        format_func=names.__getitem__,
        placeholder=say("dashboard.village_choose", lang),
        key=f"{key}-from",
    )
    end = right.text_input(say("dashboard.ferry_to", lang), placeholder="74.72.02.1005", max_chars=80, key=f"{key}-to")
    return start, end


def _declared(typed: FerryChange) -> dict[str, str]:
    if typed.start is None or not (typed.end or "").strip() or typed.sailing_min is None:
        raise InputError(Message.of("dashboard.ferry_incomplete"))
    return new_ferry(typed)


def _differing(row: dict[str, str], typed: FerryChange) -> FerryChange:
    """Keep what was changed in the form: a range whose middle stands there stays a range."""
    held = {
        "sailing": (_middle(row, "sailing"), typed.sailing_min),
        "trips": (_number(row["trips_per_day"]), typed.trips_per_day),
        "season_extra": (_middle(row, "season_extra"), typed.season_extra_min),
    }
    return FerryChange(
        unknown=tuple(name for name, (before, after) in held.items() if before is not None and after is None),
        sailing_min=None if typed.sailing_min == _middle(row, "sailing") else typed.sailing_min,
        trips_per_day=None if typed.trips_per_day == _number(row["trips_per_day"]) else typed.trips_per_day,
        departures=None if typed.departures == row["departures"] else typed.departures,
        days=None if typed.days == row["days"] else typed.days,
        season_extra_min=None if typed.season_extra_min == _middle(row, "season_extra") else typed.season_extra_min,
        vehicles=None if typed.vehicles == (row["vehicles"] or "unknown") else typed.vehicles,
        name=None if typed.name == row["name"] else typed.name,
    )


def _number(text: str) -> float | None:
    return float(text) if text else None


def _middle(row: dict[str, str], name: str) -> float | None:
    low = _number(row.get(f"{name}_min", ""))
    high = _number(row.get(f"{name}_max_min", ""))
    return low if low is None or high is None else (low + high) / 2
