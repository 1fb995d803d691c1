"""Asking again: how often, after which pause, when the server names one itself, and not once somebody pressed stop."""

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TypeVar

from coverage.ground.errors import InputError
from coverage.ground.texts import Message

Stop = Callable[[], bool]
_Found = TypeVar("_Found")

MAY_PASS = frozenset({408, 429})
"""Refusals that another try may overcome, besides the faults of a server."""
_SERVER_FAULT = 500
_LOOK_S = 0.1


def never() -> bool:
    """Stop nothing."""
    return False


class StoppedError(Exception):
    """Somebody pressed stop; the caller says what was done until then."""


class PassingError(Exception):
    """A fault that may pass.

    Attributes
    ----------
    message
        What to say if it does not.
    after_s
        How many seconds the server asks to wait; 0 if it says nothing.
    """

    def __init__(self, message: Message, after_s: float = 0.0) -> None:
        super().__init__(message)
        self.message = message
        self.after_s = after_s


@dataclass(frozen=True)
class Patience:
    """How patiently a server is asked.

    Attributes
    ----------
    pauses_s
        Seconds before each further try; as many tries as there are, and one.
    longest_s
        A server that asks for a longer pause than this is not waited for.
    """

    pauses_s: tuple[float, ...] = (0.5, 2.0)
    longest_s: float = 120.0


def may_pass(status: int) -> bool:
    """Tell whether an HTTP status is one that another try may overcome."""
    return status in MAY_PASS or status >= _SERVER_FAULT


def retry_after_s(value: str | None, now: dt.datetime | None = None) -> float:
    """Read what ``Retry-After`` says (RFC 9110, 10.2.3): seconds or a date; 0 where there is none that can be read.

    Examples
    --------
    >>> retry_after_s("30"), retry_after_s(None), retry_after_s("soon")
    (30.0, 0.0, 0.0)
    >>> noon = dt.datetime(2024, 10, 4, 12, tzinfo=dt.UTC)
    >>> retry_after_s("Fri, 04 Oct 2024 12:01:00 GMT", noon)
    60.0
    """
    text = (value or "").strip()
    if text.isascii() and text.isdecimal():
        return float(text)
    try:
        wanted = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    wanted = wanted if wanted.tzinfo else wanted.replace(tzinfo=dt.UTC)
    return max((wanted - (now or dt.datetime.now(dt.UTC))).total_seconds(), 0.0)


def wait(seconds: float, stopped: Stop = never) -> None:
    """Wait, but no longer than until somebody presses stop.

    Raises
    ------
    StoppedError
        Once `stopped` says yes.
    """
    end = time.monotonic() + seconds
    while not stopped():
        left = end - time.monotonic()
        if left <= 0:
            return
        time.sleep(min(left, _LOOK_S))
    raise StoppedError


def patiently(
    work: Callable[[], _Found],
    patience: Patience,
    *,
    failed: Callable[[PassingError, float], None] = lambda *_: None,
    stopped: Stop = never,
) -> _Found:
    """Do a work again while its faults may pass.

    Parameters
    ----------
    work
        Raises :class:`PassingError` for what may pass; all else it raises ends it at once.
    patience
        How often, and after which pauses; where the server asks for a longer one, after that.
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
    for pause_s in patience.pauses_s:
        try:
            return work()
        except PassingError as error:
            if error.after_s > patience.longest_s:
                raise InputError(_later(error)) from error
            longer_s = max(pause_s, error.after_s)
            failed(error, longer_s)
            wait(longer_s, stopped)
    try:
        return work()
    except PassingError as error:
        raise InputError(_later(error) if error.after_s > patience.longest_s else error.message) from error


def _later(error: PassingError) -> Message:
    return Message.of("downloads.later", problem=error.message, wait_min=max(error.after_s / 60.0, 1.0))
