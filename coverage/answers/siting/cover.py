"""Who can be covered by which candidate: the covering matrix, reduced without changing any optimum."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.sparse import csr_array, hstack

from coverage.answers.siting.highs import Rows
from coverage.answers.siting.model import SitingProblem
from coverage.answers.siting.rules import SiteRules
from coverage.ground.geometry import FloatArray, IntArray
from coverage.travel.reach import within

__all__ = ["Cover", "Promise", "cover_of", "keep_all", "needed", "promise_rows", "uncovered_rows", "uncovered_sum"]

_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Cover:
    """Demand that no existing unit covers, rows with the same candidates merged.

    ``matrix``: 1 where a candidate covers the merged row, shape (rows, candidates). ``weight``: their demand.
    ``lost``: rows of the problem that no candidate covers either, ``lost_weight`` their demand.
    """

    matrix: csr_array
    weight: FloatArray
    lost: IntArray
    lost_weight: float

    @property
    def total(self) -> float:
        """Demand that no existing unit covers."""
        return float(self.weight.sum()) + self.lost_weight

    def uncovered(self, sites: Sequence[int] | IntArray) -> float:
        """Sum the demand that `sites` leave uncovered, the lost included."""
        chosen = np.zeros(self.matrix.shape[1])
        chosen[np.asarray(sites, dtype=np.int64)] = 1.0
        hit = self.matrix @ chosen > 0
        return float(self.weight[~hit].sum()) + self.lost_weight

    def take(self, columns: IntArray) -> "Cover":
        """Keep some candidates; rows that none of them covers stay, to be told uncovered."""
        return replace(self, matrix=csr_array(self.matrix[:, columns]))


@dataclass(frozen=True)
class Promise:
    """At most `most_uncovered` demand (the lost included) stays uncovered by the sites."""

    cover: Cover
    most_uncovered: float

    @property
    def all_covered(self) -> bool:
        """Tell whether every row must be covered."""
        least = self.cover.weight.min(initial=np.inf)
        return bool(least + self.cover.lost_weight > self._most)

    def kept(self, sites: Sequence[int] | IntArray) -> bool:
        """Tell whether a set keeps the promise."""
        return self.cover.uncovered(sites) <= self._most

    @property
    def can_be_kept(self) -> bool:
        """Tell whether no more is lost to every candidate than may stay uncovered."""
        return self.cover.lost_weight <= self._most

    @property
    def _most(self) -> float:
        """Sums of the same people in another order differ by rounding: this much is no difference."""
        return self.most_uncovered + _TOLERANCE * self.cover.total

    def take(self, columns: IntArray) -> "Promise":
        """Keep some candidates."""
        return replace(self, cover=self.cover.take(columns))


def keep_all(promises: Sequence[Promise], sites: Sequence[int] | IntArray) -> bool:
    """Tell whether a set keeps every promise."""
    return all(promise.kept(sites) for promise in promises)


def uncovered_rows(cover: Cover, first: int) -> Rows:
    """Write for each row: it is covered by a site, or its own variable from column `first` on says it is not."""
    count = len(cover.weight)
    own = csr_array((np.ones(count), (np.arange(count), np.arange(count))), shape=(count, count))
    gap = csr_array((count, first - cover.matrix.shape[1]))
    return Rows(csr_array(hstack([cover.matrix, gap, own], format="csr")), np.ones(count), np.full(count, np.inf))


def promise_rows(promises: Sequence[Promise], first: int) -> tuple[list[Rows], int]:
    """Write promises as constraints; gives them and the number of columns they add from `first` on."""
    blocks: list[Rows] = []
    last = first
    for promise in promises:
        cover = promise.cover
        count = len(cover.weight)
        if promise.all_covered:
            blocks.append(Rows(cover.matrix, np.ones(count), np.full(count, np.inf)))
            continue
        blocks += [uncovered_rows(cover, last), uncovered_sum(promise, last)]
        last += count
    return blocks, last - first


def uncovered_sum(promise: Promise, first: int) -> Rows:
    """Write that the rows which :func:`uncovered_rows` says uncovered are no more than promised."""
    cover, count = promise.cover, len(promise.cover.weight)
    # In shares of the whole, so that the solver's tolerance means the same everywhere.
    whole = float(cover.weight.sum()) or 1.0
    most = (promise.most_uncovered - cover.lost_weight) / whole + _TOLERANCE
    place = (np.zeros(count, dtype=np.int64), first + np.arange(count))
    sums = csr_array((cover.weight / whole, place), shape=(1, first + count))
    return Rows(sums, np.array([-np.inf]), np.array([most]))


def cover_of(problem: SitingProblem, cutoff_min: float) -> Cover:
    """Find who is within the cutoff (inclusive) of which candidate; ``inf`` asks who is connected at all."""
    rows = problem.asking
    rows = rows[~within(problem.existing_min[rows], cutoff_min)]
    near = within(problem.minutes[rows], cutoff_min)
    possible = near.any(axis=1)
    lost = rows[~possible]
    near, weights = near[possible], problem.weights[rows[possible]]
    packed = np.packbits(near, axis=1)
    _, first, merged = np.unique(packed, axis=0, return_index=True, return_inverse=True)
    return Cover(
        csr_array(near[first].astype(np.float64)),
        np.bincount(merged.ravel(), weights, len(first)).astype(np.float64),
        lost,
        float(problem.weights[lost].sum()),
    )


def needed(cover: Cover, rules: SiteRules) -> IntArray:
    """List the candidates that cannot be left out without a loss.

    A candidate is not needed when another one covers all that it covers, counts for the same group and, where money
    counts, costs no more: in any set it can be replaced by that one, and where that is in the set already by any other.
    Of equals the first stays. A candidate that a refused set holds replaces none, so that no set becomes a refused one.
    With spacing, or where too few would be left to choose from, all stay.
    """
    usable = np.flatnonzero(rules.upper > 0)
    if not rules.free:
        return usable
    matrix = csr_array(cover.matrix[:, usable])
    size = np.asarray(matrix.sum(axis=0)).ravel()
    common = (matrix.T @ matrix).tocoo()
    row, column = common.coords
    better, alike = size[row] < size[column], np.ones(len(row), dtype=bool)
    if rules.budget is not None:
        price = rules.budget.costs[usable]
        alike = price[column] <= price[row]
        better |= price[column] < price[row]
    alike &= ~rules.in_refused[usable][column]
    inside = (common.data >= size[row]) & (row != column) & alike & (better | (column < row))
    if rules.groups is not None:
        mine = rules.groups[usable]
        inside &= mine[row] == mine[column]
    spare = np.zeros(len(usable), dtype=bool)
    spare[row[inside]] = True
    if rules.groups is None:
        # A candidate that covers nobody shares nothing with any other.
        spare |= size == 0
    slim = usable[~spare | (rules.lower[usable] > 0)]
    least = rules.number if rules.exact and rules.number else 1
    return slim if (~rules.in_refused[slim]).sum() >= least else usable
