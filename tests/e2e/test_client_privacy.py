"""Nothing that leaves the program tells more of clients than the safe table, whatever it is asked."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from coverage.faces.cli import main
from coverage.places import disclosure
from coverage.places.importing import clients
from coverage.places.workspace import Workspace

REPO = Path(__file__).resolve().parents[2]
REGION = "74.71"
CENTRE = "74.71.01."
# Released: kecamatan Mandonga with 20 clients, rounded from 18 and from 22, spread differently over its villages.
ONE = {"1005": 3, "1006": 4, "1007": 2, "1008": 6, "1009": 3}
OTHER = {"1005": 7, "1006": 1, "1007": 7, "1009": 1, "1010": 6}
COMMANDS = {
    "gaps": ["gaps", "--region", REGION],
    "next": ["next", "--region", REGION, "--base", "bnn-kota-kendari", "--as-of", "2024-10-05"],
    "why": ["next", "--region", REGION, "--base", "bnn-kota-kendari", "--as-of", "2024-10-05", "--why", "Labibia"],
    "whatif": ["whatif", "--region", REGION, "--add", "74.71.01.1007", "--cutoff", "30"],
    "villages": ["villages", "--region", REGION],
    "units": ["units", "--region", REGION],
}
FORMATS = ("text", "json", "csv", "csv-excel", "xlsx", "geojson")
PAGES = ("celah", "pokling", "whatif", "data")
_RANDOM = re.compile(r"[0-9a-f]{32,64}|\d{10,}\.\d+|element_id.*|id: \".*\"")


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """Folder of computed files, searched for secrets as well."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch, cache):
    """Keep the office's own data in a folder of the test, and computed areas for all tests of this file."""
    monkeypatch.setenv("JANGKAU_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "cache").symlink_to(cache, target_is_directory=True)
    return tmp_path / "home"


def table(counts):
    return "".join(["kode,jumlah\n", *(f"{CENTRE}{village},{count}\n" for village, count in counts.items())])


def imported(raw, home, capfdbinary):
    """Put a raw file into a fresh workspace by the command; give what it said."""
    path = home / "kerja.gpkg"
    path.unlink(missing_ok=True)
    source = home.parent / "klien.csv"
    source.write_text(raw)
    code = main(["import", "clients", str(source), "--yes"])
    source.unlink()
    out, err = capfdbinary.readouterr()
    assert code == 0, err
    return out + err


def answers(folder, capfdbinary, commands=COMMANDS, formats=FORMATS):
    """Ask every command in every format; give what each printed or wrote."""
    said = {}
    for name, words in commands.items():
        for kind in formats:
            target = folder / f"{name}.{kind}"
            code = main([*words, "--format", kind, *(["-o", str(target)] if kind in ("xlsx", "geojson") else [])])
            out, err = capfdbinary.readouterr()
            assert code == 0 or b"Format" in err, err
            said[name, kind] = out + err + (target.read_bytes() if target.exists() else b"")
    return said


def pages():
    """Open every page of the dashboard; give all that it shows, random ids left out."""
    shown = {}
    for page in PAGES:
        app = AppTest.from_file(str(REPO / "app.py"), default_timeout=60)
        app.query_params["wilayah"] = REGION
        app.query_params["region"] = REGION
        if page != PAGES[0]:
            app._page_hash = calc_hash(page)
        app.run()
        assert [fault.message for fault in app.exception] == []
        shown[page] = _RANDOM.sub("", "\n".join(str(element.proto) for element in app.main))
    return shown


def held(home):
    """Give every value of every table of the workspace as text."""
    with closing(sqlite3.connect(home / "kerja.gpkg")) as file:
        names = [name for (name,) in file.execute("select name from sqlite_master where type = 'table'")]
        return "\n".join(repr(row) for name in names for row in file.execute(f'select * from "{name}"'))  # noqa: S608


def both(home, folder, capfdbinary, commands=COMMANDS, formats=FORMATS):
    """Import each of the two files and give all that is said and kept afterwards."""
    found = []
    for raw in (ONE, OTHER):
        imported(table(raw), home, capfdbinary)
        kept = Workspace.open().layer("client_areas", ()).to_csv().encode()
        found.append(answers(folder, capfdbinary, commands, formats) | {("workspace", "csv"): kept})
    return found


def test_two_files_with_one_safe_table_give_the_same_bytes_everywhere(home, tmp_path, capfdbinary):
    one, other = both(home, tmp_path, capfdbinary)
    assert [key for key in one if one[key] != other[key]] == []
    assert any(b"tabel aman" in text for text in one.values())


def test_two_files_with_one_safe_table_show_the_same_pages(home, capfdbinary):
    shown = []
    for raw in (ONE, OTHER):
        imported(table(raw), home, capfdbinary)
        shown.append(pages())
    assert [page for page in PAGES if shown[0][page] != shown[1][page]] == []
    assert all(len(text) > 500 for text in shown[0].values())


@pytest.mark.parametrize("guard", ["rounding", "k"])
def test_the_same_check_fails_without_rounding_and_without_k(guard, home, tmp_path, capfdbinary, monkeypatch):
    if guard == "rounding":
        monkeypatch.setattr(disclosure, "_rounded", lambda total: total)
    else:
        monkeypatch.setattr(disclosure, "LEAST_K", 1)
        monkeypatch.setattr(clients, "DEFAULT_K", 1)
    one, other = both(home, tmp_path, capfdbinary, {"gaps": COMMANDS["gaps"]}, ("csv", "json"))
    assert [key for key in one if one[key] != other[key]] != []


def test_what_is_secret_in_a_file_is_found_nowhere_afterwards(home, tmp_path, cache, capfdbinary):
    secrets = ("KANARI", "7471999999999999", "Rahasia", "791377", "-3.97123", "cerita panjang")
    raw = (
        "Nama,NIK,Alamat,Titik,Catatan,Kode,Jumlah\n"
        f"KANARI SEBELAS,7471999999999999,Jl. Rahasia 77,-3.97123,cerita panjang,{CENTRE}1005,791377\n"
        f"KANARI DUA,7471999999999999,Jl. Rahasia 78,-3.97123,cerita panjang,{CENTRE}1006,\n"
    )
    said = imported(raw, home, capfdbinary)
    assert all(name.encode() in said for name in ("Nama", "NIK", "Alamat", "Titik", "Catatan"))
    everything = {"import": said, "held": held(home).encode(), **answers(tmp_path, capfdbinary)}
    everything |= {f"page {name}": text.encode() for name, text in pages().items()}
    everything |= {str(path): path.read_bytes() for path in (*tmp_path.rglob("*"), *cache.rglob("*")) if path.is_file()}
    found = [(secret, key) for key, text in everything.items() for secret in secrets if secret.encode() in text]
    assert found == []
    assert "791375" in held(home)


def test_faults_of_a_client_file_quote_no_cell(home, tmp_path, capfdbinary):
    source = tmp_path / "klien.csv"
    source.write_text(f"nama,kode,kelurahan,jumlah\nKANARI,,Rumah Kanari,3\nKANARI,{CENTRE}1005,,tiga belas 13\n")
    marked = tmp_path / "salah.xlsx"
    for kind in ("text", "json"):
        assert main(["import", "clients", str(source), "--format", kind, "--faults", str(marked)]) == 2
        out, err = capfdbinary.readouterr()
        assert b"***" in out
        assert not any(secret in out + err for secret in (b"KANARI", b"Kanari", b"tiga belas"))
    assert not (home / "kerja.gpkg").exists()
    assert marked.exists()


def test_the_workspace_holds_released_areas_only(home, capfdbinary):
    imported(table(ONE), home, capfdbinary)
    layer = Workspace.open().layer("client_areas", ())
    assert layer[["area", "level", "clients"]].values.tolist() == [["74.71.01", "district", 20]]
    assert not any(f"{CENTRE}{village}" in held(home) for village in ONE)
