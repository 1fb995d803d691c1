"""Exact chances of what is released: every draw of every secret step is tried."""

import pytest

from coverage.places import disclosure
from coverage.places.disclosure import release


class _NotDrawnError(Exception):
    pass


def chances(held, parts, k):
    """Give each table that may be released of these counts, with its number of draws and of all draws.

    Steps are drawn for an area only when the release asks for it; so the tree of all draws stays small.
    """
    most = disclosure.MOST_NOISE
    found = {}
    open_draws = [({}, 1.0)]
    while open_draws:
        drawn, chance = open_draws.pop()

        def noise(area, drawn=drawn):
            if area not in drawn:
                raise _NotDrawnError(area)
            return drawn[area]

        try:
            table = release(held, parts, noise, k)
        except _NotDrawnError as missing:
            (area,) = missing.args
            for step in range(-most, most + 1):
                weight = 2 ** (most - abs(step)) / disclosure.STEPS
                open_draws.append((drawn | {area: step}, chance * weight))
        else:
            key = tuple(sorted((area, clients) for area, (_, clients) in table.items()))
            found[key] = found.get(key, 0.0) + chance
    return found


def excess(one, other, factor):
    """Give by how much the first may exceed `factor` times the second, over all that may be seen of it."""
    return sum(max(0.0, chance - factor * other.get(seen, 0.0)) for seen, chance in one.items())


def together(tables):
    """Give the chances of sequences of tables whose steps are independent."""
    found = {(): 1.0}
    for table in tables:
        found = {(*before, seen): chance * more for before, chance in found.items() for seen, more in table.items()}
    return found


@pytest.fixture
def small_steps(monkeypatch):
    """Make the largest step 1, so that all draws over whole trees can be tried."""
    monkeypatch.setattr(disclosure, "MOST_NOISE", 1)
    monkeypatch.setattr(disclosure, "STEPS", 3 * 2**1 - 2)


@pytest.fixture
def told(capsys):
    """Print a figure where whoever runs the tests sees it."""

    def say(text):
        with capsys.disabled():
            print(f"\n{text}", end=" ")  # noqa: T201 - how much was tried is part of what is shown

    return say
