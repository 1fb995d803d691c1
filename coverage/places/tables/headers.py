"""Where the header of a table is, which columns are meant, and which rows are no data.

Offices put a title above the header, merge it over two rows, number the columns below it, and end with a total, a
source or a signature.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.tables.faults import UNTOLD, Faults, shown
from coverage.places.tables.files import Cell, Sheet, SheetRow, read_content

_SEARCHED_ROWS = 40
_EMPTY = Cell("")
_TOTAL = re.compile(
    r"(sub|grand|jumlah)?[ -]?(jumlah|total)( (total|keseluruhan|semua|kec|kab|kota|kel|desa|prov)\b.*)?[.: ]*"
)
_FOOT = re.compile(r"(sumber|catatan|keterangan|ket|mengetahui|source|note)\b.*")
_NUMBERING = re.compile(r"\(?(\d{1,3})\)?", re.ASCII)
_LEAST_NUMBERED = 3


@dataclass(frozen=True)
class Schema:
    """The columns of one kind of table.

    ``aliases``: accepted headers per column, compared without case, signs and line breaks; the column's own name always
    counts. ``required``: groups of columns; of each group one must be there.
    """

    aliases: Mapping[str, Sequence[str]]
    required: Sequence[Sequence[str]] = ()


class Row(NamedTuple):
    """One row of data: its number in the sheet and its cells by column."""

    number: int
    cells: Mapping[str, Cell]

    def cell(self, column: str) -> Cell:
        """Give a cell; an empty one where the file has no such column."""
        return self.cells.get(column, _EMPTY)

    def text(self, column: str) -> str:
        """Give a cell's text, "" where there is none."""
        return self.cell(column).text


@dataclass(frozen=True)
class Table:
    """A table as read: rows of data, and what was left out.

    ``headers``: header in the file per column. ``dropped``: headers of which no column was made. ``totals``: rows that
    hold sums. ``detected``: what was found out on the way.
    """

    file: str
    rows: tuple[Row, ...]
    headers: Mapping[str, str]
    dropped: tuple[str, ...] = ()
    totals: tuple[Row, ...] = ()
    detected: tuple[Message, ...] = ()
    sheet: Sheet = field(default_factory=lambda: Sheet("", ()))
    header_row: int = 1
    places: Mapping[str, int] = field(default_factory=dict)

    def header(self, column: str) -> str:
        """Name a column as the file does."""
        return self.headers.get(column, column)

    def has(self, column: str) -> bool:
        """Tell whether any row fills the column."""
        return any(row.text(column) for row in self.rows)


class _Found(NamedTuple):
    """A header: the rows it stands in, the column meant by each cell, and each cell's words."""

    first: int
    last: int
    columns: list[str]
    labels: list[str]

    @property
    def score(self) -> int:
        return len({column for column in self.columns if column})


