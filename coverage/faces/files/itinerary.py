"""What a team takes along: days with their calls, in local time; public places only, no figure about clients."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from coverage.ground.quantities import format_date, format_duration, format_km
from coverage.ground.texts import Language, say

__all__ = ["Call", "DaySheet", "Itinerary", "Spot", "day_names", "day_sum", "distance", "late_mark", "night_mark"]


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

    ``back_drive_min``, ``back_km`` and ``back_ferry_legs`` are the way to the end after the last visit, see
    :class:`coverage.answers.tours.plan.PlannedDay`.
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
    back_km: float
    back_ferry_legs: int
    line: Sequence[tuple[float, float]] = ()
    late_min: int = 0

    @property
    def way(self) -> tuple[Spot, ...]:
        """All spots of the day in order, the start and the base, or where else the team goes to sleep, included."""
        spots = (self.start, *(call.spot for call in self.calls))
        return (*spots, self.end) if self.home or self.end != spots[-1] else spots


@dataclass(frozen=True)
class Itinerary:
    """A campaign on paper.

    ``zone`` is an IANA name and ``zone_name`` what Indonesians call it (WIB, WITA, WIT); ``made_on`` is the day of
    planning; ``signatures`` are who signs. ``key`` tells this plan from every other one, in any language.
    ``base_line`` says how to reach the base and when it is open, "" where that is not known; ``lines`` end with it.
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
    base_line: str = ""


def distance(km: float, ferry_legs: int, lang: Language) -> str:
    """Say how far a way is, and how many crossings are on it where there are any."""
    told = format_km(km, lang)
    return say("plan.with_crossings", lang, km=told, ferries=ferry_legs) if ferry_legs else told


def night_mark(sheet: DaySheet, lang: Language) -> str:
    """Say where a team sleeps, and the way there after its last visit; nothing where it is back at the base."""
    if sheet.home:
        return ""
    if not sheet.back_drive_min:
        return say("plan.night", lang, end=sheet.end.name)
    return say(
        "plan.night_onward",
        lang,
        end=sheet.end.name,
        back=f"{sheet.back:%H.%M}",
        drive=format_duration(sheet.back_drive_min, lang),
        km=distance(sheet.back_km, sheet.back_ferry_legs, lang),
    )


def late_mark(sheet: DaySheet, lang: Language) -> str:
    """Say by how much a day is longer than the working day; nothing where it is not."""
    return say("plan.late", lang, late_min=float(sheet.late_min)) if sheet.late_min else ""


def day_names(paper: Itinerary, lang: Language) -> list[str]:
    """Name each day's route; a day longer than the working day says so."""
    return [
        ". ".join(
            filter(
                None,
                [
                    say("plan.message_day", lang, day=format_date(sheet.date, lang, weekday=True), team=sheet.team),
                    late_mark(sheet, lang),
                ],
            )
        )
        for sheet in paper.days
    ]


def day_sum(sheet: DaySheet, zone: str, lang: Language) -> str:
    """Say on paper when a day begins and ends, how far it goes, and where the team sleeps if not at the base."""
    return say(
        "plan.pdf_total" if sheet.home else "plan.pdf_total_away",
        lang,
        leave=f"{sheet.leave:%H.%M}",
        start=sheet.start.name,
        back=f"{sheet.back:%H.%M}",
        end=sheet.end.name,
        zone=zone,
        drive=format_duration(sheet.drive_min, lang),
        km=distance(sheet.km, sheet.ferry_legs, lang),
        night=night_mark(sheet, lang),
    )
