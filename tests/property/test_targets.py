"""Laws of percentages and pace: nothing is rounded up, and time only asks for more."""

import datetime as dt
import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.answers.target_progress import _JUDGED, _judged
from coverage.ground.quantities import percent_reached
from coverage.places.periods import Period

AMOUNTS = st.one_of(st.integers(0, 10**6).map(float), st.decimals(0, 10**4, places=2).map(float))
TARGETS = AMOUNTS.filter(bool)
PERIODS = st.sampled_from(["2024", "2024-S1", "2024-T2", "2023-02", "2024-12"])
DAYS = st.dates(dt.date(2022, 6, 1), dt.date(2025, 6, 1))
_RANK = {"not_begun": 0, "on_pace": 1, "behind": 2, "missed": 3}


def judged(achieved, target, period, day):
    row = {"achieved": achieved, "target": target, "period": period, "indicator": "SIL", "unit": "kali"}
    return dict(zip(_JUDGED, _judged(row, day), strict=True))


@given(AMOUNTS, TARGETS)
def test_a_percentage_is_never_more_than_what_was_reached_and_less_than_a_hundredth_below(achieved, target):
    exact = Fraction(str(achieved)) / Fraction(str(target)) * 100
    percent = Fraction(str(percent_reached(achieved, target)))
    assert percent <= exact < percent + Fraction(1, 100)
    assert (percent >= 100) == (achieved >= target)


@given(AMOUNTS, TARGETS, PERIODS, DAYS, DAYS)
def test_time_only_asks_for_more(achieved, target, period, one, other):
    early, late = (judged(achieved, target, period, day) for day in sorted((one, other)))
    assert early["expected"] <= late["expected"] <= target
    assert early["working_days_left"] >= late["working_days_left"]
    if achieved < target:
        assert _RANK[early["state"]] <= _RANK[late["state"]]


@given(TARGETS, AMOUNTS, PERIODS, DAYS)
def test_who_has_reached_the_target_is_never_behind(target, more, period, day):
    assert judged(target + more, target, period, day)["state"] == "reached"


@pytest.mark.parametrize("kind", ["year", "semester", "quarter", "month"])
def test_periods_of_a_kind_share_the_year_without_gap(kind):
    count = {"year": 1, "semester": 2, "quarter": 4, "month": 12}[kind]
    periods = [Period(2024, kind, number) for number in range(1, count + 1)]
    assert (periods[0].first, periods[-1].last) == (dt.date(2024, 1, 1), dt.date(2024, 12, 31))
    assert all(b.first - a.last == dt.timedelta(days=1) for a, b in itertools.pairwise(periods))
    assert all(p.elapsed(p.last) == 1 and p.elapsed(p.first - dt.timedelta(days=1)) == 0 for p in periods)
