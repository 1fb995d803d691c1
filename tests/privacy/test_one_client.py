"""Whatever is released over all time, one client more or less changes its chances within the stated bound.

The bound of docs/privacy.md: each release multiplies what can be believed of one client by at most 2 for each level at
which an area of that client's holds k or more, but for a chance of one in STEPS for each.
"""

import itertools
import random

import numpy as np
import pandas as pd
import pytest

from coverage.places import disclosure
from coverage.places.disclosure import DEFAULT_K, LEAST_K, STEPS, keyed_noise, parts_of, step

from .conftest import chances, excess, together

A1, A2, B1, B2 = "11.01.01.1001", "11.01.01.1002", "11.01.02.1001", "11.01.02.1002"
THREE = parts_of((A1, A2, B1))
FOUR = parts_of((A1, A2, B1, B2))
_LENGTHS = (13, 8, 5, 2)
_EXACT = 1e-12


def levels_in_reach(held, village, k):
    """Count the levels at which the area of a village holds k clients or more, the one more included."""
    return sum(
        sum(count for kode, count in held.items() if kode[:length] == village[:length]) + 1 >= k for length in _LENGTHS
    )


def one_more(held, village):
    return {**held, village: held.get(village, 0) + 1}


def within_bound(before, after, levels, releases=1):
    most = levels * releases
    worst = max(excess(before, after, 2**most), excess(after, before, 2**most))
    return worst <= most / disclosure.STEPS + _EXACT


@pytest.mark.usefixtures("small_steps")
def test_every_table_of_three_villages(told):
    cache = {}
    tried = 0
    for counts in itertools.product(range(9), repeat=3):
        held = dict(zip((A1, A2, B1), counts, strict=True))
        for village in held:
            pair = []
            for one in (held, one_more(held, village)):
                key = tuple(one.values())
                if key not in cache:
                    cache[key] = chances({kode: n for kode, n in one.items() if n}, THREE, LEAST_K)
                pair.append(cache[key])
            assert within_bound(*pair, levels_in_reach(held, village, LEAST_K)), (counts, village)
            tried += 1
    told(f"{tried} pairs of tables, every draw:")


@pytest.mark.usefixtures("small_steps")
def test_every_history_of_two_tables(told):
    """All pairs of imports, in which a client is from the start, comes between, or goes between."""
    tables = list(itertools.product(range(3, 9), repeat=2))
    seen = {counts: _of(counts) for counts in itertools.product(range(3, 10), repeat=2)}
    tried = 0
    for first, second in itertools.product(tables, repeat=2):
        one = together((seen[first], seen[second]))
        for more_first, more_second in ((1, 1), (0, 1), (1, 0)):
            other = together((seen[first[0] + more_first, first[1]], seen[second[0] + more_second, second[1]]))
            assert within_bound(one, other, len(_LENGTHS), releases=more_first + more_second), (first, second)
            tried += 1
    told(f"{tried} pairs of histories, every draw:")


def _of(counts):
    return chances({kode: n for kode, n in zip((A1, B1), counts, strict=True) if n}, parts_of((A1, B1)), LEAST_K)


