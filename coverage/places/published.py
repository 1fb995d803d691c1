"""Figures that offices and newspapers published: totals of whole areas, never finer."""

from functools import cache
from pathlib import Path

import pandas as pd

from coverage.ground.registry import data_file
from coverage.places.targets import area_name


def client_totals() -> pd.DataFrame:
    """Load the published client totals of areas.

    Returns
    -------
    DataFrame
        ``area`` (names and codes), ``area_kode`` (one code, or several joined by ``;`` for one total over all),
        ``period``, ``service`` ("" not stated), ``count_min``, ``count_max`` (Int64, equal where one number was
        published), ``source``. Where within an area clients come from is not known.
    """
    return _shipped(data_file("client_totals")).copy()


@cache
def _shipped(path: Path) -> pd.DataFrame:
    table = pd.read_csv(path, dtype="str", keep_default_na=False)
    for column in ("count_min", "count_max"):
        table[column] = pd.to_numeric(table[column]).astype("Int64")
    table.insert(0, "area", [area_name(text) for text in table["area_kode"]])
    return table
