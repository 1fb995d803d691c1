"""Three goals in order: people covered, then minutes of all, then the longest journey.

    1.  C* = max  people covered within the cutoff               (:mod:`coverage.answers.siting.models.mclp`)
    2.  M* = min  sum of weight x minutes       s.t. covered >= C* - slack C*
    3.  r* = min  longest journey               s.t. covered >= C* - slack C*,  minutes <= M* + slack M*

With slack 0 a later goal only chooses among sets that are equal in the earlier ones. Between 1 and 2 as many people as
possible are connected. The third goal is a binary search over radii, each a p-median with the pairs beyond the radius
taken away.

H. A. Eiselt and V. Marianov (eds.) (2011), Foundations of Location Analysis, chapter 2, doi:10.1007/978-1-4419-7572-0.
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from coverage.answers.siting.cover import Promise, cover_of
from coverage.answers.siting.goal import Goal
from coverage.answers.siting.measures import covered, minutes, worst
from coverage.answers.siting.model import NO_TIME, Limits, Proof, SitingProblem, SitingResult, finish
from coverage.answers.siting.models.mclp import least_uncovered, worth_keeping
from coverage.answers.siting.models.p_center import worst_min
from coverage.answers.siting.models.p_median import (
    Minutes,
    Task,
    connected,
    connected_then_minutes,
    least_minutes,
    nobody_farther,
)
from coverage.answers.siting.models.preamble import begun
from coverage.answers.siting.models.record import PEOPLE_REACHED, Model, connects_first
from coverage.ground.errors import InfeasibleError
from coverage.ground.texts import Message
from coverage.travel.reach import within

__all__ = ["MODEL", "lexicographic"]

_ROUNDING = 1e-9


def lexicographic(
    problem: SitingProblem, number: int | None, cutoff_min: float, limits: Limits | None = None, *, slack: float = 0.0
) -> SitingResult:
    """Choose `number` sites by people covered, then minutes, then the longest journey.

    What all models are given, and raise, stands in :mod:`~coverage.answers.siting.models.preamble`.

    Parameters
    ----------
    slack
        Share of an earlier goal that may be given up for a later one, 0 to 1.

    Returns
    -------
    SitingResult
        Objective, bound and gap are those of the second goal, minutes, given the first.
    """
    limits, watch, rules = begun(problem, number, limits)
    cover = cover_of(problem, cutoff_min)
    first = least_uncovered(cover, rules, watch, limits.gap)
    given_up = slack * (cover.total - first.uncovered)
    promised = Promise(cover, first.uncovered + given_up)
    rules = worth_keeping(promised, rules, watch)
    linked, starts = connected(problem, rules, watch, (promised,))
    task = Task(rules, (promised, linked), watch, limits.gap)
    second = least_minutes(problem, task, starts=[first.sites, *starts])
    if second is None:
        raise InfeasibleError(Message.of("siting.out_of_time", seconds=watch.spent))
    best = _shorter_worst(problem, task, second, second.total * (1 + slack + _ROUNDING))
    proven = first.uncovered - first.bound <= _ROUNDING * max(cover.total, 1.0) * 1e3
    sites = nobody_farther(problem, rules, best.sites)
    objective = minutes(problem, [int(site) for site in sites]).value
    bound = min(second.bound, objective) if proven else 0.0
    if slack > 0 and second.bound >= second.total * (1 - _ROUNDING):
        # What was given up on purpose is no doubt about the answer.
        bound = objective
    goal = partial(covered_then_near, cutoff_min=cutoff_min)
    return finish(problem, "lexicographic", sites, proof=Proof(objective, bound), watch=watch, goal=goal)


def covered_then_near(problem: SitingProblem, sites: Sequence[int], *, cutoff_min: float) -> Goal:
    """Measure the goal: demand newly covered, demand left unconnected, weighted minutes, the longest journey."""
    return covered(problem, sites, cutoff_min), *connected_then_minutes(problem, sites), worst(problem, sites)


def _shorter_worst(problem: SitingProblem, task: Task, known: Minutes, most: float) -> Minutes:
    """Shorten the longest journey while the minutes stay within `most`."""
    best = known
    values = np.unique(np.concatenate([problem.minutes[problem.asking].ravel(), problem.existing_min[problem.asking]]))
    values = values[np.isfinite(values)]
    low, high = 0, int(np.searchsorted(values, worst_min(problem, known.sites)))
    while low < high and task.watch.left > NO_TIME:
        # The next shorter radius first: it is nearly always out of reach, and that ends the search.
        middle = high - 1 if best is known and low == 0 else (low + high) // 2
        found = _within(problem, task, float(values[middle]), most, best)
        if found is None:
            if middle == high - 1:
                break
            low = middle + 1
        else:
            best, high = found, min(middle, int(np.searchsorted(values, worst_min(problem, found.sites))))
    return best


def _within(problem: SitingProblem, task: Task, radius: float, most: float, known: Minutes) -> Minutes | None:
    near = replace(
        problem,
        minutes=np.where(within(problem.minutes, radius), problem.minutes, np.inf),
        existing_min=np.where(within(problem.existing_min, radius), problem.existing_min, np.inf),
        second_min=None,
    )
    linked = Promise(cover_of(near, np.inf), task.promises[-1].most_uncovered)
    if not linked.can_be_kept:
        return None
    return least_minutes(near, replace(task, promises=(*task.promises[:-1], linked)), starts=[known.sites], upper=most)


MODEL = Model(
    name="lexicographic",
    seeks="siting.model_lexicographic",
    needs=frozenset({"number", "cutoff"}),
    ask=lambda problem, terms, limits: lexicographic(problem, terms.number, terms.cutoff_min, limits),
    levels=("covered", "unconnected", "minutes", "worst"),
    measure=lambda problem, sites, terms: covered_then_near(problem, sites, cutoff_min=terms.cutoff_min),
    reading=PEOPLE_REACHED,
    notes=connects_first,
)
