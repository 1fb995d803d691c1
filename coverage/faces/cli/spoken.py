"""argparse in the user's language: its help, what is wrong with a call, and commands with texts of the catalogue."""

import argparse
import re
from collections.abc import Callable
from typing import NoReturn

from coverage.faces.cli.flags import Flag, workspace
from coverage.faces.files.registry import FORMATS
from coverage.ground.texts import LANGUAGES, Language, say


class UsageError(Exception):
    """The words of the call do not fit; says which and where help is."""

    def __init__(self, text: str, command: str) -> None:
        super().__init__(text)
        self.command = command


class Parser(argparse.ArgumentParser):
    """A parser that speaks the user's language, also when the call is wrong."""

    lang: Language = "id"

    def format_help(self) -> str:
        """Give the help with argparse's own titles in the user's language."""
        text = super().format_help()
        for title in ("usage", "options", "commands"):
            text = re.sub(rf"^{title}:", f"{say(f'cli.{title}', self.lang)}:", text, flags=re.MULTILINE)
        return text.replace("positional arguments:", f"{say('cli.arguments', self.lang)}:")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the call instead of ending the program."""
        raise UsageError(_said(message, self.lang), self.prog)


_WRONG = (
    (r"the following arguments are required: (?P<what>.+)", "cli.wrong_required"),
    (r"argument (?P<flag>\S+): invalid choice: '?(?P<value>.*?)'? \(choose from (?P<what>.+)\)", "cli.wrong_choice"),
    (r"argument (?P<flag>\S+): expected .*argument.*", "cli.wrong_no_value"),
    (r"argument (?P<flag>\S+): invalid \S+ value: '(?P<value>.*)'", "cli.wrong_value"),
    (r"unrecognized arguments: (?P<what>.+)", "cli.wrong_unknown"),
)


_SECRET = re.compile(r"(postgres(?:ql)?://[^:@/\s]*):\S*@", re.IGNORECASE)


def _said(message: str, lang: Language) -> str:
    message = _SECRET.sub(r"\1:***@", message)
    for pattern, key in _WRONG:
        found = re.fullmatch(pattern, message, flags=re.DOTALL)
        if found:
            return say(key, lang, **{name: text.replace("'", "") for name, text in found.groupdict().items()})
    return say("cli.wrong_other", lang, what=message)


WITHOUT_WORKSPACE = ("regions", "template")
"""Commands that look at no workspace, and so offer none."""


class Commands:
    """Adds commands and their flags; a flag's help stands in the catalogue under its ``text``, else its own name."""

    def __init__(self, parser: argparse.ArgumentParser, lang: Language) -> None:
        self.lang: Language = lang
        self.several = parser.add_subparsers(
            title="commands", metavar=say("cli.command", lang), dest="command", required=True, parser_class=Parser
        )

    def group(self, name: str) -> "Commands":
        """Add a command that has commands of its own; the texts of ``roads fetch`` are named ``roads_fetch``."""
        return Commands(self._parser(name), self.lang)

    def _parser(self, name: str) -> argparse.ArgumentParser:
        lang = self.lang
        command = self.several.add_parser(
            name.rpartition("_")[2],
            help=say(f"cli.do_{name}", lang),
            description=say(f"cli.{name}_about", lang),
            epilog=say(f"cli.{name}_example", lang),
            add_help=False,
            allow_abbrev=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        add_common(command, lang)
        return command

    def add(self, name: str, run: Callable[[argparse.Namespace, Language], None], *flags: tuple[str, Flag]) -> None:
        """Add a command; ``flags`` are pairs of a flag and how it is read.

        Every command takes the office's workspace but those that answer without one.
        """
        lang = self.lang
        command = self._parser(name)
        if name not in WITHOUT_WORKSPACE:
            command.add_argument(
                "-w", "--workspace", metavar="FILE.gpkg|URL", type=workspace, help=say("cli.workspace", lang)
            )
        for flag, how in flags:
            names = ["-o", "--output"] if flag == "--output" else [flag]
            read = {key: value for key, value in how.items() if key not in ("text", "endings")}
            text = how.get("text", flag.lstrip("-").replace("-", "_"))
            command.add_argument(*names, help=say(f"cli.{text}", lang, **_files(flag, how, lang)), **read)
        command.set_defaults(run=run, named=command.prog)


def _files(flag: str, how: Flag, lang: Language) -> dict[str, str]:
    """Give what the help of a flag tells of files: the formats to choose from, or the endings a name may have."""
    if flag == "--format":
        return {"formats": FORMATS.spelled(how["choices"], lang)}
    return {"endings": " ".join(how["endings"])} if "endings" in how else {}


def add_common(parser: argparse.ArgumentParser, lang: Language) -> None:
    """Add the flags that every command has."""
    parser.add_argument("-h", "--help", action="help", help=say("cli.help", lang))
    parser.add_argument("--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=say("cli.lang", lang))
