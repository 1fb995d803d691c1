"""Trees of quickest paths from a few nodes, or towards them (Dijkstra 1959, doi:10.1007/BF01386390)."""

from heapq import heappop, heappush

import numpy as np

from coverage.ground.geometry import FloatArray, IntArray
from coverage.travel.network.graph import Legs, Network

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
    found = [_search(legs, minutes, root, ends, within_min) for root in roots.tolist()]
    shape = (len(roots), network.size)
    return np.array([time for time, _ in found]).reshape(shape), np.array([to for _, to in found]).reshape(shape)


def _by_scipy(network: Network, roots: IntArray, *, towards: bool, within_min: float) -> tuple[FloatArray, IntArray]:
    from scipy.sparse import csr_array  # noqa: PLC0415 - costs a third of a second
    from scipy.sparse.csgraph import dijkstra  # noqa: PLC0415 - the same

    graph = csr_array(network.impedance.T) if towards else network.impedance
    time, before = dijkstra(graph, directed=True, indices=roots, return_predecessors=True, limit=within_min)
    return time, before.astype(np.int64)


def _search(
    legs: Legs, minutes: FloatArray, root: int, ends: IntArray, within_min: float
) -> tuple[FloatArray, IntArray]:
    """Search one tree with Dijkstra's algorithm, until all ends are reached."""
    nodes = len(legs.start) - 1
    start, head, cost = legs.start.tolist(), legs.head.tolist(), minutes.tolist()
    time, before, final = [np.inf] * nodes, [NO_NODE] * nodes, [False] * nodes
    left = set(ends.tolist())
    time[root], waiting = 0.0, [(0.0, root)]
    while waiting and left:
        spent, node = heappop(waiting)
        if final[node]:
            continue
        final[node] = True
        left.discard(node)
        for leg in range(start[node], start[node + 1]):
            there, sooner = head[leg], spent + cost[leg]
            if sooner < time[there] and sooner <= within_min:
                time[there], before[there] = sooner, node
                heappush(waiting, (sooner, there))
    known = np.array(final)
    return np.where(known, time, np.inf), np.where(known, before, NO_NODE)
