"""Sets of candidates of which all allowed sites hold one at least: what a bound can be told of rules and promises.

A rule "one at least of these" is such a set. So is who can cover a row of demand that a promise does not let go
uncovered, and a part of the country that nothing else can make up for: sites in one part (an island) cover nobody in
another, and n parts with the most demand cover no more than what they hold.
"""

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from coverage.answers.siting.cover import Promise
from coverage.answers.siting.rules import SiteRules
from coverage.ground.geometry import IntArray

__all__ = ["asked_by_promise", "asked_by_rules"]

_TOLERANCE = 1e-9


def asked_by_rules(rules: SiteRules) -> list[IntArray]:
    """List the sets that rules ask one site of at least."""
    matrix = rules.rows.matrix
    asked = []
    for row in np.flatnonzero((rules.rows.lower == 1.0) & np.isinf(rules.rows.upper)):
        part = slice(matrix.indptr[row], matrix.indptr[row + 1])
        if (matrix.data[part] == 1.0).all():
            asked.append(matrix.indices[part].astype(np.int64))
    return asked


def asked_by_promise(promise: Promise, number: int) -> list[IntArray]:
    """List the sets that a promise asks one of `number` sites of at least."""
    cover = promise.cover
    rows, columns = cover.matrix.shape
    if rows == 0:
        return []
    spare = promise.most_uncovered - cover.lost_weight + _TOLERANCE * cover.total
    pairs = cover.matrix.tocoo()
    asked = [
        cover.matrix.indices[cover.matrix.indptr[row] : cover.matrix.indptr[row + 1]].astype(np.int64)
        for row in np.flatnonzero(cover.weight > spare)
    ]
    row, column = pairs.coords
    graph = csr_array((np.ones(len(row)), (row, rows + column)), shape=(rows + columns, rows + columns))
    count, part = connected_components(graph, directed=False)
    held = np.bincount(part[:rows], cover.weight, count)
    order = np.argsort(-held, kind="stable")
    best = float(held[order[:number]].sum())
    following = float(held[order[number]]) if number < count else 0.0
    without = best - held[order[:number]] + following
    missed = order[:number][without < cover.weight.sum() - spare]
    return asked + [np.flatnonzero(part[rows:] == lost) for lost in missed]
