"""What lies on a map: places, ways and zones, told without loading what draws maps."""

from dataclasses import dataclass

import shapely

from coverage.faces.maps.map_legend import MarkerKind


@dataclass(frozen=True)
class Marker:
    """A place on the map: a unit, a base, a stop.

    Attributes
    ----------
    id
        Told back when the marker is clicked.
    lat, lon
        Degrees.
    kind
        Which symbol.
    name, lines
        Shown when pointed at.
    text
        One or two characters inside the symbol, such as the number of a stop.
    layer
        Key of the :class:`MapLayer` it belongs to; "" for what is always shown.
    """

    id: str
    lat: float
    lon: float
    kind: MarkerKind
    name: str
    lines: tuple[str, ...] = ()
    text: str = ""
    layer: str = ""


@dataclass(frozen=True)
class MapLine:
    """A way on the map: a leg of a route.

    Attributes
    ----------
    geometry
        LineString or MultiLineString, EPSG:4326.
    color
        CSS colour as ``#rrggbb``.
    dashed
        For ways nobody drives: a crossing, or a leg whose road is not known.
    name, lines
        Shown when pointed at.
    layer
        As of a :class:`Marker`.
    thin
        For ways that only lie beneath, such as ferry lines.
    """

    geometry: shapely.Geometry
    color: str
    dashed: bool = False
    name: str = ""
    lines: tuple[str, ...] = ()
    layer: str = ""
    thin: bool = False


@dataclass(frozen=True)
class MapZone:
    """An area laid over the villages: what a unit's catchment covers.

    Attributes
    ----------
    geometry
        Polygon or MultiPolygon, EPSG:4326.
    color
        CSS colour of its edge as ``#rrggbb``; the inside is tinted so that villages stay readable.
    """

    geometry: shapely.Geometry
    color: str


@dataclass(frozen=True)
class MapLayer:
    """Markers and lines that the reader can hide and show together; `shown` tells how the map begins."""

    key: str
    label: str
    shown: bool = True
