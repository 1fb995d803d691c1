"""A campaign as planned: days, stops with their times, and everything that was left out."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from coverage.answers.pokling import Ranking
from coverage.answers.study import Study
from coverage.answers.tours.clock import DAY_MIN, day_number, worked
from coverage.answers.tours.problem import Order, Orders, Problem, Shift, run
from coverage.answers.tours.request import Request
from coverage.ground.geometry import FloatArray

BASE = ""
"""What stands for the base where a kode of a village is expected."""


@dataclass(frozen=True)
class PlannedStop:
    """A visit: minutes from midnight of its day; the leg that leads to it comes from where the team was before.

    Where a team slept at the village it visits first, the leg belongs to the day before and is 0 here.
    ``state`` is "" for what is still to be, else ``held``, ``cancelled`` or ``moved``.
    """

    kode: str
    arrival_min: int
    begin_min: int
    departure_min: int
    drive_min: int
    km: float
    ferry_legs: int
    value: int
    fixed: bool = False
    state: str = ""

    @property
    def counts(self) -> bool:
        """Tell whether the visit was held or is still to be."""
        return self.state not in {"cancelled", "moved"}

    @property
    def wait_min(self) -> int:
        """Minutes between arriving and beginning."""
        return self.begin_min - self.arrival_min


@dataclass(frozen=True)
class PlannedDay:
    """A team's day; times in minutes from midnight.

    ``starts_at`` and ``ends_at`` are the base, or the village a team slept in or near (kode). ``back_drive_min``,
    ``back_km`` and ``back_ferry_legs`` are the way to where the day ends after its last visit: back to the base, or
    on to the next village; 0 where the team sleeps at its last visit. No leg is parted by a night.
    A ``kept`` day was not planned anew.
    """

    date: dt.date
    team: int
    starts_at: str
    ends_at: str
    start_min: int
    end_min: int
    stops: tuple[PlannedStop, ...]
    drive_min: int
    break_min: int
    back_drive_min: int = 0
    back_km: float = 0.0
    back_ferry_legs: int = 0
    kept: bool = False

    @property
    def visit_min(self) -> int:
        """Minutes of all visits."""
        return sum(stop.departure_min - stop.begin_min for stop in self.stops)

    @property
    def wait_min(self) -> int:
        """Minutes waited that are neither drive, visit nor break."""
        return self.total_min - self.drive_min - self.visit_min - self.break_min

    @property
    def total_min(self) -> int:
        """Minutes from leaving to coming back, or to the end of the last visit or drive of a day away."""
        return self.end_min - self.start_min

    def late_min(self, day_min: int) -> int:
        """Minutes by which a day changed by hand is longer than `day_min`."""
        return max(0, self.total_min - day_min)

    @property
    def km(self) -> float:
        """Kilometres of all legs of this day."""
        return sum(stop.km for stop in self.stops) + self.back_km

    @property
    def ferry_legs(self) -> int:
        """Crossings of all legs of this day."""
        return sum(stop.ferry_legs for stop in self.stops) + self.back_ferry_legs


@dataclass(frozen=True)
class Work:
    """What a plan was made from, so that it can be changed by hand without measuring anew.

    ``bound``: a priority no plan exceeds, kept days left out, in tenths of a point.
    """

    problem: Problem
    orders: Orders
    kept: tuple[PlannedDay, ...]
    out: FloatArray
    back: FloatArray
    bound: int


@dataclass(frozen=True)
class Plan:
    """The answer of :func:`coverage.answers.tours.campaign.plan_campaign`.

    ``left_out``: every other village of the region, index ``kode``: ``name``, ``cause`` and the numbers behind it (see
    :mod:`coverage.answers.tours.left_out`). ``objective`` and ``bound`` are in points of priority.
    """

    study: Study
    request: Request
    ranking: Ranking
    base: str
    days: tuple[PlannedDay, ...]
    left_out: pd.DataFrame
    objective: float
    bound: float
    status: str
    work: "Work" = field(repr=False, compare=False)

    @property
    def gap(self) -> float:
        """Share of the bound that may be missing."""
        return 0.0 if self.bound <= 0 else max(0.0, (self.bound - self.objective) / self.bound)

    @property
    def stops(self) -> tuple[tuple[PlannedDay, PlannedStop], ...]:
        """All visits held or still to be, with their days, in the order of days and teams."""
        return tuple((day, stop) for day in self.days for stop in day.stops if stop.counts)

    def name(self, kode: str) -> str:
        """Name a village, or the base."""
        if kode == BASE:
            return str(self.study.units.at[self.base, "name"])
        return str(self.study.villages.at[kode, "name"])

    def point(self, kode: str) -> tuple[float, float]:
        """Give latitude and longitude of a village's public point, or of the base (degrees, EPSG:4326)."""
        row: Any = self.study.units.loc[self.base] if kode == BASE else self.study.villages.loc[kode]
        return float(row["lat"]), float(row["lon"])

    def totals(self) -> Mapping[str, float]:
        """Sum up visits, minutes and kilometres."""
        return {
            "days": len(self.days),
            "stops": len(self.stops),
            "drive_min": sum(day.drive_min for day in self.days),
            "km": sum(day.km for day in self.days),
            "ferry_legs": sum(day.ferry_legs for day in self.days),
        }


