"""Page "Celah layanan": who is out of reach."""

from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from coverage.answers.catchments import Catchment
from coverage.answers.gaps import GapReport
from coverage.answers.journey import Journey, journey, why_cut_off
from coverage.faces.dashboard.shell import address, frame, panels, shared_answers
from coverage.faces.dashboard.shell.frame import View, plain
from coverage.faces.dashboard.shell.mapview import clicked_before, show_map
from coverage.faces.dashboard.shell.session import Entry, EntryPer
from coverage.faces.files.sources import ListSource
from coverage.faces.maps.region_map import gap_map
from coverage.faces.words import answer_listings
from coverage.faces.words.journey_legs import leg_lines
from coverage.faces.words.unit_facts import unit_facts
from coverage.ground.quantities import format_duration, format_km
from coverage.ground.texts import Language, say
from coverage.places.population import ESTIMATE, is_estimate
from coverage.places.units import find_unit
from coverage.places.villages import find_village

_MAP = "gap-map"
_VILLAGE = EntryPer[str | None]("gap-village-{region}")
_UNIT = EntryPer[str | None]("gap-reach-{region}")
_UNIT_CLICKED = Entry[str]("gap-unit-clicked")


def page() -> None:
    """Show the page."""
    frame.show(_render)


def _render(view: View) -> None:
    lang = view.lang
    report = shared_answers.gap_report(view)
    units = report.study.units
    frame.asked_here(view, _VILLAGE.of(view.region), lambda text: find_village(text, view.region), name="village")
    if not units.empty:
        frame.asked_here(view, _UNIT.of(view.region), lambda text: find_unit(units, text), name="unit")
    _remember(view)
    no_units = report.study.units.empty
    if no_units:
        frame.title(say("dashboard.gaps_no_units", lang, region=view.region_name), view)
    else:
        frame.title(answer_listings.gap_title(report, lang), view)
        panels.neighbours(report.study, lang)
    panels.gap_figures(report, lang)
    if no_units:
        st.info(plain(say("dashboard.no_units", lang, region=view.region_name)))
    _map_and_village(view, report)
    if no_units:
        _villages(report, view)
        return
    _tables(view, report)
    panels.notes(report.notes, lang, label=say("dashboard.notes", lang))


def _remember(view: View) -> None:
    """Write the village and the unit that are told of into the address, too."""
    chosen = {"village": _VILLAGE.of(view.region).get(), "unit": _UNIT.of(view.region).get()}
    frame.write_address(view, **{name: one or "" for name, one in chosen.items()})


@frame.part
def _map_and_village(view: View, report: GapReport) -> None:
    """Show the map and what is told of a village or a unit; a click on either runs this alone."""
    lang = view.lang
    picked = _VILLAGE.of(view.region)
    click = clicked_before(_MAP)
    if click is not None and click.kind == "area" and click.id in report.villages.index:
        picked.put(click.id)
    address.send(picked)
    if click is not None and click.kind == "marker":
        _UNIT_CLICKED.put(click.id)
    wide, narrow = st.columns([3, 1])
    with narrow:
        names = shared_answers.village_names(view)
        chosen = st.selectbox(
            say("dashboard.village", lang),
            list(names),
            index=None,
            format_func=names.__getitem__,
            key=picked.key,
            placeholder=say("dashboard.village_choose", lang),
        )
        frame.stop_if_refused(picked)
        if chosen is None:
            st.caption(plain(say("dashboard.click_hint", lang)))
        else:
            _facts(report, chosen, lang)
    with wide:
        # The map stands above what is chosen below it, and shows it.
        above = st.container()
        panels.source_line(report.study, lang)
        left, right = st.columns(2)
        with left:
            reach = None if report.study.units.empty else _reach(report, view)
        with right:
            way = None if chosen is None else _way(report, chosen, lang)
        with above:
            show_map(
                gap_map(report, shared_answers.ground(view), lang, selected=chosen, way=way, reach=reach), key=_MAP
            )
    _remember(view)


def _facts(report: GapReport, kode: str, lang: Language) -> None:
    row: Any = report.villages.loc[kode]
    facts = [say("dashboard.fact_place", lang, kind=row["kind"], district=row["district"], regency=row["regency"])]
    if row["nearest_name"]:
        facts.append(
            say(
                "dashboard.fact_nearest",
                lang,
                unit=row["nearest_name"],
                minutes=format_duration(row["travel_min"], lang),
                km=format_km(row["travel_km"], lang),
                state=say(f"general.{row['state']}", lang),
            )
        )
    elif not report.study.units.empty:
        why = why_cut_off(report.study, kode)
        facts.append(say("dashboard.fact_not_connected", lang) if why is None else why.text(lang))
    if kode in report.detours.index:
        facts.append(say("dashboard.fact_detour", lang, times=round(float(report.detours[kode]), 1)))
    if row["ferry_legs"]:
        facts.append(say("dashboard.fact_ferries", lang, ferries=int(row["ferry_legs"])))
    if row["responsible_unit"]:
        facts.append(
            say(
                "dashboard.fact_responsible",
                lang,
                unit=row["responsible_name"] or row["responsible_unit"],
                minutes=format_duration(row["responsible_min"], lang),
            )
        )
    facts.append(_population(row, lang))
    if row["vulnerability"]:
        facts.append(say("dashboard.fact_vulnerability", lang, grade=row["vulnerability"]))
    with st.container(border=True):
        st.markdown(f"**{plain(row['name'])}** ({kode})")
        for fact in facts:
            st.markdown(plain(fact))


