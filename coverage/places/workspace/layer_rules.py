"""What the columns of the office's layers may hold, whoever wrote them there: one table, checked at every reading."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coverage.ground import codes
from coverage.ground.texts import Message
from coverage.places.ferry_changes import MAX_EXTRA_MIN, MAX_SAILING_MIN, MAX_TRIPS, check_timetable
from coverage.places.population import LAYER as POPULATION
from coverage.places.tables.column_cells import FIRST_YEAR
from coverage.places.targets import KEYS as TARGET_KEYS
from coverage.places.targets import is_reported
from coverage.places.villages import are_villages
from coverage.places.visits import CLASSES, LATEST, VULNERABILITY

MOST_PERSONS = 10_000_000
"""More than any kab/kota has."""


@dataclass(frozen=True)
class Rule:
    """What a column may hold.

    Attributes
    ----------
    column
        Where the layer lacks it, there is nothing to check.
    sound
        Tells of cells as text, blank where nothing is written, which are as they must be.
    problem
        What is said of those that are not: what is wrong, and the remedy.
    """

    column: str
    sound: Callable[[pd.Series], pd.Series]
    problem: Message


@dataclass(frozen=True)
class LayerRules:
    """The rules of one layer, and the columns of which no two rows may hold the same (none: any may)."""

    rules: tuple[Rule, ...]
    key: tuple[str, ...] = ()


def village(column: str) -> Rule:
    """Give the rule of a column with codes of villages."""
    return Rule(
        column, lambda texts: pd.Series(are_villages(texts), index=texts.index), Message.of("workspace.not_village")
    )


def village_code(column: str) -> Rule:
    """Give the rule of a column with codes of villages, those among them that are newer than the shipped list."""
    return Rule(column, lambda texts: texts.map(_is_village_code), Message.of("workspace.not_village_code"))


def _is_village_code(text: str) -> bool:
    return codes.is_code(text) and codes.level(text) == "village"


def one_of(column: str, words: Collection[str]) -> Rule:
    """Give the rule of a column with labels, each spelled just so; "" among them is a blank cell."""
    options = ", ".join(word or "-" for word in words)
    return Rule(column, lambda texts: texts.isin(list(words)), Message.of("workspace.not_one_of", options=options))


def past_day(column: str) -> Rule:
    """Give the rule of a column with days that are over; one more counts, as offices lie in three time zones."""

    def sound(texts: pd.Series) -> pd.Series:
        days = pd.to_datetime(texts.str[:10], format="%Y-%m-%d", errors="coerce")
        return days.isna() | (days <= pd.Timestamp(dt.datetime.now(tz=dt.UTC).date() + dt.timedelta(days=1)))

    return Rule(column, sound, Message.of("workspace.day_ahead"))


def day(column: str) -> Rule:
    """Give the rule of a column with days."""
    return Rule(
        column,
        lambda texts: pd.to_datetime(texts.str[:10], format="%Y-%m-%d", errors="coerce").notna(),
        Message.of("workspace.not_date"),
    )


def number(column: str, problem: Message, *, low: float, most: float, above: bool = False, blank: bool = True) -> Rule:
    """Give the rule of a column with numbers from `low` (`above`: more than it) to `most`, decimal comma allowed."""

    def sound(texts: pd.Series) -> pd.Series:
        values = _numbers(texts)
        inside = ((values > low) if above else (values >= low)) & (values <= most)
        return inside | (texts == "") if blank else inside

    return Rule(column, sound, problem)


def whole(column: str, problem: Message, *, low: int, most: int, also: Collection[int] = ()) -> Rule:
    """Give the rule of a column that must hold a whole number, from `low` to `most` or one of `also`."""

    def sound(texts: pd.Series) -> pd.Series:
        values = _numbers(texts)
        return (values.between(low, most) & (values % 1 == 0)) | values.isin(list(also))

    return Rule(column, sound, problem)


def _numbers(texts: pd.Series) -> pd.Series:
    return pd.to_numeric(texts.str.replace(",", ".", regex=False), errors="coerce").astype("float64")


def _year(column: str) -> Rule:
    latest = dt.datetime.now(tz=dt.UTC).year + 1
    problem = Message.of("workspace.not_year", first=str(FIRST_YEAR), latest=str(latest))
    return whole(column, problem, low=FIRST_YEAR, most=latest, also=(0,))


def _amount(column: str) -> Rule:
    return number(column, Message.of("workspace.not_amount"), low=0, most=np.finfo(np.float64).max)


def _ferry_number(column: str, most: float, *, least: float | None = None) -> Rule:
    if least is None:
        return number(column, Message.of("workspace.out_of_range", most=most), low=0, most=most, above=True)
    return number(column, Message.of("workspace.out_of_range_from", least=least, most=most), low=least, most=most)


def _timetable(column: str, kind: str) -> Rule:
    return Rule(
        column, lambda texts: texts.map(lambda text: check_timetable(kind, text)), Message.of(f"workspace.not_{kind}")
    )


def rules_of(layer: str) -> LayerRules | None:
    """Give the rules of a layer of the office; None where its readers check it themselves, or it is none of ours."""
    return _table().get(layer)


def _table() -> Mapping[str, LayerRules]:
    """Build the table anew each time: what is over, and the latest year, is a question of today."""
    return {
        "visits": LayerRules((village("kode"), day("date"), past_day("date"), one_of("date_precision", ("", LATEST)))),
        "ferries": LayerRules(
            (
                village("from_kode"),
                village("to_kode"),
                _ferry_number("sailing_min", MAX_SAILING_MIN),
                _ferry_number("sailing_max_min", MAX_SAILING_MIN),
                _ferry_number("season_extra_min", MAX_EXTRA_MIN, least=0),
                _ferry_number("season_extra_max_min", MAX_EXTRA_MIN, least=0),
                _ferry_number("trips_per_day", MAX_TRIPS),
                _timetable("departures", "departures"),
                _timetable("first_departure", "departures"),
                _timetable("last_departure", "departures"),
                _timetable("days", "days"),
                one_of("vehicles", ("", "yes", "no")),
            ),
            ("id",),
        ),
        "targets": LayerRules(
            (
                Rule("area_kode", lambda texts: texts.map(is_reported), Message.of("workspace.not_area")),
                _amount("achieved"),
                _amount("target"),
            ),
            TARGET_KEYS,
        ),
        POPULATION: LayerRules(
            (
                village("kode"),
                _year("year"),
                whole("persons", Message.of("workspace.not_persons"), low=0, most=MOST_PERSONS),
            ),
            ("kode", "year"),
        ),
        VULNERABILITY: LayerRules((village("kode"), _year("year"), one_of("class", CLASSES)), ("kode", "year")),
    }


def doubled(held: pd.DataFrame, key: Sequence[str]) -> pd.Series:
    """Tell which rows have the key of an earlier one."""
    if not key or any(column not in held for column in key):
        return pd.Series(data=False, index=held.index)
    return pd.DataFrame({column: texts_of(held[column]) for column in key}).duplicated()


def texts_of(values: pd.Series) -> pd.Series:
    """Write cells as text, without blanks around it; blank where nothing is written."""
    return values.astype("object").where(values.notna(), "").map(str).str.strip()
