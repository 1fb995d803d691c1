"""A map on paper as shapes, before it is painted into a PDF or a picture: both show the same."""

from dataclasses import dataclass
from typing import Literal

__all__ = ["Area", "Item", "Line", "MapSheet", "Point", "Words"]

Point = tuple[float, float]
Ring = tuple[Point, ...]
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Area:
    """A filled shape: its outside, then its holes. "" paints nothing."""

    rings: tuple[Ring, ...]
    fill: str = ""
    stroke: str = ""
    width: float = 0.5


@dataclass(frozen=True)
class Line:
    """A line of a colour."""

    points: Ring
    color: str
    width: float = 0.5


@dataclass(frozen=True)
class Words:
    """One line of text at its base line; `boxed` lays it on a light ground, so that it reads on any colour."""

    x: float
    y: float
    text: str
    size: float
    anchor: Anchor = "start"
    bold: bool = False
    boxed: bool = False
    color: str = "#000000"


Item = Area | Line | Words


@dataclass(frozen=True)
class MapSheet:
    """A map of `width` by `height` points, the origin at its lower left; items are painted in order.

    ``told`` says in words what is drawn, for who cannot see it.
    """

    width: float
    height: float
    items: tuple[Item, ...]
    told: str
