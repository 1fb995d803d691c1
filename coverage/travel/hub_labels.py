"""Exact travel between many places on a directed road graph, by hub labels on an elimination tree.

Every node is eliminated once, the one with the fewest neighbours first, and its neighbours are joined by
shortcuts that keep all shortest paths. The order makes a tree in which a shortest path between two nodes
always has a node among their common ancestors (its hub), so it is enough to know each node's distance to and
from its ancestors: ``d(s, t) = min over common ancestors h of d(s, h) + d(h, t)``. Road networks have small
separators, and the tree stays low (about 230 for 65 000 nodes).

Source: hierarchical 2-hop labels (Ouyang et al. 2018, doi:10.1145/3183713.3196913) on the elimination order
of customizable contraction hierarchies (Dibbelt, Strasser & Wagner 2016, doi:10.1145/2886843).
"""

import heapq
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from coverage.ground.geometry import FloatArray, IntArray

_INF = float("inf")
_BLOCK_ROWS = 48
_DENSE_NODES = 4_000
_DENSE_DEGREE = 14

Shortcut = tuple[float, float, float, float]
"""Minutes and kilometres out to the neighbour, minutes and kilometres in from it."""


@dataclass(frozen=True)
class Arcs:
    """Directed arcs of a graph with `nodes` nodes; arrays of one length, minutes not negative.

    Of parallel arcs the quicker counts, of equally quick ones the shorter.
    """

    nodes: int
    tail: IntArray
    head: IntArray
    minutes: FloatArray
    km: FloatArray


@dataclass(frozen=True)
class HubLabels:
    """Distances of places to and from their ancestors in the elimination tree.

    ``row``: row of each labelled graph node (-1: none). ``path``: rows of a node's ancestors, root first, then itself,
    then -1. ``out_min``, ``out_km``: from the node to the ancestor at that depth; ``in_min``, ``in_km`` back. All of
    shape (labelled nodes, height).
    """

    row: IntArray
    path: IntArray
    out_min: FloatArray
    out_km: FloatArray
    in_min: FloatArray
    in_km: FloatArray

    def between(self, origins: IntArray, destinations: IntArray) -> tuple[FloatArray, FloatArray]:
        """Give minutes and kilometres of the quickest path between each pair.

        Parameters
        ----------
        origins, destinations
            Graph nodes that were named when the labels were built.

        Returns
        -------
        Two arrays of shape (len(origins), len(destinations)); both ``inf`` where there is no path.
        """
        row_order, row_path = self._sorted(origins)
        column_order, column_path = self._sorted(destinations)
        hubs = _shared_hubs(row_path, column_path)
        rows, columns = self.row[origins[row_order]], self.row[destinations[column_order]]
        out_min, in_min = np.ascontiguousarray(self.out_min[rows].T), np.ascontiguousarray(self.in_min[columns].T)
        out_km, in_km = self.out_km[rows], self.in_km[columns]
        height, wide = out_km.shape[1], len(destinations)
        minutes = np.empty((len(origins), wide))
        km = np.empty((len(origins), wide))

        def fill(start: int) -> None:
            end = min(start + _BLOCK_ROWS, len(origins))
            best = np.full((end - start, wide), _INF)
            hub = np.full(best.shape, -1, dtype=np.int16)
            through, quicker = np.empty(best.shape), np.empty(best.shape, dtype=bool)
            for depth, first_row, last_row, first_column, last_column in hubs:
                low, high = max(first_row, start), min(last_row, end)
                if low >= high:
                    continue
                block = (slice(low - start, high - start), slice(first_column, last_column))
                trial = through[: high - low, : last_column - first_column]
                better = quicker[: high - low, : last_column - first_column]
                np.add(out_min[depth, low:high, None], in_min[depth, None, first_column:last_column], out=trial)
                np.less(trial, best[block], out=better)
                np.copyto(best[block], trial, where=better)
                np.copyto(hub[block], depth, where=better)
            at = hub.astype(np.int64)
            length = out_km.ravel().take(at + np.arange(start, end)[:, None] * height, mode="clip")
            length += in_km.ravel().take(at + np.arange(wide)[None, :] * height, mode="clip")
            length[hub < 0] = _INF
            minutes[row_order[start:end, None], column_order[None, :]] = best
            km[row_order[start:end, None], column_order[None, :]] = length

        _in_threads(fill, range(0, len(origins), _BLOCK_ROWS))
        return minutes, km

    def _sorted(self, nodes: IntArray) -> tuple[IntArray, IntArray]:
        """Order nodes so that each subtree is one run, and give their paths."""
        path = self.path[self.row[nodes]]
        order = np.lexsort(path.T[::-1])
        return order, path[order]


