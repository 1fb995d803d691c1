"""A campaign as planned: days, stops with their times, and everything that was left out."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from coverage.answers.pokling import Ranking
from coverage.answers.study import Study
from coverage.answers.tours.clock import DAY_MIN, worked
from coverage.answers.tours.problem import Order, Orders, Problem, Shift, run
from coverage.answers.tours.request import Request
from coverage.ground.geometry import FloatArray

BASE = ""
"""What stands for the base where a kode of a village is expected."""


@dataclass(frozen=True)
class PlannedStop:
    """A visit: minutes from midnight of its day; the leg that leads to it comes from the stop before, or the base.

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

    ``starts_at`` and ``ends_at`` are the base, or the village a team slept in or near (kode). The way back to the
    base belongs to the day on which it ends: ``back_drive_min``, ``back_km``, ``back_ferry_legs``, 0 on a day away.
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
        """Minutes from leaving to coming back, or to the end of a day away."""
        return self.end_min - self.start_min

    def late_min(self, day_min: int) -> int:
        """Minutes by which a day changed by hand is longer than `day_min`."""
        return max(0, self.total_min - day_min)

    @property
    def km(self) -> float:
        """Kilometres of all legs that end on this day."""
        return sum(stop.km for stop in self.stops) + self.back_km

    @property
    def ferry_legs(self) -> int:
        """Crossings of all legs that end on this day."""
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


def days_of(problem: Problem, shift: int, order: Order) -> tuple[PlannedDay, ...]:
    """Write an order of visits as the days of a team; a shift without visits has none."""
    if not order:
        return ()
    plan = problem.shifts[shift]
    gone = run(problem, shift, order)
    legs = list(zip((0, *order), (*order, 0), strict=True))
    arrive = [int(at) for at in (*gone.arrive, gone.back)]
    begun = [int(at) for at in gone.begin]
    leave = [plan.start_min, *(at + int(problem.service[row]) for at, row in zip(begun, order, strict=True))]
    found, last = [], BASE
    for date in plan.days:
        midnight = plan.offset(date)
        on = [number for number in range(len(order)) if begun[number] // DAY_MIN == midnight // DAY_MIN]
        home = arrive[-1] // DAY_MIN == midnight // DAY_MIN
        if not on and not home and arrive[-1] < midnight:
            break
        stops = tuple(_stop(problem, legs[number], arrive[number], begun[number], midnight) for number in on)
        slept = BASE if home else (stops[-1].kode if stops else last)
        end = arrive[-1] if home else _end_of_day(plan, midnight)
        span = (midnight + plan.start_min, end)
        a, b = legs[-1]
        found.append(
            PlannedDay(
                date,
                plan.team,
                last,
                slept,
                plan.start_min,
                end - midnight,
                stops,
                round(sum(_within(plan, span, way) for way in zip(leave, arrive, strict=True))),
                round(span[1] - span[0] - worked(*span, plan.breaks)),
                *(
                    (int(problem.minutes[a, b]), round(float(problem.km[a, b]), 3), int(problem.ferries[a, b]))
                    if home
                    else ()
                ),
            )
        )
        if home:
            break
        last = slept
    return tuple(found)


def _stop(problem: Problem, leg: tuple[int, int], arrive: int, begun: int, midnight: int) -> PlannedStop:
    row = leg[1]
    stop = problem.stops[row - 1]
    return PlannedStop(
        stop.kode,
        max(arrive - midnight, 0),
        begun - midnight,
        begun - midnight + stop.service_min,
        int(problem.minutes[leg]),
        round(float(problem.km[leg]), 3),
        int(problem.ferries[leg]),
        stop.value,
        stop.fixed is not None,
    )


def _end_of_day(shift: Shift, midnight: int) -> int:
    return midnight + shift.end_min % DAY_MIN


def _within(shift: Shift, span: tuple[int, int], way: tuple[int, int]) -> float:
    """Count the minutes of a drive that fall into a span of the clock."""
    return worked(max(span[0], way[0]), min(span[1], way[1]), shift.breaks)
