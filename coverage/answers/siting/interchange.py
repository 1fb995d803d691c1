"""Good sets quickly: greedy choice, then the best exchange of one site for another until none helps.

With a budget the greedy choice begins twice, by what a site brings and by what it brings for its money; neither alone
is sure to be near the best (S. Khuller, A. Moss and J. Naor (1999), The budgeted maximum coverage problem, Information
Processing Letters 70(1), 39-45, doi:10.1016/S0020-0190(99)00031-9).

M. B. Teitz and P. Bart (1968), Heuristic methods for estimating the generalized vertex median of a weighted graph,
Operations Research 16(5), 955-961, doi:10.1287/opre.16.5.955; all exchanges are valued at once as in R. A. Whitaker
(1983), A fast algorithm for the greedy interchange for large-scale clustering and median location problems, INFOR
21(2), 95-108, doi:10.1080/03155986.1983.11731889.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from coverage.answers.siting.budget import Budget
from coverage.answers.siting.model import NO_TIME
from coverage.answers.siting.rules import SiteRules
from coverage.ground.geometry import FloatArray, IntArray

__all__ = ["Costs", "good_sites", "greedy", "improve"]

_LEAST_GAIN = 1e-9
_TRIED = 200
_ROUNDS = 500


@dataclass(frozen=True)
class Costs:
    """What sites cost those who travel: ``cost`` per row and candidate and ``base`` per row without any, finite.

    ``weights``: of each row.
    """

    cost: FloatArray
    base: FloatArray
    weights: FloatArray

    def now(self, sites: Sequence[int] | IntArray) -> FloatArray:
        """Cost of each row's cheapest site, or `base` where that is cheaper."""
        cheapest: FloatArray = np.minimum(self.cost[:, sites].min(axis=1, initial=np.inf), self.base)
        return cheapest

    def total(self, sites: IntArray) -> float:
        """Sum the weighted costs."""
        return float(self.weights @ self.now(sites))

    def gain(self, now: FloatArray) -> FloatArray:
        """Tell by how much each candidate would lower the total of `now`."""
        gained: FloatArray = self.weights @ np.maximum(now[:, None] - self.cost, 0.0)
        return gained


def greedy(
    costs: Costs,
    number: int,
    locked: IntArray,
    *,
    budget: Budget | None = None,
    per_cost: bool = False,
) -> IntArray:
    """Add, one after the other, the site that lowers the total most.

    Parameters
    ----------
    costs
        Of those who travel.
    number
        Sites wanted; with a budget at most.
    locked
        Sites that are in from the start.
    budget
        What the sites may cost; then only sites that help are added.
    per_cost
        Whether a site is valued by what it brings for its money.
    """
    chosen = [int(site) for site in locked]
    now = costs.now(chosen)
    while len(chosen) < number:
        gain = costs.gain(now)
        gain[chosen] = -np.inf
        if budget is not None:
            gain[budget.costs > budget.left(chosen)] = -np.inf
            if gain.max() <= 0:
                break
            if per_cost:
                gain = gain / budget.costs
        best = int(np.argmax(gain))
        chosen.append(best)
        now = np.minimum(now, costs.cost[:, best])
    return np.array(chosen, dtype=np.int64)


def improve(
    costs: Costs,
    sites: IntArray,
    rules: SiteRules,
    allow: Callable[[IntArray], bool],
    *,
    seconds: Callable[[], float] = lambda: np.inf,
) -> IntArray | None:
    """Exchange one site for another while the total falls; a set that is not allowed is left at any price first.

    With a budget, sites are also added while there is money for one that helps.

    Parameters
    ----------
    costs
        Of those who travel.
    sites
        Where to start.
    rules
        What the sites are held to.
    allow
        Tells whether a set may be used, the rules included.
    seconds
        Tells the seconds that remain; the search ends when none do.

    Returns
    -------
    The sites, or None if no allowed set was met.
    """
    now, allowed = np.array(sites, dtype=np.int64), allow(sites)
    for _ in range(_ROUNDS):
        if seconds() <= 0.0:
            break
        step = _one_more(costs, now, rules, allow) if allowed else None
        if step is None:
            step = _exchanged(costs, now, rules, allow, at_any_price=not allowed)
        if step is None:
            break
        now, allowed = step, True
    return now if allowed else None


