"""From a region and a question about it to a siting problem: who asks, where units may go, what they cost."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from coverage.answers.siting.model import Limits, SitingProblem
from coverage.answers.siting.models.all_models import model_named
from coverage.answers.siting.models.record import Terms
from coverage.answers.siting.question import CANDIDATE_KINDS, Question
from coverage.answers.siting.rules import site_rules
from coverage.answers.study import Study
from coverage.ground import codes
from coverage.ground.errors import InputError
from coverage.ground.geometry import FloatArray
from coverage.ground.texts import Message, listed
from coverage.places.units import find_unit
from coverage.places.villages import find_village
from coverage.travel.od import od_matrix
from coverage.travel.reach import within

__all__ = ["candidates_of", "capacity_of", "problem_of", "standing_min", "terms_of"]

_SHOWN = 8


def candidates_of(study: Study, question: Question, lock: Sequence[str]) -> pd.Index:
    """Give the villages (kode) that may get a unit: those the filters leave, and those that must get one."""
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
    return villages.index[may | villages.index.isin(list(lock))]


def problem_of(study: Study, question: Question, candidates: pd.Index) -> SitingProblem:
    """Give villages as demand, candidates and the units that stand as a siting problem.

    Raises
    ------
    InputError
        If there is nothing to choose from or nobody to count, or a candidate has no cost where one is needed.
    """
    villages = study.villages
    minutes = od_matrix(study.network, villages.index, study.places(list(candidates))).minutes
    existing, second = standing_min(study)
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
        second,
        demand_names=tuple(label),
        names=tuple(label.iloc[rows]),
        groups=np.searchsorted(order, regency[rows]).astype(np.int64),
        group_names=tuple(names[kode] for kode in order),
        served_groups=frozenset(order.index(kode) for kode in set(served) if kode in names),
        between_min=minutes[rows] if question.spacing_min > 0 else None,
        standing_min=existing[rows],
        costs=_costs(study, question, candidates, label),
    )


def standing_min(study: Study) -> tuple[FloatArray, FloatArray]:
    """Give per village the minutes to the nearest and to the second nearest unit that stands, ``inf`` without one."""
    minutes = study.od.minutes
    if minutes.shape[1] > 1:
        near = np.partition(minutes, 1, axis=1)
        return near[:, 0], near[:, 1]
    return study.od.nearest()[1], np.full(len(minutes), np.inf)


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
    if "capacity" in model_named(question.model).needs and clients.notna().any():
        return clients.fillna(0.0).to_numpy(np.float64)
    people = study.villages["population"]
    if people.notna().any():
        return people.fillna(0.0).to_numpy(np.float64)
    return np.ones(len(people))


def capacity_of(problem: SitingProblem, question: Question, limits: Limits) -> float:
    """Give what a unit can serve: as asked, else an equal share of the demand that no unit covers."""
    if question.capacity is not None:
        return question.capacity
    waiting = float(problem.weights[~within(problem.existing_min, question.cutoff_min)].sum())
    units = site_rules(problem, question.number, limits).number or 1
    return max(waiting / units, 1e-9)


def terms_of(question: Question, capacity: float | None) -> Terms:
    """Give what a model is asked; `capacity` as of :func:`capacity_of`, None where the model needs none."""
    return Terms(
        number=question.number,
        cutoff_min=question.cutoff_min,
        capacity=capacity or 0.0,
        capacity_given=question.capacity is not None,
        connected_only=question.connected_only,
    )
