"""Sums that a table states about itself, held against its rows."""

from collections.abc import Mapping

from coverage.ground.texts import Message
from coverage.places.tables.faults import UNTOLD, Faults
from coverage.places.tables.headers import Table


def check_total(table: Table, column: str, values: Mapping[int, float], faults: Faults, read: object) -> None:
    """Hold the sums that the file states against the sums of its rows: all above, those since the last sum, all.

    Parameters
    ----------
    table, column
        The table, and the column summed.
    values
        Value per row number; rows without one count nothing.
    read
        Function that reads a total's cell as a number, None where it is none.
    """
    since = 0
    for row in table.totals:
        stated = read(row.cell(column))  # type: ignore[operator]
        above = sum(value for number, value in values.items() if number < row.number)
        part = sum(value for number, value in values.items() if since < number < row.number)
        if stated is not None and stated not in (above, part, sum(values.values())):
            faults.add(
                row.number,
                table.header(column),
                row.text(column),
                Message.of("tables.total_differs", total=UNTOLD if faults.secret else part or above),
                Message.of("tables.fix_total"),
            )
        since = row.number
