"""Pages are computed a few at a time, in line, and a part within its page does not wait for itself."""

import threading

import pytest

from coverage.faces.dashboard.shell.turns import AT_ONCE, turn


def test_no_more_than_a_few_compute_at_once_and_all_get_their_turn():
    inside, most, done = 0, 0, 0
    change, full = threading.Condition(), threading.Event()

    def work():
        nonlocal inside, most, done
        with turn():
            with change:
                inside += 1
                most = max(most, inside)
                if inside == AT_ONCE:
                    full.set()
            assert full.wait(30)
            with change:
                inside -= 1
                done += 1

    threads = [threading.Thread(target=work) for _ in range(4 * AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert (most, done) == (AT_ONCE, len(threads))


def test_a_turn_within_a_turn_is_the_same_one():
    def nested():
        with turn(), turn(), turn():
            reached.set()

    reached = threading.Event()
    threads = [threading.Thread(target=nested) for _ in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    assert reached.wait(30)
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


def test_a_turn_ends_with_a_fault():
    for _ in range(2 * AT_ONCE):
        with pytest.raises(ZeroDivisionError), turn():
            _ = 1 / 0
    with turn():
        pass
