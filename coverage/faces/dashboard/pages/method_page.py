"""Page "Metode": how the answers come about, and what the shipped data are."""

import streamlit as st

from coverage.answers.pokling import PARTS, Rules
from coverage.faces.dashboard.shell import frame, panels
from coverage.faces.dashboard.shell.frame import View, plain
from coverage.ground.quantities import format_percent
from coverage.ground.registry import entries
from coverage.ground.texts import Language, say

_TOPICS = ("reach", "boundaries", "travel", "population", "limits")


def page() -> None:
    """Show the page."""
    frame.show(_render)


def _render(view: View) -> None:
    frame.write_address(view)
    frame.title(say("dashboard.method_page", view.lang), view)
    method, sources = st.tabs([say("dashboard.tab_method", view.lang), say("dashboard.tab_sources", view.lang)])
    with method:
        _method(view.lang)
    with sources:
        _sources(view.lang)


def _sources(lang: Language) -> None:
    st.markdown(plain(say("dashboard.sources_about", lang)))
    held = entries().values()
    names = ("title", "source", "version", "licence", "attribution", "note")
    panels.word_table({name: [getattr(entry, name) for entry in held] for name in names}, lang)


def _method(lang: Language) -> None:
    for name in _TOPICS:
        st.subheader(plain(say(f"dashboard.method_{name}_title", lang)), anchor=False)
        st.markdown(plain(say(f"dashboard.method_{name}", lang)))
    st.subheader(plain(say("dashboard.method_score_title", lang)), anchor=False)
    st.markdown(plain(say("dashboard.method_score", lang)))
    weights = Rules().weights
    panels.word_table(
        {
            "part": [say(f"dashboard.weight_{part}", lang) for part in PARTS],
            "weight": [format_percent(weights[part], lang, decimals=0) for part in PARTS],
            "meaning": [say(f"dashboard.meaning_{part}", lang) for part in PARTS],
        },
        lang,
    )
