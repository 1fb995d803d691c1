"""Cells of a whole column as numbers, counts and dates: the column must agree, and what is ambiguous is asked."""

import datetime as dt
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from coverage.ground.texts import Message
from coverage.places.tables.faults import Faults
from coverage.places.tables.headers import Row, Table
from coverage.places.tables.months import MONTHS
from coverage.places.tables.table_files import Cell

Decimal = Literal["koma", "titik"]
DateOrder = Literal["dmy", "mdy"]

DECIMALS: tuple[Decimal, ...] = ("koma", "titik")
DATE_ORDERS: tuple[DateOrder, ...] = ("dmy", "mdy")

_ONE_SIGN = re.compile(r"[+-]?(?P<whole>\d+)(?P<sign>[.,])(?P<rest>\d+)", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:(?P<sign>[.,])\d{3})(?:(?P=sign)\d{3})*(?:(?P<last>[.,])\d+)?", re.ASCII)
_BLANKS = re.compile(r"(?<=\d)[\s\u00a0\u202f](?=\d{3}\b)")
_SIGNS: dict[Decimal, tuple[str, str]] = {"koma": (".", ","), "titik": (",", ".")}
"""What groups thousands and what stands before decimals."""
_NUMBERS = {
    decimal: re.compile(rf"[+-]?(\d+|\d{{1,3}}({re.escape(group)}\d{{3}})+)({re.escape(sign)}\d+)?", re.ASCII)
    for decimal, (group, sign) in _SIGNS.items()
}
_UNKNOWN = frozenset({"", "-", "–", "—", "n/a", "na", "tidak ada data", "tad", "nihil data", "...", "…"})
_SUPPRESSED = re.compile(r"(<|<=|≤|kurang dari|di bawah)\s*\d+", re.IGNORECASE)
_GROUP = 3
_MOST = 10**12

_DAYS = r"(?:(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad)[, ]+)?"
_IN_WORDS = re.compile(rf"{_DAYS}(?P<day>\d{{1,2}})[ .\-/]+(?P<month>[a-z]+)[ .\-/]+(?P<year>\d{{4}})", re.ASCII)
_IN_NUMBERS = re.compile(rf"{_DAYS}(?P<first>\d{{1,2}})[-/. ](?P<second>\d{{1,2}})[-/. ](?P<year>\d{{4}})", re.ASCII)
_ISO = re.compile(r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?:[ T][\d:.]+)?", re.ASCII)
_SERIAL = re.compile(r"\d{5}(\.\d+)?", re.ASCII)
_SERIAL_ZERO = dt.date(1899, 12, 30)
_SERIALS = (20_000, 60_000)
_MONTHS_A_YEAR = 12
FIRST_YEAR = 1990
"""No table that offices hold is older."""


@dataclass(frozen=True)
class Ways:
    """How the user says that ambiguous cells are meant; None where nothing was said."""

    decimal: Decimal | None = None
    date_order: DateOrder | None = None


@dataclass(frozen=True)
class NumberRule:
    """Which numbers a column may hold.

    ``whole``: only whole ones can be meant: then ``1.234`` is one thousand two hundred and thirty-four. ``low``: the
    least value allowed.
    """

    whole: bool = False
    low: float = -math.inf

    def broken_by(self, value: float | None, text: str) -> str | None:
        """Name what is wrong with a cell, None where nothing is; `value` is None where it is no number."""
        if _SUPPRESSED.fullmatch(text):
            return "suppressed"
        if value is None:
            return "not_whole" if self.whole and re.fullmatch(r"\d+[.,]\d+", text, re.ASCII) else "not_a_number"
        if value < self.low:
            return "negative"
        return "not_whole" if self.whole and not value.is_integer() else None


ANY_NUMBER, WHOLE, COUNT = NumberRule(), NumberRule(whole=True), NumberRule(whole=True, low=0)


def is_unknown(text: str) -> bool:
    """Tell whether a cell says that nothing is known: blank or a dash, which is not zero.

    Examples
    --------
    >>> is_unknown("-"), is_unknown("0")
    (True, False)
    """
    return text.casefold() in _UNKNOWN


