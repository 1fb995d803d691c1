"""The heavy works of the pages, as a worker finds them by name: each is told to by a watch and gives values."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from coverage.answers.scenarios.run import ScenarioAnswer, opener, run_scenario
from coverage.answers.scenarios.scenario import Scenario
from coverage.answers.siting.propose import Proposal, propose
from coverage.answers.siting.question import Question
from coverage.answers.siting.robustness import Robustness, robustness
from coverage.answers.study import Study, open_study
from coverage.answers.tours.campaign import plan_campaign
from coverage.answers.tours.living import Earlier, Event, go_on
from coverage.answers.tours.plan import Plan, PlannedDay
from coverage.answers.tours.progress import Cancel, Progress
from coverage.answers.tours.request import Request
from coverage.faces.heavy.studies import Key, opened, unchanged
from coverage.faces.heavy.watch import Watch
from coverage.faces.report.achieved import achieved
from coverage.faces.report.answers import Asked, Enclosed, ask
from coverage.faces.report.report_files import report_files
from coverage.ground.texts import Language, Message, say
from coverage.places.workspace import State, Workspace
from coverage.travel.network.ferry_choices import TravelChoices
from coverage.travel.network.speeds import Speeds

__all__ = [
    "Planned",
    "ReportWork",
    "answer_scenario",
    "answered",
    "go_on_with_plan",
    "make_plan",
    "make_report",
    "propose_sites",
    "try_sites",
]

Planned = tuple[Plan, tuple[Message, ...]]
"""A plan, and what differs from the one before."""


@dataclass(frozen=True)
class ReportWork:
    """What a report is made of besides its region.

    ``state`` is that of the workspace, ``again`` the command that gives the same report, "" where none can.
    """

    asked: Asked
    lang: Language
    scenarios: tuple[Scenario, ...]
    plan: tuple[PlannedDay, ...]
    state: State
    again: str


def propose_sites(watch: Watch, study: Study, question: Question) -> Proposal:
    """Find where new units go; see :func:`coverage.answers.siting.propose.propose`."""

    def told(done: int, of: int) -> None:
        watch.tell(Message.of("dashboard.site_progress", done=done, of=of), done / of)

    watch.tell(Message.of("dashboard.site_working"))
    return propose(study, question, told)


def try_sites(watch: Watch, proposal: Proposal, base: Scenario, state: State) -> Robustness:
    """Ask for every set of a proposal how it does when things turn out otherwise; `base` is what it was made for."""

    def told(done: int, of: int) -> None:
        watch.tell(Message.of("dashboard.site_trying", done=done, of=of), done / of)

    opens = opener(base)

    def opened_so(choices: TravelChoices, speeds: Speeds) -> Study:
        study = opens(choices, speeds)
        # What is laid beside each other must be of one state.
        unchanged(state)
        return study

    watch.tell(Message.of("dashboard.site_working"))
    return robustness(proposal, opened_so, told)


def make_plan(watch: Watch, study: Study, request: Request) -> Planned:
    """Plan a campaign; stopped, it gives the best so far."""
    return plan_campaign(study, request, stop=_cancel(watch)), ()


def go_on_with_plan(
    watch: Watch,
    study: Study,
    earlier: Earlier,
    today: dt.date,
    events: Sequence[Event],
    keep: Sequence[dt.date],
) -> Planned:
    """Plan again from today; stopped, it gives the best so far."""
    return go_on(study, earlier, today, events, keep=keep, stop=_cancel(watch))


def answer_scenario(watch: Watch, scenario: Scenario, state: State) -> ScenarioAnswer:
    """Answer a scenario that has sites to find."""
    watch.tell(Message.of("dashboard.running", name=scenario.name))
    return answered(scenario, state, opened)


def make_report(watch: Watch, study: Study, wanted: ReportWork) -> Mapping[str, bytes]:
    """Ask and write everything of a report; each step is told as it begins, and may be the last."""

    def step(name: str) -> None:
        watch.tell(Message.of(f"report.step_{name}"))

    lang, asked = wanted.lang, wanted.asked
    others = []
    for scenario in wanted.scenarios:
        watch.tell(Message.of("dashboard.running", name=scenario.name))
        others.append(answered(scenario, wanted.state, opened))
    answers = ask(
        study,
        asked,
        now=say("report.now", lang),
        enclosed=Enclosed(
            scenarios=tuple(others),
            plan=wanted.plan,
            targets=achieved(study.region.code, asked.as_of, lang, Workspace.open()),
        ),
        told=step,
    )
    step("write")
    return {kind: make() for kind, make in report_files(answers, lang, again=wanted.again).items()}


def _cancel(watch: Watch) -> Cancel:
    def stop(now: Progress) -> bool:
        values = {"done_share": now.share, "visits": now.visits, "priority": now.priority}
        return watch.note(Message.of("planning.working", **values), now.share)

    return stop


def answered(scenario: Scenario, state: State, ready: Callable[[Key], Study]) -> ScenarioAnswer:
    """Answer a scenario where regions may be `ready`, for a workspace in a state; others are opened.

    Raises
    ------
    PlannerError
        As :func:`coverage.answers.scenarios.run.run_scenario`, or if the workspace is in another state.
    """

    def open_region(region: str, *, workspace: None, choices: TravelChoices, speeds: Speeds) -> Study:
        study = ready(Key(region, choices, state))
        if study.speeds != speeds:
            study = open_study(region, workspace=workspace, choices=choices, speeds=speeds)
            unchanged(state)
        return study

    return run_scenario(scenario, open_region=open_region)
