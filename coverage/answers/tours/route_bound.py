"""A priority no plan exceeds: the Lagrangian of "each stop at most once" over the best route of each shift.

::

    bound = min over m   sum_i m_i + sum_q m_q quota_q + sum_s (m_s cap_s + best route of s with values v - m)

The best route of a shift is searched among more than can be driven: time runs in ticks, every leg is rounded down to
them, and a stop may come twice if another lies between (q-routes: Christofides, Mingozzi, Toth 1981,
doi:10.1002/net.3230110207). Appointments keep their day and time. Any multipliers give a valid bound; smoothed column
generation (Wentges 1997, doi:10.1016/S0969-6016(97)00001-4) finds good ones on a coarse clock, and finer ones tell.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

from coverage.answers.tours.bound import Knapsack
from coverage.answers.tours.clock import worked
from coverage.answers.tours.problem import Orders, Problem, Shift, collected
from coverage.ground.geometry import FloatArray, IntArray

_ALONE, _BY_VALUE, _BY_TRIP = 60, 12, 10
_ROUTES, _STRIDE = 40, 0.5
_PHASES = ((15, 30), (5, 12), (1, 8))
"""Minutes of a tick, and how often multipliers are asked for."""
_CELLS = 70_000_000
"""Ticks times legs times groups of shifts up to which a phase is worth its time."""
_EPS = 1e-6


@dataclass(frozen=True)
class _Clock:
    """Routes in ticks: row 0 is the base, every other one a stop, or several that are taken for one.

    ``legs``: shape (rows, rows), from ready at one to ready at the next. ``home``: shape (rows, groups), the last tick
    at which one may be ready to be back in time. ``first``, ``last``: shape (rows, groups), when one may get ready.
    """

    legs: IntArray
    home: IntArray
    first: IntArray
    last: IntArray


@dataclass(frozen=True)
class _Dual:
    """What is paid for, and the shifts that are alike, as groups with their numbers of shifts.

    ``uses``: shape (limits, rows), which rows a limit counts; stops, then quotas. ``limit`` has the groups' most visits
    after them. ``free``: which multipliers may be negative.
    """

    value: FloatArray
    uses: FloatArray
    limit: FloatArray
    free: np.ndarray
    alike: IntArray


def route_bound(problem: Problem, most: Sequence[int], knapsack: Knapsack, orders: Orders, *, musts: bool) -> int:
    """Give a priority that no plan exceeds.

    Parameters
    ----------
    problem
        The campaign, with stops and shifts.
    most
        Visits that each shift can hold at most.
    knapsack
        The simpler bound: its prices are where the multipliers begin.
    orders
        The best known plan: where the search for routes begins; the bound is valid anyway.
    musts
        Whether only plans count that hold every stop that must be in.

    Returns
    -------
    int
        In tenths of a point; that of `knapsack` where a visit takes less than a minute, which ticks cannot tell.
    """
    shortest = int(problem.service[1:].min())
    if shortest < 1:
        return knapsack.bound
    rows = _rows(problem, knapsack)
    groups = _groups(problem, most)
    dual = _dual(problem, rows, groups, most, musts=musts)
    at = np.zeros(len(dual.limit))
    at[: len(rows)] = [knapsack.prices[members - 1].max() if len(members) == 1 else 0.0 for members in rows]
    at = np.where(dual.free, at, np.maximum(at, 0.0))
    shifts = [group[0] for group in groups]
    master = _Master(dual)
    of = {int(row): place for place, members in enumerate(rows, start=1) for row in members}
    for number, group in enumerate(groups):
        for shift in group:
            if orders[shift]:
                master.routes[number, tuple(of[row] for row in orders[shift])] = None
    known = collected(problem, orders)
    told = np.inf
    for tick, steps in _PHASES:
        cells = max(shift.work_min for shift in problem.shifts) / tick * len(rows) ** 2 * len(groups)
        if tick == _PHASES[-1][0] and cells > _CELLS:
            break
        clock = _clock(problem, rows, shifts, min(tick, shortest))
        master.keep(clock)
        told, at = _narrowed(master, clock, at, known, steps)
    return max(0, int(np.floor(told + _EPS)))


def _rows(problem: Problem, knapsack: Knapsack) -> list[IntArray]:
    """List appointments, stops that must be in and the dearest ones alone, the others by value and length of trip."""
    stops = np.flatnonzero(knapsack.usable) + 1
    named = np.array([problem.stops[row - 1].must or problem.stops[row - 1].fixed is not None for row in stops])
    order = stops[np.lexsort((stops, -knapsack.prices[stops - 1], ~named))]
    alone, rest = np.split(order, [max(_ALONE, int(named.sum()))])
    rows = [np.array([row]) for row in alone]
    rest = rest[np.lexsort((rest, -problem.value[rest]))]
    for worth in np.array_split(rest, _BY_VALUE):
        near = worth[np.lexsort((worth, problem.alone_min()[worth]))]
        rows += [members for members in np.array_split(near, _BY_TRIP) if len(members)]
    return rows


def _groups(problem: Problem, most: Sequence[int]) -> list[list[int]]:
    """Put shifts together that have the same hours, breaks, windows and most visits."""
    found: dict[tuple[object, ...], list[int]] = {}
    for number, shift in enumerate(problem.shifts):
        windows = tuple(side.tobytes() for side in problem.windows[number])
        key = (shift.start_min, shift.end_min, shift.breaks, most[number], windows)
        found.setdefault(key, []).append(number)
    return list(found.values())


def _dual(
    problem: Problem, rows: list[IntArray], groups: list[list[int]], most: Sequence[int], *, musts: bool
) -> _Dual:
    value = np.array([0, *(problem.value[members].max() for members in rows)], dtype=np.float64)
    areas = sorted(problem.quota)
    uses = np.zeros((len(rows) + len(areas), len(value)))
    uses[np.arange(len(rows)), np.arange(1, len(value))] = 1
    for number, area in enumerate(areas, start=len(rows)):
        uses[number, 1:] = [all(problem.stops[row - 1].area == area for row in members) for members in rows]
    alike = np.array([len(group) for group in groups])
    caps = alike * [most[group[0]] for group in groups]
    limit = np.concatenate([[len(members) for members in rows], [problem.quota[area] for area in areas], caps])
    free = np.zeros(len(limit), dtype=bool)
    free[: len(rows)] = [musts and problem.stops[members[0] - 1].must for members in rows]
    return _Dual(value, uses, limit.astype(np.float64), free, alike)


def _clock(problem: Problem, rows: list[IntArray], shifts: list[int], tick: int) -> _Clock:
    """Round everything down to ticks, so that no order of visits that fits is lost."""
    apart = problem.minutes.copy()
    np.fill_diagonal(apart, np.inf)
    members = [np.array([0]), *rows]
    flat = np.concatenate(members)
    starts = np.cumsum([0, *(len(one) for one in members[:-1])])
    into = (apart + problem.service)[np.ix_(flat, flat)]
    legs = np.minimum.reduceat(np.minimum.reduceat(into, starts, axis=0), starts, axis=1)
    legs[:, 0] = np.inf
    back = np.minimum.reduceat(problem.minutes[flat, 0], starts)
    ends = np.array([problem.shifts[shift].work_min for shift in shifts])
    never = int(ends.max() // tick) + 1
    home = np.maximum((ends - np.minimum(back, ends.max() + tick)[:, None]) // tick, -1)
    first, last = np.zeros(home.shape), np.full(home.shape, float(never))
    for place, one in enumerate(rows, start=1):
        if problem.stops[one[0] - 1].fixed is not None:
            for group, shift in enumerate(shifts):
                first[place, group], last[place, group] = _ready(problem, int(one[0]), shift, tick)
    whole = np.minimum(legs, float(never * tick)) // tick
    return _Clock(*(side.astype(np.int64) for side in (whole, home, first, last)))


def _ready(problem: Problem, row: int, shift: int, tick: int) -> tuple[float, float]:
    """Give between which ticks an appointment may end; none on a shift of other days."""
    plan: Shift = problem.shifts[shift]
    early, late = (float(side[row]) for side in problem.windows[shift])
    if not np.isfinite(late) or late < plan.start_min:
        return 1, 0
    ends = (worked(plan.start_min, side, plan.breaks) + float(problem.service[row]) for side in (early, late))
    since, until = (end // tick for end in ends)
    return since, until


class _Master:
    """The routes known so far, and what multipliers they ask for (column generation)."""

    def __init__(self, dual: _Dual) -> None:
        self.dual = dual
        self.routes: dict[tuple[int, tuple[int, ...]], None] = {}

    def prices(self) -> FloatArray | None:
        """Give the multipliers of the best mixture of the routes known; None where the solver finds none."""
        dual, single, groups = self.dual, len(self.dual.uses), len(self.dual.alike)
        if not self.routes:
            return np.zeros(len(dual.limit))
        columns = np.zeros((len(dual.limit) + groups, len(self.routes)))
        worth = np.zeros(len(self.routes))
        for number, (group, way) in enumerate(self.routes):
            worth[number] = dual.value[list(way)].sum()
            columns[:single, number] = dual.uses[:, list(way)].sum(axis=1)
            columns[single + group, number] = len(way)
            columns[len(dual.limit) + group, number] = 1
        free = np.append(dual.free, np.zeros(groups, dtype=bool))
        limit = np.append(dual.limit, dual.alike)
        exact = {"A_eq": columns[free], "b_eq": limit[free]} if free.any() else {}
        found = linprog(-worth, A_ub=columns[~free], b_ub=limit[~free], **exact, method="highs-ds")
        if found.status != 0:
            return None
        at = np.zeros(len(limit))
        at[~free] = np.maximum(-found.ineqlin.marginals, 0.0)
        if free.any():
            at[free] = -found.eqlin.marginals
        return at[: len(dual.limit)]

    def keep(self, clock: _Clock) -> None:
        """Forget the routes that a finer clock does not allow."""
        self.routes = {route: None for route in self.routes if _holds(clock, *route)}


def _holds(clock: _Clock, group: int, way: tuple[int, ...]) -> bool:
    tick, before = 0, 0
    for row in way:
        tick = max(tick + int(clock.legs[before, row]), int(clock.first[row, group]))
        if tick > clock.last[row, group]:
            return False
        before = row
    return bool(tick <= clock.home[before, group])


def _narrowed(master: _Master, clock: _Clock, start: FloatArray, known: int, steps: int) -> tuple[float, FloatArray]:
    """Ask for routes at multipliers between the best so far and those of the routes known; give the least bound."""
    told, best = _evaluated(master, clock, start), start
    for _ in range(steps):
        asked = master.prices()
        if asked is None or told < known + 1:
            break
        before = len(master.routes)
        # Where smoothed multipliers bring nothing new, those of the master itself must, or it is the end.
        for at in ((1 - _STRIDE) * best + _STRIDE * asked, asked):
            bound = _evaluated(master, clock, at)
            if bound < told - _EPS:
                told, best = bound, at
                break
            if len(master.routes) > before:
                break
        else:
            break
    return told, best


def _evaluated(master: _Master, clock: _Clock, at: FloatArray) -> float:
    """Give the bound of multipliers; the routes behind it become known."""
    dual = master.dual
    single = len(dual.uses)
    paid = (dual.value - at[:single] @ dual.uses)[:, None] - at[None, single:]
    best, found = _routes(clock, paid)
    master.routes.update(dict.fromkeys(found))
    return float(at @ dual.limit + best @ dual.alike)


def _routes(clock: _Clock, paid: FloatArray) -> tuple[FloatArray, list[tuple[int, tuple[int, ...]]]]:
    """Give what the best route of every group is worth, and the best routes by their last row."""
    rows, groups = paid.shape
    never = int(clock.legs.max(initial=1))
    ticks = int(clock.home.max(initial=0)) + 1
    worth = np.full((never + ticks, rows, groups), -np.inf)
    flat = worth.reshape(-1, groups)
    came = (never - clock.legs) * rows + np.arange(rows)[:, None]
    # Taken into one table, not a new one each tick: three times as fast.
    reached = np.empty((rows, rows, groups))
    worth[never:, 0] = 0.0
    for tick in range(1, ticks):
        came += rows
        np.take(flat, came, axis=0, out=reached, mode="clip")
        found = reached.max(axis=0) + paid
        found[(tick < clock.first) | (tick > clock.last)] = -np.inf
        found[0] = 0.0
        worth[never + tick] = np.maximum(worth[never + tick - 1], found)
    end = np.take_along_axis(worth[never:].transpose(1, 2, 0), np.maximum(clock.home, 0)[:, :, None], axis=2)[:, :, 0]
    end = np.where(clock.home >= 0, end, -np.inf)
    end[0] = 0.0
    found = []
    for group in range(groups):
        for row in np.argsort(-end[:, group], kind="stable")[:_ROUTES]:
            if row and end[row, group] > 0:
                found.append((group, _way(clock, worth, (int(row), never + int(clock.home[row, group])), group)))
    return end.max(axis=0), found


def _way(clock: _Clock, worth: FloatArray, end: tuple[int, int], group: int) -> tuple[int, ...]:
    """Go back from a row and a tick to the base."""
    row, tick = end
    way = []
    while row:
        while worth[tick - 1, row, group] == worth[tick, row, group]:
            tick -= 1
        way.append(row)
        before = tick - clock.legs[:, row]
        row = int(np.argmax(worth[before, np.arange(len(before)), group]))
        tick = int(before[row])
    return tuple(reversed(way))
