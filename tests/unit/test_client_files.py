"""Files of client origins: what is wrong is told without telling about a person."""

import pytest

from coverage.ground.errors import InputError
from coverage.places.importing.clients import read_clients
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
