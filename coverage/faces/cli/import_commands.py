"""``jangkau import`` and ``jangkau template``: tables of offices, previewed, then written after a yes."""

import argparse
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from coverage.faces.cli import boundary_commands
from coverage.faces.cli.flags import given_file
from coverage.faces.cli.output import json_bytes, write_file
from coverage.faces.files.import_files import marked_bytes, mending, released, template_bytes, written
from coverage.faces.files.registry import FORMATS
from coverage.ground.errors import InputError
from coverage.ground.texts import Language, Message, say
from coverage.places.importing import KINDS, KINDS_OF_FIX, Asked, Preview, commit, preview
from coverage.places.importing.import_clients import ClientPreview
from coverage.places.releases import MOST
from coverage.places.tables import FIXES, together
from coverage.places.tables.areas import SYSTEMS
from coverage.places.tables.column_cells import DATE_ORDERS, DECIMALS, Ways
from coverage.places.tables.coordinates import ZONES
from coverage.places.tables.table_files import MAX_BYTES
from coverage.places.villages import find_region
from coverage.places.workspace import Workspace, noted

_PASTED = "-"
_BOUNDARIES = "boundaries"
_ALL = "all"
_MOST_SHOWN = 30
_Flag = Mapping[str, Any]
_SWITCH: _Flag = {"action": "store_true"}


def _column(text: str) -> tuple[str, str]:
    """Read which column of the file is meant: ``penduduk=E``.

    Raises
    ------
    argparse.ArgumentTypeError
        If there is no name on both sides of the sign.
    """
    column, sign, where = text.partition("=")
    if not (sign and column.strip() and where.strip()):
        raise argparse.ArgumentTypeError(text)
    return column.strip().casefold(), where.strip()


IMPORT_FLAGS: tuple[tuple[str, _Flag], ...] = (
    ("kind", {"choices": (*KINDS, _BOUNDARIES), "metavar": "KIND"}),
    ("file", {"metavar": "FILE"}),
    ("--region", {"default": "ID", "metavar": "KODE"}),
    ("--yes", _SWITCH),
    ("--good-rows-only", _SWITCH),
    ("--dry-run", _SWITCH),
    ("--faults", {"type": Path, "metavar": "FILE.xlsx"}),
    ("--sheet", {"default": "", "metavar": "NAMA"}),
    ("--date-order", {"choices": DATE_ORDERS}),
    ("--decimal", {"choices": DECIMALS}),
    ("--codes", {"choices": SYSTEMS}),
    ("--swap", _SWITCH),
    ("--fix", {"action": "append", "default": [], "choices": (*FIXES, _ALL)}),
    ("--utm-zone", {"default": "", "type": str.upper, "choices": ("", *ZONES), "metavar": "51S"}),
    ("--column", {"action": "append", "default": [], "type": _column, "metavar": "KOLOM=HURUF"}),
    ("--year", {"type": int, "metavar": "TAHUN"}),
    ("--period", {"default": "", "metavar": "PERIODE"}),
    ("--reason", {"default": "", "metavar": "ALASAN"}),
    ("--source", {"default": "", "metavar": "SUMBER"}),
    ("--format", {"choices": FORMATS.words("list", "text", "json"), "default": "text"}),
    *boundary_commands.IMPORT_FLAGS,
)
_TABLES_WITH_CODES = ("units", "visits", "population", "vulnerability", "clients")
ONLY_FOR: Mapping[str, tuple[str, ...]] = {
    "--sheet": KINDS,
    "--column": KINDS,
    "--date-order": ("units", "visits"),
    "--decimal": ("units", "population", "clients", "ferries", "targets"),
    "--codes": (*_TABLES_WITH_CODES, _BOUNDARIES),
    "--swap": ("units",),
    "--fix": tuple(kind for kind in KINDS if any(kind in kinds for kinds in KINDS_OF_FIX.values())),
    "--utm-zone": ("units",),
    "--year": ("population", "vulnerability", "clients"),
    "--period": ("clients", "targets"),
    "--reason": ("clients",),
    "--source": ("population", "vulnerability", "targets", _BOUNDARIES),
    **{flag: (_BOUNDARIES,) for flag, _ in boundary_commands.IMPORT_FLAGS},
}
"""Flags that not every kind of import looks at, and the kinds that do; the others refuse them."""

TEMPLATE_FLAGS: tuple[tuple[str, _Flag], ...] = (
    ("kind", {"choices": KINDS, "metavar": "KIND"}),
    ("--output", {"required": True, "type": Path, "metavar": "FILE.xlsx", "endings": (".xlsx",)}),
)


def add_commands(add: Callable[..., None]) -> None:
    """Add the commands of this module to the parser."""
    add("import", run_import, *IMPORT_FLAGS)
    add("template", run_template, *TEMPLATE_FLAGS)


