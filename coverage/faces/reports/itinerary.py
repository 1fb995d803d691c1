"""What a team takes along: days with their calls, in local time; public places only, no figure about clients."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from coverage.ground.texts import Language, say

__all__ = ["Call", "DaySheet", "Itinerary", "Spot", "late_mark"]


@dataclass(frozen=True)
class Spot:
    """A named point; degrees, EPSG:4326."""

    name: str
    lat: float
    lon: float


@dataclass(frozen=True)
class Call:
    """A visit: when, where, and the way there from the spot before."""

    number: int
    kode: str
    spot: Spot
    district: str
    regency: str
    arrival: dt.datetime
    begin: dt.datetime
    departure: dt.datetime
    drive_min: int
    km: float
    ferry_legs: int
    state: str = ""


@dataclass(frozen=True)
class DaySheet:
    """One team's day from `start` to `end`; `home` tells whether it comes back to the base.

    ``line`` is the way to draw, longitude and latitude: along real roads where they are known, else from stop to stop.
    ``late_min`` are the minutes by which a day changed by hand is longer than the working day, see :func:`late_mark`.
    """

    date: dt.date
    team: int
    start: Spot
    end: Spot
    leave: dt.datetime
    back: dt.datetime
    home: bool
    calls: tuple[Call, ...]
    drive_min: int
    km: float
    ferry_legs: int
    back_drive_min: int
    line: Sequence[tuple[float, float]] = ()
    late_min: int = 0

    @property
    def way(self) -> tuple[Spot, ...]:
        """All spots of the day in order, the start and, on a day that ends at the base, the base included."""
        middle = tuple(call.spot for call in self.calls)
        return (self.start, *middle, self.end) if self.home else (self.start, *middle)


@dataclass(frozen=True)
class Itinerary:
    """A campaign on paper.

    ``zone`` is an IANA name and ``zone_name`` what Indonesians call it (WIB, WITA, WIT); ``made_on`` is the day of
    planning; ``signatures`` are who signs. ``key`` tells this plan from every other one, in any language.
    """

    title: str
    lines: Sequence[str]
    base: Spot
    zone: str
    zone_name: str
    made_on: dt.date
    days: tuple[DaySheet, ...]
    key: str
    signatures: Sequence[str] = ()
    notes: Sequence[str] = ()


def late_mark(sheet: DaySheet, lang: Language) -> str:
    """Say by how much a day is longer than the working day; nothing where it is not."""
    return say("plan.late", lang, late_min=float(sheet.late_min)) if sheet.late_min else ""
