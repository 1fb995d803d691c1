"""``jangkau plan`` tells a terminal how far it is; Ctrl+C takes the best so far, a second one ends."""

import io
import json
import shlex
import signal
import sys

import pytest

from coverage.answers.tours.progress import Progress
from coverage.faces.cli import main, plan_progress
from coverage.faces.cli.plan_progress import stoppable
from coverage.ground.texts import say

PLAN = (
    "plan --region 16.73 --as-of 2024-10-05 --from 2024-10-07 --days 5 --must 16.73.08.1007 --must 16.73.08.1010 "
    "--hours 5 --visit-min 30"
)


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture(autouse=True)
def usual_ctrl_c():
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def press(monkeypatch):
    """Press Ctrl+C so many times as soon as the search tells how far it is."""

    def pressing(times):
        left = [times]

        def shown(_line, _now):
            while left[0]:
                left[0] -= 1
                signal.raise_signal(signal.SIGINT)

        monkeypatch.setattr(plan_progress._Line, "show", shown)

    return pressing


def test_the_first_ctrl_c_gives_the_best_so_far_and_says_so(press, capfdbinary):
    press(1)
    assert main(shlex.split(f"{PLAN} --format json")) == 0
    out, err = (stream.decode() for stream in capfdbinary.readouterr())
    found = json.loads(out)
    assert found["status"] == "cancelled"
    assert found["days"]
    assert err.splitlines() == [say("plan.stopped", "id")]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_the_plan_in_words_says_that_it_was_stopped(press, capfdbinary):
    press(1)
    assert main(shlex.split(PLAN)) == 0
    assert say("plan.cancelled", "id") in capfdbinary.readouterr().out.decode()


def test_the_second_ctrl_c_ends_without_an_answer(press, capfdbinary):
    press(2)
    assert main(shlex.split(f"{PLAN} --format json")) == 130
    assert capfdbinary.readouterr().out == b""


def test_a_terminal_sees_how_far_it_is_and_a_file_does_not(monkeypatch):
    steps = [Progress(0.0, 0, 0.0), Progress(0.001, 0, 0.0), Progress(0.5, 9, 450.5), Progress(1.0, 9, 450.5)]
    for stream, lines in ((Terminal(), 3), (io.StringIO(), 0)):
        monkeypatch.setattr(sys, "stderr", stream)
        with stoppable("id") as stop:
            assert not any(stop(step) for step in steps)
        shown = stream.getvalue().split("\r")[1:]
        assert len(shown) == lines
        assert all("9 kunjungan" in line and "450,5" in line for line in shown[1:])
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_ctrl_c_that_means_something_else_keeps_its_meaning():
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with stoppable("id") as stop:
        signal.raise_signal(signal.SIGINT)
        assert not stop(Progress(0.5, 1, 1.0))
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
