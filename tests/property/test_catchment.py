"""Laws of catchments: nested, on the reached side of the water, and in step with travel times."""

import itertools

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from coverage.travel.catchment import catchment_areas
from coverage.travel.network.graph import Legs, two_way
from coverage.travel.network.speeds import load_speeds

SPEEDS = load_speeds()
WEST = shapely.box(122.0, -5.0, 122.5, -4.5)
EAST = shapely.box(122.51, -5.0, 123.0, -4.5)
LAND = np.array([WEST, EAST])
KM_PER_DEG = 111.2


def line_of_villages(lon, *, ferry_between=None, lat=-4.75, km_per_h=40.0):
    """Build villages in a row, each joined to the next; one leg may be a ferry."""
    count = len(lon)
    a = np.arange(count - 1)
    km = np.diff(lon) * KM_PER_DEG * np.cos(np.radians(lat))
    ferry = np.full(count - 1, -1)
    if ferry_between is not None:
        ferry[ferry_between] = 0
    return two_way(
        pd.Index([f"74.01.01.{2001 + number}" for number in range(count)]),
        Legs(a, a + 1, km / km_per_h * 60, km, ferry),
        ("kapal",),
        lon=np.asarray(lon),
        lat=np.full(count, lat),
    )


def minutes_to_first(network):
    """Sum minutes along the row, which has no other way."""
    return np.concatenate([[0.0], np.cumsum(network.minutes[: len(network.nodes) - 1])])


@given(
    st.lists(st.floats(0.005, 0.08), min_size=2, max_size=5),
    st.lists(st.floats(1.0, 90.0), min_size=2, max_size=4, unique=True),
)
def test_a_longer_cutoff_covers_the_shorter_one_and_a_village_is_inside_exactly_when_it_is_in_time(steps, cutoffs):
    network = line_of_villages(122.05 + np.cumsum([0.0, *steps]))
    minutes = minutes_to_first(network)
    cutoffs = sorted(cutoffs)
    areas = catchment_areas(network, 0, speeds=SPEEDS, land=LAND, cutoffs_min=cutoffs)
    for inner, outer in itertools.pairwise(areas):
        assert shapely.area(shapely.difference(inner, outer)) < 1e-9
    spots = shapely.points(network.lon, network.lat)
    for cutoff, area in zip(cutoffs, areas, strict=True):
        assert area.is_valid
        clearly = np.abs(minutes - cutoff) > 1e-6
        assert (shapely.covers(area, spots) == (minutes <= cutoff))[clearly].all()


def test_reach_aside_of_a_way_is_the_access_speed_in_the_minutes_left():
    network = line_of_villages(np.array([122.2, 122.4]))
    (area,) = catchment_areas(network, 0, speeds=SPEEDS, land=LAND, cutoffs_min=[6.0])
    aside_km = 6.0 / 60 * SPEEDS.access_km_per_h / SPEEDS.access_detour
    west, south, _, north = area.bounds
    assert (122.2 - west) * KM_PER_DEG * np.cos(np.radians(-4.75)) == pytest.approx(aside_km, rel=0.03)
    assert (north - south) * KM_PER_DEG / 2 == pytest.approx(aside_km, rel=0.03)
    (wide,) = catchment_areas(network, 0, speeds=SPEEDS, land=LAND, cutoffs_min=[120.0])
    assert (wide.bounds[3] - wide.bounds[1]) * KM_PER_DEG / 2 == pytest.approx(SPEEDS.access_limit_km, rel=0.03)


def test_the_other_shore_is_not_reached_without_a_ferry():
    row = np.array([122.40, 122.495])
    (area,) = catchment_areas(line_of_villages(row), 0, speeds=SPEEDS, land=LAND, cutoffs_min=[60.0])
    assert shapely.area(shapely.intersection(area, WEST)) > 0
    assert shapely.area(shapely.intersection(area, EAST)) == 0
    ferry = line_of_villages(np.array([122.40, 122.495, 122.53]), ferry_between=1)
    (landed,) = catchment_areas(ferry, 0, speeds=SPEEDS, land=LAND, cutoffs_min=[60.0])
    (east,) = (part for part in landed.geoms if part.intersects(EAST))
    half_km = (east.bounds[3] - east.bounds[1]) * KM_PER_DEG / 2
    assert half_km == pytest.approx(SPEEDS.access_limit_km, rel=0.03)
    sea = shapely.box(122.5001, -5.0, 122.5099, -4.5)
    assert shapely.area(shapely.intersection(landed, sea)) == 0


def test_a_village_off_the_drawn_land_is_reached_all_the_same():
    stilts = line_of_villages(np.array([122.49, 122.505]))
    (area,) = catchment_areas(stilts, 0, speeds=SPEEDS, land=LAND, cutoffs_min=[30.0])
    assert area.covers(shapely.Point(122.505, -4.75))


def test_minutes_from_the_node_to_the_place_count():
    network = line_of_villages(np.array([122.2, 122.4]))
    near, far = (
        catchment_areas(network, 0, speeds=SPEEDS, land=LAND, cutoffs_min=[30.0], access_min=access)[0]
        for access in (0.0, 10.0)
    )
    (same,) = catchment_areas(network, 0, speeds=SPEEDS, land=LAND, cutoffs_min=[20.0])
    assert near.area > far.area
    assert far.equals_exact(same, 1e-9)
    (nothing,) = catchment_areas(network, 0, speeds=SPEEDS, land=LAND, cutoffs_min=[30.0], access_min=31.0)
    assert nothing.is_empty
