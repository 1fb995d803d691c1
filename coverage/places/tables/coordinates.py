"""Coordinates as offices write them: degrees, degrees with minutes and seconds, or UTM metres of a stated zone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from pyproj import Transformer

from coverage.ground.errors import InputError
from coverage.ground.geometry import FloatArray
from coverage.ground.texts import Message
from coverage.places.tables.angles import (
    LAT_RANGE,
    LON_RANGE,
    OTHER,
    RANGES,
    Angle,
    header_halves,
    read_angle,
    read_pair,
)
from coverage.places.tables.column_cells import is_unknown
from coverage.places.tables.faults import SWAP, CellAt, Faults
from coverage.places.tables.headers import Row, Table
from coverage.places.tables.labels import heading
from coverage.places.tables.place_headers import Axis
from coverage.places.tables.table_files import Cell

__all__ = ["LAT_RANGE", "LON_RANGE", "ZONES", "Spot", "check_all_read", "read_points"]

ZONES = tuple(f"{number}{half}" for number in range(46, 55) for half in "SN")

_MANGLED = re.compile(r"(?P<sign>[+-]?)(?P<whole>\d{1,3})(?P<rest>(?:\.\d{3}){2,}|(?:,\d{3}){2,})", re.ASCII)
_METRES = re.compile(r"\d{5,8}([.,]\d+)?|\d{1,3}([.,]\d{3})+([.,]\d+)?", re.ASCII)
_EASTINGS = (100_000.0, 900_000.0)
_LEAST_METRES = 10_000.0
_AXES: tuple[Axis, ...] = ("lat", "lon")
_SAME_DEGREES = 0.001
_COORDINATE_WORDS = frozenset(
    {"lintang", "bujur", "lat", "lon", "long", "lng", "latitude", "longitude", "latlong", "latlon", "koordinat",
     "koord", "coordinate", "coordinates", "gps", "geopoint", "easting", "northing", "geometry", "wkt", "ls", "lu",
     "bt", "bb", "x", "y"}
)  # fmt: skip
_BESIDE = frozenset({"altitude", "precision", "accuracy", "akurasi", "presisi", "ketinggian", "elevasi", "sumber"})


@dataclass(frozen=True)
class Spot:
    """A point in degrees, EPSG:4326."""

    lat: float
    lon: float


def read_points(
    table: Table, faults: Faults, *, swap: bool = False, zone: str = "", around: FloatArray | None = None
) -> dict[int, Spot]:
    """Read the points of all rows: columns ``lat`` and ``lon``, or ``point``, or both.

    Parameters
    ----------
    table
        With columns ``lat`` and ``lon``, or ``point`` that holds both; ``zone`` where rows state their UTM zone.
    faults
        What cannot be a point is added here.
    swap
        Whether the two columns are to change places.
    zone
        UTM zone of all rows that are in metres and do not state one, such as ``51S``.
    around
        Points (lon, lat) of the villages of the chosen area: the zone that puts points among them is proposed.

    Returns
    -------
    Point per row number; rows that say nothing of a point are left out.
    """
    held: dict[Axis, Axis] = dict(OTHER) if swap else {axis: axis for axis in _AXES}
    names = {axis: table.header(held[axis]) for axis in _AXES}
    if all(row.cells.keys().isdisjoint(("lat", "lon", "point")) for row in table.rows):
        return {}
    halves = _halves(table, held)
    spots: dict[int, Spot] = {}
    for row in table.rows:
        cells = {axis: row.cell(held[axis]) for axis in _AXES}
        spot: Spot | None = None
        if not all(is_unknown(cell.text) for cell in cells.values()):
            if any(cell.kind == "broken" for cell in cells.values()):
                continue
            metres = _metres(cells)
            if metres is not None:
                spot = _from_metres(row, metres, zone or "", (names["lat"], faults), around)
            else:
                spot = _from_degrees(row, cells, names, halves, faults)
            if spot is None:
                continue
        spot = _together(row, table, spot, faults)
        if spot is not None:
            spots[row.number] = spot
    return spots


def check_all_read(table: Table, chosen: Mapping[str, str]) -> None:
    """Refuse to pass over a filled column of coordinates, unless the user said which columns are meant.

    Raises
    ------
    InputError
        If such a column is not read, with its name.
    """
    if chosen:
        return
    left = [label for label in table.unread_filled if _names_a_point(label)]
    if left:
        raise InputError(Message.of("tables.coordinates_unread", file=table.file, columns=", ".join(left)))


def _names_a_point(label: str) -> bool:
    words = set(re.findall(r"[a-z]+", heading(label)))
    return bool(words & _COORDINATE_WORDS) and not words & _BESIDE


def _halves(table: Table, held: Mapping[Axis, Axis]) -> dict[Axis, frozenset[int]]:
    """Give the hemispheres that the headers of both columns name, whichever column holds which.

    "LS/LU" above unsigned degrees leaves the hemisphere open, unless the column tells south from north by a minus.
    """
    found: dict[Axis, frozenset[int]] = {}
    for axis in _AXES:
        named = frozenset[int]().union(*(header_halves(table.header(column), axis) for column in _AXES))
        found[axis] = named if len(named) == 1 or not _tells_halves(table, held[axis]) else frozenset()
    return found


def _tells_halves(table: Table, column: Axis) -> bool:
    angles = (read_angle(text) for text in {row.text(column) for row in table.rows})
    return any(not isinstance(angle, str) and angle.sign for angle in angles)


def _from_degrees(
    row: Row, cells: dict[Axis, Cell], names: dict[Axis, str], halves: dict[Axis, frozenset[int]], faults: Faults
) -> Spot | None:
    read = {axis: _degree(cells[axis], axis, halves[axis]) for axis in _AXES}
    spot = _spot(read)
    if spot is not None:
        return spot
    swapped = _spot({axis: _degree(cells[OTHER[axis]], axis, halves[axis]) for axis in _AXES})
    for axis, found in read.items():
        if isinstance(found, float):
            continue
        cell = CellAt(row.number, names[axis], cells[axis].text)
        if swapped is None:
            faults.add(*cell, *found)
        elif faults.mended_by(SWAP, cell, becomes=cells[OTHER[axis]].text, problem=found[0], remedy=found[1]):
            spot = swapped
    return spot


def _spot(read: Mapping[Axis, float | tuple[Message, Message]]) -> Spot | None:
    lat, lon = read["lat"], read["lon"]
    return Spot(lat, lon) if isinstance(lat, float) and isinstance(lon, float) else None


def _degree(cell: Cell, axis: Axis, halves: frozenset[int]) -> float | tuple[Message, Message]:
    """Read one cell, or say what is wrong and how to mend it."""
    mangled = _MANGLED.fullmatch(cell.text)
    if mangled is not None:
        meant = f"{mangled['sign']}{mangled['whole']},{re.sub('[.,]', '', mangled['rest'])}"
        return Message.of("tables.degrees_grouped"), Message.of("tables.fix_degrees_grouped", meant=meant)
    angle = _number(cell) if cell.kind == "number" else read_angle(cell.text)
    if isinstance(angle, str):
        return Message.of(f"tables.{angle}"), Message.of(f"tables.fix_{angle}")
    problem = _against(angle, axis, halves)
    if problem is not None:
        return problem
    return angle.size * (angle.sign or (min(halves) if len(halves) == 1 else 1))


def _against(angle: Angle, axis: Axis, halves: frozenset[int]) -> tuple[Message, Message] | None:
    """Say why an angle cannot be one of this axis and hemisphere, None where it can."""
    (low, high), other = RANGES[axis], RANGES[OTHER[axis]]
    value = angle.size * (angle.sign or (min(halves) if len(halves) == 1 else 1))
    if angle.axis not in (None, axis):
        if other[0] <= value <= other[1]:
            return Message.of("tables.outside_swapped", low=low, high=high), Message.of("tables.fix_swapped")
        return Message.of("tables.half_of_other"), Message.of("tables.fix_halves_differ")
    if len(halves) == 1 and angle.sign and angle.sign not in halves and angle.size:
        return Message.of("tables.halves_differ"), Message.of("tables.fix_halves_differ")
    if low <= value <= high:
        missing = len(halves) > 1 and not angle.sign and angle.size
        return (Message.of("tables.half_missing"), Message.of("tables.fix_half_missing")) if missing else None
    if other[0] <= angle.size * (angle.sign or 1) <= other[1]:
        return Message.of("tables.outside_swapped", low=low, high=high), Message.of("tables.fix_swapped")
    return Message.of("tables.outside", low=low, high=high), Message.of("tables.fix_outside")


def _number(cell: Cell) -> Angle:
    value = float(cell.text)
    return Angle(abs(value), None, -1 if value < 0 else 0)


def _together(row: Row, table: Table, apart: Spot | None, faults: Faults) -> Spot | None:
    """Read the column that holds both; where two columns hold the point too, all must name one place."""
    cell = row.cell("point")
    if is_unknown(cell.text) or cell.kind == "broken":
        return apart
    pair = read_pair(cell.text)
    if pair is None:
        problem, remedy = Message.of("tables.not_a_point"), Message.of("tables.fix_not_a_point")
    elif apart is not None and max(abs(pair[0] - apart.lat), abs(pair[1] - apart.lon)) > _SAME_DEGREES:
        problem, remedy = Message.of("tables.points_differ"), Message.of("tables.fix_points_differ")
    else:
        return apart or Spot(*pair)
    faults.add(row.number, table.header("point"), cell.text, problem, remedy)
    return None


def _metres(cells: dict[Axis, Cell]) -> tuple[float, float] | None:
    """Read easting and northing, whichever column holds which; None where the cells are degrees."""
    found = []
    for axis in _AXES:
        cell = cells[axis]
        if cell.kind == "number":
            found.append(abs(float(cell.text)))
        elif _METRES.fullmatch(cell.text):
            whole = re.fullmatch(r"(?P<whole>.*\d)[.,]\d{1,2}", cell.text)
            found.append(float(re.sub("[.,]", "", whole["whole"] if whole else cell.text)))
        else:
            return None
    north, east = found
    if min(found) < _LEAST_METRES:
        return None
    return (east, north) if _EASTINGS[0] <= east <= _EASTINGS[1] else (north, east)


def _from_metres(
    row: Row, metres: tuple[float, float], zone: str, where: tuple[str, Faults], around: FloatArray | None
) -> Spot | None:
    header, faults = where
    stated = re.sub(r"[^0-9A-Z]", "", row.text("zone").upper().replace("UTM", "").replace("ZONA", "")) or zone.upper()
    shown = f"{metres[0]:.0f} {metres[1]:.0f}"
    if not stated:
        proposed = ", ".join(_zones_among(metres, around))
        key = "tables.fix_zone_proposed" if proposed else "tables.fix_zone"
        remedy = Message.of(key, zone=proposed) if proposed else Message.of(key)
        faults.add(row.number, header, shown, Message.of("tables.zone_missing"), remedy)
        return None
    spot = _unprojected(metres, stated) if stated in ZONES else None
    if spot is None or not (LAT_RANGE[0] <= spot.lat <= LAT_RANGE[1] and LON_RANGE[0] <= spot.lon <= LON_RANGE[1]):
        faults.add(
            row.number, header, f"{shown} {stated}", Message.of("tables.zone_wrong"), Message.of("tables.fix_zone")
        )
        return None
    return spot


def _unprojected(metres: tuple[float, float], zone: str) -> Spot | None:
    epsg = (32700 if zone.endswith("S") else 32600) + int(zone[:-1])
    lon, lat = Transformer.from_crs(epsg, 4326, always_xy=True).transform(*metres)
    return Spot(float(lat), float(lon)) if np.isfinite([lat, lon]).all() else None


def _zones_among(metres: tuple[float, float], around: FloatArray | None) -> list[str]:
    """Give the zones in which the point stands among the villages of the chosen area."""
    if around is None or len(around) == 0:
        return []
    low, high = around.min(axis=0), around.max(axis=0)
    fitting = []
    for zone in ZONES:
        spot = _unprojected(metres, zone)
        if spot is not None and low[0] <= spot.lon <= high[0] and low[1] <= spot.lat <= high[1]:
            fitting.append(zone)
    return fitting
