"""A long way round is told where the indicative network alone decides, and only there."""

import numpy as np
import pytest

from coverage.answers.detours import LONG_WAY, detour_of
from coverage.answers.gaps import gaps
from coverage.answers.study import open_study
from coverage.ground.geometry import geodesic_km

PALABUSA = "Palabusa"


@pytest.fixture(scope="module")
def report():
    return gaps(open_study("74.72"), 60)


def test_the_coast_of_baubau_is_a_long_way_round(report):
    kode = report.villages.index[report.villages["name"] == PALABUSA][0]
    assert detour_of(report, kode) > LONG_WAY


def test_every_detour_told_is_the_path_over_the_straight_line(report):
    told = 0
    for kode, row in report.villages.iterrows():
        times = detour_of(report, str(kode))
        if times is None:
            continue
        told += 1
        unit = report.study.units.loc[row["nearest_unit"]]
        ends = (np.array([value]) for value in (row["lon"], row["lat"], float(unit["lon"]), float(unit["lat"])))
        assert times == pytest.approx(row["travel_km"] / float(geodesic_km(*ends)[0]))
        assert row["ferry_legs"] == 0
    assert told > 0
