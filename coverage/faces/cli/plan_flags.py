"""The flags of ``jangkau plan`` and how they are read; those of the ranking, which it shares with ``jangkau next``."""

import datetime as dt
import re

from coverage.answers.pokling import PARTS, Rules
from coverage.faces.cli.flags import CUTOFF, SEVERAL, WRITES, day, given_file, limit, number, whole
from coverage.faces.files.registry import FORMATS
from coverage.ground.errors import PlannerError
from coverage.ground.texts import Message

USUAL_START = 8 * 60
_HOUR_MIN = 60
_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)", re.ASCII)


def clock_time(text: str) -> int:
    """Read a clock time as minutes from midnight.

    Examples
    --------
    >>> clock_time("07:30"), clock_time("7.30")
    (450, 450)
    """
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise PlannerError(Message.of("plan.bad_clock", value=text))
    return int(found[1]) * _HOUR_MIN + int(found[2])


def fixed(text: str) -> tuple[str, dt.date, int | None]:
    """Read an appointment: village, day, and clock time if there is one.

    Examples
    --------
    >>> fixed("Kadia=2026-12-03T09:00")
    ('Kadia', datetime.date(2026, 12, 3), 540)
    """
    village, _, when = text.rpartition("=")
    day, _, at = when.strip().replace(" ", "T").partition("T")
    try:
        if village.strip():
            return village.strip(), dt.date.fromisoformat(day), clock_time(at) if at else None
    except ValueError:
        pass
    raise PlannerError(Message.of("plan.bad_fixed", value=text))


def moved(text: str) -> tuple[str, dt.date]:
    """Read a village and its new day."""
    village, _, day = text.rpartition("=")
    try:
        if village.strip():
            return village.strip(), dt.date.fromisoformat(day.strip())
    except ValueError:
        pass
    raise PlannerError(Message.of("plan.bad_moved", value=text))


def quota(text: str) -> tuple[str, int]:
    """Read a kab/kota and the most visits there."""
    found = re.fullmatch(r"\s*(\d{2}\.\d{2})\s*=\s*(\d{1,4})\s*", text, re.ASCII)
    if found is None:
        raise PlannerError(Message.of("plan.bad_quota", value=text))
    return found[1], int(found[2])


def weight(text: str) -> tuple[str, float]:
    """Read a part of the score and its weight.

    Examples
    --------
    >>> weight("need=0,4")
    ('need', 0.4)
    """
    part, _, value = text.partition("=")
    found = re.fullmatch(r"\d{1,6}([.,]\d{1,6})?", value.strip(), re.ASCII)
    if part.strip() not in PARTS or found is None:
        raise PlannerError(Message.of("plan.bad_weight", value=text, parts=", ".join(PARTS)))
    return part.strip(), float(value.strip().replace(",", "."))


RULES = (
    CUTOFF,
    ("--weight", {"type": weight, "metavar": "BAGIAN=ANGKA", **SEVERAL}),
    ("--recovery-days", {"default": Rules().recovery_days, "metavar": "HARI", "type": limit}),
    ("--bersinar", {"metavar": "KELURAHAN", **SEVERAL}),
    ("--request", {"metavar": "KELURAHAN", **SEVERAL}),
    ("--rest-days", {"type": whole, "default": Rules().rest_days, "metavar": "HARI"}),
)
WRITESPLAN = (
    ("--format", {"choices": FORMATS.words("plan")}),
    ("--output", WRITES[1][1] | {"endings": FORMATS.endings("plan"), "text": "plan_output"}),
)
PLAN = (
    ("--base", {"metavar": "UNIT"}),
    ("--from", {"type": day, "metavar": "YYYY-MM-DD", "dest": "first", "text": "first_day"}),
    ("--days", {"type": whole, "default": 5, "metavar": "N", "text": "plan_days"}),
    ("--as-of", {"type": day, "metavar": "YYYY-MM-DD"}),
    ("--teams", {"type": whole, "default": 1, "metavar": "N"}),
    ("--hours", {"type": number, "default": 8.0, "metavar": "JAM"}),
    ("--start", {"type": clock_time, "default": USUAL_START, "metavar": "JJ:MM"}),
    ("--visit-min", {"type": whole, "default": 120, "metavar": "MENIT"}),
    ("--visits-per-day", {"type": limit, "metavar": "N"}),
    ("--nights", {"type": whole, "default": 0, "metavar": "N"}),
    ("--saturday", {"action": "store_true"}),
    ("--fixed", {"type": fixed, "metavar": "KODE=YYYY-MM-DDTJJ:MM", **SEVERAL}),
    ("--must", {"metavar": "KELURAHAN", **SEVERAL}),
    ("--must-not", {"metavar": "KELURAHAN", **SEVERAL}),
    ("--quota", {"type": quota, "metavar": "KAB=N", **SEVERAL}),
    ("--seed", {"type": whole, "default": 1, "metavar": "N"}),
    ("--iterations", {"type": limit, "metavar": "N"}),
    *RULES,
    ("--why", {"metavar": "KELURAHAN", "text": "plan_why"}),
    ("--continue", {"type": given_file, "metavar": "FILE.json", "dest": "go_on", "text": "go_on"}),
    ("--held", {"metavar": "KELURAHAN", **SEVERAL}),
    ("--cancelled", {"metavar": "KELURAHAN", **SEVERAL}),
    ("--moved", {"type": moved, "metavar": "KODE=YYYY-MM-DD", **SEVERAL}),
    ("--keep", {"type": day, "metavar": "YYYY-MM-DD", **SEVERAL}),
    *WRITESPLAN,
)
