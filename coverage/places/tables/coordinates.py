"""Coordinates as offices write them: degrees, degrees with minutes and seconds, or UTM metres of a stated zone."""

import re
from dataclasses import dataclass

import numpy as np
from pyproj import Transformer

from coverage.ground.geometry import FloatArray
from coverage.ground.texts import Message
from coverage.places.tables.cells import is_unknown
from coverage.places.tables.faults import Faults
from coverage.places.tables.files import Cell
from coverage.places.tables.headers import Row, Table

LAT_RANGE = (-11.5, 6.5)
LON_RANGE = (95.0, 141.1)
ZONES = tuple(f"{number}{half}" for number in range(46, 55) for half in "SN")

_DECIMAL = re.compile(r"[+-]?\d{1,3}([.,]\d+)?°?", re.ASCII)
_MANGLED = re.compile(r"(?P<sign>[+-]?)(?P<whole>\d{1,3})(?P<rest>(?:\.\d{3}){2,}|(?:,\d{3}){2,})", re.ASCII)
_DMS = re.compile(
    r"(?P<before>[a-z]{1,2})?\s*(?P<sign>-)?(?P<deg>\d{1,3}(?:[.,]\d+)?)\s*(?:°|º|˚|d|derajat|\s)\s*"
    r"(?:(?P<min>\d{1,2}(?:[.,]\d+)?)\s*(?:'|′|’|`|m|menit|\s)?\s*)?"
    r"(?:(?P<sec>\d{1,2}(?:[.,]\d+)?)\s*(?:\"|″|”|''|dtk|detik)?\s*)?(?P<after>[a-z]{1,2})?",
    re.ASCII,
)
_HALVES = {"ls": -1, "s": -1, "lu": 1, "n": 1, "u": 1, "bt": 1, "e": 1, "t": 1, "bb": -1, "w": -1, "b": -1}
_METRES = re.compile(r"\d{5,8}([.,]\d+)?|\d{1,3}([.,]\d{3})+([.,]\d+)?", re.ASCII)
_SIXTY = 60.0
_EASTINGS = (100_000.0, 900_000.0)
_LEAST_METRES = 10_000.0


@dataclass(frozen=True)
class Spot:
    """A point in degrees, EPSG:4326."""

    lat: float
    lon: float


def degrees(text: str) -> float | None:
    r"""Read degrees, with a decimal point or comma, or with minutes, seconds and LS, LU, BT or BB.

    Examples
    --------
    >>> degrees("-3,9985"), round(degrees("3°59'54,6\" LS") or 0, 4), degrees("122 30 BT"), degrees("banyak")
    (-3.9985, -3.9985, 122.5, None)
    """
    bare = " ".join(text.casefold().split())
    if _DECIMAL.fullmatch(bare):
        return float(bare.rstrip("°").replace(",", "."))
    found = _DMS.fullmatch(bare)
    if found is None:
        return None
    half = found["before"] or found["after"]
    if (half is not None and half not in _HALVES) or (found["before"] and found["after"]):
        return None
    parts = [float((found[name] or "0").replace(",", ".")) for name in ("deg", "min", "sec")]
    if parts[1] >= _SIXTY or parts[2] >= _SIXTY:
        return None
    value = parts[0] + parts[1] / _SIXTY + parts[2] / _SIXTY**2
    return value * (-1 if found["sign"] else 1) * (_HALVES[half] if half else 1)


def read_points(
    table: Table, faults: Faults, *, swap: bool = False, zone: str = "", around: FloatArray | None = None
) -> dict[int, Spot]:
    """Read the columns ``lat`` and ``lon`` of all rows.

    Parameters
    ----------
    table
        With columns ``lat`` and ``lon``, and ``zone`` where rows state their UTM zone.
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
    Point per row number; rows without both cells are left out.
    """
    first, second = ("lon", "lat") if swap else ("lat", "lon")
    spots: dict[int, Spot] = {}
    for row in table.rows:
        cells = {"lat": row.cell(first), "lon": row.cell(second)}
        names = {"lat": table.header(first), "lon": table.header(second)}
        if is_unknown(cells["lat"].text) and is_unknown(cells["lon"].text):
            continue
        metres = _metres(cells)
        if metres is not None:
            spot = _from_metres(row, metres, zone or "", (names["lat"], faults), around)
        else:
            spot = _from_degrees(row, cells, names, faults)
        if spot is not None:
            spots[row.number] = spot
    return spots


def _from_degrees(row: Row, cells: dict[str, Cell], names: dict[str, str], faults: Faults) -> Spot | None:
    values = {}
    for axis, (low, high), other in (("lat", LAT_RANGE, LON_RANGE), ("lon", LON_RANGE, LAT_RANGE)):
        cell = cells[axis]
        value = float(cell.text) if cell.kind == "number" else degrees(cell.text)
        mangled = _MANGLED.fullmatch(cell.text)
        if mangled is not None:
            meant = f"{mangled['sign']}{mangled['whole']},{re.sub('[.,]', '', mangled['rest'])}"
            problem, remedy = (
                Message.of("tables.degrees_grouped"),
                Message.of("tables.fix_degrees_grouped", meant=meant),
            )
        elif value is None:
            problem, remedy = Message.of("tables.not_degrees"), Message.of("tables.fix_not_degrees")
        elif low <= value <= high:
            values[axis] = value
            continue
        elif other[0] <= value <= other[1]:
            problem = Message.of("tables.outside_swapped", low=low, high=high)
            remedy = Message.of("tables.fix_swapped")
        else:
            problem, remedy = Message.of("tables.outside", low=low, high=high), Message.of("tables.fix_outside")
        faults.add(row.number, names[axis], cell.text, problem, remedy)
    return Spot(values["lat"], values["lon"]) if len(values) == len(cells) else None


def _metres(cells: dict[str, Cell]) -> tuple[float, float] | None:
    """Read easting and northing, whichever column holds which; None where the cells are degrees."""
    found = []
    for axis in ("lat", "lon"):
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
