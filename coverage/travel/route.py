"""One route: its legs by road, on foot to the road and by ferry, and its line for the map."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from scipy.sparse.csgraph import dijkstra

from coverage.ground.geometry import FloatArray, IntArray, geodesic_km
from coverage.travel.network.graph import ACCESS, FERRY, INDICATIVE, ROAD, Network
from coverage.travel.paths import legs_between
from coverage.travel.trees import NO_NODE

LegKind = Literal["road", "indicative", "access", "ferry"]
_NAMES: dict[int, LegKind] = {ROAD: "road", INDICATIVE: "indicative", ACCESS: "access", FERRY: "ferry"}


@dataclass(frozen=True)
class Leg:
    """A stretch of one kind.

    Attributes
    ----------
    kind
        ``road`` (real), ``indicative``, ``access`` (between a place's own point and the network) or ``ferry``.
    km, minutes
        Of the stretch; a ferry's minutes are sailing and wait.
    sailing_min, wait_min
        Of a ferry; 0 for other legs.
    ferry_id, name
        Of a ferry; "" for other legs.
    estimated
        Which times of a ferry are assumed: "", "sailing", "wait" or "sailing,wait"; "" for other legs.
    line
        For the map, EPSG:4326: roads' own line, straight for all else; None where nobody drew the places.
    """

    kind: LegKind
    km: float
    minutes: float
    sailing_min: float
    wait_min: float
    ferry_id: str
    name: str
    line: shapely.LineString | None
    estimated: str = ""


@dataclass(frozen=True)
class Route:
    """The quickest route between two places; without legs where both are the same."""

    legs: tuple[Leg, ...]

    @property
    def minutes(self) -> float:
        """Minutes from door to door."""
        return sum(leg.minutes for leg in self.legs)

    @property
    def km(self) -> float:
        """Kilometres from door to door."""
        return sum(leg.km for leg in self.legs)

    @property
    def line(self) -> shapely.LineString | None:
        """The whole route for the map, EPSG:4326; None where it has no length or nobody drew it."""
        parts = [shapely.get_coordinates(leg.line) for leg in self.legs if leg.line is not None]
        return _line(np.concatenate(parts)) if parts and len(parts) == len(self.legs) else None


def route(network: Network, origin: int, destination: int) -> Route | None:
    """Find the quickest route between two nodes, the one whose minutes the OD matrix gives.

    Parameters
    ----------
    network
        Between two places of one area with real roads only these roads and ferries are used.
    origin, destination
        Node numbers.

    Returns
    -------
    Route, or None where there is no path. Of equally quick paths it is one.
    """
    within = network.area[origin] >= 0 and network.area[origin] == network.area[destination]
    used = network.by_roads if within else network
    times, trees = dijkstra(used.impedance, directed=True, indices=[origin], return_predecessors=True)
    time, before = times[0], trees[0]
    if not np.isfinite(time[destination]):
        return None
    nodes = [destination]
    while before[nodes[-1]] != NO_NODE:
        nodes.append(int(before[nodes[-1]]))
    path = np.array(nodes[::-1], dtype=np.int64)
    return Route(_merged(used, legs_between(used, path[:-1], path[1:])))


def _merged(network: Network, arcs: IntArray) -> tuple[Leg, ...]:
    """Merge neighbouring arcs of one kind; every ferry stays a leg of its own."""
    kind = network.kind[arcs]
    if len(arcs) == 0:
        return ()
    new = np.r_[True, (kind[1:] != kind[:-1]) | (kind[1:] == FERRY)]
    return tuple(_leg(network, some) for some in np.split(arcs, np.flatnonzero(new)[1:]))


def _leg(network: Network, arcs: IntArray) -> Leg:
    first = arcs[0]
    kind = int(network.kind[first])
    ferry = int(network.ferry[first]) if kind == FERRY else -1
    minutes, wait = float(network.minutes[arcs].sum()), float(network.wait_min[arcs].sum())
    return Leg(
        kind=_NAMES[kind],
        km=float(network.km[arcs].sum()),
        minutes=minutes,
        sailing_min=minutes - wait if ferry >= 0 else 0.0,
        wait_min=wait,
        ferry_id=network.ferry_ids[ferry] if ferry >= 0 else "",
        name=network.ferry_names[ferry] if ferry >= 0 else "",
        line=_line(np.concatenate([_drawn(network, int(arc)) for arc in arcs])),
        estimated=network.ferry_estimated[ferry] if ferry >= 0 else "",
    )


def _drawn(network: Network, arc: int) -> FloatArray:
    """Give the points an arc leads through."""
    edge = network.edge[arc]
    if edge >= 0:
        return cut_line(network.lines[edge], network.start[arc], network.end[arc])
    ends = [network.tail[arc], network.head[arc]]
    return np.column_stack([network.lon[ends], network.lat[ends]])


def _line(points: FloatArray) -> shapely.LineString | None:
    """Join points to a line, each once; a line needs two."""
    if np.isnan(points).any():
        return None
    moved = np.r_[True, (np.diff(points, axis=0) != 0).any(axis=1)]
    points = points[moved]
    return shapely.LineString(points if len(points) > 1 else np.repeat(points, 2, axis=0))


def cut_line(line: shapely.LineString, start: float, end: float) -> FloatArray:
    """Cut a part out of a line.

    Parameters
    ----------
    line
        EPSG:4326.
    start, end
        Shares of its geodesic length from 0 to 1; ``start > end`` gives the part against its direction.

    Returns
    -------
    Points of the part, shape (n, 2), from start to end.

    Examples
    --------
    >>> cut_line(shapely.LineString([(0, 0), (1, 0), (3, 0)]), 1.0, 0.5).round(6).tolist()
    [[3.0, 0.0], [1.5, 0.0]]
    """
    points = shapely.get_coordinates(line)
    km = geodesic_km(points[:-1, 0], points[:-1, 1], points[1:, 0], points[1:, 1])
    along = np.r_[0.0, np.cumsum(km)]
    along /= along[-1] if along[-1] > 0 else 1.0
    low, high = sorted((float(start), float(end)))
    inside = points[(along > low) & (along < high)]
    ends = np.column_stack([np.interp([low, high], along, points[:, axis]) for axis in (0, 1)])
    part = np.vstack([ends[:1], inside, ends[1:]])
    return part if start <= end else part[::-1]
