"""Who asks again: as often and after as long as told, and never once somebody pressed stop."""

import datetime as dt
import threading

import pytest

from coverage.ground.downloads import patience
from coverage.ground.downloads.patience import (
    LONGEST_S,
    PassingError,
    StoppedError,
    may_pass,
    patiently,
    retry_after_s,
    unless_stopped,
    wait,
)
from coverage.ground.errors import InputError
from coverage.ground.texts import Message

SAID = Message.of("boundaries.busy")


class Clock:
    """Time that passes by waiting only."""

    def __init__(self):
        self.now = 0.0

    def monotonic(self):
        return self.now

    def sleep(self, seconds):
        self.now += seconds


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr(patience, "time", made)
    return made


def failing(times, after_s=0.0):
    left = [PassingError(SAID, after_s)] * times

    def work():
        if left:
            raise left.pop()
        return "found"

    return work


@pytest.mark.parametrize("fails", [0, 1, 2, 3])
def test_it_is_tried_once_more_than_there_are_pauses(fails, clock):
    told = []
    asked = (1.0, 10.0)
    if fails < 3:
        assert patiently(failing(fails), asked, failed=lambda _, pause_s: told.append(pause_s)) == "found"
    else:
        with pytest.raises(InputError) as caught:
            patiently(failing(fails), asked, failed=lambda _, pause_s: told.append(pause_s))
        assert caught.value.text("id") == SAID.text("id")
    assert told == [1.0, 10.0][:fails]
    assert clock.now == pytest.approx(sum(told))


@pytest.mark.parametrize(("after_s", "waited"), [(0.0, 5.0), (4.0, 5.0), (6.0, 6.0), (LONGEST_S, LONGEST_S)])
def test_the_longer_pause_counts(after_s, waited, clock):
    assert patiently(failing(1, after_s), (5.0,)) == "found"
    assert clock.now == pytest.approx(waited)


@pytest.mark.parametrize("pauses_s", [(5.0,), ()])
def test_a_longer_one_than_the_longest_is_not_waited_for(pauses_s, clock):
    with pytest.raises(InputError, match=r"^Batas sedang diunduh.* 2 jam "):
        patiently(failing(1, 7200.0), pauses_s)
    assert clock.now == 0.0


def test_a_stop_ends_a_pause(clock):
    with pytest.raises(StoppedError):
        wait(1000.0, lambda: clock.now >= 3.0)
    assert clock.now < 3.2
    with pytest.raises(StoppedError):
        wait(0.0, lambda: True)


def test_which_refusals_may_pass():
    assert [code for code in range(300, 505) if may_pass(code)] == [408, 429, 500, 501, 502, 503, 504]


NOON = dt.datetime(2024, 10, 4, 12, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        (" 7 ", 7.0),
        ("Fri, 04 Oct 2024 12:00:30 GMT", 30.0),
        ("Fri, 04 Oct 2024 19:00:30 +0700", 30.0),
        ("Fri, 04 Oct 2024 12:00:30", 30.0),
        ("Fri, 04 Oct 2024 11:00:00 GMT", 0.0),
        ("Fri, 04 Oct 9999 12:00:00 GMT", 604_800.0),
        ("Fri, 04 Oct 2024 12:00:00 +99999999999999999999", 0.0),
        ("Fri, 04 Oct 99999 12:00:00 GMT", 0.0),
        ("9" * 400, 604_800.0),
        ("9" * 5000, 604_800.0),
        ("-5", 0.0),
        ("1.5", 0.0),
        ("\u0663", 0.0),
        ("nan", 0.0),
        ("", 0.0),
    ],
)
def test_whatever_a_server_writes_is_a_pause_of_at_most_a_week(value, seconds):
    assert retry_after_s(value, NOON) == seconds


def test_a_pause_of_ages_can_be_said():
    with pytest.raises(InputError, match=r"168 jam|7 hari"):
        patiently(failing(1, retry_after_s("9" * 400)), ())


def test_a_work_that_hangs_is_left_to_itself():
    """As finding a host does where the network swallows questions: no timeout of ours ends that."""
    begun, released = threading.Event(), threading.Event()

    ended = []

    def hang():
        begun.set()
        released.wait(5)
        ended.append(True)

    with pytest.raises(StoppedError):
        unless_stopped(hang, begun.is_set)
    assert ended == []
    released.set()


def test_a_work_is_not_begun_once_stopped_and_its_faults_are_its_callers():
    done = []
    with pytest.raises(StoppedError):
        unless_stopped(lambda: done.append(1), lambda: True)
    assert done == []
    for error in (TimeoutError("x"), KeyError("x")):

        def broken(error=error):
            raise error

        with pytest.raises(type(error)):
            unless_stopped(broken, lambda: False)
    assert unless_stopped(lambda: 3, lambda: False) == 3
