"""Read OpenStreetMap extracts, ``.osm.pbf`` and ``.osm``, by osmium."""

import datetime as dt
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

import osmium

from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.travel.roads.osm_rules import TAGS, ways_of
from coverage.travel.roads.segments import Reading, segments_of

Box = tuple[float, float, float, float]

_FORMATS: Mapping[str, str] = {"osm-pbf": "pbf", "osm-xml": "xml"}
_LONGEST_S = 1200.0


def read_extract(path: Path, kind: Literal["osm-pbf", "osm-xml"], box: Box) -> Reading:
    """Read the roads and ferries of an extract that touch a box.

    Parameters
    ----------
    path, kind
        The file and its format; the file's name does not decide.
    box
        West, south, east, north in degrees. Ways without a node in it are skipped, so that the extract of a whole
        island can be read for one kabupaten.

    Raises
    ------
    InputError
        If the file is damaged or takes longer to read than 20 minutes.
    """
    place: dict[int, tuple[float, float]] = {}
    try:
        held = osmium.FileProcessor(osmium.io.File(str(path), _FORMATS[kind]))
        date = _date(held)
        ways = list(_ways(held, path, box, place))
    except (RuntimeError, OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(Message.of("roads.damaged", file=path.name)) from error
    kept, dropped = ways_of(ways)
    segments, lost = segments_of(kept, place)
    return Reading(kind, segments, date, dropped + lost)


def _ways(
    held: osmium.FileProcessor, path: Path, box: Box, place: dict[int, tuple[float, float]]
) -> Iterator[tuple[int, tuple[int, ...], dict[str, str]]]:
    west, south, east, north = box
    until = time.monotonic() + _LONGEST_S
    roads = held.with_locations().with_filter(osmium.filter.EntityFilter(osmium.osm.WAY))
    for way in roads.with_filter(osmium.filter.KeyFilter("highway", "route")):
        if time.monotonic() > until:
            raise InputError(Message.of("roads.too_slow", file=path.name))
        if not isinstance(way, osmium.osm.Way):
            continue
        spots = {node.ref: (node.lon, node.lat) for node in way.nodes if node.location.valid()}
        if any(west <= lon <= east and south <= lat <= north for lon, lat in spots.values()):
            place.update(spots)
            tags = {key: way.tags[key] for key in TAGS if key in way.tags}
            yield way.id, tuple(node.ref for node in way.nodes), tags


def _date(held: osmium.FileProcessor) -> dt.date | None:
    try:
        return dt.date.fromisoformat(held.header.get("osmosis_replication_timestamp", "")[:10])
    except ValueError:
        return None
