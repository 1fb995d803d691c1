"""``jangkau import`` and ``jangkau template``: what they print, write, and leave alone."""

import io
import json
import sys
from types import SimpleNamespace

import openpyxl
import pytest

from coverage.faces.cli import main
from coverage.places.workspace import Workspace

MANDONGA, LABIBIA = "74.71.01.1005", "74.71.01.1007"
MIXED = f"kode;penduduk;tahun\n{MANDONGA};10;2024\n{LABIBIA};-1;2024\n"


@pytest.fixture
def ask(tmp_path, monkeypatch, capfdbinary):
    """Run the command in a folder of its own; give exit code, output and error."""
    monkeypatch.setenv("JANGKAU_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)

    def asked(*words):
        code = main(list(words))
        out, err = capfdbinary.readouterr()
        return code, out.decode(), err.decode()

    return asked


@pytest.fixture
def mixed(tmp_path):
    """Give a table with one good row and one that is wrong."""
    path = tmp_path / "penduduk.csv"
    path.write_text(MIXED)
    return str(path)


def layer(name="population"):
    door = Workspace.open()
    return door.layer(name, ()) if door.path.exists() else None


def test_with_faults_nothing_is_written_and_the_code_is_two(ask, mixed):
    code, out, err = ask("import", "population", mixed)
    assert code == 2
    assert 'penduduk.csv, baris 3, kolom "penduduk": nilai "-1" kurang dari nol.' in out
    assert "--yes" in err
    assert layer() is None


@pytest.mark.parametrize("flag", ["--yes", "--good-rows-only"])
def test_a_yes_writes_the_good_rows(ask, mixed, flag):
    code, out, err = ask("import", "population", mixed, flag)
    assert (code, err) == (0, "")
    assert "1 baris ditulis ke" in out
    assert layer()["kode"].tolist() == [MANDONGA]


def test_a_dry_run_writes_nothing(ask, mixed):
    code, out, _ = ask("import", "population", mixed, "--yes", "--dry-run")
    assert code == 0
    assert "Tidak ada yang ditulis." in out
    assert layer() is None


def test_the_report_for_machines_has_its_keys(ask, mixed):
    code, out, _ = ask("import", "population", mixed, "--format", "json")
    report = json.loads(out)
    assert code == 2
    assert {"file", "rows", "imported", "faults", "detected", "matched_by_code", "unsure", "unmatched"} <= set(report)
    assert (report["rows"], report["good"], report["imported"], report["written"]) == (2, 1, 0, False)
    assert report["faults"] == [
        {
            "row": 3,
            "column": "penduduk",
            "value": "-1",
            "problem": "kurang dari nol.",
            "remedy": "Tulis angka 0 atau lebih, atau kosongkan bila tidak diketahui.",
        }
    ]


def test_the_file_comes_back_with_its_faults_marked(ask, mixed, tmp_path):
    ask("import", "population", mixed, "--faults", "salah.xlsx")
    book = openpyxl.load_workbook(tmp_path / "salah.xlsx")
    assert book["Data"]["B3"].value == "-1"
    assert "kurang dari nol" in book["Data"]["B3"].comment.text
    assert book["Data"]["B2"].comment is None
    assert [cell.value for cell in book["Kesalahan"][2]][:3] == [3, "penduduk", "-1"]


def test_the_corrected_file_is_read_again(ask, mixed, tmp_path):
    ask("import", "population", mixed, "--faults", "salah.xlsx")
    book = openpyxl.load_workbook(tmp_path / "salah.xlsx")
    book["Data"]["B3"] = "20"
    book.save(tmp_path / "benar.xlsx")
    code, _, _ = ask("import", "population", "benar.xlsx")
    assert code == 0
    assert layer()["persons"].tolist() == [10, 20]


def test_an_open_question_is_not_answered_by_a_yes(ask, tmp_path):
    (tmp_path / "t.csv").write_text("wilayah;periode;indikator;target\n52;2024;SKHPN;1.670\n")
    code, out, err = ask("import", "targets", "t.csv", "--yes")
    assert code == 2
    assert "--decimal" in out
    assert "seluruh kolom" in err
    assert ask("import", "targets", "t.csv", "--decimal", "koma")[0] == 0
    assert layer("targets")["target"].tolist() == [1670.0]


def test_pasted_text_is_read_from_standard_input(ask, monkeypatch):
    monkeypatch.setattr(
        sys, "stdin", SimpleNamespace(buffer=io.BytesIO(f"kode\ttahun\tpenduduk\n{MANDONGA}\t2024\t7\n".encode()))
    )
    assert ask("import", "population", "-")[0] == 0
    assert layer()["persons"].tolist() == [7]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("import", "population", "tidak-ada.csv"), "tidak-ada.csv tidak dapat dibuka"),
        (("import", "population", "."), "tidak dapat dibuka"),
        (("import", "siapa", "x.csv"), "tidak dikenal"),
        (("import", "population"), "Pilihan wajib"),
        (("import", "units", "x.csv", "--utm-zone", "99X"), "tidak dikenal"),
        (("template", "units", "-o", "unit.csv"), ".xlsx"),
        (("template", "units", "-o", "tidak/ada.xlsx"), "folder"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(ask, words, said):
    code, out, err = ask(*words)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_two_columns_that_fit_are_told_apart_by_letter(ask, tmp_path):
    (tmp_path / "dua.csv").write_text(f"kode;tahun;penduduk;jumlah jiwa\n{MANDONGA};2024;1;2\n")
    code, _, err = ask("import", "population", "dua.csv", "--yes")
    assert code == 2
    assert "--column penduduk=C" in err
    assert ask("import", "population", "dua.csv", "--column", "penduduk")[0] == 2
    code, out, _ = ask("import", "population", "dua.csv", "--column", "Penduduk=D", "--format", "json")
    assert code == 0
    assert json.loads(out)["unread"] == ["penduduk"]
    assert layer()["persons"].tolist() == [2]


def test_a_template_is_written_and_imported(ask, tmp_path):
    code, out, _ = ask("template", "population", "-o", "penduduk.xlsx")
    assert code == 0
    assert "penduduk.xlsx" in out
    assert ask("import", "population", "penduduk.xlsx")[0] == 0
    assert layer()["kode"].tolist() == [MANDONGA]


@pytest.mark.usefixtures("no_steps")
def test_clients_say_what_was_dropped_and_at_which_level_they_are_released(ask, tmp_path):
    rows = "".join(f"KANARI,747199,{kode},20\n" for kode in (MANDONGA, LABIBIA))
    (tmp_path / "klien.csv").write_text(f"nama,NIK,kode,jumlah\n{rows}")
    code, out, err = ask("import", "clients", "klien.csv", "--period", "2024")
    assert (code, err) == (0, "")
    assert "Kolom yang dibuang tanpa dibaca: nama, NIK." in out
    assert "Dikeluarkan di tingkat kelurahan/desa: 2 wilayah, 40 klien" in out
    code, out, err = ask("import", "clients", "klien.csv", "--period", "2023-2024")
    assert code == 2
    assert "--reason" in err


def test_a_fix_is_offered_by_name_and_done_only_when_asked_for(ask, tmp_path):
    (tmp_path / "u.csv").write_text(
        "nama;jenis;lintang;bujur\nKlinik A;pukesmas;122,51;-3,97\nKlinik B;;-3,98;122,52\n"
    )
    code, out, _ = ask("import", "units", "u.csv")
    assert code == 2
    assert "--fix swap-latlon" in out
    assert "--fix synonym" in out
    code, out, _ = ask("import", "units", "u.csv", "--fix", "swap-latlon")
    assert code == 2
    assert "--fix synonym" in out
    assert Workspace.open().path.exists() is False
    code, out, err = ask("import", "units", "u.csv", "--fix", "swap-latlon", "--fix", "synonym")
    assert (code, err) == (0, "")
    assert out.count("Diperbaiki atas permintaan") == 2
    units = Workspace.open().units()
    assert units.loc[["klinik-a", "klinik-b"], ["lat", "lon"]].to_numpy().tolist() == [[-3.97, 122.51], [-3.98, 122.52]]
    assert units.at["klinik-a", "kind"] == "puskesmas"


def test_all_fixes_are_those_of_the_kind_and_no_other_is_passed_over(ask, tmp_path):
    (tmp_path / "p.csv").write_text("desa;kecamatan;kab;penduduk;tahun\nMandongga;Mandonga;Kota Kendari;5;2024\n")
    code, _, err = ask("import", "population", "p.csv", "--fix", "swap-latlon")
    assert code == 2
    assert "--fix swap-latlon tidak berlaku untuk impor population (hanya untuk: units)" in err
    code, out, _ = ask("import", "population", "p.csv", "--fix", "all", "--format", "json")
    report = json.loads(out)
    assert code == 0
    assert [(one["fix"], one["row"]) for one in report["mended"]] == [("lookalike", 2)]
    assert layer()["kode"].tolist() == [MANDONGA]


def test_many_equal_faults_are_one_line_with_their_rows(ask, tmp_path):
    rows = "".join(f"{MANDONGA};-1;{year}\n" for year in range(2000, 2020))
    (tmp_path / "p.csv").write_text(f"kode;penduduk;tahun\n{rows}")
    _, out, _ = ask("import", "population", "p.csv")
    (line,) = [line for line in out.splitlines() if "kurang dari nol" in line]
    assert line.startswith('p.csv, baris 2, 3, 4, dan 17 lagi, kolom "penduduk": nilai "-1" kurang dari nol.')


def test_the_region_leaves_out_no_row_of_clients(ask, tmp_path):
    (tmp_path / "k.csv").write_text(f"kode;klien;tahun\n{MANDONGA};40;2024\n16.73.01.1016;40;2024\n")
    read = [
        json.loads(ask("import", "clients", "k.csv", "--dry-run", "--format", "json", *more)[1])
        for more in ([], ["--region", "74.71"])
    ]
    assert read[0] == read[1]
    assert (read[1]["good"], read[1]["faults"]) == (2, [])
