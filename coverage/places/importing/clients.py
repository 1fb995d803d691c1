"""Import of client origins: reduced in memory to the safe table, and forgotten.

Only the released areas reach the workspace, as a version that says what it replaces and why. The counts that they were
made of stand nowhere.
"""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.clients import COLUMNS, LAYER, ClientOrigins, overlapping, tables_of
from coverage.places.disclosure import DEFAULT_K, SafeTable, fingerprint, safe_table, steadied
from coverage.places.importing import client_rows
from coverage.places.importing.preview import OFFICE, Asked, Field, Preview, previewed
from coverage.places.tables import Faults
from coverage.places.villages import load_villages
from coverage.places.workspace import Workspace

__all__ = ["SCHEMA", "TEMPLATE", "ClientPreview", "read", "read_clients", "store"]

SCHEMA = client_rows.SCHEMA
TEMPLATE = (
    Field("kode", "74.71.01.1005", "code"),
    Field("kelurahan/desa", "Mandonga"),
    Field("kecamatan", "Mandonga"),
    Field("kabupaten/kota", "Kota Kendari"),
    Field("tahun", "2024", "number"),
    Field("jumlah klien", "3", "number"),
)
_NOTHING = "none"


@dataclass(frozen=True)
class ClientPreview(Preview):
    """A preview that holds the safe table only.

    ``dropped``: headers of the columns that were not read. ``period``: years that the table is of. ``reason``: why it
    replaces an earlier one.
    """

    dropped: tuple[str, ...] = ()
    period: str = ""
    reason: str = ""
    k: int = DEFAULT_K


def _reduced(source: bytes, name: str, asked: Asked, k: int) -> tuple[ClientPreview, SafeTable]:
    faults = Faults(name, secret=True, mending=asked.fixes)
    raw = client_rows.read_counts(source, name, asked, faults)
    table = safe_table(raw.counts, load_villages().index, k=k)
    areas = table.areas.reset_index()
    told = [Message.of("clients.note_dropped", columns=", ".join(raw.dropped))] if raw.dropped else []
    found = previewed("clients", raw.table, faults, areas, raw.matches, taken=raw.taken, detected=told)
    period = asked.period or "-".join(dict.fromkeys(map(str, raw.years)))
    preview = ClientPreview(
        **vars(found) | {"unread": raw.dropped}, dropped=raw.dropped, period=period, reason=asked.reason, k=k
    )
    return preview, table


def read(source: bytes, name: str, asked: Asked) -> ClientPreview:
    """Read client origins, reduce them to the safe table, and forget them."""
    return _reduced(source, name, asked, DEFAULT_K)[0]


def read_clients(source: Path | bytes, name: str, *, k: int = DEFAULT_K) -> ClientOrigins:
    """Read client origins and reduce them to the safe table, without writing anything.

    Parameters
    ----------
    source, name
        A table of any format as path or content, and what to call it in messages.
    k
        Fewest clients of a released area.

    Raises
    ------
    InputError
        With every fault: row, column, remedy; never a value.
    """
    try:
        raw = source if isinstance(source, bytes) else source.read_bytes()
    except OSError as error:
        raise InputError(Message.of("tables.unreadable", file=name)) from error
    preview, table = _reduced(raw, name, Asked(), k)
    if preview.faults:
        raise InputError(*(fault.message for fault in preview.faults))
    return ClientOrigins(table, preview.dropped)


def store(preview: Preview, workspace: Workspace) -> None:
    """Write the safe table as a new version; tables of overlapping years are replaced, never held beside it.

    Raises
    ------
    InputError
        If it replaces a table that differs and no reason is given.
    """
    if not isinstance(preview, ClientPreview):
        raise TypeError("client origins are stored from their own preview")
    workspace.rework(LAYER, COLUMNS, lambda held: _replaced(preview, tables_of(held)))


def _replaced(preview: ClientPreview, held: pd.DataFrame) -> tuple[pd.DataFrame | None, str]:
    """Give all tables once this one is among them, None where it already is, and the fingerprint of this one."""
    gone = overlapping(held, preview.period)
    before = gone[gone["period"] == preview.period].set_index("area")["clients"]
    areas = steadied(preview.good.set_index("area"), before)
    mark = fingerprint(areas)
    areas = areas.reset_index()
    if _same(areas, gone, preview):
        return None, mark
    if not gone.empty and not preview.reason:
        periods = ", ".join(sorted({period or "-" for period in gone["period"]}))
        raise InputError(Message.of("clients.no_reason", period=preview.period or "-", held=periods))
    if areas.empty:
        areas = pd.DataFrame([("", _NOTHING, 0)], columns=["area", "level", "clients"])
    fresh = areas.assign(
        version=int(held["version"].max()) + 1 if len(held) else 1,
        replaces=", ".join(map(str, sorted(set(gone["version"])))),
        period=preview.period,
        reason=preview.reason,
        k=preview.k,
        origin=OFFICE,
    )[list(COLUMNS)]
    kept = held[~held["version"].isin(gone["version"])]
    return fresh if kept.empty else pd.concat([kept, fresh], ignore_index=True), mark


def _same(areas: pd.DataFrame, gone: pd.DataFrame, preview: ClientPreview) -> bool:
    if gone.empty or set(gone["period"]) != {preview.period}:
        return False
    there = gone[gone["area"] != ""].set_index("area")["clients"].to_dict()
    return bool(there == areas.set_index("area")["clients"].to_dict())
