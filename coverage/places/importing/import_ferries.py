"""Import of declared ferries: two villages with a port, sailing time, trips a day."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.ferry_changes import FerryChange, new_ferry
from coverage.places.importing.preview import Asked, Preview, ReadTable, previewed
from coverage.places.schemas.ferry_columns import FERRIES, MAX_SAILING_MIN, MAX_TRIPS
from coverage.places.tables import areas
from coverage.places.tables.areas import bare_code
from coverage.places.tables.column_cells import read_numbers
from coverage.places.tables.faults import Fault, Faults
from coverage.places.tables.headers import Table, read_table
from coverage.places.tables.sheets import Row
from coverage.places.workspace import Workspace

__all__ = ["TEMPLATE", "read", "store"]

TEMPLATE = FERRIES.template

_MOST_SOUGHT = 50
"""So many ports without a village are looked for among all of Indonesia's; the rest of a file only by its own rules."""


def read(source: bytes, name: str, asked: Asked) -> Preview:
    """Read ferries and find their faults."""
    faults = Faults(name)
    table = read_table(source, name, FERRIES.reading, faults, sheet=asked.sheet, chosen=asked.chosen)
    ports = {end: _ports(table, end, asked) for end in ("from_kode", "to_kode")}
    sailing = read_numbers(table, "sailing_min", faults, asked.ways)
    trips = read_numbers(table, "trips_per_day", faults, asked.ways) if table.has("trips_per_day") else {}
    good = []
    sought: set[str] = set()
    bad = faults.rows
    for row in table.rows:
        found = _ferry(row, table, sailing.get(row.number), trips.get(row.number), (ports, sought), faults)
        if found is not None and row.number not in bad:
            good.append(found)
    columns = list(FERRIES.held)
    frame = pd.DataFrame([dict.fromkeys(columns, "") | row for row in good], columns=columns)
    matches = areas.Matches({}, 0, 0, tuple(one for port in ports.values() for one in port.matches.unsure), 0, ())
    return previewed(
        "ferries", ReadTable(table, faults, matches), frame.drop_duplicates("id", keep="last"), taken=len(good)
    )


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
    matches = areas.find_villages(named, apart, areas.Sought(asked.region, optional=True))
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
    for timed, value, most in (("sailing_min", sailing, MAX_SAILING_MIN), ("trips_per_day", trips, MAX_TRIPS)):
        absent = value is None and not row.text(timed)
        if (absent and timed == "sailing_min") or (value is not None and not 0 < value <= most):
            problem, remedy = Message.of("imports.ferry_time"), Message.of("imports.fix_ferry_time", most=most)
            faults.add(row.number, table.header(timed), row.text(timed), problem, remedy)
            return None
    if sailing is None:
        return None
    for end in ("from_kode", "to_kode"):
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
        line = f"{row.text('from_kode')} - {row.text('to_kode')}"
        faults.add(row.number, table.header("from_kode"), line, told, Message.of("imports.fix_ferry_end"))
        sought.add(line)
        return None
    faults.found += unsure
    return None if unsure else made


def store(preview: Preview, workspace: Workspace) -> None:
    """Write the good rows; a ferry of the same id is replaced."""
    workspace.declare_ferries(preview.good)
