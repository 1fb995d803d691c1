"""Where new IBM units go in a region: from a study to a siting problem, and from its answer to names and people."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import pandas as pd

from coverage.answers.equity import worst_tenth
from coverage.answers.gaps import GapReport, gaps
from coverage.answers.siting.alternatives import Alternatives, best_sets
from coverage.answers.siting.capacitated import capacitated, served
from coverage.answers.siting.hindrance import hindering
from coverage.answers.siting.lexicographic import covered_then_near, lexicographic
from coverage.answers.siting.lscp import lscp
from coverage.answers.siting.mclp import mclp, newly_covered
from coverage.answers.siting.measures import GoalOf
from coverage.answers.siting.model import BoolArray, Limits, SitingProblem, SitingResult
from coverage.answers.siting.p_center import connected_then_worst, p_center
from coverage.answers.siting.p_median import connected_then_minutes, p_median
from coverage.answers.siting.question import CANDIDATE_KINDS, Question
from coverage.answers.siting.rules import site_rules
from coverage.answers.study import Study
from coverage.answers.whatif import WhatIf, between, changed_study
from coverage.ground import codes
from coverage.ground.errors import InfeasibleError, InputError
from coverage.ground.geometry import FloatArray
from coverage.ground.texts import Message, listed
from coverage.places.units import find_unit
from coverage.places.villages import find_village
from coverage.travel.od import od_matrix
from coverage.travel.reach import STATES, within

__all__ = ["CLINICS", "Proposal", "access_figures", "propose"]

CLINICS = ("klinik BNNP", "klinik BNNK", "rumah sakit")
"""Kinds of units an IBM refers to: itself it serves *risiko ringan* and *bina lanjut* only."""

AGENTS = 5
"""Agen pemulihan of an IBM unit."""

_MOST_PAIRS = 30_000_000
_SHOWN = 8
_SITE_COLUMNS = [
    *("kode", "name", "kind", "district", "regency", "lat", "lon"),
    *("villages_newly_covered", "population_newly_covered", "referral_name", "referral_min", "cost"),
]


@dataclass(frozen=True)
class Proposal:
    """The answer of :func:`propose`.

    ``problem``: rows are the study's villages, columns ``candidates`` (kode). ``found``: the best sets in order.
    """

    study: Study
    question: Question
    problem: SitingProblem
    candidates: pd.Index
    found: Alternatives
    capacity: float | None

    @property
    def goal_of(self) -> GoalOf:
        """What measures the goal of the model that was asked, for any sites in any situation."""
        return _goal_of(self.question, self.capacity)

    @property
    def result(self) -> SitingResult:
        """The best set."""
        return self.found.best

    def kode(self, sites: tuple[int, ...]) -> list[str]:
        """Name sites by kode."""
        return [str(kode) for kode in self.candidates[list(sites)]]

    def cost_of(self, sites: tuple[int, ...]) -> float | None:
        """Sum what sites cost in rupiah; None where costs are not known."""
        return self.problem.cost_of(sites)

    @property
    def total_cost(self) -> float | None:
        """What the best set costs in rupiah; None where costs are not known."""
        return self.cost_of(self.result.sites)

    @cached_property
    def change(self) -> WhatIf:
        """The region before and after the best set."""
        return self.change_of(self.result.sites)

    def change_of(self, sites: tuple[int, ...]) -> WhatIf:
        """Compare the region before and after a set of sites."""
        cutoff_min = self.question.cutoff_min
        changed = changed_study(self.study, add=self.kode(sites))
        before = gaps(self.study, cutoff_min, allow_no_units=True)
        return between(before, gaps(changed, cutoff_min, allow_no_units=True))

    @cached_property
    def sites(self) -> pd.DataFrame:
        """The best set's sites; see :meth:`sites_of`."""
        return self.sites_of(self.result.sites)

    def sites_of(self, sites: tuple[int, ...]) -> pd.DataFrame:
        """List sites with who is newly covered, and where they refer to.

        Columns ``kode``, ``name``, ``kind``, ``district``, ``regency``, ``lat``, ``lon``;
        ``population_newly_covered`` (NaN: not known) and ``villages_newly_covered`` count each village at the nearest
        of the new units, so that they add up; ``referral_name`` and ``referral_min`` are of the nearest clinic
        (``inf``: none is connected); ``cost`` in rupiah (NaN: not known).
        """
        study, kode = self.study, self.kode(sites)
        near = self.problem.nearest(sites)
        minutes = self.problem.after_min(sites)
        before = study.od.nearest()[1]
        cutoff_min = self.question.cutoff_min
        newly = ~within(before, cutoff_min) & within(minutes, cutoff_min) & (near >= 0)
        people = study.villages["population"].to_numpy(np.float64)
        clinic, clinic_min = _clinics(study, kode)
        rows = []
        for place, site in enumerate(sites):
            mine = newly & (near == site)
            known = mine & ~np.isnan(people)
            rows.append(
                {
                    "kode": kode[place],
                    **study.villages.loc[kode[place], ["name", "kind", "district", "regency", "lat", "lon"]].to_dict(),
                    "villages_newly_covered": int(mine.sum()),
                    "population_newly_covered": np.nan if np.isnan(people).all() else int(people[known].sum()),
                    "referral_name": clinic[place],
                    "referral_min": clinic_min[place],
                    "cost": np.nan if self.problem.costs is None else float(self.problem.costs[site]),
                }
            )
        return pd.DataFrame(rows, columns=_SITE_COLUMNS)

    @property
    def notes(self) -> tuple[Message, ...]:
        """What a reader of the proposal must know."""
        return _notes(self)


