"""What was deleted or replaced is gone from the file, its journal and its copies, whatever SQLite lies beneath."""

import sqlite3
from contextlib import closing

import pandas as pd
import pytest

from coverage.places.workspace import Workspace

OLD, NEW = "tanda-lama-xyzzy", "tanda-baru-plugh"
CONNECT = sqlite3.connect


class WithoutErasing(sqlite3.Connection):
    """A SQLite that was built without ``secure_delete``: the pragma says nothing and does nothing."""

    def execute(self, sql, *values):
        return super().execute("SELECT 1 WHERE 0" if "secure_delete" in sql else sql, *values)


def erasing_is_off(*words, **named):
    """Debian's SQLite overwrites by itself; most others do so only when asked."""
    base = CONNECT(*words, **named)
    base.execute("PRAGMA secure_delete = OFF").fetchone()
    return base


def erasing_is_unknown(*words, **named):
    base = CONNECT(*words, **{**named, "factory": WithoutErasing})
    sqlite3.Connection.execute(base, "PRAGMA secure_delete = OFF").fetchone()
    return base


@pytest.fixture(params=[erasing_is_off, erasing_is_unknown])
def library(request, monkeypatch):
    monkeypatch.setattr(sqlite3, "connect", request.param)
    return request.param


def table(mark, rows=300):
    return pd.DataFrame({"area": [f"{mark}-{number}" for number in range(rows)], "clients": range(rows)})


def everything(folder):
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("watched", [False, True])
def test_replaced_rows_are_nowhere_in_the_file_its_journal_and_its_copies(tmp_path, watched):
    folder = tmp_path / "kantor"
    folder.mkdir()
    door = Workspace.open(folder / "kerja.gpkg")
    door.put({"client_areas": table(OLD).assign(period="2024")}, replacing={})
    with closing(CONNECT(folder / "kerja.gpkg") if watched else CONNECT(":memory:")) as idle:
        idle.execute("SELECT 1 FROM sqlite_master").fetchone()
        assert OLD.encode() in everything(folder)
        door.put({"client_areas": table(NEW, 5).assign(period="2024")}, replacing={"period": "2024"})
        assert OLD.encode() not in everything(folder)
    door.backup(folder / "cadangan.gpkg")
    held = everything(folder)
    assert OLD.encode() not in held
    assert NEW.encode() in held


def test_a_copy_is_clean_even_of_what_a_foreign_program_deleted(tmp_path):
    door = Workspace.open(tmp_path / "kerja.gpkg")
    door.put({"notes": table(OLD)}, replacing={})
    with closing(erasing_is_off(tmp_path / "kerja.gpkg")) as base:
        base.execute("DELETE FROM notes")
        base.commit()
    assert OLD.encode() in everything(tmp_path)
    (tmp_path / "luar").mkdir()
    door.backup(tmp_path / "luar" / "cadangan.gpkg")
    assert OLD.encode() not in everything(tmp_path / "luar")
