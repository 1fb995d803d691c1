"""Read a raw Overpass answer kept in a file."""

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.travel.roads.osm_rules import ways_of
from coverage.travel.roads.segments import Reading, segments_of


def read_overpass(path: Path) -> Reading:
    """Read the ways of an Overpass answer in JSON.

    Raises
    ------
    InputError
        If it is cut short or no such answer, or the server said in it that it failed.
    """
    try:
        answer = json.loads(path.read_bytes())
        ways: dict[int, tuple[int, tuple[int, ...], Mapping[str, str]]] = {}
        place: dict[int, tuple[float, float]] = {}
        for element in answer["elements"]:
            if element["type"] == "node":
                place[int(element["id"])] = float(element["lon"]), float(element["lat"])
            elif element["type"] == "way" and "nodes" in element:
                nodes = tuple(map(int, element["nodes"]))
                ways[int(element["id"])] = (int(element["id"]), nodes, _texts(element.get("tags", {})))
                # "out geom" writes the places beside the nodes of each way.
                for node, at in zip(nodes, element.get("geometry", ()), strict=False):
                    if at is not None:
                        place.setdefault(node, (float(at["lon"]), float(at["lat"])))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise InputError(Message.of("roads.damaged", file=path.name)) from error
    if "runtime error" in str(answer.get("remark", "")):
        raise InputError(Message.of("roads.partial_answer", file=path.name))
    kept, dropped = ways_of(ways.values())
    segments, lost = segments_of(kept, place)
    return Reading("overpass-json", segments, answer_date(answer), dropped + lost)


def answer_date(answer: Mapping[str, Any]) -> dt.date | None:
    """Give the day an Overpass answer's data is of, where it says so."""
    stated = answer.get("osm3s")
    text = str(stated.get("timestamp_osm_base", "")) if isinstance(stated, dict) else ""
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        return None


def _texts(tags: Mapping[str, Any]) -> dict[str, str]:
    return {str(key): str(value) for key, value in tags.items()}
