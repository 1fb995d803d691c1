"""CSV read back with the csv module and pandas."""

import csv
import datetime as dt
import io
import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.faces.files.csv_file import Dialect, csv_bytes
from coverage.faces.words.columns import Column, Listing, boxes

COLUMNS = (
    Column("kode", "Kode wilayah", "code"),
    Column("name", "Kelurahan/desa"),
    Column("travel_min", "Waktu tempuh", "minutes"),
    Column("travel_km", "Jarak", "km", state="travel_min_state"),
    Column("population", "Penduduk", "integer"),
    Column("covered_share", "Terjangkau", "percent"),
    Column("lat", "Lintang", "decimal", decimals=5),
    Column("last_visit", "Kunjungan terakhir", "date"),
    *boxes("id"),
)
TABLE = pd.DataFrame(
    {
        "kode": ["11.10.01.2001", "74.71.01.1001", "74.07.01.1003"],
        "name": ["Kuala; Baru", 'Desa "Satu", dua\nbaris', None],
        "travel_min": [79.83333333, math.inf, math.nan],
        "travel_km": [54.26, math.inf, math.nan],
        "population": [1_234_567, 0, None],
        "covered_share": [0.8218, 0.0, 1.0],
        "lat": [-3.998512, 4.0, -0.0],
        "last_visit": [dt.date(2024, 10, 4), None, dt.date(2023, 1, 31)],
    }
)
DIALECTS: dict[Dialect, tuple[str, str]] = {"machine": (",", "utf-8"), "excel-id": (";", "utf-8-sig")}
PAYLOADS = ["=HYPERLINK(A1)", "+cmd|'/C calc'!A0", "-2+3", "@SUM(A1:A9)", "\t=1+1", "\r=1+1", "|dir"]
LIVE = tuple("=+-@\t\r|")


def rows(data: bytes, dialect: Dialect) -> list[list[str]]:
    delimiter, encoding = DIALECTS[dialect]
    return list(csv.reader(io.StringIO(data.decode(encoding), newline=""), delimiter=delimiter, strict=True))


def text_listing(texts: list[str], kind: str = "text") -> Listing:
    return Listing([Column("no", "No.", "integer"), Column("name", "Nama", kind)], named(texts))


def named(texts: list[str]) -> pd.DataFrame:
    return pd.DataFrame({"no": range(len(texts)), "name": pd.Series(texts, dtype=object)})


def test_machine_dialect_has_keys_points_iso_dates_and_no_byte_order_mark() -> None:
    data = csv_bytes(Listing(COLUMNS, TABLE), dialect="machine")
    assert not data.startswith(b"\xef\xbb\xbf")
    assert rows(data, "machine") == [
        [
            "kode",
            "name",
            "travel_min",
            "travel_min_state",
            "travel_km",
            "population",
            "covered_share",
            "lat",
            "last_visit",
        ],
        [
            "11.10.01.2001",
            "Kuala; Baru",
            "79.833",
            "connected",
            "54.26",
            "1234567",
            "0.8218",
            "-3.998512",
            "2024-10-04",
        ],
        ["74.71.01.1001", 'Desa "Satu", dua\nbaris', "", "not_connected", "", "0", "0", "4", ""],
        ["74.07.01.1003", "", "", "unknown", "", "", "1", "0", "2023-01-31"],
    ]


def test_machine_dialect_is_read_by_pandas_as_it_was_written() -> None:
    read = pd.read_csv(
        io.BytesIO(csv_bytes(Listing(COLUMNS, TABLE))), dtype={"kode": "string"}, parse_dates=["last_visit"]
    )
    assert read["kode"].tolist() == TABLE["kode"].tolist()
    assert read["last_visit"].iloc[0] == pd.Timestamp(2024, 10, 4)
    assert read["travel_min"].isna().tolist() == [False, True, True]


