"""Layouts of tables that offices really get: what is read of each, what is asked, and what is a fault."""

import csv
import io
import json
import os
import struct
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from coverage.ground.errors import InputError
from coverage.places.importing import Asked, preview
from coverage.places.tables.choosing import ColumnsUnclearError

CASES = Path(os.environ.get("JANGKAU_SHARED", Path(__file__).resolve().parents[2].parent / "shared")) / "data/cases"
needs_cases = pytest.mark.skipif(not CASES.is_dir(), reason="the cases that failed are not beside the repository")
MANDONGA, LABIBIA, ALOLAMA = "74.71.01.1005", "74.71.01.1007", "74.71.01.1008"


def read(kind, raw, name="berkas.csv", **asked):
    return preview(kind, raw.encode() if isinstance(raw, str) else raw, name, Asked(**asked))


def said(found):
    return [fault.message.text("id") for fault in found.faults]


def told(found):
    return " ".join(message.text("id") for message in found.detected)


def refused(kind, raw, **asked):
    with pytest.raises(InputError) as caught:
        read(kind, raw, **asked)
    return caught.value.text("id")


def book(rows, merges=()):
    made = openpyxl.Workbook()
    sheet = made.active
    for row in rows:
        sheet.append(row)
    for where in merges:
        sheet.merge_cells(where)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def text_of(rows):
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";").writerows(rows)
    return buffer.getvalue()


def both_forms(rows, merges=()):
    """Give a table as a workbook with merged cells, and as text where merged cells are blank."""
    return [book(rows, merges), text_of(rows).encode()]


TWO_TIERS = [
    ["Kode", "Kelurahan", "Jumlah", None, None, "Kepala Keluarga", None, None],
    [None, None, "L", "P", "L+P", "L", "P", "L+P"],
    [MANDONGA, "Mandonga", 2000, 2100, 4100, 1000, 200, 1200],
]


@pytest.mark.parametrize("raw", both_forms(TWO_TIERS, ["C1:E1", "F1:H1"]))
def test_parts_that_repeat_are_told_apart_by_what_stands_above_them(raw):
    found = read("population", raw, year=2023)
    assert found.good["persons"].tolist() == [4100]
    assert "penduduk = Jumlah L+P (E)" in told(found)
    assert found.unread == ("Kepala Keluarga L", "Kepala Keluarga P", "Kepala Keluarga L+P")


def test_heads_of_households_alone_are_no_persons_until_somebody_says_so():
    rows = [[row[at] for at in (0, 1, 5, 6, 7)] for row in TWO_TIERS]
    with pytest.raises(ColumnsUnclearError, match="Kepala Keluarga") as caught:
        read("population", text_of(rows), year=2023)
    assert [letter for letter, _ in caught.value.options["penduduk"]] == ["E"]
    assert read("population", text_of(rows), year=2023, columns={"penduduk": "E"}).good["persons"].tolist() == [1200]


def test_figures_parted_by_words_that_are_not_known_are_asked_about():
    rows = [["Kode", "Desa", "Jumlah", None], [None, None, "WNI", "WNA"], [MANDONGA, "Mandonga", 50, 2]]
    for raw in both_forms(rows, ["C1:D1"]):
        with pytest.raises(ColumnsUnclearError, match=r"Jumlah WNI.*Jumlah WNA"):
            read("population", raw, year=2024)
        assert read("population", raw, year=2024, columns={"penduduk": "D"}).good["persons"].tolist() == [2]


def test_words_in_brackets_decide_too():
    text = refused("population", f"kode;jumlah (KK)\n{MANDONGA};5\n", year=2024)
    assert "jumlah (KK)" in text
    found = read("population", f"kode;penduduk (laki-laki);penduduk (perempuan)\n{MANDONGA};5;6\n", year=2024)
    assert found.good["persons"].tolist() == [11]
    assert "lama (jam)" in refused("ferries", "dari;ke;lama (jam)\n74.07.02.1002;74.07.01.1003;2\n")


