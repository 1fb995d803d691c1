"""The geometry of a map as one small static file that browsers keep.

The file is named by its content, so it is written once and never goes stale. Coordinates are whole
numbers, each the difference to the one before: a third of the size of GeoJSON.
"""

import hashlib
import json
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from coverage.ground import machine_faults
from coverage.ground.errors import DataError
from coverage.ground.texts import Message

FORMAT = 2
_SUM = b',"sha256":'
FOLDER = "geo"

# A screen is about a thousand pixels wide and people zoom in a few steps: a four thousandth of the region's width
# cannot be seen, and more than 100 m would show in a town at the edge of a province.
_SPAN_PER_TOLERANCE = 4000
_TOLERANCE_RANGE = (5e-5, 1e-3)
# The window around the region is as wide as a wide screen and as tall as a phone show, so that the cut through
# neighbouring land stays out of sight; in half widths and half heights.
_WIDE, _TALL = 3.0, 2.0
_SMALLEST = 0.05
_POLYGONAL = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)

Geometries = NDArray[np.object_]
Titles = dict[str, list[str]]
Box = tuple[float, float, float, float]


class Label(NamedTuple):
    """A name on the map, or the number of an area; rank 0 is the largest unit, width is in degrees."""

    lon: float
    lat: float
    width: float
    rank: int
    name: str | int


@dataclass(frozen=True)
class MapGeometry:
    """A geometry file that is ready to be served.

    Attributes
    ----------
    path
        Path below the static folder, with forward slashes.
    bounds
        West, south, east, north of the areas in degrees.
    window
        The same of the surroundings that are drawn.
    """

    path: str
    bounds: Box
    window: Box


def publish(areas: gpd.GeoDataFrame, land: gpd.GeoDataFrame | None, static_dir: Path) -> MapGeometry:
    """Write the map's geometry below `static_dir`, unless it is there already.

    Parameters
    ----------
    areas
        Polygons or points; index kode, columns ``name``, ``district``, ``regency``; any CRS.
    land
        Land drawn beneath, in any CRS.
    static_dir
        The folder that the dashboard serves as ``app/static``.

    Raises
    ------
    DataError
        If the folder cannot be written.
    """
    degrees = areas.to_crs(4326) if areas.crs is not None else areas
    shapes: Geometries = np.asarray(degrees.geometry.array, dtype=object)
    bounds = _bounds(shapes)
    window = _window(bounds)
    ground = _near(land, window)
    titles = {column: [str(value) for value in degrees[column]] for column in ("name", "district", "regency")}
    titles["code"] = [str(code) for code in degrees.index]
    path = f"{FOLDER}/{_digest(shapes, ground, titles)}.json"
    if not _is_whole(static_dir / path):
        _write(static_dir / path, json.dumps(_contents(shapes, ground, titles, bounds), separators=(",", ":")))
    return MapGeometry(path, bounds, window)


@dataclass(frozen=True)
class Ground:
    """What lies beneath each map of a region, and where its geometry is served from.

    Attributes
    ----------
    areas, land, static_dir
        As of :func:`publish`.
    """

    areas: gpd.GeoDataFrame
    land: gpd.GeoDataFrame | None
    static_dir: Path

    @cached_property
    def geometry(self) -> MapGeometry:
        """The file that draws all of it, written when first asked for."""
        return publish(self.areas, self.land, self.static_dir)


def _bounds(shapes: Geometries) -> Box:
    west, south, east, north = (float(value) for value in shapely.total_bounds(shapes))
    return west, south, east, north


def _window(bounds: Box) -> Box:
    west, south, east, north = bounds
    across, up = (east - west) / 2, (north - south) / 2
    x, y = (west + east) / 2, (south + north) / 2
    half_x = max(across * _TALL, up * _WIDE, _SMALLEST)
    half_y = max(max(across, up) * _TALL, _SMALLEST)
    return round(x - half_x, 3), round(y - half_y, 3), round(x + half_x, 3), round(y + half_y, 3)


