"""The indicative network: the proximity graph with detours and speeds put on, and ferries between islands."""

import numpy as np
import pandas as pd

from coverage.ground.codes import LENGTH_OF, is_city
from coverage.ground.geometry import FloatArray
from coverage.ground.parquet import read_parquet
from coverage.ground.registry import data_file
from coverage.travel.network.graph import Legs, Network, two_way
from coverage.travel.network.speeds import Speeds

_MINUTES_PER_HOUR = 60.0
_SHORTEST_KM = 0.05


def road_legs(edges: pd.DataFrame, villages: pd.DataFrame, speeds: Speeds) -> tuple[FloatArray, FloatArray]:
    """Give minutes and road kilometres of proximity edges.

    The detour factor grows with relief, ``base + slope * |dh| / km``; water inside an edge is walked
    around; speed goes by what stands at the two ends.

    Parameters
    ----------
    edges
        ``a``, ``b`` (row numbers of `villages`), ``km`` (straight), ``water_km``.
    villages
        Index ``kode``; ``kind``, ``elevation_m`` (NaN: taken as level).
    """
    a, b = edges["a"].to_numpy(np.int64), edges["b"].to_numpy(np.int64)
    straight, water = edges["km"].to_numpy(np.float64), edges["water_km"].to_numpy(np.float64)
    height = villages["elevation_m"].to_numpy(np.float64)
    rise = np.nan_to_num(np.abs(height[a] - height[b]))
    slope = np.minimum(rise / np.maximum(straight, _SHORTEST_KM), speeds.detour_max_m_per_km)
    factor = speeds.detour_base + speeds.detour_per_m_per_km * slope
    km = (straight - water) * factor + water * speeds.detour_water
    where, of = pd.factorize(villages.index.str[: LENGTH_OF["regency"]])
    city = np.array([is_city(kode) for kode in of], dtype=bool)[where]
    urban = villages["kind"].to_numpy() == "kelurahan"
    speed = np.full(len(a), speeds.rural)
    speed[city[a] | city[b] | (urban[a] & urban[b])] = speeds.mixed
    speed[city[a] & city[b]] = speeds.urban
    return km / speed * _MINUTES_PER_HOUR, km


def build_network(villages: pd.DataFrame, ferries: pd.DataFrame, speeds: Speeds) -> Network:
    """Build the indicative network of the embedded village table.

    Parameters
    ----------
    villages
        All villages, in the order of the embedded file.
    ferries
        Legs of :func:`coverage.travel.network.ferry_legs.ferry_legs`.
    speeds
        Speeds and detours.
    """
    edges = read_parquet(data_file("proximity"))
    minutes, km = road_legs(edges, villages, speeds)
    start, end = (villages.index.get_indexer(pd.Index(ferries[port])) for port in ("from_kode", "to_kode"))
    road_wait = np.zeros(len(edges))
    legs = Legs(
        np.concatenate([edges["a"].to_numpy(np.int64), start]),
        np.concatenate([edges["b"].to_numpy(np.int64), end]),
        np.concatenate([minutes, ferries["minutes"].to_numpy(float)]),
        np.concatenate([km, ferries["km"].to_numpy(float)]),
        np.concatenate([np.full(len(edges), -1, dtype=np.int64), np.arange(len(ferries), dtype=np.int64)]),
    )
    return two_way(
        villages.index,
        legs,
        tuple(ferries.index),
        lon=villages["lon"].to_numpy(np.float64),
        lat=villages["lat"].to_numpy(np.float64),
        wait_min=np.concatenate([road_wait, ferries["wait_min"].to_numpy(float)]),
        ferry_names=tuple(ferries["name"]),
        ferry_estimated=tuple(ferries["estimated"]),
    )
