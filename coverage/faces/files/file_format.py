"""What a file format is, and the register that refuses one that lacks a part."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, get_args

from coverage.ground.texts import LANGUAGES, Language, known, say

__all__ = ["Format", "Kind", "Make", "Register", "in_order"]

Kind = Literal["list", "plan", "report"]
Make = Callable[[Any, Language], bytes]
"""From a source of :mod:`coverage.faces.files.sources` and a language to the file."""

_SHOWN = "text"
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ENDING = re.compile(r"[a-z0-9]+")
_MIME = re.compile(r"[a-z]+/[a-z0-9.+-]+")
_MADE_BY = re.compile(r"[a-z_]+\.[a-z_]+")


@dataclass(frozen=True)
class Format:
    """One kind of file that a list, a plan or a report can become.

    Parameters
    ----------
    kind
        What becomes a file: see :mod:`coverage.faces.files.sources`.
    name
        What it is called among the formats of its kind, and typed after ``--format`` unless ``typed`` says else.
    ending
        Of the file's name, without the dot. Several formats may share one; the first registered owns it.
    mime
        Media type.
    made_by
        ``module.function`` in ``coverage/faces/files``, from a source and a language to bytes. The module is loaded
        when a file is made: help and buttons need none of the libraries that write files.
    text
        Whether a terminal can show it; anything else needs a file.
    label
        Key of what its button says; "" where no page offers it.
    to_print
        Key of what its button says instead where a list has a sheet of its own to print.
    needs
        Part of the source without which it cannot be made, "" for none.
    hint
        Key of what stands behind its name in ``--help``, "" for nothing.
    typed
        What is typed after ``--format`` where that is not its name.
    """

    kind: Kind
    name: str
    ending: str
    mime: str
    made_by: str
    text: bool = False
    label: str = ""
    to_print: str = ""
    needs: Literal["", "answer", "areas", "text"] = ""
    hint: str = ""
    typed: str = ""

    @property
    def word(self) -> str:
        """What is typed after ``--format``."""
        return self.typed or self.name

    @property
    def stem_mark(self) -> str:
        """What a file's name says before its ending where another format of the same ending lies beside it."""
        return f"-{self.name.removeprefix(self.ending).strip('-')}"

    def fits(self, source: object) -> bool:
        """Tell whether a source has what this format needs."""
        return not self.needs or getattr(source, self.needs) is not None

    def label_of(self, source: object) -> str:
        """Give the key of what the button says."""
        return self.to_print if self.to_print and getattr(source, "sheet", None) is not None else self.label

    def make(self, source: object, lang: Language) -> bytes:
        """Make the file."""
        return self.maker()(source, lang)

    def maker(self) -> Make:
        """Load what makes the file."""
        module, _, function = self.made_by.partition(".")
        made: Make = getattr(import_module(f"coverage.faces.files.{module}"), function)
        return made


