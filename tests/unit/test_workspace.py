"""One office's file: embedded data shows through, and a write happens whole or not at all."""

import datetime as dt
import os
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
from coverage.places.units import embedded_units
from coverage.places.visits import embedded_visits
from coverage.places.workspace import Workspace, cache_folder, geopackage, gpkg_format, home
from coverage.places.workspace.geopackage import GeoPackage
from coverage.places.workspace.gpkg_layers import GeoPackageLayers

ROOT = Path(__file__).resolve().parents[2]
DAY = dt.date(2024, 10, 8)
MEGANG = "16.73.08.1006"
FERRY = {"id": "x-y", "name": "X-Y", "from_kode": "74.07.02.1002", "to_kode": "74.07.01.1003", "sailing_min": "120"}


def units(*names):
    rows = "".join(f"{name},Unit {name},74.71.01.1005,74.71;74.72\n" for name in names)
    return read_units(f"id,name,kode,wilayah_kerja\n{rows}".encode(), "unit.csv")


@pytest.fixture
def door(tmp_path):
    return Workspace.open(tmp_path / "kantor kami.gpkg")


@pytest.fixture
def filled(door):
    door.save_units(units("a"))
    door.record_visit(MEGANG, DAY, team="Tim 1")
    door.declare_ferry(FERRY)
    return door


def again(door):
    return Workspace.open(door.path)


def test_the_usual_place_is_in_the_home_of_the_user(tmp_path, monkeypatch):
    monkeypatch.setenv("JANGKAU_HOME", str(tmp_path / "baru"))
    door = Workspace.open()
    assert door.path == tmp_path / "baru" / "kerja.gpkg"
    door.record_visit(MEGANG, DAY)
    assert door.path.is_file()


def test_without_a_chosen_home_data_and_cache_go_where_the_platform_keeps_them(monkeypatch):
    monkeypatch.delenv("JANGKAU_HOME")
    assert "jangkau" in str(home()).lower()
    assert "jangkau" in str(cache_folder()).lower()


def test_reading_creates_nothing(door):
    pd.testing.assert_frame_equal(door.units(), embedded_units())
    pd.testing.assert_frame_equal(door.visits(), embedded_visits())
    pd.testing.assert_frame_equal(door.ferries(), embedded_ferries())
    assert list(door.path.parent.iterdir()) == []


def test_what_was_stored_is_there_when_the_file_is_opened_again(filled):
    door = again(filled)
    pd.testing.assert_frame_equal(door.units().loc[["a"]], units("a"))
    assert len(door.units()) == len(embedded_units()) + 1
    last = door.visits().iloc[-1]
    assert (last["kode"], last["date"], last["team"]) == (MEGANG, pd.Timestamp(DAY), "Tim 1")
    assert door.ferries().iloc[-1].to_dict() == dict.fromkeys(embedded_ferries().columns, "") | FERRY


def test_a_stored_unit_takes_the_place_of_the_embedded_one_of_its_id(door):
    door.save_units(units("bnnk-muna"))
    assert again(door).units().index.tolist() == embedded_units().index.tolist()
    assert again(door).units().at["bnnk-muna", "name"] == "Unit bnnk-muna"


def test_a_removed_unit_is_hidden_and_comes_back_when_it_is_stored_again(filled):
    filled.save_units(units("b").head(0), remove=("a", "rs-jiwa-kendari"))
    assert not {"a", "rs-jiwa-kendari"} & set(again(filled).units().index)
    assert len(again(filled).units()) == len(embedded_units()) - 1
    filled.save_units(units("rs-jiwa-kendari"))
    assert again(filled).units().at["rs-jiwa-kendari", "name"] == "Unit rs-jiwa-kendari"


def test_a_unit_stored_and_removed_at_once_is_removed(filled):
    filled.save_units(units("a"), remove=("a",))
    assert "a" not in again(filled).units().index
    assert pyogrio.read_info(filled.path, layer="units")["features"] == 1


def test_the_same_visit_is_held_once(filled):
    filled.record_visit(MEGANG, DAY, team="Tim 2")
    filled.record_visit(MEGANG, dt.date(2024, 10, 9))
    own = again(filled).visits().iloc[len(embedded_visits()) :]
    assert own[["date", "team"]].to_numpy().tolist() == [
        [pd.Timestamp(DAY), "Tim 2"],
        [pd.Timestamp("2024-10-09"), ""],
    ]


