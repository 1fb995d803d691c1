"""The ``jangkau`` command: asks the answers, prints or writes what they say.

Exit code 0 when answered, 2 for a wrong input, 3 where no choice fulfils what was asked (one sentence on standard
error, no traceback).
"""

import errno
import os
import sys
from collections.abc import Sequence

from coverage.faces.cli.parser import build_parser
from coverage.faces.cli.spoken import UsageError
from coverage.ground import machine_faults, notices
from coverage.ground.errors import InfeasibleError, InputError, PlannerError
from coverage.ground.free_text import hidden_sign
from coverage.ground.texts import LANGUAGES, Language, Message, say
from coverage.places.roles import AT_THE_COMPUTER, acting
from coverage.places.tables import shown
from coverage.places.workspace import noted

__all__ = ["main"]

WRONG_INPUT = 2
INFEASIBLE = 3
_INTERRUPTED = 130
_PIPE_CLOSED = 141


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command and give its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
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
        given = build_parser(lang).parse_args(words)
        with noted(command=given.named), acting(AT_THE_COMPUTER):
            given.run(given, lang)
        for notice in notices.take():
            print(notice.text(lang), file=sys.stderr)
    except UsageError as error:
        print(f"{error}\n{say('cli.see_help', lang, command=error.command)}", file=sys.stderr)
        return WRONG_INPUT
    except PlannerError as error:
        print(error.text(lang), file=sys.stderr)
        return INFEASIBLE if isinstance(error, InfeasibleError) else WRONG_INPUT
    except SystemExit:
        # Help and version are said, and have come through the same closed or open pipe as any answer.
        return 0
    return 0


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
    """Find the language before anything is parsed, so that help and errors are said in it."""
    asked = os.environ.get("JANGKAU_LANG", "")
    for place, word in enumerate(words):
        if word == "--lang" and place + 1 < len(words):
            asked = words[place + 1]
        elif word.startswith("--lang="):
            asked = word.removeprefix("--lang=")
    return next((lang for lang in LANGUAGES if lang == asked), "id")
