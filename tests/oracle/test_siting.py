"""Every siting model against the enumeration of all sets on small random cases."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.answers.siting.alternatives import best_sets
from coverage.answers.siting.model import Limits, SitingProblem
from coverage.answers.siting.models.capacitated import capacitated
from coverage.answers.siting.models.lexicographic import lexicographic
from coverage.answers.siting.models.lscp import lscp
from coverage.answers.siting.models.mclp import mclp
from coverage.answers.siting.models.p_center import p_center
from coverage.answers.siting.models.p_median import p_median
from coverage.ground.errors import InfeasibleError, InputError

CUTOFF = 30.0
minutes = st.one_of(st.integers(0, 90).map(float), st.just(np.inf))
some = settings(max_examples=30)


@st.composite
def cases(draw):
    """A small problem, a number and limits that may contradict each other."""
    rows, columns = draw(st.integers(1, 8)), draw(st.integers(1, 7))
    table = [draw(st.lists(minutes, min_size=columns, max_size=columns)) for _ in range(rows)]
    weights = draw(st.lists(st.integers(0, 9), min_size=rows, max_size=rows))
    weights[0] = max(weights[0], 1)
    existing = draw(st.lists(st.one_of(minutes, st.just(np.inf)), min_size=rows, max_size=rows))
    between = np.array([draw(st.lists(minutes, min_size=columns, max_size=columns)) for _ in range(columns)])
    np.fill_diagonal(between, 0.0)
    groups = draw(st.lists(st.integers(0, 2), min_size=columns, max_size=columns))
    problem = SitingProblem(
        np.array(table),
        np.array(weights, dtype=float),
        np.array(existing),
        groups=np.array(groups),
        group_names=("A", "B", "C"),
        served_groups=frozenset(draw(st.sets(st.integers(0, 2)))),
        between_min=between,
    )
    some_of = st.sets(st.integers(0, columns - 1), max_size=2).map(frozenset)
    plain = draw(st.booleans())
    limits = Limits(
        spacing_min=0.0 if plain else draw(st.sampled_from([0.0, 20.0])),
        one_per_group=False if plain else draw(st.booleans()),
        locked=frozenset() if plain else draw(some_of),
        excluded=frozenset() if plain or columns == 1 else draw(some_of) - {0},
    )
    return problem, draw(st.integers(1, min(3, columns))), limits


@st.composite
def paid_cases(draw):
    """A small problem with costs, whole or not, a budget that often lies on a border, and a number or none."""
    problem, number, limits = draw(cases())
    one = draw(st.sampled_from([st.integers(1, 6).map(float), st.integers(1, 40).map(lambda tenths: tenths / 10)]))
    costs = np.array(draw(st.lists(one, min_size=problem.candidates, max_size=problem.candidates)))
    some_sites = draw(st.lists(st.integers(0, problem.candidates - 1), max_size=3, unique=True))
    budget = draw(st.one_of(st.just(math.fsum(costs[some_sites])), st.floats(0.1, 12))) or 1.0
    number = draw(st.sampled_from([None, number]))
    return replace(problem, costs=costs), number, replace(limits, budget=budget)


def pays(problem, sites, budget):
    return math.fsum(problem.costs[list(sites)]) <= budget * (1 + 1e-12)


def allowed(problem, limits, number=None):
    """Enumerate the sets that keep to the limits; with a budget there is none where it pays no site at all."""
    most = problem.candidates if number is None else min(number, problem.candidates)
    if limits.budget is not None:
        usable = [site for site in range(problem.candidates) if site not in limits.excluded]
        if not limits.locked and not any(pays(problem, [site], limits.budget) for site in usable):
            return
    sizes = range(most + 1) if number is None or limits.budget is not None else [number]
    for size in sizes:
        for sites in itertools.combinations(range(problem.candidates), size):
            if not limits.locked <= set(sites) or limits.excluded & set(sites):
                continue
            if limits.budget is not None and not pays(problem, sites, limits.budget):
                continue
            pairs = itertools.permutations(sites, 2)
            if any(problem.between_min[one, other] < limits.spacing_min for one, other in pairs):
                continue
            wanted = {0, 1, 2} - problem.served_groups if limits.one_per_group else set()
            if wanted <= {int(problem.groups[site]) for site in sites}:
                yield sites


def journeys(problem, sites):
    for row, weight in enumerate(problem.weights):
        if weight > 0:
            yield weight, min([problem.existing_min[row], *(problem.minutes[row, site] for site in sites)])


def newly_covered(problem, sites, cutoff=CUTOFF):
    before = sum(weight for weight, away in journeys(problem, ()) if away <= cutoff)
    return sum(weight for weight, away in journeys(problem, sites) if away <= cutoff) - before


def unconnected(problem, sites):
    return sum(weight for weight, away in journeys(problem, sites) if away == np.inf)


def total(problem, sites):
    return sum(weight * away for weight, away in journeys(problem, sites) if away < np.inf)


def worst(problem, sites):
    return max([away for _, away in journeys(problem, sites) if away < np.inf], default=0.0)


def flow(problem, sites, takes):
    """Most demand sites can serve: the least of all cuts."""
    waiting = [row for row, weight in enumerate(problem.weights) if weight > 0 and problem.existing_min[row] > CUTOFF]

    def reached(some_sites):
        return sum(
            problem.weights[row] for row in waiting if any(problem.minutes[row, s] <= CUTOFF for s in some_sites)
        )

    full_sets = itertools.chain.from_iterable(itertools.combinations(sites, k) for k in range(len(sites) + 1))
    return min(sum(takes[s] for s in full) + reached(set(sites) - set(full)) for full in full_sets)


def agree(ask, sets, value, *, maximise=False):
    """The model's set is allowed and as good as the best of all sets; where there is none it says so."""
    sets = list(sets)
    try:
        found = ask()
    except (InfeasibleError, InputError):
        assert sets == []
        return None
    assert found.status == "optimal"
    assert found.gap == 0.0
    assert found.sites in sets
    best = (max if maximise else min)(value(sites) for sites in sets)
    assert value(found.sites) == pytest.approx(best)
    return found