def propose(study: Study, question: Question, told: Callable[[int, int], None] = lambda _done, _all: None) -> Proposal:
    """Find where new units go.

    Parameters
    ----------
    study
        A region made ready; its units stand and stay.
    question
        What is asked.
    told
        Told after each set how many are found, of how many.

    Raises
    ------
    InputError
        If a number, a village or a filter cannot be used, or the region is too large for its matrix.
    InfeasibleError
        If nothing fulfils what is asked; the message says what stands in the way.
    """
    question.check()
    code = study.region.code
    lock = [find_village(text, code) for text in question.lock]
    exclude = [find_village(text, code) for text in question.exclude]
    candidates = study.villages.index[_may(study, question, lock)]
    if candidates.empty:
        raise InputError(Message.of("siting.no_candidates"))
    if len(candidates) * len(study.villages) > _MOST_PAIRS:
        raise InputError(
            Message.of("siting.too_large", candidates=len(candidates), villages=len(study.villages), region=code)
        )
    problem = _problem(study, question, candidates)
    limits = Limits(
        seconds=question.seconds,
        spacing_min=question.spacing_min,
        one_per_group=question.one_per_regency,
        locked=frozenset(candidates.get_indexer(pd.Index(lock)).tolist()) if lock else frozenset(),
        excluded=frozenset(np.flatnonzero(candidates.isin(exclude)).tolist()),
        budget=question.budget,
    )
    capacity = _capacity(problem, question, limits) if question.model == "capacitated" else None
    ask = _asker(problem, question, capacity)
    try:
        found = best_sets(ask, limits, question.alternatives, told)
    except InfeasibleError as error:
        raise InfeasibleError(*error.messages, *hindering(error, ask, limits)) from error
    return Proposal(study, question, problem, candidates, found, capacity)


def _asker(problem: SitingProblem, question: Question, capacity: float | None) -> Callable[[Limits], SitingResult]:
    number, cutoff = question.number, question.cutoff_min
    models: dict[str, Callable[[Limits], SitingResult]] = {
        "mclp": lambda limits: mclp(problem, number, cutoff, limits),
        "p-median": lambda limits: p_median(problem, number, limits),
        "p-center": lambda limits: p_center(problem, number, limits),
        "lscp": lambda limits: lscp(problem, cutoff, limits),
        "capacitated": lambda limits: capacitated(problem, number, cutoff, capacity or 0.0, limits),
        "lexicographic": lambda limits: lexicographic(problem, number, cutoff, limits),
    }
    return models[question.model]


