"""Roads fetched by OSMnx from a stub of an Overpass server on this computer."""

import json
import math
import os
import socket
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import numpy as np
import osmnx
import pandas as pd
import pytest
import requests
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from coverage.ground.errors import InputError
from coverage.places.villages import in_region, load_villages
from coverage.places.workspace import Workspace, cache_folder
from coverage.travel.roads import road_fetch as fetching
from coverage.travel.roads.area import region_area
from coverage.travel.roads.importing import import_roads
from coverage.travel.roads.overpass import Pace
from coverage.travel.roads.road_fetch import fetch_roads, tiles
from coverage.travel.roads.road_store import stored_roads

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("JANGKAU_SHARED", ROOT.parent / "shared")) / "data" / "roads"
REGION = "35.74"
QUICK = Pace(attempts=3, pause_s=0.0, between_s=0.0, timeout_s=0.5, ask_status=False)
HEAD = {"version": 0.6, "osm3s": {"timestamp_osm_base": "2024-06-25T19:37:40Z"}}
EMPTY = json.dumps({**HEAD, "elements": []}).encode()


def node(number, lon, lat):
    return {"type": "node", "id": number, "lon": lon, "lat": lat}


def way(number, nodes, **tags):
    return {"type": "way", "id": number, "nodes": nodes, "tags": tags}


ROADS = json.dumps(
    {
        **HEAD,
        "elements": [
            *(node(at, 113.20 + at / 1000, -7.76) for at in range(6)),
            way(10, [0, 1, 2, 3], highway="residential", name="Jl. Mawar"),
            way(11, [3, 4, 5], highway="primary", oneway="-1", surface="asphalt"),
            way(12, [1, 5], highway="residential", access="no"),
        ],
    }
).encode()
FERRY = json.dumps(
    {
        **HEAD,
        "elements": [
            node(0, 113.20, -7.76),
            node(70, 113.20, -7.70),
            node(71, 113.20, -7.40),
            node(80, 114.40, -7.40),
            node(81, 114.50, -7.40),
            way(7, [0, 70, 71], route="ferry", duration="01:30", name="Selat"),
            way(8, [80, 81], route="ferry", duration="20"),
        ],
    }
).encode()


class Stub:
    """Answers queries for roads and for ferries, after some failures."""

    def __init__(self):
        self.roads, self.ferries, self.failures, self.asked, self.agents = ROADS, EMPTY, [], [], set()

    def answer(self, query, handler):
        kind = "ferries" if "ferry" in query else "roads"
        self.asked.append(kind)
        self.agents.add(handler.headers["User-Agent"])
        if self.failures and (failure := self.failures.pop(0)) is not None:
            failure(handler)
            return
        send(handler, 200, getattr(self, kind))


def send(handler, status, body, length=None, kind="application/json"):
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body) if length is None else length))
    handler.end_headers()
    handler.wfile.write(body)


def hang(handler):
    handler.server.released.wait(5)


FAILURES = {
    "busy": lambda handler: send(handler, 504, b"<html>too busy</html>"),
    "broken": lambda handler: send(handler, 500, b"oops"),
    "hang": hang,
    "cut": lambda handler: send(handler, 200, ROADS[:200], length=len(ROADS)),
    "half": lambda handler: send(handler, 200, ROADS[:200]),
    "remark": lambda handler: send(
        handler, 200, json.dumps({"elements": [], "remark": "runtime error: Query timed out"}).encode()
    ),
}