YEARS = [
    ["Kode", "Desa", "Jumlah Penduduk", None, None, None],
    [None, None, "2022", None, "2023", None],
    [None, None, "L", "P", "L", "P"],
    [MANDONGA, "Mandonga", 10, 20, 30, 40],
]


@pytest.mark.parametrize("raw", both_forms(YEARS, ["A1:A3", "B1:B3", "C1:F1", "C2:D2", "E2:F2"]))
def test_several_years_side_by_side_are_asked_about_and_chosen_by_year(raw):
    with pytest.raises(ColumnsUnclearError, match="--year 2023"):
        read("population", raw)
    for year, persons in ((2022, 30), (2023, 70)):
        found = read("population", raw, year=year)
        assert found.good[["year", "persons"]].to_numpy().tolist() == [[year, persons]]
    assert "yang ada: 2022, 2023" in refused("population", raw, year=2021)


def test_the_year_of_the_header_is_the_year_of_the_figures():
    found = read("population", f"kode;Jumlah Penduduk Tahun 2021\n{MANDONGA};9\n")
    assert found.good[["year", "persons"]].to_numpy().tolist() == [[2021, 9]]


@pytest.mark.parametrize(
    ("kind", "rows"),
    [("population", f"kode;penduduk\n{MANDONGA};9\n"), ("vulnerability", f"kode;kelas\n{MANDONGA};Bahaya\n")],
)
def test_a_missing_year_is_asked_for_and_never_0(kind, rows):
    found = read(kind, rows)
    assert found.open_question
    assert found.good.empty
    assert "--year" in said(found)[0]
    assert read(kind, rows, year=2024).good["year"].tolist() == [2024]
    assert "tertulis 2019" in said(read(kind, f"Data Kota Kendari 2019;\n{rows}"))[0]


def test_a_row_without_a_year_among_rows_with_one_is_a_fault_of_that_row():
    found = read("population", f"kode;tahun;penduduk\n{MANDONGA};2024;9\n{LABIBIA};;8\n")
    assert [(fault.row, fault.column) for fault in found.faults] == [(3, "tahun")]
    assert found.good["persons"].tolist() == [9]


def test_two_that_fit_are_asked_about_and_the_answer_is_taken_by_letter_or_header():
    rows = f"kode;penduduk;jumlah jiwa\n{MANDONGA};1;2\n"
    text = refused("population", rows, year=2024)
    assert "B (penduduk), C (jumlah jiwa)" in text
    assert read("population", rows, year=2024, columns={"penduduk": "C"}).good["persons"].tolist() == [2]
    assert read("population", rows, year=2024, columns={"penduduk": "jumlah jiwa"}).good["persons"].tolist() == [2]
    assert "tidak dikenal" in refused("population", rows, columns={"warna": "C"})
    assert "tidak mempunyai tepat satu kolom" in refused("population", rows, columns={"penduduk": "ZZ"})


def test_the_total_must_be_the_sum_of_both_sexes_and_a_half_is_no_village():
    found = read("population", f"kode;L;P;jumlah\n{MANDONGA};10;20;31\n{LABIBIA};10;;\n{ALOLAMA};1;2;\n", year=2024)
    assert [(fault.row, fault.column) for fault in found.faults] == [(2, "jumlah"), (3, "P")]
    assert found.good["persons"].tolist() == [3]
    assert "perempuan" in refused("population", f"kode;laki-laki\n{MANDONGA};10\n", year=2024)


def test_rows_by_sex_beside_a_row_for_all_are_not_counted_twice():
    head = "kode;jenis kelamin;penduduk\n"
    found = read("population", f"{head}{MANDONGA};L;10\n{MANDONGA};P;20\n{MANDONGA};Jumlah;30\n", year=2024)
    assert (said(found), found.good["persons"].tolist(), found.skipped) == ([], [30], 0)
    found = read("population", f"{head}{MANDONGA};L;10\n{MANDONGA};P;20\n{MANDONGA};L+P;31\n", year=2024)
    assert [fault.row for fault in found.faults] == [4]
    assert found.good.empty
    assert [fault.row for fault in read("population", f"{head}{MANDONGA};Waria?;10\n", year=2024).faults] == [2]


