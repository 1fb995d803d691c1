"""Every flag of every command is looked at by the command that offers it, and a dry run changes no byte.

The table of commands is walked, so that a new command without a call here fails, and a new flag that its command never
reads fails without anybody writing a test for it.
"""

import ast
import dataclasses
import inspect
import json
import os
import shlex
import textwrap
from pathlib import Path
from typing import get_type_hints

import geopandas as gpd
import pytest
import shapely

from coverage.faces import cli
from coverage.faces.cli import commands, main
from coverage.faces.cli.import_command import ONLY_FOR
from coverage.places.boundaries import official
from coverage.places.boundaries.boundary_upstream import UpstreamFile
from coverage.places.importing import KINDS
from coverage.places.villages import load_villages, mask_in_region

KOTA = "16.73"
VILLAGES = load_villages()[mask_in_region(load_villages().index, KOTA)]
FIRST, SECOND = VILLAGES.index[:2]
CALLS = {
    "gaps": [f"--region {KOTA}"],
    "next": [f"--region {KOTA}", f"--region {KOTA} --why {FIRST}", f"--region {KOTA} --sensitivity"],
    "plan": [f"--region {KOTA} --days 1 --iterations 1", "--continue tidak.json", f"--region {KOTA} --why {FIRST}"],
    "circuits": [f"--region {KOTA} --circuits 1"],
    "whatif": [f"--region {KOTA} --add {FIRST}"],
    "site": [f"--region {KOTA} --n 1 --time-limit 5", "--instance tidak.txt", f"--region {KOTA} --n 1 --robustness"],
    "access": [f"--region {KOTA}"],
    "scenario run": ["s.toml"],
    "scenario compare": ["s.toml s.toml"],
    "scenario save": ["s.toml"],
    "scenario list": [""],
    "scenario remove": ["s"],
    "targets": [f"--region {KOTA}"],
    "report": [f"--region {KOTA} --no-siting -o r.md --format markdown", f"--region {KOTA} --n 1 -o r.md"],
    "catchment": [f"--region {KOTA} --unit bnn-kota-lubuklinggau --minutes 30"],
    "units": [f"--region {KOTA}"],
    "od": [f"--region {KOTA}"],
    "route": [f"--region {KOTA} --from {FIRST} --to {SECOND}"],
    "villages": [f"--region {KOTA}"],
    "regions": [""],
    "visit": [f"--village {FIRST} --date 2026-01-02", f"--village {FIRST} --date 2026-01-02 --remove"],
    "ferry": [f"--from {FIRST} --to {SECOND} --sailing-min 10 --trips-per-day 2", "--remove x"],
    "ferries": [f"--region {KOTA}"],
    "speeds": ["", "--export k.toml", "--reset-all"],
    "workspace": ["", "--backup b.gpkg"],
    "roads fetch": [f"--region {KOTA} --overpass-url http://127.0.0.1:9"],
    "roads import": [f"tidak.geojson --region {KOTA}"],
    "roads info": [f"--region {KOTA}"],
    "roads remove": [f"--region {KOTA}"],
    "data fetch boundaries": [f"--region {KOTA} --unsure u.csv"],
    "import": ["population penduduk.csv", f"boundaries batas.geojson --region {KOTA}"],
    "template": ["units --output t.xlsx"],
}
FIRST_CALLS = {
    "roads info": f"roads import jalan.geojson --region {KOTA}",
    "scenario remove": "scenario save s.toml",
    "targets": "import targets sasaran.csv",
}
"""What must have been done before a command has anything to say."""
ROAD = json.dumps(
    {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"highway": "primary", "surface": "asphalt"},
                "geometry": {
                    "type": "LineString",
                    "coordinates": VILLAGES[["lon", "lat"]].head(2).to_numpy().tolist(),
                },
            }
        ],
    }
)
TABLES = {
    "units": f"nama;jenis;kode\nPuskesmas A;puskesmas;{FIRST}\n",
    "visits": f"kode;tanggal\n{FIRST};2026-01-02\n",
    "population": f"kode;penduduk;tahun\n{FIRST};10;2024\n",
    "vulnerability": f"kode;kerawanan;tahun\n{FIRST};bahaya;2024\n",
    "ferries": f"dari;ke;waktu tempuh;trip per hari;nama\n{FIRST};{SECOND};20;2;Ketinting\n",
    "targets": f"wilayah;periode;indikator;target;capaian\n{KOTA};2024;klien_rehabilitasi;10;5\n",
    "clients": f"kode;tahun;klien\n{FIRST};2024;30\n{SECOND};2024;40\n",
}


