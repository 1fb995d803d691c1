"""Tables as both stores hold them: typed cells, and geometries of one kind a layer."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from pandas.api import types

from coverage.ground.errors import InputError
from coverage.ground.free_text import hidden_sign, shown
from coverage.ground.texts import Message

if TYPE_CHECKING:
    import geopandas as gpd

Kind = Literal["TEXT", "INTEGER", "REAL", "BOOLEAN", "DATE", "DATETIME"]
CRS = "EPSG:4326"
ANY_GEOMETRY = "GEOMETRY"
FID = "fid"
"""Number of a row, given by the store: the column QGIS shows, and the index of a table that was read."""

_NOT = {
    "INTEGER": "workspace.not_integer",
    "REAL": "workspace.not_real",
    "BOOLEAN": "workspace.not_boolean",
    "DATETIME": "workspace.not_datetime",
}


@dataclass(frozen=True)
class Layer:
    """Columns and kind of geometry ("" for none) of one layer."""

    name: str
    columns: Mapping[str, Kind]
    geometry: str = ""


def kind_of(values: pd.Series) -> Kind | None:
    """Tell the narrowest kind that holds all values; None where there is no value."""
    held = values.dropna()
    if types.is_datetime64_any_dtype(values):
        return "DATETIME"
    if held.empty and not types.is_numeric_dtype(values):
        return None
    for kind, fits in (
        ("BOOLEAN", types.is_bool_dtype(values) or all(isinstance(value, (bool, np.bool_)) for value in held)),
        ("INTEGER", types.is_integer_dtype(values) or all(isinstance(value, (int, np.integer)) for value in held)),
        ("REAL", types.is_float_dtype(values) or all(isinstance(value, (int, float, np.number)) for value in held)),
        ("DATE", all(isinstance(value, dt.date) and not isinstance(value, dt.datetime) for value in held)),
    ):
        if fits:
            return kind  # type: ignore[return-value]  # mypy takes the names in the tuple for str
    return "TEXT"


def wider(one: Kind, other: Kind | None) -> Kind:
    """Give the kind that holds values of both."""
    if other is None or one == other:
        return one
    numbers: tuple[Kind, ...] = ("BOOLEAN", "INTEGER", "REAL")
    return max(one, other, key=numbers.index) if one in numbers and other in numbers else "TEXT"


def cells(values: pd.Series, kind: Kind, layer: str) -> list[Any]:
    """Turn a column into what a database takes; unknown values become None.

    Raises
    ------
    InputError
        If a text holds a sign that no text may hold.
    """
    made: dict[Kind, Any] = {
        "TEXT": str,
        "INTEGER": int,
        "REAL": float,
        "BOOLEAN": bool,
        "DATE": lambda value: str(value)[:10],
        "DATETIME": lambda value: value.isoformat(timespec="milliseconds"),
    }
    make = made[kind]
    missing = values.isna()
    result = [None if gone else make(value) for value, gone in zip(values, missing, strict=True)]
    if kind == "TEXT":
        _check_texts(result, str(values.name), layer)
    return result


def _check_texts(texts: Iterable[str | None], column: str, layer: str) -> None:
    for text in texts:
        if text is not None and (sign := hidden_sign(text)):
            value = shown(text.encode("utf-8", "replace").decode())
            raise InputError(Message.of("workspace.bad_text", layer=layer, column=column, value=value, sign=sign))


def table_of(layer: Layer, fids: Sequence[int], rows: Sequence[Sequence[Any]], place: str) -> pd.DataFrame:
    """Turn rows that were read into a table; its index is the row's number in the store.

    Raises
    ------
    InputError
        If another program left a value that is not of its column's kind.
    """
    columns: dict[str, pd.Series] = {}
    index = pd.Index(np.array(fids, dtype=np.int64), name=FID)
    for number, (name, kind) in enumerate(layer.columns.items()):
        values = [row[number] for row in rows]
        try:
            columns[name] = pd.Series(_column(values, kind), index=index)
        except (ValueError, TypeError, OverflowError) as error:
            raise _wrong_kind(layer.name, name, kind, fids, values, place) from error
    return pd.DataFrame(columns, index=index)


def _column(values: list[Any], kind: Kind) -> Any:
    known = None not in values
    if kind == "REAL":
        return np.array([np.nan if value is None else float(value) for value in values], dtype=np.float64)
    if kind == "INTEGER":
        whole = [np.nan if value is None else _whole(value) for value in values]
        return np.array(whole, dtype=np.int64 if known else np.float64)
    if kind == "BOOLEAN":
        if not set(values) <= {None, 0, 1}:
            raise ValueError(kind)
        return np.array([value if value is None else bool(value) for value in values], dtype=bool if known else object)
    if kind == "DATETIME":
        return pd.DatetimeIndex(pd.to_datetime(values, format="ISO8601", utc=True)).tz_localize(None)
    texts = [value if value is None else str(value) for value in values]
    return texts or np.array([], dtype=object)


def _whole(value: Any) -> int:
    """Read a whole number; SQLite keeps a fraction also in a column of whole numbers."""
    if isinstance(value, float) and not value.is_integer():
        raise ValueError(value)
    return int(value)


def _wrong_kind(layer: str, column: str, kind: Kind, fids: Sequence[int], values: list[Any], place: str) -> InputError:
    for fid, value in zip(fids, values, strict=True):
        try:
            _column([value], kind)
        except (ValueError, TypeError, OverflowError):
            problem = Message.of(_NOT[kind])
            return cell_fault(place, layer, fid, column, value, problem)
    return InputError(Message.of("workspace.damaged", path=place))


def cell_fault(place: str, layer: str, fid: int, column: str, value: object, problem: Message) -> InputError:
    """Make the error that names one cell of a layer; `problem` says what is wrong and how to mend it."""
    return InputError(cell_message(place, layer, fid, column, value, problem))


def cell_message(place: str, layer: str, fid: int, column: str, value: object, problem: Message) -> Message:
    """Name one cell of a layer and what is wrong with it."""
    told = shown("" if value is None else value)
    return Message.of(
        "tables.layer_cell", path=place, layer=layer, fid=str(fid), column=column, value=told, problem=problem
    )


def flat(geometries: "gpd.GeoSeries") -> np.ndarray[Any, np.dtype[np.object_]]:
    """Give geometries in EPSG:4326 and two dimensions; polygons as multipolygons, so that a layer is of one kind."""
    import shapely  # noqa: PLC0415 - only who has shapes waits for it

    series = geometries if geometries.crs is None else geometries.to_crs(CRS)
    made: np.ndarray[Any, np.dtype[np.object_]] = shapely.force_2d(series.to_numpy())
    single = shapely.get_type_id(made) == shapely.GeometryType.POLYGON
    made[single] = [shapely.MultiPolygon([polygon]) for polygon in made[single]]
    return made


def geometry_kind(geometries: np.ndarray[Any, np.dtype[np.object_]], usual: str = "") -> str:
    """Tell the kind of geometry that a layer of these needs; `usual` where it is enough."""
    kinds = {shape.geom_type.upper() for shape in geometries if shape is not None}
    if usual and kinds <= {usual}:
        return usual
    return kinds.pop() if len(kinds) == 1 and not usual else ANY_GEOMETRY
