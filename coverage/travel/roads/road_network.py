"""Real roads as one directed network, whatever file or service they came from."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from coverage.ground.geometry import FloatArray, IntArray

CLASSES = (
    "motorway",
    "trunk",
    "primary",
    "secondary",
    "tertiary",
    "unclassified",
    "residential",
    "living_street",
    "service",
    "track",
    "path",
    "ferry",
)
"""Road classes, OpenStreetMap's words; ``*_link`` counts as the road it leads to, a ferry way is ``ferry``."""

SURFACES = ("paved", "unpaved", "")
"""What a road is covered with; "" where the source does not say."""

CARRIES = ("yes", "no", "")
"""Whether a ferry carries vehicles; "" where the source does not say."""

TextArray = npt.NDArray[np.object_]


@dataclass(frozen=True)
class RoadSource:
    """Where roads came from, and what happened to them on the way in.

    Attributes
    ----------
    region
        Kode of the area that the planner says these roads describe; inside it they decide.
    kind
        ``overpass``, ``osm-pbf``, ``osm-xml``, ``overpass-json``, ``graphml`` or ``vector``.
    name
        File name or the service's address.
    date
        Of the data where the source says it, else None.
    imported
        Day of the import.
    snap_m
        Tolerance with which line ends were joined; 0 where the source's topology was taken as it is.
    joined_ends
        How many line ends that tolerance joined.
    dropped
        What was left out, by reason, in numbers.
    """

    region: str
    kind: str
    name: str
    date: dt.date | None
    imported: dt.date
    snap_m: float = 0.0
    joined_ends: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Roads:
    """Road edges between junctions; each stands once, with its line in the direction tail to head.

    Attributes
    ----------
    lon, lat
        Nodes, degrees (EPSG:4326), shape (n,).
    tail, head
        Node numbers of each edge, shape (m,).
    km
        Geodesic length of each edge's line.
    road_class
        One of :data:`CLASSES`.
    surface
        One of :data:`SURFACES`.
    both_ways
        False where the edge may be driven from tail to head only.
    line
        Shapely LineStrings, EPSG:4326.
    name
        As the source writes it, "" where it does not.
    ferry_id
        ``osm-<number>`` of a ferry way, "" for a road.
    ferry_min
        Sailing time a ferry way states for this edge, NaN where it does not or for a road.
    vehicles
        Whether a ferry way carries cars or motorcycles: one of :data:`CARRIES`; "" for a road.
    source
        Where all this came from.
    """

    lon: FloatArray
    lat: FloatArray
    tail: IntArray
    head: IntArray
    km: FloatArray
    road_class: TextArray
    surface: TextArray
    both_ways: npt.NDArray[np.bool_]
    line: TextArray
    name: TextArray
    ferry_id: TextArray
    ferry_min: FloatArray
    vehicles: TextArray
    source: RoadSource
