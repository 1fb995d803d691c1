"""XLSX that prints well: A4 landscape, one page wide, numbered rows, boxes to fill in by hand."""

import datetime as dt
import io
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import xlsxwriter

from coverage.faces.files.file_cells import Cell, Filled, fill, is_formula_like
from coverage.faces.files.sheet_layout import BOLD, PAGE_CHARS, column_width, fit_widths, row_height
from coverage.faces.files.sources import ListSource, PlanSource, ReportSource
from coverage.faces.words.columns import Column, Listing
from coverage.ground.quantities import format_duration, format_number
from coverage.ground.texts import Language, say

__all__ = ["list_xlsx", "plan_xlsx", "report_xlsx", "workbook_bytes", "xlsx_bytes"]

_Look = tuple[tuple[str, Any], ...]

_A4 = 9
NO_DATE = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""Date of every workbook, so that the same content gives the same bytes."""

_LONGEST_CELL = 32_767
_LONGEST_FOOTER_TITLE = 150
_BOX_ROW_PT = 27.0
_BOX_CHARS = 24.0
_SIGNATURE_PT = 55.0
# A date or a time is measured as one word: too narrow a cell shows a date as "####" and splits "1 jam 20 mnt".
_ONE_WORD = str.maketrans(" ", "_")
_DATE_CHARS = "31_Des_2024"
_INERT = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_FONT_PT = 11
_CELL: _Look = (("valign", "top"), ("border", 1), ("border_color", "#808080"))
_HEADER: _Look = (
    *_CELL,
    ("bold", True),
    ("text_wrap", True),
    ("align", "center"),
    ("valign", "vcenter"),
    ("bg_color", "#E7EEF2"),
)
_TITLE: _Look = (("text_wrap", True), ("valign", "top"), ("bold", True), ("font_size", 14))
_LINE: _Look = (("text_wrap", True), ("valign", "top"), ("font_size", _FONT_PT))
_FOOTNOTE: _Look = (("text_wrap", True), ("valign", "top"), ("italic", True), ("font_size", 10))
_NUMBER_FORMATS = {"code": "@", "integer": "#,##0", "km": "#,##0.0", "percent": "0.0%"}
_DATE_FORMATS: dict[Language, str] = {"id": "[$-421]d mmm yyyy", "en": "[$-809]d mmm yyyy"}


@dataclass(frozen=True)
class _Printed:
    """A column as it stands on paper: cells as shown, and the words they make."""

    column: Column
    cells: Sequence[Cell]
    texts: Sequence[str]


@dataclass(frozen=True)
class _Paper:
    """What every writer needs: the sheet, its styles (each made once), the widths of its columns, the language."""

    sheet: Any
    style: Callable[[_Look], Any]
    widths: Sequence[float]
    lang: Language


def list_xlsx(one: ListSource, lang: Language) -> bytes:
    """Write a list, or its own sheet to be printed where it has one."""
    return xlsx_bytes(one.sheet or one.listing, lang=lang)


def plan_xlsx(plan: PlanSource, lang: Language) -> bytes:
    """Write the calls of a plan to be printed."""
    return xlsx_bytes(plan.sheet(), lang=lang)


def report_xlsx(report: ReportSource, lang: Language) -> bytes:
    """Write the tables of a report, each on a sheet of its own."""
    return workbook_bytes(report.sheets(), title=report.title, lang=lang)


def xlsx_bytes(listing: Listing, *, lang: Language = "id") -> bytes:
    """Write `listing` as a workbook of one sheet, for outreach teams to print and fill in.

    Parameters
    ----------
    listing
        Minutes are written as words ("1 jam 20 mnt"), and as a number beside them if the listing asks for it;
        an infinite time or distance reads "tidak terhubung". Numbers and dates are real ones, codes are text.
    lang
        Language of the words this module adds.

    Returns
    -------
    bytes
        The file, made in memory, without formulas, links or the time of writing.
    """
    return workbook_bytes({say("reports.sheet", lang): listing}, title=listing.title, lang=lang)


def workbook_bytes(sheets: Mapping[str, Listing], *, title: str, lang: Language = "id") -> bytes:
    """Write several listings as a workbook, each on a sheet of its own; see :func:`xlsx_bytes`."""
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, _INERT)
    workbook.set_properties({"title": title, "created": NO_DATE})
    style = cache(lambda look: workbook.add_format(dict(look)))
    for name, listing in sheets.items():
        columns = _printed(listing, lang)
        _write_sheet(_Paper(workbook.add_worksheet(name), style, _widths(columns), lang), listing, columns)
    workbook.close()
    return buffer.getvalue()


def _write_sheet(paper: _Paper, listing: Listing, columns: Sequence[_Printed]) -> None:
    for index, width in enumerate(paper.widths):
        paper.sheet.set_column(index, index, width)
    row = 0
    if listing.title:
        row = _write_line(paper, row, listing.title, _TITLE)
    for line in listing.subtitle:
        row = _write_line(paper, row, line, _LINE)
    header_row = row + 1 if row else 0
    row = _write_header(paper, header_row, [entry.column.label for entry in columns])
    row = _write_rows(paper, row, columns) + 1
    for line in listing.footnotes:
        row = _write_line(paper, row, line, _FOOTNOTE)
    if listing.signatures:
        row = _write_signatures(paper, row + 1, listing.signatures)
    _set_up_page(paper, listing.title, header_row, max(row - 1, header_row))


def _write_line(paper: _Paper, row: int, text: str, look: _Look) -> int:
    """Write one line across all columns; every writer here gives back the next free row."""
    style = paper.style(look)
    paper.sheet.set_row(row, row_height([text], [sum(paper.widths)], scale=dict(look)["font_size"] / _FONT_PT))
    if len(paper.widths) > 1:
        paper.sheet.merge_range(row, 0, row, len(paper.widths) - 1, "", style)
    paper.sheet.write_string(row, 0, _cut(text), style)
    return row + 1


def _write_header(paper: _Paper, row: int, labels: Sequence[str]) -> int:
    style = paper.style(_HEADER)
    paper.sheet.set_row(row, row_height(labels, [width / BOLD for width in paper.widths]))
    for index, label in enumerate(labels):
        paper.sheet.write_string(row, index, _cut(label), style)
    return row + 1


def _write_rows(paper: _Paper, row: int, columns: Sequence[_Printed]) -> int:
    if not columns[0].cells:
        return _write_line(paper, row, say("reports.no_rows", paper.lang), _LINE)
    least = _BOX_ROW_PT if any(entry.column.kind == "box" for entry in columns) else 0.0
    texts = zip(*(entry.texts for entry in columns), strict=True)
    cells = zip(*(entry.cells for entry in columns), strict=True)
    for row_texts, row_cells in zip(texts, cells, strict=True):
        paper.sheet.set_row(row, row_height(row_texts, paper.widths, least=least))
        for index, (entry, cell) in enumerate(zip(columns, row_cells, strict=True)):
            _write_cell(paper, (row, index), entry.column, cell)
        row += 1
    return row


def _write_signatures(paper: _Paper, row: int, signatures: Sequence[str]) -> int:
    """Leave room to sign: who, then a line, side by side across the sheet."""
    style, columns = paper.style(_LINE), len(paper.widths)
    for number, who in enumerate(signatures):
        first = number * columns // len(signatures)
        last = (number + 1) * columns // len(signatures) - 1
        for down, text in enumerate(
            (say("reports.sign_place", paper.lang), who, "", say("reports.sign_name", paper.lang))
        ):
            if last > first:
                paper.sheet.merge_range(row + down, first, row + down, last, "", style)
            paper.sheet.write_string(row + down, first, _cut(text), style)
    paper.sheet.set_row(row + 2, _SIGNATURE_PT)
    return row + 4


def _write_cell(paper: _Paper, place: tuple[int, int], column: Column, cell: Cell) -> None:
    style = paper.style(_look(column, cell, paper.lang))
    if cell is None:
        paper.sheet.write_blank(*place, None, style)
    elif isinstance(cell, str):
        paper.sheet.write_string(*place, _cut(cell), style)
    elif isinstance(cell, dt.date):
        paper.sheet.write_datetime(*place, cell, style)
    else:
        paper.sheet.write_number(*place, cell, style)


def _set_up_page(paper: _Paper, title: str, header_row: int, last_row: int) -> None:
    sheet = paper.sheet
    sheet.set_paper(_A4)
    sheet.set_landscape()
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(header_row)
    sheet.print_area(0, 0, last_row, len(paper.widths) - 1)
    sheet.freeze_panes(header_row + 1, 0)
    # "&" begins a command in a footer, and digits right after a font size would join it: hence the blank.
    left = title[:_LONGEST_FOOTER_TITLE].replace("&", "&&")
    right = say("reports.page", paper.lang, page="&P", pages="&N")
    sheet.set_footer(f"&L&8 {left}&R&8 {right}")


def _look(column: Column, cell: Cell, lang: Language) -> _Look:
    formats = {**_NUMBER_FORMATS, "date": _DATE_FORMATS[lang]}
    formats["decimal"] = "#,##0" + ("." + "0" * column.decimals if column.decimals else "")
    number_format = (("num_format", formats[column.kind]),) if column.kind in formats else ()
    if not isinstance(cell, str):
        return (*_CELL, *number_format)
    # Whoever edits formula-like text in a plain cell would turn it into a formula.
    text = (("align", "left"), ("indent", 1), ("text_wrap", True), ("quote_prefix", is_formula_like(cell)))
    return (*_CELL, *number_format, *text)


def _printed(listing: Listing, lang: Language) -> list[_Printed]:
    filled = fill(listing.columns, listing.frame)
    numbers = Filled(Column("", say("reports.number", lang), "integer"), list(range(1, len(listing.frame) + 1)))
    printed = [_show(numbers, lang)]
    for entry in filled:
        printed.append(_show(entry, lang))
        if entry.column.kind == "minutes" and listing.minute_numbers:
            label = say("reports.minutes_of", lang, label=entry.column.label)
            cells = [None if cell == math.inf else cell for cell in entry.cells]
            printed.append(_show(Filled(Column("", label, "decimal", decimals=0), cells), lang))
    return printed


def _show(entry: Filled, lang: Language) -> _Printed:
    cells = [_shown(entry.column, cell, lang) for cell in entry.cells]
    texts = [_words(cell, lang) for cell in cells]
    if entry.column.kind == "minutes":
        pairs = zip(entry.cells, texts, strict=True)
        texts = [text if cell is None or cell == math.inf else text.translate(_ONE_WORD) for cell, text in pairs]
    return _Printed(entry.column, cells, texts)


def _shown(column: Column, cell: Cell, lang: Language) -> Cell:
    if cell is None:
        return say("general.unknown", lang) if column.kind == "minutes" else None
    if isinstance(cell, str):
        return column.words.get(cell, cell)
    if column.kind == "minutes" and not isinstance(cell, dt.date):
        return format_duration(cell, lang)
    return say("general.not_connected", lang) if cell == math.inf else cell


def _words(cell: Cell, lang: Language) -> str:
    if cell is None:
        return ""
    if isinstance(cell, dt.date):
        return _DATE_CHARS
    return cell if isinstance(cell, str) else format_number(cell, lang, decimals=0 if isinstance(cell, int) else 2)


def _widths(columns: Sequence[_Printed]) -> list[float]:
    ranges = [column_width(entry.column.label, entry.texts) for entry in columns]
    boxes = [index for index, entry in enumerate(columns) if entry.column.kind == "box"]
    if not boxes:
        return fit_widths(ranges)
    # The last box is the one for writing; a sheet with room to spare gives the room to it.
    last = boxes[-1]
    ranges[last] = (_BOX_CHARS, _BOX_CHARS)
    widths = fit_widths(ranges)
    widths[last] += min(max(PAGE_CHARS - sum(widths), 0.0), _BOX_CHARS)
    return widths


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_CELL else f"{text[: _LONGEST_CELL - 1]}…"
