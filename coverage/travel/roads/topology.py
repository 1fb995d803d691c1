"""Whether road lines meet: components, ends that stop just short of another line, and joining them."""

import heapq
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from coverage.ground.geometry import FloatArray, IntArray, geodesic_km
from coverage.travel.roads.build import without_doubles
from coverage.travel.roads.segments import WORDS_OF_A_PIECE, Segments

STEPS_M = (1.0, 2.0, 5.0, 10.0)
"""Tolerances that are tried out and told."""

BROKEN_SHARE = 0.5
BROKEN_ENDS = 0.5
LARGEST_SNAP_M = 50.0

_M_PER_DEG = 111_200.0
_ALONG = 3.0
_AT_LEAST_M = 30.0
_TOUCHING_M = 0.02


@dataclass(frozen=True)
class Connection:
    """How a network hangs together; shares are of its length, directions left aside.

    Attributes
    ----------
    components
        Parts that no road or ferry joins.
    largest_share
        Share of the whole length that the longest part holds.
    """

    components: int
    largest_share: float


@dataclass(frozen=True)
class Ends:
    """Line ends that lead nowhere, and how many of them stop just short of another line.

    Attributes
    ----------
    dangling
        Ends of roads that touch no other piece.
    near
        How many of them lie within each of :data:`STEPS_M` of a line they are not joined to.
    """

    dangling: int
    near: dict[float, int]

    def counts(self) -> dict[str, int]:
        """Give the numbers for a sentence: ``dangling`` and ``within_one``, ``_two``, ``_five``, ``_ten``."""
        names = ("within_one", "within_two", "within_five", "within_ten")
        near = {name: self.near[step] for name, step in zip(names, STEPS_M, strict=True)}
        return {"dangling": self.dangling, **near}

    @property
    def near_share(self) -> float:
        """Share of dangling ends within the largest of the steps."""
        return self.near[STEPS_M[-1]] / self.dangling if self.dangling else 0.0


def connection(tail: IntArray, head: IntArray, km: FloatArray) -> Connection:
    """Count the parts of a network and measure the largest by length."""
    if not len(tail):
        return Connection(0, 0.0)
    nodes, at = np.unique(np.concatenate([tail, head]), return_inverse=True)
    count = len(tail)
    joins = coo_array((np.ones(count), (at[:count], at[count:])), shape=(len(nodes), len(nodes)))
    found, part = connected_components(joins, directed=False)
    length = np.bincount(part[at[:count]], weights=km, minlength=found)
    return Connection(int(found), float(length.max() / length.sum()))


def is_broken(found: Connection, ends: Ends) -> bool:
    """Tell whether lines that should meet do not.

    Most dangling ends stop within 10 m of another line, and the largest part holds less than half of the length.
    Islands and areas without a road between them do not look like that: their ends are far from other lines.
    """
    return found.largest_share < BROKEN_SHARE and ends.near_share > BROKEN_ENDS


@dataclass(frozen=True)
class _Gaps:
    """Dangling ends within reach of other lines, the smallest gap first: one row a pair of end and piece.

    `dangling` counts all ends; `piece` is the line's piece, `lon`, `lat` the nearest place on it, `metres` the way.
    """

    dangling: int
    end: IntArray
    piece: IntArray
    lon: FloatArray
    lat: FloatArray
    metres: FloatArray

    def only(self, rows: list[int]) -> "_Gaps":
        """Keep some of the pairs."""
        at = np.array(rows, dtype=np.int64)
        return _Gaps(self.dangling, self.end[at], self.piece[at], self.lon[at], self.lat[at], self.metres[at])


def dangling_ends(pieces: Segments) -> Ends:
    """Count line ends that lead nowhere, and those that stop within 1, 2, 5 and 10 m of another line.

    A line is another one where the way to it along the roads is more than three times as long as the gap, and more
    than 30 m: a bend of the same road is no neighbour.
    """
    gaps = _gaps(pieces, STEPS_M[-1])
    return Ends(gaps.dangling, {step: len(np.unique(gaps.end[gaps.metres <= step])) for step in STEPS_M})


