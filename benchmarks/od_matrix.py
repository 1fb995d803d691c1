"""OD matrix, villages x villages on one directed road graph: hub labels against SciPy's Dijkstra in the same run.

igraph and pandana are measured once where they are installed (pip install igraph pandana). Every
measurement is a process of its own, so that peak memory is its own; SciPy and hub labels take turns.

    python benchmarks/od_matrix.py [--repeat 3] [--no-growth]
"""

import argparse
import importlib.util
import json
import multiprocessing as mp
import os
import resource
import statistics
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, dijkstra, minimum_spanning_tree
from scipy.spatial import Delaunay, cKDTree

from coverage.ground.geometry import geodesic_km
from coverage.places.villages import load_villages
from coverage.travel.hub_labels import Arcs, build_labels

ROADS = Path(__file__).resolve().parents[2] / "shared" / "data" / "roads"
SULTRA_JUNCTIONS = 18_000
SULTRA_VILLAGES = 2_283
DRIVABLE = {
    "motorway", "trunk", "primary", "secondary", "tertiary", "unclassified", "residential", "living_street", "service",
    "motorway_link", "trunk_link", "primary_link", "secondary_link", "tertiary_link", "track",
}  # fmt: skip
KM_PER_H = 30.0
PANDANA_FAR = 4e6


def generated(factor: int) -> tuple[Arcs, np.ndarray]:
    """Generate a road-like graph: junctions of a thinned triangulation, bends on the way, 5 % one-way."""
    rng = np.random.default_rng(7)
    junctions = SULTRA_JUNCTIONS * factor
    xy = rng.random((junctions, 2)) * 200 * np.sqrt(factor)
    corners = Delaunay(xy).simplices
    sides = np.unique(np.sort(np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]), axis=1), axis=0)
    km = np.hypot(*(xy[sides[:, 0]] - xy[sides[:, 1]]).T)
    tree = minimum_spanning_tree(coo_array((km, sides.T), shape=(junctions, junctions)).tocsr()).tocoo()
    kept = np.vstack([sides[rng.random(len(sides)) < 0.25], np.column_stack([tree.row, tree.col])])
    kept = np.unique(np.sort(kept, axis=1), axis=0)
    bends = rng.poisson(1.5, len(kept))
    tail, head, length = [], [], []
    node = junctions
    for (first, last), count, whole in zip(
        kept.tolist(), bends.tolist(), np.hypot(*(xy[kept[:, 0]] - xy[kept[:, 1]]).T).tolist(), strict=True
    ):
        at = first
        for _ in range(count):
            tail.append(at)
            head.append(node)
            length.append(whole / (count + 1))
            at = node
            node += 1
        tail.append(at)
        head.append(last)
        length.append(whole / (count + 1))
    a, b, way = np.array(tail), np.array(head), np.array(length) * rng.uniform(1.0, 1.5, len(length))
    both = rng.random(len(a)) > 0.05
    there, back = way / rng.choice([20, 30, 43], len(a)) * 60, way / rng.choice([20, 30, 43], len(a)) * 60
    arcs = Arcs(
        node,
        np.concatenate([a, b[both]]),
        np.concatenate([b, a[both]]),
        np.concatenate([there, back[both]]),
        np.concatenate([way, way[both]]),
    )
    return arcs, np.sort(rng.choice(junctions, SULTRA_VILLAGES, replace=False))


