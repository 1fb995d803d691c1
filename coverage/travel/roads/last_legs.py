"""Roads for those who have business along them: a first or last leg of a journey, never a way through.

OpenStreetMap tags them ``private``, ``destination`` and the like (:mod:`coverage.travel.roads.osm_rules`). Homes and
estates lie along them, so that they cannot be left out; and whoever only passes may not use them, so that they cannot
be roads like the others. Both hold at once if no way along them is a short cut between open roads. That is a matter of
the network and not of the search for paths: every restricted road belongs to the open road that is nearest along
restricted ones, and where the lands of two open roads meet, the road is parted. Only where nothing else joins two parts
of the open network, as at the gate of an estate whose own streets bear no tag, one way through stays.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components, dijkstra, minimum_spanning_tree

from coverage.ground.geometry import FloatArray, IntArray
from coverage.travel.roads.segments import WORDS_OF_A_PIECE, Segments

GAP_M = 2.0
"""How far the two ends of a parted road lie from each other: more than rounding and more than ends that are joined."""

_M_PER_KM = 1000.0
_SHORTEST_KM = 1e-6

Mask = npt.NDArray[np.bool_]


def without_through_traffic(pieces: Segments) -> tuple[Segments, Counter[str]]:
    """Part restricted roads so that they lead to what lies along them, and nowhere else.

    - Where one can drive to and fro on open roads, all distances are those without restricted roads.
    - An open one-way road that cannot be both entered and left without restricted ones counts as restricted: it lies
      behind the same gate.
    - Parts of the open roads, and landings of boats, that only restricted roads join stay joined, over the fewest
      kilometres that join them all; these ways count as open, in both directions. They form a tree, which is nobody's
      short cut.
    - Every place on a restricted road that hangs together with an open road stays joined to the nearest one, measured
      along restricted roads; where two are equally near the piece is parted in its middle, so that both sides stay.
    - One-way pieces between two open roads would let in and not out again once the road is parted. Where a restricted
      road cannot be both entered and left, it is driven both ways.
    - Restricted roads that no open road or boat reaches are left out: a village beside them would be joined to what
      leads nowhere.

    Parameters
    ----------
    pieces
        With :attr:`~coverage.travel.roads.segments.Segments.restricted`; doubles are removed already.

    Returns
    -------
    The pieces, none of them restricted; and ``through``, the number of ways through that were parted, and
    ``unreached``, the number of pieces left out.
    """
    if not pieces.restricted.any():
        return pieces, Counter()
    # Nodes in one order, so that of two open roads equally near the same one is taken whatever the file's order.
    west = pieces.numbered_from_west()
    behind = _with_lanes_behind_gates(west)
    opened = _with_only_ways_open(behind)
    near = _nearest(opened, _gates(opened))
    # What holds an open lane and meets no other open road is an island of its own, through which nobody passes.
    lanes = behind.tail[behind.restricted & ~west.restricted]
    part = connected_components(_restricted_graph(behind), directed=False)[1]
    unreached = opened.restricted & (near.gate[opened.tail] < 0) & ~np.isin(part[opened.tail], part[lanes])
    between = opened.restricted & (near.gate[opened.tail] != near.gate[opened.head])
    dropped = +Counter({"through": int(between.sum()), "unreached": int(unreached.sum())})
    return _parted(opened, near, between, kept=~between & ~unreached), dropped


@dataclass(frozen=True)
class _Nearest:
    """The nearest start along restricted roads, whatever their direction; one value a node.

    `gate` is that start's node and `before` the node one comes from, both negative where there is none; `km` the way.
    """

    gate: IntArray
    before: IntArray
    km: FloatArray


def _nearest(pieces: Segments, starts: Mask) -> _Nearest:
    km, before, gate = dijkstra(
        _restricted_graph(pieces),
        directed=False,
        indices=np.flatnonzero(starts),
        min_only=True,
        return_predecessors=True,
    )
    return _Nearest(np.asarray(gate, dtype=np.int64), np.asarray(before, dtype=np.int64), km)


def _restricted_graph(pieces: Segments) -> csr_array:
    """Give the kilometres of restricted pieces, each once; of several between two nodes the shortest."""
    n, rows = len(pieces.lon), np.flatnonzero(pieces.restricted)
    low, high = np.minimum(pieces.tail, pieces.head)[rows], np.maximum(pieces.tail, pieces.head)[rows]
    km = np.maximum(pieces.km()[rows], _SHORTEST_KM)
    order = np.lexsort((km, high, low))
    ends, first = np.unique(np.column_stack([low, high])[order], axis=0, return_index=True)
    return csr_array((km[order][first], (ends[:, 0], ends[:, 1])), shape=(n, n))


def _touched(pieces: Segments, rows: Mask) -> Mask:
    """Tell which nodes some pieces touch."""
    nodes = np.zeros(len(pieces.lon), dtype=bool)
    nodes[pieces.tail[rows]] = True
    nodes[pieces.head[rows]] = True
    return nodes


def _gates(pieces: Segments) -> Mask:
    """Tell where restricted roads begin: at open roads, and at landings where no open road is to be had."""
    closed = _touched(pieces, pieces.restricted)
    on_roads = closed & _touched(pieces, ~pieces.restricted & ~pieces.is_ferry())
    part = connected_components(_restricted_graph(pieces), directed=False)[1]
    return on_roads | (closed & _touched(pieces, pieces.is_ferry()) & ~np.isin(part, part[on_roads]))


def _with_lanes_behind_gates(pieces: Segments) -> Segments:
    """Count open roads as restricted where one drives to and fro only with the help of restricted ones."""
    land = ~pieces.is_ferry()
    pieces = pieces.with_pieces(one_way=pieces.one_way & ~(pieces.restricted & ~_to_and_fro(pieces, land)))
    by_open = land & ~pieces.restricted
    behind = by_open & _to_and_fro(pieces, land) & ~_to_and_fro(pieces, by_open)
    return pieces.with_pieces(restricted=pieces.restricted | behind)


def _with_only_ways_open(pieces: Segments) -> Segments:
    """Open the ways that alone join parts of the open roads and landings: their minimum spanning tree.

    A part is where one can drive to and fro. The tree is sought among the shortest ways that cross from the land of
    one part into the land of another, which hold one of the whole (Mehlhorn 1988, Information Processing Letters 27).
    """
    by_road = ~pieces.restricted & ~pieces.is_ferry()
    by_road &= _to_and_fro(pieces, by_road)
    n = len(pieces.lon)
    joins = coo_array((np.ones(int(by_road.sum())), (pieces.tail[by_road], pieces.head[by_road])), shape=(n, n))
    part = connected_components(joins, directed=False)[1]
    near = _nearest(pieces, _touched(pieces, ~pieces.restricted))
    owner = np.where(near.gate >= 0, part[np.maximum(near.gate, 0)], -1)
    rows = np.flatnonzero(pieces.restricted & (owner[pieces.tail] != owner[pieces.head]))
    tail, head = pieces.tail[rows], pieces.head[rows]
    pair = np.sort(np.column_stack([owner[tail], owner[head]]), axis=1)
    km = near.km[tail] + pieces.km()[rows] + near.km[head]
    order = np.lexsort((np.maximum(tail, head), np.minimum(tail, head), km, pair[:, 1], pair[:, 0]))
    ends, first = np.unique(pair[order], axis=0, return_index=True)
    links = csr_array((km[order][first], (ends[:, 0], ends[:, 1])), shape=(n, n))
    one, other = minimum_spanning_tree(links).nonzero()
    chosen = rows[order][first][np.isin(ends @ (n, 1), np.minimum(one, other) * n + np.maximum(one, other))]
    opened = _led_home(pieces, near, np.union1d(pieces.tail[chosen], pieces.head[chosen]))
    opened[chosen] = True
    return pieces.with_pieces(restricted=pieces.restricted & ~opened, one_way=pieces.one_way & ~opened)


def _led_home(pieces: Segments, near: _Nearest, nodes: IntArray) -> Mask:
    """Tell which restricted pieces lie on the ways from some nodes to their gates."""
    came = np.full(len(pieces.lon), -1, dtype=np.int64)
    way = nodes[near.before[nodes] >= 0]
    while len(way):
        came[way] = near.before[way]
        back = np.unique(came[way])
        way = back[near.before[back] >= 0]
    return np.asarray(
        pieces.restricted & ((came[pieces.tail] == pieces.head) | (came[pieces.head] == pieces.tail)), dtype=bool
    )


def _parted(pieces: Segments, near: _Nearest, between: Mask, *, kept: Mask) -> Segments:
    """Part the pieces between two gates where both are equally far, and keep some of the others."""
    rows = np.flatnonzero(between)
    tail, head, km = pieces.tail[rows], pieces.head[rows], pieces.km()[rows]
    middle = np.clip((km + near.km[head] - near.km[tail]) / 2, 0.0, km)
    half_gap = GAP_M / 2 / _M_PER_KM
    share = np.stack([middle - half_gap, middle + half_gap]) / km
    lon, lat = (at[tail] + share * (at[head] - at[tail]) for at in (pieces.lon, pieces.lat))
    fresh = len(pieces.lon) + np.arange(2 * len(rows)).reshape(2, -1)
    source = np.concatenate([np.arange(len(pieces.tail)), rows, rows])
    both = Segments(
        lon=np.concatenate([pieces.lon, *lon]),
        lat=np.concatenate([pieces.lat, *lat]),
        tail=np.concatenate([pieces.tail, tail, fresh[1]]),
        head=np.concatenate([pieces.head, fresh[0], head]),
        **{name: getattr(pieces, name)[source] for name in WORDS_OF_A_PIECE},
    )
    # A half shorter than its part of the gap is nothing; the other one then reaches as far as the gap lets it.
    half = np.concatenate([middle - half_gap, km - middle - half_gap]) > _SHORTEST_KM
    stays = np.concatenate([kept, half])
    parts = both.only(stays)
    one_way = parts.one_way & ~(parts.restricted & ~_to_and_fro(parts, parts.restricted))
    return parts.with_pieces(one_way=one_way, restricted=np.zeros(len(parts.tail), dtype=bool))


def _to_and_fro(pieces: Segments, out: Mask) -> Mask:
    """Tell from which pieces one can drive back to where one came from, using only the pieces in `out`."""
    back = out & ~pieces.one_way
    tail = np.concatenate([pieces.tail[out], pieces.head[back]])
    head = np.concatenate([pieces.head[out], pieces.tail[back]])
    n = len(pieces.lon)
    strong = connected_components(coo_array((np.ones(len(tail)), (tail, head)), shape=(n, n)), connection="strong")[1]
    return np.asarray(strong[pieces.tail] == strong[pieces.head], dtype=bool)