def _near(land: gpd.GeoDataFrame | None, window: Box) -> Geometries:
    """Cut the land to `window`."""
    if land is None:
        return np.empty(0, dtype=object)
    degrees = land.to_crs(4326) if land.crs is not None else land
    close = degrees.geometry.array[degrees.sindex.query(shapely.box(*window), predicate="intersects", sort=True)]
    cut = shapely.clip_by_rect(np.asarray(close, dtype=object), *window)
    return np.asarray(cut[~shapely.is_empty(cut)], dtype=object)


def _digest(shapes: Geometries, ground: Geometries, titles: Titles) -> str:
    content = hashlib.sha256(json.dumps([FORMAT, titles]).encode())
    for group in (shapes, ground):
        for geometry in shapely.to_wkb(group, include_srid=False, byte_order=1):
            content.update(geometry or b"-")
    return content.hexdigest()[:24]


def _contents(
    shapes: Geometries,
    ground: Geometries,
    titles: Titles,
    bounds: Box,
) -> dict[str, object]:
    west, south, east, north = bounds
    low, high = _TOLERANCE_RANGE
    tolerance = min(max(max(east - west, north - south) / _SPAN_PER_TOLERANCE, low), high)
    scale = 10**5 if tolerance < high / 2 else 10**4
    simple = simplified(shapes, tolerance)
    parents = [f"{d}, {r}" for d, r in zip(titles["district"], titles["regency"], strict=True)]
    places, place_of = np.unique(parents, return_inverse=True)
    outlines, labels = _units(simple, titles)
    return {
        "format": FORMAT,
        "scale": scale,
        "codes": titles["code"],
        "names": titles["name"],
        "places": places.tolist(),
        "place": place_of.tolist(),
        "areas": [area_numbers(geometry, scale) for geometry in simple],
        "land": [area_numbers(geometry, scale) for geometry in shapely.simplify(ground, tolerance)],
        "borders": [line_numbers(line, scale) for outline in outlines for line in shapely.get_parts(outline)],
        "labels": [
            [
                *np.rint(np.array([label.lon, label.lat]) * scale).astype(int).tolist(),
                label.rank,
                label.width,
                label.name,
            ]
            for label in labels
        ],
    }


def simplified(shapes: Geometries, tolerance: float) -> Geometries:
    """Simplify all polygons together, so that neighbours keep one common border; points stay."""
    simple = shapes.copy()
    for place, geometry in enumerate(simple):
        if shapely.get_type_id(geometry) == shapely.GeometryType.GEOMETRYCOLLECTION:
            parts = [part for part in shapely.get_parts(geometry) if shapely.get_type_id(part) in _POLYGONAL]
            simple[place] = shapely.union_all(parts) if parts else shapely.point_on_surface(geometry)
    polygonal = np.isin(shapely.get_type_id(simple), _POLYGONAL)
    if polygonal.any():
        simple[polygonal] = shapely.coverage_simplify(simple[polygonal], tolerance)
    return simple


def _units(shapes: Geometries, titles: Titles) -> tuple[list[shapely.Geometry], list[Label]]:
    """Outline and label the units above the areas; the first rank is the largest unit there is more than one of."""
    districts, regencies = titles["district"], titles["regency"]
    levels = [[(regency, district) for regency, district in zip(regencies, districts, strict=True)]]
    if len(set(regencies)) > 1:
        levels.insert(0, [(regency, regency) for regency in regencies])
    outlines: list[shapely.Geometry] = []
    labels: list[Label] = []
    for rank, level in enumerate(levels):
        for unit in sorted(set(level)):
            merged = union_of(shapes[[key == unit for key in level]])
            if merged is None:
                continue
            if rank == 0:
                outlines.append(shapely.boundary(merged))
            labels.append(Label(*_label_place(merged), rank, _short(unit[1])))
    labels += [
        Label(*_label_place(shape), len(levels), number) for number, shape in enumerate(shapes) if not _blank(shape)
    ]
    return outlines, labels


