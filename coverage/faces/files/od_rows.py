"""The OD matrix as rows for programs, written block by block so that it never stands in memory as a whole."""

import json
from collections.abc import Iterable, Iterator

import numpy as np

from coverage.faces.files.file_cells import guard
from coverage.travel.od import ODMatrix
from coverage.travel.reach import within

OD_COLUMNS = ("origin", "destination", "minutes", "km", "snap_origin_m", "snap_destination_m", "ferry_legs")

_DECIMALS = 6
_METRE_DECIMALS = 2


def od_csv(blocks: Iterable[ODMatrix], cutoff_min: float | None) -> Iterator[bytes]:
    """Write pairs as CSV for programs: UTF-8, comma, decimal point, CR LF; keys as header.

    Parameters
    ----------
    blocks
        Some origins each.
    cutoff_min
        Only pairs at most this far apart; None writes all pairs, those without a path with empty minutes and km.
    """
    yield (",".join(OD_COLUMNS) + "\r\n").encode()
    for block in blocks:
        starts = [_quoted(name) for name in block.origins]
        ends = [_quoted(name) for name in block.destinations]
        snaps = [f"{metres:.{_METRE_DECIMALS}f}" for metres in block.snap_destination_m.tolist()]
        lines = []
        for row, start in enumerate(starts):
            own = f"{block.snap_origin_m[row]:.{_METRE_DECIMALS}f}"
            for column, minutes, km, ferries in _pairs(block, row, cutoff_min):
                time = f"{minutes:.{_DECIMALS}f},{km:.{_DECIMALS}f}" if minutes < np.inf else ","
                lines.append(f"{start},{ends[column]},{time},{own},{snaps[column]},{ferries}\r\n")
        yield "".join(lines).encode()


def od_json(blocks: Iterable[ODMatrix], cutoff_min: float | None) -> Iterator[bytes]:
    """Write pairs as a JSON array of objects, a pair a line; without a path minutes and km are null."""
    before = "[\n"
    for block in blocks:
        lines = []
        for row, start in enumerate(block.origins):
            own = round(float(block.snap_origin_m[row]), _METRE_DECIMALS)
            for column, minutes, km, ferries in _pairs(block, row, cutoff_min):
                there = minutes < np.inf
                values = (
                    start,
                    block.destinations[column],
                    round(minutes, _DECIMALS) if there else None,
                    round(km, _DECIMALS) if there else None,
                    own,
                    round(float(block.snap_destination_m[column]), _METRE_DECIMALS),
                    ferries,
                )
                lines.append(before + json.dumps(dict(zip(OD_COLUMNS, values, strict=True)), ensure_ascii=False))
                before = ",\n"
        yield "".join(lines).encode()
    yield b"[]\n" if before == "[\n" else b"\n]\n"


def _pairs(block: ODMatrix, row: int, cutoff_min: float | None) -> Iterator[tuple[int, float, float, int]]:
    minutes = block.minutes[row]
    column = np.arange(len(minutes)) if cutoff_min is None else np.flatnonzero(within(minutes, cutoff_min))
    return zip(
        column.tolist(),
        minutes[column].tolist(),
        block.km[row, column].tolist(),
        block.ferry_legs[row, column].tolist(),
        strict=True,
    )


def _quoted(text: str) -> str:
    safe = guard(text)
    return '"' + safe.replace('"', '""') + '"' if set(safe) & set(',"\r\n') else safe
