"""The program that opens a vector file of unknown origin, in a process of its own.

Started by :mod:`coverage.ground.vector_files` in a bounded process (:mod:`coverage.ground.bounded`), with GDAL told
before it starts which drivers it may have. It reads ``request.json`` beside the file and leaves ``answer.json`` and,
where there are features, ``features.arrow``: text columns and WKB, nothing that could run.
"""

import contextlib
import json
import sys
from pathlib import Path
from typing import Any

ALLOWED_DRIVERS = ("GPKG", "GeoJSON", "ESRI Shapefile", "KML", "LIBKML", "FlatGeobuf")
REQUEST, ANSWER, FEATURES = "request.json", "answer.json", "features.arrow"
GEOMETRY = "_wkb"
_POLYGONS_FIRST = ("Polygon", "MultiPolygon", "Unknown", "GeometryCollection")


def main(folder: Path) -> None:
    """Answer the request that lies in `folder`."""
    request = json.loads((folder / REQUEST).read_text(encoding="utf-8"))
    try:
        answer = _read(folder, request)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a hostile file brings about is an answer, too
        answer = {"error": f"{type(error).__name__}: {error}"[:500]}
    (folder / ANSWER).write_text(json.dumps(answer), encoding="utf-8")


def _read(folder: Path, request: dict[str, Any]) -> dict[str, Any]:
    import pyogrio  # noqa: PLC0415 - only where it is needed

    beyond = sorted(set(pyogrio.list_drivers()) - set(ALLOWED_DRIVERS))
    if beyond:
        return {"error": f"drivers not allowed are present: {', '.join(beyond)}"}
    path = folder / str(request["file"])
    layers = [(str(name), str(kind or "")) for name, kind in pyogrio.list_layers(path)]
    if request["lines"]:
        return _lines(folder, path, layers, request)
    wanted = {str(name) for name in request["wanted"]}
    asked = request["layer"]
    best, fields, chosen = None, [], []
    for name, kind in layers:
        if not kind or (asked and name != asked):
            continue
        has = [str(field) for field in pyogrio.read_info(path, layer=name)["fields"]]
        rank = (sum(field.casefold() in wanted for field in has), kind.removesuffix(" Z") in _POLYGONS_FIRST)
        kept = sorted(field.casefold() for field in has if field.casefold() in wanted)
        if best is None or rank > best[0]:
            best, fields, chosen = (rank, kept), has, [name]
        elif (rank, kept) == best:
            # Folders of a KML, or a layer a kecamatan: one map in several pieces.
            chosen.append(name)
    if best is None:
        return {"layers": [name for name, _ in layers], "read": False} if asked else {"error": "no layer with geometry"}
    kept = [field for field in fields if field.casefold() in wanted]
    found = _features(folder, path, chosen, kept, int(request["most"]))
    return found | {"chosen": chosen, "fields": fields, "layers": [name for name, _ in layers], "read": True}


def _lines(folder: Path, path: Path, layers: list[tuple[str, str]], request: dict[str, Any]) -> dict[str, Any]:
    drawn = [name for name, kind in layers if kind and "Point" not in kind and "Polygon" not in kind]
    asked = request["lines"]["layer"]
    chosen = drawn if asked is None else [name for name in drawn if name == asked]
    if not chosen or (len(chosen) > 1 and not request["lines"]["together"]):
        return {"drawn": drawn, "read": False}
    return _features(folder, path, chosen, None, int(request["most"])) | {"drawn": drawn, "read": True}


def _features(folder: Path, path: Path, layers: list[str], kept: list[str] | None, most: int) -> dict[str, Any]:
    """Leave the features of one or several layers beside the file, with the columns `kept`, None for all."""
    import pyarrow as pa  # noqa: PLC0415 - only where it is needed
    import pyogrio  # noqa: PLC0415

    parts: list[Any] = []
    systems = []
    for layer in layers:
        meta, table = pyogrio.read_arrow(path, layer=layer, columns=kept, max_features=most + 1)
        geometry = meta["geometry_name"] or "wkb_geometry"
        columns = {GEOMETRY: table.column(geometry).cast(pa.large_binary())}
        for field in table.column_names if kept is None else kept:
            if field != geometry:
                columns[field] = _text(table.column(field))
        parts.append(pa.table(columns))
        systems.append(meta["crs"])
    content = pa.concat_tables(parts, promote_options="default")
    with pa.OSFile(str(folder / FEATURES), "wb") as sink, pa.ipc.new_file(sink, content.schema) as writer:
        writer.write_table(content)
    return {"crs": next(filter(None, systems), None), "systems": len(set(systems)), "rows": content.num_rows}


def _text(column: Any) -> Any:
    """Write a column as text; whole numbers without a decimal point, for they may be codes."""
    import pyarrow as pa  # noqa: PLC0415 - only where it is needed

    if pa.types.is_floating(column.type):
        with contextlib.suppress(pa.ArrowInvalid):
            column = column.cast(pa.int64())
    try:
        return column.cast(pa.large_string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return pa.nulls(len(column), pa.large_string())


if __name__ == "__main__":
    # None: not to be had. pyogrio loads all that it could hand features to, which takes longer than most files.
    sys.modules.update(dict.fromkeys(("geopandas", "pandas", "shapely")))  # type: ignore[arg-type]
    main(Path(sys.argv[1]))
