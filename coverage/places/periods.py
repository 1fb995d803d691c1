"""Reporting periods: a year, semester, triwulan or month, read from what offices write."""

import calendar
import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from coverage.places.tables.months import MONTHS

__all__ = ["ALL_TIME", "Period", "PeriodKind", "Span", "half_of", "period_key", "read_period", "span_of"]

PeriodKind = Literal["year", "semester", "quarter", "month"]

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_FILLERS = frozenset({"tahun", "thn", "th", "ta", "anggaran", "periode", "bulan", "ke"})
_SEMESTER = re.compile(r"(?:semester|smt|sem|s) ?(\d)")
_QUARTER = re.compile(r"(?:triwulan|trw|tw|kuartal|t|q) ?(\d)")
_ORDINALS = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "satu": "1",
    "dua": "2",
    "tiga": "3",
    "empat": "4",
    "pertama": "1",
    "kedua": "2",
    "ketiga": "3",
    "keempat": "4",
}
_GLUED = re.compile(r"(s|smt|tw|t)(i{1,3}|iv)")
_MONTHS_A_YEAR = 12
_BETWEEN = frozenset({"s", "d", "sd", "sampai", "dengan", "hingga", "dan", "to"})


@dataclass(frozen=True)
class Period:
    """A stretch of the calendar, both days inclusive; `number` counts from 1 within its year."""

    year: int
    kind: PeriodKind
    number: int

    @property
    def key(self) -> str:
        """The one way it is written down: ``2024``, ``2024-S1``, ``2024-T2``, ``2024-03``."""
        tails = {"year": "", "semester": f"-S{self.number}", "quarter": f"-T{self.number}"}
        return f"{self.year}{tails.get(self.kind, f'-{self.number:02}')}"

    @property
    def first(self) -> dt.date:
        """First day."""
        return dt.date(self.year, (self.number - 1) * self._months + 1, 1)

    @property
    def last(self) -> dt.date:
        """Last day."""
        month = self.number * self._months
        return dt.date(self.year, month, calendar.monthrange(self.year, month)[1])

    @property
    def _months(self) -> int:
        return _MONTHS_A_YEAR // _MANY[self.kind]

    def elapsed(self, as_of: dt.date) -> float:
        """Give the share of its days that are over at the end of a day: 0 before it, 1 after it.

        Examples
        --------
        >>> Period(2024, "semester", 1).elapsed(dt.date(2024, 3, 31))
        0.5
        """
        days = (self.last - self.first).days + 1
        return min(max((as_of - self.first).days + 1, 0), days) / days


_MANY: dict[PeriodKind, int] = {"year": 1, "semester": 2, "quarter": 4, "month": _MONTHS_A_YEAR}


def read_period(text: str) -> Period | None:
    """Read a period however an office writes it; None where it is none of the calendar.

    Examples
    --------
    >>> [read_period(text).key for text in ("Semester I 2024", "TW2-2024", "Januari 2024", "TA 2024")]
    ['2024-S1', '2024-T2', '2024-01', '2024']
    >>> read_period("sepanjang operasi") is None
    True
    """
    years = _YEAR.findall(text)
    if len(years) != 1:
        return None
    rest = re.sub(r"[\W_]+", " ", _YEAR.sub(" ", text).casefold())
    words = [_word(word) for word in rest.split() if word not in _FILLERS]
    found = _part(" ".join(words))
    if found is None:
        return None
    kind, number = found
    return Period(int(years[0]), kind, number) if 1 <= number <= _MANY[kind] else None


def _word(word: str) -> str:
    glued = _GLUED.fullmatch(word)
    return glued[1] + _ORDINALS[glued[2]] if glued else _ORDINALS.get(word, word)


def _part(text: str) -> tuple[PeriodKind, int] | None:
    if not text:
        return "year", 1
    if text in MONTHS:
        return "month", MONTHS[text]
    if re.fullmatch(r"\d{1,2}", text, re.ASCII):
        return "month", int(text)
    shapes: tuple[tuple[PeriodKind, re.Pattern[str]], ...] = (("semester", _SEMESTER), ("quarter", _QUARTER))
    return next(((kind, int(found[1])) for kind, shape in shapes if (found := shape.fullmatch(text))), None)


def period_key(text: str) -> str:
    """Write a period in the one way; what is none of the calendar is kept as it stands, blanks made one.

    Examples
    --------
    >>> period_key("semester ii  tahun 2024"), period_key("s.d.  Agustus")
    ('2024-S2', 's.d. Agustus')
    """
    found = read_period(text)
    return " ".join(text.split()) if found is None else found.key


def half_of(day: dt.date) -> Period:
    """Give the semester of a day.

    Examples
    --------
    >>> half_of(dt.date(2024, 7, 1)).key
    '2024-S2'
    """
    return Period(day.year, "semester", 1 if day.month <= _MONTHS_A_YEAR // 2 else 2)


@dataclass(frozen=True)
class Span:
    """A stretch of time, both days inclusive, and the one way it is written down; "" for all time."""

    first: dt.date
    last: dt.date
    label: str

    def meets(self, other: "Span") -> bool:
        """Tell whether a day lies in both."""
        return self.first <= other.last and other.first <= self.last

    def widened(self, years: Collection[int]) -> "Span":
        """Give the span of the same name that holds whole years as well.

        Examples
        --------
        >>> wide = Span(dt.date(2024, 7, 1), dt.date(2024, 12, 31), "2024-S2").widened([2024])
        >>> wide.first.isoformat(), wide.last.isoformat()
        ('2024-01-01', '2024-12-31')
        """
        if not years:
            return self
        first, last = dt.date(min(years), 1, 1), dt.date(max(years), 12, 31)
        return replace(self, first=min(self.first, first), last=max(self.last, last))


ALL_TIME = Span(dt.date.min, dt.date.max, "")


def span_of(text: str) -> Span | None:
    """Read a period of the calendar or the years from one to another; nothing stands for all time.

    Examples
    --------
    >>> [span_of(text).label for text in ("tahun 2024", "2022 s.d. 2024", "2024, 2023", "Semester I 2024", " ")]
    ['2024', '2022-2024', '2023-2024', '2024-S1', '']
    >>> span_of("2024-S1").last.isoformat(), span_of("sepanjang operasi") is None
    ('2024-06-30', True)
    """
    if not text.strip():
        return ALL_TIME
    period = read_period(text)
    if period is not None:
        return Span(period.first, period.last, period.key)
    words = re.sub(r"[\W_]+", " ", _YEAR.sub(" ", text).casefold()).split()
    years = sorted(map(int, _YEAR.findall(text)))
    if len(years) < 2 or not set(words) <= _FILLERS | _BETWEEN:  # noqa: PLR2004 - from one year to another
        return None
    label = f"{years[0]}-{years[-1]}" if years[0] < years[-1] else str(years[0])
    return Span(dt.date(years[0], 1, 1), dt.date(years[-1], 12, 31), label)
