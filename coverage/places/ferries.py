"""Declared ferries: timetables between ports, as their table stands; travel turns them into legs."""

from functools import cache

import pandas as pd

from coverage.ground.registry import data_file


@cache
def _load() -> pd.DataFrame:
    return pd.read_csv(data_file("ferries"), dtype="str", keep_default_na=False)


def embedded_ferries() -> pd.DataFrame:
    """Load the ferries the repository ships: all columns as text, empty = not known."""
    return _load().copy()