def decimal_of(texts: Sequence[str]) -> tuple[set[Decimal], list[int]]:
    """Find which decimal signs the texts of a column prove, and the places of those that could mean either.

    Examples
    --------
    >>> decimal_of(["3,5", "1.234"])
    ({'koma'}, [1])
    >>> decimal_of(["1.234.567"])[0]
    {'koma'}
    """
    proved: set[Decimal] = set()
    unclear = []
    for place, text in enumerate(texts):
        bare = _BLANKS.sub("", text)
        one = _ONE_SIGN.fullmatch(bare)
        grouped = _GROUPED.fullmatch(bare)
        if one is not None and (len(one["rest"]) != _GROUP or len(one["whole"]) > _GROUP or one["whole"] == "0"):
            proved.add("koma" if one["sign"] == "," else "titik")
        elif one is not None:
            unclear.append(place)
        elif grouped is not None:
            last = grouped["last"]
            sign = grouped["sign"]
            if last is None or last != sign:
                proved.add("koma" if sign == "." else "titik")
    return proved, unclear


def number_in(text: str, decimal: Decimal) -> float | None:
    """Read a number written with this decimal sign, thousands grouped or not; None where it is none.

    Examples
    --------
    >>> number_in("1.234,5", "koma"), number_in("1,234.5", "titik"), number_in("3.9", "koma")
    (1234.5, 1234.5, None)
    """
    bare = _BLANKS.sub("", text)
    group, sign = _SIGNS[decimal]
    if _NUMBERS[decimal].fullmatch(bare) is None:
        return None
    value = float(bare.replace(group, "").replace(sign, "."))
    return value if abs(value) < _MOST else None


def read_numbers(
    table: Table,
    column: str,
    faults: Faults,
    ways: Ways,
    rule: NumberRule = ANY_NUMBER,
    *,
    beside: Sequence[str] = (),
) -> dict[int, float]:
    """Read the numbers of a column; rows where nothing is known are left out.

    Parameters
    ----------
    table, column
        Where the cells are.
    faults
        Cells that are no numbers, and the question which decimal sign is meant, are added here.
    rule
        Which numbers the column may hold.
    beside
        Other columns of the same hand: what they prove about the decimal sign holds here too.

    Returns
    -------
    Value per row number.
    """
    written = [(row, row.text(column)) for row in table.rows if row.cell(column).kind == "text"]
    proved, unclear = decimal_of([text for _, text in written])
    if not proved:
        proved, _ = decimal_of(
            [row.text(name) for row in table.rows for name in beside if row.cell(name).kind == "text"]
        )
    if rule.whole:
        # A count has no decimals: a sign before three digits groups thousands, and all must use the same sign.
        proved |= {"koma" if "." in written[place][1] else "titik" for place in unclear}
        unclear = []
    decimal = ways.decimal or (next(iter(proved)) if len(proved) == 1 else None)
    if decimal is None and (len(proved) > 1 or unclear):
        row, text = written[unclear[0]] if unclear else _odd(written)
        problem = Message.of("tables.decimals_differ" if proved else "tables.decimal_unclear")
        faults.add(row.number, table.header(column), text, problem, Message.of("tables.fix_decimal"), asks=True)
        return {}
    values: dict[int, float] = {}
    for row in table.rows:
        value = _number(row, column, decimal or "koma")
        text = row.text(column)
        if is_unknown(text):
            continue
        wrong = rule.broken_by(value, text)
        if wrong is None and value is not None:
            values[row.number] = value
        elif wrong is not None:
            faults.add(
                row.number, table.header(column), text, Message.of(f"tables.{wrong}"), Message.of(f"tables.{wrong}_fix")
            )
    return values


def _odd(written: Sequence[tuple[Row, str]]) -> tuple[Row, str]:
    """Find the first cell whose decimal sign is not that of the first cell that has one."""
    first: set[Decimal] = set()
    for row, text in written:
        proved, _ = decimal_of([text])
        first = first or proved
        if proved - first:
            return row, text
    return written[0]


def _number(row: Row, column: str, decimal: Decimal) -> float | None:
    cell = row.cell(column)
    if cell.kind == "number":
        value = float(cell.text)
        return value if math.isfinite(value) and abs(value) < _MOST else None
    return number_in(cell.text, decimal) if cell.kind == "text" else None


