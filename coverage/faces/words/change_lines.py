"""The workspace's log in sentences: what was changed, when, from where."""

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from coverage.answers.tours.calendar import time_zone
from coverage.ground import codes
from coverage.ground.quantities import format_date
from coverage.ground.texts import Language, catalogue, say
from coverage.places.workspace.log import Entry

__all__ = ["change_lines"]

_PAGES = {
    "data": "dashboard.data",
    "next": "dashboard.next",
    "plan": "planning.page",
    "whatif": "dashboard.whatif",
    "targets": "targets.page",
    "gaps": "dashboard.gaps",
    "summary": "summary.page",
}


def change_lines(log: Sequence[Entry], region: str, lang: Language) -> list[str]:
    """Say each entry in one line, times in the region's own time zone."""
    zone, zone_name = time_zone(region[: codes.LENGTH_OF["province"]])
    return [_line(entry, ZoneInfo(zone), zone_name, lang) for entry in log]


def _line(entry: Entry, zone: ZoneInfo, zone_name: str, lang: Language) -> str:
    at = dt.datetime.fromisoformat(entry.at).astimezone(zone)
    return say(
        "changes.line",
        lang,
        day=format_date(at.date(), lang),
        time=f"{at:%H.%M}" if lang == "id" else f"{at:%H:%M}",
        zone=zone_name,
        what=", ".join(_named(layer, lang) for layer in entry.layers.split(", ")),
        rows=entry.rows,
        by=_by(entry.command, lang),
    )


def _named(layer: str, lang: Language) -> str:
    key = f"changes.layer_{layer}"
    return catalogue(lang).get(key, layer)


def _by(command: str, lang: Language) -> str:
    """Name the page that made a change as its menu does; a command as it is typed."""
    face, _, name = command.partition(" ")
    title = _PAGES.get(name.partition(" ")[0])
    if face == "dasbor" and title is not None:
        return say(title, lang)
    return f"jangkau {command}" if command else say("general.unknown", lang)
