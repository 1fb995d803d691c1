"""Sets of sites under other circumstances: how much each falls behind the best of them when things turn out otherwise.

L. J. Savage (1951), The theory of statistical decision, Journal of the American Statistical Association 46(253), 55-67,
doi:10.1080/01621459.1951.10500768: the set to prefer is the one whose largest regret is smallest.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property, partial

import numpy as np
import pandas as pd

from coverage.answers.siting.goal import Difference, Goal, compare
from coverage.answers.siting.model import SitingProblem
from coverage.answers.siting.posing import standing_min
from coverage.answers.siting.propose import Proposal
from coverage.answers.study import Study
from coverage.answers.whatif import UnitChanges, changed_study
from coverage.ground.geometry import FloatArray
from coverage.ground.texts import Message
from coverage.travel.network.ferry_choices import TravelChoices
from coverage.travel.network.graph import JOINED_LEGS
from coverage.travel.network.speeds import Speeds
from coverage.travel.od import od_matrix
from coverage.travel.reach import within

__all__ = ["Opener", "Robustness", "robustness", "scaled", "units_counting"]

Opener = Callable[[TravelChoices, Speeds], Study]
"""Opens the region of a proposal, with the units it was made for, for another way to travel."""

_SPEEDS = (0.8, 1.2)
_SAME_MIN = 1e-6


@dataclass(frozen=True)
class Robustness:
    """The answer of :func:`robustness`.

    Attributes
    ----------
    cases
        What is otherwise in each case; the first is the region as it was asked about.
    values
        Shape (cases, sets), what each set reaches as its model is read: people newly covered or served, or minutes of
        those who are connected; NaN where nobody is.
    behind
        A list a case: what each set is behind the best of these sets, at the first level of the goal where it is.
    goals
        A list a case: the whole goal of each set.
    """

    proposal: Proposal
    cases: tuple[Message, ...]
    values: FloatArray
    behind: tuple[tuple[Difference, ...], ...]
    goals: tuple[tuple[Goal, ...], ...]

    @cached_property
    def regret(self) -> FloatArray:
        """Shape (cases, sets): how far behind the best in the same case, as a share, 0 or more; see `behind`."""
        return np.array([[one.share for one in case] for case in self.behind])

    @cached_property
    def cut_off(self) -> FloatArray:
        """Shape (cases, sets): people who are not connected; NaN where the model does not look at them."""
        return np.array(
            [
                [next((one.value for one in goal if one.name == "unconnected"), np.nan) for goal in case]
                for case in self.goals
            ]
        )

    @cached_property
    def _worst(self) -> list[list[tuple[float, int]]]:
        """Give for each set and level of the goal the largest regret and its case."""
        names = [level.name for level in self.goals[0][0]]
        return [
            [
                max(
                    (one[rank].share if one[rank].level == name else 0.0, -case) for case, one in enumerate(self.behind)
                )
                for name in names
            ]
            for rank in range(len(self.behind[0]))
        ]

    @property
    def largest(self) -> FloatArray:
        """Largest regret of each set in any case, at the first level of the goal where it has one."""
        return np.array([next((share for share, _ in levels if share > 0), 0.0) for levels in self._worst])

    @property
    def safest(self) -> int:
        """Place of the set whose largest regret is smallest, level by level; of equal ones the better."""
        ranks = range(len(self._worst))
        return min(ranks, key=lambda rank: [round(share, 9) for share, _ in self._worst[rank]])

    @property
    def table(self) -> pd.DataFrame:
        """One row a case and set: ``case`` (number), ``rank``, ``value``, ``regret_share``."""
        cases, sets = self.values.shape
        return pd.DataFrame(
            {
                "case": np.repeat(np.arange(cases), sets),
                "rank": np.tile(np.arange(1, sets + 1), cases),
                "value": self.values.ravel(),
                "regret_share": self.regret.ravel(),
            }
        )

    @property
    def advice(self) -> Message:
        """Say in one sentence which set to prefer."""
        best, largest = self.safest, float(self.largest[self.safest])
        if self.values.shape[1] == 1:
            return Message.of("siting.advice_alone")
        if largest == 0:
            return Message.of("siting.advice_always", rank=best + 1, cases=len(self.cases))
        case = self.cases[next(-number for share, number in self._worst[best] if share > 0)]
        return Message.of("siting.advice", rank=best + 1, worst_share=largest, case=case, cases=len(self.cases))


def robustness(
    proposal: Proposal, opener: Opener, told: Callable[[int, int], None] = lambda _done, _all: None
) -> Robustness:
    """Ask for every set of a proposal how it does when things turn out otherwise.

    The cases: speeds on land a fifth lower and higher, the season of rough seas, each ferry that somebody covered
    depends on out in turn, each unit of the region that covers somebody closed in turn.

    Parameters
    ----------
    proposal
        Sets of sites; the first is the answer.
    opener
        Opens the same region for another way to travel.
    told
        Told after each case how many are done, of how many.
    """
    found = list(_cases(proposal, opener))
    goals = []
    for done, (_, opened) in enumerate(found, start=1):
        goals.append(tuple(_goals(proposal, opened())))
        told(done, len(found))
    return Robustness(
        proposal,
        tuple(case for case, _ in found),
        np.array([[proposal.model.reading.value(goal) for goal in case] for case in goals]),
        tuple(tuple(_behind(list(case))) for case in goals),
        tuple(goals),
    )


def scaled(speeds: Speeds, factor: float) -> Speeds:
    """Change all speeds on land; those of ferries are their timetable's."""
    return replace(
        speeds,
        urban=speeds.urban * factor,
        mixed=speeds.mixed * factor,
        rural=speeds.rural * factor,
        road_km_per_h=tuple(speed * factor for speed in speeds.road_km_per_h),
        access_km_per_h=speeds.access_km_per_h * factor,
    )


