"""Scenarios side by side: their figures, and the villages that one covers and another does not."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from coverage.answers.scenarios.figures import MEASURES, PARTS
from coverage.answers.scenarios.run import ScenarioAnswer
from coverage.answers.whatif import WhatIf, between
from coverage.ground.errors import InputError
from coverage.ground.texts import Message

__all__ = ["MOST", "Comparison", "compare", "distinct"]

MOST = 12
_KEYS = ["part", "kode", "name", "measure"]


@dataclass(frozen=True)
class Comparison:
    """The answer of :func:`compare`.

    ``names``: of the scenarios, no two alike. ``table``: columns ``part``, ``kode``, ``name``, ``measure``, then
    ``value_1`` for the first scenario, ``value_2`` and ``difference_2`` (to the first) for the second, and so on; NaN
    where not known.
    """

    answers: tuple[ScenarioAnswer, ...]
    names: tuple[str, ...]
    table: pd.DataFrame

    @property
    def changes(self) -> list[WhatIf]:
        """What each scenario but the first changes compared with the first: villages gained and lost."""
        first = self.answers[0].after
        return [between(first, answer.after) for answer in self.answers[1:]]


def compare(answers: Sequence[ScenarioAnswer]) -> Comparison:
    """Lay scenarios side by side; the first is what the others are compared with.

    Raises
    ------
    InputError
        If there are fewer than two, too many, or they are not about one region with one cutoff.
    """
    if not 1 < len(answers) <= MOST:
        raise InputError(Message.of("scenario.how_many", value=len(answers), most=MOST))
    first = answers[0]
    for other in answers[1:]:
        for key in ("region", "cutoff_min"):
            mine, theirs = getattr(first.scenario, key), getattr(other.scenario, key)
            if mine != theirs:
                names = {"first": first.scenario.name, "other": other.scenario.name}
                raise InputError(
                    Message.of(f"scenario.other_{key}", **{f"mine_{key}": mine, f"its_{key}": theirs}, **names)
                )
    table = first.figures.rename(columns={"value": "value_1"})
    for number, answer in enumerate(answers[1:], start=2):
        table = table.merge(answer.figures.rename(columns={"value": f"value_{number}"}), on=_KEYS, how="outer")
        table[f"difference_{number}"] = table[f"value_{number}"] - table["value_1"]
    order = {name: place for place, name in enumerate((*PARTS, *MEASURES))}
    table = table.sort_values(
        ["part", "kode", "measure"],
        key=lambda cells: cells.map(order) if cells.name != "kode" else cells,
        kind="stable",
    ).reset_index(drop=True)
    return Comparison(tuple(answers), distinct([answer.scenario.name for answer in answers]), table)


def distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Tell names apart: those that occurred before get a number.

    Examples
    --------
    >>> distinct(["a", "b", "a"])
    ('a', 'b', 'a (2)')
    """
    found: list[str] = []
    for name in names:
        number, fresh = 1, name
        while fresh in found:
            number += 1
            fresh = f"{name} ({number})"
        found.append(fresh)
    return tuple(found)
