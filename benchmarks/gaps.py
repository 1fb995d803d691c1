"""Time the gaps from a cold start and the what-if on warm data, each beside a plain way of doing it.

Peers in the same run: GeoPandas' ``sjoin_nearest`` (straight line x 1.3 at one speed; knows no islands, ferries or
relief) as a whole process, and networkx' multi-source Dijkstra on the same network for the travel times.

    python benchmarks/gaps.py
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd

from coverage.answers.study import Study, open_study
from coverage.answers.whatif import whatif
from coverage.ground.registry import data_file
from coverage.travel.od import Places, od_matrix

RUNS = 3
ROUNDS = 30
PEER = """
import sys
import geopandas as gpd
import pandas as pd
villages = pd.read_parquet(sys.argv[1]).set_index("kode")
units = pd.read_csv(sys.argv[2], dtype={"kode": str})
points = gpd.GeoSeries(gpd.points_from_xy(villages["lon"], villages["lat"]), index=villages.index, crs=4326)
places = gpd.GeoDataFrame(geometry=points.to_crs(4087))
inside = places if sys.argv[3] == "ID" else places[places.index.str.startswith(sys.argv[3] + ".")]
found = inside.sjoin_nearest(places.loc[units["kode"]], distance_col="m").groupby(level=0)["m"].first()
print((found * 1.3 / 1000 / 40 * 60 <= 60).sum())
"""


def spent(command: list[str], home: str) -> tuple[float, float]:
    """Run a process and give its seconds and its peak memory in MB."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, env={**os.environ, "JANGKAU_HOME": home})
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        sys.exit(f"failed: {command}")
    in_kilobytes = 1 if sys.platform == "linux" else 1024
    return time.perf_counter() - start, usage.ru_maxrss / 1024 / in_kilobytes


def cold(command: list[str], home: str) -> tuple[float, float]:
    """Give the median seconds and the largest memory of a few runs."""
    seconds, memory = zip(*(spent(command, home) for _ in range(RUNS)), strict=True)
    return statistics.median(seconds), max(memory)


def median_ms(work: Callable[[], object]) -> float:
    """Give the median milliseconds of many rounds, after one that warms up."""
    work()
    took = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        took.append((time.perf_counter() - start) * 1000)
    return statistics.median(took)


def travel_ms(study: Study) -> tuple[float, float]:
    """Time nearest units on one network: by our matrix of all units, by networkx for the nearest only."""
    network = study.network
    node = network.nodes.get_indexer(pd.Index(study.units["node_kode"])).astype(np.int64)
    access = study.access[["access_min", "access_km"]].to_numpy().T
    graph = nx.Graph()
    legs = network.impedance.tocoo()
    graph.add_weighted_edges_from(zip(legs.row.tolist(), legs.col.tolist(), legs.data.tolist(), strict=True))
    sources = set(node.tolist())
    ours = median_ms(lambda: od_matrix(network, study.villages.index, Places(study.units.index, node, *access)))
    peer = median_ms(lambda: nx.multi_source_dijkstra_path_length(graph, sources))
    return ours, peer


def main() -> None:
    """Print one table."""
    rows = []
    with tempfile.TemporaryDirectory() as home:
        os.environ["JANGKAU_HOME"] = home
        for region in ("74", "ID"):
            ours = cold([sys.executable, "-m", "coverage.faces.cli", "gaps", "--region", region], home)
            files = [str(data_file("villages")), str(data_file("units"))]
            peer = cold([sys.executable, "-c", PEER, *files, region], home)
            rows.append((f"gaps --region {region}, cold process, s", ours[0], "sjoin_nearest x 1.3", peer[0]))
            rows.append((f"gaps --region {region}, peak memory, MB", ours[1], "sjoin_nearest x 1.3", peer[1]))
        for region in ("74", "ID"):
            study = open_study(region)
            rows.append((f"OD matrix --region {region}, ms", *_named(travel_ms(study), "networkx multi-source")))
        study = open_study("74")
        took = median_ms(lambda: whatif(study, add=["74.07.01.1003"]))
        rows.append((f"whatif --region 74, warm, median of {ROUNDS}, ms", took, "", float("nan")))
    print(f"{Path(sys.executable).name}, {os.cpu_count()} cores; cold: median of {RUNS}")
    for what, ours_value, name, peer_value in rows:
        beside = f"{name} {peer_value:.1f} (ratio {ours_value / peer_value:.2f})" if name else ""
        print(f"{what:<42} {ours_value:8.1f}   {beside}")


def _named(times: tuple[float, float], peer: str) -> tuple[float, str, float]:
    return times[0], peer, times[1]


if __name__ == "__main__":
    main()
