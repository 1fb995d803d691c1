"""Which stops, on which shift, in which order: prize-collecting vehicle routing by PyVRP, then small steps.

Maximise the priority collected; of equal plans the one with less driving::

    max  sum_i value_i y_i - minutes of driving / 100
    each stop at most once, each shift within its hours, breaks, windows, visits a day and quota

Wouda, Lan, Kool (2024), PyVRP, doi:10.1287/ijoc.2023.0055. PyVRP's clock runs only while the team works; that a visit
does not run into a break is seen to afterwards, on the real clock, and room that is left is filled.
"""

import datetime as dt
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from pyvrp import (
    Client,
    Depot,
    IteratedLocalSearchCallbacks,
    IteratedLocalSearchParams,
    Location,
    ProblemData,
    Solution,
    SolveParams,
    VehicleType,
)
from pyvrp import solve as search

from coverage.answers.tours.bound import knapsack_bound
from coverage.answers.tours.clock import worked
from coverage.answers.tours.greedy import greedy
from coverage.answers.tours.improve import improve
from coverage.answers.tours.problem import (
    Order,
    Orders,
    Problem,
    Shift,
    collected,
    driven_min,
    missing_musts,
    run,
)
from coverage.answers.tours.progress import Cancel, Watch, never
from coverage.answers.tours.route_bound import route_bound
from coverage.ground.geometry import IntArray

ITERATIONS = 3_000
_MOST_LISTED = 1_000
_FORBIDDEN = 1_000_000
_PER_TENTH = 100
_PREPARED = 0.9


@dataclass(frozen=True)
class Solved:
    """Orders of matrix rows per shift; `bound` is a priority no plan can exceed, both in tenths of a point.

    ``status``: ``optimal`` where the bound is reached, ``cancelled`` (best so far), ``edited`` by hand, else
    ``feasible``.
    """

    orders: Orders
    objective: int
    bound: int
    status: Literal["optimal", "feasible", "cancelled", "edited"]

    @property
    def gap(self) -> float:
        """Share of the bound that may be missing, 0 where proven."""
        return 0.0 if self.bound == 0 else (self.bound - self.objective) / self.bound


class _Until:
    """Stops after a number of iterations, or when the planner says so; a clock would not be reproducible."""

    def __init__(self, iterations: int, watch: Watch) -> None:
        self.iterations, self.watch, self.done = iterations, watch, 0

    def __call__(self, best_cost: float) -> bool:  # noqa: ARG002 - PyVRP hands it over
        self.done += 1
        return self.watch.reached(_PREPARED * min(1.0, self.done / self.iterations)) or self.done > self.iterations


class _Better(IteratedLocalSearchCallbacks):
    """Tells the watch what the search has found, as it will be on the real clock."""

    def __init__(self, problem: Problem, listed: IntArray, watch: Watch) -> None:
        self.problem, self.listed, self.watch = problem, listed, watch

    def on_best(self, best: Solution) -> None:
        self.watch.found(_written(self.problem, self.listed, best))


def solve(problem: Problem, *, seed: int = 1, iterations: int = ITERATIONS, stop: Cancel = never) -> Solved:
    """Choose and order the stops of a campaign.

    Parameters
    ----------
    problem
        The campaign.
    seed, iterations
        The same give the same plan.
    stop
        Told how far it is and the best so far; answers whether to stop now with that.

    Returns
    -------
    Solved
        Never less priority than :func:`coverage.answers.tours.greedy.greedy` collects; no single stop can be
        added, or exchanged for others of less priority within one shift, unless it was stopped.
    """
    watch = Watch(problem, stop)
    by_hand = greedy(problem)
    watch.found(by_hand)
    found = [by_hand, improve(problem, by_hand, cancelled=watch.ask)]
    watch.found(found[-1])
    if problem.shifts and problem.stops and not watch.cancelled:
        found.append(improve(problem, _searched(problem, seed, iterations, watch), cancelled=watch.ask))
        watch.found(found[-1])
    orders = min(
        found,
        key=lambda plan: (len(missing_musts(problem, plan)), -collected(problem, plan), driven_min(problem, plan)),
    )
    watch.end()
    value = collected(problem, orders)
    bound = upper_bound(problem, orders, musts=not missing_musts(problem, orders))
    if value == bound:
        return Solved(orders, value, bound, "optimal")
    return Solved(orders, value, bound, "cancelled" if watch.cancelled else "feasible")


def upper_bound(problem: Problem, orders: Orders | None = None, *, musts: bool = False) -> int:
    """Give a priority no plan exceeds: by counting, and where that leaves a gap by the routes of the shifts.

    Parameters
    ----------
    problem
        The campaign.
    orders
        The best known plan, if any: where the search for a good bound begins.
    musts
        Whether only plans count that hold every stop that must be in, as `orders` then does.
    """
    if not (problem.stops and problem.shifts):
        return 0
    most = [_most_visits(problem, shift) for shift in problem.shifts]
    plan = tuple(() for _ in problem.shifts) if orders is None else orders
    counted = knapsack_bound(problem, most)
    if counted.bound <= collected(problem, plan):
        return counted.bound
    return min(counted.bound, route_bound(problem, most, counted, plan, musts=musts))


def _searched(problem: Problem, seed: int, iterations: int, watch: Watch) -> Orders:
    """Search with PyVRP on the stops most worth it, and bring what it finds onto the real clock."""
    listed = _shortlist(problem)
    tell = SolveParams(ils=IteratedLocalSearchParams(callbacks=_Better(problem, listed, watch)))
    until = _Until(iterations, watch)
    found = search(_data(problem, listed), until, seed=seed, collect_stats=False, display=False, params=tell)
    return _written(problem, listed, found.best)


