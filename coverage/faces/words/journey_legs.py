"""A journey in words and on the map: its legs, one by one."""

from coverage.answers.journey import Journey, Stop
from coverage.faces.maps.map_legend import LegendEntry
from coverage.faces.maps.map_marks import MapLine
from coverage.faces.words.travel_listings import estimate_mark
from coverage.ground.texts import Language, Message, say
from coverage.travel.route import Leg, LegKind

# Black on the light classes and on the dark ones with its white edge; the sea gets a blue that stays apart (Okabe
# and Ito 2008). What nobody drives exactly so is dashed.
_LOOKS: dict[LegKind, tuple[str, bool]] = {
    "road": ("#111111", False),
    "indicative": ("#111111", True),
    "ferry": ("#0072b2", True),
    "access": ("#8a5a00", True),
}
_M_PER_KM = 1000


def journey_title(found: Journey) -> Message:
    """Say how long a journey takes, or why there is none."""
    ends = {"origin": _named(found.origin), "destination": _named(found.destination)}
    if found.why is not None:
        return found.why
    if found.route is None or not found.route.legs:
        return Message.of("network.route_here", **ends)
    return Message.of("network.route_title", **ends, minutes_min=found.route.minutes, length_km=found.route.km)


def _named(stop: Stop) -> str:
    return f"{stop.name} ({stop.id})"


def legs_of(found: Journey) -> tuple[Leg, ...]:
    """Give the legs of a journey; none where there is no path."""
    return () if found.route is None else found.route.legs


def leg_lines(found: Journey, lang: Language) -> list[str]:
    """Say each leg in a line: kind, kilometres, minutes; of a ferry wait and sailing time."""
    return [_told(leg, lang) for leg in legs_of(found)]


def _told(leg: Leg, lang: Language) -> str:
    told = say(
        f"network.leg_{leg.kind}",
        lang,
        length_km=leg.km,
        metres=round(leg.km * _M_PER_KM),
        minutes_min=leg.minutes,
        name=leg.name,
        id=leg.ferry_id,
        sailing_min=leg.sailing_min,
        wait_min=leg.wait_min,
    )
    return told + estimate_mark(leg.estimated, lang)


def journey_ways(found: Journey, lang: Language) -> list[MapLine]:
    """Draw each leg that has a line."""
    return [
        MapLine(leg.line, *_LOOKS[leg.kind], name=_told(leg, lang)) for leg in legs_of(found) if leg.line is not None
    ]


def way_legend(found: Journey, lang: Language) -> list[LegendEntry]:
    """Say what the lines of a journey mean, each kind once."""
    kinds = dict.fromkeys(leg.kind for leg in legs_of(found))
    return [
        LegendEntry(
            f"way_{kind}",
            say(f"network.kind_{kind}", lang),
            _LOOKS[kind][0],
            stroke="dashed" if _LOOKS[kind][1] else "solid",
        )
        for kind in kinds
    ]
