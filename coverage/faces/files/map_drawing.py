"""A map sheet as a ReportLab drawing: vectors, sharp at any size, its words still text."""

from reportlab.graphics.shapes import FILL_EVEN_ODD, Drawing, Path, PolyLine, Rect, String
from reportlab.lib.colors import HexColor
from reportlab.pdfbase import pdfmetrics

from coverage.faces.files.letters import BOLD, PLAIN, drawable, register
from coverage.faces.files.map_sheet import Area, Line, MapSheet, Words

__all__ = ["BOX_COLOR", "BOX_OPACITY", "BOX_PAD", "map_drawing"]

BOX_COLOR, BOX_OPACITY, BOX_PAD = "#ffffff", 0.8, 1.2


def map_drawing(sheet: MapSheet) -> Drawing:
    """Draw a map sheet."""
    register()
    drawing = Drawing(sheet.width, sheet.height)
    for item in sheet.items:
        if isinstance(item, Area):
            drawing.add(_area(item))
        elif isinstance(item, Line):
            flat = [value for point in item.points for value in point]
            drawing.add(PolyLine(flat, strokeColor=HexColor(item.color), strokeWidth=item.width))
        else:
            _words(drawing, item)
    return drawing


def _area(area: Area) -> Path:
    path = Path(
        fillColor=HexColor(area.fill) if area.fill else None,
        strokeColor=HexColor(area.stroke) if area.stroke else None,
        strokeWidth=area.width,
        strokeLineJoin=1,
    )
    path.fillMode = FILL_EVEN_ODD
    for ring in area.rings:
        path.moveTo(*ring[0])
        for point in ring[1:]:
            path.lineTo(*point)
        path.closePath()
    return path


def _words(drawing: Drawing, words: Words) -> None:
    text, font = drawable(words.text), BOLD if words.bold else PLAIN
    wide = pdfmetrics.stringWidth(text, font, words.size)
    left = words.x - {"start": 0.0, "middle": wide / 2, "end": wide}[words.anchor]
    if words.boxed:
        box = {"fillColor": HexColor(BOX_COLOR), "fillOpacity": BOX_OPACITY, "strokeColor": None}
        low, high = words.y - 0.22 * words.size, 1.1 * words.size
        drawing.add(Rect(left - BOX_PAD, low, wide + 2 * BOX_PAD, high, rx=1, ry=1, **box))
    drawing.add(String(left, words.y, text, fontName=font, fontSize=words.size, fillColor=HexColor(words.color)))
