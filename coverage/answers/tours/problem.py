"""What a campaign has to decide on: stops worth visiting, shifts of teams, and the minutes between them."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from coverage.answers.tours.clock import DAY_MIN, Break, begin, drive, worked
from coverage.ground.geometry import FloatArray, IntArray

Order = tuple[int, ...]
Orders = tuple[Order, ...]


@dataclass(frozen=True)
class Appointment:
    """The day of a stop, and the clock times (minutes from midnight) between which its visit begins."""

    day: dt.date
    earliest_min: int
    latest_min: int


@dataclass(frozen=True)
class Stop:
    """A village that may be visited; `value` is its priority in tenths of a point."""

    kode: str
    value: int
    service_min: int
    area: str = ""
    must: bool = False
    fixed: Appointment | None = None


@dataclass(frozen=True)
class Shift:
    """One team from leaving the base to coming back: a day, or several days where nights away are allowed.

    Times are minutes from midnight of the first day; nights between its days are breaks like any other.
    """

    team: int
    days: tuple[dt.date, ...]
    start_min: int
    end_min: int
    breaks: tuple[Break, ...] = ()

    @property
    def work_min(self) -> float:
        """Minutes of the shift without its breaks."""
        return worked(self.start_min, self.end_min, self.breaks)

    def offset(self, day: dt.date) -> int:
        """Give midnight of a day on the shift's clock."""
        return (day - self.days[0]).days * DAY_MIN


@dataclass(frozen=True)
class Problem:
    """A campaign ready to be solved.

    Parameters
    ----------
    stops
        Villages; stop *i* is row and column ``i + 1`` of the matrices, the base is 0.
    shifts
        Team days.
    minutes, km, ferries
        Shape (stops + 1, stops + 1), from row to column; minutes are whole, ``inf`` = not connected.
    visits_per_day
        Most visits of a team on one day; None: as many as fit.
    quota
        Most visits per area of :class:`Stop`.
    """

    stops: tuple[Stop, ...]
    shifts: tuple[Shift, ...]
    minutes: FloatArray
    km: FloatArray
    ferries: IntArray
    visits_per_day: int | None = None
    quota: dict[str, int] = field(default_factory=dict)

    @cached_property
    def service(self) -> FloatArray:
        """Minutes of a visit per matrix row; 0 at the base."""
        return np.array([0, *(stop.service_min for stop in self.stops)], dtype=np.float64)

    @cached_property
    def value(self) -> IntArray:
        """Priority per matrix row; 0 at the base."""
        return np.array([0, *(stop.value for stop in self.stops)], dtype=np.int64)

    @cached_property
    def windows(self) -> tuple[tuple[FloatArray, FloatArray], ...]:
        """Earliest and latest begin per shift and matrix row; the latest is ``-inf`` where the day is another."""
        return tuple(self._windows(shift) for shift in self.shifts)

    def _windows(self, shift: Shift) -> tuple[FloatArray, FloatArray]:
        early = np.zeros(len(self.stops) + 1)
        late = np.full(len(self.stops) + 1, float(shift.end_min))
        for row, stop in enumerate(self.stops, start=1):
            if stop.fixed is not None:
                here = stop.fixed.day in shift.days
                midnight = shift.offset(stop.fixed.day)
                early[row] = midnight + stop.fixed.earliest_min
                late[row] = midnight + stop.fixed.latest_min if here else -np.inf
        return early, late

    def alone_min(self) -> FloatArray:
        """Minutes that each stop needs as the only one of a shift: there, the visit, and back; base first, 0."""
        return np.asarray(self.minutes[0] + self.service + self.minutes[:, 0])

    def over_quota(self, orders: Orders) -> dict[str, int]:
        """Count the visits above the quota per area."""
        held = Counter(self.stops[row - 1].area for order in orders for row in order)
        return {area: held[area] - most for area, most in self.quota.items() if held[area] > most}


@dataclass(frozen=True)
class Run:
    """How one order of visits goes, or many at once: arrays over whatever was tried.

    ``arrive`` and ``begin`` per visit, ``back`` at the base, ``drive_min`` in all, ``fits`` if everything is in time.
    """

    arrive: tuple[FloatArray, ...]
    begin: tuple[FloatArray, ...]
    back: FloatArray
    drive_min: FloatArray
    fits: np.ndarray


def run(problem: Problem, shift: int, order: Sequence[int | IntArray]) -> Run:
    """Go an order of visits on a shift; an entry of `order` may be an array of rows tried side by side.

    The team leaves the base when the shift starts.
    """
    plan = problem.shifts[shift]
    early, late = problem.windows[shift]
    at: int | IntArray = 0
    clock = np.asarray(float(plan.start_min))
    driven = np.asarray(0.0)
    fits = np.asarray(True)
    arrive, start = [], []
    for row in order:
        clock = drive(clock, problem.minutes[at, row], plan.breaks)
        arrive.append(clock)
        begun = begin(clock, problem.service[row], early[row], plan.breaks)
        start.append(begun)
        fits = fits & (begun <= late[row])
        driven = driven + problem.minutes[at, row]
        clock, at = begun + problem.service[row], row
    back = drive(clock, problem.minutes[at, 0], plan.breaks)
    fits = fits & (back <= plan.end_min) & _days_hold(problem, plan, start)
    return Run(tuple(arrive), tuple(start), back, driven + problem.minutes[at, 0], np.asarray(fits))


def _days_hold(problem: Problem, shift: Shift, start: Sequence[FloatArray]) -> np.ndarray:
    """Tell whether no day has more visits than allowed."""
    most = problem.visits_per_day
    if most is None or len(start) <= most:
        return np.asarray(True)
    if len(shift.days) == 1:
        return np.asarray(False)
    on = [np.floor_divide(at, DAY_MIN) for at in start]
    counts = [sum((day == number).astype(np.int64) for day in on) for number in range(_span(shift))]
    return np.asarray(np.logical_and.reduce([np.asarray(count) <= most for count in counts]))


def _span(shift: Shift) -> int:
    return (shift.days[-1] - shift.days[0]).days + 1


def collected(problem: Problem, orders: Orders) -> int:
    """Sum the priority of all visits."""
    return int(sum(problem.value[row] for order in orders for row in order))


def driven_min(problem: Problem, orders: Orders) -> float:
    """Sum the minutes of driving."""
    return float(sum(run(problem, shift, order).drive_min for shift, order in enumerate(orders) if order))


def missing_musts(problem: Problem, orders: Orders) -> list[int]:
    """List the rows of stops that must be in and are not."""
    held = {row for order in orders for row in order}
    return [row for row, stop in enumerate(problem.stops, start=1) if stop.must and row not in held]
