"""Which way an answer travels: from a village to its unit, from a base to a village; and where a unit joins a road."""

import datetime as dt

import numpy as np
import pytest
import shapely

from coverage.answers.gaps import gaps
from coverage.answers.journey import journey
from coverage.answers.pokling import Rules, rank
from coverage.answers.study import open_study
from coverage.answers.whatif import whatif
from coverage.ground.geometry import geodesic_km
from coverage.places.workspace import Workspace
from coverage.travel.roads.road_network import Roads, RoadSource
from coverage.travel.roads.road_store import save_roads

UNITS = b"""id,name,kind,kode,lat,lon
basis,Basis Uji,basis Pokling,35.74.05.1001,-7.7630,113.2005
jauh,Klinik Jauh,puskesmas,35.74.05.1001,-7.2,113.2005
"""


@pytest.fixture(scope="module")
def ring(tmp_path_factory):
    """Kota Probolinggo with one road: a one-way ring round the city."""
    at = np.array([(113.18, -7.80), (113.24, -7.80), (113.24, -7.75), (113.18, -7.75)])
    tail, head = np.arange(4), np.array([1, 2, 3, 0])
    words = {"road_class": "primary", "surface": "paved", "name": "", "ferry_id": "", "vehicles": ""}
    roads = Roads(
        lon=at[:, 0],
        lat=at[:, 1],
        tail=tail,
        head=head,
        km=geodesic_km(*at[tail].T, *at[head].T),
        both_ways=np.zeros(4, dtype=bool),
        line=shapely.linestrings(np.stack([at[tail], at[head]], axis=1)),
        ferry_min=np.full(4, np.nan),
        source=RoadSource("35.74", "vector", "lingkar.geojson", None, dt.date(2026, 1, 1)),
        **{name: np.full(4, word, dtype=object) for name, word in words.items()},
    )
    path = tmp_path_factory.mktemp("ruang") / "kerja.gpkg"
    save_roads(Workspace.open(path), roads)
    return open_study("35.74", workspace=path, units_file=UNITS)


def test_gaps_go_from_the_village_to_the_unit_and_the_ranking_from_the_base_to_the_village(ring):
    there, back = gaps(ring).villages["travel_min"], rank(ring, "basis", dt.date(2026, 1, 1), rules=Rules(rest_days=0))
    ranked = back.ranked["travel_min"]
    assert len(ranked) > 5
    for kode in ranked.index[:8]:
        out, home = journey(ring, "basis", kode).route, journey(ring, kode, "basis").route
        assert out is not None
        assert home is not None
        assert ranked[kode] == pytest.approx(out.minutes)
        assert there[kode] == pytest.approx(home.minutes)
    assert (np.abs(ranked - there[ranked.index]) > 1).any()


def test_a_unit_joins_the_road_from_its_own_point_or_is_not_connected(ring):
    assert ring.units["own_point"].tolist() == [True, False]
    assert ring.roads.snaps.at["basis", "metres"] == pytest.approx(ring.od.snap_destination_m[0])
    assert ring.access.loc["basis"].tolist() == [0, 0]


def test_a_unit_moved_to_a_village_leaves_its_own_point(ring):
    to = rank(ring, "basis", dt.date(2026, 1, 1), rules=Rules(rest_days=0)).ranked.index[0]
    after = whatif(ring, move={"basis": to}).after
    assert after.villages.at[to, "travel_min"] == 0
    assert not after.study.units["own_point"].any()
