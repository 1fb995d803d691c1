"""Laws of road speeds: class, surface and season, whatever the numbers are."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.travel.network.ferry_choices import SEASONS
from coverage.travel.network.speeds import ROAD_CLASSES, load_speeds
from coverage.travel.roads.road_network import CLASSES, SURFACES

ROADS = st.lists(st.tuples(st.sampled_from(ROAD_CLASSES), st.sampled_from(SURFACES)), min_size=1, max_size=30)


def of(roads, season="biasa", speeds=None):
    classes, surfaces = zip(*roads, strict=True)
    return (speeds or load_speeds()).of_roads(np.array(classes, dtype=object), np.array(surfaces, dtype=object), season)


def test_every_class_of_road_but_ferries_has_a_speed():
    assert set(ROAD_CLASSES) == set(CLASSES) - {"ferry"}
    assert (of([(name, "paved") for name in ROAD_CLASSES]) > 0).all()


@given(ROADS)
def test_no_season_makes_a_road_faster(roads):
    usual = of(roads)
    for season in SEASONS:
        assert (of(roads, season) <= usual).all()


@given(ROADS)
def test_rain_slows_every_road_and_a_rough_sea_none(roads):
    assert (of(roads, "hujan") < of(roads)).all()
    assert np.array_equal(of(roads, "ombak"), of(roads))


@pytest.mark.parametrize("name", ROAD_CLASSES)
def test_unpaved_is_slower_and_rain_slows_it_more(name):
    speeds = load_speeds()
    paved, unpaved = of([(name, "paved"), (name, "unpaved")])
    assert unpaved == pytest.approx(paved * speeds.unpaved_factor)
    wet_paved, wet_unpaved = of([(name, "paved"), (name, "unpaved")], "hujan")
    assert wet_unpaved / unpaved < wet_paved / paved


@pytest.mark.parametrize("name", ROAD_CLASSES)
def test_a_surface_not_stated_is_unpaved_for_tracks_and_paths_alone(name):
    told, paved, unpaved = of([(name, ""), (name, "paved"), (name, "unpaved")])
    assert told == (unpaved if name in {"track", "path"} else paved)


@given(ROADS, st.permutations(range(30)))
def test_each_road_has_its_speed_whatever_stands_beside_it(roads, order):
    moved = [place for place in order if place < len(roads)]
    assert np.array_equal(of(roads)[moved], of([roads[place] for place in moved]))


def test_a_road_that_is_none_is_a_fault_of_the_program():
    with pytest.raises(KeyError):
        of([("ferry", "paved")])


def test_the_shipped_speeds_are_those_of_their_sources():
    trunk, primary, residential = of([("trunk", ""), ("primary", ""), ("residential", "")])
    assert 43 <= primary <= trunk <= 46
    assert 12 <= residential <= 26
    assert load_speeds().access_limit_km == 2.0


def test_rain_slows_the_indicative_network_by_its_share_and_no_other_season_does():
    speeds = load_speeds()
    assert speeds.of_villages("biasa") == speeds.of_villages("ombak") == speeds
    rain = replace(speeds, rain_indicative=0.5).of_villages("hujan")
    assert (rain.urban, rain.mixed, rain.rural) == (speeds.urban / 2, speeds.mixed / 2, speeds.rural / 2)
