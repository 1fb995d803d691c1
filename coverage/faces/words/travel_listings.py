"""Speeds and ferries as tables with labels and words, for the command line and the dashboard."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from coverage.faces.words import answer_listings
from coverage.faces.words.columns import Column, Listing
from coverage.ground.quantities import Language, format_date
from coverage.ground.texts import say
from coverage.places.villages import Region, load_villages, mask_in_region
from coverage.places.workspace import Workspace
from coverage.travel.network.ferry_legs import ferry_table
from coverage.travel.network.road_ferries import road_ferry_table
from coverage.travel.network.speed_choices import speed_key, speeds_of
from coverage.travel.network.speeds import shipped_values, spoken_name
from coverage.travel.roads.road_network import RoadSource
from coverage.travel.roads.road_store import stored_roads

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
        numbers.get(name) or answer_listings.column(name, lang)
        for name in ("key", "meaning", "value", "shipped", "source")
    ]
    title = say("columns.speeds_title" if own else "columns.speeds_title_shipped", lang, changed=len(own))
    return Listing(columns, pd.DataFrame(rows), title=title)


def estimated_parts(estimated: str, lang: Language) -> str:
    """Say which times of a ferry are assumed, as ``sailing,wait``; "" where none is."""
    return ", ".join(say(f"columns.estimated_{part}", lang) for part in estimated.split(",") if part)


def estimate_mark(estimated: str, lang: Language) -> str:
    """Mark times of a ferry that are assumed, to stand right behind them; "" where none is."""
    return " " + say("network.estimated", lang, parts=estimated_parts(estimated, lang)) if estimated else ""


def ferry_list(workspace: Workspace, region: Region, lang: Language) -> Listing:
    """List the ferries with a port in a region, as they are computed with in the usual season.

    Declared lines come first, then the ferry ways of stored roads, whose ports are the villages nearest to them.
    """
    table = ferry_table(workspace.ferries(hidden=True), load_villages(), speeds_of(workspace))
    table = table[~table["id"].isin(workspace.hidden_ferries())]
    calls = mask_in_region(pd.Index(table["from_kode"]), region.code)
    calls |= mask_in_region(pd.Index(table["to_kode"]), region.code)
    table = table[calls]
    for end in ("from", "to"):
        table[f"{end}_place"] = table[f"{end}_port"] + " (" + table[f"{end}_kode"] + ")"
    of_roads = _of_roads(workspace, region, lang)
    table = pd.concat([table, of_roads]) if len(of_roads) else table
    table = table.reset_index(drop=True)
    columns = [_ferry_column(key, lang) for key in _FERRY_COLUMNS]
    title = say("columns.ferries_title", lang, region=region.name, lines=len(table))
    return Listing(columns, table, title=title)


def _of_roads(workspace: Workspace, region: Region, lang: Language) -> pd.DataFrame:
    """List the ferry ways of stored roads that call near a village of the region, each once."""
    rows: dict[str, dict[str, object]] = {}
    speeds = speeds_of(workspace)
    for roads in stored_roads(workspace):
        table = road_ferry_table(roads, speeds)
        source = road_source(roads.source, lang)
        for row in table[~table.index.isin(list(rows))].reset_index().to_dict("records"):
            if not mask_in_region(pd.Index(row["ports"]), region.code).any():
                continue
            first, *others = [f"{load_villages().at[kode, 'name']!s} ({kode})" for kode in row["ports"]]
            rows[row["id"]] = {
                **{str(key): value for key, value in row.items() if key != "ports"},
                "from_place": first,
                "to_place": "; ".join(others) or first,
                "season_extra_min": np.nan,
                "departures": "",
                "days": "",
                "source": source,
            }
    return pd.DataFrame(list(rows.values()))


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
        words = {raw: estimated_parts(raw, lang) for raw in ("sailing", "wait", "sailing,wait")}
        return Column(key, label, words={**words, "": say("columns.estimated_none", lang)})
    return answer_listings.column(key, lang)
