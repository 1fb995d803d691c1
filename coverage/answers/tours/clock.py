"""Time on a working shift: breaks stop driving, nights part no drive, and no visit begins that would run into either.

All functions take numbers or arrays of minutes on the shift's clock, which starts at midnight of its first day.
"""

from collections.abc import Sequence

import numpy as np

from coverage.ground.geometry import FloatArray

DAY_MIN = 24 * 60
Break = tuple[int, int]
Minutes = FloatArray | float


def is_night(pause: Break) -> bool:
    """Tell whether a break parts two days; one that begins or ends at midnight does so too.

    Examples
    --------
    >>> is_night((960, 1920)), is_night((1440, 1920)), is_night((690, 780))
    (True, True, False)
    """
    start, end = pause
    return max(start - 1, 0) // DAY_MIN < end // DAY_MIN


def day_number(at: float, breaks: Sequence[Break]) -> int:
    """Tell on which day of a shift, from 0, something happens: every night that is over makes one more."""
    return sum(at >= pause[1] for pause in breaks if is_night(pause))


def drive(leave: Minutes, minutes: Minutes, breaks: Sequence[Break]) -> FloatArray:
    """Tell when a drive arrives that rests through every break it meets; it is done before a night or begins after it.

    Nobody sleeps on a road or a ferry: a team that would not be there by evening stays where it is, and goes all the
    way on a later day.

    Examples
    --------
    >>> float(drive(660, 60, [(690, 780)])), float(drive(900, 90, [(960, 1920)]))
    (810.0, 2010.0)
    """
    at, whole = np.asarray(leave, dtype=np.float64), np.asarray(minutes, dtype=np.float64)
    rest = whole
    for start, end in breaks:
        at = np.where((at > start) & (at < end), end, at)
        split = (at <= start) & (rest > start - at)
        left = whole if is_night((start, end)) else rest - (start - at)
        rest, at = np.where(split, left, rest), np.where(split, end, at)
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
