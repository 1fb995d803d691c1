"""What a disk or a server refuses is told apart, and damage is told only where damage was shown."""

import errno
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from coverage.faces import cli
from coverage.faces.cli.output import write_file
from coverage.ground import machine_faults, notices
from coverage.ground.errors import InputError
from coverage.ground.texts import LANGUAGES

EVERY_SQLITE_NAME = sorted(name for name in dir(sqlite3) if name.startswith("SQLITE_") and name.isupper())
DAMAGE = ("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT", "SQLITE_IOERR_CORRUPTFS")
NUMBERS = {
    "full": [errno.ENOSPC, errno.EDQUOT],
    "read_only": [errno.EROFS],
    "no_right": [errno.EACCES, errno.EPERM],
    "busy": [errno.EBUSY, errno.ETXTBSY],
    "device": [errno.EIO, errno.ENXIO, errno.ENODEV],
    "memory": [errno.ENOMEM],
    "handles": [errno.EMFILE, errno.ENFILE],
    "missing": [errno.ENOENT, errno.ENOTDIR],
    "too_large": [errno.EFBIG],
    "other": [errno.EINVAL, errno.EPIPE, errno.ECONNRESET],
}
NAMES = {
    "full": ["SQLITE_FULL"],
    "read_only": ["SQLITE_READONLY", "SQLITE_READONLY_DIRECTORY", "SQLITE_READONLY_CANTINIT"],
    "busy": ["SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_LOCKED_SHAREDCACHE", "SQLITE_PROTOCOL"],
    "device": ["SQLITE_IOERR", "SQLITE_IOERR_READ", "SQLITE_IOERR_FSYNC", "SQLITE_IOERR_SHMSIZE"],
    "memory": ["SQLITE_NOMEM", "SQLITE_IOERR_NOMEM"],
    "damaged": ["SQLITE_CORRUPT", "SQLITE_CORRUPT_INDEX", "SQLITE_NOTADB", "SQLITE_IOERR_CORRUPTFS"],
    "other": ["SQLITE_ERROR", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_MISUSE"],
}
STATES = {
    "full": ["53100"],
    "read_only": ["25006"],
    "busy": ["55P03", "40P01", "40001"],
    "device": ["58030", "58000"],
    "damaged": ["XX001", "XX002", "58P01"],
    "memory": ["53200"],
    "crowded": ["53300"],
    "slow": ["57014"],
    "down": ["57P01", "57P02", "57P03"],
    "lost": ["08000", "08003", "08006"],
    "no_right": ["42501"],
    "": ["22023", "XX000", None],
}


COMMAND = """
from coverage.faces.cli import main
raise SystemExit(main(["template", "units", "--output", "t.xlsx"]))
"""


class _OfSqlite(sqlite3.OperationalError):
    def __init__(self, name):
        super().__init__("kata")
        self.sqlite_errorname = name


@pytest.mark.parametrize(("kind", "number"), [(kind, one) for kind, many in NUMBERS.items() for one in many])
def test_the_number_of_the_system_tells_the_kind(kind, number):
    assert machine_faults.kind_of(OSError(number, os.strerror(number))) == kind


@pytest.mark.parametrize(("kind", "name"), [(kind, one) for kind, many in NAMES.items() for one in many])
def test_the_name_that_sqlite_gives_tells_the_kind(kind, name):
    assert machine_faults.kind_of(_OfSqlite(name)) == kind


@pytest.mark.parametrize(("kind", "state"), [(kind, one) for kind, many in STATES.items() for one in many])
def test_the_state_of_a_server_tells_the_kind(kind, state):
    assert machine_faults.server_kind(state) == kind


def test_no_name_but_those_of_damage_is_called_damage():
    said = {name for name in EVERY_SQLITE_NAME if machine_faults.kind_of(_OfSqlite(name)) == "damaged"}
    assert said == {name for name in EVERY_SQLITE_NAME if name.startswith(DAMAGE)}
    assert len(said) >= 3
    assert [number for number in errno.errorcode if machine_faults.kind_of(OSError(number, "")) == "damaged"] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_has_a_sentence_of_its_own(lang):
    errors = [OSError(many[0], "x") for many in NUMBERS.values()] + [_OfSqlite("SQLITE_CORRUPT")]
    texts = {machine_faults.told(error).text(lang) for error in errors}
    tables = (machine_faults._BY_NUMBER, machine_faults._BY_WINDOWS_NUMBER, machine_faults._BY_SQLITE_NAME)
    known = {kind for table in tables for kind in table.values()} | {kind for _, kind in machine_faults._BY_WORDS}
    assert {machine_faults.kind_of(error) for error in errors} == known | {"other"}
    assert len(texts) == len(errors) == len(known) + 1


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Failed to write: No space left on device", "full"),
        ("attempt to write a readonly database", "read_only"),
        ("database disk image is malformed", "damaged"),
        ("etwas anderes", "other"),
    ],
)
def test_what_a_library_says_without_a_number_tells_the_kind(said, kind):
    assert machine_faults.kind_of(RuntimeError(said)) == kind


