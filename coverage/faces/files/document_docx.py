"""A report as DOCX on A4, to be edited: the same words, tables and map as the PDF."""

import datetime as dt
import io
import zipfile
from typing import Any

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from coverage.faces.files.document import (
    Block,
    Bullets,
    Command,
    Document,
    Heading,
    Paragraph,
    Picture,
    Signatures,
    Table,
    shares,
)
from coverage.faces.files.letters import one_line
from coverage.faces.files.map_picture import map_png
from coverage.faces.files.sources import ReportSource
from coverage.ground.texts import Language

__all__ = ["document_docx", "report_docx"]

_FONT, _MONO = "Arial", "Courier New"
_WIDTH_MM, _MARGIN_MM = 170, 20
_HEAD = "E7EEF2"
_LOCALE: dict[Language, str] = {"id": "id-ID", "en": "en-GB"}
_TEXT_PT, _SMALL_PT, _CELL_PT = 10, 8, 8
_DOTS = "." * 40
_AFTER_BORDER = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def report_docx(report: ReportSource, _: Language) -> bytes:
    """Write a report, whose words are already in a language."""
    return document_docx(report.document())


def document_docx(document: Document) -> bytes:
    """Write a report; the same report gives the same bytes."""
    file = docx.Document()
    _set_up(file, document)
    _letterhead(file, document)
    for block in document.blocks:
        _write(file, block)
    buffer = io.BytesIO()
    file.save(buffer)
    return _without_times(buffer.getvalue())


def _without_times(content: bytes) -> bytes:
    """Pack a file again without the time of writing."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _NO_TIME), old.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _set_up(file: Any, document: Document) -> None:
    page = file.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Mm(_MARGIN_MM)
    page.different_first_page_header_footer = True
    _line(page.header.paragraphs[0], document.running, _SMALL_PT)
    for foot in (page.footer, page.first_page_footer):
        # The template's footer has its right edge at the second stop.
        _line(foot.paragraphs[0], document.office or document.title, _SMALL_PT).add_run("\t\t")
        _page_number(foot.paragraphs[0], document.page)
    normal = file.styles["Normal"]
    normal.font.name, normal.font.size = _FONT, Pt(_TEXT_PT)
    normal.paragraph_format.space_after = Pt(4)
    normal.element.rPr.append(_element("w:lang", val=_LOCALE[document.lang]))
    for name in ("Heading 1", "Title"):
        style = file.styles[name]
        style.font.name, style.font.color.rgb, style.font.bold = _FONT, RGBColor(0, 0, 0), True
        # The template's own letters for headings would win over the name.
        style.element.rPr.rFonts.attrib.pop(qn("w:asciiTheme"), None)
        style.element.rPr.rFonts.attrib.pop(qn("w:hAnsiTheme"), None)
    file.styles["Heading 1"].font.size = Pt(13)
    told = file.core_properties
    told.title = f"{one_line(document.title)}, {one_line(document.region)}"
    told.author = one_line(document.office) or "Jangkau"
    told.comments, told.language, told.last_modified_by = "", _LOCALE[document.lang], ""
    told.created = told.modified = dt.datetime.combine(document.day, dt.time())


def _element(name: str, **values: str) -> Any:
    element = OxmlElement(name)
    for key, value in values.items():
        element.set(qn(f"w:{key}"), value)
    return element


def _line(paragraph: Any, text: str, size: int, *, bold: bool = False, font: str = "") -> Any:
    run = paragraph.add_run(one_line(text))
    run.font.size, run.bold = Pt(size), bold
    if font:
        run.font.name = font
    return paragraph


def _page_number(paragraph: Any, pattern: str) -> None:
    """Write the page's number and how many there are as fields, which Word counts itself."""
    fields = {"page": "PAGE", "pages": "NUMPAGES"}
    for number, piece in enumerate(pattern.replace("}", "{").split("{")):
        run = paragraph.add_run("" if number % 2 else piece)
        run.font.size = Pt(_SMALL_PT)
        if number % 2:
            for kind in ("begin", "", "end"):
                if kind:
                    run._r.append(_element("w:fldChar", fldCharType=kind))  # noqa: SLF001 - python-docx knows no fields
                    continue
                told = OxmlElement("w:instrText")
                told.text = fields[piece]
                run._r.append(told)  # noqa: SLF001 - nor their instructions