def _in_threads(work: Callable[[int], None], items: range) -> None:
    """Run numpy work on all cores; numpy lets go of the interpreter while it computes."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        list(pool.map(work, items))


def _shared_hubs(rows: IntArray, columns: IntArray) -> list[tuple[int, int, int, int, int]]:
    """List the tree nodes above both rows and columns: depth, range of rows, range of columns."""
    found = []
    for depth in range(rows.shape[1]):
        row_hub, row_start, row_end = _runs(rows[:, depth])
        column_hub, column_start, column_end = _runs(columns[:, depth])
        _, in_rows, in_columns = np.intersect1d(row_hub, column_hub, assume_unique=True, return_indices=True)
        found += [
            (depth, int(row_start[i]), int(row_end[i]), int(column_start[j]), int(column_end[j]))
            for i, j in zip(in_rows, in_columns, strict=True)
            if row_hub[i] >= 0
        ]
    return found


def _runs(values: IntArray) -> tuple[IntArray, IntArray, IntArray]:
    """Give value, start and end of each run; a value other than -1 makes one run only."""
    start = np.flatnonzero(np.r_[True, values[1:] != values[:-1]]) if len(values) else np.zeros(0, dtype=np.int64)
    end = np.r_[start[1:], len(values)]
    real = values[start] >= 0
    return values[start][real], start[real], end[real]


def build_labels(arcs: Arcs, places: IntArray) -> HubLabels:
    """Build the labels of some nodes of a graph.

    Parameters
    ----------
    arcs
        The graph.
    places
        Nodes that will be origins or destinations.

    Returns
    -------
    HubLabels
        Exact; memory grows with labelled nodes times the height of the tree.
    """
    order, up = _eliminate(arcs)
    parent = np.array([min((u for u, _ in near), key=order.__getitem__) if near else -1 for near in up], dtype=np.int64)
    needed = np.zeros(arcs.nodes, dtype=bool)
    for place in places.tolist():
        node = place
        while node >= 0 and not needed[node]:
            needed[node] = True
            node = int(parent[node])
    nodes = np.flatnonzero(needed)
    nodes = nodes[np.argsort(-np.array(order, dtype=np.int64)[nodes])]
    return _label(nodes, parent, up, arcs.nodes)


def _neighbours(arcs: Arcs) -> list[dict[int, Shortcut]]:
    near: list[dict[int, Shortcut]] = [{} for _ in range(arcs.nodes)]
    nothing = (_INF, _INF, _INF, _INF)
    every = zip(arcs.tail.tolist(), arcs.head.tolist(), arcs.minutes.tolist(), arcs.km.tolist(), strict=True)
    for tail, head, minutes, km in every:
        if tail == head:
            continue
        held = near[tail].get(head, nothing)
        if (minutes, km) < held[:2]:
            near[tail][head] = (minutes, km, held[2], held[3])
            near[head][tail] = (held[2], held[3], minutes, km)
    return near


def _eliminate(arcs: Arcs) -> tuple[list[int], list[list[tuple[int, Shortcut]]]]:
    """Eliminate all nodes, fewest neighbours first; give each node's place in the order and its later neighbours."""
    near = _neighbours(arcs)
    order = [-1] * arcs.nodes
    up: list[list[tuple[int, Shortcut]]] = [[] for _ in range(arcs.nodes)]
    waiting = [(len(known), node) for node, known in enumerate(near)]
    heapq.heapify(waiting)
    place = 0
    while waiting:
        degree, node = heapq.heappop(waiting)
        if degree >= _DENSE_DEGREE and arcs.nodes - place <= _DENSE_NODES:
            break
        if order[node] >= 0:
            continue
        if len(near[node]) != degree:
            heapq.heappush(waiting, (len(near[node]), node))
            continue
        order[node] = place
        place += 1
        around = list(near[node].items())
        up[node] = around
        near[node] = {}
        for neighbour, _ in around:
            del near[neighbour][node]
        for number, (first, to_first) in enumerate(around):
            for second, to_second in around[number + 1 :]:
                _shortcut(near, first, to_first, second, to_second)
    _eliminate_rest(near, order, up, place)
    return order, up


