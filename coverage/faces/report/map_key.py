"""How a report's map is painted and read: classes, symbols, and the legend that explains them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely

from coverage.faces.files.map_sheet import Area, Item, Line, Point, Words
from coverage.faces.maps.map_legend import LegendEntry
from coverage.ground.quantities import Language, format_number
from coverage.ground.texts import say

__all__ = ["areas", "class_areas", "map_key", "rectangle", "ring", "site_mark", "stop_mark", "unit_mark"]

_DECIMALS = 1
_HATCH = 3.2
_INK, _WHITE, _GREY, _PALE = "#000000", "#ffffff", "#808080", "#e3e3e3"
# Vermilion and blue stay apart without colour vision (Okabe and Ito 2008); so do triangle and circle.
_SITE, _STOP = "#d55e00", "#0072b2"
_TEXT, _NUMBER = 7.0, 5.6
_LINE, _ROW = 10.0, 14.0
_LETTER = 0.68


def areas(shape: Any, fill: str, stroke: str = "", width: float = 0.5) -> list[Item]:
    """Paint the polygons of a geometry."""
    parts = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon" and not part.is_empty]
    return [Area(tuple(ring(edge) for edge in (part.exterior, *part.interiors)), fill, stroke, width) for part in parts]


def ring(line: Any) -> tuple[Point, ...]:
    """Give the points of a line on paper."""
    return tuple((round(float(x), _DECIMALS), round(float(y), _DECIMALS)) for x, y in shapely.get_coordinates(line))


def rectangle(x: float, y: float, width: float, height: float) -> tuple[Point, ...]:
    """Give the corners of a rectangle."""
    return (x, y), (x + width, y), (x + width, y + height), (x, y + height)


def class_areas(shape: Any, entry: LegendEntry) -> list[Item]:
    """Fill a class; a hatched one on a pale ground, so that it is told apart without colour."""
    if shape is None:
        return []
    if entry.pattern != "hatch":
        return areas(shape, entry.color)
    return [*areas(shape, _PALE), *_hatched(shape, entry.color)]


def _hatched(shape: Any, color: str) -> list[Item]:
    left, low, right, high = shape.bounds
    starts = np.arange(left - (high - low), right, _HATCH)
    lines = shapely.linestrings([[(x, low), (x + high - low, high)] for x in starts])
    cut = shapely.get_parts(shapely.intersection(lines, shape))
    return [Line(ring(line), color, 0.6) for line in cut if line.geom_type == "LineString" and line.length > 0]


def unit_mark(x: float, y: float, *, verified: bool) -> list[Item]:
    """Mark a unit by a square; it is hollow where nobody has verified the place."""
    full = Area((rectangle(x - 3.2, y - 3.2, 6.4, 6.4),), _INK, _WHITE, 0.6)
    return [full] if verified else [full, Area((rectangle(x - 1.6, y - 1.6, 3.2, 3.2),), _WHITE)]


def site_mark(x: float, y: float, number: int) -> list[Item]:
    """Mark a proposed unit by a numbered triangle."""
    x, y = round(x, _DECIMALS), round(y, _DECIMALS)
    shape = ((x - 6, y - 4), (x + 6, y - 4), (x, y + 7))
    return [Area((shape,), _SITE, _WHITE, 0.7), _number(x, y - 2.6, number)]


def stop_mark(x: float, y: float, number: int) -> list[Item]:
    """Mark a proposed visit by a numbered circle."""
    x, y = round(x, _DECIMALS), round(y, _DECIMALS)
    shape = ring(shapely.Point(x, y).buffer(5, quad_segs=6).exterior)
    return [Area((shape,), _STOP, _WHITE, 0.7), _number(x, y - 2.0, number)]


def _number(x: float, y: float, number: int) -> Words:
    return Words(x, y, str(number), _NUMBER, "middle", bold=True, color=_WHITE)


def map_key(
    legend: Sequence[LegendEntry],
    counted: Mapping[str, int],
    corner: Point,
    right: float,
    symbols: Sequence[str],
    lang: Language,
) -> list[Item]:
    """Say what colours and symbols mean, and how many villages are of each class.

    Parameters
    ----------
    legend, counted
        The classes and how many villages are of each.
    corner, right
        Upper left corner and right edge on paper.
    symbols
        Of ``unit``, ``unit_unverified``, ``site``, ``stop`` those on the map.
    """
    x, y = corner
    plain = legend[0].key == "no_units"
    items: list[Item] = []
    for line in _broken(say("report.map_villages" if plain else "report.map_legend", lang), right - x):
        items.append(Words(x, y, line, _TEXT, bold=True))
        y -= _LINE
    y -= 6
    for entry in legend:
        items += class_areas(shapely.box(x, y - 1.5, x + 16, y + 7.5), entry)
        items.append(Area((rectangle(x, y - 1.5, 16, 9),), "", _GREY, 0.4))
        items.append(Words(x + 22, y, entry.label, _TEXT))
        items.append(Words(right, y, format_number(counted.get(entry.key, 0), lang), _TEXT, "end"))
        y -= _ROW
    y -= 4
    for symbol in symbols:
        items += _symbol(symbol, x + 8, y)
        items.append(Words(x + 22, y - 2.4, say(f"report.map_{symbol}", lang), _TEXT))
        y -= _ROW
    return items


def _symbol(symbol: str, x: float, y: float) -> list[Item]:
    if symbol in {"site", "stop"}:
        return (site_mark if symbol == "site" else stop_mark)(x, y, 1)
    return unit_mark(x, y, verified=symbol == "unit")


def _broken(text: str, width: float) -> list[str]:
    """Break a text into lines of a width."""
    most = int(width / (_LETTER * _TEXT))
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) > most and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = joined
    return lines
