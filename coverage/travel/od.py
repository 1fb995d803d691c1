"""OD matrix: minutes and kilometres of the same quickest path from origins to destinations.

Between two places of one area with real roads only these roads (and ferries) count, so that two halves of a broken
network never seem joined by the indicative legs around them; all other pairs travel on the whole network.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.ground.geometry import FloatArray, IntArray
from coverage.travel.network.graph import Network
from coverage.travel.od_cache import kept_travel
from coverage.travel.paths import Between, Travel, no_travel, paths_between
from coverage.travel.reach import within

_BLOCK_PAIRS = 250_000
_WORTH_KEEPING = 250_000


@dataclass(frozen=True)
class Places:
    """Where destinations touch the network: node number, and the access leg from their own point to it.

    ``straight_m`` is the straight length of that leg in metres; left out, the places stand on their nodes.
    """

    ids: pd.Index
    node: IntArray
    access_min: FloatArray
    access_km: FloatArray
    straight_m: FloatArray | None = None


@dataclass(frozen=True)
class ODMatrix:
    """Travel from origins (rows) to destinations (columns).

    ``minutes`` and ``km`` are of the same path, both ``inf`` where there is none; ``ferry_legs`` counts
    crossings on it (0 where there is no path). ``snap_origin_m`` and ``snap_destination_m`` have one value a place:
    metres from its own point to the network, in an area with real roads to the nearest of them, also where the place
    could not be joined to it; 0 where the place is a node of the indicative network.
    """

    origins: pd.Index
    destinations: pd.Index
    minutes: FloatArray
    km: FloatArray
    ferry_legs: IntArray
    snap_origin_m: FloatArray
    snap_destination_m: FloatArray

    def within(self, cutoff_min: float) -> npt.NDArray[np.bool_]:
        """Tell which pairs are at most `cutoff_min` minutes apart; the cutoff itself is inside."""
        return within(self.minutes, cutoff_min)

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
            self.snap_origin_m,
            np.concatenate([self.snap_destination_m, other.snap_destination_m]),
        )

    def take(self, columns: npt.NDArray[np.bool_]) -> "ODMatrix":
        """Keep some destinations."""
        return ODMatrix(
            self.origins,
            self.destinations[columns],
            self.minutes[:, columns],
            self.km[:, columns],
            self.ferry_legs[:, columns],
            self.snap_origin_m,
            self.snap_destination_m[columns],
        )


class _Pairs:
    """Travel between given nodes by the rule of mixed networks, a block of origins at a time."""

    def __init__(self, network: Network, rows: IntArray, nodes: IntArray) -> None:
        self.row_area, self.node_area = network.area[rows], network.area[nodes]
        self.columns = len(nodes)
        areas = np.intersect1d(self.row_area[self.row_area >= 0], self.node_area)
        alone = len(areas) == 1 and (self.row_area == areas[0]).all() and (self.node_area == areas[0]).all()
        self.whole: Between | None = None if alone else paths_between(network, rows, nodes)
        self.of_area: dict[int, tuple[IntArray, IntArray, Between]] = {}
        for area in areas.tolist():
            mine, theirs = np.flatnonzero(self.row_area == area), np.flatnonzero(self.node_area == area)
            self.of_area[area] = (mine, theirs, paths_between(network.by_roads, rows[mine], nodes[theirs]))

    def block(self, start: int, end: int) -> Travel:
        """Give minutes, kilometres and ferries from origins `start` to `end` to all destinations."""
        found = no_travel((end - start, self.columns)) if self.whole is None else self.whole(np.arange(start, end))
        for mine, theirs, between in self.of_area.values():
            first, last = np.searchsorted(mine, [start, end])
            if first == last:
                continue
            pairs = np.ix_(mine[first:last] - start, theirs)
            found.minutes[pairs], found.km[pairs], found.ferries[pairs] = between(np.arange(first, last))
        return found


def od_matrix(network: Network, origins: pd.Index, places: Places) -> ODMatrix:
    """Compute the OD matrix from villages to places, without a cutoff.

    Parameters
    ----------
    network
        The network; times may differ by direction.
    origins
        Kode of villages that are nodes of the network.
    places
        Destinations (units, candidates).

    Returns
    -------
    ODMatrix
        Shape (len(origins), len(places.ids)); minutes and kilometres, ``inf`` where not connected. Large ones are
        kept on disk and read from there when the same is asked again.
    """
    return od_between(network, _at_nodes(network, origins), places)


def _at_nodes(network: Network, kode: pd.Index) -> Places:
    zero = np.zeros(len(kode))
    return Places(kode, network.numbers(kode), zero, zero)


def od_between(network: Network, origins: Places, places: Places) -> ODMatrix:
    """Compute the OD matrix from any places to any others, as :func:`od_matrix`; access legs count on both sides."""
    nodes, column = np.unique(places.node, return_inverse=True)

    def compute() -> Travel:
        return _Pairs(network, origins.node, nodes).block(0, len(origins.ids))

    large = len(origins.ids) * len(nodes) >= _WORTH_KEEPING
    travel = kept_travel(network, origins.node, nodes, compute) if large else compute()
    return _matrix(network, origins, places, travel.to(column))


def _matrix(network: Network, origins: Places, places: Places, travel: Travel) -> ODMatrix:
    minutes, km, ferries = travel
    return ODMatrix(
        origins.ids,
        places.ids,
        minutes + origins.access_min[:, None] + places.access_min,
        km + origins.access_km[:, None] + places.access_km,
        ferries,
        _snap_m(network, origins),
        _snap_m(network, places),
    )


def _snap_m(network: Network, places: Places) -> FloatArray:
    own = network.snap_m[places.node]
    return own if places.straight_m is None else own + places.straight_m


def od_blocks(network: Network, origins: pd.Index, places: Places) -> Iterator[ODMatrix]:
    """Compute the OD matrix a block of origins at a time, so that memory is bounded whatever the size."""
    rows = _at_nodes(network, origins)
    nodes, column = np.unique(places.node, return_inverse=True)
    pairs = _Pairs(network, rows.node, nodes)
    height = max(1, _BLOCK_PAIRS // max(1, len(places.ids)))
    for start in range(0, len(origins), height):
        end = min(start + height, len(origins))
        zero = np.zeros(end - start)
        block = Places(origins[start:end], rows.node[start:end], zero, zero)
        yield _matrix(network, block, places, pairs.block(start, end).to(column))
