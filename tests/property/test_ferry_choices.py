"""Taking a ferry out, or the rough season, changes what it must and nothing else."""

import numpy as np
import pytest

from coverage.answers.gaps import gaps
from coverage.answers.study import open_study
from coverage.ground.errors import InputError


@pytest.fixture(scope="module")
def usual():
    return gaps(open_study("74")).villages


def test_a_ferry_taken_out_never_brings_anybody_nearer(usual):
    without = gaps(open_study("74", without_ferries=("amolengo-labuan",))).villages
    assert (without["travel_min"] >= usual["travel_min"]).all()
    assert (without["travel_min"] > usual["travel_min"]).any()


def test_a_ferry_taken_out_leaves_those_who_did_not_use_a_ferry_alone(usual):
    without = gaps(open_study("74", without_ferries=("amolengo-labuan", "waara-baubau"))).villages
    by_road = usual["ferry_legs"] == 0
    assert np.array_equal(without["travel_min"][by_road], usual["travel_min"][by_road])


def test_the_rough_season_lengthens_only_paths_with_ferries(usual):
    rough = open_study("74", season="ombak")
    villages = gaps(rough).villages
    assert (villages["travel_min"] >= usual["travel_min"]).all()
    by_road = usual["ferry_legs"] == 0
    assert np.array_equal(villages["travel_min"][by_road], usual["travel_min"][by_road])
    extra = rough.ferries["minutes"] - open_study("74").ferries["minutes"]
    assert extra["torobulu-tampo"] == pytest.approx(45)
    assert (extra.drop("torobulu-tampo") == 0).all()


def test_both_choices_are_told():
    report = gaps(open_study("74", season="ombak", without_ferries=("kendari-langara",)))
    told = " ".join(note.text() for note in report.notes)
    assert "Musim ombak" in told
    assert "kendari-langara" in told


def test_an_unknown_ferry_is_refused_with_those_there_are():
    with pytest.raises(InputError, match=r"\"feri-x\" tidak ada.*torobulu-tampo"):
        open_study("74", without_ferries=("feri-x",))
