"""Vector files of unknown origin: first bytes checked, archives unpacked with limits, GDAL in a process of its own.

GDAL guesses a format by content, and some formats make it read other files or ask servers: an upload called .geojson
that holds VRT does. So a file reaches GDAL only when its first bytes are those of a known format, under a name of our
own, in a process whose GDAL has these formats alone, no network, and limited time and memory. What comes back is
text and WKB.
"""

import io
import json
import os
import re
import tempfile
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyogrio
import shapely

from coverage.ground import bounded, vector_child
from coverage.ground.errors import InputError
from coverage.ground.texts import Message, listed

MAX_BYTES = 200 * 1024 * 1024
MAX_UNPACKED_BYTES = 400 * 1024 * 1024
MAX_RATIO = 100
MAX_ENTRIES = 500
MAX_FEATURES = 100_000
SECONDS = 120
_MEMORY_BYTES = 4 * 1024**3
_PIECE = 1 << 20
_HEAD = 4096
_SHAPE_PARTS = ("shp", "shx", "dbf", "prj", "cpg")
_ENDINGS = {"gpkg": "gpkg", "geojson": "geojson", "json": "geojson", "kml": "kml", "fgb": "fgb"}
_GEOPACKAGE_IDS = (b"GPKG", b"GP10", b"GP11")
_MESSAGE_CHARS = 160
_NAMED = 5


@dataclass(frozen=True)
class VectorFile:
    """What a vector file holds.

    Attributes
    ----------
    kind
        ``gpkg``, ``geojson``, ``kml``, ``fgb`` or ``shp``.
    read, layers
        The layers read, as one, and all there are.
    fields
        All columns of the layer.
    crs
        As the file states it (an authority's code or WKT); None where it does not.
    table
        The wanted columns that are there, as text, under the names of the file; missing cells are "".
    shapes
        Geometries in the file's CRS, None where missing.
    """

    kind: str
    read: tuple[str, ...]
    layers: tuple[str, ...]
    fields: tuple[str, ...]
    crs: str | None
    table: pd.DataFrame
    shapes: np.ndarray


def read_vector(source: Path | bytes, name: str, wanted: Sequence[str], *, layer: str = "") -> VectorFile:
    """Read the features of a vector file.

    Parameters
    ----------
    source
        Path or content: .gpkg, .geojson, .kml, .fgb, or .zip (.kmz) with one of these or one .shp with its parts; a
        .shp given as path brings the parts beside it along.
    name
        What to call the file in messages; never used as a path.
    wanted
        Column names to bring along, compared without case.
    layer
        The layer to read; "" for that with most of the wanted columns, areas first, and all like it.

    Raises
    ------
    InputError
        If it is none of these, too large, hostile, has no such layer, or cannot be read.
    """
    files = _beside(source, name) if isinstance(source, Path) else _opened(source, name)
    kind = next(ending for ending in (*_ENDINGS.values(), "shp") if ending in files)
    with tempfile.TemporaryDirectory(prefix="jangkau-") as temporary:
        folder = Path(temporary)
        for ending, content in files.items():
            (folder / f"layer.{ending}").write_bytes(content)
        # A Shapefile has one layer, which bears the name that we gave it.
        request = ChildRequest(f"layer.{kind}", wanted, layer="" if kind == "shp" else layer)
        answer = read_in_child(folder, request, name)
        if not answer["read"]:
            there = ", ".join(answer["layers"])
            raise InputError(Message.of("vectors.no_layer", file=name, layer=layer, layers=there))
        if answer["systems"] > 1:
            raise InputError(Message.of("vectors.layers_differ", file=name, layers=", ".join(answer["chosen"])))
        text, shapes = features_in(folder)
    if int(answer["rows"]) > MAX_FEATURES:
        raise InputError(Message.of("vectors.too_many", file=name, limit=MAX_FEATURES))
    return VectorFile(
        kind=kind,
        read=tuple(answer["chosen"]),
        layers=tuple(answer["layers"]),
        fields=tuple(answer["fields"]),
        crs=answer["crs"],
        table=text,
        shapes=shapes,
    )


def features_in(folder: Path) -> tuple[pd.DataFrame, np.ndarray]:
    """Take what the child left in `folder`: columns as text, missing cells "", and shapes."""
    with pa.OSFile(str(folder / vector_child.FEATURES), "rb") as held:
        table = pa.ipc.open_file(held).read_all()
    shapes = _shapes(table.column(vector_child.GEOMETRY).to_pylist())
    return table.drop_columns([vector_child.GEOMETRY]).to_pandas().fillna("").astype("str"), shapes


