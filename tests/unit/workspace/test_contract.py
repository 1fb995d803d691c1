"""What holds for every store: a file or a server."""

import datetime as dt
import os
import signal
import subprocess
import time
import zlib

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coverage.ground.errors import InputError
from coverage.ground.free_text import hidden_sign
from coverage.places.ferries import embedded_ferries
from coverage.places.roles import NotAllowedError, Person, Role, acting
from coverage.places.unit_checks import read_units
from coverage.places.units import embedded_units
from coverage.places.visits import embedded_visits
from coverage.places.workspace import Server, noted, schema

DAY = dt.date(2024, 10, 8)
MEGANG = "16.73.08.1006"
WATERVANG = "16.73.05.1002"
FERRY = {"id": "x-y", "name": "X-Y", "from_kode": "74.07.02.1002", "to_kode": "74.07.01.1003", "sailing_min": "120"}
HERE = {"region": "74.71"}
SAME_DOOR = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)


def units(*names):
    rows = "".join(f"{name},Unit {name},74.71.01.1005,74.71;74.72\n" for name in names)
    return read_units(f"id,name,kode,wilayah_kerja\n{rows}".encode(), "unit.csv")


def roads(count, region="74.71", start=0.0):
    line = [shapely.LineString([(122.5 + start, -4.0), (122.6, -4.0 - 0.01 * number)]) for number in range(count)]
    rows = {"region": [region] * count, "km": [0.1 * number for number in range(count)], "both_ways": [True] * count}
    return gpd.GeoDataFrame(rows, geometry=line, crs="EPSG:4326")


def test_what_was_stored_is_there_when_it_is_opened_again(open_door):
    open_door().save_units(units("a"))
    open_door().record_visit(MEGANG, DAY, team="Tim 1")
    open_door().declare_ferry(FERRY)
    door = open_door()
    pd.testing.assert_frame_equal(door.units().loc[["a"]], units("a"))
    assert len(door.units()) == len(embedded_units()) + 1
    last = door.visits().iloc[-1]
    assert (last["kode"], last["date"], last["team"]) == (MEGANG, pd.Timestamp(DAY), "Tim 1")
    assert door.ferries().iloc[-1].to_dict() == dict.fromkeys(embedded_ferries().columns, "") | FERRY


def test_an_empty_workspace_shows_what_is_shipped(door):
    pd.testing.assert_frame_equal(door.units(), embedded_units())
    pd.testing.assert_frame_equal(door.visits(), embedded_visits())
    pd.testing.assert_frame_equal(door.ferries(), embedded_ferries())
    assert door.layer("roads", []) is None
    assert door.contents().layers == ()
    assert door.state().changes == 0


def test_a_removed_unit_is_hidden_and_comes_back_when_it_is_stored_again(door):
    door.save_units(units("a", "bnnk-muna"))
    assert door.units().at["bnnk-muna", "name"] == "Unit bnnk-muna"
    door.save_units(units("b").head(0), remove=("a", "bnnk-muna"))
    assert not {"a", "bnnk-muna"} & set(door.units().index)
    door.save_units(units("a"))
    assert "a" in door.units().index


def test_the_same_visit_is_held_once_and_a_ferry_is_replaced(door):
    for team in ("Tim 1", "Tim 2"):
        door.record_visit(MEGANG, DAY, team=team)
        door.declare_ferry(FERRY | {"name": team})
    assert door.visits()["team"].tolist()[len(embedded_visits()) :] == ["Tim 2"]
    assert door.ferries().iloc[-1]["name"] == "Tim 2"
    assert len(door.ferries()) == len(embedded_ferries()) + 1


