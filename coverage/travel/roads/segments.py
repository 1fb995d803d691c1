"""Straight pieces of road between two neighbouring vertices: what every reader gives, before junctions are sought."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace

import numpy as np
import numpy.typing as npt

from coverage.ground.geometry import FloatArray, IntArray, geodesic_km
from coverage.ground.texts import Message
from coverage.travel.roads.road_network import TextArray

FERRY = "ferry"


@dataclass(frozen=True)
class Segments:
    """Pieces of road; those that share a node are connected, whatever else crosses.

    Attributes
    ----------
    lon, lat
        Nodes, degrees (EPSG:4326), shape (n,).
    tail, head
        Node numbers, shape (m,); a one-way piece leads from tail to head.
    road_class, surface, name, ferry_id, vehicles
        As :class:`coverage.travel.roads.road_network.Roads`.
    one_way
        True where only tail to head may be driven.
    ferry_min
        Sailing time of this piece, NaN where not stated or for a road.
    restricted
        True where only who has business along the road may drive: a first or last leg, never a way through.
    """

    lon: FloatArray
    lat: FloatArray
    tail: IntArray
    head: IntArray
    road_class: TextArray
    surface: TextArray
    name: TextArray
    ferry_id: TextArray
    vehicles: TextArray
    one_way: npt.NDArray[np.bool_]
    ferry_min: FloatArray
    restricted: npt.NDArray[np.bool_]

    def km(self) -> FloatArray:
        """Measure each piece on the ellipsoid."""
        return geodesic_km(self.lon[self.tail], self.lat[self.tail], self.lon[self.head], self.lat[self.head])

    def only(self, rows: npt.NDArray[np.bool_] | IntArray) -> "Segments":
        """Keep some pieces, and the nodes they use."""
        kept = {name: getattr(self, name)[rows] for name in _OF_A_PIECE}
        used, at = np.unique(np.concatenate([kept["tail"], kept["head"]]), return_inverse=True)
        count = len(kept["tail"])
        kept |= {"tail": at[:count].astype(np.int64), "head": at[count:].astype(np.int64)}
        return Segments(lon=self.lon[used], lat=self.lat[used], **kept)

    def is_ferry(self) -> npt.NDArray[np.bool_]:
        """Tell which pieces are at sea."""
        return np.asarray(self.road_class == FERRY, dtype=bool)

    def with_pieces(self, **columns: npt.ArrayLike) -> "Segments":
        """Give the same nodes with other pieces."""
        return replace(self, **columns)  # type: ignore[arg-type]

    def numbered_from_west(self) -> "Segments":
        """Give the same pieces with nodes numbered from west to east; what is driven both ways leads east."""
        order = np.lexsort((self.lat, self.lon))
        number = np.empty(len(order), dtype=np.int64)
        number[order] = np.arange(len(order))
        tail, head = number[self.tail], number[self.head]
        turned = ~self.one_way & (tail > head)
        return replace(
            self,
            lon=self.lon[order],
            lat=self.lat[order],
            tail=np.where(turned, head, tail),
            head=np.where(turned, tail, head),
        )


_OF_A_PIECE = tuple(entry.name for entry in fields(Segments) if entry.name not in {"lon", "lat"})

WORDS_OF_A_PIECE = tuple(name for name in _OF_A_PIECE if name not in {"tail", "head"})
"""Columns that say something of a piece, whatever nodes it joins."""


@dataclass(frozen=True)
class Reading:
    """What a reader found in a file or an answer.

    Attributes
    ----------
    kind
        As :attr:`coverage.travel.roads.road_network.RoadSource.kind`.
    segments
        The pieces of road kept.
    date
        Of the data, where it says so.
    dropped
        What was left out, by reason, in numbers.
    notes
        What the planner must know about the reading.
    """

    kind: str
    segments: Segments
    date: dt.date | None = None
    dropped: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True)
class Way:
    """A chain of nodes with what its tags come to; a one-way chain is in the direction of travel."""

    nodes: tuple[int, ...]
    road_class: str
    surface: str = ""
    name: str = ""
    one_way: bool = False
    ferry_id: str = ""
    ferry_min: float = float("nan")
    vehicles: str = ""
    restricted: bool = False


def segments_of(ways: Iterable[Way], place: Mapping[int, tuple[float, float]]) -> tuple[Segments, Counter[str]]:
    """Cut ways into pieces at every vertex.

    Parameters
    ----------
    ways
        Chains of node ids.
    place
        Longitude and latitude per node id. A piece that lacks a node, or whose place is no place on earth, is
        counted as ``missing_nodes``; a piece without length as ``no_length``.

    Returns
    -------
    The pieces, and what was left out. A ferry's sailing time is split by length over its whole way.
    """
    number = {node: at for at, node in enumerate(place)}
    lonlat = np.array(list(place.values()), dtype=float).reshape(-1, 2)
    held = list(ways)
    ids = np.array([number.get(node, -1) for way in held for node in way.nodes], dtype=np.int64)
    sizes = np.array([len(way.nodes) for way in held], dtype=np.int64)
    of_way = np.repeat(np.arange(len(held)), sizes)
    follows = of_way[1:] == of_way[:-1]
    tail, head, way_at = ids[:-1][follows], ids[1:][follows], of_way[:-1][follows]
    on_earth = (np.abs(lonlat) <= (180.0, 90.0)).all(axis=1) if len(lonlat) else np.zeros(0, dtype=bool)
    whole = (tail >= 0) & (head >= 0)
    whole[whole] = on_earth[tail[whole]] & on_earth[head[whole]]
    moves = whole & (tail != head)
    moves[moves] = (lonlat[tail[moves]] != lonlat[head[moves]]).any(axis=1)
    dropped = Counter({"missing_nodes": int((~whole).sum()), "no_length": int((whole & ~moves).sum())})
    tail, head, way_at = tail[moves], head[moves], way_at[moves]
    km = geodesic_km(lonlat[tail, 0], lonlat[tail, 1], lonlat[head, 0], lonlat[head, 1])
    way_km = np.bincount(way_at, weights=km, minlength=len(held))

    def spread(values: list[object]) -> TextArray:
        column = np.empty(len(values), dtype=object)
        column[:] = values
        return np.asarray(column[way_at], dtype=object)

    sailing = np.array([way.ferry_min for way in held], dtype=float)
    pieces = Segments(
        lon=lonlat[:, 0],
        lat=lonlat[:, 1],
        tail=tail,
        head=head,
        road_class=spread([way.road_class for way in held]),
        surface=spread([way.surface for way in held]),
        name=spread([way.name for way in held]),
        ferry_id=spread([way.ferry_id for way in held]),
        vehicles=spread([way.vehicles for way in held]),
        one_way=np.array([way.one_way for way in held], dtype=bool)[way_at],
        ferry_min=sailing[way_at] * km / way_km[way_at],
        restricted=np.array([way.restricted for way in held], dtype=bool)[way_at],
    )
    return pieces.only(np.arange(len(tail))), +dropped
