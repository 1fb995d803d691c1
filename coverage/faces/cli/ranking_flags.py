"""The flags that decide a ranking, which ``jangkau next`` and ``jangkau plan`` share, and how they are read."""

import re
from typing import Annotated

from coverage.answers.pokling import PARTS, Rules
from coverage.faces.cli.flag_values import read_limit, read_whole
from coverage.faces.cli.flags import Minutes, Villages, each, flag, flag_group
from coverage.ground.errors import PlannerError
from coverage.ground.texts import Message
from coverage.places.villages import find_region, find_village

_USUAL = Rules()


def read_weight(text: str) -> tuple[str, float]:
    """Read a part of the score and its weight.

    Examples
    --------
    >>> read_weight("need=0,4")
    ('need', 0.4)
    """
    part, _, value = text.partition("=")
    found = re.fullmatch(r"\d{1,6}([.,]\d{1,6})?", value.strip(), re.ASCII)
    if part.strip() not in PARTS or found is None:
        raise PlannerError(Message.of("plan.bad_weight", value=text, parts=", ".join(PARTS)))
    return part.strip(), float(value.strip().replace(",", "."))


@flag_group
class RankingRules:
    """What decides a ranking."""

    cutoff: Minutes = _USUAL.cutoff_min
    weight: Annotated[tuple[tuple[str, float], ...], flag(each(read_weight), metavar="BAGIAN=ANGKA")] = ()
    recovery_days: Annotated[int, flag(read_limit, metavar="HARI")] = _USUAL.recovery_days
    bersinar: Villages = ()
    request: Villages = ()
    rest_days: Annotated[int, flag(read_whole, metavar="HARI")] = _USUAL.rest_days

    def rules(self, region: str, *, max_travel_min: float = _USUAL.max_travel_min) -> Rules:
        """Read what decides a ranking in a region; weights that are not given stay as they are."""
        return Rules(
            weights={**_USUAL.weights, **dict(self.weight)},
            cutoff_min=self.cutoff,
            max_travel_min=max_travel_min,
            rest_days=self.rest_days,
            recovery_days=self.recovery_days,
            bersinar=tuple(find_village(text, find_region(region).code) for text in self.bersinar),
            requests=tuple(find_village(text, find_region(region).code) for text in self.request),
        )
