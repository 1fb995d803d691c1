"""Which commands there are, their flags and their help, in the user's language."""

import argparse
import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from coverage import __version__
from coverage.answers.access import E2SFCA_WEIGHTS, METHODS
from coverage.answers.gaps import DEFAULT_CUTOFF_MIN
from coverage.answers.pokling import Rules
from coverage.answers.siting.question import CANDIDATE_KINDS, MODELS, Question
from coverage.faces.cli import (
    boundary_commands,
    commands,
    import_commands,
    plan_commands,
    plan_flags,
    roads_commands,
    scenario_commands,
    siting_commands,
    workspace_command,
)
from coverage.faces.cli.access_commands import read_supply, read_weights, run_access
from coverage.faces.cli.catchment_commands import run_catchment
from coverage.faces.cli.ferry_commands import run_ferries, run_ferry
from coverage.faces.cli.speed_commands import read_setting, run_speeds
from coverage.faces.cli.travel_commands import OD_TARGETS, run_od, run_route
from coverage.ground.errors import InputError, PlannerError
from coverage.ground.texts import LANGUAGES, Language, Message, say
from coverage.places.boundaries.upstream import DEFAULT_BASE_URL
from coverage.places.ferry_changes import VEHICLES
from coverage.places.workspace import Location, location
from coverage.travel.catchment import CUTOFFS_MIN
from coverage.travel.network.choices import SEASONS, WAITS, WEEKDAYS
from coverage.travel.roads.model import CLASSES

FORMATS = ("text", "json", "csv", "csv-excel", "xlsx", "geojson")


class UsageError(Exception):
    """The words of the call do not fit; says which and where help is."""

    def __init__(self, text: str, command: str) -> None:
        super().__init__(text)
        self.command = command


class _Parser(argparse.ArgumentParser):
    """A parser that speaks the user's language, also when the call is wrong."""

    lang: Language = "id"

    def format_help(self) -> str:
        text = super().format_help()
        for title in ("usage", "options", "commands"):
            text = re.sub(rf"^{title}:", f"{say(f'cli.{title}', self.lang)}:", text, flags=re.MULTILINE)
        return text.replace("positional arguments:", f"{say('cli.arguments', self.lang)}:")

    def error(self, message: str) -> NoReturn:
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


# argparse puts its own words in the place of a ValueError, and InputError is one: what is wrong with a value
# is raised as the error above it, so that its remedy reaches the user.
def _day(text: str) -> dt.date:
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text, re.ASCII):
            return dt.date.fromisoformat(text)
        if local := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", text, re.ASCII):
            day, month, year = map(int, local.groups())
            return dt.date(year, month, day)
    except ValueError:
        pass
    raise PlannerError(Message.of("cli.bad_date", value=text))


def _number(text: str) -> float:
    # "1.000" is a thousand to who writes a decimal comma, "1,000" to who writes a point.
    if not re.fullmatch(r"-?\d{1,15}([.,]\d{1,9})?", text, re.ASCII) or re.fullmatch(r"-?\d{1,3}[.,]\d{3}", text):
        raise PlannerError(Message.of("cli.bad_number", value=text))
    return float(text.replace(",", "."))


def _whole(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII):
        raise PlannerError(Message.of("cli.bad_whole", value=text))
    return int(text)


def _limit(text: str) -> int:
    if not re.fullmatch(r"0*[1-9]\d{0,8}", text, re.ASCII):
        raise PlannerError(Message.of("cli.bad_limit", value=text))
    return int(text)


def _steps(text: str) -> tuple[float, ...]:
    return tuple(_number(part.strip()) for part in text.split(","))


def _word_class(text: str) -> tuple[str, str]:
    word, _, meaning = text.rpartition("=")
    if not word.strip() or meaning.strip() not in CLASSES:
        raise PlannerError(Message.of("roads.bad_class", value=text, classes=", ".join(CLASSES)))
    return word.strip(), meaning.strip()


