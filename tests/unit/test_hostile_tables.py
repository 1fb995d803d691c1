"""Files made to do harm: first that the payload works without the guard, then that it is refused."""

import io
import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile

import pytest
import xlsxwriter

from coverage.faces.files.import_files import marked_bytes
from coverage.ground.errors import InputError
from coverage.places.importing import Asked, preview
from coverage.places.tables import table_files, workbook_child

KODE = "74.71.01.1005"


def book(rows):
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as made:
        sheet = made.add_worksheet("Data")
        for at, row in enumerate(rows):
            for column, value in enumerate(row):
                sheet.write(at, column, value)
    return buffer.getvalue()


def repacked(raw, name, change):
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            content = old.read(part)
            new.writestr(part.filename, change(content) if part.filename == name else content)
    return buffer.getvalue()


PLAIN = book([["kode", "penduduk"], [KODE, 10]])
SHEET = "xl/worksheets/sheet1.xml"


def refused(raw, name="b.xlsx"):
    with pytest.raises(InputError) as caught:
        preview("population", raw, name, Asked(year=2024))
    return str(caught.value)


def test_a_zip_bomb_unpacks_to_more_than_its_cap_and_is_refused_before_it_does():
    bomb = repacked(PLAIN, SHEET, lambda part: part.replace(b"</worksheet>", b" " * 70_000_000 + b"</worksheet>"))
    assert len(bomb) < 500_000
    with zipfile.ZipFile(io.BytesIO(bomb)) as archive:
        assert len(archive.read(SHEET)) > table_files.MAX_UNPACKED_BYTES
    assert "terlalu besar bila dibuka" in refused(bomb)


def test_a_small_file_of_a_huge_ratio_is_refused(monkeypatch):
    bomb = repacked(PLAIN, SHEET, lambda part: part.replace(b"</worksheet>", b" " * 3_000_000 + b"</worksheet>"))
    assert "seratus kali" in refused(bomb)
    monkeypatch.setattr(table_files, "MAX_RATIO", 10**9)
    assert preview("population", bomb, "b.xlsx", Asked(year=2024)).imported == 1


def test_entities_that_multiply_are_refused():
    laughs = (
        b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    )
    assert ET.fromstring(laughs + b"<x>&c;</x>").text == "ha" * 64  # noqa: S314 - the payload at work
    assert "DOCTYPE" in refused(
        repacked(PLAIN, SHEET, lambda part: part.replace(b"<worksheet", laughs + b"<worksheet", 1))
    )


def test_more_rows_than_allowed_are_refused(monkeypatch):
    monkeypatch.setattr(table_files, "MAX_ROWS", 100)
    assert "lebih dari 100 baris" in refused(book([["kode", "penduduk"], *[[KODE, 1]] * 102]))


@pytest.mark.parametrize("make", [book, lambda rows: "\n".join(",".join(map(str, row)) for row in rows).encode()])
def test_more_cells_than_allowed_are_refused(make, monkeypatch):
    monkeypatch.setattr(table_files, "MAX_CELLS", 100)
    assert "lebih dari 100 sel" in refused(make([["kode", "penduduk"], *[[KODE, 1]] * 60]))


def test_a_cell_at_the_end_of_the_sheet_does_not_take_the_program_with_it():
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as made:
        sheet = made.add_worksheet()
        sheet.write(0, 0, "kode")
        sheet.write(1_048_575, 16_383, "x")
    assert refused(buffer.getvalue()).startswith("b.xlsx")


def test_a_reader_that_does_not_end_is_stopped(monkeypatch, tmp_path):
    slow = tmp_path / "slow.py"
    slow.write_text("import time\ntime.sleep(60)\n")
    monkeypatch.setattr(workbook_child, "__file__", str(slow))
    monkeypatch.setattr(table_files, "SECONDS", 1)
    assert "belum selesai dibaca" in refused(PLAIN)


def test_a_reader_that_dies_is_a_sentence(monkeypatch, tmp_path):
    dying = tmp_path / "dying.py"
    dying.write_text("import os\nos.abort()\n")
    monkeypatch.setattr(workbook_child, "__file__", str(dying))
    assert "tidak dapat dibaca sebagai buku kerja" in refused(PLAIN)


def test_the_reader_of_workbooks_imports_nothing_of_the_program():
    code = "import sys, runpy; runpy.run_path(%r); print(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-I", "-c", code % workbook_child.__file__], capture_output=True, text=True, check=True
    )
    assert not any(name.split(".")[0] in {"coverage", "pandas", "pyogrio", "osgeo"} for name in done.stdout.split())


@pytest.mark.parametrize("name", ["../../etc/passwd.csv", "a\x1b[2Jb.csv", "a\nb.csv"])
def test_the_name_of_a_file_is_never_a_path(name):
    assert preview("population", f"kode,penduduk\n{KODE},1\n".encode(), name, Asked(year=2024)).imported == 1


@pytest.mark.parametrize("payload", ["=1+1", "@SUM(1)", "+1", "-1+1", '=HYPERLINK("http://a")', "|calc"])
def test_the_file_that_is_given_back_holds_no_formula(payload):
    found = preview(
        "population", book([["kode", "penduduk", payload], [KODE, payload, payload]]), "b.xlsx", Asked(year=2024)
    )
    with zipfile.ZipFile(io.BytesIO(marked_bytes(found, "id"))) as archive:
        parts = {part: archive.read(part).decode() for part in archive.namelist()}
    assert not any("<f>" in text for text in parts.values())
    assert not any(
        "hyperlink" in text.lower().split("sharedstrings")[0] for part, text in parts.items() if "rels" in part
    )
