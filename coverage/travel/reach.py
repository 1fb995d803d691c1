"""The cutoff is inclusive: the one place that compares minutes of travel with a cutoff.

Who travels exactly the cutoff is within it; who is not connected (``inf``) is within none, however long. What counts,
paints, weighs or writes by a cutoff or by classes of minutes asks here; a test forbids comparing elsewhere.
Times of a clock, a working day and the spacing of sites are other rules, and stand where they apply.
"""

import math
import sys
from collections.abc import Sequence
from typing import overload

import numpy as np

from coverage.ground.errors import InputError
from coverage.ground.geometry import BoolArray, FloatArray, IntArray
from coverage.ground.texts import Message

STATES = ("covered", "beyond_cutoff", "not_connected")
DEFAULT_CUTOFF_MIN = 60.0
_MAX_CUTOFF_MIN = 24 * 60.0


def check_cutoff(cutoff_min: float) -> float:
    """Check a cutoff in minutes.

    Raises
    ------
    InputError
        If it is not above 0 and at most 24 hours.
    """
    if not math.isfinite(cutoff_min) or not 0 < cutoff_min <= _MAX_CUTOFF_MIN:
        raise InputError(Message.of("gaps.bad_cutoff", value=cutoff_min, limit=_MAX_CUTOFF_MIN))
    return cutoff_min


@overload
def within(minutes: float, cutoff_min: float) -> bool: ...
@overload
def within(minutes: FloatArray, cutoff_min: float) -> BoolArray: ...
def within(minutes: FloatArray | float, cutoff_min: float) -> BoolArray | bool:
    """Tell who travels at most the cutoff; the cutoff itself is within, ``inf`` never is.

    Parameters
    ----------
    minutes
        Of travel, any shape; ``inf`` is not connected.
    cutoff_min
        Minutes; ``inf`` asks who is connected at all.

    Returns
    -------
    Of the shape of `minutes`.

    Examples
    --------
    >>> within(np.array([59.9, 60.0, 60.1, np.inf]), 60).tolist()
    [True, True, False, False]
    >>> within(np.array([60.0, np.inf]), np.inf).tolist()
    [True, False]
    """
    # One comparison, also where the cutoff is infinite: the OD matrix of a province has millions of pairs.
    return minutes <= min(cutoff_min, sys.float_info.max)


def states(minutes: FloatArray, cutoff_min: float) -> np.ndarray:
    """Name the state of reach, one of :data:`STATES`, of each journey.

    Parameters
    ----------
    minutes
        Of travel, any shape; ``inf`` is not connected.
    cutoff_min
        Minutes, inclusive.

    Examples
    --------
    >>> states(np.array([60.0, 60.1, np.inf]), 60).tolist()
    ['covered', 'beyond_cutoff', 'not_connected']
    """
    return np.where(within(minutes, cutoff_min), STATES[0], np.where(np.isfinite(minutes), STATES[1], STATES[2]))


def classes(minutes: FloatArray | float, ends_min: Sequence[float] | FloatArray) -> IntArray:
    """Sort minutes into classes by their upper ends; each end is inside its class.

    Parameters
    ----------
    minutes
        Of travel, any shape; ``inf`` is not connected.
    ends_min
        Upper ends, ascending.

    Returns
    -------
    Of the shape of `minutes`: the place of the first end that the minutes are within; ``len(ends_min)`` beyond the
    last, and one more where not connected.

    Examples
    --------
    >>> classes(np.array([0.0, 30.0, 30.1, 60.0, 61.0, np.inf]), (30.0, 60.0)).tolist()
    [0, 0, 1, 1, 2, 3]
    """
    place = np.searchsorted(ends_min, minutes, side="left")
    return np.where(np.isfinite(minutes), place, len(ends_min) + 1)