@pytest.mark.parametrize("error", ["#N/A", "#VALUE!", "#DIV/0!", "#REF!", "#NAME?", "#NUM!", "#NULL!"])
def test_an_error_cell_is_a_fault_with_its_row_in_text_and_workbook(error):
    rows = [["kode", "kelurahan", "tahun", "penduduk"], [MANDONGA, "x", 2024, 5], [LABIBIA, "x", 2024, error]]
    for raw in (book(rows), text_of(rows)):
        found = read("population", raw)
        assert [(fault.row, fault.column, fault.value) for fault in found.faults] == [(3, "penduduk", error)]
        assert (found.imported, found.skipped) == (1, 0)


def test_a_formula_without_its_result_is_a_fault_and_one_with_it_is_its_result():
    raw = book([["kode", "tahun", "penduduk"], [MANDONGA, 2024, "=2+3"]])
    (fault,) = read("population", raw).faults
    assert (fault.row, fault.column, fault.value) == (2, "penduduk", "=2+3")
    assert "hasilnya tidak tersimpan" in fault.message.text("id")


def test_an_error_cell_of_an_old_workbook_is_a_fault():
    raw = bytearray((Path(__file__).parents[1] / "fixtures/bad_input/population_old.xls").read_bytes())
    at = raw.index(struct.pack("<HHHH", 0xBD, 18, 4, 2))
    # The numbers of row 5 become #VALUE! and a record of no meaning.
    error = struct.pack("<HHHHHBB", 0x205, 8, 4, 2, 0, 0x0F, 1)
    raw[at : at + 22] = error + struct.pack("<HH", 0, 6) + bytes(6)
    found = read("population", bytes(raw), year=2024)
    assert [(fault.row, fault.value) for fault in found.faults] == [(5, "#VALUE!"), (6, "-3")]


def open_document(rows):
    """Make an OpenDocument sheet of one column "kode" and one more, given as attributes and text of its cells."""
    told = "".join(
        f"<table:table-row><table:table-cell office:value-type='string'><text:p>{kode}</text:p></table:table-cell>"
        f"<table:table-cell {given}><text:p>{text}</text:p></table:table-cell></table:table-row>"
        for kode, given, text in rows
    )
    of = "urn:oasis:names:tc:opendocument:xmlns"
    names = (
        f"xmlns:office='{of}:office:1.0' xmlns:table='{of}:table:1.0' xmlns:text='{of}:text:1.0' xmlns:ext='urn:ext'"
    )
    content = f"<office:document-content {names}><office:body><office:spreadsheet><table:table table:name='Data'>{told}"
    content += "</table:table></office:spreadsheet></office:body></office:document-content>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", f"<manifest xmlns='{of}:manifest:1.0'/>")
    return buffer.getvalue()


def test_errors_and_uncomputed_formulas_of_an_opendocument_sheet_are_faults():
    rows = [
        ("kode", "office:value-type='string'", "penduduk"),
        (MANDONGA, "table:formula='of:=NA()' office:value-type='string' ext:value-type='error'", "#N/A"),
        (LABIBIA, "table:formula='of:=[.B1]+1'", ""),
        (ALOLAMA, "office:value-type='float' office:value='7'", "7"),
    ]
    found = read("population", open_document(rows), year=2024)
    assert [(fault.row, fault.value) for fault in found.faults] == [(2, "#N/A"), (3, "=[.B1]+1")]
    assert found.good["persons"].tolist() == [7]


