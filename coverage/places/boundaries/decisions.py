"""Decisions on polygons that were unsure: a small table of row number and kode, filled in by the planner."""

from pathlib import Path

from coverage.ground import codes
from coverage.ground.texts import Message
from coverage.places.tables import ROW, Faults, read_table

NONE = "-"
"""Written in the place of a kode: this polygon is no village."""

_ALIASES = {
    "row": ("baris", "row in file"),
    "kode": ("code", "keputusan"),
    "code": ("kode di berkas", "code in the file"),
}


def read_decisions(source: Path | bytes, name: str) -> dict[int, str]:
    """Read a table with ``row`` (``baris``) and ``kode``; rows without a kode are left undecided.

    Raises
    ------
    InputError
        With all faults: a row that is no number or decided twice, a kode that is none.
    """
    table = read_table(source, name, _ALIASES, ("row", "kode"))
    faults = Faults(name)
    decided: dict[int, str] = {}
    for at, row, kode in table[[ROW, "row", "kode"]].itertuples(index=False, name=None):
        if not kode:
            continue
        if not (row.isascii() and row.isdecimal() and len(row) < 10):  # noqa: PLR2004 - longer than any file
            faults.add(at, "row", row, Message.of("boundaries.decision_row"))
        elif int(row) in decided:
            faults.add(at, "row", row, Message.of("boundaries.decision_twice"))
        elif kode != NONE and not (codes.is_code(kode) and codes.level(kode) == "village"):
            faults.add(at, "kode", kode, Message.of("boundaries.decision_kode"))
        else:
            decided[int(row)] = kode
    faults.stop_if_any()
    return decided
