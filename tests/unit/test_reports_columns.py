"""The gate every format shares: what a listing accepts."""

import datetime as dt
import math

import pandas as pd
import pytest

from coverage.faces.files.file_cells import fill
from coverage.faces.words.columns import Column, Kind, Listing, boxes


def test_two_columns_may_not_share_a_key() -> None:
    with pytest.raises(ValueError, match="share a key: \\['kode'\\]"):
        Listing([Column("kode", "Kode"), Column("kode", "Kode lagi")], pd.DataFrame({"kode": ["74"]}))


def test_every_column_but_a_box_stands_in_the_table() -> None:
    Listing([Column("kode", "Kode"), *boxes("en")], pd.DataFrame({"kode": ["74"]}))
    with pytest.raises(ValueError, match="\\['name'\\]"):
        Listing([Column("name", "Nama")], pd.DataFrame({"kode": ["74"]}))


@pytest.mark.parametrize(
    ("kind", "value", "fault"),
    [
        ("code", 11.1, "not text"),
        ("code", 74, "not text"),
        ("date", "04-10-2024", "not a date"),
        ("integer", math.inf, "may be infinite"),
        ("percent", math.inf, "may be infinite"),
        ("minutes", -math.inf, "may be infinite"),
    ],
)
def test_a_value_that_is_not_of_its_kind_is_refused(kind: Kind, value: object, fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        fill([Column("x", "X", kind)], pd.DataFrame({"x": [value]}))


@pytest.mark.parametrize(
    "dates",
    [
        pd.Series([dt.date(2024, 10, 4), None], dtype=object),
        pd.Series(pd.to_datetime(["2024-10-04", None])),
        pd.Series([dt.datetime(2024, 10, 4, 23, 59), pd.NaT], dtype=object),  # noqa: DTZ001  office dates have no zone
    ],
)
def test_dates_are_read_alike_however_the_table_holds_them(dates: "pd.Series[object]") -> None:
    cells = fill([Column("day", "Hari", "date")], pd.DataFrame({"day": dates}))[0].cells
    assert list(cells) == [dt.date(2024, 10, 4), None]
    assert type(cells[0]) is dt.date


def test_whole_numbers_are_whole_even_where_a_blank_made_them_floats() -> None:
    cells = fill([Column("n", "N", "integer")], pd.DataFrame({"n": [3.0, math.nan]}))[0].cells
    assert [str(cell) for cell in cells] == ["3", "None"]
