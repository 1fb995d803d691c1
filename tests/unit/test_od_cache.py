"""Travel kept on disk: read when it is the same, computed again when the file is not whole, never too much of it."""

from unittest.mock import patch

import numpy as np
import pandas as pd
import pytest

from coverage.places.workspace import cache_folder
from coverage.travel import od, od_cache
from coverage.travel.network.graph import Legs, two_way
from coverage.travel.od import Places, od_matrix


@pytest.fixture
def ring(tmp_path, monkeypatch):
    monkeypatch.setenv("JANGKAU_HOME", str(tmp_path))
    monkeypatch.setattr(od, "_WORTH_KEEPING", 1)

    def made(count=6, minutes=2.0):
        a = np.arange(count)
        legs = Legs(a, (a + 1) % count, np.full(count, minutes), np.ones(count), np.where(a == 0, 0, -1))
        return two_way(pd.Index([f"v{node}" for node in a]), legs, ("kapal",))

    return made


def square(network):
    places = Places(network.nodes, np.arange(network.size), np.zeros(network.size), np.zeros(network.size))
    return od_matrix(network, network.nodes, places)


def files():
    return sorted((cache_folder() / "od").iterdir())


def asked(network):
    """Give the matrix, and how many times paths were searched for it."""
    with patch.object(od, "paths_between", wraps=od.paths_between) as search:
        return square(network), search.call_count


def test_the_same_is_read_and_not_computed(ring):
    first, searched = asked(ring())
    again, searched_again = asked(ring())
    assert (searched, searched_again, len(files())) == (1, 0, 1)
    for name in ("minutes", "km", "ferry_legs"):
        assert np.array_equal(getattr(again, name), getattr(first, name))
        assert getattr(again, name).dtype == getattr(first, name).dtype


@pytest.mark.parametrize("other", [{"minutes": 3.0}, {"count": 7}])
def test_another_network_has_another_file(ring, other):
    square(ring())
    found, searched = asked(ring(**other))
    assert (searched, len(files())) == (1, 2)
    assert found.minutes[0, 1] == other.get("minutes", 2.0)


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 not a file", None])
def test_a_damaged_file_is_computed_again(ring, damage):
    whole = square(ring())
    path = files()[0]
    content = bytearray(path.read_bytes())
    content[len(content) // 3] ^= 0xFF
    path.write_bytes(bytes(content) if damage is None else damage)
    found, searched = asked(ring())
    assert searched == 1
    assert np.array_equal(found.minutes, whole.minutes)
    assert asked(ring())[1] == 0


def test_what_was_not_read_for_longest_goes_when_there_is_no_room(ring, monkeypatch):
    square(ring())
    monkeypatch.setattr(od_cache, "MOST_BYTES", files()[0].stat().st_size * 2 + 1500)
    for count in (7, 8, 9, 10):
        square(ring(count=count))
        assert sum(path.stat().st_size for path in files()) <= od_cache.MOST_BYTES + files()[-1].stat().st_size
    assert asked(ring())[1] == 1
    assert len(files()) < 6


def test_a_folder_that_cannot_be_written_costs_no_answer(ring, tmp_path):
    (tmp_path / "cache").write_text("in the way")
    found, searched = asked(ring())
    assert searched == 1
    assert found.minutes[0, 3] == 6.0
