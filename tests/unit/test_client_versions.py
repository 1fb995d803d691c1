"""Safe tables in the workspace: versions with a reason, counted over all time, and checked when they are read."""

import datetime as dt
import random

import pandas as pd
import pytest

from coverage.answers.study import open_study
from coverage.ground.errors import InputError
from coverage.places.clients import held_clients, held_tables
from coverage.places.disclosure import area_of, safe_areas
from coverage.places.importing import Asked, commit, preview
from coverage.places.importing.import_clients import read_clients
from coverage.places.periods import Span, span_of
from coverage.places.releases import MOST, left, office_key, used
from coverage.places.villages import load_villages
from coverage.places.workspace import Workspace

pytestmark = pytest.mark.usefixtures("no_steps")

VILLAGES = [f"74.71.01.{number}" for number in range(1005, 1011)]


@pytest.fixture
def door(tmp_path):
    return Workspace.open(tmp_path / "kantor.gpkg")


def put(door, counts, **asked):
    rows = "".join(f"{kode},{count}\n" for kode, count in zip(VILLAGES, counts, strict=False))
    commit(preview("clients", f"kode,jumlah\n{rows}".encode(), "klien.csv", Asked(**asked)), door)
    return held_tables(door)


def test_another_table_of_the_same_years_needs_a_reason_and_replaces_the_first(door):
    put(door, [20, 30], period="2024")
    with pytest.raises(InputError, match="Beri alasan"):
        put(door, [20, 90], period="2024")
    assert held_tables(door)["version"].unique().tolist() == [1]
    held = put(door, [20, 90], period="2024", reason="data susulan")
    assert held["version"].unique().tolist() == [2]
    assert held["replaces"].unique().tolist() == ["1"]
    assert held["reason"].unique().tolist() == ["data susulan"]


@pytest.mark.parametrize("period", ["2023-2024", "2024-2025", "2024-S1", ""])
def test_no_two_tables_of_overlapping_years_are_held(door, period):
    put(door, [20, 30], period="2024")
    held = put(door, [50, 60], period=period, reason="gabungan")
    assert held["period"].unique().tolist() == [period]


def test_tables_of_other_years_stay_and_answers_read_the_latest(door):
    put(door, [20, 30], period="2024")
    held = put(door, [40], period="2023")
    assert sorted(held["period"].unique()) == ["2023", "2024"]
    assert held_clients(door).table.areas["clients"].tolist() == [20, 30]


def test_years_are_read_from_the_file(door):
    rows = "".join(f"{VILLAGES[0]},{year},10\n" for year in (2022, 2023))
    commit(preview("clients", f"kode,tahun,jumlah\n{rows}".encode(), "klien.csv", Asked()), door)
    assert held_tables(door)[["period", "clients"]].values.tolist() == [["2022-2023", 20]]


PERIODS = ["2024", "tahun 2024", "2024-S1", "Semester II 2024", "2024-03", "2023-2024", "2020-2025", "2026", ""]


def released(door, text, **asked):
    """Import a file and count what is known of it after."""
    found = preview("clients", text.encode(), "klien.csv", Asked(**asked))
    if not found.faults:
        commit(found, door)
    return found


@pytest.mark.parametrize("stated", ["1950", "2023", "2025", "2022-2023", "2023-S2", "2025-01"])
def test_a_file_cannot_be_released_for_years_that_its_rows_do_not_tell(door, stated):
    found = released(door, f"kode,tahun,jumlah\n{VILLAGES[0]},2024,40\n", period=stated)
    (fault,) = found.faults
    assert (fault.row, fault.column, fault.value) == (2, "tahun", "***")
    assert found.safe.empty


def test_however_its_time_is_stated_a_year_is_released_so_often_and_not_more(door):
    """The rows say 2024; whatever stands in --period, only :data:`MOST` tables that speak of it come to be."""
    seen = 0
    for more, period in enumerate(PERIODS * 3):
        try:
            found = released(
                door, f"kode,tahun,jumlah\n{VILLAGES[0]},2024,{40 + more}\n", period=period, reason="susulan"
            )
        except InputError:
            continue
        seen += not found.faults
    assert seen == MOST
    assert left(door, span_of("2024")) == 0


