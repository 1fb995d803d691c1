"""Keep what is tried on the page What-if IBM as scenarios, and lay up to three of them side by side."""

from dataclasses import replace

import streamlit as st

from coverage.answers.scenarios.compare import Comparison, compare, distinct
from coverage.answers.scenarios.figures import PARTS
from coverage.answers.scenarios.scenario import Scenario, checked
from coverage.answers.scenarios.stored_scenarios import held_names, held_scenario
from coverage.answers.scenarios.toml_file import scenario_from_toml, scenario_toml
from coverage.faces.dashboard.shell import panels, shared_answers
from coverage.faces.dashboard.shell.announcement import Announcement
from coverage.faces.dashboard.shell.frame import View, plain, showing_errors
from coverage.faces.dashboard.shell.mapview import show_map
from coverage.faces.dashboard.shell.session import Entry
from coverage.faces.files.sources import ListSource
from coverage.faces.maps.region_map import whatif_map
from coverage.faces.words.scenario_listing import comparison_list, gained_lines, scenario_notes, spelled
from coverage.ground.errors import PlannerError
from coverage.ground.texts import Language, say
from coverage.places.workspace import Workspace

_DRAFTS = Entry[dict[str, Scenario]]("scenarios", outlives_reload=True)
_CHOSEN = Entry[list[str]]("scenarios-chosen", outlives_reload=True)
_NAME = Entry[str]("scenario-name")
_NAME_REFUSED = Announcement("scenario-name-refused")
_NAME_OF_NOW = Entry[str]("scenario-now")
_MOST = 3


def keep(scenario: Scenario) -> None:
    """Keep a scenario in this session in place of the one of its name, and choose it for the comparison."""
    _DRAFTS.first({})[scenario.name] = scenario
    chosen = [name for name in _CHOSEN.get_or([]) if name != scenario.name]
    # The first stays: it is what the others are compared with.
    _CHOSEN.put([*chosen[:1], *[*chosen[1:], scenario.name][-(_MOST - 1) :]])


def show(view: View, base: Scenario) -> None:
    """Show what can be compared, and the comparison.

    Parameters
    ----------
    view
        What is looked at.
    base
        The page as a scenario; its name is that of the region as it is.
    """
    lang = view.lang
    st.subheader(say("dashboard.compare", lang), anchor=False)
    _keeping(base, lang)
    options = _options(base)
    # The region as it is has another name in the other language.
    was = _NAME_OF_NOW.get_or(base.name)
    _NAME_OF_NOW.put(base.name)
    chosen = [base.name if name == was else name for name in _CHOSEN.get_or([base.name])]
    _CHOSEN.put([name for name in chosen if name in options])
    names = st.multiselect(
        say("dashboard.compare_which", lang),
        list(options),
        key=_CHOSEN.key,
        max_selections=_MOST,
        placeholder=say("dashboard.compare_choose", lang),
        select_all=False,
    )
    if len(names) < 2:  # noqa: PLR2004 - a comparison needs two
        st.caption(plain(say("dashboard.compare_two", lang)))
        return
    with showing_errors(lang):
        _show_comparison([options[name] for name in names], view)


def _keeping(base: Scenario, lang: Language) -> None:
    # A form sends name and press together: apart, the press could be lost while the name is sent.
    with st.form("scenario-keep", border=False):
        left, right = st.columns([3, 1], vertical_alignment="bottom")
        left.text_input(
            say("dashboard.compare_name", lang), key=_NAME.key, max_chars=80, help=say("dashboard.compare_help", lang)
        )
        right.form_submit_button(
            say("dashboard.compare_keep", lang), on_click=_keep_named, args=(base, lang), width="stretch"
        )
    _NAME_REFUSED.show(refused=True)
    with st.expander(say("dashboard.compare_upload", lang)):
        for file in st.file_uploader(
            say("dashboard.compare_file", lang), type="toml", accept_multiple_files=True, label_visibility="collapsed"
        ):
            with showing_errors(lang):
                scenario = scenario_from_toml(file.getvalue(), file.name)
                _DRAFTS.first({}).setdefault(scenario.name, scenario)


def _keep_named(base: Scenario, lang: Language) -> None:
    try:
        keep(checked(replace(base, name=_NAME.get() or say("dashboard.compare_unnamed", lang))))
    except PlannerError as error:
        _NAME_REFUSED.put(error.text(lang))


def known(region: str) -> dict[str, Scenario]:
    """Give the scenarios of a region that were kept in this session or in the workspace, by name."""
    workspace = Workspace.open()
    held = [held_scenario(workspace, name) for name in held_names(workspace)]
    found = [one for one in (*_DRAFTS.get_or({}).values(), *held) if one.region == region]
    return dict(zip(distinct([one.name for one in found]), found, strict=True))


def _options(base: Scenario) -> dict[str, Scenario]:
    """Give what can be chosen for this region: as it is, then what is known."""
    found = [replace(base, add=(), close=(), move=()), *known(base.region).values()]
    return dict(zip(distinct([one.name for one in found]), found, strict=True))


def _show_comparison(scenarios: list[Scenario], view: View) -> None:
    lang = view.lang
    found = compare([shared_answers.scenario_answer(view, scenario) for scenario in scenarios])
    listing = comparison_list(found, lang)
    part = st.radio(
        say("dashboard.compare_part", lang),
        PARTS,
        format_func=lambda one: say(f"scenario.part_{one}", lang),
        horizontal=True,
        label_visibility="collapsed",
    )
    panels.table(spelled(listing, lang, part=part), lang, key="scenario-table")
    for line in gained_lines(found, lang):
        st.markdown(plain(line))
    _show_map(found, view)
    panels.downloads(ListSource(listing), lang, name=f"skenario-{view.region}")
    with st.container(horizontal=True, gap="small"):
        for name, scenario in zip(found.names, scenarios, strict=True):
            st.download_button(
                say("dashboard.compare_toml", lang, name=name),
                scenario_toml(scenario).encode(),
                file_name=f"{_file_name(name)}.toml",
                mime="application/toml",
                on_click="ignore",
            )
    for note in scenario_notes(found.answers[0], lang):
        st.caption(plain(note))


def _show_map(found: Comparison, view: View) -> None:
    """Draw who gains and who loses with one scenario against the first, once it is chosen: a map is heavy."""
    lang, others = view.lang, found.names[1:]
    name = st.selectbox(
        plain(say("dashboard.compare_map", lang, first=found.names[0])),
        others,
        index=None,
        key="scenario-map-of",
        placeholder=say("dashboard.compare_map_choose", lang),
    )
    if name is not None:
        show_map(whatif_map(found.changes[others.index(name)], shared_answers.ground(view), lang), key="scenario-map")


def _file_name(name: str) -> str:
    return "".join(sign if sign.isalnum() else "-" for sign in name).strip("-") or "skenario"
