"""What a new unit costs in each village, as an office estimates it: read for one question, never stored."""

import re
from dataclasses import replace
from pathlib import Path

from coverage.ground import codes
from coverage.ground.texts import Message
from coverage.places.importing.preview import twice
from coverage.places.schemas.cost_columns import COSTS
from coverage.places.tables import areas
from coverage.places.tables.column_cells import COUNT, Ways, read_numbers
from coverage.places.tables.faults import Faults
from coverage.places.tables.headers import Table, read_table
from coverage.places.tables.sheets import Row

__all__ = ["read_costs"]

_CURRENCY = re.compile(r"^\s*(rp|idr)\.?\s*(?=\d)", re.IGNORECASE)
_DASHES = re.compile(r",\s*[-–—]+\s*$")


def read_costs(source: Path | bytes, name: str, region: str) -> dict[str, float]:
    """Read a table of costs in rupiah.

    Parameters
    ----------
    source, name
        Path or content, and what to call the file in messages.
    region
        Kode of the region asked about. Rows may lie anywhere in its province; those outside the region are left out.

    Returns
    -------
    Cost by kode; a village whose cost is blank is not among them.

    Raises
    ------
    InputError
        If the file cannot be read, or with every fault by row, column, value and remedy.
    """
    faults = Faults(name)
    table = _bare(read_table(source, name, COSTS.reading, faults))
    matches = areas.find_villages(table, faults, areas.Sought(region[: codes.LENGTH_OF["province"]]))
    costs = read_numbers(table, "cost", faults, Ways(), COUNT)
    for row in table.rows:
        if costs.get(row.number) == 0:
            problem, remedy = Message.of("siting.cost_not_above_0"), Message.of("siting.fix_cost")
            faults.add(row.number, table.header("cost"), row.text("cost"), problem, remedy)
    kode = {number: found for number, found in matches.kode.items() if number in costs}
    column = "kode" if table.has("kode") else "village"
    twice(table, faults, kode, column, same=lambda first, second: costs[first] == costs[second])
    faults.stop_if_any()
    return {found: costs[number] for number, found in kode.items() if codes.contains(region, found)}


def _bare(table: Table) -> Table:
    """Take the currency off the amounts: "Rp 50.000.000,-" is 50.000.000."""
    return replace(table, rows=tuple(_bare_row(row) for row in table.rows))


def _bare_row(row: Row) -> Row:
    cell = row.cell("cost")
    text = _DASHES.sub("", _CURRENCY.sub("", cell.text)).strip() if cell.kind == "text" else cell.text
    return row._replace(cells={**row.cells, "cost": replace(cell, text=text)})
