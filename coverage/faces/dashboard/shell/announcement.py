"""Sentences that are said once, when the page is drawn the next time: what a form wrote is told where it stands."""

from dataclasses import dataclass

import streamlit as st

from coverage.faces.dashboard.shell.frame import plain
from coverage.faces.dashboard.shell.session import Entry


@dataclass(frozen=True)
class Announcement(Entry[str]):
    """A place of a page for a sentence that is said once."""

    def announce(self, text: str) -> None:
        """Draw the page again and say a sentence there."""
        self.put(text)
        st.rerun()

    def show(self, *, refused: bool = False) -> None:
        """Say what has been announced, as a success or as a refusal."""
        text = self.take()
        if text:
            (st.error if refused else st.success)(plain(text))
