"""Ask everything a report tells of a region; what cannot be answered is told in its place."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from coverage.answers.gaps import GapReport, gaps
from coverage.answers.pokling import BASE_KINDS, Ranking, Rules, default_base, rank
from coverage.answers.scenarios.compare import Comparison, compare
from coverage.answers.scenarios.run import ScenarioAnswer
from coverage.answers.scenarios.scenario import of_study
from coverage.answers.siting.propose import Proposal, propose
from coverage.answers.siting.question import Question
from coverage.answers.study import Study
from coverage.answers.tours.plan import PlannedDay
from coverage.faces.words.columns import Listing
from coverage.ground import codes
from coverage.ground.errors import InfeasibleError, InputError
from coverage.ground.free_text import hidden_sign
from coverage.ground.texts import Message
from coverage.places.units import find_unit

__all__ = ["SETS", "STEPS", "Answers", "Asked", "Enclosed", "Targets", "ask"]

SETS = 3
"""Sets of sites a report tells: the best and two others."""

STEPS = ("gaps", "next", "site", "scenarios")
"""What is asked, in this order."""

Told = Callable[[str], None]


@dataclass(frozen=True)
class Asked:
    """What a report is asked about.

    Attributes
    ----------
    cutoff_min
        Minutes, inclusive.
    as_of
        The day of planning: that of the report.
    base
        Unit (id or name) the Pokling starts from; None for the only one, or each one's first proposal.
    question
        Which new units to propose; None for none.
    office
        Who sends the report.

    Raises
    ------
    InputError
        If the office's name holds a sign that no text may hold.
    """

    cutoff_min: float
    as_of: dt.date
    base: str | None = None
    question: Question | None = None
    office: str = ""

    def __post_init__(self) -> None:
        if sign := hidden_sign(self.office):
            raise InputError(Message.of("report.hidden_sign", sign=sign))


@dataclass(frozen=True)
class Targets:
    """What was achieved of what was to be: sentences, and the table they sum up."""

    said: tuple[str, ...]
    listing: Listing


@dataclass(frozen=True)
class Enclosed:
    """What an office hands in with its question, and the report tells beside the answers.

    Attributes
    ----------
    scenarios
        Already answered; the region as it is stands before them.
    plan
        Days of a campaign of this region.
    targets
        What was achieved; None where the office has no figures.
    """

    scenarios: tuple[ScenarioAnswer, ...] = ()
    plan: tuple[PlannedDay, ...] = ()
    targets: Targets | None = None


_NOTHING = Enclosed()


@dataclass(frozen=True)
class Answers:
    """What a report tells.

    ``rankings`` are those of the bases, () where there is none. Where new units were asked for and cannot be had,
    ``no_proposal`` says why. ``comparison`` lays the region as it is beside scenarios, ``plan`` are the days of a
    campaign.
    """

    asked: Asked
    gaps: GapReport
    rankings: tuple[Ranking, ...] = ()
    proposal: Proposal | None = None
    no_proposal: tuple[Message, ...] = ()
    comparison: Comparison | None = None
    plan: tuple[PlannedDay, ...] = ()
    targets: Targets | None = None

    @property
    def study(self) -> Study:
        """The region."""
        return self.gaps.study


def ask(
    study: Study,
    asked: Asked,
    *,
    now: str,
    enclosed: Enclosed = _NOTHING,
    told: Told = lambda _step: None,
) -> Answers:
    """Ask the gaps, the next visits, the sites and the comparison of scenarios.

    Parameters
    ----------
    study
        A region made ready.
    now
        Name of the region as it is, beside the scenarios.
    enclosed
        Scenarios, plan and targets to tell of, too.
    told
        Told each of :data:`STEPS` before it begins.

    Raises
    ------
    InputError
        If the region is the whole country, a number is out of range, the base is unknown, a scenario is about another
        region or cutoff, or a village of the plan is not in the region.
    """
    if study.region.code == codes.COUNTRY:
        raise InputError(Message.of("report.country"))
    base = None if asked.base is None else find_unit(study.units, asked.base)
    if asked.question is not None:
        asked.question.check()
    if any(stop.kode not in study.villages.index for day in enclosed.plan for stop in day.stops):
        raise InputError(Message.of("report.other_plan", region=study.region.name))
    told(STEPS[0])
    report = gaps(study, asked.cutoff_min, allow_no_units=True)
    found = Answers(asked, report, plan=enclosed.plan, targets=enclosed.targets)
    told(STEPS[1])
    found = replace(found, rankings=_rankings(found.gaps, asked, base))
    if asked.question is not None:
        told(STEPS[2])
        try:
            found = replace(found, proposal=propose(study, asked.question))
        except (InputError, InfeasibleError) as error:
            found = replace(found, no_proposal=error.messages)
    if enclosed.scenarios:
        told(STEPS[3])
        as_it_is = ScenarioAnswer(of_study(study, now, asked.cutoff_min), found.gaps, found.gaps, None)
        found = replace(found, comparison=compare([as_it_is, *enclosed.scenarios]))
    return found


def _rankings(report: GapReport, asked: Asked, base: str | None) -> tuple[Ranking, ...]:
    """Rank from the base named, else from every base of the region, else from that of the office responsible for it."""
    study = report.study
    inside = study.units.index[study.units["in_region"] & study.units["kind"].isin(BASE_KINDS)]
    bases = [base] if base is not None else list(inside) or _outside(report)
    found = tuple(rank(study, one, asked.as_of, rules=Rules(cutoff_min=asked.cutoff_min)) for one in bases)
    return found if len(found) == 1 else tuple(_own(one, report) for one in found)


def _own(ranking: Ranking, report: GapReport) -> Ranking:
    """Keep to the villages that the base is responsible for, where it is for any: offices do not plan for another."""
    owner = report.villages["responsible_unit"].reindex(ranking.ranked.index)
    mine = ranking.ranked[owner == ranking.base]
    return ranking if mine.empty else replace(ranking, ranked=mine)


def _outside(report: GapReport) -> list[str]:
    """Give the base of most villages' responsible office, else the region's only unit."""
    study = report.study
    bases = study.units.index[study.units["kind"].isin(BASE_KINDS)]
    owners = report.villages["responsible_unit"].value_counts().index
    for owner in owners[owners.isin(bases)]:
        return [str(owner)]
    try:
        return [default_base(study)]
    except InputError:
        return []