def snapped(pieces: Segments, within_m: float) -> tuple[Segments, int]:
    """Join line ends to the other lines that pass within `within_m` metres, and tell how many ends were joined.

    An end is joined by a straight piece as long as the gap to the nearest place on another line; the line is parted
    there where it has no vertex. Small gaps come first, and a line that has come near along the roads by then is no
    other line any more, so that ends that face each other are joined once. Nothing is joined across more than
    `within_m`, measured on the ellipsoid.
    """
    gaps = _gaps(pieces, within_m)
    gaps = gaps.only(_needed(pieces, gaps, _reach_m(within_m)))
    if not len(gaps.end):
        return pieces, 0
    lon, lat, target, fresh = _targets(pieces, gaps)
    ends = np.union1d(gaps.end, np.setdiff1d(target, np.arange(len(pieces.lon), len(lon))))
    joined = np.isin(ends, _dangling(pieces)).sum()
    pieces = _parted(pieces, gaps, lon, lat, target, fresh)
    last = _piece_of_end(pieces, gaps.end)
    leaves = pieces.one_way[last] & (pieces.tail[last] == gaps.end)
    start, stop = np.where(leaves, target, gaps.end), np.where(leaves, gaps.end, target)
    whole = pieces.with_pieces(
        tail=np.concatenate([pieces.tail, start]),
        head=np.concatenate([pieces.head, stop]),
        **{name: np.concatenate([getattr(pieces, name), getattr(pieces, name)[last]]) for name in WORDS_OF_A_PIECE},
    )
    return without_doubles(whole)[0], int(joined)


def _reach_m(within_m: float) -> float:
    return max(_ALONG * within_m, _AT_LEAST_M)


def _needed(pieces: Segments, gaps: _Gaps, reach_m: float) -> list[int]:
    """Choose the gaps to close, smallest first: those whose line is not near along what is joined already."""
    beside = _beside(pieces)
    chosen = []
    ends, rows = gaps.end.tolist(), gaps.piece.tolist()
    for at, (end, row) in enumerate(zip(ends, rows, strict=True)):
        sides = (int(pieces.tail[row]), int(pieces.head[row]))
        if not _within(beside, end, reach_m).isdisjoint(sides):
            continue
        chosen.append(at)
        for side in sides:
            off = geodesic_km(gaps.lon[at], gaps.lat[at], pieces.lon[side], pieces.lat[side])
            length = float(gaps.metres[at] + 1000 * off)
            beside[end].append((side, length))
            beside[side].append((end, length))
    return chosen


def _targets(pieces: Segments, gaps: _Gaps) -> tuple[FloatArray, FloatArray, IntArray, IntArray]:
    """Give every joining place a node: one of the piece's ends where it lies there, else a new one."""
    ends = np.column_stack([pieces.tail[gaps.piece], pieces.head[gaps.piece]])
    off = np.column_stack(
        [1000 * geodesic_km(pieces.lon[node], pieces.lat[node], gaps.lon, gaps.lat) for node in ends.T]
    )
    nearest = np.argmin(off, axis=1)
    at_node = off[np.arange(len(off)), nearest] < _TOUCHING_M
    target = np.where(at_node, ends[np.arange(len(ends)), nearest], -1)
    fresh = np.flatnonzero(~at_node)
    target[fresh] = len(pieces.lon) + np.arange(len(fresh))
    lon = np.concatenate([pieces.lon, gaps.lon[fresh]])
    lat = np.concatenate([pieces.lat, gaps.lat[fresh]])
    return lon, lat, target, fresh


def _parted(
    pieces: Segments, gaps: _Gaps, lon: FloatArray, lat: FloatArray, target: IntArray, fresh: IntArray
) -> Segments:
    """Part pieces at the new nodes that lie on them."""
    cut: dict[int, list[int]] = {}
    for row in fresh.tolist():
        cut.setdefault(int(gaps.piece[row]), []).append(int(target[row]))
    rows, tails, heads = [], [], []
    for piece, nodes in cut.items():
        start, stop = int(pieces.tail[piece]), int(pieces.head[piece])
        along = sorted(nodes, key=lambda node: (lon[node] - lon[start]) ** 2 + (lat[node] - lat[start]) ** 2)
        chain = [start, *along, stop]
        rows += [piece] * (len(chain) - 1)
        tails += chain[:-1]
        heads += chain[1:]
    whole = np.setdiff1d(np.arange(len(pieces.tail)), list(cut))
    source = np.concatenate([whole, np.array(rows, dtype=np.int64)])
    km = pieces.km()
    parts = Segments(
        lon=lon,
        lat=lat,
        tail=np.concatenate([pieces.tail[whole], np.array(tails, dtype=np.int64)]),
        head=np.concatenate([pieces.head[whole], np.array(heads, dtype=np.int64)]),
        **{name: getattr(pieces, name)[source] for name in WORDS_OF_A_PIECE},
    )
    return parts.with_pieces(ferry_min=parts.ferry_min * parts.km() / km[source])


