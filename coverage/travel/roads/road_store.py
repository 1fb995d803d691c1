"""Roads kept in the workspace: one row an edge in ``roads``, one row a region in ``road_sources``."""

import dataclasses
import datetime as dt
import json
from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.workspace import Workspace
from coverage.travel.roads.road_network import CARRIES, CLASSES, SURFACES, Roads, RoadSource

if TYPE_CHECKING:
    import geopandas as gpd

EDGES = "roads"
SOURCES = "road_sources"

_TEXTS = ("road_class", "surface", "name", "ferry_id")
_LATER_TEXTS = ("vehicles",)
"""Columns that workspaces of an earlier program lack; there they say nothing."""

_EDGE_COLUMNS = ("region", "tail", "head", "km", "road_class", "surface", "both_ways", "name", "ferry_id", "ferry_min")
_SOURCE_COLUMNS = tuple(entry.name for entry in dataclasses.fields(RoadSource))


def save_roads(workspace: Workspace, roads: Roads) -> None:
    """Store roads in place of those stored for the same region before.

    Every node must be the end of an edge: nodes are stored as the ends of lines.

    Raises
    ------
    InputError
        If the workspace cannot be written or is damaged; what it held before stays.
    """
    import geopandas as gpd  # noqa: PLC0415 - only who has real roads waits for it

    edges = gpd.GeoDataFrame(
        {
            "region": roads.source.region,
            "tail": roads.tail,
            "head": roads.head,
            "km": roads.km,
            "road_class": roads.road_class,
            "surface": roads.surface,
            "both_ways": roads.both_ways,
            "name": roads.name,
            "ferry_id": roads.ferry_id,
            "ferry_min": roads.ferry_min,
            "vehicles": roads.vehicles,
        },
        geometry=roads.line,
        crs="EPSG:4326",
    )
    source = roads.source
    row = {
        "region": source.region,
        "kind": source.kind,
        "name": source.name,
        "date": "" if source.date is None else source.date.isoformat(),
        "imported": source.imported.isoformat(),
        "snap_m": float(source.snap_m),
        "joined_ends": int(source.joined_ends),
        "dropped": json.dumps(dict(source.dropped), sort_keys=True),
    }
    workspace.put({EDGES: edges, SOURCES: pd.DataFrame([row])}, replacing={"region": source.region})


def stored_roads(workspace: Workspace) -> tuple[Roads, ...]:
    """Read the roads of every region the workspace holds, in the order of their codes.

    Raises
    ------
    InputError
        If the workspace is damaged, or another program left rows that are no roads.
    """
    sources = workspace.layer(SOURCES, _SOURCE_COLUMNS)
    edges = workspace.shapes(EDGES, _EDGE_COLUMNS)
    if sources is None or edges is None or sources.empty:
        return ()
    of_region = dict(iter(edges.groupby("region", sort=False)))
    rows = sources.sort_values("region", kind="stable").to_dict("records")
    return tuple(
        _roads(workspace, of_region[row["region"]], _source(workspace, row))
        for row in rows
        if row["region"] in of_region
    )


def ferry_names(workspace: Workspace) -> dict[str, str]:
    """Name the ferry ways of all stored roads by their ids; the id itself where one has no name.

    Raises
    ------
    InputError
        If the workspace is damaged.
    """
    edges = workspace.layer(EDGES, _EDGE_COLUMNS)
    if edges is None:
        return {}
    boats = edges[edges["ferry_id"].fillna("") != ""].drop_duplicates("ferry_id").sort_values("ferry_id")
    return dict(
        zip(boats["ferry_id"], boats["name"].where(boats["name"].fillna("") != "", boats["ferry_id"]), strict=True)
    )


def remove_roads(workspace: Workspace, region: str) -> bool:
    """Remove the roads of a region; tells whether there were any.

    Raises
    ------
    InputError
        If the workspace cannot be written or is damaged.
    """
    held = workspace.layer(SOURCES, _SOURCE_COLUMNS)
    if held is None or not (held["region"] == region).any():
        return False
    import geopandas as gpd  # noqa: PLC0415 - only who has real roads waits for it

    none = gpd.GeoDataFrame({"region": []}, geometry=[], crs="EPSG:4326")
    workspace.put({EDGES: none, SOURCES: pd.DataFrame({"region": []})}, replacing={"region": region})
    return True


def _source(workspace: Workspace, row: Mapping[Hashable, object]) -> RoadSource:
    try:
        date = str(row["date"] or "")
        return RoadSource(
            region=str(row["region"]),
            kind=str(row["kind"]),
            name=str(row["name"]),
            date=dt.date.fromisoformat(date) if date else None,
            imported=dt.date.fromisoformat(str(row["imported"])),
            snap_m=float(str(row["snap_m"])),
            joined_ends=int(float(str(row["joined_ends"]))),
            dropped={str(reason): int(count) for reason, count in json.loads(str(row["dropped"])).items()},
        )
    except (ValueError, AttributeError, TypeError) as error:
        raise _damaged(workspace, str(row["region"])) from error


def _roads(workspace: Workspace, edges: "gpd.GeoDataFrame", source: RoadSource) -> Roads:
    import shapely  # noqa: PLC0415 - only who has real roads waits for it

    texts = {column: edges[column].fillna("").to_numpy(dtype=object) for column in _TEXTS}
    for column in _LATER_TEXTS:
        held = edges[column].fillna("") if column in edges else pd.Series("", index=edges.index)
        texts[column] = held.to_numpy(dtype=object)
    line = edges.geometry.to_numpy()
    whole = (
        edges[["tail", "head", "km", "both_ways"]].notna().to_numpy().all()
        and (shapely.get_type_id(line) == shapely.GeometryType.LINESTRING).all()
        and not shapely.is_empty(line).any()
        and np.isin(texts["road_class"].astype(str), CLASSES).all()
        and np.isin(texts["surface"].astype(str), SURFACES).all()
        and np.isin(texts["vehicles"].astype(str), CARRIES).all()
    )
    if not whole:
        raise _damaged(workspace, source.region)
    # Numbered anew, so that edges deleted in another program leave no node without a place.
    numbers, at = np.unique(np.concatenate([edges["tail"], edges["head"]]).astype(np.int64), return_inverse=True)
    ends = np.concatenate(
        [shapely.get_coordinates(shapely.get_point(line, 0)), shapely.get_coordinates(shapely.get_point(line, -1))]
    )
    place = np.empty((len(numbers), 2))
    place[at] = ends
    return Roads(
        lon=place[:, 0],
        lat=place[:, 1],
        tail=at[: len(edges)],
        head=at[len(edges) :],
        km=edges["km"].to_numpy(dtype=float),
        both_ways=edges["both_ways"].to_numpy(dtype=bool),
        line=np.asarray(line, dtype=object),
        ferry_min=edges["ferry_min"].to_numpy(dtype=float),
        source=source,
        **texts,
    )


def _damaged(workspace: Workspace, region: str) -> InputError:
    return InputError(Message.of("roads.stored_damaged", path=workspace.path.name, region=region))
