"""Which commands there are, and which flags each takes."""

import argparse
from pathlib import Path

from coverage import __version__
from coverage.answers.access import E2SFCA_WEIGHTS, METHODS
from coverage.answers.pokling import Rules
from coverage.answers.siting.models.registry import MODELS
from coverage.answers.siting.question import CANDIDATE_KINDS, Question
from coverage.faces.cli import (
    boundary_commands,
    commands,
    import_commands,
    place_commands,
    plan_commands,
    plan_flags,
    report_command,
    roads_commands,
    scenario_commands,
    siting_commands,
    targets_commands,
    workspace_command,
)
from coverage.faces.cli.access_commands import read_supply, read_weights, run_access
from coverage.faces.cli.catchment_commands import run_catchment
from coverage.faces.cli.ferry_commands import run_ferries, run_ferry
from coverage.faces.cli.flags import (
    CHANGES,
    CLIENTS,
    CUTOFF,
    MINUTES,
    PLACES,
    REGION,
    SEVERAL,
    TRAVEL,
    UNITS,
    WRITES,
    day,
    given_file,
    limit,
    number,
    rupiah,
    steps,
    whole,
    word_class,
)
from coverage.faces.cli.speed_commands import read_setting, run_speeds
from coverage.faces.cli.spoken import Commands, Parser, add_common
from coverage.faces.cli.travel_commands import OD_TARGETS, run_od, run_route
from coverage.faces.files.registry import FORMATS
from coverage.ground.texts import Language, say
from coverage.places.boundaries.boundary_upstream import DEFAULT_BASE_URL
from coverage.places.ferry_changes import VEHICLES
from coverage.travel.catchment import CUTOFFS_MIN


