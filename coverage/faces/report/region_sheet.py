"""The map of a report: villages by the fixed classes of travel time, units, proposals, and how to read them."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from coverage.answers.gaps import GapReport
from coverage.answers.study import Study, cells
from coverage.faces.files.map_frame import Frame, fit
from coverage.faces.files.map_sheet import Area, Item, Line, MapSheet, Point, Words
from coverage.faces.maps.map_geometry import Geometries, simplified, union_of
from coverage.faces.maps.map_legend import LegendEntry, tier_caption, travel_class, travel_legend
from coverage.faces.report.map_key import areas, class_areas, map_key, rectangle, ring, site_mark, stop_mark, unit_mark
from coverage.ground import codes
from coverage.ground.geometry import FloatArray
from coverage.ground.quantities import Language, format_number
from coverage.ground.registry import data_file
from coverage.ground.texts import say

__all__ = ["SHEET", "Spot", "region_sheet"]

SHEET = (482.0, 350.0)
"""Width and height in points: as wide as the text of an A4 page with margins of 2 cm."""

_LEGEND = 138.0
_MARGIN = 1.06
_SEA, _LAND, _BORDER, _INK = "#dce9ef", "#f7f4ec", "#9a917d", "#000000"
_VILLAGE, _GREY = "#ffffff", "#808080"
UNVERIFIED = "belum diverifikasi"
_TOLERANCE = 0.7
_MANY = 600
_TEXT, _NAME = 7.0, 5.6
_LETTER = 0.62
_NEAR = 4.5
_ASIDE = (0.0, -10.0, 9.0, -16.0, 15.0)


@dataclass(frozen=True)
class Spot:
    """A numbered place on the map; degrees."""

    lat: float
    lon: float
    number: int


def region_sheet(
    report: GapReport, lang: Language, *, sites: Sequence[Spot] = (), stops: Sequence[Spot] = ()
) -> MapSheet:
    """Draw the travel times of a region.

    Parameters
    ----------
    sites
        Proposed IBM units.
    stops
        Where the Pokling goes next.
    """
    study = report.study
    shapes = cells(study).geometry.reindex(report.villages.index)
    west, south, east, north = shapes.total_bounds
    width, height = SHEET[0] - _LEGEND, SHEET[1]
    frame = fit([(west, south), (east, north)], width, height, margin=_MARGIN)
    simple = simplified(_on_paper(np.asarray(shapes.array, dtype=object), frame), _TOLERANCE)
    classes = _classes(report)
    legend = _legend(report, lang)
    items: list[Item] = [Area((rectangle(0, 0, width, height),), _SEA)]
    for piece in _land(frame, width, height):
        items += areas(piece, _LAND, _BORDER, 0.3)
    for entry in legend:
        items += class_areas(union_of(simple[[one == entry.key for one in classes]]), entry)
    units = _units(study, frame)
    marks = [*(at for at, _ in units), *(frame.at(one.lon, one.lat) for one in (*sites, *stops))]
    items += [*_borders(study, simple), *_names(study, simple, frame, marks)]
    items += [*_spots(sites, frame, site_mark), *_spots(stops, frame, stop_mark)]
    items += [item for at, verified in units for item in unit_mark(*at, verified=verified)]
    items += _frame(frame, tier_caption(study.boundary_tier, study.travel_tier, lang), lang)
    counted = Counter(classes)
    symbols = {
        "unit": any(verified for _, verified in units),
        "unit_unverified": any(not verified for _, verified in units),
        "site": bool(sites),
        "stop": bool(stops),
    }
    corner = (SHEET[0] - _LEGEND + 12, SHEET[1] - 10)
    items += map_key(legend, counted, corner, SHEET[0] - 2, [one for one, used in symbols.items() if used], lang)
    told = "; ".join(f"{one.label} {format_number(counted[one.key], lang)}" for one in legend if counted[one.key])
    return MapSheet(*SHEET, tuple(items), say("report.map_told", lang, region=study.region.name, classes=told))


def _classes(report: GapReport) -> list[str]:
    if report.study.units.empty:
        return ["no_units"] * len(report.villages)
    return [travel_class(minutes) for minutes in report.villages["travel_min"]]


def _legend(report: GapReport, lang: Language) -> tuple[LegendEntry, ...]:
    if report.study.units.empty:
        return (LegendEntry("no_units", say("dashboard.map_no_units", lang), "#f4f1e6"),)
    return travel_legend(lang)


def _on_paper(shapes: Geometries, frame: Frame) -> Geometries:
    x, y = frame.at(0.0, 0.0)
    right, up = frame.at(1.0, 1.0)
    scale = np.array([right - x, up - y])

    def moved(degrees: FloatArray) -> FloatArray:
        return np.asarray(degrees * scale + np.array([x, y]), dtype=np.float64)

    return np.asarray(shapely.transform(shapes, moved), dtype=object)


def _land(frame: Frame, width: float, height: float) -> Geometries:
    land = gpd.read_parquet(data_file("land"), columns=["geometry"]).geometry
    near = land[land.intersects(shapely.box(*frame.corners()))]
    drawn = shapely.clip_by_rect(_on_paper(np.asarray(near.array, dtype=object), frame), 0, 0, width, height)
    return np.asarray(shapely.simplify(drawn, _TOLERANCE), dtype=object)


def _level(study: Study) -> codes.Level:
    """Tell which areas are outlined and named: the largest that there are several of."""
    index = study.villages.index
    levels: tuple[codes.Level, ...] = ("regency", "district", "village")
    return next((one for one in levels if index.str[: codes.LENGTH_OF[one]].nunique() > 1), "village")


def _borders(study: Study, shapes: Geometries) -> list[Item]:
    level = _level(study)
    found: list[Item] = []
    if level != "regency" and len(shapes) <= _MANY:
        found += _outlines(shapes, _VILLAGE, 0.35)
    if level != "village":
        found += _outlines([one for _, one in _groups(study, shapes, level)], _INK, 0.6)
    return found


def _outlines(shapes: Iterable[Any], color: str, width: float) -> list[Item]:
    return [
        Line(ring(edge), color, width)
        for shape in shapes
        for part in shapely.get_parts(shape)
        if part.geom_type == "Polygon"
        for edge in (part.exterior, *part.interiors)
    ]


def _groups(study: Study, shapes: Geometries, level: codes.Level) -> list[tuple[str, Any]]:
    """Join the villages of each area, named; the largest first."""
    kode = np.asarray(study.villages.index.str[: codes.LENGTH_OF[level]])
    column = "name" if level == "village" else level
    names = dict(zip(kode, study.villages[column].astype(str), strict=True))
    joined = [(names[one], union_of(shapes[kode == one])) for one in sorted(names)]
    return sorted(((name, one) for name, one in joined if one is not None), key=lambda pair: -pair[1].area)


def _names(study: Study, shapes: Geometries, frame: Frame, marks: Sequence[Point]) -> list[Item]:
    """Name the areas, the largest first, wherever a name covers neither another nor a mark."""
    found: list[Item] = []
    taken = [shapely.box(x - _NEAR, y - _NEAR, x + _NEAR, y + _NEAR) for x, y in marks]
    for name, shape in _groups(study, shapes, _level(study)):
        largest = max(shapely.get_parts(shape), key=lambda part: float(part.area))
        at = shapely.point_on_surface(largest)
        text = name.removeprefix("Kabupaten ")
        half = _LETTER * _NAME * len(text) / 2
        x = round(min(max(float(at.x), half + 2), frame.width - half - 2), 1)
        for aside in _ASIDE:
            y = round(float(at.y) + aside, 1)
            place = shapely.box(x - half, y - 2, x + half, y + _NAME)
            if not any(place.intersects(other) for other in taken):
                taken.append(place)
                found.append(Words(x, y, text, _NAME, "middle", boxed=True))
                break
    return found


def _units(study: Study, frame: Frame) -> list[tuple[Point, bool]]:
    """Place the units that stand on the map, and tell whether somebody has verified where."""
    rows = zip(study.units["lon"].astype(float), study.units["lat"].astype(float), strict=True)
    places = [frame.at(lon, lat) for lon, lat in rows]
    verified = (study.units["location_quality"] != UNVERIFIED).tolist()
    return [
        ((round(x, 1), round(y, 1)), bool(one))
        for (x, y), one in zip(places, verified, strict=True)
        if 0 < x < frame.width and 0 < y < frame.height
    ]


def _spots(spots: Sequence[Spot], frame: Frame, mark: Callable[[float, float, int], list[Item]]) -> list[Item]:
    """Mark numbered places, the first on top."""
    return [item for spot in reversed(spots) for item in mark(*frame.at(spot.lon, spot.lat), spot.number)]


def _frame(frame: Frame, tier: str, lang: Language) -> list[Item]:
    """Draw the edge, the scale, north, and which tier the map stands on."""
    width, height = frame.width, frame.height
    km = frame.round_km(width / 4)
    long = round(km * frame.per_km, 1)
    edge = rectangle(0, 0, width, height)
    x, y = width - 14, height - 26
    return [
        Line((*edge, edge[0]), _GREY, 0.8),
        Words(6, height - 13, tier, _TEXT, bold=True, boxed=True),
        Area((rectangle(8, 8, long, 2.4),), _INK),
        Words(8 + long / 2, 13, f"{format_number(km, lang)} km", _TEXT, "middle", boxed=True),
        Area((((x - 4, y - 4), (x, y + 10), (x + 4, y - 4), (x, y - 1)),), _INK, _VILLAGE, 0.6),
        Words(x, y + 13, say("report.map_north", lang), _TEXT, "middle", bold=True, boxed=True),
    ]
