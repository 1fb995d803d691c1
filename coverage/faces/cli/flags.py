"""What the flags of commands are made of: groups that several commands share, and how the words of a flag are read.

A command takes a frozen dataclass, made by :func:`flag_group`; each of its fields is a flag, or a group of flags that
other commands take as well.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol, TypeVar, dataclass_transform

from cyclopts import CoercionError, Parameter, RepeatArgumentError, Token, UnknownOptionError
from cyclopts.argument import ArgumentCollection

from coverage.faces.cli.flag_values import given_file, read_day, read_move, read_number, read_workspace
from coverage.faces.files.all_formats import FORMATS
from coverage.ground.texts import Language
from coverage.places.workspace import Location
from coverage.travel.network.ferry_choices import SEASONS, WAITS, WEEKDAYS, Season, TravelChoices, Wait, Weekday

_Group = TypeVar("_Group")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def flag_group(group: type[_Group]) -> type[_Group]:
    """Make a class a frozen value whose fields are flags, side by side with those of whatever holds it."""
    return Parameter(name="*")(dataclass(frozen=True, kw_only=True)(group))


@dataclass(frozen=True)
class Reader:
    """Turns the words given for a flag into its value.

    Attributes
    ----------
    read
        Reads one word.
    several
        The flag may be given again; its value is a tuple.
    choices
        What a word, once read, must be one of; () for anything.
    pasted
        The one word with a dash before it that is not a flag.
    told
        What belongs into the help, in a language.
    """

    read: Callable[[str], object]
    several: bool = False
    choices: Sequence[str] = ()
    pasted: str = ""
    told: Callable[[Language], Mapping[str, str]] = lambda _lang: {}

    def __call__(self, _kind: object, words: Sequence[Token]) -> object:
        """Read as cyclopts asks for it."""
        # A field that holds a tuple takes any number of words for cyclopts, also where one word says the whole tuple.
        if len(words) > 1 and not self.several:
            raise RepeatArgumentError(token=words[1])
        found = [self._one(word) for word in words]
        return tuple(found) if self.several else found[0]

    def _one(self, word: Token) -> object:
        if self.pasted and word.value.startswith("-") and word.value != self.pasted:
            raise UnknownOptionError(token=word, argument_collection=ArgumentCollection())  # type: ignore[no-untyped-call]
        found = self.read(word.value)
        if self.choices and found not in self.choices:
            raise CoercionError(token=word, target_type=Literal[tuple(self.choices)])  # type: ignore[arg-type]
        return found


def each(read: Callable[[str], object]) -> Reader:
    """Read every word of a flag that may be given again."""
    return Reader(read, several=True)


def flag(
    read: Callable[[str], object] | Reader | None = None,
    *,
    text: str | None = None,
    metavar: str | None = None,
    choices: Iterable[str] | None = None,
    name: str | None = None,
    short: str | None = None,
) -> Parameter:
    """Say how a field is given on the command line.

    Parameters
    ----------
    read
        Reads one word, or a :class:`Reader`; without it the type of the field says how.
    text
        Key of the help in ``cli.toml``, by default the flag's own name.
    metavar
        What stands for the value in the help.
    choices
        Words that are allowed.
    name
        The flag, where it is not called like the field.
    short
        The flag in one letter, such as ``-o``.
    """
    how: dict[str, Any] = {"name": name, "alias": short, "help": text, "metavar": metavar, "choices": choices}
    if read is not None:
        reader = read if isinstance(read, Reader) else Reader(read)
        how |= {"converter": reader, "n_tokens": 1, "accepts_keys": False, "allow_leading_hyphen": bool(reader.pasted)}
    given = {key: value for key, value in how.items() if value is not None}
    # No "--no-..." and "--empty-...", and a value in brackets is a text like any other.
    return Parameter(negative="", json_dict=False, json_list=False, **given)


def format_flag(words: Sequence[str], text: str = "format") -> Parameter:
    """Say how a format is given, of those with these words; the help spells them."""
    reader = Reader(str, told=lambda lang: {"formats": FORMATS.spelled(words, lang)})
    return flag(reader, choices=words, text=text)


def output_flag(endings: Sequence[str], text: str = "output", metavar: str = "FILE") -> Parameter:
    """Say how a file to write is given, whose name may end so; the help lists the endings."""
    reader = Reader(Path, told=lambda _lang: {"endings": " ".join(endings)})
    return flag(reader, short="-o", text=text, metavar=metavar)


Answered = Annotated[Language, Parameter(parse=False)]
"""The language to answer in; found before the words are read."""
Region = Annotated[str, flag(metavar="KODE")]
Unit = Annotated[str | None, flag(metavar="UNIT")]
Village = Annotated[str | None, flag(metavar="KELURAHAN")]
Villages = Annotated[tuple[str, ...], flag(metavar="KELURAHAN")]
Codes = Annotated[tuple[str, ...], flag(metavar="KODE")]
Units = Annotated[tuple[str, ...], flag(metavar="UNIT")]
Minutes = Annotated[float, flag(read_number, metavar="MENIT")]
Some = Annotated[float | None, flag(read_number, metavar="N")]
Day = Annotated[dt.date | None, flag(read_day, metavar="YYYY-MM-DD")]
GivenFile = Annotated[Path | None, flag(given_file, metavar="FILE.csv")]
Switch = Annotated[bool, flag()]


@flag_group
class Office:
    """The office's workspace."""

    workspace: Annotated[Location | None, flag(read_workspace, short="-w", metavar="FILE.gpkg|URL")] = None


@flag_group
class Place:
    """A region, and the workspace it is looked at with."""

    office: Office = Office()
    region: Region


@flag_group
class UnitsFile:
    """A file that stands in for the units that the program and the workspace know."""

    units: GivenFile = None


@flag_group
class Sources:
    """Files that stand in for what the program and the workspace know."""

    given_units: UnitsFile = UnitsFile()
    clients: GivenFile = None

    @property
    def units(self) -> Path | None:
        """The units."""
        return self.given_units.units


@flag_group
class Travel:
    """How somebody travels."""

    season: Annotated[Season, flag(choices=SEASONS)] = "biasa"
    without_ferry: Annotated[tuple[str, ...], flag(metavar="ID")] = ()
    wait: Annotated[Wait, flag(choices=WAITS)] = "mean"
    day: Annotated[Weekday | None, flag(choices=WEEKDAYS)] = None
    vehicles_only: Switch = False

    def choices(self) -> TravelChoices:
        """Give what travel times are computed with."""
        return TravelChoices(self.season, self.without_ferry, self.wait, self.day, self.vehicles_only)


@flag_group
class UnitsChanged:
    """Units added, closed and moved."""

    add: Codes = ()
    close: Units = ()
    move: Annotated[tuple[tuple[str, str], ...], flag(each(read_move), metavar="UNIT=KODE")] = ()


class Written(Protocol):
    """In which format an answer is written, and where to."""

    @property
    def format(self) -> str | None:
        """Name of the format."""

    @property
    def output(self) -> Path | None:
        """The file; None to print."""


@flag_group
class Output:
    """In which format an answer is written, and where to."""

    format: Annotated[str | None, format_flag(FORMATS.words("list"))] = None
    output: Annotated[Path | None, output_flag(FORMATS.endings("list"))] = None