def test_merged_cells_are_filled_downwards_and_a_merged_figure_is_a_fault():
    rows = [
        ["Kecamatan", "Kelurahan", "Tahun", "Penduduk"],
        ["Mandonga", "Mandonga", 2024, 5],
        [None, "Labibia", 2024, 6],
        [None, "Alolama", 2024, None],
    ]
    found = read("population", book(rows, ["A2:A4"]), region="74.71")
    assert found.good["kode"].tolist() == [MANDONGA, LABIBIA]
    found = read("population", book(rows, ["A2:A4", "D3:D4"]), region="74.71")
    assert [(fault.row, fault.column) for fault in found.faults] == [(3, "Penduduk"), (4, "Penduduk")]
    assert found.good["kode"].tolist() == [MANDONGA]


def test_a_kecamatan_written_once_holds_below_it_but_not_into_the_next_regency():
    head = "kabupaten;kecamatan;desa;penduduk\n"
    found = read("population", f"{head}Kota Kendari;Mandonga;Mandonga;5\n;;Labibia;6\n", year=2024)
    assert found.good["kode"].tolist() == [MANDONGA, LABIBIA]
    assert "diisi dari baris di atasnya: 3" in told(found)
    found = read("population", f"{head}Kota Kendari;Mandonga;Mandonga;5\nKabupaten Muna;;Labibia;6\n", year=2024)
    assert [fault.row for fault in found.faults] == [3]


@pytest.mark.parametrize("sign", [";", ","])
def test_lines_that_are_quoted_as_a_whole_are_read(sign):
    lines = [["kode", "kelurahan", "tahun", "penduduk"], [MANDONGA, '""Mandonga""', "2024", "5"]]
    found = read("population", "".join(f'"{sign.join(line)}"\n' for line in lines))
    assert (said(found), found.good["persons"].tolist()) == ([], [5])
    quoted = "".join(
        sign.join(f'"{cell}"' for cell in line) + "\n" for line in [lines[0], [MANDONGA, "M", "2024", "5"]]
    )
    assert read("population", quoted).good["persons"].tolist() == [5]


@pytest.mark.parametrize(
    "page",
    [
        "\n<style>td{}</style><table><tr><td>kode</td></tr></table>",
        "Laporan\n<TABLE border=1><tr><td>kode</td></tr></TABLE>",
        "<!-- x --><div>kode;penduduk</div>",
        "MIME-Version: 1.0\nContent-Type: multipart/related\n",
    ],
)
def test_a_page_saved_as_xls_is_named_as_one(page):
    text = refused("population", page)
    assert "halaman web" in text
    assert "simpan sebagai .xlsx" in text


def test_bps_and_kemendagri_side_by_side_are_read_by_kemendagri_wherever_they_stand():
    head = ["bps_kode_desa_kelurahan", "bps_nama_desa_kelurahan", "kemendagri_kode_desa_kelurahan", "jumlah_penduduk"]
    row = ["7471012001", "Wua-Wua", MANDONGA, "5"]
    for order in ([0, 1, 2, 3], [3, 2, 1, 0]):
        raw = text_of([[head[at] for at in order], [row[at] for at in order]])
        found = read("population", raw, year=2023)
        assert "kode = kemendagri_kode_desa_kelurahan" in told(found)
        assert "bps_kode_desa_kelurahan" in found.unread


def test_the_second_half_year_is_used_and_said():
    head = "kode;tahun;semester;penduduk\n"
    found = read("population", f"{head}{MANDONGA};2023;1;10\n{MANDONGA};2023;2;11\n{LABIBIA};2023;1;7\n")
    assert (said(found), found.good["persons"].tolist(), found.skipped) == ([], [11, 7], 0)
    assert "semester 1 dari tahun yang sama tidak dipakai: 2" in told(found)
    assert [fault.row for fault in read("population", f"{head}{MANDONGA};2023;ganjil;10\n").faults] == [2]


@pytest.mark.parametrize(
    ("word", "kind"),
    [("PKM", "puskesmas"), ("RS", "rumah sakit"), ("RSUD", "rumah sakit"), ("yayasan", "KM"), ("klinik", "lainnya"),
     ("Klinik BNNK", "klinik BNNK"), ("Puskesmas", "puskesmas")],
)  # fmt: skip
def test_the_words_of_offices_for_kinds_are_known_and_said(word, kind):
    found = read("units", f"nama;jenis;kode\nA;{word};{MANDONGA}\n")
    assert (said(found), found.good["kind"].tolist()) == ([], [kind])
    assert (f'Jenis "{word}" dibaca sebagai {kind} (baris 2).' in told(found)) == (word.casefold() != kind.casefold())


