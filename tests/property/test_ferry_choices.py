"""Taking a ferry out, or the rough season, changes what it must and nothing else."""

import numpy as np
import pytest

from coverage.answers.gaps import gaps
from coverage.answers.study import open_study
from coverage.ground.errors import InputError
from coverage.places.ferries import embedded_ferries
from coverage.places.workspace import Workspace
from coverage.travel.network.ferry_choices import TravelChoices
from coverage.travel.network.ferry_legs import check_known


@pytest.fixture(scope="module")
def usual():
    return gaps(open_study("74")).villages


def test_a_ferry_taken_out_never_brings_anybody_nearer(usual):
    without = gaps(choosing(without=("amolengo-labuan",))).villages
    assert (without["travel_min"] >= usual["travel_min"]).all()
    assert (without["travel_min"] > usual["travel_min"]).any()


def test_a_ferry_taken_out_leaves_those_who_did_not_use_a_ferry_alone(usual):
    without = gaps(choosing(without=("amolengo-labuan", "waara-baubau"))).villages
    by_road = usual["ferry_legs"] == 0
    assert np.array_equal(without["travel_min"][by_road], usual["travel_min"][by_road])


def test_the_rough_season_lengthens_only_paths_with_ferries(usual):
    rough = choosing(season="ombak")
    villages = gaps(rough).villages
    assert (villages["travel_min"] >= usual["travel_min"]).all()
    by_road = usual["ferry_legs"] == 0
    assert np.array_equal(villages["travel_min"][by_road], usual["travel_min"][by_road])
    assert rough.usual is not None
    extra = rough.ferries["minutes"] - open_study("74").ferries["minutes"]
    assert extra["torobulu-tampo"] == pytest.approx(45)
    assert (extra.drop("torobulu-tampo") == 0).all()


def test_both_choices_are_told():
    report = gaps(choosing(season="ombak", without=("kendari-langara",)))
    told = " ".join(note.text() for note in report.notes)
    assert "Musim ombak" in told
    assert "kendari-langara" in told


def test_an_unknown_ferry_is_refused_with_those_there_are():
    with pytest.raises(InputError, match=r"\"feri-x\" tidak ada.*torobulu-tampo"):
        choosing(without=("feri-x",))


def choosing(**choices):
    return open_study("74", choices=TravelChoices(**choices))


@pytest.mark.parametrize(
    "choices",
    [{"wait": "worst"}, {"season": "hujan"}, {"season": "ombak", "wait": "worst", "vehicles_only": True}],
)
def test_no_choice_brings_anybody_nearer(usual, choices):
    villages = gaps(choosing(**choices)).villages
    assert (villages["travel_min"] >= usual["travel_min"] - 1e-9).all()
    assert (villages["travel_min"] > usual["travel_min"]).any()


def test_rain_slows_roads_and_leaves_ferries_as_they_are(usual):
    rain = choosing(season="hujan")
    assert rain.ferries.equals(open_study("74").ferries)
    villages = gaps(rain).villages
    by_road = (usual["ferry_legs"] == 0) & (villages["ferry_legs"] == 0) & np.isfinite(usual["travel_min"])
    assert villages.loc[by_road, "travel_min"].to_numpy() == pytest.approx(
        usual.loc[by_road, "travel_min"].to_numpy() / rain.speeds.rain_indicative
    )


def test_a_day_without_trips_is_a_day_without_the_ferry(tmp_path):
    path = tmp_path / "kerja.gpkg"
    row = embedded_ferries().set_index("id", drop=False).loc["amolengo-labuan"].to_dict()
    Workspace.open(path).declare_ferry({**row, "days": "Rab:0"})
    idle = open_study("74", workspace=path, choices=TravelChoices(weekday="rab"))
    gone = open_study("74", workspace=path, choices=TravelChoices(weekday="rab", without=("amolengo-labuan",)))
    assert np.array_equal(idle.od.minutes, gone.od.minutes)
    other = open_study("74", workspace=path, choices=TravelChoices(weekday="kam"))
    assert (other.od.minutes < idle.od.minutes).any()
    told = " ".join(note.text() for note in gaps(idle).notes)
    assert "Hari Rabu" in told
    assert "Tidak berlayar: amolengo-labuan" in told


def test_vehicles_leave_passenger_boats_out_and_say_so():
    study = choosing(vehicles_only=True)
    assert "kendari-raha" not in study.ferries.index
    assert "torobulu-tampo" in study.ferries.index
    told = " ".join(note.text() for note in gaps(study).notes)
    assert "Tidak ikut: kendari-raha, raha-baubau." in told


def test_what_a_choice_changed_is_told_with_numbers_and_places():
    study = choosing(without=("torobulu-tampo",))
    report = gaps(study)
    nearest, responsible, any_unit = report.travel_changes
    assert (nearest.to, nearest.villages, nearest.by_regency) == ("nearest", 0, {})
    assert responsible.by_regency == {"Kabupaten Buton Utara": 6}
    assert any_unit.by_regency["Kabupaten Muna"] > 0
    before, after = (one.od.minutes for one in (open_study("74"), study))
    assert any_unit.villages == int(
        (np.abs(np.nan_to_num(after, posinf=1e9) - np.nan_to_num(before, posinf=1e9)) > 1e-6).any(axis=1).sum()
    )
    told = [note.text() for note in report.notes]
    assert any("ke unit terdekat tidak berubah di mana pun" in text for text in told)
    assert any("Kabupaten Muna 119" in text and "ke salah satu unit" in text for text in told)


def test_who_travels_as_usual_is_told_of_no_change():
    report = gaps(open_study("74.03"))
    assert report.study.usual is None
    assert report.travel_changes == []


def test_a_ferry_of_real_roads_is_known_where_it_is_stored():
    ferries = embedded_ferries()
    check_known(["osm-7", "torobulu-tampo"], ferries, of_roads=["osm-7"])
    with pytest.raises(InputError, match="osm-8"):
        check_known(["osm-8"], ferries, of_roads=["osm-7"])


@pytest.mark.parametrize("hidden", [False, True])
def test_a_leg_left_out_leaves_the_other_legs_of_its_boat_as_they_were(hidden, tmp_path):
    door = Workspace.open(tmp_path / "kerja.gpkg")
    if hidden:
        door.remove_ferry("kendari-raha")
    choices = TravelChoices() if hidden else TravelChoices(without=("kendari-raha",))
    legs = open_study("74", workspace=door.path, choices=choices).ferries
    usual = open_study("74").ferries
    assert set(usual.index) - set(legs.index) == {"kendari-raha", "kendari-raha+raha-baubau"}
    assert legs.equals(usual.loc[legs.index])
