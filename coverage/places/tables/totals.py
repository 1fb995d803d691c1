"""Sums that a table states about itself, held against its rows."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from itertools import accumulate

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
    numbers = sorted(values)
    sums = [0.0, *accumulate(values[number] for number in numbers)]
    since = 0
    for row in table.totals:
        stated = read(row.cell(column))  # type: ignore[operator]
        above = sums[bisect_left(numbers, row.number)]
        start = bisect_right(numbers, since)
        part = sum(values[number] for number in numbers[start : bisect_left(numbers, row.number)])
        if stated is not None and stated not in (above, part, sums[-1]):
            faults.add(
                row.number,
                table.header(column),
                row.text(column),
                Message.of("tables.total_differs", total=UNTOLD if faults.secret else part or above),
                Message.of("tables.fix_total"),
            )
        since = row.number
