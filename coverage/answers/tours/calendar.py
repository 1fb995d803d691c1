"""Which days a team may go out: weekends, public holidays and cuti bersama are closed; Friday prayer is a break.

Holidays come from the package ``holidays``, which follows the joint decree of the three ministers (SKB); where a
year is not decreed yet, it estimates the days that follow the moon and knows no cuti bersama.
"""

import datetime as dt
from functools import cache

import holidays

from coverage.ground.texts import Message

SATURDAY, SUNDAY, FRIDAY = 5, 6, 4
FRIDAY_BREAK = (11 * 60 + 30, 13 * 60)
_WITA = frozenset(["51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"])
_WIT = frozenset(["81", "82", "91", "92", "93", "94", "95", "96", "97"])


@cache
def _named_days(year: int) -> dict[dt.date, str]:
    days = holidays.country_holidays("ID", years=year, categories=("public", "government"), language="id")
    return {day: str(name) for day, name in days.items() if day.year == year}


def closed(day: dt.date, *, saturday_open: bool = False) -> Message | None:
    """Say why a day is closed; None for a working day.

    Examples
    --------
    >>> closed(dt.date(2026, 12, 25)).values["name"]
    'Hari Raya Natal'
    >>> closed(dt.date(2026, 12, 1)) is None
    True
    """
    name = _named_days(day.year).get(day)
    if name is not None:
        return Message.of("tours.closed_holiday", name=name)
    if day.weekday() == SUNDAY or (day.weekday() == SATURDAY and not saturday_open):
        return Message.of("tours.closed_weekend")
    return None


def open_days(first: dt.date, count: int, *, saturday_open: bool = False) -> list[dt.date]:
    """List the working days among `count` calendar days from `first`."""
    days = [first + dt.timedelta(days=number) for number in range(count)]
    return [day for day in days if closed(day, saturday_open=saturday_open) is None]


def next_open(first: dt.date, *, saturday_open: bool = False) -> dt.date:
    """Give the first working day from `first`."""
    day = first
    while closed(day, saturday_open=saturday_open) is not None:
        day += dt.timedelta(days=1)
    return day


def breaks(day: dt.date) -> tuple[tuple[int, int], ...]:
    """Give the midday break of a day in minutes from midnight: Fridays 11.30-13.00, else none.

    Examples
    --------
    >>> breaks(dt.date(2026, 12, 4)), breaks(dt.date(2026, 12, 3))
    (((690, 780),), ())
    """
    return (FRIDAY_BREAK,) if day.weekday() == FRIDAY else ()


def time_zone(province: str) -> tuple[str, str]:
    """Give the IANA zone and the Indonesian short name of a province's time.

    Examples
    --------
    >>> time_zone("74"), time_zone("16"), time_zone("91")
    (('Asia/Makassar', 'WITA'), ('Asia/Jakarta', 'WIB'), ('Asia/Jayapura', 'WIT'))
    """
    if province in _WITA:
        return "Asia/Makassar", "WITA"
    return ("Asia/Jayapura", "WIT") if province in _WIT else ("Asia/Jakarta", "WIB")
