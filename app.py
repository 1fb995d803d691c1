"""The dashboard's table of contents; ``python3 start.py`` opens it."""

import streamlit as st

from coverage.faces.dashboard import (
    data_page,
    frame,
    gaps_page,
    next_page,
    plan_page,
    targets_page,
    whatif_page,
)
from coverage.ground.texts import say

st.set_page_config(page_title="Jangkau", layout="wide")
lang = frame.language()
chosen = st.navigation(
    [
        st.Page(gaps_page.page, title=say("dashboard.gaps", lang), url_path="celah", default=True),
        st.Page(next_page.page, title=say("dashboard.next", lang), url_path="pokling"),
        st.Page(plan_page.page, title=say(plan_page.TITLE, lang), url_path="rencana"),
        st.Page(whatif_page.page, title=say("dashboard.whatif", lang), url_path="whatif"),
        st.Page(targets_page.page, title=say(targets_page.TITLE, lang), url_path="target"),
        st.Page(data_page.page, title=say("dashboard.data", lang), url_path="data"),
    ],
    expanded=True,
)
frame.sidebar(lang)
chosen.run()
