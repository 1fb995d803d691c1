"""From a region and a request to a plan: rank, measure, choose and route, and say what was left out."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from coverage.answers.gaps import no_units
from coverage.answers.pokling import Ranking, base_place, default_base, rank, team_network
from coverage.answers.study import Study
from coverage.answers.tours.appointments import check_appointments
from coverage.answers.tours.calendar import closed
from coverage.answers.tours.clock import DAY_MIN
from coverage.answers.tours.improve import shortest_order
from coverage.answers.tours.left_out import causes
from coverage.answers.tours.plan import Plan, PlannedDay, Work, days_of
from coverage.answers.tours.problem import Appointment, Problem, Shift, Stop, collected, missing_musts, run
from coverage.answers.tours.progress import Cancel, never
from coverage.answers.tours.request import Fixed, Request, clock
from coverage.answers.tours.solve import Solved, solve
from coverage.ground import codes
from coverage.ground.errors import InputError
from coverage.ground.geometry import FloatArray, IntArray
from coverage.ground.texts import Message
from coverage.places.units import find_unit
from coverage.travel.od import ODMatrix, od_between, od_matrix

_EPS = 1e-9
_TENTHS = 10
_HOUR_MIN = 60


@dataclass(frozen=True)
class _Legs:
    """Whole minutes, kilometres and crossings between the base (0) and villages, ``inf`` = not connected."""

    minutes: FloatArray
    km: FloatArray
    ferries: IntArray


@dataclass(frozen=True)
class _Asked:
    """A request in its region, with the ways from the base to all its villages and back."""

    study: Study
    request: Request
    base: str
    ranking: Ranking
    kept: tuple[PlannedDay, ...]
    going: ODMatrix
    coming: ODMatrix

    @cached_property
    def out(self) -> FloatArray:
        """Whole minutes from the base to each village of the region."""
        return _whole(self.going.minutes[0])

    @cached_property
    def back(self) -> FloatArray:
        """Whole minutes from each village of the region to the base."""
        return _whole(self.coming.minutes[:, 0])

    @property
    def done(self) -> frozenset[str]:
        """Villages of days that stay as they are."""
        return frozenset(one.kode for day in self.kept for one in day.stops if one.counts)

    @property
    def need(self) -> pd.Series:
        """Minutes that each village needs alone: there, the visit, and back."""
        return pd.Series(self.out + self.request.visit_min + self.back, index=self.study.villages.index)

    @property
    def longest(self) -> float:
        """Minutes of work of the longest shift, also where its team is busy."""
        return max(shift.work_min for shift in self.request.shifts())


def plan_campaign(study: Study, request: Request, *, kept: Sequence[PlannedDay] = (), stop: Cancel = never) -> Plan:
    """Plan which villages teams visit, on which day and in which order.

    Parameters
    ----------
    study
        A region made ready.
    request
        What is asked for.
    kept
        Days that stay as they are: their teams are busy, their villages are visited.
    stop
        Told how far it is and the best so far; answers whether to stop with that.

    Raises
    ------
    InputError
        If the request cannot be fulfilled; it says what clashes and what would make it feasible.
    """
    asked = _asked(study, request, kept)
    problem = _ready(asked)
    check_appointments(problem, lambda kode: _named(study, kode))
    solved = solve(problem, seed=request.seed, iterations=request.iterations, stop=stop)
    if missing := missing_musts(problem, solved.orders):
        names = ", ".join(_named(study, problem.stops[row - 1].kode) for row in missing)
        stopped = solved.status == "cancelled"
        raise InputError(Message.of("tours.must_stopped" if stopped else "tours.must_no_room", names=names))
    work = Work(problem, solved.orders, asked.kept, asked.out, asked.back, solved.bound)
    return _plan(asked.ranking, request, work, solved)


def problem_of(study: Study, request: Request) -> Problem:
    """Give what a campaign has to decide on, without deciding it.

    Raises
    ------
    InputError
        As :func:`plan_campaign`.
    """
    return _ready(_asked(study, request, ()))


def _asked(study: Study, request: Request, kept: Sequence[PlannedDay]) -> _Asked:
    request.check()
    if study.units.empty:
        raise no_units(study)
    base = default_base(study) if request.base is None else find_unit(study.units, request.base)
    return _Asked(study, request, base, _ranked(study, request, base), tuple(kept), *_round_trips(study, base))


def _ready(asked: _Asked) -> Problem:
    _check_named(asked)
    shifts = asked.request.shifts(frozenset((day.date, day.team) for day in asked.kept))
    kodes = _candidates(asked, shifts)
    if not kodes and not asked.kept:
        raise _nobody(asked)
    return _problem(asked, kodes, shifts)


def _plan(ranking: Ranking, request: Request, work: Work, solved: Solved) -> Plan:
    problem = work.problem
    days = [day for shift, order in enumerate(work.orders) for day in days_of(problem, shift, order)]
    held = [one for day in work.kept for one in day.stops if one.counts]
    earned = sum(one.value for one in held)
    return Plan(
        ranking.study,
        request,
        ranking,
        ranking.base,
        tuple(sorted([*work.kept, *days], key=lambda day: (day.date, day.team))),
        causes(ranking, request, work),
        (solved.objective + earned) / _TENTHS,
        (solved.bound + earned) / _TENTHS,
        solved.status,
        work,
    )


def move_stop(plan: Plan, kode: str, day: dt.date, team: int) -> Plan:
    """Move a visit to another team day by hand, to the place there that adds the least driving.

    A planner may let a day grow too long: it then ends after the end of the shift, and :meth:`PlannedDay.late_min`
    tells by how much.

    Raises
    ------
    InputError
        If the village is not planned anew, the team day is not free to plan, or the day would break an appointment,
        hold too many visits or run past midnight.
    """
    problem, orders = plan.work.problem, plan.work.orders
    rows = [row for order in orders for row in order if problem.stops[row - 1].kode == kode]
    to = [n for n, shift in enumerate(problem.shifts) if day in shift.days and shift.team == team]
    if not rows:
        raise InputError(Message.of("tours.move_unknown", kode=kode))
    if not to:
        raise InputError(Message.of("tours.move_no_day", day=day, team=team))
    row, target = rows[0], to[0]
    rest = tuple(other for other in orders[target] if other != row)
    tried = [(*rest[:place], row, *rest[place:]) for place in range(len(rest) + 1)]
    gone = [run(problem, target, order) for order in tried]
    open_end = _open_end(problem, target)
    holds = [bool(run(open_end, target, order).fits) for order in tried]
    best = min(range(len(tried)), key=lambda n: (not gone[n].fits, not holds[n], float(gone[n].drive_min), n))
    if not holds[best]:
        raise InputError(
            Message.of(
                "tours.move_no_room",
                name=_named(plan.study, kode),
                day=day,
                team=team,
                back=clock(float(gone[best].back)),
                end=clock(problem.shifts[target].end_min),
            )
        )
    moved = [tuple(other for other in order if other != row) for order in orders]
    moved[target] = shortest_order(problem, target, tried[best])
    work = replace(plan.work, orders=tuple(moved))
    value = collected(problem, work.orders)
    return _plan(plan.ranking, plan.request, work, Solved(work.orders, value, work.bound, "edited"))


def _open_end(problem: Problem, shift: int) -> Problem:
    """Let one shift run until midnight of its last day."""
    long = replace(
        problem.shifts[shift], end_min=problem.shifts[shift].offset(problem.shifts[shift].days[-1]) + DAY_MIN
    )
    return replace(problem, shifts=(*problem.shifts[:shift], long, *problem.shifts[shift + 1 :]))


def _ranked(study: Study, request: Request, base: str) -> Ranking:
    """Rank all villages that a shift might reach; a visit recorded within the campaign has been held."""
    days = study.visits["date"].dt.date
    within = days[(days > request.first) & (days <= request.last)]
    as_of = max(request.first, *within) if len(within) else request.first
    longest = max((shift.work_min for shift in request.shifts()), default=float(request.day_min))
    reach = max(longest - request.visit_min, 1.0)
    return rank(study, base, as_of, rules=replace(request.rules, max_travel_min=reach))


def _whole(minutes: FloatArray) -> FloatArray:
    """Round minutes up, so that a plan never promises what the matrix does not hold."""
    return np.where(np.isfinite(minutes), np.ceil(minutes - _EPS), np.inf)


def _round_trips(study: Study, base: str) -> tuple[ODMatrix, ODMatrix]:
    """Measure the ways from the base to every village of the region, and back."""
    place, network, villages = base_place(study, base), team_network(study), study.villages.index
    return od_between(network, place, study.places(list(villages))), od_matrix(network, villages, place)


def _candidates(asked: _Asked, shifts: tuple[Shift, ...]) -> list[str]:
    """List the villages worth trying: ranked or asked for, not barred, and a shift long enough for them alone."""
    request = asked.request
    longest = max((shift.work_min for shift in shifts), default=0.0)
    named = {*request.must, *(one.kode for one in request.fixed)}
    usable = (set(asked.ranking.ranked.index) | named) - set(request.must_not) - asked.done
    return [str(kode) for kode, need in asked.need.items() if kode in usable and need <= longest]


def _measure(asked: _Asked, kodes: list[str]) -> _Legs:
    """Measure all ways between the base and villages."""
    size = len(kodes) + 1
    minutes, km, ferries = np.zeros((size, size)), np.zeros((size, size)), np.zeros((size, size), dtype=np.int64)
    if kodes:
        index = pd.Index(kodes)
        at = asked.study.villages.index.get_indexer(index)
        among = od_matrix(team_network(asked.study), index, asked.study.places(kodes))
        for whole, name in ((minutes, "minutes"), (km, "km"), (ferries, "ferry_legs")):
            whole[0, 1:] = getattr(asked.going, name)[0, at]
            whole[1:, 0] = getattr(asked.coming, name)[at, 0]
            whole[1:, 1:] = getattr(among, name)
    minutes = _whole(minutes)
    np.fill_diagonal(minutes, 0.0)
    return _Legs(minutes, km, ferries)


def _problem(asked: _Asked, kodes: list[str], shifts: tuple[Shift, ...]) -> Problem:
    request = asked.request
    legs = _measure(asked, kodes)
    score = asked.ranking.ranked["score"].reindex(kodes).fillna(0.0)
    value = np.maximum(np.rint(score * _TENTHS), 1).astype(np.int64)
    fixed = {one.kode: _appointment(one, request) for one in request.fixed}
    stops = tuple(
        Stop(
            kode,
            int(worth),
            request.visit_min,
            codes.ancestor(kode, "regency"),
            must=kode in fixed or kode in request.must,
            fixed=fixed.get(kode),
        )
        for kode, worth in zip(kodes, value, strict=True)
    )
    quota = dict(request.quota)
    for area in [codes.ancestor(kode, "regency") for kode in sorted(asked.done)]:
        if area in quota:
            quota[area] = max(0, quota[area] - 1)
    return Problem(stops, shifts, legs.minutes, legs.km, legs.ferries, request.visits_per_day, quota)


def _appointment(one: Fixed, request: Request) -> Appointment:
    if one.at_min is None:
        return Appointment(one.day, request.start_min, request.start_min + request.day_min - request.visit_min)
    return Appointment(one.day, one.at_min, one.at_min)


def _named(study: Study, kode: str) -> str:
    return f"{study.villages.at[kode, 'name']!s} ({kode})"


def _check_named(asked: _Asked) -> None:
    """Check that villages asked for can be reached at all, and that quotas are of the region."""
    study, request = asked.study, asked.request
    faults = []
    for kode in dict.fromkeys([*request.must, *(one.kode for one in request.fixed)]):
        need = float(asked.need[kode])
        if not np.isfinite(need):
            faults.append(Message.of("tours.must_not_connected", name=_named(study, kode)))
        elif need > asked.longest:
            said = {"name": _named(study, kode), "need_min": need, "limit_min": asked.longest}
            faults.append(Message.of("tours.must_too_far", **said))
    areas = {codes.ancestor(kode, "regency") for kode in study.villages.index}
    wrong = sorted(set(request.quota) - areas)
    if wrong:
        faults.append(Message.of("tours.quota_area", areas=", ".join(wrong), region=study.region.name))
    if faults:
        raise InputError(*faults)


def _nobody(asked: _Asked) -> InputError:
    """Say why there is no candidate at all, and what would make one."""
    name, base_kode = (str(asked.study.units.at[asked.base, column]) for column in ("name", "kode"))
    need = asked.need
    elsewhere = need[(need.index != base_kode) & np.isfinite(need)]
    if elsewhere.empty:
        return InputError(Message.of("tours.base_not_connected", base=name, kode=base_kode))
    resting = asked.ranking.left_out.index[asked.ranking.left_out["cause"] == "visited"]
    free = elsewhere[~elsewhere.index.isin([*resting, *asked.request.must_not])]
    if free.empty:
        return InputError(Message.of("tours.all_visited", rest=asked.request.rules.rest_days))
    return InputError(
        Message.of(
            "tours.nobody_in_a_day",
            base=name,
            name=_named(asked.study, str(free.idxmin())),
            need_min=float(free.min()),
            limit_min=asked.longest,
            hours=int(np.ceil(free.min() / _HOUR_MIN)),
        )
    )


def closed_days(request: Request) -> list[tuple[dt.date, Message]]:
    """List the days of a campaign on which nobody goes out, each with its reason."""
    days = [request.first + dt.timedelta(days=number) for number in range(request.days)]
    told = [(day, closed(day, saturday_open=request.saturday_open)) for day in days]
    return [(day, why) for day, why in told if why is not None]
