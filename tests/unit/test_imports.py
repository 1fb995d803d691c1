"""What an import makes of good files: the same state every time, nothing silently guessed."""

import datetime as dt
import io
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
import xlsxwriter

from coverage.answers.study import open_study
from coverage.faces.files.import_files import template_bytes
from coverage.ground.errors import InputError
from coverage.places.importing import KINDS, Asked, commit, preview
from coverage.places.tables.angles import read_angle
from coverage.places.tables.column_cells import Ways, read_dates
from coverage.places.tables.faults import Faults
from coverage.places.tables.headers import read_table
from coverage.places.tables.labels import Schema
from coverage.places.villages import load_villages
from coverage.places.workspace import Workspace

SHARED = Path(os.environ.get("JANGKAU_SHARED", Path(__file__).resolve().parents[2].parent / "shared")) / "data"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="real test material is not beside the repository")
MANDONGA, LABIBIA = "74.71.01.1005", "74.71.01.1007"


@pytest.fixture
def door(tmp_path):
    return Workspace.open(tmp_path / "kantor.gpkg")


def read(kind, text, **asked):
    raw = text.encode() if isinstance(text, str) else text
    return preview(kind, raw, "berkas.csv", Asked(**{"year": 2024} | asked))


def said(found):
    return [fault.message.text("id") for fault in found.faults]


def book(rows):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        date = made.add_format({"num_format": "dd/mm/yyyy"})
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, dt.date):
                    sheet.write_datetime(at, column, dt.datetime.combine(value, dt.time()), date)
                else:
                    sheet.write(at, column, value)
    return buffer.getvalue()


