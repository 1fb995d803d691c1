"""Appointments that clash are named with their day, and what the sentence offers really makes them fit."""

import dataclasses
import datetime as dt
import re

import numpy as np
import pytest

from coverage.answers.tours.appointments import check_appointments
from coverage.answers.tours.problem import Appointment, Problem, Shift, Stop
from coverage.ground.errors import InputError

DAY = dt.date(2026, 12, 1)


def campaign(*at, teams=1, day_min=480, drive=30):
    """Give appointments (minutes from midnight) half an hour apart from each other and from the base."""
    stops = tuple(
        Stop(f"desa-{n}", 10, 120, must=True, fixed=Appointment(DAY, minute, minute)) for n, minute in enumerate(at)
    )
    minutes = np.full((len(at) + 1, len(at) + 1), float(drive))
    np.fill_diagonal(minutes, 0)
    shifts = tuple(Shift(team, (DAY,), 480, 480 + day_min) for team in range(1, teams + 1))
    return Problem(stops, shifts, minutes, minutes, np.zeros_like(minutes, dtype=np.int64))


def refused(problem):
    with pytest.raises(InputError) as caught:
        check_appointments(problem, str.upper)
    return caught.value.text("id")


def test_the_two_that_clash_are_named_with_their_day_and_what_would_do():
    said = refused(campaign(540, 600))
    assert "DESA-0 pukul 09.00" in said
    assert "DESA-1 pukul 10.00" in said
    assert "1 Des 2026" in said
    assert "Sediakan 2 tim" in said
    check_appointments(campaign(540, 600, teams=2), str.upper)


def test_the_time_offered_makes_room_and_a_minute_before_does_not():
    hour, minute = map(
        int, re.search(r"undurkan janji di DESA-1 ke pukul (\d\d)\.(\d\d)", refused(campaign(540, 600))).groups()
    )
    offered = hour * 60 + minute
    assert offered == 540 + 120 + 30
    check_appointments(campaign(540, offered), str.upper)
    refused(campaign(540, offered - 1))


def test_no_time_is_offered_where_the_day_is_too_short_for_both():
    said = refused(campaign(540, 600, day_min=300))
    assert "undurkan" not in said
    assert "Sediakan 2 tim" in said


def test_three_at_once_are_one_too_many_for_two_teams():
    said = refused(campaign(540, 550, 560, teams=2))
    assert all(f"DESA-{n}" in said for n in range(3))
    assert "Tim yang bebas hari itu: 2." in said
    assert "Sediakan 3 tim" in said
    check_appointments(campaign(540, 550, 560, teams=3), str.upper)


def test_an_appointment_that_clashes_with_nobody_is_not_named():
    said = refused(campaign(540, 545, 550, 780, teams=2))
    assert "DESA-3" not in said
    check_appointments(campaign(540, 545, 780, teams=2), str.upper)


def test_appointments_of_other_days_do_not_clash():
    problem = campaign(540, 540)
    after = DAY + dt.timedelta(days=1)
    stops = (problem.stops[0], dataclasses.replace(problem.stops[1], fixed=Appointment(after, 540, 540)))
    shifts = (*problem.shifts, Shift(1, (after,), 480, 960))
    check_appointments(dataclasses.replace(problem, stops=stops, shifts=shifts), str.upper)
