"""Laws of what a proposal says beside its sets: every figure is of its own cutoff, inclusive, and its own weights."""

import itertools

import numpy as np
import pytest

from coverage.answers.siting.propose import propose
from coverage.answers.siting.question import Question
from coverage.answers.siting.robustness import robustness
from coverage.answers.study import open_study


@pytest.fixture(scope="module")
def kendari():
    return open_study("74.71")


def journeys(proposal, sites):
    """Give people, minutes today and minutes afterwards of each village, one after the other."""
    problem, people = proposal.problem, proposal.study.villages["population"]
    today = proposal.study.od.minutes.min(axis=1)
    for row, (persons, before) in enumerate(zip(people.tolist(), today.tolist(), strict=True)):
        yield persons, before, min([before, *(float(problem.minutes[row, site]) for site in sites)])


def exactly(study, place):
    """Give the minutes of one village, so that a cutoff can be exactly these."""
    return float(np.sort(study.od.minutes.min(axis=1))[place])


@pytest.mark.parametrize("cutoff", [15.0, 45.0, None])
def test_a_capacity_that_is_not_given_is_what_waits_beyond_the_cutoff_shared_out(cutoff, lubuklinggau):
    cutoff = exactly(lubuklinggau, 20) if cutoff is None else cutoff
    found = propose(lubuklinggau, Question(model="capacitated", number=3, cutoff_min=cutoff))
    assert found.capacity == pytest.approx(sum(n for n, before, _ in journeys(found, ()) if before > cutoff) / 3)


@pytest.mark.parametrize("cutoff", [30.0, 45.0, 75.0, None])
def test_a_site_is_spare_exactly_where_as_many_are_covered_without_it(cutoff, kendari):
    cutoff = exactly(kendari, 40) if cutoff is None else cutoff
    found = propose(kendari, Question(number=4, cutoff_min=cutoff))

    def covered(sites):
        return sum(persons for persons, _, after in journeys(found, sites) if after <= cutoff)

    sites = found.result.sites
    told = [note for note in found.notes if note.key == "siting.note_adds_nothing"]
    needed = min(
        size
        for size in range(len(sites) + 1)
        if any(covered(some) >= covered(sites) for some in itertools.combinations(sites, size))
    )
    assert [note.values["fewer"] for note in told] == ([needed] if needed < len(sites) else [])


@pytest.mark.parametrize("cutoff", [20.0, None])
def test_villages_newly_covered_are_those_a_site_brings_within_the_cutoff(cutoff, kendari):
    cutoff = exactly(kendari, 30) if cutoff is None else cutoff
    found = propose(kendari, Question(number=3, cutoff_min=cutoff))
    newly = [persons for persons, before, after in journeys(found, found.result.sites) if before > cutoff >= after]
    assert found.sites["villages_newly_covered"].sum() == len(newly) > 0
    assert found.result.objective == pytest.approx(sum(newly))
    assert found.result.goal[0].value == pytest.approx(sum(newly))


def test_a_unit_is_closed_where_it_covers_somebody_and_not_where_it_covers_nobody():
    # Off its village, so that a cutoff can be too short for everybody.
    study = open_study("74.71", units_file=b"id,name,kode,lat,lon\nsatu,Satu,74.71.05.1009,-4.05,122.3\n")
    nearest = exactly(study, 0)
    for cutoff, closed in ((nearest, 1), (float(np.nextafter(nearest, 0)), 0)):
        tried = robustness(propose(study, Question(number=1, cutoff_min=cutoff)), lambda *_: study)
        assert sum(case.key == "siting.case_closed" for case in tried.cases) == closed
