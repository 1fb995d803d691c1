"""What the columns of the office's layers may hold, whoever wrote them there: one table, checked at every reading."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coverage.ground import codes
from coverage.ground.texts import Message
from coverage.places.ferry_changes import check_timetable
from coverage.places.schemas.all_tables import TABLES
from coverage.places.schemas.column import Column, KindName
from coverage.places.schemas.population_columns import MOST_PERSONS
from coverage.places.schemas.unit_columns import UNITS
from coverage.places.tables.column_cells import FIRST_YEAR
from coverage.places.targets import is_reported
from coverage.places.villages import are_villages


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


def whole(
    column: str, problem: Message, *, low: int, most: int, also: Collection[int] = (), blank: bool = False
) -> Rule:
    """Give the rule of a column of whole numbers, from `low` to `most` or one of `also`; `blank`: it may be blank."""

    def sound(texts: pd.Series) -> pd.Series:
        values = _numbers(texts)
        inside = (values.between(low, most) & (values % 1 == 0)) | values.isin(list(also))
        return inside | (texts == "") if blank else inside

    return Rule(column, sound, problem)


def _numbers(texts: pd.Series) -> pd.Series:
    return pd.to_numeric(texts.str.replace(",", ".", regex=False), errors="coerce").astype("float64")


def _year(column: str) -> Rule:
    latest = dt.datetime.now(tz=dt.UTC).year + 1
    problem = Message.of("workspace.not_year", first=str(FIRST_YEAR), latest=str(latest))
    return whole(column, problem, low=FIRST_YEAR, most=latest, also=(0,))


def _timetable(kind: str) -> Callable[[Column], tuple[Rule, ...]]:
    problem = Message.of(f"workspace.not_{kind}")
    return lambda column: (
        Rule(column.name, lambda texts: texts.map(lambda text: check_timetable(kind, text)), problem),
    )


def _of_number(column: Column) -> tuple[Rule, ...]:
    low = 0.0 if column.low is None else column.low
    if column.most is None:
        return (number(column.name, Message.of("workspace.not_amount"), low=low, most=np.finfo(np.float64).max),)
    if column.above:
        problem = Message.of("workspace.out_of_range", most=column.most)
    else:
        problem = Message.of("workspace.out_of_range_from", least=low, most=column.most)
    return (number(column.name, problem, low=low, most=column.most, above=column.above),)


def _of_whole(column: Column) -> tuple[Rule, ...]:
    low, most = int(column.low or 0), int(column.most or MOST_PERSONS)
    return (whole(column.name, Message.of("workspace.not_persons"), low=low, most=most, blank=not column.filled),)


_RULES: Mapping[KindName, Callable[[Column], tuple[Rule, ...]]] = {
    "text": lambda _: (),
    "code": lambda _: (),
    "village": lambda column: (village(column.name),),
    "reported_area": lambda column: (
        Rule(column.name, lambda texts: texts.map(is_reported), Message.of("workspace.not_area")),
    ),
    "choice": lambda column: (one_of(column.name, column.choices),),
    "number": _of_number,
    "whole": _of_whole,
    "year": lambda column: (_year(column.name),),
    "past_date": lambda column: (day(column.name), past_day(column.name)),
    "departures": _timetable("departures"),
    "trip_days": _timetable("days"),
}
"""What each kind of column may hold, where a layer is read as it stands; a kind that is not here raises."""
_READ_LIKE_FILES = frozenset({UNITS.name})
"""Layers whose rows are read like those of a file, by the same readers and with the same faults."""


def rules_of(layer: str) -> LayerRules | None:
    """Give the rules of a layer of the office; None where its readers check it themselves, or it is none of ours.

    They are made anew each time: what is over, and the latest year, is a question of today.
    """
    if layer not in TABLES or layer in _READ_LIKE_FILES:
        return None
    table = TABLES[layer]
    rules = tuple(rule for column in table if column.held for rule in _RULES[column.kind](column))
    return LayerRules(rules, table.key)


def doubled(held: pd.DataFrame, key: Sequence[str]) -> pd.Series:
    """Tell which rows have the key of an earlier one."""
    if not key or any(column not in held for column in key):
        return pd.Series(data=False, index=held.index)
    return pd.DataFrame({column: texts_of(held[column]) for column in key}).duplicated()


def texts_of(values: pd.Series) -> pd.Series:
    """Write cells as text, without blanks around it; blank where nothing is written."""
    return values.astype("object").where(values.notna(), "").map(str).str.strip()
