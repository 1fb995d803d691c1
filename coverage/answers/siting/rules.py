"""What every set of sites is held to: how many, where for certain, where not, how far apart, one per group."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import coo_array, csr_array

from coverage.answers.siting.highs import Programme, Rows, solve, stack
from coverage.answers.siting.model import Limits, SitingProblem
from coverage.ground.errors import InfeasibleError, InputError
from coverage.ground.geometry import FloatArray, IntArray
from coverage.ground.texts import Message

__all__ = ["SiteRules", "site_rules"]

_SHOWN = 5


@dataclass(frozen=True)
class SiteRules:
    """Bounds and constraints on the choice of sites; ``number`` is None where the model finds it itself.

    ``free``: no rule tells one candidate from another but ``lower`` and ``upper`` and, if ``groups``, their group.
    """

    lower: FloatArray
    upper: FloatArray
    rows: Rows
    number: int | None
    free: bool
    groups: IntArray | None

    def allow(self, sites: Sequence[int] | IntArray) -> bool:
        """Tell whether a set keeps to every rule."""
        x = np.zeros(len(self.lower))
        x[np.asarray(sites, dtype=np.int64)] = 1.0
        return bool((x >= self.lower).all() and (x <= self.upper).all()) and self.rows.hold(x)

    def take(self, columns: IntArray) -> "SiteRules":
        """Keep some candidates; the others are no sites."""
        rows = Rows(csr_array(self.rows.matrix[:, columns]), self.rows.lower, self.rows.upper)
        groups = None if self.groups is None else self.groups[columns]
        return replace(self, lower=self.lower[columns], upper=self.upper[columns], rows=rows, groups=groups)

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
        found = solve(programme, seconds=seconds)
        if found.values is None:
            raise InfeasibleError(Message.of("siting.no_set", n=self.number or 0))
        return np.flatnonzero(found.values > 1 / 2)


def site_rules(problem: SitingProblem, number: int | None, limits: Limits) -> SiteRules:
    """Turn limits into constraints, and refuse those that contradict each other.

    Raises
    ------
    InputError
        If more sites are asked for than candidates remain, fewer than are locked, or a candidate is both locked
        and excluded.
    InfeasibleError
        If a group that needs a site has no candidate, more groups need one than sites are asked for, or two locked
        candidates are too close.
    """
    count = problem.candidates
    both = sorted(limits.locked & limits.excluded)
    if both:
        raise InputError(Message.of("siting.locked_and_excluded", name=problem.name(both[0])))
    lower, upper = np.zeros(count), np.ones(count)
    lower[list(limits.locked)] = 1.0
    upper[list(limits.excluded)] = 0.0
    left = int(upper.sum())
    if left == 0:
        raise InputError(Message.of("siting.no_candidates"))
    if number is not None:
        if number > left:
            raise InputError(Message.of("siting.too_many", n=number, candidates=left))
        if number < len(limits.locked):
            raise InputError(Message.of("siting.too_many_locked", n=number, locked=len(limits.locked)))
    blocks = [
        *_number_row(count, number),
        *_group_rows(problem, number, upper, limits),
        *_spacing_rows(problem, limits),
        *_refused_rows(count, limits),
    ]
    return SiteRules(
        lower,
        upper,
        stack(blocks, count),
        number,
        free=limits.spacing_min <= 0 and not limits.refused,
        groups=problem.groups if limits.one_per_group else None,
    )


def _number_row(count: int, number: int | None) -> list[Rows]:
    if number is None:
        return []
    exactly = np.array([float(number)])
    return [Rows(csr_array(np.ones((1, count))), exactly, exactly)]


def _group_rows(problem: SitingProblem, number: int | None, upper: FloatArray, limits: Limits) -> list[Rows]:
    if not limits.one_per_group or problem.groups is None:
        return []
    names = problem.group_names or [str(group) for group in range(int(problem.groups.max()) + 1)]
    wanted = [group for group in range(len(names)) if group not in problem.served_groups]
    without = [group for group in wanted if not upper[problem.groups == group].any()]
    if without:
        raise InfeasibleError(
            Message.of("siting.group_without", groups=_listed([names[group] for group in without]), count=len(without))
        )
    if number is not None and len(wanted) > number:
        raise InfeasibleError(
            Message.of(
                "siting.groups_too_many",
                n=number,
                count=len(wanted),
                groups=_listed([names[group] for group in wanted]),
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
    matrix = np.zeros((len(limits.refused), count))
    for row, sites in enumerate(limits.refused):
        matrix[row, list(sites)] = 1.0
    most = matrix.sum(axis=1) - 1.0
    return [Rows(csr_array(matrix), np.full(len(most), -np.inf), most)]


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown}, …"
