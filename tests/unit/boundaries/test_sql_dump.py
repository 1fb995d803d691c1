"""The dumps are read as they come: spacing, quotes, depth; what cannot be read is named and the rest stays."""

import json

import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.boundaries.sql_dump import read_dump, read_path

RING = [[-4.0, 122.0], [-4.0, 122.1], [-4.1, 122.1], [-4.1, 122.0], [-4.0, 122.0]]
HOLE = [[-4.02, 122.02], [-4.02, 122.04], [-4.04, 122.04], [-4.04, 122.02], [-4.02, 122.02]]
FAR = [[-4.5, 122.5], [-4.5, 122.6], [-4.6, 122.6], [-4.6, 122.5], [-4.5, 122.5]]
HEAD = "INSERT INTO wilayah_boundaries(kode,nama,lat,lng,path) VALUES "


def dump(body, head=HEAD):
    return read_dump(f"{head}{body};".encode(), "batas.sql")


def row(kode="74.71.01.1005", name="Mandonga", path=None):
    path = json.dumps([RING]) if path is None else path
    return f"('{kode}','{name}',-3.96,122.51,'{path}')"


def test_latitude_stands_first():
    shape = dump(row()).rows["geometry"][0]
    assert shapely.bounds(shape).tolist() == [122.0, -4.1, 122.1, -4.0]


@pytest.mark.parametrize(
    "text",
    [
        "('74.71.01.1005','Mandonga',-3.96,122.51,'PATH')",
        "( '74.71.01.1005' , 'Mandonga' , -3.96 , 122.51 , 'PATH' )",
        "\t('74.71.01.1005',\n'Mandonga', NULL, null,\r\n 'PATH'\n)",
    ],
)
def test_spacing_of_rows_does_not_matter(text):
    found = dump(text.replace("PATH", json.dumps([RING])))
    assert found.rows[["kode", "name"]].to_numpy().tolist() == [["74.71.01.1005", "Mandonga"]]
    assert found.unreadable == ()


@pytest.mark.parametrize("written", ["Tolo'' Oi", r"Tolo\' Oi"])
def test_both_ways_to_write_a_quote_are_read(written):
    assert dump(row(name=written)).rows["name"].tolist() == ["Tolo' Oi"]


@pytest.mark.parametrize("columns", ["path kode status nama", "kode path status nama", "nama kode path"])
def test_the_order_of_the_columns_is_that_of_the_head(columns):
    values = {"kode": "'74.71.01.1005'", "path": f"'{json.dumps([RING])}'", "status": "1", "nama": "'Mandonga'"}
    head = ",".join(f"`{column}`" for column in columns.split())
    body = ",".join(values[column] for column in columns.split())
    found = dump(f"({body})", f"insert into `wilayah_boundaries` ({head}) values ")  # noqa: S608 - text of a dump, asked of no database
    assert found.rows[["kode", "name"]].to_numpy().tolist() == [["74.71.01.1005", "Mandonga"]]


def test_rows_of_several_statements_are_read():
    text = f"{HEAD}{row()};\n{HEAD}{row('74.71.01.1006', 'Korumba')};"
    assert read_dump(text.encode(), "x").rows["name"].tolist() == ["Mandonga", "Korumba"]


@pytest.mark.parametrize(
    ("path", "area"),
    [
        (RING, 0.01),
        ([RING], 0.01),
        ([RING, HOLE], 0.0096),
        ([RING, FAR], 0.02),
        ([[RING]], 0.01),
        ([[RING, HOLE], [FAR]], 0.0196),
    ],
)
def test_a_ring_a_ring_list_and_one_level_deeper_are_read(path, area):
    shape = read_path(json.dumps(path))
    assert shapely.is_valid(shape)
    assert shape.area == pytest.approx(area)


@pytest.mark.parametrize("path", ["", "[]", "NULL", "[[]]", "[[[]]]", "[[[-4.0,122.0]]]"])
def test_an_empty_path_is_told_as_empty_or_broken(path):
    found = dump(row(path=path) + "," + row("74.71.01.1006", "Korumba"))
    assert found.rows["kode"].tolist() == ["74.71.01.1006"]
    assert [(one.kode, one.name) for one in found.unreadable] == [("74.71.01.1005", "Mandonga")]


