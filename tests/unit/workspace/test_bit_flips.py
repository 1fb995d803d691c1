"""A bit that a disk flips is refused or changes no answer; what another program edits is taken as it is."""

import datetime as dt
import random
import shutil
import sqlite3
from contextlib import closing

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely

from coverage.faces.cli import main
from coverage.ground.errors import InputError
from coverage.places.workspace import Workspace, gpkg_sums

FLIPS = 200
DAY = dt.date(2024, 12, 1)


@pytest.fixture
def path(all_layers, tmp_path):
    return shutil.copy(all_layers, tmp_path / "kerja.gpkg")


@pytest.fixture(scope="module")
def names(all_layers):
    return [one.layer.name for one in Workspace.open(all_layers).contents().layers]


def answer(path, names):
    """Read every layer to the last bit, and all that is told of the file but how often it was changed."""
    store = Workspace.open(path)._store
    told = []
    for name in names:
        found = store.read(name)
        if found is None:
            return None
        layer, table = found
        shapes = shapely.to_wkb(table.geometry.to_numpy()).tolist() if isinstance(table, gpd.GeoDataFrame) else []
        told.append(
            (
                layer,
                table.index.tolist(),
                pd.DataFrame(table)
                .drop(columns="geometry", errors="ignore")
                .to_json(orient="split", date_format="iso", double_precision=15),
                shapes,
            )
        )
    held = store.contents(1000)
    return told, held.version, held.layers, held.log


def fault_of(path, names):
    """Give the key of the sentence that a damaged file is refused with, or the answer."""
    try:
        return answer(path, names)
    except InputError as error:
        return error.messages[0].key


