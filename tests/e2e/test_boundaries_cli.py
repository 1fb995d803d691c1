"""``jangkau data fetch boundaries`` and ``jangkau import boundaries`` as a planner calls them."""

import functools
import http.server
import json
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely

from coverage.faces.cli import main
from coverage.places.villages import load_villages, mask_in_region

ROOT = Path(__file__).resolve().parents[2]
KOTA = "16.73"
COUNTRY = load_villages()
VILLAGES = load_villages()[mask_in_region(load_villages().index, KOTA)]


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    """A home and a folder to work in for each test."""
    monkeypatch.setenv("JANGKAU_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.delenv("JANGKAU_LANG", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def ask(capfdbinary):
    def asked(line):
        code = main(shlex.split(line))
        out, err = capfdbinary.readouterr()
        return code, out.decode("utf-8"), err.decode("utf-8")

    return asked


@pytest.fixture
def mirror(shared):
    """Serve the mirror on this machine as the public server would."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_):
            """Stay quiet."""

    handler = functools.partial(Handler, directory=str(shared / "mirror"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


@pytest.mark.shared
def test_a_province_is_fetched_and_the_gaps_stand_on_it(mirror, ask):
    code, out, err = ask(f"data fetch boundaries --region 74 --base-url {mirror} -w sultra.gpkg --format json")
    assert (code, err) == (0, "")
    report = json.loads(out)
    assert (report["files"], report["polygons"], report["villages_with_polygon"]) == (17, 2283, 2283)
    assert report["unreadable"] == []
    lacking = [row["kode"] for row in report["villages_without_polygon"]]
    found = json.loads(ask("gaps --region 74 -w sultra.gpkg --format json")[1])
    assert found["boundary_tier"] == "resmi"
    assert found["villages"] == 2285
    assert found["villages_with_polygon"] == 2283
    assert found["villages_without_polygon"] == lacking == ["74.02.36.1009", "74.07.07.1011"]
    assert found["polygons_without_village"] == []
    assert pyogrio.read_info("sultra.gpkg", layer="boundaries")["crs"] == "EPSG:4326"
    assert ["boundaries", "MultiPolygon"] in pyogrio.list_layers("sultra.gpkg").tolist()
    assert json.loads(ask("gaps --region 73 -w sultra.gpkg --format json")[1])["boundary_tier"] == "indikatif"
    areas = ask("villages --region 74.71 -w sultra.gpkg --format geojson")[1]
    assert len(json.loads(areas)["features"]) == 64


@pytest.mark.shared
@pytest.mark.skipif(os.name == "nt", reason="ends the process by a signal")
def test_a_fetch_that_is_killed_leaves_the_old_state_or_the_new_one(mirror, ask, tmp_path):
    ask(f"data fetch boundaries --region 74.72 --base-url {mirror} -w sultra.gpkg")
    before = json.loads(ask("gaps --region 74 -w sultra.gpkg --format json")[1])["villages_with_polygon"]
    assert before == 43
    command = [sys.executable, "-m", "coverage.faces.cli", "data", "fetch", "boundaries", "--region", "74.71"]
    for wait_s in (0.5, 2.0, 3.0):
        child = subprocess.Popen(
            [*command, "--base-url", mirror, "-w", "sultra.gpkg"],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(wait_s)
        child.send_signal(signal.SIGKILL)
        child.wait()
        found = json.loads(ask("gaps --region 74 -w sultra.gpkg --format json")[1])["villages_with_polygon"]
        assert found in (before, before + 64)


@pytest.mark.shared
def test_a_shuffled_kecamatan_is_told_and_waits_for_a_decision(mirror, ask, tmp_path):
    """In the official file of 52.02 the 16 villages of Pujut lie on the points of one another."""
    line = f"data fetch boundaries --region 52.02 --base-url {mirror} -w ntb.gpkg"
    code, out, err = ask(f"{line} --unsure tukar.csv")
    assert (code, err) == (0, "")
    pujut = COUNTRY[COUNTRY.index.str.startswith("52.02.04.")]
    told = next(row for row in out.splitlines() if "tertukar" in row)
    assert len(pujut) == 16
    assert all(f"{kode} {name}: bidang" in told for kode, name in pujut["name"].items())
    assert "13,0 km" in told
    held = pyogrio.read_dataframe("ntb.gpkg", layer="boundaries", read_geometry=False)["kode"]
    assert not held.str.startswith("52.02.04.").any()
    rows = (tmp_path / "tukar.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == 17
    kept = [row + row.split(";")[0] if number else row for number, row in enumerate(rows)]
    (tmp_path / "tukar.csv").write_text("\n".join([*kept[:-1], rows[-1] + "-"]), encoding="utf-8")
    report = json.loads(ask(f"{line} --decide tukar.csv --format json")[1])
    held = pyogrio.read_dataframe("ntb.gpkg", layer="boundaries", read_geometry=False)["kode"]
    assert held.str.startswith("52.02.04.").sum() == 15
    assert report["shuffled"] == []


def test_a_file_of_unsure_areas_alone_tells_them_and_writes_them_to_be_decided(ask, tmp_path):
    """Eleven areas that lay on one another's points ended in "putuskan dengan --decide", with nothing to decide."""
    kec = VILLAGES[VILLAGES.index.str.startswith("16.73.02.")]
    points = shapely.points([*kec["lon"].iloc[1:], kec["lon"].iloc[0]], [*kec["lat"].iloc[1:], kec["lat"].iloc[0]])
    shapes = shapely.buffer(points, 0.002, cap_style="square")
    frame = gpd.GeoDataFrame({"kode": kec.index, "nama": kec["name"].to_numpy()}, geometry=shapes, crs=4326)
    frame.to_file(tmp_path / "kec.geojson")
    line = "import boundaries kec.geojson -w kota.gpkg --yes"
    code, out, err = ask(f"{line} --unsure belum.csv --faults salah.xlsx")
    assert code == 2
    assert "tidak ada bidang yang cocok" in err
    assert all(f"{kode} {name}: bidang" in out for kode, name in kec["name"].items())
    rows = (tmp_path / "belum.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(rows) == len(kec) + 1
    assert (tmp_path / "salah.xlsx").exists()
    assert not (tmp_path / "kota.gpkg").exists()
    (tmp_path / "belum.csv").write_text("\n".join([rows[0], *(row + row.split(";")[1] for row in rows[1:])]), "utf-8")
    code, out, err = ask(f"{line} --decide belum.csv")
    assert (code, err) == (0, "")
    assert f"{len(kec)} diputuskan" in out


@pytest.fixture
def own_file(tmp_path):
    names = ["Hutan" if kode == "16.73.08.1006" else name for kode, name in VILLAGES["name"].items()]
    kodes = ["" if kode == "16.73.08.1006" else kode for kode in VILLAGES.index]
    shapes = shapely.buffer(shapely.points(VILLAGES["lon"], VILLAGES["lat"]), 0.002, cap_style="square")
    gpd.GeoDataFrame({"kode": kodes, "nama": names}, geometry=shapes, crs=4326).to_file(tmp_path / "desa.geojson")
    return tmp_path / "desa.geojson"


def test_an_own_file_is_matched_decided_and_used(own_file, ask, tmp_path):
    line = f"import boundaries desa.geojson --region {KOTA} -w kota.gpkg"
    code, out, err = ask(f"{line} --format json --unsure belum.csv")
    assert (code, err) == (0, "")
    report = json.loads(out)
    assert [report[key] for key in ("matched_by_code", "matched_by_name", "unsure", "unmatched")] == [71, 0, 1, 0]
    assert report["schema"] == "plain"
    assert [pair["proposal"] for pair in report["unsure_pairs"]] == ["16.73.08.1006"]
    rows = (tmp_path / "belum.csv").read_text(encoding="utf-8-sig").splitlines()
    (tmp_path / "belum.csv").write_text("\n".join([rows[0], rows[1] + "16.73.08.1006"]), encoding="utf-8")
    code, out, err = ask(f"{line} --decide belum.csv")
    assert (code, err) == (0, "")
    assert "1 diputuskan, 0 belum pasti" in out
    found = json.loads(ask(f"gaps --region {KOTA} -w kota.gpkg --format json")[1])
    assert (found["boundary_tier"], found["villages_with_polygon"]) == ("kantor", 72)
    assert found["villages_without_polygon"] == []


def test_a_file_of_another_region_lists_what_it_holds_and_is_refused(own_file, ask):
    code, out, err = ask("import boundaries desa.geojson --region 35.74")
    assert code == 2
    assert "0 batas kelurahan/desa" in out
    assert "35.74" in err
    assert not Path("kerja.gpkg").exists()


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("data fetch boundaries --region 16.73 --base-url ftp://a/b", "https://"),
        ("data fetch boundaries --region 16.73 --base-url http://127.0.0.1:9", "tidak ada sambungan"),
        ("data fetch boundaries --region xyzzy", '"xyzzy"'),
        ("data fetch boundaries", "--region"),
        ("data fetch", "PERINTAH"),
        ("data", "PERINTAH"),
        ("import boundaries tidak-ada.gpkg --region 16.73", "tidak-ada.gpkg"),
        ("import boundaries desa.geojson --region 16.73 --crs utm", "EPSG:4326"),
        ("import boundaries desa.geojson --region 16.73 --decide tidak-ada.csv", "tidak-ada.csv"),
        ("import boundaries desa.geojson --region 16.73 --unsure tidak/ada.csv", "tidak"),
    ],
)
def test_what_cannot_be_is_one_sentence_with_exit_code_2(line, words, own_file, ask, monkeypatch):
    monkeypatch.setattr("coverage.places.boundaries.boundary_fetch._PAUSES_S", (0.0,))
    code, out, err = ask(line)
    assert (code, out) == (2, "")
    assert words in err
    assert "Traceback" not in err
