"""A workspace in one GeoPackage file that QGIS opens as it is: SQLite with a write-ahead log.

What is called .gpkg is opened only when its first bytes say so. A file is made beside its place and then put there
whole; afterwards every write is one transaction.
"""

import contextlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import pandas as pd

from coverage.ground import machine_faults
from coverage.ground.errors import InputError, PlannerError
from coverage.ground.texts import Message
from coverage.places.workspace import gpkg_format as form
from coverage.places.workspace import older, schema
from coverage.places.workspace.copies import beside, free_name, refuse_target, settle
from coverage.places.workspace.gpkg_layers import GeoPackageLayers
from coverage.places.workspace.rows import Layer
from coverage.places.workspace.store import Change, Contents, contents_of

BUSY_SECONDS = 5.0
_SQLITE = b"SQLite format 3\0"
_GEOPACKAGE_IDS = (b"GPKG", b"GP10", b"GP11")
_HEADER_BYTES = 72
_NO_WRITING = ("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_FULL", "SQLITE_IOERR_SHM", "SQLITE_IOERR_WRITE")


class GeoPackage:
    """One file; nothing is made before something is written."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def check(self) -> None:
        """Find out that the file can be read and is not of a newer version."""
        with self._reading():
            pass

    def read(self, name: str) -> tuple[Layer, pd.DataFrame] | None:
        """Read one layer; None where there is none."""
        with self._reading() as held:
            return None if held is None else older.read(held, name, self.place.name)

    def changes(self) -> int:
        """Count the changes so far."""
        with self._reading() as held:
            return held.changes() if held else 0

    def contents(self, entries: int) -> Contents:
        """Describe all layers, and the last entries of the log."""
        with self._reading() as held:
            if held is None:
                return Contents(0, 0, (), ())
            return contents_of(held, entries)

    @contextmanager
    def change(self) -> Iterator[Change]:
        """Begin to write; a write that fails leaves the file as it was."""
        with self._told_as_not_written():
            self.place.absolute().parent.mkdir(parents=True, exist_ok=True)
            if not self.place.exists():
                self._make()
            self._check_header()
            with self._transaction() as change:
                yield change

    def backup(self, target: Path) -> None:
        """Write a whole copy; an existing file is not touched."""
        with self._reading() as held:
            if held is not None:
                held.check()
        if not self.place.exists():
            raise InputError(Message.of("workspace.nothing_to_copy", path=str(self.place)))
        refuse_target(target)
        try:
            self._copy(target)
        except FileExistsError as error:
            raise InputError(Message.of("workspace.backup_exists", path=str(target))) from error
        except PlannerError:
            raise
        except (OSError, sqlite3.Error) as error:
            if machine_faults.kind_of(error) == "damaged":
                # What is made anew cannot be: it is the source.
                raise InputError(Message.of("workspace.damaged", path=self.place.name)) from error
            fault = machine_faults.told(error, target)
            raise InputError(Message.of("workspace.backup_failed", path=str(target), fault=fault)) from error

    def _check_header(self) -> None:
        with self.place.open("rb") as file:
            head = file.read(_HEADER_BYTES)
        if not (head.startswith(_SQLITE) and head.endswith(_GEOPACKAGE_IDS)):
            raise InputError(Message.of("workspace.damaged", path=self.place.name))

    @contextmanager
    def _reading(self) -> Iterator[GeoPackageLayers | None]:
        """Give the layers in one unchanging state; None where there is no file."""
        if not self.place.exists():
            yield None
            return
        try:
            self._check_header()
            with closing(self._open_to_read()) as base:
                base.execute("BEGIN")
                held = GeoPackageLayers(base, self.place.name)
                schema.refuse_newer(held.version(), self.place.name)
                yield held
        except PlannerError:
            raise
        except (OSError, sqlite3.Error, UnicodeDecodeError) as error:
            raise InputError(self._unread(error)) from error

    def _unread(self, error: Exception) -> Message:
        """Say why the file cannot be read; damage only where its content, and not the disk, is at fault."""
        kind = machine_faults.kind_of(error, self.place)
        if kind == "busy":
            return Message.of("workspace.busy", path=self.place.name)
        # SQLite's other faults are of what it read: a table or a column that must be there, a text that is none; it may
        # quote that text so that its own words cannot be read.
        if kind == "damaged" or (kind == "other" and isinstance(error, (sqlite3.Error, UnicodeDecodeError))):
            return Message.of("workspace.damaged", path=self.place.name)
        fault = machine_faults.told(error, self.place)
        return Message.of("workspace.cannot_read", path=self.place.name, fault=fault)

    def _open_to_read(self) -> sqlite3.Connection:
        base = self._connect("rw")
        try:
            base.execute("SELECT 1 FROM sqlite_master").fetchone()
        except sqlite3.OperationalError as error:
            base.close()
            # Where nothing can be written, not even the journal's index, a file at rest can be read as it lies.
            if not _name(error).startswith(_NO_WRITING) or not self._is_at_rest():
                raise
            base = self._connect("ro&immutable=1")
        return base

    def _is_at_rest(self) -> bool:
        """Tell whether no journal holds what is not yet in the file; on a full disk an empty one may be left."""
        journal = Path(f"{self.place}-wal")
        return not journal.exists() or not journal.stat().st_size

    def _connect(self, mode: str) -> sqlite3.Connection:
        path = quote(self.place.absolute().as_posix(), safe="/:")
        uri = f"file://{'' if path.startswith('/') else '/'}{path}?mode={mode}"
        return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)

    @contextmanager
    def _transaction(self) -> Iterator[GeoPackageLayers]:
        with closing(self._connect("rw")) as base, machine_faults.seen_at_once(self.place):
            form.serve_triggers(base)
            # QGIS sets a file back when it closes it, and holds it while it has it open: either way it can be written.
            with contextlib.suppress(sqlite3.OperationalError):
                base.execute("PRAGMA journal_mode = WAL")
            erases = _erase_what_goes(base)
            base.execute("BEGIN IMMEDIATE")
            try:
                change = GeoPackageLayers(base, self.place.name)
                change.begin()
                self._bring_up_to_date(change)
                yield change
                change.seal()
                base.execute("COMMIT")
            except BaseException:
                if base.in_transaction:
                    base.execute("ROLLBACK")
                raise
            _forget_what_went(base, erased=erases)

    def _bring_up_to_date(self, change: GeoPackageLayers) -> None:
        found = change.version()
        schema.refuse_newer(found, self.place.name)
        if found == schema.version():
            return
        self._copy(free_name(self.place, found))
        if not found:
            form.make_own_tables(change.base)
        schema.migrate(change, found, self.place.name)
        change.base.execute("UPDATE jangkau_schema SET version = ?", (schema.version(),))

    def _make(self) -> None:
        with beside(self.place) as made:
            with closing(sqlite3.connect(made, isolation_level=None)) as base:
                base.execute("PRAGMA journal_mode = WAL")
                base.execute("BEGIN")
                form.make_geopackage(base)
                form.make_own_tables(base)
                base.execute("UPDATE jangkau_schema SET version = ?", (schema.version(),))
                base.execute("COMMIT")
            # Another process may just have made it: then that one is the file.
            with contextlib.suppress(FileExistsError):
                settle(made, self.place)

    def _copy(self, target: Path) -> None:
        with beside(target) as made:
            with closing(self._open_to_read()) as base, closing(sqlite3.connect(made)) as copy:
                base.backup(copy)
                # What was deleted may still lie in pages that are not in use.
                copy.execute("VACUUM")
            settle(made, target)

    @contextmanager
    def _told_as_not_written(self) -> Iterator[None]:
        try:
            yield
        except PlannerError:
            raise
        except (OSError, sqlite3.Error, UnicodeDecodeError) as error:
            if machine_faults.kind_of(error) == "damaged" or isinstance(error, UnicodeDecodeError):
                raise InputError(Message.of("workspace.damaged", path=self.place.name)) from error
            fault = machine_faults.told(error, self.place)
            raise InputError(Message.of("workspace.cannot_write", path=str(self.place), fault=fault)) from error


def _erase_what_goes(base: sqlite3.Connection) -> bool:
    """Have deleted rows overwritten in the file, tables of clients among them; tells whether this SQLite can."""
    return bool(base.execute("PRAGMA secure_delete = ON").fetchone() == (1,))


def _forget_what_went(base: sqlite3.Connection, *, erased: bool) -> None:
    """Empty the journal of earlier states; who reads at this moment keeps it, and does it when he closes the file.

    A SQLite that cannot overwrite what is deleted has the file written anew.
    """
    base.execute("PRAGMA busy_timeout = 0")
    with contextlib.suppress(sqlite3.OperationalError):
        if not erased:
            base.execute("VACUUM")
        base.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def _name(error: Exception) -> str:
    return str(getattr(error, "sqlite_errorname", ""))
