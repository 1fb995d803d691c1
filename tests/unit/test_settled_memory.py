"""Objects that stay for good are left out of looks for garbage, and what is garbage still goes."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from coverage.faces.dashboard.shell.memory import settle


class _Ring:
    """Points to itself: only a look finds that nobody uses it."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def looked_through() -> Iterator[None]:
    yield
    settle.cache_clear()
    gc.unfreeze()


def test_a_page_drawn_for_the_first_time_leaves_what_is_there_out_of_later_looks() -> None:
    settle("data")
    assert gc.get_freeze_count() > 10 * len(gc.get_objects())


def test_what_was_left_out_while_in_use_goes_once_another_page_was_drawn() -> None:
    gone = weakref.ref(_Ring())
    settle("data")
    assert gone() is None
    used = _Ring()
    seen = weakref.ref(used)
    settle("plan")
    del used
    gc.collect()
    assert seen() is not None, "left out of looks"
    settle("plan")
    assert seen() is not None, "looked through once a page"
    settle("gaps")
    assert seen() is None
