"""How a GeoPackage says what it holds: tables, triggers, geometry (OGC 12-128r15, version 1.2).

Written by hand, because one transaction of GDAL does not span layers. The functions that the triggers of a spatial
index call are given to SQLite here, so that layers to which QGIS gave one can be written too.
"""

import sqlite3
import struct
from typing import Any

import numpy as np
import pyproj
import shapely

from coverage.places.workspace.rows import Layer

APPLICATION_ID = 0x47504B47
USER_VERSION = 10200
SRS = 4326
_ENVELOPE_BYTES = (0, 32, 48, 48, 64)
_BOX = struct.Struct("<4d")
_HEADER = struct.Struct("<2sBBi")
_LITTLE_ENDIAN, _WITH_BOX, _EMPTY = 0x01, 0x02, 0x10
_SIMPLE_HEADER = 8

_TABLES = (
    """CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY,
    organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL,
    description TEXT)""",
    """CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL,
    identifier TEXT UNIQUE, description TEXT DEFAULT '',
    last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
    min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER,
    CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id))""",
    """CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
    geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
    CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
    CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
    CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id))""",
)
_OWN_TABLES = (
    "CREATE TABLE jangkau_schema (version INTEGER NOT NULL, changes INTEGER NOT NULL)",
    "INSERT INTO jangkau_schema VALUES (0, 0)",
    """CREATE TABLE jangkau_log (id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, at TEXT NOT NULL, command TEXT NOT NULL,
    layers TEXT NOT NULL, rows INTEGER NOT NULL, file_sha256 TEXT NOT NULL, role TEXT NOT NULL)""",
    """CREATE TRIGGER jangkau_log_keeps_update BEFORE UPDATE ON jangkau_log
    BEGIN SELECT RAISE(ABORT, 'jangkau_log cannot be changed'); END""",
    """CREATE TRIGGER jangkau_log_keeps_delete BEFORE DELETE ON jangkau_log
    BEGIN SELECT RAISE(ABORT, 'jangkau_log cannot be changed'); END""",
    "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('jangkau_log', 'attributes', 'jangkau_log')",
)
_COUNTED = """CREATE TRIGGER IF NOT EXISTS {trigger} AFTER {event} ON {table}
    BEGIN UPDATE jangkau_schema SET changes = changes + 1; END"""


def quoted(name: str) -> str:
    """Write a name so that SQL reads it as one."""
    return '"' + name.replace('"', '""') + '"'


def make_geopackage(base: sqlite3.Connection) -> None:
    """Make an empty GeoPackage of an empty database."""
    base.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    base.execute(f"PRAGMA user_version = {USER_VERSION}")
    for statement in _TABLES:
        base.execute(statement)
    undefined = [(name, number, "NONE", number, "undefined", "") for name, number in (("Undefined", -1), ("None", 0))]
    wgs84 = ("WGS 84", SRS, "EPSG", SRS, pyproj.CRS.from_epsg(SRS).to_wkt("WKT1_GDAL"), "degrees")
    base.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, ?)", [*undefined, wgs84])


def make_own_tables(base: sqlite3.Connection) -> None:
    """Make the tables of version and log; every layer that is there begins to be counted."""
    for statement in _OWN_TABLES:
        base.execute(statement)
    layers = "SELECT table_name FROM gpkg_contents WHERE data_type IN ('features', 'attributes')"
    for (name,) in base.execute(layers).fetchall():
        if name != "jangkau_log":
            count_changes(base, name)


def count_changes(base: sqlite3.Connection, layer: str) -> None:
    """Let every change of a layer be counted, whichever program makes it."""
    for event in ("INSERT", "UPDATE", "DELETE"):
        trigger = quoted(f"jangkau_{layer}_{event.lower()}")
        base.execute(_COUNTED.format(trigger=trigger, event=event, table=quoted(layer)))


def make_layer(base: sqlite3.Connection, layer: Layer) -> None:
    """Make an empty layer; without a spatial index, which would make a write several times as long."""
    table = quoted(layer.name)
    columns = [f"{quoted(name)} {kind}" for name, kind in layer.columns.items()]
    shape = [f"geom {layer.geometry}"] if layer.geometry else []
    base.execute(
        f"CREATE TABLE {table} ({', '.join(['fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL', *shape, *columns])})"
    )
    data_type, srs = ("features", SRS) if layer.geometry else ("attributes", None)
    base.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id) VALUES (?, ?, ?, ?)",
        (layer.name, data_type, layer.name, srs),
    )
    if layer.geometry:
        base.execute(
            "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)", (layer.name, layer.geometry, SRS)
        )
    count_changes(base, layer.name)


