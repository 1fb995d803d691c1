"""How far ``jangkau plan`` is, on a terminal; Ctrl+C takes the best so far, a second one ends."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from coverage.answers.tours.progress import Cancel, Progress
from coverage.ground.texts import Language, say

_STEP = 0.01


class _Line:
    """One line on standard error that is written over and over, and only where somebody sees it."""

    def __init__(self, lang: Language) -> None:
        self._lang: Language = lang
        self._seen = sys.stderr.isatty()
        self._last: Progress | None = None
        self._width = 0

    def show(self, now: Progress) -> None:
        last = self._last
        if not self._seen or (last is not None and now.share - last.share < _STEP and now.priority == last.priority):
            return
        self._last = now
        text = say("plan.progress", self._lang, share=now.share, visits=now.visits, priority=now.priority)
        print("\r" + text.ljust(self._width), end="", file=sys.stderr, flush=True)
        self._width = len(text)

    def end(self) -> None:
        if self._width:
            print(file=sys.stderr)
            self._width = 0


@contextmanager
def stoppable(lang: Language) -> Iterator[Cancel]:
    """Give a search something to tell its progress to; the first Ctrl+C stops it with the best so far.

    Where Ctrl+C already means something else, as for a task in the background, it keeps that meaning.
    """
    line = _Line(lang)
    pressed = [False]
    usual = signal.getsignal(signal.SIGINT)

    def press(_signal: int, _frame: FrameType | None) -> None:
        pressed[0] = True
        signal.signal(signal.SIGINT, usual)

    def stop(now: Progress) -> bool:
        line.show(now)
        if pressed[0]:
            line.end()
            if now.share < 1:
                print(say("plan.stopped", lang), file=sys.stderr, flush=True)
        return pressed[0]

    if usual is signal.default_int_handler:
        signal.signal(signal.SIGINT, press)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, usual)
        line.end()
