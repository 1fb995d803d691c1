"""The plan that a session holds for a region: the search for it, the plan itself, and what was moved in it by hand."""

from coverage.answers.tours.plan import Plan
from coverage.faces.dashboard.pages.plan_form import Visited
from coverage.faces.dashboard.shell import shared_answers
from coverage.faces.dashboard.shell.jobs import Job
from coverage.faces.dashboard.shell.session import EntryPer
from coverage.faces.heavy.works import Planned
from coverage.ground.texts import Message
from coverage.places.workspace import State

SEARCH = EntryPer[Job[tuple[Planned, Visited]]]("plan-{region}-job", outlives_reload=True)
_PLAN = EntryPer[Plan]("plan-{region}", outlives_reload=True)
_CHANGES = EntryPer[tuple[Message, ...]]("plan-{region}-changes", outlives_reload=True)
_MADE_ON = EntryPer[State]("plan-{region}-made-on", outlives_reload=True)
_BEFORE_MOVES = EntryPer[tuple[Plan, ...]]("plan-{region}-moves", outlives_reload=True)


def current(region: str) -> Plan | None:
    """Give the plan of this session for a region, None where none was made."""
    return _PLAN.of(region).get()


def changes(region: str) -> tuple[Message, ...]:
    """Tell what differs from the plan that this one was made from."""
    return _CHANGES.of(region).get_or(())


def is_outdated(region: str) -> bool:
    """Tell whether the workspace has changed since the plan was found."""
    now = shared_answers.workspace_state()
    return _MADE_ON.of(region).get_or(now) != now


def take_up(region: str, planned: Planned) -> None:
    """Hold a plan that was found in place of an earlier one."""
    plan, differs = planned
    _PLAN.of(region).put(plan)
    _CHANGES.of(region).put(differs)
    _MADE_ON.of(region).put(shared_answers.workspace_state())
    _BEFORE_MOVES.of(region).forget()


def move(region: str, plan: Plan, before: Plan) -> None:
    """Hold a plan in which a stop was moved; the one before stays to go back to."""
    _PLAN.of(region).put(plan)
    _BEFORE_MOVES.of(region).put((*_BEFORE_MOVES.of(region).get_or(()), before))


def is_moved(region: str) -> bool:
    """Tell whether there is a move to go back from."""
    return bool(_BEFORE_MOVES.of(region).get())


def undo_move(region: str) -> None:
    """Go back to the plan before the last move."""
    *earlier, last = _BEFORE_MOVES.of(region).get_or(())
    _PLAN.of(region).put(last)
    _BEFORE_MOVES.of(region).put(tuple(earlier))
