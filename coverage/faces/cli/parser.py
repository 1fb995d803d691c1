"""Which commands there are, their flags and their help, in the user's language."""

import argparse
import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from coverage import __version__
from coverage.answers.gaps import DEFAULT_CUTOFF_MIN
from coverage.answers.pokling import Rules
from coverage.faces.cli import commands
from coverage.ground.errors import InputError
from coverage.ground.texts import LANGUAGES, Language, Message, say

FORMATS = ("text", "json", "csv", "csv-excel", "xlsx", "geojson")


class UsageError(Exception):
    """The words of the call do not fit; says which and where help is."""

    def __init__(self, text: str, command: str) -> None:
        super().__init__(text)
        self.command = command


class _Help(argparse.RawDescriptionHelpFormatter):
    """Keep the examples as they are written."""


class _Parser(argparse.ArgumentParser):
    """A parser that speaks the user's language, also when the call is wrong."""

    lang: Language = "id"

    def format_help(self) -> str:
        text = super().format_help()
        for title in ("usage", "options", "commands"):
            text = re.sub(rf"^{title}:", f"{say(f'cli.{title}', self.lang)}:", text, flags=re.MULTILINE)
        return text

    def error(self, message: str) -> NoReturn:
        raise UsageError(_said(message, self.lang), self.prog)


_WRONG = (
    (r"the following arguments are required: (?P<what>.+)", "cli.wrong_required"),
    (r"argument (?P<flag>\S+): invalid choice: '?(?P<value>.*?)'? \(choose from (?P<what>.+)\)", "cli.wrong_choice"),
    (r"argument (?P<flag>\S+): expected .*argument.*", "cli.wrong_no_value"),
    (r"argument (?P<flag>\S+): invalid \S+ value: '(?P<value>.*)'", "cli.wrong_value"),
    (r"unrecognized arguments: (?P<what>.+)", "cli.wrong_unknown"),
    (r"ambiguous option: (?P<what>.+)", "cli.wrong_unknown"),
)


def _said(message: str, lang: Language) -> str:
    for pattern, key in _WRONG:
        found = re.fullmatch(pattern, message, flags=re.DOTALL)
        if found:
            return say(key, lang, **found.groupdict())
    return say("cli.wrong_other", lang, what=message)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise InputError(Message.of("cli.bad_date", value=text)) from error


def _number(text: str) -> float:
    try:
        return float(text.replace(",", "."))
    except ValueError as error:
        raise InputError(Message.of("cli.bad_number", value=text)) from error


def _whole(text: str) -> int:
    try:
        value = int(text)
    except ValueError as error:
        raise InputError(Message.of("cli.bad_whole", value=text)) from error
    if value < 0:
        raise InputError(Message.of("cli.bad_whole", value=text))
    return value


def _limit(text: str) -> int:
    value = _whole(text)
    if value < 1:
        raise InputError(Message.of("cli.bad_limit", value=text))
    return value


def _move(text: str) -> tuple[str, str]:
    unit, mark, kode = text.partition("=")
    if not (unit and mark and kode):
        raise InputError(Message.of("cli.bad_move", value=text))
    return unit, kode


def build_parser(lang: Language) -> argparse.ArgumentParser:
    """Build the parser of all commands, its help in `lang`."""
    _Parser.lang = lang
    parser = _Parser(
        prog="jangkau",
        description=say("cli.about", lang),
        epilog=say("cli.example", lang),
        add_help=False,
        formatter_class=_Help,
    )
    _common(parser, lang)
    parser.add_argument("--version", action="version", version=f"jangkau {__version__}", help=say("cli.version", lang))
    several = parser.add_subparsers(
        title="commands", metavar=say("cli.command", lang), dest="command", required=True, parser_class=_Parser
    )

    def add(name: str, run: Callable[[argparse.Namespace, Language], None]) -> argparse.ArgumentParser:
        command = several.add_parser(
            name,
            help=say(f"cli.do_{name}", lang),
            description=say(f"cli.{name}_about", lang),
            add_help=False,
            epilog=say(f"cli.{name}_example", lang),
            formatter_class=_Help,
        )
        _common(command, lang)
        command.add_argument("-w", "--workspace", metavar="FILE.gpkg", type=Path, help=say("cli.workspace", lang))
        command.set_defaults(run=run)
        return command

    def text(command: argparse.ArgumentParser, flag: str, **how: object) -> None:
        key = flag.lstrip("-").replace("-", "_")
        command.add_argument(flag, help=say(f"cli.{key}", lang), **how)  # type: ignore[arg-type]

    def asks_region(command: argparse.ArgumentParser) -> None:
        text(command, "--region", required=True, metavar="KODE")
        text(command, "--units", metavar="FILE.csv", type=Path)

    def writes(command: argparse.ArgumentParser) -> None:
        text(command, "--format", choices=FORMATS)
        command.add_argument("-o", "--output", metavar="FILE", type=Path, help=say("cli.output", lang))

    rules = Rules()
    gaps = add("gaps", commands.run_gaps)
    asks_region(gaps)
    text(gaps, "--cutoff", type=_number, default=DEFAULT_CUTOFF_MIN, metavar="MENIT")
    writes(gaps)

    following = add("next", commands.run_next)
    asks_region(following)
    text(following, "--base", metavar="UNIT")
    text(following, "--as-of", type=_day, metavar="YYYY-MM-DD")
    text(following, "--limit", type=_limit, default=10, metavar="N")
    text(following, "--why", metavar="KELURAHAN")
    text(following, "--cutoff", type=_number, default=DEFAULT_CUTOFF_MIN, metavar="MENIT")
    text(following, "--max-travel", type=_number, default=rules.max_travel_min, metavar="MENIT")
    text(following, "--rest-days", type=_whole, default=rules.rest_days, metavar="HARI")
    writes(following)

    whatif = add("whatif", commands.run_whatif)
    asks_region(whatif)
    text(whatif, "--add", action="append", default=[], metavar="KODE")
    text(whatif, "--close", action="append", default=[], metavar="UNIT")
    text(whatif, "--move", action="append", default=[], type=_move, metavar="UNIT=KODE")
    text(whatif, "--cutoff", type=_number, default=DEFAULT_CUTOFF_MIN, metavar="MENIT")
    writes(whatif)

    units = add("units", commands.run_units)
    asks_region(units)
    text(units, "--save", metavar="FILE.csv", type=Path)
    text(units, "--remove", action="append", default=[], metavar="UNIT")
    writes(units)

    villages = add("villages", commands.run_villages)
    text(villages, "--region", required=True, metavar="KODE")
    writes(villages)

    regions = add("regions", commands.run_regions)
    writes(regions)

    visit = add("visit", commands.run_visit)
    text(visit, "--region", default="ID", metavar="KODE")
    text(visit, "--village", required=True, metavar="KELURAHAN")
    text(visit, "--date", required=True, type=_day, metavar="YYYY-MM-DD")
    text(visit, "--team", default="", metavar="TIM")

    ferry = add("ferry", commands.run_ferry)
    text(ferry, "--from", required=True, metavar="KODE", dest="start")
    text(ferry, "--to", required=True, metavar="KODE", dest="end")
    text(ferry, "--sailing-min", required=True, type=_number, metavar="MENIT")
    text(ferry, "--trips-per-day", type=_number, metavar="N")
    text(ferry, "--name", default="", metavar="NAMA")
    return parser


def _common(parser: argparse.ArgumentParser, lang: Language) -> None:
    parser.add_argument("-h", "--help", action="help", help=say("cli.help", lang))
    parser.add_argument("--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=say("cli.lang", lang))
