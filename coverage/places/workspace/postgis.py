"""A workspace for several offices in a PostGIS database.

Writers wait for each other as they do at a file. What may be secret stays out of every sentence.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import psycopg

from coverage.ground.errors import InputError
from coverage.ground.machine_faults import server_kind
from coverage.ground.texts import Message
from coverage.places.workspace import older, schema
from coverage.places.workspace.copies import free_name, refuse_target
from coverage.places.workspace.geopackage import GeoPackage
from coverage.places.workspace.home import Server, home
from coverage.places.workspace.postgis_layers import PostGISLayers
from coverage.places.workspace.rows import Layer
from coverage.places.workspace.store import Change, Contents, contents_of

CONNECT_SECONDS = 5
BUSY_SECONDS = 5
# Any number that no other program on the server is likely to lock.
_WRITERS = 0x6A616E676B6175
_AT_THE_DOOR = (
    ("database system is starting up", "57P03"),
    ("database system is shutting down", "57P03"),
    ("too many clients", "53300"),
    ("too many connections", "53300"),
    ("remaining connection slots", "53300"),
)


class PostGIS:
    """One database; its schema is made with the first write."""

    def __init__(self, place: Server) -> None:
        self.place = place

    def check(self) -> None:
        """Find out that the server answers, has PostGIS, and is not of a newer version."""
        with self._connected() as held:
            held.geometry_type("POINT")

    def read(self, name: str) -> tuple[Layer, pd.DataFrame] | None:
        """Read one layer; None where there is none."""
        with self._connected() as held:
            return older.read(held, name, self.place.name)

    def changes(self) -> int:
        """Count the changes so far."""
        with self._connected() as held:
            return held.changes()

    def contents(self, entries: int) -> Contents:
        """Describe all layers, and the last entries of the log."""
        with self._connected() as held:
            return contents_of(held, entries)

    @contextmanager
    def change(self) -> Iterator[Change]:
        """Begin to write; writers wait for each other."""
        with self._connected(writing=True) as held:
            self._bring_up_to_date(held)
            yield held

    def backup(self, target: Path) -> None:
        """Write a whole copy as a GeoPackage; an existing file is not touched."""
        refuse_target(target)
        with self._connected() as held:
            _copy(held, target)

    def _bring_up_to_date(self, held: PostGISLayers) -> None:
        found = held.version()
        if found == schema.version():
            return
        if found:
            folder = home()
            folder.mkdir(parents=True, exist_ok=True)
            _copy(held, free_name(folder / "postgis.gpkg", found))
        else:
            held.make_own_tables()
        schema.migrate(held, found, self.place.name)
        held.base.execute("UPDATE jangkau.jangkau_schema SET version = %s", (schema.version(),))

    @contextmanager
    def _connected(self, *, writing: bool = False) -> Iterator[PostGISLayers]:
        with _told(self.place, connected=False):
            base = psycopg.connect(
                **dict(self.place.parameters),  # type: ignore[arg-type]  # names are those of the URL
                connect_timeout=CONNECT_SECONDS,
                application_name="jangkau",
            )
        with _told(self.place, connected=True), base:
            held = PostGISLayers(base, self.place.name)
            if writing:
                base.execute(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")
                base.execute("SELECT pg_advisory_xact_lock(%s)", (_WRITERS,))
            else:
                base.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            schema.refuse_newer(held.version(), self.place.name)
            yield held


def _copy(held: PostGISLayers, target: Path) -> None:
    """Copy layers and log into a new GeoPackage."""
    with GeoPackage(target).change() as change:
        for layer in filter(None, map(held.layer, held.names())):
            schema.put_rows(change, layer.name, held.read(layer))
        for entry in reversed(held.log(2**31)):
            change.note(entry)


@contextmanager
def _told(place: Server, *, connected: bool) -> Iterator[None]:
    """Turn what the server refuses into a sentence without a secret."""
    try:
        yield
    except psycopg.Error as error:
        detail = " ".join(str(error).split())
        for name, secret in place.parameters:
            if name not in {"user", "host", "port", "dbname"} and secret:
                detail = detail.replace(secret, "***")
        key = _sentence(error, connected=connected)
        # The error of the library knows the password: it is not handed on.
        raise InputError(Message.of(key, path=place.name, detail=detail)) from None


def _sentence(error: psycopg.Error, *, connected: bool) -> str:
    """Name the sentence for what a server refused."""
    # While one connects, the library hands on the server's words, but not its number of the fault.
    state = error.sqlstate or next((state for words, state in _AT_THE_DOOR if words in str(error)), None)
    if kind := server_kind(state):
        return f"workspace.server_{kind}"
    if connected:
        lost = error.sqlstate is None and isinstance(error, psycopg.OperationalError)
        return "workspace.server_lost" if lost else "workspace.server_refused"
    asked = getattr(error.pgconn, "needs_password", False) or getattr(error.pgconn, "used_password", False)
    return "workspace.wrong_password" if asked else "workspace.no_connection"
