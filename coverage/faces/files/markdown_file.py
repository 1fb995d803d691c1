"""Markdown of a plan, to be pasted into a note or a letter: a heading a day, a table of its calls, the notes."""

import html
import re

from coverage.faces.files.itinerary import Call, DaySheet, Itinerary, day_names, day_sum
from coverage.faces.files.sources import PlanSource
from coverage.ground.quantities import format_duration, format_km
from coverage.ground.texts import Language, say

__all__ = ["markdown_bytes", "plan_markdown"]

_MARKS = re.compile(r"([\\`*_\[\]|~#$])")
# These open a list or a line across the page, but only where a line begins.
_OPENING = re.compile(r"^([-+=])")
_NUMBERED = re.compile(r"^(\d+)([.)])(?=\s|$)")
_COLUMNS = ("number", "call", "district", "begin", "departure", "drive", "distance", "ferry")


def plan_markdown(plan: PlanSource, lang: Language) -> bytes:
    """Write a plan as Markdown."""
    return markdown_bytes(plan.itinerary, lang)


def markdown_bytes(itinerary: Itinerary, lang: Language = "id") -> bytes:
    """Write an itinerary as Markdown with tables, in the time of the province.

    Returns
    -------
    bytes
        UTF-8. Names and sentences stay text whatever signs they hold: none becomes a heading, a list, emphasis, a
        cell of its own or HTML.

    Notes
    -----
    GitHub Flavored Markdown Spec, version 0.29-gfm (2019), sections 4.10 (tables) and 6.1 (backslash escapes).
    """
    blocks = [f"# {_plain(itinerary.title)}", *map(_plain, itinerary.lines)]
    for sheet, name in zip(itinerary.days, day_names(itinerary, lang), strict=True):
        blocks.append(f"## {_plain(name)}")
        if sheet.calls:
            blocks.append(_table(sheet, lang))
        blocks.append(_plain(day_sum(sheet, itinerary.zone_name, lang)))
    blocks.append("\n".join(f"- {_plain(note)}" for note in itinerary.notes))
    return ("\n\n".join(filter(None, blocks)) + "\n").encode()


def _table(sheet: DaySheet, lang: Language) -> str:
    heads = [say(f"plan.pdf_{column}", lang) for column in _COLUMNS]
    rows = [[_plain(cell) for cell in row] for row in (heads, *(_cells(call, lang) for call in sheet.calls))]
    rows.insert(1, ["---"] * len(heads))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _cells(call: Call, lang: Language) -> tuple[str, ...]:
    return (
        str(call.number),
        f"{call.spot.name} ({call.kode})",
        f"{call.district}, {call.regency}",
        f"{call.begin:%H.%M}",
        f"{call.departure:%H.%M}",
        format_duration(call.drive_min, lang),
        format_km(call.km, lang),
        str(call.ferry_legs or ""),
    )


def _plain(text: str) -> str:
    r"""Write a text so that Markdown shows it as it is, in one line.

    Examples
    --------
    >>> print(_plain("# Desa | *Baru*_1 <b>"))
    \# Desa \| \*Baru\*\_1 &lt;b&gt;
    >>> print(_plain("1. Kadia\n- Bende"))
    1\. Kadia - Bende
    """
    line = _MARKS.sub(r"\\\1", html.escape(" ".join(text.split()), quote=False))
    return _NUMBERED.sub(r"\1\\\2", _OPENING.sub(r"\\\1", line))
