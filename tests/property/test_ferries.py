"""Laws of ferries as legs: what is waited, what is sailed, and what is an estimate."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.ground.errors import InputError
from coverage.places.ferries import embedded_ferries
from coverage.places.villages import load_villages
from coverage.travel.network.ferry_legs import ferry_legs
from coverage.travel.network.speeds import load_speeds

# Ports on the equator: a degree of longitude is 111.32 km on the WGS 84 ellipsoid.
PORTS = pd.DataFrame({"lat": 0.0, "lon": [120.0, 120.1, 120.3, 120.6]}, index=pd.Index(["A", "B", "C", "D"]))
KM_PER_DEG = 111.3195


def declared(*rows):
    empty = dict.fromkeys(embedded_ferries().columns, "")
    named = [
        {"id": row.get("id") or f"{row['from_kode']}-{row['to_kode']}", "name": "kapal", "from_kode": "A", **row}
        for row in ({"from_kode": "A", "to_kode": "B", **row} for row in rows)
    ]
    return pd.DataFrame([empty | row for row in named]).astype("str")


def legs(*rows):
    return ferry_legs(declared(*rows), PORTS, load_speeds())


def leg(**row):
    return legs(row).iloc[0]


@given(st.integers(0, 22), st.integers(1, 24), st.integers(2, 40))
def test_the_wait_is_half_the_headway_between_first_and_last_departure(first, hours, trips):
    last = min(first + hours, 23)
    found = leg(trips_per_day=trips, first_departure=f"{first:02d}:30", last_departure=f"{last:02d}:30")
    service = (last - first) * 60
    assert found["wait_min"] == pytest.approx(service / (trips - 1) / 2)
    assert "wait" not in found["estimated"]


@given(st.integers(1, 40))
def test_where_departures_are_not_known_trips_spread_over_the_hours_of_service(trips):
    assert leg(trips_per_day=trips)["wait_min"] == pytest.approx(load_speeds().ferry_service_h * 60 / trips / 2)


def test_a_single_trip_between_known_hours_has_no_headway_of_its_own():
    found = leg(trips_per_day=1, first_departure="08:00", last_departure="08:00")
    assert found["wait_min"] == pytest.approx(load_speeds().ferry_service_h * 60 / 2)


def test_departures_written_with_a_point_are_read_too():
    found = leg(trips_per_day=4, first_departure="8.00", last_departure="16.00")
    assert found["wait_min"] == pytest.approx(80)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=6), st.integers(1, 9))
def test_weekdays_that_differ_count_in_the_weekly_mean(other, usual):
    days = ";".join(
        f"{day}:{trips}" for day, trips in zip(("Sen", "Sel", "Rab", "Kam", "Jum", "Sab"), other, strict=False)
    )
    mean = (usual * (7 - len(other)) + sum(other)) / 7
    assert leg(trips_per_day=usual, days=days)["wait_min"] == pytest.approx(12 * 60 / mean / 2)


@given(st.integers(5, 600), st.integers(0, 120))
def test_sailing_is_the_middle_of_its_range_and_the_leg_adds_the_wait(low, more):
    found = leg(sailing_min=low, sailing_max_min=low + more, trips_per_day=2)
    assert found["sailing_min"] == low + more / 2
    assert found["minutes"] == found["sailing_min"] + found["wait_min"]
    assert found["estimated"] == ""
    assert leg(sailing_min=low, trips_per_day=2)["sailing_min"] == low


def test_what_is_not_known_is_estimated_and_says_so():
    speeds = load_speeds()
    unknown = leg()
    assert unknown["estimated"] == "sailing,wait"
    assert unknown["km"] == pytest.approx(0.1 * KM_PER_DEG, rel=1e-4)
    assert unknown["sailing_min"] == pytest.approx(unknown["km"] / speeds.ferry_km_per_h * 60)
    assert unknown["wait_min"] == pytest.approx(speeds.ferry_service_h * 60 / speeds.ferry_trips_per_day / 2)
    assert leg(sailing_min=30)["estimated"] == "wait"
    assert leg(trips_per_day=3)["estimated"] == "sailing"


BOAT = (
    {"from_kode": "A", "to_kode": "B", "line": "L", "whole_line_min": 300, "trips_per_day": 2},
    {"from_kode": "B", "to_kode": "C", "line": "L", "whole_line_min": 300, "trips_per_day": 2},
    {"from_kode": "C", "to_kode": "D", "line": "L", "whole_line_min": 300, "trips_per_day": 2},
)


def test_a_line_is_split_by_distance_at_sea_and_adds_up():
    found = legs(*BOAT)["sailing_min"]
    assert [found[one] for one in ("A-B", "B-C", "C-D")] == pytest.approx([50, 100, 150], rel=1e-4)
    assert found["A-B+B-C+C-D"] == pytest.approx(300)


@given(st.permutations(BOAT))
def test_who_stays_aboard_waits_once_however_the_rows_are_ordered(boat):
    found = legs(*boat).set_index(["from_kode", "to_kode"])
    assert set(found.index) == {("A", "B"), ("A", "C"), ("A", "D"), ("B", "C"), ("B", "D"), ("C", "D")}
    assert (found["wait_min"] == 180).all()
    assert (found["minutes"] == found["sailing_min"] + 180).all()
    assert found.loc[("A", "D"), "km"] == pytest.approx(0.6 * KM_PER_DEG, rel=1e-4)


def test_a_through_leg_is_an_estimate_when_any_of_its_sailings_is():
    found = legs(
        {"from_kode": "A", "to_kode": "B", "line": "L", "sailing_min": 20, "trips_per_day": 1},
        {"from_kode": "B", "to_kode": "C", "line": "L"},
    )
    assert found["estimated"].to_dict() == {"A-B": "", "B-C": "sailing,wait", "A-B+B-C": "sailing"}


def test_a_round_trip_is_not_joined_to_its_own_port():
    found = legs({"from_kode": "A", "to_kode": "B", "line": "L"}, {"from_kode": "B", "to_kode": "A", "line": "L"})
    assert list(found.index) == ["A-B", "B-A"]


def test_legs_of_different_lines_are_not_joined():
    assert list(legs({}, {"from_kode": "B", "to_kode": "C"}).index) == ["A-B", "B-C"]


def test_a_line_without_trips_is_no_leg():
    assert list(legs({"trips_per_day": 0}, {"from_kode": "B", "to_kode": "C"}).index) == ["B-C"]


def test_an_unknown_port_is_refused_by_name_of_ferry_and_value():
    with pytest.raises(InputError) as caught:
        legs({"id": "satu", "to_kode": "74.99"}, {"id": "dua", "from_kode": "?", "to_kode": "B"})
    assert [message.values for message in caught.value.messages] == [
        {"ferry": "dua", "value": "?"},
        {"ferry": "satu", "value": "74.99"},
    ]
    assert "satu" in str(caught.value)
    assert "74.99" in str(caught.value)


def test_the_shipped_timetables_say_what_their_source_says():
    found = ferry_legs(embedded_ferries(), load_villages(), load_speeds())
    assert found.at["waara-baubau", "wait_min"] == pytest.approx((19 - 7) * 60 / 10 / 2)
    assert found.at["amolengo-labuan", "wait_min"] == pytest.approx((16 - 8) * 60 / 3 / 2)
    assert found.at["amolengo-labuan", "sailing_min"] == 30
    assert found.at["torobulu-tampo", "sailing_min"] == (2.5 + 3.5) / 2 * 60
    assert found.at["torobulu-tampo", "wait_min"] == pytest.approx(12 * 60 / ((5 * 5 + 2 * 4) / 7) / 2)
    assert found.at["kendari-raha+raha-baubau", "sailing_min"] == pytest.approx(5 * 60)
    assert set(found.index[found["vehicles"] == "no"]) == {"kendari-raha", "raha-baubau", "kendari-raha+raha-baubau"}
    stated = {"torobulu-tampo", "amolengo-labuan", "kendari-raha", "raha-baubau", "kendari-raha+raha-baubau"}
    assert set(found.index[found["estimated"] == ""]) == stated