def _population(row: Any, lang: Language) -> str:
    if pd.isna(row["population"]):
        return say("dashboard.fact_no_population", lang)
    source = str(row["population_source"])
    if is_estimate(source):
        source = source.removesuffix(ESTIMATE) + say("general.estimate", lang)
    return say("dashboard.fact_population", lang, people=float(row["population"]), source=source)


def _way(report: GapReport, kode: str, lang: Language) -> Journey | None:
    """Tell the way to the nearest unit leg by leg."""
    unit = str(report.villages.at[kode, "nearest_unit"])
    if not unit:
        return None
    found = journey(report.study, kode, unit)
    with st.container(border=True):
        st.markdown(f"**{plain(say('dashboard.way', lang, unit=found.destination.name))}**")
        st.markdown("\n".join(f"{number}. {plain(leg)}" for number, leg in enumerate(leg_lines(found, lang), start=1)))
    return found


def _reach(report: GapReport, view: View) -> Catchment | None:
    """Offer the catchment of a unit, and tell what its steps hold."""
    lang = view.lang
    units = report.study.units
    click = _UNIT_CLICKED.take()
    widget = _UNIT.of(view.region)
    if click in units.index:
        widget.put(click)
    unit = st.selectbox(
        say("dashboard.reach", lang),
        list(units.index),
        index=None,
        format_func=lambda id_: str(units.at[id_, "name"]),
        key=widget.key,
        placeholder=say("dashboard.reach_choose", lang),
        help=say("dashboard.reach_help", lang),
    )
    frame.stop_if_refused(widget)
    if unit is None:
        return None
    panels.lines(unit_facts(units.loc[unit], lang))
    found = shared_answers.reach(view, unit)
    for step in found.bands.itertuples():
        key = "catchment.step" if pd.notna(step.population) else "catchment.step_villages"
        line = say(key, lang, cutoff_min=step.cutoff_min, villages=step.villages, population=step.population)
        st.markdown(plain(line))
    st.caption(plain(say("catchment.note", lang)))
    return found


def _villages(report: GapReport, view: View) -> None:
    """List the villages alone: without a unit, no state of theirs is a finding."""
    listing = answer_listings.village_list(report.study, view.lang)
    panels.table(listing, view.lang, key="gap-only-villages", without=("lat", "lon", "province", "population_source"))
    name = f"{say('dashboard.file_villages', view.lang)}-{view.region}"
    source = ListSource(listing, areas=partial(answer_listings.with_areas, listing, report.study))
    panels.downloads(source, view.lang, name=name, study=report.study)


@frame.part
def _tables(view: View, report: GapReport) -> None:
    """Show the table whose tab is open; the others are made when somebody opens them."""
    lang = view.lang
    made = {
        "regency": answer_listings.gap_regencies,
        "district": answer_listings.gap_districts,
        "responsible": answer_listings.gap_responsible,
        "villages": answer_listings.gap_villages,
    }
    labels = [say(f"dashboard.tab_{name}", lang) for name in made]
    # One kab/kota has one row by kab/kota: there the villages are what is looked for.
    first = labels[0] if report.study.region.level == "province" else labels[-1]
    tabs = st.tabs(labels, default=first, key=f"gap-tabs-{view.region}", on_change="rerun")
    for tab, label, (name, make) in zip(tabs, labels, made.items(), strict=True):
        if not tab.open:
            continue
        with tab:
            listing = make(report, lang)
            if listing.frame.empty:
                st.caption(plain(say("dashboard.no_working_area", lang)))
                continue
            villages = name == "villages"
            hidden = ("lat", "lon", "province", "nearest_unit", "responsible_unit", "population_source")
            panels.table(listing, lang, key=f"gap-{name}", without=hidden if villages else ())
            areas = partial(answer_listings.with_areas, listing, report.study) if villages else None
            panels.downloads(
                ListSource(listing, areas=areas),
                lang,
                name=f"{say('dashboard.file_gaps', lang)}-{say(f'dashboard.file_{name}', lang)}-{view.region}",
                what=label,
                study=report.study,
            )
