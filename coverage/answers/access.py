"""Spatial access by floating catchments: supply shared among the people who can reach it.

J. Radke and L. Mu (2000), Spatial decompositions, modeling and mapping service regions to predict access to social
programs, Geographic Information Sciences 6(2), 105-112, doi:10.1080/10824000009480538; W. Luo and Y. Qi (2009), An
enhanced two-step floating catchment area (E2SFCA) method for measuring spatial accessibility to primary care
physicians, Health & Place 15(4), 1100-1107, doi:10.1016/j.healthplace.2009.06.002.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from coverage.answers.equity import gini
from coverage.answers.gaps import no_units
from coverage.answers.study import Study
from coverage.ground.errors import InputError
from coverage.ground.geometry import FloatArray
from coverage.ground.texts import Message
from coverage.places.units import find_unit
from coverage.travel.reach import DEFAULT_CUTOFF_MIN, check_cutoff, classes

__all__ = ["E2SFCA_WEIGHTS", "METHODS", "AccessReport", "check_weights", "floating_catchment", "region_access", "steps"]

METHODS = ("2sfca", "e2sfca")

E2SFCA_WEIGHTS = (1.0, 0.68, 0.22)
"""Weights of Luo and Qi (2009) with slow decay, for three bands of travel time of equal width."""

PER_PEOPLE = 100_000


def check_weights(weights: Sequence[float]) -> tuple[float, ...]:
    """Check weights of bands: at least one, from 0 to 1, falling, the first above 0.

    Raises
    ------
    InputError
        If they are not.
    """
    sound = bool(weights) and all(math.isfinite(w) and 0 <= w <= 1 for w in weights) and weights[0] > 0
    if not sound or any(far > near for near, far in pairwise(weights)):
        raise InputError(Message.of("access.bad_weights", value=", ".join(f"{w:g}" for w in weights) or "-"))
    return tuple(float(w) for w in weights)


def steps(cutoff_min: float, weights: Sequence[float] = (1.0,)) -> Callable[[FloatArray], FloatArray]:
    """Weigh minutes by bands of equal width up to a cutoff; upper ends are inside, beyond the cutoff is 0.

    Parameters
    ----------
    cutoff_min
        Minutes.
    weights
        Of the bands from near to far; one alone is the plain 2SFCA.

    Examples
    --------
    >>> steps(60, E2SFCA_WEIGHTS)(np.array([0.0, 20.0, 20.1, 60.0, 61.0, np.inf])).tolist()
    [1.0, 1.0, 0.68, 0.22, 0.0, 0.0]
    """
    ends = cutoff_min * np.arange(1, len(weights) + 1) / len(weights)
    beyond, not_connected = 0.0, 0.0
    table = np.array([*weights, beyond, not_connected])

    def weigh(minutes: FloatArray) -> FloatArray:
        weighed: FloatArray = table[classes(minutes, ends)]
        return weighed

    return weigh


def floating_catchment(
    minutes: FloatArray, demand: FloatArray, supply: FloatArray, weigh: Callable[[FloatArray], FloatArray]
) -> tuple[FloatArray, FloatArray]:
    """Share the supply of units among those who can reach them.

    ``R_j = S_j / sum_i P_i f(d_ij)`` and ``A_i = sum_j R_j f(d_ij)``; so ``sum_i P_i A_i`` is the supply of all units
    that anybody can reach.

    Parameters
    ----------
    minutes
        Shape (demand, units), ``inf`` where not connected.
    demand
        People, not negative, shape (demand,).
    supply
        Of each unit, not negative, shape (units,).
    weigh
        Weight of a journey by its minutes, 0 where it is too long.

    Returns
    -------
    tuple of arrays
        Access per row, supply per person; and the ratio per unit, 0 where nobody reaches it.
    """
    weight = weigh(minutes)
    pull = demand @ weight
    ratio = np.divide(supply, pull, out=np.zeros(len(supply)), where=pull > 0)
    return weight @ ratio, ratio


@dataclass(frozen=True)
class AccessReport:
    """The answer of :func:`region_access`.

    ``villages``: those of the study with ``access``, supply per 100 000 people, 0 where no unit is within the cutoff.
    ``units``: ``name``, ``supply``, ``people_reached`` weighted by the bands, and ``ratio`` per 100 000 of these.
    """

    study: Study
    method: str
    cutoff_min: float
    weights: tuple[float, ...]
    villages: pd.DataFrame
    units: pd.DataFrame
    demand: FloatArray

    @property
    def mean(self) -> float:
        """Mean of people, supply per 100 000."""
        return float(self.demand @ self.villages["access"].to_numpy(np.float64) / self.demand.sum())

    @property
    def gini(self) -> float | None:
        """How unevenly people have access; None where nobody has any."""
        return gini(self.villages["access"].to_numpy(np.float64), self.demand)

    @property
    def by_regency(self) -> pd.DataFrame:
        """Mean by kab/kota: ``kode``, ``name``, ``villages``, ``population``, ``access``, ``without_access``."""
        table = self.villages.assign(
            weight=self.demand, given=self.demand * self.villages["access"], none=self.villages["access"] == 0
        )
        grouped = table.groupby(np.asarray(table.index.str[:5]))
        sums = pd.DataFrame(
            {
                "name": grouped["regency"].first(),
                "villages": grouped.size(),
                "population": grouped["population"].sum(min_count=1),
                "access": grouped["given"].sum() / grouped["weight"].sum().where(lambda people: people > 0),
                "without_access": grouped["none"].sum().astype("int64"),
            }
        )
        return sums.rename_axis("kode").reset_index()


def people_of(study: Study) -> FloatArray:
    """Give people per village, 0 where not known; 1 each where nowhere known, as every answer of a region counts."""
    people = study.villages["population"]
    known = bool((people.fillna(0.0) > 0).any())
    return people.fillna(0.0).to_numpy(np.float64) if known else np.ones(len(people))


def region_access(
    study: Study,
    method: str = METHODS[1],
    cutoff_min: float = DEFAULT_CUTOFF_MIN,
    *,
    weights: Sequence[float] = E2SFCA_WEIGHTS,
    supply: Mapping[str, float] | None = None,
) -> AccessReport:
    """Measure how much supply each village of a region can reach per person.

    Parameters
    ----------
    study
        A region made ready; people beyond its border ask for nothing.
    method
        ``2sfca`` (everybody within the cutoff counts the same) or ``e2sfca`` (by bands).
    cutoff_min
        Minutes, inclusive.
    weights
        Of the bands of e2sfca, from near to far.
    supply
        Per unit (id or name), such as clients a year or counsellors; 1 for every unit that is not named.

    Raises
    ------
    InputError
        If the method, the cutoff, a weight, a unit or a supply cannot be used, or there is no unit.
    """
    check_cutoff(cutoff_min)
    if method not in METHODS:
        raise InputError(Message.of("access.unknown_method", value=method, choices=", ".join(METHODS)))
    if study.units.empty:
        raise no_units(study)
    bands = check_weights(weights) if method == METHODS[1] else (1.0,)
    given = _supply(study, supply or {})
    demand = people_of(study)
    weigh = steps(cutoff_min, bands)
    access, ratio = floating_catchment(study.od.minutes, demand, given, weigh)
    units = pd.DataFrame(
        {
            "name": study.units["name"].astype(str),
            "supply": given,
            "people_reached": demand @ weigh(study.od.minutes),
            "ratio": ratio * PER_PEOPLE,
        },
        index=study.units.index,
    )
    villages = study.villages.assign(access=access * PER_PEOPLE)
    return AccessReport(study, method, cutoff_min, bands, villages, units, demand)


def _supply(study: Study, supply: Mapping[str, float]) -> FloatArray:
    given = pd.Series(1.0, index=study.units.index)
    for text, value in supply.items():
        if not (math.isfinite(value) and value >= 0):
            raise InputError(Message.of("access.bad_supply", unit=text, value=value))
        given[find_unit(study.units, text)] = value
    return np.asarray(given, dtype=np.float64)
