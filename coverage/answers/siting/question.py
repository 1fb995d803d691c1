"""What can be asked about new units in a region."""

import math
from dataclasses import dataclass

from coverage.answers.siting.models.all_models import MODELS, model_named
from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.schemas.vulnerability_columns import CLASSES
from coverage.travel.reach import DEFAULT_CUTOFF_MIN, check_cutoff

__all__ = ["AGENTS", "CANDIDATE_KINDS", "USUAL_NUMBER", "Question"]

AGENTS = 5
"""Agen pemulihan of an IBM unit."""
CANDIDATE_KINDS = ("semua", "kelurahan", "desa")
USUAL_NUMBER = 5
"""New units where neither a number nor a budget is given."""
_MAX_SECONDS = 3600.0
_MAX_SPACING_MIN = 24 * 60.0
_MAX_ALTERNATIVES = 50
_MAX_UNITS = 10_000


@dataclass(frozen=True)
class Question:
    """What is asked of a region.

    Parameters
    ----------
    model
        One of :data:`~coverage.answers.siting.models.all_models.MODELS`.
    number
        New units; with a budget at most so many, and None as many as it pays. Set covering finds the number itself.
    cutoff_min
        Minutes, inclusive.
    alternatives
        Best sets wanted, the first being the answer.
    candidates
        Kind of village that may get a unit.
    vulnerability
        Classes a candidate must be of; () for any.
    only, lock, exclude
        Villages (kode or name): the only candidates, those that must get a unit, those that must not.
    served_by
        Unit (id or name) in whose wilayah kerja candidates must lie; "" for any.
    one_per_regency
        Every kab/kota of the region without a unit gets one.
    spacing_min
        Least minutes between two new units, and between a new unit and one that stands.
    capacity
        People (with client origins: clients a year) a unit can serve; None: an equal share of who is not covered.
    connected_only
        Leave aside villages that no unit can be reached from today.
    seconds
        Time limit of each set.
    budget
        Rupiah that all new units may cost together; None: no limit.
    cost
        Rupiah a unit costs in a village that `costs` does not name; None: not known.
    costs
        Village (kode or name) and rupiah.
    """

    model: str = MODELS[0]
    number: int | None = None
    cutoff_min: float = DEFAULT_CUTOFF_MIN
    alternatives: int = 1
    candidates: str = CANDIDATE_KINDS[0]
    vulnerability: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    lock: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    served_by: str = ""
    one_per_regency: bool = False
    spacing_min: float = 0.0
    capacity: float | None = None
    connected_only: bool = False
    seconds: float = 60.0
    budget: float | None = None
    cost: float | None = None
    costs: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        if self.number is None and self.budget is None:
            object.__setattr__(self, "number", USUAL_NUMBER)

    @property
    def priced(self) -> bool:
        """Tell whether anything is said of costs."""
        return self.cost is not None or bool(self.costs)

    def check(self) -> None:
        """Check the numbers and names.

        Raises
        ------
        InputError
            If one is out of range or unknown.
        """
        check_cutoff(self.cutoff_min)
        model_named(self.model)
        for value, least, most, flag in (
            (1 if self.number is None else self.number, 1, _MAX_UNITS, "n"),
            (self.alternatives, 1, _MAX_ALTERNATIVES, "alternatives"),
            (self.seconds, 1, _MAX_SECONDS, "time-limit"),
            (self.spacing_min, 0, _MAX_SPACING_MIN, "min-spacing-min"),
        ):
            if not (math.isfinite(value) and least <= value <= most):
                raise InputError(Message.of("siting.out_of_range", flag=flag, value=value, low=least, high=most))
        if self.capacity is not None and not (math.isfinite(self.capacity) and self.capacity > 0):
            raise InputError(Message.of("siting.bad_capacity", value=self.capacity))
        self._check_costs()
        for name in self.vulnerability:
            if name not in CLASSES:
                raise InputError(Message.of("siting.unknown_class", value=name, choices=", ".join(CLASSES)))

    def _check_costs(self) -> None:
        for key, value in (("budget", self.budget), ("cost", self.cost)):
            if value is not None and not (math.isfinite(value) and value > 0):
                raise InputError(Message.of(f"siting.bad_{key}", value=value))
        for kode, value in self.costs:
            if not (math.isfinite(value) and value > 0):
                raise InputError(Message.of("siting.bad_cost_of", kode=kode, value=value))
        if self.budget is not None and not self.priced:
            raise InputError(Message.of("siting.budget_without_costs"))
