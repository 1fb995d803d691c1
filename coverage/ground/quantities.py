"""Numbers, durations and dates as a person reads them: the one place that formats."""

import datetime as dt
import math
from collections.abc import Callable
from fractions import Fraction
from typing import Literal

from babel.dates import format_date as _babel_date
from babel.numbers import format_decimal

Language = Literal["id", "en"]

_LOCALE = {"id": "id_ID", "en": "en_GB"}
_WORDS = {
    "id": {"h": "jam", "min": "mnt", "km": "km", "none": "tidak terhubung", "unknown": "tidak diketahui"},
    "en": {"h": "h", "min": "min", "km": "km", "none": "not connected", "unknown": "not known"},
}
_MINUTES_PER_HOUR = 60
_BEYOND_WRITING = 1e15


def format_number(value: float, lang: Language = "id", *, decimals: int = 0) -> str:
    """Format a number with the language's separators.

    Parameters
    ----------
    value
        Any number; NaN reads as "not known", and what is too large to be written out keeps its exponent.
    decimals
        Fixed number of decimals.

    Examples
    --------
    >>> format_number(1234.5, "id", decimals=1)
    '1.234,5'
    """
    if math.isnan(value):
        return _WORDS[lang]["unknown"]
    if abs(value) >= _BEYOND_WRITING:
        return f"{value:g}"
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    # Rounded first, so that nothing reads as "-0".
    return format_decimal(round(value, decimals) + 0.0, format=pattern, locale=_LOCALE[lang])


def format_duration(minutes: float, lang: Language = "id") -> str:
    """Format minutes as hours and minutes; infinity is "not connected", never a number.

    Examples
    --------
    >>> format_duration(80, "id")
    '1 jam 20 mnt'
    >>> format_duration(float("inf"), "id")
    'tidak terhubung'
    """
    words = _WORDS[lang]
    if math.isnan(minutes):
        return words["unknown"]
    if math.isinf(minutes):
        return words["none"]
    total = round(minutes)
    hours, rest = divmod(total, _MINUTES_PER_HOUR)
    if hours == 0:
        return f"{rest} {words['min']}"
    if rest == 0:
        return f"{format_number(hours, lang)} {words['h']}"
    return f"{format_number(hours, lang)} {words['h']} {rest} {words['min']}"


def format_km(km: float, lang: Language = "id") -> str:
    """Format kilometres with one decimal; infinity is "not connected".

    Examples
    --------
    >>> format_km(12.34, "id")
    '12,3 km'
    """
    if math.isinf(km):
        return _WORDS[lang]["none"]
    return f"{format_number(km, lang, decimals=1)} {_WORDS[lang]['km']}"


def format_percent(share: float, lang: Language = "id", *, decimals: int = 1) -> str:
    """Format a share between 0 and 1 as a percentage.

    Examples
    --------
    >>> format_percent(0.8218, "id", decimals=2)
    '82,18 %'
    """
    if math.isnan(share):
        return _WORDS[lang]["unknown"]
    return f"{format_number(share * 100, lang, decimals=decimals)} %"


def percent_reached(achieved: float, target: float) -> float:
    """Give what was reached of a target in percent, cut after two decimals: it is never rounded up.

    A report that says 100 % has reached its target, and 32,45 % is what BNN publishes for 542 of 1 670
    (32,4550...); both amounts count as the decimal numbers they are written as.

    Parameters
    ----------
    achieved, target
        Amounts in the same unit, 0 or more; NaN where a side is not known or the target is 0.

    Examples
    --------
    >>> percent_reached(542, 1670), percent_reached(32, 86), percent_reached(99_996, 100_000)
    (32.45, 37.2, 99.99)
    """
    if math.isnan(achieved) or math.isnan(target) or target == 0:
        return math.nan
    return math.floor(Fraction(repr(float(achieved))) / Fraction(repr(float(target))) * 10_000) / 100


def format_reached(percent: float, lang: Language = "id") -> str:
    """Format a percentage of :func:`percent_reached` with as many of its decimals as it has.

    Examples
    --------
    >>> format_reached(82.18, "id"), format_reached(100.0, "id")
    ('82,18 %', '100 %')
    """
    return _WORDS[lang]["unknown"] if math.isnan(percent) else f"{format_exact(percent, lang)} %"


def format_exact(value: float, lang: Language = "id") -> str:
    """Format a number with as many decimals as it has, at most six.

    Examples
    --------
    >>> format_exact(0.0105, "id"), format_exact(45.0, "id")
    ('0,0105', '45')
    """
    return format_decimal(value, format="#,##0.######", locale=_LOCALE[lang])


def format_rupiah(value: float, lang: Language = "id") -> str:
    """Format an amount of money in whole rupiah.

    Examples
    --------
    >>> format_rupiah(50_000_000, "id"), format_rupiah(50_000_000, "en")
    ('Rp50.000.000', 'Rp50,000,000')
    """
    number = format_number(value, lang)
    return number if math.isnan(value) else f"Rp{number}"


def format_date(
    day: dt.date, lang: Language = "id", *, weekday: bool = False, short: bool = False, letter: bool = False
) -> str:
    """Format a date with the month's name; `short` leaves the year out and cuts the weekday.

    `letter` writes the month out, as letters do.

    Examples
    --------
    >>> format_date(dt.date(2024, 10, 4), "id", weekday=True)
    'Jumat, 4 Okt 2024'
    >>> format_date(dt.date(2024, 10, 4), "id", letter=True)
    '4 Oktober 2024'
    """
    pattern = ("EEE, " if short else "EEEE, ") * weekday + ("d MMM" if short else "d MMMM y" if letter else "d MMM y")
    return _babel_date(day, format=pattern, locale=_LOCALE[lang])


def format_month(day: dt.date, lang: Language = "id") -> str:
    """Format the month of a day.

    Examples
    --------
    >>> format_month(dt.date(2024, 3, 1), "id")
    'Maret 2024'
    """
    return _babel_date(day, format="MMMM y", locale=_LOCALE[lang])


def format_value(name: str, value: object, lang: Language) -> str:
    """Format a value by its type and the unit its name ends in, such as ``_min`` or ``_rupiah``.

    Messages carry raw values; this is where they become words.
    """
    if isinstance(value, dt.date):
        return format_date(value, lang)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    if name == "cutoff_min" and not float(value).is_integer():
        return f"{format_number(value, lang, decimals=1)} {_WORDS[lang]['min']}"
    for suffix, spell in _BY_SUFFIX.items():
        if name.endswith(suffix):
            return spell(float(value), lang)
    return format_number(value, lang, decimals=0 if float(value).is_integer() else 1)


_BY_SUFFIX: dict[str, Callable[[float, Language], str]] = {
    "_min": format_duration,
    "_km": format_km,
    "_share": format_percent,
    "_exact": format_exact,
    "_rupiah": format_rupiah,
    "_reached": format_reached,
}
