"""A throw-away PostgreSQL server with PostGIS, and both kinds of workspace."""

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

import psycopg
import pytest
import shapely

from coverage.places.workspace import Workspace

ROOT = Path(__file__).resolve().parents[3]
PASSWORD = "r4h@sia/kita?"  # noqa: S105 - of a server that lives as long as the tests
_INSTALL = "apt-get install -y postgresql postgis postgresql-postgis"
_RULES = "host all sandi 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n"

collect_ignore = ["importer.py"]
"""A program of its own, started by the tests that kill it."""


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
