"""The directed network that all travel is computed on: places, road junctions and the arcs between them."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.ground.geometry import FloatArray, IntArray

if TYPE_CHECKING:
    from scipy.sparse import csr_array

ROAD, INDICATIVE, ACCESS, FERRY = range(4)
"""What an arc is: a real road, an indicative leg between two villages, the way from a place to the road, a ferry."""

INDICATIVE_TIER, REAL_TIER, MIXED_TIER = "indikatif", "nyata", "campuran"
LEAST_MIN = 1e-6
"""No arc is quicker: a sparse matrix keeps no arc of no time."""

JOINED_LEGS = "+"
"""Between the ids of the legs of one boat's line that are joined into one."""

OF_ARCS = ("tail", "head", "minutes", "km", "ferry", "kind", "wait_min", "edge", "start", "end")
OF_NODES = ("lon", "lat", "area", "snap_m")


@dataclass(frozen=True, kw_only=True)
class Network:
    """Nodes and directed arcs with minutes and kilometres.

    Nodes are numbered: villages first, then places with a point of their own, then junctions and snap points.

    Attributes
    ----------
    nodes
        Kode of the villages.
    own
        Ids of the places with a point of their own; their nodes follow those of the villages.
    lon, lat
        Of every node, degrees (EPSG:4326), shape (size,); NaN where nobody draws it.
    area
        Number of the area with real roads that a place lies in; -1 for other places, junctions and snap points.
    snap_m
        Metres from a place to the nearest road, also where it could not be joined to it; 0 for all other nodes.
    tail, head, minutes, km
        Arcs, shape (m,); minutes are at least :data:`LEAST_MIN`.
    ferry
        Number of the ferry in ``ferry_ids``, -1 for other arcs.
    kind
        :data:`ROAD`, :data:`INDICATIVE`, :data:`ACCESS` or :data:`FERRY`.
    wait_min
        Part of a ferry's minutes that is waiting; 0 for other arcs.
    edge, start, end
        Line of a real road's arc in ``lines`` (-1: straight) and the shares of its length where the arc starts and
        ends; ``start > end`` where the arc runs against the line.
    ferry_names, ferry_estimated
        Of the ferries in ``ferry_ids``: name, and which of its times are assumed ("", "sailing", "wait" or
        "sailing,wait").
    lines
        Lines of real roads, EPSG:4326.
    tier
        ``indikatif``, ``nyata`` or ``campuran``.
    """

    nodes: pd.Index
    own: pd.Index
    lon: FloatArray
    lat: FloatArray
    area: IntArray
    snap_m: FloatArray
    tail: IntArray
    head: IntArray
    minutes: FloatArray
    km: FloatArray
    ferry: IntArray
    kind: IntArray
    wait_min: FloatArray
    edge: IntArray
    start: FloatArray
    end: FloatArray
    ferry_ids: tuple[str, ...]
    ferry_names: tuple[str, ...]
    ferry_estimated: tuple[str, ...]
    lines: npt.NDArray[np.object_]
    tier: str

    @property
    def size(self) -> int:
        """Number of nodes."""
        return len(self.lon)

    def numbers(self, kode: pd.Index, own: npt.NDArray[np.bool_] | None = None) -> IntArray:
        """Give node numbers of villages by kode, and of places with a point of their own by id; -1 where not known.

        Parameters
        ----------
        kode
            Kode of villages, ids where `own` is true.
        own
            Which of them are places with a point of their own; by default none.
        """
        found = np.asarray(self.nodes.get_indexer(kode), dtype=np.int64)
        if own is None or not own.any():
            return found
        at = np.asarray(self.own.get_indexer(kode), dtype=np.int64)
        return np.where(own, np.where(at >= 0, at + len(self.nodes), -1), found)

    @cached_property
    def legs(self) -> "SortedArcs":
        """The arcs that are travelled: of parallel ones the quickest stays, of equally quick the shortest."""
        order = np.lexsort((self.km, self.minutes, self.head, self.tail))
        row, col = self.tail[order], self.head[order]
        first = np.r_[True, (np.diff(row) != 0) | (np.diff(col) != 0)] if len(row) else np.zeros(0, dtype=bool)
        return SortedArcs.of(order[first], row[first], col[first], self.size)

    @cached_property
    def legs_back(self) -> "SortedArcs":
        """The arcs of :attr:`legs` turned round: row by row those that lead to a node."""
        legs = self.legs
        order = np.argsort(legs.head, kind="stable")
        return SortedArcs.of(legs.arc[order], legs.head[order], legs.tail[order], self.size)

    @cached_property
    def impedance(self) -> "csr_array":
        """Minutes per arc as a matrix: rows are tails, columns heads."""
        from scipy.sparse import csr_array  # noqa: PLC0415 - costs a third of a second, and few arcs do without

        legs = self.legs
        return csr_array((self.minutes[legs.arc], legs.head, legs.start), shape=(self.size, self.size))

    @cached_property
    def component(self) -> IntArray:
        """Number of the (weakly) connected part each node belongs to."""
        return connected_parts(self.size, self.tail, self.head)

    @cached_property
    def boats(self) -> frozenset[str]:
        """Ids of the ferries that sail in it; of a boat's joined legs, those of its parts."""
        sailing = np.unique(self.ferry[self.ferry >= 0])
        return frozenset(id_ for number in sailing for id_ in self.ferry_ids[number].split(JOINED_LEGS))

    @cached_property
    def by_roads(self) -> "Network":
        """The same network without its indicative legs: what counts between two places of one area."""
        return self._with_arcs(self.kind != INDICATIVE)

    @cached_property
    def group(self) -> IntArray:
        """Number of the part within which places can reach each other by the rule of mixed networks."""
        ruled = self.area >= 0
        if not ruled.any():
            return self.component
        return np.where(ruled, self.by_roads.component + self.component.max() + 1, self.component)

    def without_ferries(self, ids: Collection[str]) -> "Network":
        """Take ferries out; the same network where none of them is in it."""
        out = [number for number, id_ in enumerate(self.ferry_ids) if id_ in ids]
        kept = ~np.isin(self.ferry, out)
        return self if kept.all() else self._with_arcs(kept)

    def part(self, kept: npt.NDArray[np.bool_]) -> "Network":
        """Cut the network down to the nodes in `kept`, shape (size,)."""
        number = np.cumsum(kept) - 1
        inside = kept[self.tail] & kept[self.head]
        villages = len(self.nodes)
        kind = self.kind[inside]
        cut = self._with_arcs(inside)
        return replace(
            cut,
            nodes=self.nodes[kept[:villages]],
            own=self.own[kept[villages : villages + len(self.own)]],
            tail=number[cut.tail],
            head=number[cut.head],
            tier=tier_of(kind, otherwise=self.tier),
            **{name: getattr(self, name)[kept] for name in OF_NODES},
        )

    def _with_arcs(self, kept: npt.NDArray[np.bool_]) -> "Network":
        return replace(self, **{name: getattr(self, name)[kept] for name in OF_ARCS})


