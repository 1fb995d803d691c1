"""Readers of the kinds of cells: a column at a time, each wrong cell told with its remedy."""

import itertools
import math
import re
from collections.abc import Callable, Mapping

import pandas as pd

from coverage.ground import codes
from coverage.ground.texts import Message
from coverage.places.ferries import WEEKDAYS
from coverage.places.schemas.column import Column
from coverage.places.tables.column_cells import NumberRule, Ways, is_unknown, read_dates, read_numbers
from coverage.places.tables.faults import Faults
from coverage.places.tables.headers import Table
from coverage.places.tables.word_choices import not_one_of
from coverage.places.villages import is_area

_EARLIEST_YEAR = 1900
_LONGEST_CONTACT = 200
_LONGEST_WORD = 80
_UNTIL = re.compile(r"\s*(?:-|–|—|\bs\s*[./]\s*d\b\.?|\bsd\b|\bsampai(?:\s+dengan)?\b|\bhingga\b)\s*")
_PARTS = re.compile(r"\s*(?:[;,&/\n]|\bdan\b)\s*")
_GUARDED = re.compile(r"'[=+\-@|]")
_LOST_ZERO = re.compile(r"8\d{8,12}", re.ASCII)
_MANGLED = re.compile(r"\d(?:[.,]\d+)?e\+?\d+", re.ASCII | re.IGNORECASE)
_SPAN = re.compile(r"(\d{1,2})(?:[.:](\d{2}))?-(\d{1,2})(?:[.:](\d{2}))?", re.ASCII)
_CLOCK_WORDS = re.compile(r"\b(?:pukul|jam|pkl|wib|wita|wit)\b\.?")
_ALL_DAY = re.compile(r"24\s*jam|jam\s*24|buka 24 jam")
_HOUR, _DAY_MIN = 60, 24 * 60
_LIST_FROM = 3
_DAY_NAMES = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_DAYS = (
    {name.casefold(): at for at, name in enumerate(_DAY_NAMES)}
    | {day: at for at, day in enumerate(WEEKDAYS)}
    | {"jum'at": 4, "jum’at": 4, "ahad": 6}
)
_WEEKS = {
    "hari kerja": tuple(range(5)),
    **dict.fromkeys(("setiap hari", "tiap hari", "semua hari", "7 hari"), tuple(range(7))),
}


