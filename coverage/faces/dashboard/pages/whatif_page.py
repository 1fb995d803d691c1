"""Page "What-if IBM": what a new, closed or moved unit changes."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st

from coverage.answers.gaps import GapReport, gaps
from coverage.answers.scenarios.scenario import Scenario, of_study
from coverage.answers.study import Study
from coverage.answers.travel import travel_notes
from coverage.answers.whatif import UnitChanges, WhatIf, between, changed_study
from coverage.faces.dashboard.pages import report_panel, scenario_panel, siting_panel
from coverage.faces.dashboard.shell import frame, panels, shared_answers
from coverage.faces.dashboard.shell.bases import base_name
from coverage.faces.dashboard.shell.frame import View, plain
from coverage.faces.dashboard.shell.mapview import clicked_before, show_map
from coverage.faces.dashboard.shell.session import EntryPer, Slot
from coverage.faces.files.sources import ListSource
from coverage.faces.maps.region_map import gap_map, whatif_map
from coverage.faces.words import answer_listings
from coverage.ground import codes
from coverage.ground.quantities import format_number
from coverage.ground.texts import Language, say
from coverage.places.units import find_unit
from coverage.places.villages import find_village
from coverage.travel.reach import STATES

_ADD = EntryPer[list[str] | None]("add-{region}")
_CLOSE = EntryPer[list[str] | None]("close-{region}")
_MAP = "whatif-map"
_BETWEEN = ";"
_NEW = "ibm-"


def page() -> None:
    """Show the page."""
    frame.show(_render)


def current(view: View) -> dict[str, Scenario]:
    """Give the units that stand on the page as a scenario by its name; nothing where there are none."""
    add = tuple(_ADD.of(view.region).get() or ())
    name = say("dashboard.whatif", view.lang)
    return {name: Scenario(name, view.region, view.cutoff_min, add=add)} if add else {}


def _render(view: View) -> None:
    lang = view.lang
    report = shared_answers.gap_report(view)
    study = report.study
    head = st.container()
    add, close, move = _controls(view, study)
    frame.write_address(view, add=_BETWEEN.join(add), close=_BETWEEN.join(close))
    changed = changed_study(study, UnitChanges(add, close, move))
    base = replace(
        of_study(study, say("dashboard.compare_now", lang), view.cutoff_min, add=add),
        close=tuple(sorted(close)),
        move=tuple(sorted(move.items())),
    )
    siting_panel.show(view, changed, base, partial(_use, _ADD.of(view.region)))
    if changed is study:
        _before(report, view, head)
    else:
        _after(between(report, gaps(changed, view.cutoff_min, allow_no_units=True)), view, head)
    scenario_panel.show(view, base)
    here = replace(base, name=say("report.panel_here", lang))
    report_panel.show(view, scenarios=() if changed is study else (here,))


def _use(added: Slot[list[str] | None], villages: list[str]) -> None:
    added.put(villages)


def _after(answer: WhatIf, view: View, head: Any) -> None:
    lang = view.lang
    study = answer.before.study
    with head:
        frame.title(answer_listings.whatif_title(answer, lang), view)
        panels.neighbours(answer.before.study, lang)
    _figures(answer, lang)
    show_map(whatif_map(answer, shared_answers.ground(view), lang), key=_MAP)
    panels.source_line(study, lang)
    for note in travel_notes(study):
        st.caption(plain(note.text(lang)))
    _tables(answer, view)


def _before(report: GapReport, view: View, head: Any) -> None:
    lang = view.lang
    with head:
        frame.title(say("dashboard.whatif_start", lang, region=report.study.region.name), view)
        if report.study.units.empty:
            st.info(plain(say("dashboard.whatif_no_units", lang, region=view.region_name)))
        else:
            panels.neighbours(report.study, lang)
    panels.gap_figures(report, lang)
    show_map(gap_map(report, shared_answers.ground(view), lang), key=_MAP)
    panels.source_line(report.study, lang)


def _controls(view: View, study: Study) -> tuple[list[str], list[str], dict[str, str]]:
    lang, region = view.lang, view.region
    names = shared_answers.village_names(view)
    added, closed = _ADD.of(region), _CLOSE.of(region)
    frame.asked_here(view, added, _each(lambda text: find_village(text, region)), name="add")
    frame.asked_here(view, closed, _each(lambda text: find_unit(study.units, text)), name="close")
    for widget in (added, closed):
        frame.stop_if_refused(widget)
    known = set(study.units.index)
    still_known = [id_ for id_ in closed.get() or [] if id_ in known]
    closed.put(still_known)
    added.put(_with_click(added.get() or [], names))

    def unit_name(id_: str) -> str:
        return base_name(study, id_)

    add = st.multiselect(
        say("dashboard.add", lang),
        list(names),
        format_func=names.__getitem__,
        key=added.key,
        placeholder=say("dashboard.add_choose", lang),
        help=say("dashboard.add_help", lang),
        select_all=False,  # else Enter on a name adds every village that matches
        persist_state="session",
    )
    with st.expander(say("dashboard.close_or_move", lang), expanded=bool(still_known)):
        close = st.multiselect(
            say("dashboard.close", lang),
            list(study.units.index),
            format_func=unit_name,
            key=closed.key,
            placeholder=say("dashboard.unit_choose", lang),
            select_all=False,
            persist_state="session",
        )
        left, right = st.columns(2)
        moved = left.selectbox(
            say("dashboard.move", lang),
            [id_ for id_ in study.units.index if id_ not in close],
            index=None,
            format_func=unit_name,
            key=f"move-{region}",
            placeholder=say("dashboard.unit_choose", lang),
        )
        to = right.selectbox(
            say("dashboard.move_to", lang),
            list(names),
            index=None,
            format_func=names.__getitem__,
            key=f"move-to-{region}",
            placeholder=say("dashboard.village_choose", lang),
        )
    return list(add), list(close), {moved: to} if moved and to else {}


def _each(find: Callable[[str], str]) -> Callable[[str], list[str]]:
    return lambda text: [find(one) for one in text.split(_BETWEEN) if one.strip()]


def _with_click(added: list[str], names: dict[str, str]) -> list[str]:
    """Add the village that was clicked, or take it out again."""
    click = clicked_before(_MAP)
    kode = click.id.removeprefix(_NEW)[: codes.LENGTH_OF["village"]] if click is not None else ""
    if kode not in names:
        return added
    return [one for one in added if one != kode] if kode in added else [*added, kode]


def _figures(answer: WhatIf, lang: Language) -> None:
    before: dict[str, Any] = answer.before.summary()
    after: dict[str, Any] = answer.after.summary()
    shown = [
        _difference(
            say(f"columns.{state}", lang), before[state], after[state], lang, good=1 if state == STATES[0] else -1
        )
        for state in STATES
    ]
    if before["population_covered"] is not None:
        people = say("dashboard.population_covered", lang)
        shown.append(_difference(people, before["population_covered"], after["population_covered"], lang, good=1))
    panels.figures(shown)


def _difference(label: str, before: float, after: float, lang: Language, *, good: int) -> panels.Figure:
    change = after - before
    sign = "+" if change > 0 else "−" if change < 0 else "±"
    more = say("dashboard.difference", lang, change=f"{sign}{format_number(abs(change), lang)}", before=before)
    return panels.Figure(label, format_number(after, lang), more, better=change * good > 0 if change else None)


def _tables(answer: WhatIf, view: View) -> None:
    lang = view.lang
    made = {
        "newly_covered": answer_listings.whatif_regencies(answer, lang),
        "no_longer_covered": answer_listings.whatif_regencies(answer, lang, lost=True),
        "changes": answer_listings.whatif_villages(answer, lang),
    }
    tabs = st.tabs([say(f"dashboard.tab_{name}", lang) for name in made])
    for tab, (name, listing) in zip(tabs, made.items(), strict=True):
        with tab:
            if listing.frame.empty:
                st.caption(plain(say(f"dashboard.none_{name}", lang)))
                continue
            panels.table(listing, lang, key=f"whatif-{name}", without=("kode",) if name == "changes" else ())
            study = answer.before.study
            areas = partial(answer_listings.with_areas, listing, study) if name == "changes" else None
            source = ListSource(listing, areas=areas)
            panels.downloads(source, lang, name=f"whatif-{name}-{view.region}", study=study)
