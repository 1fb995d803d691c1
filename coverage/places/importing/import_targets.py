"""Import of targets and what was achieved, by area, period and indicator."""

import math

import pandas as pd

from coverage.ground import codes
from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.importing.preview import OFFICE, Asked, Preview, ReadTable, previewed, twice
from coverage.places.indicators import INDICATORS, indicator_of, unit_of
from coverage.places.periods import period_key, read_period
from coverage.places.schemas.target_columns import TARGETS
from coverage.places.tables.column_cells import NumberRule, read_numbers
from coverage.places.tables.faults import Faults
from coverage.places.tables.headers import Table, read_table
from coverage.places.tables.sheets import Row
from coverage.places.targets import KEYS, is_reported
from coverage.places.villages import find_region
from coverage.places.workspace import Workspace

__all__ = ["TEMPLATE", "read", "store"]

TEMPLATE = TARGETS.template
_AMOUNTS = ("achieved", "target")
_AMOUNT = NumberRule(low=0)
_MONTH_LENGTH = len("2024-03")


def read(source: bytes, name: str, asked: Asked) -> Preview:
    """Read targets and find their faults."""
    faults = Faults(name)
    table = read_table(source, name, TARGETS.reading, faults, sheet=asked.sheet, chosen=asked.chosen)
    numbers = {
        column: read_numbers(table, column, faults, asked.ways, _AMOUNT, beside=_AMOUNTS) if table.has(column) else {}
        for column in _AMOUNTS
    }
    held: dict[int, tuple[str, ...]] = {}
    for row in table.rows:
        area = _area(row, table, asked, faults)
        period = _period(row) or asked.period
        for column, text in (("period", period), ("indicator", row.text("indicator"))):
            if not text:
                problem, remedy = Message.of("imports.not_filled"), Message.of(f"imports.fix_{column}")
                faults.add(row.number, table.header(column), "", problem, remedy)
        if row.number in numbers["achieved"] or row.number in numbers["target"]:
            known = indicator_of(row.text("indicator"))
            held[row.number] = (area, period_key(period), known.name, unit_of(known, row.text("unit")))
            if known.counted and known in INDICATORS:
                _check_whole(row, table, numbers, faults)
    twice(table, faults, held, "indicator", same=lambda _first, _second: False)
    bad = faults.rows
    taken = {number: key for number, key in held.items() if number not in bad}
    good = pd.DataFrame(
        [
            (*key, *(numbers[column].get(number, math.nan) for column in numbers), asked.source or name, OFFICE)
            for number, key in taken.items()
        ],
        columns=[*KEYS, *numbers, "source", "origin"],
    )
    unread = sorted({period for _, period, _, _ in taken.values() if read_period(period) is None})
    detected = [Message.of("imports.period_unread", period=period) for period in unread]
    return previewed("targets", ReadTable(table, faults, detected=detected), good, taken=len(good))


def _check_whole(row: Row, table: Table, numbers: dict[str, dict[int, float]], faults: Faults) -> None:
    """Refuse parts of what is counted one by one: 1.25 people were 1.250 once."""
    for column, read in numbers.items():
        value = read.get(row.number)
        if value is not None and not float(value).is_integer():
            problem, remedy = Message.of("imports.not_whole"), Message.of("imports.fix_whole")
            faults.add(row.number, table.header(column), row.text(column), problem, remedy)


def _period(row: Row) -> str:
    """Give the period of a row; a spreadsheet that was given "Mar 2024" holds its first day."""
    return row.text("period")[:_MONTH_LENGTH] if row.cell("period").kind == "date" else row.text("period")


def _area(row: Row, table: Table, asked: Asked, faults: Faults) -> str:
    text = row.text("area_kode")
    asks_region = not text and asked.region != codes.COUNTRY
    try:
        kode = asked.region if asks_region else text if is_reported(text) else find_region(text).code
        problem = None if is_reported(kode) else Message.of("imports.area_too_small")
    except InputError:
        kode, problem = "", Message.of("imports.area_unknown")
    if problem is not None:
        faults.add(row.number, table.header("area_kode"), text or kode, problem, Message.of("imports.fix_area"))
        return ""
    return kode


def store(preview: Preview, workspace: Workspace) -> None:
    """Write the good rows; figures of the same area, period, indicator and unit are replaced."""
    workspace.save_targets(preview.good)
