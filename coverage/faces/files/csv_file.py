"""CSV in two dialects: one for programs, one that Indonesian Excel opens with a double click."""

import csv
import datetime as dt
import io
import math
from dataclasses import dataclass
from typing import Literal

from coverage.faces.files.file_cells import Cell, Filled, fill, guard, machine_decimals, with_states
from coverage.faces.files.sources import ListSource, PlanSource
from coverage.faces.words.columns import Column, Listing
from coverage.ground.texts import Language

__all__ = ["Dialect", "csv_bytes", "list_csv", "list_csv_excel", "plan_csv", "plan_csv_excel"]

Dialect = Literal["machine", "excel-id"]


@dataclass(frozen=True)
class _Writing:
    delimiter: str
    encoding: str
    for_people: bool


_WRITINGS: dict[Dialect, _Writing] = {
    "machine": _Writing(delimiter=",", encoding="utf-8", for_people=False),
    "excel-id": _Writing(delimiter=";", encoding="utf-8-sig", for_people=True),
}
_PEOPLE_DECIMALS = {"minutes": 1, "km": 1}


def list_csv(one: ListSource, lang: Language) -> bytes:
    """Write a list for programs."""
    return csv_bytes(one.listing, dialect="machine", lang=lang)


def list_csv_excel(one: ListSource, lang: Language) -> bytes:
    """Write a list for Indonesian Excel."""
    return csv_bytes(one.listing, dialect="excel-id", lang=lang)


def plan_csv(plan: PlanSource, lang: Language) -> bytes:
    """Write the calls of a plan for programs."""
    return csv_bytes(plan.table(), dialect="machine", lang=lang)


def plan_csv_excel(plan: PlanSource, lang: Language) -> bytes:
    """Write the calls of a plan for Indonesian Excel."""
    return csv_bytes(plan.table(), dialect="excel-id", lang=lang)


def csv_bytes(listing: Listing, *, dialect: Dialect = "machine", lang: Language = "id") -> bytes:
    r"""Write the table of `listing` as CSV; title, subtitle and footnotes stay out, so that row 1 is the header.

    Parameters
    ----------
    dialect
        ``machine``: RFC 4180, UTF-8 without byte order mark, comma, decimal point, ISO dates, keys as header,
        shares from 0 to 1. ``excel-id``: byte order mark, semicolon, decimal comma, dd-mm-yyyy, labels as
        header, words instead of raw values, percentages. Both end lines with CR LF.
    lang
        Language of the state words in ``excel-id``.

    Returns
    -------
    bytes
        The file. An infinite time is empty and a column beside it says ``not_connected``; text that a
        spreadsheet could run as a formula begins with an apostrophe. Excel may still read a short code such
        as 11.10 as a number when it opens CSV; the XLSX keeps codes whole.

    Examples
    --------
    >>> import pandas as pd
    >>> columns = [Column("kode", "Kode", "code"), Column("travel_min", "Waktu", "minutes")]
    >>> table = pd.DataFrame({"kode": ["74.71.01.1001", "74.07.01.1003"], "travel_min": [12.5, float("inf")]})
    >>> print(csv_bytes(Listing(columns, table)).decode().replace("\r", ""), end="")
    kode,travel_min,travel_min_state
    74.71.01.1001,12.5,connected
    74.07.01.1003,,not_connected
    """
    writing = _WRITINGS[dialect]
    columns = [column for column in listing.columns if column.kind != "box"]
    filled = with_states(fill(columns, listing.frame), lang)
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=writing.delimiter, lineterminator="\r\n")
    writer.writerow(guard(entry.column.label if writing.for_people else entry.column.key) for entry in filled)
    writer.writerows(zip(*(_spell_column(entry, writing) for entry in filled), strict=True))
    return buffer.getvalue().encode(writing.encoding)


def _spell_column(entry: Filled, writing: _Writing) -> list[str]:
    return [_spell(entry.column, cell, writing) for cell in entry.cells]


def _spell(column: Column, cell: Cell, writing: _Writing) -> str:
    if cell is None or cell == math.inf:
        return ""
    if isinstance(cell, str):
        return guard(column.words.get(cell, cell) if writing.for_people else cell)
    if isinstance(cell, dt.date):
        return f"{cell.day:02}-{cell.month:02}-{cell.year:04}" if writing.for_people else cell.isoformat()
    if isinstance(cell, int):
        return str(cell)
    return _for_people(column, cell) if writing.for_people else _trim(cell, machine_decimals(column))


def _for_people(column: Column, number: float) -> str:
    if column.kind == "percent":
        return f"{_trim(number * 100, 2)}%".replace(".", ",")
    return _trim(number, _PEOPLE_DECIMALS.get(column.kind, column.decimals)).replace(".", ",")


def _trim(number: float, decimals: int) -> str:
    text = f"{number:z.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
