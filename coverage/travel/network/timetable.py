"""How long a passenger waits for a boat: trips by weekday, departure times, headways.

Somebody who comes at any time of service waits half a headway on average (Osuna & Newell 1972,
doi:10.1287/trsc.6.1.52, regular headways). The headway is ``(last - first) / (n - 1)`` of `n` departures where first
and last are known, else the hours of service divided by `n`. Over the week the boats per hour of service are averaged,
so that a day without a boat lengthens the wait.

The worst wait is that of somebody who has just missed a boat. Where the times of first and last departure are known,
nights and days without a boat count; departures between them that are not known one by one are spread evenly. Where
they are not known, it is one headway of the day with the fewest trips, and whole days without a boat.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from coverage.travel.network.ferry_choices import WEEKDAYS, Wait, Weekday

DAY_MIN = 24 * 60.0
_WEEK = len(WEEKDAYS)
_BOTH_ENDS = 2
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})", re.ASCII)
_OTHER_DAY = re.compile(r"\b(\w{3})\s*:\s*(\d+)", re.ASCII)


@dataclass(frozen=True)
class Timetable:
    """When one line leaves, in minutes after midnight.

    Attributes
    ----------
    trips
        Trips on each weekday, Monday first, shape (7,).
    departures
        Known times in order; only the first and the last may be known. Empty where they are not.
    estimated
        Whether the number of trips is not known.
    service_min
        Length of the part of a day in which trips leave, where departures are not known.
    """

    trips: tuple[float, ...]
    departures: tuple[float, ...]
    estimated: bool
    service_min: float

    def runs(self, weekday: Weekday | None = None) -> bool:
        """Tell whether there is a trip on a weekday, or on any."""
        return any(self.trips) if weekday is None else self.trips[WEEKDAYS.index(weekday)] > 0

    def wait_min(self, wait: Wait = "mean", weekday: Weekday | None = None) -> float:
        """Give the minutes somebody waits; infinite where no boat leaves."""
        if not self.runs(weekday):
            return float("inf")
        mean = self._mean(weekday)
        # The average over the week may be longer than any gap that the days tell of.
        return mean if wait == "mean" else max(2 * mean, self._longest(weekday))

    def _mean(self, weekday: Weekday | None) -> float:
        days = self.trips if weekday is None else (self.trips[WEEKDAYS.index(weekday)],)
        return len(days) / sum(map(self._per_min, days)) / 2

    def _per_min(self, trips: float) -> float:
        """Give a day's boats per minute of service: one over the headway, 0 where none leaves."""
        service = self.departures[-1] - self.departures[0] if self.departures else 0.0
        if service > 0 and trips > 1:
            return (trips - 1) / service
        return trips / max(self.service_min, service)

    def _longest(self, weekday: Weekday | None) -> float:
        """Give the longest wait that begins on a weekday, or on any."""
        days = range(_WEEK) if weekday is None else (WEEKDAYS.index(weekday),)
        return max((self._clocked if self.departures else self._counted)(day) for day in days if self.trips[day])

    def _clocked(self, day: int) -> float:
        leaving = [at + DAY_MIN * ahead for ahead in range(_WEEK + 1) for at in self._of_day((day + ahead) % _WEEK)]
        # Who comes at midnight waits for the first boat of the day.
        gaps = [after - before for before, after in zip([0.0, *leaving], leaving, strict=False) if before < DAY_MIN]
        return max(gaps)

    def _of_day(self, day: int) -> list[float]:
        """Give a day's departures: as known where their number is the day's, else spread between first and last."""
        trips = math.ceil(self.trips[day])
        if trips == len(self.departures):
            return list(self.departures)
        first, last = self.departures[0], self.departures[-1]
        return [first + (last - first) * number / max(trips - 1, 1) for number in range(trips)]

    def _counted(self, day: int) -> float:
        idle = next(ahead for ahead in range(_WEEK) if self.trips[(day + ahead + 1) % _WEEK])
        return self.service_min / self.trips[day] + idle * DAY_MIN


def timetable(row: "Mapping[str, str] | pd.Series[str]", *, service_h: float, unknown_trips: float) -> Timetable:
    """Read the timetable of a line.

    Parameters
    ----------
    row
        ``trips_per_day``, ``departures``, ``days``, ``first_departure``, ``last_departure`` as text, empty = not known.
    service_h
        Hours of a day in which trips leave, where first and last departure are not known.
    unknown_trips
        Trips a day to assume where no number is known.
    """
    listed = clock_times(row["departures"])
    ends = clock_times(f"{row['first_departure']};{row['last_departure']}")
    known = sorted(listed) or (ends if ends == sorted(ends) and len(ends) == _BOTH_ENDS else [])
    stated = row["trips_per_day"]
    other = days_that_differ(row["days"])
    usual = float(stated) if stated else float(len(listed)) if listed else unknown_trips
    return Timetable(
        trips=tuple(other.get(day, usual) for day in WEEKDAYS),
        departures=tuple(known),
        estimated=not stated and not listed and len(other) < _WEEK,
        service_min=service_h * 60,
    )


def clock_times(text: str) -> list[float]:
    """Find clock times (``08:00;10.30``) as minutes after midnight."""
    return [int(hour) * 60.0 + int(minute) for hour, minute in _CLOCK.findall(text)]


def days_that_differ(text: str) -> dict[Weekday, float]:
    """Find the weekdays that have another number of trips than usual (``Sel:4;Jum:4``)."""
    found = {day.casefold(): float(trips) for day, trips in _OTHER_DAY.findall(text)}
    return {day: found[day] for day in WEEKDAYS if day in found}
