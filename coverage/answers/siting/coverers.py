"""Do n sites cover everybody? Decided by branch and bound over the Lagrangian bound of how many are left uncovered.

Rows that others imply and candidates that others can replace are taken away until none is left. A node holds some sites
for certain; it is given up where the candidates that cover most together cover too few, or where the bound is above 0.
Else somebody whom fewest candidates can cover must be covered by one of them: each is tried, the likeliest first, and
left out of what is tried after it.

C. Toregas, R. Swain, C. ReVelle and L. Bergman (1971), The location of emergency service facilities, Operations
Research 19(6), 1363-1373, doi:10.1287/opre.19.6.1363. Lagrangian bound and reductions for set covering: J. E. Beasley
(1987), An algorithm for set covering problem, European Journal of Operational Research 31(1), 85-93,
doi:10.1016/0377-2217(87)90141-X.
"""

from collections.abc import Callable

import numpy as np

from coverage.answers.siting.lagrange import Aim, Ascent, Choice, Climb, Numbers, Relaxed, ascend
from coverage.answers.siting.model import BoolArray
from coverage.ground.geometry import IntArray

__all__ = ["coverers"]

_FIRST_CLIMB = Climb(400, 0.5, 8)
_CLIMB = Climb(60, 0.5, 8)
# A bound above this is above 0, whatever rounding of short numbers says: rows count 1 each.
_NOBODY = 0.01
_HALF = 0.5
# Where n candidates together cover everybody this many times, on average, the bound is strong and the tree small. Where
# each covers what lies around it (1.1 to 1.5 times), a solver's cuts do better after a few nodes.
_OVERLAP = 2.5
_NODES = 40


def coverers(
    covers: BoolArray, number: int, allow: Callable[[IntArray], bool], seconds: Callable[[], float]
) -> IntArray | None:
    """Find at most `number` candidates that cover every row; None: there are none.

    Parameters
    ----------
    covers
        Whether a candidate covers a row, shape (candidates, rows).
    number
        Most candidates.
    allow
        Tells whether candidates that cover all may be the answer.
    seconds
        Tells the seconds that remain.

    Raises
    ------
    TimeoutError
        If the time, or the number of nodes worth trying here, ends before either is known.
    """
    if number == 0 or covers.shape[1] == 0:
        nobody = np.array([], dtype=np.int64)
        return nobody if covers.shape[1] == 0 and allow(nobody) else None
    most = np.inf if number * covers.mean() >= _OVERLAP else _NODES
    covers = covers[:, _deciding(covers)]
    missing = (~covers).astype(np.float32)
    waiting = [
        (np.array([], dtype=np.int64), np.arange(len(covers)), np.full(covers.shape[1], _HALF, dtype=np.float32))
    ]
    nodes = 0
    while waiting:
        nodes += 1
        if seconds() <= 0.0 or nodes > most:
            raise TimeoutError
        held, free, price = waiting.pop()
        open_rows = np.flatnonzero(~covers[held].any(axis=0))
        wanted = number - len(held)
        if wanted <= 1 or open_rows.size == 0:
            found = _last(covers[:, open_rows], held, free, allow)
            if found is not None:
                return found
            continue
        free = _enough(covers[np.ix_(free, open_rows)], free, wanted)
        climb = _CLIMB if held.size else _FIRST_CLIMB
        climbed = _bound(missing[np.ix_(free, open_rows)], wanted, price[open_rows], climb, seconds)
        left = np.flatnonzero(climbed.kept)
        if climbed.bound > _NOBODY or left.size == 0:
            continue
        free, often = free[left], climbed.often[left]
        price = price.copy()
        price[open_rows] = climbed.price
        choices = covers[np.ix_(free, open_rows)]
        mine = np.flatnonzero(choices[:, int(np.argmin(choices.sum(axis=0)))])
        # The last one put down is the first taken up; each leaves out those taken up before it.
        mine = mine[np.argsort(often[mine], kind="stable")]
        for place, chosen in enumerate(mine):
            waiting.append((np.append(held, free[chosen]), np.delete(free, mine[place:]), price))
    return None


def _last(covers: BoolArray, held: IntArray, free: IntArray, allow: Callable[[IntArray], bool]) -> IntArray | None:
    """Cover the rows that are open by one more candidate, or by none where none is."""
    if covers.shape[1] == 0:
        return held if allow(held) else None
    tried = (np.append(held, last) for last in free[covers[free].all(axis=1)])
    return next((found for found in tried if allow(found)), None)


def _bound(missing: Numbers, wanted: int, price: Numbers, climb: Climb, seconds: Callable[[], float]) -> Ascent:
    rows = missing.shape[1]
    choice = Choice(min(wanted, len(missing)), np.full(len(missing), -1))
    one = np.ones(rows, dtype=np.float32)
    return ascend(Relaxed(missing, one, one, choice), price, Aim(_NOBODY, goal=1.0), climb, seconds)


def _enough(choices: BoolArray, free: IntArray, wanted: int) -> IntArray:
    """Leave out candidates that cover too few for the others to cover the rest; none is left where all do."""
    covered, rows = choices.sum(axis=1), choices.shape[1]
    most = np.sort(covered)[::-1][: wanted - 1].sum()
    return np.asarray(free[covered + most >= rows], dtype=np.int64)


def _deciding(covers: BoolArray) -> BoolArray:
    """Tell the rows that no other implies: those whose candidates do not include all of another's; of equals one."""
    table = covers.astype(np.float32)
    common = table.T @ table
    size = np.diag(common)
    within = common >= size[:, None]
    order = np.arange(len(size))
    smaller = (size[:, None] < size[None, :]) | ((size[:, None] == size[None, :]) & (order[:, None] < order[None, :]))
    return np.asarray(~(within & smaller).any(axis=0))
