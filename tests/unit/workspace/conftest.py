"""A throw-away PostgreSQL server with PostGIS, and both kinds of workspace."""

import dataclasses
import datetime as dt
import itertools
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import psycopg
import pytest
import shapely

from coverage.answers.scenarios.stored_scenarios import held_names, held_scenario, store_scenario
from coverage.answers.scenarios.toml_file import scenario_from_toml
from coverage.places.boundaries.boundary_store import held as boundaries_held
from coverage.places.boundaries.boundary_store import sources_held
from coverage.places.boundaries.own_file import keep, read_own_file
from coverage.places.clients import held_tables
from coverage.places.ferries import embedded_ferries
from coverage.places.importing import Asked, commit, preview
from coverage.places.targets import KEYS as TARGET_KEYS
from coverage.places.unit_checks import read_units
from coverage.places.villages import load_villages, mask_in_region
from coverage.places.visits import embedded_visits
from coverage.places.workspace import Workspace
from coverage.travel.network.speed_choices import own_speeds, store_speeds
from coverage.travel.roads.importing import import_roads
from coverage.travel.roads.road_store import ferry_names, stored_roads

ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "r4h@sia/kita?"  # noqa: S105 - of a server that lives as long as the tests
_INSTALL = "apt-get install -y postgresql postgis postgresql-postgis"
_RULES = "host all sandi 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n"

collect_ignore = ["importer.py", "copier.py"]
"""Programs of their own, started by the tests that kill them."""


@dataclass(frozen=True)
class Postgres:
    """A running server; role ``ani`` needs no password, role ``sandi`` does."""

    port: int
    numbers: Iterator[int]

    def url(self, database: str, user: str = "ani") -> str:
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def ask(self, database: str, *statements: str) -> list[tuple]:
        with psycopg.connect(self.url(database, "postgres"), autocommit=True) as base:
            for statement in statements:
                cursor = base.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def database(self, template: str = "with_postgis") -> str:
        """Make a database of its own for a test."""
        name = f"kantor_{next(self.numbers)}"
        self.ask("postgres", f"CREATE DATABASE {name} TEMPLATE {template} OWNER ani")
        return name


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) + [
        Path(found) for found in [shutil.which("initdb")] if found
    ]
    if not programs:
        pytest.skip(f"no PostgreSQL server; on Debian: {_INSTALL}")
    # The server refuses to run as root.
    user = "postgres" if hasattr(os, "geteuid") and os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="jangkau-postgres-"))
    if user:
        shutil.chown(folder, user)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    def run(program: str, *words: str) -> None:
        command = [programs[-1].with_name(program), "-D", folder / "data", *words]
        subprocess.run(command, user=user, cwd=folder, check=True, stdout=subprocess.DEVNULL)

    run("initdb", "-A", "trust", "-U", "postgres", "--no-sync")
    (folder / "data" / "pg_hba.conf").write_text(_RULES)
    run(
        "pg_ctl",
        "-w",
        "-l",
        str(folder / "log"),
        "-o",
        f"-p {port} -c listen_addresses=127.0.0.1 -F -k {folder}",
        "start",
    )
    server = Postgres(port, itertools.count(1))
    try:
        server.ask("postgres", "CREATE ROLE ani LOGIN", f"CREATE ROLE sandi LOGIN PASSWORD '{PASSWORD}'")
        server.ask("postgres", "CREATE DATABASE with_postgis")
        try:
            server.ask("with_postgis", "CREATE EXTENSION postgis")
        except psycopg.Error:
            pytest.skip(f"no PostGIS; on Debian: {_INSTALL}")
        yield server
    finally:
        run("pg_ctl", "-w", "-m", "immediate", "stop")
        shutil.rmtree(folder)


@pytest.fixture(params=["geopackage", "postgis"])
def open_door(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Workspace]:
    """Open the same workspace again and again."""
    if request.param == "geopackage":
        return lambda: Workspace.open(tmp_path / "kantor kami.gpkg")
    server = request.getfixturevalue("postgres")
    url = server.url(server.database())
    return lambda: Workspace.open(url)


