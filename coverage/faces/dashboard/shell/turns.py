"""Who computes when: a few pages at a time, the others in line.

Where fifteen people change a filter at the same moment, computing for all of them at once makes everybody wait for the
whole; in line, half of them wait less than half of it, and the last no longer.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

AT_ONCE = 2
"""Pages computed at the same time: more would only take turns for the interpreter."""

_turns = threading.BoundedSemaphore(AT_ONCE)
_of_this_thread = threading.local()


@contextmanager
def turn() -> Iterator[None]:
    """Wait for a turn and have it for the block; who has one already, as a part within its page, goes on at once."""
    if getattr(_of_this_thread, "has_turn", False):
        yield
        return
    with _turns:
        _of_this_thread.has_turn = True
        try:
            yield
        finally:
            _of_this_thread.has_turn = False


@contextmanager
def away() -> Iterator[None]:
    """Leave one's turn to others for the block, in which somebody else computes; who has none goes on at once.

    It stands around all locks that others with a turn may wait for.
    """
    if not getattr(_of_this_thread, "has_turn", False):
        yield
        return
    _of_this_thread.has_turn = False
    _turns.release()
    try:
        yield
    finally:
        _turns.acquire()
        _of_this_thread.has_turn = True
