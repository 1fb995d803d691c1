"""Laws of waiting: the mean is half a headway, the worst is what the week of departures says."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.places.ferries import embedded_ferries
from coverage.travel.network.ferry_choices import WEEKDAYS
from coverage.travel.network.timetable import DAY_MIN, clock_times, days_that_differ, timetable

EMPTY = {"trips_per_day": "", "departures": "", "days": "", "first_departure": "", "last_departure": ""}


def written_clock(minutes):
    """Write minutes after midnight as clock times (``08:00;10:30``)."""
    return ";".join(f"{int(at) // 60:02d}:{int(at) % 60:02d}" for at in minutes)


def of(**row):
    return timetable({**EMPTY, **row}, service_h=12, unknown_trips=1)


MINUTES = st.lists(st.integers(0, 1439), min_size=1, max_size=8, unique=True)
OTHER = st.dictionaries(st.sampled_from(WEEKDAYS), st.integers(0, 9), max_size=6)
ANY = st.builds(
    lambda times, trips, other, kind: of(
        trips_per_day="" if kind == "listed" else str(trips),
        departures=written_clock(times) if kind == "listed" else "",
        first_departure="07:00" if kind == "ends" else "",
        last_departure="19:00" if kind == "ends" else "",
        days=";".join(f"{day.title()}:{number}" for day, number in other.items()),
    ),
    MINUTES,
    st.integers(1, 20),
    OTHER,
    st.sampled_from(["listed", "ends", "count"]),
)


def waited(times, at):
    """Wait from a minute of the week for the next of the week's departures, naively."""
    return min((leaves - at) % (7 * DAY_MIN) for leaves in times)


@given(ANY, st.sampled_from([None, *WEEKDAYS]))
def test_the_worst_wait_is_never_shorter_than_the_mean(boat, day):
    assert boat.wait_min("worst", day) >= boat.wait_min("mean", day)


@given(ANY, st.sampled_from(WEEKDAYS))
def test_a_boat_runs_on_a_day_if_and_only_if_somebody_waits_a_finite_time(boat, day):
    assert boat.runs(day) == (boat.trips[WEEKDAYS.index(day)] > 0)
    for wait in ("mean", "worst"):
        assert (boat.wait_min(wait, day) < float("inf")) == boat.runs(day)


@given(MINUTES, st.sets(st.sampled_from(range(7)), max_size=5))
def test_the_worst_wait_of_known_departures_is_the_longest_gap_of_the_week(times, idle):
    boat = of(departures=written_clock(times), days=";".join(f"{WEEKDAYS[day]}:0" for day in idle))
    week = [day * DAY_MIN + at for day in range(7) if day not in idle for at in times]
    # Who comes a moment after a boat left waits for the next one.
    longest = max(7 * DAY_MIN if len(week) == 1 else waited([t for t in week if t != one], one) for one in week)
    assert boat.wait_min("worst") == pytest.approx(max(longest, 2 * boat.wait_min("mean")))


@given(MINUTES)
def test_on_a_day_the_worst_wait_begins_at_midnight_or_after_a_boat(times):
    boat = of(departures=written_clock(times))
    day = sorted(times)
    gaps = [day[0], *(b - a for a, b in itertools.pairwise(day)), day[0] + DAY_MIN - day[-1]]
    assert boat.wait_min("worst", "rab") == pytest.approx(max(*gaps, 2 * boat.wait_min("mean", "rab")))


def test_a_night_counts_where_the_times_are_known_and_not_where_they_are_not():
    assert of(trips_per_day="4", departures="08:00;10:00;13:00;16:00").wait_min("worst") == 16 * 60
    assert of(trips_per_day="11", first_departure="07:00", last_departure="19:00").wait_min("worst") == 12 * 60
    assert of(trips_per_day="4").wait_min("worst") == 3 * 60


def test_the_day_with_the_fewest_trips_and_days_without_decide_where_times_are_not_known():
    assert of(trips_per_day="5", days="Sel:4;Jum:4").wait_min("worst") == 3 * 60
    assert of(trips_per_day="2", days="Sab:0;Min:0").wait_min("worst") == 6 * 60 + 2 * DAY_MIN


def test_a_day_of_its_own_counts_its_own_trips():
    boat = of(trips_per_day="5", days="Sel:4;Jum:0")
    assert boat.wait_min("mean", "sel") == 12 * 60 / 4 / 2
    assert boat.wait_min("mean", "rab") == 12 * 60 / 5 / 2
    assert not boat.runs("jum")


def test_departures_tell_the_trips_where_their_number_is_not_stated():
    boat = of(departures="06:30;17.00")
    assert boat.trips == (2.0,) * 7
    assert not boat.estimated
    assert of().estimated


@given(MINUTES)
def test_clock_times_are_read_as_they_are_written(times):
    assert clock_times(written_clock(times)) == times


def test_days_are_read_in_any_case_and_others_are_left_out():
    assert days_that_differ("SEL:4; jum : 0;Senin:3") == {"sel": 4.0, "jum": 0.0}


def test_the_shipped_departures_have_the_wait_of_their_source():
    row = embedded_ferries().set_index("id").loc["amolengo-labuan"]
    assert timetable(row, service_h=12, unknown_trips=1).wait_min() == pytest.approx((16 - 8) * 60 / 3 / 2)


@given(ANY, st.sampled_from(range(7)))
def test_a_day_that_loses_its_boats_never_shortens_a_wait(boat, day):
    idle = replace(boat, trips=tuple(0.0 if at == day else trips for at, trips in enumerate(boat.trips)))
    for wait in ("mean", "worst"):
        assert idle.wait_min(wait) >= boat.wait_min(wait) - 1e-9