def read_table(source: Path | bytes, name: str, schema: Schema, faults: Faults, *, sheet: str = "") -> Table:
    """Read a table of one kind, wherever its header stands.

    Parameters
    ----------
    source, name
        Path or content, and what to call the file in messages.
    schema
        The columns looked for.
    faults
        Rows with cells beyond the header are added here.
    sheet
        Name of the sheet; by default the one whose header fits best, visible ones first.

    Raises
    ------
    InputError
        If the file cannot be read, has no header or no rows, lacks a required column or has one twice.
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
    known = _known(schema)
    ranked = [(_header(one, known), one) for one in filled]
    header, chosen = max(ranked, key=lambda pair: (pair[0].score, pair[1].visible))
    _check_header(header, name, schema)
    detected = list(content.detected)
    others = [one.name for _, one in ranked if one is not chosen]
    if chosen.name and others:
        detected.append(Message.of("tables.detected_sheet", sheet=shown(chosen.name), others=shown(", ".join(others))))
    if chosen.rows[header.first].number > 1:
        detected.append(Message.of("tables.detected_header", row=str(chosen.rows[header.first].number)))
    return _table(chosen, header, name, detected, faults)


def heading(text: str) -> str:
    r"""Reduce a header to what stays the same however it is written.

    Examples
    --------
    >>> heading("Kode_\nDesa :"), heading("JUMLAH PENDUDUK (jiwa)")
    ('kode desa', 'jumlah penduduk (jiwa)')
    """
    return " ".join(re.sub(r"[_\s*:.\"']+", " ", text.casefold()).split())


def _known(schema: Schema) -> dict[str, str]:
    return {heading(alias): column for column, names in schema.aliases.items() for alias in (column, *names)}


def _meant(labels: Sequence[str], known: Mapping[str, str]) -> str:
    """Find the column that one of the ways to read a header means, also without what stands in brackets."""
    for label in labels:
        words = heading(label)
        for tried in (words, re.sub(r" ?\(.*?\)", "", words), words.replace(" / ", "/").replace(" /", "/")):
            if tried in known:
                return known[tried]
    return ""


def _header(sheet: Sheet, known: Mapping[str, str]) -> _Found:
    """Find the row, or the two merged rows, that name most columns; the first of equals, one row rather than two."""
    best = _Found(0, 0, [], [])
    rows = sheet.rows[:_SEARCHED_ROWS]
    for at, row in enumerate(rows):
        labels = [cell.text for cell in row.cells]
        one = _Found(at, at, [_meant([label], known) for label in labels], labels)
        best = max(best, one, key=lambda found: found.score)
    for at in range(len(rows) - 1):
        two = _merged(at, rows[at], rows[at + 1], known)
        if two.score > best.score and len(set(filter(None, two.columns))) == len(list(filter(None, two.columns))):
            best = two
    return best


def _merged(at: int, upper: SheetRow, lower: SheetRow, known: Mapping[str, str]) -> _Found:
    width = max(len(upper.cells), len(lower.cells))
    above = [cell.text for cell in upper.cells] + [""] * (width - len(upper.cells))
    below = [cell.text for cell in lower.cells] + [""] * (width - len(lower.cells))
    columns, labels, over = [], [], ""
    for top, bottom in zip(above, below, strict=True):
        # A merged cell keeps its text in its first cell only: it stands over the filled cells beside it.
        over = top or (over if bottom else "")
        label = " ".join(part for part in (over, bottom) if part)
        labels.append(label)
        columns.append(_meant([label, bottom] if bottom else [top], known))
    return _Found(at, at + 1, columns, labels)


def _check_header(header: _Found, name: str, schema: Schema) -> None:
    for column in dict.fromkeys(filter(None, header.columns)):
        twice = [shown(label) for label, meant in zip(header.labels, header.columns, strict=True) if meant == column]
        if len(twice) > 1:
            raise InputError(
                Message.of("tables.column_twice", file=name, column=_named(column, schema), headers=", ".join(twice))
            )
    missing = [
        "/".join(_named(column, schema) for column in group)
        for group in schema.required
        if not set(group) & set(header.columns)
    ]
    if missing or not header.score:
        known = ", ".join(_named(column, schema) for column in schema.aliases)
        raise InputError(
            Message.of("tables.columns_missing", file=name, missing=", ".join(missing) or "-", known=known)
        )


def _named(column: str, schema: Schema) -> str:
    """Name a column as offices do: by the first of its headers."""
    return next(iter(schema.aliases[column]), column)


def _table(sheet: Sheet, header: _Found, name: str, detected: list[Message], faults: Faults) -> Table:
    place = {column: at for at, column in enumerate(header.columns) if column}
    rows, totals, left = [], [], []
    for at, row in enumerate(sheet.rows[header.last + 1 :]):
        read = Row(
            row.number,
            {column: row.cells[index] if index < len(row.cells) else _EMPTY for column, index in place.items()},
        )
        filled = [cell.text for cell in row.cells if cell.text]
        if (at == 0 and _numbers_columns(filled)) or _is_foot(filled, header.score):
            left.append(row.number)
        elif _is_total(read, row):
            totals.append(read)
        elif not any(cell.text for cell in read.cells.values()):
            left.append(row.number)
        else:
            rows.append(read)
            _check_width(row, header, faults)
    if not rows:
        raise InputError(Message.of("tables.empty", file=name))
    if totals:
        detected.append(Message.of("tables.detected_totals", rows=_row_list([row.number for row in totals])))
    if left:
        detected.append(Message.of("tables.detected_left", rows=_row_list(left)))
    return Table(
        file=name,
        rows=tuple(rows),
        headers={column: shown(header.labels[at]) for column, at in place.items()},
        dropped=tuple(
            shown(label) for label, meant in zip(header.labels, header.columns, strict=True) if label and not meant
        ),
        totals=tuple(totals),
        detected=tuple(detected),
        sheet=sheet,
        header_row=sheet.rows[header.last].number,
        places=place,
    )


def _row_list(numbers: Sequence[int]) -> str:
    said = ", ".join(map(str, numbers[:10]))
    return said if len(numbers) <= 10 else f"{said}, …"  # noqa: PLR2004 - as many as one reads


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


def _check_width(row: SheetRow, header: _Found, faults: Faults) -> None:
    beyond = [cell.text for cell in row.cells[len(header.columns) :] if cell.text]
    if beyond:
        faults.add(
            row.number,
            str(len(header.columns) + 1),
            beyond[0],
            Message.of("tables.beyond_header"),
            Message.of("tables.fix_beyond_header"),
        )


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
