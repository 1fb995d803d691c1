"""Read the MySQL dumps that the official boundaries are published as.

A row is ``('74.71.01.1005','Mandonga',-3.96,122.51,'[[[lat,lng],...]]')``: the path is JSON, latitude first, a
list of rings or one level deeper (a list of polygons). Spacing, quoting and order of columns vary from file to
file; what cannot be read is named and left out, never the whole file.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from coverage.ground import codes
from coverage.ground.errors import InputError
from coverage.ground.free_text import shown
from coverage.ground.geometry import FloatArray, in_indonesia
from coverage.ground.texts import Message

_INSERT = re.compile(r"INSERT\s+INTO\s+[`\"]?wilayah_boundaries[`\"]?\s*\(([^)]*)\)\s*VALUES", re.IGNORECASE)
_ROW = re.compile(r"\(\s*'")
_FIELD = re.compile(r"\s*(?:'((?:[^'\\]++|''|\\.)*+)'|([^,()'\s]*))\s*([,)])", re.DOTALL)
_HTML = re.compile(r"\s*<(!doctype|html|head|body)\b", re.IGNORECASE)
_ESCAPED = re.compile(r"''|\\(.)", re.DOTALL)
_MOST_FIELDS = 32
_RING_POINTS = 3
_RINGS, _POLYGONS = 3, 4


@dataclass(frozen=True)
class Unreadable:
    """A row that gives no polygon: its kode, its name where known, and why."""

    kode: str
    name: str
    problem: Message


@dataclass(frozen=True)
class Dump:
    """What a dump holds: `rows` (``kode``, ``name``, ``geometry``; EPSG:4326, as drawn) and what could not be read."""

    rows: pd.DataFrame
    unreadable: tuple[Unreadable, ...]


def read_dump(raw: bytes, name: str) -> Dump:
    """Read a dump of village boundaries.

    Parameters
    ----------
    raw
        Content of the file.
    name
        What to call it in messages.

    Raises
    ------
    InputError
        If it is not a dump of this kind, such as the page of a proxy.
    """
    text = _decoded(raw)
    if _HTML.match(text):
        raise InputError(Message.of("downloads.web_page", file=name, what=Message.of("boundaries.what")))
    heads = list(_INSERT.finditer(text))
    if not heads:
        raise InputError(Message.of("boundaries.not_a_dump", file=name))
    rows: dict[str, tuple[str, shapely.Geometry]] = {}
    unreadable = []
    for fields in _rows(text, heads):
        kode, place = shown(fields.get("kode", "").strip()), shown(fields.get("nama", ""))
        problem = None
        if not codes.is_code(kode) or codes.level(kode) != "village":
            problem = Message.of("boundaries.row_no_kode")
        elif kode in rows:
            problem = Message.of("boundaries.row_twice")
        elif "path" not in fields:
            problem = Message.of("boundaries.row_broken")
        else:
            found = read_path(fields["path"])
            if isinstance(found, Message):
                problem = found
            else:
                rows[kode] = (place, found)
        if problem is not None:
            unreadable.append(Unreadable(kode, place, problem))
    table = pd.DataFrame(
        {
            "kode": list(rows),
            "name": [place for place, _ in rows.values()],
            "geometry": np.array([shape for _, shape in rows.values()], dtype=object),
        }
    )
    return Dump(table, tuple(unreadable))


def _decoded(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace")


def _rows(text: str, heads: list[re.Match[str]]) -> Iterator[dict[str, str]]:
    """Give the fields of each row by column; a row that breaks off gives what came before."""
    ends = [*(head.start() for head in heads[1:]), len(text)]
    for head, end in zip(heads, ends, strict=True):
        columns = [column.strip(' `"\t\r\n').casefold() for column in head[1].split(",")]
        at = head.end()
        while row := _ROW.search(text, at, end):
            fields, at = _fields(text, row.start() + 1, end)
            yield dict(zip(columns, fields, strict=False))


def _fields(text: str, at: int, end: int) -> tuple[list[str], int]:
    fields: list[str] = []
    while len(fields) < _MOST_FIELDS and (found := _FIELD.match(text, at, end)):
        quoted, bare, sign = found.groups()
        fields.append(bare if quoted is None else _ESCAPED.sub(lambda mark: mark[1] or "'", quoted))
        at = found.end()
        if sign == ")":
            break
    return fields, at


def read_path(text: str) -> shapely.Geometry | Message:
    """Read the JSON path of a row as polygon or multipolygon, longitude first; or say why it is none.

    Examples
    --------
    >>> read_path("[[[-4.0, 122.0], [-4.0, 122.1], [-4.1, 122.0]]]").wkt
    'POLYGON ((122 -4, 122.1 -4, 122 -4.1, 122 -4))'
    """
    if text.strip() in ("", "[]", "NULL", "null"):
        return Message.of("boundaries.row_empty")
    try:
        polygons = _polygons(json.loads(text))
    except (ValueError, TypeError, OverflowError, RecursionError):
        return Message.of("boundaries.row_broken")
    shells: list[FloatArray] = [ring for rings in polygons for ring in rings]
    if not shells:
        return Message.of("boundaries.row_empty")
    if not all(in_indonesia(ring[:, 0], ring[:, 1]).all() for ring in shells):
        return Message.of("boundaries.row_outside")
    parts = [part for rings in polygons for part in _with_holes(rings)]
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)


def _polygons(found: object) -> list[list[FloatArray]]:
    depth = 0
    first = found
    while isinstance(first, list) and first and depth <= _POLYGONS:
        depth, first = depth + 1, first[0]
    if depth not in (_RINGS - 1, _RINGS, _POLYGONS) or not isinstance(found, list):
        raise ValueError(depth)
    deep = found if depth == _POLYGONS else [found] if depth == _RINGS else [[found]]
    polygons = [[_ring(ring) for ring in rings] for rings in deep]
    return [kept for rings in polygons if (kept := [ring for ring in rings if len(ring) >= _RING_POINTS])]


def _ring(points: object) -> FloatArray:
    ring = np.asarray(points, dtype=np.float64)
    if ring.ndim != 2 or ring.shape[1] != 2:  # noqa: PLR2004 - pairs of latitude and longitude
        raise ValueError(ring.shape)
    return ring[:, ::-1]


def _with_holes(rings: list[FloatArray]) -> list[shapely.Geometry]:
    """Take the first ring as shell: another inside it is a hole, one outside a part of its own."""
    areas = [shapely.polygons(_closed(ring)) for ring in rings]
    inside = [bool(shapely.contains_xy(areas[0], *ring.mean(axis=0))) for ring in rings[1:]]
    holes = [_closed(ring) for ring, within in zip(rings[1:], inside, strict=True) if within]
    shell = shapely.Polygon(_closed(rings[0]), holes)
    return [shell, *(area for area, within in zip(areas[1:], inside, strict=True) if not within)]


def _closed(ring: FloatArray) -> FloatArray:
    return ring if (ring[0] == ring[-1]).all() and len(ring) > _RING_POINTS else np.vstack([ring, ring[:1]])