def from_overpass(name: str) -> tuple[Arcs, np.ndarray]:
    """Read a raw Overpass answer as a directed graph; places are its junctions nearest to villages."""
    elements = json.loads((ROADS / name).read_text(encoding="utf-8"))["elements"]
    spot = {e["id"]: (e["lon"], e["lat"]) for e in elements if e["type"] == "node"}
    number = {osm: row for row, osm in enumerate(spot)}
    tail, head = [], []
    for way in (e for e in elements if e["type"] == "way" and e.get("tags", {}).get("highway") in DRIVABLE):
        row = [number[osm] for osm in way["nodes"] if osm in number]
        oneway = way["tags"].get("oneway")
        if oneway == "-1":
            row.reverse()
        tail += row[:-1]
        head += row[1:]
        if oneway not in ("yes", "true", "1", "-1"):
            tail += row[1:]
            head += row[:-1]
    a, b, lonlat = np.array(tail), np.array(head), np.array(list(spot.values()))
    km = geodesic_km(lonlat[a, 0], lonlat[a, 1], lonlat[b, 0], lonlat[b, 1])
    label = connected_components(coo_array((np.ones(len(a)), (a, b)), shape=(len(spot),) * 2), directed=False)[1]
    roads = np.flatnonzero(np.bincount(label)[label] > 100)
    away, nearest = cKDTree(lonlat[roads]).query(load_villages()[["lon", "lat"]].to_numpy())
    rng = np.random.default_rng(7)
    near = roads[nearest[away < 0.005]]
    more = rng.choice(roads, min(1_000, len(roads)), replace=False)
    return Arcs(len(spot), a, b, np.maximum(km, 1e-6) / KM_PER_H * 60, km), np.union1d(near, more)


GRAPHS = {
    "Sultra size, generated": lambda: generated(1),
    "Probolinggo (OSM)": lambda: from_overpass("probolinggo_kota.json"),
    "Surabaya south (OSM)": lambda: from_overpass("surabaya_south.json"),
    "generated, 2 x nodes": lambda: generated(2),
    "generated, 4 x nodes": lambda: generated(4),
}


def by_scipy(arcs: Arcs, places: np.ndarray) -> tuple[dict[str, float], np.ndarray]:
    """Run plain Dijkstra from every place; minutes only."""
    order = np.lexsort((arcs.minutes, arcs.head, arcs.tail))
    tail, head = arcs.tail[order], arcs.head[order]
    quickest = np.r_[True, (np.diff(tail) != 0) | (np.diff(head) != 0)]
    ends = (tail[quickest], head[quickest])
    graph = coo_array((arcs.minutes[order][quickest], ends), shape=(arcs.nodes, arcs.nodes)).tocsr()
    started = time.perf_counter()
    minutes = np.vstack([dijkstra(graph, indices=block)[:, places] for block in np.array_split(places, 24)])
    return {"seconds": time.perf_counter() - started}, minutes


def by_labels(arcs: Arcs, places: np.ndarray) -> tuple[dict[str, float], np.ndarray]:
    """Build hub labels and ask all pairs; minutes and kilometres."""
    started = time.perf_counter()
    labels = build_labels(arcs, places)
    built = time.perf_counter()
    minutes, _km = labels.between(places, places)
    ended = time.perf_counter()
    seconds = {"seconds": ended - started, "build": built - started, "ask": ended - built}
    return seconds | {"height": float(labels.path.shape[1])}, minutes


def by_igraph(arcs: Arcs, places: np.ndarray) -> tuple[dict[str, float], np.ndarray]:
    """Run igraph's Dijkstra between the places; minutes only."""
    import igraph  # noqa: PLC0415 - a peer, measured where it is installed

    graph = igraph.Graph(n=arcs.nodes, edges=np.column_stack([arcs.tail, arcs.head]), directed=True)
    started = time.perf_counter()
    minutes = np.array(graph.distances(source=places.tolist(), target=places.tolist(), weights=arcs.minutes.tolist()))
    return {"seconds": time.perf_counter() - started}, minutes


def by_pandana(arcs: Arcs, places: np.ndarray) -> tuple[dict[str, float], np.ndarray]:
    """Build pandana's contraction hierarchy and ask all pairs; minutes only, to a thousandth."""
    import pandana  # noqa: PLC0415 - a peer, measured where it is installed

    spot = pd.Series(np.zeros(arcs.nodes))
    ends, weights = (pd.Series(arcs.tail), pd.Series(arcs.head)), pd.DataFrame({"minutes": arcs.minutes})
    started = time.perf_counter()
    network = pandana.Network(spot, spot, *ends, weights, twoway=False)
    count = len(places)
    pairs = (np.repeat(places, count), np.tile(places, count))
    minutes = np.asarray(network.shortest_path_lengths(*pairs, imp_name="minutes")).reshape(count, count)
    seconds = time.perf_counter() - started
    # What it cannot reach is the largest number of its own.
    return {"seconds": seconds}, np.where(minutes > PANDANA_FAR, np.inf, minutes)


