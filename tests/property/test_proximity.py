"""Laws of the proximity network: islands stay apart, each is one part, bays are not crossed."""

import networkx as nx
import numpy as np
import pandas as pd
import shapely
from hypothesis import given
from hypothesis import strategies as st

from coverage.ground.geometry import geodesic_km
from coverage.travel.network.proximity import SEA_KM, build_edges

ALL_LAND = shapely.box(120, -6, 124, -2)


def table(rows):
    return pd.DataFrame(rows, columns=["lon", "lat", "island"])


def parts(edges, count):
    graph = nx.Graph(edges[["a", "b"]].to_numpy().tolist())
    graph.add_nodes_from(range(count))
    return [frozenset(part) for part in nx.connected_components(graph)]


hundredths = st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(0, 2))
archipelagos = st.lists(hundredths, min_size=1, max_size=70).map(
    lambda rows: table([(121 + x / 100, -4 + y / 100, island) for x, y, island in rows])
)


@given(archipelagos)
def test_the_parts_of_the_network_are_the_islands(villages):
    edges = build_edges(villages, dict.fromkeys(range(3), ALL_LAND))
    found = parts(edges, len(villages))
    islands = villages.groupby("island").groups.values()
    assert set(found) == {frozenset(rows) for rows in islands}


@given(archipelagos)
def test_off_all_land_an_island_still_is_one_part(villages):
    assert len(parts(build_edges(villages, {}), len(villages))) == villages["island"].nunique()


@given(archipelagos, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(villages, random):
    land = dict.fromkeys(range(3), ALL_LAND)
    order = random.sample(range(len(villages)), len(villages))
    shuffled = villages.iloc[order].reset_index(drop=True)

    def joined(frame):
        edges = build_edges(frame, land)
        spots = frame[["lon", "lat", "island"]].to_numpy()
        return sorted(
            (*sorted([tuple(spots[a]), tuple(spots[b])]), round(km, 9), round(water, 9))
            for a, b, km, water in edges[["a", "b", "km", "water_km"]].itertuples(index=False)
        )

    assert joined(shuffled) == joined(villages)


@given(archipelagos)
def test_lengths_are_geodesic_and_water_is_a_part_of_them(villages):
    half = shapely.box(120, -6, 121.3, -2)
    edges = build_edges(villages, dict.fromkeys(range(3), half))
    lon, lat = villages["lon"].to_numpy(), villages["lat"].to_numpy()
    a, b = edges["a"].to_numpy(), edges["b"].to_numpy()
    assert (a < b).all()
    assert np.allclose(edges["km"], geodesic_km(lon[a], lat[a], lon[b], lat[b]))
    assert ((edges["water_km"] >= 0) & (edges["water_km"] <= edges["km"] + 1e-9)).all()
    low, high = np.minimum(lon[a], lon[b]), np.maximum(lon[a], lon[b])
    at_sea = np.clip((high - np.maximum(low, 121.3)) / np.where(high > low, high - low, 1), 0, 1)
    at_sea[(high == low) & (low > 121.3)] = 1
    assert np.allclose(edges["water_km"], edges["km"] * at_sea, atol=1e-3)


def horseshoe(*, bottom):
    """Two arms 11 km apart around a bay that opens to the north, with or without villages at its bottom."""
    rows = [(122.0, -4 + step / 50, 0) for step in range(6)] + [(122.1, -4 + step / 50, 0) for step in range(6)]
    if bottom:
        rows += [(122.0 + step / 50, -4.02, 0) for step in range(6)]
    land = shapely.box(121.98, -4.04, 122.12, -3.88).difference(shapely.box(122.01, -4.001, 122.09, -3.8))
    return table(rows), {0: land}


def test_a_wide_bay_is_walked_around():
    villages, land = horseshoe(bottom=True)
    edges = build_edges(villages, land)
    assert (edges["water_km"] <= SEA_KM).all()
    assert not edges["tied"].any()
    assert len(parts(edges, len(villages))) == 1


def test_a_part_of_an_island_left_alone_is_tied_once_where_the_least_water_lies():
    villages, land = horseshoe(bottom=False)
    edges = build_edges(villages, land)
    (tied,) = edges[edges["tied"]].index
    across = (villages.loc[edges["a"], "lon"].to_numpy() != villages.loc[edges["b"], "lon"].to_numpy()).nonzero()[0]
    assert across.tolist() == [tied]
    assert len(parts(edges, len(villages))) == 1
    assert edges.at[tied, "water_km"] > SEA_KM


def test_villages_on_one_point_are_joined_by_a_length_of_zero():
    villages = table([(122.0, -4.0, 0), (122.1, -4.0, 0), (122.0, -4.0, 0), (122.0, -4.0, 0), (122.0, -4.0, 1)])
    edges = build_edges(villages, dict.fromkeys(range(2), ALL_LAND))
    zero = edges[edges["km"] == 0]
    assert zero[["a", "b"]].to_numpy().tolist() == [[0, 2], [0, 3]]
    assert (zero["water_km"] == 0).all()
    assert 4 not in set(edges["a"]) | set(edges["b"])
