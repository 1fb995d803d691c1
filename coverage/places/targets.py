"""Targets of offices and what was achieved: the published example, and what the office enters or imports."""

from collections.abc import Collection

import pandas as pd

from coverage.ground.registry import data_file
from coverage.places.indicators import indicator_of, unit_of
from coverage.places.periods import period_key
from coverage.places.schemas.target_columns import TARGETS
from coverage.places.villages import regions

__all__ = ["COLUMNS", "KEYS", "PUBLISHED", "area_name", "in_one_way", "is_reported", "targets"]

KEYS = TARGETS.key
"""What makes two figures the same one."""

COLUMNS = TARGETS.must_hold
PUBLISHED = ("ntb_2024_s1",)
"""Data files with figures that come with the program."""


def targets(held: pd.DataFrame | None = None, hidden: Collection[tuple[str, ...]] = ()) -> pd.DataFrame:
    """Give targets and what was achieved: published ones, replaced and completed by the office's own.

    Parameters
    ----------
    held
        The office's rows.
    hidden
        Keys of published rows that the office has taken out.

    Returns
    -------
    DataFrame
        ``area`` (name and kode), `COLUMNS` (``achieved``, ``target``: NaN none stated), ``own`` (whether the office
        entered it). Period, indicator and unit are written in one way, each key once.
    """
    shipped = pd.concat([pd.read_csv(data_file(name), dtype={"area_kode": "str"}) for name in PUBLISHED])
    gone = [key in hidden for key in shipped[list(KEYS)].itertuples(index=False, name=None)]
    table = in_one_way(shipped[[not one for one in gone]]).assign(own=False)
    if held is not None and not held.empty:
        table = pd.concat([table, in_one_way(held).assign(own=True)], ignore_index=True)
        table = table.drop_duplicates(list(KEYS), keep="last").reset_index(drop=True)
    table.insert(0, "area", [area_name(kode) for kode in table["area_kode"]])
    return table


def in_one_way(rows: pd.DataFrame) -> pd.DataFrame:
    """Write period, indicator and unit of rows (`COLUMNS`) in the one way of each."""
    table = rows[list(COLUMNS)].copy()
    for column in (*KEYS, "source"):
        table[column] = table[column].astype("object").where(table[column].notna(), "").map(str)
    for column in ("achieved", "target"):
        table[column] = table[column].astype("float64")
    named = [indicator_of(text) for text in table["indicator"]]
    table["unit"] = [unit_of(one, text) for one, text in zip(named, table["unit"], strict=True)]
    table["indicator"] = [one.name for one in named]
    table["period"] = table["period"].map(period_key)
    return table


def is_reported(kode: str) -> bool:
    """Tell whether figures of an area may be held: a province, a kabupaten/kota, or all of Indonesia.

    Persons counted in anything smaller are cells of very few, which only the safe table may hold.
    """
    return kode in regions().index


def area_name(kode: str) -> str:
    """Name an area that is reported, with its kode; several joined by ``;`` are named one by one."""
    names = regions()["name"]
    return "; ".join(f"{names.get(one, '?')} ({one})" for one in kode.split(";"))
