"""Travel on real roads against SciPy's Dijkstra on the raw directed graph of a city, snapped by brute force."""

import itertools
import json
import os
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from coverage.answers.gaps import gaps
from coverage.answers.journey import journey
from coverage.answers.road_notes import apart
from coverage.answers.study import open_study
from coverage.ground.geometry import geodesic_km
from coverage.places.ferry_changes import FerryChange, new_ferry
from coverage.places.workspace import Workspace
from coverage.travel.network.speeds import load_speeds
from coverage.travel.od import od_blocks, od_matrix
from coverage.travel.roads.importing import import_roads
from coverage.travel.roads.osm_rules import ways_of

SHARED = Path(os.environ.get("JANGKAU_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "data" / "roads"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data/roads, real road material, is not here"),
]

NEAR_DEG = 0.03
M_PER_DEG = 111_320.0


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """Import a road file for a region into a workspace of its own and open the region."""

    def open_with(name, region, *ferries):
        path = tmp_path_factory.mktemp("ruang") / "kerja.gpkg"
        door = Workspace.open(path)
        import_roads(door, SHARED / name, region)
        for ends in ferries:
            door.declare_ferry(
                new_ferry(FerryChange(start=ends[0], end=ends[1], sailing_min=ends[2], trips_per_day=ends[3]))
            )
        return open_study(region, workspace=path)

    return open_with


@pytest.fixture(scope="module")
def probolinggo(opened):
    return opened("probolinggo_kota.json", "35.74")


def villages_to_villages(study):
    kode = list(study.villages.index)
    return od_matrix(study.network, study.villages.index, study.places(kode))


def raw_segments():
    """Read node to node segments of every open road: ends, minutes and km, one row a permitted direction.

    None of the city's villages stands nearest to a restricted road, so that none is on anybody's way.
    """
    elements = json.loads((SHARED / "probolinggo_kota.json").read_text(encoding="utf-8"))["elements"]
    spot = {one["id"]: (one["lon"], one["lat"]) for one in elements if one["type"] == "node"}
    number = {node: row for row, node in enumerate(spot)}
    lonlat = np.array(list(spot.values()))
    tagged = [(one["id"], tuple(one["nodes"]), one.get("tags", {})) for one in elements if one["type"] == "way"]
    ways = [way for way in ways_of(tagged)[0] if way.road_class != "ferry" and not way.restricted]
    rows = [
        (number[a], number[b], row) for row, way in enumerate(ways) for a, b in itertools.pairwise(way.nodes) if a != b
    ]
    tail, head, way = np.array(rows).T
    km_per_h = load_speeds().of_roads([one.road_class for one in ways], [one.surface for one in ways])
    one_way = np.array([one.one_way for one in ways])
    km = geodesic_km(*lonlat[tail].T, *lonlat[head].T)
    return lonlat, tail, head, km, km_per_h[way], one_way[way]


def snapped(lonlat, tail, head, place):
    """Find the nearest point of all segments by trying every one, in a plane around the place."""
    scale = np.array([np.cos(np.radians(place[1])) * 111_319.5 / 110_640.0, 1.0])
    start, end = (lonlat[tail] - place) * scale, (lonlat[head] - place) * scale
    along = end - start
    share = np.clip(-(start * along).sum(axis=1) / np.maximum((along**2).sum(axis=1), 1e-30), 0, 1)
    gap = np.hypot(*(start + share[:, None] * along).T)
    best = int(gap.argmin())
    return best, float(share[best])


def oracle(study):
    """Solve all pairs of villages on the raw graph: each village hangs on a new node inside its nearest segment."""
    lonlat, tail, head, km, km_per_h, one_way = raw_segments()
    speeds, places = load_speeds(), study.villages[["lon", "lat"]].to_numpy()
    touched = [snapped(lonlat, tail, head, place) for place in places]
    arcs, back = list(zip(tail, head, km, km_per_h, strict=True)), ~one_way
    arcs += list(zip(head[back], tail[back], km[back], km_per_h[back], strict=True))
    node, metres = len(lonlat), []
    first = node + len(places)
    for row, (segment, share) in enumerate(touched):
        a, b, at = tail[segment], head[segment], node + row
        spot = lonlat[a] + share * (lonlat[b] - lonlat[a])
        away = geodesic_km(*places[row][:, None], *spot[:, None])[0]
        metres.append(away * 1000)
        stops = [(0.0, a), (share, at), (1.0, b)]
        stops += [(other, node + k) for k, (same, other) in enumerate(touched) if same == segment and k != row]
        for (low, one), (high, two) in itertools.pairwise(sorted(stops)):
            arcs.append((one, two, km[segment] * (high - low), km_per_h[segment]))
            if not one_way[segment]:
                arcs.append((two, one, km[segment] * (high - low), km_per_h[segment]))
        leg = away * speeds.access_detour
        arcs += [(first + row, at, leg, speeds.access_km_per_h), (at, first + row, leg, speeds.access_km_per_h)]
    tails, heads, lengths, pace = np.array(arcs).T
    minutes = np.maximum(lengths / pace * 60, 1e-9)
    size = first + len(places)
    order = np.lexsort((minutes, heads, tails))
    ends = np.column_stack([tails, heads])[order].astype(int)
    quickest = np.r_[True, (np.diff(ends, axis=0) != 0).any(axis=1)]
    graph = coo_array((minutes[order][quickest], ends[quickest].T), shape=(size, size)).tocsr()
    villages = np.arange(first, size)
    return dijkstra(graph, indices=villages)[:, villages], np.array(metres)


