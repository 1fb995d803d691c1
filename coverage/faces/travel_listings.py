"""Speeds and ferries as tables with labels and words, for the command line and the dashboard."""

from collections.abc import Mapping

import pandas as pd

from coverage.faces import listings
from coverage.faces.reports.columns import Column, Listing
from coverage.ground.quantities import Language, format_date
from coverage.ground.texts import say
from coverage.places.villages import Region, load_villages, mask_in_region
from coverage.places.workspace import Workspace
from coverage.travel.network.ferries import ferry_table
from coverage.travel.network.speed_choices import speed_key, speeds_of
from coverage.travel.network.speeds import shipped_values, spoken_name
from coverage.travel.roads.model import RoadSource

_SIX = 6
_MINUTES = ("sailing_min", "mean_wait_min", "worst_wait_min", "season_extra_min")


def road_source(source: RoadSource, lang: Language) -> str:
    """Name where stored roads come from, as their licence wants it."""
    day = "" if source.date is None else f", {format_date(source.date, lang)}"
    name = f"{source.region} {source.name}{day}"
    return name if source.kind == "vector" else say("roads.openstreetmap", lang, name=name)


def speed_list(own: Mapping[str, float], lang: Language) -> Listing:
    """List every speed: key, what it is, value, shipped value, and where the shipped one comes from.

    Parameters
    ----------
    own
        Keys that the workspace changes.
    """
    shipped = shipped_values()
    rows = [
        {
            "key": key,
            "meaning": say(f"speeds.key_{spoken_name(key)}", lang),
            "value": own.get(key, value),
            "shipped": value,
            "source": say(f"speeds.source_{speed_key(key).source}", lang),
        }
        for key, value in shipped.items()
    ]
    numbers = {
        name: Column(name, say(f"columns.{name}", lang), "decimal", decimals=_SIX) for name in ("value", "shipped")
    }
    columns = [
        numbers.get(name) or listings.column(name, lang) for name in ("key", "meaning", "value", "shipped", "source")
    ]
    title = say("columns.speeds_title" if own else "columns.speeds_title_shipped", lang, changed=len(own))
    return Listing(columns, pd.DataFrame(rows), title=title)


def ferry_list(door: Workspace, region: Region, lang: Language) -> Listing:
    """List the ferries with a port in a region, as they are computed with in the usual season."""
    table = ferry_table(door.ferries(hidden=True), load_villages(), speeds_of(door))
    table = table[~table["id"].isin(door.hidden_ferries())]
    calls = mask_in_region(pd.Index(table["from_kode"]), region.code)
    calls |= mask_in_region(pd.Index(table["to_kode"]), region.code)
    table = table[calls].reset_index(drop=True)
    for end in ("from", "to"):
        table[f"{end}_place"] = table[f"{end}_port"] + " (" + table[f"{end}_kode"] + ")"
    columns = [_ferry_column(key, lang) for key in _FERRY_COLUMNS]
    title = say("columns.ferries_title", lang, region=region.name, lines=len(table))
    return Listing(columns, table, title=title)


_FERRY_COLUMNS = (
    *("id", "name", "from_place", "to_place", "sailing_min", "mean_wait_min", "worst_wait_min", "trips"),
    *("departures", "days", "season_extra_min", "vehicles", "estimated", "source"),
)


def _ferry_column(key: str, lang: Language) -> Column:
    # A route's sailing_min is a plain number; here it reads as a duration.
    label = say("columns.sailing_time" if key == "sailing_min" else f"columns.{key}", lang)
    if key in _MINUTES:
        return Column(key, label, "minutes")
    if key == "trips":
        return Column(key, label, "decimal", decimals=1)
    if key == "vehicles":
        words = {"yes": "yes", "no": "no", "": "unknown"}
        return Column(key, label, words={raw: say(f"columns.vehicles_{word}", lang) for raw, word in words.items()})
    if key == "estimated":
        parts = {part: say(f"columns.estimated_{part}", lang) for part in ("sailing", "wait")}
        both = ", ".join(parts.values())
        return Column(key, label, words={**parts, "sailing,wait": both, "": say("columns.estimated_none", lang)})
    return listings.column(key, lang)