def test_a_row_without_a_year_beside_one_that_has_it_is_asked_for(door):
    text = f"kode,tahun,jumlah\n{VILLAGES[0]},,40\n{VILLAGES[1]},1931,1\n"
    (fault,) = released(door, text).faults
    assert (fault.row, fault.column) == (2, "tahun")
    assert not released(door, text, period="1931-2024").faults
    assert left(door, span_of("2000")) == MOST - 1


@pytest.mark.parametrize("ahead", ["2099", "2098-S1", "2090-2099"])
def test_no_table_is_of_a_time_to_come(door, ahead):
    with pytest.raises(InputError, match="belum mulai"):
        put(door, [20, 30], period=ahead)
    assert released(door, f"kode,tahun,jumlah\n{VILLAGES[0]},2099,40\n").faults


def test_the_table_that_is_held_is_the_table_that_was_made(door):
    counts = [20, 3, 4, 2, 1, 9]
    put(door, counts, period="2024")
    fresh = safe_areas(_series(dict(zip(VILLAGES, counts, strict=True))), load_villages().index, lambda _: 0)
    held = held_clients(door).table
    assert held.areas["clients"].to_dict() == fresh["clients"].to_dict()
    assert held.area_of.to_dict() == area_of(fresh, load_villages().index).to_dict()


def test_too_few_clients_are_held_as_nothing(door):
    put(door, [1, 2], period="2024")
    assert held_clients(door).table.areas.empty
    assert (held_clients(door).table.area_of == "").all()


def _series(counts):
    return pd.Series(counts, dtype="int64")


def test_a_time_is_released_no_more_often_than_the_bound_allows(door):
    """150 imports, each with one client more: what can be seen of them are the first few tables."""
    tables = [
        put(door, [20 + more, 30], period="2024", reason="klien baru")["clients"].tolist() for more in range(MOST)
    ]
    for more in range(MOST, 150, 30):
        with pytest.raises(InputError, match="sudah diterbitkan 4 kali"):
            put(door, [20 + more, 30], period="2024", reason="klien baru")
    with pytest.raises(InputError, match="sudah diterbitkan 4 kali"):
        put(door, [20, 31], period="2024-S1", reason="semester")
    assert held_tables(door)["clients"].tolist() == tables[-1]
    put(door, [20, 31], period="2025")


@pytest.mark.parametrize("period", ["tahun 2024", "2024-2025", "2022 s.d. 2024", "Semester II 2024", "2024-03", ""])
def test_another_name_for_an_overlapping_time_is_no_other_time(door, period):
    for more in range(MOST):
        put(door, [20 + more, 30], period="2024", reason="lagi")
    with pytest.raises(InputError, match="sudah diterbitkan"):
        put(door, [99, 30], period=period, reason="lagi")


def test_a_time_that_is_not_understood_is_refused(door):
    with pytest.raises(InputError, match="sepanjang operasi"):
        put(door, [20, 30], period="sepanjang operasi")


def test_the_same_content_is_one_release_whatever_it_is_asked_for(door):
    for _ in range(2 * MOST):
        put(door, [20, 30], period="2024")
    assert left(door, span_of("2024")) == MOST - 1
    assert held_tables(door)["version"].unique().tolist() == [1]


def test_a_file_that_is_only_asked_about_is_a_release_as_well(door, tmp_path):
    for more in range(MOST):
        raw = f"kode,tahun,jumlah\n{VILLAGES[0]},2024,{20 + more}\n".encode()
        assert read_clients(raw, "klien.csv", door).table.areas["clients"].tolist()
        read_clients(raw, "klien.csv", door)
    with pytest.raises(InputError, match="sudah diterbitkan"):
        read_clients(f"kode,tahun,jumlah\n{VILLAGES[0]},2024,77\n".encode(), "klien.csv", door)


