"""The usual way to plan by hand: day by day, the highest priority that still fits, of equals the nearest."""

import numpy as np

from coverage.answers.tours.problem import Order, Orders, Problem, run


def greedy(problem: Problem) -> Orders:
    """Fill each shift with the highest priority that still fits; stops that must be in come first."""
    left = np.arange(1, len(problem.stops) + 1)
    held: dict[str, int] = {}
    orders = []
    for shift in range(len(problem.shifts)):
        order: Order = ()
        while len(left):
            tried = run(problem, shift, [*order, left])
            full = np.array([held.get(problem.stops[row - 1].area, 0) for row in left]) >= np.array(
                [problem.quota.get(problem.stops[row - 1].area, np.inf) for row in left]
            )
            fits = np.flatnonzero(np.broadcast_to(tried.fits, left.shape) & ~full)
            if len(fits) == 0:
                break
            must = np.array([problem.stops[row - 1].must for row in left[fits]])
            away = np.broadcast_to(tried.arrive[-1], left.shape)[fits]
            first = fits[np.lexsort((left[fits], away, -problem.value[left[fits]], ~must))[0]]
            row = int(left[first])
            order = (*order, row)
            area = problem.stops[row - 1].area
            held[area] = held.get(area, 0) + 1
            left = np.delete(left, first)
        orders.append(order)
    return tuple(orders)
