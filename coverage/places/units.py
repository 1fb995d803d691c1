"""Rehabilitation units: who they are, where they stand, and which area each is responsible for."""

import csv
import datetime as dt
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from coverage.ground import codes
from coverage.ground.errors import InputError
from coverage.ground.registry import data_file
from coverage.ground.texts import Message, listed
from coverage.places.schemas.unit_columns import UNITS
from coverage.places.villages import load_villages, name_key

_OFFERED = 12


def embedded_units() -> pd.DataFrame:
    """Load the units the repository ships; see :func:`coverage.places.unit_checks.read_units` for the columns."""
    return _shipped(data_file("units")).copy()


@cache
def _shipped(path: Path) -> pd.DataFrame:
    """Read the shipped file as it stands; a test holds it against what the checks of offices' files make of it."""
    with path.open(encoding="utf-8", newline="") as file:
        units = UNITS.from_texts({**row, "note": row["note_id"]} for row in csv.DictReader(file)).set_index("id")
    villages = load_villages()
    row = villages.index.get_indexer(pd.Index(units["kode"]))
    for column in ("lat", "lon"):
        points = villages[column].to_numpy(np.float64)[row]
        units[column] = units[column].fillna(pd.Series(points, units.index))
    return units


def not_open(units: pd.DataFrame, today: dt.date) -> "pd.Series[str]":
    """Tell of each unit whether a day lies outside its time: ``closed``, ``not_yet`` or "" (it counts all the same)."""
    day = pd.Timestamp(today)
    # What is not known is neither before nor after any day.
    outside = np.where(units["open_to"] < day, "closed", np.where(units["open_from"] > day, "not_yet", ""))
    return pd.Series(outside, units.index, dtype="str")


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
        Table of :func:`coverage.places.unit_checks.read_units`.
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