@dataclass(frozen=True)
class Mixed:
    """A network with real roads in it, and what there is to tell about it.

    Attributes
    ----------
    network
        See :class:`coverage.travel.network.graph.Network`.
    snaps
        Places of the areas with roads, by kode or unit id: ``area`` (kode), ``metres``, ``reason`` ("" where joined;
        see :mod:`coverage.travel.network.snapping`).
    ferries
        Ferry ways of the roads, by id: ``area``, ``name``, ``km``, ``sailing_min``, ``wait_min``, ``vehicles``,
        ``estimated``, ``line``.
    """

    network: Network
    snaps: pd.DataFrame
    ferries: pd.DataFrame


@dataclass(frozen=True)
class SortedArcs:
    """Arcs in the order of their tails, then heads, each pair of nodes once.

    Attributes
    ----------
    arc
        Number of the arc in the network, shape (m,).
    tail, head
        Its nodes, shape (m,).
    start
        Where the arcs of each node begin, and at last how many there are, shape (nodes + 1,).
    """

    arc: IntArray
    tail: IntArray
    head: IntArray
    start: IntArray

    @classmethod
    def of(cls, arc: IntArray, tail: IntArray, head: IntArray, nodes: int) -> "SortedArcs":
        """Make them of arcs that are in order."""
        return cls(arc, tail, head, np.searchsorted(tail, np.arange(nodes + 1)))


