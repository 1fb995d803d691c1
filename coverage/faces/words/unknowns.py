"""What a dash in a table stands for, and what to import so that it goes: said under the table, in one way everywhere.

Each column, or measure, whose dash an import can fill names the table to import; a dash of another column is a finding
of its own, such as no visit yet.
"""

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from coverage.answers.scenarios.figures import MEASURES
from coverage.faces.words.columns import Listing
from coverage.ground.texts import Language, say

__all__ = ["DASH", "lacking", "unknown_lines"]

DASH = "–"
"""What stands in a cell for which there is no value."""

_OF_COLUMN: Mapping[str, str] = {
    "population": "population",
    "population_covered": "population",
    "population_newly_covered": "population",
    "achieved": "targets",
    "target": "targets",
    "figure": "targets",
    "needed": "needed",
}
_MINUTES = ("mean_min", "worst_min", "worst_tenth_min", "access", "gini")
_OF_MEASURE: Mapping[str, str] = {
    **dict.fromkeys((one for one in MEASURES if "people" in one), "population"),
    **dict.fromkeys(_MINUTES, "units"),
}
_SAID = ("population", "units", "targets", "needed")
_OF_ROW = ("part", "kode", "name", "measure")


def lacking(listing: Listing, shown: Sequence[str] | None = None) -> tuple[str, ...]:
    """Name what the dashes of a table lack, each once: a table to import, or ``needed`` where nothing is.

    Parameters
    ----------
    listing
        With values, NaN where there is none, or with words and :data:`DASH`.
    shown
        Keys of the columns that are shown; by default all.
    """
    keys = [column.key for column in listing.columns if shown is None or column.key in shown]
    found = set(_of_measures(listing.frame, keys) if "measure" in listing.frame else _of_columns(listing.frame, keys))
    return tuple(one for one in _SAID if one in found)


def unknown_lines(listing: Listing, lang: Language, shown: Sequence[str] | None = None) -> list[str]:
    """Say under a table what its dashes lack, and on which page and by which command it is entered; [] without any."""
    return [say(f"unknowns.{one}", lang) for one in lacking(listing, shown)]


def _of_columns(frame: pd.DataFrame, keys: Sequence[str]) -> Iterator[str]:
    yield from (_OF_COLUMN[key] for key in keys if key in _OF_COLUMN and _dashes(frame[key]).any())


def _of_measures(frame: pd.DataFrame, keys: Sequence[str]) -> Iterator[str]:
    for key in keys:
        if key not in _OF_ROW:
            measures = frame.loc[_dashes(frame[key]), "measure"]
            yield from (_OF_MEASURE[measure] for measure in measures if measure in _OF_MEASURE)


def _dashes(cells: "pd.Series[str]") -> "pd.Series[bool]":
    """Tell which cells show a dash; an amount of two may begin or end with one."""
    return cells.map(lambda cell: DASH in cell.split() if isinstance(cell, str) else pd.isna(cell)).astype("bool")
