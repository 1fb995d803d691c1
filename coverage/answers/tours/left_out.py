"""Why a village is not in the plan: the first cause that holds, with the numbers of the matrix.

========================  ==================================================================================
``base``                  the base stands there
``must_not``              the planner barred it
``not_connected``         no way leads there from the base and back with a vehicle
``too_far``               there, the visit and back (``need_min``) take longer than the longest shift (``limit_min``)
``visited``               visited less than the rest ago
``quota``                 its kab/kota has used up its quota
``outbid``                it fits only where ``displaced`` would go, which together are worth no less
``unfinished``            it would be worth it, but the calculation was stopped, or days were changed by hand
``no_room``               no shift can take it, even without the visits that may go: windows, breaks, nights, kept stops
========================  ==================================================================================
"""

from collections import Counter
from typing import Any

import numpy as np
import pandas as pd

from coverage.answers.pokling import Ranking
from coverage.answers.tours.improve import Step, openings
from coverage.answers.tours.plan import Plan, PlannedDay, PlannedStop, Work
from coverage.answers.tours.problem import Orders, Problem
from coverage.answers.tours.request import Request
from coverage.ground.texts import Message
from coverage.places.villages import find_village, load_villages

COLUMNS = (
    "name",
    "cause",
    "out_min",
    "back_min",
    "need_min",
    "limit_min",
    "last_visit",
    "date_precision",
    "priority",
    "displaced",
    "displaced_priority",
    "on_day",
    "on_team",
    "quota",
)


def outbid(problem: Problem, orders: Orders) -> dict[int, Step]:
    """Find, per stop that is not in, the least priority that would have to go for it; without it: no room at all."""
    held = {row for order in orders for row in order}
    rows = np.array([row for row in range(1, len(problem.stops) + 1) if row not in held], dtype=np.int64)
    best_lost = np.full(len(rows), np.iinfo(np.int64).max)
    best_added = np.full(len(rows), np.inf)
    found: dict[int, Step] = {}
    if len(rows) == 0:
        return found
    for shift in range(len(orders)):
        for step, added in openings(problem, orders, rows, shift):
            better = np.isfinite(added) & (
                (step.lost < best_lost) | ((step.lost == best_lost) & (added < best_added - 1e-9))
            )
            best_lost[better], best_added[better] = step.lost, added[better]
            for at in np.flatnonzero(better):
                found[int(rows[at])] = Step(shift, step.out, step.place, int(rows[at]), step.lost)
    return found


def causes(ranking: Ranking, request: Request, work: Work) -> pd.DataFrame:
    """Tell for every village of the region that is not in the plan why it is not.

    Parameters
    ----------
    ranking
        Of all villages from the base.
    request
        Which villages the planner took out, and how long a visit takes.
    work
        What was solved, and how; its kept days are visited, its ways there and back are ``inf`` where not connected.

    Returns
    -------
    DataFrame
        Index ``kode``; :data:`COLUMNS`, of which those that do not belong to the cause are empty.
    """
    problem, orders = work.problem, work.orders
    villages = ranking.study.villages
    longest = max((shift.work_min for shift in problem.shifts), default=0.0)
    row_of = {stop.kode: row for row, stop in enumerate(problem.stops, start=1)}
    held = {one.kode for day in work.kept for one in day.stops if one.counts}
    held |= {problem.stops[row - 1].kode for order in orders for row in order}
    full = _full(problem, orders)
    steps = outbid(problem, orders)
    base_kode = str(ranking.study.units.at[ranking.base, "kode"])
    resting = ranking.left_out[ranking.left_out["cause"] == "visited"]
    rows: list[dict[str, Any]] = []
    for number, (kode, name) in enumerate(villages["name"].items()):
        if kode in held:
            continue
        row: dict[str, Any] = dict.fromkeys(COLUMNS)
        out, back = float(work.out[number]), float(work.back[number])
        row |= {"name": name, "out_min": out, "back_min": back, "displaced": ()}
        need = out + request.visit_min + back
        if kode == base_kode and kode not in row_of:
            row["cause"] = "base"
        elif kode in request.must_not:
            row["cause"] = "must_not"
        elif not np.isfinite(need):
            row["cause"] = "not_connected"
        elif need > longest:
            row |= {"cause": "too_far", "need_min": need, "limit_min": longest}
        elif kode in resting.index and kode not in row_of:
            row |= {
                "cause": "visited",
                "last_visit": resting["last_visit"][str(kode)],
                "date_precision": resting["date_precision"][str(kode)],
            }
        else:
            row |= _beaten(problem, full, steps, row_of[str(kode)])
        rows.append({"kode": kode, **row})
    table = pd.DataFrame(rows, columns=["kode", *COLUMNS]).set_index("kode")
    return table.astype({"out_min": "float64", "back_min": "float64", "need_min": "float64", "limit_min": "float64"})