def build_parser(lang: Language) -> argparse.ArgumentParser:
    """Build the parser of all commands, its help in `lang`."""
    Parser.lang = lang
    parser = Parser(
        prog="jangkau",
        description=say("cli.about", lang),
        epilog=say("cli.example", lang),
        add_help=False,
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_common(parser, lang)
    parser.add_argument("--version", action="version", version=f"jangkau {__version__}", help=say("cli.version", lang))
    rules = Rules()
    known = Commands(parser, lang)
    known.add("gaps", commands.run_gaps, REGION, UNITS, CLIENTS, *TRAVEL, CUTOFF, *WRITES)
    known.add(
        "next",
        commands.run_next,
        REGION,
        UNITS,
        CLIENTS,
        *TRAVEL,
        ("--base", {"metavar": "UNIT"}),
        ("--as-of", {"type": day, "metavar": "YYYY-MM-DD"}),
        ("--limit", {"type": limit, "default": 10, "metavar": "N"}),
        ("--why", {"metavar": "KELURAHAN"}),
        *plan_flags.RULES,
        ("--max-travel", {"default": rules.max_travel_min, **MINUTES}),
        ("--sensitivity", {"action": "store_true"}),
        *WRITES,
    )
    known.add("plan", plan_commands.run_plan, *PLACES, *plan_flags.PLAN)
    known.add(
        "circuits",
        plan_commands.run_circuits,
        REGION,
        *TRAVEL,
        ("--circuits", {"type": whole, "required": True, "metavar": "N"}),
        *WRITES,
    )
    known.add(
        "whatif",
        commands.run_whatif,
        REGION,
        UNITS,
        *TRAVEL,
        *CHANGES,
        CUTOFF,
        *WRITES,
    )
    _add_site(known)
    known.add(
        "access",
        run_access,
        REGION,
        UNITS,
        *TRAVEL,
        ("--method", {"choices": METHODS, "default": METHODS[1]}),
        CUTOFF,
        ("--weights", {"type": read_weights, "default": E2SFCA_WEIGHTS, "metavar": "B1;B2;..."}),
        ("--supply", {"type": read_supply, "metavar": "UNIT=N", **SEVERAL}),
        *WRITES,
    )
    _add_scenario(known.group("scenario"))
    targets_commands.add_command(known)
    _add_report(known)
    known.add(
        "catchment",
        run_catchment,
        REGION,
        UNITS,
        *TRAVEL,
        ("--unit", {"required": True, "metavar": "UNIT"}),
        ("--minutes", {"type": steps, "default": CUTOFFS_MIN, "metavar": "MENIT,..."}),
        *WRITES,
    )
    known.add(
        "units",
        place_commands.run_units,
        REGION,
        UNITS,
        ("--save", {"metavar": "FILE.csv", "type": Path}),
        ("--remove", {"metavar": "UNIT", **SEVERAL}),
        *WRITES,
    )
    known.add(
        "od",
        run_od,
        REGION,
        UNITS,
        *TRAVEL,
        ("--to", {"choices": OD_TARGETS, "default": OD_TARGETS[0], "text": "od_to"}),
        ("--cutoff", {**MINUTES, "text": "od_cutoff"}),
        ("--format", {"choices": FORMATS.words("list", "text", "json", "csv")}),
        WRITES[1],
    )
    known.add(
        "route",
        run_route,
        REGION,
        UNITS,
        *TRAVEL,
        ("--from", {"required": True, "metavar": "KODE|UNIT", "dest": "start", "text": "route_from"}),
        ("--to", {"required": True, "metavar": "KODE|UNIT", "dest": "end", "text": "route_to"}),
        *WRITES,
    )
    known.add("villages", place_commands.run_villages, REGION, *WRITES)
    known.add("regions", place_commands.run_regions, *WRITES)
    known.add(
        "visit",
        place_commands.run_visit,
        ("--region", {"default": "ID", "metavar": "KODE"}),
        ("--village", {"required": True, "metavar": "KELURAHAN"}),
        ("--date", {"required": True, "type": day, "metavar": "YYYY-MM-DD"}),
        ("--team", {"default": "", "metavar": "TIM"}),
        ("--remove", {"action": "store_true", "text": "visit_remove"}),
    )
    known.add(
        "ferry",
        run_ferry,
        ("--from", {"metavar": "KODE", "dest": "start"}),
        ("--to", {"metavar": "KODE", "dest": "end"}),
        ("--sailing-min", MINUTES),
        ("--trips-per-day", {"type": number, "metavar": "N"}),
        ("--departures", {"metavar": "HH:MM,..."}),
        ("--days", {"metavar": "HARI:N;..."}),
        ("--season-extra-min", MINUTES),
        ("--vehicles", {"choices": VEHICLES}),
        ("--name", {"default": "", "metavar": "NAMA"}),
        ("--id", {"metavar": "ID", "text": "ferry_id"}),
        ("--remove", {"metavar": "ID", "text": "ferry_remove"}),
    )
    known.add("ferries", run_ferries, REGION, *WRITES)
    known.add(
        "speeds",
        run_speeds,
        ("--set", {"metavar": "KEY=VALUE", "type": read_setting, **SEVERAL}),
        ("--reset", {"metavar": "KEY", **SEVERAL}),
        ("--reset-all", {"action": "store_true"}),
        ("--import", {"metavar": "FILE.toml", "type": given_file, "dest": "import_file"}),
        ("--export", {"metavar": "FILE.toml", "type": Path}),
        *WRITES,
    )
    known.add(
        "workspace",
        workspace_command.run_workspace,
        ("--backup", {"metavar": "FILE.gpkg", "type": Path}),
        ("--format", {"choices": FORMATS.words("list", "text", "json")}),
        ("--output", WRITES[1][1] | {"endings": (".json", ".txt")}),
    )
    _add_roads(known.group("roads"))
    known.group("data").group("data_fetch").add(
        "data_fetch_boundaries",
        boundary_commands.run_fetch,
        REGION,
        ("--base-url", {"default": DEFAULT_BASE_URL, "metavar": "URL"}),
        *boundary_commands.FETCH_FLAGS,
        *WRITES,
    )
    import_commands.add_commands(known.add)
    return parser


def _add_roads(known: Commands) -> None:
    known.add(
        "roads_fetch",
        roads_commands.run_fetch,
        REGION,
        ("--overpass-url", {"metavar": "URL"}),
    )
    known.add(
        "roads_import",
        roads_commands.run_import,
        ("file", {"type": given_file, "metavar": "FILE", "text": "road_file"}),
        REGION,
        ("--snap-m", {"type": number, "default": None, "metavar": "METER"}),
        ("--class-column", {"metavar": "KOLOM"}),
        ("--surface-column", {"metavar": "KOLOM"}),
        ("--oneway-column", {"metavar": "KOLOM"}),
        ("--name-column", {"metavar": "KOLOM"}),
        ("--layer", {"metavar": "NAMA"}),
        ("--class", {"type": word_class, "metavar": "KATA=KELAS", "dest": "classes", **SEVERAL}),
    )
    known.add("roads_info", roads_commands.run_info, REGION, *WRITES)
    known.add("roads_remove", roads_commands.run_remove, REGION)


def _add_site(known: Commands) -> None:
    usual = Question()
    known.add(
        "site",
        siting_commands.run_site,
        ("--region", {"metavar": "KODE"}),
        UNITS,
        CLIENTS,
        *TRAVEL,
        *CHANGES,
        ("--model", {"choices": MODELS}),
        ("--n", {"type": limit, "metavar": "N"}),
        ("--budget", {"type": rupiah, "metavar": "RUPIAH"}),
        ("--cost", {"type": rupiah, "metavar": "RUPIAH"}),
        ("--costs", {"type": given_file, "metavar": "FILE"}),
        CUTOFF,
        ("--alternatives", {"type": limit, "default": usual.alternatives, "metavar": "K"}),
        ("--candidates", {"choices": CANDIDATE_KINDS, "default": usual.candidates}),
        ("--vulnerability", {"metavar": "KELAS", **SEVERAL}),
        ("--served-by", {"metavar": "UNIT", "default": usual.served_by}),
        ("--only", {"metavar": "KODE", **SEVERAL}),
        ("--lock", {"metavar": "KODE", **SEVERAL}),
        ("--exclude", {"metavar": "KODE", **SEVERAL}),
        ("--one-per-regency", {"action": "store_true"}),
        ("--min-spacing-min", {"default": usual.spacing_min, **MINUTES}),
        ("--capacity", {"type": number, "metavar": "N"}),
        ("--connected-only", {"action": "store_true"}),
        ("--time-limit", {"type": number, "default": usual.seconds, "metavar": "DETIK"}),
        ("--instance", {"metavar": "FILE", "type": Path}),
        ("--save", {"metavar": "NAME.toml", "type": Path, "text": "site_save"}),
        ("--robustness", {"action": "store_true"}),
        *WRITES,
    )


def _add_report(known: Commands) -> None:
    usual = Question()
    known.add(
        "report",
        report_command.run_report,
        REGION,
        UNITS,
        CLIENTS,
        *TRAVEL,
        CUTOFF,
        ("--n", {"type": limit, "default": report_command.SITES, "metavar": "N", "text": "report_n"}),
        ("--model", {"choices": MODELS, "default": usual.model}),
        ("--no-siting", {"action": "store_true"}),
        ("--base", {"metavar": "UNIT", "text": "report_base"}),
        ("--as-of", {"type": day, "metavar": "YYYY-MM-DD"}),
        ("--plan", {"type": given_file, "metavar": "FILE.json", "text": "report_plan"}),
        ("--scenario", {"metavar": "NAME.toml", "text": "report_scenario", **SEVERAL}),
        ("--office", {"default": "", "metavar": "NAMA"}),
        ("--format", {"choices": FORMATS.words("report"), "text": "report_format"}),
        ("--output", WRITES[1][1] | {"endings": FORMATS.endings("report"), "text": "report_output"}),
    )


def _add_scenario(known: Commands) -> None:
    file = ("file", {"metavar": "NAME.toml", "text": "scenario_file"})
    known.add("scenario_run", scenario_commands.run_run, file, *WRITES)
    known.add(
        "scenario_compare",
        scenario_commands.run_compare,
        ("files", {"metavar": "NAME.toml", "nargs": "+", "text": "scenario_files"}),
        *WRITES,
    )
    known.add("scenario_save", scenario_commands.run_save, file)
    known.add("scenario_list", scenario_commands.run_list, *WRITES)
    known.add("scenario_remove", scenario_commands.run_remove, ("name", {"metavar": "NAME", "text": "scenario_name"}))
