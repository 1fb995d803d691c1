"""The words of a map's tooltips as few bytes: each word once, and for each area the numbers of its words.

``static/map/areas.js`` puts them together again.
"""

from collections.abc import Sequence
from itertools import zip_longest

import numpy as np

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"

# The parts of a line stand with colons between them. What repeats among areas is worth a part of its own: a duration, a
# unit.
TooltipLine = str | tuple[str, ...]


def in_words(tooltips: Sequence[Sequence[TooltipLine]]) -> tuple[list[str], list[list[tuple[int, str]]]]:
    """Give every word of all tooltips a number.

    Parameters
    ----------
    tooltips
        The lines of each area.

    Returns
    -------
    list of str
        Every word once; number 0 is no word.
    list of list of tuple
        The parts of each line: how many base 36 digits a number has, and the numbers of all areas one behind the other.

    Examples
    --------
    >>> in_words([[("20 mnt", "Klinik A"), "terjangkau"], [("35 mnt", "Klinik A")]])
    (['', '20 mnt', '35 mnt', 'Klinik A', 'terjangkau'], [[(1, '12'), (1, '33')], [(1, '40')]])
    """
    numbers: dict[str, int] = {"": 0}
    lines = []
    for line in zip_longest(*tooltips, fillvalue=""):
        parts = zip_longest(*((one,) if isinstance(one, str) else one for one in line), fillvalue="")
        lines.append([_digits([numbers.setdefault(word, len(numbers)) for word in part]) for part in parts])
    return list(numbers), lines


def _digits(numbers: Sequence[int]) -> tuple[int, str]:
    width = len(np.base_repr(max(numbers, default=0), len(DIGITS)))
    written = {number: np.base_repr(number, len(DIGITS)).lower().rjust(width, "0") for number in set(numbers)}
    return width, "".join(map(written.__getitem__, numbers))
