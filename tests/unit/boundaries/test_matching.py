"""A polygon is a village only where code, name and place agree; what is not borne out is left for a decision."""

import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from coverage.places.boundaries.matching import HOW, area_key, match

VILLAGES = pd.DataFrame(
    [
        ("74.01.01.1001", "Lamokato", "Kolaka", "Kabupaten Kolaka", 121.0, -4.0),
        ("74.01.01.1002", "Laloeha", "Kolaka", "Kabupaten Kolaka", 121.2, -4.0),
        ("74.04.01.1001", "Pasarwajo", "Pasar Wajo", "Kabupaten Buton", 122.8, -5.5),
        ("74.04.01.2002", "Laloeha", "Pasar Wajo", "Kabupaten Buton", 123.0, -5.5),
    ],
    columns=["kode", "name", "district", "regency", "lon", "lat"],
).set_index("kode")


def rows(*given_rows):
    table = pd.DataFrame(given_rows, columns=["kode", "name", "district", "regency", "lon", "lat"])
    table["geometry"] = list(
        shapely.box(table["lon"] - 0.05, table["lat"] - 0.05, table["lon"] + 0.05, table["lat"] + 0.05)
    )
    return table.drop(columns=["lon", "lat"])


def only(*row):
    return match(rows(row), VILLAGES).rows.iloc[0]


def test_a_code_that_name_and_place_bear_out_is_taken():
    assert only("74.01.01.1001", "Lamokato", "", "", 121.0, -4.0)[["how", "kode"]].tolist() == ["code", "74.01.01.1001"]


def test_a_code_that_only_the_place_bears_out_is_taken():
    assert only("74.01.01.1001", "Nama Baru", "", "", 121.0, -4.0)["how"] == "code"


def test_a_code_with_half_a_name_nearby_is_taken():
    assert only("74.01.01.1002", "Laloe", "", "", 121.28, -4.0)["how"] == "code"
    assert only("74.01.01.1002", "Zzz", "", "", 121.28, -4.0)["how"] == "unsure"


def test_a_bps_code_written_with_dots_is_never_taken_for_another_kabupaten():
    """BPS 7401 is Buton; Kemendagri 74.01 is Kolaka."""
    found = only("74.01.01.1001", "Pasarwajo", "Pasar Wajo", "Buton", 122.8, -5.5)
    assert found["kode"] != "74.01.01.1001"
    assert found["how"] in ("unsure", "name")


def test_a_name_inside_its_kecamatan_is_taken_where_its_point_is_near():
    found = only("", "LALOEHA", "Kec. Kolaka", "Kolaka", 121.2, -4.0)
    assert found[["how", "kode"]].tolist() == ["name", "74.01.01.1002"]


def test_the_same_name_in_another_kabupaten_is_not_taken():
    found = only("", "Laloeha", "Pasar Wajo", "Buton", 121.2, -4.0)
    assert found["kode"] == ""
    assert found["proposal"] in ("", "74.04.01.2002")


def test_a_name_far_from_its_point_is_unsure():
    found = only("", "Lamokato", "Kolaka", "Kolaka", 122.0, -4.5)
    assert found[["how", "kode", "proposal", "reason"]].tolist() == ["unsure", "", "74.01.01.1001", "name_only"]


def test_another_spelling_around_the_point_is_taken():
    assert only("", "Lamo Kato", "Lain", "Kolaka", 121.0, -4.0)["kode"] == "74.01.01.1001"


def test_another_name_around_the_point_is_unsure():
    found = only("", "Hutan Produksi", "Kolaka", "Kolaka", 121.0, -4.0)
    assert found[["how", "proposal", "reason"]].tolist() == ["unsure", "74.01.01.1001", "point_only"]


def test_an_alike_name_without_the_point_is_unsure():
    found = only("", "Lamokatto", "Kolaka", "Kolaka", 120.5, -4.0)
    assert found[["how", "proposal", "reason"]].tolist() == ["unsure", "74.01.01.1001", "alike_only"]


def test_a_polygon_that_nothing_fits_is_unmatched():
    assert only("", "Zzz", "Kolaka", "Kolaka", 120.0, -3.0)["how"] == "unmatched"


def test_two_polygons_never_get_one_village():
    found = match(
        rows(
            ("", "Lamokato", "Kolaka", "Kolaka", 121.0, -4.0),
            ("74.01.01.1001", "Lamokato", "Kolaka", "Kolaka", 121.01, -4.0),
        ),
        VILLAGES,
    ).rows
    assert found["how"].tolist().count("code") == 1
    assert found.loc[found["kode"] != "", "kode"].is_unique


@pytest.mark.parametrize(("left", "right"), [("Kota Bima", "Kabupaten Bima"), ("KOTA BIMA", "Bima")])
def test_a_kota_and_a_kabupaten_of_one_name_stay_two(left, right):
    assert area_key(left) != area_key(right)


NAMES = st.sampled_from(["Lamokato", "Laloeha", "Pasarwajo", "Lalo Eha", "Hutan", ""])
CODES = st.sampled_from(["", *VILLAGES.index, "74.99.01.1001"])
AREAS = st.sampled_from([("Kolaka", "Kolaka"), ("Pasar Wajo", "Buton"), ("", ""), ("Kolaka", "Kota Kolaka")])
PLACES = st.sampled_from([(121.0, -4.0), (121.2, -4.0), (122.8, -5.5), (123.0, -5.5), (121.1, -4.0)])


@given(st.lists(st.tuples(CODES, NAMES, AREAS, PLACES), min_size=1, max_size=8))
def test_whatever_the_file_says_each_village_is_given_once_and_every_row_is_accounted_for(given_rows):
    table = rows(*[(kode, name, *area, *place) for kode, name, area, place in given_rows])
    found = match(table, VILLAGES)
    taken = found.rows["kode"][found.rows["kode"] != ""]
    assert taken.is_unique
    assert sum(found.count().values()) == len(table)
    assert set(found.rows["how"]) <= set(HOW)
    assert (found.rows["kode"].ne("") == found.rows["how"].isin(["code", "name"])).all()
    near = [
        shapely.distance(shape, shapely.Point(*VILLAGES.loc[kode, ["lon", "lat"]])) < 0.06 or name
        for kode, shape, name in zip(found.rows["kode"], table["geometry"], table["name"], strict=True)
        if kode
    ]
    assert all(near)
