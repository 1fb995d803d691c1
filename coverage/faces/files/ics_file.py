"""iCalendar (RFC 5545): one event a team day, in the time of the province."""

import datetime as dt
import hashlib
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

from coverage.faces.files.itinerary import DaySheet, Itinerary, late_mark, night_mark
from coverage.faces.files.sources import PlanSource
from coverage.ground.texts import Language, say

__all__ = ["ics_bytes", "plan_ics"]

_UID_DIGITS = 32


def plan_ics(plan: PlanSource, lang: Language) -> bytes:
    """Write a plan as a calendar."""
    return ics_bytes(plan.itinerary, lang)


def ics_bytes(itinerary: Itinerary, lang: Language = "id") -> bytes:
    """Write one event a day and team with its calls as text; lines end in CR LF and are folded at 75 octets."""
    calendar = Calendar()
    calendar.add("prodid", "-//Jangkau//Pokling//ID")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", itinerary.title)
    for sheet in itinerary.days:
        calendar.add_component(_event(itinerary, sheet, lang))
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _event(itinerary: Itinerary, sheet: DaySheet, lang: Language) -> Event:
    zone = ZoneInfo(itinerary.zone)
    names = ", ".join(call.spot.name for call in sheet.calls)
    event = Event()
    event.add("uid", _uid(itinerary, sheet))
    event.add("dtstamp", dt.datetime.combine(itinerary.made_on, dt.time(), tzinfo=dt.UTC))
    event.add("dtstart", sheet.leave.astimezone(zone))
    event.add("dtend", sheet.back.astimezone(zone))
    event.add("summary", say("plan.event", lang, team=sheet.team, names=names or sheet.end.name))
    event.add("location", names or sheet.end.name)
    lines = [
        f"{c.number}. {c.begin:%H.%M}-{c.departure:%H.%M} {c.spot.name} ({c.kode}), {c.district}" for c in sheet.calls
    ]
    event.add("description", "\n".join(filter(None, [late_mark(sheet, lang), *lines, night_mark(sheet, lang)])))
    return event


def _uid(itinerary: Itinerary, sheet: DaySheet) -> str:
    """Name an event as no event of another plan is named (RFC 7986, section 5.3), and alike whenever it is written."""
    told = "\n".join([itinerary.key, f"{sheet.date}", f"{sheet.team}", *(call.kode for call in sheet.calls)])
    return f"{sheet.date:%Y%m%d}-{sheet.team}-{hashlib.sha256(told.encode()).hexdigest()[:_UID_DIGITS]}@jangkau"
