"""How wide and how high the cells of a printed sheet must be to show their whole text on A4."""

import math
import textwrap
from collections.abc import Sequence

__all__ = ["BOLD", "PAGE_CHARS", "column_width", "fit_widths", "row_height"]

PAGE_CHARS = 160.0
"""Characters across a landscape A4 page at a size that reads well on paper."""

BOLD = 1.15
"""Width of bold letters relative to plain ones."""

_PADDING = 2.0
_WIDEST = 70
_SENTENCE = 40
_LONGEST_WORD = 24
_LETTER = 0.85
_LINE_PT = 15.0
_MARGIN_PT = 5.0
_HIGHEST_PT = 409.0


def column_width(label: str, texts: Sequence[str]) -> tuple[float, float]:
    """Tell the least and the best width of a column, in characters.

    At the best width a cell of usual length needs one line; at the least width no usual word is broken, and
    long sentences still read as sentences.

    Examples
    --------
    >>> column_width("No.", ["1", "12"])
    (6.0, 6.0)
    >>> column_width("Kecamatan", ["Lubuk Linggau Selatan II", "Abeli"])
    (13.0, 26.0)
    """
    label_word = math.ceil(max((len(word) for word in label.split()), default=0) * BOLD)
    text_word = max((len(word) for text in texts for word in text.split()), default=0)
    line = max((len(line) for text in texts for line in text.splitlines()), default=0)
    best = max(label_word, min(line, _WIDEST))
    least = max(label_word, min(text_word, _LONGEST_WORD), _SENTENCE if line > _WIDEST else 0)
    return float(min(least, best)) + _PADDING, float(best) + _PADDING


def fit_widths(ranges: Sequence[tuple[float, float]], page: float = PAGE_CHARS) -> list[float]:
    """Give each column its best width if the page holds them all, else take from each what it can spare.

    Examples
    --------
    >>> fit_widths([(10, 10), (10, 50)], page=40)
    [10.0, 30.0]
    """
    least = sum(low for low, _ in ranges)
    best = sum(high for _, high in ranges)
    if best <= page:
        return [float(high) for _, high in ranges]
    share = max(0.0, (page - least) / (best - least)) if best > least else 0.0
    return [low + (high - low) * share for low, high in ranges]


def row_height(texts: Sequence[str], widths: Sequence[float], *, least: float = 0.0, scale: float = 1.0) -> float:
    """Tell the height in points at which every text of a row shows all its lines.

    Parameters
    ----------
    texts, widths
        Text of each cell and width of its column in characters.
    least
        Height in points below which the row must not go, so that a hand can write in it.
    scale
        Size of the letters relative to that of the table.

    Examples
    --------
    >>> row_height(["Kec. Abeli"], [12])
    20.0
    >>> row_height(["dua baris di sini"], [12])
    35.0
    """
    lines = max((_lines(text, width / scale) for text, width in zip(texts, widths, strict=True)), default=1)
    return min(max(lines * _LINE_PT * scale + _MARGIN_PT, least), _HIGHEST_PT)


def _lines(text: str, width: float) -> int:
    # Widths count digits, and letters are narrower on average; the padding is not for text.
    room = max(int((width - _PADDING) / _LETTER), 1)
    return sum(max(len(textwrap.wrap(line, room)), 1) for line in text.splitlines()) or 1