def _cases(proposal: Proposal, opener: Opener) -> Iterator[tuple[Message, Callable[[], Study]]]:
    study = proposal.study
    choices, speeds = study.choices, study.speeds
    yield Message.of("siting.case_usual"), partial(_same, study)
    for factor in _SPEEDS:
        key = "siting.case_slower" if factor < 1 else "siting.case_faster"
        yield Message.of(key, by_share=abs(factor - 1)), partial(opener, choices, scaled(speeds, factor))
    if choices.season != "ombak" and study.ferries_in_reach:
        yield Message.of("siting.case_ombak"), partial(opener, replace(choices, season="ombak"), speeds)
    for id_ in sorted(study.network.boats):
        without = _without(study, id_)
        if _matters(proposal, without):
            yield Message.of("siting.case_ferry", ferry=_ferry_name(study, id_)), partial(_same, without)
    for id_ in units_counting(proposal):
        name = str(study.units.at[id_, "name"])
        yield Message.of("siting.case_closed", unit=name), partial(changed_study, study, UnitChanges(close=[id_]))


def _same(study: Study) -> Study:
    return study


def _ferry_name(study: Study, id_: str) -> str:
    names = dict(zip(study.network.ferry_ids, study.network.ferry_names, strict=True))
    return names.get(id_, id_)


def _without(study: Study, id_: str) -> Study:
    """Take a ferry out of the network, with the through lines that use it."""
    gone = [one for one in study.network.ferry_ids if id_ in one.split(JOINED_LEGS)]
    network = study.network.without_ferries(gone)
    od = od_matrix(network, study.villages.index, study.unit_places())
    return replace(study, network=network, od=od, usual=None)


def _union(proposal: Proposal) -> list[int]:
    return sorted({site for entry in proposal.found.sets for site in entry.result.sites})


def _minutes(proposal: Proposal, study: Study) -> FloatArray:
    """Give minutes to the sites of all sets, in the order of :func:`_union`."""
    places = study.places(proposal.kode(tuple(_union(proposal))))
    return od_matrix(study.network, study.villages.index, places).minutes


def _matters(proposal: Proposal, without: Study) -> bool:
    """Tell whether anybody travels longer without the ferry, or not at all, to a unit or site that covers him."""
    study, sites = proposal.study, _union(proposal)
    usual = np.column_stack([proposal.problem.minutes[:, sites], study.od.minutes])
    now = np.column_stack([_minutes(proposal, without), without.od.minutes])
    counts = within(usual, np.inf if proposal.model.reading.in_minutes else proposal.question.cutoff_min)
    return bool((now[counts] > usual[counts] + _SAME_MIN).any())


def units_counting(proposal: Proposal) -> list[str]:
    """List the units of the region that are the nearest of somebody they cover, or next to it where that counts."""
    study = proposal.study
    column = np.argsort(study.od.minutes, axis=1, kind="stable")[:, : proposal.model.units_counted]
    minutes = np.take_along_axis(study.od.minutes, column, axis=1)
    used = np.unique(column[within(minutes, proposal.question.cutoff_min)])
    return [str(id_) for id_ in study.units.index[used][study.units["in_region"].to_numpy()[used]]]


def _goals(proposal: Proposal, study: Study) -> list[Goal]:
    """Measure the whole goal of every set in another situation."""
    order = {site: place for place, site in enumerate(_union(proposal))}
    problem = SitingProblem(_minutes(proposal, study), proposal.problem.weights, *standing_min(study))
    return [proposal.reach(problem, [order[site] for site in entry.result.sites]) for entry in proposal.found.sets]


def _behind(goals: list[Goal]) -> list[Difference]:
    """Tell what each set is behind the best of them."""
    best = goals[0]
    for goal in goals[1:]:
        if compare(goal, best).loss < 0:
            best = goal
    return [compare(goal, best) for goal in goals]
