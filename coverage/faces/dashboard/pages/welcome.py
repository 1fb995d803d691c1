"""The first minute: choose one's own area by name, and see in four steps what there is."""

import streamlit as st

from coverage.faces.dashboard.shell import browser, frame
from coverage.faces.dashboard.shell.frame import View, plain
from coverage.faces.dashboard.shell.session import Entry
from coverage.ground.texts import say

_OFF = "off"
_FIRST_REGION = Entry[str | None]("region-first")
_STEPS = (("gaps", "celah"), ("next", "pokling"), ("plan", "rencana"))


def show(view: View) -> None:
    """Welcome who has not chosen an area yet, and guide until the reader has seen enough."""
    chosen = frame.region_is_chosen()
    if chosen and guide_is_off():
        return
    lang = view.lang
    with st.container(border=True):
        if not chosen:
            st.markdown(f"**{plain(say('summary.welcome', lang))}**")
            labels = frame.region_labels(view.region)
            st.selectbox(
                say("summary.choose", lang),
                list(labels),
                index=None,
                format_func=labels.__getitem__,
                key=_FIRST_REGION.key,
                placeholder=say("dashboard.region_choose", lang),
                help=say("dashboard.region_help", lang),
                on_change=_choose,
            )
            left, right = st.columns([3, 1], vertical_alignment="center")
            left.caption(plain(say("summary.example", lang, region=view.region_name)))
            right.button(
                say("summary.use_example", lang, region=view.region_name), on_click=frame.choose_region, width="stretch"
            )
            return
        st.markdown(f"**{plain(say('summary.guide', lang))}**")
        for number, (page, key) in enumerate(_STEPS, start=1):
            left, right = st.columns([3, 1], vertical_alignment="center")
            left.markdown(plain(f"{number}) {say(f'summary.guide_{key}', lang)}"))
            with right:
                frame.link(page, lang)
        st.button(say("summary.guide_off", lang), on_click=_turn_off)


def guide_is_off() -> bool:
    """Tell whether the reader has sent the guide away, now or on an earlier visit."""
    return frame.GUIDE.get_or(browser.remembered(frame.GUIDE.key)) == _OFF


def _choose() -> None:
    code = _FIRST_REGION.get()
    if code is not None:
        frame.choose_region(code)


def _turn_off() -> None:
    frame.GUIDE.put(_OFF)