def test_random_tables_with_the_steps_of_the_program(told):
    """Of one level or two, so that all draws can be tried."""
    rng = random.Random(20261128)  # noqa: S311 - not for secrets
    tried = 0
    while tried < 60:
        held = {kode: rng.randrange(15) for kode in (A1, A2, B1, B2)}
        village = rng.choice((A1, A2, B1, B2))
        levels = levels_in_reach(held, village, DEFAULT_K)
        asked = len({kode[:n] for kode in held for n in _LENGTHS if _sum(held, kode[:n]) + 1 >= DEFAULT_K})
        if asked > 2:
            held = {kode: count // 4 for kode, count in held.items()}
            levels = levels_in_reach(held, village, DEFAULT_K)
        pair = [{kode: n for kode, n in one.items() if n} for one in (held, one_more(held, village))]
        assert within_bound(*(chances(one, FOUR, DEFAULT_K) for one in pair), levels), held
        tried += 1
    told(f"{tried} random tables, every draw:")


def _sum(held, area):
    return sum(count for kode, count in held.items() if kode.startswith(area))


def test_the_attack_that_told_of_one_client_does_not_any_more(told):
    """Raw 8, 13, 17, 18 used to show 10, 10, 10, 20: only 18 could."""
    parts = parts_of((A1, A2))
    seen = {count: chances({A1: count}, parts, DEFAULT_K) for count in (8, 13, 17, 18)}
    came, stayed = (together([seen[count] for count in history]) for history in ((8, 13, 17, 18), (8, 13, 17, 17)))
    assert within_bound(came, stayed, levels_in_reach({A1: 17}, A1, DEFAULT_K))
    worst = max(excess(came, stayed, 4), excess(stayed, came, 4))
    assert worst < 0.01
    told(f"{len(came)} sequences that may be seen, more than fourfold belief with a chance of {worst:.4f}:")


def test_many_long_histories(told):
    """Random histories of as many releases as there may be, each client in all of them from some import on."""
    rng = random.Random(7)  # noqa: S311 - not for secrets
    parts = parts_of((A1, A2))
    seen = {count: chances({A1: count} if count else {}, parts, DEFAULT_K) for count in range(45)}
    for _ in range(300):
        history = sorted(rng.choices(range(40), k=3))
        start = rng.randrange(3)
        other = [count + (number >= start) for number, count in enumerate(history)]
        releases = 3 - start
        levels = max(levels_in_reach({A1: count}, A1, DEFAULT_K) for count in history)
        pair = (together([seen[count] for count in counts]) for counts in (history, other))
        assert within_bound(*pair, levels, releases), history
    told("300 random histories of three releases, every draw:")


def test_without_the_steps_one_client_would_be_told_of(monkeypatch):
    monkeypatch.setattr(disclosure, "MOST_NOISE", 0)
    monkeypatch.setattr(disclosure, "STEPS", 1)
    parts = parts_of((A1, A2))
    shown = [chances({A1: count}, parts, DEFAULT_K) for count in (17, 18)]
    assert excess(*shown, 2**4) == 1.0


def test_with_one_step_for_all_files_one_client_would_be_told_of():
    """What a secret fixed once an area would do: a change can only come from a client."""
    came, stayed = {}, {}
    for draw in range(STEPS):
        one = step(draw)
        for counts, found in (((17, 18), came), ((17, 17), stayed)):
            tables = tuple(
                tuple(disclosure.release({A1: count}, parts_of((A1, A2)), lambda _, one=one: one, DEFAULT_K).items())
                for count in counts
            )
            found[tables] = found.get(tables, 0.0) + 1 / STEPS
    assert excess(came, stayed, 2 ** (4 * disclosure.MOST_NOISE)) > 10 / STEPS


def test_the_steps_follow_their_law():
    sizes = [step(draw) for draw in range(STEPS)]
    assert {size: sizes.count(size) for size in set(sizes)} == {
        size: 2 ** (disclosure.MOST_NOISE - abs(size))
        for size in range(-disclosure.MOST_NOISE, disclosure.MOST_NOISE + 1)
    }
    with pytest.raises(ValueError, match="0"):
        step(STEPS)


def test_steps_of_two_files_or_two_areas_tell_nothing_of_each_other():
    """Correlations of 3 000 secrets; the same file gives the same steps whatever the order of its rows."""
    one, other = pd.Series({A1: 17, B1: 3}), pd.Series({A1: 18, B1: 3})
    drawn = []
    for number in range(3000):
        key = number.to_bytes(32, "big")
        noises = keyed_noise(key, one), keyed_noise(key, other)
        drawn.append([noises[0](A1), noises[0](A2), noises[1](A1)])
        assert keyed_noise(key, one[::-1])(A1) == drawn[-1][0]
    steps = np.array(drawn, dtype=float)
    related = np.corrcoef(steps.T)
    assert np.abs(related[np.triu_indices(3, 1)]).max() < 0.06
    assert np.abs(steps.mean(axis=0)).max() < 0.12
    assert abs((steps == 0).mean() - 2**disclosure.MOST_NOISE / STEPS) < 0.02
