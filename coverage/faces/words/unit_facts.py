"""What is known of a unit, a line a fact: for the map, beside what is chosen on it, and for who goes there."""

import datetime as dt
from typing import Any

import pandas as pd

from coverage.ground.quantities import format_date, format_number
from coverage.ground.texts import Language, say
from coverage.places.schemas.cell_kinds import is_blank, text_of
from coverage.places.schemas.column import Column, Place
from coverage.places.schemas.unit_columns import UNITS
from coverage.places.units import not_open
from coverage.places.villages import regions

__all__ = ["carried_line", "told", "unit_facts"]


def unit_facts(unit: Any, lang: Language, place: Place = "facts", *, today: dt.date | None = None) -> tuple[str, ...]:
    """Say what is known of a unit and shown in a place; what is not known has no line.

    Parameters
    ----------
    unit
        A row of :func:`coverage.places.units.read_units`.
    today
        By which a unit counts as closed or not yet open; by default the day of this computer.
    """
    known = [column for column in UNITS.shown(place) if not is_blank(unit[column.name])]
    facts = [
        say("columns.fact", lang, label=say(f"columns.{one.name}", lang), value=told(one, unit[one.name], lang))
        for one in known
    ]
    return (*facts, *_not_open(unit, today or dt.datetime.now(tz=dt.UTC).astimezone().date(), lang))


def _not_open(unit: Any, today: dt.date, lang: Language) -> list[str]:
    """Say that a unit is closed, or not open yet, and counts nevertheless."""
    days = {"closed": unit["open_to"], "not_yet": unit["open_from"]}
    state = not_open(pd.DataFrame([{"open_to": unit["open_to"], "open_from": unit["open_from"]}]), today).iloc[0]
    return [say(f"columns.unit_{state}", lang, day=pd.Timestamp(days[state]).date())] if state else []


def told(column: Column, value: object, lang: Language) -> str:
    """Write a known value of a table as a person reads it.

    Examples
    --------
    >>> told(UNITS["capacity"], 1200.0, "id"), told(UNITS["services"], ("rawat jalan", "skrining"), "id")
    ('1.200', 'rawat jalan, skrining')
    """
    if column.kind == "areas" and isinstance(value, tuple):
        names = regions()["name"]
        return ", ".join(str(names.get(kode, kode)) for kode in value)
    if isinstance(value, tuple):
        return ", ".join(value)
    if column.kind == "date":
        return format_date(pd.Timestamp(str(value)).date(), lang)
    if column.kind == "whole":
        return format_number(float(str(value)), lang)
    return text_of(value)


def carried_line(unit: Any, lang: Language, *, today: dt.date) -> str:
    """Say in one line how to reach a unit and when it is open; "" where nothing of it is known."""
    facts = unit_facts(unit, lang, "route", today=today)
    return say("columns.carried", lang, unit=unit["name"], facts="; ".join(facts)) if facts else ""
