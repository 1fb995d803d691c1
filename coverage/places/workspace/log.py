"""Who changed what, when: an entry for each write, which nobody can change afterwards.

An entry holds no names of clients, files or places: the command or page, the layers, how many rows, the digest of a
file that was imported, and who did it: on a server role and account of the member of staff who is signed in, elsewhere
a role where ``JANGKAU_ROLE`` tells one.
"""

import datetime as dt
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import astuple, dataclass, replace

from coverage.places import roles

ROLE = "JANGKAU_ROLE"
_LONGEST_ROLE = 40


@dataclass(frozen=True)
class Entry:
    """One write: UTC time in ISO 8601, command or page, layers, rows written, sha256 of an imported file, who."""

    at: str
    command: str
    layers: str
    rows: int
    file_sha256: str
    role: str

    def values(self) -> tuple[str | int, ...]:
        """Give the cells of the entry in the order of its columns."""
        return astuple(self)


@dataclass(frozen=True)
class _Doing:
    command: str = ""
    file_sha256: str = ""


_NOTHING = _Doing()
_doing: ContextVar[_Doing] = ContextVar("doing", default=_NOTHING)


@contextmanager
def noted(*, command: str = "", file_sha256: str = "") -> Iterator[None]:
    """Let every write inside the block be logged with a command or page, and with the digest of an imported file.

    Blocks may stand inside each other: what the inner one does not say, the outer one does.
    """
    outer = _doing.get()
    token = _doing.set(replace(outer, command=command or outer.command, file_sha256=file_sha256 or outer.file_sha256))
    try:
        yield
    finally:
        _doing.reset(token)


def doing() -> str:
    """Tell the command or page of the block that one is in; "" outside."""
    return _doing.get().command


def entry_of(layers: Iterable[str], rows: int) -> Entry:
    """Make the entry of a write that is about to happen."""
    now = _doing.get()
    return Entry(
        at=dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds"),
        command=now.command,
        layers=", ".join(layers),
        rows=rows,
        file_sha256=now.file_sha256,
        role=_who(),
    )


def _who() -> str:
    """Give the role and account of who acts; at the computer itself, the role that the environment tells."""
    person = roles.who()
    if person is None or not person.account:
        return os.environ.get(ROLE, "")[:_LONGEST_ROLE]
    return f"{roles.word(person.role)}: {person.account}"
