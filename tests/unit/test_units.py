"""Units tables as offices keep them: what is read, and how every fault is told."""

import datetime as dt
import io
import zipfile

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from coverage.answers.gaps import gaps
from coverage.answers.study import open_study
from coverage.faces.words.unit_facts import unit_facts
from coverage.ground.errors import InputError
from coverage.ground.registry import data_file
from coverage.places.importing import Asked, preview
from coverage.places.tables import table_files
from coverage.places.unit_checks import read_units
from coverage.places.unit_kinds import KINDS
from coverage.places.units import embedded_units, find_unit, not_open, responsible
from coverage.places.villages import load_villages

MANDONGA = "74.71.01.1005"


def read(text, encoding="utf-8"):
    return read_units(text.encode(encoding) if isinstance(text, str) else text, "unit.csv")


def faults(text):
    with pytest.raises(InputError) as caught:
        read(text)
    return caught.value.text("id").splitlines()


def test_a_unit_without_a_point_stands_on_its_village():
    unit = read(f"name,kode\nKlinik A,{MANDONGA}\n").loc["klinik-a"]
    village = load_villages().loc[MANDONGA]
    assert (unit["lat"], unit["lon"]) == (village["lat"], village["lon"])
    assert unit["location_quality"] == "titik kelurahan"
    assert unit["kind"] == "lainnya"


def test_a_unit_with_its_own_point_is_not_called_surveyed():
    unit = read("name,lat,lon\nKlinik A,-3.97,122.51\n").loc["klinik-a"]
    assert (unit["lat"], unit["lon"], unit["kode"]) == (-3.97, 122.51, "")
    assert unit["location_quality"] == "belum diverifikasi"


@pytest.mark.parametrize("region", ["ID", "74"])
@pytest.mark.parametrize(
    ("header", "cells", "column", "value"),
    [
        ("lintang;bujur", "3,99;122,51", "lintang", "3,99 122,51"),
        ("koordinat", "3.99 122.51", "koordinat", "3.99 122.51"),
        ("catatan;koordinat", "baru;3.99, 122.51", "koordinat", "3.99, 122.51"),
    ],
)
def test_a_point_at_sea_is_a_fault_of_the_column_it_stands_in(region, header, cells, column, value):
    """A lost minus put a unit 300 km out at sea when no region was said, and the fault named a column of no file."""
    found = preview("units", f"nama;{header}\nA;{cells}\n".encode(), "unit.csv", Asked(region=region))
    ((where, what, told),) = [(one.column, one.value, one.problem.key) for one in found.faults]
    assert (where, what, told, found.imported) == (column, value, "units.off_land", 0)


def test_a_stated_point_far_from_its_village_is_a_fault_of_the_column_it_stands_in():
    said = faults(f"nama;kode;koordinat\nA;{MANDONGA};-3.5, 119.5\n")
    assert said[0].startswith('unit.csv, baris 2, kolom "koordinat": nilai "-3.5, 119.5" berjarak 339,1 km')


