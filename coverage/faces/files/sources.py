"""What files are made of: a list, a plan on paper, a report; no part is made before it is asked for."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coverage.faces.words.columns import Listing

if TYPE_CHECKING:
    import geopandas as gpd

    from coverage.faces.files.document import Document
    from coverage.faces.files.itinerary import Itinerary

__all__ = ["ListSource", "PlanSource", "ReportSource", "Rings"]

Rings = Sequence[Sequence[tuple[float, float]]]
"""Outlines, longitude and latitude in degrees (EPSG:4326)."""


@dataclass(frozen=True)
class ListSource:
    """An answer as a table.

    ``sheet`` is what a printed sheet holds instead; ``areas`` gives the rows with their geometry, ``text`` the answer
    to be read on a screen, ``answer`` what JSON can say. None where there is no such thing.
    """

    listing: Listing
    sheet: Listing | None = None
    areas: "Callable[[], gpd.GeoDataFrame] | None" = None
    text: Callable[[], str] | None = None
    answer: Callable[[], object] | None = None


@dataclass(frozen=True)
class PlanSource:
    """A plan on paper: what a team takes along, public places only.

    ``table`` lists the calls, ``sheet`` the same to be printed, ``ground`` the outlines under a drawn map; ``answer``
    is what JSON can say, None where that is not asked for.
    """

    itinerary: "Itinerary"
    table: Callable[[], Listing]
    sheet: Callable[[], Listing]
    ground: Callable[[], Rings]
    answer: Callable[[], object] | None = None


@dataclass(frozen=True)
class ReportSource:
    """The report of a region: ``document`` to be laid out, ``sheets`` its tables by name."""

    title: str
    document: "Callable[[], Document]"
    sheets: Callable[[], Mapping[str, Listing]]