GOOD = {
    "units": f"nama;kode;jenis\nKlinik A;{MANDONGA};puskesmas\nKlinik B;{LABIBIA};KM\n",
    "visits": f"kode;tanggal;tim\n{MANDONGA};4 Okt 2024;A\n{LABIBIA};05-10-2024;B\n",
    "population": f"kode;tahun;penduduk\n{MANDONGA};2024;1.234\n{LABIBIA};2024;2.345\n",
    "vulnerability": f"kode;kelas\n{MANDONGA};Bahaya\n{LABIBIA};aman\n",
    "ferries": "dari;ke;menit\n74.07.02.1002;74.07.01.1003;120\n",
    "targets": "wilayah;periode;indikator;satuan;capaian;target\n52;2025;IKM;;3,89;\n52;2025;SKHPN;surat;542;1.670\n",
    "clients": f"kode;jumlah\n{MANDONGA};13\n{LABIBIA};9\n",
}
LAYERS = {
    "units": "units",
    "visits": "visits",
    "population": "population",
    "vulnerability": "vulnerability",
    "ferries": "ferries",
    "targets": "targets",
    "clients": "client_areas",
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_file_twice_leaves_the_same_state(kind, door):
    found = read(kind, GOOD[kind])
    assert said(found) == []
    commit(found, door)
    first = door.layer(LAYERS[kind], ())
    commit(read(kind, GOOD[kind]), door)
    again = door.layer(LAYERS[kind], ())
    assert len(first) >= 1
    pd.testing.assert_frame_equal(first, again)


@pytest.mark.parametrize("kind", KINDS)
def test_a_preview_writes_nothing(kind, door):
    read(kind, GOOD[kind])
    assert not door.path.exists()


def test_two_files_of_different_villages_both_stay(door):
    commit(read("population", f"kode;penduduk\n{MANDONGA};10\n"), door)
    commit(read("population", f"kode;penduduk\n{LABIBIA};20\n"), door)
    assert sorted(door.layer("population", ())["persons"]) == [10, 20]


def test_imports_at_the_same_time_lose_no_row(door):
    kode = [MANDONGA, LABIBIA, "74.71.01.1006", "74.71.01.1008"]
    code = (
        "import sys; from pathlib import Path; from coverage.places.importing import Asked, commit, preview; "
        "from coverage.places.workspace import Workspace; raw = f'kode;penduduk\\n{sys.argv[2]};5\\n'.encode(); "
        "commit(preview('population', raw, 'x.csv', Asked(year=2024)), Workspace.open(Path(sys.argv[1])))"
    )
    root = Path(__file__).resolve().parents[2]
    started = [subprocess.Popen([sys.executable, "-c", code, str(door.path), one], cwd=root) for one in kode]
    assert [process.wait() for process in started] == [0] * len(kode)
    assert sorted(door.layer("population", ())["kode"]) == sorted(kode)


def test_only_good_rows_are_written(door):
    found = read("population", f"kode;penduduk\n{MANDONGA};10\n{LABIBIA};-1\n")
    assert len(found.faults) == 1
    commit(found, door)
    assert door.layer("population", ())["kode"].tolist() == [MANDONGA]


def test_an_open_question_writes_nothing_and_its_answer_does(door):
    text = "wilayah;periode;indikator;target\n52;2024;SKHPN;1.670\n"
    with pytest.raises(InputError, match="tidak ada baris yang dapat diimpor"):
        commit(read("targets", text), door)
    assert read("targets", text, ways=Ways("koma")).good["target"].tolist() == [1670.0]
    # Read the other way it would be 1.67 letters, which nobody counts.
    assert [fault.value for fault in read("targets", text, ways=Ways("titik")).faults] == ["1.670"]


def test_what_the_office_imports_takes_the_place_of_what_is_shipped(door):
    for kind in ("population", "vulnerability", "targets"):
        commit(read(kind, GOOD[kind]), door)
    villages = open_study("74.71", workspace=door.path).villages
    assert villages.loc[MANDONGA, "population"] == 1234
    assert villages.loc[MANDONGA, "population_source"] == "berkas.csv, 2024"
    assert villages.loc[MANDONGA, "vulnerability"] == "Bahaya"
    assert villages.loc["74.71.01.1006", "population_source"].endswith("perkiraan")
    own = door.targets()
    assert own[own["period"] == "2025"]["achieved"].tolist() == [3.89, 542.0]


@needs_shared
@pytest.mark.shared
def test_lhokseumawe_as_published_keeps_its_total_and_its_villages():
    path = SHARED / "population" / "aceh_2024_lhokseumawe_raw.csv"
    rows = pd.read_csv(path, sep=";")
    found = preview("population", path.read_bytes(), path.name, Asked())
    assert found.faults == ()
    assert found.good["persons"].sum() == rows.iloc[:, -2].sum()
    assert len(found.good) == rows.iloc[:, 6].nunique() == 68
    assert (found.rows, found.by_code) == (136, 136)
    assert any("Dibaca sebagai kode Kemendagri" in told.text("id") for told in found.detected)


@needs_shared
@pytest.mark.shared
def test_the_census_is_matched_by_name_and_never_by_its_bps_codes():
    path = SHARED / "population" / "census2010_villages.csv"
    found = preview("population", path.read_bytes(), path.name, Asked(year=2010))
    census = pd.read_csv(path, dtype="str").assign(row=lambda table: table.index + 2)
    assert found.by_code == 0
    assert found.by_name > 2_700
    assert found.by_name + len(found.unsure) + found.unmatched == found.rows == len(census)
    assert found.unsure
    buton = census[(census["pc"] == "74") & (census["rc"] == "01")]
    table = preview("population", _csv(buton), "buton.csv", Asked(year=2010))
    regencies = load_villages().loc[table.good["kode"], "regency"]
    assert set(regencies) == {"Kabupaten Buton"}
    assert not table.good["kode"].str.startswith("74.01").any()


def _csv(table):
    return table.drop(columns="row").to_csv(index=False).encode()


def test_bps_7401_is_buton_and_never_kolaka():
    rows = "7401011003;Wakoko;Pasar Wajo;BUTON;10\n7401011004;Wasaga;Pasar Wajo;BUTON;20\n"
    found = read("population", f"kode;desa;kecamatan;kabupaten;penduduk\n{rows}")
    assert found.good["kode"].tolist() == ["74.04.11.1005", "74.04.11.1006"]
    assert (found.by_code, found.by_name) == (0, 2)
    assert "Dibaca sebagai kode BPS" in " ".join(told.text("id") for told in found.detected)


def test_bps_codes_without_names_are_asked_about_even_where_villages_of_that_code_exist():
    kolaka = [kode for kode in load_villages().index if kode.startswith("74.01")][:3]
    rows = "".join(f"{kode.replace('.', '')};5\n" for kode in kolaka)
    assert read("population", f"kode;penduduk\n{rows}").open_question
    assert read("population", f"kode;penduduk\n{rows}", system="kemendagri").good["kode"].tolist() == kolaka
    assert read("population", f"kode;penduduk\n{rows}", system="bps").imported == 0


def test_codes_in_every_shape_mean_the_same_village():
    shapes = [MANDONGA, f"'{MANDONGA}", "7471011005", 7471011005.0, "7.471011005E+09", "74-71-01-1005", "ID7471011005"]
    for shape in shapes:
        found = preview(
            "population", book([["kode", "kelurahan", "penduduk"], [shape, "Mandonga", 5]]), "b.xlsx", Asked(year=2024)
        )
        assert found.good["kode"].tolist() == [MANDONGA], shape


@pytest.mark.parametrize(
    ("name", "district", "regency", "kode"),
    [
        ("Kel. Wua - Wua", "WUA-WUA", "Kendari", "74.71.07.1001"),
        ("KELURAHAN MANDONGA", "Kec. Mandonga", "KOTA KENDARI", MANDONGA),
        ("Wua2", "Wua-Wua", "Kendari", None),
    ],
)
def test_names_are_found_inside_their_kecamatan_however_they_are_written(name, district, regency, kode):
    found = read("population", f"kelurahan;kecamatan;kab/kota;penduduk\n{name};{district};{regency};5\n")
    assert found.good["kode"].tolist() == ([kode] if kode else [])


def test_a_similar_name_is_offered_and_not_taken():
    found = read("population", "kelurahan;kecamatan;penduduk\nPuwatu;Puuwatu;5\n")
    assert found.imported == 0
    assert [one.kode for one in found.unsure] == ["74.71.09.1001"]


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("04-10-2024", "2024-10-04"),
        ("4/10/2024", "2024-10-04"),
        ("4 Okt 2024", "2024-10-04"),
        ("Jumat, 4 Oktober 2024", "2024-10-04"),
        ("17 Agustus 2024", "2024-08-17"),
        ("3 Nopember 2023", "2023-11-03"),
        ("2024-10-04", "2024-10-04"),
        ("45569", "2024-10-04"),
        ("13-10-2024", "2024-10-13"),
    ],
)
def test_dates_are_read_day_first(cell, day):
    faults = Faults("x")
    table = read_table(f'tanggal;x\n"{cell}";1\n'.encode(), "x", Schema({"date": ("tanggal",)}), faults)
    assert {number: found.isoformat() for number, found in read_dates(table, "date", faults, Ways()).items()} == {
        2: day
    }