def _shapes(wkb: list[bytes | None]) -> np.ndarray:
    """Turn WKB into shapes, rings closed; what has no shape because of its coordinates becomes an infinite point."""
    shapes = np.empty(len(wkb), dtype=object)
    with np.errstate(invalid="ignore"):
        try:
            shapes[:] = shapely.from_wkb(wkb, on_invalid="fix")
        except shapely.errors.GEOSException:
            pass
        else:
            return shapes
        for row, content in enumerate(wkb):
            try:
                shapes[row] = shapely.from_wkb(content, on_invalid="fix")
            except shapely.errors.GEOSException:
                shapes[row] = shapely.Point(np.inf, np.inf)
    return shapes


@dataclass(frozen=True)
class ChildRequest:
    """What the child is asked to read.

    Attributes
    ----------
    file
        In the folder that the child is given.
    wanted
        Columns to bring along; None for all.
    most
        Features at most.
    layer
        The layer to read, "" where the child chooses.
    lines
        Ask for layers of lines instead, as :func:`coverage.ground.vector_lines.read_line_layers`.
    """

    file: str
    wanted: Sequence[str] | None
    most: int = MAX_FEATURES
    layer: str = ""
    lines: Mapping[str, object] | None = None

    def json(self) -> str:
        """Write it as the child reads it."""
        wanted = None if self.wanted is None else [column.casefold() for column in self.wanted]
        return json.dumps(vars(self) | {"wanted": wanted})


def read_in_child(folder: Path, request: ChildRequest, name: str, *, seconds: int | None = None) -> dict[str, Any]:
    """Let a process of its own read a file in `folder`, and give its answer.

    Parameters
    ----------
    name
        What to call the file in messages.
    seconds
        Time at most.

    Raises
    ------
    InputError
        If it takes too long, fails, or finds nothing.
    """
    (folder / vector_child.REQUEST).write_text(request.json(), encoding="utf-8")
    patience = SECONDS if seconds is None else seconds
    bound = bounded.Bound(patience, _MEMORY_BYTES)
    try:
        bounded.run(Path(vector_child.__file__), [str(folder)], bound, environment=_environment(), folder=folder)
        answer = json.loads((folder / vector_child.ANSWER).read_text(encoding="utf-8"))
    except bounded.StoppedError as error:
        if error.why == "slow":
            raise InputError(Message.of("vectors.too_slow", file=name, seconds=patience)) from error
        if error.why == "memory":
            limit = _MEMORY_BYTES // bounded.MEGABYTE
            raise InputError(Message.of("vectors.too_heavy", file=name, limit=limit)) from error
        raise InputError(Message.of("vectors.unreadable", file=name, detail="")) from error
    except (OSError, ValueError) as error:
        raise InputError(Message.of("vectors.unreadable", file=name, detail="")) from error
    if "error" in answer:
        detail = " ".join(str(answer["error"]).split())[:_MESSAGE_CHARS]
        raise InputError(Message.of("vectors.unreadable", file=name, detail=detail))
    return dict(answer)


@cache
def _drivers_to_skip() -> str:
    return ",".join(sorted(set(pyogrio.list_drivers()) - set(vector_child.ALLOWED_DRIVERS)))


def _environment() -> dict[str, str]:
    """Give the child the user's environment without anything that steers GDAL, and with what holds it back."""
    kept = {
        key: value
        for key, value in os.environ.items()
        if not key.upper().startswith(("GDAL_", "OGR_", "CPL_", "VSI", "AWS_", "GS_", "AZURE_", "PYTHON"))
        or key.upper() == "GDAL_DATA"
    }
    nowhere = "http://127.0.0.1:9"
    return kept | {
        "GDAL_SKIP": _drivers_to_skip(),
        "OGR_SKIP": _drivers_to_skip(),
        "GDAL_DRIVER_PATH": "disable",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
        "GDAL_DISABLE_READDIR_ON_OPEN": "EMPTY_DIR",
        "GDAL_HTTP_PROXY": nowhere,
        "HTTP_PROXY": nowhere,
        "HTTPS_PROXY": nowhere,
        "NO_PROXY": "",
        "PROJ_NETWORK": "OFF",
        "OGR_GEOJSON_MAX_OBJ_SIZE": "200",
    }


