"""What can be asked about new units in a region."""

import math
from dataclasses import dataclass

from coverage.answers.gaps import DEFAULT_CUTOFF_MIN, check_cutoff
from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.visits import CLASSES

__all__ = ["CANDIDATE_KINDS", "MODELS", "Question"]

MODELS = ("mclp", "p-median", "p-center", "lscp", "capacitated", "lexicographic")
CANDIDATE_KINDS = ("semua", "kelurahan", "desa")
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
        One of :data:`MODELS`.
    number
        New units; set covering finds the number itself.
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
    """

    model: str = MODELS[0]
    number: int = 5
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

    def check(self) -> None:
        """Check the numbers and names.

        Raises
        ------
        InputError
            If one is out of range or unknown.
        """
        check_cutoff(self.cutoff_min)
        if self.model not in MODELS:
            raise InputError(Message.of("siting.unknown_model", value=self.model, choices=", ".join(MODELS)))
        for value, least, most, flag in (
            (self.number, 1, _MAX_UNITS, "n"),
            (self.alternatives, 1, _MAX_ALTERNATIVES, "alternatives"),
            (self.seconds, 1, _MAX_SECONDS, "time-limit"),
            (self.spacing_min, 0, _MAX_SPACING_MIN, "min-spacing-min"),
        ):
            if not (math.isfinite(value) and least <= value <= most):
                raise InputError(Message.of("siting.out_of_range", flag=flag, value=value, low=least, high=most))
        if self.capacity is not None and not (math.isfinite(self.capacity) and self.capacity > 0):
            raise InputError(Message.of("siting.bad_capacity", value=self.capacity))
        for name in self.vulnerability:
            if name not in CLASSES:
                raise InputError(Message.of("siting.unknown_class", value=name, choices=", ".join(CLASSES)))