def total_reader(ways: Ways) -> Callable[[Cell], float | None]:
    """Give a reader of stated sums: a number in the file's way, else nothing."""

    def read(cell: Cell) -> float | None:
        if cell.kind == "number":
            return float(cell.text)
        proved, _ = decimal_of([cell.text])
        for decimal in (ways.decimal, *proved, "koma", "titik"):
            value = number_in(cell.text, decimal) if decimal else None
            if value is not None:
                return value
        return None

    return read


def read_dates(
    table: Table, column: str, faults: Faults, ways: Ways, *, first_year: int = FIRST_YEAR
) -> dict[int, dt.date]:
    """Read the dates of a column: day before month, months in words, or days counted by a spreadsheet.

    A file in which the month stands first, or in which a spreadsheet already turned some dates round, is asked about.

    Parameters
    ----------
    table, column, faults, ways
        As of :func:`read_numbers`.
    first_year
        A date of an earlier year is told as none.

    Returns
    -------
    Date per row number; blank cells are left out.
    """
    pairs = [(row, *found) for row in table.rows if (found := _two_numbers(row.cell(column))) is not None]
    month_first = [row for row, _, second in pairs if second > _MONTHS_A_YEAR]
    day_first = [row for row, first, _ in pairs if first > _MONTHS_A_YEAR]
    of_dates = [row for row in table.rows if row.cell(column).kind == "date"]
    turned = [row for row in of_dates if int(row.text(column)[8:]) <= _MONTHS_A_YEAR]
    straight = [row for row in of_dates if int(row.text(column)[8:]) > _MONTHS_A_YEAR]
    order = ways.date_order
    if order is None and (month_first or (turned and day_first and not straight)):
        row = (month_first or turned)[0]
        key = "tables.month_first" if month_first else "tables.dates_turned"
        faults.add(
            row.number,
            table.header(column),
            row.text(column),
            Message.of(key),
            Message.of("tables.fix_date_order"),
            asks=True,
        )
        return {}
    turn_cells = order == "mdy" and bool(day_first) and not straight
    dates: dict[int, dt.date] = {}
    for row in table.rows:
        cell = row.cell(column)
        if is_unknown(cell.text):
            continue
        day = _date(cell, "dmy" if turn_cells else order or "dmy")
        if turn_cells and cell.kind == "date" and day is not None:
            day = day.replace(month=day.day, day=day.month)
        if day is None or day.year < first_year:
            faults.add(
                row.number,
                table.header(column),
                cell.text,
                Message.of("tables.not_a_date"),
                Message.of("tables.not_a_date_fix"),
            )
        else:
            dates[row.number] = day
    return dates


def _two_numbers(cell: Cell) -> tuple[int, int] | None:
    found = _IN_NUMBERS.fullmatch(cell.text.casefold()) if cell.kind == "text" else None
    return None if found is None else (int(found["first"]), int(found["second"]))


def _date(cell: Cell, order: DateOrder) -> dt.date | None:
    text = cell.text.casefold()
    if _SERIAL.fullmatch(text):
        days = int(float(text))
        return _SERIAL_ZERO + dt.timedelta(days=days) if _SERIALS[0] < days < _SERIALS[1] else None
    found = next((parts for reader in (_iso, _in_words, _in_numbers) if (parts := reader(text, order))), None)
    try:
        return None if found is None else dt.date(*found)
    except ValueError:
        return None


def _iso(text: str, _: DateOrder) -> tuple[int, int, int] | None:
    found = _ISO.fullmatch(text)
    return None if found is None else (int(found["year"]), int(found["month"]), int(found["day"]))


def _in_words(text: str, _: DateOrder) -> tuple[int, int, int] | None:
    found = _IN_WORDS.fullmatch(text)
    month = MONTHS.get(found["month"]) if found else None
    return None if found is None or month is None else (int(found["year"]), month, int(found["day"]))


def _in_numbers(text: str, order: DateOrder) -> tuple[int, int, int] | None:
    found = _IN_NUMBERS.fullmatch(text)
    if found is None:
        return None
    first, second = int(found["first"]), int(found["second"])
    return (int(found["year"]), second, first) if order == "dmy" else (int(found["year"]), first, second)
