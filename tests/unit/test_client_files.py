"""Files of client origins: what is wrong is told without telling about a person."""

import pytest

from coverage.ground.errors import InputError
from coverage.places.clients import read_clients

KODE = "74.71.01.1005"


@pytest.mark.parametrize("value", ["Budi bin Amat", "Ani", "7471012304560001", "0812345", "9" * 40])
def test_what_could_be_a_person_is_named_by_its_row_and_never_shown(value):
    with pytest.raises(InputError) as caught:
        read_clients(f'kode,klien\n{KODE},3\n{KODE},"{value}"\n'.encode(), "klien.csv")
    (said,) = str(caught.value).splitlines()
    assert said.startswith('klien.csv, baris 3, kolom "jumlah"')
    assert f'"{value}"' not in said


@pytest.mark.parametrize("value", ["²", "-1", "2,5", "<5", "-"])
def test_a_number_that_is_no_count_is_shown(value):
    with pytest.raises(InputError, match=f'baris 2, kolom "jumlah": nilai "{value}"'):
        read_clients(f'kode,klien\n{KODE},"{value}"\n'.encode(), "klien.csv")


def test_columns_about_persons_are_dropped_and_only_their_names_told():
    rows = "".join(f"{KODE},Budi,7471012304560001\n" for _ in range(20))
    read = read_clients(f"kode,nama lengkap,NIK\n{rows}".encode(), "klien.csv")
    assert read.dropped == ("nama lengkap", "NIK")
