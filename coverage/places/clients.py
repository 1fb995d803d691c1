"""What is known of clients: the safe table of a file that was just read, or the one the office's workspace holds.

There is no client table anywhere. How a file is read and reduced stands in :mod:`coverage.places.importing.clients`.
"""

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coverage.ground import codes
from coverage.places.disclosure import SafeTable
from coverage.places.villages import load_villages
from coverage.places.workspace import Workspace

LAYER = "client_areas"
COLUMNS = ("version", "replaces", "period", "area", "level", "clients", "k", "reason", "origin")
_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
_LEVELS: tuple[codes.Level, ...] = ("country", "province", "regency", "district", "village")


@dataclass(frozen=True)
class ClientOrigins:
    """What an office's file came down to: the safe table and the names of the columns left out."""

    table: SafeTable
    dropped: tuple[str, ...]


def held_tables(workspace: Workspace) -> pd.DataFrame:
    """Give the released areas of all safe tables that the workspace holds; columns of :data:`COLUMNS`."""
    return tables_of(workspace.layer(LAYER, COLUMNS))


def tables_of(held: pd.DataFrame | None) -> pd.DataFrame:
    """Give the released areas as a layer holds them, as :func:`held_tables` does."""
    if held is None:
        return pd.DataFrame(columns=list(COLUMNS))
    held = held[list(COLUMNS)].fillna({"replaces": "", "period": "", "area": "", "reason": ""})
    return held.astype({"version": "int64", "clients": "int64", "k": "int64"})


def held_clients(workspace: Workspace) -> ClientOrigins | None:
    """Give the safe table of the latest years that the workspace holds; None where it holds none."""
    held = held_tables(workspace)
    if held.empty:
        return None
    latest = max(set(zip(held["period"], held["version"], strict=True)), key=lambda pair: (_years(pair[0])[1], pair[1]))
    chosen = held[(held["version"] == latest[1]) & (held["area"] != "")]
    areas = chosen.set_index("area")[["level", "clients"]].sort_index()
    return ClientOrigins(
        SafeTable(areas, _area_of(areas), int(held.loc[chosen.index, "k"].max() if len(areas) else 0)), ()
    )


def _area_of(areas: pd.DataFrame) -> pd.Series:
    """Give the released area of each village: the finest one that it lies in."""
    kode = load_villages().index
    area_of = pd.Series("", index=kode, dtype="str")
    for level in _LEVELS:
        names = pd.Series(codes.COUNTRY if level == "country" else kode.str[: codes.LENGTH_OF[level]], index=kode)
        released = areas.index[areas["level"] == level]
        area_of = area_of.where(~names.isin(released), names)
    return area_of


def overlapping(held: pd.DataFrame, period: str) -> pd.DataFrame:
    """Select the tables whose years overlap with `period`: from two of them the difference could be taken.

    A period without years is taken for all years.
    """
    first, last = _years(period)
    spans = [_years(text) for text in held["period"]]
    return held[np.array([start <= last and first <= end for start, end in spans], dtype=bool)]


def _years(period: str) -> tuple[int, int]:
    years = [int(year) for year in _YEAR.findall(period)]
    return (min(years), max(years)) if years else (0, 9999)
