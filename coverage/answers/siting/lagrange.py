"""A bound for the p-median, and what cannot belong to any better solution than the one at hand.

Each row's demand to be served once is priced by a multiplier instead of demanded. With prices ``l_i`` the rest falls
apart by candidate, ``rho_j = sum_i w_i min(0, c_ij - l_i)``, and ``sum_i w_i l_i`` plus the p smallest ``rho`` is a
lower bound. Prices climb by subgradient steps.

With a budget B money has a price m too: ``rho_j + m b_j`` in place of ``rho_j``, and ``m B`` less in all, is a bound
for any m >= 0. The m taken is what the first site that can be paid in part only brings for its money, the best there is
for the prices at hand (G. B. Dantzig (1957), Discrete-variable extremum problems, Operations Research 5(2), 266-288,
doi:10.1287/opre.5.2.266). Then p is the most sites, and none above 0 counts.

S. C. Narula, U. I. Ogbu and H. M. Samuelsson (1977), An algorithm for the p-median problem, Operations Research 25(4),
709-713, doi:10.1287/opre.25.4.709. Fixing by reduced costs: J. E. Beasley (1993), Lagrangean heuristics for location
problems, European Journal of Operational Research 65(3), 383-399, doi:10.1016/0377-2217(93)90118-7.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from coverage.answers.siting.budget import Budget
from coverage.answers.siting.model import OPTIMAL_GAP, BoolArray
from coverage.ground.geometry import FloatArray, IntArray

__all__ = ["Median", "Narrowed", "narrow"]

_STEPS = 400
_PATIENCE = 15
_FIRST_STEP = 1.5
_LAST_STEP = 0.003
_ROUNDING = 1e-9


@dataclass(frozen=True)
class Median:
    """A p-median: finite ``cost`` (rows x candidates), ``base`` cost per row without sites, ``weights``, ``number``.

    With a ``budget`` the number is the most sites, else the exact one.
    """

    cost: FloatArray
    base: FloatArray
    weights: FloatArray
    number: int
    budget: Budget | None = None

    def take(self, columns: IntArray) -> "Median":
        """Keep some candidates."""
        budget = None if self.budget is None else self.budget.take(columns)
        return replace(self, cost=self.cost[:, columns], budget=budget)


@dataclass(frozen=True)
class Narrowed:
    """What is left to decide.

    ``bound``: proven lower bound on the total. ``kept``: candidates that may belong to a solution better than the
    total known. ``reach``: cost per row beyond which that row is not served in any such solution.
    """

    bound: float
    kept: BoolArray
    reach: FloatArray


def narrow(
    median: Median, locked: IntArray, upper: float, seconds: Callable[[], float], offer: Callable[[IntArray], float]
) -> Narrowed:
    """Bound a p-median from below and drop what no solution below `upper` can hold.

    Parameters
    ----------
    median
        The problem; further rules only raise its optimum, so that the bound stays one.
    locked
        Sites that stay.
    upper
        Total of a solution known, ``inf`` if none.
    seconds
        Tells the seconds that remain.
    offer
        Is shown the sites the prices favour; gives the total of the best solution known by then.
    """
    cost = np.minimum(median.cost, median.base[:, None])
    weights, number = median.weights, median.number
    free = np.setdiff1d(np.arange(cost.shape[1]), locked)
    wanted = number - len(locked)
    price = np.sort(cost, axis=1)[:, min(cost.shape[1] - 1, max(1, cost.shape[1] // (2 * number)))]
    best, best_price, step, since = -np.inf, price, _FIRST_STEP, 0
    kept, reach = np.ones(cost.shape[1], dtype=bool), np.full(len(weights), np.inf)
    for _ in range(_STEPS):
        saved = np.minimum(cost - price[:, None], 0.0)
        rho = weights @ saved
        mine = free[kept[free]]
        open_, paid = _with_money(rho[mine], median.budget, mine, locked)
        order = np.argsort(open_, kind="stable")
        first = order[:wanted] if median.budget is None else order[:wanted][open_[order[:wanted]] < 0]
        picked = np.concatenate([locked, mine[first]])
        bound = float(weights @ price + rho[locked].sum() + open_[first].sum() - paid)
        if bound > best + _ROUNDING * abs(bound):
            best, best_price, since = bound, price, 0
            upper = min(upper, offer(picked))
        else:
            since += 1
            if since >= _PATIENCE:
                step, since, price = step / 2, 0, best_price
        if np.isfinite(upper):
            room = upper * (1 + _ROUNDING) - bound
            if len(mine) > wanted > 0:
                last = open_[order[wanted - 1]]
                dear = open_ - (last if median.budget is None else min(last, 0.0)) > room
                dear[first] = False
                kept[mine[dear]] = False
            reach = np.minimum(reach, price + np.maximum(room, 0.0) / weights)
            if upper - best <= OPTIMAL_GAP * abs(upper):
                break
        slope = weights * (1.0 - (saved[:, picked] < 0).sum(axis=1))
        slope[(price >= median.base) & (slope > 0)] = 0.0
        length = float(slope @ slope)
        if step < _LAST_STEP or length == 0.0 or seconds() <= 0.0:
            break
        target = upper if np.isfinite(upper) else bound + 0.05 * abs(bound)
        price = np.clip(price + step * max(target - bound, OPTIMAL_GAP) * slope / length, 0.0, median.base)
    return Narrowed(best, kept, reach)


def _with_money(rho: FloatArray, budget: Budget | None, mine: IntArray, locked: IntArray) -> tuple[FloatArray, float]:
    """Price money: gives ``rho`` with what each candidate costs in it, and what the whole budget is worth."""
    if budget is None:
        return rho, 0.0
    left, costs = max(budget.left(locked), 0.0), budget.costs[mine]
    worth = -rho / costs
    order = np.argsort(-worth, kind="stable")
    over = np.flatnonzero(np.cumsum(costs[order]) > left)
    money = float(worth[order[over[0]]]) if over.size else 0.0
    return rho + money * costs, money * left