class Register:
    """All formats, those of a kind in the order in which pages offer them."""

    def __init__(self) -> None:
        self._formats: list[Format] = []

    def register(self, one: Format) -> None:
        """Add a format.

        Raises
        ------
        ValueError
            If a part is missing or wrong, its texts do not stand in every language, or its name is another's: a
            fault of the program, not of its user.
        """
        wrong = [
            *_malformed(one),
            *(f"no text {key!r} in {lang!r}" for key in _keys(one) for lang in LANGUAGES if not known(key, lang)),
            *self._clashing(one),
        ]
        if wrong:
            raise ValueError(f"format {one.name!r} of a {one.kind}: {'; '.join(wrong)}")
        self._formats.append(one)

    def _clashing(self, one: Format) -> list[str]:
        # A command knows only what was typed: a word means one kind of file, whatever becomes it.
        same = [other for other in self._formats if other.word == one.word]
        return [
            *("the name is taken" for other in same if other.kind == one.kind),
            *(f"elsewhere {_file(other)}" for other in same if _file(other) != _file(one)),
        ]

    def of_kind(self, kind: Kind) -> tuple[Format, ...]:
        """Give the formats of a kind.

        Raises
        ------
        ValueError
            If there is no such kind.
        """
        _check_kind(kind)
        return tuple(one for one in self._formats if one.kind == kind)

    def named(self, kind: Kind, name: str) -> Format:
        """Give the format of a kind by its name.

        Raises
        ------
        ValueError
            If the kind has no such format; those that exist are named.
        """
        there = {one.name: one for one in self.of_kind(kind)}
        if name not in there:
            raise ValueError(f"no format {name!r} of a {kind}; there are {', '.join(there)}")
        return there[name]

    def files(self, kind: Kind, source: object, lang: Language) -> Mapping[str, Callable[[], bytes]]:
        """Say how each format that a source can become is made, by name; nothing is made before it is asked for."""
        return {one.name: partial(one.make, source, lang) for one in self.of_kind(kind) if one.fits(source)}

    def offered(self, kind: Kind, source: object, stem: str) -> Mapping[str, Format]:
        """Give the formats that a page offers by the names of their files; `stem` is the name without ending."""
        found: dict[str, Format] = {}
        for one in self.of_kind(kind):
            if one.label and one.fits(source):
                plain = f"{stem}.{one.ending}"
                found[plain if plain not in found else f"{stem}{one.stem_mark}.{one.ending}"] = one
        return found

    def words(self, kind: Kind, *only: str) -> tuple[str, ...]:
        """Give what may be typed after ``--format``, the text to read first; `only` picks some.

        Raises
        ------
        ValueError
            If `only` names a format that the kind does not have.
        """
        there = in_order(one.word for one in self.of_kind(kind))
        if unknown := [word for word in only if word not in there]:
            raise ValueError(f"no format {', '.join(unknown)} of a {kind}; there are {', '.join(there)}")
        return tuple(word for word in there if word in only or not only)

    def endings(self, kind: Kind) -> tuple[str, ...]:
        """Give the endings that a file of a kind may have, with their dots."""
        return tuple(dict.fromkeys(f".{one.ending}" for one in self.of_kind(kind)))

    def spelled(self, words: Iterable[str], lang: Language) -> str:
        """Name formats in a row, each with what it is for where its name does not say it."""
        return ", ".join(self._named(self.typed(word), lang) for word in words)

    def _named(self, one: Format, lang: Language) -> str:
        return say("formats.named", lang, format=one.word, hint=say(one.hint, lang)) if one.hint else one.word

    def typed(self, word: str) -> Format:
        """Give the format that is typed so.

        Raises
        ------
        ValueError
            If there is none; the words that exist are named.
        """
        for one in self._formats:
            if one.word == word:
                return one
        there = in_order(one.word for one in self._formats)
        raise ValueError(f"no format {word!r}; there are {', '.join(there)}")

    def at_ending(self, path: Path) -> Format | None:
        """Give the format that owns the ending of a file's name, None where none does."""
        return next((one for one in self._formats if f".{one.ending}" == path.suffix.lower()), None)


def in_order(words: Iterable[str]) -> tuple[str, ...]:
    """Put the text to read first, what an answer is where no format is asked for; each once.

    Examples
    --------
    >>> in_order(["xlsx", "text", "pdf"])
    ('text', 'xlsx', 'pdf')
    """
    return tuple(dict.fromkeys(sorted(words, key=_SHOWN.__ne__)))


def _check_kind(kind: str) -> None:
    if kind not in get_args(Kind):
        raise ValueError(f"nothing is a {kind!r}; files are made of {', '.join(get_args(Kind))}")


def _malformed(one: Format) -> list[str]:
    _check_kind(one.kind)
    parts = {
        "name": (_NAME, one.name),
        "ending": (_ENDING, one.ending),
        "mime": (_MIME, one.mime),
        "made_by": (_MADE_BY, one.made_by),
        "typed": (_NAME, one.word),
    }
    return [f"{part} {value!r}" for part, (form, value) in parts.items() if not form.fullmatch(value)]


def _keys(one: Format) -> list[str]:
    return [key for key in (one.label, one.to_print, one.hint) if key]


def _file(one: Format) -> tuple[str, str, bool, str]:
    return one.ending, one.mime, one.text, one.hint