def test_layers_have_their_geometry(door):
    door.save_units(units("a"))
    door.record_visit(MEGANG, DAY)
    door.declare_ferry(FERRY)
    square = shapely.box(122, -4, 123, -3)
    areas = gpd.GeoDataFrame({"region": ["74"]}, geometry=[square], crs=4326)
    door.put({"boundaries": areas, "roads": roads(2), "road_sources": pd.DataFrame([HERE])}, replacing=HERE)
    assert {held.layer.name: (held.layer.geometry, held.rows) for held in door.contents().layers} == {
        "boundaries": ("MULTIPOLYGON", 1),
        "ferries": ("LINESTRING", 1),
        "road_sources": ("", 1),
        "roads": ("LINESTRING", 2),
        "units": ("POINT", 1),
        "visits": ("POINT", 1),
    }
    assert door.shapes("boundaries", []).geometry.iloc[0].equals(square)
    line = door.shapes("ferries", []).geometry.iloc[0]
    assert shapely.get_num_coordinates(line) == 2


def test_rows_put_for_one_region_replace_those_of_that_region_only(door):
    door.put({"roads": roads(2)}, replacing=HERE)
    door.put({"roads": roads(3, "74.04"), "notes": pd.DataFrame({"region": ["74.04"]})}, replacing={"region": "74.04"})
    door.put({"roads": roads(1)}, replacing=HERE)
    held = door.shapes("roads", ["region", "km"])
    assert sorted(held["region"]) == ["74.04", "74.04", "74.04", "74.71"]
    assert held.crs == "EPSG:4326"
    assert (held["both_ways"].dtype, held["km"].dtype) == (bool, np.float64)
    assert held.geometry.iloc[-1].equals(roads(1).geometry[0])
    door.put({"roads": roads(0, "74.04")}, replacing={"region": "74.04"})
    assert list(door.layer("roads", ["region"])["region"]) == ["74.71"]


def test_rows_put_in_place_of_several_keys_replace_those(door):
    def table(*keys):
        return pd.DataFrame({"key": pd.array(keys, dtype="str"), "value": [1.5] * len(keys)})

    door.put({"speeds": table("a", "b", "c", "it's")}, replacing={"key": ["a"]})
    door.put({"speeds": table("b")}, replacing={"key": ["a", "b", "it's"]})
    assert door.layer("speeds", ["key"])["key"].tolist() == ["c", "b"]
    door.put({"speeds": table()}, replacing={"key": ()})
    assert len(door.layer("speeds", [])) == 2
    door.put({"speeds": table()}, replacing={"key": ("c", "b")})
    assert len(door.layer("speeds", [])) == 0


def test_upserted_rows_replace_those_of_the_same_key(door):
    first = pd.DataFrame({"kode": ["a", "b"], "year": [2024, 2024], "n": [1, 2]})
    door.upsert("people", first, ["kode", "year"])
    door.upsert("people", first, ["kode", "year"])
    door.upsert("people", pd.DataFrame({"kode": ["b", None], "year": [2024, 2025], "n": [3, 4]}), ["kode", "year"])
    door.upsert("people", pd.DataFrame({"kode": [None], "year": [2025], "n": [5]}), ["kode", "year"])
    assert door.layer("people", [])["n"].tolist() == [1, 3, 5]


def test_a_visit_taken_out_is_gone_and_an_embedded_one_comes_back_when_recorded(door):
    shipped = embedded_visits().iloc[0]
    door.record_visit(MEGANG, DAY)
    door.remove_visit(MEGANG, DAY)
    door.remove_visit(shipped["kode"], shipped["date"].date())
    door.remove_visit(shipped["kode"], shipped["date"].date())
    assert len(door.visits()) == len(embedded_visits()) - 1
    assert door.layer("hidden_visits", ["kode"])["kode"].tolist() == [MEGANG, shipped["kode"]]
    door.record_visit(shipped["kode"], shipped["date"].date())
    assert len(door.visits()) == len(embedded_visits())


def test_a_ferry_taken_out_is_hidden_until_it_is_declared_anew(door):
    first = embedded_ferries()["id"].iloc[0]
    door.declare_ferry(FERRY)
    door.remove_ferry("x-y")
    door.remove_ferry(first)
    assert not {first, "x-y"} & set(door.ferries()["id"])
    assert first in set(door.ferries(hidden=True)["id"])
    assert first in door.hidden_ferries()
    door.declare_ferry(FERRY | {"id": first})
    assert first in set(door.ferries()["id"])
    assert first not in door.hidden_ferries()


