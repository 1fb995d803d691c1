"""Which role may change what. On one computer there is no sign-in and nothing of this holds.

A server is known by ``JANGKAU_ROLES`` (see :mod:`coverage.places.people`). There a change that nobody stands for is
refused, so that a face which forgets to say who acts writes nothing.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from enum import IntEnum

from coverage.ground.errors import PlannerError
from coverage.ground.texts import Message

ROLES = "JANGKAU_ROLES"
"""Environment variable that names the file of who has which role; where it is set, people sign in."""

_OF_PLANNING = frozenset({"visits", "scenarios", "targets", "hidden_targets"})
# A figure that is cleared in the form of targets is entered as much as one that is changed there.
_CLEARED = frozenset({"targets", "hidden_targets"})


class NotAllowedError(PlannerError, PermissionError):
    """Who asks may not do this, or is not known; the message says who may."""


class Role(IntEnum):
    """What a person may do; each role may do all that the ones before it may."""

    REVIEWER = 1
    """Pemeriksa: looks at everything, takes it along, reads the log."""
    PLANNER = 2
    """Perencana: records visits, keeps scenarios, enters targets."""
    MANAGER = 3
    """Pengelola data: imports, units, ferries, speeds, boundaries, roads, client areas, taking out, backups."""


WORDS = {"pemeriksa": Role.REVIEWER, "perencana": Role.PLANNER, "pengelola data": Role.MANAGER}
"""The roles as an office writes them."""

_NAMES = {Role.REVIEWER: "reviewer", Role.PLANNER: "planner", Role.MANAGER: "manager"}


@dataclass(frozen=True)
class Person:
    """A member of staff who is signed in; without account, the one who sits at the computer."""

    account: str
    role: Role


AT_THE_COMPUTER = Person("", Role.MANAGER)
"""Who runs a command on the computer itself: nobody asks whoever has the workspace's password for a role."""

_acting: ContextVar[Person | None] = ContextVar("acting", default=None)


def sign_in_needed() -> bool:
    """Tell whether this program serves several people, each with a role."""
    return bool(os.environ.get(ROLES))


@contextmanager
def acting(person: Person | None) -> Iterator[None]:
    """Let a person stand for every change inside the block; None: nobody."""
    token = _acting.set(person)
    try:
        yield
    finally:
        _acting.reset(token)


def who() -> Person | None:
    """Tell who stands for the changes of the block that one is in."""
    return _acting.get()


def named(role: Role) -> Message:
    """Name a role."""
    return Message.of(f"roles.{_NAMES[role]}")


def word(role: Role) -> str:
    """Give a role as an office writes it."""
    return next(word for word, one in WORDS.items() if one is role)


def from_on(role: Role) -> Message:
    """Name a role and those that may do all that it may."""
    return Message.of(f"roles.{_NAMES[role]}_on")


def needed_for(layers: Iterable[str], *, removing: bool = False) -> Role:
    """Tell the least role that may change these layers of the workspace.

    Parameters
    ----------
    layers
        Names; one that is not known is the manager's.
    removing
        Whether rows are taken out and none put in.
    """
    changed = frozenset(layers)
    free = _CLEARED if removing else _OF_PLANNING
    return Role.PLANNER if changed <= free else Role.MANAGER


def allows(least: Role) -> bool:
    """Tell whether who acts has at least this role."""
    person = who()
    return not sign_in_needed() or (person is not None and person.role >= least)


def require(least: Role) -> None:
    """Refuse what who acts may not do.

    Raises
    ------
    NotAllowedError
        If people sign in here, and nobody acts or one whose role is less.
    """
    if allows(least):
        return
    person = who()
    if person is None:
        raise NotAllowedError(Message.of("roles.nobody"))
    raise NotAllowedError(Message.of("roles.refused", needed=from_on(least), role=named(person.role)))
