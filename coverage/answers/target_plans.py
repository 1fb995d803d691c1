"""What a plan and a scenario would add to what was achieved, each with the assumption it stands on.

A visit brings nothing by itself: how many screenings it counts for is what the planner says, never a default. Visits
on or before the day of the question may be in the reported figures already and are left out.
"""

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coverage.answers.scenarios.run import ScenarioAnswer, run_scenario
from coverage.answers.scenarios.scenario import Scenario
from coverage.answers.siting.question import AGENTS
from coverage.answers.target_progress import Progress
from coverage.ground import codes
from coverage.ground.errors import InputError
from coverage.ground.quantities import percent_reached
from coverage.ground.texts import Message
from coverage.places.indicators import AGEN_PEMULIHAN, IBM, indicator_of, is_counted
from coverage.places.periods import read_period
from coverage.places.villages import mask_in_region
from coverage.places.workspace import Location

__all__ = ["NOTHING", "Intended", "additions", "intended", "new_units", "units_of", "visits_within"]

_COLUMNS = ("period", "indicator", "unit", "basis", "count", "each", "adds", "achieved", "target", "percent_with")


@dataclass(frozen=True)
class Intended:
    """What is planned in a region: days of visits still to be held, and villages that get a new IBM unit."""

    visits: tuple[dt.date, ...] = ()
    new_units: tuple[str, ...] = ()


NOTHING = Intended()


def intended(
    found: Progress, *, visits: Iterable[tuple[str, dt.date]] = (), units: Iterable[str] = (), plan_region: str = ""
) -> Intended:
    """Take what lies in the region of an answer, and what is still ahead of its day.

    Parameters
    ----------
    visits
        Village and day of each.
    units
        Villages that get an IBM unit.
    plan_region
        What the plan or scenario is about, "" where that is not known.

    Raises
    ------
    InputError
        If it is about another part of the country.
    """
    ours = found.region.code
    if plan_region and not (codes.contains(ours, plan_region) or codes.contains(plan_region, ours)):
        raise InputError(Message.of("targets.other_region", theirs=plan_region, ours=ours))
    ahead = [(kode, day) for kode, day in visits if day > found.as_of]
    sites = list(units)
    near = _inside([kode for kode, _ in ahead], ours)
    return Intended(
        tuple(sorted(day for (_, day), inside in zip(ahead, near, strict=True) if inside)),
        tuple(kode for kode, inside in zip(sites, _inside(sites, ours), strict=True) if inside),
    )


def _inside(kode: list[str], region: str) -> np.ndarray:
    return mask_in_region(pd.Index(kode, dtype="str"), region)


def new_units(scenario: Scenario, *, workspace: Location | None = None) -> tuple[str, ...]:
    """Name the villages that get an IBM unit in a scenario, those its siting finds among them.

    Raises
    ------
    InputError, InfeasibleError
        As :func:`coverage.answers.scenarios.run.run_scenario`, where the scenario asks for further units.
    """
    return scenario.add if scenario.siting is None else units_of(run_scenario(scenario, workspace=workspace))


def units_of(answer: ScenarioAnswer) -> tuple[str, ...]:
    """Name the villages that get an IBM unit in a scenario that was answered."""
    proposal = answer.proposal
    found = () if proposal is None else proposal.kode(proposal.result.sites)
    return (*answer.scenario.add, *found)


def visits_within(planned: Intended, period: str) -> int:
    """Count the planned visits within a period; 0 where its days are not known."""
    known = read_period(period)
    return 0 if known is None else sum(known.first <= day <= known.last for day in planned.visits)


def additions(found: Progress, planned: Intended, per_visit: Mapping[str, float] | None = None) -> pd.DataFrame:
    """Tell what is planned would add to the region's figures.

    Parameters
    ----------
    per_visit
        How much of an indicator each visit counts for, as the planner says.

    Returns
    -------
    DataFrame
        ``period`` ("" where no period of the region is running that the addition falls in), ``indicator``, ``unit``,
        ``basis`` (``visits`` or ``units``) with ``count`` of them and ``each`` (what one counts for), ``adds``;
        ``achieved`` and ``target`` of the region, ``percent_with`` (cut) of both together; NaN not known.

    Raises
    ------
    InputError
        If an indicator of `per_visit` is no count, or what a visit counts for is not above 0.
    """
    periods = [period for period in dict.fromkeys(found.rows["period"]) if read_period(period) is not None]
    rows = []
    for name, each in (per_visit or {}).items():
        indicator = indicator_of(name)
        if not is_counted(indicator.name, indicator.unit) or not 0 < each < math.inf:
            raise InputError(Message.of("targets.bad_per_visit", value=f"{name}={each:g}"))
        within = [(period, count) for period in periods if (count := visits_within(planned, period))]
        for period, count in within or [("", len(planned.visits))] * bool(planned.visits):
            rows.append(_row(found, period, indicator.name, "visits", count, each))
    if planned.new_units:
        running = [period for period in periods if _runs(period, found.as_of)]
        for name, each in ((IBM, 1), (AGEN_PEMULIHAN, AGENTS)):
            rows += [_row(found, period, name, "units", len(planned.new_units), each) for period in running or [""]]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _runs(period: str, as_of: dt.date) -> bool:
    known = read_period(period)
    return known is not None and known.first <= as_of < known.last


def _row(found: Progress, period: str, name: str, basis: str, count: int, each: float) -> tuple[object, ...]:
    own = found.rows[found.rows["scope"] != "inside"]
    held = own[(own["period"] == period) & (own["indicator"] == name)]
    one = len(held) == 1
    achieved, target = (float(held[key].iloc[0]) if one else math.nan for key in ("achieved", "target"))
    unit = str(held["unit"].iloc[0]) if one else indicator_of(name).unit
    adds = count * each
    return period, name, unit, basis, count, each, adds, achieved, target, percent_reached(achieved + adds, target)