def _move(text: str) -> tuple[str, str]:
    unit, _, kode = text.partition("=")
    if not (unit.strip() and kode.strip()):
        raise PlannerError(Message.of("cli.bad_move", value=text))
    return unit.strip(), kode.strip()


def _workspace(text: str) -> Location:
    try:
        return location(text)
    except InputError as error:
        raise PlannerError(*error.messages) from error


_Flag = dict[str, Any]
_MINUTES: _Flag = {"type": _number, "metavar": "MENIT"}
_SEVERAL: _Flag = {"action": "append", "default": []}
_REGION = ("--region", {"required": True, "metavar": "KODE"})
_UNITS = ("--units", {"metavar": "FILE.csv", "type": Path})
_CLIENTS = ("--clients", {"metavar": "FILE.csv", "type": Path})
_TRAVEL = (
    ("--season", {"choices": SEASONS, "default": "biasa"}),
    ("--without-ferry", {"metavar": "ID", **_SEVERAL}),
    ("--wait", {"choices": WAITS, "default": "mean"}),
    ("--day", {"choices": WEEKDAYS}),
    ("--vehicles-only", {"action": "store_true"}),
)
_CUTOFF = ("--cutoff", {"default": DEFAULT_CUTOFF_MIN, **_MINUTES})
_WRITES = (("--format", {"choices": FORMATS}), ("--output", {"metavar": "FILE", "type": Path}))


_PLACES = (_REGION, _UNITS, _CLIENTS, *_TRAVEL)
_RULES = (
    _CUTOFF,
    ("--weight", {"type": plan_flags.weight, "metavar": "BAGIAN=ANGKA", **_SEVERAL}),
    ("--recovery-days", {"default": Rules().recovery_days, "metavar": "HARI", "type": _limit}),
    ("--bersinar", {"metavar": "KELURAHAN", **_SEVERAL}),
    ("--request", {"metavar": "KELURAHAN", **_SEVERAL}),
    ("--rest-days", {"type": _whole, "default": Rules().rest_days, "metavar": "HARI"}),
)
_PLAN_WRITES = (
    ("--format", {"choices": plan_flags.FORMATS, "text": "plan_format"}),
    ("--output", _WRITES[1][1] | {"text": "plan_output"}),
)
_PLAN = (
    ("--base", {"metavar": "UNIT"}),
    ("--from", {"type": _day, "metavar": "YYYY-MM-DD", "dest": "first", "text": "first_day"}),
    ("--days", {"type": _whole, "default": 5, "metavar": "N", "text": "plan_days"}),
    ("--as-of", {"type": _day, "metavar": "YYYY-MM-DD"}),
    ("--teams", {"type": _whole, "default": 1, "metavar": "N"}),
    ("--hours", {"type": _number, "default": 8.0, "metavar": "JAM"}),
    ("--start", {"type": plan_flags.clock_time, "default": plan_flags.USUAL_START, "metavar": "JJ:MM"}),
    ("--visit-min", {"type": _whole, "default": 120, "metavar": "MENIT"}),
    ("--visits-per-day", {"type": _limit, "metavar": "N"}),
    ("--nights", {"type": _whole, "default": 0, "metavar": "N"}),
    ("--saturday", {"action": "store_true"}),
    ("--fixed", {"type": plan_flags.fixed, "metavar": "KODE=YYYY-MM-DDTJJ:MM", **_SEVERAL}),
    ("--must", {"metavar": "KELURAHAN", **_SEVERAL}),
    ("--must-not", {"metavar": "KELURAHAN", **_SEVERAL}),
    ("--quota", {"type": plan_flags.quota, "metavar": "KAB=N", **_SEVERAL}),
    ("--seed", {"type": _whole, "default": 1, "metavar": "N"}),
    ("--iterations", {"type": _limit, "metavar": "N"}),
    *_RULES,
    ("--why", {"metavar": "KELURAHAN", "text": "plan_why"}),
    ("--continue", {"type": Path, "metavar": "FILE.json", "dest": "go_on", "text": "go_on"}),
    ("--held", {"metavar": "KELURAHAN", **_SEVERAL}),
    ("--cancelled", {"metavar": "KELURAHAN", **_SEVERAL}),
    ("--moved", {"type": plan_flags.moved, "metavar": "KODE=YYYY-MM-DD", **_SEVERAL}),
    ("--keep", {"type": _day, "metavar": "YYYY-MM-DD", **_SEVERAL}),
    *_PLAN_WRITES,
)


