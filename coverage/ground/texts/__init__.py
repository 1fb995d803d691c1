"""Every text a person reads, one folder of TOML per language: Bahasa Indonesia first, English second.

A key is ``file.name``: ``gaps.title`` stands in ``id/gaps.toml`` and ``en/gaps.toml``. Values are
handed over raw and formatted by :mod:`coverage.ground.quantities`.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from coverage.ground.quantities import Language, format_value

__all__ = ["LANGUAGES", "Language", "Message", "catalogue", "known", "listed", "say"]

LANGUAGES: tuple[Language, ...] = ("id", "en")


@cache
def catalogue(lang: Language) -> Mapping[str, str]:
    """Read one language's texts as ``{"file.name": text}``."""
    names = sorted(entry.name for entry in (resources.files(__name__) / lang).iterdir())
    return {
        f"{name[:-5]}.{key}": text
        for name in names
        if name.endswith(".toml")
        for key, text in _file(lang, name[:-5]).items()
    }


@cache
def _file(lang: Language, name: str) -> Mapping[str, str]:
    path = resources.files(__name__) / lang / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def known(key: str, lang: Language) -> bool:
    """Tell whether a text stands in a language; only its own file is read.

    Examples
    --------
    >>> known("general.not_connected", "en"), known("general.nowhere", "en")
    (True, False)
    """
    name, _, rest = key.partition(".")
    return bool(_file(lang, name).get(rest))


def say(key: str, lang: Language = "id", /, **values: object) -> str:
    """Say the text of `key` in `lang`, with `values` put in.

    Raises
    ------
    KeyError
        If the key or one of its values is missing: a fault of the program, not of its user.

    Examples
    --------
    >>> say("general.not_connected", "id")
    'tidak terhubung'
    """
    file, _, rest = key.partition(".")
    text = _file(lang, file)[rest]
    return text.format_map({name: format_value(name, value, lang) for name, value in values.items()})


@dataclass(frozen=True)
class Message:
    """A sentence not yet in any language: a key and its raw values."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def of(cls, key: str, /, **values: object) -> "Message":
        """Build a message from keyword values."""
        return cls(key, values)

    def text(self, lang: Language = "id") -> str:
        """Say the message in `lang`; a value that is a message, or a list of them, is said in the same language."""
        return say(self.key, lang, **{name: _said(value, lang) for name, value in self.values.items()})


def listed(items: Sequence[str | Message], most: int, *, between: str = ", ") -> Message:
    """Name things in a sentence: at most `most` of them, and how many more there are.

    The one way to cut a list: a reader is always told that there is more, and how much.

    Examples
    --------
    >>> listed(["Kadia", "Bende"], 2).text("id")
    'Kadia, Bende'
    >>> listed(["Kadia", "Bende", "Mandonga"], 2).text("id")
    'Kadia, Bende, dan 1 lagi'
    """
    shown = Message.of("general.list", items=_List(items[:most], between))
    return shown if len(items) <= most else Message.of("general.list_more", items=shown, rest=len(items) - most)


@dataclass(frozen=True)
class _List:
    items: Sequence[str | Message]
    between: str


def _said(value: object, lang: Language) -> object:
    if isinstance(value, Message):
        return value.text(lang)
    if isinstance(value, list):
        value = _List(value, ", ")
    if isinstance(value, _List):
        return value.between.join(one.text(lang) if isinstance(one, Message) else one for one in value.items)
    return value
