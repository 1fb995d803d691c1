"""Village polygons in the office's workspace: stored whole or not at all, the latest statement about a village wins."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from coverage.ground import codes
from coverage.places.villages import mask_in_region
from coverage.places.workspace import Workspace

if TYPE_CHECKING:
    import geopandas as gpd

LAYER = "boundaries"
SOURCES = "boundary_sources"
COLUMNS = ("kode", "name", "region", "source", "mended", "source_kode")
SOURCE_COLUMNS = ("region", "tier", "source", "file", "sha256", "villages", "stored_at")
CRS = "EPSG:4326"
OFFICIAL = "resmi"
OWN = "kantor"
_FROM = ["region", "source"]
_HELD = ["name", "source", "tier", "mended", "source_kode"]


@dataclass(frozen=True)
class SourceFile:
    """One file that polygons came from: its name, the sha256 of its bytes, and how many villages it gave."""

    name: str
    sha256: str
    villages: int


def save(
    workspace: Workspace, region: str, areas: pd.DataFrame, *, tier: str, source: str, files: Sequence[SourceFile]
) -> None:
    """Store polygons in one change: of a village that they hold, whatever was held before goes; of others, nothing.

    What is fetched anew also takes the place of all official polygons of the region, so that one that the source no
    longer bears out does not stay.

    Parameters
    ----------
    workspace
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
    import geopandas as gpd  # noqa: PLC0415 - only who has polygons waits for it

    now = dt.datetime.now(tz=dt.UTC).isoformat(timespec="microseconds")
    table = areas.assign(region=region, source=source)
    shapes = gpd.GeoDataFrame(table[list(COLUMNS)], geometry=table["geometry"].to_numpy(), crs=CRS)
    rows = [(region, tier, source, file.name, file.sha256, file.villages, now) for file in files]
    sources = pd.DataFrame(rows, columns=list(SOURCE_COLUMNS))
    going = set(areas["kode"].astype("str"))
    if tier == OFFICIAL:
        before = held(workspace, region)
        going |= set(before.index[before["tier"] == OFFICIAL])
    key: dict[str, str | Sequence[str]] = {"region": region, "source": source}
    if _some_stay(workspace, region, source, going):
        key["sha256"] = [file.sha256 for file in files]
    workspace.put({LAYER: shapes, SOURCES: sources}, replacing=key, replacing_in={LAYER: {"kode": sorted(going)}})


def _some_stay(workspace: Workspace, region: str, source: str, going: set[str]) -> bool:
    """Tell whether polygons that another file of this name gave for the region are still held afterwards."""
    rows = workspace.layer(LAYER, COLUMNS)
    if rows is None:
        return False
    same = rows[(rows["region"] == region) & (rows["source"] == source)]
    return not set(same["kode"].astype("str")) <= going


def replaced(workspace: Workspace, kodes: Iterable[str]) -> pd.DataFrame:
    """List the held polygons that new ones of these villages take the place of.

    Returns
    -------
    DataFrame
        ``kode``, ``name``, ``tier``, ``source``, sorted by kode.

    Raises
    ------
    InputError
        If the workspace is damaged.
    """
    there = held(workspace)
    return pd.DataFrame(there.loc[there.index.isin(list(kodes)), ["name", "tier", "source"]]).reset_index()


def held(workspace: Workspace, region: str = codes.COUNTRY) -> "gpd.GeoDataFrame":
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
    found = held_if_any(workspace, region)
    if found is not None:
        return found
    import geopandas as gpd  # noqa: PLC0415 - only who has polygons waits for it

    nothing = gpd.GeoDataFrame({column: pd.Series(dtype="str") for column in _HELD}, geometry=[], crs=CRS)
    return nothing.set_axis(pd.Index([], name="kode", dtype="str"))


def held_if_any(workspace: Workspace, region: str = codes.COUNTRY) -> "gpd.GeoDataFrame | None":
    """Give the polygons as :func:`held`; None where the workspace holds none, of whatever region."""
    shapes = workspace.shapes(LAYER, COLUMNS)
    if shapes is not None:
        _check(LAYER, shapes, workspace.path.name)
    sources = sources_held(workspace)
    if shapes is None or shapes.empty:
        return None
    shapes = shapes[mask_in_region(pd.Index(shapes["kode"]), region)]
    # One region may have polygons of several sources, and one source several files: the last of them counts.
    stored = sources.sort_values("stored_at").drop_duplicates(_FROM, keep="last").set_index(_FROM)
    of = pd.MultiIndex.from_frame(shapes[_FROM])
    shapes = shapes.assign(
        tier=stored["tier"].reindex(of).fillna(OWN).to_numpy(),
        stored_at=stored["stored_at"].reindex(of).fillna("").to_numpy(),
    )
    latest = shapes.sort_values("stored_at", kind="stable").drop_duplicates("kode", keep="last")
    return latest.set_index("kode").sort_index()[[*_HELD, "geometry"]]


def _check(layer: str, held: pd.DataFrame, place: str) -> None:
    # What checks cells is loaded where there are cells of an office.
    from coverage.places.workspace.checks import check_rows  # noqa: PLC0415 - see above
    from coverage.places.workspace.layer_rules import LayerRules, one_of, village_code  # noqa: PLC0415 - see above

    rule = village_code("kode") if layer == LAYER else one_of("tier", (OFFICIAL, OWN))
    check_rows(layer, held, place, LayerRules((rule,)))


def _check_sources(held: pd.DataFrame, place: str) -> None:
    _check(SOURCES, held, place)


def sources_held(workspace: Workspace) -> pd.DataFrame:
    """List the files that the held polygons came from; columns :data:`SOURCE_COLUMNS`.

    A file none of whose polygons is left is not listed.

    Raises
    ------
    InputError
        If the workspace is damaged.
    """
    found = workspace.layer(SOURCES, SOURCE_COLUMNS, _check_sources)
    if found is None:
        return pd.DataFrame(columns=list(SOURCE_COLUMNS), dtype="str")
    rows = workspace.layer(LAYER, COLUMNS)
    given = set() if rows is None else set(rows[_FROM].itertuples(index=False, name=None))
    stays = [key in given for key in found[_FROM].itertuples(index=False, name=None)]
    return found[stays].reset_index(drop=True)
