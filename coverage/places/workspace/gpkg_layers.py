"""Layers in an open GeoPackage."""

import json
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from coverage.ground import machine_faults
from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.workspace import gpkg_format as form
from coverage.places.workspace import gpkg_sums as sums
from coverage.places.workspace.log import Entry
from coverage.places.workspace.rows import CRS, FID, Kind, Layer, cell_fault, table_of

LOG = "jangkau_log"
_OWN = ("jangkau_schema", LOG, sums.TABLE)
_WHOLE_NUMBERS = ("INT", "BIT")
_NUMBERS = ("REAL", "DOUBLE", "FLOAT", "NUM")


class GeoPackageLayers:
    """Layers, version and log, in whatever transaction the connection is."""

    def __init__(self, base: sqlite3.Connection, place: str) -> None:
        self.base = base
        self.place = place

    def names(self) -> list[str]:
        """Name the layers."""
        found = [
            name
            for (name,) in self.base.execute(
                "SELECT table_name FROM gpkg_contents WHERE data_type IN ('features', 'attributes') ORDER BY table_name"
            )
        ]
        if self._summed and (lost := next((name for name in sums.names(self.base) if name not in found), "")):
            raise self._damaged(lost)
        return [name for name in found if name not in _OWN]

    @property
    def _summed(self) -> bool:
        return sums.is_kept(self.base)

    def _damaged(self, layer: str) -> InputError:
        key = "workspace.damaged_log" if layer == LOG else "workspace.damaged_layer"
        return InputError(Message.of(key, path=self.place, layer=layer))

    def layer(self, name: str) -> Layer | None:
        """Describe a layer; None where there is none."""
        return self._described(name) if name in self.names() else None

    def _described(self, name: str) -> Layer:
        geom, geometry = self._geometry(name)
        columns = {
            column: _kind(declared)
            for _, column, declared, _, _, key in self.base.execute(f"PRAGMA table_info({form.quoted(name)})")
            if not key and column != geom
        }
        return Layer(name, columns, geometry)

    def _geometry(self, name: str) -> tuple[str, str]:
        found = self.base.execute(
            "SELECT column_name, upper(geometry_type_name) FROM gpkg_geometry_columns WHERE table_name = ?", (name,)
        ).fetchone()
        return found or ("", "")

    def _column(self, name: str) -> str:
        """Name the column of geometry ("" for none), which must be in degrees."""
        srs = self.base.execute("SELECT srs_id FROM gpkg_geometry_columns WHERE table_name = ?", (name,)).fetchone()
        if srs and srs[0] != form.SRS:
            raise InputError(Message.of("workspace.not_degrees", path=self.place, layer=name, srs=str(srs[0])))
        return self._geometry(name)[0]

    def read(self, layer: Layer) -> pd.DataFrame:
        """Read a layer, ordered and indexed by the number of its rows."""
        geom = self._column(layer.name)
        rows = self._sound_rows(layer)
        fids = [row[0] for row in rows]
        table = table_of(layer, fids, [row[2:] for row in rows], self.place)
        if not layer.geometry:
            return table
        shapes = np.full(len(rows), None, dtype=object)
        for at, row in enumerate(rows):
            try:
                shapes[at] = form.geometry_of(row[1])
            except ValueError as error:
                raise cell_fault(
                    self.place, layer.name, row[0], geom, "", Message.of("workspace.not_geometry")
                ) from error
        placed: pd.DataFrame = gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(shapes, index=table.index, crs=CRS))
        return placed

    def _rows(self, layer: Layer) -> list[tuple[Any, ...]]:
        geom = self._geometry(layer.name)[0]
        wanted = ", ".join(["rowid", form.quoted(geom) if geom else "NULL", *map(form.quoted, layer.columns)])
        return self.base.execute(f"SELECT {wanted} FROM {form.quoted(layer.name)} ORDER BY rowid").fetchall()

    def _sound_rows(self, layer: Layer) -> list[tuple[Any, ...]]:
        """Read the rows of a layer, and refuse them where no program wrote them so."""
        rows = self._rows(layer)
        if self._summed and not sums.is_sound(self.base, layer, rows):
            raise self._damaged(layer.name)
        return rows

    def check(self) -> None:
        """Refuse a layer that was changed by no program."""
        for name in [*self.names(), LOG] if self.version() else []:
            self._sound_rows(self._described(name))

    def _refuse_damaged(self, layer: Layer) -> None:
        """Look at a layer before it is written to: afterwards its rows would be taken for sound."""
        if self._summed and sums.is_noted(self.base, layer.name):
            self._sound_rows(self._described(layer.name))

    def begin(self) -> None:
        """Refuse to write where the form of a layer is what no program made it."""
        for name in self.names() if self._summed else []:
            if not sums.has_its_form(self.base, self._described(name)):
                raise self._damaged(name)

    def seal(self) -> None:
        """Note the digest of every layer that has none, at the end of a change."""
        sums.make(self.base)
        tables = {name for (name,) in self.base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        names = [name for name in [*self.names(), LOG] if name in tables]
        for layer in map(self._described, names):
            if sums.rows_noted(self.base, layer) is None:
                self._note(layer)
        sums.keep_only(self.base, names)

    def _note(self, layer: Layer) -> None:
        try:
            rows = self._rows(layer)
        except sqlite3.OperationalError as error:
            # A layer of another program may hold what cannot be read; it does not keep ours from being written.
            if machine_faults.kind_of(error) != "other":
                raise
        else:
            sums.note(self.base, layer, rows)

    def count(self, name: str) -> int:
        """Count the rows of a layer."""
        found = int(self.base.execute(f"SELECT count(*) FROM {form.quoted(name)}").fetchone()[0])
        noted = sums.rows_noted(self.base, self._described(name)) if self._summed else None
        if noted not in (None, found) and sums.is_watched(self.base, name):
            raise self._damaged(name)
        return found

    def version(self) -> int:
        """Tell the version of the form; 0 where the file says none."""
        if not self.base.execute("SELECT 1 FROM sqlite_master WHERE name = 'jangkau_schema'").fetchone():
            return 0
        found = self.base.execute("SELECT version FROM jangkau_schema").fetchone()
        if not found or not isinstance(found[0], int):
            raise sqlite3.DatabaseError
        return int(found[0])

    def changes(self) -> int:
        """Count the changes so far."""
        return int(self.base.execute("SELECT changes FROM jangkau_schema").fetchone()[0]) if self.version() else 0

    def log(self, entries: int) -> tuple[Entry, ...]:
        """Give the last entries of the log, the newest first."""
        if not self.version():
            return ()
        self._sound_rows(self._described(LOG))
        found = self.base.execute(
            "SELECT at, command, layers, rows, file_sha256, role FROM jangkau_log ORDER BY id DESC LIMIT ?", (entries,)
        )
        return tuple(Entry(*row) for row in found)

    def create(self, layer: Layer) -> None:
        """Make an empty layer."""
        form.make_layer(self.base, layer)

    def drop(self, name: str) -> None:
        """Take a layer away."""
        if held := self.layer(name):
            self._refuse_damaged(held)
        form.drop_layer(self.base, name, self._geometry(name)[0])

    def insert(
        self, layer: Layer, rows: Sequence[Sequence[Any]], shapes: np.ndarray[Any, np.dtype[np.object_]] | None
    ) -> None:
        """Add rows, cells in the order of the layer's columns."""
        self._refuse_damaged(layer)
        geom = self._column(layer.name)
        names = [*([form.quoted(geom)] if geom else []), *map(form.quoted, layer.columns)]
        boxes = np.empty((0, 4))
        if rows and names:
            cells: Iterable[Sequence[Any]] = rows
            if geom and shapes is not None:
                boxes = shapely.bounds(shapes)
                cells = ((blob, *row) for blob, row in zip(form.blobs(shapes, boxes), rows, strict=True))
            marks = ", ".join("?" * len(names))
            self.base.executemany(f"INSERT INTO {form.quoted(layer.name)} ({', '.join(names)}) VALUES ({marks})", cells)
        form.tell_changed(self.base, layer.name, boxes)

    def delete(self, layer: Layer, key: Mapping[str, object]) -> None:
        """Delete the rows that agree in all columns of a key; with any value of a list."""
        self._refuse_damaged(layer)
        marks, values = ["1"], []
        for column, value in key.items():
            several = isinstance(value, list)
            # Whatever the column of the rows' numbers is called, SQLite knows it by this name.
            name = form.quoted("rowid" if column == FID else column)
            marks.append(f"{name} {'IN (SELECT value FROM json_each(?))' if several else 'IS ?'}")
            values.append(json.dumps(value) if several else value)
        self.base.execute(f"DELETE FROM {form.quoted(layer.name)} WHERE {' AND '.join(marks)}", values)

    def note(self, entry: Entry, *, changed: bool = True) -> None:
        """Add an entry to the log; `changed` counts a change also where no row changed."""
        self.base.execute(
            "INSERT INTO jangkau_log (at, command, layers, rows, file_sha256, role) VALUES (?, ?, ?, ?, ?, ?)",
            entry.values(),
        )
        if changed:
            self.base.execute("UPDATE jangkau_schema SET changes = changes + 1")


def _kind(declared: str) -> Kind:
    text = declared.upper()
    if text in {"BOOLEAN", "DATE", "DATETIME"}:
        return text  # type: ignore[return-value]  # mypy does not narrow by a set
    if any(part in text for part in _WHOLE_NUMBERS):
        return "INTEGER"
    return "REAL" if any(part in text for part in _NUMBERS) else "TEXT"
