"""Read graphs of OSMnx: what it fetched (pieces with the tags as they are) and GraphML files it wrote."""

import ast
import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import networkx as nx
import numpy as np
import osmnx
import shapely

from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.travel.roads.osm_rules import ACCESS, ACCESS_KEYS, TAGS, access_of_word, way_of, ways_of, why_dropped
from coverage.travel.roads.road_network import CLASSES
from coverage.travel.roads.segments import Reading, Segments, Way, segments_of
from coverage.travel.roads.words import OSM_CLASSES, surface_of_word

_DIGITS = 7
_SCAN = 1024 * 1024
_DECLARED = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_BROKEN = (ParseError, nx.NetworkXException, shapely.errors.ShapelyError, ValueError, KeyError, TypeError)
_DRAWN = ("geometry", "oneway", "length")
"""Attributes the graph itself stands for: its edges say where they lie and which way they lead."""

_TOO_DEEP = (SyntaxError, RecursionError, MemoryError, AttributeError)


def read_graphml(path: Path) -> Reading:
    """Read a street network OSMnx wrote as GraphML, simplified or not.

    The graph itself says the directions: an edge that also stands the other way round, on the same line, may be
    driven both ways. Where OSMnx merged ways of several classes, the lowest class counts, where it merged surfaces,
    unpaved, and where it merged accesses, the one that lets in fewest.

    Raises
    ------
    InputError
        If it declares a document type, is damaged, in another CRS than degrees, or no such graph.
    """
    _refuse_entities(path)
    try:
        graph = osmnx.load_graphml(path)
        _check_crs(str(graph.graph["crs"]), path.name)
        place = {int(node): (float(at["x"]), float(at["y"])) for node, at in graph.nodes(data=True)}
        kept, dropped = _ways_of_edges(graph, place)
    except InputError:
        raise
    except (*_BROKEN, *_TOO_DEEP) as error:
        raise InputError(Message.of("roads.damaged", file=path.name)) from error
    segments, lost = segments_of(kept, place)
    return Reading("graphml", segments, _date(graph), dropped + lost)


def _check_crs(crs: str, name: str) -> None:
    if crs.lower() not in {"epsg:4326", "wgs84", "ogc:crs84"}:
        raise InputError(Message.of("roads.graph_crs", file=name, crs=crs))


def _refuse_entities(path: Path) -> None:
    tail = b""
    with path.open("rb") as file:
        while block := file.read(_SCAN):
            if _DECLARED.search(tail + block):
                raise InputError(Message.of("roads.entities", file=path.name))
            tail = block[-16:]


def _date(graph: nx.MultiDiGraph) -> dt.date | None:
    try:
        return dt.date.fromisoformat(str(graph.graph.get("created_date", ""))[:10])
    except ValueError:
        return None


def _ways_of_edges(graph: nx.MultiDiGraph, place: dict[int, tuple[float, float]]) -> tuple[list[Way], Counter[str]]:
    """Make a way of every edge; its inner vertices become nodes of its own."""
    edges: dict[tuple[Any, ...], tuple[int, tuple[int, ...], dict[str, str]]] = {}
    driven: dict[tuple[Any, ...], set[bool]] = {}
    for number, (start, end, tags) in enumerate(graph.edges(data=True)):
        line = _line(tags, place[start], place[end])
        here = (start, *line[1:-1], end)
        there, back = _rounded(here), _rounded(here[::-1])
        key = (min(there, back), _ids(tags))
        driven.setdefault(key, set()).add(there <= back)
        if key not in edges:
            inner = tuple(-(number * 1_000_000 + at + 1) for at in range(len(line) - 2))
            place.update(zip(inner, line[1:-1], strict=True))
            edges[key] = (number, (start, *inner, end), _plain(tags))
    tagged = (
        (number, nodes, tags | {"oneway": "yes" if len(driven[key]) == 1 else "no"})
        for key, (number, nodes, tags) in edges.items()
    )
    return ways_of(tagged)


def _rounded(nodes: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(
        (round(node[0], _DIGITS), round(node[1], _DIGITS)) if isinstance(node, tuple) else (float(node), 0.0)
        for node in nodes
    )


def _ids(tags: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(sorted(_several(tags.get("osmid"))))


def _line(tags: Mapping[str, Any], start: tuple[float, float], end: tuple[float, float]) -> list[tuple[float, float]]:
    drawn = tags.get("geometry")
    if drawn is None:
        return [start, end]
    return [start, *((float(x), float(y)) for x, y in drawn.coords[1:-1]), end]


def _several(value: object) -> list[str]:
    """Give the values OSMnx merged into one."""
    if isinstance(value, str) and value.startswith("["):
        value = ast.literal_eval(value)
    if isinstance(value, list):
        return [str(part) for part in value]
    return [] if value is None else [str(value)]


def _plain(tags: Mapping[str, Any]) -> dict[str, str]:
    """Turn an edge's attributes into one value each."""
    plain = {key: _several(value) for key, value in tags.items() if not key.startswith(_DRAWN)}
    one = {key: values[0] for key, values in plain.items() if values}
    classes = [value for value in plain.get("highway", []) if value in OSM_CLASSES]
    if classes:
        one["highway"] = max(classes, key=lambda value: CLASSES.index(OSM_CLASSES[value]))
    if rough := [value for value in plain.get("surface", []) if surface_of_word(value) == "unpaved"]:
        one["surface"] = rough[0]
    for key in ACCESS_KEYS:
        if words := plain.get(key):
            one[key] = max(sorted(words), key=lambda word: ACCESS.index(access_of_word(word)))
    if plain.get("name"):
        one["name"] = " / ".join(sorted(plain["name"]))
    return one


def segments_of_graphs(graphs: Iterable[nx.MultiDiGraph]) -> tuple[Segments, Counter[str]]:
    """Give the pieces of unsimplified graphs fetched with ``all_oneway``; what several graphs hold counts once.

    With that setting OSMnx gives every piece once, its tags as they are, those of ``oneway=-1`` turned.
    """
    tags_of: dict[int, dict[str, str]] = {}
    pieces: dict[int, set[tuple[int, int]]] = {}
    place: dict[int, tuple[float, float]] = {}
    for graph in graphs:
        place.update((int(node), (float(at["x"]), float(at["y"]))) for node, at in graph.nodes(data=True))
        for start, end, tags in graph.edges(data=True):
            number = int(tags["osmid"])
            tags_of[number] = {key: str(value) for key, value in tags.items() if key in TAGS}
            pieces.setdefault(number, set()).add((int(start), int(end)))
    _, dropped = ways_of((number, (), tags) for number, tags in sorted(tags_of.items()))
    numbers = [number for number, tags in sorted(tags_of.items()) if not why_dropped(tags)]
    kept = [
        way_of(number, piece, tags_of[number], turned=True) for number in numbers for piece in sorted(pieces[number])
    ]
    segments, lost = segments_of(kept, place)
    return _sailing_split(segments), dropped + lost


def _sailing_split(segments: Segments) -> Segments:
    """Split a ferry's sailing time, stated for the whole way, over its pieces by length."""
    km = segments.km()
    ferry, of_piece = np.unique(segments.ferry_id.astype(str), return_inverse=True)
    whole = np.bincount(of_piece, weights=km, minlength=len(ferry))
    return segments.with_pieces(ferry_min=segments.ferry_min * km / whole[of_piece])