def test_what_is_put_in_place_of_everything_stands_alone(door):
    for number in (1, 2):
        door.put({"notes": pd.DataFrame({"n": [number, number]})}, replacing={})
    assert door.layer("notes", ["n"])["n"].tolist() == [2, 2]


def test_a_change_of_several_layers_happens_whole_or_not_at_all(door):
    door.put({"roads": roads(2), "notes": pd.DataFrame([HERE | {"text": "lama"}])}, replacing=HERE)
    before = door.state()
    bad = pd.DataFrame([HERE | {"text": "tidak \0 dapat"}])
    with pytest.raises(InputError, match='Lapisan notes, kolom "text"'):
        door.put({"roads": roads(5), "notes": bad}, replacing=HERE)
    assert len(door.shapes("roads", [])) == 2
    assert door.layer("notes", ["text"])["text"].tolist() == ["lama"]
    assert door.state() == before


def test_a_layer_grows_with_the_tables_put_into_it(door):
    door.put({"notes": pd.DataFrame([HERE | {"n": 1}])}, replacing=HERE)
    door.put({"notes": pd.DataFrame([{"region": "74", "n": 1.5, "more": "ya"}])}, replacing={"region": "74"})
    held = door.layer("notes", [])
    assert held["n"].tolist() == [1.0, 1.5]
    assert held["more"].isna().tolist() == [True, False]
    points = gpd.GeoDataFrame({"region": ["75"]}, geometry=gpd.points_from_xy([122.0], [-4.0]), crs=4326)
    door.put({"notes": points}, replacing={"region": "75"})
    assert door.shapes("notes", []).geometry.isna().tolist() == [True, True, False]
    lines = gpd.GeoDataFrame({"region": ["76"]}, geometry=roads(1).geometry.to_list(), crs=4326)
    door.put({"notes": lines}, replacing={"region": "76"})
    assert [shape and shape.geom_type for shape in door.shapes("notes", []).geometry][2:] == ["Point", "LineString"]


def test_a_layer_that_lacks_a_column_is_named(door):
    door.put({"notes": pd.DataFrame([HERE])}, replacing=HERE)
    with pytest.raises(InputError, match="lapisan notes tidak mempunyai kolom text"):
        door.layer("notes", ["text"])
    with pytest.raises(InputError, match="lapisan notes tidak mempunyai kolom geom"):
        door.shapes("notes", [])
    with pytest.raises(InputError, match="lapisan notes tidak mempunyai kolom tahun"):
        door.put({"notes": pd.DataFrame([HERE])}, replacing={"tahun": "2024"})


@pytest.mark.parametrize("name", ["jangkau_log", "gpkg_contents", "a b", 'x"; DROP TABLE units; --', "Roads", ""])
def test_a_name_that_is_no_layers_name_is_a_fault_of_the_program(name, door):
    with pytest.raises(ValueError, match=r".*") as caught:
        door.put({name: pd.DataFrame([HERE])}, replacing=HERE)
    assert not isinstance(caught.value, InputError)


TEXTS = st.text(
    st.characters(exclude_categories=["Cs"]).filter(lambda sign: not hidden_sign(sign)), max_size=30
) | st.sampled_from(
    [
        "'; DROP TABLE units; --",
        '"',
        "''",
        "\\",
        "%s",
        "{}",
        "?",
        "Klinik Ç \U0001f33f",
        "NULL",
        "None",
        "NaN",
        "\\N",
        "\t\n\r",
    ]
)


