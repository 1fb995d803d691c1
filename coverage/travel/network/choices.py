"""What a traveller may choose: the season, which ferries run, how long to wait for them, and on which day."""

from dataclasses import dataclass
from typing import Literal

Season = Literal["biasa", "ombak", "hujan"]
SEASONS: tuple[Season, ...] = ("biasa", "ombak", "hujan")
"""The usual season, the rough sea (ferries take longer) and the rains (roads are slower)."""

Wait = Literal["mean", "worst"]
WAITS: tuple[Wait, ...] = ("mean", "worst")

Weekday = Literal["sen", "sel", "rab", "kam", "jum", "sab", "min"]
WEEKDAYS: tuple[Weekday, ...] = ("sen", "sel", "rab", "kam", "jum", "sab", "min")
"""Monday to Sunday."""


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


USUAL = TravelChoices()
