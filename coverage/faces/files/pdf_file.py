"""PDF on A4: a map drawn from own geometry, the itinerary day by day, and where to sign."""

import io
from xml.sax.saxutils import escape

from reportlab.graphics.shapes import Circle, Drawing, Group, Polygon, PolyLine, Rect, String
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from coverage.faces.files.itinerary import Call, DaySheet, Itinerary, day_sum, late_mark
from coverage.faces.files.kml_file import DAY_COLOURS
from coverage.faces.files.letters import BOLD, PLAIN, drawable, register
from coverage.faces.files.map_frame import MAP_MM, Frame, fit
from coverage.faces.files.sources import PlanSource, Rings
from coverage.ground.quantities import format_date, format_duration, format_km
from coverage.ground.texts import Language, say

__all__ = ["pdf_bytes", "plan_pdf"]

_MARGIN = 15 * mm
_WIDTH, _MAP_HEIGHT = (side * mm for side in MAP_MM)
_SEA, _LAND, _BORDER = colors.HexColor("#DCE9EF"), colors.HexColor("#F7F4EC"), colors.HexColor("#C3BBA8")
_GREY = colors.HexColor("#808080")
_HEAD = colors.HexColor("#E7EEF2")
_COLUMNS = [w * mm for w in (8, 41, 37, 14, 15, 20, 16, 9, 20)]
_TITLE = ParagraphStyle("title", fontName=BOLD, fontSize=14, leading=18)
_LINE = ParagraphStyle("line", fontName=PLAIN, fontSize=8.5, leading=12)
_CELL = ParagraphStyle("cell", fontName=PLAIN, fontSize=7, leading=9)
_BOLD = ParagraphStyle("bold", parent=_CELL, fontName=BOLD)
_DAY = ParagraphStyle("day", fontName=BOLD, fontSize=10, leading=13, spaceBefore=8, spaceAfter=3)


def plan_pdf(plan: PlanSource, lang: Language) -> bytes:
    """Write a plan for the office."""
    return pdf_bytes(plan.itinerary, plan.ground(), lang)


def pdf_bytes(itinerary: Itinerary, rings: Rings, lang: Language = "id") -> bytes:
    """Write an itinerary for the office: map, days, signatures.

    Parameters
    ----------
    itinerary
        The campaign.
    rings
        Outlines of land and areas drawn under the routes (lon, lat, degrees), the first lowest.
    lang
        Language of the words this module adds.

    Returns
    -------
    bytes
        The file; the same itinerary gives the same bytes.
    """
    register()
    story = [Paragraph(_text(itinerary.title), _TITLE)]
    story += [Paragraph(_text(line), _LINE) for line in itinerary.lines]
    story += [Spacer(0, 3 * mm), _map(itinerary, rings), Spacer(0, 1 * mm), _legend(itinerary, lang)]
    for number, sheet in enumerate(itinerary.days):
        story.append(_day(sheet, number, itinerary.zone_name, lang))
    story += [Spacer(0, 4 * mm), *(Paragraph(_text(note), _CELL) for note in itinerary.notes)]
    if itinerary.signatures:
        story.append(_signatures(itinerary, lang))
    buffer = io.BytesIO()
    page = SimpleDocTemplate(
        buffer,
        pagesize=A4,
        leftMargin=_MARGIN,
        rightMargin=_MARGIN,
        topMargin=_MARGIN,
        bottomMargin=_MARGIN,
        title=itinerary.title,
        author="Jangkau",
        invariant=1,
    )

    def foot(canvas: object, _: object) -> None:
        canvas.setFont(PLAIN, 7)  # type: ignore[attr-defined]
        number = say("plan.page", lang, page=canvas.getPageNumber())  # type: ignore[attr-defined]
        canvas.drawRightString(A4[0] - _MARGIN, 8 * mm, number)  # type: ignore[attr-defined]

    page.build(story, onFirstPage=foot, onLaterPages=foot)
    return buffer.getvalue()


def _text(text: str) -> str:
    return escape(drawable(text))


def _colour(number: int) -> colors.Color:
    return colors.HexColor(DAY_COLOURS[number % len(DAY_COLOURS)])


