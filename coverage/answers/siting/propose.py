"""Where new IBM units go in a region: a question answered, and its answer in names and people."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import pandas as pd

from coverage.answers.equity import worst_tenth
from coverage.answers.gaps import GapReport, gaps
from coverage.answers.siting.alternatives import Alternatives, best_sets
from coverage.answers.siting.goal import Goal
from coverage.answers.siting.hindrance import hindering
from coverage.answers.siting.model import Limits, SitingProblem, SitingResult
from coverage.answers.siting.models.all_models import model_named
from coverage.answers.siting.models.record import Model, Terms
from coverage.answers.siting.posing import candidates_of, capacity_of, problem_of, terms_of
from coverage.answers.siting.question import Question
from coverage.answers.study import Study
from coverage.answers.whatif import UnitChanges, WhatIf, between, changed_study
from coverage.ground.errors import InfeasibleError, InputError
from coverage.ground.geometry import FloatArray
from coverage.ground.texts import Message
from coverage.places.villages import find_village
from coverage.travel.reach import STATES, within

__all__ = ["CLINICS", "Proposal", "access_figures", "propose"]

CLINICS = ("klinik BNNP", "klinik BNNK", "rumah sakit")
"""Kinds of units an IBM refers to: itself it serves *risiko ringan* and *bina lanjut* only."""

_MOST_PAIRS = 30_000_000
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
    def model(self) -> Model:
        """The model that was asked."""
        return model_named(self.question.model)

    @property
    def terms(self) -> Terms:
        """What it was asked."""
        return terms_of(self.question, self.capacity)

    def reach(self, problem: SitingProblem, sites: Sequence[int]) -> Goal:
        """Measure the goal of the model that was asked, for any sites in any situation."""
        return self.model.reach(problem, sites, self.terms)

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
        changed = changed_study(self.study, UnitChanges(add=self.kode(sites)))
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
    candidates = candidates_of(study, question, lock)
    if candidates.empty:
        raise InputError(Message.of("siting.no_candidates"))
    if len(candidates) * len(study.villages) > _MOST_PAIRS:
        raise InputError(
            Message.of("siting.too_large", candidates=len(candidates), villages=len(study.villages), region=code)
        )
    problem = problem_of(study, question, candidates)
    limits = Limits(
        seconds=question.seconds,
        spacing_min=question.spacing_min,
        one_per_group=question.one_per_regency,
        locked=frozenset(candidates.get_indexer(pd.Index(lock)).tolist()) if lock else frozenset(),
        excluded=frozenset(np.flatnonzero(candidates.isin(exclude)).tolist()),
        budget=question.budget,
    )
    model = model_named(question.model)
    capacity = capacity_of(problem, question, limits) if "capacity" in model.needs else None
    ask = partial(model.best, problem, terms_of(question, capacity))
    try:
        found = best_sets(ask, limits, question.alternatives, told)
    except InfeasibleError as error:
        raise InfeasibleError(*error.messages, *hindering(error, ask, limits)) from error
    return Proposal(study, question, problem, candidates, found, capacity)


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
    question, study = proposal.question, proposal.study
    notes = [Message.of("siting.note_referral")]
    people = study.villages["population"]
    if not people.notna().any():
        notes.append(Message.of("siting.note_villages_count"))
    elif people.isna().any():
        notes.append(Message.of("siting.note_population_part", villages=int(people.isna().sum())))
    notes += proposal.model.notes(proposal.problem, proposal.result, proposal.terms)
    lost = proposal.sites.loc[np.isinf(proposal.sites["referral_min"]), "name"]
    if len(lost):
        notes.append(Message.of("siting.note_no_referral", names=", ".join(map(str, lost))))
    if question.alternatives > 1 and proposal.found.complete:
        notes.append(Message.of("siting.note_no_more_sets", sets=len(proposal.found.sets)))
    left = int((proposal.change.after.villages["state"] == STATES[2]).sum())
    if left:
        notes.append(Message.of("siting.note_still_cut_off", villages=left))
    return tuple(notes)