def test_a_ferry_declared_again_replaces_the_old_one(filled):
    filled.declare_ferry(FERRY | {"sailing_min": "60"})
    filled.declare_ferry(FERRY | {"id": "waara-baubau", "sailing_min": "45"})
    ferries = again(filled).ferries().set_index("id")
    assert ferries.at["x-y", "sailing_min"] == "60"
    assert ferries.at["waara-baubau", "sailing_min"] == "45"
    assert ferries.index.is_unique


def test_one_kind_of_data_survives_writing_another(filled):
    filled.save_units(units("b"))
    door = again(filled)
    assert {"a", "b"} <= set(door.units().index)
    assert MEGANG in set(door.visits()["kode"])
    assert "x-y" in set(door.ferries()["id"])


def test_the_file_is_a_geopackage_other_programs_read(filled):
    found = dict(pyogrio.list_layers(filled.path))
    assert found == {"units": "Point", "visits": "Point", "ferries": "LineString", "jangkau_log": None}
    points = gpd.read_file(filled.path, layer="units").set_index("id")
    assert points.crs.to_epsg() == 4326
    assert (points.at["a", "geometry"].x, points.at["a", "geometry"].y) == tuple(units("a").loc["a", ["lon", "lat"]])
    types = dict(
        zip(*(pyogrio.read_info(filled.path, layer="units")[key] for key in ("fields", "dtypes")), strict=True)
    )
    assert (types["active"], types["kode"]) == ("bool", "object")
    assert not {"lat", "lon"} & set(types), "a place that is said twice can contradict itself"
    with closing(sqlite3.connect(filled.path)) as base:
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_text_comes_back_as_it_was(door):
    names = ["=1+1", 'Klinik "Ç" \'n', "a;b,c", "NaN", "None", "", "\U0001f33f"]
    for number, team in enumerate(names):
        door.record_visit(MEGANG, dt.date(2024, 1, number + 1), team=team)
    assert again(door).visits()["team"].tolist()[len(embedded_visits()) :] == names


def read_all(door):
    return again(door).units(), again(door).visits(), again(door).ferries()


WRITES = {
    "units": lambda door: door.save_units(units("b")),
    "visit": lambda door: door.record_visit(MEGANG, dt.date(2024, 11, 1)),
    "ferry": lambda door: door.declare_ferry(FERRY | {"id": "z"}),
}


def state(door):
    return door.path.read_bytes(), sorted(path.name for path in door.path.parent.iterdir())


def full_disk(monkeypatch):
    """Let SQLite itself find that the file cannot grow."""
    connect = GeoPackage._connect

    def cramped(store, mode):
        base = connect(store, mode)
        base.execute(f"PRAGMA max_page_count = {base.execute('PRAGMA page_count').fetchone()[0]}")
        return base

    monkeypatch.setattr(GeoPackage, "_connect", cramped)


BIG = pd.DataFrame({"region": ["74"], "text": ["x" * 200_000]})


def test_a_full_disk_leaves_the_old_state_and_nothing_else(filled, monkeypatch):
    before, held = state(filled), filled.state()
    full_disk(monkeypatch)
    with pytest.raises(InputError, match=r"tidak dapat ditulis: ruang disk.*habis.*tetap utuh"):
        filled.put({"notes": BIG}, replacing={"region": "74"})
    monkeypatch.undo()
    assert state(filled) == before
    assert filled.state() == held
    filled.put({"notes": BIG}, replacing={"region": "74"})
    assert len(filled.layer("notes", ["text"]).at[0, "text"]) == 200_000


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), sqlite3.OperationalError("disk I/O error")])
def test_a_write_that_fails_leaves_the_old_bytes_and_nothing_else(write, error, filled, monkeypatch):
    before = state(filled)
    real = GeoPackageLayers.insert

    def half(*given):
        real(*given)
        raise error

    monkeypatch.setattr(GeoPackageLayers, "insert", half)
    with pytest.raises(InputError, match="tetap utuh"):
        write(filled)
    assert state(filled) == before


