"""Laws of nights away: what a day shows is what is driven on it, and a team starts where it slept."""

import datetime as dt

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.answers.tours.clock import begin, is_night, worked
from coverage.answers.tours.plan import BASE, days_of
from coverage.answers.tours.problem import Appointment, Problem, Stop, run
from coverage.answers.tours.request import Request

FIRST = dt.date(2026, 12, 7)


@st.composite
def trips(draw):
    """Draw a campaign of up to two nights and an order of visits that fits one of its shifts, if there is any."""
    nights, hours = draw(st.integers(0, 2)), draw(st.sampled_from([6.0, 8.0, 9.5, 16.0]))
    asked = Request(None, FIRST, 5, FIRST, hours=hours, nights=nights)
    rng = np.random.default_rng(draw(st.integers(0, 100_000)))
    count = draw(st.integers(1, 7))
    minutes = rng.integers(0, int(draw(st.sampled_from([60, 240, 500]))), (count + 1, count + 1)).astype(float)
    shifts = asked.shifts()
    shift = draw(st.integers(0, len(shifts) - 1))
    stops = []
    for number in range(count):
        day = shifts[shift].days[int(rng.integers(len(shifts[shift].days)))]
        fixed = Appointment(day, 600, 840) if rng.random() < 0.25 else None
        stops.append(Stop(str(number + 1), 1, int(rng.integers(30, 200)), fixed=fixed))
    problem = Problem(tuple(stops), shifts, minutes, minutes * 0.7, (minutes > 200).astype(np.int64))
    order = ()
    for row in rng.permutation(np.arange(1, count + 1)):
        if run(problem, shift, (*order, int(row))).fits:
            order = (*order, int(row))
    return problem, shift, order


def row_of(kode):
    return 0 if kode == BASE else int(kode)


@given(trips())
@settings(max_examples=300, deadline=None)
def test_a_day_shows_what_is_driven_on_it_and_starts_where_the_team_slept(trip):
    problem, shift, order = trip
    plan = problem.shifts[shift]
    days = days_of(problem, shift, order)
    pauses = [pause for pause in plan.breaks if not is_night(pause)]
    assert [int(stop.kode) for day in days for stop in day.stops] == list(order)
    slept = BASE
    for day in days:
        midnight = plan.offset(day.date)
        assert day.starts_at == slept
        clock, at = midnight + day.start_min, row_of(slept)
        for stop in day.stops:
            row = int(stop.kode)
            assert stop.drive_min == (0 if row == at else problem.minutes[at, row])
            assert stop.km == round(0 if row == at else problem.km[at, row], 3)
            assert stop.ferry_legs == (0 if row == at else problem.ferries[at, row])
            assert worked(clock, midnight + stop.arrival_min, pauses) == stop.drive_min
            assert midnight + stop.begin_min == begin(
                midnight + stop.begin_min, problem.service[row], midnight + stop.arrival_min, pauses
            )
            assert stop.departure_min == stop.begin_min + problem.service[row]
            clock, at = midnight + stop.departure_min, row
        end = row_of(day.ends_at)
        if day.ends_at != BASE and end == at:
            assert (day.back_drive_min, day.back_km, day.back_ferry_legs) == (0, 0, 0)
        else:
            assert day.back_drive_min == problem.minutes[at, end]
            assert day.back_ferry_legs == problem.ferries[at, end]
        if day.stops or day.back_drive_min:
            assert worked(clock, midnight + day.end_min, pauses) == day.back_drive_min
        assert day.drive_min == sum(stop.drive_min for stop in day.stops) + day.back_drive_min
        assert day.drive_min + day.visit_min + day.wait_min + day.break_min == day.total_min
        assert day.wait_min >= 0
        assert day.start_min <= day.end_min
        assert day.end_min <= plan.end_min - plan.offset(plan.days[-1])
        slept = day.ends_at
    if order:
        assert days[-1].ends_at == BASE
        legs = zip((0, *order), (*order, 0), strict=True)
        assert sum(day.drive_min for day in days) == sum(problem.minutes[leg] for leg in legs)
