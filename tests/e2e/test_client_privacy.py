"""Nothing that leaves the program tells more of clients than the safe table, whatever it is asked.

What is asked is taken from the program itself: every command of the parser in every format that it offers, and every
page of ``app.py`` with all files that it offers. A command without an example here fails.
"""

import dataclasses
import io
import json
import re
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.elements.lib.mutable_tab_container import TabContainer
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

from coverage.answers.study import Study
from coverage.faces.cli import (
    asking,
    catchment_command,
    circuits_command,
    commands,
    main,
    scenario_commands,
    siting_commands,
)
from coverage.faces.dashboard.shell import saved_work
from coverage.faces.files.all_formats import FORMATS
from coverage.faces.files.file_format import Kind
from coverage.places import disclosure
from coverage.places.boundaries import boundary_fetch
from coverage.places.importing import import_clients
from coverage.places.releases import office_key
from coverage.places.workspace import Workspace, checks
from coverage.travel.roads.overpass import Pace

REPO = Path(__file__).resolve().parents[2]
REGION = "74.71"
CENTRE = "74.71.01."
# Released: kecamatan Mandonga with 20 clients, rounded from 18 and from 22, spread differently over its villages. The
# secret steps are left out here: they are tried in tests/privacy.
pytestmark = pytest.mark.usefixtures("no_steps")
ONE = {"1005": 3, "1006": 4, "1007": 2, "1008": 6, "1009": 3}
OTHER = {"1005": 7, "1006": 1, "1007": 7, "1009": 1, "1010": 6}
SECRETS = ("KANARI", "7471999999999999", "Rahasia", "791377", "-3.9712399137", "cerita panjang")
CANARIES = (
    "Nama,NIK,Alamat,Titik,Catatan,Kode,Jumlah\n"
    f"KANARI SEBELAS,7471999999999999,Jl. Rahasia 77,-3.9712399137,cerita panjang,{CENTRE}1005,791377\n"
    f"KANARI DUA,7471999999999999,Jl. Rahasia 78,-3.9712399137,cerita panjang,{CENTRE}1006,\n"
)
NOWHERE = "http://127.0.0.1:9"
WHERE = ("--region", REGION)
RANKED = ("--base", "bnn-kota-kendari", "--as-of", "2024-10-05")
PORTS = ("--from", "74.71.01.1005", "--to", "74.71.04.1003")
# Those that only read come first; of those that change the workspace, each finds what the ones before it left.
COMMANDS = {
    "gaps": [WHERE],
    "next": [(*WHERE, *RANKED), (*WHERE, *RANKED, "--why", "Labibia")],
    "whatif": [(*WHERE, "--add", "74.71.01.1007", "--cutoff", "30")],
    "site": [(*WHERE, "--n", "1", "--alternatives", "1", "--cutoff", "5")],
    "plan": [(*WHERE, *RANKED, "--days", "3", "--cutoff", "5", "--iterations", "50")],
    "circuits": [(*WHERE, "--circuits", "4")],
    "report": [(*WHERE, *RANKED, "--n", "1", "--cutoff", "5")],
    "access": [WHERE],
    "scenario run": [("skenario.toml",)],
    "scenario compare": [("skenario.toml", "lain.toml")],
    "targets": [("--region", "52", "--as-of", "2024-04-15")],
    "catchment": [(*WHERE, "--unit", "bnn-kota-kendari")],
    "units": [WHERE],
    "od": [(*WHERE, "--to", "units")],
    "route": [(*WHERE, *PORTS)],
    "villages": [WHERE],
    "regions": [()],
    "ferries": [WHERE],
    "speeds": [()],
    "template": [("clients", "-o", "templat.xlsx")],
    "import": [("visits", "kunjungan.csv", "--yes"), ("boundaries", "batas.geojson", *WHERE)],
    "visit": [("--village", "74.71.01.1005", "--date", "2024-10-04")],
    "ferry": [(*PORTS, "--sailing-min", "30", "--trips-per-day", "2")],
    "roads import": [("jalan.geojson", *WHERE)],
    "roads info": [WHERE],
    "roads remove": [WHERE],
    "roads fetch": [(*WHERE, "--overpass-url", NOWHERE)],
    "data fetch boundaries": [(*WHERE, "--base-url", NOWHERE)],
    "scenario save": [("skenario.toml",)],
    "scenario list": [()],
    "scenario remove": [("sekarang",)],
    "workspace": [(), ("--backup", "cadangan.gpkg")],
}
KEPT = (
    (asking, "open_study"),
    (siting_commands, "open_study"),
    (catchment_command, "catchment"),
    (circuits_command, "circuits"),
    (scenario_commands, "run_scenario"),
)
NO_SERVER = ("roads fetch", "data fetch boundaries")
CHANGING = tuple(COMMANDS)[tuple(COMMANDS).index("template") :]
_RANDOM = re.compile(r"[0-9a-f]{32,64}|\d{10,}\.\d+|element_id.*|id: \".*\"")
_TIMES = re.compile(rb"pukul \d\d\.\d\d|20\d\d-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)?|\"seconds\": [\d.]+")


