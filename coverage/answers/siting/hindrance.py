"""Which rule stands in the way where no set keeps to all: the one without which there is a set."""

from collections.abc import Callable
from dataclasses import replace

from coverage.answers.siting.model import Limits, SitingResult
from coverage.ground.errors import InfeasibleError, InputError
from coverage.ground.texts import Message

__all__ = ["hindering"]

_SECONDS = 10.0
_ENOUGH = 1e18
_UNTOLD = frozenset({"siting.no_set", "siting.no_set_paid", "siting.no_set_covers", "siting.group_without"})
"""Errors that do not tell by themselves which rule it is."""


def hindering(error: InfeasibleError, ask: Callable[[Limits], SitingResult], limits: Limits) -> tuple[Message, ...]:
    """Name the rules each of which, left out alone, leaves a set, or say that none does.

    Nothing where the error tells it already, or where there is no rule to leave out.

    Parameters
    ----------
    error
        What the model said under all limits.
    ask
        The model with everything but its limits filled in.
    limits
        The limits that no set keeps to.
    """
    if error.messages[0].key not in _UNTOLD:
        return ()
    tried = {
        "siting.rule_spacing": (limits.spacing_min > 0, replace(limits, spacing_min=0.0)),
        "siting.rule_each": (limits.one_per_group, replace(limits, one_per_group=False)),
        "siting.rule_locked": (bool(limits.locked), replace(limits, locked=frozenset())),
        "siting.rule_excluded": (bool(limits.excluded), replace(limits, excluded=frozenset())),
        # Without its budget a question may have no number; all the money in the world keeps it the same question.
        "siting.rule_budget": (limits.budget is not None, replace(limits, budget=_ENOUGH)),
    }
    asked = {key: without for key, (held, without) in tried.items() if held}
    found = [
        Message.of(key)
        for key, without in asked.items()
        if _possible(ask, replace(without, seconds=min(limits.seconds, _SECONDS)))
    ]
    if found:
        return (Message.of("siting.hindered", rules=found),)
    return (Message.of("siting.hindered_by_none", rules=[Message.of(key) for key in asked]),) if asked else ()


def _possible(ask: Callable[[Limits], SitingResult], limits: Limits) -> bool:
    try:
        ask(limits)
    except (InfeasibleError, InputError):
        return False
    return True