def _piece_of_end(pieces: Segments, ends: IntArray) -> IntArray:
    """Find the one piece that each dangling end belongs to."""
    of_node = np.full(len(pieces.lon), -1, dtype=np.int64)
    rows = np.arange(len(pieces.tail))
    of_node[pieces.tail] = rows
    of_node[pieces.head] = rows
    return np.asarray(of_node[ends], dtype=np.int64)


def _dangling(pieces: Segments) -> IntArray:
    sea = pieces.is_ferry()
    touched = np.bincount(np.concatenate([pieces.tail, pieces.head]), minlength=len(pieces.lon))
    by_road = np.bincount(np.concatenate([pieces.tail[~sea], pieces.head[~sea]]), minlength=len(pieces.lon))
    return np.flatnonzero((touched == 1) & (by_road == 1))


def _gaps(pieces: Segments, within_m: float) -> _Gaps:
    """Find the places on other lines within reach of dangling ends."""
    ends = _dangling(pieces)
    scale = np.array([np.cos(np.radians(pieces.lat.mean())) if len(pieces.lat) else 1.0, 1.0]) * _M_PER_DEG
    xy = np.column_stack([pieces.lon, pieces.lat]) * scale
    roads = np.flatnonzero(~pieces.is_ferry())
    lines = shapely.linestrings(np.stack([xy[pieces.tail[roads]], xy[pieces.head[roads]]], axis=1))
    # The search is a little wider than asked, as degrees are no metres; what counts is measured below.
    found_end, found = shapely.STRtree(lines).query(
        shapely.points(xy[ends]), predicate="dwithin", distance=_WIDER * within_m
    )
    end, piece = ends[found_end], roads[found]
    spot = shapely.points(xy[end])
    place = shapely.line_interpolate_point(lines[found], shapely.line_locate_point(lines[found], spot))
    at = shapely.get_coordinates(place).reshape(-1, 2) / scale
    metres = 1000 * geodesic_km(pieces.lon[end], pieces.lat[end], at[:, 0], at[:, 1])
    kept = (metres <= within_m) & _is_other(pieces, end, piece, _reach_m(within_m))
    rows = np.flatnonzero(kept)
    # Equal gaps are taken from west to east, whatever the order of rows.
    order = np.lexsort((at[rows, 1], at[rows, 0], pieces.lat[end[rows]], pieces.lon[end[rows]], metres[rows].round(6)))
    rows = rows[order]
    return _Gaps(len(ends), end[rows], piece[rows], at[rows, 0], at[rows, 1], metres[rows])


_WIDER = 1.05
_Beside = dict[int, list[tuple[int, float]]]


def _beside(pieces: Segments) -> _Beside:
    """List each node's neighbours and the metres to them, directions left aside."""
    beside: _Beside = {}
    metres = (1000 * pieces.km()).tolist()
    for tail, head, length in zip(pieces.tail.tolist(), pieces.head.tolist(), metres, strict=True):
        beside.setdefault(tail, []).append((head, length))
        beside.setdefault(head, []).append((tail, length))
    return beside


def _is_other(pieces: Segments, ends: IntArray, rows: IntArray, reach_m: float) -> npt.NDArray[np.bool_]:
    """Tell which pieces an end does not come to within `reach_m` along the roads."""
    beside = _beside(pieces)
    reached = {end: _within(beside, end, reach_m) for end in np.unique(ends).tolist()}
    sides = zip(ends.tolist(), pieces.tail[rows].tolist(), pieces.head[rows].tolist(), strict=True)
    return np.array([reached[end].isdisjoint((tail, head)) for end, tail, head in sides], dtype=bool)


def _within(beside: _Beside, start: int, reach_m: float) -> set[int]:
    best = {start: 0.0}
    queue = [(0.0, start)]
    while queue:
        gone, node = heapq.heappop(queue)
        if gone > best[node]:
            continue
        for following, length in beside[node]:
            there = gone + length
            if there <= reach_m and there < best.get(following, np.inf):
                best[following] = there
                heapq.heappush(queue, (there, following))
    return set(best)
