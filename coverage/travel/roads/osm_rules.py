"""Which ways of OpenStreetMap are roads here, and how they may be driven."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Literal

from coverage.travel.roads.segments import FERRY, Way
from coverage.travel.roads.words import OSM_CLASSES, surface_of_word

TAGS = (
    "highway",
    "name",
    "oneway",
    "junction",
    "oneway:vehicle",
    "oneway:motor_vehicle",
    "oneway:motorcar",
    "oneway:motorcycle",
    "access",
    "foot",
    "vehicle",
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
_CAR = ("motorcar", "motor_vehicle", "vehicle", "access")
_BARRED = frozenset({"no", "agricultural", "forestry", "military", "emergency", "dismount"})
"""Values that keep visitors out, whatever brings them."""

_RESTRICTED = frozenset({"private", "destination", "customers", "delivery", "permit"})
"""Values that let in who has business along the road: homes and estates lie there, and an officer comes announced."""

_ASHORE = frozenset({*_BARRED, *_RESTRICTED} - {"destination"})
"""Values that keep passengers off a boat: nobody lives along its way."""

Access = Literal["open", "restricted", "barred"]
ACCESS: tuple[Access, ...] = ("open", "restricted", "barred")
"""Whom a road lets in, from everybody to nobody; ``restricted`` is a first or last leg and never a way through."""

ACCESS_KEYS = ("motorcycle", *_CAR)
"""Tags that say who may drive on a road, the most specific first."""

_FORWARD = frozenset({"yes", "true", "1"})
_BACKWARD = frozenset({"-1", "reverse"})
_CIRCULAR = frozenset({"roundabout", "circular"})
_CLOCK = re.compile(r"(\d{1,3}):([0-5]\d)(?::[0-5]\d)?")
_ISO = re.compile(r"P(?:(\d{1,2})D)?(?:T(?:(\d{1,3})H)?(?:(\d{1,4})M)?(?:\d{1,2}S)?)?")
_MINUTES = re.compile(r"(\d{1,4}(?:[.,]\d{1,3})?)(?:\s*(?:min|minutes|menit))?")


def ways_of(
    tagged: Iterable[tuple[int, tuple[int, ...], Mapping[str, str]]],
) -> tuple[list[Way], Counter[str]]:
    """Keep the ways people drive or sail, and count the others by reason.

    Kept are roads for cars and motorcycles, tracks included, and ferries. Left out: paths and footways
    (``on_foot``), ways closed to visitors or to vehicles (``no_access``), driveways and parking aisles
    (``driveways``), squares (``areas``) and roads not there yet or no more (``not_roads``). One-way are
    ``oneway=yes``, roundabouts and motorways, as OSMnx and the OpenStreetMap wiki read them; ``oneway:motorcar``
    and the like come before ``oneway``.

    Parameters
    ----------
    tagged
        Way id, node ids in the way's order, tags.
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
        kept.append(way_of(number, nodes, tags))
    return kept, dropped


def way_of(number: int, nodes: tuple[int, ...], tags: Mapping[str, str], *, turned: bool = False) -> Way:
    """Say what the tags of one kept way come to.

    Parameters
    ----------
    number, nodes, tags
        Of the way.
    turned
        Whether nodes of ``oneway=-1`` already stand in the direction of travel, as in OSMnx's graphs.
    """
    name = tags.get("name", "")
    highway = tags.get("highway", "")
    if not highway:
        sailing = sailing_minutes(tags.get("duration", ""))
        return Way(
            nodes,
            FERRY,
            name=name,
            one_way=_one_way(tags, ""),
            ferry_id=f"osm-{number}",
            ferry_min=sailing,
            vehicles=carries_vehicles(tags),
        )
    backward = (_direction(tags) in _BACKWARD) != (turned and tags.get("oneway", "") in _BACKWARD)
    return Way(
        nodes[::-1] if backward else nodes,
        OSM_CLASSES[highway],
        surface=surface_of_word(tags.get("surface", "")) or "",
        name=name,
        one_way=_one_way(tags, highway),
        restricted=_taken(tags)[0] == "restricted",
    )


