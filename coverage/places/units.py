"""Rehabilitation units: who they are, where they stand, and which area each is responsible for."""

import math
import re
from pathlib import Path

import numpy as np
import pandas as pd

from coverage.ground import codes
from coverage.ground.errors import InputError
from coverage.ground.geometry import geodesic_km
from coverage.ground.registry import data_file
from coverage.ground.texts import Message
from coverage.places.tables import ROW, Faults, number, read_table
from coverage.places.villages import load_villages, name_key

KINDS = ("klinik BNNP", "klinik BNNK", "puskesmas", "rumah sakit", "KM", "IBM", "basis Pokling", "lainnya")
LOCATION_QUALITIES = ("disurvei", "titik kelurahan", "belum diverifikasi")
INSTITUTIONS = ("IP", "KM", "")
COLUMNS = ("name", "kind", "institution", "kode", "lat", "lon", "location_quality", "wilayah_kerja", "note")
LAT_RANGE = (-11.5, 6.5)
LON_RANGE = (95.0, 141.1)
_FAR_KM = 100.0
_ALIASES = {
    "id": ("no id", "kode unit"),
    "name": ("nama", "nama unit", "unit"),
    "kind": ("jenis", "jenis unit", "tipe"),
    "institution": ("lembaga", "ip/km"),
    "kode": ("kode wilayah", "kode kelurahan", "kode desa"),
    "lat": ("lintang", "latitude"),
    "lon": ("bujur", "longitude", "lng"),
    "location_quality": ("mutu lokasi",),
    "wilayah_kerja": ("wilayah kerja",),
    "note": ("catatan", "note_id"),
}


def read_units(source: Path | bytes, name: str) -> pd.DataFrame:
    """Read and check a units table.

    Parameters
    ----------
    source, name
        CSV as path or content, and what to call it in messages.

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
    table = read_table(source, name, _ALIASES, required=("name",))
    faults = Faults(name)
    villages = load_villages()
    rows = [_unit(row, faults, villages) for row in table.to_dict("records")]
    _check_twice(rows, table, faults)
    faults.stop_if_any()
    units = pd.DataFrame(rows, columns=["id", *COLUMNS])
    return units.set_index("id")


def _unit(row: dict[str, object], faults: Faults, villages: pd.DataFrame) -> dict[str, object]:
    at = int(str(row[ROW]))
    text = {column: str(row[column]) for column in _ALIASES}
    if not text["name"]:
        faults.add(at, "name", "", Message.of("units.no_name"))
    for column, allowed in (("kind", KINDS), ("institution", INSTITUTIONS), ("location_quality", LOCATION_QUALITIES)):
        if text[column] and text[column] not in allowed:
            choices = ", ".join(choice for choice in allowed if choice)
            faults.add(at, column, text[column], Message.of("units.not_one_of", choices=choices))
    kode = text["kode"]
    if kode and kode not in villages.index:
        problem = "units.kode_unknown" if codes.is_code(kode) else "units.kode_malformed"
        faults.add(at, "kode", kode, Message.of(problem))
        kode = ""
    lat, lon = _point(text, at, faults)
    quality = text["location_quality"]
    if lat is None or lon is None:
        if kode:
            lat, lon = float(villages.at[kode, "lat"]), float(villages.at[kode, "lon"])
            quality = quality or "titik kelurahan"
        elif not text["kode"] and not text["lat"] and not text["lon"]:
            faults.add(at, "kode", "", Message.of("units.no_place"))
    elif kode:
        away = geodesic_km(
            np.array([lon]),
            np.array([lat]),
            villages.loc[[kode], "lon"].to_numpy(),
            villages.loc[[kode], "lat"].to_numpy(),
        )[0]
        if away > _FAR_KM:
            faults.add(at, "lat", text["lat"], Message.of("units.far_from_kode", away_km=float(away), kode=kode))
    area = tuple(part.strip() for part in text["wilayah_kerja"].split(";") if part.strip())
    for part in area:
        if not codes.is_code(part):
            faults.add(at, "wilayah_kerja", part, Message.of("units.kode_malformed"))
    return {
        "id": text["id"] or re.sub(r"[^a-z0-9]+", "-", text["name"].casefold()).strip("-"),
        "name": text["name"],
        "kind": text["kind"] or "lainnya",
        "institution": text["institution"],
        "kode": kode,
        "lat": math.nan if lat is None else lat,
        "lon": math.nan if lon is None else lon,
        "location_quality": quality or "belum diverifikasi",
        "wilayah_kerja": area,
        "note": text["note"],
    }


def _point(text: dict[str, str], at: int, faults: Faults) -> tuple[float | None, float | None]:
    if not text["lat"] and not text["lon"]:
        return None, None
    found: list[float | None] = []
    for column, (low, high), other in (("lat", LAT_RANGE, LON_RANGE), ("lon", LON_RANGE, LAT_RANGE)):
        value = number(text[column])
        if value is None:
            faults.add(at, column, text[column], Message.of("units.not_a_number"))
        elif not low <= value <= high:
            swapped = other[0] <= value <= other[1]
            key = "units.out_of_range_swapped" if swapped else "units.out_of_range"
            faults.add(at, column, text[column], Message.of(key, low=low, high=high))
            value = None
        found.append(value)
    return found[0], found[1]


def _check_twice(rows: list[dict[str, object]], table: pd.DataFrame, faults: Faults) -> None:
    seen: dict[str, int] = {}
    for row, at in zip(rows, table[ROW], strict=True):
        key = str(row["id"])
        if key in seen:
            faults.add(int(at), "id", key, Message.of("units.twice", first=str(seen[key])))
        seen.setdefault(key, int(at))


def embedded_units() -> pd.DataFrame:
    """Load the units the repository ships; see :func:`read_units` for the columns."""
    return read_units(data_file("units"), "data/facilities/units.csv")


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
    options = "; ".join(f"{id_} ({row['name']})" for id_, row in offered.head(12).iterrows()) or "-"
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
    for id_, areas in units["wilayah_kerja"].items():
        for area in areas:
            claims.setdefault(codes.LENGTH_OF[codes.level(area)], {}).setdefault(area, str(id_))
    for length in sorted(claims):
        cut = kode.str[:length] if length else pd.Index([codes.COUNTRY] * len(kode))
        owned = cut.map(claims[length])
        owner[owned.notna()] = owned[owned.notna()]
    return owner