def test_excel_dialect_has_labels_decimal_commas_day_first_and_a_byte_order_mark() -> None:
    data = csv_bytes(Listing(COLUMNS, TABLE), dialect="excel-id")
    assert data.startswith(b"\xef\xbb\xbf")
    header, *body = rows(data, "excel-id")
    assert header[:4] == ["Kode wilayah", "Kelurahan/desa", "Waktu tempuh", "Waktu tempuh (status)"]
    assert body[0][2:] == ["79,8", "terhubung", "54,3", "1234567", "82,18%", "-3,99851", "04-10-2024"]
    assert body[1][2:4] == ["", "tidak terhubung"]
    assert body[2][2:4] == ["", "tidak diketahui"]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_line_ends_with_cr_lf(dialect: Dialect) -> None:
    data = csv_bytes(text_listing(["Abeli", "Puuwatu"]), dialect=dialect)
    assert data.count(b"\r\n") == data.count(b"\n") == data.count(b"\r") == 3


@pytest.mark.parametrize("dialect", DIALECTS)
def test_infinity_is_written_nowhere(dialect: Dialect) -> None:
    assert b"inf" not in csv_bytes(Listing(COLUMNS, TABLE), dialect=dialect).lower()


def test_header_does_not_depend_on_the_data() -> None:
    connected = TABLE[TABLE["travel_min"] < math.inf]
    assert (
        rows(csv_bytes(Listing(COLUMNS, connected)), "machine")[0]
        == rows(csv_bytes(Listing(COLUMNS, TABLE)), "machine")[0]
    )


def test_a_state_column_of_the_report_is_not_doubled() -> None:
    columns = [
        Column("travel_min", "Waktu", "minutes", state="state"),
        Column("state", "Keadaan", words={"not_connected": "tidak terhubung"}),
    ]
    listing = Listing(columns, pd.DataFrame({"travel_min": [math.inf], "state": ["not_connected"]}))
    assert rows(csv_bytes(listing), "machine") == [["travel_min", "state"], ["", "not_connected"]]
    assert rows(csv_bytes(listing, dialect="excel-id"), "excel-id")[1] == ["", "tidak terhubung"]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("kind", ["text", "code"])
@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_formula_payload_is_live_without_the_guard_and_harmless_with_it(
    payload: str, kind: str, dialect: Dialect
) -> None:
    naive = named([payload]).to_csv(index=False, lineterminator="\r\n").encode()
    assert rows(naive, "machine")[1][1].startswith(LIVE)
    guarded = rows(csv_bytes(text_listing([payload], kind), dialect=dialect), dialect)[1][1]
    assert guarded == f"'{payload}"


def test_labels_and_said_words_are_guarded_too() -> None:
    columns = [Column("state", "=label", words={"a": "@word"})]
    data = csv_bytes(Listing(columns, pd.DataFrame({"state": ["a"]})), dialect="excel-id")
    assert rows(data, "excel-id") == [["'=label"], ["'@word"]]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("number", ["-3,99", "+62", "-1"])
def test_a_number_written_as_text_is_not_guarded(number: str, dialect: Dialect) -> None:
    assert rows(csv_bytes(text_listing([number]), dialect=dialect), dialect)[1][1] == number


@pytest.mark.parametrize("dialect", DIALECTS)
@given(texts=st.lists(st.text() | st.sampled_from(PAYLOADS), max_size=5))
def test_any_text_comes_back_as_itself_but_for_the_guard(dialect: Dialect, texts: list[str]) -> None:
    read = [row[1] for row in rows(csv_bytes(text_listing(texts), dialect=dialect), dialect)[1:]]
    assert read == [text if text == back else f"'{text}" for text, back in zip(texts, read, strict=True)]
    assert not any(cell.startswith(LIVE) and not cell[1:].replace(",", "").replace(".", "").isdigit() for cell in read)


@given(number=st.floats(-1e9, 1e9))
def test_decimals_differ_between_dialects_by_precision_and_comma_only(number: float) -> None:
    listing = Listing([Column("score", "Skor", "decimal", decimals=6)], pd.DataFrame({"score": [number]}))
    machine = rows(csv_bytes(listing), "machine")[1][0]
    people = rows(csv_bytes(listing, dialect="excel-id"), "excel-id")[1][0]
    assert machine == people.replace(",", ".")
    assert float(machine) == pytest.approx(number, abs=5.1e-7)
    assert machine != "-0"
