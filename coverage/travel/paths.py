"""Quickest paths between nodes, by whichever of two engines fits.

A few origins or destinations are searched from there (Dijkstra 1959, doi:10.1007/BF01386390; towards destinations
on the graph with its arcs turned round); many on both sides are answered by hub labels.
"""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from coverage.ground.geometry import FloatArray, IntArray
from coverage.travel.network.graph import JOINED_LEGS, Network
from coverage.travel.trees import NO_NODE, quickest_trees


class Travel(NamedTuple):
    """Minutes, kilometres (both ``inf`` where there is no path) and ferries of the same paths; origins are rows."""

    minutes: FloatArray
    km: FloatArray
    ferries: IntArray

    def rows(self, rows: IntArray) -> "Travel":
        """Give the travel from some of the origins."""
        return Travel(self.minutes[rows], self.km[rows], self.ferries[rows])

    def to(self, columns: IntArray) -> "Travel":
        """Give the travel to some destinations, in that order."""
        return Travel(self.minutes[:, columns], self.km[:, columns], self.ferries[:, columns])


def no_travel(shape: tuple[int, int]) -> Travel:
    """Give the travel of pairs without a path."""
    return Travel(np.full(shape, np.inf), np.full(shape, np.inf), np.zeros(shape, dtype=np.int64))


Between = Callable[[IntArray], Travel]
"""Gives minutes, kilometres and ferries from the origins at some positions to all destinations."""

_MANY = 100
_BLOCK = 64
_BLOCK_CELLS = 8_000_000
_FERRY_MARK = 1e6
_SLACK_MIN = 1e-3


def paths_between(network: Network, rows: IntArray, nodes: IntArray) -> Between:
    """Make ready to answer travel from the nodes `rows` to the nodes `nodes`; answers are asked for in blocks."""
    parts = np.union1d(network.component[rows], network.component[nodes])
    kept = np.isin(network.component, parts)
    if not kept.all():
        number = np.cumsum(kept) - 1
        network, rows, nodes = network.part(kept), number[rows], number[nodes]
    if min(len(rows), len(nodes)) > _MANY:
        return _by_labels(network, rows, nodes)
    if len(rows) < len(nodes):
        return lambda some: _trees(network, rows[some], nodes, towards=False)
    back = _trees(network, nodes, rows, towards=True)
    return Travel(back.minutes.T, back.km.T, back.ferries.T).rows


def _by_labels(network: Network, rows: IntArray, nodes: IntArray) -> Between:
    """Answer by labels; a ferry rides along in the kilometres as a mark larger than any path."""
    from coverage.travel.hub_labels import Arcs, build_labels  # noqa: PLC0415 - only for many on both sides

    legs = network.legs
    leg = legs.arc
    marked = network.km[leg] + _FERRY_MARK * (network.ferry[leg] >= 0)
    labels = build_labels(
        Arcs(network.size, legs.tail, legs.head, network.minutes[leg], marked), np.union1d(rows, nodes)
    )

    def between(some: IntArray) -> Travel:
        minutes, km = labels.between(rows[some], nodes)
        ferries = np.zeros(km.shape, dtype=np.int64)
        connected = np.isfinite(km)
        ferries[connected] = km[connected] // _FERRY_MARK
        return Travel(minutes, km - _FERRY_MARK * ferries, ferries)

    return between


def _trees(network: Network, roots: IntArray, ends: IntArray, *, towards: bool) -> Travel:
    """Search from roots to ends, or with `towards` from ends to roots; shape (len(roots), len(ends))."""
    found = no_travel((len(roots), len(ends)))
    height = max(1, min(_BLOCK, _BLOCK_CELLS // max(1, network.size)))
    for start in range(0, len(roots), height):
        block = slice(start, start + height)
        time, before = quickest_trees(network, roots[block], ends, towards=towards)
        path_km, path_ferries = _along_paths(network, before, towards=towards)
        path_km[~np.isfinite(time)] = np.inf
        found.minutes[block], found.km[block] = time[:, ends], path_km[:, ends]
        found.ferries[block] = path_ferries[:, ends]
    return found


def ferries_taken(network: Network, rows: IntArray, nodes: IntArray, within_min: float) -> frozenset[str]:
    """Give the ids of the ferries on the quickest paths of pairs, of a boat's joined legs those of its parts.

    Parameters
    ----------
    network
        Between two places of one area with real roads only these roads and ferries are used.
    rows, nodes
        Node numbers of the origins and, one each, their destinations.
    within_min
        Minutes of the longest of the paths.
    """
    same = (network.area[rows] >= 0) & (network.area[rows] == network.area[nodes])
    taken: set[int] = set()
    for used, those in ((network.by_roads, same), (network, ~same)):
        for root in np.unique(nodes[those]).tolist():
            taken |= _boarded(used, rows[those & (nodes == root)], root, within_min)
    return frozenset(id_ for number in taken for id_ in network.ferry_ids[number].split(JOINED_LEGS))


def _boarded(network: Network, rows: IntArray, root: int, within_min: float) -> set[int]:
    """Give the numbers of the ferries on the tree of paths from some nodes towards one."""
    _, trees = quickest_trees(network, np.array([root]), rows, towards=True, within_min=within_min + _SLACK_MIN)
    before = trees[0]
    passed, here = np.zeros(network.size, dtype=bool), np.unique(rows)
    while len(here):
        here = here[(before[here] != NO_NODE) & ~passed[here]]
        passed[here] = True
        here = np.unique(before[here])
    tail = np.flatnonzero(passed)
    ferry = network.ferry[legs_between(network, tail, before[tail])]
    return set(ferry[ferry >= 0].tolist())


def legs_between(network: Network, tail: IntArray, head: IntArray) -> IntArray:
    """Give the numbers of the quickest arcs from `tail` to `head`, all of which exist."""
    legs, n = network.legs, network.size
    return legs.arc[np.searchsorted(legs.tail * n + legs.head, tail * n + head)]


def _along_paths(network: Network, before: IntArray, *, towards: bool) -> tuple[FloatArray, IntArray]:
    """Sum kilometres and ferries along the trees of predecessors by doubling steps."""
    km, ferries = np.zeros(before.shape), np.zeros(before.shape, dtype=np.int64)
    has_leg = before != NO_NODE
    tree, node = np.nonzero(has_leg)
    nearer = before[tree, node]
    leg = legs_between(network, node, nearer) if towards else legs_between(network, nearer, node)
    km[tree, node] = network.km[leg]
    ferries[tree, node] = network.ferry[leg] >= 0
    step = np.where(has_leg, before, np.arange(network.size))
    rows = np.arange(len(before))[:, None]
    while True:
        further = step[rows, step]
        if np.array_equal(further, step):
            return km, ferries
        km += km[rows, step]
        ferries += ferries[rows, step]
        step = further
