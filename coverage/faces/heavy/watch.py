"""How far a work is, and whether somebody wants it to end."""

import threading
from dataclasses import dataclass, field

from coverage.ground.texts import Message

__all__ = ["Stopped", "Watch"]


class Stopped(Exception):  # noqa: N818 - somebody's wish, no fault
    """Somebody pressed stop."""


@dataclass
class Watch:
    """How far a work is: a share from 0 to 1 (None not known) and a sentence."""

    now: Message
    share: float | None = None
    stop: threading.Event = field(default_factory=threading.Event)

    def note(self, message: Message, share: float | None = None) -> bool:
        """Say how far the work is, and learn whether somebody pressed stop."""
        self.now, self.share = message, share
        return self.stop.is_set()

    def tell(self, message: Message, share: float | None = None) -> None:
        """Say how far the work is.

        Raises
        ------
        Stopped
            If somebody pressed stop.
        """
        if self.note(message, share):
            raise Stopped
