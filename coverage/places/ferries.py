"""Declared ferries: timetables between ports, as their table stands; travel turns them into legs."""

from collections.abc import Mapping
from functools import cache

import pandas as pd

from coverage.ground.errors import InputError
from coverage.ground.registry import data_file
from coverage.ground.texts import Message
from coverage.places.villages import find_village, load_villages

MAX_SAILING_MIN = 7 * 24 * 60.0
MAX_TRIPS = 1000.0


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


def ferry_between(
    start: str, end: str, sailing_min: float, trips_per_day: float | None = None, *, name: str = ""
) -> dict[str, str]:
    """Describe a ferry or bridge between two villages as a row of the ferries' table.

    Parameters
    ----------
    start, end
        Villages (kode or name) anywhere in Indonesia.
    sailing_min
        Minutes, above 0 and at most a week.
    trips_per_day
        Above 0 and at most 1000; None where not known.
    name
        By default the names of the two villages.

    Raises
    ------
    InputError
        If a village is unknown, both are the same, or a time is out of range.
    """
    ends = [find_village(text) for text in (start, end)]
    if ends[0] == ends[1]:
        raise InputError(Message.of("ferries.same", value=ends[0]))
    if not 0 < sailing_min <= MAX_SAILING_MIN or (trips_per_day is not None and not 0 < trips_per_day <= MAX_TRIPS):
        raise InputError(Message.of("ferries.times", longest=MAX_SAILING_MIN, most=MAX_TRIPS))
    names = [str(load_villages().at[kode, "name"]) for kode in ends]
    return {
        "id": "-".join(sorted(ends)),
        "name": name or "-".join(names),
        "from_kode": ends[0],
        "to_kode": ends[1],
        "from_port": names[0],
        "to_port": names[1],
        "sailing_min": f"{sailing_min:g}",
        "trips_per_day": "" if trips_per_day is None else f"{trips_per_day:g}",
        "source": "workspace",
    }
