"""XLSX read back with openpyxl."""

import datetime as dt
import io
import math
import os
import subprocess
import sys
import time

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from coverage.faces.files.xlsx_file import xlsx_bytes
from coverage.faces.words.columns import Column, Listing, boxes

REASON = "Belum pernah dikunjungi sejak pencatatan dimulai; 4.312 jiwa, terbanyak di kecamatan ini. " * 4
COLUMNS = (
    Column("kode", "Kode wilayah", "code"),
    Column("name", "Kelurahan/desa"),
    Column("state", "Keadaan", words={"not_connected": "tidak terhubung"}),
    Column("travel_min", "Waktu tempuh", "minutes"),
    Column("travel_km", "Jarak (km)", "km"),
    Column("population", "Penduduk", "integer"),
    Column("covered_share", "Terjangkau", "percent"),
    Column("score", "Skor", "decimal", decimals=3),
    Column("last_visit", "Kunjungan terakhir", "date"),
    Column("reasons", "Alasan"),
    *boxes("id"),
)
TABLE = pd.DataFrame(
    {
        "kode": ["11.10", "16.73.02.1001", "16.73.03.1002"],
        "name": ["Watervang", "Jawa Kanan SS", "Kayu Ara"],
        "state": ["covered", "not_connected", None],
        "travel_min": [80.2, math.inf, math.nan],
        "travel_km": [54.26, math.inf, math.nan],
        "population": [4312, 0, None],
        "covered_share": [0.8218, 0.0, 1.0],
        "score": [0.91234, 0.5, 0.25],
        "last_visit": [dt.date(2024, 10, 4), None, dt.date(2023, 1, 31)],
        "reasons": [REASON, "Dekat.", ""],
    }
)
LISTING = Listing(
    COLUMNS,
    TABLE,
    title="3 kelurahan berikutnya & seterusnya",
    subtitle=("Dari Klinik BNN Kota Lubuklinggau", "Batas: indikatif"),
    footnotes=("Perjalanan bersifat indikatif.",),
)
HEADER_ROW = 5


def sheet_of(data: bytes) -> Worksheet:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert isinstance(sheet, Worksheet)
    return sheet


@pytest.fixture(scope="module")
def sheet() -> Worksheet:
    return sheet_of(xlsx_bytes(LISTING))


def row_of(sheet: Worksheet, row: int) -> list[object]:
    return [cell.value for cell in sheet[row]]


def test_title_and_sources_stand_above_and_footnotes_below(sheet: Worksheet) -> None:
    firsts = [sheet.cell(row, 1).value for row in range(1, sheet.max_row + 1)]
    assert firsts == [LISTING.title, *LISTING.subtitle, None, "No.", 1, 2, 3, None, *LISTING.footnotes]


def test_rows_are_numbered_and_boxes_are_empty_with_borders(sheet: Worksheet) -> None:
    assert row_of(sheet, HEADER_ROW) == ["No.", *(column.label for column in COLUMNS)]
    for row in range(HEADER_ROW + 1, HEADER_ROW + 4):
        for cell in sheet[row][-2:]:
            assert cell.value is None
            assert cell.border.left.style == cell.border.bottom.style == "thin"


def test_numbers_and_dates_are_real_and_codes_are_text(sheet: Worksheet) -> None:
    cells = dict(zip(row_of(sheet, HEADER_ROW), sheet[HEADER_ROW + 1], strict=True))
    assert (cells["Kode wilayah"].value, cells["Kode wilayah"].number_format) == ("11.10", "@")
    assert (cells["Penduduk"].value, cells["Penduduk"].number_format) == (4312, "#,##0")
    assert (cells["Terjangkau"].value, cells["Terjangkau"].number_format) == (0.8218, "0.0%")
    assert (cells["Skor"].value, cells["Skor"].number_format) == (0.91234, "#,##0.000")
    assert (cells["Jarak (km)"].value, cells["Jarak (km)"].number_format) == (54.26, "#,##0.0")
    assert cells["Kunjungan terakhir"].is_date
    assert cells["Kunjungan terakhir"].value == dt.datetime(2024, 10, 4)  # noqa: DTZ001  a sheet's dates have no zone


def test_minutes_read_as_words_and_infinity_as_not_connected(sheet: Worksheet) -> None:
    read = [row_of(sheet, row)[3:6] for row in range(HEADER_ROW + 1, HEADER_ROW + 4)]
    assert read == [
        ["covered", "1 jam 20 mnt", 54.26],
        ["tidak terhubung", "tidak terhubung", "tidak terhubung"],
        [None, "tidak diketahui", None],
    ]


def test_minutes_are_numbers_beside_their_words_only_if_asked_for() -> None:
    columns = COLUMNS[3:4]
    asked = sheet_of(xlsx_bytes(Listing(columns, TABLE, minute_numbers=True)))
    assert [row_of(asked, row) for row in range(1, 5)] == [
        ["No.", "Waktu tempuh", "Waktu tempuh (menit)"],
        [1, "1 jam 20 mnt", 80.2],
        [2, "tidak terhubung", None],
        [3, "tidak diketahui", None],
    ]
    assert row_of(sheet_of(xlsx_bytes(Listing(columns, TABLE))), 1) == ["No.", "Waktu tempuh"]


