"""Whatever a file holds, an import answers with a preview or an InputError, never with anything else."""

import io
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.faces.files.import_files import marked_bytes
from coverage.ground.errors import InputError
from coverage.places.importing import KINDS, Asked, preview
from coverage.places.tables.column_cells import Ways

FOLDER = Path(__file__).resolve().parents[1] / "fixtures" / "bad_input"
TEXTS = sorted(path.read_bytes() for path in FOLDER.glob("*.csv"))
BOOKS = sorted(path.read_bytes() for path in FOLDER.glob("*.xlsx"))
HEADERS = [
    "kode",
    "kelurahan",
    "desa",
    "kecamatan",
    "kabupaten",
    "penduduk",
    "jumlah",
    "klien",
    "laki-laki",
    "perempuan",
    "tahun",
    "periode",
    "nama",
    "lintang",
    "lintang (LS)",
    "koordinat",
    "semester",
    "jenis kelamin",
    "penduduk 2023",
    "jumlah (KK)",
    "",
    "bujur",
    "zona",
    "jenis",
    "kelas",
    "tanggal",
    "dari",
    "ke",
    "menit",
    "indikator",
    "capaian",
    "target",
    "wilayah",
    "tim",
]
CELLS = st.one_of(
    st.sampled_from(
        [
            "74.71.01.1005",
            "7471011005",
            "74.71",
            "Mandonga",
            "1.234",
            "1,234",
            "-3,97",
            "122,51",
            "<5",
            "-",
            "0",
            "-1",
            "2,5",
            "04-10-2024",
            "10/13/2024",
            "45569",
            "1e400",
            "NaN",
            "445600",
            "9561100",
            "51S",
            "Jumlah",
            "Total",
            "Kendari",
            "3°59'54\"",
            "-3,9 LS, 122,5 BT",
            "#N/A",
            "2023",
            "L+P",
            "LS",
            "=",
            "'",
            '"',
            "Bahaya",
            "puskesmas",
            "99999999999999999999",
        ]
    ),
    st.text(max_size=12),
    st.integers(-(10**20), 10**20).map(str),
    st.floats().map(str),
)
TABLES = st.tuples(
    st.lists(st.sampled_from(HEADERS), min_size=1, max_size=7),
    st.lists(st.lists(CELLS, max_size=8), max_size=8),
    st.sampled_from([",", ";", "\t"]),
)
ASKED = st.builds(
    Asked,
    region=st.sampled_from(["ID", "74", "74.71"]),
    ways=st.builds(Ways, st.sampled_from([None, "koma", "titik"]), st.sampled_from([None, "dmy", "mdy"])),
    swap=st.booleans(),
    zone=st.sampled_from(["", "51S", "50S"]),
    system=st.sampled_from([None, "kemendagri", "bps"]),
)


def answered(kind, raw, asked):
    try:
        found = preview(kind, raw, "x.csv", asked)
    except InputError as error:
        said = [error.text("id"), error.text("en")]
        found = None
    if found is None:
        assert all(said)
        return
    assert 0 <= found.imported <= found.rows
    assert len(found.good) <= max(found.imported, 1) or kind == "clients"
    for fault in found.faults:
        assert fault.message.text("id")
        assert fault.message.text("en")
    assert marked_bytes(found, "id").startswith(b"PK")


@pytest.mark.parametrize("kind", KINDS)
@given(raw=st.binary(max_size=400), asked=ASKED)
def test_random_bytes(kind, raw, asked):
    answered(kind, raw, asked)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40)
@given(table=TABLES, asked=ASKED, encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"]))
def test_random_tables(kind, table, asked, encoding):
    header, rows, sign = table
    lines = [sign.join(row) for row in (header, *rows)]
    answered(kind, "\n".join(lines).encode(encoding, errors="replace"), asked)


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_files_that_were_tampered_with(kind, data):
    raw = bytearray(data.draw(st.sampled_from(TEXTS)))
    for _ in range(data.draw(st.integers(1, 4))):
        if raw:
            raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    answered(kind, bytes(raw), Asked())


@settings(max_examples=12)
@given(data=st.data())
def test_workbooks_that_were_tampered_with(data):
    raw = bytearray(data.draw(st.sampled_from(BOOKS)))
    for _ in range(data.draw(st.integers(1, 8))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    answered(data.draw(st.sampled_from(KINDS)), bytes(raw), Asked())


@settings(max_examples=12)
@given(data=st.data())
def test_workbooks_whose_parts_were_tampered_with(data):
    buffer = io.BytesIO()
    source = data.draw(st.sampled_from([raw for raw in BOOKS if zipfile.is_zipfile(io.BytesIO(raw))]))
    with zipfile.ZipFile(io.BytesIO(source)) as old, zipfile.ZipFile(buffer, "w") as new:
        names = old.namelist()
        chosen = data.draw(st.sampled_from(names))
        for name in names:
            content = bytearray(old.read(name))
            if name == chosen and content:
                content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
            new.writestr(name, bytes(content))
    answered(data.draw(st.sampled_from(KINDS)), buffer.getvalue(), Asked())


@settings(max_examples=12)
@given(table=TABLES, asked=ASKED, numbers=st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1))
def test_random_workbooks(table, asked, numbers):
    header, rows, _ = table
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as made:
        sheet = made.add_worksheet()
        for at, row in enumerate((header, *rows)):
            for column, value in enumerate(row):
                sheet.write_string(at, column, "".join(sign for sign in value if sign.isprintable()))
        for at, number in enumerate(numbers, start=1):
            sheet.write_number(at, 0, number)
    for kind in KINDS:
        answered(kind, buffer.getvalue(), asked)
