"""The workspace as a file: what other programs see in it, and how an older form becomes the present one."""

import datetime as dt
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely

from coverage.ground.errors import InputError
from coverage.places.ferries import embedded_ferries
from coverage.places.unit_checks import read_units
from coverage.places.visits import embedded_visits
from coverage.places.workspace import Workspace, schema

DAY = dt.date(2024, 10, 8)
MEGANG = "16.73.08.1006"
FERRY = {"id": "x-y", "name": "X-Y", "from_kode": "74.07.02.1002", "to_kode": "74.07.01.1003", "sailing_min": "120"}
UNITS = read_units(
    b"id,name,kode,wilayah_kerja\na,Unit a,74.71.01.1005,74.71;74.72\nb,Unit b,74.71.01.1005,\n", "u.csv"
)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "kantor.gpkg"


@pytest.fixture
def filled(path):
    door = Workspace.open(path)
    door.save_units(UNITS)
    door.record_visit(MEGANG, DAY)
    door.declare_ferry(FERRY)
    return door


@pytest.mark.parametrize("make", [Path.mkdir, getattr(os, "mkfifo", Path.mkdir)])
def test_what_is_no_file_is_told_and_not_waited_for(path, make):
    make(path)
    with pytest.raises(InputError, match="bukan berkas"):
        Workspace.open(path)


@pytest.fixture
def first_form(path):
    """A file as the version wrote it that said no version."""
    table = UNITS.assign(active=[True, False], wilayah_kerja=UNITS["wilayah_kerja"].map(";".join)).reset_index()
    points = gpd.points_from_xy(table["lon"] + [0.001, 0.0], table["lat"])
    gpd.GeoDataFrame(table, geometry=points, crs=4326).to_file(path, layer="units")
    visit = {"kode": MEGANG, "date": "2024-10-08", "date_precision": "", "team": "T", "source": "workspace"}
    pyogrio.write_dataframe(pd.DataFrame([visit]), path, layer="visits", driver="GPKG")
    ferry = dict.fromkeys(embedded_ferries().columns, "") | FERRY
    pyogrio.write_dataframe(pd.DataFrame([ferry]), path, layer="ferries", driver="GPKG")
    line = [shapely.LineString([(122.5, -4.0), (122.6, -4.1)])]
    gpd.GeoDataFrame({"region": ["74"]}, geometry=line, crs=4326).to_file(path, layer="roads")
    return path


def seen(path):
    door = Workspace.open(path)
    # Written out, because what is not known is no equal of itself.
    return [table.to_csv() for table in (door.units(), door.visits(), door.ferries())]


def test_a_file_of_the_first_form_is_read_as_it_is(first_form):
    before = first_form.read_bytes()
    door = Workspace.open(first_form)
    assert door.contents().version == 0
    unit = door.units().loc["a"]
    assert unit["lon"] == UNITS.at["a", "lon"] + 0.001, "the point decides where it differs from the columns"
    assert "b" not in door.units().index
    assert door.visits()["kode"].iloc[-1] == MEGANG
    assert first_form.read_bytes() == before
    assert [file.name for file in first_form.parent.iterdir()] == [first_form.name]


def test_the_first_write_brings_a_file_to_the_present_form_with_a_copy_beside(first_form):
    before, told = first_form.read_bytes(), seen(first_form)
    door = Workspace.open(first_form)
    door.put({"notes": pd.DataFrame({"region": ["74"]})}, replacing={"region": "74"})
    assert seen(first_form) == told
    copy = first_form.with_name("kantor.versi-0.gpkg")
    assert dict(pyogrio.list_layers(copy)) == {"units": "Point", "visits": None, "ferries": None, "roads": "LineString"}
    assert len(copy.read_bytes()) == len(before)
    assert {one.layer.name: one.layer.geometry for one in door.contents().layers} == {
        "units": "POINT", "visits": "POINT", "ferries": "LINESTRING", "roads": "LINESTRING", "notes": "",
    }  # fmt: skip
    assert "lat" not in door.layer("units", [])
    assert door.contents().version == schema.version()
    with closing(sqlite3.connect(first_form)) as base:
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_second_copy_of_a_form_gets_a_name_of_its_own(first_form):
    first_form.with_name("kantor.versi-0.gpkg").write_text("jangan hilang")
    Workspace.open(first_form).record_visit(MEGANG, dt.date(2024, 11, 1))
    assert first_form.with_name("kantor.versi-0.gpkg").read_text() == "jangan hilang"
    assert first_form.with_name("kantor.versi-0-2.gpkg").exists()