def connected_parts(size: int, tail: IntArray, head: IntArray) -> IntArray:
    """Give each node the number of its connected part, whichever way arcs lead; parts count by their first nodes.

    All nodes of a part come to bear its smallest number: each part takes over its smallest neighbour's, again and
    again, until no arc leads to another (Shiloach, Vishkin 1982, doi:10.1016/0196-6774(82)90008-6).

    Examples
    --------
    >>> connected_parts(5, np.array([3, 4]), np.array([1, 3])).tolist()
    [0, 1, 2, 1, 1]
    """
    least = np.arange(size, dtype=np.int64)
    while True:
        one, other = least[tail], least[head]
        apart = one != other
        if not apart.any():
            return np.asarray(np.unique(least, return_inverse=True)[1], dtype=np.int64)
        tail, head = tail[apart], head[apart]
        np.minimum.at(least, np.maximum(one, other)[apart], np.minimum(one, other)[apart])
        while not np.array_equal(further := least[least], least):
            least = further


def tier_of(kind: IntArray, *, otherwise: str) -> str:
    """Name the tier of a network by the kinds of its arcs; `otherwise` where it has no road of either kind."""
    real, indicative = bool((kind == ROAD).any()), bool((kind == INDICATIVE).any())
    if real:
        return MIXED_TIER if indicative else REAL_TIER
    return INDICATIVE_TIER if indicative and otherwise in {REAL_TIER, MIXED_TIER} else otherwise


@dataclass(frozen=True)
class Legs:
    """Legs that take the same time both ways, shape (m,).

    ``a``, ``b``: node numbers of a leg's ends. ``minutes``, ``km``: of each way. ``ferry``: number of the ferry, -1 for
    a leg by road.
    """

    a: IntArray
    b: IntArray
    minutes: FloatArray
    km: FloatArray
    ferry: IntArray


def two_way(nodes: pd.Index, legs: Legs, ferry_ids: tuple[str, ...], **more: Any) -> Network:
    """Make an indicative network, whose legs take the same time both ways.

    Parameters
    ----------
    legs
        All that are no ferry are indicative.
    more
        Other fields of :class:`Network`, those of arcs once for each leg.
    """
    count, size = len(legs.a), len(nodes)
    given = {
        "own": nodes[:0],
        "lon": np.full(size, np.nan),
        "lat": np.full(size, np.nan),
        "area": np.full(size, -1, dtype=np.int64),
        "snap_m": np.zeros(size),
        "minutes": np.maximum(legs.minutes, LEAST_MIN),
        "km": legs.km,
        "ferry": legs.ferry,
        "kind": np.where(legs.ferry >= 0, FERRY, INDICATIVE),
        "wait_min": np.zeros(count),
        "edge": np.full(count, -1, dtype=np.int64),
        "start": np.zeros(count),
        "end": np.ones(count),
        "ferry_names": ferry_ids,
        "ferry_estimated": ("",) * len(ferry_ids),
        "lines": np.empty(0, dtype=object),
        "tier": INDICATIVE_TIER,
        **more,
    }
    both = {name: np.tile(given[name], 2) for name in OF_ARCS if name in given}
    ends = {"tail": np.concatenate([legs.a, legs.b]), "head": np.concatenate([legs.b, legs.a])}
    return Network(nodes=nodes, ferry_ids=ferry_ids, **given | both | ends)


def arc_table(
    kind: int, tail: IntArray, head: IntArray, minutes: FloatArray, km: FloatArray, **more: np.ndarray
) -> dict[str, np.ndarray]:
    """Give the fields of some arcs of one kind; what `more` does not name is that of a straight line on land."""
    count = len(tail)
    return {
        "tail": tail,
        "head": head,
        "minutes": np.maximum(minutes, LEAST_MIN),
        "km": km,
        "kind": np.full(count, kind, dtype=np.int64),
        "ferry": np.full(count, -1, dtype=np.int64),
        "wait_min": np.zeros(count),
        "edge": np.full(count, -1, dtype=np.int64),
        "start": np.zeros(count),
        "end": np.ones(count),
        **more,
    }
