"""A digest of each layer's rows, kept in the file: what a disk changes by itself is not taken for data.

A flipped bit in a cell leaves a file that SQLite finds in order. So the program notes the digest of every layer in the
transaction that writes it, and compares it whenever the layer is read. Another program may edit a layer all the same:
triggers, which run whoever writes, take the digest of the layer away, and so does a change of its form. A layer without
digest is read as it is until the program writes next.
"""

import hashlib
import json
import sqlite3
import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence

from coverage.places.workspace import gpkg_format as form
from coverage.places.workspace.rows import Layer

TABLE = "jangkau_sums"
_MAKE = (
    # The number that SQLite gives to the form of all tables: another one tells that another program changed a form.
    f"""CREATE TABLE IF NOT EXISTS {TABLE} (layer TEXT PRIMARY KEY NOT NULL, form TEXT NOT NULL, rows INTEGER NOT NULL,
    sum TEXT NOT NULL, forms INTEGER NOT NULL)""",
    f"""CREATE TRIGGER IF NOT EXISTS {TABLE}_dropped AFTER DELETE ON gpkg_contents
    BEGIN DELETE FROM {TABLE} WHERE layer = OLD.table_name; END""",
    f"""CREATE TRIGGER IF NOT EXISTS {TABLE}_renamed AFTER UPDATE OF table_name ON gpkg_contents
    BEGIN DELETE FROM {TABLE} WHERE layer = OLD.table_name; END""",
)
_TAKEN_AWAY = f"""CREATE TRIGGER IF NOT EXISTS {{trigger}} AFTER {{event}} ON {{table}}
    BEGIN DELETE FROM {TABLE} WHERE layer = {{layer}}; END"""
_EVENTS = ("INSERT", "UPDATE", "DELETE")
_CODES = {type(None): 0, int: 1, float: 2, str: 3, bytes: 4}


def make(base: sqlite3.Connection) -> None:
    """Make the table of digests where there is none."""
    for statement in _MAKE:
        base.execute(statement)


def is_kept(base: sqlite3.Connection) -> bool:
    """Tell whether digests are kept in a file; not in one that an earlier version wrote last."""
    return base.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (TABLE,)).fetchone() is not None


def names(base: sqlite3.Connection) -> list[str]:
    """Name the layers that have a digest, and whose form no other program can have changed since."""
    return [name for (name,) in base.execute(f"SELECT layer FROM {TABLE} WHERE forms = ?", (_forms(base),))]


def watch(base: sqlite3.Connection, layer: str) -> None:
    """Let every change of a layer, whichever program makes it, take its digest away."""
    text = "'" + layer.replace("'", "''") + "'"
    for event in _EVENTS:
        trigger = form.quoted(f"jangkau_{layer}_{event.lower()}_sum")
        base.execute(_TAKEN_AWAY.format(trigger=trigger, event=event, table=form.quoted(layer), layer=text))


def note(base: sqlite3.Connection, layer: Layer, rows: Sequence[Sequence[object]]) -> None:
    """Note the digest of a layer as it is now."""
    watch(base, layer.name)
    told = (layer.name, _form(layer), len(rows), digest(rows), _forms(base))
    base.execute(f"INSERT OR REPLACE INTO {TABLE} VALUES (?, ?, ?, ?, ?)", told)


def keep_only(base: sqlite3.Connection, layers: Sequence[str]) -> None:
    """Forget the digests of layers that are gone, and note that the forms of all others are those of now."""
    for (name,) in base.execute(f"SELECT layer FROM {TABLE}").fetchall():
        if name not in layers:
            base.execute(f"DELETE FROM {TABLE} WHERE layer = ?", (name,))
    base.execute(f"UPDATE {TABLE} SET forms = ?1 WHERE forms <> ?1", (_forms(base),))


def is_noted(base: sqlite3.Connection, layer: str) -> bool:
    """Tell whether a layer has a digest."""
    return base.execute(f"SELECT 1 FROM {TABLE} WHERE layer = ?", (layer,)).fetchone() is not None


def has_its_form(base: sqlite3.Connection, layer: Layer) -> bool:
    """Tell whether a layer has the form it was noted with, or another program may have given it another."""
    found = base.execute(f"SELECT form, forms FROM {TABLE} WHERE layer = ?", (layer.name,)).fetchone()
    return found is None or found[0] == _form(layer) or found[1] != _forms(base)


def rows_noted(base: sqlite3.Connection, layer: Layer) -> int | None:
    """Tell how many rows a layer had when its digest was noted; None where it has none of its present form."""
    found = base.execute(f"SELECT rows FROM {TABLE} WHERE layer = ? AND form = ?", (layer.name, _form(layer)))
    return next((int(rows) for (rows,) in found), None)


def is_sound(base: sqlite3.Connection, layer: Layer, rows: Sequence[Sequence[object]]) -> bool:
    """Tell whether a layer is as the program, or another one by way of the database, left it.

    Parameters
    ----------
    rows
        All rows: number, geometry (None in a layer without), and the cells in the order of the layer's columns.
    """
    found = base.execute(f"SELECT form, sum FROM {TABLE} WHERE layer = ?", (layer.name,)).fetchone()
    if found is not None and found[0] == _form(layer):
        return bool(found[1] == digest(rows)) or not is_watched(base, layer.name)
    return has_its_form(base, layer)


def is_watched(base: sqlite3.Connection, layer: str) -> bool:
    """Tell whether a layer's triggers are there; a table that another program made anew has none."""
    wanted = [f"jangkau_{layer}_{event.lower()}_sum" for event in _EVENTS]
    marks = ", ".join("?" * len(wanted))
    found = base.execute(f"SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name IN ({marks})", wanted)
    return bool(found.fetchone()[0] == len(wanted))


def _forms(base: sqlite3.Connection) -> int:
    return int(base.execute("PRAGMA schema_version").fetchone()[0])


def _form(layer: Layer) -> str:
    return json.dumps([layer.geometry, list(layer.columns.items())], ensure_ascii=False)


def digest(rows: Sequence[Sequence[object]]) -> str:
    """Give the sha256 of rows as SQLite gives them, the same on every computer.

    Examples
    --------
    >>> digest([(1, "a")]) == digest([(1, "a")]), digest([(1, "a")]) == digest([(1, b"a")])
    (True, False)
    """
    made = hashlib.sha256(str(len(rows)).encode())
    for column in zip(*rows, strict=True):
        for part in _parts(column):
            made.update(part)
    return made.hexdigest()


def _parts(column: Sequence[object]) -> Iterator[bytes]:
    """Write a column: the kind of each cell, then the cells of each kind one after the other."""
    yield bytes(map(_CODES.__getitem__, map(type, column)))
    yield _numbers("q", (cell for cell in column if type(cell) is int))
    yield _numbers("d", (cell for cell in column if type(cell) is float))
    texts = [cell for cell in column if type(cell) is str]
    yield _numbers("q", map(len, texts))
    yield "".join(texts).encode("utf-8", "surrogatepass")
    blobs = [cell for cell in column if type(cell) is bytes]
    yield _numbers("q", map(len, blobs))
    yield b"".join(blobs)


def _numbers(kind: str, cells: Iterable[float]) -> bytes:
    found = array(kind, cells)
    if sys.byteorder == "big":
        found.byteswap()
    return found.tobytes()
