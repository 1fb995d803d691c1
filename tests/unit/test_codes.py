"""Kode wilayah: only dotted Kemendagri codes, and what they tell about themselves."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.ground import codes
from coverage.ground.errors import InputError
from coverage.places.villages import load_villages

PAIR = st.integers(0, 99).map("{:02d}".format)
VILLAGE = st.integers(1000, 2999).map(str)
LEVELS = {1: "province", 2: "regency", 3: "district", 4: "village"}


@st.composite
def parts(draw):
    whole = [draw(PAIR), draw(PAIR), draw(PAIR), draw(VILLAGE)]
    return whole[: draw(st.integers(1, 4))]


@given(parts())
def test_a_dotted_code_is_taken_as_it_stands(split):
    code = ".".join(split)
    assert codes.is_code(code)
    assert codes.parse(f"  {code}\n") == code
    assert codes.level(code) == LEVELS[len(split)]


@given(parts())
def test_dots_come_back_after_they_were_taken_out(split):
    assert codes.dotted("".join(split)) == ".".join(split)


@given(parts())
def test_every_ancestor_contains_its_descendants(split):
    code = ".".join(split)
    for depth in range(1, len(split) + 1):
        above = ".".join(split[:depth])
        assert codes.ancestor(code, LEVELS[depth]) == above
        assert codes.contains(above, code)
    assert codes.ancestor(code, "country") == codes.COUNTRY
    assert codes.contains(codes.COUNTRY, code)


@given(parts().filter(lambda split: len(split) > 1))
def test_digits_without_dots_are_refused_and_the_dotted_code_offered(split):
    with pytest.raises(InputError) as caught:
        codes.parse("".join(split))
    for lang in ("id", "en"):
        assert "".join(split) in caught.value.text(lang)
        assert ".".join(split) in caught.value.text(lang)
        assert "BPS" in caught.value.text(lang)


@given(st.text())
def test_parse_gives_a_code_or_one_sentence(text):
    try:
        assert codes.is_code(codes.parse(text))
    except InputError as error:
        said = error.messages
        assert len(said) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "7",
        "74.",
        "74.7",
        "74,71",
        "74.71.",
        "74.71.01.3005",
        "74.71.01.100",
        "74-71",
        "ID74",
        "id",
        "７４.７１",
        "74.71.01.1005.1",
    ],
)
def test_what_is_not_a_code_is_not_taken(text):
    assert not codes.is_code(text)


def test_neighbours_with_the_same_first_digits_do_not_contain_each_other():
    assert not codes.contains("74.7", "74.71")
    assert not codes.contains("74.71", "74.72.01.1001")
    assert not codes.contains("74.71", "74")


def test_every_kode_of_the_village_list_parses():
    kode = load_villages().index
    assert all(codes.level(codes.parse(code)) == "village" for code in kode)
    assert kode.is_unique
    assert kode.is_monotonic_increasing


def test_the_fourth_part_tells_kelurahan_from_desa():
    villages = load_villages()
    first = villages.index.str[9]
    assert set(first) == {"1", "2"}
    assert (villages["kind"].eq("kelurahan") == (first == "1")).all()


def test_kota_are_numbered_from_71():
    named = load_villages().groupby(load_villages().index.str[:5])["regency"].first()
    for code, name in named.items():
        assert codes.is_city(code) == bool(re.match("Kota ", name)), code
