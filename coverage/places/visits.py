"""Pokling visits that were held, and the vulnerability class of kelurahan."""

import datetime as dt
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pandas as pd

from coverage.ground.errors import InputError
from coverage.ground.registry import data_file
from coverage.ground.texts import Message
from coverage.places.schemas.visit_columns import VISITS

VULNERABILITY = "vulnerability"
"""Layer of the workspace with the office's own classes: ``kode``, ``year`` (0 not stated), ``class``, ``source``."""

COLUMNS = VISITS.held


def embedded_visits() -> pd.DataFrame:
    """Load the visits the repository ships: ``kode``, ``date``, ``date_precision``, ``team``, ``source``."""
    return _shipped(data_file("visits")).copy()


@cache
def _shipped(path: Path) -> pd.DataFrame:
    table = pd.read_csv(path, dtype="str", keep_default_na=False)
    table["date"] = pd.to_datetime(table["date"], format="%Y-%m-%d")
    return VISITS.completed(table)[list(COLUMNS)]


def refuse_ahead(days: Iterable[dt.date]) -> None:
    """Refuse to record visits of days to come: only what was held is a visit.

    Raises
    ------
    InputError
        Naming the first such day.
    """
    today = dt.datetime.now(tz=dt.UTC).astimezone().date()
    ahead = [day for day in days if day > today]
    if ahead:
        raise InputError(Message.of("workspace.visit_ahead", day=min(ahead)))


def last_visits(visits: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Give the last visit of each village on or before a day; later ones have not happened yet.

    Returns
    -------
    DataFrame
        Index ``kode``; ``date``, ``date_precision``.
    """
    past = visits[visits["date"] <= pd.Timestamp(as_of)].sort_values("date", kind="stable")
    return past.groupby("kode")[["date", "date_precision"]].last()


def vulnerability(held: pd.DataFrame | None = None) -> pd.Series:
    """Give BNN's class (Bahaya|Waspada|Siaga|Aman) per kode, where one is known.

    Parameters
    ----------
    held
        Rows of the workspace's layer `VULNERABILITY`: the office's latest class takes the place of a published one.
    """
    table: pd.Series = pd.read_csv(data_file("vulnerability"), dtype="str").set_index("kode")["class"]
    if held is None or held.empty:
        return table
    latest = held.sort_values("year", kind="stable").drop_duplicates("kode", keep="last").set_index("kode")["class"]
    both: pd.Series = pd.concat([table[~table.index.isin(latest.index)], latest])
    return both
