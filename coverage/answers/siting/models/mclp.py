"""Maximal covering: found p units so that as many people as possible are within the cutoff.

    maximise    sum_i w_i c_i
    subject to  c_i <= sum_{j in N_i} x_j      for every demand i that no existing unit covers
                sum_j x_j = p           (with a budget: <= p, and sum_j b_j x_j <= B)
                0 <= c_i <= 1,  x_j in {0, 1}

``N_i``: candidates at most the cutoff away from i, inclusive. ``c_i`` need not be declared whole: it is at every
optimum. The objective counts who is newly covered; whom existing units cover is covered without a model.

R. Church and C. ReVelle (1974), The maximal covering location problem, Papers of the Regional Science Association 32,
101-118, doi:10.1007/BF01942293.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from coverage.answers.siting.cover import Cover, Promise, cover_of, keep_all, needed, promise_rows, uncovered_rows
from coverage.answers.siting.goal import Goal
from coverage.answers.siting.highs import Programme, Solution, solve, stack
from coverage.answers.siting.interchange import Costs, good_sites
from coverage.answers.siting.measures import covered
from coverage.answers.siting.model import Limits, Proof, SitingProblem, SitingResult, Stopwatch, finish
from coverage.answers.siting.models.preamble import begun
from coverage.answers.siting.models.record import PEOPLE_REACHED, Model, Terms
from coverage.answers.siting.rules import SiteRules
from coverage.ground.errors import InfeasibleError
from coverage.ground.geometry import FloatArray, IntArray
from coverage.ground.texts import Message
from coverage.travel.reach import within

__all__ = ["MODEL", "Covered", "least_uncovered", "mclp", "newly_covered", "worth_keeping"]

_LARGEST = 1e6
_ROUNDING = 1e-6


def mclp(problem: SitingProblem, number: int | None, cutoff_min: float, limits: Limits | None = None) -> SitingResult:
    """Choose `number` sites that cover the most demand.

    What all models are given, and raise, stands in :mod:`~coverage.answers.siting.models.preamble`.
    """
    limits, watch, rules = begun(problem, number, limits)
    cover = cover_of(problem, cutoff_min)
    found = least_uncovered(cover, rules, watch, limits.gap)
    return finish(
        problem,
        "mclp",
        rules.lean(found.sites, cover.uncovered),
        proof=Proof(cover.total - found.uncovered, cover.total - found.bound),
        watch=watch,
        goal=partial(newly_covered, cutoff_min=cutoff_min),
    )


def newly_covered(problem: SitingProblem, sites: Sequence[int], *, cutoff_min: float) -> Goal:
    """Measure the goal: demand newly covered."""
    return (covered(problem, sites, cutoff_min),)


@dataclass(frozen=True)
class Covered:
    """Sites, the demand they leave uncovered, and a lower bound on it."""

    sites: IntArray
    uncovered: float
    bound: float


def least_uncovered(
    cover: Cover, rules: SiteRules, watch: Stopwatch, gap: float = 0.0, promises: Sequence[Promise] = ()
) -> Covered:
    """Choose sites that leave the least demand uncovered.

    Parameters
    ----------
    cover
        Who covers whom.
    rules
        What the sites are held to; with a number.
    watch
        Time.
    gap
        Gap relative to the demand covered at which to stop.
    promises
        What the sites must cover besides.

    Raises
    ------
    InfeasibleError
        If no set keeps to the rules and promises.
    """
    columns = np.flatnonzero(rules.upper > 0) if promises else needed(cover, rules)
    mine, held = cover.take(columns), rules.take(columns)
    kept = [promise.take(columns) for promise in promises]
    start = _start(mine, held, kept, watch)
    if start is not None and not promises:
        start, few = _narrowed(mine, held, start, watch)
        columns, mine, held, start = columns[few], mine.take(few), held.take(few), np.searchsorted(few, start)
    programme, scale = _programme(mine, held, kept)
    values = None if start is None or promises else _values(mine, start)
    found = held.solve(
        programme,
        seconds=watch.left,
        gap=_gap_of_rest(mine, start, gap),
        start=values,
        keeps=partial(keep_all, kept),
    )
    if found.infeasible:
        raise rules.nothing()
    bound = max(found.bound / scale, 0.0) + cover.lost_weight if np.isfinite(found.bound) else cover.lost_weight
    best = start if found.values is None else np.flatnonzero(found.values[: len(columns)] > 1 / 2)
    if best is None:
        raise InfeasibleError(Message.of("siting.out_of_time", seconds=watch.spent))
    return Covered(columns[best], mine.uncovered(best), bound)


def worth_keeping(promise: Promise, rules: SiteRules, watch: Stopwatch) -> SiteRules:
    """Shut every candidate that no set can hold and keep the promise, and lock those all such sets hold.

    The relaxed covering model bounds what stays uncovered; a candidate whose reduced cost carries that bound past the
    promise cannot change its state (see :mod:`coverage.answers.siting.lagrange` for the source).
    """
    relaxed, scale = _relaxed(promise.cover, rules, watch)
    return _fixed(promise, rules, relaxed, scale)


def _relaxed(cover: Cover, rules: SiteRules, watch: Stopwatch) -> tuple[Solution, float]:
    """Solve the model with shares of sites; gives the factor its objective is scaled by, too."""
    programme, scale = _programme(cover, rules, ())
    return solve(replace(programme, integer=np.zeros_like(programme.integer)), seconds=watch.left), scale


def _fixed(promise: Promise, rules: SiteRules, relaxed: Solution, scale: float) -> SiteRules:
    """Fix what the reduced costs of the relaxed model decide."""
    if relaxed.reduced is None:
        return rules
    room = promise.most_uncovered - promise.cover.lost_weight - relaxed.bound / scale + _ROUNDING * promise.cover.total
    cost = relaxed.reduced[: len(rules.lower)] / scale
    # A candidate that is locked or shut already has no other state, and its reduced cost says nothing about one.
    undecided = rules.lower < rules.upper
    return replace(
        rules,
        lower=np.where(undecided & (-cost > room), 1.0, rules.lower),
        upper=np.where(undecided & (cost > room), 0.0, rules.upper),
    )


def _narrowed(cover: Cover, rules: SiteRules, start: IntArray, watch: Stopwatch) -> tuple[IntArray, IntArray]:
    """Choose the best set of the candidates that the relaxed model favours, and drop what no better one can hold.

    Returns
    -------
    The set, sorted, and the candidates that are left, its own among them.
    """
    relaxed, scale = _relaxed(cover, rules, watch)
    start = np.sort(start)
    if relaxed.values is None:
        return start, np.arange(len(rules.lower))
    few = np.union1d(np.flatnonzero(relaxed.values[: len(rules.lower)] > _ROUNDING), start)
    held, mine = rules.take(few), cover.take(few)
    begin = _values(mine, np.searchsorted(few, start))
    found = held.solve(_programme(mine, held, ())[0], seconds=watch.left, start=begin)
    if found.values is not None:
        favoured = few[np.flatnonzero(found.values[: len(few)] > 1 / 2)]
        if rules.allow(favoured) and cover.uncovered(favoured) < cover.uncovered(start):
            start = favoured
    left = _fixed(Promise(cover, cover.uncovered(start)), rules, relaxed, scale)
    return start, np.union1d(np.flatnonzero(left.upper > 0), start)


def _programme(cover: Cover, rules: SiteRules, promises: Sequence[Promise]) -> tuple[Programme, float]:
    """Write the model; gives it and the factor its objective is scaled by."""
    count, rows = len(rules.lower), len(cover.weight)
    blocks, more = promise_rows(promises, count + rows)
    scale = min(1.0, _LARGEST / max(float(cover.weight.sum()), 1.0))
    programme = Programme(
        np.concatenate([np.zeros(count), cover.weight * scale, np.zeros(more)]),
        np.concatenate([rules.lower, np.zeros(rows + more)]),
        np.concatenate([rules.upper, np.ones(rows + more)]),
        np.arange(count + rows + more) < count,
        stack([rules.rows, uncovered_rows(cover, count), *blocks], count + rows + more),
    )
    return programme, scale


def _start(cover: Cover, rules: SiteRules, promises: Sequence[Promise], watch: Stopwatch) -> IntArray | None:
    def allow(sites: IntArray) -> bool:
        return rules.allow(sites) and keep_all(promises, sites)

    rows = len(cover.weight)
    return good_sites(Costs(1.0 - cover.matrix.toarray(), np.ones(rows), cover.weight), rules, watch.left, allow=allow)


def _values(cover: Cover, sites: IntArray) -> FloatArray:
    chosen = np.zeros(cover.matrix.shape[1])
    chosen[sites] = 1.0
    return np.concatenate([chosen, (cover.matrix @ chosen == 0).astype(np.float64)])


def _gap_of_rest(cover: Cover, start: IntArray | None, gap: float) -> float:
    """Turn a gap relative to what is covered into one relative to what is not, which HiGHS minimises."""
    if gap <= 0 or start is None:
        return 0.0
    rest = cover.uncovered(start) - cover.lost_weight
    return gap * (cover.total - cover.lost_weight - rest) / max(rest, 1.0)


def _spare(problem: SitingProblem, result: SitingResult, terms: Terms) -> tuple[Message, ...]:
    """Name the sites without which as many people are covered: the number may be too large."""
    sites, cutoff_min = result.sites, terms.cutoff_min

    def people(chosen: tuple[int, ...]) -> float:
        return float(problem.weights[within(problem.after_min(chosen), cutoff_min)].sum())

    kept = sites
    for site in sites:
        fewer = tuple(one for one in kept if one != site)
        if people(fewer) >= people(sites):
            kept = fewer
    names = ", ".join(problem.name(site) for site in sites if site not in kept)
    return (Message.of("siting.note_adds_nothing", names=names, fewer=len(kept)),) if names else ()


MODEL = Model(
    name="mclp",
    seeks="siting.model_mclp",
    needs=frozenset({"number", "cutoff"}),
    ask=lambda problem, terms, limits: mclp(problem, terms.number, terms.cutoff_min, limits),
    levels=("covered",),
    measure=lambda problem, sites, terms: newly_covered(problem, sites, cutoff_min=terms.cutoff_min),
    reading=PEOPLE_REACHED,
    notes=_spare,
)
