"""Sulawesi Tenggara against what was published or measured apart from this program.

Islands: the first trial on the same points with another shoreline reading (mainland 1 435, Buton 284, Muna 263,
Wawonii 96, then 37, 35, 22; 133 points off the drawn land, the farthest 7,3 km). Times: public timetables and the
1,5 hours that Kendari-Amolengo takes by road.
"""

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from coverage.answers.gaps import gaps
from coverage.answers.study import open_study
from coverage.ground.geometry import geodesic_km
from coverage.places.villages import load_villages


@pytest.fixture(scope="module")
def sultra():
    return open_study("74")


def test_sultra_has_2285_villages_in_17_regencies_of_83449_and_514(sultra):
    country = load_villages()
    assert (len(country), country.index.str[:5].nunique()) == (83_449, 514)
    assert len(sultra.villages) == 2285
    assert sultra.villages.index.str[:5].nunique() == 17


def test_its_islands_have_the_sizes_measured_before(sultra):
    sizes = sultra.villages.groupby("island").size().sort_values(ascending=False)
    assert 47 <= len(sizes) <= 50
    assert sizes.iloc[0] == pytest.approx(1435, abs=5)
    assert sizes.iloc[1:7].tolist() == [284, 263, 96, 37, 35, 22]
    assert (sultra.villages["shore_km"] > 0).sum() == pytest.approx(133, abs=3)
    assert sultra.villages["shore_km"].max() == pytest.approx(7.3, abs=0.15)


def test_straits_narrower_than_kendari_bay_still_separate(sultra):
    """Raha (Muna), Baubau and Labuan (Buton), Kendari (mainland): three islands."""
    island = sultra.villages["island"]
    assert island["74.72.02.1005"] == island["74.10.06.1007"]
    assert len({island["74.03.16.1005"], island["74.72.02.1005"], island["74.71.05.1009"]}) == 3


def test_kendari_to_amolengo_is_slower_than_its_published_hour_and_a_half_but_not_twice(sultra):
    row = sultra.villages.index.get_loc("74.05.23.2008")
    column = sultra.od.destinations.get_loc("bnn-kota-kendari")
    assert 90 <= sultra.od.minutes[row, column] <= 180
    ends = sultra.villages.loc[["74.71.05.1009", "74.05.23.2008"], ["lon", "lat"]].to_numpy(float)
    straight = geodesic_km(*ends[:1].T, *ends[1:].T)[0]
    assert 1.1 * straight <= sultra.od.km[row, column] <= 1.77 * straight
    assert sultra.od.ferry_legs[row, column] == 0


def test_travel_between_kendari_and_the_mainland_is_networkx_dijkstras(sultra):
    network = sultra.network
    graph = nx.Graph()
    for a, b, minutes in zip(network.tail.tolist(), network.head.tolist(), network.minutes.tolist(), strict=True):
        if minutes < graph.get_edge_data(a, b, {"minutes": np.inf})["minutes"]:
            graph.add_edge(a, b, minutes=minutes)
    sources = set(network.nodes.get_indexer(pd.Index(sultra.units["node_kode"])).tolist())
    nearest = nx.multi_source_dijkstra_path_length(graph, sources, weight="minutes")
    expected = [nearest.get(node, np.inf) for node in network.nodes.get_indexer(sultra.villages.index).tolist()]
    assert gaps(sultra).villages["travel_min"].to_numpy() == pytest.approx(np.array(expected), abs=1e-9)


def test_from_buton_utara_the_ferry_to_the_mainland_is_taken_when_kendari_is_asked_for(sultra):
    """Labuan-Amolengo: 30 minutes sailing and 80 of waiting, then by road; the fast boats are for Raha and Baubau."""
    labuan, amolengo = (sultra.villages.index.get_loc(kode) for kode in ("74.10.06.1007", "74.05.23.2008"))
    column = sultra.od.destinations.get_loc("bnn-kota-kendari")
    assert sultra.od.minutes[labuan, column] == pytest.approx(sultra.od.minutes[amolengo, column] + 30 + 80)
    assert sultra.od.ferry_legs[labuan, column] == 1


def test_people_are_those_of_dukcapil_2025(sultra):
    published = {"74.71": 366454, "74.72": 163793, "74.03": 233470, "74.07": 118793}
    people = sultra.villages["population"].groupby(sultra.villages.index.str[:5]).sum()
    assert {kode: round(people[kode]) for kode in published} == published
