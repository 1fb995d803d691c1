"""``jangkau roads``: fetch, import, look at and remove the real roads of a region."""

import argparse
import sys

import pandas as pd

from coverage.faces import listings
from coverage.faces.cli.output import deliver, makers, plain
from coverage.faces.reports.columns import Column, Listing
from coverage.ground.errors import InputError
from coverage.ground.quantities import format_km
from coverage.ground.texts import Language, Message, say
from coverage.places.villages import Region, find_region
from coverage.places.workspace import Workspace
from coverage.travel.roads.importing import Imported, import_roads
from coverage.travel.roads.lines import Columns
from coverage.travel.roads.model import CLASSES, Roads
from coverage.travel.roads.store import remove_roads, stored_roads
from coverage.travel.roads.summary import Summary, summarise
from coverage.travel.roads.topology import STEPS_M

_MOST = 0.9
"""Share below which a planner is warned that many places will not be connected."""


def run_fetch(given: argparse.Namespace, lang: Language) -> None:
    """Answer ``jangkau roads fetch``."""
    # OSMnx takes seconds to load, which no other command should wait for.
    from coverage.travel.roads.fetch import fetch_roads  # noqa: PLC0415 - see above

    region = find_region(given.region)
    door = Workspace.open(given.workspace)

    def tell(message: Message) -> None:
        print(message.text(lang), file=sys.stderr, flush=True)

    asked = {} if given.overpass_url is None else {"url": given.overpass_url}
    _report(fetch_roads(door, region.code, tell=tell, **asked), door, region, lang)


def run_import(given: argparse.Namespace, lang: Language) -> None:
    """Answer ``jangkau roads import``."""
    region = find_region(given.region)
    door = Workspace.open(given.workspace)
    columns = Columns(
        road_class=given.class_column,
        surface=given.surface_column,
        one_way=given.oneway_column,
        name=given.name_column,
        layer=given.layer,
        classes=dict(given.classes),
    )
    _report(import_roads(door, given.file, region.code, snap_m=given.snap_m, columns=columns), door, region, lang)


def run_info(given: argparse.Namespace, lang: Language) -> None:
    """Answer ``jangkau roads info``."""
    region = find_region(given.region)
    roads = _stored(Workspace.open(given.workspace), region.code)
    found = summarise(roads)
    deliver(
        given,
        lang,
        makers(
            _listing(found, region, roads, lang),
            lang,
            text=lambda: "\n".join(_lines(roads, found, region, lang)),
            answer=lambda: _answer(roads, found),
        ),
    )


def run_remove(given: argparse.Namespace, lang: Language) -> None:
    """Answer ``jangkau roads remove``."""
    region = find_region(given.region)
    door = Workspace.open(given.workspace)
    if not remove_roads(door, region.code):
        raise _none_stored(door, region.code)
    print(say("roads.removed", lang, region=f"{region.code} {region.name}", path=str(door.path)))


def _stored(door: Workspace, region: str) -> Roads:
    for roads in stored_roads(door):
        if roads.source.region == region:
            return roads
    raise _none_stored(door, region)


def _none_stored(door: Workspace, region: str) -> InputError:
    held = ", ".join(roads.source.region for roads in stored_roads(door))
    return InputError(Message.of("roads.none_stored", region=region, held=held or Message.of("roads.none_held")))


def _answer(roads: Roads, found: Summary) -> dict[str, object]:
    source = roads.source
    return {
        "region": source.region,
        "source": source.name,
        "kind": source.kind,
        "date": None if source.date is None else source.date.isoformat(),
        "imported": source.imported.isoformat(),
        "nodes": found.nodes,
        "edges": found.edges,
        "one_way_edges": found.one_way_edges,
        "km_by_class": {name: plain(km, 3) for name, km in found.km_by_class.items()},
        "ferries": found.ferries,
        "components": found.components,
        "component_km": [plain(km, 3) for km in found.component_km],
        "largest_component_share": plain(found.largest_component_share),
        "villages": found.villages,
        "villages_within_limit": found.villages_within_limit,
        "snap_m": plain(source.snap_m),
        "joined_ends": source.joined_ends,
        "dropped": dict(source.dropped),
    }


def _listing(found: Summary, region: Region, roads: Roads, lang: Language) -> Listing:
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
        title=_title(roads, region, lang),
    )


def _title(roads: Roads, region: Region, lang: Language) -> str:
    return say("roads.title", lang, region=f"{region.code} {region.name}", source=roads.source.name)


def _lines(roads: Roads, found: Summary, region: Region, lang: Language) -> list[str]:
    source = roads.source
    counts = "; ".join(say(f"roads.dropped_{reason}", lang, count=count) for reason, count in source.dropped.items())
    lines = [
        _title(roads, region, lang) + ".",
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
    return [*lines, "", listings.as_text(_listing(found, region, roads, lang), lang)]


def _report(imported: Imported, door: Workspace, region: Region, lang: Language) -> None:
    """Print what an import brought, and what the planner must know about it."""
    roads = imported.roads
    found = summarise(roads)
    lines = _lines(roads, found, region, lang)
    notes = [note.text(lang) for note in imported.notes]
    if found.villages_within_limit < _MOST * found.villages:
        away = found.villages - found.villages_within_limit
        notes.append(say("roads.few_villages", lang, away=away, villages=found.villages, region=region.code))
    if found.largest_component_share < _MOST:
        notes.append(say("roads.in_pieces", lang, largest_share=found.largest_component_share))
    if imported.ends.near[STEPS_M[-1]]:
        notes.append(say("roads.near_misses", lang, **imported.ends.counts()))
    print("\n".join([*lines, "", *(f"- {note}" for note in notes), say("roads.saved", lang, path=str(door.path))]))
