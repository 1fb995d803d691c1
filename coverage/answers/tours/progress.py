"""How far a search is, and whether the planner has had enough."""

from collections.abc import Callable
from dataclasses import dataclass

from coverage.answers.tours.problem import Orders, Problem, collected

_TENTHS = 10


@dataclass(frozen=True)
class Progress:
    """The share done from 0 to 1, and the best plan so far: its visits and its priority in points."""

    share: float
    visits: int
    priority: float


Cancel = Callable[[Progress], bool]
"""Told the progress; answers whether to stop now with the best so far."""


def never(_: Progress) -> bool:
    """Let a search run to its end."""
    return False


class Watch:
    """Tells how far a search is, and remembers that it was stopped."""

    def __init__(self, problem: Problem, stop: Cancel) -> None:
        self._problem, self._stop = problem, stop
        self._share, self._visits, self._value = 0.0, 0, 0
        self.cancelled = False

    def found(self, orders: Orders) -> None:
        """Hold the better of the best so far and a plan just found."""
        value = collected(self._problem, orders)
        if value > self._value:
            self._visits, self._value = sum(map(len, orders)), value

    def reached(self, share: float) -> bool:
        """Tell how far it is; once stopped it stays stopped."""
        self._share = share
        return self.ask()

    def ask(self) -> bool:
        """Ask whether to stop, without being any further."""
        if not self.cancelled:
            self.cancelled = self._stop(Progress(self._share, self._visits, self._value / _TENTHS))
        return self.cancelled

    def end(self) -> None:
        """Tell that the search is over; nothing is left to stop."""
        self._stop(Progress(1.0, self._visits, self._value / _TENTHS))
