"""Read road lines of any office: GeoPackage, GeoJSON, Shapefile (also zipped), KML, FlatGeobuf."""

import shutil
import tempfile
import zipfile
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyproj
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.spatial import cKDTree

from coverage.ground.errors import InputError
from coverage.ground.free_text import shown
from coverage.ground.geometry import FloatArray, IntArray
from coverage.ground.texts import Message, listed
from coverage.ground.vector_lines import read_line_layers
from coverage.travel.roads.road_formats import MEGABYTE, Format, format_of
from coverage.travel.roads.segments import Reading, Segments
from coverage.travel.roads.words import RAIL, class_of_word, surface_of_word

SAME_PLACE_DEG = 1e-7
"""Vertices closer than this are one place; about a centimetre."""

_CLASS_COLUMNS = ("remark", "highway", "fclass", "fungsi", "fungsi_jalan", "kelas", "kelas_jalan", "status", "jalan")
_CODE_COLUMNS = ("fgsrjl", "klsrjl")
_NAME_COLUMNS = ("namrjl", "namobj", "nama", "nama_ruas", "nm_ruas", "name")
_SURFACE_COLUMNS = ("surface", "permukaan", "perkerasan", "jenis_perkerasan")
_ONE_WAY_COLUMNS = ("oneway", "satu_arah")
_FORWARD = frozenset({"yes", "true", "1", "f", "ya", "y", "satu arah", "searah"})
_BACKWARD = frozenset({"-1", "reverse", "t"})
_LINES = (1, 5)
_MOST_ROWS = 2_000_000
_MOST_VERTICES = 20_000_000
_ZIP_MOST_MB = 2000
_ZIP_RATIO = 100
_SHAPE_PARTS = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg"})
_ENDINGS: dict[Format, str] = {
    "gpkg": ".gpkg",
    "geojson": ".geojson",
    "shapefile": ".shp",
    "kml": ".kml",
    "fgb": ".fgb",
}
_WORDS_SHOWN = 8
_LON, _LAT = (95.0, 141.0), (-11.5, 6.5)
_DEGREES = "EPSG:4326"
_BROKEN = (shapely.errors.ShapelyError, pyproj.exceptions.CRSError, ValueError)


@dataclass(frozen=True)
class Columns:
    """Which columns of a road file say what; None looks for the usual names.

    Attributes
    ----------
    road_class, surface, one_way, name
        Column names, compared without case.
    layer
        Layer of the file, where it has several with lines.
    classes
        Class an office's own word means, before the built-in table.
    """

    road_class: str | None = None
    surface: str | None = None
    one_way: str | None = None
    name: str | None = None
    layer: str | None = None
    classes: Mapping[str, str] = field(default_factory=dict)


def read_lines(path: Path, columns: Columns) -> Reading:
    """Read road lines; vertices at one place connect, also inside lines, other crossings do not (bridges).

    Raises
    ------
    InputError
        If the file is damaged, holds no lines, does not say its CRS, lies outside Indonesia, or lacks a column named
        in `columns`.
    """
    try:
        table = _table(path, columns.layer)
    except _BROKEN as error:
        if isinstance(error, InputError):
            raise
        raise InputError(Message.of("roads.damaged", file=path.name)) from error
    table, notes = _in_degrees(table, path.name)
    dropped: Counter[str] = Counter()
    lines = shapely.get_type_id(table.geometry.to_numpy())
    is_line = np.isin(lines, _LINES) & ~shapely.is_empty(table.geometry.to_numpy())
    dropped["not_lines"] = int((~is_line).sum())
    table = table[is_line].reset_index(drop=True)
    if table.empty:
        raise InputError(Message.of("roads.no_lines", file=path.name))
    words, class_notes = _words(table, columns, path.name)
    roads = words["road_class"] != RAIL
    dropped["rail"] = int((~roads).sum())
    table, words = table[roads].reset_index(drop=True), words[roads].reset_index(drop=True)
    segments, lost = _cut(table.geometry.to_numpy(), words)
    return Reading("vector", segments, None, +(dropped + lost), (*notes, *class_notes))


