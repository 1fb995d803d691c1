"""The p-center: found p units so that nobody travels longer than need be.

    minimise    r
    subject to  sum_{j: d_ij <= r} x_j >= 1    for every demand i that no existing unit is within r of
                sum_j x_j = p,  x_j in {0, 1}

The best r is one of the minutes of the matrix: a binary search over them asks each time whether p sites cover all
within r. Whom p sites cannot connect at all is first made as few people as possible, and then left out of r. Of sets
with the same r the one that interchange finds to have few minutes in all is given.

E. Minieka (1970), The m-center problem, SIAM Review 12(1), 138-139, doi:10.1137/1012016; S. Elloumi, M. Labbé and
Y. Pochet (2004), A new formulation and resolution method for the p-center problem, INFORMS Journal on Computing 16(1),
84-94, doi:10.1287/ijoc.1030.0028.
"""

import itertools
from collections.abc import Sequence
from contextlib import suppress

import numpy as np

from coverage.answers.siting.cover import Cover, Promise, cover_of, needed, promise_rows
from coverage.answers.siting.coverers import coverers
from coverage.answers.siting.goal import Goal
from coverage.answers.siting.highs import Programme, stack
from coverage.answers.siting.interchange import Costs, good_sites, improve
from coverage.answers.siting.measures import unconnected, worst
from coverage.answers.siting.model import NO_TIME, Limits, Proof, SitingProblem, SitingResult, Stopwatch, finish
from coverage.answers.siting.models.p_median import connected, finite_minutes, nobody_farther
from coverage.answers.siting.models.preamble import begun
from coverage.answers.siting.models.record import LONGEST_MINUTES, Model, connects_first
from coverage.answers.siting.rules import SiteRules
from coverage.ground.geometry import IntArray

__all__ = ["MODEL", "connected_then_worst", "p_center", "within_all", "worst_min"]


def p_center(problem: SitingProblem, number: int | None, limits: Limits | None = None) -> SitingResult:
    """Choose `number` sites with the least longest journey.

    What all models are given, and raise, stands in :mod:`~coverage.answers.siting.models.preamble`.

    Returns
    -------
    SitingResult
        The objective is the longest journey, in minutes, of all demand that is connected in the end.
    """
    limits, watch, rules = begun(problem, number, limits)
    promise, _ = connected(problem, rules, watch)
    sites, bound = _search(problem, rules, promise, watch, limits.gap)
    sites = _fewer_minutes(problem, rules, promise, sites, watch)
    sites = nobody_farther(problem, rules, sites)
    best = worst_min(problem, sites)
    return finish(problem, "p-center", sites, proof=Proof(best, bound), watch=watch, goal=connected_then_worst)


def connected_then_worst(problem: SitingProblem, sites: Sequence[int]) -> Goal:
    """Measure the goal: demand left unconnected, then the longest journey."""
    return unconnected(problem, sites), worst(problem, sites)


def worst_min(problem: SitingProblem, sites: IntArray) -> float:
    """Give the longest journey among demand that is connected."""
    after = problem.after_min([int(site) for site in sites])[problem.asking]
    return float(after[np.isfinite(after)].max(initial=0.0))


def _search(
    problem: SitingProblem, rules: SiteRules, promise: Promise, watch: Stopwatch, gap: float
) -> tuple[IntArray, float]:
    """Search the radii; gives the best sites found and the least radius not ruled out."""
    minutes, existing = problem.minutes[problem.asking], problem.existing_min[problem.asking]
    values = np.unique(np.concatenate([minutes[np.isfinite(minutes)], existing[np.isfinite(existing)], [0.0]]))
    sites = within_all(problem, rules, promise, float(values[-1]), watch)
    if sites is None:
        raise rules.nothing()
    sites = _rough(problem, rules, promise, sites, watch)
    low, high = 0, int(np.searchsorted(values, worst_min(problem, sites)))
    while low < high and watch.left > NO_TIME:
        if gap > 0 and values[high] - values[low] <= gap * values[high]:
            break
        middle = (low + high) // 2
        try:
            found = within_all(problem, rules, promise, float(values[middle]), watch)
        except TimeoutError:
            break
        if found is None:
            low = middle + 1
        else:
            # Never above the middle: who is too few to count may still travel farther, and the search must end.
            high = min(middle, int(np.searchsorted(values, worst_min(problem, found))))
            sites = min(sites, found, key=lambda some: worst_min(problem, some))
    return sites, float(values[low])