def why_dropped(tags: Mapping[str, str]) -> str:
    """Give the reason a way is left out, "" where it is kept."""
    highway = tags.get("highway", "")
    if not highway:
        if tags.get("route") != FERRY:
            return "not_roads"
        return "" if _boards_by(tags) or may_board(tags, ("foot", "access")) else "no_access"
    reasons = {
        "on_foot": highway in _ON_FOOT,
        "not_roads": highway not in OSM_CLASSES,
        "areas": tags.get("area") == "yes",
        "driveways": tags.get("service", "") in _DRIVEWAYS,
        "no_access": _taken(tags)[0] == "barred",
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def access_of(tags: Mapping[str, str], keys: Iterable[str]) -> Access:
    """Tell whom the first of some tags that stands on a road lets in; what says nothing is open to all.

    Of several values (``private;yes``) the most open one counts.

    Examples
    --------
    >>> access_of({"access": "no", "motor_vehicle": "yes"}, ("motor_vehicle", "access"))
    'open'
    >>> access_of({"access": "private"}, ("motor_vehicle", "access"))
    'restricted'
    """
    said = next((value for key in keys if (value := _said(tags, key))), "")
    return min((access_of_word(word) for word in said.split(";")), key=ACCESS.index)


def access_of_word(word: str) -> Access:
    """Tell whom one value of an access tag lets in.

    Examples
    --------
    >>> access_of_word("permissive"), access_of_word("customers"), access_of_word("forestry")
    ('open', 'restricted', 'barred')
    """
    plain = word.strip()
    return "barred" if plain in _BARRED else "restricted" if plain in _RESTRICTED else "open"


def may_board(tags: Mapping[str, str], keys: Iterable[str]) -> bool:
    """Tell whether the first of some tags that stands on a ferry takes passengers; what says nothing takes all.

    Examples
    --------
    >>> may_board({"access": "private;yes"}, ("foot", "access")), may_board({"access": "private"}, ("access",))
    (True, False)
    """
    said = next((value for key in keys if (value := _said(tags, key))), "")
    return not all(value.strip() in _ASHORE for value in said.split(";"))


def carries_vehicles(tags: Mapping[str, str]) -> str:
    """Tell whether a ferry carries cars or motorcycles: "yes", "no", "" where its tags do not say.

    ``access`` alone speaks of the public, not of vehicles, unless it shuts the ferry to everybody it does not name.

    Examples
    --------
    >>> carries_vehicles({"motor_vehicle": "no", "foot": "yes"}), carries_vehicles({"motorcycle": "yes"})
    ('no', 'yes')
    >>> carries_vehicles({"access": "yes"}), carries_vehicles({"motor_vehicle": "unknown"})
    ('', '')
    """
    if not _boards_by(tags):
        return "no"
    return "yes" if any(_said(tags, key) for key in ACCESS_KEYS if key != "access") else ""


def _said(tags: Mapping[str, str], key: str) -> str:
    """Give the value of a tag; "" where it says nothing."""
    value = tags.get(key, "")
    return "" if value == "unknown" else value


def _taken(tags: Mapping[str, str]) -> tuple[Access, str]:
    """Give whom a road lets in and by which vehicle: by car, or by motorcycle where its own tag lets in more."""
    by_car = access_of(tags, _CAR)
    if _said(tags, "motorcycle"):
        by_motorcycle = access_of(tags, ("motorcycle",))
        if ACCESS.index(by_motorcycle) < ACCESS.index(by_car):
            return by_motorcycle, "motorcycle"
    return by_car, "motorcar"


def _boards_by(tags: Mapping[str, str]) -> str:
    """Give the vehicle a ferry takes: cars, else motorcycles where their own tag says so; "" where neither."""
    if may_board(tags, _CAR):
        return "motorcar"
    return "motorcycle" if _said(tags, "motorcycle") and may_board(tags, ("motorcycle",)) else ""


def _direction(tags: Mapping[str, str]) -> str:
    """Give the ``oneway`` that holds for the vehicle the way is open to."""
    vehicle = _taken(tags)[1] if tags.get("highway") else _boards_by(tags)
    keys = (f"oneway:{vehicle}", "oneway:motor_vehicle", "oneway:vehicle", "oneway")
    return next((tags[key] for key in keys if tags.get(key)), "")


def _one_way(tags: Mapping[str, str], highway: str) -> bool:
    said = _direction(tags)
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
