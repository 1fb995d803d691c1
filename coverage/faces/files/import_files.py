"""What stands around an import: the template to fill in, the file back with its faults marked, what was released."""

import io
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import xlsxwriter

from coverage.faces.files.xlsx_file import NO_DATE
from coverage.ground.texts import Language, Message, say
from coverage.places.importing import Preview, template
from coverage.places.importing.import_clients import ClientPreview
from coverage.places.tables.faults import FIXES, UNTOLD, Fault, Mended, some
from coverage.places.tables.headers import Table

__all__ = ["marked_bytes", "mendable", "mending", "released", "template_bytes", "word_of", "written"]

_INERT = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_ROWS = 2_000
_WIDTH = 18
_WIDE = 60
_SHEET = "Data"
_HELP = "Petunjuk"
_LEAST_COLUMNS = 4


@cache
def template_bytes(kind: str, lang: Language) -> bytes:
    """Make the template of one kind of table.

    Returns
    -------
    bytes
        A workbook: sheet "Data" with the header, an example row, code columns formatted as text and choices to pick
        from; sheet "Petunjuk" with what each column means.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _INERT) as book:
        book.set_properties({"created": NO_DATE})
        sheet, guide = book.add_worksheet(_SHEET), book.add_worksheet(_HELP)
        bold = book.add_format({"bold": True, "bg_color": "#E7EEF2", "border": 1})
        text, plain = book.add_format({"num_format": "@"}), book.add_format({"text_wrap": True, "valign": "top"})
        fields = template(kind)
        for at, field in enumerate(fields):
            sheet.write_string(0, at, field.header, bold)
            sheet.set_column(at, at, _WIDTH, text if field.kind != "number" else None)
            if field.kind == "number":
                sheet.write_number(1, at, float(field.example))
            else:
                sheet.write_string(1, at, field.example, text)
            if field.choices:
                sheet.data_validation(1, at, _ROWS, at, {"validate": "list", "source": list(field.choices)})
        sheet.freeze_panes(1, 0)
        guide.set_column(0, 0, _WIDTH)
        guide.set_column(1, 1, _WIDE * 2, plain)
        guide.write_string(0, 0, say("imports.guide_title", lang), bold)
        guide.write_string(0, 1, say(f"imports.guide_{kind}", lang), plain)
        guide.write_string(1, 1, say("imports.guide_all", lang), plain)
        for at, field in enumerate(fields):
            guide.write_string(3 + at, 0, field.header, bold)
            guide.write_string(3 + at, 1, _meaning(field.kind, field.choices, lang), plain)
    return buffer.getvalue()


def _meaning(kind: str, choices: Sequence[str], lang: Language) -> str:
    if choices:
        return say("imports.guide_choice", lang, choices=", ".join(choices))
    return say(f"imports.guide_of_{kind}", lang)


def marked_bytes(found: Preview, lang: Language) -> bytes:
    """Give a file back with its faults marked, to be corrected and sent again.

    Returns
    -------
    bytes
        A workbook: the table as it was read, each faulty cell coloured and with a note, and a sheet that lists all
        faults. Where the table may tell of persons only the list is given, without values.
    """
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _INERT) as book:
        book.set_properties({"created": NO_DATE})
        bold = book.add_format({"bold": True, "bg_color": "#E7EEF2", "border": 1})
        if found.table is not None:
            _write_table(book, found.table, found.faults, lang)
        sheet = book.add_worksheet(say("imports.faults_sheet", lang))
        for at, name in enumerate(("row", "column", "value", "problem", "remedy")):
            sheet.write_string(0, at, say(f"imports.fault_{name}", lang), bold)
            sheet.set_column(at, at, _WIDE if at >= _LEAST_COLUMNS - 1 else _WIDTH)
        for row, fault in enumerate(found.faults, start=1):
            sheet.write_number(row, 0, fault.row)
            for at, told in enumerate((fault.column, fault.value, fault.problem.text(lang), fault.remedy.text(lang))):
                sheet.write_string(row, at + 1, told)
    return buffer.getvalue()


def _write_table(book: Any, table: Table, faults: Sequence[Fault], lang: Language) -> None:
    sheet = book.add_worksheet(_SHEET)
    text = book.add_format({"num_format": "@"})
    wrong = book.add_format({"num_format": "@", "bg_color": "#F9D9A0", "border": 1})
    column_of = {table.header(column): at for column, at in table.places.items()}
    marked: dict[tuple[int, int], list[str]] = {}
    for fault in faults:
        place = (fault.row, column_of.get(fault.column, 0))
        marked.setdefault(place, []).append(f"{fault.problem.text(lang)} {fault.remedy.text(lang)}")
    for row in table.sheet.rows:
        for at, cell in enumerate(row.cells):
            said = marked.get((row.number, at))
            if cell.text or said:
                sheet.write_string(row.number - 1, at, cell.text, wrong if said else text)
            if said:
                sheet.write_comment(row.number - 1, at, "\n".join(said), {"x_scale": 2})
    width = max((len(row.cells) for row in table.sheet.rows), default=1)
    sheet.set_column(0, width, _WIDTH, text)


def released(found: ClientPreview, lang: Language) -> list[str]:
    """Say at which levels clients were released, and how many."""
    sums = found.safe.groupby("level", sort=False)["clients"].agg(["size", "sum"])
    if sums.empty:
        return [say("clients.note_nothing", lang)]
    return [
        say(
            "imports.released",
            lang,
            level=say(f"imports.level_{level}", lang),
            areas=int(row["size"]),
            clients=int(row["sum"]),
            k=found.k,
        )
        for level, row in sums.iterrows()
    ]


def mendable(found: Preview) -> Mapping[str, tuple[Fault, ...]]:
    """Give the faults that can be mended at a press, by what mends them."""
    by_fix = {fix: tuple(fault for fault in found.faults if fault.fix == fix) for fix in FIXES}
    return {fix: faults for fix, faults in by_fix.items() if faults}


def mending(found: Preview, lang: Language, *, pressed: bool) -> list[str]:
    """Say what was mended as asked, in which rows, and what can be.

    Parameters
    ----------
    pressed
        Whether it is asked for by a button, not by a flag.
    """
    lines = []
    for fix in FIXES:
        done = [one for one in found.mended if one.fix == fix]
        if done:
            what = say(f"imports.fix_{word_of(fix)}", lang)
            lines.append(_said_of(_MENDED, done, lang, what=what))
    keys = _OFFER_PRESS if pressed else _OFFER
    for fix, faults in mendable(found).items():
        could = [Mended(fix, one.row, one.column, one.value, one.becomes) for one in faults]
        lines.append(_said_of(keys, could, lang, **({} if pressed else {"fix": fix})))
    return lines


_MENDED = ("imports.mended", "imports.mended_untold")
_OFFER = ("imports.offer", "imports.offer_untold")
_OFFER_PRESS = ("imports.offer_press", "imports.offer_press_untold")
"""Sentences that tell what becomes of cells, and those that do not where it may tell of persons."""


def word_of(fix: str) -> str:
    """Give the word by which the texts name what mends a fault."""
    return fix.partition("-")[0]


def _said_of(keys: tuple[str, str], cells: Sequence[Mended], lang: Language, **values: str) -> str:
    rows = some([str(row) for row in dict.fromkeys(cell.row for cell in cells)])
    if all(cell.became == UNTOLD for cell in cells):
        return Message.of(keys[1], rows=rows, **values).text(lang)
    changes = dict.fromkeys((cell.value, cell.became) for cell in cells)
    told = some([say("imports.becomes", lang, value=value, became=became) for value, became in changes])
    return Message.of(keys[0], rows=rows, changes=told, **values).text(lang)


def written(found: Preview, path: str, lang: Language) -> str:
    """Say what was written: rows, or of clients the safe table only."""
    if isinstance(found, ClientPreview):
        return say("imports.written_safe", lang, areas=len(found.safe), path=path)
    return say("imports.written", lang, rows=found.imported, path=path)
