"""Fetch the roads and ferries of a region from OpenStreetMap, tile by tile."""

import hashlib
import json
import time
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import numpy as np
import shapely

from coverage.ground import codes
from coverage.ground.downloads.addresses import is_address
from coverage.ground.downloads.files import alone_in, sha256_of, sha256_of_all
from coverage.ground.downloads.patience import Stop, StoppedError, unless_stopped, wait
from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.workspace import Workspace, cache_folder, noted
from coverage.travel.roads.area import FETCHED_KM, inside, region_area
from coverage.travel.roads.importing import Imported, keep_roads
from coverage.travel.roads.osm_graph import segments_of_graphs
from coverage.travel.roads.osm_json import answer_date
from coverage.travel.roads.overpass import FERRIES, ROADS, Overpass, Pace, Tell
from coverage.travel.roads.road_upstream import DEFAULT_URL
from coverage.travel.roads.segments import Reading, Segments

TILE_DEG = 0.25
FERRIES_AROUND_DEG = 1.8
"""How far around the region's box ferries are sought, so that a crossing is fetched from shore to shore."""

_KEPT_DAYS = 7
_LOCK_S = 2.0
_DAY_S = 86_400.0


def fetch_roads(
    workspace: Workspace,
    region: str,
    *,
    url: str = DEFAULT_URL,
    tell: Tell,
    pace: Pace | None = None,
    stopped: Stop = lambda: False,
) -> Imported:
    """Fetch the roads of a region from an Overpass server and store them in the workspace.

    The area is the region's indicative village areas and 2 km around them, asked for in tiles of 0,25 degrees. Each
    answer is kept on disk, so that a fetch that was interrupted goes on where it stopped; once all are there and the
    roads are stored the answers are deleted.

    Parameters
    ----------
    workspace, region, url
        Workspace that gets the roads, a checked kode, and the address of the server.
    tell
        Told of each tile and each further try.
    pace
        How patiently the server is asked; by default as fits it.
    stopped
        Asked all the time; once it says yes, the fetch ends, whatever the server does.

    Raises
    ------
    InputError
        If the region is the whole country, the server fails, the answers cannot be kept, the fetch was stopped, or
        another one of the same roads goes on. Roads stored before stay.
    """
    if region == codes.COUNTRY:
        raise InputError(Message.of("roads.fetch_country"))
    if not is_address(url):
        raise InputError(Message.of("roads.server_url", url=url))
    # Both ways of writing the address are in use; OSMnx adds the last word itself.
    url = url.rstrip("/").removesuffix("/interpreter")
    cache = cache_folder() / "overpass" / hashlib.sha256(f"{region}|{url}".encode()).hexdigest()[:16]
    server = Overpass(url, cache, pace or Pace.for_server(url), tell, stopped)
    area = region_area(region, FETCHED_KM)
    try:
        unless_stopped(server.greet, stopped)
        with alone_in(cache, Message.of("roads.busy"), _LOCK_S):
            _sweep(cache, server)
            graphs = [*_roads(server, area), *_ferries(server, area)]
            kept = sorted(cache.glob("*.json"))
            with noted(file_sha256=sha256_of_all(sha256_of(path) for path in kept)):
                imported = keep_roads(workspace, _reading(graphs, area, server), region, url)
            for path in kept:
                path.unlink(missing_ok=True)
    except StoppedError as error:
        raise InputError(Message.of("roads.fetch_stopped")) from error
    return imported


def _reading(graphs: list[nx.MultiDiGraph], area: shapely.Geometry, server: Overpass) -> Reading:
    segments, dropped = segments_of_graphs(graphs)
    segments, far = _near_ferries(segments, area)
    dropped["far_ferries"] += far
    return Reading("overpass", segments, min(server.dates, default=None), +dropped)


def tiles(area: shapely.Geometry) -> list[shapely.Geometry]:
    """Cut an area into tiles of 0,25 degrees on a fixed grid, west to east; parts outside the area are left away."""
    west, south, east, north = np.floor(np.array(area.bounds) / TILE_DEG).astype(int)
    boxes = [
        shapely.box(x * TILE_DEG, y * TILE_DEG, (x + 1) * TILE_DEG, (y + 1) * TILE_DEG)
        for x in range(west, east + 1)
        for y in range(south, north + 1)
    ]
    cut = (shapely.intersection(area, box) for box in boxes)
    return [part for part in cut if not part.is_empty and part.area > 0]


def _roads(server: Overpass, area: shapely.Geometry) -> Iterator[nx.MultiDiGraph]:
    wanted = tiles(area)
    for number, tile in enumerate(wanted, start=1):
        held = _answers(server.cache)
        graph = server.graph(tile, ROADS)
        asked = _answers(server.cache) > held
        pieces = 0 if graph is None else graph.number_of_edges()
        server.tell(Message.of("roads.tile", number=number, tiles=len(wanted), pieces=pieces))
        if graph is not None:
            yield graph
        if asked:
            wait(server.pace.between_s, server.stopped)


def _ferries(server: Overpass, area: shapely.Geometry) -> list[nx.MultiDiGraph]:
    west, south, east, north = area.bounds
    around = shapely.box(
        west - FERRIES_AROUND_DEG, south - FERRIES_AROUND_DEG, east + FERRIES_AROUND_DEG, north + FERRIES_AROUND_DEG
    )
    graph = server.graph(around, FERRIES)
    server.tell(Message.of("roads.ferries_asked", pieces=0 if graph is None else graph.number_of_edges()))
    return [] if graph is None else [graph]


def _near_ferries(segments: Segments, area: shapely.Geometry) -> tuple[Segments, int]:
    """Leave out ferries that never come into the area, and count them."""
    near = inside(area, segments.lon, segments.lat)
    sea = segments.is_ferry()
    touching = set(segments.ferry_id[sea & (near[segments.tail] | near[segments.head])])
    away = sea & ~np.isin(segments.ferry_id.astype(str), sorted(touching))
    return segments.only(~away), len(set(segments.ferry_id[away]))


def _answers(cache: Path) -> int:
    return sum(1 for _ in cache.glob("*.json"))


def _sweep(cache: Path, server: Overpass) -> None:
    """Delete kept answers that are old or were cut off while being written; note the dates of the others."""
    for path in cache.glob("*.json"):
        try:
            answer = json.loads(path.read_bytes())
            fresh = time.time() - path.stat().st_mtime < _KEPT_DAYS * _DAY_S
        except (OSError, ValueError):
            fresh, answer = False, {}
        if not fresh:
            path.unlink(missing_ok=True)
        elif (date := answer_date(answer)) is not None:
            server.dates.append(date)
