"""A report as PDF on A4: head of the letter, sections, tables that fit the page, page x of y."""

import io
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    CondPageBreak,
    Flowable,
    HRFlowable,
    KeepTogether,
    ListFlowable,
    ListItem,
    SimpleDocTemplate,
    Spacer,
    TableStyle,
)
from reportlab.platypus import Paragraph as Text
from reportlab.platypus import Table as Grid

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
from coverage.faces.files.letters import BOLD, PLAIN, drawable, register
from coverage.faces.files.map_drawing import map_drawing
from coverage.faces.files.sources import ReportSource
from coverage.ground.texts import Language

__all__ = ["document_pdf", "report_pdf"]

_MARGIN, _TOP, _FOOT = 20 * mm, 22 * mm, 18 * mm
_WIDTH = A4[0] - 2 * _MARGIN
_FRAME = 6.0
"""Room that ReportLab leaves inside the edge of a page's text."""

_LINE, _HEAD = colors.HexColor("#8a9aa3"), colors.HexColor("#e7eef2")
_ROOM = 40 * mm
"""A section whose heading stands lower than this begins on the next page."""

_TEXT = ParagraphStyle("text", fontName=PLAIN, fontSize=9, leading=13, spaceAfter=3)
_STRONG = ParagraphStyle("strong", parent=_TEXT, fontName=BOLD, spaceBefore=5, keepWithNext=1)
_SMALL = ParagraphStyle("small", parent=_TEXT, fontSize=7.2, leading=9.8, spaceAfter=2)
_CELL = ParagraphStyle("cell", fontName=PLAIN, fontSize=7, leading=9)
_NUMBER = ParagraphStyle("number", parent=_CELL, alignment=TA_RIGHT)
_BOLD_CELL = ParagraphStyle("bold-cell", parent=_CELL, fontName=BOLD)
_BOLD_NUMBER = ParagraphStyle("bold-number", parent=_NUMBER, fontName=BOLD)
_SECTION = ParagraphStyle(
    "section", fontName=BOLD, fontSize=11, leading=15, spaceBefore=9, spaceAfter=3, keepWithNext=1
)
_OFFICE = ParagraphStyle("office", fontName=BOLD, fontSize=12, leading=16, alignment=TA_CENTER)
_TITLE = ParagraphStyle("title", fontName=BOLD, fontSize=14, leading=19, alignment=TA_CENTER, spaceBefore=4)
_REGION = ParagraphStyle("region", parent=_TITLE, fontSize=11, leading=15, spaceBefore=0, spaceAfter=6)
_TYPED = ParagraphStyle(
    "typed",
    parent=_SMALL,
    fontName="Courier",
    fontSize=7.5,
    backColor=_HEAD,
    borderPadding=4,
    leftIndent=4,
    rightIndent=4,
)
_DOTS = "." * 40


def report_pdf(report: ReportSource, _: Language) -> bytes:
    """Write a report, whose words are already in a language."""
    return document_pdf(report.document())


def document_pdf(document: Document) -> bytes:
    """Write a report; the same report gives the same bytes."""
    register()
    story: list[Flowable] = [*_letterhead(document)]
    last = len(story)
    for block in document.blocks:
        if isinstance(block, Paragraph) and block.strong:
            last = len(story)
        story += _laid(block)
    # Nobody signs a page that holds nothing else.
    story[last:] = [KeepTogether(story[last:])]
    buffer = io.BytesIO()
    template = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=_MARGIN - _FRAME,
        rightMargin=_MARGIN - _FRAME,
        topMargin=_TOP,
        bottomMargin=_FOOT,
        title=f"{drawable(document.title)}, {drawable(document.region)}",
        author=drawable(document.office) or "Jangkau",
        lang=document.lang,
        invariant=1,
    )
    template.build(story, canvasmaker=_paged(document))
    return buffer.getvalue()


def _paged(document: Document) -> type[Canvas]:
    """Give a canvas that puts off its pages until it knows how many there are."""

    class Paged(Canvas):  # type: ignore[misc]
        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            self._pages: list[dict[str, Any]] = []

        def showPage(self) -> None:  # noqa: N802 - ReportLab's name
            self._pages.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for number, page in enumerate(self._pages, 1):
                self.__dict__.update(page)
                _margins(self, document, number, len(self._pages))
                super().showPage()
            super().save()

    return Paged


