"""Bring a road file into the workspace: read, cut to the region, check that lines meet, store."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.workspace import Workspace, noted
from coverage.travel.roads.area import FETCHED_KM, KEPT_KM, inside, region_area
from coverage.travel.roads.build import build_roads, without_doubles
from coverage.travel.roads.last_legs import without_through_traffic
from coverage.travel.roads.lines import Columns, read_lines
from coverage.travel.roads.osm_file import read_extract
from coverage.travel.roads.osm_json import read_overpass
from coverage.travel.roads.road_formats import format_of
from coverage.travel.roads.road_network import Roads, RoadSource
from coverage.travel.roads.road_store import save_roads
from coverage.travel.roads.segments import Reading, Segments
from coverage.travel.roads.topology import (
    LARGEST_SNAP_M,
    STEPS_M,
    Connection,
    Ends,
    connection,
    dangling_ends,
    is_broken,
    snapped,
)

SAME_END_M = 0.5
"""Ends of road lines nearer than this to another line meet it: offices draw no finer."""


@dataclass(frozen=True)
class Imported:
    """What an import or a fetch brought: the roads stored, and what the planner must know about them."""

    roads: Roads
    ends: Ends
    notes: tuple[Message, ...]


def import_roads(
    workspace: Workspace, path: Path, region: str, *, snap_m: float | None = None, columns: Columns | None = None
) -> Imported:
    """Import a road file for a region and store it in the workspace.

    Parameters
    ----------
    workspace
        The workspace; what it held for the region before stays until the new roads are sound.
    path
        ``.osm.pbf``, ``.osm``, Overpass JSON, GraphML of OSMnx, or road lines (GeoPackage, GeoJSON, Shapefile also
        zipped, KML, FlatGeobuf).
    region
        A checked kode.
    snap_m
        Tolerance in metres for joining line ends, 0 to 50; 0 takes the lines as they are. None joins those of road
        lines within :data:`SAME_END_M`, and takes the nodes of OpenStreetMap as they are.
    columns
        Which columns of road lines say what.

    Raises
    ------
    InputError
        If the file cannot be used, lies outside the region, or its lines do not meet.
    """
    if snap_m is not None and not 0 <= snap_m <= LARGEST_SNAP_M:
        raise InputError(Message.of("roads.snap_range", value=snap_m, limit=int(LARGEST_SNAP_M)))
    reading = read_roads(path, region, columns or Columns())
    if snap_m is None:
        snap_m = SAME_END_M if reading.kind == "vector" else 0.0
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    with noted(file_sha256=sha256):
        return keep_roads(workspace, reading, region, path.name, snap_m=snap_m)


def read_roads(path: Path, region: str, columns: Columns) -> Reading:
    """Read a road file of any format taken here.

    Raises
    ------
    InputError
        If it cannot be used; the message says the remedy.
    """
    kind = format_of(path)
    if kind == "overpass-json":
        return read_overpass(path)
    if kind in ("osm-pbf", "osm-xml"):
        return read_extract(path, kind, region_area(region, KEPT_KM).bounds)
    if kind == "graphml":
        # OSMnx takes seconds to load, which no other format should wait for.
        from coverage.travel.roads.osm_graph import read_graphml  # noqa: PLC0415 - see above

        return read_graphml(path)
    return read_lines(path, columns)


def keep_roads(workspace: Workspace, reading: Reading, region: str, name: str, *, snap_m: float = 0.0) -> Imported:
    """Cut what was read to the region, check it, and store it.

    Raises
    ------
    InputError
        If there is no road in the region, the lines do not meet, or the workspace cannot be written.
    """
    pieces, dropped = _of_region(reading.segments, region, name)
    pieces, doubles = without_doubles(pieces)
    pieces, joined = snapped(pieces, snap_m) if snap_m else (pieces, 0)
    ends = dangling_ends(pieces)
    found = connection(pieces.tail, pieces.head, pieces.km())
    if is_broken(found, ends):
        raise InputError(*_broken(pieces, found, ends, name))
    # Whether lines meet is judged before roads are parted on purpose.
    pieces, closed = without_through_traffic(pieces)
    if not len(pieces.tail):
        raise InputError(Message.of("roads.no_roads", file=name))
    source = RoadSource(
        region=region,
        kind=reading.kind,
        name=name,
        date=reading.date,
        imported=dt.datetime.now(tz=dt.UTC).astimezone().date(),
        snap_m=snap_m,
        joined_ends=joined,
        dropped=_counted(reading.dropped, dropped | {"doubles": doubles}, closed),
    )
    roads = build_roads(pieces, source)
    save_roads(workspace, roads)
    return Imported(roads, ends, reading.notes)


def _counted(*dropped: Mapping[str, int]) -> dict[str, int]:
    together: Counter[str] = Counter()
    for counts in dropped:
        together.update(counts)
    return dict(sorted((+together).items()))


def _of_region(pieces: Segments, region: str, name: str) -> tuple[Segments, dict[str, int]]:
    if not len(pieces.tail):
        raise InputError(Message.of("roads.no_roads", file=name))
    near = inside(region_area(region, FETCHED_KM), pieces.lon, pieces.lat)
    if not (near[pieces.tail] | near[pieces.head])[~pieces.is_ferry()].any():
        spot = f"{pieces.lon.mean():.3f}, {pieces.lat.mean():.3f}"
        raise InputError(Message.of("roads.outside", file=name, region=region, spot=spot))
    kept = inside(region_area(region, KEPT_KM), pieces.lon, pieces.lat)
    rows = kept[pieces.tail] | kept[pieces.head]
    return pieces.only(rows), {"beyond_area": int((~rows).sum())}


def _broken(pieces: Segments, found: Connection, ends: Ends, name: str) -> tuple[Message, ...]:
    """Say in numbers that the lines do not meet, and what each tolerance would give."""
    first = Message.of(
        "roads.broken",
        file=name,
        largest_share=found.largest_share,
        components=found.components,
        **ends.counts(),
    )
    steps = []
    for step in STEPS_M:
        joined, count = snapped(pieces, step)
        after = connection(joined.tail, joined.head, joined.km())
        steps.append(
            Message.of(
                "roads.broken_step",
                flag=f"--snap-m {step:g}",
                joined=count,
                components=after.components,
                largest_share=after.largest_share,
            )
        )
    return (first, *steps)
