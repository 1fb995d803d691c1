"""The p-median as an integer programme over radii, only as large as a known solution leaves it.

For each demand i the costs of its candidates, sorted and without repeats, are D_i1 < D_i2 < ... ; ``z_ik`` says that no
site lies within D_ik.

    minimise    sum_i w_i (D_i1 + sum_k (D_i,k+1 - D_ik) z_ik)
    subject to  z_ik + sum_{j: c_ij = D_ik} x_j >= z_i,k-1     (z_i0 = 1)
                z >= 0, x in {0, 1}

Levels end at what serves i without any site, or where the demand must be served because farther costs more than the
solution known; there z is 0.

S. Elloumi (2010), A tighter formulation of the p-median problem, Journal of Combinatorial Optimization 19, 69-83,
doi:10.1007/s10878-008-9162-0.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_array

from coverage.answers.siting.cover import Promise, keep_all, promise_rows
from coverage.answers.siting.highs import Programme, Rows, stack
from coverage.answers.siting.lagrange import Median, Narrowed
from coverage.answers.siting.rules import SiteRules
from coverage.ground.geometry import FloatArray, IntArray

__all__ = ["Decided", "decide"]

_LARGEST = 1e6


@dataclass(frozen=True)
class Decided:
    """Sites (None where nothing better than known was found) and a lower bound on better solutions."""

    sites: IntArray | None
    bound: float


class Effort(NamedTuple):
    """How long to search, and the relative gap at which to stop."""

    seconds: float
    gap: float


def decide(
    median: Median,
    left: Narrowed,
    rules: SiteRules,
    promises: Sequence[Promise],
    *,
    upper: float,
    effort: Effort,
) -> Decided:
    """Find a set better than `upper` among what is left, or prove that there is none."""
    columns = np.flatnonzero(left.kept & (rules.upper > 0))
    held, kept = rules.take(columns), [promise.take(columns) for promise in promises]
    count = len(columns)
    cost = np.minimum(median.cost[:, columns], median.base[:, None])
    levels = _levels(cost, median, np.minimum(median.base, left.reach), count)
    blocks, more = promise_rows(kept, count + levels.columns)
    scale = min(1.0, _LARGEST / max(upper, 1.0)) if np.isfinite(upper) else 1.0
    width = count + levels.columns + more
    programme = Programme(
        np.concatenate([np.zeros(count), levels.cost * scale, np.zeros(more)]),
        np.concatenate([held.lower, np.zeros(levels.columns + more)]),
        np.concatenate([held.upper, np.ones(levels.columns + more)]),
        np.arange(width) < count,
        stack([held.rows, levels.rows, *blocks], width),
    )
    found = held.solve(programme, seconds=effort.seconds, gap=effort.gap, restarts=False, keeps=partial(keep_all, kept))
    if found.infeasible:
        return Decided(None, np.inf)
    bound = levels.constant + found.bound / scale
    if found.values is None:
        return Decided(None, bound)
    return Decided(columns[found.values[:count] > 1 / 2], bound)


@dataclass(frozen=True)
class _Levels:
    cost: FloatArray
    constant: float
    rows: Rows

    @property
    def columns(self) -> int:
        return len(self.cost)


def _levels(cost: FloatArray, median: Median, farthest: FloatArray, first: int) -> _Levels:
    """Write the constraints of the radii; their variables begin at column `first`."""
    base, weights = median.base, median.weights
    open_end = base <= farthest
    useful = np.where(open_end[:, None], cost < base[:, None], cost <= farthest[:, None])
    demand, candidate = np.nonzero(useful)
    value = cost[demand, candidate]
    order = np.lexsort((candidate, value, demand))
    demand, candidate, value = demand[order], candidate[order], value[order]
    new = np.ones(len(value), dtype=bool)
    new[1:] = (demand[1:] != demand[:-1]) | (value[1:] != value[:-1])
    level = np.cumsum(new) - 1
    owner, at = demand[new], value[new]
    count = len(owner)
    begins = np.ones(count, dtype=bool)
    begins[1:] = owner[1:] != owner[:-1]
    ends = np.ones(count, dtype=bool)
    ends[:-1] = begins[1:]
    has = ~ends | open_end[owner]
    column = first + np.cumsum(has) - 1
    following = np.where(ends, base[owner], np.append(at[1:], 0.0))
    step = weights[owner] * (following - at)
    nobody = ~np.isin(np.arange(len(base)), owner)
    constant = float(weights[owner[begins]] @ at[begins] + weights[nobody & open_end] @ base[nobody & open_end])
    later = np.flatnonzero(~begins)
    own = np.flatnonzero(has)
    entries = np.concatenate([np.ones(len(level)), np.ones(len(own)), -np.ones(len(later))])
    rows = np.concatenate([level, own, later])
    columns = np.concatenate([candidate, column[own], column[later - 1]])
    # A demand without a level and without an end of its own can be served by nobody: 0 >= 1.
    stuck = np.flatnonzero(nobody & ~open_end)
    lower = np.concatenate([begins.astype(np.float64), np.ones(len(stuck))])
    matrix = csr_array((entries, (rows, columns)), shape=(count + len(stuck), first + int(has.sum())))
    return _Levels(step[has], constant, Rows(matrix, lower, np.full(len(lower), np.inf)))
