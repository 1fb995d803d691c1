"""Raw rows of client origins, read into counts per village: only :mod:`.clients` may reach them.

Columns that could point to a person are never read; no value of a cell is kept or shown, also not in a fault.
"""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.importing.preview import Asked
from coverage.places.periods import Span, span_of
from coverage.places.tables import areas
from coverage.places.tables.areas import Matches
from coverage.places.tables.choosing import stretch
from coverage.places.tables.column_cells import COUNT, is_unknown, read_numbers, total_reader
from coverage.places.tables.faults import UNTOLD, Faults
from coverage.places.tables.headers import Table, read_table
from coverage.places.tables.labels import Schema
from coverage.places.tables.sheets import Cell, Row
from coverage.places.tables.totals import check_total

SCHEMA = Schema(
    areas.ALIASES
    | {
        "clients": (
            "jumlah", "jumlah klien", "klien", "count", "residen", "jumlah residen", "jml klien", "jml", "total",
            "banyaknya klien", "jumlah pasien",
        ),
        "year": ("tahun", "thn", "year", "periode"),
    },
    measures=("clients",),
    neutral=("orang", "org", "jiwa"),
    yearly="clients",
    spans=True,
)  # fmt: skip
_LIKE_A_PERSON = re.compile(r"\d{5}|.{41}")
_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
_MOST = 999_999.0
_FIRST_YEAR = 1900


@dataclass(frozen=True)
class RawCounts:
    """Clients per village of one file, not yet safe: to be reduced and forgotten at once."""

    counts: pd.Series
    table: Table
    matches: Matches
    dropped: tuple[str, ...]
    years: tuple[int, ...]
    taken: int


def read_counts(source: bytes, name: str, asked: Asked, faults: Faults) -> RawCounts:
    """Read clients per village: a number in each row, or one row a client where there is no such column.

    Parameters
    ----------
    faults
        A secret gathering of faults: it keeps no value.

    Raises
    ------
    InputError
        If the file is no table or tells no village.
    """
    stated = span_of(asked.period) if asked.period else None
    chosen = replace(asked.chosen, years=(stated.first.year, stated.last.year)) if stated else asked.chosen
    table = read_table(source, name, SCHEMA, faults, sheet=asked.sheet, chosen=chosen)
    if not table.has("kode") and not table.has("village"):
        raise InputError(Message.of("clients.no_village_column", file=name))
    matches = areas.find_villages(table, faults, areas.Sought(asked.region, asked.system, hint=True))
    headed = _headed_years(table, stated)
    clients = _clients(table, faults, asked)
    _check_years(table, faults, asked.period)
    bad = faults.rows
    taken = [number for number in matches.kode if number in clients and number not in bad]
    counts = pd.Series(
        [int(clients[number]) for number in taken],
        index=pd.Index([matches.kode[number] for number in taken], dtype="str"),
        dtype="int64",
    )
    dropped = tuple(UNTOLD if _LIKE_A_PERSON.search(header) else header for header in table.dropped)
    years = _years([table.by_number[number] for number in taken], headed)
    return RawCounts(counts, table, matches, dropped, years, len(taken))


def _clients(table: Table, faults: Faults, asked: Asked) -> dict[int, float]:
    if not table.has("clients"):
        return {row.number: 1.0 for row in table.rows}
    if all(_is_a_word(row.cell("clients")) for row in table.rows):
        raise InputError(Message.of("clients.names_for_numbers", file=table.file, column=table.header("clients")))
    clients = read_numbers(table, "clients", faults, asked.ways, COUNT)
    check_total(table, "clients", clients, faults, total_reader(asked.ways))
    for number in [number for number, value in clients.items() if value > _MOST]:
        problem, remedy = Message.of("tables.not_a_number"), Message.of("tables.not_a_number_fix")
        faults.add(number, table.header("clients"), UNTOLD, problem, remedy)
        del clients[number]
    return clients


def _headed_years(table: Table, stated: Span | None) -> tuple[int, ...]:
    """Give the years that the header of the figures is of; those of the columns beside it that it may sum.

    Raises
    ------
    InputError
        If it may sum years and no time is stated, or the time stated does not hold them.
    """
    own, summed = table.years.get("clients"), table.years_beside.get("clients", ())
    years = summed if own is None else (own,)
    if summed and stated is None:
        column, several = table.header("clients"), stretch(summed)
        raise InputError(Message.of("clients.sums_years", file=table.file, column=column, years=several))
    if stated and any(not stated.first.year <= year <= stated.last.year for year in years):
        told = {"column": table.header("clients"), "years": stretch(years), "period": stated.label}
        raise InputError(Message.of("clients.headed_year", file=table.file, **told))
    return years


def _is_a_word(cell: Cell) -> bool:
    return cell.kind == "text" and not is_unknown(cell.text) and not any(map(str.isdigit, cell.text))


def _check_years(table: Table, faults: Faults, period: str) -> None:
    """Tell of rows whose year cannot be read or is not of the stated time: releases are counted by what rows say.

    A row without a year is of the stated time; beside rows that have one it must be stated, as it might be of any.
    """
    latest = dt.datetime.now(tz=dt.UTC).year
    stated = span_of(period) if period else None
    some = any(_YEAR.search(row.text("year")) for row in table.rows)
    for row in table.rows:
        text = row.text("year")
        years = list(map(int, _YEAR.findall(text)))
        told: tuple[Message, Message] | None = None
        if is_unknown(text):
            if some and not period:
                told = Message.of("imports.not_filled"), Message.of("clients.fix_year_blank")
        elif (not years and not period) or any(year > latest for year in years):
            told = Message.of("imports.year"), Message.of("imports.fix_year", first=str(_FIRST_YEAR))
        elif stated and any(not stated.first.year <= year <= stated.last.year for year in years):
            told = Message.of("clients.other_year", period=stated.label), Message.of("clients.fix_other_year")
        if told:
            faults.add(row.number, table.header("year"), text, *told)


def _years(rows: Sequence[Row], headed: Sequence[int]) -> tuple[int, ...]:
    """Give the first and the last year that the rows and the header tell, none where they tell none."""
    found = set(headed) | {int(year) for row in rows for year in _YEAR.findall(row.text("year"))}
    return (min(found), max(found)) if found else ()
