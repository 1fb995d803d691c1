"""How every model begins: the limits it is held to, the time it has, and the rules that follow from both.

The parameters that all models share, and what all of them raise:

``problem``
    Demand, candidates, minutes.
``number``
    Sites to choose, exactly; with a budget at most, or None for as many as it pays.
``cutoff_min``
    Minutes, inclusive.
``limits``
    What the sites are held to; by default nothing but a minute.
``InputError``
    If the number or the limits cannot be used.
``InfeasibleError``
    If no set keeps to the limits, or time ended before one was found.
"""

from typing import NamedTuple

from coverage.answers.siting.model import Limits, SitingProblem, Stopwatch
from coverage.answers.siting.rules import SiteRules, site_rules

__all__ = ["Begun", "begun"]


class Begun(NamedTuple):
    """What a model is held to, its time running, and its rules."""

    limits: Limits
    watch: Stopwatch
    rules: SiteRules


def begun(problem: SitingProblem, number: int | None, limits: Limits | None) -> Begun:
    """Start the clock and turn the limits into rules; `number` None where the model finds it itself.

    Raises
    ------
    InputError, InfeasibleError
        As :func:`coverage.answers.siting.rules.site_rules`.
    """
    held = limits or Limits()
    watch = Stopwatch(held)
    return Begun(held, watch, site_rules(problem, number, held))
