"""The p-median: found p units so that people travel the least in all.

    minimise    sum_i w_i (sum_j d_ij y_ij + e_i y_i0)
    subject to  sum_j y_ij + y_i0 = 1          for every demand i
                y_ij <= x_j
                sum_j x_j = p
                y_ij, y_i0 >= 0,  x_j in {0, 1}

``e_i``: minutes to the nearest existing unit. Whom no unit is connected with has no minutes: first as many people as
possible are connected, then the minutes of all connected are least.
How the set is searched stands in :mod:`coverage.answers.siting.median_search`.

C. S. ReVelle and R. W. Swain (1970), Central facilities location, Geographical Analysis 2(1), 30-42,
doi:10.1111/j.1538-4632.1970.tb00142.x.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from coverage.answers.siting.cover import Promise, cover_of
from coverage.answers.siting.goal import Goal
from coverage.answers.siting.interchange import Costs
from coverage.answers.siting.lagrange import Median
from coverage.answers.siting.measures import minutes, unconnected
from coverage.answers.siting.median_search import Task, begin, search
from coverage.answers.siting.model import Limits, Proof, SitingProblem, SitingResult, Stopwatch, finish
from coverage.answers.siting.models.mclp import least_uncovered
from coverage.answers.siting.models.preamble import begun
from coverage.answers.siting.models.record import MEAN_MINUTES, Model, connects_first
from coverage.answers.siting.rules import SiteRules
from coverage.ground.errors import InfeasibleError
from coverage.ground.geometry import FloatArray, IntArray
from coverage.ground.texts import Message

__all__ = [
    "MODEL",
    "Task",
    "connected",
    "connected_then_minutes",
    "finite_minutes",
    "least_minutes",
    "nobody_farther",
    "p_median",
]

_FAR = 4.0
_STEEP = 1e3


def p_median(problem: SitingProblem, number: int | None, limits: Limits | None = None) -> SitingResult:
    """Choose `number` sites with the least sum of weighted minutes.

    What all models are given, and raise, stands in :mod:`~coverage.answers.siting.models.preamble`.

    Returns
    -------
    SitingResult
        The objective sums weight x minutes over all demand that is connected in the end.
    """
    limits, watch, rules = begun(problem, number, limits)
    promise, starts = connected(problem, rules, watch)
    task = Task(rules, (promise,), watch, limits.gap)
    found = least_minutes(problem, task, starts=starts)
    if found is None:
        raise InfeasibleError(Message.of("siting.out_of_time", seconds=watch.spent))
    sites = nobody_farther(problem, rules, found.sites)
    # Measured anew: the search counts who is not connected, too, and takes that off again.
    total = minutes(problem, [int(site) for site in sites]).value
    goal = connected_then_minutes
    return finish(problem, "p-median", sites, proof=Proof(total, found.bound), watch=watch, goal=goal)


def connected_then_minutes(problem: SitingProblem, sites: Sequence[int]) -> Goal:
    """Measure the goal: demand left unconnected, then weighted minutes."""
    return unconnected(problem, sites), minutes(problem, sites)


def finite_minutes(problem: SitingProblem) -> tuple[FloatArray, FloatArray]:
    """Give the minutes of demand to candidates and existing units; not connected is farther than all who are."""
    minutes, existing = problem.minutes[problem.asking], problem.existing_min[problem.asking]
    far = 1.0 + 2.0 * max(
        float(minutes[np.isfinite(minutes)].max(initial=0.0)), float(existing[np.isfinite(existing)].max(initial=0.0))
    )
    return np.minimum(minutes, far), np.minimum(existing, far)


def nobody_farther(problem: SitingProblem, rules: SiteRules, sites: IntArray) -> IntArray:
    """Leave out the sites that bring nobody nearer; an exact number stays."""
    if rules.exact:
        return sites
    costs = Costs(*finite_minutes(problem), problem.weights[problem.asking])
    return rules.lean(sites, costs.total)


@dataclass(frozen=True)
class Minutes:
    """Sites, the weighted minutes of all connected demand, and a lower bound on them."""

    sites: IntArray
    total: float
    bound: float


def connected(
    problem: SitingProblem, rules: SiteRules, watch: Stopwatch, promises: Sequence[Promise] = ()
) -> tuple[Promise, tuple[IntArray, ...]]:
    """Promise to connect as much demand as sites under these rules and promises can; gives sets that do it, if any."""
    reach = cover_of(problem, np.inf)
    # Where every site connects everybody, any set does; but with a budget a set may be empty.
    if rules.exact and reach.matrix.nnz == len(reach.weight) * problem.candidates:
        return Promise(reach, reach.lost_weight), ()
    found = least_uncovered(reach, rules, watch, promises=promises)
    return Promise(reach, found.uncovered), (found.sites,)


def least_minutes(
    problem: SitingProblem, task: Task, *, starts: Sequence[IntArray] = (), upper: float = np.inf
) -> Minutes | None:
    """Choose the sites with the least weighted minutes.

    Parameters
    ----------
    problem
        Demand, candidates, minutes.
    task
        What the sites must keep.
    starts
        Sets to begin from beside the greedy one.
    upper
        Total that must be reached at least; None is the answer where no set does.
    """
    rules, reach = task.rules, task.promises[-1]
    rows = problem.asking
    existing = problem.existing_min[rows]
    usable = np.where(rules.upper > 0, problem.minutes[rows], np.inf)
    nearest = usable.min(axis=1)
    moved = nearest < existing
    settled = ~moved & np.isfinite(existing)
    constant = float(problem.weights[rows[settled]] @ existing[settled])
    rows, usable, existing = rows[moved], usable[moved], existing[moved]
    finite = usable[np.isfinite(usable)]
    # Costs more than any journey; how often it is paid is the same in all sets that keep the promise.
    far = _FAR * max(float(finite.max(initial=0.0)), float(existing[np.isfinite(existing)].max(initial=0.0))) + 1.0
    base = np.where(np.isfinite(existing), existing, far)
    median = Median(np.minimum(usable, far), base, problem.weights[rows], rules.number or 0, rules.budget)
    reachable = float(median.weights[~np.isfinite(existing)].sum())
    asked = reach.most_uncovered - reach.cover.total + reachable
    offset = constant - far * max(asked, 0.0)
    # For a start who is not connected weighs more than all journeys, so that exchanges look at what is promised first.
    steep = replace(
        median,
        cost=np.minimum(usable, _STEEP * far),
        base=np.where(np.isfinite(existing), existing, _STEEP * far),
    )
    columns = np.flatnonzero(rules.upper > 0)
    inside = [np.searchsorted(columns, start) for start in starts if np.isin(start, columns).all()]
    mine = task.take(columns)
    begun = begin(steep.take(columns), mine, inside)
    sites, total, bound = search(median.take(columns), mine, begun, upper - offset, offset)
    if sites is None:
        return None
    # Minutes are never below 0, whatever rounding says of sums that cancel out.
    return Minutes(columns[sites], total + offset, max(bound + offset, 0.0))


MODEL = Model(
    name="p-median",
    seeks="siting.model_p_median",
    needs=frozenset({"number"}),
    ask=lambda problem, terms, limits: p_median(problem, terms.number, limits),
    levels=("unconnected", "minutes"),
    measure=lambda problem, sites, _terms: connected_then_minutes(problem, sites),
    reading=MEAN_MINUTES,
    notes=connects_first,
)
