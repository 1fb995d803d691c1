"""What every set of sites is held to: how many, at what cost, where for certain, where not, how far apart, one a group.

Without a budget the number of sites is exact. With one it is the most: an exact number could ask for sites that the
money cannot buy, or buy one that helps nobody.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
from scipy.sparse import coo_array, csr_array

from coverage.answers.siting.budget import Budget, budget_of
from coverage.answers.siting.highs import Programme, Rows, Solution, solve, stack
from coverage.answers.siting.model import NO_TIME, BoolArray, Limits, SitingProblem
from coverage.ground.errors import InfeasibleError, InputError
from coverage.ground.geometry import FloatArray, IntArray
from coverage.ground.texts import Message, listed

__all__ = ["SiteRules", "site_rules"]

_SHOWN = 5
_ROUNDING = 1e-12


@dataclass(frozen=True)
class SiteRules:
    """Bounds and constraints on the choice of sites.

    ``number``: sites to choose, exactly, or with a budget at most; None where the model finds it itself. ``free``: no
    rule tells one candidate from another but ``lower`` and ``upper``, their cost if ``budget``, their group if
    ``groups``, and whether a refused set holds them: ``in_refused``.
    """

    lower: FloatArray
    upper: FloatArray
    rows: Rows
    number: int | None
    free: bool
    groups: IntArray | None
    in_refused: BoolArray
    budget: Budget | None = None

    @property
    def exact(self) -> bool:
        """Tell whether every set has just ``number`` sites."""
        return self.number is not None and self.budget is None

    def allow(self, sites: Sequence[int] | IntArray) -> bool:
        """Tell whether a set keeps to every rule."""
        x = np.zeros(len(self.lower))
        x[np.asarray(sites, dtype=np.int64)] = 1.0
        inside = bool((x >= self.lower).all() and (x <= self.upper).all()) and self.rows.hold(x)
        return inside and (self.budget is None or self.budget.pays(sites))

    def take(self, columns: IntArray) -> "SiteRules":
        """Keep some candidates; the others are no sites."""
        rows = Rows(csr_array(self.rows.matrix[:, columns]), self.rows.lower, self.rows.upper)
        groups = None if self.groups is None else self.groups[columns]
        budget = None if self.budget is None else self.budget.take(columns)
        return replace(
            self,
            lower=self.lower[columns],
            upper=self.upper[columns],
            rows=rows,
            groups=groups,
            in_refused=self.in_refused[columns],
            budget=budget,
        )

    @property
    def locked(self) -> IntArray:
        """Candidates that must be sites."""
        return np.flatnonzero(self.lower > 0)

    def cheapest(self, cost: FloatArray, seconds: float) -> IntArray:
        """Find the set with the least sum of `cost`.

        Raises
        ------
        InfeasibleError
            If no set keeps to all rules.
        """
        programme = Programme(cost, self.lower, self.upper, np.ones(len(cost), dtype=bool), self.rows)
        found = self.solve(programme, seconds=seconds)
        if found.values is None:
            raise self.nothing()
        return np.flatnonzero(found.values > 1 / 2)

    def solve(
        self,
        programme: Programme,
        *,
        seconds: float,
        gap: float = 0.0,
        start: FloatArray | None = None,
        restarts: bool = True,
        keeps: Callable[[IntArray], bool] = lambda _sites: True,
    ) -> Solution:
        """Solve a programme whose first columns are the candidates under these rules.

        What the solver's tolerance lets through is refused: a set that the budget does not pay with all that hold it,
        one that does not keep what is promised with all that it holds.

        Parameters
        ----------
        programme, seconds, gap, start, restarts
            As for :func:`coverage.answers.siting.highs.solve`.
        keeps
            Tells whether a set keeps what the programme promises of it; where a set does not, no part of it does.
        """
        until = perf_counter() + seconds
        count = len(self.lower)
        while True:
            found = solve(
                programme, seconds=max(until - perf_counter(), NO_TIME), gap=gap, start=start, restarts=restarts
            )
            if found.values is None:
                return found
            sites = np.flatnonzero(found.values[:count] > 1 / 2)
            paid = self.budget is None or self.budget.pays(sites)
            if paid and keeps(sites):
                return found
            if perf_counter() >= until:
                return Solution(None, np.inf, found.bound, infeasible=False)
            refused = _one_other(sites, count) if paid else _never_all(sites, count)
            programme = replace(programme, rows=stack([programme.rows, refused], len(programme.cost)))

    def lean(self, sites: IntArray, loss: Callable[[IntArray], float]) -> IntArray:
        """Leave out the sites without which nothing is lost, the dearest first; an exact number stays.

        Parameters
        ----------
        sites
            A set that keeps to the rules.
        loss
            What a set falls short by, in a unit of the model's own.
        """
        if self.exact or self.budget is None:
            return sites
        now = loss(sites)
        for site in sites[np.argsort(-self.budget.costs[sites], kind="stable")]:
            fewer = sites[sites != site]
            if self.allow(fewer) and loss(fewer) <= now + _ROUNDING * abs(now):
                sites = fewer
        return sites

    def nothing(self) -> InfeasibleError:
        """Give the error that says that no set keeps to all rules."""
        if self.budget is not None:
            return InfeasibleError(Message.of("siting.no_set_paid", budget_rupiah=self.budget.most))
        return InfeasibleError(Message.of("siting.no_set", n=self.number or 0))


def site_rules(problem: SitingProblem, number: int | None, limits: Limits) -> SiteRules:
    """Turn limits into constraints, and refuse those that contradict each other.

    Parameters
    ----------
    number
        Sites to choose: exactly, or with a budget at most. None: as many as the budget pays; without a budget the
        model must find the number itself.

    Raises
    ------
    InputError
        If more sites are asked for than candidates remain, or than lie far enough from the units that stand, fewer
        than are locked, a candidate is both locked and excluded, or there is a budget and no costs.
    InfeasibleError
        If a group that needs a site has no candidate, more groups need one than sites are asked for, two locked
        candidates are too close, or the budget pays neither what is locked nor any site nor one in each group.
    """
    count = problem.candidates
    both = sorted(limits.locked & limits.excluded)
    if both:
        raise InputError(Message.of("siting.locked_and_excluded", name=problem.name(both[0])))
    lower, upper = np.zeros(count), np.ones(count)
    lower[list(limits.locked)] = 1.0
    upper[list(limits.excluded)] = 0.0
    unspaced = int(upper.sum())
    upper[_beside_standing(problem, limits)] = 0.0
    left = int(upper.sum())
    least = 1 if number is None or limits.budget is not None else number
    if left < least <= unspaced:
        values = {"n": least, "candidates": left, "spacing_min": limits.spacing_min}
        raise InputError(Message.of("siting.too_few_far", **values))
    if unspaced == 0:
        raise InputError(Message.of("siting.no_candidates"))
    if number is not None and number < len(limits.locked):
        raise InputError(Message.of("siting.too_many_locked", n=number, locked=len(limits.locked)))
    budget = budget_of(problem, lower, upper, limits)
    if budget is None and number is not None and number > left:
        raise InputError(Message.of("siting.too_many", n=number, candidates=left))
    most = number
    if budget is not None:
        paid = budget.most_sites(np.flatnonzero(lower), upper > 0)
        most = paid if number is None else min(number, paid)
    elif number is None and problem.costs is not None:
        # Without a number the model seeks the fewest sites, or the cheapest where costs are known.
        budget = Budget(problem.costs)
    blocks = [
        *_number_row(count, most, exact=budget is None),
        *(budget.rows() if budget is not None else ()),
        *_group_rows(problem, number, upper, limits),
        *_spacing_rows(problem, limits),
        *_refused_rows(count, limits),
    ]
    return SiteRules(
        lower,
        upper,
        stack(blocks, count),
        most,
        free=limits.spacing_min <= 0,
        groups=problem.groups if limits.one_per_group else None,
        in_refused=np.isin(np.arange(count), [site for sites in limits.refused for site in sites]),
        budget=budget,
    )


def _beside_standing(problem: SitingProblem, limits: Limits) -> BoolArray:
    """Tell which candidates are too close to a unit that stands; what is locked was chosen in spite of it."""
    if limits.spacing_min <= 0 or problem.standing_min is None:
        return np.zeros(problem.candidates, dtype=bool)
    # Another rule than a cutoff: who stands exactly the spacing away stands far enough.
    close: BoolArray = problem.standing_min < limits.spacing_min
    close[list(limits.locked)] = False
    return close


def _number_row(count: int, number: int | None, *, exact: bool) -> list[Rows]:
    if number is None:
        return []
    most = np.array([float(number)])
    return [Rows(csr_array(np.ones((1, count))), most if exact else np.array([-np.inf]), most)]


def _group_rows(problem: SitingProblem, number: int | None, upper: FloatArray, limits: Limits) -> list[Rows]:
    if not limits.one_per_group or problem.groups is None:
        return []
    names = problem.group_names or [str(group) for group in range(int(problem.groups.max()) + 1)]
    wanted = [group for group in range(len(names)) if group not in problem.served_groups]
    without = [group for group in wanted if not upper[problem.groups == group].any()]
    if without:
        raise InfeasibleError(
            Message.of(
                "siting.group_without", groups=listed([names[group] for group in without], _SHOWN), count=len(without)
            )
        )
    if number is not None and len(wanted) > number:
        raise InfeasibleError(
            Message.of(
                "siting.groups_too_many",
                n=number,
                count=len(wanted),
                groups=listed([names[group] for group in wanted], _SHOWN),
            )
        )
    member = csr_array(
        np.array([problem.groups == group for group in wanted], dtype=np.float64).reshape(-1, len(upper))
    )
    return [Rows(member, np.ones(len(wanted)), np.full(len(wanted), np.inf))]


def _spacing_rows(problem: SitingProblem, limits: Limits) -> list[Rows]:
    if limits.spacing_min <= 0 or problem.between_min is None:
        return []
    near = np.minimum(problem.between_min, problem.between_min.T) < limits.spacing_min
    first, second = np.nonzero(np.triu(near, k=1))
    locked = sorted(limits.locked)
    for place, one in enumerate(locked):
        for other in locked[place + 1 :]:
            if near[one, other]:
                raise InfeasibleError(
                    Message.of(
                        "siting.locked_too_close",
                        one=problem.name(one),
                        other=problem.name(other),
                        spacing_min=limits.spacing_min,
                    )
                )
    count = len(first)
    pairs = coo_array(
        (np.ones(2 * count), (np.tile(np.arange(count), 2), np.concatenate([first, second]))),
        shape=(count, problem.candidates),
    )
    return [Rows(csr_array(pairs), np.full(count, -np.inf), np.ones(count))]


def _refused_rows(count: int, limits: Limits) -> list[Rows]:
    if not limits.refused:
        return []
    most = np.array([len(sites) - 1.0 for sites in limits.refused])
    return [Rows(_members([sorted(sites) for sites in limits.refused], count), np.full(len(most), -np.inf), most)]


def _never_all(sites: IntArray, count: int) -> Rows:
    """Refuse a set and all that hold it."""
    return Rows(_members([sites], count), np.array([-np.inf]), np.array([len(sites) - 1.0]))


def _one_other(sites: IntArray, count: int) -> Rows:
    """Refuse a set and all its parts."""
    return Rows(_members([np.setdiff1d(np.arange(count), sites)], count), np.array([1.0]), np.array([np.inf]))


def _members(sets: Sequence[Sequence[int] | IntArray], count: int) -> csr_array:
    """Write sets as rows of 0 and 1."""
    matrix = np.zeros((len(sets), count))
    for row, sites in enumerate(sets):
        matrix[row, np.asarray(sites, dtype=np.int64)] = 1.0
    return csr_array(matrix)
