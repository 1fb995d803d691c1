"""Declared ferries: timetables between ports, as their table stands; travel turns them into legs."""

from collections.abc import Mapping
from functools import cache
from typing import Literal

import pandas as pd

from coverage.ground.errors import InputError
from coverage.ground.free_text import shown
from coverage.ground.registry import data_file
from coverage.ground.texts import Message
from coverage.places.villages import load_villages

Weekday = Literal["sen", "sel", "rab", "kam", "jum", "sab", "min"]
WEEKDAYS: tuple[Weekday, ...] = ("sen", "sel", "rab", "kam", "jum", "sab", "min")
"""Monday to Sunday."""


@cache
def _load() -> pd.DataFrame:
    return pd.read_csv(data_file("ferries"), dtype="str", keep_default_na=False)


def embedded_ferries() -> pd.DataFrame:
    """Load the ferries the repository ships: all columns as text, empty = not known."""
    return _load().copy()


def islands_joined(row: Mapping[str, str]) -> Message:
    """Say how many villages stand on the islands that a line joins, so that a port on a mere islet is noticed."""
    villages = load_villages()
    size = villages["island"].value_counts()
    ends = [row["from_kode"], row["to_kode"]]
    start, end = size[villages.loc[ends, "island"].to_numpy()].tolist()
    return Message.of(
        "ferries.joined", start=row["from_port"], start_villages=start, end=row["to_port"], end_villages=end
    )


def find_ferry(ferries: pd.DataFrame, text: str) -> dict[str, str]:
    """Find a line by its id or name, and give its row.

    Raises
    ------
    InputError
        If there is none, or several bear the name; all ids are offered.
    """
    wanted = text.strip().casefold()
    named = ferries[(ferries["id"].str.casefold() == wanted) | (ferries["name"].str.casefold() == wanted)]
    if len(named) != 1:
        raise InputError(Message.of("ferries.unknown", value=shown(text), options=", ".join(ferries["id"])))
    return {str(column): str(value) for column, value in named.iloc[0].items()}
