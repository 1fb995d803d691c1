"""Words that look alike, by the share of letters that two words have in common in the same order.

The measure is that of :mod:`difflib` (Ratcliff and Obershelp). What cannot reach it is left out beforehand by the
longest common subsequence, which is never smaller, and which RapidFuzz finds some hundred times faster.
"""

import difflib
import heapq
from collections.abc import Sequence
from functools import lru_cache

_KEPT = 65_536
_SLACK = 1e-4
"""RapidFuzz compares shares with less than full precision."""


def ratio(one: str, other: str) -> float:
    """Give how alike two words are, 0 to 1.

    Examples
    --------
    >>> ratio("mandonga", "mandoga"), ratio("kadia", "bende")
    (0.9333333333333333, 0.2)
    """
    return difflib.SequenceMatcher(None, one, other).ratio()


@lru_cache(maxsize=_KEPT)
def are_alike(one: str, other: str, least: float) -> bool:
    """Tell whether two words are alike by at least `least`."""
    if one == other:
        return True
    from rapidfuzz.distance import Indel  # noqa: PLC0415 - most calls spell everything right

    return Indel.normalized_similarity(one, other) >= least - _SLACK and ratio(one, other) >= least


def closest(word: str, words: Sequence[str], most: int, least: float) -> list[str]:
    """Give the words most like one word, the most alike first: what :func:`difflib.get_close_matches` gives.

    Parameters
    ----------
    words
        To choose from.
    most
        So many at most.
    least
        How alike they must be, 0 to 1.

    Examples
    --------
    >>> closest("mandoga", ["kadia", "mandonga", "bende"], 3, 0.75)
    ['mandonga']
    """
    from rapidfuzz import process  # noqa: PLC0415 - most calls spell everything right
    from rapidfuzz.distance import Indel  # noqa: PLC0415 - the same

    floor = least - _SLACK
    able = process.extract(word, words, scorer=Indel.normalized_similarity, score_cutoff=max(floor, 0.0), limit=None)
    if not able:
        return []
    matcher = difflib.SequenceMatcher(None, "", word)
    found = []
    for other, _, _ in able:
        matcher.set_seq1(other)
        if (share := matcher.ratio()) >= least:
            found.append((share, other))
    return [other for _, other in heapq.nlargest(most, found)]
