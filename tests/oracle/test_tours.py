"""Plans against brute force, tours against brute force, clocks against a team that lives minute by minute."""

import dataclasses
import datetime as dt
import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.answers.tours.clock import begin, drive
from coverage.answers.tours.greedy import greedy
from coverage.answers.tours.problem import Appointment, Problem, Shift, Stop, collected, missing_musts, run
from coverage.answers.tours.single import held_karp, shortest_tour
from coverage.answers.tours.solve import solve, upper_bound
from coverage.answers.tours.three_opt import _Tour, iterated_three_opt

DAY = dt.date(2026, 12, 1)
few = settings(max_examples=20)


def length(matrix, order):
    return sum(matrix[a, b] for a, b in zip(order, (*order[1:], order[0]), strict=True))


@given(st.integers(1, 7), st.integers(0, 10_000))
def test_held_karp_is_as_short_as_the_best_of_all_orders(stops, seed):
    matrix = np.random.default_rng(seed).integers(1, 100, (stops + 1, stops + 1)).astype(float)
    found = held_karp(matrix)
    assert sorted(found) == list(range(stops + 1))
    assert found[0] == 0
    best = min(length(matrix, (0, *rest)) for rest in itertools.permutations(range(1, stops + 1)))
    assert length(matrix, found) == best
    tour = shortest_tour(matrix)
    assert (tour.length, tour.proven) == (best, True)


def test_a_tour_of_fifteen_stops_is_proven_and_one_of_sixteen_is_not():
    matrix = np.random.default_rng(1).integers(1, 100, (17, 17))
    assert shortest_tour(matrix[:16, :16]).proven
    assert not shortest_tour(matrix, starts=2, iterations=5).proven


@given(st.integers(17, 22), st.integers(0, 10_000), st.booleans())
@settings(max_examples=20, deadline=None)
def test_every_step_of_the_search_makes_a_tour_shorter_and_keeps_all_stops(stops, seed, one_way):
    rng = np.random.default_rng(seed)
    matrix = rng.integers(1, 100, (stops, stops)) if one_way else euclidean(stops, seed)
    tour = _Tour(np.asarray(matrix, dtype=np.int64), rng.permutation(stops).tolist())
    before = tour.length()
    while touched := next(filter(None, map(tour._step, range(stops))), ()):
        assert sorted(tour.order) == list(range(stops))
        assert set(touched) <= set(tour.order)
        assert tour.length() < before
        before = tour.length()


@pytest.mark.parametrize(("seed", "one_way"), [(1, False), (2, True), (3, False), (4, True)])
def test_the_search_finds_what_is_proven_shortest(seed, one_way):
    rng = np.random.default_rng(seed)
    matrix = rng.integers(1, 100, (14, 14)) if one_way else euclidean(14, seed)
    whole = np.asarray(matrix, dtype=np.int64)
    found = iterated_three_opt(whole, seed=1, kicks=2_000)
    assert length(whole, found) == length(whole, held_karp(whole.astype(float)))
    assert found == iterated_three_opt(whole, seed=1, kicks=2_000)


# Proven by benchmarks/tour_optima.py: subtour cuts and HiGHS.
def test_a_tour_of_130_stops_is_within_a_thousandth_of_the_proven_optimum():
    assert shortest_tour(euclidean(131, 2), starts=1, iterations=25).length <= 8941 * 1.001


def euclidean(size, seed):
    points = np.random.default_rng(seed).uniform(0, 1000, (size, 2))
    return np.rint(np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)))


def lived_drive(leave, minutes, breaks):
    """Drive minute by minute, a minute that begins in a break is rest; leave at the first that meets no night."""
    for start, end in breaks:
        if minutes and end > 1440 > start and leave < end and arrived_from(leave, minutes, breaks) > start:
            leave = end
    return arrived_from(leave, minutes, breaks)


def arrived_from(leave, minutes, breaks):
    clock = leave
    while minutes > 0:
        if not any(start <= clock < end for start, end in breaks):
            minutes -= 1
        clock += 1
    return clock


def lived_begin(arrival, service, breaks):
    clock = arrival
    while any(start <= minute < end for minute in range(clock, clock + service) for start, end in breaks):
        clock += 1
    return clock


BREAKS = st.sampled_from([(), ((30, 50),), ((30, 50), (90, 95)), ((0, 10), (60, 100))])


@given(st.integers(0, 110), st.integers(1, 80), BREAKS)
def test_a_drive_rests_through_breaks_as_a_team_that_lives_minute_by_minute(leave, minutes, breaks):
    assert drive(leave, minutes, breaks) == lived_drive(leave, minutes, breaks)


@given(st.integers(1200, 1700), st.integers(1, 120), st.sampled_from([(), ((1240, 1280),), ((1610, 1650),)]))
def test_a_drive_is_done_before_the_night_or_begins_after_it(leave, minutes, pauses):
    breaks = tuple(sorted([*pauses, (1380, 1600)]))
    assert drive(leave, minutes, breaks) == lived_drive(leave, minutes, breaks)