COMMANDS = {typed: commands.chosen(typed.split())[0] for typed in commands.COMMANDS}


def groups_of(group):
    """Give a group of flags and all groups that it holds."""
    inner = [kind for kind in get_type_hints(group).values() if dataclasses.is_dataclass(kind)]
    return {group}.union(*map(groups_of, inner))


def asked_of(command):
    """Give the group that a command takes."""
    return get_type_hints(COMMANDS[command].run)["asked"]


def offered(command):
    """Give the flags of a command as fields of their groups."""
    found = set()
    for argument in COMMANDS[command].arguments:
        group = asked_of(command) if argument.index is None else None
        for name in argument.keys[:-1]:
            group = get_type_hints(group)[name]
        if group is not None:
            found.add((group, argument.keys[-1]))
    return found


def words_taken(command):
    """Give the words without a flag that a command takes, and the names that its function reads."""
    run = COMMANDS[command].run
    tree = ast.parse(textwrap.dedent(inspect.getsource(run)))
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    kinds = inspect.signature(run).parameters.values()
    return {one.name for one in kinds if one.kind is inspect.Parameter.POSITIONAL_ONLY}, read


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    shared = Path(os.environ["JANGKAU_HOME"]) / "cache"
    shared.mkdir(parents=True, exist_ok=True)
    (home / "cache").symlink_to(shared, target_is_directory=True)
    monkeypatch.setenv("JANGKAU_HOME", str(home))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr("coverage.places.boundaries.boundary_fetch._PAUSES_S", ())
    monkeypatch.chdir(tmp_path)
    Path("penduduk.csv").write_text(TABLES["population"])
    Path("s.toml").write_text(f'name = "s"\nregion = "{KOTA}"\ncutoff_min = 15\n')
    Path("jalan.geojson").write_text(ROAD)
    Path("sasaran.csv").write_text(TABLES["targets"])
    Path("d.csv").write_text("kode di berkas;kode\n")
    shapes = shapely.buffer(shapely.points(VILLAGES["lon"], VILLAGES["lat"]), 0.002, cap_style="square")
    table = gpd.GeoDataFrame({"kode": VILLAGES.index, "nama": VILLAGES["name"].to_numpy()}, geometry=shapes, crs=4326)
    table.head(40).to_file("batas.geojson")


@pytest.fixture
def downloaded(monkeypatch, tmp_path):
    """The official file of one kota, as if it had been downloaded."""
    rows = []
    for kode, name, lon, lat in VILLAGES[["name", "lon", "lat"]].itertuples(name=None):
        ring = [[lat - 0.001, lon - 0.001], [lat - 0.001, lon + 0.001], [lat + 0.001, lon]]
        rows.append(f"('{kode}','{name}',0,0,'[{ring}]')")
    path = tmp_path / "wilayah.sql"
    path.write_text("INSERT INTO wilayah_boundaries(kode,nama,lat,lng,path) VALUES " + ",".join(rows) + ";")  # noqa: S608 - asked of no database
    monkeypatch.setattr(official, "files_of", lambda _: (UpstreamFile(KOTA, "wilayah.sql", ""),))
    monkeypatch.setattr(official, "download", lambda *_, **__: [path])


@pytest.fixture
def looked_at(monkeypatch, capfdbinary):
    """Run a call and give what its command looked at."""

    seen = set()
    running = []
    for group in set().union(*(groups_of(asked_of(command)) for command in COMMANDS)):

        def watched(self, name, group=group):
            if running:
                seen.add((group, name))
            return object.__getattribute__(self, name)

        monkeypatch.setattr(group, "__getattribute__", watched)
    answered = cli.run

    def run(call, lang):
        running.append(call)
        try:
            answered(call, lang)
        finally:
            running.clear()

    monkeypatch.setattr(cli, "run", run)

    def asked(line):
        seen.clear()
        main(shlex.split(line))
        capfdbinary.readouterr()
        return set(seen)

    return asked


def test_every_command_is_called_here():
    assert set(CALLS) == set(COMMANDS)


