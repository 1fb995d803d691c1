"""A priority no plan exceeds, by counting what shifts can hold; :mod:`route_bound` makes it sharper by their routes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from coverage.answers.tours.problem import Problem
from coverage.ground.geometry import FloatArray

_EPS = 1e-6


@dataclass(frozen=True)
class Knapsack:
    """A bound by counting: ``usable`` and ``prices`` (points above what the place in a shift costs) per stop."""

    bound: int
    usable: np.ndarray
    prices: FloatArray


def knapsack_bound(problem: Problem, most: Sequence[int]) -> Knapsack:
    """Bound a plan by counting visits.

    A shift that visits stop *i* and *k - 1* others needs the shortest way to *i* and back and *k* visits, so *k* is
    at most some ``k_i``, and *i* takes at least ``1 / k_i`` of a shift: a fractional knapsack of all shifts.
    """
    longest = max(shift.work_min for shift in problem.shifts)
    service = problem.service[1:]
    spare = longest - _nearest(problem.minutes)[1:] - _nearest(problem.minutes.T)[1:] - service
    count = np.floor(np.where(spare >= 0, spare, 0.0) / max(1.0, float(service.min()))) + 1
    count = np.minimum(count, max(most))
    usable = (spare >= 0) & (count > 0)
    if not usable.any():
        return Knapsack(0, usable, np.zeros(len(service)))
    value, places = problem.value[1:][usable], count[usable]
    ranked = np.argsort(-value * places, kind="stable")
    cost = 1 / places[ranked]
    before = np.concatenate([[0.0], np.cumsum(cost)[:-1]])
    taken = np.clip((len(problem.shifts) - before) / cost, 0, 1)
    critical = ranked[min(int(np.searchsorted(before, len(problem.shifts))), len(ranked) - 1)]
    shift_worth = float(value[critical] * places[critical])
    prices = np.where(usable, problem.value[1:] - shift_worth / np.maximum(count, 1), 0.0)
    return Knapsack(int(np.floor((taken * value[ranked]).sum() + _EPS)), usable, prices)


def _nearest(minutes: FloatArray) -> FloatArray:
    """Give the shortest way from the base to each stop, also where a detour over another stop is shorter."""
    reach: FloatArray = minutes[0]
    while True:
        shorter: FloatArray = np.minimum(reach, (reach[:, None] + minutes).min(axis=0))
        if np.array_equal(shorter, reach):
            return reach
        reach = shorter