def test_puskesmas_pembantu_and_what_is_no_unit_are_faults():
    found = read("units", f"nama;jenis;kode\nA;puskesmas pembantu;{MANDONGA}\nB;warung;{MANDONGA}\n")
    assert [fault.row for fault in found.faults] == [2, 3]


def feature(properties, kind, spot):
    return {"type": "Feature", "properties": properties, "geometry": {"type": kind, "coordinates": spot}}


POINTS = {
    "type": "FeatureCollection",
    "features": [
        feature({"nama": "A", "warna": 7}, "Point", [122.5, -3.9, 4]),
        feature({"nama": "B"}, "LineString", [[1, 2], [3, 4]]),
        feature({"nama": "C"}, "Point", [-3.9, 122.5]),
        feature({"nama": "D"}, "Point", [12.5, -3.9]),
    ],
}


def test_points_of_geojson_are_units_and_what_is_no_point_is_a_fault():
    found = read("units", json.dumps(POINTS), "titik.geojson")
    assert [fault.row for fault in found.faults] == [3, 5]
    assert found.good[["lat", "lon"]].to_numpy().tolist() == [[-3.9, 122.5], [-3.9, 122.5]]
    assert found.unread == ("warna",)


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ('{"type": "Feature"}', "FeatureCollection"),
        ('{"type": "FeatureCollection", "features": [NaN]}', "tidak dapat dibaca sebagai JSON"),
        ('{"a": ' * 100_000, "tidak dapat dibaca sebagai JSON"),
        (json.dumps(POINTS | {"crs": {"properties": {"name": "EPSG:32751"}}}), "WGS 84"),
    ],
)
def test_json_of_other_kinds_is_answered_in_one_sentence(raw, sentence):
    assert sentence in refused("units", raw)


@pytest.mark.parametrize(
    "head",
    ["Titik tengah koordinat peta", "Lintang Menit", "lat_dd_2", "UTM Easting"],
)
def test_a_filled_column_of_coordinates_is_never_dropped(head):
    rows = f"nama;kode;{head}\nA;{MANDONGA};3,5\n"
    assert head in refused("units", rows)
    assert read("units", rows, columns={"catatan": "C"}).imported == 1
    assert read("units", f"nama;kode;{head}\nA;{MANDONGA};\n").unread == (head,)


@pytest.mark.parametrize(
    ("cell", "spot"),
    [
        ("-3,9985, 122,5127", (-3.9985, 122.5127)),
        ("-3.9985 122.5127 0 4.5", (-3.9985, 122.5127)),
        ("122.5127, -3.9985", (-3.9985, 122.5127)),
        ("3,9985 LS; 122,5127 BT", (-3.9985, 122.5127)),
        ("POINT (122.5127 -3.9985)", (-3.9985, 122.5127)),
        ("-3 59 54 122 30 45", (-3.998333, 122.5125)),
        ("-3,9985 LU, 122,5127", None),
        ("dekat pasar", None),
    ],
)
def test_one_column_may_hold_both(cell, spot):
    found = read("units", text_of([["nama", "Koordinat (lat, long)"], ["A", cell]]))
    if spot is None:
        assert [(fault.row, fault.column) for fault in found.faults] == [(2, "Koordinat (lat, long)")]
    else:
        assert found.good[["lat", "lon"]].iloc[0].tolist() == pytest.approx(spot, abs=1e-6)


def test_columns_that_tell_two_places_for_one_unit_are_a_fault():
    rows = "nama;koordinat;lintang;bujur\nA;-3.99 122.51;-3.99;122.51\nB;-3.99 122.51;-3.99;122.71\n"
    assert [(fault.row, fault.column) for fault in read("units", rows).faults] == [(3, "koordinat")]


