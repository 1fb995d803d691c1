"""What lies on a map: places, ways and zones, told without loading what draws maps."""

from collections.abc import Sequence
from dataclasses import dataclass

import shapely

from coverage.faces.maps.map_legend import LegendEntry, MarkerKind
from coverage.faces.maps.map_words import TooltipLine


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


@dataclass(frozen=True, kw_only=True)
class Overlay:
    """What changes on a map while its ground stays: classes, words, legend and marks.

    Attributes
    ----------
    classes
        Key of a legend entry for each area of the ground; a key that the legend lacks leaves the area blank.
    legend
        In the order shown; up to 36 rows.
    legend_title
        Travel time unless told.
    tooltips
        Further lines for each area; a line of parts is shown with colons between them.
    caption
        Badge on the map: which tiers it stands on.
    markers
        Drawn above the areas.
    lines
        Drawn above areas and zones, below markers.
    layers
        Offered in the legend to hide and show, in this order.
    zones
        Drawn above the areas in the order given; pointing goes through them.
    selected
        Kode of the area to outline.
    """

    classes: Sequence[str]
    legend: Sequence[LegendEntry]
    tooltips: Sequence[Sequence[TooltipLine]]
    caption: str
    legend_title: str | None = None
    markers: Sequence[Marker] = ()
    lines: Sequence[MapLine] = ()
    layers: Sequence[MapLayer] = ()
    zones: Sequence[MapZone] = ()
    selected: str | None = None
