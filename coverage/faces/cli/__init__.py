"""The ``jangkau`` command: asks the answers, prints or writes what they say.

Exit code 0 when answered, 2 for a wrong input, 3 where no choice fulfils what was asked (one sentence on standard
error, no traceback), 130 after Ctrl+C: what was stored before stays as it was.
"""

import errno
import gc
import os
import sys
from collections.abc import Sequence

from coverage import __version__
from coverage.faces.cli.commands import PROGRAM, Call, chosen, understood
from coverage.faces.cli.help_texts import asks_for_help, help_of
from coverage.faces.cli.wrong_calls import UsageError
from coverage.ground import machine_faults, notices
from coverage.ground.errors import InfeasibleError, InputError, PlannerError
from coverage.ground.free_text import hidden_sign, shown
from coverage.ground.texts import LANGUAGES, Language, Message

__all__ = ["main"]

WRONG_INPUT = 2
INFEASIBLE = 3
_INTERRUPTED = 130
_PIPE_CLOSED = 141
_LANG = "--lang"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and give its exit code; without `argv`, as all that this process does."""
    if argv is not None:
        return _run(list(argv))
    # Modules are no garbage: they are not looked through while they load, nor when the process ends.
    gc.disable()
    try:
        return _run(sys.argv[1:])
    finally:
        gc.freeze()


def _run(words: list[str]) -> int:
    lang = _language(words)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        code = _answer(words, lang)
        sys.stdout.flush()
    except KeyboardInterrupt:
        return _INTERRUPTED
    except (OSError, MemoryError) as error:
        closed = isinstance(error, OSError) and _is_closed_pipe(error)
        if not closed and not machine_faults.is_of_the_machine(error):
            raise
        if not closed:
            print(machine_faults.stopped(error).text(lang), file=sys.stderr)
        # What is left to say has nowhere to go, and must not fail once more at the end of the program.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _PIPE_CLOSED if closed else WRONG_INPUT
    return code


def _answer(words: Sequence[str], lang: Language) -> int:
    try:
        _check_words(words)
        words = _without_language(words)
        if words[:1] == ["--version"]:
            print(f"{PROGRAM} {__version__}")
        elif asks_for_help(words):
            print(help_of(words, lang))
        else:
            run(understood(words), lang)
    except UsageError as error:
        print(error.text(lang), file=sys.stderr)
        return WRONG_INPUT
    except PlannerError as error:
        print(error.text(lang), file=sys.stderr)
        return INFEASIBLE if isinstance(error, InfeasibleError) else WRONG_INPUT
    return 0


def run(call: Call, lang: Language) -> None:
    """Answer a call in the name of who sits at the computer, and say what is to be said once."""
    # What workspaces need takes longer to load than help and version may take; here the command has loaded it.
    from coverage.places.roles import AT_THE_COMPUTER, acting  # noqa: PLC0415 - see above
    from coverage.places.workspace import noted  # noqa: PLC0415 - see above

    if not gc.isenabled():
        gc.freeze()
        gc.enable()
    with noted(command=call.command.typed), acting(AT_THE_COMPUTER):
        call(lang=lang)
    for notice in notices.take():
        print(notice.text(lang), file=sys.stderr)


def _check_words(words: Sequence[str]) -> None:
    """Refuse a word of the call with a sign that no text may hold: what is typed becomes a name, a note or a path.

    Raises
    ------
    InputError
        Naming the place of the word, from 1, its text as it can be shown, and the sign.
    """
    for place, word in enumerate(words, start=1):
        if sign := hidden_sign(word):
            key = "cli.not_utf8" if word.encode("utf-8", "replace").decode() != word else "cli.hidden_sign"
            raise InputError(Message.of(key, place=str(place), value=shown(word), sign=sign))


def _is_closed_pipe(error: OSError) -> bool:
    """Tell whether who reads the answer has gone; Windows calls that an invalid argument."""
    return isinstance(error, BrokenPipeError) or (os.name == "nt" and error.errno == errno.EINVAL)


def _language(words: Sequence[str]) -> Language:
    """Find the language before anything is read, so that help and errors are said in it."""
    asked = os.environ.get("JANGKAU_LANG", "")
    for place, word in enumerate(words):
        if word == _LANG and place + 1 < len(words):
            asked = words[place + 1]
        elif word.startswith(f"{_LANG}="):
            asked = word.removeprefix(f"{_LANG}=")
    return next((lang for lang in LANGUAGES if lang == asked), "id")


def _without_language(words: Sequence[str]) -> list[str]:
    """Take the language out of a call, where it may stand anywhere.

    Raises
    ------
    UsageError
        If it has no value, or one that is no language.
    """
    left: list[str] = []
    rest = iter(words)
    for word in rest:
        if word == "--":
            return [*left, word, *rest]
        if word != _LANG and not word.startswith(f"{_LANG}="):
            left.append(word)
            continue
        asked = next(rest, "-") if word == _LANG else word.removeprefix(f"{_LANG}=")
        if asked.startswith("-"):
            raise UsageError(Message.of("cli.wrong_no_value", flag=_LANG), chosen(left)[0].typed)
        if asked not in LANGUAGES:
            wrong = Message.of("cli.wrong_choice", flag=_LANG, value=asked, what=", ".join(LANGUAGES))
            raise UsageError(wrong, chosen(left)[0].typed)
    return left