class _Commands:
    """Adds commands and their flags; a flag's help stands in the catalogue under its ``text``, else its own name."""

    def __init__(self, parser: argparse.ArgumentParser, lang: Language) -> None:
        self.lang: Language = lang
        self.several = parser.add_subparsers(
            title="commands", metavar=say("cli.command", lang), dest="command", required=True, parser_class=_Parser
        )

    def group(self, name: str) -> "_Commands":
        """Add a command that has commands of its own; the texts of ``roads fetch`` are named ``roads_fetch``."""
        return _Commands(self._parser(name), self.lang)

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
        _common(command, lang)
        return command

    def add(self, name: str, run: Callable[[argparse.Namespace, Language], None], *flags: tuple[str, _Flag]) -> None:
        """Add a command; ``flags`` are pairs of a flag and how it is read."""
        lang = self.lang
        command = self._parser(name)
        command.add_argument(
            "-w", "--workspace", metavar="FILE.gpkg|URL", type=_workspace, help=say("cli.workspace", lang)
        )
        for flag, how in flags:
            names = ["-o", "--output"] if flag == "--output" else [flag]
            read = {key: value for key, value in how.items() if key != "text"}
            text = how.get("text", flag.lstrip("-").replace("-", "_"))
            command.add_argument(*names, help=say(f"cli.{text}", lang), **read)
        command.set_defaults(run=run, named=command.prog)


