"""What a road file is, told by its first bytes and never by its name.

GDAL guesses formats by content, and some make it read other files or ask the internet: only what is known here
goes on to a reader. XML that declares a document type is refused: that is where entity bombs live.
"""

import re
from pathlib import Path
from typing import Literal

from coverage.ground.errors import InputError
from coverage.ground.texts import Message

Format = Literal["osm-pbf", "osm-xml", "overpass-json", "graphml", "gpkg", "geojson", "shapefile", "zip", "kml", "fgb"]

MEGABYTE = 1024 * 1024
LARGEST_MB: dict[Format, int] = {
    "osm-pbf": 2000,
    "osm-xml": 1000,
    "overpass-json": 300,
    "graphml": 300,
    "gpkg": 1000,
    "geojson": 300,
    "shapefile": 1000,
    "zip": 300,
    "kml": 100,
    "fgb": 1000,
}
"""Largest size taken of each format, in MB; text takes about ten times as much memory."""

_HEAD = 64 * 1024
_SQLITE_HEAD = 72
_GEOPACKAGE_IDS = (b"GPKG", b"GP10", b"GP11")
_MARKS: tuple[tuple[int, bytes, Format], ...] = (
    (4, b"\x0a\x09OSMHeader", "osm-pbf"),
    (0, b"SQLite format 3\0", "gpkg"),
    (0, b"fgb\x03fgb", "fgb"),
    (0, b"\x00\x00\x27\x0a", "shapefile"),
    (0, b"PK\x03\x04", "zip"),
)
_ROOTS: dict[bytes, Format] = {b"osm": "osm-xml", b"graphml": "graphml", b"kml": "kml"}
_PROLOG = re.compile(rb"(?:\s|<\?.*?\?>|<!--.*?-->)*<(!DOCTYPE|[\w:]+)", re.DOTALL)
_ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([^\"']+)[\"']")
_SAFE_ENCODINGS = {b"utf-8", b"us-ascii", b"ascii"}


def format_of(path: Path) -> Format:
    """Tell the format of a road file.

    Raises
    ------
    InputError
        If the file cannot be read, is empty, too large, a web page, packed, or of no format known here.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise InputError(Message.of("roads.unreadable", file=path.name)) from error
    if not head.strip():
        raise InputError(Message.of("roads.empty", file=path.name))
    found = _told_by(head, path.name)
    if size > LARGEST_MB[found] * MEGABYTE:
        raise InputError(Message.of("roads.too_large", file=path.name, limit=LARGEST_MB[found]))
    return found


def _told_by(head: bytes, name: str) -> Format:
    for place, mark, kind in _MARKS:
        if head[place : place + len(mark)] == mark and (
            kind != "gpkg" or head[:_SQLITE_HEAD].endswith(_GEOPACKAGE_IDS)
        ):
            return kind
    if head.startswith((b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"Rar!")):
        raise InputError(Message.of("roads.packed", file=name))
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"{"):
        return "overpass-json" if re.search(rb'"(elements|osm3s)"\s*:', text) else "geojson"
    if text.startswith(b"<"):
        return _xml(text, name)
    raise InputError(Message.of("roads.foreign", file=name))


def _xml(text: bytes, name: str) -> Format:
    if re.match(rb"<(!DOCTYPE\s+)?html", text, re.IGNORECASE):
        raise InputError(Message.of("roads.web_page", file=name))
    root = _PROLOG.match(text)
    encoding = _ENCODING.match(text)
    safe = encoding is None or encoding[1].lower() in _SAFE_ENCODINGS
    if root is None or root[1] not in _ROOTS or not safe:
        raise InputError(Message.of("roads.foreign", file=name))
    return _ROOTS[root[1]]
