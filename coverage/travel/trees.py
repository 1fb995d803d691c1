"""Trees of quickest paths from a few nodes, or towards them (Dijkstra 1959, doi:10.1007/BF01386390)."""

from heapq import heappop, heappush

import numpy as np

from coverage.ground.geometry import FloatArray, IntArray
from coverage.travel.network.graph import Network

__all__ = ["NO_NODE", "quickest_trees"]

NO_NODE = -9999
"""Stands for the node before the first, as in SciPy."""

_SMALL = 100_000
"""Nodes of all trees together up to which loading SciPy takes longer than searching without it."""


def quickest_trees(
    network: Network, roots: IntArray, ends: IntArray, *, towards: bool, within_min: float = np.inf
) -> tuple[FloatArray, IntArray]:
    """Search the quickest paths from roots to ends, or with `towards` from ends to the roots.

    Parameters
    ----------
    network
        Whose legs all take some time.
    roots, ends
        Node numbers, shape (k,) and (n,).
    within_min
        Ends farther away need not be found.

    Returns
    -------
    Minutes (``inf``: not found) and the node before (with `towards`: after) each node on its path (:data:`NO_NODE`:
    none), both of shape (k, nodes of the network); those of the ends and of the nodes on the ways to them are right. Of
    equally quick ways to a node, that over the nearer node before it is taken.
    """
    if len(roots) * network.size > _SMALL:
        return _by_scipy(network, roots, towards=towards, within_min=within_min)
    legs = network.legs_back if towards else network.legs
    minutes = network.minutes[legs.arc]
    part = network.component
    lists = legs.start.tolist(), legs.head.tolist(), minutes.tolist()
    found = [_search(lists, root, ends[part[ends] == part[root]], within_min) for root in roots.tolist()]
    shape = (len(roots), network.size)
    return np.array([time for time, _ in found]).reshape(shape), np.array([to for _, to in found]).reshape(shape)


def _by_scipy(network: Network, roots: IntArray, *, towards: bool, within_min: float) -> tuple[FloatArray, IntArray]:
    from scipy.sparse import csr_array  # noqa: PLC0415 - costs a third of a second
    from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415 - the same

    graph = csr_array(network.impedance.T) if towards else network.impedance
    time, before = dijkstra(graph, directed=True, indices=roots, return_predecessors=True, limit=within_min)
    return time, before.astype(np.int64)


def _search(
    legs: tuple[list[int], list[int], list[float]], root: int, ends: IntArray, within_min: float
) -> tuple[FloatArray, IntArray]:
    """Search one tree until all ends are reached, which must be of its part."""
    start, head, minutes = legs
    time, before = [np.inf] * (len(start) - 1), [NO_NODE] * (len(start) - 1)
    left, last = set(ends.tolist()), 0.0
    time[root], waiting = 0.0, [(0.0, root)]
    while waiting and left:
        last, node = heappop(waiting)
        if last > time[node]:
            continue
        left.discard(node)
        for leg in range(start[node], start[node + 1]):
            sooner, there = last + minutes[leg], head[leg]
            if sooner < time[there] and sooner <= within_min:
                time[there], before[there] = sooner, node
                heappush(waiting, (sooner, there))
    # Who is farther than the last end may not have been reached by the quickest way yet.
    found = np.array(time)
    reached = found <= last
    return np.where(reached, found, np.inf), np.where(reached, before, NO_NODE)
