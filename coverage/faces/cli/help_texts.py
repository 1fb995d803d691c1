"""The help of a command in the user's language: its usage, what it does, its words and flags, and an example."""

import shutil
import textwrap
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, runtime_checkable

from cyclopts.argument import Argument

from coverage.faces.cli.commands import Command, chosen
from coverage.faces.cli.wrong_calls import UsageError, unknown_command
from coverage.ground.texts import Language, say

HELP = ("-h", "--help")
_INDENT = 2
_TEXTS_FROM = 24
_NARROWEST = 40


@runtime_checkable
class Telling(Protocol):
    """What reads a flag and has something to tell in its help."""

    def told(self, lang: Language) -> Mapping[str, str]:
        """Give what belongs into the help."""


def asks_for_help(words: Sequence[str]) -> bool:
    """Tell whether a call asks for help, wherever it does so."""
    before = words[: words.index("--")] if "--" in words else words
    return any(word in HELP for word in before)


def help_of(words: Sequence[str], lang: Language) -> str:
    """Give the help of the command that a call begins with.

    Raises
    ------
    UsageError
        If there is no such command.
    """
    command, rest = chosen(words)
    if command.run is None and rest and not rest[0].startswith("-"):
        raise UsageError(unknown_command(rest[0], command.below), command.typed)
    usage = f"{say('cli.usage', lang)}: {command.typed}{_usage(command, lang)}"
    about = say(f"cli.{command.name}_about" if command.words else "cli.about", lang)
    example = say(f"cli.{command.name}_example" if command.words else "cli.example", lang)
    parts = [_wrapped(usage, "  "), _wrapped(about), *_sections(command, lang), example]
    return "\n\n".join(parts)


def text_of(argument: Argument) -> str:
    """Give the name of the text that says what an argument is for: its flag's, or one of its own."""
    return argument.parameter.help or argument.name.lstrip("-").replace("-", "_")


def told(argument: Argument, lang: Language) -> str:
    """Say what an argument is for; what its reader tells of values belongs into it."""
    reader = argument.parameter.converter
    return say(f"cli.{text_of(argument)}", lang, **(reader.told(lang) if isinstance(reader, Telling) else {}))


def _usage(command: Command, lang: Language) -> str:
    if command.run is None:
        return f" {say('cli.command', lang)} [{say('cli.options', lang)}]"
    needed = [one for one in command.arguments if one.required]
    words = [_value(one) for one in needed if one.index is not None]
    flags = [f"{one.name} {_value(one)}" for one in needed if one.index is None]
    return " ".join(["", *words, *flags, f"[{say('cli.options', lang)}]"])


def _sections(command: Command, lang: Language) -> Iterable[str]:
    words = [(_value(one), told(one, lang)) for one in command.arguments if one.index is not None]
    flags = [(", ".join(HELP), say("cli.help", lang)), ("--lang {id,en}", say("cli.lang", lang))]
    if not command.words:
        flags.append(("--version", say("cli.version", lang)))
    flags += [(_given(one), told(one, lang)) for one in command.arguments if one.index is None]
    below = [(word, say(f"cli.do_{'_'.join((*command.words, word))}", lang)) for word in command.below]
    if words:
        yield _listed(say("cli.arguments", lang), words, _INDENT)
    yield _listed(say("cli.options", lang), flags, _INDENT)
    if below:
        yield _listed(say("cli.commands", lang), below, 2 * _INDENT)


def _given(argument: Argument) -> str:
    """Spell a flag as one gives it, with what stands for its value."""
    value = _value(argument)
    return ", ".join(f"{name} {value}".rstrip() for name in sorted(argument.names, key=len))


def _value(argument: Argument) -> str:
    if argument.token_count() == (0, False):
        return ""
    choices = argument.get_choices()
    shown = argument.parameter.metavar or (f"{{{','.join(choices)}}}" if choices else argument.name.lstrip("-").upper())
    return f"{shown} [{shown}]" if argument.index is not None and argument.token_count()[1] else shown


def _listed(title: str, rows: Iterable[tuple[str, str]], indent: int) -> str:
    lines = [f"{title}:"]
    blank = " " * _TEXTS_FROM
    for name, text in rows:
        told = textwrap.wrap(text, _width() - _TEXTS_FROM, break_on_hyphens=False)
        head = " " * indent + name
        if len(head) + 1 < _TEXTS_FROM and told:
            head, told = head.ljust(_TEXTS_FROM) + told[0], told[1:]
        lines += [head, *(blank + line for line in told)]
    return "\n".join(lines)


def _wrapped(text: str, later: str = "") -> str:
    return textwrap.fill(text, _width(), subsequent_indent=later, break_on_hyphens=False)


def _width() -> int:
    return max(shutil.get_terminal_size().columns - 2, _NARROWEST)
