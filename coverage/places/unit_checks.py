"""Units as offices list them: every row checked, and each put where it stands."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from coverage.ground import codes
from coverage.ground.geometry import geodesic_km
from coverage.ground.texts import Message
from coverage.places.schemas.cell_kinds import KINDS, is_blank, text_of
from coverage.places.schemas.unit_columns import UNITS
from coverage.places.tables import areas
from coverage.places.tables.column_cells import Ways
from coverage.places.tables.coordinates import Spot, check_all_read, read_points
from coverage.places.tables.faults import Faults
from coverage.places.tables.headers import Table, read_table
from coverage.places.tables.sheets import Row
from coverage.places.villages import in_region, load_villages, name_key

__all__ = ["Siting", "check_units", "read_units"]

_FAR_KM = 100.0
_NEAR_KM = 25.0
_OFF_KM = 50.0
"""Beyond it a point is at sea: islets without villages lie nearer."""
_NEAREST = 16


@dataclass(frozen=True)
class Siting:
    """How points of a file are meant: columns swapped, UTM zone, and the area that they lie in.

    ``ways``: how its numbers and dates are meant. ``agreed``: as in :class:`coverage.places.tables.areas.Sought`.
    """

    region: str = codes.COUNTRY
    swap: bool = False
    zone: str = ""
    system: areas.System | None = None
    ways: Ways = field(default_factory=Ways)
    agreed: bool = False


def read_units(source: Path | bytes, name: str, *, agreed: bool = False) -> pd.DataFrame:
    """Read and check a units table; one fault and nothing is read.

    Parameters
    ----------
    source, name
        A table of any format as path or content, and what to call it in messages.
    agreed
        As in :class:`coverage.places.tables.areas.Sought`.

    Returns
    -------
    DataFrame
        Index ``id`` (str); the columns of :data:`coverage.places.schemas.unit_columns.UNITS`, all of them whatever
        the file has: among them ``kode`` (village that stands for the unit, ""), ``lat``, ``lon`` (degrees,
        EPSG:4326), ``wilayah_kerja`` (tuple of codes). What is not known is blank: "", (), NaN, NaT; never 0.

    Raises
    ------
    InputError
        With every fault of the table: row, column, value, remedy.
    """
    faults = Faults(name)
    table = read_table(source, name, UNITS.reading, faults)
    check_all_read(table, {})
    units, _ = check_units(table, faults, Siting(agreed=agreed))
    faults.stop_if_any()
    return units


def check_units(table: Table, faults: Faults, siting: Siting) -> tuple[pd.DataFrame, areas.Matches]:
    """Check the rows of a units table.

    Returns
    -------
    The units of the rows without a fault, as :func:`read_units`, and how their villages were found.
    """
    around = in_region(load_villages(), siting.region)[["lon", "lat"]].to_numpy(np.float64)
    # Points are read first, since they bear names out; what is wrong with them is told after the villages.
    told = len(faults.found)
    spots = read_points(table, faults, swap=siting.swap, zone=siting.zone, around=around)
    of_points = faults.found[told:]
    del faults.found[told:]
    matches = areas.find_villages(
        table,
        faults,
        areas.Sought(siting.region, siting.system, optional=True, near=_near(spots), agreed=siting.agreed),
    )
    faults.found += of_points
    read = {
        column.name: KINDS[column.kind].read(column, table, faults, siting.ways)
        for column in UNITS
        if column.held and column.name not in _PLACED
    }
    rows = {}
    for row in table.rows:
        own = {name: values[row.number] for name, values in read.items() if row.number in values}
        rows[row.number] = own | _named(row, own, table, faults) | _place(row, own, table, matches, spots, faults)
        _check_agrees(row, rows[row.number], table, faults)
    _check_inside(table, spots, siting.region, faults)
    _check_twice(rows, table, faults)
    bad = faults.rows
    good = [unit for number, unit in rows.items() if number not in bad]
    return UNITS.table(good).set_index("id"), matches


_PLACED = frozenset({"kode", "lat", "lon"})
"""Columns that are read together: a point may stand for a village, and a village for a point."""


def _near(spots: Mapping[int, Spot]) -> Callable[[int, Sequence[int]], list[int] | None]:
    """Make the question which of some villages lie near the point of a row."""
    places = load_villages()[["lon", "lat"]].to_numpy(np.float64)

    def near(number: int, at: Sequence[int]) -> list[int] | None:
        spot = spots.get(number)
        if spot is None:
            return None
        there = places[list(at)]
        km = geodesic_km(np.full(len(at), spot.lon), np.full(len(at), spot.lat), there[:, 0], there[:, 1])
        return [one for one, away in zip(at, km, strict=True) if away <= _NEAR_KM]

    return near


def _named(row: Row, own: Mapping[str, object], table: Table, faults: Faults) -> dict[str, object]:
    """Give id and name of a unit; without an id it is made of the name."""
    name = str(own.get("name", ""))
    if not name:
        faults.add(row.number, table.header("name"), "", Message.of("units.no_name"), Message.of("units.fix_no_name"))
    id_ = own.get("id") or re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or f"unit-{row.number}"
    return {"id": id_, "name": name}


def _place(
    row: Row,
    own: Mapping[str, object],
    table: Table,
    matches: areas.Matches,
    spots: Mapping[int, Spot],
    faults: Faults,
) -> dict[str, object]:
    """Find where a unit stands: its own point, else the point of its village."""
    kode, spot = matches.kode.get(row.number, ""), spots.get(row.number)
    if not any(row.text(column) for column in ("kode", "village", "lat", "lon", "point")):
        faults.add(row.number, table.header("kode"), "", Message.of("units.no_place"), Message.of("units.fix_no_place"))
    quality = "belum diverifikasi"
    if kode and spot is None:
        lon, lat = _point_of(kode)
        spot, quality = Spot(lat, lon), "titik kelurahan"
    elif kode and spot is not None:
        lon, lat = _point_of(kode)
        away = float(geodesic_km(np.array([spot.lon]), np.array([spot.lat]), np.array([lon]), np.array([lat]))[0])
        if away > _FAR_KM:
            problem = Message.of("units.far_from_kode", away_km=away, kode=kode)
            faults.add(row.number, *_point_cell(row, table, "lat"), problem, Message.of("units.fix_far_from_kode"))
    return {
        "kode": kode,
        "lat": np.nan if spot is None else spot.lat,
        "lon": np.nan if spot is None else spot.lon,
        "location_quality": own.get("location_quality") or quality,
    }


def _check_agrees(row: Row, unit: Mapping[str, object], table: Table, faults: Faults) -> None:
    """Tell of cells of a row that cannot both be right: a state of IBM without IBM, the end before the beginning."""
    kind = unit.get("kind", UNITS.blank("kind"))
    if unit.get("ibm_state") and kind != "IBM":
        problem, remedy = Message.of("units.not_ibm", kind=kind), Message.of("units.fix_not_ibm")
        faults.add(row.number, table.header("ibm_state"), row.text("ibm_state"), problem, remedy)
    first, last = (unit.get(name, UNITS.blank(name)) for name in ("open_from", "open_to"))
    if not is_blank(first) and not is_blank(last) and last < first:  # type: ignore[operator]  # both are days
        problem = Message.of("units.closed_first", first=text_of(first))
        faults.add(
            row.number, table.header("open_to"), row.text("open_to"), problem, Message.of("units.fix_closed_first")
        )


def _point_of(kode: str) -> tuple[float, float]:
    """Give longitude and latitude of a village."""
    villages = load_villages()
    (at,) = villages.index.get_indexer(pd.Index([kode]))
    return float(villages["lon"].to_numpy()[at]), float(villages["lat"].to_numpy()[at])


def _point_cell(row: Row, table: Table, *columns: str) -> tuple[str, str]:
    """Give the header and the words of the cells a point was read from: some of two columns, or the one with both."""
    apart = " ".join(row.text(column) for column in columns).strip()
    return (table.header("lat"), apart) if apart else (table.header("point"), row.text("point"))


def _check_inside(table: Table, spots: Mapping[int, Spot], region: str, faults: Faults) -> None:
    """Say of points far from any village of the area, or of the country, how far, and from which; nothing is moved."""
    rows = [row for row in table.rows if row.number in spots]
    if not rows:
        return
    lon, lat = np.array([[spots[row.number].lon, spots[row.number].lat] for row in rows]).T
    villages = load_villages()
    places = villages[["lon", "lat"]].to_numpy(np.float64)
    # Degrees of longitude are no kilometres: the nearest of some that are near in degrees.
    rough = np.asarray(cKDTree(places).query(np.column_stack([lon, lat]), k=_NEAREST)[1])
    there = places[rough.ravel()]
    km = geodesic_km(np.repeat(lon, _NEAREST), np.repeat(lat, _NEAREST), there[:, 0], there[:, 1])
    away = km.reshape(rough.shape)
    for row, near_rows, near_km in zip(rows, rough, away, strict=True):
        nearest, least_km = str(villages.index[near_rows[near_km.argmin()]]), float(near_km.min())
        near = f"{villages.at[nearest, 'name']!s} ({nearest})"
        if least_km > _OFF_KM:
            problem, remedy = Message.of("units.off_land", away_km=least_km, near=near), "units.fix_off_land"
        elif not codes.contains(region, nearest):
            problem = Message.of("units.outside_region", away_km=least_km, near=near, region=region)
            remedy = "units.fix_outside_region"
        else:
            continue
        faults.add(row.number, *_point_cell(row, table, "lat", "lon"), problem, Message.of(remedy))


def _check_twice(rows: Mapping[int, Mapping[str, object]], table: Table, faults: Faults) -> None:
    seen: dict[object, int] = {}
    placed: dict[object, int] = {}
    for number, row in rows.items():
        spot = (name_key(str(row["name"])), row["lat"], row["lon"])
        first = seen.setdefault(row["id"], number)
        if first != number:
            problem = Message.of("units.twice", first=str(first))
            faults.add(number, table.header("id"), row["id"], problem, Message.of("units.fix_twice"))
        elif row["name"] and placed.setdefault(spot, number) != number:
            problem = Message.of("units.twice_placed", first=str(placed[spot]))
            faults.add(number, table.header("name"), row["name"], problem, Message.of("units.fix_twice"))
