"""The map of a report shows each village in its class, says what it stands on, and paints the same every time."""

import io
import re
from collections import Counter

import pytest
import shapely
from PIL import Image

from coverage.answers.gaps import gaps
from coverage.answers.study import open_study
from coverage.faces.files.document import Table, shares
from coverage.faces.files.letters import drawable
from coverage.faces.files.map_drawing import map_drawing
from coverage.faces.files.map_picture import DPI, map_png
from coverage.faces.files.map_sheet import Area, Line, Words
from coverage.faces.maps.map_legend import tier_caption, travel_class, travel_legend
from coverage.faces.report.region_sheet import SHEET, Spot, region_sheet


@pytest.fixture(scope="module")
def report():
    return gaps(open_study("74.71"), 20)


@pytest.fixture(scope="module")
def sheet(report):
    return region_sheet(report, "id", sites=[Spot(-3.99, 122.52, 1)], stops=[Spot(-4.02, 122.55, 1)])


def polygons(sheet, fill):
    found = [one for one in sheet.items if isinstance(one, Area) and one.fill == fill]
    return shapely.union_all([shapely.Polygon(one.rings[0], one.rings[1:]).buffer(0) for one in found])


def test_every_class_of_the_region_is_painted_and_counted(report, sheet):
    counted = Counter(travel_class(minutes) for minutes in report.villages["travel_min"])
    words = [one.text for one in sheet.items if isinstance(one, Words)]
    for entry in travel_legend("id"):
        assert words[words.index(entry.label) + 1] == str(counted[entry.key])
        if entry.pattern == "plain" and counted[entry.key]:
            # More than its square in the legend.
            assert polygons(sheet, entry.color).area > 200
    assert sum(counted.values()) == len(report.villages)


def test_what_is_not_connected_is_hatched(report, sheet):
    assert (report.villages["state"] == "not_connected").any()
    color = next(one.color for one in travel_legend("id") if one.key == "not_connected")
    lines = [one for one in sheet.items if isinstance(one, Line) and one.color == color]
    inside = polygons(sheet, "#e3e3e3").buffer(0.2)
    assert len(lines) > 10
    assert all(inside.covers(shapely.LineString(one.points)) for one in lines)


def test_tier_scale_and_north_stand_on_the_map(report, sheet):
    words = [one.text for one in sheet.items if isinstance(one, Words)]
    assert tier_caption(report.study.boundary_tier, report.study.travel_tier, "id") in words
    assert "U" in words
    assert any(re.fullmatch(r"\d+ km", one) for one in words)


def test_nothing_is_painted_outside_the_paper(sheet):
    points = [at for one in sheet.items if isinstance(one, Area) for ring in one.rings for at in ring]
    points += [at for one in sheet.items if isinstance(one, Line) for at in one.points]
    assert all(-1 <= x <= SHEET[0] + 1 and -1 <= y <= SHEET[1] + 1 for x, y in points)


def test_the_picture_is_sharp_small_and_the_same_again(sheet):
    png = map_png(sheet)
    assert png == map_png(sheet)
    assert len(png) < 300_000
    width, _ = Image.open(io.BytesIO(png)).size
    assert width == pytest.approx(SHEET[0] / 72 * DPI, abs=2)


def test_drawing_and_picture_have_the_same_colours(sheet):
    picture = Image.open(io.BytesIO(map_png(sheet))).convert("RGB")
    painted = {color for _, color in picture.getcolors(picture.width * picture.height)}
    drawn = {shape.fillColor.bitmap_rgb() for shape in map_drawing(sheet).contents if getattr(shape, "fillColor", None)}
    assert {tuple(color) for color in drawn} - {(255, 255, 255)} <= {
        color for one in painted for color in near(one, drawn)
    }


def near(color, known):
    return [tuple(one) for one in known if max(abs(a - b) for a, b in zip(color, one, strict=True)) <= 8]


def test_letters_that_the_font_lacks_become_plain_ones():
    assert drawable("Éric Šibā\x07 ≤ 30 – “Wua-Wua”") == "Éric Šiba ≤ 30 – “Wua-Wua”"


def test_columns_share_the_whole_page():
    table = Table(("No.", "Nama", "Alasan"), (("1", "Wua-Wua", "2 mnt dari basis. " * 9),), (True, False, False))
    parts = shares(table)
    assert sum(parts) == pytest.approx(1)
    assert parts[2] > parts[1] > parts[0]
