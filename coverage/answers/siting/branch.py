"""The p-median decided by branch and bound over its Lagrangian bound.

A node holds some sites for certain and leaves some candidates out. What it holds lowers the cost that each row has
anyway, so that its prices, begun where its parent's ended, need few steps; candidates that nothing better can hold are
dropped on the way. The node with the lowest bound is taken first and split by the candidate that the last steps chose
about half of the time: it is a site, or it is none. Where one site is still to choose all are tried.

P. Hanjoul and D. Peeters (1985), A comparison of two dual-based procedures for solving the p-median problem, European
Journal of Operational Research 20(3), 387-396, doi:10.1016/0377-2217(85)90011-6.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from coverage.answers.siting.lagrange import Aim, Ascent, Climb, Fixed, Median, Numbers, Relaxed, ascend, choice_of
from coverage.answers.siting.model import OPTIMAL_GAP
from coverage.ground.geometry import FloatArray, IntArray

__all__ = ["Known", "branch"]

_CLIMB = Climb(60, 0.3, 8)
_HALF = 0.5
_ROUNDING = 1e-9


@dataclass
class Known:
    """The best set met so far.

    ``total`` is also the most a set may cost before any was met. ``allow`` tells whether a set keeps to the rules,
    ``improved`` makes a set better. What is not better by ``gap``, relative to the total and ``offset``, is not sought.
    """

    median: Median
    allow: Callable[[IntArray], bool]
    total: float
    gap: float
    offset: float
    improved: Callable[[IntArray], IntArray | None] = lambda sites: sites
    sites: IntArray | None = None

    def __post_init__(self) -> None:
        self._whole = self.median.whole

    @property
    def grain(self) -> float:
        """How much below the total known a set must be to be looked for."""
        near = max(OPTIMAL_GAP / 2, self.gap) * abs(self.total + self.offset) if np.isfinite(self.total) else 0.0
        return max(near, 1.0 - 2 * _ROUNDING * self.total) if self._by_ones else near

    @property
    def most(self) -> float:
        """What a set may cost that is worth looking for."""
        return self.total * (1 + _ROUNDING) if self.sites is None else self.total - self.grain

    @property
    def left_aside(self) -> float:
        """What any set costs at least that was not looked for."""
        most = np.ceil(self.most - _ROUNDING * abs(self.most)) if self._by_ones else self.most
        return float(min(most, self.total))

    @property
    def _by_ones(self) -> bool:
        return self._whole and self.total < _HALF / 2 / _ROUNDING

    def consider(self, sites: IntArray | None) -> float:
        """Take a set if it is allowed and none is better; gives the total not to be exceeded."""
        if sites is None:
            return self.total
        total = self.median.costs.total(sites)
        if (total < self.total or (self.sites is None and total <= self.most)) and self.allow(sites):
            self.sites, self.total = sites, total
        return self.total


@dataclass(frozen=True, order=True)
class _Node:
    bound: float
    age: int
    held: IntArray = field(compare=False)
    free: IntArray = field(compare=False)
    price: Numbers = field(compare=False)


def branch(
    known: Known,
    fixed: Fixed,
    free: IntArray,
    price: Numbers,
    *,
    bound: float,
    seconds: Callable[[], float],
) -> float:
    """Search all sets of an exact number for one better than known; gives a lower bound on what any can cost.

    Parameters
    ----------
    known
        The problem, without a budget, and the best set so far; a better one is put there.
    fixed
        What every set holds.
    free
        Candidates beside the locked ones.
    price
        Prices to begin with.
    bound
        Lower bound at hand.
    seconds
        Tells the seconds that remain.
    """
    near = np.ascontiguousarray(known.median.cost.T)
    # Any price gives a bound, and short numbers take half the room.
    waiting = [_Node(bound, 0, fixed.locked, free, price.astype(np.float32))]
    least, age = np.inf, 0
    while waiting and seconds() > 0.0:
        node = heapq.heappop(waiting)
        climbed, lower = (None, node.bound) if node.bound > known.most else _at(known, near, fixed.sets, node, seconds)
        least = min(least, known.left_aside)
        if climbed is None or lower > known.most:
            continue
        left = np.flatnonzero(climbed.kept)
        wanted = known.median.number - len(node.held)
        if len(left) <= wanted:
            if len(left) == wanted:
                known.consider(np.concatenate([node.held, node.free[left]]))
            continue
        place = left[int(np.argmin(np.abs(climbed.often[left] - _HALF)))]
        rest, prices = node.free[left[left != place]], climbed.price.astype(np.float32)
        for held in (np.append(node.held, node.free[place]), node.held):
            age += 1
            heapq.heappush(waiting, _Node(lower, age, held, rest, prices))
    return min([least, known.total, *(node.bound for node in waiting)])


def _at(
    known: Known, near: FloatArray, sets: IntArray, node: _Node, seconds: Callable[[], float]
) -> tuple[Ascent | None, float]:
    """Bound a node; gives no ascent where all sets of the node were tried."""
    median = known.median
    base = np.minimum(median.base, near[node.held].min(axis=0, initial=np.inf))
    choice = choice_of(median, node.held, sets, node.free)
    table = near[node.free]
    if choice.wanted <= 1:
        _last(known, node, np.minimum(table, base) @ median.weights, choice.wanted)
        return None, node.bound
    prices = np.minimum(node.price.astype(np.float64), base)
    found = ascend(Relaxed(table, base, median.weights, choice), prices, Aim(known.most), _CLIMB, seconds)
    if found.bound <= known.most:
        picked = np.argsort(-found.often, kind="stable")[: choice.wanted]
        known.consider(known.improved(np.concatenate([node.held, node.free[picked]])))
    return found, max(node.bound, found.bound)


def _last(known: Known, node: _Node, totals: FloatArray, wanted: int) -> None:
    """Try each site as the last, in the order of what it costs, up to the first that is allowed."""
    if wanted == 0:
        known.consider(node.held)
        return
    for place in np.argsort(totals, kind="stable"):
        if totals[place] > known.total * (1 + _ROUNDING):
            break
        before = known.sites
        known.consider(np.append(node.held, node.free[place]))
        if known.sites is not before:
            break
