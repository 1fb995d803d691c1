"""Laws that hold for every kind of table: each column that is not read is named, no filled cell vanishes."""

import csv
import io

import openpyxl
import pytest

from coverage.ground.errors import InputError
from coverage.places.importing import KINDS, Asked, client_rows, preview, template
from coverage.places.schemas.all_tables import TABLES
from coverage.places.tables.labels import Lexicon

SCHEMAS = {name: schema.reading for name, schema in TABLES.items()} | {"clients": client_rows.SCHEMA}
AREAS = {"kelurahan/desa", "kecamatan", "kabupaten/kota"}
"""Columns that only help to find a village: beside a code they are not needed."""


def rows_of(kind):
    fields = template(kind)
    return [field.header for field in fields], [field.example for field in fields]


def text_of(rows):
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=";").writerows(rows)
    return buffer.getvalue().encode()


def book_of(rows):
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def read(kind, raw):
    return preview(kind, raw, "berkas", Asked(reason="uji"))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("make", [text_of, book_of])
def test_every_column_that_is_not_read_is_named(kind, make):
    head, row = rows_of(kind)
    at = len(head) // 2
    head = [*head[:at], "Warna pagar", "", *head[at:], "Nomor urut"]
    row = [*row[:at], "biru", "tanpa judul", *row[at:], "1"]
    found = read(kind, make([head, row]))
    assert [fault.message.text("id") for fault in found.faults] == []
    letter = openpyxl.utils.get_column_letter(at + 2)
    assert found.unread == ("Warna pagar", letter, "Nomor urut")
    told = " ".join(message.text("id") for message in found.detected)
    assert all(name in told for name in found.unread)


@pytest.mark.parametrize("kind", KINDS)
def test_every_column_that_is_read_is_named(kind):
    head, row = rows_of(kind)
    told = " ".join(message.text("id") for message in read(kind, text_of([head, row])).detected)
    assert all(f"= {' '.join(name.split())} (" in told for name in head)


def cells_to_spoil():
    return [(kind, at) for kind in KINDS for at in range(len(template(kind)))]


@pytest.mark.parametrize(("kind", "at"), cells_to_spoil())
def test_an_error_in_any_read_column_is_one_fault_of_its_row(kind, at):
    head, row = rows_of(kind)
    for broken in ("#N/A", "Err:502", "####"):
        spoiled = [broken if place == at else cell for place, cell in enumerate(row)]
        found = read(kind, text_of([head, spoiled]))
        assert (2, head[at]) in [(fault.row, fault.column) for fault in found.faults]
        assert [fault.column for fault in found.faults].count(head[at]) == 1
        assert (found.imported, found.skipped) == (0, 0)


@pytest.mark.parametrize(("kind", "at"), cells_to_spoil())
def test_a_word_that_means_nothing_is_stored_or_is_a_fault(kind, at):
    head, row = rows_of(kind)
    if head[at] in AREAS:
        return
    spoiled = ["qwxz" if place == at else cell for place, cell in enumerate(row)]
    if head[at] == "kode":
        spoiled = ["" if name in AREAS else cell for name, cell in zip(head, spoiled, strict=True)]
    if (kind, head[at]) == ("clients", "jumlah klien"):
        with pytest.raises(InputError, match="jumlah klien"):
            read(kind, text_of([head, spoiled]))
        return
    found = read(kind, text_of([head, spoiled]))
    stored = "qwxz" in " ".join(map(str, [*found.good.to_numpy().ravel(), *found.good.index]))
    assert stored or 2 in [fault.row for fault in found.faults]
    assert found.skipped == 0


@pytest.mark.parametrize("kind", SCHEMAS)
def test_no_header_means_two_columns(kind):
    lexicon = Lexicon(SCHEMAS[kind])
    meant = {
        (alias, column): lexicon.column(alias) for column, names in SCHEMAS[kind].aliases.items() for alias in names
    }
    assert {key: found for key, found in meant.items() if found != key[1]} == {}


def test_rows_that_wait_for_an_answer_are_not_called_blank():
    """Codes without dots ask which they are; the second row was told to be "tanpa isi"."""
    found = read(
        "population", text_of([["kode", "penduduk", "tahun"], *[[f"747101100{n}", "10", "2023"] for n in (5, 6)]])
    )
    assert found.open_question
    assert (found.imported, found.skipped) == (0, 0)
