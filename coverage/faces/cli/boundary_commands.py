"""``jangkau data fetch boundaries`` and ``jangkau import boundaries``."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pandas as pd

from coverage.faces.cli.flag_values import given_file
from coverage.faces.cli.flags import Answered, GivenFile, Output, Place, flag, flag_group
from coverage.faces.cli.output import deliver, json_bytes, makers, records, write_file
from coverage.faces.files.csv_file import csv_bytes
from coverage.faces.files.xlsx_file import xlsx_bytes
from coverage.faces.words import answer_listings
from coverage.faces.words.boundary_lists import fault_list, shuffled_list, unsure_list
from coverage.faces.words.columns import Listing
from coverage.ground import codes
from coverage.ground.downloads.files import Progress
from coverage.ground.errors import InputError
from coverage.ground.texts import Language, Message, say
from coverage.places.boundaries import boundary_store
from coverage.places.boundaries.boundary_upstream import DEFAULT_BASE_URL
from coverage.places.boundaries.decisions import read_code_decisions, read_decisions
from coverage.places.boundaries.disputed import replaced_note, replaced_sources
from coverage.places.boundaries.official import FetchReport, fetch_boundaries
from coverage.places.boundaries.own_file import OwnFile, ToldOfFile, keep, read_own_file
from coverage.places.tables.area_codes import System
from coverage.places.villages import find_region
from coverage.places.workspace import Workspace, doing, noted


@flag_group
class Fetch:
    """The flags of ``jangkau data fetch boundaries``."""

    place: Place
    base_url: Annotated[str, flag(metavar="URL")] = DEFAULT_BASE_URL
    decide: Annotated[GivenFile, flag(text="decide_codes")] = None
    unsure: Annotated[Path | None, flag(Path, metavar="FILE.csv", text="unsure_codes")] = None
    written: Output = Output()


@flag_group
class OnlyBoundaries:
    """The flags of ``jangkau import`` that boundaries alone look at."""

    crs: Annotated[str | None, flag(metavar="EPSG:KODE")] = None
    layer: Annotated[str, flag(metavar="NAMA", text="boundary_layer")] = ""
    decide: GivenFile = None
    unsure: Annotated[Path | None, flag(Path, metavar="FILE.csv")] = None


@dataclass(frozen=True)
class OwnBoundaries:
    """A file of boundaries to import, and how.

    Attributes
    ----------
    place
        The region whose villages the polygons are of.
    file
        As it was given.
    only
        What is asked of boundaries alone.
    codes
        Whose codes those without dots are.
    source
        What to name as the source; "" for the name of the file.
    faults
        Where to write what is wrong in the file.
    accepted, dry_run
        Whether others' polygons may go, and whether to look only.
    as_json
        Whether to answer as JSON.
    """

    place: Place
    file: str
    only: OnlyBoundaries
    codes: System | None
    source: str
    faults: Path | None
    accepted: bool
    dry_run: bool
    as_json: bool


def run_fetch(asked: Fetch, *, lang: Answered) -> None:
    """Answer ``jangkau data fetch boundaries``."""
    region = find_region(asked.place.region)
    workspace = Workspace.open(asked.place.office.workspace)
    decisions = read_code_decisions(asked.decide, asked.decide.name) if asked.decide is not None else {}
    report = fetch_boundaries(region.code, workspace, base_url=asked.base_url, decisions=decisions, watch=_watch(lang))
    shuffled = shuffled_list(report, lang)
    if asked.unsure is not None:
        write_file(asked.unsure, csv_bytes(shuffled, dialect="excel-id", lang=lang))
    title = say("boundaries.fetch_title", lang, region=f"{region.code} {region.name}", path=str(workspace.path))
    listing = _listing(report.without_polygon, lang)
    notes = [note.text(lang) for note in report.notes()]
    deliver(
        asked.written,
        lang,
        makers(
            listing,
            lang,
            text=lambda: "\n".join([title, *(f"- {note}" for note in notes)]),
            answer=lambda: _fetched(report, lang),
        ),
    )


def import_boundaries(given: OwnBoundaries, lang: Language) -> None:
    """Answer ``jangkau import boundaries``.

    Raises
    ------
    InputError
        If the file cannot be read, nothing matches, or polygons of another source would go and no yes was given: then
        nothing is written.
    """
    region = find_region(given.place.region).code
    workspace = Workspace.open(given.place.office.workspace)
    path = given_file(given.file)
    only = given.only
    decisions = read_decisions(only.decide, only.decide.name) if only.decide is not None else {}
    own = read_own_file(
        path,
        path.name,
        None if region == codes.COUNTRY else region,
        ToldOfFile(only.crs, only.layer, given.codes),
        decisions=decisions,
    )
    unsure = unsure_list(own, lang)
    if only.unsure is not None:
        write_file(only.unsure, csv_bytes(unsure, dialect="excel-id", lang=lang))
    if given.faults is not None:
        write_file(given.faults, xlsx_bytes(fault_list(own, lang), lang=lang))
    replaced = boundary_store.replaced(workspace, own.matched()["kode"])
    others = replaced[replaced["source"] != (given.source or own.name)]
    matched = not own.matched().empty
    done = matched and not given.dry_run and (others.empty or given.accepted)
    said = [replaced_note(replaced).text(lang)] if not replaced.empty else []
    if done:
        with noted(command=f"{doing()} boundaries"):
            keep(own, workspace, source=given.source)
    if given.as_json:
        answer = _imported(own, unsure, lang) | {
            "stored": len(own.matched()) if done else 0,
            "written": done,
            "replaced": records(replaced),
        }
        answer["notes"] = [*said, *(note.text(lang) for note in own.notes())]
        sys.stdout.buffer.write(json_bytes(answer))
    else:
        print(_told(own, said, unsure, lang, path=str(workspace.path) if done else ""))
    # What is unsure was told first: where nothing matches, that is all there is to decide.
    own.require_matches()
    if not done and not given.dry_run:
        which = replaced_sources(others)
        raise InputError(Message.of("boundaries.needs_yes", file=own.name, count=len(others), which=which))


def _told(own: OwnFile, said: list[str], unsure: Listing, lang: Language, *, path: str) -> str:
    region = f"{own.region} {find_region(own.region).name}"
    values = {"file": own.name, "villages": len(own.matched()), "region": region, "path": path}
    lines = [say("boundaries.own_title" if path else "boundaries.own_dry", lang, **values)]
    lines += [f"- {note}" for note in (*said, *(note.text(lang) for note in own.notes()))]
    if not unsure.frame.empty:
        lines += ["", say("boundaries.own_unsure", lang), answer_listings.as_text(unsure, lang, most=len(unsure.frame))]
    return "\n".join(lines)


def _imported(own: OwnFile, unsure: Listing, lang: Language) -> dict[str, object]:
    unmatched = own.rows[own.rows["how"] == "unmatched"]
    changed = own.rows[own.rows["state"] != "whole"]
    return {
        "file": own.name,
        "sha256": own.sha256,
        "format": own.kind,
        "layers": list(own.layers),
        "other_layers": list(own.other_layers),
        "schema": own.schema,
        "code_system": own.code_system,
        "crs": own.crs,
        "axes_swapped": own.swapped,
        "region": own.region,
        "boundary_tier": "kantor",
        "rows": len(own.rows),
        **own.counts(),
        "unsure_pairs": records(unsure.frame),
        "unmatched_rows": records(unmatched[["row", "code", "name", "district"]]),
        "mended": records(changed[["row", "name", "state", "area_change"]]),
        "overlapping": [{"row": a, "other_row": b, "shared_km2": round(km2, 4)} for a, b, km2 in own.overlapping],
        "villages_without_polygon": records(own.without_polygon),
        "notes": [note.text(lang) for note in own.notes()],
    }


def _listing(villages: pd.DataFrame, lang: Language) -> Listing:
    return Listing([answer_listings.column(key, lang) for key in ("kode", "name")], villages)


def _fetched(report: FetchReport, lang: Language) -> dict[str, object]:
    return {
        "region": report.region,
        "boundary_tier": "resmi",
        "files": report.files,
        "polygons": report.polygons,
        "villages_with_polygon": report.villages,
        "villages_without_polygon": records(report.without_polygon),
        "polygons_without_village": records(report.not_in_list),
        "shuffled": records(report.shuffled.drop(columns="shuffled", errors="ignore")),
        "exchanged": records(report.exchanged.drop(columns="shuffled", errors="ignore")),
        "far": records(report.far.drop(columns="shuffled", errors="ignore")),
        "replaced_of_office": records(report.replaced),
        "recoded": records(report.recoded),
        "renamed": records(report.renamed),
        "mended": records(report.mended),
        "unreadable": [
            {"kode": row.kode, "name": row.name, "problem": row.problem.text(lang)} for row in report.unreadable
        ],
        "overlapping": [{"kode": a, "other_kode": b, "shared_km2": round(km2, 4)} for a, b, km2 in report.overlapping],
        "regencies_without_file": list(report.without_file),
        "notes": [note.text(lang) for note in report.notes()],
    }


def _watch(lang: Language) -> Callable[[Progress], None]:
    """Tell each file as it begins, where somebody is looking."""
    told: set[str] = set()

    def watch(progress: Progress) -> None:
        if progress.name and progress.name not in told and sys.stderr.isatty():
            told.add(progress.name)
            values = {"name": progress.name, "done": progress.done + 1, "files": progress.files}
            print(say("boundaries.progress", lang, **values), file=sys.stderr)

    return watch
