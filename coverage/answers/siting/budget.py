"""What sites may cost together: the constraint as a solver can hold it, and as it is meant."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array

from coverage.answers.siting.highs import Rows
from coverage.answers.siting.model import BoolArray, Limits, SitingProblem
from coverage.ground.errors import InfeasibleError, InputError
from coverage.ground.geometry import FloatArray, IntArray
from coverage.ground.texts import Message

__all__ = ["Budget", "budget_of"]

_ROUNDING = 1e-12
_WHOLE_UP_TO = 1e6
"""Coefficients up to here are held exactly by a solver whose tolerance is 1e-6."""
_SCALE = 1e5


@dataclass(frozen=True)
class Budget:
    """Cost per candidate and the most that sites may cost together, that sum included; ``inf``: no limit."""

    costs: FloatArray
    most: float = math.inf

    def left(self, sites: Sequence[int] | IntArray) -> float:
        """Give what is left once `sites` are paid; below 0 where they cost too much."""
        return self.most * (1 + _ROUNDING) - math.fsum(self.costs[np.asarray(sites, dtype=np.int64)])

    def pays(self, sites: Sequence[int] | IntArray) -> bool:
        """Tell whether `sites` cost no more than the budget."""
        return self.left(sites) >= 0

    def take(self, columns: IntArray) -> "Budget":
        """Keep some candidates."""
        return replace(self, costs=self.costs[columns])

    def most_sites(self, locked: IntArray, usable: BoolArray) -> int:
        """Count the most sites that can be paid: the locked, then the cheapest of the others."""
        others = usable.copy()
        others[locked] = False
        spent = np.cumsum(np.sort(self.costs[others]))
        return len(locked) + int((spent <= self.left(locked)).sum())

    def rows(self) -> list[Rows]:
        """Write the constraint.

        Whole costs are divided by what all have in common and the budget rounded down to it, which leaves the solver's
        tolerance no room. Others are scaled so that it means a hundred thousand millionth of the budget;
        :meth:`pays` decides what lies on the border.
        """
        if math.isinf(self.most):
            return []
        share, most = self.costs / self.most * _SCALE, _SCALE
        if (self.costs == np.floor(self.costs)).all() and self.costs.max() < 2.0**53:
            common = float(np.gcd.reduce(self.costs.astype(np.int64)))
            if self.costs.max() / common <= _WHOLE_UP_TO:
                share, most = self.costs / common, math.floor(self.most / common * (1 + _ROUNDING))
        return [Rows(csr_array(share[None, :]), np.array([-np.inf]), np.array([float(most)]))]


def budget_of(problem: SitingProblem, lower: FloatArray, upper: FloatArray, limits: Limits) -> Budget | None:
    """Take the budget out of the limits; None where there is none.

    Parameters
    ----------
    lower, upper
        Per candidate 1 in `lower` where it must be a site, 0 in `upper` where it must not.

    Raises
    ------
    InputError
        If the budget is no number above 0, or no costs are known.
    InfeasibleError
        If it pays neither what is locked, nor any site, nor one in each group that needs one.
    """
    if limits.budget is None:
        return None
    if not (np.isfinite(limits.budget) and limits.budget > 0):
        raise InputError(Message.of("siting.bad_budget", value=limits.budget))
    if problem.costs is None:
        raise InputError(Message.of("siting.budget_without_costs"))
    budget, locked = Budget(problem.costs, limits.budget), np.flatnonzero(lower)
    if not budget.pays(locked):
        raise InfeasibleError(
            Message.of(
                "siting.locked_too_dear",
                locked=len(locked),
                total_rupiah=problem.cost_of(locked),
                budget_rupiah=limits.budget,
            )
        )
    usable = np.flatnonzero(upper)
    cheapest = int(usable[np.argmin(problem.costs[usable])])
    if locked.size == 0 and not budget.pays([cheapest]):
        raise InfeasibleError(
            Message.of(
                "siting.budget_too_small",
                budget_rupiah=limits.budget,
                name=problem.name(cheapest),
                cost_rupiah=float(problem.costs[cheapest]),
            )
        )
    if limits.one_per_group and problem.groups is not None:
        _check_group_costs(problem, budget, lower, upper)
    return budget


def _check_group_costs(problem: SitingProblem, budget: Budget, lower: FloatArray, upper: FloatArray) -> None:
    """Refuse a budget that does not pay what is locked and the cheapest site of each group still without one."""
    if problem.groups is None:
        return
    least = [int(site) for site in np.flatnonzero(lower)]
    have = problem.served_groups | {int(group) for group in problem.groups[least]}
    without = sorted({int(group) for group in problem.groups[upper > 0]} - have)
    for group in without:
        mine = np.flatnonzero((problem.groups == group) & (upper > 0))
        least.append(int(mine[np.argmin(budget.costs[mine])]))
    if not budget.pays(least):
        raise InfeasibleError(
            Message.of(
                "siting.budget_groups",
                count=len(without),
                least_rupiah=problem.cost_of(least),
                budget_rupiah=budget.most,
            )
        )