def test_a_first_write_that_fails_leaves_no_file(door, monkeypatch):
    def broken(_):
        raise sqlite3.OperationalError

    monkeypatch.setattr(gpkg_format, "make_own_tables", broken)
    with pytest.raises(InputError, match="tidak dapat ditulis"):
        door.record_visit(MEGANG, DAY)
    assert list(door.path.parent.iterdir()) == []


def test_a_fault_of_the_program_is_not_blamed_on_the_file(filled, monkeypatch):
    before = state(filled)

    def broken(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr(GeoPackageLayers, "insert", broken)
    with pytest.raises(ZeroDivisionError):
        filled.record_visit(MEGANG, dt.date(2024, 11, 1))
    assert state(filled) == before


def test_a_disk_without_hard_links_gets_its_file_as_well(door, monkeypatch):
    def refused(*_):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(os, "link", refused)
    door.record_visit(MEGANG, DAY)
    assert [path.name for path in door.path.parent.iterdir()] == [door.path.name]
    assert again(door).visits()["kode"].iloc[-1] == MEGANG


def test_a_folder_that_cannot_be_written_is_told(tmp_path, monkeypatch):
    (tmp_path / "berkas").write_text("")
    monkeypatch.setenv("JANGKAU_HOME", str(tmp_path / "berkas" / "rumah"))
    door = Workspace.open()
    assert len(door.units()) == len(embedded_units())
    with pytest.raises(InputError, match="tidak dapat ditulis"):
        door.record_visit(MEGANG, DAY)


@pytest.mark.skipif(os.name == "nt" or getattr(os, "geteuid", lambda: 1)() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_told(filled):
    before = filled.path.read_bytes()
    filled.path.parent.chmod(0o500)
    try:
        with pytest.raises(InputError, match="tidak dapat ditulis"):
            filled.record_visit(MEGANG, dt.date(2024, 11, 1))
    finally:
        filled.path.parent.chmod(0o700)
    assert filled.path.read_bytes() == before


def test_what_qgis_left_in_its_journal_is_kept(filled):
    """QGIS writes into a journal beside the file; a copy of the file alone would lose it."""
    with closing(sqlite3.connect(filled.path)) as editor:
        editor.execute("PRAGMA journal_mode=WAL")
        editor.execute("UPDATE visits SET team = 'dari QGIS'")
        editor.commit()
        beside = {path.name: path.read_bytes() for path in filled.path.parent.iterdir()}
    assert f"{filled.path.name}-wal" in beside
    for name, content in beside.items():
        (filled.path.parent / name).write_bytes(content)
    filled.record_visit(MEGANG, dt.date(2024, 11, 1))
    assert again(filled).visits()["team"].tolist()[len(embedded_visits()) :] == ["dari QGIS", ""]
    assert not (filled.path.parent / f"{filled.path.name}-wal").exists()


def test_who_waits_too_long_for_another_writer_is_told(filled, monkeypatch):
    monkeypatch.setattr(geopackage, "BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(filled.path, isolation_level=None)) as editor:
        editor.execute("BEGIN IMMEDIATE")
        with pytest.raises(InputError, match=r"kantor kami\.gpkg.*QGIS"):
            filled.record_visit(MEGANG, dt.date(2024, 11, 1))
        assert len(filled.visits()) == len(embedded_visits()) + 1, "who reads does not wait"
        editor.execute("ROLLBACK")
    filled.record_visit(MEGANG, dt.date(2024, 11, 1))


def test_a_file_locked_by_a_program_without_wal_is_told_to_readers(filled, monkeypatch):
    monkeypatch.setattr(geopackage, "BUSY_SECONDS", 0.1)
    with closing(sqlite3.connect(filled.path, isolation_level=None)) as editor:
        editor.execute("PRAGMA journal_mode = DELETE")
        editor.execute("BEGIN EXCLUSIVE")
        with pytest.raises(InputError, match="sedang dipakai program lain"):
            filled.visits()


def test_two_processes_that_write_at_once_lose_nothing(tmp_path):
    script = (
        "import datetime as dt, sys, pathlib\n"
        "from coverage.places.workspace import Workspace\n"
        "door = Workspace.open(pathlib.Path(sys.argv[1]))\n"
        f"for day in range(1, 7): door.record_visit({MEGANG!r}, dt.date(2024, int(sys.argv[2]), day))\n"
    )
    path = tmp_path / "kantor.gpkg"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    writers = [
        subprocess.Popen([sys.executable, "-c", script, str(path), month], env=environment) for month in ("1", "2")
    ]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    assert len(Workspace.open(path).visits()) == len(embedded_visits()) + 12


VRT = b'<OGRVRTDataSource><OGRVRTLayer name="units"><SrcDataSource>%s</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"halo",
        b'{"type":"FeatureCollection","features":[]}',
        b"id,name\na,b\n",
        VRT % b"/etc/passwd",
        b"SQLite format 3\0" + bytes(84),
    ],
    ids=["empty", "text", "geojson", "csv", "vrt", "sqlite"],
)
def test_what_is_no_geopackage_is_refused_before_anything_opens_it(content, tmp_path, monkeypatch):
    path = tmp_path / "kantor.gpkg"
    path.write_bytes(content)
    monkeypatch.setattr(sqlite3, "connect", lambda *_, **__: pytest.fail("SQLite was asked"))
    with pytest.raises(InputError, match=r'"kantor\.gpkg" bukan GeoPackage'):
        Workspace.open(path)
    with pytest.raises(InputError):
        Workspace(path).record_visit(MEGANG, DAY)
    assert path.read_bytes() == content


@pytest.mark.parametrize("size", [100, 5000, 60_000])
def test_a_geopackage_cut_short_is_refused_in_a_sentence(size, filled):
    whole = filled.path.read_bytes()
    filled.path.write_bytes(whole[:size])
    with pytest.raises(InputError):
        read_all(filled)


def test_a_layer_of_another_program_is_refused_with_what_it_lacks(tmp_path):
    path = tmp_path / "kantor.gpkg"
    gpd.GeoDataFrame({"id": ["a"]}, geometry=gpd.points_from_xy([122.0], [-4.0]), crs=4326).to_file(path, layer="units")
    with pytest.raises(InputError, match=r"lapisan units.*name, kind"):
        Workspace.open(path).units()


def test_a_visit_whose_date_cannot_be_read_is_named(filled):
    with closing(sqlite3.connect(filled.path)) as editor:
        editor.execute("UPDATE visits SET date = 'kemarin'")
        editor.commit()
    with pytest.raises(InputError, match=r'lapisan visits, fid 1, kolom "date": nilai "kemarin".*2024-10-05'):
        again(filled).visits()


@pytest.mark.parametrize("name", ["kantor.csv", "kantor", "tidak ada/kantor.gpkg"])
def test_a_name_that_cannot_be_a_workspace_is_refused_with_a_remedy(name, tmp_path):
    with pytest.raises(InputError, match=r"\.gpkg|folder"):
        Workspace.open(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_rows_put_for_one_region_replace_those_of_that_region_only(tmp_path):
    door = Workspace.open(tmp_path / "kantor.gpkg")
    line = shapely.linestrings([[122.5, -4.0], [122.6, -4.0]])

    def roads(region, count):
        rows = {"region": [region] * count, "km": [float(number) for number in range(count)]}
        return gpd.GeoDataFrame(rows, geometry=[line] * count, crs="EPSG:4326")

    door.put({"roads": roads("74.71", 2)}, replacing={"region": "74.71"})
    door.put({"roads": roads("74.04", 3), "notes": pd.DataFrame({"region": ["74.04"]})}, replacing={"region": "74.04"})
    door.put({"roads": roads("74.71", 1)}, replacing={"region": "74.71"})
    held = door.shapes("roads", ["region", "km"])
    assert sorted(held["region"]) == ["74.04", "74.04", "74.04", "74.71"]
    assert held.crs == "EPSG:4326"
    assert held.geometry.iloc[0].equals(line)
    assert list(door.layer("notes", ["region"])["region"]) == ["74.04"]
    door.put({"roads": roads("74.04", 3).head(0)}, replacing={"region": "74.04"})
    assert list(door.layer("roads", ["region"])["region"]) == ["74.71"]
