"""Layers in a PostGIS database: schema ``jangkau``, one table a layer."""

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import psycopg
import shapely
from psycopg.sql import SQL, Composable, Identifier, Placeholder

from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.workspace.log import Entry
from coverage.places.workspace.rows import CRS, Kind, Layer, cell_fault, table_of

_SCHEMA = "jangkau"
_SRS = 4326
_TYPES: dict[Kind, str] = {
    "TEXT": "text",
    "INTEGER": "bigint",
    "REAL": "double precision",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "DATETIME": "timestamp",
}
_KINDS: dict[str, Kind] = {
    "bigint": "INTEGER",
    "integer": "INTEGER",
    "smallint": "INTEGER",
    "double precision": "REAL",
    "real": "REAL",
    "numeric": "REAL",
    "boolean": "BOOLEAN",
    "date": "DATE",
    "timestamp without time zone": "DATETIME",
    "timestamp with time zone": "DATETIME",
}
_OWN = (
    "CREATE SCHEMA jangkau",
    "CREATE TABLE jangkau.jangkau_schema (version integer NOT NULL, changes bigint NOT NULL)",
    "INSERT INTO jangkau.jangkau_schema VALUES (0, 0)",
    """CREATE TABLE jangkau.jangkau_log (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at text NOT NULL,
    command text NOT NULL, layers text NOT NULL, rows bigint NOT NULL, file_sha256 text NOT NULL,
    role text NOT NULL)""",
    """CREATE FUNCTION jangkau.jangkau_keep() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'jangkau_log cannot be changed'; END $$""",
    """CREATE TRIGGER jangkau_log_keeps BEFORE UPDATE OR DELETE OR TRUNCATE ON jangkau.jangkau_log
    FOR EACH STATEMENT EXECUTE FUNCTION jangkau.jangkau_keep()""",
    """CREATE FUNCTION jangkau.jangkau_count() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN UPDATE jangkau.jangkau_schema SET changes = changes + 1; RETURN NULL; END $$""",
)


def _table(name: str) -> Identifier:
    return Identifier(_SCHEMA, name)


