"""Rehabilitation units: who they are, where they stand, and which area each is responsible for."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from coverage.ground import codes
from coverage.ground.errors import InputError
from coverage.ground.geometry import geodesic_km
from coverage.ground.registry import data_file
from coverage.ground.texts import Message, listed
from coverage.places.tables import Faults, Row, Schema, Table, areas, read_table
from coverage.places.tables.angles import LAT_NAMES, LON_NAMES, POINT_NAMES
from coverage.places.tables.coordinates import Spot, check_all_read, read_points
from coverage.places.tables.word_choices import not_one_of
from coverage.places.unit_kinds import KINDS, kind_of
from coverage.places.villages import in_region, is_area, load_villages, name_key

SYNONYMS: Mapping[str, Mapping[str, str]] = {
    "kind": {kind.casefold(): kind for kind in KINDS},
    "institution": {
        "ip": "IP", "instansi pemerintah": "IP", "lembaga pemerintah": "IP", "pemerintah": "IP",
        "km": "KM", "komponen masyarakat": "KM", "lembaga masyarakat": "KM", "masyarakat": "KM",
    },
    "location_quality": {
        "disurvei": "disurvei", "survei": "disurvei", "survey": "disurvei", "sudah disurvei": "disurvei",
        "gps": "disurvei", "titik kelurahan": "titik kelurahan", "titik desa": "titik kelurahan",
        "titik kelurahan/desa": "titik kelurahan", "belum diverifikasi": "belum diverifikasi",
        "belum": "belum diverifikasi", "belum disurvei": "belum diverifikasi",
    },
}  # fmt: skip
"""Words that may be meant for a choice: offered, taken only when that is asked for."""
LOCATION_QUALITIES = ("disurvei", "titik kelurahan", "belum diverifikasi")
INSTITUTIONS = ("IP", "KM")
_CHOICES: Mapping[str, Mapping[str, str]] = {
    column: {choice.casefold(): choice for choice in allowed}
    for column, allowed in (("kind", KINDS), ("institution", INSTITUTIONS), ("location_quality", LOCATION_QUALITIES))
}
COLUMNS = ("name", "kind", "institution", "kode", "lat", "lon", "location_quality", "wilayah_kerja", "note")
SCHEMA = Schema(
    areas.ALIASES
    | {
        "id": ("id", "no id", "kode unit", "id unit"),
        "name": (
            "nama", "nama unit", "unit", "nama fasilitas", "nama layanan", "nama klinik", "nama fasum", "nama faskes",
            "nama fasilitas kesehatan", "nama fasilitas umum", "nama puskesmas", "nama rs", "nama rumah sakit",
            "nama lembaga", "nama instansi", "faskes", "fasilitas",
        ),
        "kind": ("jenis", "jenis unit", "tipe", "jenis layanan", "jenis fasilitas", "jenis faskes"),
        "institution": ("lembaga", "ip/km"),
        "lat": LAT_NAMES,
        "lon": LON_NAMES,
        "point": POINT_NAMES,
        "zone": ("zona", "zona utm", "utm", "utm zone"),
        "location_quality": ("mutu lokasi",),
        "wilayah_kerja": ("wilayah kerja",),
        "note": ("catatan", "note_id", "keterangan"),
    },
    required=(("name",),),
    measures=("lat", "lon", "point"),
    neutral=("derajat", "derajat desimal", "desimal", "decimal degrees", "dd", "dms", "wgs84", "wgs 84", "°", "utm",
             "m", "meter"),
    wider={"point": ("lat", "lon")},
)  # fmt: skip
"""The columns of a units table and how offices head them."""

_FAR_KM = 100.0
_NEAR_KM = 25.0
_OFF_KM = 50.0
"""Beyond it a point is at sea: islets without villages lie nearer."""
_NEAREST = 16
_OFFERED = 12


@dataclass(frozen=True)
class Siting:
    """How points of a file are meant: columns swapped, UTM zone, and the area that they lie in."""

    region: str = codes.COUNTRY
    swap: bool = False
    zone: str = ""
    system: areas.System | None = None


def read_units(source: Path | bytes, name: str) -> pd.DataFrame:
    """Read and check a units table; one fault and nothing is read.

    Parameters
    ----------
    source, name
        A table of any format as path or content, and what to call it in messages.

    Returns
    -------
    DataFrame
        Index ``id`` (str); columns ``name``, ``kind``, ``institution`` (IP|KM|""), ``kode`` (village that
        stands for the unit, ""), ``lat``, ``lon`` (degrees, EPSG:4326), ``location_quality``, ``wilayah_kerja``
        (tuple of codes), ``note``.

    Raises
    ------
    InputError
        With every fault of the table: row, column, value, remedy.
    """
    faults = Faults(name)
    table = read_table(source, name, SCHEMA, faults)
    check_all_read(table, {})
    units, _ = check_units(table, faults, Siting())
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
        table, faults, region=siting.region, system=siting.system, optional=True, near=_near(spots)
    )
    faults.found += of_points
    rows = {row.number: _unit(row, table, matches, spots, faults) for row in table.rows}
    _check_inside(table, spots, siting.region, faults)
    _check_twice(rows, table, faults)
    bad = faults.rows
    good = [unit for number, unit in rows.items() if number not in bad]
    return pd.DataFrame(good, columns=["id", *COLUMNS]).set_index("id"), matches


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


def _unit(
    row: Row, table: Table, matches: areas.Matches, spots: Mapping[int, Spot], faults: Faults
) -> dict[str, object]:
    name = row.text("name")
    if not name:
        faults.add(row.number, table.header("name"), "", Message.of("units.no_name"), Message.of("units.fix_no_name"))
    chosen = {}
    for column, choices in _CHOICES.items():
        text = row.text(column)
        chosen[column] = kind_of(text) if column == "kind" else choices.get(text.casefold(), "")
        if text and not chosen[column]:
            chosen[column] = not_one_of(row, table, column, SYNONYMS[column], faults, ", ".join(choices.values()))
    area = tuple(part.strip() for part in row.text("wilayah_kerja").split(";") if part.strip())
    for part in area:
        if not is_area(part):
            faults.add(row.number, table.header("wilayah_kerja"), part, *_not_an_area(part))
    kode, spot, quality = _place(row, table, matches.kode.get(row.number, ""), spots.get(row.number), faults)
    return {
        "id": row.text("id") or re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-") or f"unit-{row.number}",
        "name": name,
        "kind": chosen["kind"] or "lainnya",
        "institution": chosen["institution"],
        "kode": kode,
        "lat": np.nan if spot is None else spot.lat,
        "lon": np.nan if spot is None else spot.lon,
        "location_quality": chosen["location_quality"] or quality,
        "wilayah_kerja": area,
        "note": row.text("note"),
    }


def _place(row: Row, table: Table, kode: str, spot: Spot | None, faults: Faults) -> tuple[str, Spot | None, str]:
    """Find where a unit stands: its own point, else the point of its village."""
    if not any(row.text(column) for column in ("kode", "village", "lat", "lon", "point")):
        faults.add(row.number, table.header("kode"), "", Message.of("units.no_place"), Message.of("units.fix_no_place"))
    if not kode:
        return "", spot, "belum diverifikasi"
    lon, lat = _points()[kode]
    if spot is None:
        return kode, Spot(float(lat), float(lon)), "titik kelurahan"
    away = float(geodesic_km(np.array([spot.lon]), np.array([spot.lat]), np.array([lon]), np.array([lat]))[0])
    if away > _FAR_KM:
        problem = Message.of("units.far_from_kode", away_km=away, kode=kode)
        faults.add(row.number, *_point_cell(row, table, "lat"), problem, Message.of("units.fix_far_from_kode"))
    return kode, spot, "belum diverifikasi"


@cache
def _points() -> Mapping[str, tuple[float, float]]:
    """Give longitude and latitude of each village."""
    villages = load_villages()
    points = zip(villages["lon"].tolist(), villages["lat"].tolist(), strict=True)
    return dict(zip(villages.index.to_numpy(object), points, strict=True))


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


def _not_an_area(text: str) -> tuple[Message, Message]:
    if codes.is_code(text):
        return Message.of("units.area_unknown"), Message.of("units.fix_area_unknown")
    if codes.is_undotted(text):
        return Message.of("units.kode_undotted"), Message.of("units.fix_kode_undotted", dotted=codes.dotted(text))
    return Message.of("units.kode_malformed"), Message.of("units.fix_kode_malformed")


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


def embedded_units() -> pd.DataFrame:
    """Load the units the repository ships; see :func:`read_units` for the columns."""
    return _shipped(data_file("units")).copy()


@cache
def _shipped(path: Path) -> pd.DataFrame:
    return read_units(path, "data/facilities/units.csv")


def find_unit(units: pd.DataFrame, text: str) -> str:
    """Find a unit by id, or by a part of its name that only one bears, and give its id.

    Raises
    ------
    InputError
        If none or several fit; the units of the region are offered.
    """
    wanted = text.strip()
    if wanted in units.index:
        return wanted
    key = name_key(wanted)
    names = units["name"].map(name_key)
    found = units.index[names == key]
    if len(found) != 1 and key:
        found = units.index[names.str.contains(key, regex=False)]
    if len(found) == 1:
        return str(found[0])
    offered = units if len(found) == 0 else units.loc[found]
    named = [f"{id_} ({row['name']})" for id_, row in offered.iterrows()]
    options = listed(named, _OFFERED, between="; ") if named else "-"
    key_of_message = "units.unknown" if len(found) == 0 else "units.ambiguous"
    raise InputError(Message.of(key_of_message, value=wanted, options=options))


def responsible(units: pd.DataFrame, kode: pd.Index) -> pd.Series:
    """Name the unit whose wilayah kerja a village belongs to: the narrowest one, "" where none is declared.

    Parameters
    ----------
    units
        Table of :func:`read_units`.
    kode
        Village codes.
    """
    owner = pd.Series("", index=kode, dtype="str")
    claims: dict[int, dict[str, str]] = {}
    for id_, claimed in units["wilayah_kerja"].items():
        for area in claimed:
            claims.setdefault(codes.LENGTH_OF[codes.level(area)], {}).setdefault(area, str(id_))
    for length in sorted(claims):
        cut = kode.str[:length] if length else pd.Index([codes.COUNTRY] * len(kode))
        owned = cut.map(claims[length])
        owner[owned.notna()] = owned[owned.notna()]
    return owner
