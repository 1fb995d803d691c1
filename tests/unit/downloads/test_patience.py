"""Who asks again: as often and after as long as told, and never once somebody pressed stop."""

import pytest

from coverage.ground.downloads import patience
from coverage.ground.downloads.patience import PassingError, Patience, StoppedError, may_pass, patiently, wait
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
    asked = Patience((1.0, 10.0))
    if fails < 3:
        assert patiently(failing(fails), asked, failed=lambda _, pause_s: told.append(pause_s)) == "found"
    else:
        with pytest.raises(InputError) as caught:
            patiently(failing(fails), asked, failed=lambda _, pause_s: told.append(pause_s))
        assert caught.value.text("id") == SAID.text("id")
    assert told == [1.0, 10.0][:fails]
    assert clock.now == pytest.approx(sum(told))


@pytest.mark.parametrize(("after_s", "waited"), [(0.0, 5.0), (4.0, 5.0), (6.0, 6.0), (120.0, 120.0)])
def test_the_longer_pause_counts(after_s, waited, clock):
    assert patiently(failing(1, after_s), Patience((5.0,))) == "found"
    assert clock.now == pytest.approx(waited)


@pytest.mark.parametrize("pauses_s", [(5.0,), ()])
def test_a_longer_one_than_the_longest_is_not_waited_for(pauses_s, clock):
    with pytest.raises(InputError, match=r"^Batas sedang diunduh.* 2 jam "):
        patiently(failing(1, 7200.0), Patience(pauses_s, longest_s=7199.0))
    assert clock.now == 0.0


def test_a_stop_ends_a_pause(clock):
    with pytest.raises(StoppedError):
        wait(1000.0, lambda: clock.now >= 3.0)
    assert clock.now < 3.2
    with pytest.raises(StoppedError):
        wait(0.0, lambda: True)


def test_which_refusals_may_pass():
    assert [code for code in range(300, 505) if may_pass(code)] == [408, 429, 500, 501, 502, 503, 504]
