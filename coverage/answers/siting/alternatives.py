"""The best set, the next best, and so on: what each loses, where they differ, and what they share.

After each answer the same model is asked again with a cut that refuses the set just given,
``sum_{j in S} x_j <= |S| - 1``; so the sets come in order, and none contains an earlier one. With a budget a later set
may be an earlier one with sites left out.

E. Balas and R. Jeroslow (1972), Canonical cuts on the unit hypercube, SIAM Journal on Applied Mathematics 23(1), 61-69,
doi:10.1137/0123007.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from coverage.answers.siting.goal import Difference, compare
from coverage.answers.siting.model import Limits, SitingResult
from coverage.ground.errors import InfeasibleError

__all__ = ["Alternative", "Alternatives", "best_sets"]


@dataclass(frozen=True)
class Alternative:
    """One of the best sets.

    ``behind``: what it loses against the best one, at the first level of the model's goal where they differ.
    ``instead``: its sites the best set does not have; ``without``: the best set's it lacks.
    """

    result: SitingResult
    behind: Difference
    instead: tuple[int, ...]
    without: tuple[int, ...]


@dataclass(frozen=True)
class Alternatives:
    """The best sets in order, the first the answer itself; ``complete`` if there are no further ones."""

    sets: tuple[Alternative, ...]
    complete: bool

    @property
    def best(self) -> SitingResult:
        """The answer."""
        return self.sets[0].result

    @property
    def always_chosen(self) -> tuple[int, ...]:
        """Sites that every one of the sets holds."""
        shared = set(self.best.sites)
        for alternative in self.sets[1:]:
            shared &= set(alternative.result.sites)
        return tuple(sorted(shared))


def best_sets(
    ask: Callable[[Limits], SitingResult],
    limits: Limits,
    count: int = 5,
    told: Callable[[int, int], None] = lambda _done, _all: None,
) -> Alternatives:
    """Ask a model for its `count` best distinct sets.

    Parameters
    ----------
    ask
        The model with everything but its limits filled in.
    limits
        What the sites are held to; the time limit is that of each set.
    count
        Sets wanted, at least 1.
    told
        Told after each set how many are found, of how many.

    Raises
    ------
    InputError, InfeasibleError
        As the model does for the first set.
    """
    found = [ask(limits)]
    told(1, count)
    complete = False
    while len(found) < count:
        held = replace(limits, refused=(*limits.refused, *(frozenset(result.sites) for result in found)))
        try:
            found.append(ask(held))
            told(len(found), count)
        except InfeasibleError:
            complete = True
            break
    ordered = _in_order(found)
    return Alternatives(tuple(_compared(result, ordered[0]) for result in ordered), complete)


def _in_order(found: Sequence[SitingResult]) -> list[SitingResult]:
    """Order sets by their whole goal; equal ones stay as they were found, so that the first is that of any count.

    Where time ended before the proof, a later set may be the better one.
    """
    ordered: list[SitingResult] = []
    for result in found:
        ahead = (place for place, other in enumerate(ordered) if compare(result.goal, other.goal).loss < 0)
        ordered.insert(next(ahead, len(ordered)), result)
    return ordered


def _compared(result: SitingResult, best: SitingResult) -> Alternative:
    return Alternative(
        result,
        compare(result.goal, best.goal),
        tuple(sorted(set(result.sites) - set(best.sites))),
        tuple(sorted(set(best.sites) - set(result.sites))),
    )
