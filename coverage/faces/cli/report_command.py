"""``jangkau report``: everything about a region on a few pages, to be signed."""

import argparse
import datetime as dt
import sys
from pathlib import Path

from coverage.answers.scenarios.run import ScenarioAnswer, run_scenario
from coverage.answers.siting.question import Question
from coverage.answers.tours.plan import PlannedDay
from coverage.faces.cli.commands import leaving, study_of
from coverage.faces.cli.output import deliver
from coverage.faces.cli.scenario_commands import load_scenario
from coverage.faces.files.registry import FORMATS
from coverage.faces.plan.plan_file import read_plan
from coverage.faces.report.achieved import achieved
from coverage.faces.report.again import command_line
from coverage.faces.report.answers import SETS, Asked, ask
from coverage.faces.report.report_files import report_files
from coverage.ground.errors import InputError
from coverage.ground.texts import Language, Message, say
from coverage.places.workspace import Workspace
from coverage.travel.reach import check_cutoff

SITES = 3
"""New units proposed where no number is asked for."""


def run_report(given: argparse.Namespace, lang: Language) -> None:
    """Answer ``jangkau report``."""
    check_cutoff(given.cutoff)
    if given.output is None:
        raise InputError(Message.of("cli.needs_output", kind=given.format or FORMATS.words("report")[0]))
    if given.scenario and given.units is not None:
        raise InputError(Message.of("report.scenario_units"))
    asked = Asked(
        given.cutoff,
        given.as_of or dt.datetime.now(tz=dt.UTC).astimezone().date(),
        given.base,
        None if given.no_siting else Question(given.model, given.n, given.cutoff, alternatives=SETS),
        given.office,
    )
    study = study_of(given)
    plan = () if given.plan is None else _days(given.plan, study.region.code)
    answers = ask(
        study,
        asked,
        now=say("report.now", lang),
        scenarios=_answered(given),
        plan=plan,
        targets=achieved(study.region.code, asked.as_of, lang, Workspace.open(given.workspace)),
        told=lambda step: _tell(step, lang),
    )
    again = command_line(
        study,
        asked,
        lang,
        clients="" if given.clients is None else given.clients.name,
        plan="" if given.plan is None else given.plan.name,
        scenarios=[Path(text).name for text in given.scenario],
        workspace=given.workspace,
    )
    deliver(given, lang, report_files(answers, lang, again=again), leaving(given, study, len(study.villages)))


def _answered(given: argparse.Namespace) -> list[ScenarioAnswer]:
    loaded = [load_scenario(text, given.workspace) for text in given.scenario]
    return [run_scenario(one, workspace=given.workspace) for one in loaded]


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
