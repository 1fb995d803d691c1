"""What is wrong with the words of a call, in sentences of the catalogue, made from typed errors and not from text."""

import re
from collections.abc import Iterable, Sequence

from cyclopts import (
    CoercionError,
    CycloptsError,
    MissingArgumentError,
    RepeatArgumentError,
    UnknownOptionError,
    UnusedCliTokensError,
)
from cyclopts.argument import Argument

from coverage.ground.texts import Language, Message

_SECRET = re.compile(r"(postgres(?:ql)?://[^:@/\s]*):\S*@", re.IGNORECASE)


class UsageError(Exception):
    """The words of a call do not fit; says which, and for which command there is help."""

    def __init__(self, message: Message, command: str) -> None:
        super().__init__(message)
        self.message = message
        self.command = command

    def text(self, lang: Language) -> str:
        """Say it, and where help is; a password in an address is not repeated."""
        said = _SECRET.sub(r"\1:***@", self.message.text(lang))
        return f"{said}\n{Message.of('cli.see_help', command=self.command).text(lang)}"


def spelled(argument: Argument) -> str:
    """Name an argument as one gives it: ``-o/--output``, ``FILE``."""
    if argument.index is not None:
        return argument.parameter.metavar or argument.name
    return "/".join(sorted(argument.names, key=len))


def no_command() -> Message:
    """Say that a command is missing."""
    return Message.of("cli.wrong_required", what=Message.of("cli.command"))


def unknown_command(word: str, known: Iterable[str]) -> Message:
    """Say that there is no such command, and which there are."""
    if word.startswith("-"):
        return Message.of("cli.wrong_unknown", what=word)
    return Message.of("cli.wrong_choice", flag=Message.of("cli.command"), value=word, what=", ".join(known))


def told(error: CycloptsError, arguments: Sequence[Argument], words: Sequence[str]) -> Message:
    """Say what is wrong with a call.

    Parameters
    ----------
    error
        What cyclopts found.
    arguments
        Of the command.
    words
        What was given after the command.
    """
    match error:
        case MissingArgumentError() if error.keyword is None:
            return Message.of("cli.wrong_required", what=", ".join(_missing(error, arguments, words)))
        case MissingArgumentError() if error.argument is not None:
            return Message.of("cli.wrong_no_value", flag=spelled(error.argument))
        case RepeatArgumentError():
            return Message.of("cli.wrong_repeated", flag=error.token.keyword)
        case CoercionError() if error.argument is not None and error.token is not None:
            return _no_such_value(error.argument, error.token.value)
    if unknown := _unknown(error, arguments, words):
        return Message.of("cli.wrong_unknown", what=" ".join(unknown))
    return Message.of("cli.wrong_other", what=" ".join(words))


def _unknown(error: CycloptsError, arguments: Sequence[Argument], words: Sequence[str]) -> Sequence[str]:
    """Give the words that are neither flags nor values of the command, all of them and not only the first."""
    if not isinstance(error, UnknownOptionError):
        return (error.unused_tokens or ()) if isinstance(error, UnusedCliTokensError) else ()
    first = error.token.keyword or error.token.value
    known = {name for one in arguments for name in one.names}
    # No value begins with two dashes; one with a single dash may be a number below zero.
    return [word for word, flag in _flags(words) if flag == first or (flag.startswith("--") and flag not in known)] or [
        first
    ]


def _flags(words: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Give the words that may be flags, those before "--", and which flag each of them is."""
    before = words[: words.index("--")] if "--" in words else words
    return ((word, word.partition("=")[0]) for word in before)


def _no_such_value(argument: Argument, value: str) -> Message:
    choices = argument.get_choices() or getattr(argument.parameter.converter, "choices", ())
    if choices:
        return Message.of("cli.wrong_choice", flag=spelled(argument), value=value, what=", ".join(choices))
    return Message.of("cli.wrong_value", flag=spelled(argument), value=value)


def _missing(error: MissingArgumentError, arguments: Sequence[Argument], words: Sequence[str]) -> list[str]:
    """Name all that a command cannot do without and was not given, not only the first that was missed."""
    first = len(arguments) if error.argument is None or error.argument.index is None else error.argument.index
    given = {flag for _, flag in _flags(words)}
    return [
        spelled(one)
        for one in arguments
        if one.required and (given.isdisjoint(one.names) if one.index is None else one.index >= first)
    ]