@pytest.fixture
def door(open_door: Callable[[], Workspace]) -> Workspace:
    return open_door()


@pytest.fixture
def edit() -> Callable[..., None]:
    """Change a workspace as another program does: QGIS with its spatial functions, or a database's own shell."""

    def edited(door: Workspace, statement: str, *, lon: float = 0.0, lat: float = 0.0) -> None:
        layers = ("units", "visits", "ferries", "jangkau_log")
        point = shapely.set_srid(shapely.Point(lon, lat), 4326)
        if isinstance(door.path, Path):
            blob = b"GP\x00\x01\xe6\x10\x00\x00" + shapely.to_wkb(point)
            names = dict(zip(layers, layers, strict=True)) | {"point": f"x'{blob.hex()}'"}
            with closing(sqlite3.connect(door.path)) as base:
                base.execute(statement.format(**names))
                base.commit()
        else:
            names = {name: f"jangkau.{name}" for name in layers}
            names["point"] = f"'{shapely.to_wkb(point, hex=True, include_srid=True)}'"
            with psycopg.connect(str(door.path)) as base:
                base.execute(statement.format(**names))

    return edited


@pytest.fixture
def writer() -> Iterator[Callable[..., subprocess.Popen]]:
    """Start processes that write, and end those that are left."""
    started = []

    def start(script: str, door: Workspace, *words: str, **options: object) -> subprocess.Popen:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        started.append(
            subprocess.Popen([sys.executable, "-c", script, str(door.path), *words], env=environment, **options)
        )
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()


@pytest.fixture
def password(postgres: Postgres) -> str:
    """Password of role ``sandi``, with the signs that an address gives a meaning."""
    return PASSWORD


KOTA = "16.73"
TABLES = {
    "population": "kode;penduduk;tahun\n16.73.08.1006;10\u00a0412;2024\n16.73.08.1005;7311;2024\n",
    "vulnerability": "kode;kerawanan;tahun\n16.73.08.1006;bahaya;2024\n16.73.08.1005;waspada;2024\n",
    "targets": "wilayah;periode;indikator;target;capaian\n16.73;2024;klien_rehabilitasi;10;5\n",
    "clients": "kode;tahun;klien\n16.73.08.1006;2024;30\n16.73.08.1005;2024;40\n16.73.01.1001;2024;11\n",
}


def _fill(door: Workspace, folder: Path) -> None:
    villages = load_villages()
    there = villages[mask_in_region(villages.index, KOTA)].head(12)
    first, second, *_ = there.index
    units = f"id,name,kode,wilayah_kerja,note\na,Unit a,{first},16.73,catatan\nb,Unit b,{second},,\n"
    door.save_units(read_units(units.encode(), "u.csv"), remove=("bnn-kota-lubuklinggau",))
    for day in (1, 2, 3):
        door.record_visit(first, dt.date(2024, 10, day), team=f"Tim {day}")
    shipped = embedded_visits().iloc[0]
    door.remove_visit(shipped["kode"], shipped["date"].date())
    door.declare_ferry(
        {"id": "x-y", "name": "X-Y", "from_kode": first, "to_kode": second, "sailing_min": "12", "trips_per_day": "3"}
    )
    door.remove_ferry(embedded_ferries()["id"].iloc[0])
    for kind, text in TABLES.items():
        commit(preview(kind, text.encode(), f"{kind}.csv", Asked(year=2024, period="2024")), door)
    published = door.targets()
    door.remove_target(tuple(published[list(TARGET_KEYS)].iloc[0]))
    store_scenario(door, scenario_from_toml(f'name = "s"\nregion = "{KOTA}"\ncutoff_min = 15\n'.encode(), "s.toml"))
    store_speeds(door, {"ferry.km_per_h": 31.0, "detour.water": 2.5})
    road = gpd.GeoDataFrame(
        {"highway": ["primary", "residential"], "surface": ["asphalt", "gravel"], "name": ["Jalan A", "Jalan B"]},
        geometry=[shapely.LineString(there[["lon", "lat"]].to_numpy()[part]) for part in (slice(0, 3), slice(2, 6))],
        crs=4326,
    )
    road.to_file(folder / "jalan.geojson")
    import_roads(door, folder / "jalan.geojson", KOTA)
    shapes = shapely.buffer(shapely.points(there["lon"], there["lat"]), 0.002, cap_style="square")
    areas = gpd.GeoDataFrame({"kode": there.index, "nama": there["name"].to_numpy()}, geometry=shapes, crs=4326)
    areas.to_file(folder / "batas.geojson")
    keep(read_own_file(folder / "batas.geojson", "batas.geojson", KOTA), door)