def drop_layer(base: sqlite3.Connection, name: str, geometry_column: str) -> None:
    """Take a layer away with all that tells of it."""
    base.execute(f"DROP TABLE {quoted(name)}")
    if geometry_column:
        base.execute(f"DROP TABLE IF EXISTS {quoted(f'rtree_{name}_{geometry_column}')}")
    told = {row[0] for row in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    for table in ("gpkg_geometry_columns", "gpkg_extensions", "gpkg_ogr_contents", "gpkg_contents"):
        if table in told:
            base.execute(f"DELETE FROM {table} WHERE lower(table_name) = lower(?)", (name,))


def tell_changed(base: sqlite3.Connection, layer: str, boxes: np.ndarray[Any, np.dtype[np.float64]]) -> None:
    """Tell in the table of contents that a layer changed, and that it reaches as far as these boxes."""
    base.execute(
        "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ','now') WHERE table_name = ?", (layer,)
    )
    known = boxes[~np.isnan(boxes).any(axis=1)]
    if len(known):
        low, high = known[:, :2].min(axis=0).tolist(), known[:, 2:].max(axis=0).tolist()
        base.execute(
            "UPDATE gpkg_contents SET min_x = min(ifnull(min_x, ?1), ?1), min_y = min(ifnull(min_y, ?2), ?2), "
            "max_x = max(ifnull(max_x, ?3), ?3), max_y = max(ifnull(max_y, ?4), ?4) WHERE table_name = ?5",
            (*low, *high, layer),
        )


def blobs(
    shapes: np.ndarray[Any, np.dtype[np.object_]], boxes: np.ndarray[Any, np.dtype[np.float64]]
) -> list[bytes | None]:
    """Write geometries as a GeoPackage does: a header with the bounding box, then WKB."""
    wkb = shapely.to_wkb(shapes, byte_order=1)
    around = boxes[:, [0, 2, 1, 3]].tolist()
    empty = shapely.is_empty(shapes).tolist()
    return [
        None if body is None else _header(box, empty=bare) + body
        for body, box, bare in zip(wkb, around, empty, strict=True)
    ]


def _header(box: list[float], *, empty: bool) -> bytes:
    if empty:
        return _HEADER.pack(b"GP", 0, _LITTLE_ENDIAN | _EMPTY, SRS)
    return _HEADER.pack(b"GP", 0, _LITTLE_ENDIAN | _WITH_BOX, SRS) + _BOX.pack(*box)


def _wkb(blob: bytes) -> bytes:
    envelope = (blob[3] >> 1) & 0x07
    return blob[_SIMPLE_HEADER + _ENVELOPE_BYTES[envelope] :]


def geometry_of(blob: bytes | None) -> Any:
    """Read one geometry.

    Raises
    ------
    ValueError
        If it is none.
    """
    if blob is None:
        return None
    if not isinstance(blob, bytes) or not blob.startswith(b"GP") or len(blob) <= _SIMPLE_HEADER:
        raise ValueError(blob)
    try:
        return shapely.from_wkb(_wkb(blob))
    except (shapely.errors.ShapelyError, IndexError) as error:
        raise ValueError(blob) from error


def _bounds(blob: bytes) -> tuple[float, ...]:
    """Tell min x, max x, min y, max y: from the header where it has them, else from the geometry."""
    if (blob[3] >> 1) & 0x07:
        return struct.unpack_from("<4d" if blob[3] & _LITTLE_ENDIAN else ">4d", blob, _SIMPLE_HEADER)
    west, south, east, north = shapely.from_wkb(_wkb(blob)).bounds
    return west, east, south, north


def _is_empty(blob: bytes | None) -> bool | None:
    return None if blob is None else bool(blob[3] & _EMPTY)


def serve_triggers(base: sqlite3.Connection) -> None:
    """Give SQLite the functions that spatial indexes call."""
    for number, name in enumerate(("ST_MinX", "ST_MaxX", "ST_MinY", "ST_MaxY")):
        base.create_function(
            name, 1, lambda blob, at=number: None if blob is None else _bounds(blob)[at], deterministic=True
        )
    base.create_function("ST_IsEmpty", 1, _is_empty, deterministic=True)
