"""Regions that a worker has made ready: those that pages ask about, in the state in which pages saw them."""

from dataclasses import dataclass
from functools import lru_cache

from coverage.answers.study import Study, open_study
from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.workspace import State, Workspace
from coverage.travel.network.ferry_choices import TravelChoices

__all__ = ["Basis", "Key", "opened", "unchanged"]

_KEPT = 3


@dataclass(frozen=True)
class Key:
    """What decides a region made ready: kode, how one travels, and the state of the workspace."""

    region: str
    choices: TravelChoices
    state: State


@dataclass(frozen=True)
class Basis:
    """What a job is about: a region by its key, and as the server has it ready."""

    key: Key
    study: Study


@lru_cache(maxsize=_KEPT)
def opened(key: Key) -> Study:
    """Make a region ready, or give it again.

    Raises
    ------
    InputError
        If the workspace is not in the state asked about, or the region cannot be opened.
    """
    unchanged(key.state)
    study = open_study(key.region, choices=key.choices)
    # Written to while it was read, it would be half of one state and half of another.
    unchanged(key.state)
    return study


def unchanged(state: State) -> None:
    """Refuse to go on where the workspace is not in this state any more.

    Raises
    ------
    InputError
        If it was changed.
    """
    if Workspace.open().state() != state:
        raise InputError(Message.of("jobs.data_changed"))
