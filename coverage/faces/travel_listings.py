"""Speeds and ferries as tables with labels and words, for the command line and the dashboard."""

from collections.abc import Mapping

import pandas as pd

from coverage.faces import listings
from coverage.faces.reports.columns import Column, Listing
from coverage.ground.quantities import Language
from coverage.ground.texts import say
from coverage.travel.network.speed_choices import speed_key
from coverage.travel.network.speeds import shipped_values, spoken_name

_SIX = 6


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
