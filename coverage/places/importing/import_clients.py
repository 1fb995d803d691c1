"""Import of client origins: reduced in memory to the safe table, and forgotten.

Only the released areas reach the workspace, as a version that says what it replaces and why. The counts that they were
made of stand nowhere.
"""

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.clients import COLUMNS, LAYER, ClientOrigins, held_tables, overlapping, tables_of
from coverage.places.disclosure import DEFAULT_K, SafeTable, area_of, keyed_noise, mark_of, safe_areas
from coverage.places.importing import client_rows
from coverage.places.importing.preview import OFFICE, Asked, Preview, ReadTable, previewed
from coverage.places.periods import ALL_TIME, Span, span_of
from coverage.places.releases import claim, is_released, office_key
from coverage.places.schemas.table_schema import Field
from coverage.places.tables.faults import Faults
from coverage.places.villages import load_villages
from coverage.places.workspace import Workspace
from coverage.places.workspace.checks import NOTHING

__all__ = ["TEMPLATE", "ClientPreview", "read", "read_clients", "store"]

TEMPLATE = (
    Field("kode", "74.71.01.1005", "code"),
    Field("kelurahan/desa", "Mandonga"),
    Field("kecamatan", "Mandonga"),
    Field("kabupaten/kota", "Kota Kendari"),
    Field("tahun", "2024", "number"),
    Field("jumlah klien", "3", "number"),
)


@dataclass(frozen=True)
class ClientPreview(Preview):
    """A preview that holds the safe table only, as ``safe``: to be shown once it is stored, and so counted, not before.

    ``dropped``: headers of the columns that were not read. ``period``: time that the table is of, in the one way it is
    written. ``counted``: time that its release counts for, the years that its rows tell included. ``reason``: why it
    replaces an earlier one. ``mark``: what the content is known by, see :func:`coverage.places.disclosure.mark_of`.
    """

    dropped: tuple[str, ...] = ()
    period: str = ""
    counted: Span = ALL_TIME
    reason: str = ""
    k: int = DEFAULT_K
    mark: str = ""
    safe: pd.DataFrame = field(default_factory=pd.DataFrame)


def _reduced(source: bytes, name: str, asked: Asked, k: int) -> ClientPreview:
    faults = Faults(name, secret=True, mending=asked.fixes)
    raw = client_rows.read_counts(source, name, asked, faults)
    key = office_key()
    areas = safe_areas(raw.counts, load_villages().index, keyed_noise(key, raw.counts), k=k).reset_index()
    told = [Message.of("clients.note_dropped", columns=", ".join(raw.dropped))] if raw.dropped else []
    found = previewed("clients", ReadTable(raw.table, faults, raw.matches, told), areas.head(0), taken=raw.taken)
    span = _time_of(asked.period or "-".join(dict.fromkeys(map(str, raw.years))))
    return ClientPreview(
        **vars(found) | {"unread": raw.dropped},
        dropped=raw.dropped,
        period=span.label,
        counted=span.widened(raw.years),
        reason=asked.reason,
        k=k,
        mark=mark_of(key, raw.counts),
        safe=areas,
    )


def _time_of(period: str) -> Span:
    span = span_of(period)
    if span is None:
        raise InputError(Message.of("clients.bad_period", period=period))
    if period.strip() and span.first > dt.datetime.now(tz=dt.UTC).date() + dt.timedelta(days=1):
        raise InputError(Message.of("clients.period_ahead", period=span.label))
    return span


def read(source: bytes, name: str, asked: Asked) -> ClientPreview:
    """Read client origins, reduce them to the safe table, and forget them."""
    return _reduced(source, name, asked, DEFAULT_K)


def read_clients(source: Path | bytes, name: str, workspace: Workspace) -> ClientOrigins:
    """Read client origins and reduce them to the safe table; what is shown of it counts as a release.

    Parameters
    ----------
    source, name
        A table of any format as path or content, and what to call it in messages.
    workspace
        Whose releases are counted.

    Raises
    ------
    InputError
        With every fault: row, column, remedy; never a value. If safe tables of its time were released too often.
    """
    try:
        raw = source if isinstance(source, bytes) else source.read_bytes()
    except OSError as error:
        raise InputError(Message.of("tables.unreadable", file=name)) from error
    preview = _reduced(raw, name, Asked(), DEFAULT_K)
    if preview.faults:
        raise InputError(*(fault.message for fault in preview.faults))
    _count(preview, workspace)
    areas = preview.safe.set_index("area")
    return ClientOrigins(SafeTable(areas, area_of(areas, load_villages().index), preview.k), preview.dropped)


def store(preview: Preview, workspace: Workspace) -> None:
    """Write the safe table as a new version; tables of overlapping time are replaced, never held beside it.

    Raises
    ------
    InputError
        If it replaces a table that differs and no reason is given, or tables of its time were released too often.
    """
    if not isinstance(preview, ClientPreview):
        raise TypeError("client origins are stored from their own preview")
    if not is_released(workspace, preview.mark, preview.counted):
        _check_reason(preview, held_tables(workspace))
        # Counted first: what was counted and not written tells nobody anything, the other way round it would.
        _count(preview, workspace)
    workspace.rework(LAYER, COLUMNS, lambda rows: (_replaced(preview, tables_of(rows)), ""))


def _count(preview: ClientPreview, workspace: Workspace) -> None:
    gone = overlapping(held_tables(workspace), preview.counted)
    replaced = {number.strip() for text in gone["replaces"] for number in text.split(",") if number.strip()}
    claim(workspace, preview.mark, preview.counted, before=len(replaced | set(map(str, gone["version"]))))


def _check_reason(preview: ClientPreview, held: pd.DataFrame) -> None:
    gone = overlapping(held, _time_of(preview.period))
    if not gone.empty and not preview.reason:
        periods = ", ".join(sorted({period or "-" for period in gone["period"]}))
        raise InputError(Message.of("clients.no_reason", period=preview.period or "-", held=periods))


def _replaced(preview: ClientPreview, held: pd.DataFrame) -> pd.DataFrame | None:
    """Give all tables once this one is among them, None where it already is."""
    if _same(preview, held):
        return None
    _check_reason(preview, held)
    gone = overlapping(held, _time_of(preview.period))
    areas = preview.safe
    if areas.empty:
        areas = pd.DataFrame([("", NOTHING, 0)], columns=["area", "level", "clients"])
    fresh = areas.assign(
        version=int(held["version"].max()) + 1 if len(held) else 1,
        replaces=", ".join(map(str, sorted(set(gone["version"])))),
        period=preview.period,
        reason=preview.reason,
        k=preview.k,
        origin=OFFICE,
    )[list(COLUMNS)]
    kept = held[~held["version"].isin(gone["version"])]
    return fresh if kept.empty else pd.concat([kept, fresh], ignore_index=True)


def _same(preview: ClientPreview, held: pd.DataFrame) -> bool:
    gone = overlapping(held, _time_of(preview.period))
    if set(gone["period"]) != {preview.period}:
        return False
    there = gone[gone["area"] != ""].set_index("area")["clients"].to_dict()
    return bool(there == preview.safe.set_index("area")["clients"].to_dict())