SIDES = {"scipy": by_scipy, "labels": by_labels, "igraph": by_igraph, "pandana": by_pandana}


def _child(side: str, name: str, out: "mp.Queue[object]") -> None:
    # pandana tells its progress on the standard output, from C.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    arcs, places = GRAPHS[name]()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    told, minutes = SIDES[side](arcs, places)
    told["peak_mb"] = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    out.put((told, minutes, arcs.nodes, len(arcs.tail), len(places)))


def measure(side: str, name: str) -> tuple[dict[str, float], np.ndarray, int, int, int]:
    """Measure one side on one graph in a process of its own."""
    context = mp.get_context("spawn")
    out: mp.Queue[object] = context.Queue()
    child = context.Process(target=_child, args=(side, name, out))
    child.start()
    answer = out.get()
    child.join()
    return answer  # type: ignore[return-value]


def largest_difference(one: np.ndarray, other: np.ndarray) -> float:
    """Give the largest difference in minutes; infinite where one side finds a path and the other does not."""
    if not (np.isinf(one) == np.isinf(other)).all():
        return float("inf")
    finite = np.isfinite(one)
    return float(np.abs(one[finite] - other[finite]).max())


def compare(name: str, repeat: int) -> None:
    """Print how SciPy and hub labels do on one graph, in turns, and each further peer once."""
    pairs = [(measure("scipy", name), measure("labels", name)) for _ in range(repeat)]
    plain, ours = pairs[0]
    middle = {
        (side, key): statistics.median(run[side][0][key] for run in pairs)
        for side in (0, 1)
        for key in ("seconds", "peak_mb")
    }
    build, ask = (statistics.median(run[1][0][key] for run in pairs) for key in ("build", "ask"))
    ratio = statistics.median(run[0][0]["seconds"] / run[1][0]["seconds"] for run in pairs)
    print(f"\n{name}: {ours[2]} nodes, {ours[3]} arcs, {ours[4]} x {ours[4]} places", flush=True)
    print(f"{'':12}{'seconds':>9}{'x ours':>8}{'peak MB':>9}{'largest difference to SciPy, min':>34}")
    gap = largest_difference(plain[1], ours[1])
    row("hub labels", middle[1, "seconds"], 1.0, middle[1, "peak_mb"], f"{gap:.1e}")
    print(f"{'':12}(build {build:.2f}, ask {ask:.2f}; minutes and kilometres, the others minutes only)")
    row("SciPy", middle[0, "seconds"], ratio, middle[0, "peak_mb"], "")
    for side in ("igraph", "pandana"):
        if importlib.util.find_spec(side) is None:
            print(f"{side:12} not installed, left out")
            continue
        told, minutes, *_ = measure(side, name)
        away = largest_difference(plain[1], minutes)
        row(side, told["seconds"], told["seconds"] / middle[1, "seconds"], told["peak_mb"], f"{away:.1e}")


def row(side: str, seconds: float, ratio: float, peak_mb: float, gap: str) -> None:
    """Print one line of the table."""
    print(f"{side:12}{seconds:9.2f}{ratio:8.1f}{peak_mb:9.0f}{gap:>34}", flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--no-growth", action="store_true", help="leave out 2 x and 4 x nodes")
    given = parser.parse_args()
    names = ["Sultra size, generated"]
    if ROADS.is_dir():
        names += ["Probolinggo (OSM)", "Surabaya south (OSM)"]
    else:
        print("real road graphs left out: ../shared/data/roads is not here", file=sys.stderr)
    for name in names:
        compare(name, given.repeat)
    if given.no_growth:
        return
    print(f"\ngrowth, hub labels{'nodes':>8}{'seconds':>9}{'build':>7}{'ask':>7}{'peak MB':>9}{'height':>8}")
    for name in ("Sultra size, generated", "generated, 2 x nodes", "generated, 4 x nodes"):
        told, _, nodes, *_ = measure("labels", name)
        print(
            f"{'':18}{nodes:8}{told['seconds']:9.2f}{told['build']:7.2f}{told['ask']:7.2f}{told['peak_mb']:9.0f}"
            f"{told['height']:8.0f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