class _WrongError(Exception):
    """What is wrong with a cell, and how to mend it."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.problem, self.remedy = Message.of(f"units.{key}", **values), Message.of(f"units.fix_{key}")


def _each(
    column: Column, table: Table, faults: Faults, parse: Callable[[str], object], *, dash: bool
) -> dict[int, object]:
    """Read cell by cell; `dash`: whether a dash says that nothing is known."""
    found: dict[int, object] = {}
    for row in table.rows:
        text = row.text(column.name)
        if not text or (dash and is_unknown(text)):
            continue
        try:
            found[row.number] = parse(text)
        except _WrongError as wrong:
            faults.add(row.number, table.header(column.name), text, wrong.problem, wrong.remedy)
    return found


def texts(column: Column, table: Table, faults: Faults, _: Ways) -> Mapping[int, object]:
    """Read texts; an apostrophe that a file of ours put before a sign is taken off again."""
    return _each(column, table, faults, _bare, dash=False)


def _bare(text: str) -> str:
    return text[1:] if _GUARDED.match(text) else text


def choices(column: Column, table: Table, faults: Faults, _: Ways) -> Mapping[int, object]:
    """Read one of a few labels."""
    same = {choice.casefold(): choice for choice in column.choices}
    meant = column.meant or (lambda text: same.get(text.casefold(), ""))
    allowed = ", ".join(column.choices)
    found: dict[int, object] = {}
    for row in table.rows:
        text = row.text(column.name)
        if is_unknown(text):
            continue
        label = meant(text)
        if not label:
            words = same | dict(column.words)
            label = not_one_of(row, table, column.name, words, faults, allowed)
        if label:
            found[row.number] = label
    return found


def areas(column: Column, table: Table, faults: Faults, _: Ways) -> Mapping[int, object]:
    """Read codes of areas, semicolons between them."""
    found: dict[int, object] = {}
    for row in table.rows:
        parts = tuple(part.strip() for part in row.text(column.name).split(";") if part.strip())
        for part in parts:
            if not is_area(part):
                faults.add(row.number, table.header(column.name), part, *_not_an_area(part))
        if parts:
            found[row.number] = parts
    return found


def _not_an_area(text: str) -> tuple[Message, Message]:
    if codes.is_code(text):
        return Message.of("units.area_unknown"), Message.of("units.fix_area_unknown")
    if codes.is_undotted(text):
        return Message.of("units.kode_undotted"), Message.of("units.fix_kode_undotted", dotted=codes.dotted(text))
    return Message.of("units.kode_malformed"), Message.of("units.fix_kode_malformed")


def words(column: Column, table: Table, faults: Faults, _: Ways) -> Mapping[int, object]:
    """Read a list of words, commas or semicolons between them; each once, where and as it is first said."""

    def parse(text: str) -> tuple[str, ...]:
        parts = [" ".join(part.split()) for part in re.split(r"[;,\n]", _bare(text))]
        once: dict[str, str] = {}
        for part in filter(None, parts):
            once.setdefault(part.casefold(), part)
        if any(len(part) > _LONGEST_WORD for part in once.values()):
            raise _WrongError("word_too_long", most=_LONGEST_WORD)
        return tuple(once.values())

    return _each(column, table, faults, parse, dash=True)


def contacts(column: Column, table: Table, faults: Faults, _: Ways) -> Mapping[int, object]:
    """Read a telephone number or other words of how to reach an office; numbers that a spreadsheet spoiled are told."""

    def parse(text: str) -> str:
        bare = _bare(text)
        if _LOST_ZERO.fullmatch(bare):
            raise _WrongError("zero_lost")
        if _MANGLED.search(bare):
            raise _WrongError("phone_mangled")
        if len(bare) > _LONGEST_CONTACT:
            raise _WrongError("contact_too_long", most=_LONGEST_CONTACT)
        return bare

    return _each(column, table, faults, parse, dash=True)


def numbers(column: Column, table: Table, faults: Faults, ways: Ways) -> Mapping[int, object]:
    """Read numbers."""
    return _inside(column, table, faults, read_numbers(table, column.name, faults, ways, _rule(column)))


def whole_numbers(column: Column, table: Table, faults: Faults, ways: Ways) -> Mapping[int, object]:
    """Read whole numbers."""
    return _inside(column, table, faults, read_numbers(table, column.name, faults, ways, _rule(column, whole=True)))


def _rule(column: Column, *, whole: bool = False) -> NumberRule:
    return NumberRule(whole, -math.inf if column.low is None else column.low)


def _inside(column: Column, table: Table, faults: Faults, read: Mapping[int, float]) -> Mapping[int, object]:
    found: dict[int, object] = {}
    for number, value in read.items():
        if column.most is None or value <= column.most:
            found[number] = value
            continue
        text = table.by_number[number].text(column.name)
        problem = Message.of("units.above_most", most=column.most)
        faults.add(number, table.header(column.name), text, problem, Message.of("units.fix_above_most"))
    return found


def dates(column: Column, table: Table, faults: Faults, ways: Ways) -> Mapping[int, object]:
    """Read days."""
    read = read_dates(table, column.name, faults, ways, first_year=_EARLIEST_YEAR)
    return {number: pd.Timestamp(day) for number, day in read.items()}


def weekdays(column: Column, table: Table, faults: Faults, _: Ways) -> Mapping[int, object]:
    """Read days of the week: single ones, from one to another, or a word for several."""
    return _each(column, table, faults, weekdays_of, dash=True)


def weekdays_of(text: str) -> str:
    """Write days of the week in the one way: Monday first, three or more in a row as from one to the other.

    Examples
    --------
    >>> weekdays_of("senin s.d. jum'at"), weekdays_of("Rab, Sen dan Sabtu"), weekdays_of("setiap hari")
    ('Senin-Jumat', 'Senin, Rabu, Sabtu', 'Senin-Minggu')
    """
    found: set[int] = set()
    for part in filter(None, _PARTS.split(_UNTIL.sub("-", " ".join(text.casefold().split())).strip(" ."))):
        if part in _WEEKS:
            found.update(_WEEKS[part])
            continue
        ends = [_DAYS.get(name.strip(" .")) for name in part.split("-")]
        if None in ends or len(ends) > len(("first", "last")):
            raise _WrongError("not_weekdays")
        first, last = (end for end in (ends[0], ends[-1]) if end is not None)
        found.update((first + step) % len(WEEKDAYS) for step in range((last - first) % len(WEEKDAYS) + 1))
    if not found:
        raise _WrongError("not_weekdays")
    return ", ".join(_stretches(sorted(found)))


def _stretches(days: list[int]) -> list[str]:
    rows: list[list[int]] = []
    for day in days:
        if rows and rows[-1][-1] == day - 1:
            rows[-1].append(day)
        else:
            rows.append([day])
    said: list[str] = []
    for row in rows:
        names = [_DAY_NAMES[day] for day in row]
        said += [f"{names[0]}-{names[-1]}"] if len(row) >= _LIST_FROM else names
    return said


def hours(column: Column, table: Table, faults: Faults, _: Ways) -> Mapping[int, object]:
    """Read hours of opening: from one time to another, once or several times a day."""
    return _each(column, table, faults, hours_of, dash=True)


def hours_of(text: str) -> str:
    """Write hours of opening in the one way, the earliest first.

    Examples
    --------
    >>> hours_of("08.00 s/d 16.00 WITA"), hours_of("13-16, 8-12"), hours_of("24 jam")
    ('08:00-16:00', '08:00-12:00, 13:00-16:00', '00:00-24:00')
    """
    spoken = " ".join(text.casefold().split())
    if _ALL_DAY.fullmatch(spoken):
        return "00:00-24:00"
    spans: list[tuple[int, int]] = []
    for part in filter(None, _PARTS.split(_UNTIL.sub("-", _CLOCK_WORDS.sub(" ", spoken)).strip())):
        found = _SPAN.fullmatch(part.strip())
        if found is None:
            raise _WrongError("not_hours")
        begin, end = (int(found[at]) * _HOUR + int(found[at + 1] or 0) for at in (1, 3))
        if any(int(found[at] or 0) >= _HOUR for at in (2, 4)) or not begin < end <= _DAY_MIN:
            raise _WrongError("not_hours")
        spans.append((begin, end))
    spans.sort()
    if not spans or any(end > begin for (_, end), (begin, _) in itertools.pairwise(spans)):
        raise _WrongError("not_hours")
    return ", ".join(f"{_clock(begin)}-{_clock(end)}" for begin, end in spans)


def _clock(minutes: int) -> str:
    return f"{minutes // _HOUR:02}:{minutes % _HOUR:02}"