def test_the_sheet_prints_on_a4_landscape_one_page_wide_with_its_header_on_each_page(sheet: Worksheet) -> None:
    assert int(sheet.page_setup.paperSize) == 9
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == f"${HEADER_ROW}:${HEADER_ROW}"
    assert sheet.print_area.endswith(f"$A$1:$M${sheet.max_row}")
    assert sheet.freeze_panes == f"A{HEADER_ROW + 1}"
    assert sheet.auto_filter.ref is None


def test_the_footer_counts_pages_in_the_language_and_takes_the_title_literally(sheet: Worksheet) -> None:
    assert sheet.oddFooter.right.text.strip() == "Halaman &P dari &N"
    assert sheet.oddFooter.left.text.strip() == LISTING.title.replace("&", "&&")
    assert sheet_of(xlsx_bytes(LISTING, lang="en")).oddFooter.right.text.strip() == "Page &P of &N"


def test_long_reasons_are_wrapped_in_a_row_high_enough(sheet: Worksheet) -> None:
    cell = sheet.cell(HEADER_ROW + 1, 11)
    assert cell.alignment.wrap_text
    width = sheet.column_dimensions[cell.column_letter].width
    assert width >= 40
    assert sheet.row_dimensions[cell.row].height >= 15 * len(REASON) * 0.85 / width
    assert sheet.row_dimensions[HEADER_ROW + 2].height >= 27


def test_dates_numbers_and_times_fit_their_column_however_short_its_label() -> None:
    columns = [Column("d", "D", "date"), Column("n", "N", "integer"), Column("t", "T", "minutes"), *COLUMNS]
    wide = TABLE.assign(d=dt.date(2024, 12, 31), n=123_456_789, t=1439.0)
    sheet = sheet_of(xlsx_bytes(Listing(columns, wide)))
    widths = [sheet.column_dimensions[letter].width for letter in "BCD"]
    assert all(
        width > len(text) for width, text in zip(widths, ["31 Des 2024", "123.456.789", "23 jam 59 mnt"], strict=True)
    )


def test_an_empty_listing_says_so() -> None:
    empty = sheet_of(xlsx_bytes(Listing(COLUMNS, TABLE[:0])))
    assert empty["A2"].value == "Tidak ada baris yang memenuhi syarat."


def test_a_listing_without_columns_holds_only_numbers() -> None:
    assert sheet_of(xlsx_bytes(Listing((), TABLE, title="Judul")))["A6"].value == 3


def test_a_formula_or_link_is_live_without_the_guard_and_text_with_it() -> None:
    payloads = ['=HYPERLINK("http://x.invalid")', "http://x.invalid", "+cmd|'/C calc'!A0", "@SUM(A1)", "\t=1+1"]
    table = pd.DataFrame({"name": payloads})
    naive = io.BytesIO()
    table.to_excel(naive, index=False, engine="xlsxwriter")
    live = sheet_of(naive.getvalue())
    assert live["A2"].data_type == "f"
    assert live["A3"].hyperlink is not None

    listing = Listing([Column("name", "=1+1")], table, title="=2+2", subtitle=["=3+3"], footnotes=["=4+4"])
    safe = sheet_of(xlsx_bytes(listing))
    cells = [cell for row in safe.iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s", "n"}
    assert all(cell.hyperlink is None for cell in cells)
    names = [cell for cell in cells if cell.column == 2 and cell.row > 4]
    assert [cell.value for cell in names] == payloads
    assert [cell.quotePrefix for cell in names] == [True, False, True, True, True]


def test_text_longer_than_a_cell_is_cut_with_a_sign() -> None:
    sheet = sheet_of(xlsx_bytes(Listing([Column("name", "Nama")], pd.DataFrame({"name": ["x" * 40_000]}))))
    value = sheet["B2"].value
    assert isinstance(value, str)
    assert len(value) == 32_767
    assert value.endswith("x…")


WRITE = """
import sys, pandas as pd
from coverage.faces.words.columns import Column, Listing, boxes
from coverage.faces.files.xlsx_file import xlsx_bytes
table = pd.DataFrame({"kode": ["11.10"], "t": [12.0], "d": [pd.Timestamp("2024-10-04")]})
columns = [Column("kode", "Kode", "code"), Column("t", "Waktu", "minutes"), Column("d", "Hari", "date"), *boxes()]
sys.stdout.buffer.write(xlsx_bytes(Listing(columns, table, title="Judul")))
"""


def test_the_same_table_gives_the_same_bytes_at_another_time_in_another_zone_and_process() -> None:
    def written(seed: str, zone: str) -> bytes:
        env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONPATH": os.pathsep.join(sys.path)}
        return subprocess.run([sys.executable, "-c", WRITE], env=env, check=True, capture_output=True).stdout

    first = written("1", "UTC")
    time.sleep(2.1)  # zip stamps count in steps of two seconds
    assert first == written("2", "Asia/Makassar")
    assert xlsx_bytes(LISTING) == xlsx_bytes(LISTING)
