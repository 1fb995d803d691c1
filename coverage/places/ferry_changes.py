"""A line of an office: described anew, or a known one changed; every fault told at once."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from coverage.ground.errors import InputError
from coverage.ground.free_text import shown
from coverage.ground.texts import Message
from coverage.places.ferries import WEEKDAYS, Weekday, embedded_ferries
from coverage.places.schemas.ferry_columns import MAX_EXTRA_MIN, MAX_SAILING_MIN, MAX_TRIPS
from coverage.places.villages import find_village, load_villages

VEHICLES = ("yes", "no", "unknown")

_DAY_NAMES = dict(zip(("senin", "selasa", "rabu", "kamis", "jumat", "sabtu", "minggu"), WEEKDAYS, strict=True))
_CLOCK = re.compile(r"(\d{1,2})[:.](\d{2})", re.ASCII)
_OTHER_DAY = re.compile(r"(\w+)\s*[:=]\s*(\d{1,3})", re.ASCII)
_LAST_HOUR, _LAST_MINUTE = 23, 59


@dataclass(frozen=True)
class FerryChange:
    """What to change of a line; what is None stays, an empty text is not known from now on.

    Attributes
    ----------
    start, end
        Villages (kode or name) of the ports, anywhere in Indonesia.
    sailing_min
        Minutes, above 0 and at most a week; takes the place of a range.
    trips_per_day
        Above 0 and at most 1000. Departures of another number are not known then.
    departures
        Clock times such as ``08:00,10:30``, each once; they decide the trips a day, and which are first and last.
    days
        Weekdays with another number of trips, such as ``Sel:4;Jum:0``.
    season_extra_min
        Minutes more in a rough sea, from 0 to a day.
    vehicles
        One of :data:`VEHICLES`.
    name
        Name of the line.
    unknown
        Numbers that are not known from now on: ``sailing``, ``trips``, ``season_extra``.
    """

    start: str | None = None
    end: str | None = None
    sailing_min: float | None = None
    trips_per_day: float | None = None
    departures: str | None = None
    days: str | None = None
    season_extra_min: float | None = None
    vehicles: str | None = None
    name: str | None = None
    unknown: tuple[str, ...] = ()


_COLUMNS = {
    "sailing": ("sailing_min", "sailing_max_min"),
    "trips": ("trips_per_day",),
    "season_extra": ("season_extra_min", "season_extra_max_min"),
}


def new_ferry(change: FerryChange) -> dict[str, str]:
    """Describe a line or bridge between two villages as a row of the ferries' table; its id is that of its ports.

    Raises
    ------
    InputError
        With every value that cannot be used.
    """
    row = changed_ferry(dict.fromkeys(embedded_ferries().columns, ""), change)
    return {
        **row,
        "id": "-".join(sorted([row["from_kode"], row["to_kode"]])),
        "name": row["name"] or f"{row['from_port']}-{row['to_port']}",
    }


def changed_ferry(row: Mapping[str, str], change: FerryChange) -> dict[str, str]:
    """Change a row that has all columns of ``data/network/ferries.csv``.

    Raises
    ------
    InputError
        With every value that cannot be used.
    """
    faults: list[Message] = []
    ports = _ports(row, change, faults)
    _check_numbers(change, faults)
    times = None if change.departures is None else _clock_times(change.departures, faults)
    other = None if change.days is None else _other_days(change.days, faults)
    if times and change.trips_per_day not in (None, len(times)):
        faults.append(Message.of("ferries.trips_differ", trips=change.trips_per_day, departures=len(times)))
    if faults:
        raise InputError(*faults)
    forgotten = dict.fromkeys((column for name in change.unknown for column in _COLUMNS[name]), "")
    fresh = {**row, **forgotten, **ports, **_numbers(change), **_timetable(row, change, times)}
    if other is not None:
        fresh["days"] = ";".join(f"{day.title()}:{trips}" for day, trips in other.items())
    if change.vehicles is not None:
        fresh["vehicles"] = "" if change.vehicles == "unknown" else change.vehicles
    # What the shipped note tells of the timetable may no longer hold.
    return {**fresh, "name": change.name or row["name"], "note_id": "", "note_en": "", "source": "workspace"}


def check_timetable(kind: str, text: str) -> bool:
    """Tell whether departures (``08:00;10:30``) or days (``Sel:4;Jum:0``) can be read; blank is not known.

    Examples
    --------
    >>> check_timetable("departures", "08:00;10.30"), check_timetable("days", "Sel:4;Jum")
    (True, False)
    """
    faults: list[Message] = []
    {"departures": _clock_times, "days": _other_days}[kind](text, faults)
    return not faults


def _ports(row: Mapping[str, str], change: FerryChange, faults: list[Message]) -> dict[str, str]:
    ports = {name: row[name] for name in ("from_kode", "to_kode")}
    for text, end in ((change.start, "from"), (change.end, "to")):
        if text is None:
            continue
        try:
            kode = find_village(text)
        except InputError as error:
            faults += error.messages
        else:
            ports |= {f"{end}_kode": kode, f"{end}_port": str(load_villages().at[kode, "name"])}
    if ports["from_kode"] and ports["from_kode"] == ports["to_kode"]:
        faults.append(Message.of("ferries.same", value=ports["from_kode"]))
    return ports


def _check_numbers(change: FerryChange, faults: list[Message]) -> None:
    for value, most in ((change.sailing_min, MAX_SAILING_MIN), (change.trips_per_day, MAX_TRIPS)):
        if value is not None and not 0 < value <= most:
            faults.append(Message.of("ferries.times", longest=MAX_SAILING_MIN, most=MAX_TRIPS))
    extra = change.season_extra_min
    if extra is not None and not 0 <= extra <= MAX_EXTRA_MIN:
        faults.append(Message.of("ferries.extra", value=extra, longest=MAX_EXTRA_MIN))


def _numbers(change: FerryChange) -> dict[str, str]:
    fresh: dict[str, str] = {}
    if change.sailing_min is not None:
        fresh |= {"sailing_min": f"{change.sailing_min:g}", "sailing_max_min": ""}
    if change.season_extra_min is not None:
        fresh |= {"season_extra_min": f"{change.season_extra_min:g}", "season_extra_max_min": ""}
    return fresh


def _timetable(row: Mapping[str, str], change: FerryChange, times: list[str] | None) -> dict[str, str]:
    fresh: dict[str, str] = {}
    if change.trips_per_day is not None:
        fresh["trips_per_day"] = f"{change.trips_per_day:g}"
        if row["departures"].count(":") != change.trips_per_day:
            fresh["departures"] = ""
    if times is not None:
        fresh |= {"departures": ";".join(times), "first_departure": "", "last_departure": ""}
        if times:
            fresh["trips_per_day"] = str(len(times))
    return fresh


def _clock_times(text: str, faults: list[Message]) -> list[str]:
    """Read departures in the order of the day; note what is no time of day, and what stands twice."""
    times = []
    for part in filter(None, re.split(r"[,;\s]+", text)):
        found = _CLOCK.fullmatch(part)
        if found is None or int(found[1]) > _LAST_HOUR or int(found[2]) > _LAST_MINUTE:
            faults.append(Message.of("ferries.bad_time", value=shown(part)))
            continue
        time = f"{int(found[1]):02d}:{found[2]}"
        if time in times:
            faults.append(Message.of("ferries.time_twice", value=time))
        times.append(time)
    return sorted(times)


def _other_days(text: str, faults: list[Message]) -> dict[Weekday, int]:
    """Read weekdays with their trips, Monday first; note what is no day, and what stands twice."""
    read: dict[Weekday, int] = {}
    for part in filter(None, re.split(r"[,;]+", re.sub(r"\s+", "", text))):
        found = _OTHER_DAY.fullmatch(part)
        name = found[1].casefold() if found else ""
        day = next((day for full, day in _DAY_NAMES.items() if name in (day, full)), None)
        if found is None or day is None:
            faults.append(Message.of("ferries.bad_day", value=shown(part)))
        elif day in read:
            faults.append(Message.of("ferries.day_twice", value=shown(found[1])))
        else:
            read[day] = int(found[2])
    return {day: read[day] for day in WEEKDAYS if day in read}
