"""A map sheet as a PNG for files that hold no drawing: painted larger, then reduced, so that edges are smooth."""

import io

from PIL import Image, ImageColor, ImageDraw, ImageFont

from coverage.faces.files.letters import BOLD, PLAIN, drawable, font_file
from coverage.faces.files.map_drawing import BOX_COLOR, BOX_OPACITY, BOX_PAD
from coverage.faces.files.map_sheet import Area, Line, MapSheet, Point, Words

__all__ = ["DPI", "map_png"]

DPI = 220
_POINTS_PER_INCH = 72
_FINER = 2
_COLOURS = 128


def map_png(sheet: MapSheet) -> bytes:
    """Paint a map sheet at :data:`DPI`; the same sheet gives the same bytes."""
    painter = _Painter(sheet)
    for item in sheet.items:
        painter.paint(item)
    small = painter.image.reduce(_FINER).quantize(_COLOURS, dither=Image.Dither.NONE)
    buffer = io.BytesIO()
    small.save(buffer, "PNG", optimize=True, dpi=(DPI, DPI))
    return buffer.getvalue()


class _Painter:
    """The picture being painted, and the way from paper to its pixels."""

    def __init__(self, sheet: MapSheet) -> None:
        self.scale = DPI * _FINER / _POINTS_PER_INCH
        self.height = sheet.height
        size = (_FINER * round(sheet.width * self.scale / _FINER), _FINER * round(sheet.height * self.scale / _FINER))
        self.image = Image.new("RGB", size, "white")
        self.draw = ImageDraw.Draw(self.image)

    def at(self, point: Point) -> Point:
        return point[0] * self.scale, (self.height - point[1]) * self.scale

    def paint(self, item: Area | Line | Words) -> None:
        if isinstance(item, Area):
            self._area(item)
        elif isinstance(item, Line):
            self._line(item.points, item.color, item.width)
        else:
            self._words(item)

    def _line(self, points: tuple[Point, ...], color: str, width: float) -> None:
        wide = max(1, round(width * self.scale))
        self.draw.line([self.at(point) for point in points], fill=color, width=wide, joint="curve")

    def _area(self, area: Area) -> None:
        if area.fill:
            if len(area.rings) == 1:
                self.draw.polygon([self.at(point) for point in area.rings[0]], fill=area.fill)
            else:
                self._with_holes(area)
        if area.stroke:
            for ring in area.rings:
                self._line((*ring, ring[0]), area.stroke, area.width)

    def _with_holes(self, area: Area) -> None:
        rings = [[self.at(point) for point in ring] for ring in area.rings]
        left, top = (int(min(values)) for values in zip(*rings[0], strict=True))
        right, low = (int(max(values)) + 1 for values in zip(*rings[0], strict=True))
        mask = Image.new("1", (right - left + 1, low - top + 1))
        for number, ring in enumerate(rings):
            ImageDraw.Draw(mask).polygon([(x - left, y - top) for x, y in ring], fill=0 if number else 1)
        self.image.paste(ImageColor.getrgb(area.fill), (left, top), mask)

    def _words(self, words: Words) -> None:
        text = drawable(words.text)
        font = ImageFont.truetype(
            str(font_file(BOLD if words.bold else PLAIN)),
            words.size * self.scale,
            layout_engine=ImageFont.Layout.BASIC,
        )
        wide = font.getlength(text) / self.scale
        left = words.x - {"start": 0.0, "middle": wide / 2, "end": wide}[words.anchor]
        if words.boxed:
            low = self.at((left - BOX_PAD, words.y - 0.22 * words.size))
            high = self.at((left + wide + BOX_PAD, words.y + 0.88 * words.size))
            box = (round(low[0]), round(high[1]), round(high[0]), round(low[1]))
            under = self.image.crop(box)
            self.image.paste(Image.blend(under, Image.new("RGB", under.size, BOX_COLOR), BOX_OPACITY), box)
        self.draw.text(self.at((left, words.y)), text, fill=words.color, font=font, anchor="ls")
