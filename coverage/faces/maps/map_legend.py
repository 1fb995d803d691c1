"""What colours, patterns and symbols on the maps mean: fixed classes, the same on every page."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

from coverage.ground.texts import Language, Message, say
from coverage.travel.reach import classes

MarkerKind = Literal["unit", "unit_unverified", "base", "added", "closed", "stop", "held"]
Pattern = Literal["plain", "hatch", "dots"]
Stroke = Literal["", "solid", "dashed"]

MARKER_KINDS: tuple[MarkerKind, ...] = get_args(MarkerKind)

# Viridis reversed (van der Walt and Smith 2015): readable without colour vision, dark is worst.
_TRAVEL_CLASSES = (
    ("upto_30", 30.0, "#fde725"),
    ("upto_60", 60.0, "#5ec962"),
    ("upto_120", 120.0, "#21918c"),
    ("upto_180", 180.0, "#3b528b"),
    ("over_180", float("inf"), "#440154"),
)
_NOT_CONNECTED = "not_connected"
_TRAVEL_KEYS = (*(key for key, _, _ in _TRAVEL_CLASSES), _NOT_CONNECTED)
_TRAVEL_ENDS_MIN = tuple(end for _, end, _ in _TRAVEL_CLASSES[:-1])
_MIXED = "campuran"
_TIER_KEYS: dict[str, str] = {
    "indikatif": "maps.tier_indicative",
    "resmi": "maps.tier_official",
    "kantor": "maps.tier_own",
    "nyata": "maps.tier_real",
    "campuran": "maps.tier_mixed",
}


@dataclass(frozen=True)
class LegendEntry:
    """One row of the legend: a class of areas, or a kind of marker.

    Attributes
    ----------
    key
        What `classes` of :func:`area_map` say.
    label
        As read.
    color
        CSS colour; for a pattern, that of its lines or dots.
    pattern
        ``plain``, ``hatch`` (not connected) or ``dots`` (not known): never colour alone.
    marker
        The marker's symbol is shown instead of a colour.
    stroke
        A line of the colour is shown instead of an area: the way of a route, or the edge of a catchment.
    """

    key: str
    label: str
    color: str = "#444444"
    pattern: Pattern = "plain"
    marker: MarkerKind | None = None
    stroke: Stroke = ""


# Many villages share a time: a province has some hundred of them.
@lru_cache(maxsize=8192)
def travel_class(minutes: float) -> str:
    """Class of a travel time; bounds belong to the lower class, infinity is not connected.

    Examples
    --------
    >>> travel_class(60.0), travel_class(60.1), travel_class(float("inf"))
    ('upto_60', 'upto_120', 'not_connected')
    """
    return _TRAVEL_KEYS[int(classes(minutes, _TRAVEL_ENDS_MIN))]


def travel_legend(lang: Language = "id") -> tuple[LegendEntry, ...]:
    """Say the fixed classes of travel time; `travel_class` answers their keys."""
    reached = [LegendEntry(key, say(f"maps.{key}", lang), color) for key, _, color in _TRAVEL_CLASSES]
    return (*reached, LegendEntry(_NOT_CONNECTED, say("maps.not_connected", lang), "#5a5a5a", "hatch"))


def marker_legend(kinds: Sequence[MarkerKind], lang: Language = "id") -> tuple[LegendEntry, ...]:
    """Say what the symbols in `kinds` mean, each once."""
    return tuple(LegendEntry(kind, say(f"maps.{kind}", lang), marker=kind) for kind in MARKER_KINDS if kind in kinds)


def tier_caption(boundary_tier: str, travel_tier: str, lang: Language = "id") -> str:
    """Say which tiers a map stands on.

    Examples
    --------
    >>> tier_caption("indikatif", "indikatif")
    'Batas dan waktu tempuh: indikatif'
    """
    boundary = Message.of("maps.tier_several" if boundary_tier == _MIXED else _TIER_KEYS[boundary_tier])
    travel = Message.of(_TIER_KEYS[travel_tier])
    if boundary == travel:
        return Message.of("maps.tiers_same", tier=boundary).text(lang)
    return Message.of("maps.tiers", boundary=boundary, travel=travel).text(lang)
