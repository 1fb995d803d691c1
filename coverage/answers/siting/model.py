"""What every siting model is asked and what it answers."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np

from coverage.answers.siting.goal import Goal
from coverage.ground.errors import InputError
from coverage.ground.geometry import BoolArray, FloatArray, IntArray
from coverage.ground.texts import Message

__all__ = [
    "NO_TIME",
    "OPTIMAL_GAP",
    "BoolArray",
    "Limits",
    "SitingProblem",
    "SitingResult",
    "Status",
    "Stopwatch",
    "finish",
]

Status = Literal["optimal", "feasible"]

NO_TIME = 1e-3
"""Seconds that count as none left."""

OPTIMAL_GAP = 1e-6
"""A relative gap no larger than this is a proof: it is what floating-point sums can tell apart."""


@dataclass(frozen=True)
class SitingProblem:
    """Demand, candidates and the minutes between them.

    Parameters
    ----------
    minutes
        Shape (demand, candidates); ``inf`` where not connected. Any impedance will do (metres, cost).
    weights
        Demand weight per row, finite and not negative. A row of weight 0 asks for nothing and decides nothing.
    existing_min
        Minutes per row to the nearest unit that stands and stays; ``inf`` where none is connected. By default no
        unit stands anywhere.
    second_min
        Minutes per row to the second nearest unit that stands; ``inf`` where fewer than two are connected. None: at
        most one stands anywhere.
    demand_names, names
        What to call rows and columns in messages; by default their numbers.
    groups
        Group number per candidate (its kab/kota), 0 to ``len(group_names) - 1``.
    group_names
        What to call the groups.
    served_groups
        Groups in which a unit stands already.
    between_min
        Minutes between candidates, shape (candidates, candidates), for spacing; from row to column.
    standing_min
        Minutes from each candidate to the nearest unit that stands, for spacing. None: no unit stands near any.
    costs
        What a site costs, per candidate, finite and above 0, in any unit. None: not known, and no budget can be kept.

    Raises
    ------
    InputError
        If there is no demand or no candidate left.
    ValueError
        If shapes disagree, or a number is negative or NaN: a fault of the program, not of its user.
    """

    minutes: FloatArray
    weights: FloatArray
    existing_min: FloatArray = field(default_factory=lambda: np.empty(0))
    second_min: FloatArray | None = None
    demand_names: Sequence[str] = ()
    names: Sequence[str] = ()
    groups: IntArray | None = None
    group_names: Sequence[str] = ()
    served_groups: frozenset[int] = frozenset()
    between_min: FloatArray | None = None
    standing_min: FloatArray | None = None
    costs: FloatArray | None = None

    def __post_init__(self) -> None:
        rows, columns = self.minutes.shape
        if columns == 0:
            raise InputError(Message.of("siting.no_candidates"))
        if self.existing_min.size == 0:
            object.__setattr__(self, "existing_min", np.full(rows, np.inf))
        if self.weights.shape != (rows,) or self.existing_min.shape != (rows,):
            raise ValueError("weights and existing_min need one number per row of minutes")
        _check_second(self.existing_min, self.second_min)
        for name in ("minutes", "weights", "existing_min"):
            values = getattr(self, name)
            if np.isnan(values).any() or (values < 0).any():
                raise ValueError(f"{name} holds NaN or a negative number")
        if not np.isfinite(self.weights).all():
            raise ValueError("weights are not finite")
        if not (self.weights > 0).any():
            raise InputError(Message.of("siting.no_demand"))
        if self.groups is not None and self.groups.shape != (columns,):
            raise ValueError("groups need one number per candidate")
        _check_spacing(self.between_min, self.standing_min, columns)
        _check_costs(self.costs, columns)

    @property
    def candidates(self) -> int:
        """Number of candidates."""
        return int(self.minutes.shape[1])

    @cached_property
    def asking(self) -> IntArray:
        """Rows whose weight is above 0."""
        return np.flatnonzero(self.weights > 0)

    @cached_property
    def next_min(self) -> FloatArray:
        """Minutes per row to the second nearest unit that stands; ``inf`` where there is none."""
        return np.full(len(self.weights), np.inf) if self.second_min is None else self.second_min

    @property
    def total(self) -> float:
        """Sum of all weights."""
        return float(self.weights.sum())

    def after_min(self, sites: Sequence[int]) -> FloatArray:
        """Give the minutes per row to the nearest unit once `sites` stand."""
        near: FloatArray = self.minutes[:, list(sites)].min(axis=1, initial=np.inf)
        return np.minimum(near, self.existing_min)

    def nearest(self, sites: Sequence[int]) -> IntArray:
        """Give per row the site that is nearer than every existing unit and nearest of `sites`; -1 where none is."""
        columns = np.asarray(sites, dtype=np.int64)
        if columns.size == 0:
            return np.full(len(self.weights), -1, dtype=np.int64)
        place = np.argmin(self.minutes[:, columns], axis=1)
        best = self.minutes[np.arange(len(place)), columns[place]]
        return np.where(best < self.existing_min, columns[place], -1)

    def cost_of(self, sites: Sequence[int] | IntArray) -> float | None:
        """Sum what sites cost; None where costs are not known."""
        return None if self.costs is None else math.fsum(self.costs[np.asarray(sites, dtype=np.int64)])

    def name(self, column: int) -> str:
        """Name a candidate."""
        return self.names[column] if self.names else str(column)

    def demand_name(self, row: int) -> str:
        """Name a row of demand."""
        return self.demand_names[row] if self.demand_names else str(row)


def _check_second(existing_min: FloatArray, second_min: FloatArray | None) -> None:
    if second_min is not None and (second_min.shape != existing_min.shape or not (second_min >= existing_min).all()):
        raise ValueError("second_min needs one number per row of minutes, none below existing_min")


def _check_spacing(between_min: FloatArray | None, standing_min: FloatArray | None, candidates: int) -> None:
    if between_min is not None and between_min.shape != (candidates, candidates):
        raise ValueError("between_min is not candidates x candidates")
    if standing_min is not None and standing_min.shape != (candidates,):
        raise ValueError("standing_min needs one number per candidate")


def _check_costs(costs: FloatArray | None, candidates: int) -> None:
    if costs is not None and (costs.shape != (candidates,) or not (np.isfinite(costs) & (costs > 0)).all()):
        raise ValueError("costs need one finite number above 0 per candidate")


@dataclass(frozen=True)
class Limits:
    """What every model is held to.

    Parameters
    ----------
    seconds
        Time limit; when it ends the best set found so far is the answer, with its bound and gap.
    gap
        Relative gap at which to stop; 0 asks for the proof.
    spacing_min
        Least minutes between two sites, the quicker direction counts, and from a site that is not locked to a unit
        that stands.
    one_per_group
        Every group without an existing unit gets at least one site.
    locked, excluded
        Candidates that must, or must not, be sites.
    refused
        Sets no answer may contain whole: those already given, when the next best is asked for.
    budget
        What all sites may cost together, in the unit of the problem's costs, the border included. With a budget the
        number of sites is the most, not the exact one. None: money is no object.
    """

    seconds: float = 60.0
    gap: float = 0.0
    spacing_min: float = 0.0
    one_per_group: bool = False
    locked: frozenset[int] = frozenset()
    excluded: frozenset[int] = frozenset()
    refused: tuple[frozenset[int], ...] = ()
    budget: float | None = None


@dataclass(frozen=True)
class SitingResult:
    """A set of sites and how sure it is.

    ``objective`` and ``bound`` are in the model's own unit; the best possible objective lies between them.
    ``gap`` is their distance relative to the objective. ``goal``: all that the model seeks, level by
    level, of which the objective is one.
    """

    model: str
    status: Status
    objective: float
    bound: float
    gap: float
    seconds: float
    sites: tuple[int, ...]
    goal: Goal
    maximise: bool = False
    notes: tuple[Message, ...] = ()

    def in_words(self) -> Message:
        """Say how sure the answer is."""
        if self.status == "optimal":
            return Message.of("siting.optimal")
        if not np.isfinite(self.gap):
            return Message.of("siting.no_bound")
        return Message.of("siting.within", gap_share=self.gap)


class Stopwatch:
    """Seconds since a model was asked, and what is left of its time limit."""

    def __init__(self, limits: Limits) -> None:
        self._start = time.perf_counter()
        self._limit = limits.seconds

    @property
    def spent(self) -> float:
        """Seconds so far."""
        return time.perf_counter() - self._start

    @property
    def left(self) -> float:
        """Seconds that remain, never quite none."""
        return max(self._limit - self.spent, NO_TIME)


def relative_gap(objective: float, bound: float) -> float:
    """Give the distance of bound and objective relative to the objective; infinite where nothing is known.

    Examples
    --------
    >>> relative_gap(100.0, 98.0), relative_gap(0.0, 0.0)
    (0.02, 0.0)
    """
    if not np.isfinite(bound):
        return float("inf")
    away = abs(objective - bound)
    return 0.0 if away == 0 else away / max(abs(objective), 1e-12)


class Proof(NamedTuple):
    """What was reached, and what no set can surpass."""

    objective: float
    bound: float


def finish(
    problem: SitingProblem,
    model: str,
    sites: Sequence[int] | IntArray,
    *,
    proof: Proof,
    watch: Stopwatch,
    goal: Callable[[SitingProblem, tuple[int, ...]], Goal],
) -> SitingResult:
    """Make the answer of a model from its sites and what was proven of them."""
    objective, bound = proof
    chosen = tuple(sorted(int(site) for site in sites))
    reached = goal(problem, chosen)
    maximise = reached[-1].maximise
    # A bound on the wrong side of what was reached is rounding.
    bound = max(bound, objective) if maximise else min(bound, objective)
    gap = relative_gap(objective, bound)
    # People so few that two sets with them and without are the same are no gap, however small the objective.
    if gap <= OPTIMAL_GAP or (maximise and bound - objective <= reached[-1].same):
        bound, gap = objective, 0.0
    return SitingResult(
        model=model,
        status="optimal" if gap == 0.0 else "feasible",
        objective=objective,
        bound=bound,
        gap=gap,
        seconds=watch.spent,
        sites=chosen,
        goal=reached,
        maximise=maximise,
    )