def _short(name: str) -> str:
    return name.replace("Kabupaten ", "Kab. ", 1) if name.startswith("Kabupaten ") else name


def _blank(geometry: shapely.Geometry | None) -> bool:
    return geometry is None or bool(shapely.is_empty(geometry))


def union_of(shapes: Geometries) -> shapely.Geometry | None:
    """Join polygons to one; None where there is none."""
    polygons = shapes[np.isin(shapely.get_type_id(shapes), _POLYGONAL)]
    if len(polygons) == 0:
        return None
    if shapely.coverage_is_valid(polygons):
        return shapely.coverage_union_all(polygons)
    return shapely.union_all(shapely.make_valid(polygons))


def _label_place(geometry: shapely.Geometry) -> tuple[float, float, float]:
    """Find a point inside the largest part, and that part's width in degrees."""
    parts = shapely.get_parts(geometry)
    largest = parts[int(np.argmax(shapely.area(parts)))]
    point = shapely.point_on_surface(largest)
    west, _, east, _ = shapely.bounds(largest)
    return float(point.x), float(point.y), round(float(east - west), 4)


def area_numbers(geometry: shapely.Geometry | None, scale: int) -> list[object]:
    """Encode polygons as lists of rings; a point as its two whole numbers; nothing as an empty list.

    Parameters
    ----------
    geometry
        Polygon, multipolygon or point in degrees, or None.
    scale
        Whole numbers in a degree.
    """
    if _blank(geometry):
        return []
    if shapely.get_type_id(geometry) not in _POLYGONAL:
        point = shapely.point_on_surface(geometry)
        return [round(point.x * scale), round(point.y * scale)]
    encoded = []
    for part in shapely.get_parts(geometry):
        outer, *holes = [line_numbers(ring, scale) for ring in (part.exterior, *part.interiors)]
        encoded.append([outer, *(hole for hole in holes if len(hole) > 4)])  # noqa: PLR2004 - two points are no hole
    visible = [rings for rings in encoded if len(rings[0]) > 4]  # noqa: PLR2004 - nor an island
    return list(visible or encoded[:1])


def line_numbers(line: shapely.Geometry, scale: int) -> list[int]:
    """Encode a line in degrees: first point, then differences; points that fall together are left out."""
    points = [tuple(point) for point in np.rint(shapely.get_coordinates(line) * scale).astype(int).tolist()]
    kept = [points[0], *(b for a, b in pairwise(points) if a != b)]
    if shapely.get_type_id(line) == shapely.GeometryType.LINEARRING and len(kept) > 1:
        kept.pop()
    steps: Iterable[tuple[int, int]] = ((b[0] - a[0], b[1] - a[1]) for a, b in pairwise(kept))
    return [value for point in (kept[0], *steps) for value in point]


def _is_whole(path: Path) -> bool:
    """Tell whether a file is there and what was written, to the last bit."""
    try:
        content = path.read_bytes()
    except OSError:
        return False
    body, _, told = content.rpartition(_SUM)
    return told == f'"{hashlib.sha256(body).hexdigest()}"}}'.encode()


def _summed(text: str) -> bytes:
    """Let JSON end with the digest of all that stands before it."""
    body = text.removesuffix("}").encode()
    return body + _SUM + f'"{hashlib.sha256(body).hexdigest()}"}}'.encode()


def _write(path: Path, text: str) -> None:
    """Write all or nothing: another session may be reading."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".") as folder:
            part = Path(folder) / path.name
            part.write_bytes(_summed(text))
            part.chmod(0o644)
            part.replace(path)
    except OSError as error:
        # Windows refuses to replace a file that somebody is reading; then it is there, with the same content.
        if _is_whole(path):
            return
        fault = machine_faults.told(error, path)
        raise DataError(Message.of("maps.not_writable", folder=path.parent, fault=fault)) from error
