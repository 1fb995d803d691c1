"""Import of Pokling visits that were held."""

import datetime as dt

import pandas as pd

from coverage.ground.texts import Message
from coverage.places.importing.preview import Asked, Field, Preview, previewed
from coverage.places.tables import Faults, Schema, areas, read_table
from coverage.places.tables.column_cells import read_dates
from coverage.places.visits import COLUMNS
from coverage.places.workspace import Workspace

__all__ = ["SCHEMA", "TEMPLATE", "read", "store"]

SCHEMA = Schema(
    areas.ALIASES
    | {
        "date": ("tanggal", "tgl", "tanggal kunjungan", "tgl kunjungan", "hari/tanggal", "hari, tanggal", "waktu"),
        "team": ("tim", "petugas", "nama tim", "regu"),
    },
    required=(("kode", "village"), ("date",)),
    measures=("date",),
)
TEMPLATE = (
    Field("kode", "16.73.01.1016", "code"),
    Field("kelurahan/desa", "Watervang"),
    Field("kecamatan", "Lubuk Linggau Timur I"),
    Field("kabupaten/kota", "Kota Lubuk Linggau"),
    Field("tanggal", "04-10-2024", "date"),
    Field("tim", "Tim 1"),
)


def read(source: bytes, name: str, asked: Asked) -> Preview:
    """Read visits and find their faults."""
    faults = Faults(name, mending=asked.fixes)
    table = read_table(source, name, SCHEMA, faults, sheet=asked.sheet, chosen=asked.chosen)
    matches = areas.find_villages(table, faults, region=asked.region, system=asked.system)
    dates = read_dates(table, "date", faults, asked.ways)
    today = dt.datetime.now(tz=dt.UTC).astimezone().date()
    for row in table.rows:
        day = dates.get(row.number)
        if row.text("date") == "":
            problem, remedy = Message.of("imports.no_date"), Message.of("imports.fix_no_date")
            faults.add(row.number, table.header("date"), "", problem, remedy)
        elif day is not None and day > today:
            problem, remedy = Message.of("imports.visit_ahead"), Message.of("imports.fix_visit_ahead")
            faults.add(row.number, table.header("date"), row.text("date"), problem, remedy)
    bad = faults.rows
    good = [
        (matches.kode[row.number], dates[row.number].isoformat(), "", row.text("team"), "workspace")
        for row in table.rows
        if row.number in matches.kode and row.number in dates and row.number not in bad
    ]
    frame = pd.DataFrame(good, columns=list(COLUMNS)).drop_duplicates(["kode", "date"], keep="last")
    return previewed("visits", table, faults, frame, matches, taken=len(good))


def store(preview: Preview, workspace: Workspace) -> None:
    """Write the good rows; the same village and day once only."""
    workspace.record_visits(preview.good)
