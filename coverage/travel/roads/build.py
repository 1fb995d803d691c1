"""From pieces of road to edges between junctions: the one step all sources go through."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from coverage.ground.geometry import FloatArray, IntArray
from coverage.travel.roads.road_network import CLASSES, Roads, RoadSource
from coverage.travel.roads.segments import Segments

_RANK = {name: rank for rank, name in enumerate(CLASSES)}
_SAME = ["road_class", "surface", "name", "ferry_id", "vehicles", "one_way"]
_ENDS_OF_A_PASS = 2


def build_roads(pieces: Segments, source: RoadSource) -> Roads:
    """Merge pieces that only lead on, so that edges run from junction to junction.

    Pieces are merged where exactly two meet that agree in class, surface, name, ferry and direction. An edge that
    returns to where it began is parted at the vertex nearest its middle, so that both of its arms can be told apart.
    The result does not depend on the order of the pieces: nodes are numbered from west to east, edges by their nodes.
    """
    ordered = pieces.numbered_from_west()
    km = ordered.km()
    chains = sorted((part for chain in _chains(ordered) for part in _parted(chain, km)), key=lambda chain: chain[0])
    first = np.array([rows[0] for _, rows in chains], dtype=np.int64)
    sizes = np.array([len(nodes) for nodes, _ in chains], dtype=np.int64)
    nodes = np.array([node for chain, _ in chains for node in chain], dtype=np.int64)
    of_edge = np.repeat(np.arange(len(chains)), sizes)
    rows = np.array([row for _, parts in chains for row in parts], dtype=np.int64)
    row_edge = np.repeat(np.arange(len(chains)), sizes - 1)
    last = np.cumsum(sizes) - 1
    used, at = np.unique(np.concatenate([nodes[last - sizes + 1], nodes[last]]), return_inverse=True)
    count = len(chains)
    return Roads(
        lon=ordered.lon[used],
        lat=ordered.lat[used],
        tail=at[:count].astype(np.int64),
        head=at[count:].astype(np.int64),
        km=np.asarray(np.bincount(row_edge, weights=km[rows], minlength=count), dtype=float),
        road_class=ordered.road_class[first],
        surface=ordered.surface[first],
        both_ways=~ordered.one_way[first],
        line=np.asarray(
            shapely.linestrings(np.column_stack([ordered.lon[nodes], ordered.lat[nodes]]), indices=of_edge),
            dtype=object,
        ),
        name=ordered.name[first],
        ferry_id=ordered.ferry_id[first],
        ferry_min=np.asarray(np.bincount(row_edge, weights=ordered.ferry_min[rows], minlength=count), dtype=float),
        vehicles=ordered.vehicles[first],
        source=source,
    )


def without_doubles(pieces: Segments) -> tuple[Segments, int]:
    """Keep one of the pieces that lie on each other, and tell how many went.

    Of pieces between the same two nodes the highest class stays; it may be driven in every direction any of them
    may be. A ferry and a road are never doubles. Restricted pieces do not count beside an open one.
    """
    every = len(pieces.tail)
    pieces = _without_closed_twins(pieces)
    table = pd.DataFrame(
        {
            "low": np.minimum(pieces.tail, pieces.head),
            "high": np.maximum(pieces.tail, pieces.head),
            "ferry_id": pieces.ferry_id,
            "rank": [_RANK[name] for name in pieces.road_class],
            "surface": pieces.surface,
            "name": pieces.name,
        }
    )
    key = ["low", "high", "ferry_id"]
    forward = pieces.tail == table["low"].to_numpy()
    table["up"] = forward | ~pieces.one_way
    table["down"] = ~forward | ~pieces.one_way
    ways = table.groupby(key, sort=False)[["up", "down"]].transform("any")
    # An empty surface or name gives way to one that says something.
    table["bare"] = (table["surface"] == "").astype(int) + (table["name"] == "").astype(int)
    kept = table.sort_values([*key, "rank", "bare", "surface", "name"], kind="stable").drop_duplicates(key).index
    rows = np.sort(kept.to_numpy())
    up, down = ways["up"].to_numpy()[rows], ways["down"].to_numpy()[rows]
    low, high = table["low"].to_numpy()[rows], table["high"].to_numpy()[rows]
    single = pieces.only(rows)
    turned = down & ~up
    # `only` numbers nodes in their old order, so that low stays low.
    low, high = np.minimum(single.tail, single.head), np.maximum(single.tail, single.head)
    return (
        single.with_pieces(tail=np.where(turned, high, low), head=np.where(turned, low, high), one_way=~(up & down)),
        every - len(rows),
    )


def _without_closed_twins(pieces: Segments) -> Segments:
    """Leave out restricted pieces that an open one lies on, so that theirs is no direction of an open road."""
    table = pd.DataFrame(
        {
            "low": np.minimum(pieces.tail, pieces.head),
            "high": np.maximum(pieces.tail, pieces.head),
            "ferry_id": pieces.ferry_id,
            "restricted": pieces.restricted,
        }
    )
    all_closed = table.groupby(["low", "high", "ferry_id"], sort=False)["restricted"].transform("all")
    return pieces.only(np.flatnonzero(~pieces.restricted | all_closed.to_numpy(dtype=bool)))


def _passes(pieces: Segments) -> tuple[npt.NDArray[np.bool_], IntArray]:
    """Tell which nodes only lead on, and which two pieces meet there (shape (n, 2), -1 elsewhere)."""
    n, m = len(pieces.lon), len(pieces.tail)
    kind = pd.DataFrame({column: getattr(pieces, column) for column in _SAME}).groupby(_SAME, sort=False).ngroup()
    node = np.concatenate([pieces.tail, pieces.head])
    piece = np.concatenate([np.arange(m), np.arange(m)])
    order = np.argsort(node, kind="stable")
    start = np.searchsorted(node[order], np.arange(n))
    two = np.bincount(node, minlength=n) == _ENDS_OF_A_PASS
    meets = np.full((n, 2), -1, dtype=np.int64)
    meets[two] = np.column_stack([piece[order][start[two]], piece[order][start[two] + 1]])
    one, other = meets[:, 0], meets[:, 1]
    same = kind.to_numpy()[one] == kind.to_numpy()[other] if m else np.zeros(n, dtype=bool)
    at = np.arange(n)
    leads_on = ~pieces.one_way[one] | ((pieces.head[one] == at) != (pieces.head[other] == at)) if m else same
    return two & same & leads_on, meets


_Chain = tuple[list[int], list[int]]


def _chains(pieces: Segments) -> Iterator[_Chain]:
    """Follow the pieces from junction to junction: nodes and pieces of each chain, in the direction of travel."""
    passes, meets = _passes(pieces)
    goes_on, pairs = passes.tolist(), meets.tolist()
    tail, head = pieces.tail.tolist(), pieces.head.tolist()
    seen = [False] * len(tail)

    def follow(row: int, node: int) -> _Chain:
        """Walk from `node` over `row` until a junction, or back to the start of a ring."""
        nodes, rows = [node], []
        start = node
        while True:
            seen[row] = True
            rows.append(row)
            node = head[row] if tail[row] == node else tail[row]
            nodes.append(node)
            if not goes_on[node] or node == start:
                return nodes, rows
            one, other = pairs[node]
            row = other if one == row else one

    for row, node in enumerate(tail):
        if not seen[row] and not goes_on[node]:
            yield _in_order(follow(row, node), one_way=bool(pieces.one_way[row]))
    for row, node in enumerate(head):
        if not seen[row] and not goes_on[node] and not pieces.one_way[row]:
            yield _in_order(follow(row, node), one_way=False)
    # What is left are rings without any junction; they begin at their westernmost node.
    for row in np.argsort(pieces.tail, kind="stable").tolist():
        if not seen[row]:
            yield _in_order(follow(row, tail[row]), one_way=bool(pieces.one_way[row]))


def _in_order(chain: _Chain, *, one_way: bool) -> _Chain:
    nodes, rows = chain
    return chain if one_way or nodes <= nodes[::-1] else (nodes[::-1], rows[::-1])


def _parted(chain: _Chain, km: FloatArray) -> Iterator[_Chain]:
    nodes, rows = chain
    if nodes[0] != nodes[-1]:
        yield chain
        return
    along = np.cumsum(km[rows])
    cut = 1 + int(np.argmin(np.abs(along[:-1] - along[-1] / 2)))
    yield nodes[: cut + 1], rows[:cut]
    yield nodes[cut:], rows[cut:]