def _goal_of(question: Question, capacity: float | None) -> GoalOf:
    cutoff_min = question.cutoff_min
    goals: dict[str, GoalOf] = {
        "mclp": partial(newly_covered, cutoff_min=cutoff_min),
        "p-median": connected_then_minutes,
        "p-center": connected_then_worst,
        "lscp": partial(newly_covered, cutoff_min=cutoff_min),
        "capacitated": partial(served, cutoff_min=cutoff_min, takes=capacity or 0.0),
        "lexicographic": partial(covered_then_near, cutoff_min=cutoff_min),
    }
    return goals[question.model]


def _may(study: Study, question: Question, lock: list[str]) -> BoolArray:
    villages = study.villages
    may = np.ones(len(villages), dtype=bool)
    if question.candidates != CANDIDATE_KINDS[0]:
        may &= (villages["kind"] == question.candidates).to_numpy()
    if question.vulnerability:
        may &= villages["vulnerability"].isin(question.vulnerability).to_numpy()
    if question.only:
        may &= villages.index.isin([find_village(text, study.region.code) for text in question.only])
    if question.served_by:
        unit = find_unit(study.units, question.served_by)
        may &= (study.owners == unit).to_numpy()
    return may | villages.index.isin(lock)


def _problem(study: Study, question: Question, candidates: pd.Index) -> SitingProblem:
    villages = study.villages
    minutes = od_matrix(study.network, villages.index, study.places(list(candidates))).minutes
    existing = study.od.nearest()[1]
    weights = _weights(study, question)
    if question.connected_only:
        weights = np.where(np.isfinite(existing), weights, 0.0)
    rows = villages.index.get_indexer(candidates)
    regency = np.asarray(villages.index.str[: codes.LENGTH_OF["regency"]])
    names = dict(zip(regency, villages["regency"].astype(str), strict=True))
    order = sorted(names)
    served = study.units.loc[study.units["in_region"], "regency_kode"]
    label = villages["name"].astype(str) + " (" + villages.index.astype(str) + ")"
    return SitingProblem(
        minutes,
        weights,
        existing,
        demand_names=tuple(label),
        names=tuple(label.iloc[rows]),
        groups=np.searchsorted(order, regency[rows]).astype(np.int64),
        group_names=tuple(names[kode] for kode in order),
        served_groups=frozenset(order.index(kode) for kode in set(served) if kode in names),
        between_min=minutes[rows] if question.spacing_min > 0 else None,
        standing_min=existing[rows],
        costs=_costs(study, question, candidates, label),
    )


def _costs(study: Study, question: Question, candidates: pd.Index, label: pd.Series) -> FloatArray | None:
    """Give rupiah per candidate; None where nothing is said of costs.

    Raises
    ------
    InputError
        If a candidate has no cost: it is named, not guessed.
    """
    if not question.priced:
        return None
    code = study.region.code
    known = {find_village(text, code): rupiah for text, rupiah in question.costs}
    rest = np.nan if question.cost is None else question.cost
    costs = np.array([known.get(str(kode), rest) for kode in candidates], dtype=np.float64)
    lacking = label[candidates[np.isnan(costs)]]
    if len(lacking):
        raise InputError(Message.of("siting.costs_missing", count=len(lacking), names=listed(lacking.tolist(), _SHOWN)))
    return costs


def _weights(study: Study, question: Question) -> FloatArray:
    """Weigh villages by people; by expected clients where capacities count those; by 1 where neither is known."""
    clients = study.villages["clients"]
    if question.model == "capacitated" and clients.notna().any():
        return clients.fillna(0.0).to_numpy(np.float64)
    people = study.villages["population"]
    if people.notna().any():
        return people.fillna(0.0).to_numpy(np.float64)
    return np.ones(len(people))


def _capacity(problem: SitingProblem, question: Question, limits: Limits) -> float:
    if question.capacity is not None:
        return question.capacity
    waiting = float(problem.weights[~within(problem.existing_min, question.cutoff_min)].sum())
    units = site_rules(problem, question.number, limits).number or 1
    return max(waiting / units, 1e-9)