def kind_of(content: bytes) -> str:
    """Tell a format by the first bytes: gpkg, geojson, kml, fgb, shp, zip; "" for everything else.

    Examples
    --------
    >>> kind_of(b'{"type": "FeatureCollection"}'), kind_of(b"<OGRVRTDataSource/>")
    ('geojson', '')
    """
    if content.startswith(b"PK\x03\x04"):
        return "zip"
    if content.startswith(b"SQLite format 3\0") and content[68:72] in _GEOPACKAGE_IDS:
        return "gpkg"
    if content.startswith(b"fgb\x03fgb"):
        return "fgb"
    if content.startswith(b"\x00\x00\x27\x0a"):
        return "shp"
    head = content[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    if head.startswith(b"{"):
        return "geojson"
    # A document type may name files and servers of its own, and grow without end.
    markup = re.search(rb"<!(DOCTYPE|ENTITY)|<OGRVRT", content, re.IGNORECASE) is None
    return "kml" if head.startswith(b"<") and re.search(rb"<(\w+:)?kml\b", head) and markup else ""


def _beside(path: Path, name: str) -> dict[str, bytes]:
    try:
        content = _limited(path, name)
        if kind_of(content) != "shp":
            return _opened(content, name)
        parts = {one.suffix.lower()[1:]: one for one in path.parent.iterdir() if one.stem == path.stem}
        return {ending: _limited(parts[ending], name) for ending in _SHAPE_PARTS if ending in parts}
    except OSError as error:
        raise InputError(Message.of("vectors.no_file", file=name)) from error


def _limited(path: Path, name: str) -> bytes:
    if path.stat().st_size > MAX_BYTES:
        raise InputError(Message.of("vectors.too_large", file=name, limit=MAX_BYTES // 1024 // 1024))
    return path.read_bytes()


def _opened(content: bytes, name: str) -> dict[str, bytes]:
    if len(content) > MAX_BYTES:
        raise InputError(Message.of("vectors.too_large", file=name, limit=MAX_BYTES // 1024 // 1024))
    kind = kind_of(content)
    if kind == "zip":
        return _unpacked(content, name)
    if kind == "shp":
        raise InputError(Message.of("vectors.shape_alone", file=name))
    if not kind:
        raise InputError(Message.of("vectors.unknown", file=name))
    return {kind: content}


def _unpacked(content: bytes, name: str) -> dict[str, bytes]:
    """Unpack the one map of an archive: nothing is written under a name that the archive gives."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = _checked(archive, name)
            shapes = [entry for entry in entries if _ending(entry) == "shp"]
            others = [entry for entry in entries if _ending(entry) in _ENDINGS]
            maps = shapes or others
            if len(maps) != 1:
                key = "vectors.zip_several" if maps else "vectors.zip_none"
                names = listed([PurePosixPath(entry.filename).name for entry in maps], _NAMED)
                raise InputError(Message.of(key, file=name, names=names))
            if not shapes:
                inner = _member(archive, maps[0], name)
                kind = kind_of(inner)
                if kind not in _ENDINGS.values():
                    raise InputError(Message.of("vectors.unknown", file=name))
                return {kind: inner}
            stem = _stem(maps[0])
            parts = {_ending(entry): entry for entry in entries if _stem(entry) == stem}
            files = {ending: _member(archive, parts[ending], name) for ending in _SHAPE_PARTS if ending in parts}
    except (zipfile.BadZipFile, NotImplementedError, zlib.error, EOFError, RuntimeError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(Message.of("vectors.zip_broken", file=name)) from error
    if kind_of(files["shp"]) != "shp" or "dbf" not in files:
        raise InputError(Message.of("vectors.shape_alone", file=name))
    return files


def _checked(archive: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise InputError(Message.of("vectors.zip_bomb", file=name))
    for entry in entries:
        parts = PurePosixPath(entry.orig_filename.replace("\\", "/")).parts
        if ".." in parts or (parts and (parts[0] == "/" or ":" in parts[0])):
            raise InputError(Message.of("vectors.zip_path", file=name))
    size, packed = sum(entry.file_size for entry in entries), sum(entry.compress_size for entry in entries)
    if size > MAX_UNPACKED_BYTES or size > MAX_RATIO * max(packed, 1):
        raise InputError(Message.of("vectors.zip_bomb", file=name))
    return [entry for entry in entries if not entry.is_dir() and "__MACOSX" not in entry.filename]


def _member(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> bytes:
    """Unpack piece by piece: the size that an archive declares may be a lie."""
    most = min(MAX_UNPACKED_BYTES, MAX_RATIO * max(entry.compress_size, 1))
    pieces, size = [], 0
    with archive.open(entry) as held:
        while piece := held.read(_PIECE):
            size += len(piece)
            if size > most:
                raise InputError(Message.of("vectors.zip_bomb", file=name))
            pieces.append(piece)
    return b"".join(pieces)


def _ending(entry: zipfile.ZipInfo) -> str:
    return PurePosixPath(entry.filename).suffix.lower()[1:]


def _stem(entry: zipfile.ZipInfo) -> str:
    return str(PurePosixPath(entry.filename).with_suffix("")).casefold()