class PostGISLayers:
    """The layers of the schema, inside one transaction."""

    def __init__(self, base: psycopg.Connection[Any], place: str) -> None:
        self.base = base
        self.place = place

    def make_own_tables(self) -> None:
        """Make schema, version and log."""
        for statement in _OWN:
            self.base.execute(statement)

    def names(self) -> list[str]:
        """Name the layers."""
        found = self.base.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = %s AND table_type = 'BASE TABLE' "
            "AND table_name NOT LIKE 'jangkau\\_%%' ORDER BY table_name COLLATE \"C\"",
            (_SCHEMA,),
        )
        return [name for (name,) in found]

    def layer(self, name: str) -> Layer | None:
        """Describe a layer; None where there is none."""
        columns = self.base.execute(
            "SELECT column_name, data_type, udt_name FROM information_schema.columns "
            "WHERE table_schema = %s AND table_name = %s ORDER BY ordinal_position",
            (_SCHEMA, name),
        ).fetchall()
        if not columns or name not in self.names():
            return None
        plain = {
            column: _KINDS.get(kind, "TEXT") for column, kind, udt in columns if udt != "geometry" and column != "fid"
        }
        return Layer(name, plain, self._geometry(name)[1])

    def _geometry(self, name: str) -> tuple[str, str]:
        """Tell the column that holds geometry, and its kind; "" where there is none."""
        found = self.base.execute(
            "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute "
            "WHERE attrelid = format('%%I.%%I', %s::text, %s::text)::regclass AND attnum > 0 AND NOT attisdropped "
            "AND format_type(atttypid, NULL) ~ '(^|\\.)geometry$'",
            (_SCHEMA, name),
        ).fetchone()
        if found is None:
            return "", ""
        kind, _, srs = found[1].partition("(")[2].rstrip(")").partition(",")
        if srs and int(srs) != _SRS:
            raise InputError(Message.of("workspace.not_degrees", path=self.place, layer=name, srs=srs))
        return found[0], kind.upper() or "GEOMETRY"

    def read(self, layer: Layer) -> pd.DataFrame:
        """Read a layer, ordered and indexed by the number of its rows."""
        geom, _ = self._geometry(layer.name)
        names: list[Composable] = [Identifier("fid"), Identifier(geom) if geom else SQL("NULL")]
        wanted = SQL(", ").join([*names, *map(Identifier, layer.columns)])
        rows = self.base.execute(SQL("SELECT {} FROM {} ORDER BY fid").format(wanted, _table(layer.name))).fetchall()
        fids = [row[0] for row in rows]
        table = table_of(layer, fids, [row[2:] for row in rows], self.place)
        if not geom:
            return table
        try:
            shapes = shapely.from_wkb([row[1] for row in rows])
        except shapely.errors.ShapelyError as error:
            raise cell_fault(self.place, layer.name, fids[0], geom, "", Message.of("workspace.not_geometry")) from error
        placed: pd.DataFrame = gpd.GeoDataFrame(
            table, geometry=gpd.GeoSeries(shapely.set_srid(shapes, 0), index=table.index, crs=CRS)
        )
        return placed

    def create(self, layer: Layer) -> None:
        """Make an empty layer."""
        columns: list[Composable] = [SQL("fid bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY")]
        if layer.geometry:
            columns.append(SQL("geom {}").format(self.geometry_type(layer.geometry)))
        columns += [SQL("{} {}").format(Identifier(name), SQL(_TYPES[kind])) for name, kind in layer.columns.items()]
        self.base.execute(SQL("CREATE TABLE {} ({})").format(_table(layer.name), SQL(", ").join(columns)))
        if layer.geometry:
            self.base.execute(SQL("CREATE INDEX ON {} USING gist (geom)").format(_table(layer.name)))
        self.base.execute(
            SQL(
                "CREATE TRIGGER jangkau_count AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {} "
                "FOR EACH STATEMENT EXECUTE FUNCTION jangkau.jangkau_count()"
            ).format(_table(layer.name))
        )

    def geometry_type(self, kind: str) -> Composable:
        """Name the type in the schema that the database keeps PostGIS in."""
        where = self.base.execute(
            "SELECT nspname FROM pg_extension JOIN pg_namespace n ON n.oid = extnamespace WHERE extname = 'postgis'"
        ).fetchone()
        if where is None:
            raise InputError(Message.of("workspace.no_postgis", path=self.place))
        return SQL("{}.geometry({}, {})").format(Identifier(where[0]), SQL(kind), SQL(str(_SRS)))

    def drop(self, name: str) -> None:
        """Take a layer away."""
        self.base.execute(SQL("DROP TABLE {}").format(_table(name)))

    def insert(
        self, layer: Layer, rows: Sequence[Sequence[Any]], shapes: np.ndarray[Any, np.dtype[np.object_]] | None
    ) -> None:
        """Add rows, cells in the order of the layer's columns."""
        geom, _ = self._geometry(layer.name)
        names = [*([geom] if geom else []), *layer.columns]
        if not rows or not names:
            return
        cells = rows
        if geom and shapes is not None:
            texts = shapely.to_wkb(shapely.set_srid(shapes, _SRS), hex=True, include_srid=True)
            cells = [(text, *row) for text, row in zip(texts, rows, strict=True)]
        columns = SQL(", ").join(map(Identifier, names))
        with self.base.cursor().copy(SQL("COPY {} ({}) FROM STDIN").format(_table(layer.name), columns)) as copy:
            for row in cells:
                copy.write_row([None if isinstance(cell, float) and np.isnan(cell) else cell for cell in row])

    def delete(self, layer: Layer, key: Mapping[str, object]) -> None:
        """Delete the rows that agree in all columns of a key; with any value of a list."""
        agree = [
            SQL("{} = ANY({})" if isinstance(value, list) else "{} IS NOT DISTINCT FROM {}").format(
                Identifier(column), Placeholder()
            )
            for column, value in key.items()
        ]
        wanted = SQL(" AND ").join([SQL("TRUE"), *agree])
        self.base.execute(SQL("DELETE FROM {} WHERE {}").format(_table(layer.name), wanted), tuple(key.values()))

    def count(self, name: str) -> int:
        """Count the rows of a layer."""
        found = self.base.execute(SQL("SELECT count(*) FROM {}").format(_table(name))).fetchone()
        return int(found[0]) if found else 0

    def version(self) -> int:
        """Tell the version of the form; 0 where there is no schema yet."""
        if self.base.execute("SELECT to_regclass('jangkau.jangkau_schema')").fetchone() == (None,):
            return 0
        found = self.base.execute("SELECT version FROM jangkau.jangkau_schema").fetchone()
        return int(found[0]) if found else 0

    def changes(self) -> int:
        """Count the changes so far."""
        found = self.base.execute("SELECT changes FROM jangkau.jangkau_schema").fetchone() if self.version() else None
        return int(found[0]) if found else 0

    def log(self, entries: int) -> tuple[Entry, ...]:
        """Give the last entries of the log, the newest first."""
        if not self.version():
            return ()
        found = self.base.execute(
            "SELECT at, command, layers, rows, file_sha256, role FROM jangkau.jangkau_log ORDER BY id DESC LIMIT %s",
            (entries,),
        )
        return tuple(Entry(*row) for row in found)

    def note(self, entry: Entry, *, changed: bool = True) -> None:
        """Add an entry to the log; `changed` counts a change also where no row changed."""
        self.base.execute(
            "INSERT INTO jangkau.jangkau_log (at, command, layers, rows, file_sha256, role) "
            "VALUES (%s, %s, %s, %s, %s, %s)",
            entry.values(),
        )
        if changed:
            self.base.execute("UPDATE jangkau.jangkau_schema SET changes = changes + 1")