@SAME_DOOR
@given(rows=st.lists(st.tuples(st.none() | TEXTS, st.none() | st.integers(-(2**53), 2**53)), min_size=1, max_size=5))
def test_texts_and_numbers_come_back_as_they_were(door, rows):
    table = pd.DataFrame({"region": "74", "text": [row[0] for row in rows]}, dtype=object)
    table["n"] = pd.array([row[1] for row in rows], dtype="Int64")
    door.put({"notes": table}, replacing={"region": "74"})
    held = door.layer("notes", ["text", "n"])
    assert [None if pd.isna(text) else text for text in held["text"]] == [row[0] for row in rows]
    assert [None if pd.isna(n) else int(n) for n in held["n"]] == [row[1] for row in rows]


COLUMN = TEXTS.filter(lambda name: name and len(name.encode()) < 60 and name.lower() not in {"fid", "geom", "region"})


@SAME_DOOR
@given(column=COLUMN, text=TEXTS)
def test_any_name_of_a_column_is_only_a_name(door, column, text):
    layer = f"l{zlib.crc32(column.encode())}"
    door.put({layer: pd.DataFrame({"region": ["74"], column: [text]})}, replacing={"region": "74"})
    assert door.layer(layer, [column])[column].tolist() == [text]


@SAME_DOOR
@given(
    st.lists(st.floats(allow_infinity=False), min_size=1, max_size=5),
    st.lists(st.tuples(st.floats(95, 141), st.floats(-11, 6)), min_size=2, max_size=5),
)
def test_numbers_and_lines_come_back_to_the_last_bit(door, numbers, points):
    table = gpd.GeoDataFrame(
        {"region": "74", "x": numbers}, geometry=[shapely.LineString(points)] * len(numbers), crs=4326
    )
    door.put({"lines": table}, replacing={"region": "74"})
    held = door.shapes("lines", ["x"])
    np.testing.assert_array_equal(held["x"].to_numpy(), np.array(numbers))
    assert shapely.get_coordinates(held.geometry.iloc[0]).tolist() == [list(point) for point in points]


def test_days_and_times_come_back(door):
    table = pd.DataFrame({"region": ["74"], "day": [DAY], "at": [pd.Timestamp("2024-10-08 09:30:15.25")]})
    door.put({"notes": table}, replacing={"region": "74"})
    held = door.layer("notes", [])
    assert held["day"].tolist() == ["2024-10-08"]
    assert held["at"].tolist() == [pd.Timestamp("2024-10-08 09:30:15.25")]


def test_every_write_changes_the_state_and_reading_does_not(door):
    states = [door.state()]
    for write in (
        lambda: door.save_units(units("a")),
        lambda: door.record_visit(MEGANG, DAY),
        lambda: door.declare_ferry(FERRY),
        lambda: door.put({"roads": roads(1)}, replacing=HERE),
        lambda: door.put({"roads": roads(0)}, replacing={"region": "99"}),
    ):
        write()
        states.append(door.state())
    assert len({state.changes for state in states}) == len(states)
    door.units(), door.visits(), door.ferries(), door.contents()
    assert door.state() == states[-1]


def test_the_log_tells_command_layers_rows_and_digest(door, monkeypatch):
    door.record_visit(MEGANG, DAY)
    monkeypatch.setenv("JANGKAU_ROLE", "perencana")
    with noted(command="jangkau import roads"), noted(file_sha256="ab" * 32):
        door.put({"roads": roads(3), "road_sources": pd.DataFrame([HERE])}, replacing=HERE)
    newest, oldest = door.contents().log
    assert (newest.command, newest.layers, newest.rows) == ("jangkau import roads", "roads, road_sources", 4)
    assert (newest.file_sha256, newest.role) == ("ab" * 32, "perencana")
    assert (oldest.command, oldest.layers, oldest.rows, oldest.role) == ("", "visits", 1, "")
    assert dt.datetime.now(dt.UTC) - dt.datetime.fromisoformat(newest.at) < dt.timedelta(minutes=5)
    assert door.contents(1).log == (newest,)