def _margins(canvas: Canvas, document: Document, number: int, pages: int) -> None:
    canvas.setFont(PLAIN, 7)
    canvas.setFillColor(colors.HexColor("#444444"))
    if number > 1:
        canvas.drawString(_MARGIN, A4[1] - 13 * mm, drawable(document.running))
    canvas.drawString(_MARGIN, 10 * mm, drawable(document.office or document.title))
    canvas.drawRightString(A4[0] - _MARGIN, 10 * mm, drawable(document.page.format(page=number, pages=pages)))


def _text(text: str) -> str:
    return escape(drawable(text))


def _letterhead(document: Document) -> list[Flowable]:
    office = [Text(_text(document.office), _OFFICE)] if document.office else []
    fields = [[Text(_text(name), _TEXT), Text(f": {_text(value) or _DOTS}", _TEXT)] for name, value in document.fields]
    table = Grid(fields, colWidths=[28 * mm, _WIDTH - 28 * mm], hAlign="LEFT")
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), *_padding(1, 0)]))
    return [
        *office,
        HRFlowable(width="100%", thickness=1.2, color=colors.black, spaceBefore=2, spaceAfter=6),
        Text(_text(document.title), _TITLE),
        Text(_text(document.region), _REGION),
        table,
    ]


def _padding(high: float, wide: float) -> list[tuple[object, ...]]:
    sides = {"TOP": high, "BOTTOM": high, "LEFT": wide, "RIGHT": wide}
    return [(f"{side}PADDING", (0, 0), (-1, -1), room) for side, room in sides.items()]


def _laid(block: Block) -> list[Flowable]:
    match block:
        case Heading():
            laid = [CondPageBreak(_ROOM), Text(_text(block.text), _SECTION)]
        case Paragraph():
            style = _STRONG if block.strong else _SMALL if block.small else _TEXT
            laid = [Text(_text(block.text), style)]
        case Bullets():
            laid = [_bullets(block)] if block.lines else []
        case Table():
            laid = [_table(block), Spacer(0, 2 * mm)]
        case Picture():
            laid = [map_drawing(block.sheet), Spacer(0, 1.5 * mm)]
        case Command():
            laid = [Spacer(0, 1.5 * mm), Text(escape(block.text), _TYPED), Spacer(0, 2.5 * mm)]
        case Signatures():
            laid = [_signed(block)]
    return laid


def _bullets(block: Bullets) -> ListFlowable:
    style = _SMALL if block.small else _TEXT
    items = [ListItem(Text(_text(line), style), leftIndent=10) for line in block.lines]
    return ListFlowable(items, bulletType="bullet", start="•", bulletFontName=PLAIN, bulletFontSize=7, leftIndent=10)


def _table(table: Table) -> Grid:
    rows = [_row(table.labels, table.right, bold=True)]
    rows += [_row(row, table.right, bold=False) for row in table.rows]
    rows += [_row(table.total, table.right, bold=True)] if table.total else []
    grid = Grid(rows, colWidths=[share * _WIDTH for share in shares(table)], repeatRows=1)
    looks: list[tuple[object, ...]] = [
        ("GRID", (0, 0), (-1, -1), 0.4, _LINE),
        ("BACKGROUND", (0, 0), (-1, 0), _HEAD),
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        *_padding(1.6, 2.6),
    ]
    if table.total:
        looks.append(("BACKGROUND", (0, -1), (-1, -1), _HEAD))
    grid.setStyle(TableStyle(looks))
    return grid


def _row(cells: tuple[str, ...], right: tuple[bool, ...], *, bold: bool) -> list[Text]:
    styles = (_BOLD_CELL, _BOLD_NUMBER) if bold else (_CELL, _NUMBER)
    return [Text(_text(cell), styles[flush]) for cell, flush in zip(cells, right, strict=True)]


def _signed(block: Signatures) -> Grid:
    top = [Text("<br/>".join(map(_text, (block.place, *who))), _TEXT) for who in block.who]
    bottom = [Text(_text(block.name), _TEXT) for _ in block.who]
    widths = [_WIDTH / len(top)] * len(top)
    table = Grid([top, bottom], colWidths=widths, rowHeights=[34 * mm, 10 * mm])
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP")]))
    table.spaceBefore = 8 * mm
    return table
