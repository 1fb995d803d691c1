"""The safe table: nothing that leaves it tells of fewer than k clients."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.answers.demand import client_weights
from coverage.answers.gaps import gaps
from coverage.answers.pokling import rank
from coverage.answers.study import open_study
from coverage.ground.errors import InputError
from coverage.ground.texts import LANGUAGES
from coverage.places.disclosure import DEFAULT_K, ROUND_TO, safe_table
from coverage.places.importing.clients import read_clients
from coverage.places.published import client_totals
from coverage.places.villages import load_villages

_TREE = pd.Index(
    [f"{p}.{k:02d}.{c:02d}.{d}" for p in (11, 74) for k in (1, 71) for c in (1, 2) for d in (1001, 1002, 2003)]
)
_COUNTS = st.lists(st.integers(0, 30), min_size=len(_TREE), max_size=len(_TREE)).map(
    lambda numbers: pd.Series(numbers, index=_TREE)
)


@given(_COUNTS)
def test_every_released_area_holds_at_least_k_clients(counts):
    table = safe_table(counts, _TREE)
    held = counts.groupby(table.area_of).sum()
    for area in table.areas.index:
        assert held[area] >= DEFAULT_K


@given(_COUNTS)
def test_released_counts_are_multiples_of_five_near_the_truth(counts):
    table = safe_table(counts, _TREE)
    held = counts.groupby(table.area_of).sum()
    for area, clients in table.areas["clients"].items():
        assert clients % ROUND_TO == 0
        assert abs(clients - held[area]) <= ROUND_TO / 2


@given(_COUNTS)
def test_what_is_not_released_is_a_single_rest_below_k(counts):
    table = safe_table(counts, _TREE)
    assert counts[table.area_of == ""].sum() < DEFAULT_K


@given(_COUNTS)
def test_none_and_a_few_look_the_same(counts):
    table = safe_table(counts, _TREE)
    alone = table.areas[table.areas["level"] == "village"].index
    hidden = counts[~counts.index.isin(alone)]
    emptied = counts.copy()
    few = hidden[(hidden > 0) & (hidden < DEFAULT_K)]
    if few.empty:
        return
    first = few.index[0]
    sibling = [
        kode
        for kode in hidden.index
        if kode[:8] == first[:8] and table.area_of[kode] == table.area_of[first] and kode != first
    ]
    if not sibling or counts[sibling[0]] + few.iloc[0] >= DEFAULT_K:
        return
    emptied[sibling[0]] += emptied[first]
    emptied[first] = 0
    again = safe_table(emptied, _TREE)
    pd.testing.assert_frame_equal(table.areas, again.areas)
    pd.testing.assert_series_equal(table.area_of, again.area_of)


def test_a_limit_below_five_is_refused():
    with pytest.raises(InputError, match="terlalu kecil"):
        safe_table(pd.Series(dtype="int64"), _TREE, k=4)


@given(_COUNTS)
def test_weights_of_an_area_sum_to_its_released_count(counts):
    table = safe_table(counts, _TREE)
    villages = pd.DataFrame({"population": np.arange(1.0, len(_TREE) + 1)}, index=_TREE)
    weights = client_weights(table, villages, villages)
    sums = weights.groupby(table.area_of).sum()
    for area, clients in table.areas["clients"].items():
        assert sums[area] == pytest.approx(clients)


def _file(rows):
    return ("kode;jumlah\n" + "".join(f"{kode};{count}\n" for kode, count in rows)).encode()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_two_files_with_one_safe_table_give_the_same_answers(lang):
    villages = load_villages()
    kendari = villages.index[villages.index.str.startswith("74.71.01")]
    one = _file([(kendari[0], 3), (kendari[1], 4), (kendari[2], 2)])
    other = _file([(kendari[0], 1), (kendari[1], 7), (kendari[3], 1)])
    said = []
    for raw in (one, other):
        study = open_study("74.71", clients_file=raw)
        report = gaps(study, 30)
        ranking = rank(study, "bnn-kota-kendari")
        notes = [note.text(lang) for note in report.notes]
        frames = (report.villages, report.by_regency, report.by_district, ranking.ranked, ranking.left_out)
        said.append((report.summary(), notes, [frame.to_csv() for frame in frames]))
    assert said[0] == said[1]


def test_raw_counts_would_tell_the_files_apart_without_the_safe_table():
    """The mutation that shows the test above can fail."""
    villages = load_villages()
    kendari = villages.index[villages.index.str.startswith("74.71.01")]
    counts = [pd.Series([3, 4, 2], index=kendari[:3]), pd.Series([1, 7, 1], index=kendari[[0, 1, 3]])]
    assert not counts[0].equals(counts[1])
    loose = [safe_table(count.clip(lower=0) * 5, villages.index) for count in counts]
    assert not loose[0].areas.equals(loose[1].areas)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=11, max_size=11))
def test_the_table_of_a_file_does_not_depend_on_the_region_asked(numbers):
    villages = load_villages()
    kode = villages.index[villages.index.str.startswith("74.72")][:11]
    origins = read_clients(_file(zip(kode, numbers, strict=True)), "klien.csv")
    again = safe_table(pd.Series(numbers, index=kode), villages.index)
    pd.testing.assert_frame_equal(origins.table.areas, again.areas)


def test_personal_columns_are_dropped_and_named_but_never_shown():
    raw = (
        "Nama,NIK,Alamat,Kelurahan,Kecamatan\n"
        + "KANARI SEBELAS,7471999999999999,Jl. Rahasia 77,Mandonga,Mandonga\n" * 9
    ).encode()
    study = open_study("74.71", clients_file=raw)
    report = gaps(study)
    assert study.clients is not None
    assert study.clients.dropped == ("Nama", "NIK", "Alamat")
    told = " ".join(note.text() for note in report.notes)
    assert "Nama, NIK, Alamat" in told
    everything = told + report.villages.to_csv() + repr(study) + repr(report.summary())
    for secret in ("KANARI", "7471999999999999", "Rahasia"):
        assert secret not in everything
    assert report.summary()["clients"] == 10


def test_a_name_alone_in_the_wrong_place_is_told_with_row_and_remedy():
    raw = b"kelurahan,kecamatan,jumlah\nMandonga,Mandongo,3\nMandonga,Mandonga,<5\n"
    with pytest.raises(InputError) as caught:
        read_clients(raw, "klien.csv")
    lines = caught.value.text().splitlines()
    assert len(lines) == 2
    assert "baris 2" in lines[0]
    assert "ejaan" in lines[0]
    assert 'kolom "jumlah": nilai "***"' in lines[1]


def test_a_file_without_any_origin_is_refused():
    with pytest.raises(InputError, match="asal klien tidak ada"):
        read_clients(b"jumlah\n3\n", "klien.csv")


def test_published_totals_are_area_totals_with_year_and_source():
    totals = client_totals()
    assert {"74", "74.03"} <= set(totals["area_kode"])
    assert (totals["count_min"].astype(int) >= 5).all()
    assert (totals["source"] != "").all()
