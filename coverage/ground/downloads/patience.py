"""Asking again: how often, after which pause, when the server names one itself, and not once somebody pressed stop."""

import datetime as dt
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from email.utils import parsedate_to_datetime
from typing import TypeVar

from coverage.ground.errors import InputError
from coverage.ground.texts import Message

Stop = Callable[[], bool]
_Found = TypeVar("_Found")

LONGEST_S = 300.0
"""A server that asks for a longer pause than this is not waited for."""
_MAY_PASS = frozenset({408, 429})
_SERVER_FAULT = 500
_LOOK_S = 0.1
_WEEK_S = 604_800.0


class StoppedError(Exception):
    """Somebody pressed stop; the caller says what was done until then."""


class PassingError(Exception):
    """A fault that may pass: what to say if it does not, and after how many seconds the server wants to be asked."""

    def __init__(self, message: Message, after_s: float = 0.0) -> None:
        super().__init__(message)
        self.message = message
        self.after_s = after_s


def may_pass(status: int) -> bool:
    """Tell whether an HTTP status is one that another try may overcome."""
    return status in _MAY_PASS or status >= _SERVER_FAULT


def retry_after_s(value: str | None, now: dt.datetime | None = None) -> float:
    """Read what ``Retry-After`` says (RFC 9110, 10.2.3): seconds or a date, at most a week; 0 where it cannot be read.

    Examples
    --------
    >>> retry_after_s("30"), retry_after_s(None), retry_after_s("soon"), retry_after_s("9" * 5000)
    (30.0, 0.0, 0.0, 604800.0)
    >>> noon = dt.datetime(2024, 10, 4, 12, tzinfo=dt.UTC)
    >>> retry_after_s("Fri, 04 Oct 2024 12:01:00 GMT", noon)
    60.0
    """
    text = (value or "").strip()
    try:
        if text.isascii() and text.isdecimal():
            left_s = float(text)
        else:
            wanted = parsedate_to_datetime(text)
            wanted = wanted if wanted.tzinfo else wanted.replace(tzinfo=dt.UTC)
            left_s = (wanted - (now or dt.datetime.now(dt.UTC))).total_seconds()
    except (ValueError, OverflowError):
        return 0.0
    return min(max(left_s, 0.0), _WEEK_S)


def wait(seconds: float, stopped: Stop) -> None:
    """Wait, but no longer than until somebody presses stop, which raises a :class:`StoppedError`."""
    end = time.monotonic() + seconds
    while not stopped():
        left = end - time.monotonic()
        if left <= 0:
            return
        time.sleep(min(left, _LOOK_S))
    raise StoppedError


def unless_stopped(work: Callable[[], _Found], stopped: Stop) -> _Found:
    """Do a work that may hang: in finding a host, or with a server that says nothing.

    It is done in a thread, which is left to itself once somebody presses stop, or Ctrl+C, which Windows does not hear
    during a call of the network. So a work only asks: what it found is written down by who called, never after a stop.

    Raises
    ------
    StoppedError
        Once `stopped` says yes; before the work if it does so already.
    """
    wait(0.0, stopped)
    found: Future[_Found] = Future()

    def run() -> None:
        try:
            found.set_result(work())
        except BaseException as error:  # noqa: BLE001 - raised again where it was asked
            found.set_exception(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    while not stopped():
        thread.join(_LOOK_S)
        if found.done():
            try:
                return found.result()
            finally:
                # A fault holds this frame, which held the fault: its connection would stay open until they are found.
                del found
    raise StoppedError


def patiently(
    work: Callable[[], _Found],
    pauses_s: Sequence[float],
    *,
    failed: Callable[[PassingError, float], None] = lambda *_: None,
    stopped: Stop = lambda: False,
) -> _Found:
    """Do a work again while its faults may pass.

    Parameters
    ----------
    work
        Raises :class:`PassingError` for what may pass; all else it raises ends it at once.
    pauses_s
        Seconds before each further try, so that there is one try more; where the server asks for longer, after that.
    failed
        Told the fault and the pause in seconds before each further try.
    stopped
        Asked all through a pause.

    Raises
    ------
    InputError
        With the message of the last fault; at once where the server asks for more patience than there is.
    StoppedError
        If somebody pressed stop during a pause.
    """
    for pause_s in (*pauses_s, None):
        try:
            return work()
        except PassingError as error:
            if error.after_s > LONGEST_S:
                later = Message.of("downloads.later", problem=error.message, wait_min=error.after_s / 60.0)
                raise InputError(later) from error
            if pause_s is None:
                raise InputError(error.message) from error
            longer_s = max(pause_s, error.after_s)
            failed(error, longer_s)
        wait(longer_s, stopped)
    raise AssertionError
