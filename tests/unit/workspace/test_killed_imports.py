"""An import or a fetch that is killed leaves the old state or the new one; four at once lose nothing."""

import functools
import http.server
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from coverage.places.boundaries.boundary_upstream import commit
from coverage.places.clients import held_tables
from coverage.places.villages import load_villages, mask_in_region
from coverage.places.workspace.home import Server

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the importer forks, so that fifty of them start warm")
IMPORTER = Path(__file__).with_name("importer.py")
KILLS = {"table": 16, "boundaries": 9, "fetch": 16, "roads": 9}
PARTS = {
    "table": ("population", "", ""),
    "boundaries": ("boundaries", "region", "74.71"),
    "fetch": ("boundaries", "region", "16.73"),
    "roads": ("roads", "region", "74.72"),
}
SOURCES = {"boundaries": "boundary_sources", "roads": "road_sources"}
PASSING = ("stored_at", "imported")
_SERVED_SLOWLY_S = 0.02


class Slow(http.server.SimpleHTTPRequestHandler):
    """Serves files in pieces, so that a fetch may be killed in the middle of one."""

    def log_message(self, *_):
        pass

    def translate_path(self, path):
        return super().translate_path(path.removeprefix(f"/cahyadsn/wilayah_boundaries/{commit()}"))

    def copyfile(self, source, outputfile):
        content = source.read()
        for start in range(0, len(content), len(content) // 4 + 1):
            try:
                outputfile.write(content[start : start + len(content) // 4 + 1])
            except OSError:
                return
            time.sleep(_SERVED_SLOWLY_S)


def areas(region):
    villages = load_villages()
    return villages[mask_in_region(villages.index, region)]


def ring(lat, lon, size):
    west, east, south, north = lon - size, lon + size, lat - size, lat + size
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


def write(path, rows):
    features = [{"type": "Feature", "properties": of, "geometry": shape} for of, shape in rows]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Two states of each kind of file: same villages, other figures, shapes and lines."""
    made = tmp_path_factory.mktemp("berkas")
    for state, size in enumerate((0.001, 0.002)):
        people = "".join(f"{kode};{1000 + state}\n" for kode in areas("74").index[:300])
        (made / f"penduduk-{state}.csv").write_text(f"kode;penduduk\n{people}")
        for region in ("74.71", "16.73"):
            rows = [
                (
                    {"KODE_DESA": kode, "DESA_KELUR": row["name"]},
                    {"type": "Polygon", "coordinates": [ring(row["lat"], row["lon"], size)]},
                )
                for kode, row in areas(region).head(20).iterrows()
            ]
            write(made / f"batas-{region}-{state}.geojson", rows)
        at = areas("74.72").iloc[0]
        step = 0.002 * (state + 1)
        grid = [[[at["lon"] + step * a, at["lat"] + step * b] for a in range(20)] for b in range(20)]
        lines = [*grid, *([row[a] for row in grid] for a in range(20))]
        write(
            made / f"jalan-{state}.geojson",
            [({"highway": "primary"}, {"type": "LineString", "coordinates": line}) for line in lines],
        )
    dump = made / "db/kel/16/wilayah_boundaries_kel_16.73.sql"
    dump.parent.mkdir(parents=True)
    rows = []
    for kode, row in areas("16.73").iterrows():
        corners = json.dumps([[[lat, lon] for lon, lat in ring(row["lat"], row["lon"], 0.001)]])
        rows.append(f"('{kode}','{row['name']}',0,0,'{corners}')")
    dump.write_text("INSERT INTO wilayah_boundaries(kode,nama,lat,lng,path) VALUES\n" + ",\n".join(rows) + ";\n")
    return made


@pytest.fixture
def importer(folder, door, tmp_path, monkeypatch):
    monkeypatch.setenv("JANGKAU_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PYTHONPATH", str(IMPORTER.parents[3]))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    handler = functools.partial(Slow, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        words = [str(door.path), str(folder), f"http://127.0.0.1:{server.server_port}"]
        with subprocess.Popen(
            [sys.executable, IMPORTER, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        ) as running:
            yield running
            running.kill()
        server.shutdown()


def held(door, kind):
    """Give all rows of one kind, without what tells the time."""
    name, column, value = PARTS[kind]
    found = []
    for layer in (name, SOURCES.get(name)):
        table = None if layer is None else door._store.read(layer)
        if table is not None:
            rows = table[1]
            if column:
                rows = rows[rows[column] == value]
            rows = rows.drop(columns=[one for one in PASSING if one in rows])
            found.append(sorted(map(repr, rows.astype(str).itertuples(index=False, name=None))))
    return found


def until(importer, word):
    while not (line := importer.stdout.readline()).startswith(word):
        assert line, "the importer ended"
        assert line != "gone\n", "the import ended by itself"
    return line


def test_an_import_killed_at_any_moment_leaves_the_old_state_or_the_new_one(importer, door):
    states, seconds = {}, {}
    for kind in KILLS:
        # A file keeps what it does not hold, so each state is measured as it comes after the other one.
        for state in "101":
            importer.stdin.write(f"time {kind} {state}\n")
            seconds[kind, state] = float(until(importer, "took").split()[1])
            states[kind, state] = held(door, kind)
        assert states[kind, "0"] != states[kind, "1"]
        assert len(states[kind, "0"][0]) >= 20
    now = dict.fromkeys(KILLS, "1")
    entries = len(door.contents(10_000).log)
    chance = np.random.default_rng(20241005)
    seen = {"old": 0, "new": 0}
    # A busy machine takes longer than it did when measured: moments are sought around the one where a change is kept.
    stretched = dict.fromkeys(KILLS, 1.0)
    # A server keeps a change whole whoever asked for it: there, fewer moments say as much.
    share = 2 if isinstance(door.path, Server) else 1
    for kind in chance.permutation([kind for kind, kills in KILLS.items() for _ in range(kills // share)]):
        wanted = "0" if now[kind] == "1" else "1"
        importer.stdin.write(f"{kind} {wanted}\n")
        child = int(until(importer, "child").split()[1])
        longest = seconds[kind, wanted] * stretched[kind]
        # Half of them are killed while they write, which is the shorter part.
        if chance.random() < 0.5:
            until(importer, "writing")
            longest = min(longest, 0.1 * stretched[kind])
        time.sleep(chance.uniform(0.0, longest))
        os.kill(child, signal.SIGKILL)
        until(importer, "gone")
        if isinstance(door.path, Server):
            # The server may still be at what the dead client asked last: who gets to write sees the end of it.
            with door._store.change():
                pass
        found = held(door, kind)
        assert found in (states[kind, now[kind]], states[kind, wanted])
        is_new = found == states[kind, wanted]
        seen["new" if is_new else "old"] += 1
        entries += is_new
        stretched[kind] *= 0.5 if is_new else 2.0
        assert len(door.contents(10_000).log) == entries
        now[kind] = wanted if is_new else now[kind]
    assert all(held(door, kind) == states[kind, state] for kind, state in now.items())
    assert min(seen.values()) > 0, "none was killed before it wrote, or all were"


def test_four_that_import_at_once_lose_no_row(importer, door):
    importer.stdin.write("four\n")
    assert until(importer, "ended") == "ended [0, 0, 0, 0]\n"
    people = door.layer("population", ())
    assert (people["persons"] == 5).sum() == 4
    assert sorted(held_tables(door)["period"]) == ["2020", "2021", "2022", "2023"]
    assert sorted(held_tables(door)["version"]) == [1, 2, 3, 4]
    # Each safe table has an entry for its release, too.
    assert len([entry for entry in door.contents(10_000).log if entry.layers != "client_releases"]) == 8
