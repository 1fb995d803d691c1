"""What a reader should know of the computer, and no answer waits for: said once while the program runs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from coverage.ground import machine_faults
from coverage.ground.texts import Message

_lock = threading.Lock()
_known: set[str] = set()
_waiting: list[Message] = []


def once(about: str, message: Message) -> None:
    """Let the next face that looks say a message, unless one was left about the same before."""
    with _lock:
        if about not in _known:
            _known.add(about)
            _waiting.append(message)


def take() -> tuple[Message, ...]:
    """Give what waits to be said; it waits no longer."""
    with _lock:
        found = tuple(_waiting)
        _waiting.clear()
    return found


@contextmanager
def not_kept_in(folder: Path) -> Iterator[None]:
    """Keep what may be computed again: where the disk does not take it, that is said, and the answer goes on."""
    try:
        yield
    except OSError as error:
        message = Message.of("machine.not_kept", folder=str(folder), fault=machine_faults.told(error, folder))
        once(str(folder), message)
