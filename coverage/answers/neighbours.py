"""A region without a unit of its own: the answer comes from the neighbours' units, and says so before all else."""

import pandas as pd

from coverage.answers.study import Study
from coverage.ground.texts import Message

__all__ = ["has_own_unit", "lead", "said_first"]

_NAMED = 3


def has_own_unit(study: Study) -> bool:
    """Tell whether a unit stands in the region itself."""
    return bool(study.units["in_region"].any())


def lead(study: Study) -> Message | None:
    """Say in short, before any finding, that the region has no unit of its own; None where it has one."""
    if has_own_unit(study):
        return None
    return Message.of("neighbours.lead_none" if study.units.empty else "neighbours.lead", region=study.region.name)


def said_first(study: Study) -> tuple[Message, ...]:
    """Say whose units answer instead, and what to import on which page and with which command; () where none do."""
    short = lead(study)
    if short is None:
        return ()
    first = short
    if not study.units.empty:
        first = Message.of("neighbours.first", region=study.region.name, units=len(study.units), names=_nearest(study))
    return first, Message.of("neighbours.remedy", region=study.region.name, code=study.region.code)


def _nearest(study: Study) -> str:
    """Name the units that are the nearest of the most villages."""
    column = study.od.nearest()[0]
    most = pd.Series(column[column >= 0]).value_counts(sort=False)
    order = most.reset_index(name="villages").sort_values(["villages", "index"], ascending=[False, True])["index"]
    return ", ".join(study.units["name"].iloc[order[:_NAMED]].astype(str))
