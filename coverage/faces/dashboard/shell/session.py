"""What a session holds, as typed records: the only module that touches Streamlit's session state.

Each record is defined once, at the top of the module that it belongs to, and registers itself by its name there. The
name is also the key of the widget whose value it is, where it is one.

Examples
--------
>>> visits = EntryPer[int]("visits-of-{region}")
>>> visits.of("74.71").key
'visits-of-74.71'
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar

import streamlit as st

from coverage.ground.texts import LANGUAGES

_T = TypeVar("_T")
_Question = TypeVar("_Question")
_Answer = TypeVar("_Answer")

_EACH: Mapping[str, str] = {
    "region": r"[\d.]+",
    "lang": "|".join(LANGUAGES),
    "map": "(?:[a-z]+-)?map",
}
"""What a name may stand for many times, and what each of them looks like."""

_registered: dict[str, tuple[re.Pattern[str], bool]] = {}
"""By name: what its keys look like, and whether they outlive a reload."""


@dataclass(frozen=True)
class Slot(Generic[_T]):
    """A place for one value in the session of who is looking, by its key."""

    key: str

    def get(self) -> _T | None:
        """Give the value, None where there is none."""
        value: _T | None = st.session_state.get(self.key)
        return value

    def get_or(self, default: _T) -> _T:
        """Give the value, `default` where there is none."""
        value: _T = st.session_state.get(self.key, default)
        return value

    def first(self, value: _T) -> _T:
        """Begin with a value where there is none, and give the one that is there."""
        there: _T = st.session_state.setdefault(self.key, value)
        return there

    def put(self, value: _T) -> None:
        """Hold a value from now on."""
        st.session_state[self.key] = value

    def take(self) -> _T | None:
        """Give the value and hold it no longer; None where there is none."""
        value: _T | None = st.session_state.pop(self.key, None)
        return value

    def forget(self) -> None:
        """Hold nothing any more."""
        st.session_state.pop(self.key, None)

    def is_there(self) -> bool:
        """Tell whether a value is held, be it None."""
        return self.key in st.session_state


@dataclass(frozen=True)
class Entry(Slot[_T]):
    """What a session holds once, under a name of its own.

    Raises
    ------
    ValueError
        If the name is defined already: two modules would write over each other's values.
    """

    outlives_reload: bool = False

    def __post_init__(self) -> None:
        """Register the name."""
        _register(self.key, re.compile(re.escape(self.key)), outlives_reload=self.outlives_reload)


@dataclass(frozen=True)
class AnswerEntry(Entry[tuple[_Question, _Answer]]):
    """An answer, held with the question that it answers: to any other question it is none."""

    def to(self, question: _Question) -> _Answer | None:
        """Give the answer to this question, None where none is held."""
        there = self.get()
        return there[1] if there is not None and there[0] == question else None


@dataclass(frozen=True)
class EntryPer(Generic[_T]):
    """What a session holds for each region, language or map: the name says in braces for each of what.

    Raises
    ------
    ValueError
        If the name is defined already, or does not say for each of what.
    """

    name: str
    outlives_reload: bool = False

    def __post_init__(self) -> None:
        """Register the name."""
        _register(self.name, _pattern(self.name), outlives_reload=self.outlives_reload)

    def of(self, one: str) -> Slot[_T]:
        """Give what is held for one of them.

        Raises
        ------
        ValueError
            If it does not look like one: a fault of the program.
        """
        key = _BRACES.sub(lambda _: one, self.name)
        pattern, _ = _registered[self.name]
        if not pattern.fullmatch(key):
            raise ValueError(f"{one!r} is none that {self.name!r} is for")
        return Slot(key)


_BRACES = re.compile(r"\{(\w+)\}")


def _pattern(name: str) -> re.Pattern[str]:
    """Tell what the keys of a name with braces look like."""
    start, *rest = _BRACES.split(name)
    if len(rest) != 2 or rest[0] not in _EACH:  # noqa: PLR2004 - what it is for each of, and what follows
        raise ValueError(f"for each of what? {name!r} must hold one of {', '.join(_EACH)} in braces")
    return re.compile(f"{re.escape(start)}(?:{_EACH[rest[0]]}){re.escape(rest[1])}")


def _register(name: str, keys: re.Pattern[str], *, outlives_reload: bool) -> None:
    if name in _registered:
        raise ValueError(f"the session holds {name!r} already")
    _registered[name] = keys, outlives_reload


def names(*, outliving: bool = False) -> frozenset[str]:
    """Give the names of all that a session can hold; with `outliving` only what outlives a reload."""
    return frozenset(name for name, (_, outlives) in _registered.items() if outlives or not outliving)


def outlives_reload(key: str) -> bool:
    """Tell whether what is held under a key outlives a reload of the page."""
    return any(outlives and keys.fullmatch(key) is not None for keys, outlives in _registered.values())


def outliving() -> dict[str, object]:
    """Give what this session holds that outlives a reload, by key."""
    return {str(key): value for key, value in st.session_state.items() if outlives_reload(str(key))}


def take_over(values: Mapping[str, object]) -> None:
    """Hold what an earlier session left, where this one holds nothing under the same key."""
    for key, value in values.items():
        st.session_state.setdefault(key, value)
