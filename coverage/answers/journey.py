"""One journey between two places of a study: its route, or in a sentence why there is none."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from coverage.answers.road_notes import apart
from coverage.answers.study import Study
from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.units import find_unit
from coverage.places.villages import find_village, load_villages
from coverage.travel.network.snap_reasons import ACROSS_WATER, JOINED, NO_ROADS, TOO_FAR
from coverage.travel.od import Places
from coverage.travel.route import Leg, Route, route

_M_PER_KM = 1000.0


@dataclass(frozen=True)
class Stop:
    """Where a journey begins or ends: kode or unit id, its name, and how it touches the network."""

    id: str
    name: str
    place: Places
    lon: float
    lat: float


@dataclass(frozen=True)
class Journey:
    """The answer of :func:`journey`: a route, or the reason why there is none."""

    study: Study
    origin: Stop
    destination: Stop
    route: Route | None
    why: Message | None


def find_stop(study: Study, text: str) -> Stop:
    """Find a place to travel from or to: a unit (id or name), or a village (kode anywhere, name in the region).

    Raises
    ------
    InputError
        If there is no such place, or several bear the name.
    """
    wanted = text.strip()
    if wanted in study.units.index:
        return _unit(study, wanted)
    try:
        kode = find_village(wanted, "ID" if wanted[:1].isdigit() else study.region.code)
    except InputError as unknown:
        try:
            return _unit(study, find_unit(study.units, wanted))
        except InputError:
            raise unknown from None
    row: Any = load_villages().loc[kode]
    return Stop(kode, str(row["name"]), study.places([kode]), float(row["lon"]), float(row["lat"]))


def _unit(study: Study, id_: str) -> Stop:
    row: Any = study.units.loc[id_]
    return Stop(id_, str(row["name"]), study.unit_places([id_]), float(row["lon"]), float(row["lat"]))


def journey(study: Study, start: str, end: str) -> Journey:
    """Find the quickest way from one place to another.

    Parameters
    ----------
    study
        A region made ready.
    start, end
        As :func:`find_stop`.

    Raises
    ------
    InputError
        If a place is unknown or ambiguous.
    """
    origin, destination = find_stop(study, start), find_stop(study, end)
    found = None
    if origin.id == destination.id:
        found = Route(())
    elif min(origin.place.node[0], destination.place.node[0]) >= 0:
        found = route(study.network, int(origin.place.node[0]), int(destination.place.node[0]))
    if found is None:
        return Journey(study, origin, destination, None, _why(study, origin, destination))
    if found.legs or origin.id != destination.id:
        found = Route((*_access(study, origin), *found.legs, *_access(study, destination, back=True)))
    return Journey(study, origin, destination, found, None)


def _access(study: Study, stop: Stop, *, back: bool = False) -> tuple[Leg, ...]:
    """Lead from a unit's own point to the village that ties it to the indicative network, or back."""
    minutes, km = float(stop.place.access_min[0]), float(stop.place.access_km[0])
    if minutes == 0:
        return ()
    node = stop.place.node[0]
    ends = [(stop.lon, stop.lat), (study.network.lon[node], study.network.lat[node])]
    line = shapely.LineString(ends[::-1] if back else ends)
    return (Leg("access", km, minutes, 0.0, 0.0, "", "", line),)


def _why(study: Study, origin: Stop, destination: Stop) -> Message:
    """Say why no path leads from one place to the other."""
    for stop in (origin, destination):
        cause = None if _is_connected(study, stop) else _not_joined(study, stop)
        if cause is not None:
            return cause
    names = {"origin": _named(origin), "destination": _named(destination)}
    nodes = [int(origin.place.node[0]), int(destination.place.node[0])]
    network = study.network
    if min(nodes) < 0:
        return Message.of("network.why_apart", **names)
    areas, groups = network.area[nodes], network.group[nodes]
    if groups[0] == groups[1] or (areas[0] != areas[1] and np.ptp(network.component[nodes]) == 0):
        return Message.of("network.why_one_way", **names)
    if areas[0] == areas[1] >= 0:
        area = str(study.roads.snaps.at[origin.id, "area"])
        return Message.of("network.why_broken", **names, area=area)
    return Message.of("network.why_apart", **names)


def _is_connected(study: Study, stop: Stop) -> bool:
    """Tell whether a place is joined to anything at all, be it by a ferry."""
    node, component = int(stop.place.node[0]), study.network.component
    return node >= 0 and int((component == component[node]).sum()) > 1


def why_cut_off(study: Study, kode: str) -> Message | None:
    """Say why a village with real roads around it is connected with nothing; None where roads are not the reason."""
    stop = find_stop(study, kode)
    if kode in apart(study):
        return Message.of("network.note_apart", places=1, told=_named(stop))
    return _not_joined(study, stop)


def _not_joined(study: Study, stop: Stop) -> Message | None:
    if stop.id not in study.roads.snaps.index:
        return None
    row: Any = study.roads.snaps.loc[stop.id]
    reason = str(row["reason"])
    if reason == JOINED:
        return None
    keys = {TOO_FAR: "network.why_too_far", ACROSS_WATER: "network.why_across_water", NO_ROADS: "network.why_no_roads"}
    return Message.of(
        keys[reason],
        name=_named(stop),
        road_km=float(row["metres"]) / _M_PER_KM,
        limit_km=study.speeds.access_limit_km,
        area=str(row["area"]),
    )


def _named(stop: Stop) -> str:
    return f"{stop.name} ({stop.id})"
