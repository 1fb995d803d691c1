"""Sets of sites under other circumstances: how much each falls behind the best of them when things turn out otherwise.

L. J. Savage (1951), The theory of statistical decision, Journal of the American Statistical Association 46(253), 55-67,
doi:10.1080/01621459.1951.10500768: the set to prefer is the one whose largest regret is smallest.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from coverage.answers.siting.capacitated import capacitated
from coverage.answers.siting.model import Limits, SitingProblem
from coverage.answers.siting.propose import Proposal
from coverage.answers.study import Study
from coverage.answers.whatif import changed_study
from coverage.ground.geometry import FloatArray
from coverage.ground.texts import Message
from coverage.travel.network.choices import TravelChoices
from coverage.travel.network.speeds import Speeds
from coverage.travel.od import od_matrix

__all__ = ["Opener", "Robustness", "robustness", "scaled"]

Opener = Callable[[TravelChoices, Speeds], Study]
"""Opens the region of a proposal, with the units it was made for, for another way to travel."""

_SPEEDS = (0.8, 1.2)
_JOINED = "+"
_SAME_MIN = 1e-6
_BY_MINUTES = {"p-median", "p-center"}


@dataclass(frozen=True)
class Robustness:
    """The answer of :func:`robustness`.

    Attributes
    ----------
    cases
        What is otherwise in each case; the first is the region as it was asked about.
    values
        Shape (cases, sets), what each set reaches: people newly covered (served within capacities for the model
        capacitated); for p-median the mean, for p-center the longest journey in minutes, over the villages that are
        connected with every one of the sets; NaN where there is none.
    regret
        Shape (cases, sets): how much worse than the best of these sets in the same case, as a share of it, 0 or more.
    by_minutes
        Whether the values are minutes, of which fewer are better.
    """

    proposal: Proposal
    cases: tuple[Message, ...]
    values: FloatArray
    regret: FloatArray
    by_minutes: bool

    @property
    def largest(self) -> FloatArray:
        """Largest regret of each set in any case."""
        worst: FloatArray = self.regret.max(axis=0)
        return worst

    @property
    def safest(self) -> int:
        """Place of the set whose largest regret is smallest; of equal ones the better in the proposal."""
        return int(np.argmin(np.round(self.largest, 9)))

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
        case = self.cases[int(np.argmax(self.regret[:, best]))]
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
    values = []
    for done, (_, opened) in enumerate(found, start=1):
        values.append(_values(proposal, opened()))
        told(done, len(found))
    measured = np.array(values)
    by_minutes = proposal.question.model in _BY_MINUTES
    return Robustness(proposal, tuple(case for case, _ in found), measured, _regret(measured, by_minutes), by_minutes)


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
    if choices.season != "ombak":
        yield Message.of("siting.case_ombak"), partial(opener, replace(choices, season="ombak"), speeds)
    for id_ in _lines(study):
        without = _without(study, id_)
        if _matters(proposal, without):
            yield Message.of("siting.case_ferry", ferry=_ferry_name(study, id_)), partial(_same, without)
    for id_ in _covering(proposal):
        name = str(study.units.at[id_, "name"])
        yield Message.of("siting.case_closed", unit=name), partial(changed_study, study, close=[id_])


def _same(study: Study) -> Study:
    return study


def _lines(study: Study) -> list[str]:
    return sorted({part for id_ in study.network.ferry_ids for part in id_.split(_JOINED)})


def _ferry_name(study: Study, id_: str) -> str:
    names = dict(zip(study.network.ferry_ids, study.network.ferry_names, strict=True))
    return names.get(id_, id_)


def _without(study: Study, id_: str) -> Study:
    """Take a ferry out of the network, with the through lines that use it."""
    gone = [one for one in study.network.ferry_ids if id_ in one.split(_JOINED)]
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
    counts = np.isfinite(usual) if proposal.question.model in _BY_MINUTES else usual <= proposal.question.cutoff_min
    return bool((now[counts] > usual[counts] + _SAME_MIN).any())


def _covering(proposal: Proposal) -> list[str]:
    """List the units of the region that are the nearest of somebody they cover."""
    study = proposal.study
    column, minutes, _ = study.od.nearest()
    used = np.unique(column[(minutes <= proposal.question.cutoff_min) & (column >= 0)])
    return [str(id_) for id_ in study.units.index[used][study.units["in_region"].to_numpy()[used]]]


def _values(proposal: Proposal, study: Study) -> FloatArray:
    question, order = proposal.question, {site: place for place, site in enumerate(_union(proposal))}
    existing = study.od.nearest()[1]
    minutes = _minutes(proposal, study)
    weights = proposal.problem.weights
    sets = [[order[site] for site in entry.result.sites] for entry in proposal.found.sets]
    after = np.column_stack([np.minimum(existing, minutes[:, sites].min(axis=1, initial=np.inf)) for sites in sets])
    if question.model in _BY_MINUTES:
        return _journeys(after, weights, longest=question.model == "p-center")
    if question.model == "capacitated":
        return np.array([_served(minutes[:, sites], weights, existing, proposal) for sites in sets])
    newly = (existing > question.cutoff_min)[:, None] & (after <= question.cutoff_min)
    return np.asarray(weights @ newly, dtype=np.float64)


def _journeys(after: FloatArray, weights: FloatArray, *, longest: bool) -> FloatArray:
    counted = np.isfinite(after).all(axis=1) & (weights > 0)
    if not counted.any():
        return np.full(after.shape[1], np.nan)
    near, weight = after[counted], weights[counted]
    return np.asarray(near.max(axis=0) if longest else weight @ near / weight.sum())


def _served(minutes: FloatArray, weights: FloatArray, existing: FloatArray, proposal: Proposal) -> float:
    """Serve as many as the capacities of the sites, the columns, allow."""
    number, capacity = minutes.shape[1], proposal.capacity
    if number == 0 or capacity is None:
        return 0.0
    limits = Limits(locked=frozenset(range(number)))
    problem = SitingProblem(minutes, weights, existing)
    return capacitated(problem, number, proposal.question.cutoff_min, capacity, limits).objective


def _regret(values: FloatArray, by_minutes: bool) -> FloatArray:  # noqa: FBT001 - which way is better
    known = np.nan_to_num(values)
    best = (known.min if by_minutes else known.max)(axis=1, keepdims=True)
    behind = known - best if by_minutes else best - known
    share: FloatArray = np.divide(behind, best, out=np.zeros_like(behind), where=best > 0)
    return share
