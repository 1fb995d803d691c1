"""``jangkau roads`` as a planner calls it."""

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from coverage.faces.cli import main

ROOT = Path(__file__).resolve().parents[2]
REGION = "35.74"
PLACES = {1: (113.20, -7.76), 2: (113.21, -7.76), 3: (113.22, -7.75), 4: (113.25, -7.75), 5: (113.26, -7.75)}
ANSWER = json.dumps(
    {
        "osm3s": {"timestamp_osm_base": "2024-06-25T19:37:40Z"},
        "elements": [
            *({"type": "node", "id": at, "lon": x, "lat": y} for at, (x, y) in PLACES.items()),
            {"type": "way", "id": 1, "nodes": [1, 2, 3], "tags": {"highway": "primary", "oneway": "yes"}},
            {"type": "way", "id": 2, "nodes": [4, 5], "tags": {"highway": "residential"}},
            {"type": "way", "id": 3, "nodes": [3, 4], "tags": {"highway": "footway"}},
        ],
    }
).encode()


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    shared = Path(os.environ["JANGKAU_HOME"]) / "cache"
    shared.mkdir(parents=True, exist_ok=True)
    (home / "cache").symlink_to(shared, target_is_directory=True)
    monkeypatch.setenv("JANGKAU_HOME", str(home))
    monkeypatch.delenv("JANGKAU_LANG", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.json").write_bytes(ANSWER)


@pytest.fixture
def ask(capfdbinary):
    def asked(line):
        code = main(line.split())
        out, err = capfdbinary.readouterr()
        return code, out.decode("utf-8"), err.decode("utf-8")

    return asked


def test_imported_roads_are_told_in_numbers(ask):
    code, out, err = ask(f"roads import a.json --region {REGION}")
    assert (code, err) == (0, "")
    assert "4 simpul, 2 ruas (1 satu arah)" in out
    assert "Bagian yang saling tersambung: 2" in out
    assert "1 jalan kaki atau sepeda" in out
    code, out, err = ask(f"roads info --region {REGION} --format json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert {"source", "nodes", "edges", "km_by_class", "components", "largest_component_share"} <= set(found)
    assert (found["source"], found["nodes"], found["edges"], found["components"]) == ("a.json", 4, 2, 2)
    assert (found["date"], found["one_way_edges"], found["dropped"]) == ("2024-06-25", 1, {"on_foot": 1})
    assert found["largest_component_share"] == pytest.approx(
        max(found["km_by_class"].values()) / sum(found["km_by_class"].values()), abs=1e-3
    )
    assert 0 < found["villages_within_limit"] <= found["villages"] == 29


def test_info_is_to_be_had_in_every_format_and_language(ask, tmp_path):
    ask(f"roads import a.json --region {REGION} -w b.gpkg")
    assert "jalan arteri" in ask(f"roads info --region {REGION} -w b.gpkg")[1]
    assert "arterial road" in ask(f"roads info --region {REGION} -w b.gpkg --lang en")[1]
    rows = ask(f"roads info --region {REGION} -w b.gpkg --format csv")[1].splitlines()
    assert rows[0] == "road_class,edges,length"
    assert [row.split(",")[0] for row in rows[1:]] == ["primary", "residential"]
    assert ask(f"roads info --region {REGION} -w b.gpkg -o c.xlsx")[0] == 0
    assert (tmp_path / "c.xlsx").stat().st_size > 1000


def test_removed_roads_are_gone(ask):
    ask(f"roads import a.json --region {REGION}")
    code, out, _ = ask(f"roads remove --region {REGION}")
    assert (code, "dihapus" in out) == (0, True)
    for line in (f"roads remove --region {REGION}", f"roads info --region {REGION}"):
        code, out, err = ask(line)
        assert (code, out) == (2, "")
        assert "belum mempunyai jalan" in err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("roads", "Pilihan wajib belum diberikan: PERINTAH."),
        ("roads fly", "fetch, import, info, remove"),
        ("roads import --region 35.74", "Pilihan wajib belum diberikan: FILE."),
        ("roads import a.json", "--region"),
        ("roads import b.json --region 35.74", "b.json tidak dapat dibuka"),
        ("roads import a.json --region 74.71", "tidak ada jalan di wilayah 74.71"),
        ("roads import a.json --region 35.74 --snap-m 99", "antara 0 dan 50"),
        ("roads import a.json --region 35.74 --snap-m lima", "bukan angka"),
        ("roads import a.json --region 35.74 --class Desa=jalanan", "KATA=KELAS"),
        ("roads info --region 35.74 --format pbf", "--format"),
        ("roads fetch --region 35.74 --overpass-url peladen", "tidak dapat dipakai"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(line, said, ask):
    code, out, err = ask(line)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


@pytest.mark.parametrize("command", ["fetch", "import", "info", "remove"])
def test_help_speaks_both_languages(command, ask):
    said = {lang: ask(f"roads {command} --help --lang {lang}") for lang in ("id", "en")}
    assert all(code == 0 for code, _, _ in said.values())
    assert "pilihan:" in said["id"][1]
    assert "positional" not in said["id"][1]
    assert "usage:" in said["en"][1]


def test_fetch_tells_each_tile_and_what_came(ask):
    class Overpass(BaseHTTPRequestHandler):
        def do_POST(self):
            ferry = b"ferry" in self.rfile.read(int(self.headers["Content-Length"]))
            body = b'{"elements": []}' if ferry else ANSWER
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Overpass)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"http://127.0.0.1:{server.server_port}/api"
        code, out, err = ask(f"roads fetch --region {REGION} --overpass-url {url}")
    finally:
        server.shutdown()
        server.server_close()
    assert code == 0, err
    assert err.startswith("Petak 1 dari")
    assert "Penyeberangan: 0" in err
    assert f"{url}." in out
    assert "2 ruas" in out


def test_no_command_waits_for_what_another_one_or_the_dashboard_needs():
    script = (
        "import sys, coverage.faces.cli; sys.exit(bool({'osmnx', 'sklearn', 'folium', 'streamlit'} & set(sys.modules)))"
    )
    assert (
        subprocess.run(
            [sys.executable, "-c", script], env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False
        ).returncode
        == 0
    )


def test_no_page_of_the_dashboard_loads_what_only_a_fetch_needs() -> None:
    """OSMnx brings scikit-learn and matplotlib: more than a second before the first page, and 80 MB."""
    pages = ", ".join(path.stem for path in sorted((ROOT / "coverage/faces/dashboard/pages").glob("*_page.py")))
    assert pages
    program = (
        f"import sys; from coverage.faces.dashboard.pages import {pages}; "
        "sys.exit(bool({'osmnx', 'sklearn', 'matplotlib', 'docx'} & set(sys.modules)))"
    )
    asked = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=False)
    assert asked.returncode == 0, asked.stderr
