"""Points written in every spelling come back where they are, or are a fault: never another place."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.places.schemas.unit_columns import UNITS
from coverage.places.tables.angles import LAT_RANGE, LON_RANGE, read_pair
from coverage.places.tables.coordinates import read_points
from coverage.places.tables.faults import Faults
from coverage.places.tables.headers import read_table

SECOND = 1 / 3600
LETTERS = {
    ("lat", -1): ["LS", "S", "ls", "L.S.", "Lintang Selatan", "selatan", "South"],
    ("lat", 1): ["LU", "U", "N", "Lintang Utara", "utara"],
    ("lon", 1): ["BT", "T", "E", "Bujur Timur", "timur", "East"],
    ("lon", -1): ["BB", "B", "W", "Bujur Barat"],
}
AXES = {"lat": ["Lintang", "Latitude", "lat", "Garis Lintang"], "lon": ["Bujur", "Longitude", "long", "Garis Bujur"]}
SIZES = {
    "point": lambda size: f"{size:.7f}",
    "comma": lambda size: f"{size:.7f}".replace(".", ","),
    "degree": lambda size: f"{size:.7f}°",
    "minutes": lambda size: f"{int(size)}°{(size % 1) * 60:08.5f}'".replace(".", ","),
    "seconds": lambda size: "{}°{:02d}'{:06.3f}\"".format(*sexagesimal(size)),
    "seconds comma": lambda size: "{}° {}’ {:.3f}”".format(*sexagesimal(size)).replace(".", ","),
    "words": lambda size: "{} derajat {} menit {:.3f} detik".format(*sexagesimal(size)),
    "colons": lambda size: "{}:{}:{:.3f}".format(*sexagesimal(size)),
    "blanks": lambda size: "{} {} {:.3f}".format(*sexagesimal(size)),
}
SAYS = ("minus", "letters after", "letters before", "both", "header", "header and minus", "header and letters")


def sexagesimal(size):
    """Give degrees, minutes and seconds, with seconds cut so that none is 60."""
    whole = int(size)
    minutes = int((size - whole) * 60)
    return whole, minutes, min(max((size - whole) * 3600 - minutes * 60, 0), 59.999)


@st.composite
def written(draw, axis, low, high):
    """Draw a coordinate, a header and a cell for it."""
    value = draw(st.floats(low, high).filter(lambda found: abs(found) > SECOND))
    sign = -1 if value < 0 else 1
    says = draw(st.sampled_from(SAYS))
    size = SIZES[draw(st.sampled_from(sorted(SIZES)))](abs(value))
    letters = draw(st.sampled_from(LETTERS[axis, sign]))
    header = draw(st.sampled_from(AXES[axis]))
    if says.startswith("header"):
        header = f"{header} ({letters})" if "Lintang" not in letters and "Bujur" not in letters else letters
    if "minus" in says or says == "both":
        size = f"-{size}" if sign < 0 else size
    if "letters" in says or says == "both":
        size = f"{letters} {size}" if "before" in says else f"{size} {letters}"
    return value, header, size


def placed(lat, lon, *, header_lat="Lintang", header_lon="Bujur"):
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";").writerows([["nama", header_lat, header_lon], ["A", lat, lon]])
    faults = Faults("x")
    table = read_table(buffer.getvalue().encode(), "x", UNITS.reading, faults)
    return read_points(table, faults).get(2), faults.found


@settings(max_examples=150)
@given(lat=written("lat", *LAT_RANGE), lon=written("lon", *LON_RANGE))
def test_every_spelling_comes_back_where_it_is(lat, lon):
    spot, faults = placed(lat[2], lon[2], header_lat=lat[1], header_lon=lon[1])
    assert not faults
    assert (spot.lat, spot.lon) == (pytest.approx(lat[0], abs=SECOND), pytest.approx(lon[0], abs=SECOND))


@settings(max_examples=100)
@given(data=st.data(), lat=st.floats(0.1, 6.4), lon=st.floats(95.1, 141.0))
def test_statements_that_contradict_each_other_are_a_fault(data, lat, lon):
    draw = data.draw
    size = SIZES[draw(st.sampled_from(sorted(SIZES)))](lat)
    south, north = (draw(st.sampled_from(LETTERS["lat", sign])) for sign in (-1, 1))
    header, cell = draw(
        st.sampled_from(
            [
                ("Lintang", f"-{size} {north}"),
                ("Lintang", f"+{size} {south}"),
                ("Lintang", f"{north} {size} {south}"),
                (f"Lintang ({south})", f"{size} {north}"),
                (f"Lintang ({north})", f"-{size}"),
                ("Lintang", f"{size} {draw(st.sampled_from(LETTERS['lon', 1]))}"),
                ("LS/LU", size),
            ]
        )
    )
    spot, faults = placed(cell, f"{lon:.5f}", header_lat=header)
    assert spot is None
    assert [(fault.row, fault.column) for fault in faults] == [(2, header)]


@settings(max_examples=100)
@given(
    lat=written("lat", *LAT_RANGE).filter(lambda one: "(" not in one[1]),
    lon=written("lon", *LON_RANGE).filter(lambda one: "(" not in one[1]),
    sign=st.sampled_from([", ", "; ", " ", ","]),
    turned=st.booleans(),
)
def test_both_in_one_cell_come_back_or_not_at_all(lat, lon, sign, turned):
    (south, _, lat_text), (_, _, lon_text) = lat, lon
    found = read_pair(sign.join((lon_text, lat_text) if turned else (lat_text, lon_text)))
    said = south > 0 or "-" in lat_text or any(word.casefold() in lat_text.casefold() for word in LETTERS["lat", -1])
    if found is not None and said:
        assert found == (pytest.approx(lat[0], abs=SECOND), pytest.approx(lon[0], abs=SECOND))


@settings(max_examples=60)
@given(
    first=st.integers(-11, 6),
    second=st.integers(95, 141),
    sign=st.sampled_from([",", ", ", ";", " ", "/"]),
    minus=st.booleans(),
)
def test_two_whole_numbers_are_no_place(first, second, sign, minus):
    """A latitude with a decimal comma, "-0,99", was read as 0 and 99 degrees: a point in Sumatra."""
    head = f"-{abs(first)}" if minus else str(first)
    assert read_pair(f"{head}{sign}{second}") is None
    assert read_pair(f"{second}{sign}{head}") is None


@settings(max_examples=100)
@given(text=st.text(alphabet="0123456789.,-+°'\" LSUBTNEWdms:;()", max_size=24))
def test_whatever_stands_in_one_cell_is_a_point_in_indonesia_or_none(text):
    found = read_pair(text)
    assert found is None or (LAT_RANGE[0] <= found[0] <= LAT_RANGE[1] and LON_RANGE[0] <= found[1] <= LON_RANGE[1])
