"""What a siting model is: one record that everybody asks who solves, measures or words it.

Who asks need not know which model it is: :meth:`Model.best` solves, :meth:`Model.reach` measures, and what they need
beside problem and limits is in :class:`Terms`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from coverage.answers.siting.goal import Goal
from coverage.answers.siting.model import Limits, SitingProblem, SitingResult
from coverage.ground.texts import Message

__all__ = [
    "LONGEST_MINUTES",
    "MEAN_MINUTES",
    "PEOPLE_REACHED",
    "Model",
    "Need",
    "Reading",
    "Terms",
    "connects_first",
]

Need = Literal["number", "cutoff", "capacity"]


@dataclass(frozen=True)
class Terms:
    """What a model is asked beside its problem.

    Parameters
    ----------
    number
        Sites to choose, exactly; with a budget at most, or None for as many as it pays.
    cutoff_min
        Minutes, inclusive; ``inf`` where the model does not need it.
    capacity
        Demand each site can serve, above 0; 0 where the model does not need it.
    capacity_given
        Whether somebody named that capacity; else it is an equal share.
    connected_only
        Whether demand that no unit is connected with was left aside.
    """

    number: int | None
    cutoff_min: float = np.inf
    capacity: float = 0.0
    capacity_given: bool = False
    connected_only: bool = False


@dataclass(frozen=True)
class Reading:
    """How a planner reads what sets reach, set beside set.

    Parameters
    ----------
    title
        Key of the sentence that says what the numbers are.
    value
        The number of a goal; NaN where there is none.
    decimals
        As it is written.
    in_minutes
        Whether it is minutes, of which fewer are better, of all who are connected; else people, within the cutoff.
    """

    title: str
    value: Callable[[Goal], float]
    decimals: int
    in_minutes: bool


def _of_connected(goal: Goal, value: Callable[[float], float]) -> float:
    """Read the last level of people not connected and minutes; NaN where nobody is connected."""
    unconnected = goal[0]
    connected = unconnected.whole - unconnected.value
    return value(connected) if connected > 0 else np.nan


PEOPLE_REACHED = Reading("siting.robustness_people", lambda goal: goal[0].value, 0, in_minutes=False)
"""People of the first level."""

MEAN_MINUTES = Reading(
    "siting.robustness_minutes",
    lambda goal: _of_connected(goal, lambda people: goal[1].value / people),
    1,
    in_minutes=True,
)
"""After people not connected, weighted minutes: their mean."""

LONGEST_MINUTES = Reading(
    "siting.robustness_minutes", lambda goal: _of_connected(goal, lambda _: goal[1].value), 1, in_minutes=True
)
"""After people not connected, the longest journey."""


def _no_notes(_problem: SitingProblem, _result: SitingResult, _terms: Terms) -> tuple[Message, ...]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Model:
    """A siting model. Nothing that gives figures has a default: a model that lacks it cannot be made.

    Parameters
    ----------
    name
        What it is called in commands, files and JSON.
    seeks
        Key of the sentence that names it and what it seeks.
    seeks_priced
        The same where candidates have costs; None if that changes nothing.
    needs
        What of :class:`Terms` decides its answer.
    ask
        Gives the best set under the limits; see :meth:`best`.
    levels
        What :attr:`measure` gives, in the order in which two sets are compared.
    measure
        Measures any sites in any situation, also another than they were found for; see :meth:`reach`.
    sought
        The levels by which answers of one question are put in order, where they are not :attr:`levels`: one entry a
        form that they have.
    reading
        How what a set reaches is read.
    notes
        What a reader of an answer must know of this model.
    units_counted
        How many units within reach count for somebody: the nearest, or the next ones, too.
    """

    name: str
    seeks: str
    seeks_priced: str | None = None
    needs: frozenset[Need]
    ask: Callable[[SitingProblem, Terms, Limits], SitingResult]
    levels: tuple[str, ...]
    measure: Callable[[SitingProblem, Sequence[int], Terms], Goal]
    sought: tuple[tuple[str, ...], ...] = ()
    reading: Reading
    notes: Callable[[SitingProblem, SitingResult, Terms], tuple[Message, ...]] = _no_notes
    units_counted: int = 1

    @property
    def counts_only_covered(self) -> bool:
        """Whether people covered are all it seeks, so that sites that cover nobody more bring nothing."""
        return len(self.levels) == 1 and not self.reading.in_minutes

    @property
    def serves_instances(self) -> bool:
        """Whether a number of sites is all that it must be told, as published p-median instances do."""
        return self.needs == {"number"}

    def best(self, problem: SitingProblem, terms: Terms, limits: Limits) -> SitingResult:
        """Give the best set.

        Raises
        ------
        InputError
            If a number or the limits cannot be used.
        InfeasibleError
            If no set keeps to the limits.
        ValueError
            If the answer is another model's, or not ordered as this record says: a fault of the program.
        """
        result = self.ask(problem, terms, limits)
        if result.model != self.name or _names(result.goal) not in (self.sought or (self.levels,)):
            raise ValueError(f"{self.name} answers as {result.model} by {_names(result.goal)}")
        return result

    def reach(self, problem: SitingProblem, sites: Sequence[int], terms: Terms) -> Goal:
        """Measure what sites reach, level by level.

        Raises
        ------
        ValueError
            If the measure is not what this record says: a fault of the program.
        """
        goal = self.measure(problem, sites, terms)
        if _names(goal) != self.levels:
            raise ValueError(f"{self.name} measures {_names(goal)}, not {self.levels}")
        return goal


def _names(goal: Goal) -> tuple[str, ...]:
    return tuple(level.name for level in goal)


def connects_first(problem: SitingProblem, result: SitingResult, terms: Terms) -> tuple[Message, ...]:
    """Tell of sites where no unit can be reached from today, for models that connect people before all else."""
    if terms.connected_only or problem.standing_min is None:
        return ()
    linked = int(np.isinf(problem.standing_min[list(result.sites)]).sum())
    return (Message.of("siting.note_connect_first", sites=linked),) if linked else ()
