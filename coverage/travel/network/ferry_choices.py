"""What a traveller may choose: the season, which ferries run, how long to wait for them, and on which day."""

from collections.abc import Container
from dataclasses import dataclass, replace
from typing import Literal

from coverage.places.ferries import WEEKDAYS, Weekday

__all__ = ["SEASONS", "USUAL", "WAITS", "WEEKDAYS", "Season", "TravelChoices", "Wait", "Weekday"]

Season = Literal["biasa", "ombak", "hujan"]
SEASONS: tuple[Season, ...] = ("biasa", "ombak", "hujan")
"""The usual season, the rough sea (ferries take longer) and the rains (roads are slower)."""

Wait = Literal["mean", "worst"]
WAITS: tuple[Wait, ...] = ("mean", "worst")


@dataclass(frozen=True)
class TravelChoices:
    """How somebody travels; the default is the usual season, every ferry, the mean wait, any day.

    Attributes
    ----------
    season
        ``ombak`` adds a line's season extra where one is known; ``hujan`` slows roads.
    without
        Ids of ferries that do not run.
    wait
        ``mean`` is half the headway between departures; ``worst`` the longest time to the next departure.
    weekday
        Only the trips of this day; None is the mean over the week.
    vehicles_only
        Only ferries that carry vehicles; one of which this is not known counts as carrying them.
    """

    season: Season = "biasa"
    without: tuple[str, ...] = ()
    wait: Wait = "mean"
    weekday: Weekday | None = None
    vehicles_only: bool = False

    def near(self, boats: Container[str]) -> "TravelChoices":
        """Give what of these choices can change anything where only these ferries are in reach.

        Parameters
        ----------
        boats
            Ids of the ferries; where there are none, of all choices only the rains are left.
        """
        if not boats:
            return TravelChoices(season="hujan" if self.season == "hujan" else "biasa")
        return replace(self, without=tuple(id_ for id_ in self.without if id_ in boats))


USUAL = TravelChoices()
