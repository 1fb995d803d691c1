"""The indicative network: the proximity graph with detours and speeds put on, and ferries between islands."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from coverage.ground.codes import is_city
from coverage.ground.geometry import FloatArray, IntArray
from coverage.ground.registry import data_file
from coverage.travel.network.speeds import Speeds

_MINUTES_PER_HOUR = 60.0
_LEAST_MIN = 1e-6
_SHORTEST_KM = 0.05


@dataclass(frozen=True)
class Network:
    """Nodes (villages) and undirected legs with minutes and kilometres.

    ``a``, ``b`` are node numbers; ``ferry`` is the number of the ferry in ``ferry_ids`` or -1 for road.
    """

    nodes: pd.Index
    a: IntArray
    b: IntArray
    minutes: FloatArray
    km: FloatArray
    ferry: IntArray
    ferry_ids: tuple[str, ...]
    tier: str

    @cached_property
    def legs(self) -> csr_array:
        """Legs as a symmetric matrix of leg number + 1; of parallel legs the quickest stays."""
        n = len(self.nodes)
        row, col = np.concatenate([self.a, self.b]), np.concatenate([self.b, self.a])
        leg = np.tile(np.arange(len(self.a)), 2)
        order = np.lexsort((self.minutes[leg], col, row))
        row, col, leg = row[order], col[order], leg[order]
        first = np.r_[True, (np.diff(row) != 0) | (np.diff(col) != 0)] if len(row) else np.zeros(0, dtype=bool)
        return csr_array((leg[first] + 1, (row[first], col[first])), shape=(n, n))

    @cached_property
    def impedance(self) -> csr_array:
        """Minutes per leg as a symmetric matrix."""
        matrix = self.legs.astype(np.float64)
        matrix.data = self.minutes[self.legs.data - 1]
        return matrix

    @cached_property
    def component(self) -> IntArray:
        """Number of the connected part each node belongs to."""
        return np.asarray(connected_components(self.impedance, directed=False)[1], dtype=np.int64)

    def without_ferries(self, ids: Collection[str]) -> "Network":
        """Take ferries out; the same network where none of them is in it."""
        out = [number for number, id_ in enumerate(self.ferry_ids) if id_ in ids]
        kept = ~np.isin(self.ferry, out)
        if kept.all():
            return self
        return replace(
            self, a=self.a[kept], b=self.b[kept], minutes=self.minutes[kept], km=self.km[kept], ferry=self.ferry[kept]
        )

    def part(self, kept: npt.NDArray[np.bool_]) -> "Network":
        """Cut the network down to the nodes in `kept`."""
        number = np.cumsum(kept) - 1
        inside = kept[self.a] & kept[self.b]
        return Network(
            self.nodes[kept],
            number[self.a[inside]],
            number[self.b[inside]],
            self.minutes[inside],
            self.km[inside],
            self.ferry[inside],
            self.ferry_ids,
            self.tier,
        )


def road_legs(edges: pd.DataFrame, villages: pd.DataFrame, speeds: Speeds) -> tuple[FloatArray, FloatArray]:
    """Give minutes and road kilometres of proximity edges.

    The detour factor grows with relief, ``base + slope * |dh| / km``; water inside an edge is walked
    around; speed goes by what stands at the two ends.

    Parameters
    ----------
    edges
        ``a``, ``b`` (row numbers of `villages`), ``km`` (straight), ``water_km``.
    villages
        Index ``kode``; ``kind``, ``elevation_m`` (NaN: taken as level).
    """
    a, b = edges["a"].to_numpy(np.int64), edges["b"].to_numpy(np.int64)
    straight, water = edges["km"].to_numpy(np.float64), edges["water_km"].to_numpy(np.float64)
    height = villages["elevation_m"].to_numpy(np.float64)
    rise = np.nan_to_num(np.abs(height[a] - height[b]))
    slope = np.minimum(rise / np.maximum(straight, _SHORTEST_KM), speeds.detour_max_m_per_km)
    factor = speeds.detour_base + speeds.detour_per_m_per_km * slope
    km = (straight - water) * factor + water * speeds.detour_water
    city = np.array([is_city(kode) for kode in villages.index])
    urban = villages["kind"].to_numpy() == "kelurahan"
    speed = np.full(len(a), speeds.rural)
    speed[city[a] | city[b] | (urban[a] & urban[b])] = speeds.mixed
    speed[city[a] & city[b]] = speeds.urban
    return km / speed * _MINUTES_PER_HOUR, km


def build_network(villages: pd.DataFrame, ferries: pd.DataFrame, speeds: Speeds) -> Network:
    """Build the indicative network of the embedded village table.

    Parameters
    ----------
    villages
        All villages, in the order of the embedded file.
    ferries
        Legs of :func:`coverage.travel.network.ferries.ferry_legs`.
    speeds
        Speeds and detours.
    """
    edges = pd.read_parquet(data_file("proximity"))
    minutes, km = road_legs(edges, villages, speeds)
    start, end = villages.index.get_indexer(ferries["from_kode"]), villages.index.get_indexer(ferries["to_kode"])
    return Network(
        villages.index,
        np.concatenate([edges["a"].to_numpy(np.int64), start]),
        np.concatenate([edges["b"].to_numpy(np.int64), end]),
        np.maximum(np.concatenate([minutes, ferries["minutes"].to_numpy(float)]), _LEAST_MIN),
        np.concatenate([km, ferries["km"].to_numpy(float)]),
        np.concatenate([np.full(len(edges), -1, dtype=np.int64), np.arange(len(ferries), dtype=np.int64)]),
        tuple(ferries.index),
        "indikatif",
    )
