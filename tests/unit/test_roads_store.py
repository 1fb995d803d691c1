"""Roads come back from the workspace as they went in, one region beside another."""

import dataclasses
import datetime as dt

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

from coverage.ground.errors import InputError
from coverage.places.workspace import Workspace
from coverage.travel.roads.road_network import Roads, RoadSource
from coverage.travel.roads.road_store import remove_roads, save_roads, stored_roads


def source(region="74.71", **changed):
    first = RoadSource(
        region=region,
        kind="vector",
        name="jalan kami.gpkg",
        date=dt.date(2024, 6, 25),
        imported=dt.date(2026, 1, 2),
        snap_m=5.0,
        joined_ends=3,
        dropped={"footways": 7, "self_loops": 1},
    )
    return dataclasses.replace(first, **changed)


def roads(origin):
    """Build two roads and a ferry: 0 - 1 both ways, 1 -> 2 one way, 2 ~ 0 by sea."""
    lon, lat = np.array([122.5, 122.6, 122.61234567890123]), np.array([-4.0, -4.0, -4.1])
    tail, head = np.array([0, 1, 2]), np.array([1, 2, 0])
    line = np.array(
        [
            shapely.LineString([(lon[t], lat[t]), (122.55, -4.05), (lon[h], lat[h])])
            for t, h in zip(tail, head, strict=True)
        ],
        dtype=object,
    )
    return Roads(
        lon=lon,
        lat=lat,
        tail=tail,
        head=head,
        km=np.array([1.25, 2.5, 1 / 3]),
        road_class=np.array(["primary", "track", "ferry"], dtype=object),
        surface=np.array(["paved", "unpaved", ""], dtype=object),
        both_ways=np.array([True, False, True]),
        line=line,
        name=np.array(['Jl. R. A. Kartini "Utama"', "", "Lintas; Selat"], dtype=object),
        ferry_id=np.array(["", "", "osm-12"], dtype=object),
        ferry_min=np.array([np.nan, np.nan, 42.5]),
        vehicles=np.array(["", "", "no"], dtype=object),
        source=origin,
    )


@pytest.fixture
def door(tmp_path):
    return Workspace.open(tmp_path / "kantor.gpkg")


def same(one, other):
    assert one.source == other.source
    for entry in dataclasses.fields(Roads):
        if entry.name != "source":
            np.testing.assert_array_equal(getattr(one, entry.name), getattr(other, entry.name), err_msg=entry.name)


def test_a_workspace_without_roads_holds_none(door):
    assert stored_roads(door) == ()
    assert not door.path.exists()


@pytest.mark.parametrize("changed", [{}, {"date": None, "dropped": {}, "snap_m": 0.0, "joined_ends": 0}])
def test_roads_come_back_as_they_were(door, changed):
    before = roads(source(**changed))
    save_roads(door, before)
    (after,) = stored_roads(Workspace.open(door.path))
    same(after, before)
    assert after.tail.dtype == np.int64
    assert after.both_ways.dtype == np.bool_


def test_roads_of_a_region_replace_those_of_the_same_region_only(door):
    for name in ("a.gpkg", "b.gpkg"):
        for region in ("74.71", "74.04"):
            save_roads(door, roads(source(region, name=name)))
    held = stored_roads(door)
    assert [(one.source.region, one.source.name) for one in held] == [("74.04", "b.gpkg"), ("74.71", "b.gpkg")]
    for one in held:
        same(one, roads(source(one.source.region, name="b.gpkg")))


def test_removed_roads_are_gone_and_others_stay(door):
    save_roads(door, roads(source("74.71")))
    save_roads(door, roads(source("74.04")))
    assert remove_roads(door, "74.71")
    assert not remove_roads(door, "74.71")
    assert [one.source.region for one in stored_roads(door)] == ["74.04"]
    assert remove_roads(door, "74.04")
    assert stored_roads(door) == ()
    save_roads(door, roads(source()))
    same(stored_roads(door)[0], roads(source()))


def test_an_edge_deleted_in_another_program_leaves_no_node_behind(door):
    save_roads(door, roads(source()))
    table = gpd.read_file(door.path, layer="roads")
    table[["tail", "head"]] += 40
    pyogrio.write_dataframe(table, door.path, layer="roads", driver="GPKG")
    same(stored_roads(door)[0], roads(source()))
    pyogrio.write_dataframe(table[:1], door.path, layer="roads", driver="GPKG")
    (after,) = stored_roads(door)
    assert (after.lon.tolist(), after.tail.tolist(), after.head.tolist()) == ([122.5, 122.6], [0], [1])


@pytest.mark.parametrize(
    ("layer", "column", "value"),
    [
        ("roads", "road_class", "jalan"),
        ("roads", "surface", "aspal"),
        ("roads", "km", None),
        ("roads", "geometry", shapely.Point(122, -4)),
        ("road_sources", "imported", "kemarin"),
        ("road_sources", "dropped", "[1]"),
    ],
)
def test_roads_that_another_program_broke_are_told(door, layer, column, value):
    save_roads(door, roads(source()))
    table = pyogrio.read_dataframe(door.path, layer=layer)
    table[column] = value
    pyogrio.write_dataframe(table, door.path, layer=layer, driver="GPKG")
    with pytest.raises(InputError, match=r"74\.71.*Impor lagi"):
        stored_roads(door)