def test_who_may_not_change_leaves_no_trace_and_who_may_is_named_in_the_log(door, monkeypatch, tmp_path):
    monkeypatch.setenv("JANGKAU_ROLES", str(tmp_path / "roles.toml"))
    with acting(Person("periksa@contoh.invalid", Role.REVIEWER)), pytest.raises(NotAllowedError):
        door.record_visit(MEGANG, DAY)
    assert (door.state().changes, door.contents().log) == (0, ())
    with acting(Person("rencana@contoh.invalid", Role.PLANNER)):
        door.record_visit(MEGANG, DAY)
    assert [entry.role for entry in door.contents().log] == ["perencana: rencana@contoh.invalid"]


def test_a_newer_form_is_refused_with_a_sentence(open_door, monkeypatch):
    open_door().record_visit(MEGANG, DAY)
    monkeypatch.setattr(schema, "MIGRATIONS", [])
    for use in (open_door, lambda: open_door().record_visit(MEGANG, DAY)):
        with pytest.raises(InputError, match=r"Jangkau yang lebih baru.*Pasang Jangkau terbaru"):
            use()


def test_a_migration_that_fails_leaves_the_old_form(open_door, monkeypatch):
    open_door().record_visit(MEGANG, DAY)

    def broken(change, place):
        change.drop("visits")
        raise ZeroDivisionError

    monkeypatch.setattr(schema, "MIGRATIONS", [*schema.MIGRATIONS, broken])
    with pytest.raises(ZeroDivisionError):
        open_door().record_visit(WATERVANG, DAY)
    monkeypatch.undo()
    assert open_door().contents().version == schema.version()
    assert open_door().visits()["kode"].iloc[-1] == MEGANG


def test_a_backup_is_a_workspace_of_its_own(door, tmp_path):
    door.save_units(units("a"))
    door.put({"roads": roads(2), "notes": pd.DataFrame([HERE | {"text": "Ç"}])}, replacing=HERE)
    target = tmp_path / "cadangan.gpkg"
    door.backup(target)
    copy = type(door).open(target)
    assert copy.units().equals(door.units())
    assert copy.shapes("roads", []).geometry.geom_equals(door.shapes("roads", []).geometry).all()
    assert copy.layer("notes", []).equals(door.layer("notes", []))
    assert copy.contents().log == door.contents().log
    before = target.read_bytes()
    with pytest.raises(InputError, match="sudah ada dan tidak ditimpa"):
        door.backup(target)
    assert target.read_bytes() == before
    with pytest.raises(InputError, match="harus berkas GeoPackage"):
        door.backup(tmp_path / "cadangan.zip")
    with pytest.raises(InputError, match="Folder"):
        door.backup(tmp_path / "tidak ada" / "cadangan.gpkg")


def test_a_unit_stands_where_its_point_was_moved_to(door, edit):
    door.save_units(units("a"))
    before = door.state()
    edit(door, "UPDATE {units} SET geom = {point} WHERE id = 'a'", lon=122.52, lat=-3.97)
    assert tuple(door.units().loc["a", ["lon", "lat"]]) == (122.52, -3.97)
    assert door.state().changes > before.changes, "what another program changes is seen"


BAD_EDITS = {
    "UPDATE {units} SET kode = '74.71.01.9999'": [
        'lapisan units, fid 1, kolom "kode": nilai "74.71.01.9999"',
        "Kemendagri",
    ],
    "UPDATE {units} SET kind = 'warung'": ['kolom "kind": nilai "warung"', "Pakai salah satu dari"],
    "UPDATE {units} SET name = NULL, wilayah_kerja = '99'": ['kolom "name"', 'kolom "wilayah_kerja": nilai "99"'],
    "UPDATE {units} SET geom = {point}": ['kolom "lat"', "di luar rentang"],
    "UPDATE {visits} SET kode = '1673081006'": ['lapisan visits, fid 1, kolom "kode": nilai "1673081006"', "titik"],
    "UPDATE {ferries} SET sailing_min = 'dua jam', to_kode = NULL": [
        'kolom "sailing_min": nilai "dua jam"',
        '"to_kode"',
    ],
    "UPDATE {ferries} SET trips_per_day = '-1'": ['lapisan ferries, fid 1, kolom "trips_per_day": nilai "-1"'],
}


