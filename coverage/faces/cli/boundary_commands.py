"""``jangkau data fetch boundaries`` and ``jangkau import boundaries``."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from coverage.faces import listings
from coverage.faces.boundary_lists import unsure_list
from coverage.faces.cli.output import deliver, json_bytes, makers, records, write_file
from coverage.faces.reports.columns import Listing
from coverage.faces.reports.csv_file import csv_bytes
from coverage.ground import codes
from coverage.ground.errors import InputError
from coverage.ground.texts import Language, Message, say
from coverage.places.boundaries.decisions import read_decisions
from coverage.places.boundaries.fetch import Progress
from coverage.places.boundaries.official import FetchReport, fetch_boundaries
from coverage.places.boundaries.own_file import OwnFile, keep, read_own_file
from coverage.places.villages import find_region
from coverage.places.workspace import Workspace, noted

IMPORT_FLAGS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("--crs", {"metavar": "EPSG:KODE"}),
    ("--decide", {"metavar": "FILE.csv", "type": Path}),
    ("--unsure", {"metavar": "FILE.csv", "type": Path}),
)


def run_fetch(given: argparse.Namespace, lang: Language) -> None:
    """Answer ``jangkau data fetch boundaries``."""
    region = find_region(given.region)
    door = Workspace.open(given.workspace)
    report = fetch_boundaries(region.code, door, base_url=given.base_url, watch=_watch(lang))
    title = say("boundaries.fetch_title", lang, region=f"{region.code} {region.name}", path=str(door.path))
    listing = _listing(report.without_polygon, lang)
    notes = [note.text(lang) for note in report.notes()]
    deliver(
        given,
        lang,
        makers(
            listing,
            lang,
            text=lambda: "\n".join([title, *(f"- {note}" for note in notes)]),
            answer=lambda: _fetched(report, lang),
        ),
    )


def run_import(given: argparse.Namespace, lang: Language) -> None:
    """Answer ``jangkau import boundaries``."""
    region = find_region(given.region)
    if region.code == codes.COUNTRY:
        raise InputError(Message.of("boundaries.needs_region"))
    door = Workspace.open(given.workspace)
    path = Path(given.file)
    decisions = read_decisions(given.decide, given.decide.name) if given.decide is not None else {}
    own = read_own_file(path, path.name, region.code, crs=given.crs, decisions=decisions)
    unsure = unsure_list(own, lang)
    if given.unsure is not None:
        write_file(given.unsure, csv_bytes(unsure, dialect="excel-id", lang=lang))
    with noted(command=f"{given.named} {given.kind}"):
        stored = keep(own, door)
    values = {"file": own.name, "villages": stored, "region": f"{region.code} {region.name}", "path": str(door.path)}
    notes = [note.text(lang) for note in own.notes()]

    if given.format == "json":
        sys.stdout.buffer.write(json_bytes(_imported(own, stored, unsure, lang)))
        return
    lines = [say("boundaries.own_title", lang, **values), *(f"- {note}" for note in notes)]
    if not unsure.frame.empty:
        lines += ["", say("boundaries.own_unsure", lang), listings.as_text(unsure, lang, most=len(unsure.frame))]
    print("\n".join(lines))


def _imported(own: OwnFile, stored: int, unsure: Listing, lang: Language) -> dict[str, object]:
    unmatched = own.rows[own.rows["how"] == "unmatched"]
    changed = own.rows[own.rows["state"] != "whole"]
    return {
        "file": own.name,
        "sha256": own.sha256,
        "format": own.kind,
        "layer": own.layer,
        "schema": own.schema,
        "code_system": own.code_system,
        "crs": own.crs,
        "axes_swapped": own.swapped,
        "region": own.region,
        "boundary_tier": "kantor",
        "rows": len(own.rows),
        **own.counts(),
        "stored": stored,
        "unsure_pairs": records(unsure.frame),
        "unmatched_rows": records(unmatched[["row", "code", "name", "district"]]),
        "mended": records(changed[["row", "name", "state", "area_change"]]),
        "overlapping": [{"row": a, "other_row": b, "shared_km2": round(km2, 4)} for a, b, km2 in own.overlapping],
        "villages_without_polygon": records(own.without_polygon),
        "notes": [note.text(lang) for note in own.notes()],
    }


def _listing(villages: pd.DataFrame, lang: Language) -> Listing:
    return Listing([listings.column(key, lang) for key in ("kode", "name")], villages)


def _fetched(report: FetchReport, lang: Language) -> dict[str, object]:
    return {
        "region": report.region,
        "boundary_tier": "resmi",
        "files": report.files,
        "polygons": report.polygons,
        "villages_with_polygon": report.villages,
        "villages_without_polygon": records(report.without_polygon),
        "polygons_without_village": records(report.not_in_list),
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
