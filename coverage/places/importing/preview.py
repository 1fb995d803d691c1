"""What an import is asked, and what it found before anything is written."""

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from coverage.ground import codes
from coverage.ground.texts import Message
from coverage.places.schemas.table_schema import Field
from coverage.places.tables.areas import Matches, System, Unsure
from coverage.places.tables.choosing import Chosen
from coverage.places.tables.column_cells import FIRST_YEAR, WHOLE, Ways, read_numbers
from coverage.places.tables.faults import Fault, Faults, Mended
from coverage.places.tables.headers import Table
from coverage.places.tables.sheets import Row
from coverage.places.tables.word_choices import not_one_of
from coverage.places.workspace import Workspace

OFFICE = "kantor"
"""Value of the column ``origin`` in every row that an office imported."""


@dataclass(frozen=True)
class Asked:
    """What the user says about a file, where the file leaves it open.

    ``region``: area that all rows lie in. ``ways``: decimal sign and order of dates. ``swap``: latitude and longitude
    changed places. ``columns``: which column of the file, by letter or header, is meant for one of the schema, where
    several fit. ``zone``: UTM zone such as ``51S``. ``system``: whose codes those without dots are. ``sheet``: name
    of the sheet. ``year``, ``period``: of all rows, where no column says it. ``reason``: why an earlier safe table is
    replaced. ``source``: what to name as the source. ``fixes``: which faults to mend, of
    :data:`coverage.places.tables.FIXES`.
    """

    region: str = codes.COUNTRY
    ways: Ways = field(default_factory=Ways)
    swap: bool = False
    zone: str = ""
    system: System | None = None
    sheet: str = ""
    year: int | None = None
    period: str = ""
    reason: str = ""
    source: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    fixes: frozenset[str] = frozenset()

    @property
    def chosen(self) -> Chosen:
        """Which columns are meant, and of which year."""
        return Chosen(self.columns, self.year)


@dataclass(frozen=True)
class Preview:
    """What a file came down to, before anything is written.

    ``rows``: rows of data. ``good``: what would be stored, from the rows without a fault. ``skipped``: rows that
    say that nothing is known. ``mended``: the cells that were mended because that was asked for. ``unread``: the
    columns of the file that are not read. ``table``: the file as read, None where it may tell of persons. ``sha256``:
    of the file, "" where it may tell of persons.
    """

    kind: str
    file: str
    rows: int
    good: pd.DataFrame
    imported: int
    faults: tuple[Fault, ...] = ()
    mended: tuple[Mended, ...] = ()
    detected: tuple[Message, ...] = ()
    by_code: int = 0
    by_name: int = 0
    unsure: tuple[Unsure, ...] = ()
    unmatched: int = 0
    skipped: int = 0
    unread: tuple[str, ...] = ()
    table: Table | None = None
    sha256: str = ""

    @property
    def open_question(self) -> bool:
        """Whether a question about a whole column is open, so that no row can be taken."""
        return any(fault.asks for fault in self.faults)


@dataclass(frozen=True)
class Importer:
    """One kind of table: the columns of its template, how it is read, and how its good rows are stored.

    ``fixes``: those of :data:`coverage.places.tables.FIXES` that can mend something in it.
    """

    template: tuple[Field, ...]
    read: Callable[[bytes, str, Asked], Preview]
    store: Callable[[Preview, Workspace], None]
    fixes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ReadTable:
    """A file as it was read: its table, what is wrong in it, and which villages its rows were matched with, if any.

    ``detected``: what was found out about it besides.
    """

    table: Table
    faults: Faults
    matches: Matches | None = None
    detected: Sequence[Message] = ()


def previewed(kind: str, read: ReadTable, good: pd.DataFrame, *, taken: int) -> Preview:
    """Put together what was found; with an open question there are no good rows.

    Parameters
    ----------
    taken
        Rows of the file that the good rows were made of.
    """
    table, faults, matches = read.table, read.faults, read.matches
    asks = any(fault.asks for fault in faults.found)
    faulty = len({row.number for row in table.rows} & faults.rows)
    return Preview(
        kind=kind,
        file=table.file,
        rows=len(table.rows),
        good=good.head(0) if asks else good,
        imported=0 if asks else taken,
        faults=tuple(sorted(faults.found, key=lambda fault: fault.row)),
        mended=tuple(sorted(faults.mended, key=lambda mended: mended.row)),
        detected=(*table.detected, *(matches.detected if matches else ()), *read.detected),
        by_code=matches.by_code if matches else 0,
        by_name=matches.by_name if matches else 0,
        unsure=matches.unsure if matches else (),
        unmatched=matches.unmatched if matches else 0,
        # With an open question it is not known yet which rows say nothing.
        skipped=0 if asks else max(len(table.rows) - faulty - taken, 0),
        unread=() if faults.secret else table.dropped,
        table=None if faults.secret else table,
    )


def years_of(table: Table, faults: Faults, asked: Asked, *, figures: str, needed: Collection[int]) -> dict[int, int]:
    """Read the year of each row: from its column, else the one stated for the whole file, else the header's.

    Parameters
    ----------
    figures
        The column whose figures are of that year: its header may state it.
    needed
        Numbers of the rows that hold a figure: a year that is missing there is asked for.

    Returns
    -------
    Year per row number, for the rows that have one.
    """
    latest = dt.datetime.now(tz=dt.UTC).year
    stated = read_numbers(table, "year", faults, Ways(), WHOLE) if table.has("year") else {}
    whole = asked.year or table.years.get(figures)
    years: dict[int, int] = {}
    for row in table.rows:
        year = stated.get(row.number, whole)
        if year is not None and not FIRST_YEAR <= year <= latest:
            header, text = (table.header("year"), row.text("year")) if row.number in stated else (_YEAR, str(year))
            remedy = Message.of("imports.fix_year", first=str(FIRST_YEAR))
            faults.add(row.number, header, text, Message.of("imports.year"), remedy)
        elif year is not None:
            years[row.number] = int(year)
    bad = faults.rows
    missing = [number for number in needed if number not in years and number not in bad]
    if missing and not table.has("year"):
        named = ", ".join(map(str, table.title_years))
        remedy = Message.of("imports.fix_no_year_title", years=named) if named else Message.of("imports.fix_no_year")
        faults.add(min(missing), _YEAR, "", Message.of("imports.no_year"), remedy, asks=True)
    elif missing:
        for number in missing:
            problem, remedy = Message.of("imports.not_filled"), Message.of("imports.fix_year_blank")
            faults.add(number, table.header("year"), "", problem, remedy)
    return years


_YEAR = "tahun"


def choice_of(row: Row, table: Table, column: str, choices: Mapping[str, str], faults: Faults) -> str:
    """Find which of the allowed words a cell means; "" and a fault where none."""
    text = row.text(column)
    allowed = ", ".join(dict.fromkeys(choices.values()))
    return choices.get(text.casefold(), "") or not_one_of(row, table, column, choices, faults, allowed)


def twice(
    table: Table, faults: Faults, keys: Mapping[int, object], column: str, *, same: Callable[[int, int], bool]
) -> None:
    """Name both rows where two rows speak of the same thing and say different things."""
    seen: dict[object, int] = {}
    for number, key in keys.items():
        first = seen.setdefault(key, number)
        if first != number and not same(first, number):
            problem, remedy = Message.of("imports.twice", first=str(first)), Message.of("imports.fix_twice")
            faults.add(number, table.header(column), table.by_number[number].text(column), problem, remedy)
