"""Import of an office's tables: upload, what was found, the faults, and a yes."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar

import pandas as pd
import streamlit as st

from coverage.faces.dashboard.office import sign_in
from coverage.faces.dashboard.shell import frame
from coverage.faces.dashboard.shell.announcement import Announcement
from coverage.faces.dashboard.shell.frame import View, plain
from coverage.faces.dashboard.shell.session import AnswerEntry, Entry
from coverage.faces.files.all_formats import FORMATS
from coverage.faces.files.import_files import (
    marked_bytes,
    mendable,
    mending,
    released,
    template_bytes,
    word_of,
    written,
)
from coverage.ground import codes
from coverage.ground.errors import InputError
from coverage.ground.texts import Language, Message, catalogue, say
from coverage.places.importing import KINDS, Asked, Preview, commit, preview, template
from coverage.places.importing.import_clients import ClientPreview
from coverage.places.releases import MOST
from coverage.places.roles import Role
from coverage.places.schemas.cell_kinds import text_of
from coverage.places.tables.areas import SYSTEMS
from coverage.places.tables.choosing import ColumnsUnclearError
from coverage.places.tables.column_cells import DATE_ORDERS, DECIMALS, Ways
from coverage.places.tables.coordinates import ZONES
from coverage.places.tables.faults import some, together
from coverage.places.tables.table_files import MAX_BYTES
from coverage.places.workspace import Workspace

_ENDINGS = ["csv", "txt", "xlsx", "xls", "ods", "geojson", "json"]
_XLSX = FORMATS.named("list", "xlsx").mime
_LONGEST = 120
_T = TypeVar("_T", bound=str)

_Table = tuple[int, str, str, int]
"""Which table is spoken of: turn, kind, name and size of the file."""

_TURN = Entry[int]("import-turn")
_WRITTEN = Announcement("import-said")
_COLUMNS_OFFERED = AnswerEntry[_Table, Mapping[str, Sequence[tuple[str, str]]]]("import-columns")
_FIXES_PRESSED = AnswerEntry[_Table, frozenset[str]]("import-fixes")


class _Upload(NamedTuple):
    name: str
    content: bytes


def import_table(view: View, only: str | None = None) -> None:
    """Offer a template, read an uploaded or pasted table, show its faults, and write its good rows when asked to.

    Parameters
    ----------
    only
        The kind of table, where the page takes one kind alone.
    """
    lang = view.lang
    if not sign_in.allowed(Role.MANAGER, lang):
        return
    _WRITTEN.show()
    st.markdown(plain(say("imports.about", lang, limit=MAX_BYTES // 1024 // 1024)))
    left, right = st.columns([3, 2], vertical_alignment="bottom")
    kind = only or left.selectbox(
        say("imports.choose_kind", lang),
        KINDS,
        format_func=lambda one: say(f"imports.kind_{one}", lang),
        key="import-kind",
    )
    name = f"{say(f'imports.kind_{kind}', lang).lower().replace(' ', '-')}.xlsx"
    (right if only is None else left).download_button(
        say("imports.template", lang), template_bytes(kind, lang), name, _XLSX, on_click="ignore", key="import-template"
    )
    turn = _TURN.first(0)
    given = st.file_uploader(say("imports.file", lang), type=_ENDINGS, key=f"import-file-{turn}")
    pasted = st.text_area(say("imports.paste", lang), key=f"import-text-{turn}", height=100)
    asked = _asked(view, kind)
    if given is None and not pasted.strip():
        return
    if given is not None:
        upload = _Upload(given.name, given.getvalue())
    else:
        upload = _Upload(say("imports.pasted", lang), pasted.encode())
    table = (turn, kind, upload.name, len(upload.content))
    asked = replace(asked, columns=_columns(table, lang), fixes=_fixes_pressed(table))
    with frame.showing_errors(lang):
        found = _previewed(kind, upload, asked, table)
        _found(found, lang)
        _faults(found, lang)
        _presses(found, table, lang)
        _offer(found, turn, lang)


def _previewed(kind: str, upload: _Upload, asked: Asked, table: _Table) -> Preview:
    """Read the table; where several columns fit, offer them above and say the question."""
    try:
        return preview(kind, upload.content, upload.name, asked)
    except ColumnsUnclearError as unclear:
        known = _COLUMNS_OFFERED.to(table) or {}
        if unclear.options.keys() - known.keys():
            _COLUMNS_OFFERED.put((table, {**known, **unclear.options}))
            st.rerun()
        raise


def _columns(table: _Table, lang: Language) -> dict[str, str]:
    """Ask which columns are meant, of those that fitted when this table was read; only the answered ones."""
    chosen: dict[str, str] = {}
    for column, options in (_COLUMNS_OFFERED.to(table) or {}).items():
        labels = {letter: f"{letter} ({label})" for letter, label in options}
        letter = st.selectbox(
            say("imports.choose_column", lang, column=plain(column)),
            list(labels),
            index=None,
            format_func=labels.__getitem__,
            placeholder=say("imports.not_asked", lang),
            key=f"import-column-{column}-{table[0]}",
        )
        if letter is not None:
            chosen[column] = letter
    return chosen


def _asked(view: View, kind: str) -> Asked:
    """Ask what a file may leave open; nothing needs an answer before a question comes up."""
    lang = view.lang
    with st.expander(say("imports.options", lang)):
        # An office's own table of targets often leaves its area out.
        inside = st.checkbox(
            say("imports.only_region", lang, region=view.region_name), value=kind == "targets", key="import-inside"
        )
        swap = kind == "units" and st.checkbox(say("imports.swap", lang), key="import-swap")
        left, middle, right = st.columns(3)
        dated = any(field.kind == "date" for field in template(kind))
        order = _choice(left, "date_order", DATE_ORDERS, lang) if dated else None
        decimal = _choice(left, "decimal", DECIMALS, lang)
        system = _choice(middle, "codes", SYSTEMS, lang)
        zone = _choice(right, "zone", ZONES, lang) if kind == "units" else None
        period = right.text_input(say("imports.period", lang), max_chars=_LONGEST, key="import-period")
        reason = ""
        if kind == "clients":
            reason = st.text_input(say("imports.reason", lang), max_chars=_LONGEST, key="import-reason")
    return Asked(
        region=view.region if inside else codes.COUNTRY,
        ways=Ways(decimal, order),
        swap=swap,
        zone=zone or "",
        system=system,
        year=int(period) if period.strip().isascii() and period.strip().isdigit() else None,
        period=period.strip(),
        reason=reason.strip(),
    )


def _choice(place: st.delta_generator.DeltaGenerator, name: str, options: tuple[_T, ...], lang: Language) -> _T | None:
    return place.selectbox(
        say(f"imports.ask_{name}", lang),
        options,
        index=None,
        placeholder=say("imports.not_asked", lang),
        key=f"import-{name}",
    )


def _found(found: Preview, lang: Language) -> None:
    lines = [say("imports.read", lang, file=found.file, rows=found.rows, good=found.imported, skipped=found.skipped)]
    lines += [detected.text(lang) for detected in found.detected]
    if found.by_code or found.by_name or found.unmatched:
        matched = {"by_code": found.by_code, "by_name": found.by_name, "unmatched": found.unmatched}
        lines.append(say("imports.matched", lang, **matched, unsure=len(found.unsure)))
    if isinstance(found, ClientPreview):
        lines.append(say("imports.released_later", lang, most=MOST))
    st.markdown("\n".join(f"- {plain(line)}" for line in lines))
    if not found.good.empty:
        st.dataframe(_shown(found.good, lang), hide_index=True)


def _shown(good: pd.DataFrame, lang: Language) -> pd.DataFrame:
    """Give the good rows as they will stand; what only the workspace needs is left out."""
    table = good.reset_index() if good.index.name else good
    lists = {
        str(name): table[name].map(text_of) for name in table if any(isinstance(one, tuple) for one in table[name])
    }
    table = table.assign(**lists)
    table = table.drop(columns=["origin"], errors="ignore")
    if "year" in table:
        # 0 stands for a year that nobody stated.
        table = table.assign(year=["" if year == 0 else str(year) for year in table["year"]])
    words = catalogue(lang)
    return table.rename(columns={name: words.get(f"columns.{name}", name) for name in map(str, table.columns)})


def _faults(found: Preview, lang: Language) -> None:
    if not found.faults:
        return
    columns = ("row", "column", "value", "problem", "remedy")
    groups = together(found.faults)
    alone = all(len(group.rows) == 1 for group in groups)
    st.dataframe(
        pd.DataFrame(
            [
                (
                    # A lone row stays a number, so that a list of faults is sorted by row.
                    group.first.row if alone else _words(some(list(map(str, group.rows))), lang),
                    group.first.column,
                    group.first.value if len(group.faults) == 1 else _words(group.value, lang),
                    group.first.problem.text(lang),
                    group.first.remedy.text(lang),
                )
                for group in groups
            ],
            columns=[say(f"imports.fault_{name}", lang) for name in columns],
        ),
        hide_index=True,
    )
    st.download_button(
        say("imports.marked", lang),
        marked_bytes(found, lang),
        say("imports.marked_name", lang),
        _XLSX,
        on_click="ignore",
        key="import-marked",
    )


def _words(said: Message | str, lang: Language) -> str:
    return said if isinstance(said, str) else said.text(lang)


def _fixes_pressed(table: _Table) -> frozenset[str]:
    """Give what was pressed to be mended in this table."""
    return _FIXES_PRESSED.to(table) or frozenset()


def _presses(found: Preview, table: _Table, lang: Language) -> None:
    """Say what was mended, offer what can be, and the way back."""
    for line in mending(found, lang, pressed=True):
        st.markdown(plain(line))
    fixes = _fixes_pressed(table)
    for fix, faults in mendable(found).items():
        rows = len({fault.row for fault in faults})
        if st.button(say(f"imports.press_{word_of(fix)}", lang, rows=rows), key=f"import-fix-{fix}"):
            _FIXES_PRESSED.put((table, fixes | {fix}))
            st.rerun()
    if fixes and st.button(say("imports.undo", lang), key="import-fix-undo"):
        _FIXES_PRESSED.forget()
        st.rerun()


def _offer(found: Preview, turn: int, lang: Language) -> None:
    if found.open_question:
        raise InputError(Message.of("imports.answer_above", file=found.file))
    if found.imported == 0:
        raise InputError(Message.of("imports.nothing_good", file=found.file))
    key = "imports.yes_good" if found.faults else "imports.yes_all"
    if st.button(say(key, lang, rows=found.imported, faults=len(found.faults)), type="primary", key="import-yes"):
        workspace = Workspace.open()
        commit(found, workspace)
        # A fresh uploader: the file that was read is forgotten.
        _TURN.put(turn + 1)
        said = [written(found, workspace.path.name, lang)]
        if isinstance(found, ClientPreview):
            said += released(found, lang)
        _WRITTEN.announce(" ".join(said))
