"""What sites reach, measured one way for all models and in any situation, also another than they were found for."""

import math
from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np

from coverage.answers.siting.goal import Goal, Level
from coverage.answers.siting.model import OPTIMAL_GAP, SitingProblem
from coverage.ground.geometry import FloatArray
from coverage.travel.reach import within

__all__ = ["GoalOf", "covered", "minutes", "people", "unconnected", "worst"]

GoalOf = Callable[[SitingProblem, Sequence[int]], Goal]
"""Measures the goal of a model for any set of sites."""

_ROUNDING = 1e-9


def covered(problem: SitingProblem, sites: Sequence[int], cutoff_min: float) -> Level:
    """Sum the demand that is newly within the cutoff, inclusive."""
    newly = ~within(problem.existing_min, cutoff_min) & within(problem.after_min(sites), cutoff_min)
    return people("covered", problem, math.fsum(problem.weights[newly]))


def unconnected(problem: SitingProblem, sites: Sequence[int]) -> Level:
    """Sum the demand that no unit and no site is connected with."""
    return people("unconnected", problem, math.fsum(problem.weights[np.isinf(problem.after_min(sites))]))


def people(name: Literal["covered", "served", "unconnected"], problem: SitingProblem, value: float) -> Level:
    """Make a level of a sum of demand; flows are no more exact than the linear programmes that find them."""
    exact = OPTIMAL_GAP if name == "served" else _ROUNDING
    return Level(name, value, problem.total, exact * problem.total)


def minutes(problem: SitingProblem, sites: Sequence[int]) -> Level:
    """Sum weight x minutes of all demand that is connected; equal where the proof of an optimum cannot tell apart."""
    value = math.fsum((problem.weights * _connected(problem, sites)).tolist())
    return Level("minutes", value, value, OPTIMAL_GAP * value)


def worst(problem: SitingProblem, sites: Sequence[int]) -> Level:
    """Give the longest journey among demand that is connected."""
    value = float(_connected(problem, sites)[problem.asking].max(initial=0.0))
    return Level("worst", value, value, _ROUNDING * value)


def _connected(problem: SitingProblem, sites: Sequence[int]) -> FloatArray:
    after = problem.after_min([int(site) for site in sites])
    return np.where(np.isfinite(after), after, 0.0)
