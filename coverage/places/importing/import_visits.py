"""Import of Pokling visits that were held."""

import datetime as dt

import pandas as pd

from coverage.ground.texts import Message
from coverage.places.importing.preview import Asked, Preview, ReadTable, previewed
from coverage.places.schemas.visit_columns import VISITS
from coverage.places.tables import areas
from coverage.places.tables.column_cells import read_dates
from coverage.places.tables.faults import Faults
from coverage.places.tables.headers import read_table
from coverage.places.visits import COLUMNS
from coverage.places.workspace import Workspace

__all__ = ["TEMPLATE", "read", "store"]

TEMPLATE = VISITS.template


def read(source: bytes, name: str, asked: Asked) -> Preview:
    """Read visits and find their faults."""
    faults = Faults(name, mending=asked.fixes)
    table = read_table(source, name, VISITS.reading, faults, sheet=asked.sheet, chosen=asked.chosen)
    matches = areas.find_villages(table, faults, areas.Sought(asked.region, asked.system))
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
    return previewed("visits", ReadTable(table, faults, matches), frame, taken=len(good))


def store(preview: Preview, workspace: Workspace) -> None:
    """Write the good rows; the same village and day once only."""
    workspace.record_visits(preview.good)
