"""A long way round is told where the indicative network alone decides, and only there."""

import numpy as np
import pandas as pd
import pytest

from coverage.answers.detours import LONG_WAY
from coverage.answers.gaps import gaps
from coverage.answers.study import open_study
from coverage.ground.geometry import geodesic_km


@pytest.fixture(scope="module")
def report():
    return gaps(open_study("74.72"), 60)


def test_the_coast_of_baubau_is_a_long_way_round(report):
    assert report.detours[report.villages.index[report.villages["name"] == "Palabusa"][0]] > LONG_WAY


def test_a_detour_is_the_path_over_the_straight_line_and_all_that_are_long_are_told(report):
    rows = report.villages
    units = report.study.units.loc[rows["nearest_unit"].replace("", report.study.units.index[0])]
    straight = geodesic_km(*(table[name].to_numpy(np.float64) for table in (rows, units) for name in ("lon", "lat")))
    times = pd.Series(rows["travel_km"] / straight, index=rows.index)
    usual = (rows["nearest_unit"] != "") & (rows["ferry_legs"] == 0) & (rows["travel_km"] >= 3)
    expected = times[usual & (times >= LONG_WAY)]
    assert len(expected) > 0
    pd.testing.assert_series_equal(report.detours, expected, check_names=False)


def test_the_note_counts_those_beyond_the_cutoff_alone(report):
    beyond = report.detours.index[report.villages.loc[report.detours.index, "state"] == "beyond_cutoff"]
    (note,) = [note for note in report.notes if note.key == "gaps.note_detours"]
    assert note.values["villages"] == len(beyond)
    assert not [note for note in gaps(report.study, 600).notes if note.key == "gaps.note_detours"]