@pytest.mark.parametrize("statement", BAD_EDITS)
def test_a_row_edited_elsewhere_is_checked_when_it_is_read(statement, door, edit):
    door.save_units(units("a"))
    door.record_visit(MEGANG, DAY)
    door.declare_ferry(FERRY)
    edit(door, statement, lon=12.0, lat=41.9)
    with pytest.raises(InputError) as caught:
        door.units(), door.visits(), door.ferries()
    assert [part for part in BAD_EDITS[statement] if part not in caught.value.text()] == []


@pytest.mark.parametrize("statement", ["UPDATE {jangkau_log} SET command = ''", "DELETE FROM {jangkau_log}"])
def test_the_log_cannot_be_rewritten(statement, door, edit):
    door.record_visit(MEGANG, DAY)
    held = door.contents().log
    with pytest.raises(Exception, match="jangkau_log cannot be changed"):
        edit(door, statement)
    assert door.contents().log == held


WRITER = """
import datetime as dt, sys
from coverage.places.workspace import Workspace
for day in range(1, 9): Workspace.open(sys.argv[1]).record_visit("16.73.08.1006", dt.date(2024, int(sys.argv[2]), day))
"""


def test_four_processes_that_write_at_once_lose_nothing(door, writer):
    writers = [writer(WRITER, door, month) for month in ("1", "2", "3", "4")]
    assert [process.wait(120) for process in writers] == [0] * 4
    assert len(door.visits()) == len(embedded_visits()) + 32
    assert len(door.contents(100).log) == 32


FORKS = """
import os, sys, pandas as pd
from coverage.places.workspace import Workspace
door = Workspace.open(sys.argv[1])
for turn, _ in enumerate(sys.stdin):
    child = os.fork()
    if not child:
        for number in range(turn * 1000, 10**6):
            table = pd.DataFrame({"region": "74", "n": [number] * 50})
            door.put({"left": table, "right": table}, replacing={"region": "74"})
            os.write(1, f"{number}\\n".encode())
    os.write(1, f"child {child}\\n".encode())
    os.waitpid(child, 0)
    os.write(1, b"gone\\n")
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="the writer forks, so that all of them start at once")
def test_a_writer_killed_at_any_moment_leaves_one_state_and_no_mix(door, writer):
    forks = writer(FORKS, door, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
    chance = np.random.default_rng(4)
    seen = set()
    for killed in range(100):
        if killed >= 20 and len(seen) > 1:
            break
        forks.stdin.write("go\n")
        said = [forks.stdout.readline()]
        while not said[-1].startswith("child"):
            said.append(forks.stdout.readline())
        # A busy machine needs longer until there is anything to kill.
        time.sleep(chance.uniform(0.0, 0.25) * (1 + killed // 20))
        os.kill(int(said[-1].split()[1]), signal.SIGKILL)
        while said[-1] != "gone\n":
            said.append(forks.stdout.readline())
        told = [int(line) for line in said if line.strip().isdigit()]
        if isinstance(door.path, Server):
            # The server may still be at what the dead client asked last: who gets to write sees the end of it.
            with door._store.change():
                pass
        left, right = (door.layer(name, []) for name in ("left", "right"))
        if left is None:
            assert right is None
            assert not told
            continue
        assert len(left) == len(right) == 50
        assert len(set(left["n"])) == 1
        assert left.equals(right)
        number = int(left["n"].iloc[0])
        # What was said to be written is written; the next one may be, too.
        assert not told or number in {told[-1], told[-1] + 1}
        seen.add(number)
    assert len(seen) > 1, "the writers were killed before they wrote"
    door.record_visit(MEGANG, DAY)
    assert door.visits()["kode"].iloc[-1] == MEGANG
