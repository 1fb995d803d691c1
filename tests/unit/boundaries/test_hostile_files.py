"""Hostile vector files: each payload is first shown to work on plain GDAL, then to do nothing behind the guard."""

import http.server
import io
import json
import math
import os
import subprocess
import sys
import threading
import warnings
import zipfile
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from coverage.faces.dashboard.shell.frame import plain
from coverage.faces.maps import folium_map
from coverage.ground import vector_child, vector_files
from coverage.ground.errors import InputError
from coverage.ground.vector_files import ChildRequest, kind_of, read_in_child, read_vector
from coverage.places.boundaries.own_file import read_own_file

INSIDE = "isi berkas kantor"
READ = """
import sys, pyogrio
table = pyogrio.read_dataframe(sys.argv[1], read_geometry=False)
print(table.to_csv())
"""
SQUARE = shapely.box(102.86, -3.3, 102.87, -3.29)


@pytest.fixture
def secret(tmp_path):
    """A file of the machine that an upload must not reach."""
    path = tmp_path / "rahasia" / "rahasia.csv"
    path.parent.mkdir()
    path.write_text(f"kode,nama\n74.71.01.1005,{INSIDE}\n", encoding="utf-8")
    return path


@pytest.fixture
def listener(monkeypatch):
    """A server that notes who asked for something."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def do_HEAD(self):
            self.do_GET()

        def log_message(self, *_):
            """Stay quiet."""

    monkeypatch.setenv("no_proxy", "127.0.0.1")
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}", asked
        running.shutdown()
        thread.join()


def vrt_of_file(path):
    source = f"<SrcDataSource>{path}</SrcDataSource>"
    return f'<OGRVRTDataSource><OGRVRTLayer name="rahasia">{source}</OGRVRTLayer></OGRVRTDataSource>'.encode()


def vrt_of_url(url):
    return vrt_of_file(f"/vsicurl/{url}/curi.csv")


def without_guard(path):
    """Read as any program with GDAL would."""
    done = subprocess.run([sys.executable, "-c", READ, str(path)], capture_output=True, text=True, check=False)
    return done.stdout


def zipped(**members):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return held.getvalue()


def geojson(shape=SQUARE, **properties):
    feature = {"type": "Feature", "properties": properties, "geometry": shapely.geometry.mapping(shape)}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


@pytest.mark.parametrize("ending", ["geojson", "gpkg", "csv", "kml", "json"])
def test_vrt_under_another_name_reads_files_of_the_machine_and_is_refused_here(ending, secret, tmp_path):
    upload = tmp_path / f"batas.{ending}"
    upload.write_bytes(vrt_of_file(secret))
    assert INSIDE in without_guard(upload)
    for source in (upload, upload.read_bytes()):
        with pytest.raises(InputError) as caught:
            read_vector(source, upload.name, ["kode", "nama"])
        assert INSIDE not in caught.value.text("id")


def test_vrt_in_an_archive_reads_files_of_the_machine_and_is_refused_here(secret, tmp_path):
    upload = tmp_path / "batas.zip"
    upload.write_bytes(zipped(**{"batas.geojson": vrt_of_file(secret)}))
    assert INSIDE in without_guard(f"/vsizip/{upload}/batas.geojson")
    with pytest.raises(InputError, match="batas"):
        read_vector(upload, upload.name, ["kode", "nama"])


def test_vrt_asks_servers_and_is_refused_here(listener, tmp_path):
    url, asked = listener
    upload = tmp_path / "batas.geojson"
    upload.write_bytes(vrt_of_url(url))
    without_guard(upload)
    assert asked
    asked.clear()
    with pytest.raises(InputError):
        read_vector(upload, upload.name, ["kode"])
    assert asked == []


@pytest.mark.parametrize("how", ["file", "url"])
def test_even_past_the_first_bytes_the_child_has_no_driver_for_it(how, secret, listener, tmp_path):
    """The second wall on its own: what gets by the check of first bytes finds no way in the child either."""
    url, asked = listener
    folder = tmp_path / "anak"
    folder.mkdir()
    (folder / "layer.geojson").write_bytes(vrt_of_file(secret) if how == "file" else vrt_of_url(url))
    if how == "file":
        assert INSIDE in without_guard(folder / "layer.geojson")
    with pytest.raises(InputError) as caught:
        read_in_child(folder, ChildRequest("layer.geojson", ["kode", "nama"]), "x.geojson")
    assert INSIDE not in caught.value.text("id")
    assert not (folder / vector_child.FEATURES).exists()
    assert asked == []


def test_a_child_that_has_more_drivers_than_allowed_reads_nothing(tmp_path, monkeypatch):
    (tmp_path / "layer.geojson").write_bytes(geojson(kode="x"))
    monkeypatch.setattr(vector_files, "_drivers_to_skip", lambda: "")
    with pytest.raises(InputError, match="drivers not allowed"):
        read_in_child(tmp_path, ChildRequest("layer.geojson", ["kode"]), "x.geojson")


def test_the_users_own_settings_of_gdal_do_not_reach_the_child(monkeypatch):
    for name in (
        "GDAL_SKIP",
        "OGR_SKIP",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS",
        "GDAL_HTTP_HEADERS",
        "AWS_INSIDE_ACCESS_KEY",
    ):
        monkeypatch.setenv(name, "milik pengguna")
    assert "milik pengguna" not in vector_files._environment().values()


@pytest.mark.parametrize(
    "member",
    ["../batas.geojson", "a/../../batas.geojson", "/etc/batas.geojson", "C:/batas.geojson", "..\\batas.geojson"],
)
def test_an_archive_whose_names_leave_the_folder_is_refused(member, tmp_path):
    content = zipped(**{member: geojson(kode="74.71.01.1005")})
    if member.startswith("../"):
        # What joins the name of a member to a folder, as programs do, writes beside that folder.
        target = tmp_path / "dalam" / member
        target.parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "dalam").mkdir(exist_ok=True)
        target.write_bytes(b"x")
        assert (tmp_path / "batas.geojson").exists()
    before = set(tmp_path.rglob("*"))
    with pytest.raises(InputError, match="keluar dari foldernya"):
        read_vector(content, "batas.zip", ["kode"])
    assert set(tmp_path.rglob("*")) == before


def test_a_name_that_is_a_path_is_never_one(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    read_vector(geojson(kode="x"), "../../batas.geojson", ["kode"])
    assert list(tmp_path.parent.glob("batas*")) == []


def test_an_archive_that_unpacks_to_a_thousandfold_is_refused():
    content = zipped(**{"batas.geojson": b" " * 50_000_000})
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert len(archive.read("batas.geojson")) > 500 * len(content)
    with pytest.raises(InputError, match="mengembang"):
        read_vector(content, "batas.zip", ["kode"])


def test_an_archive_that_lies_about_its_size_is_refused():
    content = bytearray(zipped(**{"batas.geojson": b" " * 50_000_000}))
    size = (50_000_000).to_bytes(4, "little")
    assert content.count(size) == 2
    while size in content:
        at = content.index(size)
        content[at : at + 4] = (1000).to_bytes(4, "little")
    with pytest.raises(InputError, match="zip"):
        read_vector(bytes(content), "batas.zip", ["kode"])


def test_an_archive_of_very_many_files_is_refused(monkeypatch):
    content = zipped(**{f"{number}.txt": b"x" for number in range(600)}, **{"batas.geojson": geojson(kode="x")})
    with pytest.raises(InputError, match="terlalu banyak"):
        read_vector(content, "batas.zip", ["kode"])


@pytest.mark.parametrize("damage", [slice(0, 60), slice(30, None)])
def test_a_broken_archive_is_one_sentence(damage):
    content = zipped(**{"batas.geojson": geojson(kode="x")})
    with pytest.raises(InputError, match=r"batas\.zip"):
        read_vector(b"PK\x03\x04" + content[damage], "batas.zip", ["kode"])


@pytest.mark.parametrize("value", ["NaN", "999", "-99"])
def test_coordinates_that_are_no_place_are_read_by_gdal_and_refused_here(value, tmp_path):
    upload = tmp_path / "batas.geojson"
    whole = geojson(kode="16.73.08.1006", nama="Megang").decode()
    upload.write_text(whole.replace("102.86", value, 1), encoding="utf-8")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        x = gpd.read_file(upload).geometry.get_coordinates()["x"].tolist()
    assert any(not math.isfinite(one) or one in (999, -99) for one in x)
    with pytest.raises(InputError, match="baris 1") as caught:
        read_own_file(upload, upload.name, "16.73")
    assert "Megang" in caught.value.text("id")


@pytest.mark.parametrize("value", [math.inf, -math.inf, math.nan])
@pytest.mark.parametrize("first", [True, False])
def test_infinite_coordinates_in_a_geopackage_are_refused(value, first, tmp_path):
    ring = [(102.86, -3.3), (102.87, -3.3), (102.87, -3.29), (102.86, -3.3)]
    ring = [(value, -3.3), *ring[1:3], (value, -3.3)] if first else [ring[0], (value, -3.3), *ring[2:]]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gpd.GeoDataFrame({"kode": ["16.73.08.1006"]}, geometry=[shapely.LineString(ring)], crs=4326).to_file(
            tmp_path / "batas.gpkg"
        )
    with pytest.raises(InputError, match="baris 1"):
        read_own_file(tmp_path / "batas.gpkg", "batas.gpkg", "16.73")


def test_a_number_beyond_all_numbers_is_refused():
    content = geojson(kode="16.73.08.1006", nama="Megang").replace(b"102.86", b"1e400", 1)
    with pytest.raises(InputError, match="batas"):
        read_own_file(content, "batas.geojson", "16.73")


def test_a_ring_that_is_not_closed_is_closed():
    whole = json.loads(geojson(kode="16.73.08.1006", nama="Megang"))
    whole["features"][0]["geometry"]["coordinates"][0].pop()
    own = read_own_file(json.dumps(whole).encode(), "batas.geojson", "16.73")
    assert shapely.area(own.rows["geometry"][0]) == pytest.approx(shapely.area(SQUARE))


def test_a_script_in_a_name_stays_text_all_the_way_into_the_map(tmp_path):
    hostile = "<script>alert(1)</script>${x}`"
    own = read_own_file(geojson(kode="16.73.08.1006", nama=hostile), "batas.geojson", "16.73")
    assert own.rows["name"].tolist() == [hostile]
    name = own.rows["name"][0]
    assert "<script>" in f"<b>{name}</b>"
    assert "<script>" in json.dumps({"name": name})
    drawn = folium_map._as_script({"name": name})
    assert "<" not in drawn
    assert "${" not in drawn
    assert json.loads(drawn)["name"] == name
    assert r"\<script\>" in plain(name)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"kode,nama\n",
        b"<html>",
        b"<?xml version='1.0'?><!DOCTYPE kml [<!ENTITY a 'b'>]><kml></kml>",
        b"<kml><!-- <OGRVRTDataSource> --></kml>",
        b"SQLite format 3\0" + bytes(84),
        b"MZ\x90\x00",
    ],
)
def test_what_is_no_known_format_is_refused_before_any_driver_sees_it(content, monkeypatch):
    monkeypatch.setattr(vector_files, "read_in_child", lambda *_: pytest.fail("a driver was asked"))
    with pytest.raises(InputError, match="isinya bukan"):
        read_vector(content, "batas.geojson", ["kode"])
    assert kind_of(content) == ""


def test_a_file_that_takes_too_long_is_stopped(tmp_path, monkeypatch):
    monkeypatch.setattr(vector_files, "SECONDS", 0.01)
    with pytest.raises(InputError, match="dihentikan"):
        read_vector(geojson(kode="x"), "batas.geojson", ["kode"])


@pytest.mark.parametrize("limit", ["MAX_BYTES", "MAX_FEATURES"])
def test_a_file_beyond_the_limits_is_refused(limit, monkeypatch):
    monkeypatch.setattr(vector_files, limit, 0)
    with pytest.raises(InputError, match=r"batas\.geojson"):
        read_vector(geojson(kode="x"), "batas.geojson", ["kode"])


def test_a_broken_file_of_a_known_kind_is_one_sentence(tmp_path):
    whole = tmp_path / "batas.gpkg"
    gpd.GeoDataFrame({"kode": ["x"]}, geometry=[SQUARE], crs=4326).to_file(whole)
    for content in (
        whole.read_bytes()[:3000],
        b'{"type": "FeatureCollection", "features": [',
        b"fgb\x03fgb\x00" + bytes(40),
    ):
        with pytest.raises(InputError) as caught:
            read_vector(content, "batas.gpkg", ["kode"])
        assert "\n" not in caught.value.text("id")


@pytest.mark.parametrize("ending", ["gpkg", "geojson", "fgb", "kml", "zip", "shp", "gpkg.zip"])
def test_every_allowed_format_gives_the_same_rows(ending, tmp_path):
    table = gpd.GeoDataFrame(
        {"Name": ["Megang", "Watervang"], "kode": ["16.73.08.1006", "16.73.01.1016"]},
        geometry=[SQUARE, shapely.affinity.translate(SQUARE, 0.02)],
        crs=4326,
    )
    drivers = {"zip": "shp", "gpkg.zip": "gpkg"}
    path = tmp_path / f"batas.{drivers.get(ending, ending)}"
    table.to_file(path, **({"driver": "LIBKML"} if ending == "kml" else {}))
    if ending.endswith("zip"):
        parts = [one for one in sorted(tmp_path.iterdir()) if one.is_file()]
        (tmp_path / "batas.zip").write_bytes(zipped(**{f"Batas Desa/{one.name}": one.read_bytes() for one in parts}))
        path = tmp_path / "batas.zip"
    found = read_vector(path, path.name, ["name", "kode"])
    assert sorted(column.casefold() for column in found.table) == ["kode", "name"]
    drawn = dict(zip(found.table["kode"], shapely.normalize(shapely.force_2d(found.shapes)), strict=True))
    assert set(drawn) == set(table["kode"])
    given = shapely.normalize(table.geometry.to_numpy())
    assert shapely.equals_exact([drawn[kode] for kode in table["kode"]], given, 1e-6).all()


def test_shp_alone_asks_for_its_parts(tmp_path):
    gpd.GeoDataFrame({"kode": ["x"]}, geometry=[SQUARE], crs=4326).to_file(tmp_path / "batas.shp")
    with pytest.raises(InputError, match=r"\.dbf"):
        read_vector((tmp_path / "batas.shp").read_bytes(), "batas.shp", ["kode"])
    (tmp_path / "batas.prj").unlink()
    assert read_vector(tmp_path / "batas.shp", "batas.shp", ["kode"]).crs is None


def test_whole_numbers_that_are_codes_stay_codes(tmp_path):
    table = gpd.GeoDataFrame({"kode": [1.673081006e9, None], "luas": [0.5, 1.0]}, geometry=[SQUARE, SQUARE], crs=4326)
    table.to_file(tmp_path / "batas.gpkg")
    found = read_vector(tmp_path / "batas.gpkg", "batas.gpkg", ["kode", "luas"]).table
    assert found["kode"].tolist() == ["1673081006", ""]
    assert found["luas"].tolist() == ["0.5", "1"] or found["luas"].tolist() == ["0.5", "1.0"]


def test_no_program_of_the_users_folder_is_run(tmp_path, monkeypatch):
    """Modules that lie about must not be taken for those of the child."""
    (tmp_path / "pyogrio.py").write_text("raise SystemExit(7)", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", os.fspath(tmp_path))
    assert read_vector(geojson(kode="x"), "batas.geojson", ["kode"]).table["kode"].tolist() == ["x"]
    assert Path(vector_child.__file__).is_file()
