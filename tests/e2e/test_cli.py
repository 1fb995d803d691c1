"""The ``jangkau`` command as a planner calls it: what it answers, and what it says when it cannot."""

import contextlib
import csv
import dataclasses
import io
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import openpyxl
import pytest

from coverage.answers.tours.campaign import plan_campaign
from coverage.faces.cli import main, plan_command

ROOT = Path(__file__).resolve().parents[2]
COMMANDS = (
    "gaps", "next", "whatif", "site", "catchment", "od", "route", "units", "villages", "regions", "visit", "ferry",
    "ferries", "speeds", "workspace", "plan", "circuits", "targets", "report",
)  # fmt: skip
SUMMARY = {
    "region", "boundary_tier", "travel_tier", "cutoff_min", "villages", "units", "covered", "beyond_cutoff",
    "not_connected", "population", "population_covered", "by_regency",
}  # fmt: skip
SHIPPED = {"74": (2285, 7), "16.73": (72, 1), "35.08": (205, 1), "52": (1150, 1), "11.73": (68, 6)}


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    """A home for each test, the cells computed once for all of them."""
    home = tmp_path / "home"
    home.mkdir()
    shared = Path(os.environ["JANGKAU_HOME"]) / "cache"
    shared.mkdir(parents=True, exist_ok=True)
    (home / "cache").symlink_to(shared, target_is_directory=True)
    monkeypatch.setenv("JANGKAU_HOME", str(home))
    monkeypatch.delenv("JANGKAU_LANG", raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def ask(capfdbinary):
    def asked(line):
        words = shlex.split(line) if isinstance(line, str) else [str(word) for word in line]
        code = main(words)
        out, err = capfdbinary.readouterr()
        return code, out.decode("utf-8"), err.decode("utf-8")

    return asked


@pytest.fixture
def answer(ask):
    def asked(line):
        code, out, err = ask(line)
        assert (code, err) == (0, ""), line
        return out

    return asked


@pytest.fixture
def refuse(ask):
    """Ask what cannot be answered: exit code 2, one sentence (and where help is), nothing else."""

    def asked(line):
        code, out, err = ask(line)
        assert (code, out) == (2, ""), line
        assert "Traceback" not in err
        said = err.splitlines()
        assert len(said) == 1 or (len(said) == 2 and re.match(r"(Bantuan|Help): jangkau", said[1])), err
        assert len(said[0]) > 10
        assert said[0].endswith("."), err
        return said[0]

    return asked


def run(*words, **environment):
    """Ask in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "coverage.faces.cli", *words],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        check=False,
    )


def table(text):
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize(("region", "counts"), SHIPPED.items())
def test_gaps_sums_up_every_village_of_the_five_places(region, counts, answer):
    found = json.loads(answer(f"gaps --region {region} --cutoff 60 --format json"))
    assert set(found) >= SUMMARY
    assert (found["region"], found["boundary_tier"], found["travel_tier"]) == (region, "indikatif", "indikatif")
    assert (found["villages"], found["units"], found["cutoff_min"]) == (*counts, 60)
    states = ("covered", "beyond_cutoff", "not_connected")
    assert sum(found[state] for state in states) == found["villages"]
    assert found["covered"] > 0
    assert 0 < found["population_covered"] <= found["population"]
    for key in ("villages", "units", *states, "population", "population_covered"):
        assert sum(row[key] for row in found["by_regency"]) == pytest.approx(found[key], abs=len(found["by_regency"]))


def test_gaps_of_sultra_tells_17_regencies_of_which_4_have_units(answer):
    rows = json.loads(answer("gaps --region 74 --cutoff 60 --format json"))["by_regency"]
    assert len(rows) == 17
    assert set(rows[0]) >= {"kode", "name", "villages", "covered", "beyond_cutoff", "not_connected", "units"}
    assert {row["kode"] for row in rows if row["units"] > 0} == {"74.01", "74.03", "74.71", "74.72"}


def test_gaps_writes_a_valid_area_for_every_village(ask, tmp_path):
    code, out, err = ask("gaps --region 74 --cutoff 60 --format geojson -o celah.geojson")
    assert (code, out) == (0, "")
    assert "celah.geojson" in err
    found = gpd.read_file(tmp_path / "celah.geojson")
    assert len(found) == 2285
    assert found.geometry.is_valid.all()
    assert not found.geometry.is_empty.any()
    assert found["kode"].str.fullmatch(r"74\.\d\d\.\d\d\.[12]\d{3}").all()
    assert set(found["state"]) == {"covered", "beyond_cutoff", "not_connected"}


def test_gaps_as_csv_keeps_kode_as_text(answer):
    rows = table(answer("gaps --region 74 --format csv"))
    assert len(rows) == 2285
    assert all(re.fullmatch(r"74\.\d\d\.\d\d\.[12]\d{3}", row["kode"]) for row in rows)


def test_next_in_lubuklinggau_names_five_and_leaves_the_visited_out(answer):
    rows = json.loads(answer("next --region 16.73 --as-of 2024-10-05 --limit 5 --format json"))
    assert len(rows) == 5
    for row in rows:
        assert set(row) >= {"kode", "name", "travel_min", "travel_km", "last_visit", "score", "reasons"}
        assert row["kode"].startswith("16.73.")
        assert row["reasons"]
        assert row["last_visit"] is None
    assert not {"Watervang", "Jawa Kanan SS"} & {row["name"] for row in rows}
    assert [row["score"] for row in rows] == sorted((row["score"] for row in rows), reverse=True)


@pytest.mark.parametrize("name", ["Watervang", "Jawa Kanan SS", "16.73.01.1016"])
def test_next_says_why_a_visited_kelurahan_is_left_out(name, answer):
    said = answer(["next", "--region", "16.73", "--as-of", "2024-10-05", "--why", name])
    assert "dikunjungi paling lambat 1 Okt 2024" in said
    assert "30 Mar 2025" in said
    found = json.loads(
        answer(["next", "--region", "16.73", "--as-of", "2024-10-05", "--why", name, "--format", "json"])
    )
    assert (found["ranked"], found["cause"], found["last_visit"]) == (False, "visited", "2024-10-01")


def test_next_says_why_a_kelurahan_stands_where_it_does(answer):
    said = answer("next --region 16.73 --as-of 2024-10-05 --why Megang")
    assert re.match(r"Megang \(16\.73\.\d\d\.\d{4}\): peringkat \d+ dari 69 calon", said)


def test_next_writes_a_sheet_that_prints(ask, tmp_path):
    code, _, _ = ask("next --region 74 --base bnn-kota-kendari --as-of 2024-10-05 --limit 10 -o pokling.xlsx")
    assert code == 0
    sheet = openpyxl.load_workbook(tmp_path / "pokling.xlsx").active
    cells = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert sum(bool(re.fullmatch(r"74\.\d\d\.\d\d\.[12]\d{3}", cell)) for cell in cells) == 10
    assert sheet.page_setup.orientation == "landscape"


def test_whatif_tells_before_after_and_who_is_newly_covered(answer):
    found = json.loads(answer("whatif --region 74 --add 74.07.01.1003 --cutoff 60 --format json"))
    before, after, gained = found["before"], found["after"], found["newly_covered"]
    assert after["units"] == before["units"] + 1
    assert after["covered"] - before["covered"] == gained["villages"] == len(gained["kode"]) > 0
    assert sum(row["villages"] for row in gained["by_regency"]) == gained["villages"]
    assert {row["kode"] for row in gained["by_regency"]} == {"74.07"}
    assert gained["population"] > 0
    assert found["no_longer_covered"]["villages"] == 0


def test_whatif_tells_who_loses_when_a_unit_closes(answer):
    found = json.loads(answer("whatif --region 74 --close bnnk-muna --format json"))["no_longer_covered"]
    assert found["villages"] == sum(row["villages"] for row in found["by_regency"]) > 0
    said = answer("whatif --region 74 --close bnnk-muna")
    assert "Tidak lagi terjangkau:" in said
    assert "Menjadi terjangkau:" not in said


def test_whatif_that_changes_nobody_says_so_without_an_empty_table(answer):
    said = answer("whatif --region 16.73 --add Megang")
    assert said.startswith("0 kelurahan/desa menjadi terjangkau dalam 1 jam, 0 tidak lagi.")
    assert "Kode" not in said


@pytest.mark.parametrize("move", ["bnnk-muna=74.03.16.1006", "BNNK Muna = 74.03.16.1006"])
def test_a_unit_moves_by_id_or_name(move, answer):
    found = json.loads(answer(["whatif", "--region", "74", "--move", move, "--format", "json"]))
    assert found["after"]["units"] == found["before"]["units"] == 7


def test_units_of_sultra_are_a_list_of_seven(answer):
    rows = json.loads(answer("units --region 74 --format json"))
    assert len(rows) == 7
    assert all(
        set(row) >= {"id", "name", "kind", "institution", "regency", "lat", "lon", "location_quality"} for row in rows
    )
    villages = {row["kode"]: row for row in table(answer("villages --region 74 --format csv"))}
    for row in rows:
        assert (row["lat"], row["lon"]) == tuple(float(villages[row["kode"]][key]) for key in ("lat", "lon"))


def test_villages_of_kendari_are_a_table_with_kode_as_text(answer):
    rows = table(answer("villages --region 74.71 --format csv"))
    assert len(rows) == 64
    assert all(row["kode"].startswith("74.71.") and row["regency"] == "Kota Kendari" for row in rows)
    assert answer("villages --region 74.71 --format csv") == answer("villages --region Kendari --format csv")


def test_regions_lists_the_country_34_provinces_and_514_regencies(answer):
    assert len(table(answer("regions --format csv"))) == 549
    assert "74.71  Kota Kendari" in answer("regions")


@pytest.mark.parametrize(
    ("region", "row"),
    [
        ("81", "name,kode\nKlinik Ambon,81.71.01.1001\n"),
        ("73.71", "nama;lintang;bujur\nKlinik Makassar;-5,1477;119,4327\n"),
    ],
)
def test_a_region_without_units_answers_with_the_offices_own_list(region, row, answer, tmp_path):
    kode = table(answer("villages --region 81.71 --format csv"))[0]["kode"]
    (tmp_path / "unit.csv").write_text(row.replace("81.71.01.1001", kode), encoding="utf-8")
    found = json.loads(answer(f"gaps --region {region} --units unit.csv --format json"))
    assert found["units"] == 1
    assert found["covered"] > 0
    assert found["provenance"]["asked"]["units"] == "unit.csv"


def test_a_region_that_no_unit_can_be_reached_from_says_what_to_do(refuse):
    said = refuse("gaps --region 81")
    assert "81 Maluku" in said
    assert "--units" in said


def test_a_region_without_units_of_its_own_counts_those_it_is_connected_with(answer):
    found = json.loads(answer("gaps --region 73.71 --format json"))
    assert (found["units"], found["covered"]) == (0, 0)
    assert found["units_outside"] > 0
    assert found["beyond_cutoff"] > 0


def test_an_empty_list_says_so(answer):
    assert "Tidak ada baris" in answer("units --region 81")
    assert answer("units --region 81 --format json") == "[]\n"
    assert len(answer("units --region 81 --format csv").splitlines()) == 1


BAD = {
    "gaps": ["--region"],
    "gaps --region": ["--region"],
    "gaps --region Kendri": ['"Kendri"', "74.71 Kota Kendari"],
    "gaps --region Bima": ["52.06 Kabupaten Bima", "52.72 Kota Bima"],
    "gaps --region 7471": ["74.71", "BPS"],
    "gaps --region 74.99": ['"74.99"', "74."],
    "gaps --region 74.71.01.1005": ["74.71"],
    "gaps --region 74 --cutoff 0": ["0 menit"],
    "gaps --region 74 --cutoff -5": ["-5 menit"],
    "gaps --region 74 --cutoff nan": ['"nan"'],
    "gaps --region 74 --cutoff 1e999": ['"1e999"'],
    "gaps --region 74 --cutoff 1.500": ['"1.500"', "ribuan"],
    "gaps --region 74 --cutoff '60 menit'": ['"60 menit"'],
    "gaps --region 74 --cutoff 999999": ["1.440"],
    "gaps --region 74 --format pdf": ['"pdf"', "xlsx"],
    "gaps --region 16.73 --format xlsx": ["-o NAMA.xlsx"],
    "gaps --region 16.73 --format xlsx -o celah.csv": ["-o NAMA.xlsx"],
    "gaps --region 16.73 -o celah.odt": ['"celah.odt"', ".xlsx"],
    "gaps --region 16.73 -o tidak/ada/celah.csv": ["folder", "tidak/ada"],
    "gaps --region 16.73 --units tidak-ada.csv": ["tidak-ada.csv tidak dapat dibuka"],
    "gaps --region 16.73 -w kantor.csv": ['"kantor.csv"', ".gpkg"],
    "gaps --reg 16.73": ["--region"],
    "gaps --region 16.73 lagi": ["lagi"],
    "gaps --region 16.73 --lang fr": ['"fr"', "id, en"],
    "celah --region 74": ['"celah"', "gaps"],
    "": ["PERINTAH"],
    "next --region 74": ["--base", "bnn-kota-kendari", "bnnk-muna"],
    "next --region 74 --base Kendari": ['"Kendari"', "bnn-kota-kendari"],
    "next --region 74 --base xyzzy": ['"xyzzy"', "bnnk-kolaka"],
    "next --region 16.73 --base bnn-kota-kendari": ['"bnn-kota-kendari"', "bnn-kota-lubuklinggau"],
    "next --region 16.73 --limit 0": ['"0"', "1 atau lebih"],
    "next --region 16.73 --limit lima": ['"lima"'],
    "next --region 16.73 --as-of 05-10-24": ['"05-10-24"', "2024-10-05"],
    "next --region 16.73 --as-of 2024-02-30": ['"2024-02-30"'],
    "next --region 16.73 --max-travel 0": ["max-travel"],
    "next --region 16.73 --max-travel 999999999": ["max-travel", "10.080"],
    "next --region 16.73 --rest-days -1": ['"-1"'],
    "next --region 16.73 --rest-days 99999999": ["rest-days", "3.650"],
    "next --region 16.73 --why Mandonga": ['"Mandonga"', "16.73"],
    "next --region 16.73 --why xyzzy": ['"xyzzy"', "jangkau villages --region 16.73"],
    "next --region 16.73 --why Megang --format geojson": ["geojson", "csv"],
    "whatif --region 74": ["--add"],
    "whatif --region 74 --add Lapulu": ['"Lapulu"', "Kec. "],
    "whatif --region 74 --add 16.73.01.1016": ["Watervang", "luar wilayah 74"],
    "whatif --region 74 --close xyzzy": ['"xyzzy"', "bnnk-muna"],
    "whatif --region 74 --close bnnk-muna --move bnnk-muna=74.03.16.1006": ["bnnk-muna"],
    "whatif --region 74 --move bnnk-muna=74.03.16.1005 --move bnnk-muna=74.03.16.1006": ["dua kali"],
    "whatif --region 74 --move bnnk-muna=74.03.16.1005 --move 'BNNK Muna=74.03.16.1006'": ["dua kali"],
    "whatif --region 74 --move bnnk-muna": ['"bnnk-muna"', "UNIT=KODE"],
    "units --region 74 --remove xyzzy": ['"xyzzy"'],
    "units --region xyzzy --remove bnnk-muna": ['"xyzzy"'],
    "regions --format geojson": ["geojson"],
    "visit --region 16.73 --village Megang --date 2999-01-01": ["1 Jan 2999"],
    "visit --region 16.73 --village xyzzy --date 2024-10-08": ['"xyzzy"'],
    "visit --region Bima --village Paruga --date 2024-10-08": ["52.72 Kota Bima"],
    "ferry --from 74.07.02.1002 --to 74.07.02.1002 --sailing-min 60": ["74.07.02.1002"],
    "ferry --from 74.07.02.1002 --to 74.07.01.1003 --sailing-min 0": ["10.080"],
    "ferry --from 74.07.02.1002 --to 74.07.01.1003 --sailing-min inf": ['"inf"'],
    "ferry --from 74.07.02.1002 --to 74.07.01.1003 --sailing-min 60 --trips-per-day 0": ["lebih dari 0"],
}


@pytest.mark.parametrize("line", BAD)
def test_bad_input_is_one_sentence_with_the_value_and_the_remedy(line, refuse, tmp_path):
    said = refuse(line)
    assert [part for part in BAD[line] if part not in said] == []
    assert [path.name for path in tmp_path.rglob("*") if path.is_file() and path.parent.name != "cache"] == []


def test_every_fault_of_a_units_table_is_a_line_of_its_own(ask, tmp_path):
    (tmp_path / "unit.csv").write_text("name,kode\nA,74.71.01.1999\n,74.71.01.1005\nC,7471011005\n", encoding="utf-8")
    code, out, err = ask("gaps --region 74 --units unit.csv")
    assert (code, out) == (2, "")
    assert [line.split(", ")[1] for line in err.splitlines()] == ["baris 2", "baris 3", "baris 4"]


def test_a_workspace_tells_what_it_holds(answer, tmp_path):
    assert "masih kosong" in answer("workspace -w kantor.gpkg")
    answer("visit --village Watervang --date 2024-10-08 -w kantor.gpkg")
    held = json.loads(answer("workspace -w kantor.gpkg --format json"))
    assert held["layers"] == [{"layer": "visits", "geometry": "point", "rows": 1}]
    assert [(entry["by"], entry["layers"], entry["rows"]) for entry in held["log"]] == [("jangkau visit", "visits", 1)]
    assert held["schema_version"] == 1
    said = answer("workspace -w kantor.gpkg --lang en")
    assert all(part in said for part in ("visits", "point", "jangkau visit", "Last changes:"))


def test_a_workspace_says_in_words_what_was_taken_out(answer):
    answer("ferry -w kantor.gpkg --remove torobulu-tampo")
    assert "hidden_ferries (penyeberangan bawaan yang dihapus)" in answer("workspace -w kantor.gpkg")
    layers = json.loads(answer("workspace -w kantor.gpkg --format json"))["layers"]
    assert "hidden_ferries" in {layer["layer"] for layer in layers}


def test_a_workspace_is_backed_up_once(ask, refuse, tmp_path):
    ask("visit --village Watervang --date 2024-10-08 -w kantor.gpkg")
    code, _, err = ask("workspace -w kantor.gpkg --backup cadangan.gpkg")
    assert (code, "cadangan.gpkg" in err) == (0, True)
    assert "tidak ditimpa" in refuse("workspace -w kantor.gpkg --backup cadangan.gpkg")
    assert sorted(path.name for path in tmp_path.glob("*.gpkg")) == ["cadangan.gpkg", "kantor.gpkg"]


def test_a_workspace_that_is_no_geopackage_is_refused(refuse, tmp_path):
    (tmp_path / "kantor.gpkg").write_text("halo")
    for line in (
        "gaps --region 16.73",
        "units --region 16.73 --remove bnnk-muna",
        "visit --village Watervang --date 2024-10-08",
    ):
        assert "kantor.gpkg" in refuse(f"{line} -w kantor.gpkg")


@pytest.mark.parametrize("day", ["0001-01-01", "1990-01-01", "9999-12-31"])
def test_next_can_be_asked_for_any_day(day, answer):
    rows = json.loads(answer(f"next --region 16.73 --as-of {day} --limit 1000 --format json"))
    assert len(rows) == 71


def test_a_base_that_cannot_reach_the_region_says_what_keeps_all_villages_out(answer):
    said = answer("next --region 74.07 --base bnn-kota-baubau")
    first = "Kabupaten Wakatobi belum punya unit sendiri di data; dihitung dari unit tetangga."
    assert said.startswith(f"{first} Tidak ada kelurahan/desa di Kabupaten Wakatobi")
    assert re.search(r"Di luar daftar: \d+ tidak terhubung; \d+ terlalu jauh", said)
    assert answer("next --region 74.07 --base bnn-kota-baubau --format json") == "[]\n"


def test_a_base_may_stand_outside_the_region(answer):
    rows = json.loads(answer("next --region 74.05 --base bnn-kota-kendari --limit 3 --format json"))
    assert len(rows) == 3
    assert {row["base"] for row in rows} == {"bnn-kota-kendari"}


def test_units_visits_and_ferries_of_the_office_change_the_answers(ask, answer, tmp_path):
    (tmp_path / "unit.csv").write_text("id;nama;jenis;kode\nwanci;IBM Wanci;ibm;74.07.01.1003\n", encoding="utf-8")
    before = json.loads(answer("gaps --region 74.07 --format json"))
    assert ask("units --region 74.07 --save unit.csv -w kantor.gpkg")[0] == 0
    assert (
        ask("ferry --from 74.07.02.1002 --to 74.07.01.1003 --sailing-min 20 --trips-per-day 12 -w kantor.gpkg")[0] == 0
    )
    assert ask("visit --region Lubuklinggau --village Megang --date 2024-10-04 -w kantor.gpkg")[0] == 0
    after = json.loads(answer("gaps --region 74.07 -w kantor.gpkg --format json"))
    assert after["units"] == before["units"] + 1
    assert after["covered"] > before["covered"]
    assert after["not_connected"] < before["not_connected"]
    assert "4 Okt 2024" in answer("next --region 16.73 --as-of 2024-10-05 --why Megang -w kantor.gpkg")
    code, out, err = ask("units --region 74.07 --remove wanci -w kantor.gpkg --format json")
    assert (code, out) == (0, "[]\n")
    assert "disembunyikan" in err
    assert json.loads(answer("gaps --region 74.07 --format json"))["units"] == before["units"]


def test_a_ferry_declared_from_the_other_shore_is_the_same_ferry(ask, answer):
    ask("ferry --from 74.07.02.1002 --to 74.07.01.1003 --sailing-min 20")
    ask("ferry --from 74.07.01.1003 --to 74.07.02.1002 --sailing-min 500")
    rows = {row["kode"]: row for row in table(answer("gaps --region 74.07 --format csv"))}
    assert float(rows["74.07.02.1002"]["travel_min"]) > 500


@pytest.mark.parametrize("ending", ["json", "csv", "xlsx", "geojson", "txt"])
def test_the_ending_of_a_file_says_its_format(ending, ask, tmp_path):
    code, out, err = ask(["gaps", "--region", "16.73", "-o", tmp_path / f"celah Ç.{ending}"])
    assert (code, out) == (0, "")
    assert f"celah Ç.{ending}" in err
    content = (tmp_path / f"celah Ç.{ending}").read_bytes()
    starts = {
        "json": b"{",
        "csv": b"kode,",
        "xlsx": b"PK",
        "geojson": b'{"type":"FeatureCollection"',
        "txt": b"Semua 72",
    }
    assert content.startswith(starts[ending])
    assert not list(tmp_path.glob(".jangkau-*"))


def test_csv_for_indonesian_excel_has_a_bom_semicolons_and_decimal_commas(ask, tmp_path):
    ask("gaps --region 16.73 --format csv-excel -o celah.csv")
    text = (tmp_path / "celah.csv").read_bytes().decode("utf-8")
    assert text.startswith("\ufeffKode;Nama;")
    assert ";-3,28" in text


def test_a_file_and_another_format_can_be_had_at_once(ask, tmp_path):
    code, out, _ = ask("gaps --region 16.73 --format json -o celah.csv")
    assert code == 0
    assert json.loads(out)["villages"] == 72
    assert (tmp_path / "celah.csv").read_bytes().startswith(b"kode,")


def test_a_file_that_cannot_be_replaced_keeps_its_content(refuse, tmp_path, monkeypatch):
    (tmp_path / "celah.csv").write_text("lama")

    def in_use(path, target):
        raise PermissionError(13, "in use")

    monkeypatch.setattr(Path, "replace", in_use)
    assert "Excel" in refuse("gaps --region 16.73 -o celah.csv")
    assert (tmp_path / "celah.csv").read_text() == "lama"
    assert not list(tmp_path.glob(".jangkau-*"))


@pytest.mark.parametrize(
    "form", ["gaps --lang en --region 16.73", "--lang en gaps --region 16.73", "gaps --region 16.73 --lang=en"]
)
def test_english_is_one_flag_away(form, answer):
    said = answer(form)
    assert said.startswith("All 72 kelurahan/desa in Kota Lubuk Linggau are covered within 1 h.")
    assert "247,550" in said


def test_english_can_be_the_language_of_the_computer(monkeypatch, answer, refuse):
    monkeypatch.setenv("JANGKAU_LANG", "en")
    assert answer("units --region 16.73").startswith("Rehabilitation units")
    assert "is not known" in refuse("gaps --region xyzzy")
    assert "a clear number" in refuse("gaps --region 74 --cutoff lima")


def test_machines_read_the_same_in_both_languages(answer):
    assert answer("gaps --region 16.73 --format csv") == answer("gaps --region 16.73 --format csv --lang en")


@pytest.mark.parametrize("lang", ["id", "en"])
@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_is_whole_and_in_one_language(command, lang, answer):
    said = answer(f"{command} --help --lang {lang}")
    words = {"id": ("penggunaan:", "pilihan:", "contoh:"), "en": ("usage:", "options:", "example:")}
    assert all(word in said for word in words[lang])
    assert not any(re.search(rf"^{word}", said, re.MULTILINE) for word in words["en" if lang == "id" else "id"])
    assert said.count(words[lang][2]) == 1
    assert f"jangkau {command}" in said.split(words[lang][2])[1]


def test_help_of_the_whole_names_every_command(answer):
    assert all(f"    {command} " in answer("--help") for command in COMMANDS)


@pytest.fixture
def search_shortly(monkeypatch):
    """Plan with fewer tries: whether it can be planned does not hang on how long one looks for better."""

    def planned(study, request, **how):
        return plan_campaign(study, dataclasses.replace(request, iterations=50), **how)

    monkeypatch.setattr(plan_command, "plan_campaign", planned)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_example_of_the_help_runs(command, ask, answer, search_shortly):
    examples = re.findall(r"^  jangkau (.+)$", answer(f"{command} --help").split("contoh:")[1], re.MULTILINE)
    assert examples
    # What a planner has at hand in the examples.
    book = openpyxl.Workbook()
    for row in (("kode wilayah", "biaya"), ("74.71.01.1005", 90_000_000)):
        book.active.append(row)
    book.save("biaya.xlsx")
    for example in examples:
        code, _, err = ask(example)
        assert code == 0, (example, err)


def test_the_version_is_told(answer):
    assert re.fullmatch(r"jangkau \d+\.\d+\.\d+\n", answer("--version"))


def test_an_answer_is_utf8_whatever_the_console_says():
    asked = run("gaps", "--region", "Lhokseumawe–x", PYTHONIOENCODING="cp1252", PYTHONUTF8="0")
    assert asked.returncode == 2
    assert "Lhokseumawe–x" in asked.stderr.decode("utf-8")


def test_the_same_answer_comes_from_a_process_of_its_own(answer):
    asked = run(
        "units", "--region", "74", "--format", "json", PYTHONIOENCODING="cp1252", PYTHONUTF8="0", PYTHONWARNINGS="error"
    )
    assert (asked.returncode, asked.stderr) == (0, b"")
    assert json.loads(asked.stdout.decode("utf-8")) == json.loads(answer("units --region 74 --format json"))


@pytest.mark.parametrize("line", ["villages --region 74 --format csv", "--help"])
def test_who_reads_one_line_and_goes_sees_no_traceback(line):
    words = [sys.executable, "-m", "coverage.faces.cli", *line.split()]
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)}
    ) as asked:
        asked.stdout.read(1 if "villages" in line else 0)
        asked.stdout.close()
        assert asked.stderr.read() == b""
        assert asked.wait(30) in {0, 141}


def test_who_interrupts_sees_no_traceback(monkeypatch, ask):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("coverage.faces.cli.asking.open_study", interrupted)
    assert ask("gaps --region 74") == (130, "", "")


def test_what_is_no_fault_of_the_user_is_not_hidden(monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError

    monkeypatch.setattr("coverage.faces.cli.asking.open_study", broken)
    with pytest.raises(ZeroDivisionError), contextlib.redirect_stdout(io.StringIO()):
        main(["gaps", "--region", "74"])


def test_a_day_may_be_written_day_month_year(answer):
    days = ("2024-10-05", "05/10/2024")
    iso, local = [answer(f"next --region 16.73 --as-of {day} --limit 1 --format json") for day in days]
    assert iso == local


def test_a_declared_ferry_says_how_many_villages_stand_at_each_end(answer):
    said = answer("ferry --from 74.07.01.1003 --to Ambeua --sailing-min 90")
    assert "di pulau dengan 2. Bila itu bukan pulau yang dimaksud" in said


def test_several_villages_may_be_given_in_one_word(answer):
    apart = answer("whatif --region 74.07 --add 74.07.01.1003 --add 74.07.03.1001 --format json")
    together = answer("whatif --region 74.07 --add 74.07.01.1003,74.07.03.1001 --format json")
    assert apart == together


def test_why_a_place_is_behind_names_what_the_first_has_more_of(answer):
    said = answer("next --region 74.71 --base bnn-kota-kendari --as-of 2026-11-21 --why Mandonga")
    assert "Yang teratas, " in said
