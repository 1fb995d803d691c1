"""A bound for the p-median, and what cannot belong to any better solution than the one at hand.

Each row's demand to be served once is priced by a multiplier instead of demanded. With prices ``l_i`` the rest falls
apart by candidate, ``rho_j = sum_i w_i min(0, c_ij - l_i)``, and ``sum_i w_i l_i`` plus the p smallest ``rho`` is a
lower bound. Prices climb by subgradient steps, each leaning on the ones before
(P. M. Camerini, L. Fratta and F. Maffioli (1975), On improving relaxation methods by modified gradient techniques,
Mathematical Programming Study 3, 26-34, doi:10.1007/BFb0120697).

With a budget B money has a price m too: ``rho_j + m b_j`` in place of ``rho_j``, and ``m B`` less in all, is a bound
for any m >= 0. The m taken is what the first site that can be paid in part only brings for its money, the best there is
for the prices at hand (G. B. Dantzig (1957), Discrete-variable extremum problems, Operations Research 5(2), 266-288,
doi:10.1287/opre.5.2.266). Then p is the most sites, and none above 0 counts.

Where a rule or a promise asks for at least one site of a set, and such sets share no candidate, the least of each set
and then the least of all others are chosen: the relaxed problem stays exact, and the bound rises by what they cost.

S. C. Narula, U. I. Ogbu and H. M. Samuelsson (1977), An algorithm for the p-median problem, Operations Research 25(4),
709-713, doi:10.1287/opre.25.4.709. Fixing by reduced costs: J. E. Beasley (1993), Lagrangean heuristics for location
problems, European Journal of Operational Research 65(3), 383-399, doi:10.1016/0377-2217(93)90118-7.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from coverage.answers.siting.budget import Budget
from coverage.answers.siting.interchange import Costs
from coverage.answers.siting.model import BoolArray
from coverage.ground.geometry import FloatArray, IntArray

__all__ = [
    "Aim",
    "Ascent",
    "Choice",
    "Climb",
    "Median",
    "Narrowed",
    "Numbers",
    "Relaxed",
    "apart",
    "ascend",
    "choice_of",
    "narrow",
]

Numbers = NDArray[np.floating]
"""Long or short: prices need not be exact."""

_ROUNDING = 1e-9
_RISE = 1e-5
_LEAN = 0.7
_FADE = 0.9
_LAST_STEP = 0.002
_SPARE_SHARE = 0.1
_GUESS = 0.05


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

    @property
    def costs(self) -> Costs:
        """Give what sites cost those who travel."""
        return Costs(self.cost, self.base, self.weights)

    @property
    def whole(self) -> bool:
        """Tell whether every total is a whole number, exactly."""
        if self.weights @ self.base >= 1 / np.finfo(float).eps:
            return False
        parts = (self.cost, self.base, self.weights)
        return all(bool((part == np.rint(part)).all()) for part in parts)


@dataclass(frozen=True)
class Fixed:
    """What sites hold in any case: those ``locked``, and one at least of each set.

    ``sets``: number of the set each candidate belongs to, -1 for none.
    """

    locked: IntArray
    sets: IntArray


@dataclass(frozen=True)
class Choice:
    """What is chosen of the candidates: ``wanted`` of them, with money at most so many, and one at least of each set.

    ``sets``: number of the set each candidate belongs to, -1 for none. ``costs``: what each costs, of ``money`` in all;
    with money the sets are not looked at, which only lowers the bound.
    """

    wanted: int
    sets: IntArray
    costs: FloatArray | None = None
    money: float = np.inf

    def take(self, columns: IntArray | BoolArray) -> "Choice":
        """Keep some candidates."""
        return replace(self, sets=self.sets[columns], costs=None if self.costs is None else self.costs[columns])

    def pick(self, rho: Numbers) -> tuple[IntArray, float, FloatArray]:
        """Choose those whose ``rho`` sum to least; gives them, the sum, and how much each one would add to it.

        The sum is ``inf`` where nothing can be chosen.
        """
        if self.costs is not None:
            return self._paid(rho, self.costs)
        excess = np.full(len(rho), np.inf)
        first = self._first_of_sets(rho)
        more = self.wanted - len(first)
        if more < 0 or self.wanted > len(rho):
            return first, np.inf, excess
        others = np.delete(np.arange(len(rho)), first) if len(first) else np.arange(len(rho))
        filler = others[np.argpartition(rho[others], more - 1)[:more]] if 0 < more < len(others) else others[:more]
        picked = np.concatenate([first, filler])
        # Who comes in takes the place of the dearest one that is free to go: one of no set, or the first of its own.
        free_to_go = np.full(len(rho), rho[filler].max(initial=-np.inf))
        for site in first:
            mine = self.sets == self.sets[site]
            free_to_go[mine] = np.maximum(free_to_go[mine], rho[site])
        excess = rho - free_to_go
        excess[picked] = 0.0
        return picked, float(rho[picked].sum()), excess

    def _first_of_sets(self, rho: Numbers) -> IntArray:
        inside = np.flatnonzero(self.sets >= 0)
        if inside.size == 0:
            return inside
        order = inside[np.lexsort((rho[inside], self.sets[inside]))]
        return order[np.unique(self.sets[order], return_index=True)[1]]

    def _paid(self, rho: Numbers, costs: FloatArray) -> tuple[IntArray, float, FloatArray]:
        worth = -rho / costs
        order = np.argsort(-worth, kind="stable")
        over = np.flatnonzero(np.cumsum(costs[order]) > self.money)
        price = max(float(worth[order[over[0]]]), 0.0) if over.size else 0.0
        dear = rho + price * costs
        lowest = np.argsort(dear, kind="stable")[: self.wanted]
        picked = lowest[dear[lowest] < 0]
        full = len(lowest) == self.wanted
        last = min(float(dear[lowest[-1]]), 0.0) if full and self.wanted else 0.0
        excess = dear - last if self.wanted else np.full(len(rho), np.inf)
        excess[picked] = 0.0
        return picked, float(dear[picked].sum()) - price * self.money, excess


@dataclass(frozen=True)
class Climb:
    """How prices climb: steps at most, the length of the first, and steps without a rise before it is halved."""

    steps: int
    first: float
    patience: int


@dataclass(frozen=True)
class Relaxed:
    """A p-median as it is priced: cost per candidate and row, base cost and weight per row, and what is chosen."""

    near: Numbers
    base: Numbers
    weights: Numbers
    choice: Choice


@dataclass(frozen=True)
class Aim:
    """Where a climb may end.

    ``upper``: total above which nothing is looked for, ``inf`` if none; a bound as near to it as ``enough`` will do.
    ``goal``: what steps aim at, if not at that.
    """

    upper: float
    enough: float = 0.0
    goal: float | None = None


@dataclass(frozen=True)
class Ascent:
    """Where the prices came to.

    ``bound``: proven, at ``price``. ``kept``: candidates that a total not above the one known can hold. ``reach``: cost
    per row beyond which no such solution serves it. ``often``: share of the last steps that chose each candidate.
    """

    bound: float
    price: Numbers
    kept: BoolArray
    reach: FloatArray
    often: FloatArray


@dataclass(frozen=True)
class Narrowed:
    """What is left to decide.

    ``bound``: proven lower bound on the total. ``kept``: candidates that may belong to a solution not above the
    total known. ``reach``: cost per row beyond which that row is not served in any such solution. ``price``: of each
    row, where the bound was reached.
    """

    bound: float
    kept: BoolArray
    reach: FloatArray
    price: Numbers


_FIRST_CLIMB = Climb(1500, 1.5, 30)


def ascend(
    relaxed: Relaxed,
    price: Numbers,
    aim: Aim,
    climb: Climb,
    seconds: Callable[[], float],
    offer: Callable[[IntArray], float] | None = None,
) -> Ascent:
    """Raise the bound by its prices, and drop candidates on the way.

    Parameters
    ----------
    relaxed
        What is bounded.
    price
        Where to begin, per row, 0 to its base.
    aim
        Where the climb may end.
    climb
        How far.
    seconds
        Tells the seconds that remain.
    offer
        Is shown the candidates the prices favour whenever the bound rises; gives a total not to be exceeded by then.
    """
    near, base, weights, choice = relaxed.near, relaxed.base, relaxed.weights, relaxed.choice
    upper = aim.upper
    alive, table, buffer = np.arange(len(near)), near, np.empty_like(near)
    best, best_price, step, since = -np.inf, price, climb.first, 0
    often, reach, lean = np.zeros(len(near)), np.full(len(weights), np.inf), np.zeros_like(price)
    for _ in range(climb.steps):
        saved = np.minimum(np.subtract(table, price, out=buffer[: len(table)]), 0.0, out=buffer[: len(table)])
        picked, least, excess = choice.pick(saved @ weights)
        bound = float(weights @ price) + least
        often *= _FADE
        often[alive[picked]] += 1 - _FADE
        if bound > best:
            # A small rise neither ends patience nor feeds it.
            since = 0 if best == -np.inf or bound > best + _RISE * abs(best) else since
            best, best_price = bound, price
            upper = upper if offer is None or bound == np.inf else min(upper, offer(alive[picked]))
        else:
            since += 1
        if best > upper or bound == np.inf:
            break
        out = excess > upper - bound
        if np.isfinite(upper):
            reach = np.minimum(reach, price + max(upper - bound, 0.0) / weights)
        if best >= upper - aim.enough or step < _LAST_STEP or seconds() <= 0.0:
            alive = alive[~out]
            break
        if since >= climb.patience:
            step, since, price, lean = step / 2, 0, best_price, np.zeros_like(price)
        slope = weights * (1.0 - (saved[picked] < 0).sum(axis=0))
        lean = slope + _LEAN * lean
        lean[(price >= base) & (lean > 0)] = 0.0
        length = float(lean @ lean)
        if length == 0.0:
            alive = alive[~out]
            break
        goal = aim.goal or (upper if np.isfinite(upper) else bound + _GUESS * abs(bound) + _ROUNDING)
        price = np.clip(price + step * max(goal - bound, _ROUNDING) * lean / length, 0.0, base)
        if out.sum() > _SPARE_SHARE * len(out):
            alive, table, choice = alive[~out], np.ascontiguousarray(table[~out]), choice.take(~out)
    kept = np.zeros(len(near), dtype=bool)
    kept[alive] = True
    return Ascent(best, best_price, kept, reach, often)


def narrow(
    median: Median,
    fixed: Fixed,
    aim: Aim,
    seconds: Callable[[], float],
    offer: Callable[[IntArray], float],
    price: Numbers | None = None,
) -> Narrowed:
    """Bound a p-median from below and drop what no solution within `upper` can hold.

    Parameters
    ----------
    median
        The problem; further rules only raise its optimum, so that the bound stays one.
    fixed
        What the sites hold in any case.
    aim
        Total of a solution known, ``inf`` if none, and the gap that needs no narrowing.
    seconds
        Tells the seconds that remain.
    offer
        Is shown the sites the prices favour; gives the total of the best solution known by then.
    price
        Prices to begin with, of an earlier narrowing.
    """
    locked, cost, weights, count = fixed.locked, median.cost, median.weights, median.cost.shape[1]
    base = np.minimum(median.base, cost[:, locked].min(axis=1, initial=np.inf))
    free = np.setdiff1d(np.arange(count), locked)
    choice = choice_of(median, locked, fixed.sets, free)
    if price is None:
        near_by = min(count - 1, max(1, count // (2 * max(median.number, 1))))
        price = np.partition(cost, near_by, axis=1)[:, near_by]
    found = ascend(
        Relaxed(np.ascontiguousarray(cost[:, free].T), base, weights, choice),
        np.minimum(price, base),
        replace(aim, upper=aim.upper * (1 + _ROUNDING)),
        _FIRST_CLIMB,
        seconds,
        lambda picked: offer(np.concatenate([locked, free[picked]])) * (1 + _ROUNDING),
    )
    kept = np.zeros(count, dtype=bool)
    kept[locked] = True
    kept[free[found.kept]] = True
    return Narrowed(found.bound, kept, found.reach, found.price)


def choice_of(median: Median, chosen: IntArray, sets: IntArray, free: IntArray) -> Choice:
    """Say what is still to choose of the `free` candidates once some are chosen."""
    open_sets = np.where(np.isin(sets, sets[chosen]), -1, sets)[free]
    if median.budget is None:
        return Choice(median.number - len(chosen), open_sets)
    money = max(median.budget.left(chosen), 0.0)
    return Choice(median.number - len(chosen), open_sets, median.budget.costs[free], money)


def apart(asked: Sequence[IntArray], count: int) -> IntArray:
    """Give each candidate the number of its set, the smallest first, of sets that share none; -1 for none.

    Examples
    --------
    >>> apart([np.array([0, 1, 2]), np.array([1]), np.array([3, 4])], 6).tolist()
    [-1, 0, -1, 1, 1, -1]
    """
    sets = np.full(count, -1)
    number = 0
    for members in sorted(asked, key=len):
        if len(members) and (sets[members] < 0).all():
            sets[members] = number
            number += 1
    return sets