@pytest.mark.parametrize(
    "text",
    [
        "nama;lintang;bujur\nKlinik Ç;-3,97;122,51\n",
        "nama\tlintang\tbujur\r\nKlinik Ç\t-3,97\t122,51\r\n",
        'nama,lintang,bujur\nKlinik Ç,"-3,97","122,51"\n',
        "\n;;\nNAMA UNIT;Latitude;Longitude\n\nKlinik Ç;-3.97;122.51\n;;\n",
        "Nama_Unit; lintang ;bujur\rKlinik Ç;-3,97;122,51\r",
        "name,lat,lon,catatan,kolom lain\nKlinik Ç,-3.97,122.51\n",
    ],
    ids=["semicolon", "tab", "quoted", "blank rows", "old Mac", "short row"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_what_spreadsheets_write_is_read_alike(text, encoding):
    units = read(text, encoding)
    assert units["name"].tolist() == ["Klinik Ç"]
    assert units[["lat", "lon"]].to_numpy().tolist() == [[-3.97, 122.51]]


def test_kinds_are_taken_in_any_case():
    units = read(f"name,kind,institution,kode\nA,Puskesmas,ip,{MANDONGA}\nB,KLINIK BNNK,Km,{MANDONGA}\n")
    assert units["kind"].tolist() == ["puskesmas", "klinik BNNK"]
    assert units["institution"].tolist() == ["IP", "KM"]


@pytest.mark.parametrize(
    ("row", "column", "value", "remedy"),
    [
        ("A,74.71.01.1999,,,,", "kode", "74.71.01.1999", "bukan kode kelurahan/desa yang ada"),
        ("A,74.71,,,,", "kode", "74.71", "bukan kode kelurahan/desa yang ada"),
        ("A,7471011005,,,,", "kode", "7471011005", "--codes kemendagri atau --codes bps"),
        ("A,7.47E+09,,,,", "kode", "7.47E+09", "kehilangan angka"),
        ("A,,,,,", "kode", "", "Isi kode kelurahan/desa, atau lintang dan bujur"),
        (f",{MANDONGA},,,,", "name", "", "Isi nama unit"),
        ("A,,-3.97,12.2,,", "lon", "12.2", "di luar rentang 95 s.d. 141,1"),
        ("A,,sini,122.51,,", "lat", "sini", "bukan angka derajat"),
        ("A,,-3.97,,,", "lon", "", "bukan angka derajat"),
        ("A,,NaN,122.51,,", "lat", "NaN", "bukan angka derajat"),
        ("A,,1e400,122.51,,", "lat", "1e400", "bukan angka derajat"),
        ("A,,-inf,122.51,,", "lat", "-inf", "bukan angka derajat"),
        ("A,,-3.998.512,122.51,,", "lat", "-3.998.512", "maksudnya -3,998512"),
        (f"A,{MANDONGA},-3.5,119.5,,", "lat", "-3.5", "km dari titik kelurahan/desa 74.71.01.1005"),
        (f"A,{MANDONGA},,,rumah,", "kind", "rumah", "klinik BNNP, klinik BNNK, puskesmas"),
        (f"A,{MANDONGA},,,,74;74.99", "wilayah_kerja", "74.99", "bukan kode wilayah yang ada"),
        (f"A,{MANDONGA},,,,7403", "wilayah_kerja", "7403", "tulis 74.03"),
    ],
)
def test_each_fault_names_file_row_column_value_and_remedy(row, column, value, remedy):
    (said,) = faults(f"name,kode,lat,lon,kind,wilayah_kerja\nKlinik Baik,{MANDONGA},,,,\n{row}\n")
    assert said.startswith(f'unit.csv, baris 3, kolom "{column}": nilai "{value}" ')
    assert remedy in said


def test_swapped_lat_and_lon_are_recognised():
    said = faults("name,lat,lon\nA,122.51,-3.97\n")
    assert [line.split("kolom ")[1][:5] for line in said] == ['"lat"', '"lon"']
    assert all("tertukar" in line for line in said)


def test_all_faults_are_told_at_once_in_the_order_of_the_rows():
    said = faults("name,kode,kind\n,74.71.01.1999,rumah\nB,,puskesmas\nC,x,\n")
    assert [line.split(", ")[1] for line in said] == ["baris 2"] * 3 + ["baris 3", "baris 4"]


def test_a_second_row_with_the_same_id_names_both_rows():
    (said,) = faults(f"id,name,kode\nx,A,{MANDONGA}\ny,B,{MANDONGA}\nx,C,{MANDONGA}\n")
    assert "baris 4" in said
    assert "baris 2" in said


def test_rows_are_counted_as_the_spreadsheet_counts_them():
    (said,) = faults(f'name,note,kode\nA,"baris satu\nbaris dua",{MANDONGA}\n,,\nB,,salah\n')
    assert "baris 4" in said


def test_a_fault_never_breaks_the_line_or_steers_the_terminal():
    (said,) = faults('name,kode\nA,"\x1b[2J\nx"\n')
    assert "\x1b" not in said
    (said,) = faults(f"name,kode\nA,{'9' * 5000}\n")
    assert len(said) < 300


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "unit.csv kosong"),
        (b"\xef\xbb\xbf\r\n\r\n", "unit.csv kosong"),
        (b"name,kode\n", "unit.csv kosong"),
        (b"\x7fELF\x02\x01\x00\x00", "bukan tabel yang dikenal"),
        ("name,kode\nA,x\n".encode("utf-16"), "tidak ada dalam daftar kode wilayah"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "kolom nama tidak ada"),
        (b"kode\n74.71.01.1005\n", "kolom nama tidak ada"),
        (b"unit,nama,kode\nA,B,74.71.01.1005\n", "kolom nama cocok dengan lebih dari satu kolom: A (unit), B (nama)"),
        (b'name,kode\n"A,74.71.01.1005\n', "baris 2"),
        (b'name,kode\nA,"' + b"9" * 200_000 + b'"\n', "baris 2"),
    ],
)
def test_what_is_no_units_table_is_refused_in_one_sentence(content, said):
    (sentence,) = faults(content)
    assert said in sentence
    assert sentence.startswith("unit.csv")


def test_a_workbook_without_sheets_is_refused_with_the_way_out():
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    (said,) = faults(book.getvalue())
    assert "simpan lagi sebagai .xlsx" in said


def test_a_header_that_begins_with_pk_is_not_taken_for_a_workbook():
    assert len(read(f"PKM,name,kode\n1,A,{MANDONGA}\n")) == 1


def test_a_million_rows_are_refused_with_the_limit():
    (said,) = faults(b"name,kode\n" + b"A,74.71.01.1005\n" * 1_000_000)
    assert "50.000" in said


def test_blank_rows_below_the_table_do_not_count():
    assert len(read(f"name,kode\nA,{MANDONGA}\n" + ",\n" * 200_000)) == 1


@pytest.mark.parametrize("as_path", [True, False])
def test_more_than_the_largest_file_is_refused_unread(as_path, tmp_path, monkeypatch):
    monkeypatch.setattr(table_files, "MAX_BYTES", 1024 * 1024)
    content = b"name,kode\n" + b" " * 1024 * 1024
    path = tmp_path / "unit.csv"
    path.write_bytes(content)
    with pytest.raises(InputError, match="lebih besar dari 1 MB"):
        read_units(path if as_path else content, "unit.csv")


