"""What a planner asks of a campaign, and what is wrong with it."""

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from coverage.answers.pokling import Rules
from coverage.answers.tours.calendar import breaks, closed, open_days
from coverage.answers.tours.clock import DAY_MIN
from coverage.answers.tours.problem import Shift
from coverage.answers.tours.solve import ITERATIONS
from coverage.ground.errors import InputError
from coverage.ground.texts import Message

_MOST_DAYS = 92
_MOST_TEAMS = 20
_MOST_NIGHTS = 4
_HOUR_MIN = 60


@dataclass(frozen=True)
class Fixed:
    """An appointment: a village, its day, and the clock time its visit begins (None: any time of the day)."""

    kode: str
    day: dt.date
    at_min: int | None = None


@dataclass(frozen=True)
class Request:
    """A campaign as asked for; kode are villages, times minutes.

    ``days`` are calendar days from ``first``; ``hours`` from leaving the base to coming back, breaks included;
    ``nights`` how many nights in a row a team may stay away; ``known_on`` the day of planning.
    """

    base: str | None
    first: dt.date
    days: int
    known_on: dt.date
    teams: int = 1
    hours: float = 8.0
    start_min: int = 8 * _HOUR_MIN
    visit_min: int = 120
    visits_per_day: int | None = None
    nights: int = 0
    saturday_open: bool = False
    fixed: tuple[Fixed, ...] = ()
    must: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    quota: Mapping[str, int] = field(default_factory=dict)
    seed: int = 1
    iterations: int = ITERATIONS
    rules: Rules = field(default_factory=Rules)

    @property
    def last(self) -> dt.date:
        """The last calendar day asked for."""
        return self.first + dt.timedelta(days=self.days - 1)

    @property
    def day_min(self) -> int:
        """Minutes from leaving the base to coming back."""
        return round(self.hours * _HOUR_MIN)

    def check(self) -> None:
        """Check what can be checked without a map.

        Raises
        ------
        InputError
            With every value out of range; days that are past or all closed; villages asked for and barred at once.
        """
        faults = [
            Message.of("tours.out_of_range", name=name, value=value, least=least, most=most)
            for name, value, least, most in (
                ("teams", self.teams, 1, _MOST_TEAMS),
                ("days", self.days, 1, _MOST_DAYS),
                ("hours", self.hours, 1, 16),
                ("visit-min", self.visit_min, 5, 12 * _HOUR_MIN),
                ("visits-per-day", 1 if self.visits_per_day is None else self.visits_per_day, 1, 50),
                ("nights", self.nights, 0, _MOST_NIGHTS),
                ("iterations", self.iterations, 1, 1_000_000),
            )
            if not (math.isfinite(value) and least <= value <= most)
        ]
        if faults:
            raise InputError(*faults)
        if self.start_min + self.day_min > DAY_MIN:
            raise InputError(Message.of("tours.past_midnight", hours=self.hours, start=clock(self.start_min)))
        if self.visit_min > self.day_min:
            raise InputError(Message.of("tours.visit_too_long", visit_min=self.visit_min, hours=self.hours))
        if self.first < self.known_on:
            raise InputError(Message.of("tours.past", day=self.first, today=self.known_on))
        self._check_days()
        both = sorted({*self.must, *(one.kode for one in self.fixed)} & set(self.must_not))
        if both:
            raise InputError(Message.of("tours.must_and_must_not", kode=", ".join(both)))

    def _check_days(self) -> None:
        open_ = open_days(self.first, self.days, saturday_open=self.saturday_open)
        if not open_:
            first = closed(self.first, saturday_open=self.saturday_open)
            raise InputError(
                Message.of("tours.all_closed", first=self.first, last=self.last, reason=first or "")
                if self.days > 1
                else Message.of("tours.day_closed", first=self.first, reason=first or "")
            )
        for one in self.fixed:
            why = closed(one.day, saturday_open=self.saturday_open)
            if why is not None:
                raise InputError(Message.of("tours.fixed_closed", kode=one.kode, day=one.day, reason=why))
            if not self.first <= one.day <= self.last:
                raise InputError(
                    Message.of("tours.fixed_outside", kode=one.kode, day=one.day, first=self.first, last=self.last)
                )

    def shifts(self, taken: frozenset[tuple[dt.date, int]] = frozenset()) -> tuple[Shift, ...]:
        """Give the shifts of all teams on working days, but for the team days that are `taken` already."""
        free = open_days(self.first, self.days, saturday_open=self.saturday_open)
        found = []
        for team in range(1, self.teams + 1):
            mine = [day for day in free if (day, team) not in taken]
            found += [self._shift(team, run) for run in _in_a_row(mine, self.nights + 1)]
        return tuple(sorted(found, key=lambda shift: (shift.days[0], shift.team)))

    def _shift(self, team: int, days: tuple[dt.date, ...]) -> Shift:
        end = self.start_min + self.day_min
        pauses: list[tuple[int, int]] = []
        for number, day in enumerate(days):
            midnight = number * DAY_MIN
            inside = [(max(a, self.start_min), min(b, end)) for a, b in breaks(day)]
            pauses += [(midnight + a, midnight + b) for a, b in inside if a < b]
            if number + 1 < len(days):
                pauses.append((midnight + end, midnight + DAY_MIN + self.start_min))
        return Shift(team, days, self.start_min, (len(days) - 1) * DAY_MIN + end, tuple(pauses))


def _in_a_row(days: list[dt.date], most: int) -> list[tuple[dt.date, ...]]:
    """Cut days into runs of days in a row, each of at most `most`."""
    runs: list[list[dt.date]] = []
    for day in days:
        if runs and len(runs[-1]) < most and day - runs[-1][-1] == dt.timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return [tuple(run) for run in runs]


def clock(minutes: float) -> str:
    """Write minutes from midnight as a clock time.

    Examples
    --------
    >>> clock(8 * 60 + 5)
    '08.05'
    """
    hour, minute = divmod(round(minutes) % DAY_MIN, _HOUR_MIN)
    return f"{hour:02}.{minute:02}"