@pytest.mark.parametrize(
    "path",
    [
        "[[[-4.0,122.0],[-4.0,122.1],[-4.1",
        '[[["a",122.0],["b",122.1],["c",122.2]]]',
        "[[[-4.0],[-4.0],[-4.1]]]",
        "[[[-4.0,122.0,1],[-4.0,122.1,1],[-4.1,122.0,1]]]",
        '{"type": "Polygon"}',
        "[" * 5000,
        "[[[" + "1" * 5000 + ",122.0],[-4.0,122.1],[-4.1,122.0]]]",
    ],
)
def test_a_broken_path_is_told_as_broken(path):
    (one,) = dump(row(path=path)).unreadable
    assert one.problem == Message.of("boundaries.row_broken")


@pytest.mark.parametrize("value", ["NaN", "Infinity", "1e400", "122.0", "-99"])
def test_coordinates_outside_indonesia_are_told(value):
    (one,) = dump(row(path=f"[[[{value},122.0],[-4.0,122.1],[-4.1,122.0]]]")).unreadable
    assert one.problem == Message.of("boundaries.row_outside")


def test_a_row_that_breaks_off_at_the_end_of_the_file_is_named():
    text = f"{HEAD}{row()},\n('74.71.01.1006','Korumba',-3.97,122.52,'[[[-3.9"
    found = read_dump(text.encode(), "batas.sql")
    assert found.rows["kode"].tolist() == ["74.71.01.1005"]
    assert [(one.kode, one.name) for one in found.unreadable] == [("74.71.01.1006", "Korumba")]


def test_a_kode_that_is_none_or_comes_twice_is_told():
    found = dump(",".join([row(), row(name="Lagi"), row("74.71", "Kota Kendari")]))
    assert found.rows["name"].tolist() == ["Mandonga"]
    assert [one.problem.key for one in found.unreadable] == ["boundaries.row_twice", "boundaries.row_no_kode"]


@pytest.mark.parametrize("page", ["<!DOCTYPE html><p>", "\ufeff<html>", "  <HTML lang='id'>"])
def test_a_page_of_a_proxy_is_called_one(page):
    with pytest.raises(InputError, match="halaman web"):
        read_dump(page.encode(), "batas.sql")


@pytest.mark.parametrize("raw", [b"", b"\0\xff\xfe", b"kode;nama\n", b"INSERT INTO orang(kode) VALUES ('1')"])
def test_what_is_no_dump_is_refused(raw):
    with pytest.raises(InputError, match=r"batas\.sql"):
        read_dump(raw, "batas.sql")


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_but_an_input_error(raw):
    for content in (raw, HEAD.encode() + raw, f"{HEAD}{row()},".encode() + raw):
        try:
            read_dump(content, "batas.sql")
        except InputError:
            continue


PIECES = st.sampled_from(
    ["(", ")", "'", "''", "\\'", ",", "[", "]", "[[[", "-4.0", "122.5", "74.71.01.1005", "NULL", " ", "\n", ";", HEAD]
)


@given(st.lists(PIECES, max_size=60))
def test_no_jumble_of_its_own_signs_raises_anything(pieces):
    found = read_dump((HEAD + "".join(pieces)).encode(), "batas.sql")
    assert set(found.rows["kode"]) <= {"74.71.01.1005"}


@given(st.recursive(st.none() | st.floats() | st.integers() | st.text(max_size=3), lambda x: st.lists(x, max_size=4)))
def test_no_json_raises_anything_and_what_is_drawn_is_in_indonesia(value):
    found = read_path(json.dumps(value))
    if not isinstance(found, Message):
        west, south, east, north = shapely.bounds(found)
        assert 94 < west <= east < 142
        assert -12 < south <= north < 7


@given(
    st.lists(st.tuples(st.floats(-11, 6), st.floats(95, 141)), min_size=3, max_size=12),
    st.integers(0, 2),
)
def test_what_is_written_comes_back(points, deeper):
    path = [list(point) for point in points]
    for _ in range(deeper):
        path = [path]
    found = read_path(json.dumps(path))
    assert not isinstance(found, Message)
    drawn = {(lat, lon) for lon, lat in shapely.get_coordinates(found).tolist()}
    assert drawn == set(points)
