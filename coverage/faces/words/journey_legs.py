"""A journey in words: its legs, one by one."""

from coverage.answers.journey import Journey, Stop
from coverage.faces.words.travel_listings import estimate_mark
from coverage.ground.texts import Language, Message, say
from coverage.travel.route import Leg

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
    return [leg_line(leg, lang) for leg in legs_of(found)]


def leg_line(leg: Leg, lang: Language) -> str:
    """Say a leg in a line."""
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
