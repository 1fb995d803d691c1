"""Time on a working shift: breaks and nights stop driving, and no visit begins before one that it would run into.

All functions take numbers or arrays of minutes on the shift's clock, which starts at midnight of its first day.
"""

from collections.abc import Sequence

import numpy as np

from coverage.ground.geometry import FloatArray

DAY_MIN = 24 * 60
Break = tuple[int, int]
Minutes = FloatArray | float


def drive(leave: Minutes, minutes: Minutes, breaks: Sequence[Break]) -> FloatArray:
    """Tell when a drive arrives that rests through every break it meets.

    Examples
    --------
    >>> float(drive(660, 60, [(690, 780)]))
    810.0
    """
    at, rest = np.asarray(leave, dtype=np.float64), np.asarray(minutes, dtype=np.float64)
    for start, end in breaks:
        at = np.where((at > start) & (at < end), end, at)
        split = (at <= start) & (rest > start - at)
        rest, at = np.where(split, rest - (start - at), rest), np.where(split, end, at)
    return np.asarray(at + rest)


def begin(arrival: Minutes, service: Minutes, earliest: Minutes, breaks: Sequence[Break]) -> FloatArray:
    """Tell when a visit begins that waits for its window and does not run into a break.

    Examples
    --------
    >>> float(begin(600, 150, 0, [(690, 780)])), float(begin(540, 150, 0, [(690, 780)]))
    (780.0, 540.0)
    """
    at = np.maximum(np.asarray(arrival, dtype=np.float64), earliest)
    for start, end in breaks:
        at = np.where((at < end) & (at + service > start), end, at)
    return np.asarray(at)


def worked(start: float, end: float, breaks: Sequence[Break]) -> float:
    """Count the minutes from `start` to `end` that are not break.

    Examples
    --------
    >>> worked(660, 810, [(690, 780)])
    60.0
    """
    paused = sum(max(0.0, min(end, until) - max(start, since)) for since, until in breaks)
    return max(0.0, float(end) - float(start)) - paused
