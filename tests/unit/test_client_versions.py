"""Safe tables in the workspace: versions with a reason, and no difference that tells of a few."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage.ground.errors import InputError
from coverage.places.clients import held_clients, held_tables
from coverage.places.disclosure import LEAST_K, safe_table, steadied
from coverage.places.importing import Asked, commit, preview
from coverage.places.villages import load_villages
from coverage.places.workspace import Workspace

VILLAGES = [f"74.71.01.{number}" for number in range(1005, 1011)]
TREE = load_villages().index[load_villages().index.str.startswith("74.7")][:40]


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


def test_the_table_that_is_held_is_the_table_that_was_made(door):
    counts = [20, 3, 4, 2, 1, 9]
    put(door, counts, period="2024")
    fresh = safe_table(_series(dict(zip(VILLAGES, counts, strict=True))), load_villages().index)
    held = held_clients(door).table
    assert held.areas["clients"].to_dict() == fresh.areas["clients"].to_dict()
    assert held.area_of.to_dict() == fresh.area_of.to_dict()


def test_too_few_clients_are_held_as_nothing(door):
    put(door, [1, 2], period="2024")
    assert held_clients(door).table.areas.empty
    assert (held_clients(door).table.area_of == "").all()


def _series(counts):
    return pd.Series(counts, dtype="int64")


@given(
    st.lists(st.integers(0, 30), min_size=len(TREE), max_size=len(TREE)),
    st.integers(0, len(TREE) - 1),
    st.integers(1, 4),
)
def test_fewer_than_five_more_clients_move_no_released_count(numbers, place, more):
    before = _series(dict(zip(TREE, numbers, strict=True)))
    after = before.copy()
    after.iloc[place] += more
    old, new = (safe_table(counts, TREE) for counts in (before, after))
    kept = steadied(new.areas, old.areas["clients"])
    same = [area for area in kept.index if area in old.areas.index]
    assert more < LEAST_K
    whole = [
        area
        for area in same
        if set(old.area_of.index[old.area_of == area]) == set(new.area_of.index[new.area_of == area])
    ]
    assert all(kept.at[area, "clients"] == old.areas.at[area, "clients"] for area in whole)


def test_without_steadying_one_client_would_move_a_count():
    before, after = _series({TREE[0]: 12}), _series({TREE[0]: 13})
    old, new = (safe_table(counts, TREE).areas for counts in (before, after))
    assert old["clients"].tolist() != new["clients"].tolist()
    assert steadied(new, old["clients"])["clients"].tolist() == old["clients"].tolist()
