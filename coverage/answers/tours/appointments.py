"""Appointments that cannot all be kept: which clash, on which day, and what would make room for them."""

import datetime as dt
import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace

from coverage.answers.tours.problem import Appointment, Problem, run
from coverage.answers.tours.request import clock
from coverage.ground.errors import InputError
from coverage.ground.texts import Message

_ORDERED = 6


def check_appointments(problem: Problem, name: Callable[[str], str]) -> None:
    """Check that every appointment can be kept alone, and those of one day by the teams there are.

    Parameters
    ----------
    problem
        The campaign.
    name
        Names a village by its kode.

    Raises
    ------
    InputError
        It names the appointments that clash, their day, how many teams they need, and a time that would do.
    """
    days: dict[dt.date, list[int]] = {}
    for row, stop in enumerate(problem.stops, start=1):
        if stop.fixed is None:
            continue
        if not any(run(problem, shift, [row]).fits for shift in range(len(problem.shifts))):
            raise _cannot_keep(problem, row, stop.fixed, name)
        days.setdefault(stop.fixed.day, []).append(row)
    for day, rows in sorted(days.items()):
        shifts = [number for number, shift in enumerate(problem.shifts) if day in shift.days]
        for count in range(2, len(rows) + 1):
            if not _kept(problem, shifts, rows[:count]):
                raise _clash(problem, shifts, rows[:count], name)


def _kept(problem: Problem, shifts: Sequence[int], rows: Sequence[int]) -> bool:
    """Tell whether the shifts can keep all appointments: each one tried in each shift, empty ones as if alike."""

    def placed(left: Sequence[int], held: tuple[tuple[int, ...], ...]) -> bool:
        if not left:
            return True
        tried = [number for number, order in enumerate(held) if order or number == held.index(())]
        return any(
            _fits(problem, shifts[number], (*held[number], left[0]))
            and placed(left[1:], (*held[:number], (*held[number], left[0]), *held[number + 1 :]))
            for number in tried
        )

    return placed(rows, ((),) * len(shifts))


def _fits(problem: Problem, shift: int, rows: tuple[int, ...]) -> bool:
    """Tell whether a team can keep all of these, in whichever order; of very many only by the time they begin."""
    by_time = sorted(rows, key=lambda row: _of(problem, row).earliest_min)
    orders = itertools.permutations(by_time) if len(rows) <= _ORDERED else [tuple(by_time)]
    return any(run(problem, shift, order).fits for order in orders)


def _clash(problem: Problem, shifts: Sequence[int], rows: Sequence[int], name: Callable[[str], str]) -> InputError:
    """Name the fewest appointments that clash, and the last two of them that no team can keep both."""
    group = list(rows)
    for row in rows:
        fewer = [other for other in group if other != row]
        if not _kept(problem, shifts, fewer):
            group = fewer
    group.sort(key=lambda row: _of(problem, row).earliest_min)
    pairs = [pair for pair in itertools.combinations(group, 2) if not _kept(problem, shifts[:1], pair)]
    first, second = pairs[-1] if pairs else (group[-2], group[-1])
    said = [
        Message.of("tours.fixed_one", name=_named(problem, row, name), at=clock(_of(problem, row).earliest_min))
        for row in group
    ]
    return InputError(
        Message.of(
            "tours.fixed_clash",
            day=_of(problem, first).day,
            teams=len(shifts),
            first=said[group.index(first)],
            second=said[group.index(second)],
            minutes_min=float(problem.minutes[first, second]),
            visit_min=float(problem.service[first]),
        ),
        *(Message.of("tours.fixed_clash_also", also=one) for one in _others(said, group, (first, second))),
        _remedy(problem, shifts, group, (first, second), name),
    )


def _others(said: Sequence[Message], group: Sequence[int], pair: tuple[int, int]) -> list[Message]:
    return [one for one, row in zip(said, group, strict=True) if row not in pair]


def _remedy(
    problem: Problem, shifts: Sequence[int], group: Sequence[int], pair: tuple[int, int], name: Callable[[str], str]
) -> Message:
    """Say how many teams would do, and, where the day is long enough, at what time the later one can be kept."""
    more = range(len(shifts) + 1, len(group))
    needed = next((n for n in more if _kept(problem, [shifts[0]] * n, group)), len(group))
    second = pair[1]
    shift = problem.shifts[shifts[0]]
    day = _of(problem, second).day
    whole = _moved(problem, second, Appointment(day, 0, shift.end_min))
    begun = float(run(whole, shifts[0], pair).begin[1])
    soonest = int(min(begun, shift.end_min)) - shift.offset(day)
    later = _moved(problem, second, Appointment(day, soonest, soonest))
    if soonest > _of(problem, second).earliest_min and _kept(later, shifts, group):
        return Message.of(
            "tours.fixed_remedy_later", teams=needed, name=_named(problem, second, name), at=clock(soonest)
        )
    return Message.of("tours.fixed_remedy", teams=needed)


def _moved(problem: Problem, row: int, appointment: Appointment) -> Problem:
    stops = list(problem.stops)
    stops[row - 1] = replace(stops[row - 1], fixed=appointment)
    return replace(problem, stops=tuple(stops))


def _of(problem: Problem, row: int) -> Appointment:
    appointment = problem.stops[row - 1].fixed
    if appointment is None:
        raise ValueError("only appointments are checked here")
    return appointment


def _named(problem: Problem, row: int, name: Callable[[str], str]) -> str:
    return name(problem.stops[row - 1].kode)


def _cannot_keep(problem: Problem, row: int, appointment: Appointment, name: Callable[[str], str]) -> InputError:
    for number, shift in enumerate(problem.shifts):
        if appointment.day in shift.days:
            midnight = shift.offset(appointment.day)
            gone = run(problem, number, [row])
            begun, back = float(gone.begin[0]) - midnight, float(gone.back) - midnight
            late = begun > appointment.latest_min
            return InputError(
                Message.of(
                    "tours.fixed_too_early" if late else "tours.fixed_too_late",
                    name=_named(problem, row, name),
                    day=appointment.day,
                    at=clock(appointment.earliest_min),
                    soonest=clock(begun),
                    back=clock(back),
                    end=clock(shift.end_min),
                )
            )
    return InputError(Message.of("tours.fixed_no_team", name=_named(problem, row, name), day=appointment.day))
