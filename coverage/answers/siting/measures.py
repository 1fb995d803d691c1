"""What sites reach, measured one way for all models and in any situation, also another than they were found for."""

import math
from collections.abc import Sequence

import numpy as np

from coverage.answers.siting.goal import Level
from coverage.answers.siting.model import OPTIMAL_GAP, SitingProblem
from coverage.ground.geometry import FloatArray
from coverage.travel.reach import within

__all__ = ["covered", "minutes", "people", "unconnected", "worst"]

_ROUNDING = 1e-9


def covered(problem: SitingProblem, sites: Sequence[int], cutoff_min: float) -> Level:
    """Sum the demand that is newly within the cutoff, inclusive."""
    newly = ~within(problem.existing_min, cutoff_min) & within(problem.after_min(sites), cutoff_min)
    return people("covered", problem, math.fsum(problem.weights[newly]))


def unconnected(problem: SitingProblem, sites: Sequence[int]) -> Level:
    """Sum the demand that no unit and no site is connected with."""
    value = math.fsum(problem.weights[np.isinf(problem.after_min(sites))])
    return Level("unconnected", value, problem.total, _ROUNDING * problem.total, of_whole=True)


def people(name: str, problem: SitingProblem, value: float, exact: float = _ROUNDING) -> Level:
    """Make a level of a sum of demand, of which more is better, that is `exact` to this share of all demand."""
    return Level(name, value, problem.total, exact * problem.total, maximise=True)


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