def _map(itinerary: Itinerary, rings: Rings) -> Drawing:
    spots = [itinerary.base, *(spot for sheet in itinerary.days for spot in sheet.way)]
    frame = fit([(spot.lon, spot.lat) for spot in spots], _WIDTH, _MAP_HEIGHT)
    drawing = Drawing(_WIDTH, _MAP_HEIGHT)
    drawing.add(Rect(0, 0, _WIDTH, _MAP_HEIGHT, fillColor=_SEA, strokeColor=_GREY, strokeWidth=0.5))
    for ring in rings:
        flat = [value for point in ring for value in frame.inside(point)]
        drawing.add(Polygon(flat, fillColor=_LAND, strokeColor=_BORDER, strokeWidth=0.3))
    for number, sheet in enumerate(itinerary.days):
        flat = [value for lon, lat in sheet.line for value in frame.at(lon, lat)]
        drawing.add(PolyLine(flat, strokeColor=_colour(number), strokeWidth=1.2))
    marks = Group()
    for number, sheet in enumerate(itinerary.days):
        for call in sheet.calls:
            _mark(marks, frame, call, number)
    drawing.add(marks)
    x, y = frame.at(itinerary.base.lon, itinerary.base.lat)
    drawing.add(Rect(x - 3.5, y - 3.5, 7, 7, fillColor=colors.black, strokeColor=colors.white))
    _scale(drawing, frame)
    return drawing


def _mark(marks: Group, frame: Frame, call: Call, day: int) -> None:
    x, y = frame.at(call.spot.lon, call.spot.lat)
    marks.add(Circle(x, y, 5, fillColor=_colour(day), strokeColor=colors.white, strokeWidth=0.6))
    label = f"{day + 1}.{call.number}"
    marks.add(String(x, y - 1.8, label, fontName=BOLD, fontSize=4.6, fillColor=colors.white, textAnchor="middle"))


def _scale(drawing: Drawing, frame: Frame) -> None:
    km = frame.round_km(_WIDTH / 5)
    long = km * frame.per_km
    drawing.add(Rect(6, 6, long, 2, fillColor=colors.black, strokeColor=None))
    drawing.add(String(8 + long, 5, f"{km:g} km", fontName=PLAIN, fontSize=7))


def _legend(itinerary: Itinerary, lang: Language) -> Paragraph:
    parts = [say("plan.map_base", lang, base=_text(itinerary.base.name))]
    for number, sheet in enumerate(itinerary.days):
        day = say("plan.message_day", lang, day=format_date(sheet.date, lang), team=sheet.team)
        parts.append(f'<font color="{DAY_COLOURS[number % len(DAY_COLOURS)]}"><b>{number + 1}</b></font> {_text(day)}')
    return Paragraph(" &nbsp; ".join(parts), _CELL)


def _day(sheet: DaySheet, number: int, zone: str, lang: Language) -> KeepTogether:
    day = format_date(sheet.date, lang, weekday=True)
    head = f"{number + 1}. {say('plan.message_day', lang, day=day, team=sheet.team)}"
    words = ("number", "call", "district", "begin", "departure", "drive", "distance", "ferry", "done")
    rows: list[list[object]] = [[Paragraph(_text(say(f"plan.pdf_{word}", lang)), _BOLD) for word in words]]
    for call in sheet.calls:
        cells = [
            f"{number + 1}.{call.number}",
            f"{call.spot.name} ({call.kode})",
            f"{call.district}, {call.regency}",
            f"{call.begin:%H.%M}",
            f"{call.departure:%H.%M}",
            format_duration(call.drive_min, lang),
            format_km(call.km, lang),
            str(call.ferry_legs or "-"),
            "",
        ]
        rows.append([Paragraph(_text(cell), _CELL) for cell in cells])
    table = Table(rows, colWidths=_COLUMNS, repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.4, _GREY),
                ("BACKGROUND", (0, 0), (-1, 0), _HEAD),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 2.5),
                ("RIGHTPADDING", (0, 0), (-1, -1), 2.5),
            ]
        )
    )
    total = day_sum(sheet, zone, lang)
    late = [Paragraph(_text(mark), _BOLD)] if (mark := late_mark(sheet, lang)) else []
    return KeepTogether([Paragraph(_text(head), _DAY), *late, table, Paragraph(_text(total), _CELL)])


def _signatures(itinerary: Itinerary, lang: Language) -> KeepTogether:
    place, line = (_text(say(f"reports.{key}", lang)) for key in ("sign_place", "sign_name"))
    top = [Paragraph(f"{place}<br/>{_text(who)}", _LINE) for who in itinerary.signatures]
    bottom = [Paragraph(line, _LINE) for _ in itinerary.signatures]
    table = Table([top, bottom], colWidths=[_WIDTH / len(top)] * len(top), rowHeights=[28 * mm, 12 * mm])
    table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP")]))
    return KeepTogether([Spacer(0, 8 * mm), table])
