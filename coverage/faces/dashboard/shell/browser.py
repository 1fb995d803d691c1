"""What the reader's browser keeps between two visits: the region, the language, and which session was theirs.

Cookies of this address, read when a session begins and written by a line of script. They hold kode, short words and
a random token only; nothing is kept of what was typed.
"""

import re

import streamlit as st

_PREFIX = "jangkau_"
_YEAR_S = 365 * 24 * 3600
_PLAIN = re.compile(r"[\w.-]*", re.ASCII)


def remembered(name: str) -> str:
    """Tell what the browser kept under a name; "" where that is nothing, or nothing of ours."""
    text: object = st.context.cookies.get(_PREFIX + name, "")
    # Where no browser is, as when a page is tested, Streamlit gives something that is no text.
    return text if isinstance(text, str) and _PLAIN.fullmatch(text) else ""


def keep(**values: str) -> None:
    """Let the browser keep values; they must consist of letters, digits, full stop, hyphen and underscore.

    Raises
    ------
    ValueError
        If one holds anything else: a fault of the program.
    """
    for text in values.values():
        if not _PLAIN.fullmatch(text):
            raise ValueError(f"not a value that a cookie of ours may hold: {text!r}")
    lines = "".join(
        f'document.cookie="{_PREFIX}{name}={text};path=/;max-age={_YEAR_S};samesite=lax";'
        for name, text in values.items()
    )
    st.html(f"<script>{lines}</script>", unsafe_allow_javascript=True)
