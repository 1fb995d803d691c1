"""What a set of sites reaches, level by level, and the one comparison of two sets.

A model's goal has one level or several, in order of weight: a later one decides only between sets that are the same in
all earlier ones. Order of the best sets, what each loses, regret and "just as good" all come from :func:`compare`.
"""

from dataclasses import dataclass

__all__ = ["Difference", "Goal", "Level", "compare"]


@dataclass(frozen=True)
class Level:
    """One level of a goal.

    ``value``: people for ``covered``, ``served`` and ``unconnected``; people x minutes for ``minutes``; minutes for
    ``worst``; a number for ``sites``, rupiah for ``cost``. ``whole``: what a loss is a share of where the best value is
    0, or everywhere if ``of_whole``. ``same``: values no farther apart count as equal. ``maximise``: more is better.
    """

    name: str
    value: float
    whole: float
    same: float
    maximise: bool = False
    of_whole: bool = False

    def behind(self, other: "Level") -> float:
        """Tell by how much this is worse than another value of the level; below 0 where better, 0 where the same."""
        away = other.value - self.value if self.maximise else self.value - other.value
        return 0.0 if abs(away) <= max(self.same, other.same) else away


Goal = tuple[Level, ...]


@dataclass(frozen=True)
class Difference:
    """What a set is behind another: at the first level where they differ, None where at none.

    ``loss`` in the level's unit, below 0 where it is ahead; ``share`` the same as a share of the other's value.
    """

    level: str | None
    loss: float
    share: float


def compare(one: Goal, other: Goal) -> Difference:
    """Tell what the first set is behind the second.

    Raises
    ------
    ValueError
        If the goals are of different models.
    """
    for mine, its in zip(one, other, strict=True):
        if mine.name != its.name:
            raise ValueError(f"{mine.name} cannot be compared with {its.name}")
        behind = mine.behind(its)
        if behind:
            whole = its.whole if its.of_whole or not its.value else its.value
            return Difference(mine.name, behind, behind / abs(whole) if whole else 0.0)
    return Difference(None, 0.0, 0.0)
