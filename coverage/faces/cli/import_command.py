"""``jangkau import``: tables of offices, previewed, then written after a yes."""

import sys
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Annotated

from coverage.faces.cli.boundary_commands import OnlyBoundaries, OwnBoundaries, import_boundaries
from coverage.faces.cli.flag_values import given_file
from coverage.faces.cli.flags import (
    Answered,
    Office,
    Place,
    Reader,
    Region,
    Switch,
    each,
    flag,
    flag_group,
    format_flag,
)
from coverage.faces.cli.output import json_bytes, write_file
from coverage.faces.files.all_formats import FORMATS
from coverage.faces.files.import_files import marked_bytes, mending, released, written
from coverage.ground import codes
from coverage.ground.errors import InputError
from coverage.ground.texts import Language, Message, say
from coverage.places.importing import KINDS, KINDS_OF_FIX, Asked, Preview, commit, preview
from coverage.places.importing.import_clients import ClientPreview
from coverage.places.releases import MOST
from coverage.places.tables.area_codes import System
from coverage.places.tables.areas import SYSTEMS
from coverage.places.tables.column_cells import DATE_ORDERS, DECIMALS, DateOrder, Decimal, Ways
from coverage.places.tables.coordinates import ZONES
from coverage.places.tables.faults import FIXES, together
from coverage.places.tables.table_files import MAX_BYTES
from coverage.places.villages import find_region
from coverage.places.workspace import Workspace, doing, noted

_PASTED = "-"
_BOUNDARIES = "boundaries"
_ALL = "all"
_MOST_SHOWN = 30


def _column(text: str) -> tuple[str, str]:
    """Read which column of the file is meant: ``penduduk=E``.

    Raises
    ------
    ValueError
        If there is no name on both sides of the sign.
    """
    column, sign, where = text.partition("=")
    if not (sign and column.strip() and where.strip()):
        raise ValueError(text)
    return column.strip().casefold(), where.strip()


@flag_group
class Reading:
    """How the cells of a table are meant, where they can mean more than one thing."""

    sheet: Annotated[str, flag(metavar="NAMA")] = ""
    date_order: Annotated[DateOrder | None, flag(choices=DATE_ORDERS)] = None
    decimal: Annotated[Decimal | None, flag(choices=DECIMALS)] = None
    codes: Annotated[System | None, flag(choices=SYSTEMS)] = None
    swap: Switch = False
    fix: Annotated[tuple[str, ...], flag(choices=(*FIXES, _ALL))] = ()
    utm_zone: Annotated[str, flag(Reader(str.upper, choices=("", *ZONES)), metavar="51S")] = ""
    column: Annotated[tuple[tuple[str, str], ...], flag(each(_column), metavar="KOLOM=HURUF")] = ()
    year: Annotated[int | None, flag(int, metavar="TAHUN")] = None
    period: Annotated[str, flag(metavar="PERIODE")] = ""
    reason: Annotated[str, flag(metavar="ALASAN")] = ""
    source: Annotated[str, flag(metavar="SUMBER")] = ""

    def asked(self, region: str) -> Asked:
        """Give what is asked of a table whose rows lie in a region."""
        return Asked(
            region=find_region(region).code,
            ways=Ways(self.decimal, self.date_order),
            swap=self.swap,
            zone=self.utm_zone,
            system=self.codes,
            sheet=self.sheet,
            year=self.year,
            period=self.period,
            reason=self.reason,
            source=self.source,
            columns=dict(self.column),
            fixes=frozenset(FIXES if _ALL in self.fix else self.fix),
        )


@flag_group
class Import:
    """The flags of ``jangkau import``."""

    office: Office = Office()
    region: Region = codes.COUNTRY
    yes: Switch = False
    good_rows_only: Switch = False
    dry_run: Switch = False
    faults: Annotated[Path | None, flag(Path, metavar="FILE.xlsx")] = None
    reading: Reading = Reading()
    format: Annotated[str, format_flag(FORMATS.words("list", "text", "json"))] = "text"
    boundaries: OnlyBoundaries = OnlyBoundaries()

    @property
    def accepted(self) -> bool:
        """Whether good rows are written although there are faults."""
        return self.yes or self.good_rows_only


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
    **dict.fromkeys(("--crs", "--layer", "--decide", "--unsure"), (_BOUNDARIES,)),
}
"""Flags that not every kind of import looks at, and the kinds that do; the others refuse them."""


_USUAL = Import()
_Kind = Annotated[str, flag(choices=(*KINDS, _BOUNDARIES), metavar="KIND", text="kind")]
_File = Annotated[str, flag(Reader(str, pasted=_PASTED), metavar="FILE", text="file")]


def run(kind: _Kind, file: _File, /, asked: Import = _USUAL, *, lang: Answered) -> None:
    """Answer ``jangkau import``.

    Raises
    ------
    InputError
        If the file cannot be read, or has faults and no yes was given: then nothing is written.
    """
    _refuse_idle_flags(kind, asked)
    if kind == _BOUNDARIES:
        import_boundaries(_own_boundaries(file, asked), lang)
        return
    workspace = Workspace.open(asked.office.workspace)
    raw, name = _content(file)
    found = preview(kind, raw, name, asked.reading.asked(asked.region))
    if asked.faults is not None and found.faults:
        write_file(asked.faults, marked_bytes(found, lang))
    accepted = asked.accepted or not found.faults
    done = accepted and not asked.dry_run and not found.open_question and found.imported > 0
    if done:
        with noted(command=f"{doing()} {kind}"):
            commit(found, workspace)
    report = _report(found, lang, written=done)
    if asked.format == "json":
        sys.stdout.buffer.write(json_bytes(report))
    else:
        print(_text(found, lang, path=str(workspace.path) if done else ""))
    if not done and not asked.dry_run:
        key = "imports.nothing_good" if accepted else "imports.not_written"
        key = "imports.question" if found.open_question else key
        raise InputError(Message.of(key, file=name, faults=len(found.faults)))


def _own_boundaries(file: str, asked: Import) -> OwnBoundaries:
    return OwnBoundaries(
        place=Place(office=asked.office, region=asked.region),
        file=file,
        only=asked.boundaries,
        codes=asked.reading.codes,
        source=asked.reading.source,
        faults=asked.faults,
        accepted=asked.accepted,
        dry_run=asked.dry_run,
        as_json=asked.format == "json",
    )


def _refuse_idle_flags(kind: str, asked: Import) -> None:
    """Refuse what would be passed over in silence."""
    faults = [
        Message.of("imports.flag_not_for", flag=flag_of(name), kind=kind, kinds=", ".join(ONLY_FOR[flag_of(name)]))
        for group in (asked.reading, asked.boundaries)
        for name, usual in usual_values(type(group)).items()
        if kind not in ONLY_FOR[flag_of(name)] and getattr(group, name) != usual
    ]
    faults = faults or [
        Message.of("imports.flag_not_for", flag=f"--fix {fix}", kind=kind, kinds=", ".join(KINDS_OF_FIX[fix]))
        for fix in asked.reading.fix
        if kind not in KINDS_OF_FIX.get(fix, KINDS)
    ]
    if faults:
        raise InputError(*faults)


def flag_of(name: str) -> str:
    """Give the flag of a field that is called like it."""
    return f"--{name.replace('_', '-')}"


def usual_values(group: type[Reading | OnlyBoundaries]) -> dict[str, object]:
    """Give what the flags of a group are where they are not given."""
    return {one.name: one.default for one in fields(group)}


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
