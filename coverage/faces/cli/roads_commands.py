"""``jangkau roads``: fetch, import, look at and remove the real roads of a region."""

import sys
from pathlib import Path
from typing import Annotated, Any

from coverage.faces.cli.flag_values import given_file, read_number, read_word_class
from coverage.faces.cli.flags import Answered, Output, Place, each, flag, flag_group
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

_Column = Annotated[str | None, flag(metavar="KOLOM")]


@flag_group
class Fetch:
    """The flags of ``jangkau roads fetch``."""

    place: Place
    overpass_url: Annotated[str | None, flag(metavar="URL")] = None


@flag_group
class Import:
    """The flags of ``jangkau roads import``."""

    place: Place
    snap_m: Annotated[float | None, flag(read_number, metavar="METER")] = None
    class_column: _Column = None
    surface_column: _Column = None
    oneway_column: _Column = None
    name_column: _Column = None
    layer: Annotated[str | None, flag(metavar="NAMA")] = None
    classes: Annotated[
        tuple[tuple[str, str], ...], flag(each(read_word_class), name="--class", metavar="KATA=KELAS")
    ] = ()


@flag_group
class Info:
    """The flags of ``jangkau roads info``."""

    place: Place
    written: Output = Output()


@flag_group
class Remove:
    """The flags of ``jangkau roads remove``."""

    place: Place


def run_fetch(asked: Fetch, *, lang: Answered) -> None:
    """Answer ``jangkau roads fetch``."""
    # OSMnx takes seconds to load, which no other command should wait for.
    from coverage.travel.roads.road_fetch import fetch_roads  # noqa: PLC0415 - see above

    region = find_region(asked.place.region)
    workspace = Workspace.open(asked.place.office.workspace)

    def tell(message: Message) -> None:
        print(message.text(lang), file=sys.stderr, flush=True)

    server: dict[str, Any] = {} if asked.overpass_url is None else {"url": asked.overpass_url}
    _report(fetch_roads(workspace, region.code, tell=tell, **server), workspace, region, lang)


def run_import(
    file: Annotated[Path, flag(given_file, metavar="FILE", text="road_file")], /, asked: Import, *, lang: Answered
) -> None:
    """Answer ``jangkau roads import``."""
    region = find_region(asked.place.region)
    workspace = Workspace.open(asked.place.office.workspace)
    columns = Columns(
        road_class=asked.class_column,
        surface=asked.surface_column,
        one_way=asked.oneway_column,
        name=asked.name_column,
        layer=asked.layer,
        classes=dict(asked.classes),
    )
    _report(import_roads(workspace, file, region.code, snap_m=asked.snap_m, columns=columns), workspace, region, lang)


def run_info(asked: Info, *, lang: Answered) -> None:
    """Answer ``jangkau roads info``."""
    region = find_region(asked.place.region)
    roads = _stored(Workspace.open(asked.place.office.workspace), region.code)
    found = summarise(roads)
    deliver(
        asked.written,
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


def run_remove(asked: Remove, *, lang: Answered) -> None:
    """Answer ``jangkau roads remove``."""
    region = find_region(asked.place.region)
    workspace = Workspace.open(asked.place.office.workspace)
    if not remove_roads(workspace, region.code):
        raise _none_stored(workspace, region.code)
    print(say("roads.removed", lang, region=f"{region.code} {region.name}", path=str(workspace.path)))


def _stored(workspace: Workspace, region: str) -> Roads:
    for roads in stored_roads(workspace):
        if roads.source.region == region:
            return roads
    raise _none_stored(workspace, region)


def _none_stored(workspace: Workspace, region: str) -> InputError:
    held = ", ".join(roads.source.region for roads in stored_roads(workspace))
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


def _report(imported: Imported, workspace: Workspace, region: Region, lang: Language) -> None:
    """Print what an import brought, and what the planner must know about it."""
    found = summarise(imported.roads)
    lines = [*road_lines(imported.roads, found, region, lang), "", *road_table(imported.roads, found, region, lang)]
    notes = [f"- {note.text(lang)}" for note in import_notes(imported, found, region)]
    print("\n".join([*lines, "", *notes, say("roads.saved", lang, path=str(workspace.path))]))
