"""Raw rows of client origins, read into counts per village: only :mod:`.clients` may reach them.

Columns that could point to a person are never read; no value of a cell is kept or shown, also not in a fault.
"""

import re
from dataclasses import dataclass

import pandas as pd

from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.importing.preview import Asked
from coverage.places.tables import UNTOLD, Cell, Faults, Row, Schema, Table, areas, read_table
from coverage.places.tables.areas import Matches
from coverage.places.tables.cells import is_unknown, read_numbers, total_reader
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
    table = read_table(source, name, SCHEMA, faults, sheet=asked.sheet, chosen=asked.chosen)
    if not table.has("kode") and not table.has("village"):
        raise InputError(Message.of("clients.no_village_column", file=name))
    matches = areas.find_villages(table, faults, region=asked.region, system=asked.system, hint=True)
    clients = _clients(table, faults, asked)
    if not asked.period:
        _check_years(table, faults)
    bad = faults.rows
    taken = [number for number in matches.kode if number in clients and number not in bad]
    counts = pd.Series(
        [int(clients[number]) for number in taken],
        index=pd.Index([matches.kode[number] for number in taken], dtype="str"),
        dtype="int64",
    )
    dropped = tuple(UNTOLD if _LIKE_A_PERSON.search(header) else header for header in table.dropped)
    return RawCounts(counts, table, matches, dropped, _years(table.rows), len(taken))


def _clients(table: Table, faults: Faults, asked: Asked) -> dict[int, float]:
    if not table.has("clients"):
        return {row.number: 1.0 for row in table.rows}
    if all(_is_a_word(row.cell("clients")) for row in table.rows):
        raise InputError(Message.of("clients.names_for_numbers", file=table.file, column=table.header("clients")))
    clients = read_numbers(table, "clients", faults, asked.ways, whole=True, low=0)
    check_total(table, "clients", clients, faults, total_reader(asked.ways))
    for number in [number for number, value in clients.items() if value > _MOST]:
        problem, remedy = Message.of("tables.not_a_number"), Message.of("tables.not_a_number_fix")
        faults.add(number, table.header("clients"), UNTOLD, problem, remedy)
        del clients[number]
    return clients


def _is_a_word(cell: Cell) -> bool:
    return cell.kind == "text" and not is_unknown(cell.text) and not any(map(str.isdigit, cell.text))


def _check_years(table: Table, faults: Faults) -> None:
    """Tell of rows whose year cannot be read: the safe table says of which years it is."""
    for row in table.rows:
        text = row.text("year")
        if not is_unknown(text) and not _YEAR.search(text):
            remedy = Message.of("imports.fix_year", first=str(_FIRST_YEAR))
            faults.add(row.number, table.header("year"), text, Message.of("imports.year"), remedy)


def _years(rows: tuple[Row, ...]) -> tuple[int, ...]:
    """Give the first and the last year that the rows tell, none where they tell none."""
    found = {int(year) for row in rows for year in _YEAR.findall(row.text("year"))}
    return (min(found), max(found)) if found else ()
