"""Which ways of OpenStreetMap are roads here, and how they may be driven."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from coverage.travel.roads.segments import FERRY, Way
from coverage.travel.roads.words import OSM_CLASSES, surface_of_word

TAGS = (
    "highway",
    "name",
    "oneway",
    "junction",
    "access",
    "motor_vehicle",
    "motorcar",
    "motorcycle",
    "service",
    "area",
    "surface",
    "route",
    "duration",
)
"""The tags these rules look at."""

_ON_FOOT = frozenset({"path", "footway", "steps", "pedestrian", "cycleway", "bridleway", "corridor", "via_ferrata"})
_DRIVEWAYS = frozenset({"driveway", "parking", "parking_aisle", "private", "emergency_access", "drive-through"})
_BARRED = frozenset({"no", "private"})
_RIDDEN = frozenset({"yes", "designated", "permissive"})
_FORWARD = frozenset({"yes", "true", "1"})
_BACKWARD = frozenset({"-1", "reverse"})
_CIRCULAR = frozenset({"roundabout", "circular"})
_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)(?::[0-5]\d)?")
_ISO = re.compile(r"P(?:(\d{1,2})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:\d{1,2}S)?)?")
_MINUTES = re.compile(r"(\d{1,4}(?:[.,]\d{1,3})?)(?:\s*(?:min|minutes|menit))?")


def ways_of(
    tagged: Iterable[tuple[int, tuple[int, ...], Mapping[str, str]]], *, turned: bool = False
) -> tuple[list[Way], Counter[str]]:
    """Keep the ways people drive or sail, and count the others by reason.

    Kept are roads for cars and motorcycles, tracks included, and ferries. Left out: paths and footways
    (``on_foot``), ways closed to the public or to vehicles (``no_access``; a way closed to cars only but open to
    motorcycles stays), driveways and parking aisles (``driveways``), squares (``areas``) and roads not there yet or
    no more (``not_roads``). One-way are ``oneway=yes``, roundabouts and motorways, as OSMnx and the OpenStreetMap
    wiki read them.

    Parameters
    ----------
    tagged
        Way id, node ids in the way's order, tags.
    turned
        Whether nodes of ``oneway=-1`` already stand in the direction of travel, as in OSMnx's graphs.
    """
    kept: list[Way] = []
    dropped: Counter[str] = Counter()
    for number, nodes, tags in tagged:
        reason = why_dropped(tags)
        if reason:
            dropped[reason] += 1
            continue
        if surface_of_word(tags.get("surface", "")) is None:
            dropped["surface_words"] += 1
        kept.append(way_of(number, nodes, tags, turned=turned))
    return kept, dropped


def way_of(number: int, nodes: tuple[int, ...], tags: Mapping[str, str], *, turned: bool = False) -> Way:
    """Say what the tags of one kept way come to."""
    name = tags.get("name", "")
    highway = tags.get("highway", "")
    if not highway:
        sailing = sailing_minutes(tags.get("duration", ""))
        return Way(nodes, FERRY, name=name, one_way=_one_way(tags, ""), ferry_id=f"osm-{number}", ferry_min=sailing)
    backward = tags.get("oneway", "") in _BACKWARD and not turned
    return Way(
        nodes[::-1] if backward else nodes,
        OSM_CLASSES[highway],
        surface=surface_of_word(tags.get("surface", "")) or "",
        name=name,
        one_way=_one_way(tags, highway),
    )


def why_dropped(tags: Mapping[str, str]) -> str:
    """Give the reason a way is left out, "" where it is kept."""
    highway = tags.get("highway", "")
    if not highway:
        if tags.get("route") != FERRY:
            return "not_roads"
        return "no_access" if tags.get("access") in _BARRED else ""
    barred = (
        tags.get("access") in _BARRED
        or tags.get("motor_vehicle") == "no"
        or (tags.get("motorcar") == "no" and tags.get("motorcycle") not in _RIDDEN)
    )
    reasons = {
        "on_foot": highway in _ON_FOOT,
        "not_roads": highway not in OSM_CLASSES,
        "areas": tags.get("area") == "yes",
        "driveways": tags.get("service", "") in _DRIVEWAYS,
        "no_access": barred,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _one_way(tags: Mapping[str, str], highway: str) -> bool:
    said = tags.get("oneway", "")
    if said in _FORWARD or said in _BACKWARD:
        return True
    return said != "no" and (tags.get("junction") in _CIRCULAR or highway == "motorway")


def sailing_minutes(text: str) -> float:
    """Read a ``duration``: hours and minutes, minutes, or ISO 8601; NaN where it cannot be read or is nothing.

    Examples
    --------
    >>> sailing_minutes("02:30"), sailing_minutes("45"), sailing_minutes("PT1H15M"), sailing_minutes("1.5 h")
    (150.0, 45.0, 75.0, nan)
    """
    plain = text.strip()
    minutes = 0.0
    if found := _CLOCK.fullmatch(plain):
        minutes = 60.0 * int(found[1]) + int(found[2])
    elif found := _MINUTES.fullmatch(plain):
        minutes = float(found[1].replace(",", "."))
    elif found := _ISO.fullmatch(plain.upper()):
        days, hours, rest = (int(part or 0) for part in found.groups())
        minutes = 24.0 * 60 * days + 60.0 * hours + rest
    return minutes if minutes > 0 else float("nan")
