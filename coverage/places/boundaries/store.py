"""Village polygons in the office's workspace: stored whole or not at all, the latest statement about a village wins."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from coverage.ground import codes
from coverage.places.villages import mask_in_region
from coverage.places.workspace import Workspace

LAYER = "boundaries"
SOURCES = "boundary_sources"
COLUMNS = ("kode", "name", "region", "source", "mended", "source_kode")
SOURCE_COLUMNS = ("region", "tier", "source", "file", "sha256", "villages", "stored_at")
CRS = "EPSG:4326"
OFFICIAL = "resmi"
OWN = "kantor"


@dataclass(frozen=True)
class SourceFile:
    """One file that polygons came from: its name, the sha256 of its bytes, and how many villages it gave."""

    name: str
    sha256: str
    villages: int


def save(
    door: Workspace, region: str, areas: pd.DataFrame, *, tier: str, source: str, files: Sequence[SourceFile]
) -> None:
    """Store the polygons of a region in place of those stored for it before, in one change.

    Parameters
    ----------
    door
        The office's workspace.
    region
        Kode that was asked for.
    areas
        ``kode``, ``name``, ``mended`` (share of the area changed by mending), ``source_kode`` (the code that the source
        gives) and ``geometry`` (multipolygons, EPSG:4326).
    tier
        :data:`OFFICIAL` or :data:`OWN`.
    source
        Named beside each polygon.
    files
        What they were read from.

    Raises
    ------
    InputError
        If the workspace cannot be written; it stays as it was.
    """
    now = dt.datetime.now(tz=dt.UTC).isoformat(timespec="microseconds")
    table = areas.assign(region=region, source=source)
    shapes = gpd.GeoDataFrame(table[list(COLUMNS)], geometry=table["geometry"].to_numpy(), crs=CRS)
    rows = [(region, tier, source, file.name, file.sha256, file.villages, now) for file in files]
    sources = pd.DataFrame(rows, columns=list(SOURCE_COLUMNS))
    door.put({LAYER: shapes, SOURCES: sources}, replacing={"region": region})


def held(door: Workspace, region: str = codes.COUNTRY) -> gpd.GeoDataFrame:
    """Give the polygons held for a region.

    Returns
    -------
    GeoDataFrame
        Index ``kode`` (sorted, each once: the latest stored); ``name``, ``source``, ``tier``, ``mended``,
        ``source_kode``; multipolygons, EPSG:4326. Empty where the workspace holds none.

    Raises
    ------
    InputError
        If the workspace is damaged.
    """
    columns = ["name", "source", "tier", "mended", "source_kode"]
    shapes = door.shapes(LAYER, COLUMNS)
    sources = sources_held(door)
    if shapes is None or shapes.empty:
        nothing = gpd.GeoDataFrame({column: pd.Series(dtype="str") for column in columns}, geometry=[], crs=CRS)
        return nothing.set_axis(pd.Index([], name="kode", dtype="str"))
    shapes = shapes[mask_in_region(pd.Index(shapes["kode"]), region)]
    stored = sources.drop_duplicates("region").set_index("region")
    shapes = shapes.assign(
        tier=stored["tier"].reindex(shapes["region"]).fillna(OWN).to_numpy(),
        stored_at=stored["stored_at"].reindex(shapes["region"]).fillna("").to_numpy(),
    )
    latest = shapes.sort_values("stored_at", kind="stable").drop_duplicates("kode", keep="last")
    return latest.set_index("kode").sort_index()[[*columns, "geometry"]]


def sources_held(door: Workspace) -> pd.DataFrame:
    """List the files that the held polygons came from; columns :data:`SOURCE_COLUMNS`.

    Raises
    ------
    InputError
        If the workspace is damaged.
    """
    found = door.layer(SOURCES, SOURCE_COLUMNS)
    return pd.DataFrame(columns=list(SOURCE_COLUMNS), dtype="str") if found is None else found