@pytest.mark.parametrize("command", sorted(COMMANDS))
@pytest.mark.usefixtures("downloaded")
def test_no_command_passes_over_a_flag_that_it_offers(command, looked_at):
    seen = set()
    if command in FIRST_CALLS:
        main(shlex.split(FIRST_CALLS[command]))
    for words in CALLS[command]:
        seen |= looked_at(f"{command} {words}")
    assert offered(command) - seen == set()
    taken, read = words_taken(command)
    assert taken <= read


@pytest.mark.parametrize("kind", [*KINDS, "boundaries"])
def test_a_kind_of_import_looks_at_a_flag_or_refuses_it(kind, capfdbinary, monkeypatch):
    """What is asked for in vain is a sentence that names the flag, for each kind and each flag."""
    values = {
        "--date-order": "dmy", "--decimal": ",", "--codes": "bps", "--utm-zone": "51S", "--year": "2024",
        "--crs": "EPSG:4326", "--sheet": "x", "--column": "kode=A",
        "--period": "2024", "--reason": "x", "--source": "x",
        "--fix": "all", "--decide": "d.csv", "--unsure": "u.csv", "--layer": "x",
    }  # fmt: skip
    choices = {one.name: one.get_choices() or () for one in COMMANDS["import"].arguments}
    for flag, kinds in ONLY_FOR.items():
        if kind in kinds:
            continue
        value = values.get(flag, "")
        if choices[flag] and value not in choices[flag]:
            value = choices[flag][-1]
        assert main(["import", kind, "x.csv", flag, *([value] if value else [])]) == 2
        assert f"{flag} " in capfdbinary.readouterr().err.decode()


def test_no_flag_of_imports_is_left_out_of_the_two_laws():
    everywhere = {"KIND", "FILE", "--region", "--yes", "--good-rows-only", "--dry-run", "--faults", "--format"}
    assert {one.name for one in COMMANDS["import"].arguments} == everywhere | {"--workspace"} | set(ONLY_FOR)


@pytest.mark.parametrize("kind", [*KINDS, "boundaries"])
def test_a_dry_run_changes_no_byte_of_the_workspace(kind, capfdbinary):
    """Before there is a workspace, where it holds nothing of the kind, and where it holds what would be replaced."""
    name = "batas.geojson" if kind == "boundaries" else f"{kind}.csv"
    if kind != "boundaries":
        Path(name).write_text(TABLES[kind])
    line = ["import", kind, name, "-w", "k.gpkg"]
    assert main([*line, "--dry-run", "--yes"]) == 0, capfdbinary.readouterr()
    assert not Path("k.gpkg").exists()
    main(["visit", "--village", SECOND, "--date", "2026-01-01", "-w", "k.gpkg"])
    more = ["--reason", "perbaikan"] if kind == "clients" else []
    for given in ([], more):
        before = Path("k.gpkg").read_bytes()
        assert main([*line, *given, "--dry-run", "--yes"]) == 0, capfdbinary.readouterr()
        assert Path("k.gpkg").read_bytes() == before
        assert main([*line, *given]) == 0, capfdbinary.readouterr()
        assert Path("k.gpkg").read_bytes() != before
    assert not list(Path().glob("k.gpkg-*"))


def boundaries(*words):
    return main(["import", "boundaries", "batas.geojson", "--region", KOTA, "-w", "k.gpkg", *words])


def test_boundaries_of_another_source_go_only_after_a_yes(capfdbinary):
    assert boundaries("--source", "BIG 2020") == 0
    before = Path("k.gpkg").read_bytes()
    assert boundaries() == 2
    out, err = capfdbinary.readouterr()
    assert b"40 dari BIG 2020" in out
    assert b"--yes" in err
    assert Path("k.gpkg").read_bytes() == before
    assert boundaries("--yes") == 0
    held = gpd.read_file("k.gpkg", layer="boundaries")
    assert set(held["source"]) == {"batas.geojson"}


def test_faults_of_a_boundary_file_are_written(capfdbinary):
    table = gpd.read_file("batas.geojson")
    table.loc[3, ["kode", "nama"]] = ["", "Hutan"]
    table.to_file("batas.geojson")
    assert boundaries("--faults", "salah.xlsx", "--dry-run") == 0
    assert Path("salah.xlsx").read_bytes().startswith(b"PK")
    assert not Path("k.gpkg").exists()
