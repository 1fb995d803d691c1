"""A table as read: its header and rows, which columns are meant, and which rows are no data.

Offices put a title above the header, merge it over two or three rows, number the columns below it, merge the kecamatan
over its villages, and end with a total, a source or a signature.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from coverage.ground.errors import InputError
from coverage.ground.free_text import hidden_sign, shown
from coverage.ground.texts import Message, listed
from coverage.places.tables.choosing import Chosen, choose, named, years_beside
from coverage.places.tables.faults import Faults
from coverage.places.tables.filling import as_above, merged_down
from coverage.places.tables.footers import footer_start
from coverage.places.tables.header_search import Header, find_header
from coverage.places.tables.labels import Schema, lexicon_of
from coverage.places.tables.sheets import EMPTY, Cell, Row, Sheet, SheetRow, column_letter
from coverage.places.tables.table_files import read_content

__all__ = ["Chosen", "Row", "Schema", "Table", "read_table"]

_TOTAL = re.compile(
    r"(sub|grand|jumlah)?[ -]?(jumlah|total)"
    r"( (total|keseluruhan|seluruh\w*|semua|kec(amatan)?|kab(upaten)?|kota|kel(urahan)?|desa|prov(insi)?)\b.*)?[.: ]*"
)
_FOOT = re.compile(r"(sumber|catatan|keterangan|ket|mengetahui|source|note)\b.*")
_NUMBERING = re.compile(r"\(?(\d{1,3})\)?", re.ASCII)
_YEAR = re.compile(r"(?<!\d)(20\d\d|19\d\d)(?!\d)", re.ASCII)
_LEAST_NUMBERED = 3
_MOST_TOLD = 10


@dataclass(frozen=True)
class Table:
    """A table as read: rows of data, and what was left out.

    ``headers``: header in the file per column. ``dropped``: the columns that are not read, by header or, where they
    have none, by letter; ``unread_filled`` those with any content. ``totals``: rows that hold sums. ``years``: year
    that the header of a column states; ``years_beside`` those of columns that a column without one may sum.
    ``title_years``: years that the rows above the header name. ``rows_as_above``: numbers of the rows that took a
    parent area from the row above. ``detected``: what was found out on the way.
    """

    file: str
    rows: tuple[Row, ...]
    headers: Mapping[str, str]
    dropped: tuple[str, ...] = ()
    unread_filled: tuple[str, ...] = ()
    totals: tuple[Row, ...] = ()
    detected: tuple[Message, ...] = ()
    sheet: Sheet = field(default_factory=lambda: Sheet("", ()))
    places: Mapping[str, int] = field(default_factory=dict)
    years: Mapping[str, int] = field(default_factory=dict)
    years_beside: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    title_years: tuple[int, ...] = ()
    rows_as_above: frozenset[int] = frozenset()

    def header(self, column: str) -> str:
        """Name a column as the file does."""
        return self.headers.get(column, column)

    @cached_property
    def by_number(self) -> Mapping[int, Row]:
        """The rows of data by their number."""
        return {row.number: row for row in self.rows}

    def has(self, column: str) -> bool:
        """Tell whether any row fills the column."""
        return any(row.text(column) for row in self.rows)


def read_table(
    source: Path | bytes, name: str, schema: Schema, faults: Faults, *, sheet: str = "", chosen: Chosen | None = None
) -> Table:
    """Read a table of one kind, wherever its header stands.

    Parameters
    ----------
    source, name
        Path or content, and what to call the file in messages.
    schema
        The columns looked for.
    faults
        Rows with cells beyond the header, cells without a value and figures merged over rows are added here.
    sheet
        Name of the sheet; by default the one whose header fits best, visible ones first.
    chosen
        Which columns the user says are meant, and of which year.

    Raises
    ------
    ColumnsUnclearError
        If several columns fit one meaning.
    InputError
        If the file cannot be read, has no header or no rows, or lacks a required column.
    """
    content = read_content(source, name)
    filled = [one for one in content.sheets if one.rows]
    if not filled:
        raise InputError(Message.of("tables.empty", file=name))
    if sheet:
        filled = [one for one in content.sheets if one.name.casefold() == sheet.casefold()]
        if not filled or not filled[0].rows:
            names = ", ".join(shown(one.name) for one in content.sheets)
            raise InputError(Message.of("tables.no_sheet", file=name, sheet=sheet, sheets=names))
    lexicon = lexicon_of(schema)
    ranked = [(find_header(one, lexicon), one) for one in filled]
    header, best = max(ranked, key=lambda pair: (pair[0].score, pair[1].visible))
    detected = list(content.detected)
    others = [one.name for _, one in ranked if one is not best]
    if best.name and others:
        detected.append(Message.of("tables.detected_sheet", sheet=shown(best.name), others=shown(", ".join(others))))
    if best.rows[header.first].number > 1:
        detected.append(Message.of("tables.detected_header", row=str(best.rows[header.first].number)))
    below = best.rows[header.last + 1 :]
    places = choose(header, below, lexicon, chosen or Chosen(), name)
    _check_required(places, name, schema)
    return _table(_Read(name, best, header, schema, places), detected, faults)


class _Read(NamedTuple):
    """What is known before the rows are read."""

    name: str
    sheet: Sheet
    header: Header
    schema: Schema
    places: Mapping[str, int]

    def label(self, at: int) -> str:
        """Name a column of the file: its header, else its letter."""
        return shown(self.header.labels[at]) or column_letter(at)


def _check_required(places: Mapping[str, int], name: str, schema: Schema) -> None:
    missing = [
        "/".join(named(column, schema) for column in group) for group in schema.required if not set(group) & set(places)
    ]
    if missing or not places:
        known = ", ".join(named(column, schema) for column in schema.aliases)
        raise InputError(
            Message.of("tables.columns_missing", file=name, missing=", ".join(missing) or "-", known=known)
        )


def _table(read: _Read, detected: list[Message], faults: Faults) -> Table:
    below = read.sheet.rows[read.header.last + 1 :]
    numbers = [row.number for row in below]
    merged = merged_down(read.sheet, numbers[0] if numbers else 0)
    rows, totals, left = [], [], []
    figures = [index for column, index in read.places.items() if column in read.schema.measures]
    foot = footer_start(below, read.places.get("kode"), figures)
    for at, row in enumerate(below):
        own = {column: _cell(row, index) for column, index in read.places.items()}
        held = Row(row.number, own if not merged else _with_merged(row.number, own, read.places, merged))
        filled = [cell.text for cell in row.cells if cell.text]
        if (at == 0 and _numbers_columns(filled)) or _is_foot(filled, len(read.places)) or at >= foot:
            left.append(row.number)
        elif _is_total(held, row):
            totals.append(held)
        elif not any(cell.text for cell in own.values()):
            left.append(row.number)
        else:
            rows.append(held)
            _check_width(row, read.header, faults)
    if not rows:
        raise InputError(Message.of("tables.empty", file=read.name))
    rows, filled_rows = as_above(rows)
    _check_cells(rows, read, merged, faults)
    said = {
        "detected_totals": [row.number for row in totals],
        "detected_left": left,
        "detected_as_above": filled_rows,
    }
    detected += [
        Message.of(f"tables.{key}", rows=listed(list(map(str, found)), _MOST_TOLD))
        for key, found in said.items()
        if found
    ]
    unread = _unread(read, below)
    dropped = tuple(read.label(at) for at in unread)
    detected.append(Message.of("tables.detected_columns", columns=_spelled(read)))
    if dropped and not faults.secret:
        detected.append(Message.of("tables.detected_unread", columns=", ".join(dropped)))
    above = [cell.text for row in read.sheet.rows[: read.header.first] for cell in row.cells]
    meanings = {column: read.header.meanings[at] for column, at in read.places.items()}
    return Table(
        file=read.name,
        rows=tuple(rows),
        headers={column: read.label(at) for column, at in read.places.items()},
        dropped=dropped,
        unread_filled=tuple(read.label(at) for at, filled in unread.items() if filled),
        totals=tuple(totals),
        detected=tuple(detected),
        sheet=read.sheet,
        places=read.places,
        years={column: one.year for column, one in meanings.items() if one is not None and one.year is not None},
        years_beside={
            column: years_beside(read.header, at, {place for place, filled in unread.items() if filled})
            for column, at in read.places.items()
        },
        rows_as_above=frozenset(filled_rows),
        title_years=tuple(sorted({int(year) for text in above for year in _YEAR.findall(text)})),
    )


def _cell(row: SheetRow, at: int) -> Cell:
    return row.cells[at] if at < len(row.cells) and row.cells[at].text else EMPTY


def _with_merged(
    number: int, own: Mapping[str, Cell], places: Mapping[str, int], merged: Mapping[tuple[int, int], Cell]
) -> dict[str, Cell]:
    """Fill cells that are empty because they were merged with one above them."""
    return {column: cell if cell.text else merged.get((number, places[column]), EMPTY) for column, cell in own.items()}


def _spelled(read: _Read) -> str:
    """Say which column of the file was read for each column."""
    return ", ".join(
        f"{named(column, read.schema)} = {read.label(at)} ({column_letter(at)})"
        for column, at in sorted(read.places.items(), key=lambda pair: pair[1])
    )


def _unread(read: _Read, below: Sequence[SheetRow]) -> dict[int, bool]:
    """Give every column that has a header or any content and is not read, and whether it has content."""
    taken = set(read.places.values())
    width = len(read.header.paths)
    filled = {at for row in below for at, cell in enumerate(row.cells[:width]) if cell.text}
    return {at: at in filled for at in range(width) if at not in taken and (read.header.labels[at] or at in filled)}


def _check_cells(rows: Sequence[Row], read: _Read, merged: Mapping[tuple[int, int], Cell], faults: Faults) -> None:
    """Tell of read cells without a value or with a hidden sign, and of figures that one merged cell gives to rows."""
    shared = {(number, at) for number, at in merged}
    for row in rows:
        for column, at in read.places.items():
            cell = row.cell(column)
            if sign := hidden_sign(cell.text):
                problem, remedy = Message.of("tables.hidden_sign", sign=sign), Message.of("tables.fix_hidden_sign")
                faults.add(row.number, read.label(at), cell.text, problem, remedy)
                faults.settle(row.number, read.label(at))
                continue
            if cell.kind == "broken":
                key = "formula" if cell.text.startswith("=") else "error_cell"
            elif column in read.schema.measures and (row.number, at) in shared and cell.text:
                key = "merged_figure"
            else:
                continue
            problem, remedy = Message.of(f"tables.{key}"), Message.of(f"tables.fix_{key}")
            faults.add(row.number, read.label(at), cell.text, problem, remedy)
            faults.settle(row.number, read.label(at))


def _numbers_columns(filled: Sequence[str]) -> bool:
    """Tell whether a row counts the columns, as in printed tables: (1) (2) (3)."""
    found = [_NUMBERING.fullmatch(text) for text in filled]
    enough = len(filled) >= _LEAST_NUMBERED or (len(filled) > 1 and filled[0].startswith("("))
    return enough and [int(one[1]) if one else 0 for one in found] == list(range(1, len(filled) + 1))


def _is_foot(filled: Sequence[str], columns: int) -> bool:
    return len(filled) == 1 and columns > 1 and _FOOT.fullmatch(filled[0].casefold()) is not None


def _is_total(row: Row, raw: SheetRow) -> bool:
    """Tell whether a row holds a sum: it says so where its first text stands, and names no code."""
    first = next((cell.text for cell in raw.cells if cell.text and cell.kind == "text"), "")
    return _TOTAL.fullmatch(first.casefold()) is not None and not any(sign.isdigit() for sign in row.text("kode"))


def _check_width(row: SheetRow, header: Header, faults: Faults) -> None:
    beyond = [cell.text for cell in row.cells[len(header.paths) :] if cell.text]
    if beyond:
        faults.add(
            row.number,
            str(len(header.paths) + 1),
            beyond[0],
            Message.of("tables.beyond_header"),
            Message.of("tables.fix_beyond_header"),
        )