@pytest.fixture(scope="session")
def all_layers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with every layer that the program writes; not to be written by a test, but copied."""
    folder = tmp_path_factory.mktemp("semua")
    _fill(Workspace.open(folder / "kerja.gpkg"), folder)
    return folder / "kerja.gpkg"


READERS: dict[str, Callable[[Workspace], object]] = {
    "units": Workspace.units,
    "visits": Workspace.visits,
    "ferries": Workspace.ferries,
    "hidden_ferries": Workspace.hidden_ferries,
    "targets": Workspace.targets,
    "population": lambda door: door.layer("population", ("kode", "year", "persons", "source")),
    "vulnerability": lambda door: door.layer("vulnerability", ("kode", "year", "class")),
    "clients": held_tables,
    "releases": lambda door: door.layer("client_releases", ("first", "last", "mark")),
    "scenarios": lambda door: [held_scenario(door, name) for name in held_names(door)],
    "speeds": own_speeds,
    "roads": stored_roads,
    "ferry_names": ferry_names,
    "boundaries": boundaries_held,
    "sources": sources_held,
    "log": lambda door: door.contents(1000).log,
}


@pytest.fixture(scope="session")
def readers() -> dict[str, Callable[[Workspace], object]]:
    """Every way in which a workspace is read."""
    return READERS


def told(value: object) -> object:
    """Give an answer in a form that can be compared to the last digit."""
    if isinstance(value, gpd.GeoDataFrame):
        plain = pd.DataFrame(value.drop(columns=value.geometry.name))
        return told(plain), shapely.to_wkb(value.geometry.to_numpy()).tolist()
    if isinstance(value, pd.DataFrame):
        return (
            list(value.columns),
            value.index.tolist(),
            value.astype("object").where(value.notna(), None).to_numpy().tolist(),
        )
    if isinstance(value, np.ndarray):
        return [None if pd.isna(one) else one for one in value.tolist()]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: told(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, (list, tuple)):
        return [told(one) for one in value]
    return value


@pytest.fixture(scope="session")
def everything() -> Callable[[Workspace], dict[str, object]]:
    """Ask a workspace everything."""
    return lambda door: {name: told(read(door)) for name, read in READERS.items()}


@dataclass
class Disk:
    """A small disk of its own, in memory."""

    folder: Path

    def close(self) -> None:
        """Let nothing be written there any more."""
        subprocess.run(["mount", "-o", "remount,ro", self.folder], check=True, capture_output=True)

    def fill(self, left: int = 0) -> None:
        """Take all space but so many bytes."""
        room = shutil.disk_usage(self.folder).free - left
        (self.folder / "penuh").write_bytes(bytes(max(room, 0)))

    def empty(self) -> None:
        """Give the space back."""
        (self.folder / "penuh").unlink()


@pytest.fixture
def mounted(tmp_path: Path) -> Iterator[Callable[[str], Disk]]:
    """Mount small disks; skips where that is not permitted."""
    made: list[Path] = []

    def mount(size: str) -> Disk:
        folder = tmp_path / f"disk-{len(made)}"
        folder.mkdir()
        if not shutil.which("mount"):
            pytest.skip("no program to mount a disk")
        ran = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], capture_output=True, text=True, check=False
        )
        if ran.returncode:
            pytest.skip(f"no small disk can be mounted here: {ran.stderr.strip()}")
        made.append(folder)
        return Disk(folder)

    yield mount
    for folder in made:
        subprocess.run(["umount", folder], check=True)
