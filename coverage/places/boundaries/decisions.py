"""Decisions on polygons that were unsure: a small table of row number and kode, filled in by the planner."""

from pathlib import Path

from coverage.ground import codes
from coverage.ground.texts import Message
from coverage.places.tables import Faults, Schema, read_table

NONE = "-"
"""Written in the place of a kode: this polygon is no village."""

_SCHEMA = Schema(
    {
        "row": ("baris", "row in file"),
        "kode": ("keputusan",),
        "code": ("kode di berkas", "code in the file"),
    },
    (("row",), ("kode",)),
)


def read_decisions(source: Path | bytes, name: str) -> dict[int, str]:
    """Read a table with ``row`` (``baris``) and ``kode``; rows without a kode are left undecided.

    Raises
    ------
    InputError
        With all faults: a row that is no number or decided twice, a kode that is none.
    """
    faults = Faults(name)
    table = read_table(source, name, _SCHEMA, faults)
    decided: dict[int, str] = {}
    for given in table.rows:
        row, kode = given.text("row").strip(), given.text("kode").strip()
        if not kode:
            continue
        problem = ""
        if not (row.isascii() and row.isdecimal() and len(row) < 10):  # noqa: PLR2004 - longer than any file
            problem = "row"
        elif int(row) in decided:
            problem = "twice"
        elif kode != NONE and not (codes.is_code(kode) and codes.level(kode) == "village"):
            problem = "kode"
        else:
            decided[int(row)] = kode
        if problem:
            column = "kode" if problem == "kode" else "row"
            faults.add(
                given.number,
                table.header(column),
                given.text(column),
                Message.of(f"boundaries.decision_{problem}"),
                Message.of(f"boundaries.decision_{problem}_remedy"),
            )
    faults.stop_if_any()
    return decided
