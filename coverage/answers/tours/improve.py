"""Better plans by small steps, all tried side by side: add what fits, exchange for more value, order shorter."""

import itertools
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from coverage.answers.tours.problem import Order, Orders, Problem, run
from coverage.ground.geometry import IntArray

_PERMUTED = 7
_ALL_SUBSETS = 5
_PAIR = 2
_ROUNDS = 200


@dataclass(frozen=True)
class Step:
    """Visits taken out of a shift and one put in at a place of what remains."""

    shift: int
    out: tuple[int, ...]
    place: int
    row: int
    lost: int


def without(order: Order, out: tuple[int, ...]) -> Order:
    """Take visits out of an order."""
    return tuple(row for row in order if row not in out)


def subsets(problem: Problem, order: Order) -> Iterator[tuple[int, ...]]:
    """List what may be taken out of an order to make room: nothing first, stops that must be in never."""
    free = [row for row in order if not problem.stops[row - 1].must]
    most = len(free) if len(order) <= _ALL_SUBSETS else _PAIR
    for size in range(min(most, len(free)) + 1):
        yield from itertools.combinations(free, size)


def openings(problem: Problem, orders: Orders, rows: IntArray, shift: int) -> Iterator[tuple[Step, np.ndarray]]:
    """Try to put each of `rows` into a shift, for every subset taken out and every place.

    Yields
    ------
    tuple[Step, ndarray]
        The step (its ``row`` is 0) and minutes of driving added per row, ``inf``
        where it does not fit or the quota is used up.
    """
    order = orders[shift]
    usual = float(run(problem, shift, order).drive_min) if order else 0.0
    areas = np.array([stop.area for stop in problem.stops], dtype=object)[rows - 1]
    held = Counter(problem.stops[row - 1].area for held in orders for row in held)
    for out in subsets(problem, order):
        kept = without(order, out)
        freed = Counter(problem.stops[row - 1].area for row in out)
        full = {area for area, most in problem.quota.items() if held[area] - freed[area] >= most}
        allowed = ~np.isin(areas, list(full))
        lost = int(sum(problem.value[row] for row in out))
        for place in range(len(kept) + 1):
            tried = run(problem, shift, [*kept[:place], rows, *kept[place:]])
            fits = np.broadcast_to(tried.fits, rows.shape) & allowed
            yield Step(shift, out, place, 0, lost), np.where(fits, tried.drive_min - usual, np.inf)


def improve(problem: Problem, orders: Orders, *, cancelled: Callable[[], bool] = lambda: False) -> Orders:
    """Repeat the best step while one adds priority, then drive each shift's visits in the shortest order."""
    orders = tuple(shortest_order(problem, shift, order) for shift, order in enumerate(orders))
    for _ in range(_ROUNDS):
        step = None if cancelled() else _best_step(problem, orders)
        if step is None:
            break
        kept = without(orders[step.shift], step.out)
        changed = (*kept[: step.place], step.row, *kept[step.place :])
        changed = shortest_order(problem, step.shift, changed)
        orders = (*orders[: step.shift], changed, *orders[step.shift + 1 :])
    return orders


def _best_step(problem: Problem, orders: Orders) -> Step | None:
    held = {row for order in orders for row in order}
    rows = np.array([row for row in range(1, len(problem.stops) + 1) if row not in held], dtype=np.int64)
    if len(rows) == 0:
        return None
    # A stop that must be in weighs more than all others together.
    must = np.array([problem.stops[row - 1].must for row in rows])
    value = problem.value[rows] + must * int(problem.value.sum() + 1)
    best: tuple[float, float, int, int, Step] | None = None
    for shift in range(len(orders)):
        for step, added in openings(problem, orders, rows, shift):
            gain = np.where(np.isfinite(added), value - step.lost, -1)
            top = int(gain.max())
            if top <= 0:
                continue
            at = int(np.flatnonzero(gain == top)[np.argmin(added[gain == top])])
            key = (-top, float(added[at]), shift, int(rows[at]))
            if best is None or key < best[:4]:
                done = Step(shift, step.out, step.place, int(rows[at]), step.lost)
                best = (*key, done)
    return None if best is None else best[4]


def shortest_order(problem: Problem, shift: int, order: Order) -> Order:
    """Give the order of a shift's visits with the least driving; proven up to seven visits, else as it is."""
    if not 1 < len(order) <= _PERMUTED:
        return order
    tried = np.array(list(itertools.permutations(order)), dtype=np.int64)
    gone = run(problem, shift, list(tried.T))
    if not gone.fits.any():
        return order
    driven = np.where(gone.fits, gone.drive_min, np.inf)
    best = np.flatnonzero(driven == driven.min())
    # Of equally short orders the one that is back first, then the first in the list.
    return tuple(int(row) for row in tried[best[np.argmin(gone.back[best])]])
