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
        by=entry.command or say("general.unknown", lang),
    )


def _named(layer: str, lang: Language) -> str:
    key = f"changes.layer_{layer}"
    return catalogue(lang).get(key, layer)
