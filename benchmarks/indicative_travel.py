"""Compare indicative road kilometres with OpenStreetMap, area by area.

Reads real road material from ``shared/data/roads`` beside the repository's folder (raw Overpass answers and one
OSMnx graph; not part of the repository). Straight line x 1.3 and the plain Gabriel graph x 1.2 are the peers.

    python benchmarks/indicative_travel.py [--roads FOLDER]
"""

import argparse
import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import osmnx
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from coverage.ground.geometry import FloatArray, IntArray, geodesic_km
from coverage.ground.registry import data_file
from coverage.places.ferries import embedded_ferries
from coverage.places.villages import load_villages
from coverage.travel.network.ferry_legs import ferry_legs
from coverage.travel.network.indicative import build_network
from coverage.travel.network.speeds import load_speeds
from coverage.travel.od import Places, od_matrix

ROADS = Path(__file__).resolve().parents[1].parent / "shared" / "data" / "roads"
AREAS = {
    "Kota Probolinggo": "probolinggo_kota.json",
    "Surabaya selatan": "surabaya_south.json",
    "Probolinggo-Situbondo-Bondowoso": "probolinggo_situbondo_bondowoso.json",
    "Balikpapan": "balikpapan_kota_drive.graphml",
}
NOT_DRIVEN = {"footway", "path", "steps", "cycleway", "pedestrian", "corridor", "proposed", "construction"}
SNAP_KM = 0.6
SHORTEST_KM = 1.0
LEAST_NODES = 500
MOST_VILLAGES = 250
KM_PER_DEG = 111.2
STRAIGHT_FACTOR = 1.3
GABRIEL_FACTOR = 1.2


def read_roads(path: Path) -> tuple[FloatArray, csr_array]:
    """Read drivable roads as node positions (degrees) and lengths (km), passable both ways."""
    if path.suffix == ".graphml":
        graph = osmnx.load_graphml(path)
        number = {node: row for row, node in enumerate(graph)}
        xy = np.array([(at["x"], at["y"]) for _, at in graph.nodes(data=True)])
        rows = [(number[a], number[b], at["length"] / 1000) for a, b, at in graph.edges(data=True)]
        a, b, km = (np.array(column) for column in zip(*rows, strict=True))
    else:
        elements = json.loads(path.read_text(encoding="utf-8"))["elements"]
        spots = {one["id"]: (one["lon"], one["lat"]) for one in elements if one["type"] == "node"}
        number = {node: row for row, node in enumerate(spots)}
        xy = np.array(list(spots.values()))
        a, b = (np.array(side) for side in zip(*_segments(elements, number), strict=True))
        km = geodesic_km(xy[a, 0], xy[a, 1], xy[b, 0], xy[b, 1])
    return xy, _shortest_of_parallel(a, b, np.maximum(km, 1e-6), len(xy))


def _segments(elements: list[dict], number: dict[int, int]) -> Iterator[tuple[int, int]]:
    for one in elements:
        kind = one.get("tags", {}).get("highway")
        if one["type"] == "way" and kind and kind not in NOT_DRIVEN:
            way = [number[node] for node in one["nodes"] if node in number]
            yield from itertools.pairwise(way)


def _shortest_of_parallel(a: IntArray, b: IntArray, km: FloatArray, count: int) -> csr_array:
    ends = np.sort(np.column_stack([a, b]), axis=1)
    legs = pd.DataFrame({"a": ends[:, 0], "b": ends[:, 1], "km": km}).groupby(["a", "b"], as_index=False).min()
    return csr_array((legs["km"], (legs["a"], legs["b"])), shape=(count, count))


def pairs_of(path: Path) -> pd.DataFrame:
    """Measure pairs of villages near drivable roads: straight, Gabriel, ours and OpenStreetMap, in km."""
    villages = load_villages()
    xy, roads = read_roads(path)
    _, part = connected_components(roads, directed=False)
    drivable = np.flatnonzero(np.bincount(part)[part] > LEAST_NODES)
    lonlat = villages[["lon", "lat"]].to_numpy(np.float64)
    distance, nearest = cKDTree(xy[drivable]).query(lonlat)
    rows = np.flatnonzero(distance * KM_PER_DEG < SNAP_KM)
    if len(rows) > MOST_VILLAGES:
        rows = np.sort(np.random.default_rng(0).choice(rows, MOST_VILLAGES, replace=False))
    node = drivable[nearest[rows]]
    osm = dijkstra(roads, directed=False, indices=node)[:, node]

    edges = pd.read_parquet(data_file("proximity"))
    count = len(villages)
    plain = csr_array((np.maximum(edges["km"], 1e-6), (edges["a"], edges["b"])), shape=(count, count))
    gabriel = dijkstra(plain, directed=False, indices=rows)[:, rows]
    legs = ferry_legs(embedded_ferries(), villages, load_speeds())
    network = build_network(villages, legs, load_speeds())
    zero = np.zeros(len(rows))
    ours = od_matrix(network, villages.index[rows], Places(villages.index[rows], rows, zero, zero)).km

    first, second = np.triu_indices(len(rows), k=1)
    start, end = lonlat[rows[first]], lonlat[rows[second]]
    table = pd.DataFrame(
        {
            "straight": geodesic_km(start[:, 0], start[:, 1], end[:, 0], end[:, 1]),
            "osm": osm[first, second],
            "gabriel": gabriel[first, second],
            "ours": ours[first, second],
        }
    )
    known = np.isfinite(table).all(axis=1) & (table["straight"] > SHORTEST_KM)
    return table[known].assign(villages=len(rows))


def summed(pairs: pd.DataFrame) -> dict[str, float]:
    """Sum one area up: how crooked its roads are, and how far each estimate is off in the median."""
    guesses = {
        "lurus x 1,3": pairs["straight"] * STRAIGHT_FACTOR,
        "Gabriel x 1,2": pairs["gabriel"] * GABRIEL_FACTOR,
        "jangkau": pairs["ours"],
    }
    return {
        "villages": int(pairs["villages"].iloc[0]),
        "pairs": len(pairs),
        "OSM/straight": float((pairs["osm"] / pairs["straight"]).median()),
        "OSM/ours": float((pairs["osm"] / pairs["ours"]).median()),
        **{name: float((guess / pairs["osm"] - 1).abs().median()) for name, guess in guesses.items()},
    }


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--roads", type=Path, default=ROADS, help="folder with the road material")
    folder = parser.parse_args().roads
    held = {area: folder / name for area, name in AREAS.items() if (folder / name).exists()}
    if not held:
        print("The road material is not here (shared/data/roads beside the repository); nothing was compared.")
        return
    table = pd.DataFrame({area: summed(pairs_of(path)) for area, path in held.items()}).T
    print("Road km between village points against OpenStreetMap; the last three columns are median errors.")
    print(
        table.to_string(
            formatters={
                **dict.fromkeys(("villages", "pairs"), "{:.0f}".format),
                **dict.fromkeys(("OSM/straight", "OSM/ours"), "{:.2f}".format),
                **dict.fromkeys(("lurus x 1,3", "Gabriel x 1,2", "jangkau"), "{:.1%}".format),
            }
        )
    )


if __name__ == "__main__":
    main()
