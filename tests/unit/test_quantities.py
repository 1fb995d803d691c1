"""Numbers, durations and dates read as a person of that language writes them."""

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.ground.quantities import (
    format_date,
    format_duration,
    format_km,
    format_number,
    format_percent,
    format_value,
)

LANGUAGES = ["id", "en"]


@pytest.mark.parametrize(
    ("value", "decimals", "indonesian", "english"),
    [
        (1234.5, 1, "1.234,5", "1,234.5"),
        (0, 0, "0", "0"),
        (-0.04, 1, "0,0", "0.0"),
        (-3.9985, 4, "-3,9985", "-3.9985"),
        (83449, 0, "83.449", "83,449"),
        (float("nan"), 0, "tidak diketahui", "not known"),
    ],
)
def test_numbers_use_the_separators_of_the_language(value, decimals, indonesian, english):
    assert format_number(value, "id", decimals=decimals) == indonesian
    assert format_number(value, "en", decimals=decimals) == english


@given(st.floats(-1e14, 1e14), st.integers(0, 3))
def test_a_written_number_reads_back_within_its_last_decimal(value, decimals):
    text = format_number(value, "id", decimals=decimals)
    back = float(text.replace(".", "").replace(",", "."))
    assert abs(back - value) <= 0.5 * 10**-decimals + abs(value) * 1e-14


@given(st.floats())
@pytest.mark.parametrize("lang", LANGUAGES)
def test_any_number_can_be_said(lang, value):
    for spell in (format_number, format_percent, format_km):
        assert spell(value, lang)


@given(st.floats(0, 1e7))
def test_minutes_and_hours_add_up_to_the_rounded_minutes(minutes):
    text = format_duration(minutes, "id").replace(".", "")
    hours, rest = re.fullmatch(r"(?:(\d+) jam)? ?(?:(\d+) mnt)?", text).groups()
    assert int(hours or 0) * 60 + int(rest or 0) == round(minutes)
    assert int(rest or 0) < 60


def test_infinite_time_is_a_word_and_never_a_number():
    for spell in (format_duration, format_km):
        assert spell(float("inf"), "id") == "tidak terhubung"
        assert spell(float("inf"), "en") == "not connected"


def test_unknown_time_is_not_called_not_connected():
    assert format_duration(float("nan"), "id") == "tidak diketahui"


@pytest.mark.parametrize(("minutes", "text"), [(59.6, "1 jam"), (0.4, "0 mnt"), (60, "1 jam"), (61, "1 jam 1 mnt")])
def test_durations_round_to_whole_minutes_without_60_minutes(minutes, text):
    assert format_duration(minutes, "id") == text


def test_dates_name_the_month():
    day = dt.date(2024, 8, 17)
    assert format_date(day, "id", weekday=True) == "Sabtu, 17 Agu 2024"
    assert format_date(day, "en") == "17 Aug 2024"


def test_values_are_formatted_by_the_unit_their_name_ends_in():
    assert format_value("cutoff_min", 90, "id") == "1 jam 30 mnt"
    assert format_value("away_km", 1234.56, "id") == "1.234,6 km"
    assert format_value("reach_share", 0.5, "id") == "50,0 %"
    assert format_value("villages", 2285, "id") == "2.285"
    assert format_value("kode", "74.71", "id") == "74.71"
    assert format_value("flag", True, "id") == "True"