def known_commands():
    """Give each command by what one types for it."""
    return {typed: commands.chosen(typed.split())[0] for typed in commands.COMMANDS}


def formats_of(command):
    """Give the formats a command offers, "" where it asks for none."""
    return next((one.get_choices() for one in command.arguments if "--format" in one.names), ("",))


ENDINGS = [one.ending for one in FORMATS.of_kind("list") if one.label]
ALL = [(kind, one) for kind in get_args(Kind) for one in FORMATS.of_kind(kind)]
PRINTED = ("", "text", "json", "csv", "csv-excel")
# A plan as text is one thing on a screen and another in a file: what is not typed by its name is walked as a file, too.
BOTH = {one.word: one.ending for kind, one in ALL if kind == "plan" and one.typed}


def walked(name, command):
    """Give the formats of a command, and the endings of files that are not what a screen shows."""
    return (*formats_of(command), *(BOTH.values() if name == "plan" else ()))


PAGES = re.findall(r'url_path="(\w+)"', (REPO / "app.py").read_text())


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """Folder of computed files, searched for secrets as well."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch, cache, components_known):
    """Keep the office's own data in a folder of the test, and computed areas for all tests of this file."""
    monkeypatch.setenv("JANGKAU_HOME", str(tmp_path / "home"))
    # What a browser keeps is named by chance.
    monkeypatch.setattr(saved_work.secrets, "token_urlsafe", lambda _: "sidang")
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "cache").symlink_to(cache, target_is_directory=True)
    pace = dataclasses.replace(Pace.for_server(NOWHERE), attempts=1)
    monkeypatch.setattr(Pace, "for_server", lambda _: pace)
    monkeypatch.setattr(boundary_fetch, "_PAUSES_S", ())
    return tmp_path / "home"


@pytest.fixture
def studies(monkeypatch):
    """Compute once what commands that only read ask in each format; to be cleared whenever the workspace changes."""
    kept = {}

    def once(answer):
        def kept_or_made(*asked, **named):
            parts = [id(part) if isinstance(part, Study) else repr(part) for part in (*asked, *sorted(named.items()))]
            key = (answer.__name__, *parts)
            if key not in kept:
                # What was asked is kept with it, so that no other study comes to lie at its address.
                kept[key] = answer(*asked, **named), asked
            return kept[key][0]

        return kept_or_made

    for module, name in KEPT:
        monkeypatch.setattr(module, name, once(getattr(module, name)))
    return kept


@pytest.fixture
def offered(monkeypatch):
    """Take every file that a page offers."""
    files = {}

    def taken(label, data, file_name=None, *_, **__):
        files[file_name or label] = data
        return False

    monkeypatch.setattr(st, "download_button", taken)
    monkeypatch.setattr(DeltaGenerator, "download_button", lambda _, *words, **named: taken(*words, **named))
    # What stands in a tab is made when the tab is opened.
    monkeypatch.setattr(TabContainer, "open", property(lambda _: True, lambda *_: None))
    return files


def table(counts):
    return "".join(["kode,jumlah\n", *(f"{CENTRE}{village},{count}\n" for village, count in counts.items())])


