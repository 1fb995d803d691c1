"""A report before it becomes a file: its words, tables and drawings in the order they are read.

The writers of PDF and DOCX only lay out what is in here, so that both say the same.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from coverage.faces.files.map_sheet import MapSheet
from coverage.faces.files.sheet_layout import column_width, fit_widths
from coverage.ground.texts import Language

__all__ = [
    "Block",
    "Bullets",
    "Command",
    "Document",
    "Heading",
    "Paragraph",
    "Picture",
    "Signatures",
    "Table",
    "shares",
]

_CHARS = 108.0
"""Characters across a portrait page at the size of a table's letters."""


@dataclass(frozen=True)
class Heading:
    """A section begins."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """Sentences; ``strong`` for the finding of a section, ``small`` for what stands under a table or a map."""

    text: str
    strong: bool = False
    small: bool = False


@dataclass(frozen=True)
class Bullets:
    """Sentences of equal rank; ``small`` for notes."""

    lines: tuple[str, ...]
    small: bool = False


@dataclass(frozen=True)
class Table:
    """A table as read: ``right`` tells which columns are numbers, ``total`` is the row of sums, () for none."""

    labels: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[bool, ...]
    total: tuple[str, ...] = ()


@dataclass(frozen=True)
class Picture:
    """A map over the width of the page."""

    sheet: MapSheet


@dataclass(frozen=True)
class Command:
    """What is typed to get the same report again."""

    text: str


@dataclass(frozen=True)
class Signatures:
    """Who signs, side by side, in lines; ``place`` and ``name`` are to be filled in by hand."""

    who: tuple[tuple[str, ...], ...]
    place: str
    name: str


Block = Heading | Paragraph | Bullets | Table | Picture | Command | Signatures


@dataclass(frozen=True)
class Document:
    """A report.

    Attributes
    ----------
    office
        Who sends it, "" where nobody said.
    title, region
        What it is about.
    fields
        Lines under the title: name and value; an empty value is filled in by hand.
    day
        The day of planning; the file bears no other date.
    running
        Stands on top of each page but the first.
    page
        The page's number in words, with ``{page}`` and ``{pages}`` to put in.
    """

    office: str
    title: str
    region: str
    fields: tuple[tuple[str, str], ...]
    day: dt.date
    running: str
    page: str
    blocks: tuple[Block, ...]
    lang: Language


def shares(table: Table) -> list[float]:
    """Share the width of the page among a table's columns, so that usual words stay whole.

    Examples
    --------
    >>> [round(share, 2) for share in shares(Table(("No.", "Nama"), (("1", "Watu Watu"),), (True, False)))]
    [0.35, 0.65]
    """
    columns: list[Sequence[str]] = list(zip(*(row for row in (*table.rows, table.total) if row), strict=True))
    if not columns:
        return [1 / len(table.labels)] * len(table.labels)
    widths = fit_widths(
        [column_width(label, column) for label, column in zip(table.labels, columns, strict=True)], _CHARS
    )
    return [width / sum(widths) for width in widths]