def _clinics(study: Study, kode: list[str]) -> tuple[list[str], FloatArray]:
    """Name the nearest clinic of each site and its minutes."""
    clinic = np.flatnonzero(study.units["kind"].isin(CLINICS))
    minutes = study.od.minutes[np.ix_(study.villages.index.get_indexer(pd.Index(kode)), clinic)]
    if clinic.size == 0:
        return [""] * len(kode), np.full(len(kode), np.inf)
    best = np.argmin(minutes, axis=1)
    least = minutes[np.arange(len(kode)), best]
    names = study.units["name"].astype(str).to_numpy()[clinic[best]]
    return [str(name) if math.isfinite(least[row]) else "" for row, name in enumerate(names)], least


def access_figures(report: GapReport) -> dict[str, float | None]:
    """Sum up the journeys of all who are connected; where people are not known each village counts one.

    ``mean_min``, ``worst_min``, and ``worst_tenth_min``: the mean of the tenth with the longest journeys.
    """
    minutes = report.villages["travel_min"].to_numpy(np.float64)
    people = report.villages["population"]
    weight = people.fillna(0.0).to_numpy(np.float64) if people.notna().any() else np.ones(len(minutes))
    inside = np.isfinite(minutes) & (weight > 0)
    if not inside.any():
        return {"mean_min": None, "worst_min": None, "worst_tenth_min": None}
    minutes, weight = minutes[inside], weight[inside]
    return {
        "mean_min": float(minutes @ weight / weight.sum()),
        "worst_min": float(minutes.max()),
        "worst_tenth_min": worst_tenth(minutes, weight),
    }


def _notes(proposal: Proposal) -> tuple[Message, ...]:
    question, study, result = proposal.question, proposal.study, proposal.result
    notes = [Message.of("siting.note_referral")]
    people = study.villages["population"]
    if not people.notna().any():
        notes.append(Message.of("siting.note_villages_count"))
    elif people.isna().any():
        notes.append(Message.of("siting.note_population_part", villages=int(people.isna().sum())))
    if question.model == "lscp":
        notes.append(Message.of("siting.note_lscp"))
    if question.model in {"p-median", "p-center", "lexicographic"} and not question.connected_only:
        stands = study.villages.index.get_indexer(pd.Index(proposal.kode(result.sites)))
        linked = int(np.isinf(proposal.problem.existing_min[stands]).sum())
        if linked:
            notes.append(Message.of("siting.note_connect_first", sites=linked))
    if proposal.capacity is not None:
        key = "siting.note_capacity" if question.capacity is not None else "siting.note_capacity_share"
        notes.append(
            Message.of(key, capacity=round(proposal.capacity), each=round(proposal.capacity / AGENTS), agents=AGENTS)
        )
    notes += _spare(proposal)
    lost = proposal.sites.loc[np.isinf(proposal.sites["referral_min"]), "name"]
    if len(lost):
        notes.append(Message.of("siting.note_no_referral", names=", ".join(map(str, lost))))
    if question.alternatives > 1 and proposal.found.complete:
        notes.append(Message.of("siting.note_no_more_sets", sets=len(proposal.found.sets)))
    left = int((proposal.change.after.villages["state"] == STATES[2]).sum())
    if left:
        notes.append(Message.of("siting.note_still_cut_off", villages=left))
    return tuple(notes)


def _spare(proposal: Proposal) -> list[Message]:
    """Name the sites of a covering set without which as many people are covered: the number may be too large."""
    if proposal.question.model != "mclp":
        return []
    sites, cutoff_min = proposal.result.sites, proposal.question.cutoff_min
    weights = proposal.problem.weights

    def covered(chosen: tuple[int, ...]) -> float:
        return float(weights[within(proposal.problem.after_min(chosen), cutoff_min)].sum())

    kept = sites
    for site in sites:
        fewer = tuple(one for one in kept if one != site)
        if covered(fewer) >= covered(sites):
            kept = fewer
    names = ", ".join(proposal.problem.name(site) for site in sites if site not in kept)
    return [Message.of("siting.note_adds_nothing", names=names, fewer=len(kept))] if names else []
