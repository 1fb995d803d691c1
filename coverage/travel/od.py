"""OD matrix: minutes and kilometres of the same quickest path between origins and destinations.

Legs have the same time both ways on the indicative network, so paths to a few destinations are searched from
there (Dijkstra 1959, doi:10.1007/BF01386390, in SciPy); many destinations are answered by hub labels.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse.csgraph import dijkstra

from coverage.ground.geometry import FloatArray, IntArray
from coverage.travel.hub_labels import Arcs, build_labels
from coverage.travel.network.indicative import Network

_NO_NODE = -9999
_BLOCK = 64
_MANY = 100
_FERRY_MARK = 1e6


@dataclass(frozen=True)
class Places:
    """Where units touch the network: node number, and the access leg from their own point to it."""

    ids: pd.Index
    node: IntArray
    access_min: FloatArray
    access_km: FloatArray


@dataclass(frozen=True)
class ODMatrix:
    """Travel from origins (rows) to destinations (columns).

    ``minutes`` and ``km`` are of the same path, both ``inf`` where there is none; ``ferry_legs`` counts
    crossings on it (0 where there is no path).
    """

    origins: pd.Index
    destinations: pd.Index
    minutes: FloatArray
    km: FloatArray
    ferry_legs: IntArray

    def within(self, cutoff_min: float) -> npt.NDArray[np.bool_]:
        """Tell which pairs are at most `cutoff_min` minutes apart; the cutoff itself is inside."""
        return self.minutes <= cutoff_min

    def nearest(self) -> tuple[IntArray, FloatArray, FloatArray]:
        """Give per origin the column of the quickest destination (-1: none), its minutes and kilometres.

        Of equally quick destinations the first column wins.
        """
        rows = np.arange(len(self.origins))
        if len(self.destinations) == 0:
            none = np.full(len(rows), np.inf)
            return np.full(len(rows), -1, dtype=np.int64), none, none
        column = np.argmin(self.minutes, axis=1)
        minutes, km = self.minutes[rows, column], self.km[rows, column]
        return np.where(np.isfinite(minutes), column, -1), minutes, km

    def with_columns(self, other: "ODMatrix") -> "ODMatrix":
        """Append the destinations of a matrix with the same origins."""
        return ODMatrix(
            self.origins,
            self.destinations.append(other.destinations),
            np.hstack([self.minutes, other.minutes]),
            np.hstack([self.km, other.km]),
            np.hstack([self.ferry_legs, other.ferry_legs]),
        )

    def take(self, columns: npt.NDArray[np.bool_]) -> "ODMatrix":
        """Keep some destinations."""
        return ODMatrix(
            self.origins,
            self.destinations[columns],
            self.minutes[:, columns],
            self.km[:, columns],
            self.ferry_legs[:, columns],
        )


def _along_paths(network: Network, before: IntArray) -> tuple[FloatArray, IntArray]:
    """Sum kilometres and ferries along the trees of predecessors by doubling steps."""
    n = len(network.nodes)
    legs = network.legs
    km, ferries = np.zeros(before.shape), np.zeros(before.shape, dtype=np.int64)
    has_leg = before != _NO_NODE
    tree, node = np.nonzero(has_leg)
    first = before[tree, node].astype(np.int64)
    keys = np.repeat(np.arange(n, dtype=np.int64), np.diff(legs.indptr)) * n + legs.indices
    leg = legs.data[np.searchsorted(keys, first * n + node)] - 1
    km[tree, node] = network.km[leg]
    ferries[tree, node] = network.ferry[leg] >= 0
    step = np.where(has_leg, before, np.arange(n))
    rows = np.arange(len(before))[:, None]
    while True:
        further = step[rows, step]
        if np.array_equal(further, step):
            return km, ferries
        km += km[rows, step]
        ferries += ferries[rows, step]
        step = further


def _by_labels(network: Network, rows: IntArray, nodes: IntArray) -> tuple[FloatArray, FloatArray, IntArray]:
    """Answer many destinations; a ferry rides along in the kilometres as a mark larger than any path."""
    legs = network.legs
    tail = np.repeat(np.arange(len(network.nodes), dtype=np.int64), np.diff(legs.indptr))
    leg = legs.data - 1
    marked = network.km[leg] + _FERRY_MARK * (network.ferry[leg] >= 0)
    arcs = Arcs(len(network.nodes), tail, legs.indices.astype(np.int64), network.minutes[leg], marked)
    minutes, km = build_labels(arcs, np.union1d(rows, nodes)).between(rows, nodes)
    ferries = np.zeros(km.shape, dtype=np.int64)
    connected = np.isfinite(km)
    ferries[connected] = km[connected] // _FERRY_MARK
    return minutes, km - _FERRY_MARK * ferries, ferries


def od_matrix(network: Network, origins: pd.Index, places: Places) -> ODMatrix:
    """Compute the OD matrix from villages to places, without a cutoff.

    Parameters
    ----------
    network
        The network; its legs take the same time both ways.
    origins
        Kode of villages that are nodes of the network.
    places
        Destinations (units, candidates).

    Returns
    -------
    ODMatrix
        Shape (len(origins), len(places.ids)); minutes and kilometres, ``inf`` where not connected.
    """
    rows = network.nodes.get_indexer(origins)
    shape = (len(origins), len(places.ids))
    nodes, column = np.unique(places.node, return_inverse=True)
    if len(nodes) > _MANY:
        minutes, km, ferries = _by_labels(network, rows, nodes)
        return ODMatrix(
            origins,
            places.ids,
            minutes[:, column] + places.access_min,
            km[:, column] + places.access_km,
            ferries[:, column],
        )
    minutes, km, ferries = np.full(shape, np.inf), np.full(shape, np.inf), np.zeros(shape, dtype=np.int64)
    for start in range(0, len(nodes), _BLOCK):
        block = nodes[start : start + _BLOCK]
        time, before = dijkstra(network.impedance, directed=True, indices=block, return_predecessors=True)
        path_km, path_ferries = _along_paths(network, before.astype(np.int64))
        path_km[~np.isfinite(time)] = np.inf
        mine = np.flatnonzero((column >= start) & (column < start + _BLOCK))
        tree = column[mine] - start
        minutes[:, mine] = time[np.ix_(tree, rows)].T + places.access_min[mine]
        km[:, mine] = path_km[np.ix_(tree, rows)].T + places.access_km[mine]
        ferries[:, mine] = path_ferries[np.ix_(tree, rows)].T
    return ODMatrix(origins, places.ids, minutes, km, ferries)