def _written(problem: Problem, listed: IntArray, found: Solution) -> Orders:
    """Write what PyVRP found as orders that hold on the real clock."""
    orders: list[Order] = [() for _ in problem.shifts]
    for route in found.routes():
        orders[route.vehicle_type()] = tuple(int(listed[visit.idx]) for visit in route if visit.is_client())
    return _repaired(problem, tuple(orders))


def _shortlist(problem: Problem) -> IntArray:
    """Keep the stops that fit a shift alone; of very many those of most priority, in all or per minute."""
    alone = problem.alone_min()
    rows = np.flatnonzero(alone <= max(shift.work_min for shift in problem.shifts))
    rows = rows[rows > 0]
    must = np.array([problem.stops[row - 1].must for row in rows], dtype=bool)
    places = []
    for worth in (problem.value[rows].astype(np.float64), problem.value[rows] / np.maximum(alone[rows], 1.0)):
        place = np.empty(len(rows), dtype=np.int64)
        place[np.lexsort((rows, -worth, ~must))] = np.arange(len(rows))
        places.append(place)
    first = np.lexsort((rows, np.minimum(*places)))[:_MOST_LISTED]
    return np.sort(rows[first])


def _stretches(shift: Shift) -> tuple[tuple[float, float], ...]:
    """Give the stretches of work between breaks, on the clock that runs only while the team works."""
    marks = [shift.start_min, *(start for start, _ in shift.breaks), shift.end_min]
    ends = [worked(shift.start_min, min(mark, shift.end_min), shift.breaks) for mark in marks]
    return tuple((a, b) for a, b in pairwise(ends) if b > a)


def _kind(problem: Problem, shift: Shift) -> tuple[dt.date, ...]:
    """Sort shifts by what forbids a stop: the days on which there are appointments."""
    dates = {stop.fixed.day for stop in problem.stops if stop.fixed is not None}
    return tuple(day for day in shift.days if day in dates)


def _window(problem: Problem, row: int) -> tuple[int, int]:
    """Give when a visit may begin on PyVRP's clock: an appointment counts in the shift of its day."""
    for shift, (early, late) in zip(problem.shifts, problem.windows, strict=True):
        if problem.stops[row - 1].fixed is not None and np.isfinite(late[row]):
            since = worked(shift.start_min, early[row], shift.breaks)
            return int(since), int(max(since, worked(shift.start_min, late[row], shift.breaks)))
    return 0, int(max(shift.work_min for shift in problem.shifts))


def _data(problem: Problem, listed: IntArray) -> ProblemData:
    """Write the problem as PyVRP reads it; one profile per kind of shift forbids the appointments of other days."""
    kinds = [_kind(problem, shift) for shift in problem.shifts]
    known = list(dict.fromkeys(kinds))
    rows = np.concatenate([[0], listed])
    minutes = problem.minutes[np.ix_(rows, rows)]
    whole = np.where(np.isfinite(minutes), minutes, _FORBIDDEN).astype(np.int64)
    matrices: list[Any] = []
    for kind in known:
        fixed = [problem.stops[row - 1].fixed for row in listed]
        barred = np.array([False, *(one is not None and one.day not in kind for one in fixed)])
        matrix = whole.copy()
        matrix[barred, :] = matrix[:, barred] = _FORBIDDEN
        np.fill_diagonal(matrix, 0)
        matrices.append(matrix)
    must = int(problem.value.sum() + 1)
    clients = []
    for number, row in enumerate(listed, start=1):
        early, late = _window(problem, int(row))
        prize = _PER_TENTH * int(problem.value[row] + must * problem.stops[row - 1].must)
        service = int(problem.service[row])
        clients.append(Client(number, [1], [], service, early, late, prize=prize, required=False))
    vehicles = [
        VehicleType(1, [_most_visits(problem, shift)], tw_late=int(shift.work_min), profile=known.index(kind))
        for shift, kind in zip(problem.shifts, kinds, strict=True)
    ]
    return ProblemData([Location(0, 0) for _ in rows], clients, [Depot(0)], vehicles, matrices, matrices)


def _most_visits(problem: Problem, shift: Shift) -> int:
    """Count the visits that the stretches of work could hold if nobody had to drive."""
    shortest = max(1, min(stop.service_min for stop in problem.stops))
    room = sum(int((until - since) // shortest) for since, until in _stretches(shift))
    allowed = len(problem.stops) if problem.visits_per_day is None else problem.visits_per_day * len(shift.days)
    return min(room, allowed)


def _repaired(problem: Problem, orders: Orders) -> Orders:
    """Drop what does not hold on the real clock or exceeds a quota, the least priority first."""
    kept = []
    for shift, whole in enumerate(orders):
        order = whole
        while order and not run(problem, shift, order).fits:
            order = _drop_least(problem, order)
        kept.append(order)
    while over := problem.over_quota(tuple(kept)):
        spare = [
            (problem.stops[row - 1].must, int(problem.value[row]), shift, row)
            for shift, order in enumerate(kept)
            for row in order
            if problem.stops[row - 1].area in over
        ]
        _, _, shift, row = min(spare)
        kept[shift] = tuple(other for other in kept[shift] if other != row)
    return tuple(kept)


def _drop_least(problem: Problem, order: Order) -> Order:
    least = min(order, key=lambda row: (problem.stops[row - 1].must, problem.value[row], row))
    return tuple(row for row in order if row != least)
