"""``jangkau roads``: fetch, import, look at and remove the real roads of a region."""

import argparse
import sys

from coverage.faces.cli.output import deliver, makers, plain
from coverage.faces.words.road_listing import import_notes, road_lines, road_list, road_table
from coverage.ground.errors import InputError
from coverage.ground.texts import Language, Message, say
from coverage.places.villages import Region, find_region
from coverage.places.workspace import Workspace
from coverage.travel.roads.importing import Imported, import_roads
from coverage.travel.roads.lines import Columns
from coverage.travel.roads.road_network import Roads
from coverage.travel.roads.road_store import remove_roads, stored_roads
from coverage.travel.roads.road_summary import Summary, summarise


def run_fetch(given: argparse.Namespace, lang: Language) -> None:
    """Answer ``jangkau roads fetch``."""
    # OSMnx takes seconds to load, which no other command should wait for.
    from coverage.travel.roads.road_fetch import fetch_roads  # noqa: PLC0415 - see above

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
            road_list(roads, found, region, lang),
            lang,
            text=lambda: "\n".join(
                [*road_lines(roads, found, region, lang), "", *road_table(roads, found, region, lang)]
            ),
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


def _report(imported: Imported, door: Workspace, region: Region, lang: Language) -> None:
    """Print what an import brought, and what the planner must know about it."""
    found = summarise(imported.roads)
    lines = [*road_lines(imported.roads, found, region, lang), "", *road_table(imported.roads, found, region, lang)]
    notes = [f"- {note.text(lang)}" for note in import_notes(imported, found, region)]
    print("\n".join([*lines, "", *notes, say("roads.saved", lang, path=str(door.path))]))
