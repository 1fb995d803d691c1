"""Pokling visits that were held, and the vulnerability class of kelurahan."""

import datetime as dt

import pandas as pd

from coverage.ground.registry import data_file

LATEST = "paling lambat"
"""Precision of a date that is only known as the latest possible day."""

CLASSES = ("Aman", "Siaga", "Waspada", "Bahaya")
COLUMNS = ("kode", "date", "date_precision", "team", "source")


def embedded_visits() -> pd.DataFrame:
    """Load the visits the repository ships: ``kode``, ``date`` (datetime64), ``date_precision``, ``team``, ``source``."""
    table = pd.read_csv(data_file("visits"), dtype="str", keep_default_na=False)
    table["date"] = pd.to_datetime(table["date"], format="%Y-%m-%d")
    return table[list(COLUMNS)]


def last_visits(visits: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Give the last visit of each village on or before a day; later ones have not happened yet.

    Returns
    -------
    DataFrame
        Index ``kode``; ``date``, ``date_precision``.
    """
    past = visits[visits["date"] <= pd.Timestamp(as_of)].sort_values("date", kind="stable")
    return past.groupby("kode")[["date", "date_precision"]].last()


def vulnerability() -> pd.Series:
    """Load BNN's class (Bahaya|Waspada|Siaga|Aman) per kode, where one was published."""
    table = pd.read_csv(data_file("vulnerability"), dtype="str")
    return table.set_index("kode")["class"]
