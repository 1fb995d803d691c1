"""The letters of the office's files: embedded, so that names keep theirs on every printer."""

import unicodedata
from functools import cache
from pathlib import Path

import reportlab
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

__all__ = ["BOLD", "PLAIN", "drawable", "font_file", "one_line", "register"]

PLAIN, BOLD = "Vera", "VeraBd"
_FOLDER = Path(reportlab.__file__).parent / "fonts"
_UNKNOWN = "?"


def font_file(name: str) -> Path:
    """Give the file of :data:`PLAIN` or :data:`BOLD`; ReportLab ships them (Bitstream Vera, free to embed)."""
    return _FOLDER / f"{name}.ttf"


@cache
def register() -> frozenset[int]:
    """Make the letters known to ReportLab, and tell which characters they have."""
    for name in (PLAIN, BOLD):
        pdfmetrics.registerFont(TTFont(name, font_file(name)))
    pdfmetrics.registerFontFamily(PLAIN, normal=PLAIN, bold=BOLD, italic=PLAIN, boldItalic=BOLD)
    return frozenset(pdfmetrics.getFont(PLAIN).face.charToGlyph)


def one_line(text: str) -> str:
    r"""Put a text on one line, without characters that neither paper nor XML knows.

    Examples
    --------
    >>> one_line("BNN\x00P\n Sultra ")
    'BNNP Sultra'
    """
    shown = "".join(sign if _is_shown(sign) else " " if sign in "\t\n\r" else "" for sign in text)
    return " ".join(shown.split())


def drawable(text: str) -> str:
    """Write a text with the letters there are: one with an accent they lack becomes its plain letter.

    Examples
    --------
    >>> drawable("Šibā → Wua-Wua"), drawable("≤ 30 menit")
    ('Šiba ? Wua-Wua', '≤ 30 menit')
    """
    known = register()
    return "".join(sign if ord(sign) in known else _nearest(sign, known) for sign in one_line(text))


def _is_shown(sign: str) -> bool:
    return unicodedata.category(sign) not in {"Cc", "Cs", "Cn", "Co", "Cf", "Zl", "Zp"}


def _nearest(sign: str, known: frozenset[int]) -> str:
    plain = [part for part in unicodedata.normalize("NFKD", sign) if not unicodedata.combining(part)]
    return "".join(part if ord(part) in known else _UNKNOWN for part in plain)