@needs_cases
@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "persons"),
    [
        ("pop_twotier_KK.xlsx", [4100]),
        ("pop_satudata_bps_and_kemendagri.csv", [15000]),
        ("pop_satudata_kemendagri_headers.csv", [15100]),
    ],
)
def test_population_cases_come_right(name, persons):
    found = preview("population", (CASES / name).read_bytes(), name, Asked(year=2023))
    assert said(found) == []
    assert found.good["persons"].tolist() == persons


@needs_cases
@pytest.mark.shared
def test_cases_that_must_be_refused_are_refused():
    found = preview("population", (CASES / "pop_error_cells.xlsx").read_bytes(), "x.xlsx", Asked())
    assert [fault.value for fault in found.faults] == ["#N/A", "#VALUE!", "#DIV/0!"]
    assert found.skipped == 0
    assert "halaman web" in refused("population", (CASES / "pop_html_fragment.xls").read_bytes())


@needs_cases
@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "spots"),
    [
        ("units_minus_and_LS.csv", [(-3.9985, 122.5127), (-3.998333, 122.5125), (-3.998333, 122.5125)]),
        ("units_kobo_export.csv", [(-3.9985, 122.5127)]),
        ("units_geojson_points.geojson", [(-7.92, 110.31)]),
    ],
)
def test_cases_of_units_stand_where_they_are(name, spots):
    found = preview("units", (CASES / name).read_bytes(), name, Asked())
    assert said(found) == []
    assert found.good[["lat", "lon"]].to_numpy() == pytest.approx(np.array(spots), abs=1e-6)


def signed(total, foot):
    """Make a printed table: a total merged from the column of numbers, and a signature in any column below."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["NO", "KODE", "KELURAHAN/DESA", "KECAMATAN", "PENDUDUK"],
        [1, MANDONGA, "Mandonga", "Mandonga", 10],
        [2, LABIBIA, "Labibia", "Mandonga", 20],
        [total, None, None, None, 30],
        [],
        *foot,
    ):
        sheet.append(row)
    sheet.merge_cells("A4:D4")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("at", range(5))
@pytest.mark.parametrize(
    "total", ["JUMLAH KABUPATEN MUNA", "Total Provinsi", "JUMLAH SELURUHNYA", "Jumlah Kecamatan Raha"]
)
def test_a_merged_total_and_a_signature_are_no_data(total, at):
    blank = [None] * at
    foot = [
        [*blank, "Raha, 14 Januari 2025"],
        [*blank, "Kepala Dinas"],
        [],
        [*blank, "Drs. Contoh, M.Si"],
        [*blank, "NIP. 19"],
    ]
    found = read("population", signed(total, foot), "p.xlsx", year=2024)
    assert said(found) == []
    assert found.good["persons"].tolist() == [10, 20]
    assert "Baris jumlah tidak dihitung sebagai data: 4" in told(found)
    assert "6, 7, 9, 10" in told(found)


def test_a_row_below_a_signature_that_holds_a_figure_is_still_read():
    more = [[None, None, "Raha, 14 Januari 2025"], [3, ALOLAMA, "Alolama", "Mandonga", 40]]
    assert said(read("population", signed("JUMLAH", more), "p.xlsx", year=2024))


@pytest.mark.parametrize("day", ["Jumat, 4 Oktober 2024", "Jum'at 4 Oktober 2024", "4 Oktober 2024"])
def test_a_visit_dated_in_words_is_no_signature(day):
    raw = f'kelurahan,kecamatan,kabupaten,tanggal\nMandonga,Mandonga,Kota Kendari,"{day}"\n'
    assert read("visits", raw).rows == 1


def test_a_last_village_without_a_figure_is_no_signature():
    raw = f"kode;kelurahan;kecamatan;penduduk\n{MANDONGA};Mandonga;Mandonga;10\n;Zzz Kepala Dusun;Mandonga;\n"
    assert read("population", raw, year=2024).rows == 2