def test_dates_that_excel_turned_round_are_asked_about_and_turned_back():
    rows = [["kode", "tanggal"], [MANDONGA, dt.date(2024, 4, 10)], [MANDONGA, "13-10-2024"]]
    assert read("visits", book(rows)).open_question
    kept = read("visits", book(rows), ways=Ways(date_order="dmy"))
    turned = read("visits", book(rows), ways=Ways(date_order="mdy"))
    assert kept.good["date"].tolist() == ["2024-04-10", "2024-10-13"]
    assert turned.good["date"].tolist() == ["2024-10-04", "2024-10-13"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3°59'54,6\" LS", -3.998500),
        ("3° 59’ 54.6” S", -3.998500),
        ("S 3°59'54.6\"", -3.998500),
        ("1°30' LU", 1.5),
        ("122°30'45\" BT", 122.5125),
        ("-3,9985", -3.9985),
        ("3°75' LS", None),
        ("3°59' XX", None),
    ],
)
def test_degrees_in_words_and_signs(text, value):
    angle = read_angle(text)
    found = None if isinstance(angle, str) else angle.size * (angle.sign or 1)
    assert found == (None if value is None else pytest.approx(value))


def test_swapped_columns_are_told_and_swapped_when_asked():
    text = "nama;lintang;bujur\nA;122,51;-3,97\nB;122,52;-3,98\n"
    assert all("--swap" in line for line in said(read("units", text)))
    assert read("units", text, swap=True).good["lat"].tolist() == [-3.97, -3.98]


def test_utm_needs_a_zone_and_the_one_inside_the_area_is_proposed():
    text = "nama;x;y\nA;445600;9561100\n"
    (line,) = said(read("units", text, region="74"))
    assert "--utm-zone 51S" in line
    unit = read("units", text, zone="51S").good.iloc[0]
    assert (unit["lat"], unit["lon"]) == (pytest.approx(-3.97, abs=0.01), pytest.approx(122.51, abs=0.01))


def test_a_header_below_a_title_over_two_rows_and_totals_are_understood():
    rows = [
        ["REKAPITULASI PENDUDUK"],
        [],
        ["No", "Kode Wilayah", "Kelurahan", "Penduduk", ""],
        ["", "", "", "Laki-laki", "Perempuan"],
        ["(1)", "(2)", "(3)", "(4)", "(5)"],
        [1, MANDONGA, "Mandonga", 100, 110],
        [2, LABIBIA, "Labibia", 50, 60],
        ["", "", "Jumlah", 150, 170],
        ["Sumber: Disdukcapil"],
    ]
    found = read("population", book(rows))
    assert said(found) == []
    assert found.good["persons"].tolist() == [210, 110]
    assert "Judul kolom ada di baris 3." in [told.text("id") for told in found.detected]


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_is_read_back_without_a_fault(kind):
    raw = template_bytes(kind, "id")
    found = preview(kind, raw, "t.xlsx", Asked())
    assert said(found) == []
    assert found.imported == 1
    sheets = openpyxl.load_workbook(io.BytesIO(raw))
    assert sheets.sheetnames == ["Data", "Petunjuk"]
    header = {cell.value: cell.column for cell in sheets["Data"][1]}
    codes = [column for name, column in header.items() if "kode" in name]
    assert all(sheets["Data"].cell(2, column).number_format == "@" for column in codes)
    assert kind not in ("units", "vulnerability") or sheets["Data"].data_validations.dataValidation
