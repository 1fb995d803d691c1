"""Backup coverage: as many people as possible within the cutoff of a unit, then as many as possible of two units.

    1.  C* = max  sum_i w_i c_i                                          (:mod:`coverage.answers.siting.models.mclp`)
    2.  maximise  sum_i w_i u_i
        subject to  c_i <= s_i + sum_{j in N_i} x_j
                    c_i + u_i <= s_i + sum_{j in N_i} x_j,  u_i <= c_i    for every demand i
                    sum_i w_i c_i >= C*
                    sum_j x_j = p           (with a budget: <= p, and sum_j b_j x_j <= B)
                    0 <= u_i <= 1,  c_i in {0, 1},  x_j in {0, 1}

``N_i``: candidates at most the cutoff away from i, inclusive; ``s_i``: units that stand there already, 2 of more. Both
objectives count who is newly covered, once or twice. A unit that is closed, full or busy leaves whom it alone covers
without one; whom two cover keeps one.

K. Hogan and C. ReVelle (1986), Concepts and applications of backup coverage, Management Science 32(11), 1434-1444,
doi:10.1287/mnsc.32.11.1434: their BACOP2 weighs the two objectives against each other; here the first comes first, the
end of that trade-off at which nobody is given up for a second unit of somebody else.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from scipy.sparse import csr_array, eye_array, hstack

from coverage.answers.siting.cover import Cover, Promise, cover_of, keep_all, uncovered_rows, uncovered_sum
from coverage.answers.siting.goal import Goal
from coverage.answers.siting.highs import Programme, Rows, stack
from coverage.answers.siting.measures import covered, people
from coverage.answers.siting.model import Limits, Proof, SitingProblem, SitingResult, Stopwatch, finish
from coverage.answers.siting.models.mclp import least_uncovered, worth_keeping
from coverage.answers.siting.models.preamble import begun
from coverage.answers.siting.models.record import PEOPLE_REACHED, Model
from coverage.answers.siting.rules import SiteRules
from coverage.ground.geometry import FloatArray, IntArray
from coverage.ground.texts import Message
from coverage.travel.reach import within

__all__ = ["MODEL", "backup_coverage", "covered_then_twice"]

_LARGEST = 1e6
_ROUNDING = 1e-6
_ENOUGH = 2
"""Units that cover somebody twice."""


def backup_coverage(
    problem: SitingProblem, number: int | None, cutoff_min: float, limits: Limits | None = None
) -> SitingResult:
    """Choose `number` sites that cover the most demand, and of such sets one that covers the most twice.

    What all models are given, and raise, stands in :mod:`~coverage.answers.siting.models.preamble`.

    Returns
    -------
    SitingResult
        Objective, bound and gap are those of the second goal, demand newly covered twice, given the first.
    """
    limits, watch, rules = begun(problem, number, limits)
    demand = _Demand(cover_of(problem, cutoff_min), _beside_one(problem, cutoff_min))
    first = least_uncovered(demand.without, rules, watch, limits.gap)
    promise = Promise(demand.without, first.uncovered)
    sites, least = _least_alone(demand, promise, worth_keeping(promise, rules, watch), first.sites, watch)
    # Who loses nothing at either level loses nothing of their sum: a site less never covers more.
    sites = rules.lean(sites, lambda fewer: demand.without.uncovered(fewer) + demand.alone(fewer))
    goal = partial(covered_then_twice, cutoff_min=cutoff_min)
    proven = first.uncovered - first.bound <= _ROUNDING * max(demand.without.total, 1.0)
    return finish(
        problem,
        "backup-coverage",
        sites,
        proof=Proof(goal(problem, [int(site) for site in sites])[-1].value, demand.total - (least if proven else 0.0)),
        watch=watch,
        goal=goal,
    )


def covered_then_twice(problem: SitingProblem, sites: Sequence[int], *, cutoff_min: float) -> Goal:
    """Measure the goal: demand newly within the cutoff of a unit, then demand newly within that of two."""
    near = [problem.existing_min[:, None], problem.next_min[:, None], problem.minutes[:, list(sites)]]
    second = np.partition(np.hstack(near), 1, axis=1)[:, 1]
    newly = ~within(problem.next_min, cutoff_min) & within(second, cutoff_min)
    return covered(problem, sites, cutoff_min), people("twice", problem, math.fsum(problem.weights[newly]))


@dataclass(frozen=True)
class _Demand:
    """Demand that two units do not cover yet: ``without`` any within the cutoff, and ``beside`` just one.

    ``beside`` is None where there is no such demand; what it calls uncovered has no second unit.
    """

    without: Cover
    beside: Cover | None

    @property
    def total(self) -> float:
        """Sum of it."""
        return self.without.total + (0.0 if self.beside is None else self.beside.total)

    @property
    def lost(self) -> float:
        """What no candidate covers."""
        return self.without.lost_weight + (0.0 if self.beside is None else self.beside.lost_weight)

    def take(self, columns: IntArray) -> "_Demand":
        """Keep some candidates."""
        return _Demand(self.without.take(columns), None if self.beside is None else self.beside.take(columns))

    def alone(self, sites: IntArray) -> float:
        """Sum the demand that `sites` leave with one unit at most."""
        few = self._units(sites) < _ENOUGH
        beside = 0.0 if self.beside is None else self.beside.uncovered(sites)
        return float(self.without.weight[few].sum()) + self.without.lost_weight + beside

    def values(self, sites: IntArray) -> FloatArray:
        """Write a set as a solution of :func:`_programme`."""
        chosen = np.zeros(self.without.matrix.shape[1])
        chosen[sites] = 1.0
        units = self._units(sites)
        beside = np.empty(0) if self.beside is None else self.beside.matrix @ chosen == 0
        return np.concatenate([chosen, units == 0, units < _ENOUGH, beside]).astype(np.float64)

    def _units(self, sites: IntArray) -> IntArray:
        return np.asarray(self.without.matrix[:, sites].sum(axis=1), dtype=np.int64).ravel()


def _beside_one(problem: SitingProblem, cutoff_min: float) -> Cover | None:
    """Find who of those that one unit covers would be covered by which candidate as a second."""
    weights = np.where(within(problem.existing_min, cutoff_min), problem.weights, 0.0)
    if not weights.any():
        return None
    return cover_of(replace(problem, weights=weights, existing_min=problem.next_min, second_min=None), cutoff_min)


def _least_alone(
    demand: _Demand, promise: Promise, rules: SiteRules, known: IntArray, watch: Stopwatch
) -> tuple[IntArray, float]:
    """Choose, of the sets that keep the promise, one that leaves the least demand with one unit at most.

    Returns
    -------
    The set, and what no set goes below.
    """
    columns = np.flatnonzero(rules.upper > 0)
    mine, held, kept = demand.take(columns), rules.take(columns), promise.take(columns)
    start = np.searchsorted(columns, known)
    programme, scale = _programme(mine, kept, held)
    found = held.solve(programme, seconds=watch.left, start=mine.values(start), keeps=partial(keep_all, [kept]))
    best = start
    if found.values is not None:
        tried = np.flatnonzero(found.values[: len(columns)] > 1 / 2)
        best = min(tried, start, key=mine.alone)
    bound = found.bound / scale if np.isfinite(found.bound) else 0.0
    return columns[best], max(bound, 0.0) + demand.lost


def _programme(demand: _Demand, promise: Promise, rules: SiteRules) -> tuple[Programme, float]:
    """Write the second goal over sites, then who of those without a unit stays without one, then without two.

    Last come those with one unit that stay with one. Gives it and the factor its objective is scaled by.
    """
    without, beside = demand.without, demand.beside
    sites, rows = len(rules.lower), len(without.weight)
    more = 0 if beside is None else len(beside.weight)
    columns = sites + 2 * rows + more
    each = eye_array(rows, format="csr")
    twice = csr_array(hstack([without.matrix, each, each], format="csr"))
    ordered = csr_array(hstack([csr_array((rows, sites)), -each, each], format="csr"))
    blocks = [
        rules.rows,
        uncovered_rows(without, sites),
        Rows(twice, np.full(rows, float(_ENOUGH)), np.full(rows, np.inf)),
        Rows(ordered, np.zeros(rows), np.full(rows, np.inf)),
        uncovered_sum(promise, sites),
        *(() if beside is None else (uncovered_rows(beside, sites + 2 * rows),)),
    ]
    weight = np.concatenate([without.weight, np.empty(0) if beside is None else beside.weight])
    scale = min(1.0, _LARGEST / max(float(weight.sum()), 1.0))
    programme = Programme(
        np.concatenate([np.zeros(sites + rows), weight * scale]),
        np.concatenate([rules.lower, np.zeros(columns - sites)]),
        np.concatenate([rules.upper, np.full(rows, float(not promise.all_covered)), np.ones(rows + more)]),
        # Who is covered must be whole: half of it, and half a second unit, would come of one.
        np.arange(columns) < sites + rows,
        stack(blocks, columns),
    )
    return programme, scale


MODEL = Model(
    name="backup-coverage",
    seeks="siting.model_backup_coverage",
    needs=frozenset({"number", "cutoff"}),
    ask=lambda problem, terms, limits: backup_coverage(problem, terms.number, terms.cutoff_min, limits),
    levels=("covered", "twice"),
    measure=lambda problem, sites, terms: covered_then_twice(problem, sites, cutoff_min=terms.cutoff_min),
    reading=PEOPLE_REACHED,
    notes=lambda _problem, result, terms: (
        Message.of("siting.note_backup_coverage", people=result.goal[-1].value, cutoff_min=terms.cutoff_min),
    ),
    units_counted=2,
)
