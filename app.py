"""The dashboard's table of contents; ``python3 start.py`` opens it."""

import streamlit as st

from coverage.faces.dashboard.office import sign_in
from coverage.faces.dashboard.pages import (
    data_page,
    gaps_page,
    method_page,
    next_page,
    plan_page,
    summary_page,
    targets_page,
    whatif_page,
)
from coverage.faces.dashboard.shell import frame, sidebar
from coverage.ground.texts import say

st.set_page_config(page_title="Jangkau", layout="wide")
lang = frame.language()
person = sign_in.gate(lang)
chosen = frame.navigation(
    {
        "summary": st.Page(summary_page.page, title=say(summary_page.TITLE, lang), url_path="ringkasan", default=True),
        "gaps": st.Page(gaps_page.page, title=say("dashboard.gaps", lang), url_path="celah"),
        "next": st.Page(next_page.page, title=say("dashboard.next", lang), url_path="pokling"),
        "plan": st.Page(plan_page.page, title=say(plan_page.TITLE, lang), url_path="rencana"),
        "whatif": st.Page(whatif_page.page, title=say("dashboard.whatif", lang), url_path="whatif"),
        "targets": st.Page(targets_page.page, title=say(targets_page.TITLE, lang), url_path="target"),
        "data": st.Page(data_page.page, title=say("dashboard.data", lang), url_path="data"),
        "method": st.Page(method_page.page, title=say("dashboard.method", lang), url_path="metode"),
    }
)
sidebar.show(lang)
sign_in.badge(person, lang)
chosen.run()
