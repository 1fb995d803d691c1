"""The safe table: nothing that leaves it tells of fewer than k clients."""

import re
from pathlib import Path

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
from coverage.places.disclosure import (
    DEFAULT_K,
    MOST_NOISE,
    ROUND_TO,
    SafeTable,
    area_of,
    keyed_noise,
    least_blurred,
    safe_areas,
)
from coverage.places.importing import Asked, preview
from coverage.places.importing.import_clients import read_clients
from coverage.places.published import client_totals
from coverage.places.releases import office_key
from coverage.places.villages import load_villages
from coverage.places.workspace import Workspace

_TREE = pd.Index(
    [f"{p}.{k:02d}.{c:02d}.{d}" for p in (11, 74) for k in (1, 71) for c in (1, 2) for d in (1001, 1002, 2003)]
)
_KEYS = st.binary(min_size=32, max_size=32)
_COUNTS = st.lists(st.integers(0, 30), min_size=len(_TREE), max_size=len(_TREE)).map(
    lambda numbers: pd.Series(numbers, index=_TREE)
)


def safe_table(counts, villages, noise, *, k=DEFAULT_K):
    """Make the safe table of raw client counts."""
    areas = safe_areas(counts, villages, noise, k=k)
    return SafeTable(areas, area_of(areas, villages), k)


@given(_COUNTS, _KEYS)
def test_every_released_area_holds_at_least_k_clients(counts, key):
    table = safe_table(counts, _TREE, keyed_noise(key, counts))
    held = counts.groupby(table.area_of).sum()
    for area in table.areas.index:
        assert held[area] >= DEFAULT_K


@given(_COUNTS, _KEYS)
def test_released_counts_are_multiples_of_five_near_the_truth(counts, key):
    table = safe_table(counts, _TREE, keyed_noise(key, counts))
    held = counts.groupby(table.area_of).sum()
    for area, clients in table.areas["clients"].items():
        assert clients % ROUND_TO == 0
        assert abs(clients - held[area]) <= MOST_NOISE + ROUND_TO / 2


@given(_COUNTS)
def test_none_and_a_few_look_the_same(counts):
    """Fewer than k in an area are joined with others before anything is drawn."""
    table = safe_table(counts, _TREE, _no_step)
    hidden = counts[~counts.index.isin(table.areas.index)]
    few = hidden[(hidden > 0) & (hidden < DEFAULT_K)]
    for kode in few.index[:1]:
        siblings = [one for one in hidden.index if one[:8] == kode[:8] and one != kode]
        moved = next((one for one in siblings if counts[one] + few[kode] < DEFAULT_K), None)
        if moved is None:
            return
        emptied = counts.copy()
        emptied[moved] += emptied[kode]
        emptied[kode] = 0
        again = safe_table(emptied, _TREE, _no_step)
        pd.testing.assert_frame_equal(table.areas, again.areas)
        pd.testing.assert_series_equal(table.area_of, again.area_of)


def _no_step(_area):
    return 0


def test_a_limit_below_five_is_refused():
    with pytest.raises(InputError, match="terlalu kecil"):
        safe_table(pd.Series(dtype="int64"), _TREE, _no_step, k=4)


_PEOPLE = st.lists(st.sampled_from([0.0, 0.0, 1.0, 5432.0, float("nan")]), min_size=len(_TREE), max_size=len(_TREE))


@given(_COUNTS, _KEYS, _PEOPLE)
def test_weights_of_an_area_sum_to_its_released_count(counts, key, people):
    """Also where nobody is said to live in an area, or where no figure is known at all."""
    table = safe_table(counts, _TREE, keyed_noise(key, counts))
    villages = pd.DataFrame({"population": people}, index=_TREE)
    weights = client_weights(table, villages, villages)
    sums = weights.groupby(table.area_of).sum()
    for area, clients in table.areas["clients"].items():
        assert sums[area] == pytest.approx(clients)


def _file(rows):
    return ("kode;jumlah\n" + "".join(f"{kode};{count}\n" for kode, count in rows)).encode()


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.usefixtures("no_steps")
def test_two_files_with_one_safe_table_give_the_same_answers(lang):
    villages = load_villages()
    kendari = villages.index[villages.index.str.startswith("74.71.01")]
    one = _file([(kendari[0], 7), (kendari[1], 6), (kendari[2], 5)])
    other = _file([(kendari[0], 3), (kendari[1], 9), (kendari[3], 7)])
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
    loose = [safe_table(count * 5, villages.index, _no_step) for count in counts]
    assert not loose[0].areas.equals(loose[1].areas)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=11, max_size=11))
def test_the_table_of_a_file_is_that_of_its_counts(numbers):
    villages = load_villages()
    kode = villages.index[villages.index.str.startswith("74.72")][:11]
    made = preview("clients", _file(zip(kode, numbers, strict=True)), "klien.csv", Asked()).safe.set_index("area")
    counts = pd.Series(numbers, index=kode)
    again = safe_table(counts, villages.index, keyed_noise(office_key(), counts))
    pd.testing.assert_frame_equal(made, again.areas)


@pytest.mark.usefixtures("no_steps")
def test_personal_columns_are_dropped_and_named_but_never_shown():
    raw = (
        "Nama,NIK,Alamat,Kelurahan,Kecamatan\n"
        + "KANARI SEBELAS,7471999999999999,Jl. Rahasia 77,Mandonga,Mandonga\n" * 19
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
    assert report.summary()["clients"] == 20


def test_a_name_alone_in_the_wrong_place_is_told_with_row_and_remedy():
    raw = b"kelurahan,kecamatan,jumlah\nMandonga,Mandongo,3\nMandonga,Mandonga,<5\n"
    with pytest.raises(InputError) as caught:
        read_clients(raw, "klien.csv", Workspace.open())
    lines = caught.value.text().splitlines()
    assert len(lines) == 2
    assert "baris 2" in lines[0]
    assert "isi kode" in lines[0]
    assert 'kolom "jumlah": nilai "***"' in lines[1]


def test_a_file_without_any_origin_is_refused():
    with pytest.raises(InputError, match="asal klien tidak ada"):
        read_clients(b"jumlah\n3\n", "klien.csv", Workspace.open())


def test_published_totals_are_area_totals_with_year_and_source():
    totals = client_totals()
    assert {"74", "74.03"} <= set(totals["area_kode"])
    assert (totals["count_min"].astype(int) >= 5).all()
    assert (totals["source"] != "").all()


def test_the_promise_in_the_documents_is_what_is_done():
    root = Path(__file__).resolve().parents[2]
    privacy, readme = ((root / name).read_text(encoding="utf-8") for name in ("docs/privacy.md", "README.md"))
    promised = {
        r"at least (\d+) clients": DEFAULT_K,
        r"secret step of at most (\d+)": MOST_NOISE,
        r"where the sum reaches (\d+)": least_blurred(DEFAULT_K),
        r"rounded to the nearest (\d+)": ROUND_TO,
    }
    for words, done in promised.items():
        assert set(re.findall(words, privacy)) == {str(done)}, words
    told = re.findall(r"merged to at least (\d+) clients.*rounded to (\d+)\)", readme)
    assert told == [(str(DEFAULT_K), str(ROUND_TO))]