def test_a_file_that_is_not_there_is_named(tmp_path):
    for path in (tmp_path / "unit.csv", tmp_path):
        with pytest.raises(InputError, match=r"^unit\.csv tidak dapat dibuka"):
            read_units(path, "unit.csv")


def test_a_name_without_letters_still_gets_an_id():
    assert read(f"name,kode\n***,{MANDONGA}\n").index.tolist() == ["unit-2"]


CELLS = st.one_of(
    st.sampled_from(
        [
            "",
            "A",
            MANDONGA,
            "7471011005",
            "-3,97",
            "122.5",
            "nan",
            "1e400",
            "74;74.03",
            "puskesmas",
            '"',
            "'",
            "\r",
            ";",
            "ID",
        ]
    ),
    st.text(max_size=8),
)
HEADERS = st.sampled_from(["id", "nama", "kode", "lat", "bujur", "jenis", "wilayah kerja", "x", ""])


@given(st.lists(HEADERS, max_size=6), st.lists(st.lists(CELLS, max_size=7), max_size=5), st.sampled_from(",;\t"))
def test_no_table_raises_anything_but_an_input_error(header, rows, delimiter):
    check_read("\n".join(delimiter.join(row) for row in [["name", *header], *rows]).encode("utf-8", "surrogatepass"))


@given(st.binary(max_size=200))
@example(b"name\n\xff")
@example(b"PK\x03\x04")
@example(b'name\n"')
@example(b"name\r\rA")
def test_no_bytes_raise_anything_but_an_input_error(content):
    check_read(content)


def check_read(content):
    try:
        units = read_units(content, "unit.csv")
    except InputError as error:
        said = [error.text(lang) for lang in ("id", "en")]
        assert all(said)
    else:
        assert units.index.is_unique
        assert np.isfinite(units[["lat", "lon"]].to_numpy(float)).all()
        assert set(units["kind"]) <= set(KINDS)
        assert (units["name"] != "").all()
        assert (units.index != "").all()


def test_shipped_units_pass_the_same_gate():
    units = embedded_units()
    assert len(units) == 16
    assert units["wilayah_kerja"]["bnnk-muna"] == ("74.03", "74.13", "74.10")


@pytest.mark.parametrize("text", ["bnnk-muna", " bnnk-muna ", "Klinik BNNK Muna", "BNNK MUNA", "muna"])
def test_a_unit_is_found_by_id_or_a_part_of_its_name(text):
    assert find_unit(embedded_units(), text) == "bnnk-muna"


@pytest.mark.parametrize(("text", "offered"), [("Kendari", 3), ("xyzzy", 12), ("", 12)])
def test_a_unit_that_is_unknown_or_ambiguous_is_answered_with_ids(text, offered):
    with pytest.raises(InputError) as caught:
        find_unit(embedded_units(), text)
    assert str(caught.value).count(" (") == offered


def test_the_narrowest_working_area_is_responsible():
    owner = responsible(embedded_units(), load_villages().index)
    assert owner["74.71.01.1005"] == "bnn-kota-kendari"
    assert owner["74.13.01.2001"] == "bnnk-muna"
    assert owner["74.02.15.2007"] == "klinik-bnnp-sultra"
    assert owner["81.01.26.2001"] == ""


def test_the_country_is_the_widest_working_area():
    units = read(f"name,kode,wilayah_kerja\nPusat,{MANDONGA},ID\nKota,{MANDONGA},74.71\n")
    owner = responsible(units, load_villages().index)
    assert owner["81.01.26.2001"] == "pusat"
    assert owner["74.71.01.1005"] == "kota"


def test_the_shipped_units_agree_with_their_names_though_they_are_not_compared_at_every_start():
    path = data_file("units")
    pd.testing.assert_frame_equal(embedded_units(), read_units(path, "data/facilities/units.csv"))


@pytest.mark.parametrize(
    ("column", "day", "state"),
    [
        ("open_to", "2000-01-31", "closed"),
        ("open_to", "2999-01-31", ""),
        ("open_from", "2999-01-31", "not_yet"),
        ("open_from", "2000-01-31", ""),
        ("open_to", "", ""),
    ],
)
def test_who_counts_a_unit_that_is_not_open_says_so(column, day, state):
    """Answers counted an IBM that had closed, and only who started from it was told."""
    unit = f"name,kode,{column}\nIBM Tua,74.71.01.1005,{day}\n".encode()
    today = dt.date(2026, 11, 28)
    units = read_units(unit, "u.csv")
    assert not_open(units, today).tolist() == [state]
    told = [
        message for message in gaps(open_study("74.71", units_file=unit)).notes if message.key == "gaps.note_not_open"
    ]
    assert [("IBM Tua" in message.text("id"), message.values["units"]) for message in told] == (
        [(True, 1)] if state else []
    )
    assert any("tutup" in fact or "Baru buka" in fact for fact in unit_facts(units.iloc[0], "id", today=today)) == bool(
        state
    )
