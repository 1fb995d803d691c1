"""The stored roads of a region in words and as a table, shared by the command line and the dashboard."""

import pandas as pd

from coverage.faces.words import answer_listings
from coverage.faces.words.columns import Column, Listing
from coverage.ground.quantities import format_km
from coverage.ground.texts import Language, Message, say
from coverage.places.villages import Region
from coverage.travel.roads.importing import Imported
from coverage.travel.roads.road_network import CLASSES, Roads
from coverage.travel.roads.road_summary import Summary
from coverage.travel.roads.topology import STEPS_M

__all__ = ["import_notes", "road_lines", "road_list", "road_table", "road_title"]

_MOST = 0.9
"""Share below which a planner is warned that many places will not be connected."""


def road_list(roads: Roads, found: Summary, region: Region, lang: Language) -> Listing:
    """List edges and kilometres by class of road."""
    table = pd.DataFrame(
        {
            "road_class": list(found.km_by_class),
            "edges": list(found.edges_by_class.values()),
            "length": list(found.km_by_class.values()),
        }
    )
    return Listing(
        [
            Column(
                "road_class",
                say("roads.column_class", lang),
                words={name: f"{say(f'roads.class_{name}', lang)} ({name})" for name in CLASSES},
            ),
            Column("edges", say("roads.column_edges", lang), "integer"),
            Column("length", say("roads.column_km", lang), "decimal", decimals=1),
        ],
        table,
        title=road_title(roads, region, lang),
    )


def road_title(roads: Roads, region: Region, lang: Language) -> str:
    """Say whose roads, and where they come from."""
    return say("roads.title", lang, region=f"{region.code} {region.name}", source=roads.source.name)


def road_lines(roads: Roads, found: Summary, region: Region, lang: Language) -> list[str]:
    """Say in sentences how old, how large and how connected the roads are, and what was left out."""
    source = roads.source
    counts = "; ".join(say(f"roads.dropped_{reason}", lang, count=count) for reason, count in source.dropped.items())
    lines = [
        road_title(roads, region, lang) + ".",
        say(
            "roads.dates",
            lang,
            date=source.date if source.date is not None else say("roads.date_unknown", lang),
            imported=source.imported,
        ),
        say(
            "roads.size",
            lang,
            nodes=found.nodes,
            edges=found.edges,
            one_way=found.one_way_edges,
            length_km=float(roads.km.sum()),
            ferries=found.ferries,
        ),
        say(
            "roads.parts",
            lang,
            components=found.components,
            largest_share=found.largest_component_share,
            longest="; ".join(format_km(km, lang) for km in found.component_km),
        ),
        say("roads.villages_near", lang, near=found.villages_within_limit, villages=found.villages),
    ]
    if source.snap_m:
        lines.append(say("roads.joined", lang, snap=source.snap_m, joined=source.joined_ends))
    lines.append(say("roads.left_out", lang, counts=counts) if counts else say("roads.left_out_nothing", lang))
    return lines


def road_table(roads: Roads, found: Summary, region: Region, lang: Language) -> list[str]:
    """Lay the list by class out as text."""
    return [answer_listings.as_text(road_list(roads, found, region, lang), lang)]


def import_notes(imported: Imported, found: Summary, region: Region) -> tuple[Message, ...]:
    """Say what a planner must know of roads that were just imported."""
    notes = list(imported.notes)
    if found.villages_within_limit < _MOST * found.villages:
        away = found.villages - found.villages_within_limit
        notes.append(Message.of("roads.few_villages", away=away, villages=found.villages, region=region.code))
    if found.largest_component_share < _MOST:
        notes.append(Message.of("roads.in_pieces", largest_share=found.largest_component_share))
    if imported.ends.near[STEPS_M[-1]]:
        notes.append(Message.of("roads.near_misses", **imported.ends.counts()))
    return tuple(notes)
