"""The roads of one area as arcs: edges cut where places touch them, and the ways from the places to the road."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.ground.geometry import FloatArray, IntArray
from coverage.travel.network.ferry_choices import Season
from coverage.travel.network.graph import ACCESS, ROAD, arc_table
from coverage.travel.network.snapping import Snaps
from coverage.travel.network.speeds import Speeds
from coverage.travel.roads.road_network import Roads

_MINUTES_PER_HOUR = 60.0
_M_PER_KM = 1000.0
_SAME_KM = 1e-5
"""A place this near to the end of an edge, a centimetre, takes the junction."""


@dataclass(frozen=True)
class Cuts:
    """Points where places touch edges between their ends; each point once, edge by edge and along the edge.

    ``edge``, ``share`` of its length, ``lon``, ``lat`` (EPSG:4326), and the number of the new ``node``.
    """

    edge: IntArray
    share: FloatArray
    lon: FloatArray
    lat: FloatArray
    node: IntArray


def cut_edges(roads: Roads, snaps: Snaps, *, first: int) -> Cuts:
    """Find where edges are cut; new nodes are numbered from `first`."""
    between = _between_ends(roads, snaps)
    table = pd.DataFrame({"edge": snaps.edge, "share": snaps.share, "lon": snaps.lon, "lat": snaps.lat})[between]
    table = table.drop_duplicates(["edge", "share"]).sort_values(["edge", "share"])
    edge, share, lon, lat = (table[name].to_numpy() for name in table)
    return Cuts(edge, share, lon, lat, first + np.arange(len(table), dtype=np.int64))


def _between_ends(roads: Roads, snaps: Snaps) -> npt.NDArray[np.bool_]:
    between = snaps.edge >= 0
    km, share = roads.km[snaps.edge[between]], snaps.share[between]
    between[between] = (share * km > _SAME_KM) & ((1 - share) * km > _SAME_KM)
    return between


def road_arcs(
    roads: Roads, junctions: IntArray, cuts: Cuts, speeds: Speeds, season: Season = "biasa"
) -> dict[str, np.ndarray]:
    """Turn edges into arcs from stop to stop, and back where the road runs both ways.

    Parameters
    ----------
    roads
        One area; ferry ways are left out.
    junctions
        Network node of each of its nodes.
    cuts
        Further stops on its edges.
    speeds, season
        Give the minutes.

    Returns
    -------
    Fields of arcs; ``edge`` is the number of the line in `roads`.
    """
    drivable = np.flatnonzero(roads.road_class != "ferry")
    stops = pd.DataFrame(
        {
            "edge": np.concatenate([drivable, cuts.edge, drivable]),
            "share": np.concatenate([np.zeros(len(drivable)), cuts.share, np.ones(len(drivable))]),
            "node": np.concatenate([junctions[roads.tail[drivable]], cuts.node, junctions[roads.head[drivable]]]),
        }
    ).sort_values(["edge", "share"], kind="stable")
    edge, share, node = (stops[name].to_numpy() for name in stops)
    piece = np.flatnonzero(edge[1:] == edge[:-1])
    edge, start, end, tail, head = edge[piece], share[piece], share[piece + 1], node[piece], node[piece + 1]
    km_per_h = np.ones(len(roads.km))
    km_per_h[drivable] = speeds.of_roads(roads.road_class[drivable], roads.surface[drivable], season)
    km = roads.km[edge] * (end - start)
    minutes = km / km_per_h[edge] * _MINUTES_PER_HOUR
    back = roads.both_ways[edge]
    return arc_table(
        ROAD,
        np.concatenate([tail, head[back]]),
        np.concatenate([head, tail[back]]),
        np.concatenate([minutes, minutes[back]]),
        np.concatenate([km, km[back]]),
        edge=np.concatenate([edge, edge[back]]),
        start=np.concatenate([start, end[back]]),
        end=np.concatenate([end, start[back]]),
    )


def access_arcs(
    places: IntArray, roads: Roads, junctions: IntArray, snaps: Snaps, cuts: Cuts, speeds: Speeds
) -> dict[str, np.ndarray]:
    """Join places to the points where they touch the road, to and fro.

    Parameters
    ----------
    places
        Network node of each place, in the order of `snaps`.
    """
    joined = np.flatnonzero(snaps.edge >= 0)
    edge, share = snaps.edge[joined], snaps.share[joined]
    spot = junctions[np.where(share < 0.5, roads.tail[edge], roads.head[edge])]  # noqa: PLR2004 - the nearer end
    between = _between_ends(roads, snaps)[joined]
    at = pd.MultiIndex.from_arrays([cuts.edge, cuts.share])
    spot[between] = cuts.node[at.get_indexer(pd.MultiIndex.from_arrays([edge[between], share[between]]))]
    place = places[joined]
    km = snaps.metres[joined] / _M_PER_KM * speeds.access_detour
    minutes = km / speeds.access_km_per_h * _MINUTES_PER_HOUR
    return arc_table(
        ACCESS, np.concatenate([place, spot]), np.concatenate([spot, place]), np.tile(minutes, 2), np.tile(km, 2)
    )
