"""What is known of clients: the safe table of a file that was just read, or the one the office's workspace holds.

There is no client table anywhere. How a file is read and reduced stands in
:mod:`coverage.places.importing.import_clients`.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coverage.places.disclosure import SafeTable, area_of
from coverage.places.periods import ALL_TIME, Span, span_of
from coverage.places.villages import load_villages
from coverage.places.workspace import Workspace

LAYER = "client_areas"
COLUMNS = ("version", "replaces", "period", "area", "level", "clients", "k", "reason", "origin")


@dataclass(frozen=True)
class ClientOrigins:
    """What an office's file came down to: the safe table and the names of the columns left out."""

    table: SafeTable
    dropped: tuple[str, ...]


def held_tables(workspace: Workspace) -> pd.DataFrame:
    """Give the released areas of all safe tables that the workspace holds; columns of :data:`COLUMNS`.

    Raises
    ------
    InputError
        If a table was edited elsewhere and is no safe table any more: row, column, remedy.
    """
    return tables_of(workspace.layer(LAYER, COLUMNS, _check))


def _check(held: pd.DataFrame, place: str) -> None:
    # What checks cells is loaded where there are cells of an office.
    from coverage.places.workspace.checks import check_client_areas  # noqa: PLC0415 - see above

    check_client_areas(held, place)


def tables_of(held: pd.DataFrame | None) -> pd.DataFrame:
    """Give the released areas as a layer holds them, as :func:`held_tables` does."""
    if held is None:
        return pd.DataFrame(columns=list(COLUMNS))
    held = held[list(COLUMNS)].fillna({"replaces": "", "reason": "", "origin": ""})
    return held.astype({"version": "int64", "clients": "int64", "k": "int64"})


def held_clients(workspace: Workspace) -> ClientOrigins | None:
    """Give the safe table of the latest time that the workspace holds; None where it holds none."""
    held = held_tables(workspace)
    if held.empty:
        return None
    tables = set(zip(held["period"], held["version"], strict=True))
    latest = max(tables, key=lambda table: (_span(table[0]).last, table[1]))
    chosen = held[(held["version"] == latest[1]) & (held["area"] != "")]
    areas = chosen.set_index("area")[["level", "clients"]].sort_index()
    return ClientOrigins(
        SafeTable(areas, area_of(areas, load_villages().index), int(chosen["k"].max() if len(areas) else 0)), ()
    )


def overlapping(held: pd.DataFrame, span: Span) -> pd.DataFrame:
    """Select the tables whose time meets a span: from two of them the difference could be taken."""
    return held[np.array([_span(text).meets(span) for text in held["period"]], dtype=bool)]


def _span(label: str) -> Span:
    return span_of(label) or ALL_TIME