def _letterhead(file: Any, document: Document) -> None:
    if document.office:
        _line(file.add_paragraph(), document.office, 13, bold=True).alignment = WD_ALIGN_PARAGRAPH.CENTER
    rule = file.paragraphs[-1] if document.office else file.add_paragraph()
    border = OxmlElement("w:pBdr")
    border.append(_element("w:bottom", val="single", sz="12", space="4", color="000000"))
    # Word refuses properties of a paragraph that stand in another order.
    rule._p.get_or_add_pPr().insert_element_before(border, *_AFTER_BORDER)  # noqa: SLF001 - python-docx knows no borders
    for text, size in ((document.title, 15), (document.region, 12)):
        _line(file.add_paragraph(), text, size, bold=True).alignment = WD_ALIGN_PARAGRAPH.CENTER
    table = file.add_table(rows=0, cols=2)
    for name, value in document.fields:
        cells = table.add_row().cells
        for cell, text in zip(cells, (name, f": {one_line(value) or _DOTS}"), strict=True):
            _line(cell.paragraphs[0], text, _TEXT_PT)
    _widths(table, [28 / _WIDTH_MM, 1 - 28 / _WIDTH_MM])


def _write(file: Any, block: Block) -> None:
    if isinstance(block, Heading):
        file.add_heading(one_line(block.text), 1)
    elif isinstance(block, Paragraph):
        size = _SMALL_PT if block.small else _TEXT_PT
        paragraph = _line(file.add_paragraph(), block.text, size, bold=block.strong)
        paragraph.paragraph_format.keep_with_next = block.strong
    elif isinstance(block, Bullets):
        for line in block.lines:
            _line(file.add_paragraph(style="List Bullet"), line, _SMALL_PT if block.small else _TEXT_PT)
    elif isinstance(block, Table):
        _table(file, block)
    elif isinstance(block, Picture):
        picture = file.add_paragraph().add_run().add_picture(io.BytesIO(map_png(block.sheet)), width=Mm(_WIDTH_MM))
        picture._inline.docPr.set("descr", one_line(block.sheet.told))  # noqa: SLF001 - no other way to say it
    elif isinstance(block, Command):
        _line(file.add_paragraph(), block.text, _SMALL_PT, font=_MONO)
    else:
        _signed(file, block)


def _table(file: Any, block: Table) -> None:
    table = file.add_table(rows=0, cols=len(block.labels), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    head = _row(table, block.labels, block.right, bold=True)
    head._tr.get_or_add_trPr().append(_element("w:tblHeader", val="true"))  # noqa: SLF001 - repeated on each page
    for cells in block.rows:
        _row(table, cells, block.right, bold=False)
    if block.total:
        _row(table, block.total, block.right, bold=True)
    _widths(table, shares(block))
    file.add_paragraph().paragraph_format.space_after = Pt(0)


def _row(table: Any, texts: tuple[str, ...], right: tuple[bool, ...], *, bold: bool) -> Any:
    row = table.add_row()
    row._tr.get_or_add_trPr().append(_element("w:cantSplit", val="true"))  # noqa: SLF001 - a row stays on one page
    for cell, text, flush in zip(row.cells, texts, right, strict=True):
        paragraph = _line(cell.paragraphs[0], text, _CELL_PT, bold=bold)
        paragraph.paragraph_format.space_after = Pt(1)
        if flush:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        if bold:
            shade = _element("w:shd", val="clear", color="auto", fill=_HEAD)
            cell._tc.get_or_add_tcPr().append(shade)  # noqa: SLF001 - python-docx knows no shades
    return row


def _widths(table: Any, parts: list[float]) -> None:
    """Give the columns their widths; LibreOffice reads those of the columns, Word those of the cells."""
    table.autofit = False
    for place, part in enumerate(parts):
        table.columns[place].width = Mm(_WIDTH_MM * part)
    for row in table.rows:
        for cell, part in zip(row.cells, parts, strict=True):
            cell.width = Mm(_WIDTH_MM * part)


def _signed(file: Any, block: Signatures) -> None:
    file.add_paragraph()
    table = file.add_table(rows=2, cols=len(block.who))
    for place, who in enumerate(block.who):
        top, bottom = table.cell(0, place), table.cell(1, place)
        for number, text in enumerate((block.place, *who)):
            _line(top.paragraphs[0] if number == 0 else top.add_paragraph(), text, _TEXT_PT)
        _line(bottom.paragraphs[0], block.name, _TEXT_PT)
    table.rows[0].height = Mm(32)
    for row in table.rows:
        row._tr.get_or_add_trPr().append(_element("w:cantSplit", val="true"))  # noqa: SLF001 - signatures stay together
