"""Everything that decides an answer about a region, in one frozen value."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from coverage.answers.access import E2SFCA_WEIGHTS, check_weights
from coverage.answers.siting.question import Question
from coverage.answers.study import Study
from coverage.answers.whatif import UnitChanges
from coverage.ground.errors import InputError, PlannerError
from coverage.ground.free_text import hidden_sign
from coverage.ground.texts import Message
from coverage.places.villages import find_region, find_village
from coverage.travel.network.ferry_choices import USUAL, TravelChoices
from coverage.travel.network.speed_choices import changed_speeds, checked_speeds
from coverage.travel.reach import DEFAULT_CUTOFF_MIN, check_cutoff

__all__ = ["Scenario", "checked", "of_study"]

_LONGEST_NAME = 80
_T = TypeVar("_T")


@dataclass(frozen=True)
class Scenario:
    """A region, how one travels in it, which units stand there, and what is asked.

    Nothing is drawn by chance (the solver's seed is a constant), so these decide the answer together with the data.

    Attributes
    ----------
    name
        At most 80 characters.
    region
        Kode.
    cutoff_min
        Minutes, inclusive.
    note
        What somebody wants to remember of it.
    weights
        Of the bands of travel time by which E2SFCA access is weighed, from near to far.
    travel
        Season, ferries that do not run, wait, day, vehicles.
    speeds
        Keys and values that differ from the shipped speeds, sorted; they take the place of the workspace's own.
    add, close
        Villages that get an IBM unit, units that close.
    move
        Unit and village, sorted by unit.
    siting
        Further units that are asked for on top of these; its cutoff is the scenario's. None asks for none.
    """

    name: str
    region: str
    cutoff_min: float = DEFAULT_CUTOFF_MIN
    note: str = ""
    weights: tuple[float, ...] = E2SFCA_WEIGHTS
    travel: TravelChoices = USUAL
    speeds: tuple[tuple[str, float], ...] = ()
    add: tuple[str, ...] = ()
    close: tuple[str, ...] = ()
    move: tuple[tuple[str, str], ...] = ()
    siting: Question | None = None

    @property
    def unit_changes(self) -> UnitChanges:
        """Units added, closed and moved."""
        return UnitChanges(self.add, self.close, dict(self.move))


def of_study(study: Study, name: str, cutoff_min: float, *, add: Sequence[str] = (), note: str = "") -> Scenario:
    """Write down a region as a study sees it, with new units in villages."""
    return checked(
        Scenario(
            name=name,
            region=study.region.code,
            cutoff_min=cutoff_min,
            note=note,
            travel=study.choices,
            speeds=tuple(changed_speeds(study.speeds).items()),
            add=tuple(add),
        )
    )


def checked(given: Scenario) -> Scenario:
    """Check a scenario and write it in one way: kode in place of names, everything without an order sorted.

    Units and ferries are looked up when it is run, because the workspace knows them.

    Raises
    ------
    InputError
        With every fault: key, value, remedy.
    """
    faults: list[Message] = []
    region = _tried(faults, "region", lambda: find_region(given.region).code)
    if not given.name.strip() or len(given.name) > _LONGEST_NAME or not given.name.isprintable():
        faults.append(Message.of("scenario.bad_name", value=given.name[:_LONGEST_NAME], most=_LONGEST_NAME))
    if sign := hidden_sign(given.note):
        faults.append(Message.of("scenario.hidden_sign", key="note", sign=sign))
    _tried(faults, "cutoff_min", lambda: check_cutoff(given.cutoff_min))
    weights = _tried(faults, "weights", lambda: check_weights(given.weights))
    speeds = _tried(faults, "speeds", lambda: checked_speeds(dict(given.speeds)))

    def village(key: str, text: str) -> str | None:
        return _tried(faults, key, lambda: find_village(text, str(region))) if region is not None else None

    add = [village("units.add", text) for text in given.add]
    move = [(unit.strip(), village("units.move", to)) for unit, to in given.move]
    siting = given.siting
    if siting is not None:
        # Its cutoff is the scenario's, whose fault is told once.
        _tried(faults, "siting", replace(siting, cutoff_min=DEFAULT_CUTOFF_MIN).check)
        asked = replace(siting, cutoff_min=given.cutoff_min)

        def several(key: str, given: Sequence[str]) -> tuple[str, ...]:
            return tuple(_known([village(f"siting.{key}", text) for text in given]))

        siting = replace(
            asked,
            only=several("only", asked.only),
            lock=several("lock", asked.lock),
            exclude=several("exclude", asked.exclude),
            costs=_costs([(village("siting.costs", text), rupiah) for text, rupiah in asked.costs], faults),
        )
    if faults:
        raise InputError(*faults)
    return replace(
        given,
        name=given.name.strip(),
        region=str(region),
        weights=weights or E2SFCA_WEIGHTS,
        travel=replace(given.travel, without=tuple(sorted(set(given.travel.without)))),
        speeds=tuple(sorted((speeds or {}).items())),
        add=tuple(_known(add)),
        close=tuple(sorted({text.strip() for text in given.close})),
        move=tuple(sorted((unit, str(to)) for unit, to in move)),
        siting=siting,
    )


def _costs(given: Sequence[tuple[str | None, float]], faults: list[Message]) -> tuple[tuple[str, float], ...]:
    """Sort costs by kode; a village that is priced twice, once by its name, is a fault."""
    costs: dict[str, float] = {}
    for kode, rupiah in given:
        if kode is not None and costs.setdefault(kode, rupiah) != rupiah:
            faults.append(Message.of("scenario.cost_twice", kode=kode))
    return tuple(sorted(costs.items()))


def _known(found: Sequence[str | None]) -> list[str]:
    return sorted({kode for kode in found if kode is not None})


def _tried(faults: list[Message], key: str, ask: Callable[[], _T]) -> _T | None:
    """Ask, and gather what is wrong under the key that it is said of."""
    try:
        return ask()
    except PlannerError as error:
        faults += [Message.of("scenario.bad_value", key=key, fault=fault) for fault in error.messages]
        return None
