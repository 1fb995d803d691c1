"""Turn whatever stands for an area into a valid multipolygon, and tell what was done to it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from coverage.ground.geometry import GEOD, FloatArray, in_indonesia

Shapes = npt.NDArray[np.object_]

_OVERLAP_M2 = 10_000.0
_LINES = (shapely.GeometryType.LINESTRING, shapely.GeometryType.LINEARRING, shapely.GeometryType.MULTILINESTRING)


@dataclass(frozen=True)
class Mended:
    """Shapes made fit for use, row by row.

    Attributes
    ----------
    shapes
        Valid multipolygons; None where `state` is ``empty``, ``no_area`` or ``outside``.
    state
        ``whole`` as it came, ``mended`` was invalid, ``closed`` was a closed line, ``empty`` nothing there, ``no_area``
        points or open lines, ``outside`` a coordinate that is not finite or not in Indonesia.
    area_change
        Share by which mending changed the area (0 where nothing was mended).
    """

    shapes: Shapes
    state: npt.NDArray[np.object_]
    area_change: FloatArray


def mend(shapes: Shapes) -> Mended:
    """Make valid multipolygons of shapes in EPSG:4326."""
    flat = np.asarray(shapely.force_2d(np.asarray(shapes, dtype=object)), dtype=object)
    state: Shapes = np.full(len(flat), "whole", dtype=object)
    change = np.zeros(len(flat))
    blank = shapely.is_missing(flat) | shapely.is_empty(flat)
    state[blank] = "empty"
    outside = ~blank & ~_all_inside(flat)
    state[outside] = "outside"
    kind = shapely.get_type_id(flat)
    for row in np.flatnonzero(~blank & ~outside & np.isin(kind, _LINES)):
        flat[row] = _enclosed(flat[row])
        state[row] = "no_area" if flat[row] is None else "closed"
    usable = np.isin(state, ("whole", "closed"))
    for row in np.flatnonzero(usable & ~shapely.is_valid(flat)):
        before = shapely.area(flat[row])
        flat[row] = shapely.make_valid(flat[row], method="structure", keep_collapsed=False)
        after = shapely.area(flat[row])
        change[row] = abs(after - before) / max(after, before) if max(after, before) > 0 else 0.0
        state[row] = "mended"
    for row in np.flatnonzero(usable):
        flat[row] = _areas_of(flat[row])
        if flat[row] is None:
            state[row] = "no_area"
    flat[np.isin(state, ("empty", "no_area", "outside"))] = None
    return Mended(flat, state, change)


def _all_inside(shapes: Shapes) -> npt.NDArray[np.bool_]:
    points, row = shapely.get_coordinates(shapes, return_index=True)
    inside = np.ones(len(shapes), dtype=bool)
    inside[row[~in_indonesia(points[:, 0], points[:, 1])]] = False
    return inside


def _enclosed(lines: shapely.Geometry) -> shapely.Geometry | None:
    """Give the area that closed lines enclose; None where one of them is open."""
    parts = shapely.get_parts(lines)
    if not shapely.is_closed(parts).all():
        return None
    return shapely.build_area(shapely.geometrycollections(parts))


def _areas_of(shape: shapely.Geometry) -> shapely.Geometry | None:
    parts = shapely.get_parts(shapely.get_parts(shape))
    areas = [part for part in parts if part.geom_type == "Polygon" and not part.is_empty and part.area > 0]
    return shapely.multipolygons(areas) if areas else None


def overlaps(shapes: Shapes) -> list[tuple[int, int, float]]:
    """List the pairs of valid shapes that share more than a hectare, with the square kilometres they share."""
    tree = shapely.STRtree(shapes)
    left, right = tree.query(shapes, predicate="intersects")
    pairs = left < right
    left, right = left[pairs], right[pairs]
    touching = shapely.touches(shapes[left], shapes[right])
    left, right = left[~touching], right[~touching]
    found = []
    for a, b, shared in zip(left, right, shapely.intersection(shapes[left], shapes[right]), strict=True):
        m2 = abs(GEOD.geometry_area_perimeter(shared)[0])
        if m2 > _OVERLAP_M2:
            found.append((int(a), int(b), m2 / 1e6))
    return found
