"""The command ``jangkau workspace``: what the office's workspace holds, its log, and a backup."""

import sys
from pathlib import Path
from typing import Annotated

import pandas as pd

from coverage.faces.cli.flags import Answered, Office, flag, flag_group, format_flag, output_flag
from coverage.faces.cli.output import deliver, json_bytes
from coverage.faces.files.all_formats import FORMATS
from coverage.faces.words import answer_listings
from coverage.faces.words.columns import Column, Listing
from coverage.ground.texts import Language, say
from coverage.places.workspace import Contents, Workspace

_LAST_ENTRIES = 10
_NOT_PLAIN = ("hidden_visits", "hidden_ferries", "hidden_targets")


@flag_group
class Listed:
    """In which format it is told what a workspace holds, and where to."""

    format: Annotated[str | None, format_flag(FORMATS.words("list", "text", "json"))] = None
    output: Annotated[Path | None, output_flag((".json", ".txt"))] = None


@flag_group
class WorkspaceAsked:
    """The flags of ``jangkau workspace``."""

    office: Office = Office()
    backup: Annotated[Path | None, flag(Path, metavar="FILE.gpkg")] = None
    written: Listed = Listed()


_USUAL = WorkspaceAsked()


def run(asked: WorkspaceAsked = _USUAL, *, lang: Answered) -> None:
    """Answer ``jangkau workspace``; ``--backup`` writes a whole copy first."""
    workspace = Workspace.open(asked.office.workspace)
    if asked.backup is not None:
        workspace.backup(asked.backup)
        print(say("cli.backup_written", lang, path=str(asked.backup)), file=sys.stderr)
    held = workspace.contents(_LAST_ENTRIES)
    deliver(
        asked.written,
        lang,
        {
            "text": lambda: bytes(_text(str(workspace.path), held, lang) + "\n", "utf-8"),
            "json": lambda: json_bytes(_answer(str(workspace.path), held)),
        },
    )


def _layers(held: Contents) -> list[dict[str, object]]:
    return [
        {"layer": one.layer.name, "geometry": one.layer.geometry.lower() or None, "rows": one.rows}
        for one in held.layers
    ]


def _entries(held: Contents) -> list[dict[str, object]]:
    return [
        {
            "at": entry.at,
            "by": entry.command,
            "layers": entry.layers,
            "rows": entry.rows,
            "file_sha256": entry.file_sha256 or None,
            "role": entry.role or None,
        }
        for entry in held.log
    ]


def _answer(path: str, held: Contents) -> dict[str, object]:
    return {
        "workspace": path,
        "schema_version": held.version,
        "changes": held.changes,
        "layers": _layers(held),
        "log": _entries(held),
    }


def _text(path: str, held: Contents, lang: Language) -> str:
    if not held.layers and not held.log:
        return say("cli.workspace_none", lang, path=path)
    return "\n".join(
        [
            say("cli.workspace_head", lang, path=path, schema=held.version, changes=held.changes),
            "",
            _laid_out([row | {"layer": _called(str(row["layer"]), lang)} for row in _layers(held)], lang),
            "",
            say("cli.workspace_log", lang),
            _laid_out(_entries(held), lang),
        ]
    )


def _called(layer: str, lang: Language) -> str:
    """Say what a layer is whose name alone does not tell."""
    return say(f"cli.held_{layer}", lang) if layer in _NOT_PLAIN else layer


def _laid_out(rows: list[dict[str, object]], lang: Language) -> str:
    table = pd.DataFrame(rows)
    columns = [
        Column(key, say(f"cli.held_{key}", lang), "integer" if key == "rows" else "text")
        for key in map(str, table.columns)
    ]
    return answer_listings.as_text(Listing(columns, table), lang)
