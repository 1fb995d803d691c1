"""Set covering: the fewest units with which everybody is within the cutoff, or the cheapest where costs are known.

    minimise    sum_j b_j x_j                  b_j = 1 where costs are not known
    subject to  sum_{j in N_i} x_j >= 1        for every demand i that no existing unit covers
                sum_j b_j x_j <= B             with a budget
                x_j in {0, 1}

C. Toregas, R. Swain, C. ReVelle and L. Bergman (1971), The location of emergency service facilities, Operations
Research 19(6), 1363-1373, doi:10.1287/opre.19.6.1363. With costs: E. Balas and A. Ho (1980), Set covering algorithms
using cutting planes, heuristics, and subgradient optimization, Mathematical Programming Study 12, 37-60,
doi:10.1007/BFb0120886.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.sparse import csr_array

from coverage.answers.siting.cover import Cover, cover_of, needed
from coverage.answers.siting.goal import Goal, Level
from coverage.answers.siting.highs import Programme, Rows, stack
from coverage.answers.siting.model import OPTIMAL_GAP, Limits, Proof, SitingProblem, SitingResult, finish
from coverage.answers.siting.models.mclp import newly_covered
from coverage.answers.siting.models.preamble import begun
from coverage.answers.siting.models.record import PEOPLE_REACHED, Model
from coverage.ground.errors import InfeasibleError
from coverage.ground.geometry import IntArray
from coverage.ground.texts import Message, listed
from coverage.travel.reach import within

__all__ = ["MODEL", "fewest", "lscp"]

_SHOWN = 8


def lscp(problem: SitingProblem, cutoff_min: float, limits: Limits | None = None) -> SitingResult:
    """Choose the fewest sites that cover all demand; the cheapest where the problem has costs.

    What all models are given, and raise, stands in :mod:`~coverage.answers.siting.models.preamble`.

    Returns
    -------
    SitingResult
        The objective is the number of sites, or what they cost.

    Raises
    ------
    InfeasibleError
        If some demand is within the cutoff of no candidate, which is then named, the limits leave no set, or the
        budget pays none: then what the cheapest costs is told.
    """
    limits, watch, rules = begun(problem, None, limits)
    cover = cover_of(problem, cutoff_min)
    usable = np.flatnonzero(rules.upper > 0)
    _check_coverable(problem, cover, usable, cutoff_min)
    columns = needed(cover, rules)
    mine, held = cover.take(columns), rules.take(columns)
    rows = _least_rows(mine)
    count = len(columns)
    must = Rows(csr_array(mine.matrix[rows]), np.ones(len(rows)), np.full(len(rows), np.inf))
    price = np.ones(count) if held.budget is None else held.budget.costs
    scale = float(price.max(initial=1.0))
    programme = Programme(
        price / scale, held.lower, held.upper, np.ones(count, dtype=bool), stack([held.rows, must], count)
    )
    found = held.solve(programme, seconds=watch.left, gap=limits.gap)
    if found.infeasible:
        raise _nothing_covers(problem, cutoff_min, replace(limits, seconds=watch.left))
    if found.values is None:
        raise InfeasibleError(Message.of("siting.out_of_time", seconds=watch.spent))
    sites = columns[found.values > 1 / 2]
    total = problem.cost_of(sites)
    # A number of sites is whole, and so is what bounds it.
    bound = float(np.ceil(found.bound - 1e-6)) if total is None else found.bound * scale
    objective = float(len(sites)) if total is None else total
    return finish(problem, "lscp", sites, proof=Proof(objective, bound), watch=watch, goal=fewest)


def fewest(problem: SitingProblem, sites: Sequence[int]) -> Goal:
    """Measure the goal: the number of sites, or what they cost."""
    total = problem.cost_of(sites)
    if total is None:
        return (Level("sites", float(len(sites)), float(len(sites)), 0.0),)
    return (Level("cost", total, total, OPTIMAL_GAP * total),)


def _nothing_covers(problem: SitingProblem, cutoff_min: float, limits: Limits) -> InfeasibleError:
    """Say that no set covers all; where it is the budget that stands in the way, what the cheapest set costs."""
    if limits.budget is None:
        return InfeasibleError(Message.of("siting.no_set_covers"))
    cheapest = lscp(problem, cutoff_min, replace(limits, budget=None))
    return InfeasibleError(
        Message.of("siting.budget_no_cover", budget_rupiah=limits.budget, least_rupiah=cheapest.bound)
    )


def _check_coverable(problem: SitingProblem, cover: Cover, usable: IntArray, cutoff_min: float) -> None:
    reached = np.asarray(cover.matrix[:, usable].sum(axis=1)).ravel() > 0
    if cover.lost.size == 0 and reached.all():
        return
    near = within(problem.minutes[:, usable], cutoff_min).any(axis=1) | within(problem.existing_min, cutoff_min)
    lost = problem.asking[~near[problem.asking]]
    named = listed([problem.demand_name(int(row)) for row in lost], _SHOWN)
    raise InfeasibleError(Message.of("siting.cannot_cover", count=len(lost), names=named, cutoff_min=cutoff_min))


def _least_rows(cover: Cover) -> IntArray:
    """List the rows that are not covered anyway once another one is: those whose candidates hold no other row's."""
    matrix = cover.matrix
    size = np.asarray(matrix.sum(axis=1)).ravel()
    common = (matrix @ matrix.T).tocoo()
    row, column = common.coords
    implied = (common.data >= size[column]) & (row != column) & ((size[column] < size[row]) | (column < row))
    spare = np.zeros(len(size), dtype=bool)
    spare[row[implied]] = True
    return np.flatnonzero(~spare)


MODEL = Model(
    name="lscp",
    seeks="siting.model_lscp",
    seeks_priced="siting.model_lscp_costs",
    needs=frozenset({"cutoff"}),
    ask=lambda problem, terms, limits: lscp(problem, terms.cutoff_min, limits),
    sought=(("sites",), ("cost",)),
    # Once roads or ferries are otherwise a set has as many sites as before, but may not cover everybody any more.
    levels=("covered",),
    measure=lambda problem, sites, terms: newly_covered(problem, sites, cutoff_min=terms.cutoff_min),
    reading=PEOPLE_REACHED,
    notes=lambda _problem, _result, _terms: (Message.of("siting.note_lscp"),),
)
