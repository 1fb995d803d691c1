"""Every village of Indonesia, and regions and villages found however their names are written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.ground.errors import InputError
from coverage.places.villages import (
    Region,
    find_region,
    find_village,
    in_region,
    is_area,
    load_villages,
    name_key,
    regions,
)


def test_the_whole_country_is_there():
    assert len(load_villages()) == 83_449
    assert regions()["level"].value_counts().to_dict() == {"regency": 514, "province": 34, "country": 1}


def test_every_village_has_a_place_inside_indonesia():
    villages = load_villages()
    assert villages["lat"].between(-11.5, 6.5).all()
    assert villages["lon"].between(95, 141.1).all()
    assert villages[["district", "regency", "province"]].ne("").all(axis=None)


def test_a_code_finds_the_region_that_is_listed_under_it():
    for code, row in regions().iloc[::7].iterrows():
        assert find_region(code) == Region(code, row["name"], row["level"])
    assert find_region("ID") == Region("ID", "Indonesia", "country")


def test_regions_count_every_village_once_per_level():
    by_level = regions().groupby("level")["villages"].sum()
    assert set(by_level) == {83_449}


@pytest.mark.parametrize(("code", "villages"), [("74", 2285), ("16.73", 72), ("74.71.01", 6), ("ID", 83_449)])
def test_a_region_holds_the_villages_whose_kode_begins_with_its_own(code, villages):
    assert len(in_region(load_villages(), code)) == villages


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("74", "74"),
        (" 74.71 ", "74.71"),
        ("74.71.01", "74.71.01"),
        ("id", "ID"),
        ("Lubuklinggau", "16.73"),
        ("LUBUK LINGGAU", "16.73"),
        ("KENDARI", "74.71"),
        ("kendari", "74.71"),
        ("Kab. Muna", "74.03"),
        ("Kabupaten Muna", "74.03"),
        ("Bau-Bau", "74.72"),
        ("BAUBAU", "74.72"),
        ("Kab. Bima", "52.06"),
        ("Kab Bima", "52.06"),
        ("Kota Bima", "52.72"),
        ("KOTA  BIMA", "52.72"),
        ("Prov. Bengkulu", "17"),
        ("Sultra", "74"),
        ("NTB", "52"),
        ("Jakarta", "31"),
        ("Jakarta Pusat", "31.71"),
    ],
)
def test_regions_are_found_however_they_are_written(text, code):
    assert find_region(text).code == code


def test_every_region_is_found_by_its_code_and_by_its_own_name():
    for code, name in regions()["name"].items():
        assert find_region(str(code)).code == code
        assert find_region(str(name)).code == code


@pytest.mark.parametrize("text", ["Bima", "bandung", "Solok"])
def test_a_name_of_a_kabupaten_and_a_kota_is_ambiguous_and_both_are_offered(text):
    with pytest.raises(InputError) as caught:
        find_region(text)
    assert f"Kabupaten {text.title()}" in str(caught.value)
    assert f"Kota {text.title()}" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Kendri", "74.71 Kota Kendari"),
        ("Lumajeng", "35.08 Kabupaten Lumajang"),
        ("Sulawesi Tengara", "74 Sulawesi Tenggara"),
    ],
)
def test_a_typo_is_offered_the_closest_name_first(text, first):
    with pytest.raises(InputError, match=first) as caught:
        find_region(text)
    assert str(caught.value).index(first) == str(caught.value).index("maksudnya: ") + len("maksudnya: ")


@pytest.mark.parametrize("text", ["", "  ", "xyzzy", "99", "Kota", "'; DROP TABLE", "74\n75"])
def test_an_unknown_region_is_quoted_back_with_a_remedy(text):
    with pytest.raises(InputError) as caught:
        find_region(text)
    assert f'"{text.strip()}"' in str(caught.value)


@pytest.mark.parametrize("text", ["Kec. Kendari", "KECAMATAN KENDARI", "Kel. Kendari", "Desa Buton"])
def test_a_kecamatan_or_village_is_no_kabupaten_of_that_name(text):
    with pytest.raises(InputError):
        find_region(text)


def test_a_code_of_nowhere_is_offered_codes_of_its_province():
    with pytest.raises(InputError, match=r"74\.99.*74\.\d\d Ka"):
        find_region("74.99")


def test_an_undotted_region_is_offered_with_dots():
    with pytest.raises(InputError, match=r"74\.71"):
        find_region("7471")


def test_a_village_is_not_a_region_but_its_regency_is():
    with pytest.raises(InputError, match=r"74\.71\.01\.1005.*: 74\.71\."):
        find_region("74.71.01.1005")


@pytest.mark.parametrize("text", ["Watervang", "watervang", "Kel. Watervang", "WATER VANG", "16.73.01.1016"])
def test_villages_are_found_by_kode_and_name(text):
    assert find_village(text, "16.73") == "16.73.01.1016"


def test_an_ambiguous_village_lists_kode_kecamatan_and_kabupaten_of_each():
    with pytest.raises(InputError) as caught:
        find_village("Lapulu", "74")
    same = in_region(load_villages(), "74").query("name == 'Lapulu'")
    for kode, row in same.iterrows():
        assert f"{kode} Lapulu (Kec. {row['district']}, {row['regency']})" in str(caught.value)


def test_a_village_outside_the_region_is_named_with_its_region():
    with pytest.raises(InputError, match=r"16\.73\.01\.1016 Watervang.*luar wilayah 74\b"):
        find_village("16.73.01.1016", "74")


def test_an_unknown_village_is_offered_close_names_or_the_list():
    with pytest.raises(InputError, match=r"16\.73\.01\.1016 Watervang"):
        find_village("Watervan", "16.73")
    with pytest.raises(InputError, match=r"jangkau villages --region 16\.73"):
        find_village("xyzzy", "16.73")
    with pytest.raises(InputError, match=r"16\.73\.01\.1999"):
        find_village("16.73.01.1999", "16.73")


@pytest.mark.parametrize("text", ["KOTA KENDARI", "Kec. Mandonga", "Kabupaten Muna", "Provinsi Banten"])
def test_the_name_of_an_area_is_no_village(text):
    with pytest.raises(InputError):
        find_village(text)


def test_a_village_whose_name_begins_with_the_word_for_an_area_is_found_by_it():
    named = load_villages()["name"]
    for word in ("Kota ", "Desa "):
        kode = str(named[named.str.startswith(word)].index[0])
        assert find_village(str(named[kode]), kode[:8]) == kode


@pytest.mark.parametrize("text", ["", " ", "-", "."])
def test_no_name_at_all_finds_no_village(text):
    with pytest.raises(InputError):
        find_village(text)


@given(st.text(max_size=20))
def test_any_text_finds_a_region_or_is_refused_in_a_sentence(text):
    try:
        found = find_region(text)
    except InputError as error:
        said = [error.text(lang) for lang in ("id", "en")]
        assert all(said)
    else:
        assert found.code in regions().index or found.level == "district"


@pytest.mark.parametrize(
    ("code", "there"),
    [("ID", True), ("74", True), ("74.71", True), ("74.71.01", True), ("74.71.01.1005", True), ("74.99", False),
     ("99", False), ("74.71.01.1999", False), ("7471", False), ("", False), ("74.7", False)],
)  # fmt: skip
def test_an_area_is_what_holds_a_village(code, there):
    assert is_area(code) == there


def test_name_keys_ignore_kind_blanks_hyphens_and_case():
    assert len({name_key(name) for name in ("Wua-Wua", "Kel. Wua Wua", "KELURAHAN WUAWUA", " wua wua ")}) == 1
    assert name_key("Kotabaru") == "kotabaru"
    assert name_key("Desa") == "desa"