def test_a_first_form_that_cannot_be_brought_over_stays_as_it_was(first_form):
    with closing(sqlite3.connect(first_form)) as base:
        base.execute("UPDATE visits SET date = 'kemarin'")
        base.commit()
    with pytest.raises(InputError, match=MEGANG):
        Workspace.open(first_form).record_visit(MEGANG, DAY)
    assert Workspace.open(first_form).contents().version == 0
    assert len(Workspace.open(first_form).ferries()) == len(embedded_ferries()) + 1


def test_the_file_is_in_wal_and_nothing_stays_beside_it(filled):
    with closing(sqlite3.connect(filled.path)) as base:
        assert base.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert base.execute("PRAGMA foreign_key_check").fetchall() == []
    assert [file.name for file in filled.path.parent.iterdir()] == [filled.path.name]


def test_gdal_reads_every_layer_where_it_lies(filled):
    assert set(map(tuple, pyogrio.list_layers(filled.path))) == {
        ("units", "Point"), ("visits", "Point"), ("ferries", "LineString"), ("jangkau_log", None),
    }  # fmt: skip
    for layer in ("units", "visits", "ferries"):
        read = gpd.read_file(filled.path, layer=layer)
        assert read.crs.to_epsg() == 4326
        assert read.geometry.notna().all()
        bounds = pyogrio.read_info(filled.path, layer=layer)["total_bounds"]
        assert tuple(bounds) == pytest.approx(tuple(read.total_bounds))
    assert str(gpd.read_file(filled.path, layer="visits")["date"].iloc[0])[:10] == "2024-10-08"


@pytest.mark.skipif(not shutil.which("ogrinfo"), reason="no ogrinfo; on Debian: apt-get install -y gdal-bin")
def test_ogrinfo_lists_names_geometry_and_reference_system(filled):
    said = subprocess.run(["ogrinfo", filled.path], capture_output=True, text=True, check=True)
    assert {line.split(": ", 1)[1] for line in said.stdout.splitlines() if line[:1].isdigit()} == {
        "units (Point)", "visits (Point)", "ferries (Line String)", "jangkau_log (None)",
    }  # fmt: skip
    assert said.stderr == ""
    for layer in ("units", "visits", "ferries"):
        whole = subprocess.run(["ogrinfo", "-al", filled.path, layer], capture_output=True, text=True, check=True)
        assert 'ID["EPSG",4326]' in whole.stdout
        assert whole.stderr == ""


def test_what_gdal_appends_and_indexes_is_read_and_written(filled):
    """QGIS gives a layer a spatial index, whose triggers call functions that plain SQLite lacks."""
    row = gpd.read_file(filled.path, layer="units").head(1).assign(id="q", name="Dari QGIS")
    pyogrio.write_dataframe(row, filled.path, layer="units", append=True)
    line = gpd.GeoDataFrame({"region": ["74"]}, geometry=[shapely.LineString([(122, -4), (123, -4)])], crs=4326)
    pyogrio.write_dataframe(line, filled.path, layer="roads", SPATIAL_INDEX="YES")
    door = Workspace.open(filled.path)
    assert door.units().at["q", "name"] == "Dari QGIS"
    more = gpd.GeoDataFrame(
        {"region": ["74", "75"]}, geometry=[shapely.LineString([(130, -4), (131, -3)]), None], crs=4326
    )
    door.put({"roads": more}, replacing={"region": "76"})
    door.put({"roads": more.head(0)}, replacing={"region": "74"})
    door.put({"roads": more.head(1)}, replacing={"region": "74"})
    near = pyogrio.read_dataframe(filled.path, layer="roads", bbox=(129.0, -5.0, 132.0, -2.0))
    assert near["region"].tolist() == ["74"]
    with closing(sqlite3.connect(filled.path)) as base:
        assert base.execute("SELECT count(*) FROM rtree_roads_geom").fetchone() == (1,)


