"""The order of sets by their goals: an earlier level decides alone, a later one between equals."""

import itertools

import numpy as np
import pytest

from coverage.answers.siting.alternatives import best_sets
from coverage.answers.siting.goal import Level, compare
from coverage.answers.siting.model import Limits, SitingResult

GOALS = list(itertools.product((0.0, 2.0, 5.0), repeat=3))
NAMES = ("covered", "minutes", "worst")


def goal_of(values):
    return tuple(
        Level(name, value, 10.0, 1e-9, maximise=name == "covered") for name, value in zip(NAMES, values, strict=True)
    )


def rank(values):
    """People covered first, the more the better; then minutes and the longest journey, the fewer the better."""
    covered, minutes, worst = values
    return -covered, minutes, worst


def result_of(site, values):
    goal = goal_of(values)
    return SitingResult("mclp", "feasible", values[0], values[0], 0.0, 0.0, (site,), goal)


def test_the_first_level_that_differs_decides_alone():
    for one, other in itertools.product(GOALS, repeat=2):
        behind = compare(goal_of(one), goal_of(other))
        first = next((place for place in range(3) if one[place] != other[place]), None)
        assert behind.level == (None if first is None else NAMES[first])
        assert (behind.loss > 0, behind.loss < 0) == (rank(one) > rank(other), rank(one) < rank(other))


@pytest.mark.parametrize("seed", range(20))
def test_sets_that_are_found_in_any_order_are_told_best_first_and_equal_ones_as_they_were_found(seed):
    """A search that its time limit ended may find the better set later."""
    values = [GOALS[place] for place in np.random.default_rng(seed).integers(0, len(GOALS), 6)]
    found = iter([result_of(site, one) for site, one in enumerate(values)])
    told = best_sets(lambda _limits: next(found), Limits(), len(values))
    expected = sorted(range(len(values)), key=lambda site: rank(values[site]))
    assert [entry.result.sites[0] for entry in told.sets] == expected
    assert all(entry.behind.loss >= 0 for entry in told.sets)
