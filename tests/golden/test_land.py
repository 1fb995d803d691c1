"""The shipped land and network against what an atlas says."""

import geopandas as gpd
import networkx as nx
import pandas as pd
import pytest
import shapely

from coverage.ground.registry import data_file
from coverage.places.villages import load_villages


@pytest.fixture(scope="module")
def land():
    return gpd.read_parquet(data_file("land"))


@pytest.fixture(scope="module")
def edges():
    return pd.read_parquet(data_file("proximity"))


@pytest.mark.parametrize(
    ("city", "lon", "lat"),
    [("Pontianak", 109.34, -0.03), ("Nunukan", 117.65, 4.08), ("Jayapura", 140.67, -2.59), ("Merauke", 140.40, -8.50)],
)
def test_towns_near_a_border_stand_on_land(land, city, lon, lat):
    assert shapely.distance(land.geometry, shapely.Point(lon, lat)).min() < 0.02


@pytest.mark.parametrize(
    ("city", "lon", "lat"),
    [
        ("Kuching", 110.35, 1.50),
        ("Miri", 114.05, 4.35),
        ("Kota Kinabalu", 116.10, 5.95),
        ("Bandar Seri Begawan", 114.93, 4.88),
        ("Western Province of Papua New Guinea", 142.0, -8.0),
    ],
)
def test_neighbouring_countries_are_not_drawn(land, city, lon, lat):
    assert not shapely.intersects(land.geometry, shapely.Point(lon, lat)).any()


def test_every_island_with_villages_on_drawn_land_is_drawn(land):
    villages = load_villages()
    near = villages[villages["shore_km"] == 0]
    assert set(near["island"]) <= set(land["island"])
    empty = land["island"][land.geometry.is_empty]
    assert not set(empty) & set(villages["island"])
    assert land.geometry.is_valid.all()


def test_villages_beyond_the_drawn_border_stand_on_land_of_their_island(land):
    borneo = land.set_index("island").geometry[0]
    villages = load_villages()
    beyond = villages.loc[["61.03.07.2009", "61.05.06.2008", "65.03.15.2030"]]
    assert shapely.contains(borneo, shapely.points(beyond["lon"], beyond["lat"])).all()


def test_the_parts_of_the_shipped_network_are_the_islands(edges):
    villages = load_villages()
    graph = nx.Graph()
    graph.add_nodes_from(range(len(villages)))
    graph.add_edges_from(edges[["a", "b"]].itertuples(index=False, name=None))
    island = villages["island"].to_numpy()
    assert (island[edges["a"]] == island[edges["b"]]).all()
    assert nx.number_connected_components(graph) == villages["island"].nunique()
