"""A plan that goes on: what happened is recorded, the rest is planned again, and the change is told as a list."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from coverage.answers.study import Study
from coverage.answers.tours.campaign import plan_campaign
from coverage.answers.tours.plan import Plan, PlannedDay, PlannedStop
from coverage.answers.tours.progress import Cancel, never
from coverage.answers.tours.request import Fixed, Request, clock
from coverage.ground.errors import InputError
from coverage.ground.texts import Message


@dataclass(frozen=True)
class Event:
    """What happened to a village of the plan; a moved visit has its new `day`."""

    kind: Literal["held", "cancelled", "moved"]
    kode: str
    day: dt.date | None = None


@dataclass(frozen=True)
class Earlier:
    """A plan made before: what was asked, and its days."""

    request: Request
    days: tuple[PlannedDay, ...]

    def day_of(self, kode: str) -> dt.date:
        """Give the day a village was planned for.

        Raises
        ------
        InputError
            If it is not in the plan.
        """
        for day in self.days:
            if any(stop.kode == kode for stop in day.stops):
                return day.date
        raise InputError(Message.of("tours.not_in_plan", kode=kode))


def go_on(
    study: Study,
    earlier: Earlier,
    today: dt.date,
    events: Sequence[Event] = (),
    *,
    keep: Sequence[dt.date] = (),
    stop: Cancel = never,
) -> tuple[Plan, tuple[Message, ...]]:
    """Plan again from today.

    Days before today, days with a visit already held, and the days in `keep` stay as they are. A cancelled village is
    not planned again in this campaign; a moved one gets its new day; all other days are planned anew.

    Returns
    -------
    tuple[Plan, tuple[Message, ...]]
        The new plan, and what changed, village by village.

    Raises
    ------
    InputError
        If an event names a village that is not in the plan, or the rest cannot be planned.
    """
    for event in events:
        earlier.day_of(event.kode)
    state = {event.kode: event.kind for event in events}
    kept = tuple(
        _marked(day, state)
        for day in earlier.days
        if day.date < today or day.date in keep or any(state.get(one.kode) == "held" for one in day.stops)
    )
    busy = {(day.date, day.team) for day in kept}
    asked = earlier.request
    first = max(today, asked.first)
    done = {one.kode for day in kept for one in day.stops if one.counts}
    moved = tuple(Fixed(event.kode, event.day) for event in events if event.kind == "moved" and event.day is not None)
    again = {one.kode for one in moved}
    rest = replace(
        asked,
        first=first,
        days=max(1, (asked.last - first).days + 1),
        known_on=today,
        must=tuple(kode for kode in asked.must if kode not in done and state.get(kode) != "cancelled"),
        must_not=tuple(sorted({*asked.must_not, *(k for k, kind in state.items() if kind == "cancelled")})),
        fixed=(
            *(one for one in asked.fixed if one.kode not in done | again and state.get(one.kode) != "cancelled"),
            *moved,
        ),
    )
    plan = plan_campaign(study, rest, kept=kept, stop=stop)
    if all((day.date, day.team) in busy for day in plan.days) and first > asked.last:
        raise InputError(Message.of("tours.campaign_over", last=asked.last))
    return plan, changes(earlier.days, plan)


def _marked(day: PlannedDay, state: dict[str, Literal["held", "cancelled", "moved"]]) -> PlannedDay:
    stops = tuple(replace(one, state=state.get(one.kode, one.state)) for one in day.stops)
    return replace(day, stops=stops, kept=True)


def changes(before: Sequence[PlannedDay], plan: Plan) -> tuple[Message, ...]:
    """Tell what changed for each village, in the order of the new plan; then who dropped out."""
    old = _visits(before)
    new = _visits(plan.days)
    told = []
    for kode, (day, one) in new.items():
        name = f"{plan.name(kode)} ({kode})"
        if kode not in old:
            told.append(Message.of("tours.change_added", name=name, day=day.date, at=clock(one.begin_min)))
            continue
        was_day, was = old[kode]
        if (was_day.date, was_day.team) != (day.date, day.team):
            told.append(
                Message.of(
                    "tours.change_moved",
                    name=name,
                    was=was_day.date,
                    was_team=was_day.team,
                    day=day.date,
                    team=day.team,
                    at=clock(one.begin_min),
                )
            )
        elif was.begin_min != one.begin_min:
            told.append(
                Message.of(
                    "tours.change_time", name=name, day=day.date, was=clock(was.begin_min), at=clock(one.begin_min)
                )
            )
    for kode, (day, _) in old.items():
        if kode not in new:
            told.append(Message.of("tours.change_dropped", name=f"{plan.name(kode)} ({kode})", day=day.date))
    return tuple(told)


def _visits(days: Sequence[PlannedDay]) -> dict[str, tuple[PlannedDay, PlannedStop]]:
    return {one.kode: (day, one) for day in days for one in day.stops if one.counts}
