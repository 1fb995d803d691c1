"""Good sets quickly: greedy choice, then the best exchange of one site for another until none helps.

M. B. Teitz and P. Bart (1968), Heuristic methods for estimating the generalized vertex median of a weighted graph,
Operations Research 16(5), 955-961, doi:10.1287/opre.16.5.955; all exchanges are valued at once as in R. A. Whitaker
(1983), A fast algorithm for the greedy interchange for large-scale clustering and median location problems, INFOR
21(2), 95-108, doi:10.1080/03155986.1983.11731889.
"""

from collections.abc import Callable

import numpy as np

from coverage.answers.siting.rules import SiteRules
from coverage.ground.geometry import FloatArray, IntArray

__all__ = ["good_sites", "greedy", "improve", "total_cost"]

_LEAST_GAIN = 1e-9
_TRIED = 200
_ROUNDS = 500


def total_cost(cost: FloatArray, base: FloatArray, weights: FloatArray, sites: IntArray) -> float:
    """Sum the weighted cost of each row's cheapest site, or of `base` where that is cheaper."""
    return float(weights @ np.minimum(cost[:, sites].min(axis=1, initial=np.inf), base))


def greedy(cost: FloatArray, base: FloatArray, weights: FloatArray, number: int, locked: IntArray) -> IntArray:
    """Add, one after the other, the site that lowers the total most.

    Parameters
    ----------
    cost
        Cost per row and candidate, finite.
    base
        Cost per row when no site is chosen, finite.
    weights
        Weight per row.
    number
        Sites wanted.
    locked
        Sites that are in from the start.
    """
    chosen = [int(site) for site in locked]
    now = np.minimum(base, cost[:, chosen].min(axis=1, initial=np.inf))
    while len(chosen) < number:
        gain = weights @ np.maximum(now[:, None] - cost, 0.0)
        gain[chosen] = -np.inf
        best = int(np.argmax(gain))
        chosen.append(best)
        now = np.minimum(now, cost[:, best])
    return np.array(chosen, dtype=np.int64)


def improve(
    cost: FloatArray,
    base: FloatArray,
    weights: FloatArray,
    sites: IntArray,
    locked: IntArray,
    allow: Callable[[IntArray], bool],
) -> IntArray | None:
    """Exchange one site for another while the total falls; a set that is not allowed is left at any price first.

    Parameters
    ----------
    cost, base, weights
        As for :func:`greedy`.
    sites
        Where to start.
    locked
        Sites that stay.
    allow
        Tells whether a set may be used.

    Returns
    -------
    The sites, or None if no allowed set was met.
    """
    now, allowed = np.array(sites, dtype=np.int64), allow(sites)
    for _ in range(_ROUNDS):
        change = _changes(cost, base, weights, now)
        change[np.isin(now, locked)] = np.inf
        change[:, now] = np.inf
        least = -_LEAST_GAIN * total_cost(cost, base, weights, now) if allowed else np.inf
        order = np.argsort(change, axis=None)[:_TRIED] if not allowed or change.size <= _TRIED else _lowest(change)
        step = None
        for place in order:
            out, new = divmod(int(place), cost.shape[1])
            if not change[out, new] < least:
                break
            tried = now.copy()
            tried[out] = new
            if allow(tried):
                step = tried
                break
        if step is None:
            break
        now, allowed = step, True
    return now if allowed else None


def good_sites(
    cost: FloatArray,
    base: FloatArray,
    weights: FloatArray,
    rules: SiteRules,
    seconds: float,
    *,
    allow: Callable[[IntArray], bool] | None = None,
) -> IntArray | None:
    """Choose good sites that keep to the rules; None if that did not come about.

    Parameters
    ----------
    cost, base, weights
        As for :func:`greedy`.
    rules
        What the sites are held to; with a number.
    seconds
        Time for finding any set at all where rules are tight.
    allow
        Tells whether a set may be used, the rules included; by default the rules alone.

    Raises
    ------
    InfeasibleError
        If no set keeps to the rules.
    """
    shut = np.where(rules.upper > 0, cost, np.inf)
    shut = np.minimum(shut, base.max(initial=0.0) + 1.0)
    accepted = allow or rules.allow
    first = greedy(shut, base, weights, rules.number or 0, rules.locked)
    found = improve(shut, base, weights, first, rules.locked, accepted)
    if found is not None:
        return found
    gain = weights @ np.maximum(base[:, None] - shut, 0.0)
    return improve(shut, base, weights, rules.cheapest(-gain, seconds), rules.locked, accepted)


def _lowest(change: FloatArray) -> IntArray:
    flat = change.ravel()
    few = np.argpartition(flat, _TRIED)[:_TRIED]
    return few[np.argsort(flat[few], kind="stable")]


def _changes(cost: FloatArray, base: FloatArray, weights: FloatArray, sites: IntArray) -> FloatArray:
    """Value every exchange: change of the total, shape (sites, candidates)."""
    options = np.column_stack([cost[:, sites], base])
    order = np.argsort(options, axis=1, kind="stable")[:, :2]
    first, second = np.take_along_axis(options, order, axis=1).T
    gain = weights @ np.maximum(first[:, None] - cost, 0.0)
    change = np.empty((len(sites), cost.shape[1]))
    for place in range(len(sites)):
        mine = order[:, 0] == place
        low, high = first[mine][:, None], second[mine][:, None]
        change[place] = weights[mine] @ (np.clip(cost[mine], low, high) - low) - gain
    return change
