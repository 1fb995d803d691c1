"""``jangkau report``: everything about a region on a few pages, to be signed."""

import datetime as dt
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from coverage.answers.scenarios.run import ScenarioAnswer, run_scenario
from coverage.answers.siting.models.all_models import MODELS
from coverage.answers.siting.question import Question
from coverage.answers.tours.plan import PlannedDay
from coverage.faces.cli.asking import leaving, study_of
from coverage.faces.cli.flag_values import given_file, read_limit
from coverage.faces.cli.flags import (
    Answered,
    Day,
    Minutes,
    Place,
    Sources,
    Switch,
    Travel,
    Unit,
    flag,
    flag_group,
    format_flag,
    output_flag,
)
from coverage.faces.cli.output import deliver
from coverage.faces.cli.scenario_commands import load_scenario
from coverage.faces.files.all_formats import FORMATS
from coverage.faces.plan.plan_file import read_plan
from coverage.faces.report.achieved import achieved
from coverage.faces.report.again import HandedIn, command_line
from coverage.faces.report.answers import SETS, Asked, Enclosed, ask
from coverage.faces.report.report_files import report_files
from coverage.ground.errors import InputError
from coverage.ground.texts import Language, Message, say
from coverage.places.workspace import Location, Workspace
from coverage.travel.reach import DEFAULT_CUTOFF_MIN, check_cutoff

SITES = 3
"""New units proposed where no number is asked for."""


@flag_group
class ReportOutput:
    """In which format a report is written, and where to."""

    format: Annotated[str | None, format_flag(FORMATS.words("report"), "report_format")] = None
    output: Annotated[Path | None, output_flag(FORMATS.endings("report"), "report_output")] = None


@flag_group
class Report:
    """The flags of ``jangkau report``."""

    place: Place
    sources: Sources = Sources()
    travel: Travel = Travel()
    cutoff: Minutes = DEFAULT_CUTOFF_MIN
    n: Annotated[int, flag(read_limit, metavar="N", text="report_n")] = SITES
    model: Annotated[str, flag(choices=MODELS)] = Question().model
    no_siting: Switch = False
    base: Annotated[Unit, flag(text="report_base")] = None
    as_of: Day = None
    plan: Annotated[Path | None, flag(given_file, metavar="FILE.json", text="report_plan")] = None
    scenario: Annotated[tuple[str, ...], flag(metavar="NAME.toml", text="report_scenario")] = ()
    office: Annotated[str, flag(metavar="NAMA")] = ""
    written: ReportOutput = ReportOutput()


def run(asked: Report, *, lang: Answered) -> None:
    """Answer ``jangkau report``."""
    check_cutoff(asked.cutoff)
    if asked.written.output is None:
        raise InputError(Message.of("cli.needs_output", kind=asked.written.format or FORMATS.words("report")[0]))
    if asked.scenario and asked.sources.units is not None:
        raise InputError(Message.of("report.scenario_units"))
    wanted = Asked(
        asked.cutoff,
        asked.as_of or dt.datetime.now(tz=dt.UTC).astimezone().date(),
        asked.base,
        None if asked.no_siting else Question(asked.model, asked.n, asked.cutoff, alternatives=SETS),
        asked.office,
    )
    workspace = asked.place.office.workspace
    study = study_of(asked.place, asked.travel, asked.sources)
    plan = () if asked.plan is None else _days(asked.plan, study.region.code)
    answers = ask(
        study,
        wanted,
        now=say("report.now", lang),
        enclosed=Enclosed(
            scenarios=_answered(asked.scenario, workspace),
            plan=plan,
            targets=achieved(study.region.code, wanted.as_of, lang, Workspace.open(workspace)),
        ),
        told=lambda step: _tell(step, lang),
    )
    handed_in = HandedIn(
        clients="" if asked.sources.clients is None else asked.sources.clients.name,
        plan="" if asked.plan is None else asked.plan.name,
        scenarios=tuple(Path(text).name for text in asked.scenario),
    )
    again = command_line(study, wanted, lang, handed_in, workspace=workspace)
    gone = leaving(study, workspace, len(study.villages))
    deliver(asked.written, lang, report_files(answers, lang, again=again), gone)


def _answered(scenarios: Iterable[str], workspace: Location | None) -> tuple[ScenarioAnswer, ...]:
    loaded = [load_scenario(text, workspace) for text in scenarios]
    return tuple(run_scenario(one, workspace=workspace) for one in loaded)


def _days(path: Path, region: str) -> tuple[PlannedDay, ...]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(Message.of("plan.bad_file", path=path.name)) from error
    return read_plan(content, path.name, region).days


def _tell(step: str, lang: Language) -> None:
    """Say on a terminal what is being asked: the sites of a province take a while."""
    if sys.stderr.isatty():
        print(say(f"report.step_{step}", lang), file=sys.stderr)