def _laid_out(path: Path, folder: Path) -> tuple[Format, Path]:
    """Lay the file under a name of our own into a folder of our own: a Shapefile with its parts, or out of its zip."""
    kind = format_of(path)
    if kind == "zip":
        return "shapefile", _unpacked(path, folder)
    ending = _ENDINGS[kind]
    parts = [path]
    if kind == "shapefile":
        parts = [one for one in path.parent.iterdir() if one.stem == path.stem and one.suffix.lower() in _SHAPE_PARTS]
    try:
        for part in parts:
            shutil.copyfile(part, folder / f"jalan{ending if part == path else part.suffix.lower()}")
    except OSError as error:
        raise InputError(Message.of("roads.unreadable", file=path.name)) from error
    return kind, folder / f"jalan{ending}"


def _unpacked(path: Path, folder: Path) -> Path:
    """Take one Shapefile out of a zip under a name of our own, so that no path inside it counts."""
    try:
        with zipfile.ZipFile(path) as packed:
            members = [entry for entry in packed.infolist() if not entry.is_dir()]
            shapes = [entry for entry in members if entry.filename.lower().endswith(".shp")]
            if len(shapes) != 1:
                raise InputError(Message.of("roads.zip_shapes", file=path.name, shapes=len(shapes)))
            stem = shapes[0].filename[:-4].lower()
            for entry in members:
                base, ending = entry.filename[:-4].lower(), entry.filename[-4:].lower()
                if base != stem or ending not in _SHAPE_PARTS:
                    continue
                bomb = entry.file_size > _ZIP_RATIO * max(entry.compress_size, 1) and entry.file_size > MEGABYTE
                if entry.file_size > _ZIP_MOST_MB * MEGABYTE or bomb:
                    raise InputError(Message.of("roads.too_large", file=path.name, limit=_ZIP_MOST_MB))
                (folder / f"jalan{ending}").write_bytes(packed.read(entry))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError) as error:
        raise InputError(Message.of("roads.damaged", file=path.name)) from error
    shape = folder / "jalan.shp"
    if format_of(shape) != "shapefile":
        raise InputError(Message.of("roads.damaged", file=path.name))
    return shape


def _table(path: Path, layer: str | None) -> gpd.GeoDataFrame:
    name = path.name
    with tempfile.TemporaryDirectory(prefix="jangkau-") as temporary:
        folder = Path(temporary)
        kind, file = _laid_out(path, folder)
        together = kind == "kml"
        found = read_line_layers(folder, file.name, name, layer=layer, together=together, most=_MOST_ROWS)
    drawn = ", ".join(map(shown, found.drawn))
    if layer is not None and layer not in found.drawn:
        raise InputError(Message.of("roads.no_layer", file=name, layer=shown(layer), layers=drawn or "-"))
    if found.table is None:
        key = "roads.several_layers" if found.drawn else "roads.no_lines"
        raise InputError(Message.of(key, file=name, layers=drawn))
    if len(found.table) > _MOST_ROWS:
        raise InputError(Message.of("roads.too_many", file=name, limit=_MOST_ROWS))
    if shapely.get_num_coordinates(found.shapes).sum() > _MOST_VERTICES:
        raise InputError(Message.of("roads.too_many", file=name, limit=_MOST_VERTICES))
    return gpd.GeoDataFrame(found.table, geometry=found.shapes, crs=found.crs)


def _in_degrees(table: gpd.GeoDataFrame, name: str) -> tuple[gpd.GeoDataFrame, list[Message]]:
    if table.crs is None:
        raise InputError(Message.of("roads.no_crs", file=name))
    notes = []
    if not table.crs.equals(_DEGREES, ignore_axis_order=True):
        notes.append(Message.of("roads.transformed", crs=str(table.crs.name)))
        table = table.to_crs(_DEGREES)
    bounds = shapely.total_bounds(table.geometry.to_numpy())
    if np.isnan(bounds).all():
        raise InputError(Message.of("roads.no_lines", file=name))
    (west, east), (south, north) = _LON, _LAT
    inside = west <= bounds[0] and bounds[2] <= east and south <= bounds[1] and bounds[3] <= north
    if not inside:
        spot = f"{bounds[0]:.4f}, {bounds[1]:.4f}, {bounds[2]:.4f}, {bounds[3]:.4f}"
        raise InputError(Message.of("roads.abroad", file=name, bounds=spot))
    return table, notes


def _column(table: gpd.GeoDataFrame, asked: str | None, usual: tuple[str, ...], name: str) -> str | None:
    known = {str(column).casefold(): str(column) for column in table.columns if column != table.geometry.name}
    if asked is not None:
        if asked.casefold() not in known:
            raise InputError(
                Message.of("roads.no_column", file=name, column=asked, columns=", ".join(map(shown, known.values())))
            )
        return known[asked.casefold()]
    return next((known[column] for column in usual if column in known), None)


