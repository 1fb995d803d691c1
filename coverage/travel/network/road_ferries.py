"""Ferry ways among real roads: sailing as the way states or at the assumed speed, and an assumed mean wait."""

import numpy as np
import pandas as pd

from coverage.ground.geometry import FloatArray, IntArray
from coverage.travel.network.choices import USUAL, WEEKDAYS, TravelChoices
from coverage.travel.network.graph import FERRY, arc_table
from coverage.travel.network.speeds import Speeds
from coverage.travel.network.timetable import Timetable
from coverage.travel.roads.model import Roads

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
        What to assume of sailing and trips; which wait is counted. What a way carries is not known.

    Returns
    -------
    Fields of arcs, ``ferry`` being the row of the table; and a table, index ``id``: ``area``, ``name``, ``km``,
    ``sailing_min`` (of the whole way), ``wait_min``, ``estimated`` ("wait" or "sailing,wait").
    """
    trips = (speeds.ferry_trips_per_day,) * len(WEEKDAYS)
    assumed = Timetable(trips, (), estimated=True, service_min=speeds.ferry_service_h * _MINUTES_PER_HOUR)
    wait = assumed.wait_min(choices.wait, choices.weekday)
    boats = np.flatnonzero(roads.road_class == "ferry")
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
        rows.append((roads.name[edge[0]], roads.km[edge].sum(), sailing[mine].sum(), guessed))
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
    table = pd.DataFrame(rows, columns=["name", "km", "sailing_min", "estimated"], index=pd.Index(ids, name="id"))
    table["estimated"] = np.where(table["estimated"].to_numpy(dtype=bool), "sailing,wait", "wait")
    table.insert(0, "area", roads.source.region)
    return arcs, table.assign(wait_min=wait)


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
