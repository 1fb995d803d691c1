"""Import of declared ferries: two villages with a port, sailing time, trips a day."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.ferries import embedded_ferries
from coverage.places.ferry_changes import MAX_SAILING_MIN, MAX_TRIPS, FerryChange, new_ferry
from coverage.places.importing.preview import Asked, Field, Preview, previewed
from coverage.places.tables import Fault, Faults, Row, Schema, Table, areas, read_table
from coverage.places.tables.areas import bare_code
from coverage.places.tables.column_cells import read_numbers
from coverage.places.workspace import Workspace

__all__ = ["SCHEMA", "TEMPLATE", "read", "store"]

SCHEMA = Schema(
    {
        "name": ("nama", "lintasan", "nama lintasan", "rute", "trayek"),
        "start": ("dari", "asal", "pelabuhan asal", "from", "from_kode", "kode asal", "kode pelabuhan asal"),
        "end": ("ke", "tujuan", "pelabuhan tujuan", "to", "to_kode", "kode tujuan", "kode pelabuhan tujuan"),
        "sailing": ("waktu tempuh", "lama", "menit", "lama menyeberang", "sailing_min", "waktu berlayar",
                    "lama berlayar"),
        "trips": ("trip per hari", "frekuensi", "trip", "keberangkatan", "trips_per_day", "keberangkatan per hari",
                  "frekuensi per hari"),
    },
    required=(("start",), ("end",), ("sailing",)),
    measures=("sailing", "trips"),
    neutral=("menit", "mnt", "kali", "trip", "per hari"),
)  # fmt: skip
TEMPLATE = (
    Field("lintasan", "Contoh-Contoh"),
    Field("kode asal", "74.07.02.1002", "code"),
    Field("kode tujuan", "74.07.01.1003", "code"),
    Field("lama menyeberang (menit)", "120", "number"),
    Field("keberangkatan per hari", "1", "number"),
)


_MOST_SOUGHT = 50
"""So many ports without a village are looked for among all of Indonesia's; the rest of a file only by its own rules."""


def read(source: bytes, name: str, asked: Asked) -> Preview:
    """Read ferries and find their faults."""
    faults = Faults(name)
    table = read_table(source, name, SCHEMA, faults, sheet=asked.sheet, chosen=asked.chosen)
    ports = {end: _ports(table, end, asked) for end in ("start", "end")}
    sailing = read_numbers(table, "sailing", faults, asked.ways)
    trips = read_numbers(table, "trips", faults, asked.ways) if table.has("trips") else {}
    good = []
    sought: set[str] = set()
    bad = faults.rows
    for row in table.rows:
        found = _ferry(row, table, sailing.get(row.number), trips.get(row.number), (ports, sought), faults)
        if found is not None and row.number not in bad:
            good.append(found)
    columns = list(embedded_ferries().columns)
    frame = pd.DataFrame([dict.fromkeys(columns, "") | row for row in good], columns=columns)
    matches = areas.Matches({}, 0, 0, tuple(one for port in ports.values() for one in port.matches.unsure), 0, ())
    return previewed("ferries", table, faults, frame.drop_duplicates("id", keep="last"), matches, taken=len(good))


class _Ports(NamedTuple):
    """The villages of the ports that are given by name in one column, and why others are not taken."""

    matches: areas.Matches
    faults: dict[int, Fault]


def _ports(table: Table, end: str, asked: Asked) -> _Ports:
    """Find the villages of the ports that one column gives by name: as in every table, a name alone is not enough."""
    rows = [Row(row.number, {"village": row.cell(end)}) for row in table.rows if not row.text(end)[:1].isdigit()]
    apart = Faults(table.file)
    headers = {"village": table.header(end)}
    named = replace(table, rows=tuple(rows), headers=headers, rows_as_above=frozenset())
    matches = areas.find_villages(named, apart, region=asked.region, optional=True)
    return _Ports(matches, {fault.row: fault for fault in apart.found})


def _ferry(
    row: Row,
    table: Table,
    sailing: float | None,
    trips: float | None,
    known: tuple[Mapping[str, _Ports], set[str]],
    faults: Faults,
) -> dict[str, str] | None:
    """Read one ferry; ``known``: the ports that are given by name, and the lines whose ends were looked for in vain."""
    ports, sought = known
    for timed, value, most in (("sailing", sailing, MAX_SAILING_MIN), ("trips", trips, MAX_TRIPS)):
        absent = value is None and not row.text(timed)
        if (absent and timed == "sailing") or (value is not None and not 0 < value <= most):
            problem, remedy = Message.of("imports.ferry_time"), Message.of("imports.fix_ferry_time", most=most)
            faults.add(row.number, table.header(timed), row.text(timed), problem, remedy)
            return None
    if sailing is None:
        return None
    for end in ("start", "end"):
        if not row.text(end):
            problem, remedy = Message.of("tables.no_village"), Message.of("tables.fix_no_village")
            faults.add(row.number, table.header(end), "", problem, remedy)
            return None
    unsure = [port.faults[row.number] for port in ports.values() if row.number in port.faults]
    if unsure and len(sought) >= _MOST_SOUGHT:
        faults.found += unsure
        return None
    start, end = (port.matches.kode.get(row.number) or bare_code(row.cell(name)) for name, port in ports.items())
    try:
        made = new_ferry(
            FerryChange(start=start, end=end, sailing_min=sailing, trips_per_day=trips, name=row.text("name"))
        )
    except InputError as error:
        told = Message.of("imports.ferry_end", problem=error.messages[0])
        line = f"{row.text('start')} - {row.text('end')}"
        faults.add(row.number, table.header("start"), line, told, Message.of("imports.fix_ferry_end"))
        sought.add(line)
        return None
    faults.found += unsure
    return None if unsure else made


def store(preview: Preview, workspace: Workspace) -> None:
    """Write the good rows; a ferry of the same id is replaced."""
    workspace.declare_ferries(preview.good)
