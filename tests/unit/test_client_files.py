"""Files of client origins: what is wrong is told without telling about a person."""

import pytest

from coverage.ground.errors import InputError
from coverage.places.importing import import_clients as client_import
from coverage.places.importing import import_population
from coverage.places.importing.import_clients import read_clients
from coverage.places.importing.preview import Asked
from coverage.places.tables.choosing import ColumnsUnclearError
from coverage.places.workspace import Workspace

KODE = "74.71.01.1005"


def origins(raw, name):
    """Read client origins of an office of which nothing was released yet."""
    return read_clients(raw, name, Workspace.open())


@pytest.fixture(autouse=True)
def _home(tmp_path, monkeypatch):
    monkeypatch.setenv("JANGKAU_HOME", str(tmp_path))


@pytest.mark.parametrize(
    "value",
    ["Budi bin Amat", "Ani", "7471012304560001", "0812345678901", "9" * 40, "²", "-1", "2,5", "<5", "3 dan 4"],
)
def test_no_value_of_a_cell_is_shown(value):
    with pytest.raises(InputError) as caught:
        origins(f'kode,klien\n{KODE},3\n{KODE},"{value}"\n'.encode(), "klien.csv")
    (said,) = str(caught.value).splitlines()
    assert said.startswith('klien.csv, baris 3, kolom "klien": nilai "***"')
    assert f'"{value}"' not in said


def test_a_village_that_is_not_found_is_not_shown_either():
    raw = b"kelurahan,kecamatan,kode\nJalan Rahasia 7,Mandonga,\nMandongo,Mandonga,\n,,Budi 0812\n"
    with pytest.raises(InputError) as caught:
        origins(raw, "klien.csv")
    said = str(caught.value)
    assert [line.split(", ")[1] for line in said.splitlines()] == ["baris 2", "baris 3", "baris 4"]
    assert not any(secret in said for secret in ("Rahasia", "Mandongo", "Budi", "0812"))


@pytest.mark.usefixtures("no_steps")
def test_nothing_known_is_not_zero_and_no_fault():
    rows = f"{KODE},20\n{KODE},-\n{KODE},\n"
    assert origins(f"kode,klien\n{rows}".encode(), "klien.csv").table.areas["clients"].tolist() == [20]


def test_a_column_of_names_is_refused_and_not_counted():
    with pytest.raises(InputError, match="mungkin nama orang") as caught:
        origins(f"kode,klien\n{KODE},Budi\n{KODE},Ani\n".encode(), "klien.csv")
    assert "Budi" not in str(caught.value)


def test_columns_about_persons_are_dropped_and_only_their_names_told():
    rows = "".join(f"{KODE},Budi,7471012304560001\n" for _ in range(20))
    read = origins(f"kode,nama lengkap,NIK\n{rows}".encode(), "klien.csv")
    assert read.dropped == ("nama lengkap", "NIK")


def test_a_header_that_may_be_a_person_is_not_told():
    rows = "".join(f"{KODE},x\n" for _ in range(20))
    read = origins(f"kode,7471012304560001\n{rows}".encode(), "klien.csv")
    assert read.dropped == ("***",)


YEARLY = "kode,{heads}\n" + f"{KODE},11,13,17,41\n"
HEADS = [
    "2023,2024,2025,Jumlah",
    "Tahun 2023,Tahun 2024,Tahun 2025,Jumlah klien",
    "Klien 2023,Klien 2024,Klien 2025,Total",
]


def read_asked(heads, **asked):
    """Preview a file with one column a year and their sum."""
    return client_import.read(YEARLY.format(heads=heads).encode(), "klien.csv", Asked(**asked))


@pytest.mark.parametrize("heads", HEADS)
def test_a_sum_over_years_is_asked_about_and_never_taken_silently(heads):
    with pytest.raises(ColumnsUnclearError) as caught:
        read_asked(heads)
    said = str(caught.value)
    assert "menjumlah 2023-2025" in said
    assert "--column jumlah=D (2025)" in said
    assert "--period 2023-2025" in said
    assert not any(number in said.replace("2023-2025", "") for number in ("11", "13", "17", "41"))
    (options,) = caught.value.options.values()
    assert [letter for letter, _ in options] == list("BCDE")
    with pytest.raises(InputError, match="masanya tidak disebut"):
        read_asked(heads, columns={"jumlah": "E"})


@pytest.mark.parametrize("heads", HEADS)
@pytest.mark.parametrize(
    ("asked", "read", "period"),
    [
        ({"columns": {"jumlah": "D"}}, "D", "2025"),
        ({"columns": {"jumlah": "B"}}, "B", "2023"),
        ({"year": 2024}, "C", "2024"),
        ({"period": "2024"}, "C", "2024"),
        ({"period": "2023-2025"}, "E", "2023-2025"),
        ({"columns": {"jumlah": "E"}, "period": "2023-2025"}, "E", "2023-2025"),
    ],
)
def test_a_column_headed_by_a_year_is_of_that_year(heads, asked, read, period):
    found = read_asked(heads, **asked)
    assert found.period == period
    assert any(f"({read})" in note.text("id") for note in found.detected)
    assert (found.counted.first.year, found.counted.last.year) == (int(period[:4]), int(period[-4:]))


@pytest.mark.parametrize(
    "asked", [{"columns": {"jumlah": "D"}, "period": "2024"}, {"columns": {"jumlah": "E"}, "period": "2024"}]
)
def test_a_time_that_is_not_the_columns_own_is_refused(asked):
    with pytest.raises(InputError, match="bukan masa 2024"):
        read_asked(HEADS[0], **asked)


def test_columns_by_year_are_not_one_client_a_row():
    rows = "".join(f"{KODE},{n},2\n" for n in range(12))
    with pytest.raises(ColumnsUnclearError, match="beberapa tahun"):
        client_import.read(f"kode,2024,2025\n{rows}".encode(), "klien.csv", Asked())


def test_a_population_beside_its_years_is_asked_about_too():
    raw = b"kode,2023,2024,Jumlah\n74.71.01.1005,900,950,1850\n"
    with pytest.raises(ColumnsUnclearError, match="--year 2024"):
        import_population.read(raw, "penduduk.csv", Asked())
    assert import_population.read(raw, "penduduk.csv", Asked(year=2024)).good["persons"].tolist() == [950]
