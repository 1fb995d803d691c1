"""Real roads inside the indicative network of the country: areas that have roads, stitched to the rest at their border.

In an area with stored roads the indicative legs between its villages go, and every place of it is joined to the roads;
legs over the area's border stay for the villages that found a road. Between two places of one area only real roads and
ferries count (:mod:`coverage.travel.od`), so that the stitches join the area to the rest and never to itself.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from coverage.ground.geometry import FloatArray, IntArray
from coverage.places.villages import mask_in_region
from coverage.travel.network.area_arcs import access_arcs, cut_edges, road_arcs
from coverage.travel.network.ferry_choices import USUAL, TravelChoices
from coverage.travel.network.graph import INDICATIVE, OF_ARCS, Mixed, Network, tier_of
from coverage.travel.network.road_ferries import ferry_arcs
from coverage.travel.network.snap_reasons import JOINED
from coverage.travel.network.snapping import Parts, Snaps, land_around, snap_places
from coverage.travel.network.speeds import Speeds
from coverage.travel.roads.road_network import Roads

_SAME_PLACE_DECIMALS = 7


def areas_of(kode: pd.Index, roads: Sequence[Roads]) -> IntArray:
    """Give the number of the roads that decide about each kode, the smallest area that holds it; -1 where none does."""
    area = np.full(len(kode), -1, dtype=np.int64)
    for number in sorted(range(len(roads)), key=lambda at: len(roads[at].source.region)):
        area[mask_in_region(kode, roads[number].source.region)] = number
    return area


def mix_roads(
    indicative: Network, roads: Sequence[Roads], own: pd.DataFrame, speeds: Speeds, choices: TravelChoices = USUAL
) -> Mixed:
    """Put real roads into the indicative network.

    Parameters
    ----------
    indicative
        The network of the whole country.
    roads
        One area each; `Roads.source.region` says which villages and units they decide about.
    own
        Places with a point of their own: index id; ``kode`` (village whose area they lie in), ``lon``, ``lat``.
        Those outside all areas are left out.
    speeds, choices
        What roads, ways to the road and ferry ways take. Ferry ways are all in it
        but those that carry no vehicles where vehicles must come along.
    """
    own_area = areas_of(pd.Index(own["kode"]).astype("str"), roads)
    own = own[own_area >= 0]
    places = _Places(
        np.concatenate([indicative.lon, own["lon"].to_numpy(np.float64)]),
        np.concatenate([indicative.lat, own["lat"].to_numpy(np.float64)]),
        np.concatenate([areas_of(indicative.nodes, roads), own_area[own_area >= 0]]),
    )
    grown = _Grown(places, _junctions(roads, first=len(places.lon)), roads)
    ids, names = list(indicative.ferry_ids), list(indicative.ferry_names)
    estimated = list(indicative.ferry_estimated)
    tables, ferries, first_line = [], [], 0
    for number, given in enumerate(roads):
        mine = np.flatnonzero(places.area == number)
        snaps = places.snap(mine, given, speeds.access_limit_km)
        junctions = grown.junctions[number]
        cuts = cut_edges(given, snaps, first=grown.size)
        grown.add(cuts.lon, cuts.lat)
        roads_here = road_arcs(given, junctions, cuts, speeds, choices.season)
        roads_here["edge"] += first_line
        first_line += len(given.line)
        boats, rows = ferry_arcs(given, junctions, speeds, choices)
        new = rows[~rows.index.isin(ids)]
        ids += list(new.index)
        names += list(new["name"])
        estimated += list(new["estimated"])
        boats["ferry"] = np.array([ids.index(id_) for id_ in rows.index], dtype=np.int64)[boats["ferry"]]
        ferries.append(new)
        tables += [roads_here, access_arcs(mine, given, junctions, snaps, cuts, speeds), boats]
    kept = _stays(indicative, places)
    arcs: dict[str, Any] = {
        name: np.concatenate([getattr(indicative, name)[kept], *(one[name] for one in tables)]) for name in OF_ARCS
    }
    more = grown.size - len(places.lon)
    network = replace(
        indicative,
        own=own.index,
        lon=np.concatenate(grown.lon),
        lat=np.concatenate(grown.lat),
        area=np.concatenate([places.area, np.full(more, -1, dtype=np.int64)]),
        snap_m=np.concatenate([places.metres, np.zeros(more)]),
        ferry_ids=tuple(ids),
        ferry_names=tuple(names),
        ferry_estimated=tuple(estimated),
        lines=np.concatenate([given.line for given in roads]),
        tier=tier_of(arcs["kind"], otherwise=indicative.tier),
        **arcs,
    )
    return Mixed(network, places.told(indicative.nodes.append(own.index), roads), pd.concat(ferries))


def parts_of(roads: Roads, rows: IntArray) -> Parts:
    """Tell how some edges hang together by roads: to and fro, and whatever the direction."""
    n, land = len(roads.lon), roads.road_class != "ferry"

    def parts(tail: IntArray, head: IntArray, connection: Literal["strong", "weak"]) -> IntArray:
        arcs = coo_array((np.ones(len(tail)), (tail, head)), shape=(n, n))
        return np.asarray(connected_components(arcs, directed=True, connection=connection)[1], dtype=np.int64)

    back = roads.both_ways & land
    ends = (np.concatenate([roads.tail[land], roads.head[back]]), np.concatenate([roads.head[land], roads.tail[back]]))
    strong, by_land = parts(*ends, "strong"), parts(roads.tail[land], roads.head[land], "weak")
    inside = land & (strong[roads.tail] == strong[roads.head])
    km = np.bincount(strong[roads.tail[inside]], weights=roads.km[inside], minlength=n)
    network_km = np.where(inside, km[strong[roads.tail]], 0.0)
    return Parts(network_km[rows], by_land[roads.tail[rows]])


class _Places:
    """Villages and places with a point of their own, and how each was joined to its area's roads."""

    def __init__(self, lon: FloatArray, lat: FloatArray, area: IntArray) -> None:
        self.lon, self.lat, self.area = lon, lat, area
        self.metres = np.zeros(len(lon))
        self.reason = np.full(len(lon), JOINED, dtype=object)

    def snap(self, mine: IntArray, roads: Roads, limit_km: float) -> Snaps:
        """Join the places `mine` to the nearest road of the network; a ferry way is none."""
        lon, lat = self.lon[mine], self.lat[mine]
        drivable = np.flatnonzero(roads.road_class != "ferry")
        snaps = snap_places(
            lon, lat, roads.line[drivable], land_around(lon, lat), limit_km=limit_km, parts=parts_of(roads, drivable)
        )
        self.metres[mine], self.reason[mine] = snaps.metres, snaps.reason
        joined = snaps.edge >= 0
        edge = np.full(len(mine), -1, dtype=np.int64)
        edge[joined] = drivable[snaps.edge[joined]]
        return replace(snaps, edge=edge)

    def told(self, ids: pd.Index, roads: Sequence[Roads]) -> pd.DataFrame:
        """Tell the areas' places, how far each is from its road and why it may not be joined."""
        within = self.area >= 0
        regions = np.array([given.source.region for given in roads], dtype=object)
        return pd.DataFrame(
            {"area": regions[self.area[within]], "metres": self.metres[within], "reason": self.reason[within]},
            index=ids[within],
        )


