"""Capacitated covering: found p units so that as many people as possible are served, none beyond what a unit can take.

    maximise    sum_i w_i sum_j y_ij
    subject to  sum_j y_ij <= 1                for every demand i that no existing unit covers
                sum_i w_i y_ij <= C_j x_j      for every candidate j
                sum_j x_j = p
                y_ij >= 0 where j is within the cutoff of i, else 0;  x_j in {0, 1}

People of one village may be shared among units. What given sites can serve is a flow; for whole x the flows are
exactly described by one inequality per set T of demand (max flow = min cut),

    sum_{i in T} w_i c_i <= sum_j min(C_j, w(T and N_j)) x_j

so the covering model is solved, its sites' flow computed, the violated inequality added, and so on until the flow is
what the model promised.

H. Pirkul and D. A. Schilling (1991), The maximal covering location problem with capacities on total workload,
Management Science 37(2), 233-248, doi:10.1287/mnsc.37.2.233; J. F. Benders (1962), Partitioning procedures for solving
mixed-variables programming problems, Numerische Mathematik 4, 238-252, doi:10.1007/BF01386316.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack
from scipy.sparse.csgraph import connected_components

from coverage.answers.siting.cover import Cover, cover_of, uncovered_rows
from coverage.answers.siting.goal import Goal
from coverage.answers.siting.highs import Programme, Rows, stack
from coverage.answers.siting.interchange import Costs, good_sites
from coverage.answers.siting.measures import people
from coverage.answers.siting.model import (
    NO_TIME,
    OPTIMAL_GAP,
    BoolArray,
    Limits,
    Proof,
    SitingProblem,
    SitingResult,
    Stopwatch,
    finish,
)
from coverage.answers.siting.models.preamble import begun
from coverage.answers.siting.models.record import PEOPLE_REACHED, Model, Terms
from coverage.answers.siting.question import AGENTS
from coverage.answers.siting.rules import SiteRules
from coverage.ground.errors import InputError
from coverage.ground.geometry import FloatArray, IntArray
from coverage.ground.texts import Message

__all__ = ["MODEL", "capacitated", "served"]

_LARGEST = 1e6
_SAME = 6
"""Decimals to which two flows are compared: finer than a linear programme is exact."""


def capacitated(
    problem: SitingProblem,
    number: int | None,
    cutoff_min: float,
    capacity: FloatArray | float,
    limits: Limits | None = None,
) -> SitingResult:
    """Choose `number` sites that serve the most demand within their capacity.

    What all models are given, and raise, stands in :mod:`~coverage.answers.siting.models.preamble`.

    Parameters
    ----------
    capacity
        Demand a unit can serve, in the unit of the weights: one number, or one per candidate; above 0.

    Returns
    -------
    SitingResult
        The objective is the demand newly served. Demand that existing units cover asks for nothing here.

    Raises
    ------
    InputError
        If the capacity cannot be used, too.
    """
    limits, watch, rules = begun(problem, number, limits)
    takes = np.broadcast_to(np.asarray(capacity, dtype=np.float64), (problem.candidates,)).copy()
    if not (np.isfinite(takes).all() and (takes > 0).all()):
        raise InputError(Message.of("siting.bad_capacity", value=float(takes.min())))
    cover = cover_of(problem, cutoff_min)
    sites, serve, bound = _search(cover, rules, takes, watch, limits.gap)
    if not rules.exact:
        sites = rules.lean(sites, lambda fewer: -round(_flow(cover, fewer, takes)[0], _SAME))
    goal = partial(served, cutoff_min=cutoff_min, takes=takes)
    return finish(problem, "capacitated", sites, proof=Proof(serve, bound), watch=watch, goal=goal)


def served(problem: SitingProblem, sites: Sequence[int], *, cutoff_min: float, takes: FloatArray | float) -> Goal:
    """Measure the goal: demand newly served when each site takes no more than it can."""
    chosen = np.asarray(sites, dtype=np.int64)
    most = np.broadcast_to(np.asarray(takes, dtype=np.float64), (problem.candidates,))
    # Flows are no more exact than the linear programmes that find them.
    return (people("served", problem, _flow(cover_of(problem, cutoff_min), chosen, most)[0], OPTIMAL_GAP),)


def _search(
    cover: Cover, rules: SiteRules, takes: FloatArray, watch: Stopwatch, gap: float
) -> tuple[IntArray, float, float]:
    count, rows = len(rules.lower), len(cover.weight)
    whole = float(cover.weight.sum())
    if rows == 0:
        return rules.cheapest(np.zeros(count), watch.left), 0.0, 0.0
    best = good_sites(Costs(1.0 - cover.matrix.toarray(), np.ones(rows), cover.weight), rules, watch.left)
    if best is None:
        best = rules.cheapest(np.zeros(count), watch.left)
    serve, cuts = _flow(cover, best, takes)
    cuts = [np.ones(rows, dtype=bool), *cuts]
    bound = whole
    while serve < bound - max(gap, OPTIMAL_GAP) * bound and watch.left > NO_TIME:
        scale = min(1.0, _LARGEST / max(whole, 1.0))
        programme = Programme(
            np.concatenate([np.zeros(count), cover.weight * scale]),
            np.concatenate([rules.lower, np.zeros(rows)]),
            np.concatenate([rules.upper, np.ones(rows)]),
            np.arange(count + rows) < count,
            stack([rules.rows, uncovered_rows(cover, count), _cut_rows(cover, cuts, takes)], count + rows),
        )
        found = rules.solve(programme, seconds=watch.left, gap=0.0)
        if found.infeasible:
            raise rules.nothing()
        if np.isfinite(found.bound):
            bound = min(bound, whole - found.bound / scale)
        if found.values is None:
            break
        tried = np.flatnonzero(found.values[:count] > 1 / 2)
        now, more = _flow(cover, tried, takes)
        if now > serve:
            best, serve = tried, now
        if not more:
            break
        cuts += more
    return best, serve, max(bound, serve)


def _cut_rows(cover: Cover, cuts: list[BoolArray], takes: FloatArray) -> Rows:
    """Write each cut over the candidates and the shares of demand not served, in shares of its demand."""
    blocks, least = [], []
    for cut in cuts:
        inside = cover.weight * cut
        size = inside.sum()
        reach = np.asarray(cover.matrix.T @ inside).ravel()
        blocks.append(np.concatenate([np.minimum(takes, reach), inside]) / size)
        least.append(1.0)
    matrix = csr_array(vstack([csr_array(block[None, :]) for block in blocks], format="csr"))
    return Rows(matrix, np.array(least), np.full(len(least), np.inf))


def _flow(cover: Cover, sites: IntArray, takes: FloatArray) -> tuple[float, list[BoolArray]]:
    """Serve as much demand as `sites` can, and name the sets of demand that hold more than its sites can take."""
    near = cover.matrix[:, sites].toarray() > 0
    patterns, which = np.unique(near, axis=0, return_inverse=True)
    which = which.ravel()
    demand = np.bincount(which, cover.weight, len(patterns))
    pattern, site = np.nonzero(patterns)
    if len(pattern) == 0:
        return 0.0, []
    arcs = np.arange(len(pattern))
    balance = csr_array(
        (np.ones(2 * len(arcs)), (np.concatenate([pattern, len(patterns) + site]), np.tile(arcs, 2))),
        shape=(len(patterns) + len(sites), len(arcs)),
    )
    most = np.concatenate([demand, takes[sites]])
    found = linprog(-np.ones(len(arcs)), A_ub=balance.toarray(), b_ub=most, bounds=(0, None), method="highs-ds")
    full = -found.ineqlin.marginals > 1 / 2
    # Where a site is full and demand is left over, the cut is that demand and the sites around it.
    over = ~full[: len(patterns)] & patterns.any(axis=1)
    link = balance[:, over[pattern]]
    _, part = connected_components(link @ link.T, directed=False)
    cuts = []
    for number in np.unique(part[: len(patterns)][over]):
        mine = over & (part[: len(patterns)] == number)
        if demand[mine].sum() > takes[sites[patterns[mine].any(axis=0)]].sum() * (1 + OPTIMAL_GAP):
            cuts.append(mine[which])
    return -float(found.fun or 0.0), cuts


def _per_agent(_problem: SitingProblem, _result: SitingResult, terms: Terms) -> tuple[Message, ...]:
    """Tell the capacity of a site, and whose word it is."""
    key = "siting.note_capacity" if terms.capacity_given else "siting.note_capacity_share"
    each = round(terms.capacity / AGENTS)
    return (Message.of(key, capacity=round(terms.capacity), each=each, agents=AGENTS),)


MODEL = Model(
    name="capacitated",
    seeks="siting.model_capacitated",
    needs=frozenset({"number", "cutoff", "capacity"}),
    ask=lambda problem, terms, limits: capacitated(problem, terms.number, terms.cutoff_min, terms.capacity, limits),
    levels=("served",),
    measure=lambda problem, sites, terms: served(problem, sites, cutoff_min=terms.cutoff_min, takes=terms.capacity),
    reading=PEOPLE_REACHED,
    notes=_per_agent,
)