@pytest.fixture
def stub():
    state = Stub()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            with suppress(BrokenPipeError, ConnectionResetError):
                state.answer(parse_qs(body)["data"][0], self)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.released = threading.Event()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    state.url = f"http://127.0.0.1:{server.server_port}/api"
    yield state
    server.released.set()
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setattr(fetching, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setattr(fetching, "TILE_DEG", 1.0)


@pytest.fixture
def door(tmp_path):
    return Workspace.open(tmp_path / "kantor.gpkg")


@pytest.fixture
def told():
    return []


@pytest.fixture
def fetch(stub, door, told):
    return lambda **options: (
        fetch_roads(
            door,
            REGION,
            url=options.pop("url", stub.url),
            tell=lambda m: told.append(m.text("id")),
            pace=QUICK,
            **options,
        ).roads
    )


def test_a_fetch_goes_through_osmnx_and_says_what_came(fetch, stub, door, told):
    roads = fetch()
    assert sorted(roads.road_class) == ["primary", "residential"]
    assert roads.source.kind == "overpass"
    assert str(roads.source.date) == "2024-06-25"
    assert roads.source.dropped == {"no_access": 1}
    one_way = ~roads.both_ways
    assert roads.lon[roads.tail[one_way]] > roads.lon[roads.head[one_way]]
    assert roads.surface[one_way] == "paved"
    assert stub.asked == ["roads"] * len(tiles(region_area(REGION, 2.0))) + ["ferries"]
    assert all(agent.startswith("Jangkau/") for agent in stub.agents)
    assert told[0].startswith("Petak 1 dari")
    assert stored_roads(door)[0].source == roads.source


def test_an_address_may_end_in_interpreter(fetch, stub):
    assert len(fetch(url=f"{stub.url}/interpreter/").tail) == 2


def test_the_settings_of_osmnx_are_as_before(fetch):
    names = [name for name in dir(osmnx.settings) if name.islower() and not name.startswith("_")]
    before = {name: getattr(osmnx.settings, name) for name in names}
    resolve = socket.getaddrinfo
    fetch()
    assert {name: getattr(osmnx.settings, name) for name in names} == before
    assert socket.getaddrinfo is resolve


def test_a_ferry_is_fetched_from_shore_to_shore_with_its_sailing_time(fetch, stub):
    stub.ferries = FERRY
    roads = fetch()
    sea = roads.road_class == "ferry"
    assert set(roads.ferry_id[sea]) == {"osm-7"}
    assert math.isclose(roads.ferry_min[sea].sum(), 90.0)
    assert roads.lat.max() == -7.40
    assert np.isnan(roads.ferry_min[~sea]).all()
    assert roads.source.dropped["far_ferries"] == 1


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_what_fails_once_is_asked_again(failure, fetch, stub, told):
    stub.failures = [failure]
    assert len(fetch().tail) == 2
    assert any("Dicoba lagi" in line for line in told)


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
def test_what_keeps_failing_is_a_sentence_and_the_roads_stored_before_stay(failure, fetch, stub, door):
    before = fetch()
    stub.failures = [failure] * QUICK.attempts
    with pytest.raises(InputError, match=r"127\.0\.0\.1.*Jalankan lagi"):
        fetch()
    assert stored_roads(door)[0].source == before.source


def test_a_web_page_is_told_at_once(fetch, stub):
    stub.failures = [lambda handler: send(handler, 200, b"<!DOCTYPE html><html>login</html>", kind="text/html")]
    with pytest.raises(InputError, match="halaman web"):
        fetch()
    assert len(stub.asked) == 1


def test_an_address_that_is_no_server_is_told_at_once(fetch, stub):
    stub.failures = [lambda handler: send(handler, 404, b"not here")]
    with pytest.raises(InputError, match="HTTP 404"):
        fetch()
    assert len(stub.asked) == 1


def test_no_connection_is_a_sentence(fetch, told):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(InputError, match="Tidak ada sambungan ke 127"):
        fetch(url=f"http://127.0.0.1:{port}/api")
    assert told == []


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/api", "overpass-api.de", "http://[::1/api"])
def test_an_address_that_cannot_be_one_is_refused(url, fetch):
    with pytest.raises(InputError, match="tidak dapat dipakai"):
        fetch(url=url)


def test_an_area_without_roads_is_a_sentence(fetch, stub):
    stub.roads = EMPTY
    with pytest.raises(InputError, match="tidak berisi jalan"):
        fetch()


def test_the_whole_country_is_not_fetched(door, stub):
    with pytest.raises(InputError, match="per provinsi"):
        fetch_roads(door, "ID", url=stub.url, tell=print, pace=QUICK)
    assert stub.asked == []


def test_an_interrupted_fetch_goes_on_where_it_stopped(fetch, stub, monkeypatch):
    monkeypatch.setattr(fetching, "TILE_DEG", 0.05)
    count = len(tiles(region_area(REGION, 2.0)))
    assert count > 4
    stub.failures = [None] * 3 + [FAILURES["broken"]] * QUICK.attempts
    with pytest.raises(InputError):
        fetch()
    assert len(stub.asked) == 3 + QUICK.attempts
    stub.asked.clear()
    roads = fetch()
    assert stub.asked == ["roads"] * (count - 3) + ["ferries"]
    assert str(roads.source.date) == "2024-06-25"


def test_answers_are_kept_only_until_all_are_there(fetch, stub, tmp_path):
    stub.failures = [None, *[FAILURES["broken"]] * QUICK.attempts]
    with pytest.raises(InputError):
        fetch()
    assert list((tmp_path / "cache").rglob("*.json"))
    fetch()
    assert list((tmp_path / "cache").rglob("*.json")) == []


def test_an_answer_cut_off_while_it_was_kept_is_asked_again(fetch, stub, tmp_path):
    stub.failures = [None, *[FAILURES["broken"]] * QUICK.attempts]
    with pytest.raises(InputError):
        fetch()
    for kept in (tmp_path / "cache").rglob("*.json"):
        kept.write_bytes(kept.read_bytes()[:50])
    stub.asked.clear()
    assert len(fetch().tail) == 2
    assert "roads" in stub.asked


def test_a_full_disk_is_a_sentence_and_the_roads_stored_before_stay(fetch, door, monkeypatch):
    before = fetch()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(osmnx._http, "_save_to_cache", full)
    with pytest.raises(InputError, match=r"habis\. Kosongkan ruang"):
        fetch()
    assert stored_roads(door)[0].source == before.source


def test_a_server_of_others_is_asked_for_a_slot_first(monkeypatch):
    assert Pace.for_server("https://overpass-api.de/api").ask_status
    assert not Pace.for_server("http://127.0.0.1:8000/api").ask_status

    def offline(*_, **__):
        raise requests.ConnectionError

    monkeypatch.setattr(requests, "get", offline)
    with pytest.raises(InputError, match=r"Tidak ada sambungan ke peladen\.example"):
        fetch_roads(Workspace(Path("x.gpkg")), REGION, url="https://peladen.example/api", tell=print)


def test_tiles_cover_the_area_and_touch_it(monkeypatch):
    monkeypatch.setattr(fetching, "TILE_DEG", 0.25)
    area = region_area("74.71", 2.0)
    cut = tiles(area)
    assert sum(tile.area for tile in cut) == pytest.approx(area.area)
    assert all(tile.difference(area.buffer(1e-6)).is_empty for tile in cut)
    assert len(cut) > 1
    assert all(max(np.ptp(np.array(tile.bounds).reshape(2, 2), axis=0)) <= 0.25 + 1e-9 for tile in cut)


def test_the_usual_cache_is_the_planners(monkeypatch):
    monkeypatch.undo()
    assert fetching.cache_folder is cache_folder


def village_km(roads, region):
    """Measure the ways between the nodes nearest to the villages of a region, by SciPy."""
    villages = in_region(load_villages(), region)
    places, at = np.unique(np.column_stack([roads.lon, roads.lat]), axis=0, return_index=True)
    nearest = at[cKDTree(places).query(villages[["lon", "lat"]])[1]]
    back = roads.both_ways
    tail = np.concatenate([roads.tail, roads.head[back]])
    head = np.concatenate([roads.head, roads.tail[back]])
    legs = pd.DataFrame({"tail": tail, "head": head, "km": np.concatenate([roads.km, roads.km[back]])})
    best = legs.groupby(["tail", "head"], as_index=False)["km"].min()
    graph = csr_array((best["km"], (best["tail"], best["head"])), shape=(len(roads.lon),) * 2)
    return dijkstra(graph, indices=nearest)[:, nearest]


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs the real test material beside the repository")
def test_fetched_and_imported_roads_give_the_same_times(fetch, stub, door):
    stub.roads = (SHARED / "probolinggo_kota.json").read_bytes()
    fetched = fetch()
    imported = import_roads(door, SHARED / "probolinggo_kota.osm.pbf", REGION).roads
    one, other = village_km(fetched, REGION), village_km(imported, REGION)
    assert np.array_equal(np.isfinite(one), np.isfinite(other))
    assert np.isfinite(one).sum() > 0.9 * one.size
    np.testing.assert_allclose(one, other, rtol=1e-3)


def refused(status, **headers):
    def answer(handler):
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def test_a_busy_server_is_asked_again_after_the_pause_it_asks_for(fetch, stub, told):
    stub.failures = [refused(429, Retry_After="1")]
    assert len(fetch().tail) == 2
    assert any("Dicoba lagi dalam 1 detik" in line for line in told)


def test_a_server_that_asks_for_hours_is_left_alone(fetch, stub):
    stub.failures = [refused(503, Retry_After="7200")]
    with pytest.raises(InputError, match="meminta menunggu 2 jam"):
        fetch()
    assert len(stub.asked) == 1


def test_a_server_that_points_elsewhere_is_not_followed(fetch, stub):
    stub.failures = [refused(307, Location=stub.url + "/interpreter")]
    with pytest.raises(InputError, match="HTTP 307"):
        fetch()
    assert len(stub.asked) == 1


def test_a_stopped_fetch_goes_on_where_it_stopped(fetch, stub, told, monkeypatch):
    monkeypatch.setattr(fetching, "TILE_DEG", 0.05)
    count = len(tiles(region_area(REGION, 2.0)))
    with pytest.raises(InputError, match="dihentikan"):
        fetch(stopped=lambda: len(told) >= 2)
    assert len(stub.asked) == 2
    stub.asked.clear()
    fetch()
    assert stub.asked == ["roads"] * (count - 2) + ["ferries"]


def test_who_stops_during_a_pause_does_not_wait_for_its_end(fetch, stub, told):
    stub.failures = [refused(503, Retry_After="60")]
    with pytest.raises(InputError, match="dihentikan"):
        fetch(stopped=lambda: told != [])
    assert len(stub.asked) == len(told) == 1


def test_a_silent_server_does_not_hold_up_who_stops(fetch, stub, told, door):
    stub.failures = [hang]
    with pytest.raises(InputError, match="dihentikan"):
        fetch(stopped=lambda: stub.asked != [])
    assert told == []
    assert not door.path.exists()


def test_a_server_that_does_not_greet_does_not_hold_up_who_stops(monkeypatch, door):
    asked, released = threading.Event(), threading.Event()

    def mute(*_, **__):
        asked.set()
        released.wait(20)

    monkeypatch.setattr(requests, "get", mute)
    with pytest.raises(InputError, match="dihentikan"):
        fetch_roads(door, REGION, url="https://peladen.example/api", tell=print, stopped=asked.is_set)
    released.set()


def test_an_answer_half_written_in_the_cache_is_not_taken_for_sea(fetch, door, monkeypatch):
    def half(*_, **__):
        json.loads('{"elements": [')

    monkeypatch.setattr(osmnx, "graph_from_polygon", half)
    with pytest.raises(InputError, match=r"127\.0\.0\.1.*Jalankan lagi"):
        fetch()
    assert not door.path.exists()


def test_roads_of_one_region_are_fetched_by_one_at_a_time(stub, door, monkeypatch):
    monkeypatch.setattr(fetching, "_LOCK_S", 0.01)
    seen = []

    def tell(_):
        if not seen:
            seen.append(True)
            with pytest.raises(InputError, match="sedang diambil"):
                fetch_roads(door, REGION, url=stub.url, tell=print, pace=QUICK)

    fetch_roads(door, REGION, url=stub.url, tell=tell, pace=QUICK)
    assert seen
