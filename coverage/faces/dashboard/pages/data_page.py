"""Page "Data": what an office puts in, and what has been published."""

from typing import Any

import pandas as pd
import streamlit as st

from coverage.answers.study import Study
from coverage.faces.dashboard.office import log_panel
from coverage.faces.dashboard.pages import (
    boundary_forms,
    ferry_forms,
    import_forms,
    road_forms,
    speed_forms,
    workspace_forms,
)
from coverage.faces.dashboard.shell import frame, panels, shared_answers
from coverage.faces.dashboard.shell.frame import View, plain
from coverage.faces.dashboard.shell.mapview import clicked_before, show_map
from coverage.faces.dashboard.shell.session import Entry, EntryPer
from coverage.faces.maps.region_map import gap_map
from coverage.ground.quantities import format_number
from coverage.ground.texts import Language, say
from coverage.places.published import client_totals
from coverage.places.roles import sign_in_needed
from coverage.places.villages import mask_in_region

_MAP = "data-map"
_MAP_PX = 400
_TABS = ("units", "import", "visits", "ferries", "speeds", "roads", "boundaries", "published")
_ON_A_SERVER = ("log",)
_OPEN_TAB = Entry[str]("data-tab")
_TAB_LABEL = EntryPer[str]("data-tabs-{lang}")
_VILLAGE = EntryPer[str]("data-village-{region}")


def page() -> None:
    """Show the page."""
    frame.show(_render)


def _render(view: View) -> None:
    lang = view.lang
    asked = st.query_params.get("tab")
    frame.write_address(view, tab=_named(asked or _OPEN_TAB.get()))
    study = shared_answers.study(view)
    _head(study, view)
    workspace_forms.SAVED.show()
    tabs = _tabs(lang, asked)
    frame.write_address(view, tab=_named(_OPEN_TAB.get()))
    with tabs["units"]:
        _map(view)
        workspace_forms.edit_units(study, view)
    with tabs["import"]:
        import_forms.import_table(view)
    with tabs["visits"]:
        workspace_forms.record_visit(study, view)
    with tabs["ferries"]:
        ferry_forms.edit_ferries(view)
    with tabs["speeds"]:
        speed_forms.edit_speeds(view)
    with tabs["roads"]:
        road_forms.roads(view)
    with tabs["boundaries"]:
        boundary_forms.boundaries(study, view)
    with tabs["published"]:
        _published(lang)
    if "log" in tabs:
        with tabs["log"]:
            log_panel.show(lang)


def _named(tab: str | None) -> str:
    """Name a tab for the address; the first one stays out of it."""
    return "" if tab in {None, _TABS[0]} else str(tab)


def _tabs(lang: Language, asked: str | None) -> dict[str, Any]:
    """Show the tabs; the one that is open stays so after saving, in another region, and in the other language.

    The address may ask for one of them: a link from another page, or what was open before a reload.
    """
    names = (*_TABS, *_ON_A_SERVER) if sign_in_needed() else _TABS
    labels = {name: say(f"dashboard.tab_{name}", lang) for name in names}
    label = _TAB_LABEL.of(lang)
    if asked in labels and asked != _OPEN_TAB.get():
        label.put(labels[asked])
    label.first(labels.get(_OPEN_TAB.get_or(_TABS[0]), labels[_TABS[0]]))
    tabs = dict(zip(names, st.tabs(list(labels.values()), key=label.key, on_change="rerun"), strict=True))
    _OPEN_TAB.put(next((name for name, tab in tabs.items() if tab.open), _TABS[0]))
    return tabs


def _head(study: Study, view: View) -> None:
    lang = view.lang
    inside = study.units[study.units["in_region"]]
    open_ones = int((inside["location_quality"] == "belum diverifikasi").sum())
    key = "data_title" if open_ones else "data_title_known" if len(inside) else "data_title_none"
    frame.title(say(f"dashboard.{key}", lang, units=len(inside), unverified=open_ones, region=study.region.name), view)
    visits = mask_in_region(pd.Index(study.visits["kode"]), study.region.code).sum()
    shown = {
        "units": len(inside),
        "units_outside": len(study.units) - len(inside),
        "visits": int(visits),
        "ferries": len(shared_answers.ferries(view).frame),
    }
    panels.figures(
        panels.Figure(say(f"dashboard.figure_{name}", lang), format_number(number, lang))
        for name, number in shown.items()
    )


def _map(view: View) -> None:
    lang = view.lang
    report = shared_answers.gap_report(view)
    picked = _VILLAGE.of(view.region)
    click = clicked_before(_MAP)
    if click is not None and click.id in report.villages.index:
        picked.put(click.id)
    chosen = picked.get()
    show_map(gap_map(report, shared_answers.ground(view), lang, selected=chosen), key=_MAP, height=_MAP_PX)
    panels.source_line(report.study, lang)
    if chosen is None:
        st.caption(plain(say("dashboard.kode_hint", lang)))
    else:
        row: Any = report.villages.loc[chosen]
        place = say("dashboard.kode_of", lang, name=row["name"], kode=chosen, lat=f"{row['lat']}", lon=f"{row['lon']}")
        st.markdown(plain(place))


def _published(lang: Language) -> None:
    st.markdown(plain(say("dashboard.published_about", lang)))
    totals = client_totals()
    low, high = totals["count_min"], totals["count_max"]
    panels.word_table(
        {
            "area": totals["area"],
            "period": totals["period"],
            "service": totals["service"],
            "clients": [
                format_number(a, lang) if a == b else f"{format_number(a, lang)}–{format_number(b, lang)}"
                for a, b in zip(low, high, strict=True)
            ],
            "source": totals["source"],
        },
        lang,
    )
