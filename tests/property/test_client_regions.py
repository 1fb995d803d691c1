"""The region asked for changes no client's row that is sure without it: the safe table must not depend on it."""

import csv
import io

from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.places.importing import Asked, client_rows
from coverage.places.tables.faults import Faults
from coverage.places.villages import load_villages

COLUMNS = ["name", "district", "regency", "province"]
ROWS = {kode: tuple(names) for kode, *names in load_villages()[COLUMNS].iloc[::53].itertuples(name=None)}
KODE = list(ROWS)
REGIONS = ["ID", "74", "74.71", "74.07", "32.73", "11", "91"]


@st.composite
def lines(draw):
    """Make rows of clients: by code, by code and names, by names with and without parents, with a wrong name."""
    made = []
    for kode in draw(st.lists(st.sampled_from(KODE), min_size=1, max_size=6)):
        name, district, regency, province = ROWS[kode]
        shape = draw(st.integers(0, 5))
        shapes = (
            (kode, "", "", "", ""),
            (kode.replace(".", ""), name, "", regency, ""),
            ("", name, district, regency, province),
            ("", name, district, "", ""),
            ("", name, "", "", ""),
            (kode, ROWS[draw(st.sampled_from(KODE))][0], "", "", ""),
        )
        made.append((*shapes[shape], draw(st.integers(1, 99))))
    return made


def counted(rows, region):
    """Give the clients a village of these rows, and the numbers of the rows that were not taken."""
    buffer = io.StringIO()
    head = ("kode", "desa", "kecamatan", "kabupaten/kota", "provinsi", "jumlah")
    csv.writer(buffer, delimiter=";").writerows([head, *rows])
    faults = Faults("klien.csv", secret=True)
    read = client_rows.read_counts(buffer.getvalue().encode(), "klien.csv", Asked(region=region), faults)
    return read.matches.kode, faults.rows


@settings(max_examples=80)
@given(rows=lines(), own=st.booleans(), region=st.sampled_from(REGIONS))
def test_a_row_that_is_sure_without_the_region_is_read_the_same_with_it(rows, own, region):
    if own:
        first = next((code for code, *_ in rows if code), "")
        region = first[:5] if first[2:3] == "." else region
    without, _ = counted(rows, "ID")
    kode, faulty = counted(rows, region)
    assert without.items() <= kode.items()
    assert not faulty & without.keys()
    # What the region adds lies in it.
    assert all(kode[number].startswith(region) for number in kode.keys() - without.keys())
