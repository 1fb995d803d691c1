"""No text of a user holds signs that are not seen: not in a table, a form, a word of a command, or a workspace."""

import csv
import datetime as dt
import io
import os
import subprocess
import sys
import unicodedata
from pathlib import Path

import pandas as pd
import pytest

from coverage.answers.scenarios.scenario import Scenario, checked
from coverage.faces.cli import main
from coverage.faces.report.answers import Asked as ReportAsked
from coverage.ground.errors import InputError
from coverage.ground.free_text import hidden_sign
from coverage.places.importing import KINDS, Asked, preview, template
from coverage.places.workspace import Workspace

ROOT = Path(__file__).resolve().parents[2]
TAGS = [*range(0x206A, 0x2070), *range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080)]
BIDI = [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C]
SAMPLE = ["\0", "\x1b", "\x85", "\ud800", "\udcff", "\u202e", "\u2066", "\u200e", "\u061c", "\U000e0041"]
LAYERS = {
    "units": {"id": "u", "name": "Klinik", "kind": "lainnya", "kode": "74.71.01.1005", "note": "catatan"},
    "visits": {"kode": "74.71.01.1005", "team": "Tim 1", "note": "catatan"},
    "ferries": {"id": "f", "name": "Kapal", "from_kode": "74.71.01.1005", "note_id": "c", "source": "s"},
    "targets": {"area_kode": "74", "period": "2024", "label": "l", "source": "s"},
    "population": {"kode": "74.71.01.1005", "source": "s", "origin": "kantor"},
}


def test_the_rule_is_control_half_characters_direction_and_tags_and_nothing_else():
    refused = {point for point in range(sys.maxunicode + 1) if hidden_sign(chr(point))}
    by_rule = {
        point
        for point in range(sys.maxunicode + 1)
        if unicodedata.category(chr(point)) in {"Cc", "Cs"} and chr(point) not in "\t\n\r"
    }
    assert refused == by_rule | set(BIDI) | set(TAGS)


@pytest.mark.parametrize("sign", SAMPLE)
@pytest.mark.parametrize(("layer", "column"), [(layer, column) for layer, row in LAYERS.items() for column in row])
def test_no_text_column_of_any_layer_takes_one(layer, column, sign, tmp_path):
    row = {**LAYERS[layer], column: f"a{sign}b"}
    with pytest.raises(InputError) as caught:
        Workspace.open(tmp_path / "w.gpkg").upsert(layer, pd.DataFrame([row], dtype="object"), list(row)[:1])
    assert layer in str(caught.value)
    assert column in str(caught.value)
    assert hidden_sign(sign) in str(caught.value)


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_of_every_table_refuses_one_by_row_and_column(kind):
    fields = template(kind)
    for at, spoiled in enumerate(fields):
        cells = [field.example for field in fields]
        cells[at] = f"{cells[at] or 'x'}\u202eb"
        written = io.StringIO()
        csv.writer(written, delimiter=";").writerows([[field.header for field in fields], cells])
        raw = written.getvalue().encode()
        found = preview(kind, raw, "t.csv", Asked(year=2024, period="2024"))
        told = [fault for fault in found.faults if fault.problem.key == "tables.hidden_sign"]
        if any(spoiled.header == header for header in found.unread):
            continue
        assert [(fault.row, fault.column) for fault in told] == [(2, spoiled.header)]
        assert found.imported == 0


def test_the_note_and_the_name_of_a_scenario_and_an_office_refuse_one():
    for sign in SAMPLE:
        for given in (Scenario(name="A", region="74", note=f"a{sign}b"), Scenario(name=f"a{sign}b", region="74")):
            with pytest.raises(InputError):
                checked(given)
        with pytest.raises(InputError, match="kantor"):
            ReportAsked(60, dt.date(2024, 1, 1), office=f"BNN{sign}")


@pytest.mark.parametrize("sign", SAMPLE)
def test_a_word_of_a_command_is_refused_by_its_place(sign, capsys):
    assert main(["units", "--region", f"Kendari{sign}"]) == 2
    said = capsys.readouterr().err
    assert said.startswith('Kata ke-3 dalam perintah ("Kendari')
    assert "Traceback" not in said


@pytest.mark.skipif(os.name == "nt", reason="Windows passes words of a command as text")
def test_bytes_that_are_not_utf8_end_in_a_sentence():
    words = [sys.executable.encode(), b"-m", b"coverage.faces.cli", b"units", b"--region", b"Kend\xffari"]
    done = subprocess.run(words, capture_output=True, cwd=ROOT, check=False)
    assert done.returncode == 2
    assert b"Kata ke-3" in done.stderr
    assert b"UTF-8" in done.stderr
    assert b"Traceback" not in done.stderr
