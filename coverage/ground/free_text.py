"""Signs that no text of a user may hold: they are not seen, and make what is seen say something else.

NUL and the other control characters, half characters (bytes that are not UTF-8), and the marks that turn the direction
of writing, by which "Rp 001" can be shown for "Rp 100", and the signs in which a whole text can be written so that
nobody sees it (tags, marks of notes between lines). Line breaks and tabs part words like blanks.
"""

import re

_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
)
_LONGEST_SHOWN = 60


def hidden_sign(text: str) -> str:
    r"""Name the first sign in a text that may not be there, "" where none is.

    Examples
    --------
    >>> hidden_sign("Klinik\u202eanuM"), hidden_sign("Klinik\x00"), hidden_sign("Klinik\nMuna – 3°59′")
    ('U+202E', 'U+0000', '')
    """
    if text.isprintable():
        # None of them is; most texts hold nothing else that is not.
        return ""
    found = _HIDDEN.search(text)
    return f"U+{ord(found[0]):04X}" if found else ""


def shown(value: object) -> str:
    r"""Shorten a text of a user for a sentence; line breaks and what could steer a terminal become blanks.

    Examples
    --------
    >>> shown("Klinik\n\x1b[2JMuna")
    'Klinik [2JMuna'
    """
    text = str(value)
    if not text.isprintable():
        text = "".join(sign if sign.isprintable() else " " for sign in text)
    if " " in text:
        text = " ".join(text.split())
    return text if len(text) <= _LONGEST_SHOWN else text[: _LONGEST_SHOWN - 1] + "…"