def _one_more(
    costs: Costs,
    sites: IntArray,
    rules: SiteRules,
    allow: Callable[[IntArray], bool],
) -> IntArray | None:
    """Add the site that lowers the total most, where there is money for one; None: nothing is to be gained so."""
    if rules.exact or rules.budget is None or len(sites) >= (rules.number or 0):
        return None
    now = costs.now(sites)
    gain = costs.gain(now)
    gain[sites] = 0.0
    gain[rules.budget.costs > rules.budget.left(sites)] = 0.0
    least = _LEAST_GAIN * float(costs.weights @ now)
    for new in np.argsort(-gain, kind="stable")[:_TRIED]:
        if gain[new] <= least:
            break
        if allow(tried := np.append(sites, new)):
            return tried
    return None


def _exchanged(
    costs: Costs,
    sites: IntArray,
    rules: SiteRules,
    allow: Callable[[IntArray], bool],
    *,
    at_any_price: bool,
) -> IntArray | None:
    """Exchange one site for another so that the total falls most; None: no exchange is allowed and helps."""
    if sites.size == 0:
        return None
    change = _changes(costs, sites)
    change[np.isin(sites, rules.locked)] = np.inf
    change[:, sites] = np.inf
    if rules.budget is not None:
        prices = rules.budget.costs
        change[prices[None, :] - prices[sites][:, None] > rules.budget.left(sites)] = np.inf
    least = np.inf if at_any_price else -_LEAST_GAIN * costs.total(sites)
    order = np.argsort(change, axis=None)[:_TRIED] if at_any_price or change.size <= _TRIED else _lowest(change)
    for place in order:
        out, new = divmod(int(place), costs.cost.shape[1])
        if not change[out, new] < least:
            break
        tried = sites.copy()
        tried[out] = new
        if allow(tried):
            return tried
    return None


def good_sites(
    costs: Costs,
    rules: SiteRules,
    seconds: float,
    *,
    allow: Callable[[IntArray], bool] | None = None,
) -> IntArray | None:
    """Choose good sites that keep to the rules; None if that did not come about.

    Parameters
    ----------
    costs
        Of those who travel.
    rules
        What the sites are held to; with a number.
    seconds
        Time for improving it, and for finding any set at all where rules are tight.
    allow
        Tells whether a set may be used, the rules included; by default the rules alone.

    Raises
    ------
    InfeasibleError
        If no set keeps to the rules.
    """
    until = perf_counter() + seconds

    def left() -> float:
        return until - perf_counter()

    shut = np.where(rules.upper > 0, costs.cost, np.inf)
    costs = replace(costs, cost=np.minimum(shut, costs.base.max(initial=0.0) + 1.0))
    accepted = allow or rules.allow
    begun = [
        greedy(costs, rules.number or 0, rules.locked, budget=rules.budget, per_cost=per_cost)
        for per_cost in ((False,) if rules.budget is None else (False, True))
    ]
    met = [improve(costs, first, rules, accepted, seconds=left) for first in begun]
    found = [sites for sites in met if sites is not None]
    if found:
        return min(found, key=costs.total)
    gain = costs.gain(costs.base)
    return improve(costs, rules.cheapest(-gain, max(left(), NO_TIME)), rules, accepted, seconds=left)


def _lowest(change: FloatArray) -> IntArray:
    flat = change.ravel()
    few = np.argpartition(flat, _TRIED)[:_TRIED]
    return few[np.argsort(flat[few], kind="stable")]


def _changes(costs: Costs, sites: IntArray) -> FloatArray:
    """Value every exchange: change of the total, shape (sites, candidates)."""
    cost, weights = costs.cost, costs.weights
    options = np.column_stack([cost[:, sites], costs.base])
    order = np.argsort(options, axis=1, kind="stable")[:, :2]
    first, second = np.take_along_axis(options, order, axis=1).T
    gain = costs.gain(first)
    change = np.empty((len(sites), cost.shape[1]))
    for place in range(len(sites)):
        mine = order[:, 0] == place
        low, high = first[mine][:, None], second[mine][:, None]
        change[place] = weights[mine] @ (np.clip(cost[mine], low, high) - low) - gain
    return change