def imported(raw, home, capfdbinary):
    """Put a raw file into a fresh workspace by the command; give what it said."""
    for path in home.glob("kerja.gpkg*"):
        path.unlink()
    source = home.parent / "klien.csv"
    source.write_text(raw)
    code = main(["import", "clients", str(source), "--yes"])
    source.unlink()
    out, err = capfdbinary.readouterr()
    assert code == 0, err
    return out + err


def mark_of_raw(raw):
    counts = pd.Series(list(raw.values()), index=[f"{CENTRE}{village}" for village in raw])
    return disclosure.mark_of(office_key(), counts).encode()


def put_files(folder):
    """Lay files beside, for the commands that read one."""
    (folder / "kunjungan.csv").write_text(f"kode,tanggal\n{CENTRE}1005,2024-10-03\n")
    ring = [[122.51, -3.97], [122.52, -3.97], [122.52, -3.96], [122.51, -3.96], [122.51, -3.97]]
    shapes = {
        "batas": ({"KODE_DESA": f"{CENTRE}1005", "DESA_KELUR": "Mandonga"}, "Polygon", [ring]),
        "jalan": ({"highway": "primary"}, "LineString", ring[:3]),
    }
    for name, more in (("skenario", ""), ("lain", f'[units]\nadd = ["{CENTRE}1007"]\n')):
        title = "sekarang" if not more else name
        (folder / f"{name}.toml").write_text(f'name = "{title}"\nregion = "{REGION}"\ncutoff_min = 5\n{more}')
    for name, (of, kind, at) in shapes.items():
        feature = {"type": "Feature", "properties": of, "geometry": {"type": kind, "coordinates": at}}
        (folder / f"{name}.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))


def answers(folder, studies, capfdbinary, asked=COMMANDS, formats=None):
    """Ask every command in every format; give what each printed or wrote."""
    folder.mkdir()
    put_files(folder)
    known = known_commands()
    said = {}
    studies.clear()
    capfdbinary.readouterr()
    for name, examples in asked.items():
        for number, words in enumerate(examples):
            for kind in formats or walked(name, known[name]):
                if name in CHANGING:
                    studies.clear()
                beside = [
                    str(folder / word) if re.search(r"\.(csv|geojson|xlsx|gpkg|toml)$", word) else word
                    for word in words
                ]
                target = folder / f"{name}-{number}.{kind}"
                asked = next((word for word, ending in BOTH.items() if kind == ending), kind)
                to_file = [] if kind in PRINTED else ["-o", str(target)]
                (folder / "cadangan.gpkg").unlink(missing_ok=True)
                code = main([*name.split(), *beside, *(["--format", asked] if asked else []), *to_file])
                out, err = capfdbinary.readouterr()
                expected = name in NO_SERVER or b"Format" in err
                assert code == (2 if expected else 0), (name, kind, err)
                made = target.read_bytes() if target.exists() else b""
                said[name, number, kind] = _TIMES.sub(b"", out + err + made)
    return said


def pages(offered, wanted=PAGES):
    """Open pages of the dashboard, by default every one; give all that it shows and offers, random ids left out."""
    shown = {}
    st.cache_resource.clear()
    for page in wanted:
        offered.clear()
        app = AppTest.from_file(str(REPO / "app.py"), default_timeout=60)
        app.query_params["wilayah"] = REGION
        app.query_params["region"] = REGION
        if page != PAGES[0]:
            app._page_hash = calc_hash(page)
        app.run()
        assert [fault.message for fault in app.exception] == []
        seen = "\n".join(str(element.proto) for part in (app.main, app.sidebar) for element in part)
        shown[page] = _TIMES.sub(b"", _RANDOM.sub("", seen).encode())
        for name, data in offered.items():
            content = data() if callable(data) else data
            shown[f"{page} {name}"] = content.encode() if isinstance(content, str) else content
    return shown


def opened(content):
    """Give a file with what is packed in it: an XLSX or DOCX tells nothing to who reads its bytes."""
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return b"\n".join(file.read(name) for name in file.namelist())


def held(home):
    """Give every value of every table of the workspace as text, times left out."""
    with closing(sqlite3.connect(home / "kerja.gpkg")) as file:
        names = [name for (name,) in file.execute("select name from sqlite_master where type = 'table'")]
        # Digests of the keyed marks and of what holds times differ as these do.
        timed = "'client_releases', 'jangkau_log', 'boundary_sources'"
        sums = f"select * from jangkau_sums where layer not in ({timed})"  # noqa: S608
        rows = "\n".join(
            repr(row)
            for name in names
            for row in file.execute(sums if name == "jangkau_sums" else f'select * from "{name}"')  # noqa: S608
        )
        return _TIMES.sub(b"", rows.encode())


def test_every_command_and_every_page_is_asked():
    assert set(known_commands()) == set(COMMANDS)
    parsers = known_commands()
    asked = {
        (kind, word)
        for kind, name in (("list", "gaps"), ("plan", "plan"), ("report", "report"))
        for word in walked(name, parsers[name])
    }
    assert {(kind, word) for kind, one in ALL for word in (one.word, one.name)} <= asked
    assert len(PAGES) == (REPO / "app.py").read_text().count("st.Page(") > 3


def test_two_files_with_one_safe_table_give_the_same_bytes_everywhere(home, tmp_path, studies, offered, capfdbinary):
    found = []
    for number, raw in enumerate((ONE, OTHER)):
        imported(table(raw), home, capfdbinary)
        said = pages(offered) | answers(tmp_path / "jawaban", studies, capfdbinary)
        # What a release is known by differs; without the office's secret, outside the workspace, it tells nothing.
        said["workspace"] = held(home).replace(mark_of_raw(raw), b"")
        (tmp_path / "jawaban").rename(tmp_path / f"jawaban-{number}")
        found.append(said)
    one, other = found
    assert list(one) == list(other)
    assert [key for key in one if one[key] != other[key]] == []
    assert any(b"tabel aman" in text for text in one.values())
    assert all(len(one[page]) > 500 for page in PAGES)
    assert len(one) > 73
    assert all(
        f"'dasbor {page} {ending}'".encode() in one["workspace"] for page in ("gaps", "next") for ending in ENDINGS
    )


@pytest.mark.parametrize("guard", ["rounding", "k"])
def test_the_same_check_fails_without_rounding_and_without_k(
    guard, home, tmp_path, studies, offered, capfdbinary, monkeypatch
):
    if guard == "rounding":
        monkeypatch.setattr(disclosure, "rounded", lambda total: total)
        monkeypatch.setattr(disclosure, "ROUND_TO", 1)
    else:
        monkeypatch.setattr(disclosure, "LEAST_K", 1)
        monkeypatch.setattr(disclosure, "MOST_NOISE", 0)
        monkeypatch.setattr(disclosure, "tells_of_a_part", lambda *_: False)
        monkeypatch.setattr(import_clients, "DEFAULT_K", 1)
        monkeypatch.setattr(checks, "check_client_areas", lambda *_: None)
    found = []
    asked = {name: COMMANDS[name] for name in ("gaps", "workspace")}
    for number, raw in enumerate((ONE, OTHER)):
        imported(table(raw), home, capfdbinary)
        said = answers(tmp_path / str(number), studies, capfdbinary, asked, ("json",)) | {"held": held(home)}
        found.append(said | (pages(offered, ("pokling",)) if guard == "k" else {}))
    one, other = found
    differing = [key for key in one if one[key] != other[key]]
    assert "held" in differing
    if guard == "k":
        assert ("gaps", 0, "json") in differing
        assert any(str(key).startswith("pokling") for key in differing)


def test_what_is_secret_in_a_file_is_found_nowhere_afterwards(
    home, tmp_path, cache, studies, offered, capfdbinary, caplog
):
    said = imported(CANARIES, home, capfdbinary)
    assert all(name.encode() in said for name in ("Nama", "NIK", "Alamat", "Titik", "Catatan"))
    everything = {"import": said, **pages(offered), **answers(tmp_path / "jawaban", studies, capfdbinary)}
    everything |= {"held": held(home), "logged": caplog.text.encode()}
    everything |= {str(path): path.read_bytes() for path in (*tmp_path.rglob("*"), *cache.rglob("*")) if path.is_file()}
    found = [(secret, key) for key, text in everything.items() for secret in SECRETS if secret.encode() in opened(text)]
    assert found == []
    assert b"791375" in held(home)


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
    assert not any(f"{CENTRE}{village}" in held(home).decode() for village in ONE)