def _texts(table: gpd.GeoDataFrame, column: str | None) -> pd.Series:
    if column is None:
        return pd.Series("", index=table.index, dtype=object)
    return pd.Series(table[column].astype("str").str.strip(), dtype=object)


def _words(table: gpd.GeoDataFrame, columns: Columns, name: str) -> tuple[pd.DataFrame, list[Message]]:
    """Read class, surface, direction and name of each line, and say which words were not understood."""
    notes: list[Message] = []
    own = {word.casefold(): meaning for word, meaning in columns.classes.items()}
    class_column = _column(table, columns.road_class, _CLASS_COLUMNS, name)
    if class_column is None:
        # Codes count only where the planner gave them a meaning: no list of RBI's codes could be verified.
        class_column = _column(table, None, _CODE_COLUMNS, name) if own else None
    written = _texts(table, class_column)
    classes = written.map(lambda word: own.get(word.casefold()) or class_of_word(word))
    if class_column is None:
        labels = [shown(column) for column in table.columns if column != table.geometry.name]
        notes.append(Message.of("roads.no_class_column", columns=", ".join(labels) or "-"))
    elif (unknown := classes == "").any():
        notes.append(_unknown("roads.unknown_classes", class_column, written[unknown]))
    surface_words = _texts(table, _column(table, columns.surface, _SURFACE_COLUMNS, name))
    surfaces = surface_words.map(surface_of_word)
    if (odd := surfaces.isna()).any():
        column = _column(table, columns.surface, _SURFACE_COLUMNS, name)
        notes.append(_unknown("roads.unknown_surfaces", column or "", surface_words[odd]))
    direction = _texts(table, _column(table, columns.one_way, _ONE_WAY_COLUMNS, name)).str.casefold()
    return (
        pd.DataFrame(
            {
                "road_class": classes.replace("", "unclassified"),
                "surface": surfaces.fillna(""),
                "one_way": direction.isin(_FORWARD | _BACKWARD),
                "turned": direction.isin(_BACKWARD),
                "name": _texts(table, _column(table, columns.name, _NAME_COLUMNS, name)),
            }
        ),
        notes,
    )


def _unknown(key: str, column: str, words: pd.Series) -> Message:
    counts = words.map(shown).value_counts()
    said = listed([f'"{word}" ({count})' for word, count in counts.items()], _WORDS_SHOWN)
    return Message.of(key, column=column, rows=len(words), words=said)


def _cut(shapes: npt.NDArray[np.object_], words: pd.DataFrame) -> tuple[Segments, Counter[str]]:
    parts, row = shapely.get_parts(shapes, return_index=True)
    xy, part = shapely.get_coordinates(parts, return_index=True)
    node, place = _places(xy)
    follows = part[1:] == part[:-1]
    tail, head, of_row = node[:-1][follows], node[1:][follows], row[part[:-1][follows]]
    turned = words["turned"].to_numpy(dtype=bool)[of_row]
    tail, head = np.where(turned, head, tail), np.where(turned, tail, head)
    pieces = Segments(
        lon=place[:, 0],
        lat=place[:, 1],
        tail=tail,
        head=head,
        road_class=words["road_class"].to_numpy(dtype=object)[of_row],
        surface=words["surface"].to_numpy(dtype=object)[of_row],
        name=words["name"].to_numpy(dtype=object)[of_row],
        ferry_id=np.full(len(tail), "", dtype=object),
        vehicles=np.full(len(tail), "", dtype=object),
        one_way=words["one_way"].to_numpy(dtype=bool)[of_row],
        ferry_min=np.full(len(tail), np.nan),
        restricted=np.zeros(len(tail), dtype=bool),
    )
    moves = tail != head
    return pieces.only(moves), Counter({"no_length": int((~moves).sum())})


def _places(xy: FloatArray) -> tuple[IntArray, FloatArray]:
    """Give vertices within :data:`SAME_PLACE_DEG` of each other one number, and each number a place."""
    place, at = np.unique(xy, axis=0, return_inverse=True)
    pairs = cKDTree(place).query_pairs(SAME_PLACE_DEG, output_type="ndarray")
    joins = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(place), len(place)))
    group = connected_components(joins, directed=False)[1]
    first = np.unique(group, return_index=True)[1]
    return np.asarray(group[at.ravel()], dtype=np.int64), place[first]
