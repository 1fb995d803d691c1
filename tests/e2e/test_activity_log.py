"""The activity log names every import, fetch, removal and export of answers about clients, and no person."""

import hashlib
import json

import pytest

from coverage.faces.cli import main
from coverage.faces.files import logged_exports
from coverage.faces.files.import_files import template_bytes
from coverage.ground.errors import InputError
from coverage.places.importing import KINDS
from coverage.places.workspace import Workspace

CANARY = "Kanari"
VILLAGES = [f"74.71.01.{number}" for number in range(1005, 1011)]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("JANGKAU_HOME", str(tmp_path / "home"))
    return tmp_path


@pytest.fixture
def door(tmp_path):
    return Workspace.open(tmp_path / "kantor.gpkg")


def asked(door, *words):
    return main([*words, "-w", str(door.path)])


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def logged(door):
    """Give the log, without the entry that each release of a safe table has of its own."""
    return [entry for entry in door.contents(1000).log if entry.layers != "client_releases"]


def collection(path, *features):
    rows = [{"type": "Feature", "properties": names, "geometry": shape} for names, shape in features]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows}))
    return path


def square(lon, lat):
    ring = [[lon, lat], [lon + 0.01, lat], [lon + 0.01, lat + 0.01], [lon, lat + 0.01], [lon, lat]]
    return {"type": "Polygon", "coordinates": [ring]}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "clients"])
def test_an_import_of_a_table_notes_command_digest_layer_and_rows(kind, door, tmp_path):
    path = tmp_path / f"{CANARY} {kind}.xlsx"
    path.write_bytes(template_bytes(kind, "id"))
    assert asked(door, "import", kind, str(path)) == 0
    (entry,) = logged(door)
    assert (entry.command, entry.layers, entry.rows) == (f"jangkau import {kind}", kind, 1)
    assert entry.file_sha256 == sha256(path)
    assert CANARY not in repr(entry)


def test_no_name_of_a_file_or_in_it_reaches_the_log(door, tmp_path):
    visits = tmp_path / f"{CANARY}.csv"
    visits.write_text(f"kode,tanggal,tim\n{VILLAGES[0]},2024-10-04,{CANARY}\n")
    area = {"KODE_DESA": VILLAGES[0], "DESA_KELUR": "Mandonga", "pemilik": CANARY}
    areas = collection(tmp_path / f"{CANARY} batas.geojson", (area, square(122.51, -3.97)))
    line = {"type": "LineString", "coordinates": [[122.51, -3.97], [122.52, -3.97], [122.53, -3.96]]}
    roads = collection(tmp_path / f"{CANARY} jalan.geojson", ({"highway": "primary", "name": CANARY}, line))
    clients = tmp_path / f"{CANARY} klien.csv"
    clients.write_text("nama,kode,jumlah\n" + "".join(f"{CANARY},{village},4\n" for village in VILLAGES))
    assert asked(door, "import", "visits", str(visits)) == 0
    assert asked(door, "import", "boundaries", str(areas), "--region", "74.71") == 0
    assert asked(door, "roads", "import", str(roads), "--region", "74.71") == 0
    assert asked(door, "import", "clients", str(clients), "--reason", CANARY) == 0
    assert asked(door, "gaps", "--region", "74.71", "--format", "json") == 0
    assert asked(door, "roads", "remove", "--region", "74.71") == 0
    entries = logged(door)[::-1]
    assert [entry.command for entry in entries] == [
        "jangkau import visits",
        "jangkau import boundaries",
        "jangkau roads import",
        "jangkau import clients",
        "jangkau gaps json",
        "jangkau roads remove",
    ]
    assert [entry.file_sha256 for entry in entries[:3]] == [sha256(path) for path in (visits, areas, roads)]
    assert [entry.layers for entry in entries[1:]] == [
        "boundaries, boundary_sources",
        "roads, road_sources",
        "client_areas",
        "client_areas",
        "roads, road_sources",
    ]
    assert CANARY.casefold() not in repr(entries).casefold()


def test_the_log_holds_no_digest_by_which_small_counts_could_be_tried_out(door, tmp_path):
    """Neither of the file nor of a safe table: the one before could be found again by trying what it may have been."""
    for counts in ((3, 4, 2, 6, 3, 0), (7, 1, 7, 0, 1, 6)):
        path = tmp_path / "klien.csv"
        path.write_text("kode,jumlah\n" + "".join(f"{v},{n}\n" for v, n in zip(VILLAGES, counts, strict=True)))
        assert asked(door, "import", "clients", str(path), "--reason", "susulan") == 0
        assert asked(door, "gaps", "--region", "74.71", "-o", str(tmp_path / "jawaban.csv")) == 0
        assert sha256(path) not in repr(door.contents(1000).log)
    assert {entry.file_sha256 for entry in door.contents(1000).log} == {""}


@pytest.mark.parametrize(
    "words",
    [
        ("gaps",),
        ("next", "--base", "bnn-kota-kendari", "--as-of", "2024-10-05"),
        ("next", "--base", "bnn-kota-kendari", "--as-of", "2024-10-05", "--why", "Labibia"),
        ("whatif", "--add", "74.71.01.1007"),
        ("site", "--n", "1", "--alternatives", "1", "--cutoff", "5"),
    ],
    ids=lambda words: " ".join((words[0], *words[-2:-1])),
)
def test_an_answer_about_clients_is_noted_when_it_leaves_and_not_when_it_is_read(words, door, tmp_path):
    path = tmp_path / "klien.csv"
    path.write_text("kode,jumlah\n" + "".join(f"{village},9\n" for village in VILLAGES))
    assert asked(door, "import", "clients", str(path)) == 0
    before = door.state()
    assert asked(door, *words, "--region", "74.71") == 0
    assert len(logged(door)) == 1
    assert asked(door, *words, "--region", "74.71", "-o", str(tmp_path / "jawaban.csv")) == 0
    entry, imported = logged(door)
    assert (entry.command, entry.layers) == (f"jangkau {words[0]} csv", "client_areas")
    assert entry.rows == len((tmp_path / "jawaban.csv").read_text().splitlines()) - 1
    assert (entry.file_sha256, imported.file_sha256) == ("", "")
    assert door.state() == before


def test_an_answer_that_cannot_be_noted_does_not_leave(door, tmp_path, monkeypatch, capfdbinary):
    path = tmp_path / "klien.csv"
    path.write_text("kode,jumlah\n" + "".join(f"{village},9\n" for village in VILLAGES))
    assert asked(door, "import", "clients", str(path)) == 0

    def refused(*_, **__):
        raise InputError

    monkeypatch.setattr(logged_exports.Workspace, "note_export", refused)
    assert asked(door, "gaps", "--region", "74.71", "-o", str(tmp_path / "celah.csv")) == 2
    assert not (tmp_path / "celah.csv").exists()
    capfdbinary.readouterr()
    assert asked(door, "gaps", "--region", "74.71", "--format", "json") == 2
    assert capfdbinary.readouterr().out == b""


def test_an_answer_without_clients_is_not_noted(door, tmp_path):
    assert asked(door, "gaps", "--region", "74.71", "-o", str(tmp_path / "celah.csv")) == 0
    assert not door.path.exists()
