"""Laws of road legs: relief and water lengthen them, and what stands at their ends sets their speed."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.travel.network.indicative import road_legs
from coverage.travel.network.speeds import load_speeds

RURAL, TOWN, CITY = ("74.01.01.2001", "desa"), ("74.01.01.1001", "kelurahan"), ("74.71.01.1001", "kelurahan")


def leg(km, *, water=0.0, rise=0.0, ends=(RURAL, RURAL)):
    villages = pd.DataFrame(
        {"kind": [kind for _, kind in ends], "elevation_m": [0.0, rise]}, index=pd.Index([kode for kode, _ in ends])
    )
    minutes, length = road_legs(
        pd.DataFrame({"a": [0], "b": [1], "km": [km], "water_km": [water]}), villages, load_speeds()
    )
    return float(minutes[0]), float(length[0])


lengths = st.floats(0.1, 40)
rises = st.floats(0, 3000)


@given(lengths, rises, rises)
def test_the_detour_grows_with_relief_and_no_further_than_its_limit(km, one, other):
    low, high = sorted((one, other))
    speeds = load_speeds()
    steepest = speeds.detour_base + speeds.detour_per_m_per_km * speeds.detour_max_m_per_km
    assert speeds.detour_base * km <= leg(km, rise=low)[1] * (1 + 1e-9)
    assert leg(km, rise=low)[1] <= leg(km, rise=high)[1] * (1 + 1e-9)
    assert leg(km, rise=high)[1] <= steepest * km * (1 + 1e-9)


@given(lengths, rises)
def test_up_takes_as_long_as_down(km, rise):
    assert leg(km, rise=rise) == leg(km, rise=-rise)


@given(lengths, st.floats(0, 1), rises)
def test_water_counts_by_its_own_factor(km, share, rise):
    dry, wet = km * (1 - share), km * share
    length = leg(km, water=wet, rise=rise)[1]
    assert length == pytest.approx(leg(km, rise=rise)[1] * dry / km + wet * load_speeds().detour_water)
    assert length >= leg(km, rise=rise)[1] * (1 - 1e-9)


def test_an_unknown_height_is_taken_as_level():
    assert leg(3.0, rise=np.nan) == leg(3.0)


def test_a_length_of_zero_takes_no_time():
    assert leg(0.0, rise=80.0) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("ends", "speed"),
    [
        ((CITY, CITY), "urban"),
        ((CITY, RURAL), "mixed"),
        ((RURAL, CITY), "mixed"),
        ((TOWN, TOWN), "mixed"),
        ((TOWN, RURAL), "rural"),
        ((RURAL, RURAL), "rural"),
    ],
)
def test_speed_goes_by_what_stands_at_the_ends(ends, speed):
    minutes, km = leg(10.0, ends=ends)
    assert km / minutes * 60 == pytest.approx(getattr(load_speeds(), speed))