@pytest.mark.parametrize("name", ["SQLITE_CANTOPEN", "SQLITE_IOERR_SHMSIZE", "SQLITE_READONLY_DIRECTORY"])
def test_what_sqlite_leaves_open_the_disk_tells(name, tmp_path, monkeypatch):
    place = tmp_path / "kerja.gpkg"
    place.touch()
    usage = type("Usage", (), {"free": 4096})
    monkeypatch.setattr(machine_faults.shutil, "disk_usage", lambda _: usage)
    assert machine_faults.kind_of(_OfSqlite(name), place) == "full"
    monkeypatch.setattr(machine_faults.os, "access", lambda *_: False)
    assert machine_faults.kind_of(_OfSqlite(name), place) == "no_right"
    assert machine_faults.kind_of(_OfSqlite(name), tmp_path / "tidak" / "ada.gpkg") == "missing"
    assert machine_faults.kind_of(_OfSqlite("SQLITE_CORRUPT"), place) == "damaged"


def test_a_real_file_that_is_none_is_damaged(tmp_path):
    place = tmp_path / "kerja.gpkg"
    place.write_bytes(b"bukan basis data" * 100)
    with closing(sqlite3.connect(place)) as base, pytest.raises(sqlite3.DatabaseError) as caught:
        base.execute("SELECT 1 FROM sqlite_master").fetchone()
    assert machine_faults.kind_of(caught.value, place) == "damaged"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EIO, errno.EACCES])
def test_a_file_that_cannot_be_written_leaves_the_old_one_and_no_half(number, tmp_path):
    def pieces():
        yield b"awal"
        raise OSError(number, os.strerror(number))

    path = tmp_path / "jawaban.csv"
    path.write_bytes(b"yang lama")
    with pytest.raises(InputError) as caught:
        write_file(path, pieces())
    assert machine_faults.told(OSError(number, "")).text("id") in str(caught.value)
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("jawaban.csv", b"yang lama")]


def test_a_cache_that_takes_nothing_is_told_once_and_costs_no_answer(tmp_path):
    notices.take()
    for _ in range(3):
        with notices.not_kept_in(tmp_path):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    (said,) = notices.take()
    assert "Jawaban ini lengkap" in said.text("id")
    assert "ruang disk" in said.text("id")
    assert notices.take() == ()


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "penuh", "sementara"), MemoryError(), OSError(errno.EIO, "x")])
def test_a_fault_of_the_computer_anywhere_in_a_command_is_a_sentence(error, monkeypatch, capfd):
    def broken(*_):
        raise error

    monkeypatch.setattr(cli.os, "dup2", lambda *_: None)
    monkeypatch.setattr(cli, "_answer", broken)
    assert cli.main(["regions"]) == 2
    said = capfd.readouterr().err
    assert said.startswith("Pekerjaan berhenti")
    assert machine_faults.told(error).text("id") in said


def test_a_fault_of_the_program_stays_one(monkeypatch):
    def broken(*_):
        raise FileNotFoundError(errno.ENOENT, "tidak ada", "data.csv")

    monkeypatch.setattr(cli, "_answer", broken)
    with pytest.raises(FileNotFoundError):
        cli.main(["regions"])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_standard_output_on_a_full_disk_is_a_sentence(tmp_path):
    with Path("/dev/full").open("wb") as full:
        ran = subprocess.run(
            [sys.executable, "-c", COMMAND],
            stdout=full, stderr=subprocess.PIPE, text=True, cwd=tmp_path, check=False,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
        )  # fmt: skip
    assert ran.returncode == 2
    assert ran.stderr.splitlines() == [ran.stderr.strip()]
    assert "ruang disk" in ran.stderr
