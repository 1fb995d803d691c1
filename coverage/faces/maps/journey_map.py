"""A journey on the map: a line a leg, and what the lines mean."""

from coverage.answers.journey import Journey
from coverage.faces.maps.map_legend import LegendEntry
from coverage.faces.maps.map_marks import MapLine
from coverage.faces.words.journey_legs import leg_line, legs_of
from coverage.ground.texts import Language, say
from coverage.travel.route import LegKind

# Black on the light classes and on the dark ones with its white edge; the sea gets a blue that stays apart (Okabe
# and Ito 2008). What nobody drives exactly so is dashed.
_LOOKS: dict[LegKind, tuple[str, bool]] = {
    "road": ("#111111", False),
    "indicative": ("#111111", True),
    "ferry": ("#0072b2", True),
    "access": ("#8a5a00", True),
}


def journey_ways(found: Journey, lang: Language) -> list[MapLine]:
    """Draw each leg that has a line."""
    return [
        MapLine(leg.line, *_LOOKS[leg.kind], name=leg_line(leg, lang)) for leg in legs_of(found) if leg.line is not None
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