@dataclass(frozen=True)
class _Gone:
    """An order of visits as it goes: per leg its ends, when it arrives and on which day of the shift; visits likewise.

    The last leg is the one back to the base.
    """

    legs: tuple[tuple[int, int], ...]
    arrive: tuple[int, ...]
    begun: tuple[int, ...]
    driven_on: tuple[int, ...]
    visited_on: tuple[int, ...]


def days_of(problem: Problem, shift: int, order: Order) -> tuple[PlannedDay, ...]:
    """Write an order of visits as the days of a team; a shift without visits has none, nor a day before it leaves."""
    if not order:
        return ()
    plan = problem.shifts[shift]
    told = run(problem, shift, order)
    arrive = tuple(int(at) for at in (*told.arrive, told.back))
    begun = tuple(int(at) for at in told.begin)
    gone = _Gone(
        tuple(zip((0, *order), (*order, 0), strict=True)),
        arrive,
        begun,
        tuple(day_number(at, plan.breaks) for at in arrive),
        tuple(day_number(at, plan.breaks) for at in begun),
    )
    found: list[PlannedDay] = []
    for number in range(gone.driven_on[0], gone.driven_on[-1] + 1):
        found.append(_day(problem, plan, gone, number, found[-1].ends_at if found else BASE))
    return tuple(found)


def _day(problem: Problem, shift: Shift, gone: _Gone, number: int, starts_at: str) -> PlannedDay:
    """Write one day of a shift; a leg to where it ends, with no visit there before the night, is its way `back`."""
    midnight = shift.offset(shift.days[number])
    visits = [leg for leg, day in enumerate(gone.visited_on) if day == number]
    driven = [leg for leg, day in enumerate(gone.driven_on) if day == number]
    stops = tuple(_stop(problem, gone, leg, midnight, shift.start_min) for leg in visits)
    last = next((leg for leg in driven if leg not in visits), None)
    end = midnight + stops[-1].departure_min if stops else midnight + shift.end_min % DAY_MIN
    ends_at = stops[-1].kode if stops else starts_at
    back: tuple[int, float, int] = (0, 0.0, 0)
    if last is not None:
        end, row = gone.arrive[last], gone.legs[last][1]
        ends_at = problem.stops[row - 1].kode if row else BASE
        back = _measured(problem, gone.legs[last])
    span = (midnight + shift.start_min, end)
    return PlannedDay(
        shift.days[number],
        shift.team,
        starts_at,
        ends_at,
        shift.start_min,
        end - midnight,
        stops,
        sum(int(problem.minutes[gone.legs[leg]]) for leg in driven),
        round(span[1] - span[0] - worked(*span, shift.breaks)),
        *back,
    )


def _stop(problem: Problem, gone: _Gone, leg: int, midnight: int, start_min: int) -> PlannedStop:
    """Write a visit; who slept there is there when the day starts, and drives nothing on this day."""
    stop = problem.stops[gone.legs[leg][1] - 1]
    begun = gone.begun[leg] - midnight
    slept_there = gone.driven_on[leg] < gone.visited_on[leg]
    return PlannedStop(
        stop.kode,
        start_min if slept_there else gone.arrive[leg] - midnight,
        begun,
        begun + stop.service_min,
        *((0, 0.0, 0) if slept_there else _measured(problem, gone.legs[leg])),
        stop.value,
        stop.fixed is not None,
    )


def _measured(problem: Problem, leg: tuple[int, int]) -> tuple[int, float, int]:
    """Give minutes, kilometres and crossings of a leg."""
    return int(problem.minutes[leg]), round(float(problem.km[leg]), 3), int(problem.ferries[leg])