def flipped(content, bit):
    made = bytearray(content)
    made[bit // 8] ^= 1 << bit % 8
    return bytes(made)


def test_no_flipped_bit_changes_an_answer_unseen(path, names, record_property):
    whole = path.read_bytes()
    right = answer(path, names)
    drawn = random.Random(13)  # noqa: S311 - which bits, nothing secret
    refused, same, unseen = {}, 0, []
    for _ in range(FLIPS):
        bit = drawn.randrange(len(whole) * 8)
        path.write_bytes(flipped(whole, bit))
        found = fault_of(path, names)
        if isinstance(found, str):
            refused[found] = refused.get(found, 0) + 1
        elif found == right:
            same += 1
        else:
            unseen.append(bit)
    told = f"{FLIPS} flipped bits: {sum(refused.values())} refused {refused}, {same} the same answer"
    assert unseen == [], told
    record_property("flips", told)
    assert sum(refused.values()) > FLIPS / 20


def test_a_flipped_bit_in_a_cell_of_any_layer_is_refused(path, names):
    """Cells are changed below SQLite, as a disk does it: every layer in turn, and its count of rows."""
    right = answer(path, names)
    for name in names:
        kept = path.read_bytes()
        with closing(sqlite3.connect(path)) as base:
            asked = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
            found = base.execute(asked, (name,)).fetchall()
            for trigger, _ in found:
                base.execute(f'DROP TRIGGER "{trigger}"')
            asked = "SELECT name FROM pragma_table_info(?) WHERE type = 'TEXT'"
            (column,) = base.execute(asked, (name,)).fetchone()
            change = "UPDATE {0} SET {1} = {1} || 'x' WHERE rowid = (SELECT min(rowid) FROM {0})"
            base.execute(change.format(name, column))
            for _, sql in found:
                base.execute(sql)
            base.execute("UPDATE jangkau_sums SET forms = ?", base.execute("PRAGMA schema_version").fetchone())
            base.commit()
        with pytest.raises(InputError, match=rf"isi {name} berubah tanpa ditulis") as caught:
            Workspace.open(path)._store.read(name)
        assert "QGIS" in str(caught.value)
        path.write_bytes(kept)
    assert answer(path, names) == right


def test_what_a_disk_changed_is_not_written_over(path):
    content = path.read_bytes()
    at = content.index(b"Tim 2")
    path.write_bytes(content[:at] + b"Tim 3" + content[at + 5 :])
    door = Workspace.open(path)
    damaged = path.read_bytes()
    for use in (
        door.visits,
        lambda: door.record_visit("16.73.08.1005", DAY),
        lambda: door.put({"visits": pd.DataFrame({"kode": ["x"]})}, replacing={}),
        lambda: door.backup(path.with_name("cadangan.gpkg")),
    ):
        with pytest.raises(InputError, match="isi visits berubah tanpa ditulis"):
            use()
        assert path.read_bytes() == damaged
    assert not path.with_name("cadangan.gpkg").exists()
    assert len(door.units()), "another layer is whole"
    door.put({"notes": pd.DataFrame({"a": [1]})}, replacing={})
    with pytest.raises(InputError, match="isi visits berubah"):
        door.visits()


def test_the_remedy_that_is_told_works(path):
    content = path.read_bytes()
    at = content.index(b"Tim 2")
    path.write_bytes(content[:at] + b"Tim 3" + content[at + 5 :])
    with closing(sqlite3.connect(path)) as editor:
        editor.execute("UPDATE visits SET team = 'Tim 2' WHERE team = 'Tim 3' AND date = '2024-10-02'")
        editor.commit()
    door = Workspace.open(path)
    assert sorted(door.visits()["team"].tail(3)) == ["Tim 1", "Tim 2", "Tim 3"]
    door.record_visit("16.73.08.1005", DAY)


EDITS = (
    "UPDATE visits SET team = 'dari QGIS'",
    "DELETE FROM visits WHERE team = 'Tim 1'",
    "INSERT INTO visits (kode, date) VALUES ('16.73.08.1005', '2024-12-05')",
    "ALTER TABLE visits ADD COLUMN lama INTEGER",
    "INSERT OR REPLACE INTO visits (fid, kode, date) VALUES (1, '16.73.08.1005', '2024-12-05')",
)


@pytest.mark.parametrize("statement", EDITS)
def test_what_another_program_edits_is_taken_and_guarded_from_the_next_write_on(statement, path):
    with closing(sqlite3.connect(path)) as editor:
        editor.execute(statement)
        editor.commit()
    door = Workspace.open(path)
    seen = door.visits().astype("str").to_json()
    assert door.contents().layers
    door.put({"notes": pd.DataFrame({"a": [1]})}, replacing={})
    assert door.visits().astype("str").to_json() == seen
    with closing(sqlite3.connect(path)) as base:
        assert base.execute("SELECT rows FROM jangkau_sums WHERE layer = 'visits'").fetchone()
        assert base.execute("SELECT count(*) FROM jangkau_sums").fetchone() == (len(door.contents().layers) + 1,)


def test_a_layer_that_gdal_writes_anew_is_taken(path):
    table = gpd.read_file(path, layer="units").head(1).assign(name="Dari QGIS")
    table.to_file(path, layer="units")
    door = Workspace.open(path)
    assert "Dari QGIS" in set(door.units()["name"])
    door.record_visit("16.73.08.1005", DAY)
    pyogrio.write_dataframe(table, path, layer="units", append=True)
    assert "Dari QGIS" in set(gpd.read_file(path, layer="units")["name"])
    with closing(sqlite3.connect(path)) as editor:
        editor.execute("DROP TABLE visits")
        editor.execute("DELETE FROM gpkg_contents WHERE table_name = 'visits'")
        editor.execute("DELETE FROM gpkg_geometry_columns WHERE table_name = 'visits'")
        editor.commit()
    assert Workspace.open(path).layer("visits", ()) is None


def test_a_layer_that_is_lost_is_not_taken_for_none(path):
    content = path.read_bytes()
    with closing(sqlite3.connect(path)) as base:
        base.execute("DROP TRIGGER jangkau_sums_renamed")
        base.execute("UPDATE gpkg_contents SET table_name = 'visitt' WHERE table_name = 'visits'")
        base.execute("UPDATE jangkau_sums SET forms = ?", base.execute("PRAGMA schema_version").fetchone())
        base.commit()
    with pytest.raises(InputError, match="isi visits berubah"):
        Workspace.open(path).visits()
    path.write_bytes(content)
    assert len(Workspace.open(path).visits())


def test_the_log_is_guarded_and_locks_nobody_out(path, capsys):
    content = path.read_bytes()
    at = content.index(b"ferries, hidden_ferries")
    path.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    assert main(["workspace", "-w", str(path)]) == 2
    assert "catatan perubahannya (jangkau_log) berubah tanpa ditulis program" in capsys.readouterr().err
    door = Workspace.open(path)
    assert len(door.visits())
    door.record_visit("16.73.08.1005", DAY)
    assert main(["workspace", "-w", str(path)]) == 0


def test_a_view_and_a_table_that_cannot_be_read_do_not_keep_ours_from_being_written(path):
    with closing(sqlite3.connect(path)) as editor:
        editor.execute("CREATE VIEW ringkas AS SELECT fid, kode FROM visits")
        editor.execute("CREATE TABLE asing (fid INTEGER PRIMARY KEY, teks TEXT)")
        editor.execute("INSERT INTO asing (teks) VALUES (CAST(x'ff41' AS TEXT))")
        for name in ("ringkas", "asing"):
            editor.execute("INSERT INTO gpkg_contents (table_name, data_type) VALUES (?, 'attributes')", (name,))
        editor.commit()
    door = Workspace.open(path)
    door.record_visit("16.73.08.1005", DAY)
    assert door.visits()["kode"].iloc[-1] == "16.73.08.1005"


def test_a_file_without_digests_gets_them_with_the_first_write(path, names):
    right = answer(path, names)
    with closing(sqlite3.connect(path)) as base:
        asked = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND sql LIKE '%jangkau_sums%'"
        for (trigger,) in base.execute(asked).fetchall():
            base.execute(f'DROP TRIGGER "{trigger}"')
        base.execute("DROP TABLE jangkau_sums")
        base.commit()
    assert answer(path, names) == right
    Workspace.open(path).put({"notes": pd.DataFrame({"a": [1]})}, replacing={})
    with closing(sqlite3.connect(path)) as base:
        noted = {name for (name,) in base.execute("SELECT layer FROM jangkau_sums")}
    assert noted == {*names, "notes", "jangkau_log"}


def test_digests_know_kinds_borders_and_order():
    rows = [(1, None, "a", 1.0, b"x"), (2, None, "bc", None, b"")]
    told = gpkg_sums.digest(rows)
    others = [
        rows[::-1], rows[:1], [], [(1, None, "ab", 1.0, b"x"), (2, None, "c", None, b"")],
        [(1, None, "a", 1, b"x"), rows[1]], [(1, None, "a", 1.0, "x"), rows[1]], [(1, "", "a", 1.0, b"x"), rows[1]],
        [(1, None, "a", -1.0, b"x"), rows[1]],
    ]  # fmt: skip
    assert len({told, *map(gpkg_sums.digest, others)}) == len(others) + 1
    assert gpkg_sums.digest(list(map(list, rows))) == told


def test_the_digest_is_the_one_files_hold():
    """A digest made otherwise would make every file of an office look damaged."""
    rows = [(1, None, "Baubau – Ż", 0.1, b"\x00\x01", 2**40), (2, b"GP", None, -5.5, None, -1)]
    assert gpkg_sums.digest(rows) == "bd084838a03428c1616a44eed14f81603e7d895ec5e7906f30cc4a1c75ac3a2a"
