"""Decisions on polygons that were unsure: a small table of row or code and kode, filled in by the planner."""

from collections.abc import Callable
from pathlib import Path

from coverage.ground import codes
from coverage.ground.texts import Message
from coverage.places.tables.faults import Faults
from coverage.places.tables.headers import read_table
from coverage.places.tables.labels import Schema
from coverage.places.tables.sheets import Row

NONE = "-"
"""Written in the place of a kode: this polygon is no village."""

_COLUMNS = {
    "row": ("baris", "row in file"),
    "kode": ("keputusan",),
    "code": ("kode di berkas", "code in the file"),
}


def read_decisions(source: Path | bytes, name: str) -> dict[int, str]:
    """Read a table with ``row`` (``baris``) and ``kode``; rows without a kode are left undecided.

    Raises
    ------
    InputError
        With all faults: a row that is no number or decided twice, a kode that is none.
    """
    return {int(row): kode for row, kode in _decided(source, name, "row", _is_row).items()}


def read_code_decisions(source: Path | bytes, name: str) -> dict[str, str]:
    """Read a table with ``code`` (``kode di berkas``) and ``kode``; rows without a kode are left undecided.

    Raises
    ------
    InputError
        With all faults: a code that is none or decided twice, a kode that is none.
    """
    return _decided(source, name, "code", _is_village)


def _decided(source: Path | bytes, name: str, key: str, known: Callable[[str], bool]) -> dict[str, str]:
    faults = Faults(name)
    table = read_table(source, name, Schema(_COLUMNS, ((key,), ("kode",))), faults)
    decided: dict[str, str] = {}
    for given in table.rows:
        if not given.text("kode").strip():
            continue
        problem = _problem(given, key, known, decided)
        if not problem:
            decided[_key(given, key)] = given.text("kode").strip()
            continue
        column = "kode" if problem == "kode" else key
        faults.add(
            given.number,
            table.header(column),
            given.text(column),
            Message.of(f"boundaries.decision_{problem}"),
            Message.of(f"boundaries.decision_{problem}_remedy"),
        )
    faults.stop_if_any()
    return decided


def _key(given: Row, key: str) -> str:
    text = given.text(key).strip()
    return str(int(text)) if key == "row" else text


def _problem(given: Row, key: str, known: Callable[[str], bool], decided: dict[str, str]) -> str:
    kode = given.text("kode").strip()
    if not known(given.text(key).strip()):
        return key
    if _key(given, key) in decided:
        return "twice"
    return "" if kode == NONE or _is_village(kode) else "kode"


def _is_row(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10  # noqa: PLR2004 - longer than any file


def _is_village(text: str) -> bool:
    return codes.is_code(text) and codes.level(text) == "village"
