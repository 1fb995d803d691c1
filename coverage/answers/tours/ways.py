"""The line a team follows on a day: the roads' own where real roads are known, else straight from stop to stop."""

import itertools
from functools import lru_cache

import numpy as np
import shapely

from coverage.answers.pokling import base_place, team_network
from coverage.answers.tours.plan import BASE, Plan, PlannedDay
from coverage.ground.geometry import FloatArray
from coverage.travel.network.graph import Network
from coverage.travel.route import route

_KEPT_LEGS = 2_000


class _Leg:
    """A leg as a key: networks are compared by identity, because they never change."""

    def __init__(self, network: Network, ends: tuple[int, int]) -> None:
        self.network, self.ends = network, ends

    def __hash__(self) -> int:
        return hash((id(self.network), self.ends))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Leg) and self.network is other.network and self.ends == other.ends


def calls_of(day: PlannedDay) -> list[str]:
    """Give where a team is on a day, in order: start, visits that count, and the base or where else it sleeps."""
    calls = [day.starts_at, *(stop.kode for stop in day.stops if stop.counts)]
    return calls if day.ends_at == calls[-1] != BASE else [*calls, day.ends_at]


def follows_roads(plan: Plan) -> bool:
    """Tell whether any real road is known where the plan goes."""
    return bool(plan.study.roads.sources)


def day_line(plan: Plan, day: PlannedDay) -> shapely.LineString:
    """Draw a day's way (EPSG:4326), through every stop.

    A leg follows real roads where its route has any; a leg on the indicative network alone is straight, because the
    network's own legs are no roads either.
    """
    calls = calls_of(day)
    legs = [_straight(plan, first, second) for first, second in itertools.pairwise(calls)]
    if follows_roads(plan):
        network = team_network(plan.study)
        nodes = [_node(plan, call) for call in calls]
        drawn = [_on_roads(_Leg(network, ends)) for ends in itertools.pairwise(nodes)]
        legs = [plain if road is None else road for plain, road in zip(legs, drawn, strict=True)]
    points = np.concatenate(legs) if legs else np.array([plan.point(calls[0])[::-1]])
    points = points[np.r_[True, (np.diff(points, axis=0) != 0).any(axis=1)]]
    return shapely.LineString(points if len(points) > 1 else np.repeat(points, 2, axis=0))


def _straight(plan: Plan, first: str, second: str) -> FloatArray:
    return np.array([plan.point(first)[::-1], plan.point(second)[::-1]])


def _node(plan: Plan, call: str) -> int:
    place = base_place(plan.study, plan.base) if call == BASE else plan.study.places([call])
    return int(place.node[0])


@lru_cache(maxsize=_KEPT_LEGS)
def _on_roads(leg: _Leg) -> FloatArray | None:
    """Give the points of a leg that has a real road in it; None where it has none."""
    found = route(leg.network, *leg.ends)
    if found is None or found.line is None or all(part.kind != "road" for part in found.legs):
        return None
    return np.asarray(shapely.get_coordinates(found.line), dtype=np.float64)