def run_import(given: argparse.Namespace, lang: Language) -> None:
    """Answer ``jangkau import``.

    Raises
    ------
    InputError
        If the file cannot be read, or has faults and no yes was given: then nothing is written.
    """
    _refuse_idle_flags(given)
    if given.kind == _BOUNDARIES:
        boundary_commands.run_import(given, lang)
        return
    asked = Asked(
        region=find_region(given.region).code,
        ways=Ways(given.decimal, given.date_order),
        swap=given.swap,
        zone=given.utm_zone,
        system=given.codes,
        sheet=given.sheet,
        year=given.year,
        period=given.period,
        reason=given.reason,
        source=given.source,
        columns=dict(given.column),
        fixes=frozenset(FIXES if _ALL in given.fix else given.fix),
    )
    door = Workspace.open(given.workspace)
    raw, name = _content(given.file)
    found = preview(given.kind, raw, name, asked)
    if given.faults is not None and found.faults:
        write_file(given.faults, marked_bytes(found, lang))
    accepted = given.yes or given.good_rows_only or not found.faults
    done = accepted and not given.dry_run and not found.open_question and found.imported > 0
    if done:
        with noted(command=f"{given.named} {given.kind}"):
            commit(found, door)
    report = _report(found, lang, written=done)
    if given.format == "json":
        sys.stdout.buffer.write(json_bytes(report))
    else:
        print(_text(found, lang, path=str(door.path) if done else ""))
    if not done and not given.dry_run:
        key = "imports.nothing_good" if accepted else "imports.not_written"
        key = "imports.question" if found.open_question else key
        raise InputError(Message.of(key, file=name, faults=len(found.faults)))


def _refuse_idle_flags(given: argparse.Namespace) -> None:
    """Refuse what would be passed over in silence."""
    usual = {flag: how.get("default", False if "action" in how else None) for flag, how in IMPORT_FLAGS}
    faults = [
        Message.of("imports.flag_not_for", flag=flag, kind=given.kind, kinds=", ".join(kinds))
        for flag, kinds in ONLY_FOR.items()
        if given.kind not in kinds and getattr(given, flag.lstrip("-").replace("-", "_")) != usual[flag]
    ]
    faults = faults or [
        Message.of("imports.flag_not_for", flag=f"--fix {fix}", kind=given.kind, kinds=", ".join(KINDS_OF_FIX[fix]))
        for fix in given.fix
        if given.kind not in KINDS_OF_FIX.get(fix, KINDS)
    ]
    if faults:
        raise InputError(*faults)


def _content(text: str) -> tuple[bytes, str]:
    """Read a file, or what was pasted to standard input."""
    if text == _PASTED:
        return sys.stdin.buffer.read(MAX_BYTES + 1), "stdin"
    path = given_file(text)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(Message.of("tables.too_large", file=path.name, limit=MAX_BYTES // 1024 // 1024))
        return path.read_bytes(), path.name
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(Message.of("tables.unreadable", file=path.name)) from error


def _report(found: Preview, lang: Language, *, written: bool) -> dict[str, object]:
    report: dict[str, object] = {
        "kind": found.kind,
        "file": found.file,
        "rows": found.rows,
        "imported": found.imported if written else 0,
        "good": found.imported,
        "skipped": found.skipped,
        "written": written,
        "faults": [
            {
                "row": fault.row,
                "column": fault.column,
                "value": fault.value,
                "problem": fault.problem.text(lang),
                "remedy": fault.remedy.text(lang),
                **({"fix": fault.fix, "becomes": fault.becomes} if fault.fix else {}),
            }
            for fault in found.faults
        ],
        "mended": [vars(one) for one in found.mended],
        "detected": [told.text(lang) for told in found.detected],
        "matched_by_code": found.by_code,
        "matched_by_name": found.by_name,
        "unsure": [{"row": one.row, "value": one.value, "kode": one.kode} for one in found.unsure],
        "unmatched": found.unmatched,
        "unread": list(found.unread),
    }
    if isinstance(found, ClientPreview):
        report["dropped"] = list(found.dropped)
        report["period"] = found.period
        # What is shown of a safe table counts as a release, and only what is written is counted.
        report["released"] = found.safe[["area", "level", "clients"]].to_dict("records") if written else []
    return report


def _text(found: Preview, lang: Language, *, path: str) -> str:
    lines = [say("imports.read", lang, file=found.file, rows=found.rows, good=found.imported, skipped=found.skipped)]
    lines += [f"- {told.text(lang)}" for told in found.detected]
    if found.by_code or found.by_name or found.unmatched:
        matched = {"by_code": found.by_code, "by_name": found.by_name, "unmatched": found.unmatched}
        lines.append(say("imports.matched", lang, **matched, unsure=len(found.unsure)))
    if isinstance(found, ClientPreview):
        lines += released(found, lang) if path else [say("imports.released_later", lang, most=MOST)]
    groups = together(found.faults)
    lines += [group.message.text(lang) for group in groups[:_MOST_SHOWN]]
    if rest := sum(len(group.faults) for group in groups[_MOST_SHOWN:]):
        lines.append(say("imports.more_faults", lang, rest=rest))
    lines += mending(found, lang, pressed=False)
    lines.append(written(found, path, lang) if path else say("imports.kept", lang))
    return "\n".join(lines)


def run_template(given: argparse.Namespace, lang: Language) -> None:
    """Answer ``jangkau template``.

    Raises
    ------
    InputError
        If the file does not end in .xlsx or cannot be written.
    """
    path: Path = given.output
    if path.suffix.lower() != ".xlsx":
        raise InputError(Message.of("cli.unknown_ending", path=path.name, endings=".xlsx"))
    write_file(path, template_bytes(given.kind, lang))
    print(say("cli.written", lang, path=str(path)))
