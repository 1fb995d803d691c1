"""Iterated 3-opt for one round tour, also where a way and its way back differ.

Lin (1965), Computer solutions of the traveling salesman problem, doi:10.1002/j.1538-7305.1965.tb04146.x; neighbour
lists and don't-look bits: Bentley (1992), doi:10.1287/ijoc.4.4.387; double-bridge kicks within a short stretch:
Johnson, McGeoch (1997), The traveling salesman problem: a case study in local optimization.
"""

import random
from collections import deque
from collections.abc import Iterable
from itertools import accumulate, pairwise

import numpy as np

from coverage.ground.geometry import IntArray

_NEAREST = 8
_STRETCH = 30


class _Tour:
    """A round tour that is made shorter: ``order``, the place of each row in it, and sums of ways both ways."""

    def __init__(self, lengths: IntArray, order: list[int]) -> None:
        self.ways: list[list[int]] = lengths.tolist()
        far = lengths.copy()
        np.fill_diagonal(far, np.iinfo(np.int64).max)
        most = min(_NEAREST, len(far) - 1)
        self.after: list[list[int]] = np.argsort(far, axis=1, kind="stable")[:, :most].tolist()
        self.place = [0] * len(order)
        self.take(order)

    def take(self, order: list[int]) -> None:
        """Go on with another order."""
        self.order = order
        for at, row in enumerate(order):
            self.place[row] = at
        ways = self.ways
        # What turning a stretch round would cost: the sum of way back less way there, up to each place.
        turned = [ways[b][a] - ways[a][b] for a, b in pairwise(order)]
        self.turned = list(accumulate(turned, initial=0))
        self.round = self.turned[-1] + ways[order[0]][order[-1]] - ways[order[-1]][order[0]]

    def length(self) -> int:
        return sum(self.ways[a][b] for a, b in pairwise([*self.order, self.order[0]]))

    def turn(self, first: int, last: int) -> int:
        """Give what turning the stretch from `first` to `last` adds."""
        a, b = self.place[first], self.place[last]
        return self.turned[b] - self.turned[a] + (self.round if b < a else 0)

    def improve(self, rows: Iterable[int]) -> None:
        """Change the tour while a step from one of `rows`, or from a row that was changed, makes it shorter."""
        waiting = deque(dict.fromkeys(rows))
        inside = set(waiting)
        while waiting:
            row = waiting.popleft()
            inside.discard(row)
            while touched := self._step(row):
                for one in touched:
                    if one not in inside:
                        inside.add(one)
                        waiting.append(one)

    def _step(self, row: int) -> tuple[int, ...]:
        """Take the first step found that leaves the way out of `row`, or the way into it; give the rows it touched."""
        order, place = self.order, self.place
        size = len(order)
        at = place[row]
        return self._leave(row, order[(at + 1) % size]) or self._turned(order[at - 1], row)

    def _turned(self, a: int, b: int) -> tuple[int, ...]:
        """Join `b` with what follows a stretch that begins at it, and turn the stretch round."""
        ways, order, place = self.ways, self.order, self.place
        old = ways[a][b]
        for c in self.after[b]:
            gain = old - ways[b][c]
            if gain <= 0:
                return ()
            e = order[place[c] - 1]
            if c not in {a, b} and gain + ways[e][c] - ways[a][e] > self.turn(b, e):
                self._join(b, (e, True), c)
                return a, b, c, e
        return ()

    def _leave(self, a: int, b: int) -> tuple[int, ...]:
        """Go from `a` elsewhere than to `b`: turn one stretch round, or exchange two, either as it is or turned."""
        ways, order, place = self.ways, self.order, self.place
        size, old = len(order), ways[a][b]
        for c in self.after[a]:
            gain = old - ways[a][c]
            if gain <= 0:
                return ()
            at = place[c]
            behind = order[(at + 1) % size]
            if c != b and gain + ways[c][behind] - ways[b][behind] > self.turn(b, c):
                self._join(b, (c, True), behind)
                return a, b, c, behind
            e = order[at - 1]
            if c not in {a, b} and (found := self._exchange(a, b, c, e, gain + ways[e][c])):
                return found
        return ()

    def _exchange(self, a: int, b: int, c: int, e: int, gain: int) -> tuple[int, ...]:
        """Exchange the stretches from `b` to `e` and from `c` on, which ends before a near row."""
        ways, order, place = self.ways, self.order, self.place
        size, start = len(order), place[b]
        after_c = (place[c] - start) % size
        for turned, last, first in ((False, e, b), (True, b, e)):
            cost = self.turn(b, e) if turned else 0
            for g in self.after[last]:
                left = gain - ways[last][g]
                if left <= 0:
                    break
                # The stretch from c may reach to a itself: what follows it is then b, which is moved.
                if (place[g] - start) % size <= after_c:
                    continue
                f = order[place[g] - 1]
                if left + ways[f][g] - ways[f][first] > cost:
                    self._join(b, (e, turned), g)
                    return a, b, c, e, f, g
        return ()

    def _join(self, b: int, stretch: tuple[int, bool], g: int) -> None:
        """Put the stretch that begins at `b`, turned round or not, right before `g`."""
        e, turned = stretch
        start = self.place[b]
        rolled = [*self.order[start:], *self.order[:start]]
        size = len(rolled)
        end = (self.place[e] - start) % size + 1
        until = (self.place[g] - start) % size
        moved = rolled[:end]
        self.take([*rolled[end:until], *(moved[::-1] if turned else moved), *rolled[until:]])


def iterated_three_opt(lengths: IntArray, *, seed: int, kicks: int) -> list[int]:
    """Find a short round tour: 3-opt, then `kicks` times two short stretches exchanged and repaired, if not longer.

    Parameters
    ----------
    lengths
        Shape (n, n), whole, at least 0, n at least 8; need not be symmetric.
    seed, kicks
        The same give the same tour.

    Returns
    -------
    list[int]
        All rows, in the order visited, beginning with 0.
    """
    rng = random.Random(seed)  # noqa: S311 - a search, no secret
    size = len(lengths)
    tour = _Tour(lengths, _nearest_next(lengths, rng.randrange(size)))
    tour.improve(tour.order)
    best = tour.length()
    reach = min(_STRETCH, (size - 2) // 2)
    for _ in range(kicks):
        kept = tour.order
        at = rng.randrange(size)
        one, two = rng.randint(1, reach), rng.randint(1, reach)
        rolled = [*kept[at:], *kept[:at]]
        tour.take([*rolled[one : one + two], *rolled[:one], *rolled[one + two :]])
        ends = (rolled[0], rolled[one - 1], rolled[one], rolled[one + two - 1], rolled[one + two], rolled[-1])
        tour.improve(ends)
        length = tour.length()
        if length > best:
            tour.take(kept)
        else:
            best = length
    start = tour.place[0]
    return [*tour.order[start:], *tour.order[:start]]


def _nearest_next(lengths: IntArray, first: int) -> list[int]:
    """Go from `first` always to the nearest row that is left."""
    left = np.ones(len(lengths), dtype=bool)
    order = [first]
    left[first] = False
    while left.any():
        rows = np.flatnonzero(left)
        order.append(int(rows[np.argmin(lengths[order[-1], rows])]))
        left[order[-1]] = False
    return order
