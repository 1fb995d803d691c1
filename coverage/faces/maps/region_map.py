"""The maps of the answers: which class, words and symbols each village and unit gets."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

import geopandas as gpd
import pandas as pd

from coverage.answers.catchments import Catchment
from coverage.answers.gaps import GapReport
from coverage.answers.journey import Journey
from coverage.answers.pokling import Ranking
from coverage.answers.study import Study, cells
from coverage.answers.whatif import WhatIf
from coverage.faces.maps.folium_map import AreaMap, area_map
from coverage.faces.maps.journey_map import journey_ways, way_legend
from coverage.faces.maps.map_geometry import Ground
from coverage.faces.maps.map_layers import (
    FERRIES,
    UNITS,
    VISITS,
    ferry_legend,
    ferry_lines,
    layers,
    unit_marker,
    visit_markers,
)
from coverage.faces.maps.map_legend import (
    LegendEntry,
    marker_legend,
    tier_caption,
    travel_class,
    travel_legend,
)
from coverage.faces.maps.map_marks import MapZone, Marker, Overlay
from coverage.ground.quantities import format_duration
from coverage.ground.registry import data_file
from coverage.ground.texts import Language, say
from coverage.travel.reach import STATES

# Blue and vermilion stay apart without colour vision (Okabe and Ito 2008); the loss is dotted besides.
_CHANGES = (
    ("gained", "#0072b2", "plain"),
    ("quicker", "#a6d3ee", "plain"),
    ("lost", "#d55e00", "dots"),
    ("slower", "#f3c9a5", "plain"),
    ("covered", "#b5d8ad", "plain"),
    ("beyond_cutoff", "#f4f1e6", "plain"),
    ("not_connected", "#5a5a5a", "hatch"),
)
# Four colours that stay apart without colour vision, also on viridis (IBM design library).
_STEPS = ("#ffb000", "#fe6100", "#dc267f", "#785ef0")


def region_areas(study: Study) -> gpd.GeoDataFrame:
    """Give the village areas of a region with the names that maps show, in the order of its villages."""
    named = study.villages[["name", "district", "regency"]]
    shapes = cells(study)["geometry"].reindex(named.index)
    return gpd.GeoDataFrame(named, geometry=shapes, crs="EPSG:4326")


def load_land() -> gpd.GeoDataFrame:
    """Load the land of Indonesia; keep the object, its spatial index is made once."""
    return gpd.read_parquet(data_file("land"))


def gap_map(
    report: GapReport,
    ground: Ground,
    lang: Language,
    *,
    selected: str | None = None,
    way: Journey | None = None,
    reach: Catchment | None = None,
) -> AreaMap:
    """Draw the travel time to the nearest unit; without any unit, the villages alone.

    Parameters
    ----------
    way
        A journey to draw leg by leg.
    reach
        A unit's catchment to lay over the villages.
    """
    villages = report.villages
    if report.study.units.empty:
        alone = LegendEntry("no_units", say("dashboard.map_no_units", lang), "#f4f1e6")
        shown = Overlay(
            classes=[alone.key] * len(villages),
            legend=[alone],
            legend_title=say("dashboard.village", lang),
            tooltips=[()] * len(villages),
            caption=_caption(report.study, lang),
            selected=selected,
        )
        return area_map(ground, shown, lang)
    markers = [*unit_markers(report.study, lang), *visit_markers(report.study, lang)]
    units = len(report.study.units)
    ferries = ferry_lines(report.study, lang)
    spelled = _durations(villages["travel_min"], lang)
    lines = [
        ((minutes, name), state)
        for minutes, name, state in zip(
            spelled, villages["nearest_name"], _state_words(villages["state"], lang), strict=True
        )
    ]
    ways_legend = [] if way is None else way_legend(way, lang)
    shown = Overlay(
        classes=_travel_classes(villages["travel_min"]),
        legend=[
            *travel_legend(lang),
            *_symbols(markers, lang),
            *ferry_legend(ferries, lang),
            *_reach_legend(reach, lang),
            *ways_legend,
        ],
        tooltips=lines,
        caption=_caption(report.study, lang),
        markers=markers,
        lines=[*ferries, *([] if way is None else journey_ways(way, lang))],
        layers=layers(lang, UNITS, *([FERRIES] if ferries else []), *([VISITS] if len(markers) > units else [])),
        zones=_reach_zones(reach),
        selected=selected,
    )
    return area_map(ground, shown, lang)


def _reach_zones(reach: Catchment | None) -> list[MapZone]:
    """Draw the widest step first, so that the edges of the others stay on top."""
    if reach is None:
        return []
    zones = [MapZone(area, color) for area, color in zip(reach.bands.geometry, _STEPS, strict=False)]
    return zones[::-1]


def _reach_legend(reach: Catchment | None, lang: Language) -> list[LegendEntry]:
    if reach is None:
        return []
    return [
        LegendEntry(f"reach_{step:g}", say("maps.reach", lang, cutoff_min=float(step)), color, stroke="solid")
        for step, color in zip(reach.bands["cutoff_min"], _STEPS, strict=False)
    ]


def ranking_map(
    ranking: Ranking, ground: Ground, lang: Language, *, limit: int, selected: str | None = None
) -> AreaMap:
    """Draw the travel time from the base, the first `limit` candidates numbered, recent visits dotted."""
    table = pd.concat([ranking.ranked, ranking.left_out]).reindex(ground.areas.index)
    visited = table["cause"].eq("visited") if "cause" in table else pd.Series(False, index=table.index)
    classes = [
        "visited" if one else key for one, key in zip(visited, _travel_classes(table["travel_min"]), strict=True)
    ]
    spelled = _durations(table["travel_min"], lang)
    lines = [(minutes, _rank_words(rank, lang)) for minutes, rank in zip(spelled, table["rank"], strict=True)]
    base: Any = ranking.study.units.loc[ranking.base]
    stops = [
        Marker(str(kode), row["lat"], row["lon"], "stop", f"{row['rank']}. {row['name']}", text=str(row["rank"]))
        for kode, row in ranking.ranked.head(limit).iterrows()
    ]
    markers = [Marker(ranking.base, float(base["lat"]), float(base["lon"]), "base", str(base["name"])), *stops[::-1]]
    legend = [
        *travel_legend(lang),
        LegendEntry("visited", say("maps.visited", lang), "#444444", "dots"),
        *marker_legend(["base"], lang),
        LegendEntry("stop", say("maps.ranked", lang), marker="stop"),
    ]
    shown = Overlay(
        classes=classes,
        legend=legend,
        legend_title=say("maps.legend_base", lang),
        tooltips=lines,
        caption=_caption(ranking.study, lang),
        markers=markers,
        selected=selected,
    )
    return area_map(ground, shown, lang)


def whatif_map(answer: WhatIf, ground: Ground, lang: Language) -> AreaMap:
    """Draw who gains and who loses, with the units added and closed."""
    before, after = answer.before.villages, answer.after.villages
    change = _changes(before, after)
    lines = [
        (say(f"maps.{key}", lang), f"{then} → {now}" if then != now else now)
        for key, then, now in zip(
            change, _durations(before["travel_min"], lang), _durations(after["travel_min"], lang), strict=True
        )
    ]
    markers = _changed_units(answer, lang)
    used = set(change)
    legend = [
        LegendEntry(key, say(f"maps.{key}", lang), color, pattern)  # type: ignore[arg-type]
        for key, color, pattern in _CHANGES
        if key in used
    ]
    shown = Overlay(
        classes=change,
        legend=[*legend, *_symbols(markers, lang)],
        legend_title=say("maps.legend_change", lang),
        tooltips=lines,
        caption=_caption(answer.before.study, lang),
        markers=markers,
    )
    return area_map(ground, shown, lang)


def unit_markers(study: Study, lang: Language) -> list[Marker]:
    """Mark all units; those whose place nobody has verified get a symbol of their own."""
    return [unit_marker(str(id_), row, lang) for id_, row in study.units.iterrows()]


def _changed_units(answer: WhatIf, lang: Language) -> list[Marker]:
    before, after = answer.before.study.units, answer.after.study.units
    stands = {str(id_): (row["lat"], row["lon"]) for id_, row in before.iterrows()}
    markers = [
        unit_marker(str(id_), row, lang, None if stands.get(str(id_)) == (row["lat"], row["lon"]) else "added")
        for id_, row in after.iterrows()
    ]
    stays = {marker.id for marker in markers if marker.kind != "added"}
    return [unit_marker(str(i), row, lang, "closed") for i, row in before.iterrows() if str(i) not in stays] + markers


def _changes(before: pd.DataFrame, after: pd.DataFrame) -> list[str]:
    keys = []
    rows = zip(before["state"], after["state"], before["travel_min"], after["travel_min"], strict=True)
    for then, now, was, becomes in rows:
        if now != then and STATES[0] in (now, then):
            keys.append("gained" if now == STATES[0] else "lost")
        elif becomes != was and now != STATES[2]:
            keys.append("quicker" if becomes < was else "slower")
        else:
            keys.append(now)
    return keys


def _caption(study: Study, lang: Language) -> str:
    return tier_caption(study.boundary_tier, study.travel_tier, lang)


def _symbols(markers: Iterable[Marker], lang: Language) -> tuple[LegendEntry, ...]:
    return marker_legend([marker.kind for marker in markers], lang)


def _travel_classes(minutes: pd.Series) -> list[str]:
    return [travel_class(value) for value in minutes.tolist()]


def _durations(minutes: pd.Series, lang: Language) -> list[str]:
    """Spell each whole number of minutes once: a province has thousands of villages and some hundred values."""
    return [_duration(value, lang) for value in minutes.round().tolist()]


@lru_cache(maxsize=4096)
def _duration(whole_min: float, lang: Language) -> str:
    return format_duration(whole_min, lang)


def _state_words(states: Iterable[str], lang: Language) -> list[str]:
    words = {state: say(f"general.{state}", lang) for state in STATES}
    return [words[state] for state in states]


def _rank_words(rank: float, lang: Language) -> str:
    return "" if pd.isna(rank) else say("maps.rank", lang, rank=int(rank))
