"""The exact searches against enumeration, on graphs too large for chance: a median, and whether n sites cover all."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import shortest_path

from coverage.answers.siting.asked import asked_by_promise
from coverage.answers.siting.cover import Promise, cover_of
from coverage.answers.siting.coverers import coverers
from coverage.answers.siting.model import Limits, SitingProblem
from coverage.answers.siting.models.p_center import p_center
from coverage.answers.siting.models.p_median import p_median

seeds = st.integers(0, 10_000)
some = settings(max_examples=12, deadline=None)


def graph(seed, nodes, *, whole):
    """A random connected graph: a tree and as many edges again; whole or fractional lengths and weights."""
    rng = np.random.default_rng(seed)
    ends = [(node, int(rng.integers(node))) for node in range(1, nodes)]
    ends += [tuple(pair) for pair in rng.integers(0, nodes, (nodes, 2)) if pair[0] != pair[1]]
    one, other = np.array(sorted({(max(pair), min(pair)) for pair in ends})).T
    lengths = rng.integers(1, 101, len(one)) + (0.0 if whole else rng.random(len(one)))
    weights = rng.integers(1, 9, nodes) + (0.0 if whole else rng.random(nodes))
    minutes = shortest_path(csr_array((lengths, (one, other)), shape=(nodes, nodes)), directed=False)
    return SitingProblem(minutes, weights)


def best(problem, number, refused=()):
    """The least total and the least longest journey of all sets, by enumeration."""
    sets = [sites for sites in itertools.combinations(range(problem.candidates), number) if set(sites) not in refused]
    nearest = problem.minutes[:, np.array(sets)].min(axis=2)
    return (problem.weights @ nearest).min(), nearest.max(axis=0).min()


@pytest.mark.parametrize("whole", [True, False], ids=["whole", "fractional"])
@some
@given(seed=seeds, number=st.integers(2, 3))
def test_median_and_center_of_a_graph_are_those_of_all_its_sets(seed, number, whole):
    problem = graph(seed, 36, whole=whole)
    total, longest = best(problem, number)
    median, center = p_median(problem, number), p_center(problem, number)
    assert (median.status, center.status) == ("optimal", "optimal")
    assert median.objective == pytest.approx(total, rel=1e-9)
    assert center.objective == pytest.approx(longest, rel=1e-9)
    held = Limits(refused=(frozenset(median.sites), frozenset(center.sites)))
    total, longest = best(problem, number, [set(sites) for sites in held.refused])
    assert p_median(problem, number, held).objective == pytest.approx(total, rel=1e-9)
    assert p_center(problem, number, held).objective == pytest.approx(longest, rel=1e-9)


@some
@given(seed=seeds, number=st.integers(1, 3), share=st.floats(0.1, 0.6))
def test_whether_some_candidates_cover_all_is_what_all_their_sets_say(seed, number, share):
    covers = np.random.default_rng(seed).random((16, 24)) < share
    sets = [np.array(some_sites) for some_sites in itertools.combinations(range(16), number)]
    possible = [sites for sites in sets if covers[sites].any(axis=0).all()]
    found = coverers(covers, number, lambda _sites: True, lambda: np.inf)
    assert (found is not None) == bool(possible)
    assert found is None or (len(found) <= number and covers[found].any(axis=0).all())
    assert coverers(covers, number, lambda _sites: False, lambda: np.inf) is None


@some
@given(seed=seeds, number=st.integers(1, 3))
def test_every_set_that_keeps_a_promise_holds_what_is_asked(seed, number):
    rng = np.random.default_rng(seed)
    islands = rng.integers(0, 5, 9)
    minutes = np.where(islands[:, None] == islands[None, :], rng.integers(1, 60, (9, 9)), np.inf)
    problem = SitingProblem(minutes, rng.random(9) + 0.1)
    cover = cover_of(problem, np.inf)
    sets = list(itertools.combinations(range(9), number))
    promise = Promise(cover, min(cover.uncovered(sites) for sites in sets))
    asked = asked_by_promise(promise, number)
    for sites in sets:
        if promise.kept(sites):
            assert all(set(sites) & set(members.tolist()) for members in asked)
    assert asked
