"""Ferry ways among real roads: sailing as the way states or at the assumed speed, and an assumed mean wait."""

import numpy as np
import pandas as pd
import shapely

from coverage.ground.geometry import FloatArray, IntArray, geodesic_km
from coverage.places.villages import load_villages
from coverage.travel.network.ferry_choices import USUAL, WAITS, WEEKDAYS, TravelChoices
from coverage.travel.network.graph import FERRY, arc_table
from coverage.travel.network.speeds import Speeds
from coverage.travel.network.timetable import Timetable
from coverage.travel.roads.road_network import Roads

_MINUTES_PER_HOUR = 60.0


def ferry_arcs(
    roads: Roads, numbers: IntArray, speeds: Speeds, choices: TravelChoices = USUAL
) -> tuple[dict[str, np.ndarray], pd.DataFrame]:
    """Turn ferry ways into arcs between their ports.

    A way in several pieces is joined end to end, so that who stays aboard waits once. Timetables are not
    known: the wait is that of the trips a day that are assumed for every line.

    Parameters
    ----------
    roads
        The roads of one area.
    numbers
        Network node of each of their junctions.
    speeds, choices
        What to assume of sailing and trips; which wait is counted, and whether vehicles must come along: a way that
        says it carries none then runs not at all.

    Returns
    -------
    Fields of arcs, ``ferry`` being the row of the table; and a table, index ``id``: ``area``, ``name``, ``km``,
    ``sailing_min`` (of the whole way), ``wait_min``, ``vehicles`` (yes|no|""), ``estimated`` ("wait" or
    "sailing,wait"), ``line`` (MultiLineString, EPSG:4326, one part a piece between two places it calls at).
    """
    trips = (speeds.ferry_trips_per_day,) * len(WEEKDAYS)
    assumed = Timetable(trips, (), estimated=True, service_min=speeds.ferry_service_h * _MINUTES_PER_HOUR)
    wait = assumed.wait_min(choices.wait, choices.weekday)
    sea = roads.road_class == "ferry"
    if choices.vehicles_only:
        sea &= roads.vehicles != "no"
    boats = np.flatnonzero(sea)
    stated = roads.ferry_min[boats]
    sailing = np.where(np.isnan(stated), roads.km[boats] / speeds.ferry_km_per_h * _MINUTES_PER_HOUR, stated)
    ids, line = np.unique(roads.ferry_id[boats].astype(str), return_inverse=True)
    ends, rows = [np.empty((0, 5))], []
    for number in range(len(ids)):
        mine = line == number
        edge = boats[mine]
        legs = _between_ports(roads, numbers, edge, sailing[mine])
        ends.append(np.column_stack([legs, np.full(len(legs), number)]))
        guessed = np.isnan(stated[mine]).any()
        said = roads.name[edge[0]], roads.km[edge].sum(), sailing[mine].sum(), roads.vehicles[edge[0]], guessed
        rows.append((*said, shapely.MultiLineString(list(roads.line[edge]))))
    tail, head, minutes, km, ferry = np.concatenate(ends).T
    arcs = arc_table(
        FERRY,
        tail.astype(np.int64),
        head.astype(np.int64),
        minutes + wait,
        km,
        ferry=ferry.astype(np.int64),
        wait_min=np.full(len(tail), wait),
    )
    columns = ["name", "km", "sailing_min", "vehicles", "estimated", "line"]
    table = pd.DataFrame(rows, columns=columns, index=pd.Index(ids, name="id"))
    table["estimated"] = np.where(table["estimated"].to_numpy(dtype=bool), "sailing,wait", "wait")
    table.insert(0, "area", roads.source.region)
    return arcs, table.assign(wait_min=wait)


def road_ferry_table(roads: Roads, speeds: Speeds) -> pd.DataFrame:
    """List the ferry ways of some roads with the times that are computed with, whatever they carry.

    Returns
    -------
    Index ``id``; ``name`` (the id where it has none), ``ports`` (kode of the villages nearest to where it calls, each
    once), ``km``, ``sailing_min``, ``mean_wait_min``, ``worst_wait_min``, ``trips`` (a day), ``vehicles`` and
    ``estimated`` as :func:`ferry_arcs`.
    """
    junctions = np.arange(len(roads.lon), dtype=np.int64)
    (_, table), (_, worst) = (ferry_arcs(roads, junctions, speeds, TravelChoices(wait=wait)) for wait in WAITS)
    ports = [villages_at(roads.lon[node], roads.lat[node]) for node in (port_nodes(roads, id_) for id_ in table.index)]
    return pd.DataFrame(
        {
            "name": table["name"].where(table["name"] != "", table.index.to_series()),
            "ports": pd.Series(ports, index=table.index, dtype=object),
            "km": table["km"],
            "sailing_min": table["sailing_min"],
            "mean_wait_min": table["wait_min"],
            "worst_wait_min": worst["wait_min"],
            "trips": float(speeds.ferry_trips_per_day),
            "vehicles": table["vehicles"],
            "estimated": table["estimated"],
        }
    )


def villages_at(lon: FloatArray, lat: FloatArray) -> list[str]:
    """Give the kode of the village nearest to each of some places, in their order, each once."""
    villages = load_villages()
    east, north = villages["lon"].to_numpy(np.float64), villages["lat"].to_numpy(np.float64)
    near = [
        int(np.argmin(geodesic_km(east, north, np.full_like(east, x), np.full_like(north, y))))
        for x, y in zip(lon, lat, strict=True)
    ]
    return list(dict.fromkeys(villages.index[near]))


def port_nodes(roads: Roads, id_: str) -> IntArray:
    """Give the junctions a ferry way calls at, those where it begins or ends first; of a ring, all."""
    edge = np.flatnonzero(roads.ferry_id == id_)
    node, calls = np.unique(np.concatenate([roads.tail[edge], roads.head[edge]]), return_counts=True)
    return np.asarray(node[np.argsort(calls, kind="stable")], dtype=np.int64)


def _between_ports(roads: Roads, numbers: IntArray, edge: IntArray, sailing: FloatArray) -> FloatArray:
    """Give the quickest sailing between all ports of one way: rows of tail, head, minutes and km (Floyd & Warshall)."""
    ports, end = np.unique(numbers[np.concatenate([roads.tail[edge], roads.head[edge]])], return_inverse=True)
    tail, head = end[: len(edge)], end[len(edge) :]
    minutes, km = np.full((len(ports),) * 2, np.inf), np.full((len(ports),) * 2, np.inf)
    for one, other, both in ((tail, head, True), (head, tail, roads.both_ways[edge])):
        used = np.flatnonzero(np.broadcast_to(both, len(edge)))
        for row in used[np.argsort(-sailing[used], kind="stable")]:
            minutes[one[row], other[row]], km[one[row], other[row]] = sailing[row], roads.km[edge[row]]
    for port in range(len(ports)):
        through = minutes[:, port, None] + minutes[None, port]
        longer = km[:, port, None] + km[None, port]
        quicker = through < minutes
        minutes, km = np.where(quicker, through, minutes), np.where(quicker, longer, km)
    apart = np.isfinite(minutes) & ~np.eye(len(ports), dtype=bool)
    first, last = np.nonzero(apart)
    return np.column_stack([ports[first], ports[last], minutes[apart], km[apart]])