@given(st.integers(0, 110), st.integers(1, 30), BREAKS)
def test_a_visit_begins_as_soon_as_it_meets_no_break(arrival, service, breaks):
    assert begin(arrival, service, 0, breaks) == lived_begin(arrival, service, breaks)


@st.composite
def problems(draw, most=6):
    stops = draw(st.integers(1, most))
    rng = np.random.default_rng(draw(st.integers(0, 100_000)))
    points = rng.integers(0, 60, (stops + 1, 2))
    minutes = np.ceil(np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)))
    if draw(st.booleans()):
        minutes[stops, :] = minutes[:, stops] = np.inf
        minutes[stops, stops] = 0
    fixed = draw(st.booleans())
    made = tuple(
        Stop(
            str(number),
            int(rng.integers(1, 900)),
            int(rng.integers(20, 60)),
            area=str(number % 2),
            fixed=Appointment(DAY, 120, 180) if fixed and number == 0 else None,
        )
        for number in range(stops)
    )
    pause = draw(st.sampled_from([(), ((100, 140),)]))
    shifts = tuple(
        Shift(team, (DAY + dt.timedelta(days=team - 1),), 0, draw(st.sampled_from([120, 200, 300])), pause)
        for team in range(1, draw(st.integers(1, 2)) + 1)
    )
    quota = {"0": 1} if draw(st.booleans()) else {}
    most_a_day = draw(st.sampled_from([None, 1, 2]))
    return Problem(made, shifts, minutes, minutes, np.zeros_like(minutes, dtype=np.int64), most_a_day, quota)


def lived(problem, shift, order):
    """Tell whether one order of visits fits, computed apart from the vectorised way."""
    plan = problem.shifts[shift]
    if problem.visits_per_day is not None and len(order) > problem.visits_per_day:
        return False
    clock, at = plan.start_min, 0
    for row in order:
        stop, minutes = problem.stops[row - 1], problem.minutes[at, row]
        if not np.isfinite(minutes) or (stop.fixed is not None and stop.fixed.day not in plan.days):
            return False
        clock = lived_drive(clock, int(minutes), plan.breaks)
        if stop.fixed is not None:
            clock = max(clock, stop.fixed.earliest_min)
        clock = lived_begin(clock, stop.service_min, plan.breaks)
        if stop.fixed is not None and clock > stop.fixed.latest_min:
            return False
        clock, at = clock + stop.service_min, row
    return (
        np.isfinite(problem.minutes[at, 0])
        and lived_drive(clock, int(problem.minutes[at, 0]), plan.breaks) <= plan.end_min
    )


def brute_force(problem, *, musts=False):
    rows = range(1, len(problem.stops) + 1)
    sets = [
        [
            subset
            for size in range(len(problem.stops) + 1)
            for subset in itertools.combinations(rows, size)
            if any(lived(problem, shift, order) for order in itertools.permutations(subset))
        ]
        for shift in range(len(problem.shifts))
    ]
    best = 0
    for chosen in itertools.product(*sets):
        flat = [row for subset in chosen for row in subset]
        if musts and any(stop.must and row not in flat for row, stop in enumerate(problem.stops, start=1)):
            continue
        if len(flat) == len(set(flat)) and not problem.over_quota(tuple(chosen)):
            best = max(best, sum(problem.stops[row - 1].value for row in flat))
    return best


@few
@given(problems())
def test_a_plan_collects_no_more_than_brute_force_and_no_less_than_greedy(problem):
    solved = solve(problem, iterations=100)
    best = brute_force(problem)
    assert collected(problem, greedy(problem)) <= solved.objective <= best <= solved.bound
    assert solved.objective == collected(problem, solved.orders)
    assert (solved.status == "optimal") == (solved.objective == solved.bound)
    rows = [row for order in solved.orders for row in order]
    assert len(rows) == len(set(rows))
    assert not problem.over_quota(solved.orders)
    for shift, order in enumerate(solved.orders):
        assert lived(problem, shift, order)


@few
@given(problems())
def test_small_plans_are_nearly_always_the_best_there_is(problem):
    assert solve(problem, iterations=100).objective >= 0.8 * brute_force(problem)


@few
@given(problems(), st.integers(0, 10_000))
def test_an_order_fits_exactly_when_the_team_that_lives_it_is_back_in_time(problem, seed):
    rng = np.random.default_rng(seed)
    rows = rng.permutation(np.arange(1, len(problem.stops) + 1))
    order = tuple(int(row) for row in rows[: rng.integers(1, len(rows) + 1)])
    for shift in range(len(problem.shifts)):
        assert bool(run(problem, shift, order).fits) == bool(lived(problem, shift, order))


@few
@given(problems(most=4), st.sampled_from([90, 139]))
def test_plans_with_a_night_fit_as_lived_and_stay_below_the_bound(problem, hours):
    # A late day, so that the night is short for whoever lives it minute by minute.
    pauses = ((1330, 1350), (1300 + hours, 1445))
    long = Shift(1, (DAY, DAY + dt.timedelta(days=1)), 1300, 1445 + hours, pauses)
    stops = [dataclasses.replace(one, fixed=one.fixed and Appointment(DAY, 1460, 1520)) for one in problem.stops]
    problem = dataclasses.replace(problem, stops=tuple(stops), shifts=(long,), visits_per_day=None)
    solved = solve(problem, iterations=50)
    assert lived(problem, 0, solved.orders[0])
    assert solved.objective <= brute_force(problem) <= solved.bound
    for order in itertools.permutations(range(1, len(problem.stops) + 1), min(2, len(problem.stops))):
        assert bool(run(problem, 0, order).fits) == bool(lived(problem, 0, order))