def within_all(
    problem: SitingProblem, rules: SiteRules, promise: Promise, radius: float, watch: Stopwatch
) -> IntArray | None:
    """Find sites that leave no more demand beyond `radius` than `promise` leaves unconnected; None: there are none.

    Raises
    ------
    TimeoutError
        If the time ends before either is known.
    """
    cover = cover_of(problem, radius)
    if not Promise(cover, promise.most_uncovered).can_be_kept:
        return None
    columns = needed(cover, rules)
    wanted = Promise(cover, max(promise.most_uncovered, cover.lost_weight)).take(columns)
    if wanted.all_covered and rules.exact and rules.free and rules.groups is None:
        with suppress(TimeoutError):
            return _coverers(cover, rules, columns, watch)
    held, count = rules.take(columns), len(columns)
    blocks, more = promise_rows([wanted], count)
    programme = Programme(
        np.zeros(count + more),
        np.concatenate([held.lower, np.zeros(more)]),
        np.concatenate([held.upper, np.ones(more)]),
        np.arange(count + more) < count,
        stack([held.rows, *blocks], count + more),
    )
    found = held.solve(programme, seconds=watch.left, keeps=wanted.kept)
    if found.infeasible:
        return None
    if found.values is None:
        raise TimeoutError
    return columns[found.values[:count] > 1 / 2]


def _coverers(cover: Cover, rules: SiteRules, columns: IntArray, watch: Stopwatch) -> IntArray | None:
    """Find sites that cover every row of a cover, where nothing but locks and refused sets decides which may be."""
    locked, number = rules.locked, rules.number or 0
    usable = np.flatnonzero(rules.upper > 0)
    complete: list[IntArray] = []

    def allow(some: IntArray) -> bool:
        sites = np.concatenate([locked, columns[some]])
        others = np.setdiff1d(usable, sites)
        # Any others may fill the number up; one of these sets is not refused unless all are.
        for more in itertools.combinations(others, number - len(sites)):
            filled = np.concatenate([sites, np.array(more, dtype=np.int64)])
            if rules.allow(filled):
                complete.append(filled)
                return True
        return False

    columns = np.setdiff1d(columns, locked)
    waiting = np.asarray(cover.matrix[:, locked].sum(axis=1)).ravel() == 0
    covers = cover.matrix[np.flatnonzero(waiting)].toarray().T[columns] > 0
    found = coverers(covers, number - len(locked), allow, lambda: watch.left - NO_TIME)
    return None if found is None else complete[-1]


def _rough(problem: SitingProblem, rules: SiteRules, promise: Promise, known: IntArray, watch: Stopwatch) -> IntArray:
    """Look for a better start: interchange on squared minutes, which punishes the long journeys."""
    cost, base = finite_minutes(problem)

    def allow(sites: IntArray) -> bool:
        return rules.allow(sites) and promise.kept(sites)

    found = good_sites(Costs(cost**2, base**2, np.ones(len(base))), rules, min(1.0, watch.left), allow=allow)
    return found if found is not None and worst_min(problem, found) < worst_min(problem, known) else known


def _fewer_minutes(
    problem: SitingProblem, rules: SiteRules, promise: Promise, sites: IntArray, watch: Stopwatch
) -> IntArray:
    longest = worst_min(problem, sites)
    near = Promise(cover_of(problem, longest), promise.most_uncovered)

    def allow(chosen: IntArray) -> bool:
        # The promise lets go who is too few to count; the longest journey counts them.
        return rules.allow(chosen) and near.kept(chosen) and worst_min(problem, chosen) <= longest

    costs = Costs(*finite_minutes(problem), problem.weights[problem.asking])
    better = improve(costs, sites, rules, allow, seconds=lambda: watch.left - NO_TIME)
    return sites if better is None else better


MODEL = Model(
    name="p-center",
    seeks="siting.model_p_center",
    needs=frozenset({"number"}),
    ask=lambda problem, terms, limits: p_center(problem, terms.number, limits),
    levels=("unconnected", "worst"),
    measure=lambda problem, sites, _terms: connected_then_worst(problem, sites),
    reading=LONGEST_MINUTES,
    notes=connects_first,
)
