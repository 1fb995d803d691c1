"""The network a study stands on, made once for each content of ferries, roads, speeds and units."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pandas as pd

from coverage.ground.geometry import IntArray
from coverage.places.villages import load_villages
from coverage.places.workspace import Workspace
from coverage.travel.network.ferry_choices import TravelChoices
from coverage.travel.network.ferry_legs import check_known, ferry_legs
from coverage.travel.network.graph import INDICATIVE_TIER, MIXED_TIER, REAL_TIER, Mixed, Network
from coverage.travel.network.indicative import build_network
from coverage.travel.network.speeds import Speeds
from coverage.travel.roads.road_network import Roads, RoadSource
from coverage.travel.roads.road_store import stored_roads

_KEPT = 4


@dataclass(frozen=True)
class RealRoads:
    """What there is to tell about the real roads a study's network holds; all empty where it holds none.

    Attributes
    ----------
    sources
        Of each area, where its roads come from.
    snaps, ferries
        As :class:`coverage.travel.network.graph.Mixed`.
    """

    sources: tuple[RoadSource, ...]
    snaps: pd.DataFrame
    ferries: pd.DataFrame


@dataclass(frozen=True)
class Ways:
    """The network of the whole country, the declared ferries in it, and its real roads."""

    network: Network
    ferries: pd.DataFrame
    roads: RealRoads


def open_ways(
    workspace: Workspace, units: pd.DataFrame, speeds: Speeds, choices: TravelChoices, villages: pd.DataFrame
) -> Ways:
    """Make the network as somebody travels who chooses `choices`.

    Parameters
    ----------
    workspace
        Whose ferries and roads count.
    units
        Units with a point of their own: index id; ``kode`` of the nearest village, ``lon``, ``lat``.
    speeds
        Those of the workspace.
    villages
        All of the country, on the points from which they reach real roads; the legs of the indicative network and
        ferries stay those between the embedded points.

    Raises
    ------
    InputError
        If a ferry to leave out is unknown, or the workspace is damaged.
    """
    country = load_villages()
    roads = stored_roads(workspace)
    boats = sorted({id_ for given in roads for id_ in given.ferry_id if id_})
    check_known(choices.without, workspace.ferries(), of_roads=boats)
    gone = replace(choices, without=(*choices.without, *workspace.hidden_ferries()))
    ferries = ferry_legs(workspace.ferries(hidden=True), country, speeds, gone)
    made = _network(
        _Content(ferries, roads, units if roads else units.head(0), villages if roads else country), speeds, choices
    )
    sources = tuple(given.source for given in roads)
    ran = made.ferries[~made.ferries.index.isin(choices.without)]
    return Ways(made.network.without_ferries(choices.without), ferries, RealRoads(sources, made.snaps, ran))


def roads_within(roads: RealRoads, network: Network) -> RealRoads:
    """Cut what is told about real roads down to the areas that a part of the network touches, each of them whole."""
    ids = roads.snaps.index
    found = roads.snaps[(network.nodes.get_indexer(ids) >= 0) | (network.own.get_indexer(ids) >= 0)]
    areas = set(found["area"])
    found = roads.snaps[roads.snaps["area"].isin(areas)]
    ferries = roads.ferries[roads.ferries["area"].isin(areas)]
    return RealRoads(tuple(source for source in roads.sources if source.region in areas), found, ferries)


def tier_of_region(network: Network, villages: IntArray) -> str:
    """Name the travel tier of a region: real where one area with real roads holds all its villages, mixed where some.

    Roads of other areas that lead to a region make it no mixed one; the notes name them.
    """
    area = network.area[villages]
    if network.tier == INDICATIVE_TIER or (area < 0).all():
        return INDICATIVE_TIER
    return REAL_TIER if len(np.unique(area)) == 1 and (area >= 0).all() else MIXED_TIER


class _Content:
    """What a network is made of, as a hashable key."""

    def __init__(
        self, ferries: pd.DataFrame, roads: Sequence[Roads], units: pd.DataFrame, villages: pd.DataFrame
    ) -> None:
        self.ferries, self.roads, self.units, self.villages = ferries, roads, units, villages
        digest = hashlib.sha256(ferries.to_csv().encode())
        digest.update(units.to_csv().encode())
        digest.update(villages[["lon", "lat"]].to_numpy(np.float64).tobytes())
        for given in roads:
            _add_roads(digest, given)
        self.digest = digest.hexdigest()

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Content) and self.digest == other.digest


def _add_roads(digest: "hashlib._Hash", roads: Roads) -> None:
    digest.update(roads.source.region.encode())
    for numbers in (roads.lon, roads.lat, roads.tail, roads.head, roads.km, roads.both_ways, roads.ferry_min):
        digest.update(f"{numbers.dtype}{numbers.shape}".encode())
        digest.update(np.ascontiguousarray(numbers).data)
    for words in (roads.road_class, roads.surface, roads.ferry_id, roads.vehicles, roads.name):
        digest.update("\n".join(words).encode())
    import shapely  # noqa: PLC0415 - only who has real roads waits for it

    digest.update(b"".join(shapely.to_wkb(roads.line)))


@lru_cache(maxsize=_KEPT)
def _network(content: _Content, speeds: Speeds, choices: TravelChoices) -> Mixed:
    base = build_network(content.villages, content.ferries, speeds.of_villages(choices.season))
    if content.roads:
        from coverage.travel.network.mixed import mix_roads  # noqa: PLC0415 - only who has real roads waits for it

        return mix_roads(base, content.roads, content.units, speeds, choices)
    columns = ["area", "name", "km", "sailing_min", "wait_min", "vehicles", "estimated"]
    return Mixed(base, pd.DataFrame(columns=["area", "metres", "reason"]), pd.DataFrame(columns=columns))
