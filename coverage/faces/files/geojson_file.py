"""GeoJSON as RFC 7946 orders it, for QGIS and web maps."""

import datetime as dt
import json
import math
from collections.abc import Sequence

import geopandas as gpd
import shapely

from coverage.faces.files.file_cells import Cell, Filled, fill, machine_decimals, with_states
from coverage.faces.files.sources import ListSource
from coverage.faces.words.columns import Column, check_columns
from coverage.ground.texts import Language

__all__ = ["geojson_bytes", "list_geojson"]

_DECIMALS = 6


def list_geojson(one: ListSource, _: Language) -> bytes:
    """Write the areas of a list, the same in every language.

    Raises
    ------
    ValueError
        If the list has none: a fault of the program, not of its user.
    """
    if one.areas is None:
        raise ValueError("the list has no areas")
    return geojson_bytes(one.areas(), one.listing.columns)


def geojson_bytes(gdf: gpd.GeoDataFrame, properties: Sequence[Column], *, id_key: str = "kode") -> bytes:
    """Write a FeatureCollection in WGS 84, a feature per row and in the order of the rows.

    Parameters
    ----------
    gdf
        Table with geometry in any CRS; `id_key` and every property are columns.
    properties
        Columns to write; boxes are left out. An infinite time is null and the property beside it
        (``state``, or ``KEY_state``) says ``not_connected``.
    id_key
        Column that holds the id of each feature, as text.

    Returns
    -------
    bytes
        UTF-8. Geometry is valid, exterior rings run anticlockwise, coordinates are longitude, latitude with at
        most six decimals (about a decimetre); a geometry that is missing or too small for that is null.

    Raises
    ------
    ValueError
        If the CRS is not known or a column is missing: a fault of the program, not of its user.

    Notes
    -----
    H. Butler et al. (2016), The GeoJSON Format, RFC 7946, sections 3.1.6, 3.2, 4 and 11.2.
    """
    columns = [column for column in properties if column.kind != "box"]
    identity = Column(id_key, id_key, "code")
    check_columns(columns, gdf)
    check_columns([identity], gdf)
    if gdf.crs is None:
        raise ValueError("the table has no CRS")
    filled = with_states(fill(columns, gdf), "en")
    ids = fill([identity], gdf)[0].cells
    geometries = _geometries(gdf)
    rows = zip(*(_plain_column(entry) for entry in filled), strict=True) if filled else [()] * len(gdf)
    keys = [entry.column.key for entry in filled]
    features = [
        f'{{"type":"Feature","id":{_dump(identifier)},"geometry":{geometry},'
        f'"properties":{_dump(dict(zip(keys, row, strict=True)))}}}'
        for identifier, geometry, row in zip(ids, geometries, rows, strict=True)
    ]
    body = ",\n".join(features)
    return f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'.encode()


def _geometries(gdf: gpd.GeoDataFrame) -> list[str]:
    flat = shapely.force_2d(gdf.geometry.to_crs("EPSG:4326").to_numpy())
    rounded = shapely.transform(flat, lambda points: points.round(_DECIMALS) + 0.0)
    valid = shapely.make_valid(rounded, method="structure", keep_collapsed=False)
    # Mending adds crossing points off the grid. Snapping alone would do for most shapes; on slivers thinner than
    # the grid GEOS gives up, so it gets points already rounded.
    snapped = shapely.orient_polygons(shapely.set_precision(valid, 10.0**-_DECIMALS), exterior_cw=False)
    texts = shapely.to_geojson(snapped)
    empty = shapely.is_missing(snapped) | shapely.is_empty(snapped)
    # GEOS prints some six-decimal numbers with 17 digits; Python prints the shortest that reads back the same.
    return ["null" if hidden else _dump(json.loads(text)) for hidden, text in zip(empty, texts, strict=True)]


def _plain_column(entry: Filled) -> list[str | float | None]:
    decimals = machine_decimals(entry.column)
    return [_plain(cell, decimals) for cell in entry.cells]


def _plain(cell: Cell, decimals: int) -> str | float | None:
    if cell is None or cell == math.inf:
        return None
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return round(cell, decimals) if isinstance(cell, float) else cell


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