def test_all_pairs_of_a_city_are_dijkstras_on_the_raw_directed_graph(probolinggo):
    """Within a hundredth of a second: the planes in which nearest points are found differ by centimetres."""
    od = villages_to_villages(probolinggo)
    minutes, metres = oracle(probolinggo)
    assert od.snap_origin_m == pytest.approx(metres, abs=0.05)
    assert np.isfinite(minutes).all()
    assert od.minutes == pytest.approx(minutes, abs=2e-4)


def test_one_way_streets_make_travel_asymmetric(probolinggo):
    minutes = villages_to_villages(probolinggo).minutes
    assert (np.abs(minutes - minutes.T) > 0.1).any()
    assert probolinggo.travel_tier == "nyata"


def test_blocks_are_the_whole_matrix(probolinggo):
    whole = villages_to_villages(probolinggo)
    places = probolinggo.places(list(probolinggo.villages.index))
    rows = list(od_blocks(probolinggo.network, probolinggo.villages.index, places))
    assert np.vstack([block.minutes for block in rows]) == pytest.approx(whole.minutes)


def test_pairs_across_two_halves_of_a_network_are_not_connected(opened):
    """The roads lie around Krucil (35.13.08) in the west and Sumber Wringin (35.11.17) in the east."""
    study = opened("probolinggo_situbondo_bondowoso.json", "35")
    snaps = study.roads.snaps
    west, east = (
        [kode for kode in snaps.index if kode.startswith(half) and snaps.at[kode, "reason"] == ""]
        for half in ("35.13.08", "35.11.17")
    )
    both = study.villages.index[study.villages.index.isin([*west, *east])]
    od = od_matrix(study.network, both, study.places([*west, *east]))
    side = od.origins.str.startswith("35.13.08")
    across = side[:, None] != np.array([kode.startswith("35.13.08") for kode in od.destinations])[None, :]
    assert len(west) > 5
    assert len(east) > 3
    assert np.isinf(od.minutes[across]).all()
    assert np.isfinite(od.minutes[~across]).mean() > 0.5
    found = journey(study, west[0], east[0])
    assert found.route is None
    assert found.why is not None
    assert found.why.key == "network.why_broken"


def test_an_island_is_reached_by_a_declared_ferry_only(opened):
    """Barrang Lompo, an island off Makassar, and Paotere, where its boats leave."""
    island, port, inland = "73.71.15.1002", "73.71.08.1004", "73.71.09.1002"
    alone = opened("makassar_rbi50k.geojson", "73.71")
    away = journey(alone, island, inland)
    assert away.why is not None
    assert away.why.key == "network.why_too_far"
    assert {alone.roads.snaps.at[kode, "reason"] for kode in ("73.71.04.1007",)} == {"across_water"}

    joined = opened("makassar_rbi50k.geojson", "73.71", (island, port, 60.0, 2.0))
    found = journey(joined, island, inland).route
    assert found is not None
    assert [leg.kind for leg in found.legs] == ["ferry", "access", "road", "access"]
    boat = found.legs[0]
    assert (boat.sailing_min, boat.wait_min) == (pytest.approx(60), pytest.approx(180))
    od = villages_to_villages(joined)
    row, column = od.origins.get_loc(island), od.destinations.get_loc(inland)
    assert found.minutes == pytest.approx(od.minutes[row, column])
    assert found.km == pytest.approx(od.km[row, column])
    assert od.ferry_legs[row, column] == 1


def test_villages_on_a_scrap_of_road_are_told_as_that_and_not_as_an_island(opened):
    study = opened("makassar_rbi50k.geojson", "73.71")
    report = gaps(study, 60.0)
    assert list(apart(study)) == ["73.71.01.1007"]
    assert "73.71.01.1007" not in set(report.islands["kode"])
    assert "73.71.15.1002" not in set(report.islands["kode"])
    (far,) = [note for note in report.notes if note.key == "network.note_too_far"]
    assert "Barrang Lompo" in far.text("id")
    (told,) = [note for note in report.notes if note.key == "network.note_apart"]
    assert "Mario" in told.text("id")