def test_a_layer_that_was_widened_leaves_no_trace_of_the_old_one(filled):
    line = gpd.GeoDataFrame({"region": ["74"]}, geometry=[shapely.LineString([(122, -4), (123, -4)])], crs=4326)
    pyogrio.write_dataframe(line, filled.path, layer="roads", SPATIAL_INDEX="YES")
    filled.put({"roads": line.assign(km=1.0)}, replacing={"region": "75"})
    assert len(filled.shapes("roads", ["km"])) == 2
    assert len(gpd.read_file(filled.path, layer="roads")) == 2
    with closing(sqlite3.connect(filled.path)) as base:
        left = base.execute("SELECT name FROM sqlite_master WHERE name LIKE 'rtree_roads%'").fetchall()
        assert left == []
        assert base.execute("SELECT count(*) FROM gpkg_contents WHERE table_name = 'roads'").fetchone() == (1,)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE units SET geom = x'4750'", r'lapisan units, fid 1, kolom "geom"'),
        ("UPDATE units SET geom = x'47500001E6100000FFFF'", r'lapisan units, fid 1, kolom "geom"'),
        ("UPDATE notes SET n = 'satu'", r'lapisan notes, fid 1, kolom "n": nilai "satu" bukan bilangan bulat'),
        ("UPDATE notes SET x = 'setengah'", r'lapisan notes, fid 1, kolom "x": nilai "setengah" bukan angka'),
        ("UPDATE notes SET b = 'ya'", r'lapisan notes, fid 1, kolom "b": nilai "ya" bukan ya atau tidak'),
        ("UPDATE notes SET at = 'besok'", r'lapisan notes, fid 1, kolom "at": nilai "besok" bukan tanggal dan jam'),
        ("UPDATE jangkau_schema SET version = 'satu'", "bukan GeoPackage yang dapat dibaca"),
        ("DELETE FROM jangkau_schema", "bukan GeoPackage yang dapat dibaca"),
        ("DROP TABLE gpkg_contents", "bukan GeoPackage yang dapat dibaca"),
        ("UPDATE jangkau_schema SET version = 99", r"bentuk 99; Jangkau ini mengenal sampai 1.*Pasang Jangkau terbaru"),
    ],
)
def test_what_another_program_spoiled_is_named(statement, expected, filled):
    note = pd.DataFrame({"region": ["74"], "n": [1], "x": [0.5], "b": [True], "at": [pd.Timestamp("2024-10-08")]})
    filled.put({"notes": note}, replacing={"region": "74"})
    with closing(sqlite3.connect(filled.path)) as base:
        base.execute(statement)
        base.commit()
    with pytest.raises(InputError, match=expected):
        [Workspace.open(filled.path).units(), filled.layer("notes", [])]


def test_a_layer_in_metres_is_refused_with_the_remedy(filled):
    metres = gpd.read_file(filled.path, layer="units").to_crs(32751)
    metres.to_file(filled.path, layer="units")
    assert len(filled.contents().layers) == 3
    for use in (filled.units, lambda: filled.save_units(UNITS)):
        with pytest.raises(InputError, match=r"lapisan units.*32751.*EPSG:4326"):
            use()


def test_a_unit_drawn_in_qgis_without_a_point_stands_in_its_village(filled):
    with closing(sqlite3.connect(filled.path)) as base:
        base.execute("INSERT INTO units (id, name, kode) VALUES ('baru', 'Baru', '74.71.01.1005')")
        base.commit()
    new = filled.units().loc["baru"]
    assert (new["lat"], new["lon"]) == tuple(UNITS.loc["a", ["lat", "lon"]])
    assert new["location_quality"] == "titik kelurahan"


def test_an_id_used_twice_is_named(filled):
    with closing(sqlite3.connect(filled.path)) as base:
        base.execute("UPDATE units SET id = 'a'")
        base.commit()
    with pytest.raises(InputError, match='lapisan units, fid 2, kolom "id": nilai "a" sudah dipakai di baris 1'):
        filled.units()


def test_a_workspace_that_does_not_exist_has_nothing_to_copy(path):
    with pytest.raises(InputError, match="belum ada"):
        Workspace.open(path).backup(path.with_name("cadangan.gpkg"))
    assert list(path.parent.iterdir()) == []


READER = """
import os, sys
from coverage.places.workspace import Workspace
from coverage.ground.errors import InputError
from pathlib import Path
door = Workspace.open(Path(sys.argv[1]))
# Python's own files may be closed to others: what is needed of them is loaded before.
door.layer("visits", [])
os.setuid(65534)
print(door.layer("visits", [])["kode"].tolist())
try:
    door.put({}, replacing={})
except InputError as error:
    print(error.messages[0].key)
"""


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become somebody without rights"
)
def test_a_file_in_a_folder_that_may_only_be_read_can_be_read(filled, tmp_path_factory):
    folder = Path(shutil.copytree(filled.path.parent, Path("/tmp") / f"jangkau-baca-{os.getpid()}"))  # noqa: S108 - pytest's own folder is closed to others
    try:
        folder.chmod(0o555)
        said = subprocess.run(
            [sys.executable, "-c", READER, folder / filled.path.name],
            env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[3])},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        first, second = said.stdout.splitlines()
        assert first == f"['{MEGANG}']"
        assert second == "workspace.cannot_write"
    finally:
        shutil.rmtree(folder)


def test_visits_of_the_workspace_add_to_those_shipped(filled):
    assert len(filled.visits()) == len(embedded_visits()) + 1