@few
@given(problems(most=5))
def test_the_bound_is_never_below_the_best_plan(problem):
    assert upper_bound(problem) >= brute_force(problem)


@few
@given(problems(most=5), st.integers(1, 4), st.integers(0, 10_000))
def test_the_bound_of_appointments_that_must_be_kept_is_never_below_the_best_plan_that_keeps_them(problem, many, seed):
    rng = np.random.default_rng(seed)
    stops = list(problem.stops)
    for row in range(min(many, len(stops))):
        at = int(rng.integers(0, 250))
        day = problem.shifts[int(rng.integers(len(problem.shifts)))].days[0]
        stops[row] = dataclasses.replace(
            stops[row], must=bool(rng.integers(2)), fixed=Appointment(day, at, at + int(rng.integers(0, 40)))
        )
    problem = dataclasses.replace(problem, stops=tuple(stops))
    solved = solve(problem, iterations=50)
    kept = not missing_musts(problem, solved.orders)
    best = brute_force(problem, musts=kept)
    assert solved.objective <= best <= solved.bound
    assert upper_bound(problem, musts=False) >= brute_force(problem)


def test_the_bound_uses_the_times_of_appointments():
    # One at noon far away: whoever keeps it has no time for anything else, though the shift holds four visits.
    minutes = np.full((6, 6), 10.0)
    minutes[0, 1] = minutes[1, 0] = minutes[1, 2:] = minutes[2:, 1] = 170.0
    np.fill_diagonal(minutes, 0)
    stops = (
        Stop("far", 10, 60, must=True, fixed=Appointment(DAY, 170, 170)),
        *(Stop(str(number), 500, 60) for number in range(4)),
    )
    shifts = (Shift(1, (DAY,), 0, 420),)
    solved = solve(Problem(stops, shifts, minutes, minutes, np.zeros_like(minutes, dtype=np.int64)), iterations=50)
    assert (solved.objective, solved.bound, solved.status) == (10, 10, "optimal")


def drawn_plan(seed, rows=120):
    rng = np.random.default_rng(seed)
    points = rng.integers(0, 200, (rows + 1, 2))
    minutes = np.ceil(np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)))
    stops = [Stop(str(number), int(rng.integers(300, 900)), 120) for number in range(rows)]
    shifts = tuple(Shift(1, (DAY + dt.timedelta(days=number),), 480, 960) for number in range(4))
    for number, shift in enumerate(shifts):
        at = int(rng.integers(480 + minutes[0, number + 1], 960 - 120 - minutes[number + 1, 0] + 1))
        stops[number] = dataclasses.replace(stops[number], must=True, fixed=Appointment(shift.days[0], at, at))
    return Problem(tuple(stops), shifts, minutes, minutes, np.zeros_like(minutes, dtype=np.int64))


@pytest.mark.parametrize("seed", [1, 2])
def test_the_gap_of_a_plan_with_appointments_is_small(seed):
    solved = solve(drawn_plan(seed), iterations=300)
    assert solved.gap <= 0.15
    assert solved == solve(drawn_plan(seed), iterations=300)


def forty_stops():
    rng = np.random.default_rng(5)
    points = rng.integers(0, 100, (41, 2))
    minutes = np.ceil(np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)))
    stops = tuple(Stop(str(n), int(rng.integers(1, 900)), 60) for n in range(40))
    shifts = tuple(Shift(1, (DAY + dt.timedelta(days=n),), 480, 960) for n in range(3))
    return Problem(stops, shifts, minutes, minutes, np.zeros_like(minutes, dtype=np.int64))


@pytest.mark.parametrize("after", [0.0, 0.3])
def test_a_stopped_calculation_still_holds_a_plan(after):
    problem = forty_stops()
    told = []

    def enough(progress):
        told.append(progress)
        return progress.share >= after

    solved = solve(problem, iterations=500, stop=enough)
    assert solved.status == "cancelled"
    assert solved.objective >= collected(problem, greedy(problem)) > 0
    for part in ("share", "priority"):
        row = [getattr(progress, part) for progress in told]
        assert row == sorted(row)
    assert all(0 <= progress.share <= 1 for progress in told)
    assert [progress.share for progress in told if progress.share >= after][1:] == [1.0]
    assert 0 < told[-1].priority * 10 <= solved.objective
    assert 0 < told[-1].visits <= len(problem.stops)


def test_watching_a_calculation_does_not_change_it():
    problem = forty_stops()
    told = []

    def watch(progress):
        told.append(progress)
        return False

    assert solve(problem, iterations=200, stop=watch) == solve(problem, iterations=200)
    assert (told[0].share, told[-1].share) == (0.0, 1.0)