def _eliminate_rest(
    near: list[dict[int, Shortcut]], order: list[int], up: list[list[tuple[int, Shortcut]]], place: int
) -> None:
    """Eliminate the last, closely knit nodes as matrices; the rule of the order stays the same."""
    rest = [node for node, at in enumerate(order) if at < 0]
    number = {node: row for row, node in enumerate(rest)}
    size = len(rest)
    minutes, km = np.full((size, size), _INF), np.full((size, size), _INF)
    linked = np.zeros((size, size), dtype=bool)
    for node, row in number.items():
        for other, way in near[node].items():
            column = number[other]
            minutes[row, column], km[row, column] = way[:2]
            linked[row, column] = True
    degree = linked.sum(axis=1)
    for _ in range(size):
        row = int(degree.argmin())
        node = rest[row]
        order[node] = place
        place += 1
        around = np.flatnonzero(linked[row])
        ways = zip(minutes[row, around], km[row, around], minutes[around, row], km[around, row], strict=True)
        up[node] = [(rest[other], way) for other, way in zip(around.tolist(), ways, strict=True)]
        block = np.ix_(around, around)
        trial = minutes[around, row, None] + minutes[None, row, around]
        trial_km = km[around, row, None] + km[None, row, around]
        held, held_km = minutes[block], km[block]
        better = (trial < held) | ((trial == held) & (trial_km < held_km))
        minutes[block], km[block] = np.where(better, trial, held), np.where(better, trial_km, held_km)
        linked[block] = True
        linked[around, around] = False
        linked[row], linked[:, row] = False, False
        degree[around] = linked[around].sum(axis=1)
        degree[row] = size + 1


def _shortcut(
    near: list[dict[int, Shortcut]], first: int, to_first: Shortcut, second: int, to_second: Shortcut
) -> None:
    """Join two neighbours of an eliminated node by the way through it, where it is quicker."""
    there_min, there_km = to_first[2] + to_second[0], to_first[3] + to_second[1]
    back_min, back_km = to_second[2] + to_first[0], to_second[3] + to_first[1]
    held = near[first].get(second)
    if held is not None:
        if held[0] < there_min or (held[0] == there_min and held[1] <= there_km):
            there_min, there_km = held[0], held[1]
        if held[2] < back_min or (held[2] == back_min and held[3] <= back_km):
            back_min, back_km = held[2], held[3]
    near[first][second] = (there_min, there_km, back_min, back_km)
    near[second][first] = (back_min, back_km, there_min, there_km)


def _label(nodes: IntArray, parent: IntArray, up: list[list[tuple[int, Shortcut]]], size: int) -> HubLabels:
    """Label nodes from the roots down: the way to an ancestor starts with a shortcut to a later neighbour."""
    row = np.full(size, -1, dtype=np.int64)
    row[nodes] = np.arange(len(nodes))
    depth = np.zeros(len(nodes), dtype=np.int64)
    for number, node in enumerate(nodes.tolist()):
        above = parent[node]
        depth[number] = depth[row[above]] + 1 if above >= 0 else 0
    height = int(depth.max()) + 1 if len(nodes) else 0
    path = np.full((len(nodes), height), -1, dtype=np.int64)
    labels = HubLabels(row, path, *(np.full((len(nodes), height), _INF) for _ in range(4)))
    every = np.arange(len(nodes))
    path[every, depth] = every
    for table in (labels.out_min, labels.out_km, labels.in_min, labels.in_km):
        table[every, depth] = 0.0
    by_level = np.argsort(depth, kind="stable")
    levels = np.searchsorted(depth[by_level], np.arange(height + 1))
    for level in range(1, height):
        rows = by_level[levels[level] : levels[level + 1]]
        path[rows, :level] = path[row[parent[nodes[rows]]], :level]
        _label_level(labels, rows, level, [up[node] for node in nodes[rows].tolist()], depth)
    return labels


def _label_level(
    labels: HubLabels, rows: IntArray, level: int, later: list[list[tuple[int, Shortcut]]], depth: IntArray
) -> None:
    """Label all nodes of one depth; each first step leads to a node whose own labels are known."""
    count = np.array([len(ways) for ways in later])
    start = np.cumsum(count) - count
    node = np.repeat(rows, count)
    step = labels.row[np.array([u for ways in later for u, _ in ways])]
    first = np.array([way for ways in later for _, way in ways])
    at = depth[step]
    below = np.arange(level)[None, :] <= at[:, None]
    crossed = (labels.path[node, :level], at[:, None])

    def shorten(minutes: FloatArray, km: FloatArray, side: int, along: FloatArray, along_km: FloatArray) -> None:
        """Take the quickest first step, of equally quick ones the shortest."""
        trial = first[:, side, None] + np.where(below, minutes[step, :level], along[crossed])
        best = np.minimum.reduceat(trial, start, axis=0)
        length = first[:, side + 1, None] + np.where(below, km[step, :level], along_km[crossed])
        length[trial != np.repeat(best, count, axis=0)] = _INF
        minutes[rows, :level] = best
        km[rows, :level] = np.minimum.reduceat(length, start, axis=0)

    shorten(labels.out_min, labels.out_km, 0, labels.in_min, labels.in_km)
    shorten(labels.in_min, labels.in_km, 2, labels.out_min, labels.out_km)