def test_releases_are_counted_day_by_day():
    """Against counting on every day of the years, for random stretches of time."""
    rng = random.Random(5)  # noqa: S311 - not for secrets
    days = [dt.date(2020, 1, 1) + dt.timedelta(days=30 * number) for number in range(40)]
    for _ in range(300):
        rows = []
        for _ in range(rng.randrange(7)):
            first, last = sorted(rng.sample(days, 2))
            rows.append((first.isoformat(), last.isoformat(), "x"))
        first, last = sorted(rng.sample(days, 2))
        counts = [
            sum(start <= (first + dt.timedelta(days=day)).isoformat() <= end for start, end, _ in rows)
            for day in range((last - first).days + 1)
        ]
        assert used(rows, Span(first, last, "")) == max(counts)


def test_tables_released_before_releases_were_counted_are_counted(door):
    put(door, [20, 30], period="2024")
    put(door, [20, 60], period="2024", reason="susulan")
    with door._change(["client_releases"]) as change:
        change.drop("client_releases")
    put(door, [20, 90], period="2024", reason="susulan")
    assert left(door, span_of("2024")) == MOST - 3


def test_another_office_draws_other_steps_and_a_broken_key_is_told(tmp_path, monkeypatch):
    keys = set()
    for name in ("a", "b"):
        monkeypatch.setenv("JANGKAU_HOME", str(tmp_path / name))
        keys |= {office_key(), office_key()}
    assert {len(key) for key in keys} == {32}
    assert len(keys) == 2
    (tmp_path / "b" / "kunci-tabel-aman").write_bytes(b"pendek")
    with pytest.raises(InputError, match="rusak"):
        office_key()


SOUND = {"version": 1, "replaces": "", "period": "2024", "area": "74.71.01", "level": "district", "clients": 20}


@pytest.mark.parametrize(
    "wrong",
    [
        {"clients": 3}, {"clients": 11}, {"clients": -5}, {"clients": 7.5}, {"clients": None}, {"clients": 5},
        {"clients": float("inf")}, {"level": "regency"}, {"level": "Village"}, {"level": None}, {"area": "74.71.99"},
        {"area": None}, {"area": ""}, {"k": 1}, {"k": None}, {"k": 5.5}, {"version": None}, {"version": 0},
        {"period": None}, {"period": "kapan saja"}, {"area": "74.71.01x"},
        {"area": "74.71.01 "}, {"level": "district "}, {"clients": 10_000_005}, {"area": "74.71.01\n"},
    ],
)  # fmt: skip
def test_a_table_that_was_edited_elsewhere_is_refused(door, wrong):
    row = SOUND | {"k": 8, "reason": "", "origin": "kantor"} | wrong
    door.put({"client_areas": pd.DataFrame([row])}, replacing={})
    with pytest.raises(InputError, match="lapisan client_areas") as caught:
        held_clients(door)
    said = str(caught.value)
    assert 'nilai "***"' in said
    assert "pulihkan ruang kerja" in said
    with pytest.raises(InputError, match="client_areas"):
        open_study("74.71", workspace=door.path)
    with pytest.raises(InputError, match="client_areas"):
        put(door, [20, 30], period="2024", reason="menimpa")


def test_two_tables_of_one_time_or_an_area_twice_are_refused(door):
    row = SOUND | {"k": 8, "reason": "", "origin": "kantor"}
    for other in (
        {},
        {"version": 2},
        {"version": 2, "period": "2024-S1"},
        {"period": "2023-2024", "area": "74.71.02"},
        {"period": "2025", "area": "74.71.02"},
        {"k": 6, "area": "74.71.02"},
        {"area": "", "level": "none", "clients": 0},
    ):
        door.put({"client_areas": pd.DataFrame([row, row | other])}, replacing={"origin": "kantor"})
        with pytest.raises(InputError, match="client_areas"):
            held_clients(door)


def test_a_sound_table_of_an_earlier_rule_is_read(door):
    rows = [SOUND | {"clients": 10}, SOUND | {"area": "ID", "level": "country", "clients": 15}]
    door.put({"client_areas": pd.DataFrame([row | {"k": 8, "reason": "", "origin": ""} for row in rows])}, replacing={})
    assert held_clients(door).table.areas["clients"].to_dict() == {"74.71.01": 10, "ID": 15}