def build_parser(lang: Language) -> argparse.ArgumentParser:
    """Build the parser of all commands, its help in `lang`."""
    _Parser.lang = lang
    parser = _Parser(
        prog="jangkau",
        description=say("cli.about", lang),
        epilog=say("cli.example", lang),
        add_help=False,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _common(parser, lang)
    parser.add_argument("--version", action="version", version=f"jangkau {__version__}", help=say("cli.version", lang))
    rules = Rules()
    known = _Commands(parser, lang)
    known.add("gaps", commands.run_gaps, _REGION, _UNITS, _CLIENTS, *_TRAVEL, _CUTOFF, *_WRITES)
    known.add(
        "next",
        commands.run_next,
        _REGION,
        _UNITS,
        _CLIENTS,
        *_TRAVEL,
        ("--base", {"metavar": "UNIT"}),
        ("--as-of", {"type": _day, "metavar": "YYYY-MM-DD"}),
        ("--limit", {"type": _limit, "default": 10, "metavar": "N"}),
        ("--why", {"metavar": "KELURAHAN"}),
        *_RULES,
        ("--max-travel", {"default": rules.max_travel_min, **_MINUTES}),
        ("--sensitivity", {"action": "store_true"}),
        *_WRITES,
    )
    known.add("plan", plan_commands.run_plan, *_PLACES, *_PLAN)
    known.add(
        "circuits",
        plan_commands.run_circuits,
        _REGION,
        *_TRAVEL,
        ("--circuits", {"type": _whole, "required": True, "metavar": "N"}),
        *_WRITES,
    )
    known.add(
        "whatif",
        commands.run_whatif,
        _REGION,
        _UNITS,
        *_TRAVEL,
        ("--add", {"metavar": "KODE", **_SEVERAL}),
        ("--close", {"metavar": "UNIT", **_SEVERAL}),
        ("--move", {"metavar": "UNIT=KODE", "type": _move, **_SEVERAL}),
        _CUTOFF,
        *_WRITES,
    )
    _add_site(known)
    known.add(
        "access",
        run_access,
        _REGION,
        _UNITS,
        *_TRAVEL,
        ("--method", {"choices": METHODS, "default": METHODS[1]}),
        _CUTOFF,
        ("--weights", {"type": read_weights, "default": E2SFCA_WEIGHTS, "metavar": "B1;B2;..."}),
        ("--supply", {"type": read_supply, "metavar": "UNIT=N", **_SEVERAL}),
        *_WRITES,
    )
    _add_scenario(known.group("scenario"))
    known.add(
        "catchment",
        run_catchment,
        _REGION,
        _UNITS,
        *_TRAVEL,
        ("--unit", {"required": True, "metavar": "UNIT"}),
        ("--minutes", {"type": _steps, "default": CUTOFFS_MIN, "metavar": "MENIT,..."}),
        *_WRITES,
    )
    known.add(
        "units",
        commands.run_units,
        _REGION,
        _UNITS,
        ("--save", {"metavar": "FILE.csv", "type": Path}),
        ("--remove", {"metavar": "UNIT", **_SEVERAL}),
        *_WRITES,
    )
    known.add(
        "od",
        run_od,
        _REGION,
        _UNITS,
        *_TRAVEL,
        ("--to", {"choices": OD_TARGETS, "default": OD_TARGETS[0], "text": "od_to"}),
        ("--cutoff", {**_MINUTES, "text": "od_cutoff"}),
        ("--format", {"choices": ("text", "json", "csv"), "text": "od_format"}),
        _WRITES[1],
    )
    known.add(
        "route",
        run_route,
        _REGION,
        _UNITS,
        *_TRAVEL,
        ("--from", {"required": True, "metavar": "KODE|UNIT", "dest": "start", "text": "route_from"}),
        ("--to", {"required": True, "metavar": "KODE|UNIT", "dest": "end", "text": "route_to"}),
        *_WRITES,
    )
    known.add("villages", commands.run_villages, _REGION, *_WRITES)
    known.add("regions", commands.run_regions, *_WRITES)
    known.add(
        "visit",
        commands.run_visit,
        ("--region", {"default": "ID", "metavar": "KODE"}),
        ("--village", {"required": True, "metavar": "KELURAHAN"}),
        ("--date", {"required": True, "type": _day, "metavar": "YYYY-MM-DD"}),
        ("--team", {"default": "", "metavar": "TIM"}),
        ("--remove", {"action": "store_true", "text": "visit_remove"}),
    )
    known.add(
        "ferry",
        run_ferry,
        ("--from", {"metavar": "KODE", "dest": "start"}),
        ("--to", {"metavar": "KODE", "dest": "end"}),
        ("--sailing-min", _MINUTES),
        ("--trips-per-day", {"type": _number, "metavar": "N"}),
        ("--departures", {"metavar": "HH:MM,..."}),
        ("--days", {"metavar": "HARI:N;..."}),
        ("--season-extra-min", _MINUTES),
        ("--vehicles", {"choices": VEHICLES}),
        ("--name", {"default": "", "metavar": "NAMA"}),
        ("--id", {"metavar": "ID", "text": "ferry_id"}),
        ("--remove", {"metavar": "ID", "text": "ferry_remove"}),
    )
    known.add("ferries", run_ferries, _REGION, *_WRITES)
    known.add(
        "speeds",
        run_speeds,
        ("--set", {"metavar": "KEY=VALUE", "type": read_setting, **_SEVERAL}),
        ("--reset", {"metavar": "KEY", **_SEVERAL}),
        ("--reset-all", {"action": "store_true"}),
        ("--import", {"metavar": "FILE.toml", "type": Path, "dest": "import_file"}),
        ("--export", {"metavar": "FILE.toml", "type": Path}),
        *_WRITES,
    )
    known.add(
        "workspace",
        workspace_command.run_workspace,
        ("--backup", {"metavar": "FILE.gpkg", "type": Path}),
        ("--format", {"choices": ("text", "json")}),
        ("--output", {"metavar": "FILE", "type": Path}),
    )
    _add_roads(known.group("roads"))
    known.group("data").group("data_fetch").add(
        "data_fetch_boundaries",
        boundary_commands.run_fetch,
        _REGION,
        ("--base-url", {"default": DEFAULT_BASE_URL, "metavar": "URL"}),
        *_WRITES,
    )
    import_commands.add_commands(known.add)
    return parser


def _add_roads(known: _Commands) -> None:
    known.add(
        "roads_fetch",
        roads_commands.run_fetch,
        _REGION,
        ("--overpass-url", {"metavar": "URL"}),
    )
    known.add(
        "roads_import",
        roads_commands.run_import,
        ("file", {"type": Path, "metavar": "FILE", "text": "road_file"}),
        _REGION,
        ("--snap-m", {"type": _number, "default": 0.0, "metavar": "METER"}),
        ("--class-column", {"metavar": "KOLOM"}),
        ("--surface-column", {"metavar": "KOLOM"}),
        ("--oneway-column", {"metavar": "KOLOM"}),
        ("--name-column", {"metavar": "KOLOM"}),
        ("--layer", {"metavar": "NAMA"}),
        ("--class", {"type": _word_class, "metavar": "KATA=KELAS", "dest": "classes", **_SEVERAL}),
    )
    known.add("roads_info", roads_commands.run_info, _REGION, *_WRITES)
    known.add("roads_remove", roads_commands.run_remove, _REGION)


def _add_site(known: _Commands) -> None:
    usual = Question()
    known.add(
        "site",
        siting_commands.run_site,
        ("--region", {"metavar": "KODE"}),
        _UNITS,
        _CLIENTS,
        *_TRAVEL,
        ("--model", {"choices": MODELS}),
        ("--n", {"type": _limit, "default": usual.number, "metavar": "N"}),
        _CUTOFF,
        ("--alternatives", {"type": _limit, "default": usual.alternatives, "metavar": "K"}),
        ("--candidates", {"choices": CANDIDATE_KINDS, "default": usual.candidates}),
        ("--vulnerability", {"metavar": "KELAS", **_SEVERAL}),
        ("--served-by", {"metavar": "UNIT", "default": usual.served_by}),
        ("--only", {"metavar": "KODE", **_SEVERAL}),
        ("--lock", {"metavar": "KODE", **_SEVERAL}),
        ("--exclude", {"metavar": "KODE", **_SEVERAL}),
        ("--one-per-regency", {"action": "store_true"}),
        ("--min-spacing-min", {"default": usual.spacing_min, **_MINUTES}),
        ("--capacity", {"type": _number, "metavar": "N"}),
        ("--connected-only", {"action": "store_true"}),
        ("--time-limit", {"type": _number, "default": usual.seconds, "metavar": "DETIK"}),
        ("--instance", {"metavar": "FILE", "type": Path}),
        ("--save", {"metavar": "NAME.toml", "type": Path, "text": "site_save"}),
        ("--robustness", {"action": "store_true"}),
        *_WRITES,
    )


def _add_scenario(known: _Commands) -> None:
    file = ("file", {"metavar": "NAME.toml", "text": "scenario_file"})
    known.add("scenario_run", scenario_commands.run_run, file, *_WRITES)
    known.add(
        "scenario_compare",
        scenario_commands.run_compare,
        ("files", {"metavar": "NAME.toml", "nargs": "+", "text": "scenario_files"}),
        *_WRITES,
    )
    known.add("scenario_save", scenario_commands.run_save, file)
    known.add("scenario_list", scenario_commands.run_list, *_WRITES)
    known.add("scenario_remove", scenario_commands.run_remove, ("name", {"metavar": "NAME", "text": "scenario_name"}))


def _common(parser: argparse.ArgumentParser, lang: Language) -> None:
    parser.add_argument("-h", "--help", action="help", help=say("cli.help", lang))
    parser.add_argument("--lang", choices=LANGUAGES, default=argparse.SUPPRESS, help=say("cli.lang", lang))
