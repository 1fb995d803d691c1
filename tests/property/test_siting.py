"""Laws of siting: more never covers fewer, proof is never worse than greed, locks never help, order does not matter."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.answers.siting.alternatives import best_sets
from coverage.answers.siting.interchange import Costs, greedy
from coverage.answers.siting.model import Limits, SitingProblem
from coverage.answers.siting.models.capacitated import capacitated
from coverage.answers.siting.models.lscp import lscp
from coverage.answers.siting.models.mclp import mclp
from coverage.answers.siting.models.p_center import p_center
from coverage.answers.siting.models.p_median import p_median
from coverage.ground.errors import InfeasibleError

CUTOFF = 25.0
seeds = st.integers(0, 10_000)
few = settings(max_examples=15)
MODELS = {
    "mclp": (lambda problem, number, limits: mclp(problem, number, CUTOFF, limits), -1),
    "capacitated": (lambda problem, number, limits: capacitated(problem, number, CUTOFF, 60.0, limits), -1),
    "p-median": (p_median, 1),
    "p-center": (p_center, 1),
}
each_model = pytest.mark.parametrize("model", MODELS)


def town(seed, rows=25, columns=12):
    """Points on a plain: every pair is connected, and distances obey the triangle inequality."""
    rng = np.random.default_rng(seed)
    homes, places = rng.uniform(0, 100, (rows, 2)), rng.uniform(0, 100, (columns, 2))
    minutes = np.linalg.norm(homes[:, None] - places[None], axis=2)
    existing = np.where(rng.random(rows) < 0.3, rng.uniform(0, 80, rows), np.inf)
    return SitingProblem(minutes, rng.integers(1, 50, rows).astype(float), existing)


def priced(seed):
    """A town with a price for each site, some dear and some cheap."""
    prices = np.random.default_rng(seed + 2).integers(10, 90, 12) * 1_000_000.0
    return replace(town(seed), costs=prices)


def cost(model, problem, number, limits=None):
    """The objective, the smaller the better."""
    ask, sign = MODELS[model]
    return sign * ask(problem, number, limits or Limits()).objective


@each_model
@few
@given(seed=seeds, number=st.integers(1, 4))
def test_one_more_site_is_never_worse(model, seed, number):
    problem = town(seed)
    assert cost(model, problem, number + 1) <= cost(model, problem, number) + 1e-6


@few
@given(seed=seeds, number=st.integers(1, 4), cutoffs=st.tuples(st.floats(1, 60), st.floats(1, 60)).map(sorted))
def test_a_longer_cutoff_never_leaves_more_people_uncovered(seed, number, cutoffs):
    problem = town(seed)
    left = []
    for cutoff in cutoffs:
        found = mclp(problem, number, cutoff)
        covered = problem.after_min(found.sites) <= cutoff
        left.append(problem.weights[~covered].sum())
    assert left[1] <= left[0]


@few
@given(seed=seeds, cutoffs=st.tuples(st.floats(30, 90), st.floats(30, 90)).map(sorted))
def test_a_longer_cutoff_never_needs_more_units(seed, cutoffs):
    problem = town(seed)
    needed = []
    for cutoff in cutoffs:
        try:
            needed.append(lscp(problem, cutoff).objective)
        except InfeasibleError:
            needed.append(np.inf)
    assert needed[1] <= needed[0]


@few
@given(seed=seeds, number=st.integers(1, 5))
def test_the_exact_answer_is_at_least_the_greedy_one_and_that_at_least_63_percent_of_it(seed, number):
    problem = town(seed)
    waiting = problem.existing_min > CUTOFF
    far = (problem.minutes[waiting] > CUTOFF).astype(float)
    sites = greedy(Costs(far, np.ones(len(far)), problem.weights[waiting]), number, np.array([], dtype=np.int64))
    by_greed = problem.weights[waiting] @ (far[:, sites].min(axis=1) == 0)
    exact = mclp(problem, number, CUTOFF).objective
    assert exact >= by_greed - 1e-6
    assert by_greed >= (1 - 1 / np.e) * exact - 1e-6


@each_model
@few
@given(seed=seeds, number=st.integers(2, 4), site=st.integers(0, 11))
def test_locking_or_excluding_a_site_never_helps(model, seed, number, site):
    problem = town(seed)
    free = cost(model, problem, number)
    assert cost(model, problem, number, Limits(locked=frozenset({site}))) >= free - 1e-6
    assert cost(model, problem, number, Limits(excluded=frozenset({site}))) >= free - 1e-6


@each_model
@few
@given(seed=seeds, number=st.integers(1, 4))
def test_the_order_of_rows_and_columns_changes_nothing(model, seed, number):
    problem = town(seed)
    rng = np.random.default_rng(seed + 1)
    rows, columns = rng.permutation(len(problem.weights)), rng.permutation(problem.candidates)
    turned = SitingProblem(problem.minutes[np.ix_(rows, columns)], problem.weights[rows], problem.existing_min[rows])
    assert cost(model, turned, number) == pytest.approx(cost(model, problem, number))


@each_model
@few
@given(seed=seeds, number=st.integers(1, 3))
def test_the_best_sets_are_distinct_and_ordered_and_repeatable(model, seed, number):
    problem = town(seed)
    ask, sign = MODELS[model]
    found = best_sets(lambda limits: ask(problem, number, limits), Limits(), 4)
    again = best_sets(lambda limits: ask(problem, number, limits), Limits(), 4)
    values = [sign * entry.result.objective for entry in found.sets]
    assert values == sorted(values)
    assert len({entry.result.sites for entry in found.sets}) == 4
    assert [entry.result.sites for entry in found.sets] == [entry.result.sites for entry in again.sets]
    assert all(entry.behind.loss >= 0 for entry in found.sets)
    for entry in found.sets:
        changed = set(found.best.sites) - set(entry.without) | set(entry.instead)
        assert changed == set(entry.result.sites)


@each_model
@few
@given(seed=seeds, budgets=st.tuples(st.integers(90, 250), st.integers(90, 250)).map(sorted))
def test_more_money_is_never_worse_and_none_is_spent_beyond_it(model, seed, budgets):
    problem = priced(seed)
    reached = []
    for budget in (1_000_000.0 * amount for amount in budgets):
        ask, sign = MODELS[model]
        found = ask(problem, None, Limits(budget=budget))
        assert problem.cost_of(found.sites) <= budget
        reached.append(sign * found.objective)
    assert reached[1] <= reached[0] + 1e-6


@each_model
@few
@given(seed=seeds, number=st.integers(1, 4))
def test_money_enough_for_all_changes_nothing(model, seed, number):
    problem = priced(seed)
    assert cost(model, problem, number, Limits(budget=1e12)) == pytest.approx(cost(model, problem, number))


@each_model
@few
@given(seed=seeds, factor=st.sampled_from([1e-6, 1 / 3, 7.0, 1e3]))
def test_other_money_changes_nothing(model, seed, factor):
    problem = priced(seed)
    other = replace(problem, costs=problem.costs * factor)
    budget = math.fsum(problem.costs[[0, 5]])
    inside, outside = Limits(budget=budget), Limits(budget=budget * factor)
    assert cost(model, other, None, outside) == pytest.approx(cost(model, problem, None, inside))


@few
@given(seed=seeds, budget=st.integers(90, 250))
def test_no_site_is_paid_for_that_covers_nobody_more(seed, budget):
    problem = priced(seed)
    sites = mclp(problem, None, CUTOFF, Limits(budget=budget * 1e6)).sites

    def covered(some):
        return problem.weights[problem.after_min(some) <= CUTOFF].sum()

    assert all(covered([one for one in sites if one != site]) < covered(sites) for site in sites)


def test_a_budget_is_kept_to_the_last_rupiah():
    # A hundred thousand millionth too little: far below what a solver's tolerance can tell.
    minutes = np.where(np.eye(4) > 0, 0.0, 99.0)
    problem = SitingProblem(
        minutes, np.ones(4), costs=np.array([50_000_001.0, 50_000_003.0, 50_000_007.0, 50_000_013.0])
    )
    exact = 100_000_004.0
    assert mclp(problem, None, CUTOFF, Limits(budget=exact)).sites == (0, 1)
    assert len(mclp(problem, None, CUTOFF, Limits(budget=exact - 1.0)).sites) == 1
    with pytest.raises(InfeasibleError, match="100\\.000\\.004"):
        lscp(
            replace(problem, minutes=minutes[:2], weights=np.ones(2), existing_min=np.full(2, np.inf)),
            CUTOFF,
            Limits(budget=exact - 1.0),
        )