@some
@given(cases() | paid_cases())
def test_mclp_covers_as_many_as_the_best_of_all_sets(case):
    problem, number, limits = case
    found = agree(
        lambda: mclp(problem, number, CUTOFF, limits),
        allowed(problem, limits, number),
        lambda sites: newly_covered(problem, sites),
        maximise=True,
    )
    if found is not None:
        assert found.objective == pytest.approx(newly_covered(problem, found.sites))


@some
@given(cases() | paid_cases())
def test_lscp_needs_as_few_as_the_smallest_covering_set_and_as_little_money_as_the_cheapest(case):
    problem, _, limits = case
    sets = [s for s in allowed(problem, limits) if all(away <= CUTOFF for _, away in journeys(problem, s))]

    def size(sites):
        return len(sites) if problem.costs is None else math.fsum(problem.costs[list(sites)])

    found = agree(lambda: lscp(problem, CUTOFF, limits), sets, size)
    if found is not None:
        assert found.objective == pytest.approx(size(found.sites))


@some
@given(cases() | paid_cases())
def test_p_median_connects_first_and_then_travels_least(case):
    problem, number, limits = case
    found = agree(
        lambda: p_median(problem, number, limits),
        allowed(problem, limits, number),
        lambda sites: (unconnected(problem, sites), total(problem, sites)),
    )
    if found is not None:
        assert found.objective == pytest.approx(total(problem, found.sites))


@some
@given(cases() | paid_cases())
def test_p_center_connects_first_and_then_has_the_shortest_longest_journey(case):
    problem, number, limits = case
    sets = list(allowed(problem, limits, number))
    # A set may leave others unconnected than another that connects as many; the radius counts who is connected.
    found = agree(
        lambda: p_center(problem, number, limits),
        sets,
        lambda sites: (unconnected(problem, sites), worst(problem, sites)),
    )
    if found is not None:
        assert found.objective == pytest.approx(worst(problem, found.sites))


@some
@given(cases() | paid_cases(), st.lists(st.integers(1, 15), min_size=7, max_size=7))
def test_capacitated_serves_as_many_as_the_best_of_all_sets(case, takes):
    problem, number, limits = case
    takes = np.array(takes[: problem.candidates], dtype=float)
    found = agree(
        lambda: capacitated(problem, number, CUTOFF, takes, limits),
        allowed(problem, limits, number),
        lambda sites: flow(problem, sites, takes),
        maximise=True,
    )
    if found is not None:
        assert found.objective == pytest.approx(flow(problem, found.sites, takes))


@some
@given(cases() | paid_cases())
def test_lexicographic_is_the_first_of_all_sets_in_the_order_of_its_goals(case):
    problem, number, limits = case
    agree(
        lambda: lexicographic(problem, number, CUTOFF, limits),
        allowed(problem, limits, number),
        lambda sites: (
            -newly_covered(problem, sites),
            unconnected(problem, sites),
            total(problem, sites),
            worst(problem, sites),
        ),
    )


@some
@given(cases() | paid_cases())
def test_the_best_sets_are_those_of_all_sets_in_order(case):
    problem, number, limits = case
    for ask, value, sign in (
        (lambda held: mclp(problem, number, CUTOFF, held), lambda sites: newly_covered(problem, sites), -1),
        (lambda held: p_median(problem, number, held), lambda sites: total(problem, sites), 1),
    ):
        sets = list(allowed(problem, limits, number))
        if sign == 1 and len({unconnected(problem, sites) for sites in sets}) > 1:
            continue
        try:
            found = best_sets(ask, limits, 4)
        except (InfeasibleError, InputError):
            assert sets == []
            continue
        # None contains an earlier one, and each is the best of those that are left.
        for entry in found.sets:
            assert entry.result.sites in sets
            assert sign * entry.result.objective == pytest.approx(min(sign * value(sites) for sites in sets))
            sets = [sites for sites in sets if not set(entry.result.sites) <= set(sites)]
        assert found.complete == (len(found.sets) < 4)
        assert not found.complete or sets == []
        assert set(found.always_chosen) == set.intersection(*(set(entry.result.sites) for entry in found.sets))
