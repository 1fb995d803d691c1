"""A worker: a process that computes one job after the other until the server that started it is gone.

It hears jobs and stops on its standard input and answers on its standard output; what libraries print goes to the
server's log. It gives way to pages, for which somebody waits in front of a screen.
"""

import os
import pickle
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from importlib import import_module
from io import FileIO
from typing import Any

import psutil

from coverage.faces.heavy.watch import Stopped, Watch
from coverage.faces.heavy.wire import Frame, Kind, dumped, known_of, loaded, received, send
from coverage.ground.errors import PlannerError
from coverage.ground.texts import Message

__all__ = ["main"]

_NICE = 10
_NOTED_EVERY_S = 0.1


class _Told(Watch):
    """A watch whose other end is in the server."""

    def __init__(self, number: int, say: Callable[[Frame], None], now: Message) -> None:
        super().__init__(now)
        self._number, self._say = number, say
        self._last = -_NOTED_EVERY_S
        self._heard = False

    def note(self, message: Message, share: float | None = None) -> bool:
        """Say how far the work is, not more often than anybody can read, and learn whether to stop."""
        now = time.monotonic()
        if now - self._last >= _NOTED_EVERY_S or message.key != self.now.key:
            self._last = now
            self._say(Frame(Kind.NOTE, self._number, (pickle.dumps((message, share)),)))
        stop = super().note(message, share)
        if stop and not self._heard:
            self._heard = True
            self._say(Frame(Kind.HEARD, self._number))
        return stop


class _Post:
    """The pipes to the server: jobs come one at a time, a stop at any moment."""

    def __init__(self) -> None:
        self._hears = FileIO(os.dup(sys.stdin.fileno()), "rb")
        self._says = FileIO(os.dup(sys.stdout.fileno()), "wb")
        os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
        self.jobs: queue.Queue[tuple[Frame, _Told]] = queue.Queue()
        threading.Thread(target=self._hear, daemon=True).start()

    def say(self, frame: Frame) -> None:
        """Tell the server."""
        try:
            send(self._says, frame)
        except OSError:
            os._exit(0)

    def _hear(self) -> None:
        going_on: dict[int, _Told] = {}
        for frame in received(self._hears):
            if frame.kind is Kind.JOB:
                told = _Told(frame.number, self.say, Message.of("jobs.preparing"))
                going_on = {frame.number: told}
                self.jobs.put((frame, told))
            elif frame.number in going_on:
                going_on[frame.number].stop.set()
        # The server is gone: nobody wants what is being computed, and nobody would end it.
        os._exit(0)


def main() -> None:
    """Work until the server is gone."""
    # Ctrl+C in the server's terminal is the server's to hear.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _give_way()
    post = _Post()
    while True:
        frame, told = post.jobs.get()
        post.say(_answer(frame, told))
        del frame, told


def _give_way() -> None:
    process = psutil.Process()
    process.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS if psutil.WINDOWS else max(process.nice(), _NICE))


def _answer(frame: Frame, told: _Told) -> Frame:
    """Do a job; whatever happens is told to the server."""
    try:
        return Frame(Kind.RESULT, frame.number, _done(frame.parts, told))
    except Stopped as error:
        return Frame(Kind.ERROR, frame.number, (pickle.dumps(error),))
    except PlannerError as error:
        return Frame(Kind.ERROR, frame.number, (pickle.dumps(error),))
    except MemoryError:
        return Frame(Kind.ERROR, frame.number, (pickle.dumps(MemoryError()),))
    except BaseException:  # noqa: BLE001 - a bug, to be seen where all others are seen: by the server
        return Frame(Kind.ERROR, frame.number, (pickle.dumps(RuntimeError(traceback.format_exc())),))


def _done(parts: tuple[Any, ...], told: _Told) -> tuple[Any, ...]:
    """Do the work that the first part names, with the arguments in the others."""
    name, key = pickle.loads(parts[0])  # noqa: S301 - written by the server that started this process
    module, _, function = name.partition(":")
    if key is None:
        arguments = loaded(parts[1:], {})
        return dumped(getattr(import_module(module), function)(told, *arguments), {})
    told.tell(Message.of("jobs.opening"))
    # Libraries of maps and tables take seconds to load: the server has its first word before.
    from coverage.faces.heavy.studies import opened  # noqa: PLC0415 - see above

    study = opened(key)
    arguments = loaded(parts[1:], known_of(study))
    result = getattr(import_module(module), function)(told, *arguments)
    return dumped(result, known_of(study, arguments))


if __name__ == "__main__":
    main()
