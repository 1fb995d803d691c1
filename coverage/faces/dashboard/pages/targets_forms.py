"""Enter capaian and target of an area and period on the page Target & capaian."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
import streamlit as st

from coverage.faces.dashboard.office.sign_in import allowed
from coverage.faces.dashboard.pages.workspace_forms import SAVED
from coverage.faces.dashboard.shell.frame import View, plain, showing_errors
from coverage.faces.dashboard.shell.session import Entry
from coverage.faces.words.targets_listing import period_name
from coverage.faces.words.unknowns import DASH
from coverage.ground import codes
from coverage.ground.errors import InputError
from coverage.ground.quantities import format_exact
from coverage.ground.texts import Language, Message, say
from coverage.places.importing import Asked, Preview, preview
from coverage.places.importing.import_targets import store
from coverage.places.importing.preview import OFFICE
from coverage.places.indicators import INDICATORS, indicator_of, unit_of
from coverage.places.periods import period_key
from coverage.places.roles import Role
from coverage.places.tables.column_cells import Ways
from coverage.places.targets import area_name, is_reported
from coverage.places.villages import regions
from coverage.places.workspace import Workspace

PERIOD_SAVED = Entry[str]("target-just-saved")
"""The period to show once, where something of it was just saved."""

_COLUMNS = ("indicator", "unit", "achieved", "target")
_AMOUNTS = ("achieved", "target")
_FILE = "capaian.csv"
_HEADERS = ("kode wilayah", "periode", "indikator", "satuan", "capaian", "target")
_FIRST_ROW = 2
_LONGEST = 60
_DECIMAL: dict[Language, Literal["koma", "titik"]] = {"id": "koma", "en": "titik"}


def edit(view: View, workspace: Workspace, period: str) -> None:
    """Show the figures of an area and period as a table to fill in, change and clear."""
    lang = view.lang
    if not allowed(Role.PLANNER, lang):
        return
    st.markdown(plain(say("targets.enter_about", lang)))
    left, right = st.columns(2)
    areas = _areas(view.region)
    area = left.selectbox(say("targets.satker", lang), areas, format_func=area_name, key=f"target-area-{view.region}")
    written = right.text_input(
        say("targets.column_period", lang),
        value=period,
        max_chars=_LONGEST,
        help=say("targets.period_help", lang),
        key=f"target-enter-period-{view.region}-{period}",
    )
    key = period_key(written)
    if not key or area is None:
        st.caption(plain(say("targets.fix_period", lang)))
        return
    st.caption(plain(say("targets.entering", lang, area=area_name(area), period=period_name(key, lang))))
    labels = {name: say(f"targets.column_{name}", lang) for name in _COLUMNS}
    shown = as_written(form_rows(workspace.targets(), area, key), lang)
    edited = st.data_editor(
        shown,
        hide_index=True,
        num_rows="dynamic",
        placeholder=DASH,
        key=f"targets-{area}-{key}-{workspace.state().changes}",
        # Amounts are text, read as an imported table is: a cell for numbers would take 1.250 for one and a quarter.
        column_config={
            **{name: st.column_config.TextColumn(label) for name, label in labels.items()},
        },
    )
    if st.button(say("targets.save", lang), type="primary", key="targets-save"):
        with showing_errors(lang):
            _save(workspace, changes(shown, edited, (area, key), lang), (area, key), lang)


def _areas(region: str) -> list[str]:
    """Give the region and the kabupaten/kota inside it, which have offices of their own; for a kecamatan its own."""
    if not is_reported(region):
        return [codes.ancestor(region, "regency")]
    inside = [kode for kode in regions().index if kode != region and codes.contains(region, str(kode))]
    return [region, *inside]


def form_rows(held: pd.DataFrame, area: str, period: str) -> pd.DataFrame:
    """Give the rows of the form: the usual indicators, filled in where a figure is held, then others that are held."""
    here = held[(held["area_kode"] == area) & (held["period"] == period)]
    empty = [one for one in INDICATORS if one.name not in set(here["indicator"])]
    blank = pd.DataFrame({"indicator": [one.name for one in empty], "unit": [one.unit for one in empty]}, dtype="str")
    rows = pd.concat([here[list(_COLUMNS)], blank], ignore_index=True).astype(dict.fromkeys(_AMOUNTS, "float64"))
    order = {one.name: place for place, one in enumerate(INDICATORS)}
    places = rows["indicator"].map(order).fillna(len(order)).sort_values(kind="stable")
    return rows.loc[places.index].reset_index(drop=True)


@dataclass(frozen=True)
class Changes:
    """What an edited form comes down to: new and changed rows as an import, their rows in the form, keys to remove."""

    found: Preview | None
    form_rows: tuple[int, ...]
    gone: tuple[tuple[str, ...], ...]


def as_written(rows: pd.DataFrame, lang: Language) -> pd.DataFrame:
    """Write the amounts as the reader does; empty where there is none."""
    written = {
        name: ["" if pd.isna(value) else format_exact(float(value), lang) for value in rows[name]] for name in _AMOUNTS
    }
    return rows.assign(**written)


def changes(shown: pd.DataFrame, edited: pd.DataFrame, place: tuple[str, str], lang: Language = "id") -> Changes:
    """Tell what an edited form would write, checked like a table that is imported, and what it takes out.

    A row without any amount says nothing; where it said something before, that figure goes.

    Parameters
    ----------
    shown, edited
        As :func:`as_written` gives them; rows count from 1.
    place
        Kode of the area, and period.
    lang
        Language in which the amounts are written: it decides what comma and full stop mean.
    """
    before = {_key(row, place): _words(row) for row in shown.to_dict("records") if _says(row)}
    after = {number: row for number, row in enumerate(edited.to_dict("records"), start=1) if _says(row)}
    kept = {_key(row, place) for row in after.values()}
    fresh = {number: _words(row) for number, row in after.items() if _words(row) != before.get(_key(row, place))}
    gone = tuple(key for key in before if key not in kept)
    if not fresh:
        return Changes(None, (), gone)
    table = pd.DataFrame([(*place, *words) for words in fresh.values()], columns=_HEADERS)
    content = table.to_csv(index=False, sep=";").encode()
    found = preview("targets", content, _FILE, Asked(ways=Ways(_DECIMAL[lang]), source=OFFICE))
    return Changes(found, tuple(fresh), gone)


def _says(row: dict[Hashable, Any]) -> bool:
    return any(not pd.isna(row[name]) and str(row[name]).strip() for name in _AMOUNTS)


def _words(row: dict[Hashable, Any]) -> tuple[str, ...]:
    """Give the cells of a row as a table to import holds them."""
    return tuple("" if pd.isna(row[name]) else str(row[name]).strip() for name in _COLUMNS)


def _key(row: dict[Hashable, Any], place: tuple[str, str]) -> tuple[str, ...]:
    name, unit, *_ = _words(row)
    indicator = indicator_of(name)
    return (*place, indicator.name, unit_of(indicator, unit))


def _save(workspace: Workspace, changed: Changes, place: tuple[str, str], lang: Language) -> None:
    """Write all of it, or tell every fault and write nothing."""
    found = changed.found
    if found is None and not changed.gone:
        raise InputError(Message.of("targets.nothing_changed"))
    if found is not None and found.faults:
        _show_faults(found, changed.form_rows, lang)
        raise InputError(Message.of("targets.not_saved", faults=len(found.faults)))
    if found is not None:
        store(found, workspace)
    for key in changed.gone:
        workspace.remove_target(key)
    rows = 0 if found is None else found.imported
    values = {"area": area_name(place[0]), "period": period_name(place[1], lang), "path": workspace.path.name}
    PERIOD_SAVED.put(place[1])
    SAVED.announce(say("targets.form_saved", lang, rows=rows, gone=len(changed.gone), **values))


def _show_faults(found: Preview, form_rows: Sequence[int], lang: Language) -> None:
    columns = ("row", "column", "value", "problem", "remedy")
    rows = [
        (form_rows[one.row - _FIRST_ROW], one.column, one.value, one.problem.text(lang), one.remedy.text(lang))
        for one in found.faults
    ]
    labels = [say(f"imports.fault_{name}", lang) for name in columns]
    st.dataframe(pd.DataFrame(rows, columns=labels), hide_index=True)
