"""Figures that offices and newspapers published: totals of whole areas, never finer."""

import pandas as pd

from coverage.ground.registry import data_file
from coverage.places.villages import regions

TARGETS = "targets"
"""Layer of the workspace with the office's own targets: columns of :func:`targets` without names and shares."""

_TARGETS = ("ntb_2024_s1",)
_KEYS = ["area_kode", "period", "indicator", "unit"]


def client_totals() -> pd.DataFrame:
    """Load the published client totals of areas.

    Returns
    -------
    DataFrame
        ``area`` (names and codes), ``area_kode`` (one code, or several joined by ``;`` for one total over all),
        ``period``, ``service`` ("" not stated), ``count_min``, ``count_max`` (Int64, equal where one number was
        published), ``source``. Where within an area clients come from is not known.
    """
    table = pd.read_csv(data_file("client_totals"), dtype="str", keep_default_na=False)
    for column in ("count_min", "count_max"):
        table[column] = pd.to_numeric(table[column]).astype("Int64")
    table.insert(0, "area", [_area(text) for text in table["area_kode"]])
    return table


def targets(held: pd.DataFrame | None = None) -> pd.DataFrame:
    """Give targets and what was achieved: published ones, replaced and completed by the office's own.

    Parameters
    ----------
    held
        Rows of the workspace's layer `TARGETS`.

    Returns
    -------
    DataFrame
        ``area``, ``area_kode``, ``period``, ``indicator``, ``unit``, ``achieved``, ``target`` (NaN none stated),
        ``share`` (achieved / target), ``source``.
    """
    table = pd.concat([pd.read_csv(data_file(name), dtype={"area_kode": "str"}) for name in _TARGETS])
    if held is not None and not held.empty:
        own = held[list(table.columns)]
        table = pd.concat([table, own], ignore_index=True).drop_duplicates(_KEYS, keep="last")
    table["share"] = table["achieved"] / table["target"]
    table.insert(0, "area", [_area(text) for text in table["area_kode"]])
    return table


def _area(kode: str) -> str:
    names = regions()["name"]
    return "; ".join(f"{names[one]} ({one})" for one in kode.split(";"))
