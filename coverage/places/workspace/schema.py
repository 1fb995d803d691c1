"""The form of a workspace, its version, and how an older form becomes the present one."""

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeGuard

import numpy as np
import pandas as pd

from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.schemas.all_tables import TABLES
from coverage.places.villages import load_villages
from coverage.places.workspace.rows import ANY_GEOMETRY, CRS, Layer, cells, flat, geometry_kind, kind_of, wider
from coverage.places.workspace.store import Change

if TYPE_CHECKING:
    import geopandas as gpd

GEOMETRY = {
    "units": "POINT",
    "visits": "POINT",
    "ferries": "LINESTRING",
    "roads": "LINESTRING",
    "boundaries": "MULTIPOLYGON",
}
_NAME = re.compile(r"(?!gpkg_|rtree_|sqlite_|jangkau_)[a-z][a-z0-9_]{0,50}")
_RESERVED = {"fid", "geom"}
_PLACED = ("lat", "lon")


def require(layer: Layer, columns: Iterable[str], place: str) -> None:
    """Refuse a layer that lacks a column.

    Raises
    ------
    InputError
        Naming the columns that are missing.
    """
    missing = [column for column in columns if column not in layer.columns]
    if missing:
        raise InputError(Message.of("workspace.columns", path=place, layer=layer.name, missing=", ".join(missing)))


def put_rows(change: Change, name: str, table: pd.DataFrame) -> int:
    """Add a table to a layer and give its number of rows; a layer that it does not fit is made anew around both."""
    if not _NAME.fullmatch(name):
        raise ValueError(name)
    held = change.layer(name)
    layer = _layer_for(name, table, held)
    if held is None:
        change.create(layer)
    elif table.empty:
        return 0
    elif layer != held:
        before = change.read(held)
        change.drop(name)
        change.create(layer)
        _insert(change, layer, before)
    _insert(change, layer, table)
    return len(table)


def _layer_for(name: str, table: pd.DataFrame, held: Layer | None) -> Layer:
    spatial = _has_shapes(table)
    plain = pd.DataFrame(table.drop(columns=table.geometry.name)) if spatial else table
    if taken := _RESERVED & set(plain.columns):
        raise ValueError(taken)
    declared = TABLES[name].stored if name in TABLES else {}
    columns = {str(column): declared.get(str(column)) or kind_of(plain[column]) for column in plain.columns}
    kinds = dict(held.columns) if held else {}
    for column, kind in columns.items():
        kinds[column] = wider(kinds[column], kind) if column in kinds else kind or "TEXT"
    usual = held.geometry if held and held.geometry else GEOMETRY.get(name, "")
    geometry = held.geometry if held else ""
    if spatial and usual != ANY_GEOMETRY:
        geometry = geometry_kind(flat(table.geometry), usual)
    return Layer(name, kinds, geometry)


def _insert(change: Change, layer: Layer, table: pd.DataFrame) -> None:
    columns = [
        cells(table[column], kind, layer.name) if column in table else [None] * len(table)
        for column, kind in layer.columns.items()
    ]
    rows = list(zip(*columns, strict=True)) if columns else [()] * len(table)
    shapes = None
    if layer.geometry:
        shapes = flat(table.geometry) if _has_shapes(table) else np.full(len(table), None)
    change.insert(layer, rows, shapes)


def _has_shapes(table: pd.DataFrame) -> "TypeGuard[gpd.GeoDataFrame]":
    import geopandas as gpd  # noqa: PLC0415 - only who has rows of an office waits for it

    return isinstance(table, gpd.GeoDataFrame)


def at_villages(table: pd.DataFrame, *kode: str) -> "gpd.GeoDataFrame":
    """Give rows the point of their village, or the line between two villages; none where a code is unknown."""
    import geopandas as gpd  # noqa: PLC0415 - only who has shapes waits for it
    import shapely  # noqa: PLC0415 - the same

    villages = load_villages()
    rows = np.stack([villages.index.get_indexer(pd.Index(table[column])) for column in kode], axis=1)
    known = (rows >= 0).all(axis=1)
    ends = villages[["lon", "lat"]].to_numpy(np.float64)[rows[known]]
    made = np.full(len(table), None, dtype=object)
    made[known] = shapely.points(ends[:, 0]) if len(kode) == 1 else shapely.linestrings(ends)
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(made, index=table.index, crs=CRS))


def place_of(units: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Tell latitude and longitude of the rows of layer ``units``: the point decides, whatever columns say."""
    lat, lon = (units[column] if column in units else pd.Series(np.nan, index=units.index) for column in ("lat", "lon"))
    if not _has_shapes(units):
        return lat, lon
    return units.geometry.y.fillna(lat), units.geometry.x.fillna(lon)


def as_points(units: pd.DataFrame) -> "gpd.GeoDataFrame":
    """Turn the columns ``lat`` and ``lon`` of units into points."""
    import geopandas as gpd  # noqa: PLC0415 - only who has shapes waits for it

    lat, lon = place_of(units)
    points = gpd.points_from_xy(lon, lat, crs=CRS)
    points[(lat.isna() | lon.isna()).to_numpy()] = None
    kept = pd.DataFrame(units).drop(columns=["lat", "lon", "geometry"], errors="ignore")
    return gpd.GeoDataFrame(kept, geometry=points)


def as_dates(visits: pd.DataFrame, place: str) -> pd.DataFrame:
    """Turn the dates of visits into dates.

    Raises
    ------
    InputError
        If a date cannot be read.
    """
    days = pd.to_datetime(visits["date"].astype("str").str[:10], format="%Y-%m-%d", errors="coerce")
    undated = visits.loc[days.isna(), "kode"]
    if not undated.empty:
        raise InputError(Message.of("workspace.undated", path=place, kode=", ".join(map(str, undated))))
    return visits.assign(date=days.dt.date)


def _points_and_lines(change: Change, place: str) -> None:
    """From the first form: units that say their place twice, visits and ferries that no map shows."""
    made: dict[str, tuple[tuple[str, ...], Callable[[pd.DataFrame], pd.DataFrame]]] = {
        "units": (("id", "lat", "lon"), as_points),
        "visits": (("kode", "date"), lambda held: at_villages(as_dates(pd.DataFrame(held), place), "kode")),
        "ferries": (("from_kode", "to_kode"), lambda held: at_villages(pd.DataFrame(held), "from_kode", "to_kode")),
    }
    for name, (columns, convert) in made.items():
        held = change.layer(name)
        if held is None:
            continue
        # A point says where a unit stands, whoever drew it; only without points must columns say so.
        require(held, columns if not held.geometry else [one for one in columns if one not in _PLACED], place)
        table = convert(
            change.read(held).drop(columns="geometry", errors="ignore") if name != "units" else change.read(held)
        )
        change.drop(name)
        put_rows(change, name, table)


MIGRATIONS: list[Callable[[Change, str], None]] = [_points_and_lines]
"""Step `n` brings version `n` to `n + 1`; version 0 is the form that said no version."""


def version() -> int:
    """Give the present version."""
    return len(MIGRATIONS)


def refuse_newer(found: int, place: str) -> None:
    """Refuse what a newer version of the program has written.

    Raises
    ------
    InputError
        If `found` is above the present version.
    """
    if found > version():
        raise InputError(Message.of("workspace.newer", path=place, found=found, known=version()))


def migrate(change: Change, found: int, place: str) -> None:
    """Bring a store from a version to the present one."""
    for step in MIGRATIONS[found:]:
        step(change, place)
