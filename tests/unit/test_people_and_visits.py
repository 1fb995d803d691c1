"""People, visits and vulnerability classes of villages."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.answers.study import open_study
from coverage.ground.registry import data_file
from coverage.places.population import ESTIMATE, KELURAHAN_WEIGHT, embedded_population, spread
from coverage.places.schemas.visit_columns import LATEST
from coverage.places.schemas.vulnerability_columns import CLASSES
from coverage.places.villages import load_villages
from coverage.places.visits import embedded_visits, last_visits, vulnerability


@pytest.fixture(scope="module")
def people():
    return embedded_population(load_villages()["kind"])


@pytest.fixture(scope="module")
def totals():
    return pd.read_csv(data_file("population"), dtype={"kode": "str"}).set_index("kode")["population"]


def test_villages_add_up_to_the_published_total_of_their_regency(people, totals):
    sums = people["population"].groupby(people.index.str[:5]).sum(min_count=1).dropna()
    assert set(sums.index) == set(totals.index)
    assert sums.to_dict() == totals[sums.index].to_dict()


def test_where_no_total_is_known_nothing_is_invented(people, totals):
    known = people.index.str[:5].isin(totals.index)
    assert people.loc[~known, "population"].isna().all()
    assert (people.loc[~known, "population_source"] == "").all()


def test_every_number_is_marked_as_an_estimate_with_its_source(people):
    marked = people.loc[people["population"].notna(), "population_source"]
    assert marked.str.endswith(f", {ESTIMATE}").all()
    assert marked.str.contains("Dukcapil 2025").all()


@given(
    st.lists(st.sampled_from(["kelurahan", "desa"]), min_size=1, max_size=30),
    st.integers(0, 10**8),
    st.randoms(use_true_random=False),
)
def test_a_kelurahan_counts_its_weight_in_desa_and_nobody_is_lost_or_parted(kinds, total, random):
    kode = [f"74.71.01.{1000 + number}" for number in range(len(kinds))]
    kind = pd.Series(kinds, index=kode)
    persons = spread(pd.Series({"74.71": total}), kind)
    assert persons.sum() == total
    assert (persons % 1 == 0).all()
    weight = (kind == "kelurahan").map({True: KELURAHAN_WEIGHT, False: 1.0})
    # The quota rule: nobody is further than one person from the exact share.
    assert ((persons - total * weight / weight.sum()).abs() < 1).all()
    random.shuffle(kode)
    assert spread(pd.Series({"74.71": total}), kind[kode]).to_dict() == persons.to_dict()


def test_a_total_in_parts_of_persons_is_refused():
    with pytest.raises(ValueError, match=r"74\.71"):
        spread(pd.Series({"74.71": 100.5}), pd.Series({"74.71.01.1001": "kelurahan"}))


def test_a_kecamatan_gets_its_part_of_the_total_and_not_the_whole():
    city = open_study("74.71").villages["population"]
    district = open_study("74.71.01").villages["population"]
    assert district.to_dict() == city[district.index].to_dict()
    assert district.sum() < city.sum()


def visits(*rows):
    table = pd.DataFrame(rows, columns=["kode", "date", "date_precision"])
    return table.assign(date=pd.to_datetime(table["date"]))


def test_the_last_visit_is_the_latest_one_however_the_rows_stand():
    table = visits(("a", "2024-10-01", ""), ("a", "2024-09-01", LATEST), ("b", "2023-01-01", LATEST))
    last = last_visits(table, dt.date(2024, 10, 5))
    assert last["date"].to_dict() == {"a": pd.Timestamp("2024-10-01"), "b": pd.Timestamp("2023-01-01")}
    assert last["date_precision"].to_dict() == {"a": "", "b": LATEST}


def test_a_visit_of_the_day_itself_counts_and_a_later_one_does_not():
    table = visits(("a", "2024-10-05", ""), ("b", "2024-10-06", ""))
    assert list(last_visits(table, dt.date(2024, 10, 5)).index) == ["a"]


@pytest.mark.parametrize("day", [dt.date(1, 1, 1), dt.date(1990, 1, 1)])
def test_before_the_first_visit_nothing_was_visited(day):
    assert last_visits(embedded_visits(), day).empty


def test_no_day_is_too_late_to_ask_for():
    assert len(last_visits(embedded_visits(), dt.date(9999, 12, 31))) == 2


def test_vulnerability_is_known_only_where_it_was_published():
    classes = vulnerability()
    assert classes.isin(CLASSES).all()
    assert classes.index.isin(load_villages().index).all()
    study = open_study("74.71").villages
    assert (study["vulnerability"] != "").sum() == len(classes) == 24