class _Grown:
    """Nodes as they are added: the places, the junctions of all areas, then the points where edges are cut."""

    def __init__(self, places: _Places, junctions: list[IntArray], roads: Sequence[Roads]) -> None:
        self.junctions = junctions
        first = len(places.lon)
        self.size = max(int(numbers.max(initial=first - 1)) for numbers in junctions) + 1
        lon, lat = np.empty(self.size - first), np.empty(self.size - first)
        for numbers, given in zip(junctions, roads, strict=True):
            lon[numbers - first], lat[numbers - first] = given.lon, given.lat
        self.lon, self.lat = [places.lon, lon], [places.lat, lat]

    def add(self, lon: FloatArray, lat: FloatArray) -> None:
        """Add nodes at the end."""
        self.lon.append(lon)
        self.lat.append(lat)
        self.size += len(lon)


def _junctions(roads: Sequence[Roads], *, first: int) -> list[IntArray]:
    """Give every junction a number; two areas share one where both have one at the same coordinates."""
    count = [len(given.lon) for given in roads]
    table = pd.DataFrame(
        {
            "lon": np.concatenate([given.lon for given in roads]).round(_SAME_PLACE_DECIMALS),
            "lat": np.concatenate([given.lat for given in roads]).round(_SAME_PLACE_DECIMALS),
            "roads": np.repeat(np.arange(len(roads)), count),
        }
    )
    # Two junctions of one area at one place are apart on purpose, such as a bridge over a street.
    table["twin"] = table.groupby(["roads", "lon", "lat"]).cumcount()
    number = table.groupby(["lon", "lat", "twin"], sort=False).ngroup().to_numpy(np.int64) + first
    return np.split(number, np.cumsum(count)[:-1])


def _stays(indicative: Network, places: _Places) -> npt.NDArray[np.bool_]:
    """Tell which arcs of the indicative network stay: ferries, legs outside all areas, legs over a border."""
    tail, head = indicative.tail, indicative.head
    joined = places.reason == JOINED
    same = (places.area[tail] >= 0) & (places.area[tail] == places.area[head])
    return np.asarray((indicative.kind != INDICATIVE) | (~same & joined[tail] & joined[head]), dtype=bool)
