"""The flags of ``jangkau plan`` and how they are read."""

import datetime as dt
import re
from pathlib import Path
from typing import Annotated

from coverage.faces.cli.flag_values import given_file, read_day, read_limit, read_number, read_whole
from coverage.faces.cli.flags import (
    Day,
    Place,
    Sources,
    Switch,
    Travel,
    Unit,
    Village,
    Villages,
    each,
    flag,
    flag_group,
    format_flag,
    output_flag,
)
from coverage.faces.cli.ranking_flags import RankingRules
from coverage.faces.files.all_formats import FORMATS
from coverage.ground.errors import PlannerError
from coverage.ground.texts import Message

USUAL_START = 8 * 60
_HOUR_MIN = 60
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)", re.ASCII)


def read_clock_time(text: str) -> int:
    """Read a clock time as minutes from midnight.

    Examples
    --------
    >>> read_clock_time("07:30"), read_clock_time("7.30")
    (450, 450)
    """
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise PlannerError(Message.of("plan.bad_clock", value=text))
    return int(found[1]) * _HOUR_MIN + int(found[2])


def read_fixed(text: str) -> tuple[str, dt.date, int | None]:
    """Read an appointment: village, day, and clock time if there is one.

    Examples
    --------
    >>> read_fixed("Kadia=2026-12-03T09:00")
    ('Kadia', datetime.date(2026, 12, 3), 540)
    """
    village, _, when = text.rpartition("=")
    day, _, at = when.strip().replace(" ", "T").partition("T")
    try:
        if village.strip():
            return village.strip(), dt.date.fromisoformat(day), read_clock_time(at) if at else None
    except ValueError:
        pass
    raise PlannerError(Message.of("plan.bad_fixed", value=text))


def read_moved(text: str) -> tuple[str, dt.date]:
    """Read a village and its new day."""
    village, _, day = text.rpartition("=")
    try:
        if village.strip():
            return village.strip(), dt.date.fromisoformat(day.strip())
    except ValueError:
        pass
    raise PlannerError(Message.of("plan.bad_moved", value=text))


def read_quota(text: str) -> tuple[str, int]:
    """Read a kab/kota and the most visits there."""
    found = re.fullmatch(r"\s*(\d{2}\.\d{2})\s*=\s*(\d{1,4})\s*", text, re.ASCII)
    if found is None:
        raise PlannerError(Message.of("plan.bad_quota", value=text))
    return found[1], int(found[2])


@flag_group
class Days:
    """When teams go, and what a day holds."""

    first: Annotated[dt.date | None, flag(read_day, name="--from", metavar="YYYY-MM-DD", text="first_day")] = None
    days: Annotated[int, flag(read_whole, metavar="N", text="plan_days")] = 5
    as_of: Day = None
    teams: Annotated[int, flag(read_whole, metavar="N")] = 1
    hours: Annotated[float, flag(read_number, metavar="JAM")] = 8.0
    start: Annotated[int, flag(read_clock_time, metavar="JJ:MM")] = USUAL_START
    visit_min: Annotated[int, flag(read_whole, metavar="MENIT")] = 120
    visits_per_day: Annotated[int | None, flag(read_limit, metavar="N")] = None
    nights: Annotated[int, flag(read_whole, metavar="N")] = 0
    saturday: Switch = False


@flag_group
class Wishes:
    """What must be in a plan, and what must not."""

    fixed: Annotated[
        tuple[tuple[str, dt.date, int | None], ...],
        flag(each(read_fixed), metavar="KODE=YYYY-MM-DDTJJ:MM"),
    ] = ()
    must: Villages = ()
    must_not: Villages = ()
    quota: Annotated[tuple[tuple[str, int], ...], flag(each(read_quota), metavar="KAB=N")] = ()


@flag_group
class Search:
    """How long one looks for a plan, and from where."""

    seed: Annotated[int, flag(read_whole, metavar="N")] = 1
    iterations: Annotated[int | None, flag(read_limit, metavar="N")] = None


@flag_group
class Happened:
    """What has happened since an earlier plan."""

    go_on: Annotated[Path | None, flag(given_file, name="--continue", metavar="FILE.json", text="go_on")] = None
    held: Villages = ()
    cancelled: Villages = ()
    moved: Annotated[tuple[tuple[str, dt.date], ...], flag(each(read_moved), metavar="KODE=YYYY-MM-DD")] = ()
    keep: Annotated[tuple[dt.date, ...], flag(each(read_day), metavar="YYYY-MM-DD")] = ()


@flag_group
class PlanOutput:
    """In which format a plan is written, and where to."""

    format: Annotated[str | None, format_flag(FORMATS.words("plan"))] = None
    output: Annotated[Path | None, output_flag(FORMATS.endings("plan"), "plan_output")] = None


@flag_group
class PlanAsked:
    """The flags of ``jangkau plan``."""

    place: Place
    sources: Sources = Sources()
    travel: Travel = Travel()
    base: Unit = None
    when: Days = Days()
    wishes: Wishes = Wishes()
    search: Search = Search()
    ranking: RankingRules = RankingRules()
    why: Annotated[Village, flag(text="plan_why")] = None
    happened: Happened = Happened()
    written: PlanOutput = PlanOutput()
