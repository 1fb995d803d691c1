"""Of the parts of a remainder nothing can be inferred: each may be empty, whatever is seen."""

import itertools

import pytest

from coverage.places import disclosure
from coverage.places.disclosure import LEAST_K, parts_of

from .conftest import chances

VILLAGES = ("11.01.01.1001", "11.01.01.1002", "11.01.01.1003", "11.01.02.1001")


def tables(villages, most):
    """Give, for every table that may be seen, all raw counts that it may come from."""
    parts = parts_of(villages)
    found = {}
    for counts in itertools.product(range(most + 1), repeat=len(villages)):
        held = {kode: count for kode, count in zip(villages, counts, strict=True) if count}
        for seen in chances(held, parts, LEAST_K):
            found.setdefault(seen, []).append(counts)
    return found


def inferred(villages, most):
    """Give what can be inferred: tables with a remainder, and the part of it that surely has clients."""
    told = []
    for seen, raw in tables(villages, most).items():
        released = {area for area, _ in seen}
        for area in released:
            parts = [
                part
                for part in parts_of(villages).get(area, ())
                if part not in released and any(kode.startswith(part) and kode not in released for kode in villages)
            ]
            for part in parts:
                held = [
                    sum(n for k, n in zip(villages, counts, strict=True) if k.startswith(part) and k not in released)
                    for counts in raw
                ]
                if min(held) > 0:
                    told.append((seen, part, min(held), max(held)))
    return told


@pytest.mark.usefixtures("small_steps")
@pytest.mark.parametrize(
    ("villages", "most"), [(VILLAGES[:2], 16), (VILLAGES[:3], 9), (VILLAGES[:2] + VILLAGES[3:], 9)]
)
def test_every_part_of_every_remainder_may_be_empty(villages, most, told):
    assert inferred(villages, most) == []
    told(f"{len(tables(villages, most))} tables from {(most + 1) ** len(villages)} raw ones:")


@pytest.mark.usefixtures("small_steps")
def test_without_the_rule_parts_could_be_inferred(monkeypatch):
    monkeypatch.setattr(disclosure, "tells_of_a_part", lambda *_: False)
    assert inferred(VILLAGES[:2], 16)


def test_two_villages_below_the_limit_are_not_told_of_by_their_sum():
    """Raw 7 and 7 used to show 15: six or seven each."""
    for one, other in itertools.product(range(8), repeat=2):
        held = {kode: count for kode, count in zip(VILLAGES[:2], (one, other), strict=True) if count}
        for seen in chances(held, parts_of(VILLAGES[:2]), disclosure.DEFAULT_K):
            assert all(clients <= 20 for _, clients in seen)
    seen = set(chances({VILLAGES[0]: 14}, parts_of(VILLAGES[:2]), disclosure.DEFAULT_K))
    both = set(chances({VILLAGES[0]: 7, VILLAGES[1]: 7}, parts_of(VILLAGES[:2]), disclosure.DEFAULT_K))
    assert both <= seen
