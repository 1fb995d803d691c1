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
from coverage.places.villages import is_area, load_villages, name_key

KINDS = ("klinik BNNP", "klinik BNNK", "puskesmas", "rumah sakit", "KM", "IBM", "basis Pokling", "lainnya")
LOCATION_QUALITIES = ("disurvei", "titik kelurahan", "belum diverifikasi")
INSTITUTIONS = ("IP", "KM")
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
    units = check_units(table, faults)
    faults.stop_if_any()
    return units


def check_units(table: pd.DataFrame, faults: Faults) -> pd.DataFrame:
    """Check units that are all text, wherever they were read, and note what is wrong; see :func:`read_units`."""
    rows = [_unit({str(key): cell for key, cell in row.items()}, faults) for row in table.to_dict("records")]
    _check_twice(rows, table, faults)
    return pd.DataFrame(rows, columns=["id", *COLUMNS]).set_index("id")


def _unit(row: dict[str, object], faults: Faults) -> dict[str, object]:
    at = int(str(row[ROW]))
    text = {column: str(row[column]) for column in _ALIASES}
    if not text["name"]:
        faults.add(at, "name", "", Message.of("units.no_name"))
    for column, allowed in (("kind", KINDS), ("institution", INSTITUTIONS), ("location_quality", LOCATION_QUALITIES)):
        meant = {choice.casefold(): choice for choice in allowed}.get(text[column].casefold(), "")
        if text[column] and not meant:
            faults.add(at, column, text[column], Message.of("units.not_one_of", choices=", ".join(allowed)))
        text[column] = meant
    kode, lat, lon, quality = _place(text, at, faults)
    area = tuple(part.strip() for part in text["wilayah_kerja"].split(";") if part.strip())
    for part in area:
        if not is_area(part):
            faults.add(at, "wilayah_kerja", part, _not_a_code(part, "units.area_unknown"))
    return {
        "id": text["id"] or re.sub(r"[^a-z0-9]+", "-", text["name"].casefold()).strip("-") or f"unit-{at}",
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


def _place(text: dict[str, str], at: int, faults: Faults) -> tuple[str, float | None, float | None, str]:
    """Find where a unit stands: its own point, else the point of its village."""
    villages = load_villages()
    kode, quality = text["kode"], text["location_quality"]
    if kode and kode not in villages.index:
        faults.add(at, "kode", kode, _not_a_code(kode, "units.kode_unknown"))
        kode = ""
    lat, lon = _point(text, at, faults)
    spot = villages.loc[[kode], ["lon", "lat"]].to_numpy(np.float64)[0] if kode else None
    if spot is None:
        if not any(text[column] for column in ("kode", "lat", "lon")):
            faults.add(at, "kode", "", Message.of("units.no_place"))
    elif lat is None or lon is None:
        return kode, float(spot[1]), float(spot[0]), quality or "titik kelurahan"
    else:
        away = float(geodesic_km(np.array([lon]), np.array([lat]), spot[:1], spot[1:])[0])
        if away > _FAR_KM:
            faults.add(at, "lat", text["lat"], Message.of("units.far_from_kode", away_km=away, kode=kode))
    return kode, lat, lon, quality


def _not_a_code(text: str, unknown: str) -> Message:
    if codes.is_code(text):
        return Message.of(unknown)
    if codes.is_undotted(text):
        return Message.of("units.kode_undotted", dotted=codes.dotted(text))
    return Message.of("units.kode_malformed")


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
    for id_, claimed in units["wilayah_kerja"].items():
        for area in claimed:
            claims.setdefault(codes.LENGTH_OF[codes.level(area)], {}).setdefault(area, str(id_))
    for length in sorted(claims):
        cut = kode.str[:length] if length else pd.Index([codes.COUNTRY] * len(kode))
        owned = cut.map(claims[length])
        owner[owned.notna()] = owned[owned.notna()]
    return owner
