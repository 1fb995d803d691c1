"""Points of a GeoJSON file as a table: a row a feature, its properties as columns, its point as one more column."""

import json
import math
from collections.abc import Mapping

from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.tables.sheets import EMPTY, Cell, Content, Sheet, SheetRow
from coverage.places.tables.text_files import Bounds, text_cell

GEOMETRY = "geometry"
"""Header of the column of points."""

_POINT_SIZES = (2, 3)


def read_geojson(text: str, name: str, bounds: Bounds) -> Content:
    """Read the features of a GeoJSON file, WGS 84; what is no point stands in its row by the name of its kind.

    Raises
    ------
    InputError
        If it is JSON of another kind, in another system of coordinates, or more than the bounds allow.
    """
    try:
        held = json.loads(text.lstrip("\ufeff"), parse_constant=_refused)
    except (ValueError, RecursionError) as error:
        raise InputError(Message.of("tables.json_broken", file=name)) from error
    features = held.get("features") if held.get("type") == "FeatureCollection" else None
    if not isinstance(features, list):
        raise InputError(Message.of("tables.json_other", file=name))
    system = str(held.get("crs") or "")
    if system and not ("CRS84" in system or "4326" in system):
        raise InputError(Message.of("tables.geojson_crs", file=name))
    if len(features) > bounds.rows:
        raise InputError(Message.of("tables.many_rows", file=name, limit=bounds.rows))
    known = [feature if isinstance(feature, dict) else {} for feature in features]
    properties = [found if isinstance(found := one.get("properties"), dict) else {} for one in known]
    headers = list(dict.fromkeys(key for one in properties for key in one))
    if len(headers) >= bounds.columns:
        raise InputError(Message.of("tables.many_columns", file=name, limit=bounds.columns))
    if (len(headers) + 1) * len(known) > bounds.cells:
        raise InputError(Message.of("tables.many_cells", file=name, limit=bounds.cells))
    rows = [SheetRow(1, tuple(map(Cell, (*headers, GEOMETRY))))] if known else []
    rows += [
        SheetRow(number, (*(_cell(held.get(key)) for key in headers), _point(feature.get("geometry"))))
        for number, (feature, held) in enumerate(zip(known, properties, strict=True), start=2)
    ]
    return Content((Sheet("", tuple(rows)),), (Message.of("tables.detected_geojson"),))


def _refused(value: str) -> float:
    raise ValueError(value)


def _cell(value: object) -> Cell:
    if value is None:
        return EMPTY
    if isinstance(value, bool):
        return Cell("TRUE" if value else "FALSE")
    if isinstance(value, (int, float)):
        return Cell(str(value), "number") if abs(value) < math.inf else Cell(str(value))
    return text_cell(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def _point(geometry: object) -> Cell:
    """Write a point as "lat, lon"; of another geometry its kind, which no reader takes for a point."""
    if not isinstance(geometry, Mapping):
        return EMPTY
    spot = geometry.get("coordinates")
    if geometry.get("type") != "Point" or not isinstance(spot, list) or len(spot) not in _POINT_SIZES:
        return text_cell(str(geometry.get("type") or GEOMETRY))
    if not all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in spot):
        return Cell(GEOMETRY)
    return Cell(f"{spot[1]!r}, {spot[0]!r}")
