"""One round tour: proven shortest up to 15 stops, by iterated 3-opt beyond.

Held, Karp (1962), A dynamic programming approach to sequencing problems, doi:10.1137/0110015.
"""

from dataclasses import dataclass

import numpy as np

from coverage.answers.tours.three_opt import iterated_three_opt
from coverage.ground.geometry import FloatArray, IntArray

PROVEN_STOPS = 15
STARTS = 3
ITERATIONS = 35
"""Kicks per stop."""
_AGREE = 2
_SCALE = 1_000.0


@dataclass(frozen=True)
class Tour:
    """A round tour: rows in the order visited, beginning with 0; `proven` if none is shorter."""

    order: tuple[int, ...]
    length: float
    proven: bool


def shortest_tour(
    lengths: FloatArray | IntArray, *, seed: int = 1, starts: int = STARTS, iterations: int = ITERATIONS
) -> Tour:
    """Find a short round tour from row 0 through all rows and back.

    Parameters
    ----------
    lengths
        Shape (n, n), from row to column, finite, at least 0; need not be symmetric.
    seed, starts, iterations
        Of the search beyond :data:`PROVEN_STOPS` stops: it begins anew, because a few long tours hold it fast, until
        two starts agree on the shortest length; each goes on for `iterations` kicks per stop. The same give the same
        tour.

    Examples
    --------
    >>> shortest_tour(np.array([[0, 2, 9], [9, 0, 3], [4, 9, 0]]))
    Tour(order=(0, 1, 2), length=9.0, proven=True)
    """
    matrix = np.asarray(lengths, dtype=np.float64)
    if len(matrix) <= PROVEN_STOPS + 1:
        order = held_karp(matrix)
        return Tour(order, _length(matrix, order), proven=True)
    found: list[tuple[float, tuple[int, ...]]] = []
    whole = _whole(matrix)
    for start in range(seed, seed + starts):
        tried = tuple(iterated_three_opt(whole, seed=start, kicks=iterations * len(matrix)))
        found.append((_length(matrix, tried), tried))
        if [length for length, _ in found].count(min(found)[0]) == _AGREE:
            break
    _, order = min(found)
    return Tour(order, _length(matrix, order), proven=False)


def _length(matrix: FloatArray, order: tuple[int, ...]) -> float:
    return float(sum(matrix[a, b] for a, b in zip(order, (*order[1:], order[0]), strict=True)))


def held_karp(matrix: FloatArray) -> tuple[int, ...]:
    """Find a shortest round tour by dynamic programming over subsets: best[S, j] ends in j having seen S."""
    n = len(matrix) - 1
    if n < 1:
        return (0,)
    between = matrix[1:, 1:]
    best = np.full((1 << n, n), np.inf)
    best[1 << np.arange(n), np.arange(n)] = matrix[0, 1:]
    for seen in range(1, 1 << n):
        inside = [j for j in range(n) if seen >> j & 1]
        if len(inside) > 1:
            for j in inside:
                best[seen, j] = (best[seen ^ (1 << j)] + between[:, j]).min()
    seen = (1 << n) - 1
    last = int(np.argmin(best[seen] + matrix[1:, 0]))
    order = [last]
    while seen != 1 << last:
        seen ^= 1 << last
        last = int(np.argmin(best[seen] + between[:, last]))
        order.append(last)
    return (0, *(stop + 1 for stop in reversed(order)))


def _whole(matrix: FloatArray) -> IntArray:
    """Give lengths as whole numbers, on which a search can go round in no circle."""
    whole = np.array_equal(matrix, np.rint(matrix))
    return np.rint(matrix if whole else matrix * _SCALE).astype(np.int64)