def _full(problem: Problem, orders: Orders) -> dict[str, tuple[int, ...]]:
    """Give the rows held per area that has used up its quota."""
    held = Counter(problem.stops[row - 1].area for order in orders for row in order)
    return {
        area: tuple(row for order in orders for row in order if problem.stops[row - 1].area == area)
        for area, most in problem.quota.items()
        if held[area] >= most
    }


def _beaten(problem: Problem, full: dict[str, tuple[int, ...]], steps: dict[int, Step], row: int) -> dict[str, Any]:
    stop = problem.stops[row - 1]
    told: dict[str, Any] = {"priority": stop.value / 10}
    if stop.area in full:
        names = tuple(problem.stops[other - 1].kode for other in full[stop.area])
        return told | {"cause": "quota", "quota": problem.quota[stop.area], "displaced": names}
    step = steps.get(row)
    if step is None:
        return told | {"cause": "no_room"}
    if step.lost < stop.value:
        return told | {"cause": "unfinished"}
    shift = problem.shifts[step.shift]
    return told | {
        "cause": "outbid",
        "displaced": tuple(problem.stops[other - 1].kode for other in step.out),
        "displaced_priority": step.lost / 10,
        "on_day": shift.days[0],
        "on_team": shift.team,
    }


def why(plan: Plan, text: str) -> tuple[Message, ...]:
    """Say when a village (kode or name) is visited and why, or why it is left out.

    Raises
    ------
    InputError
        If the village is unknown, ambiguous or outside the region.
    """
    kode = find_village(text, plan.study.region.code)
    name = f"{plan.name(kode)} ({kode})"
    for day, stop in plan.stops:
        if stop.kode == kode:
            head = Message.of(
                "tours.in_plan",
                name=name,
                day=day.date,
                team=day.team,
                priority=stop.value / 10,
                minutes=_leg_min(plan, day, stop),
            )
            return (head, *(plan.ranking.reasons(kode) if kode in plan.ranking.ranked.index else ()))
    return (reason(plan, kode),)


def _leg_min(plan: Plan, day: PlannedDay, stop: PlannedStop) -> int:
    """Give the minutes of the leg that leads to a visit, also where it was driven before the night."""
    if stop.kode != day.starts_at:
        return stop.drive_min
    before = [one.back_drive_min for one in plan.days if one.team == day.team and one.date < day.date]
    return next((minutes for minutes in reversed(before) if minutes), stop.drive_min)


def reason(plan: Plan, kode: str) -> Message:
    """Say why a village that is not in the plan is left out."""
    name = f"{plan.name(kode)} ({kode})"
    row: Any = plan.left_out.loc[kode]
    base = plan.name("")
    cause = row["cause"]
    if cause in {"base", "must_not", "not_connected"}:
        return Message.of(f"tours.out_{cause}", name=name, base=base)
    if cause == "too_far":
        return Message.of(
            "tours.out_too_far",
            name=name,
            base=base,
            out_min=row["out_min"],
            visit_min=float(plan.request.visit_min),
            back_min=row["back_min"],
            need_min=row["need_min"],
            limit_min=row["limit_min"],
        )
    if cause == "visited":
        return plan.ranking.why(kode)[0]
    if cause == "quota":
        area = str(load_villages().at[kode, "regency"])
        return Message.of(
            "tours.out_quota",
            name=name,
            area=area,
            quota=int(row["quota"]),
            others=_names(plan, row["displaced"]),
            priority=row["priority"],
        )
    if cause == "outbid":
        return Message.of(
            "tours.out_outbid",
            name=name,
            priority=row["priority"],
            day=row["on_day"],
            team=int(row["on_team"]),
            others=_names(plan, row["displaced"]),
            lost=row["displaced_priority"],
        )
    return Message.of(f"tours.out_{cause}", name=name, priority=row["priority"])


def _names(plan: Plan, kode: tuple[str, ...]) -> str:
    return ", ".join(f"{plan.name(one)} ({one})" for one in kode) or "-"
