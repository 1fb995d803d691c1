"""Search the cheapest set of a p-median, in the order of what costs least time.

Sets to begin from, improved by exchanges; the Lagrangian bound and what it drops; exchanges from sets drawn among what
is left; branch and bound where the number is exact; and where rules, promises or a budget leave something open, the
programme over radii.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from coverage.answers.siting.asked import asked_by_promise, asked_by_rules
from coverage.answers.siting.branch import Known, branch
from coverage.answers.siting.cover import Promise, keep_all
from coverage.answers.siting.interchange import good_sites, improve
from coverage.answers.siting.lagrange import Aim, Fixed, Median, Narrowed, apart, narrow
from coverage.answers.siting.model import NO_TIME, OPTIMAL_GAP, Stopwatch
from coverage.answers.siting.radius import Effort, decide
from coverage.answers.siting.rules import SiteRules
from coverage.ground.geometry import IntArray

__all__ = ["Task", "begin", "search"]

_CLOSE = 1.02
_SEED = 20240701
_STARTS = 12
_STARTING = 0.1
_BRANCHING = 0.5
# Of more sites most are as good as settled, and the programme that is left is small.
_FEW = 25


@dataclass(frozen=True)
class Task:
    """Rules and promises a set must keep, and the time and gap it is searched with.

    The last of ``promises`` is the one of :func:`connected`.
    """

    rules: SiteRules
    promises: tuple[Promise, ...]
    watch: Stopwatch
    gap: float = 0.0

    def allow(self, sites: IntArray) -> bool:
        """Tell whether a set keeps all of them."""
        return self.rules.allow(sites) and keep_all(self.promises, sites)

    def take(self, columns: IntArray) -> "Task":
        """Keep some candidates."""
        kept = tuple(promise.take(columns) for promise in self.promises)
        return replace(self, rules=self.rules.take(columns), promises=kept)


def begin(median: Median, task: Task, starts: Sequence[IntArray]) -> list[IntArray]:
    """Find sets to begin from: the greedy one and those given, each improved by exchanges."""
    found = [good_sites(median.costs, task.rules, task.watch.left, allow=task.allow)]
    found += [
        improve(median.costs, start, task.rules, task.allow, seconds=lambda: task.watch.left - NO_TIME)
        for start in starts
    ]
    return [sites for sites in found if sites is not None]


def search(
    median: Median, task: Task, starts: Sequence[IntArray], upper: float, offset: float
) -> tuple[IntArray | None, float, float]:
    """Find the cheapest set not above `upper`; gives it, its total and a lower bound.

    Parameters
    ----------
    median
        The problem.
    task
        What a set must keep, and the time and gap it is searched with.
    starts
        Sets to begin from.
    upper
        What a set may cost at most, ``inf`` if anything.
    offset
        Makes minutes of a total; a gap is relative to those.
    """
    known = Known(median, task.allow, upper, task.gap, offset)
    for start in starts:
        known.consider(start)
    every = np.arange(median.cost.shape[1])
    sets = apart(_asked(task), len(every))
    left = _narrowed(known, task, sets, None)
    bound = left.bound
    if task.rules.exact and not _proven(known, bound):
        before, columns = known.total, np.flatnonzero(left.kept)
        _several(known, task, columns)
        if known.total < before:
            left = _narrowed(known, task, sets, left)
            bound = max(bound, left.bound)
    few = task.rules.exact and known.median.number - len(task.rules.locked) <= _FEW
    if few and not _proven(known, bound):
        bound = max(bound, _branched(known, task, sets, left))
    if _proven(known, bound) or task.watch.left <= NO_TIME:
        return known.sites, known.total, bound
    decided = decide(
        median, left, task.rules, task.promises, upper=known.total, effort=Effort(task.watch.left, task.gap)
    )
    known.consider(decided.sites)
    return known.sites, known.total, max(bound, min(decided.bound, known.total))


def _proven(known: Known, bound: float) -> bool:
    wanted = max(OPTIMAL_GAP, known.gap) * abs(known.total + known.offset)
    return known.sites is not None and known.total - bound <= wanted


def _narrowed(known: Known, task: Task, sets: IntArray, before: Narrowed | None) -> Narrowed:
    """Bound the problem, and drop what no better set holds; what was dropped before stays so."""
    known.improved = _improver(known, task, np.arange(known.median.cost.shape[1]))
    found = narrow(
        known.median,
        Fixed(task.rules.locked, sets),
        Aim(known.total, known.grain),
        lambda: task.watch.left - NO_TIME,
        lambda picked: known.consider(known.improved(picked)),
        None if before is None else before.price,
    )
    if before is None:
        return found
    return replace(found, kept=found.kept & before.kept, reach=np.minimum(found.reach, before.reach))


def _branched(known: Known, task: Task, sets: IntArray, left: Narrowed) -> float:
    until = task.watch.spent + task.watch.left * (1.0 if _plain(task) else _BRANCHING)
    columns = np.flatnonzero(left.kept)
    known.improved = _improver(known, task, columns)
    return branch(
        known,
        Fixed(task.rules.locked, sets),
        np.setdiff1d(columns, task.rules.locked),
        left.price,
        bound=left.bound,
        seconds=lambda: until - task.watch.spent - NO_TIME,
    )


def _improver(known: Known, task: Task, columns: IntArray) -> Callable[[IntArray], IntArray | None]:
    """Improve a set that comes near the best known, each only once."""
    seen: set[bytes] = set()
    median = known.median

    def improved(picked: IntArray) -> IntArray | None:
        key = np.sort(picked).tobytes()
        if key in seen:
            return None
        seen.add(key)
        if median.costs.total(picked) >= _CLOSE * known.total:
            return None
        return _improved(median, task, picked, columns)

    return improved


def _improved(median: Median, task: Task, sites: IntArray, columns: IntArray) -> IntArray | None:
    """Improve a set by exchanges for some of the candidates, which hold the set itself."""
    found = improve(
        median.take(columns).costs,
        np.searchsorted(columns, sites),
        task.rules.take(columns),
        lambda some: task.allow(columns[some]),
        seconds=lambda: task.watch.left - NO_TIME,
    )
    return None if found is None else columns[found]


def _several(known: Known, task: Task, columns: IntArray) -> None:
    """Begin anew at random among the candidates that are left, for a share of the time."""
    locked, number = task.rules.locked, known.median.number
    free = np.setdiff1d(columns, locked)
    if len(free) <= number - len(locked):
        return
    random, until = np.random.default_rng(_SEED), task.watch.spent + task.watch.left * _STARTING
    for _ in range(_STARTS):
        if task.watch.spent > until:
            break
        begun = np.concatenate([locked, random.choice(free, number - len(locked), replace=False)])
        known.consider(_improved(known.median, task, begun, columns))


def _asked(task: Task) -> list[IntArray]:
    """List sets of candidates of which every allowed set holds one at least, and no locked site is one."""
    rules = task.rules
    asked = asked_by_rules(rules)
    if rules.exact:
        asked += [members for promise in task.promises for members in asked_by_promise(promise, rules.number or 0)]
    return [members for members in asked if not np.isin(members, rules.locked).any()]


def _plain(task: Task) -> bool:
    """Tell whether nothing but the number and refused sets decides which sets are allowed."""
    covers = [promise.cover.matrix for promise in task.promises]
    always = all(matrix.nnz == matrix.shape[0] * matrix.shape[1] for matrix in covers)
    return always and task.rules.free and task.rules.groups is None
