"""Read one workbook from standard input and write its cells to standard output: run alone, as a child process.

A workbook may be hostile: here it can take no more than its share of memory and time, and it never meets the
program's own data. Nothing of the program is imported; formulas, macros, links and entities are not followed.
Cells are JSON: text as it stands, ``["n", "1234.5"]`` a number, ``["d", "2024-10-04"]`` a date, ``["e", "#N/A"]``
a cell without a value: an error, or a formula whose result was not saved.
"""

import datetime as dt
import importlib.util
import io
import json
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

MEMORY_BYTES = 1024 * 1024 * 1024


def bound_memory() -> None:
    """Take no more than the share of memory, where the system can hold a process to it."""
    with suppress(ImportError, ValueError, OSError):
        import resource  # noqa: PLC0415 - Windows does not have it

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def cell(value: Any) -> object:
    """Write one cell so that numbers and dates are told from text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        number = float(value)
        return ["n", str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)]  # noqa: PLR2004
    if isinstance(value, dt.datetime):
        return ["d", value.date().isoformat()]
    if isinstance(value, dt.date):
        return ["d", value.isoformat()]
    return str(value)


def rows(sheet: Any, broken: Mapping[tuple[int, int], str], limits: tuple[int, int, int]) -> list[Any]:
    """Give the filled rows with their numbers in the sheet, at most one more than allowed."""
    most_rows, most_columns, most_cells = limits
    if sheet.width > most_columns or any(column > most_columns for _, column in broken):
        raise OverflowError("columns")
    if len(broken) > most_cells:
        raise OverflowError("cells")
    by_row: dict[int, dict[int, str]] = {}
    for (row_number, column), text in broken.items():
        by_row.setdefault(row_number, {})[column] = text
    filled: list[Any] = []
    held = 0
    values = enumerate(sheet.iter_rows(), start=1)
    last = 0
    for number, row in values:
        last = number
        told = marked(["" if value is None else cell(value) for value in row], by_row.pop(number, {}))
        used = sum(value != "" for value in told)
        if used:
            filled.append([number, told])
        held += used
        if len(filled) > most_rows or held > most_cells:
            raise OverflowError("rows" if len(filled) > most_rows else "cells")
    # A sheet may end in rows that hold nothing but errors.
    filled += [[number, marked([], by_row[number])] for number in sorted(by_row) if number > last]
    if len(filled) > most_rows:
        raise OverflowError("rows")
    return filled


def marked(values: list[object], broken: Mapping[int, str]) -> list[object]:
    """Put the cells without a value in their places."""
    values += [""] * (max(broken, default=0) - len(values))
    for column, text in broken.items():
        values[column - 1] = ["e", text]
    return values


def merges(sheet: Any, most: int) -> list[list[int]]:
    """Give the merged ranges: first row, first column, last row, last column, from 1."""
    ranges = [[top + 1, left + 1, low + 1, right + 1] for (top, left), (low, right) in sheet.merged_cell_ranges or ()]
    if len(ranges) > most:
        raise OverflowError("cells")
    return ranges


def broken_cells(raw: bytes) -> dict[str, dict[tuple[int, int], str]]:
    """Find the cells without a value, per sheet; by the file beside this one, since nothing else may be imported."""
    there = importlib.util.spec_from_file_location("broken_cells", Path(__file__).with_name("broken_cells.py"))
    if there is None or there.loader is None:
        raise ImportError("broken_cells")
    found = importlib.util.module_from_spec(there)
    there.loader.exec_module(found)
    answer: dict[str, dict[tuple[int, int], str]] = found.find(raw)
    return answer


def main() -> None:
    """Read, then write ``{"sheets": ...}`` or ``{"fault": ...}``."""
    bound_memory()
    import python_calamine  # noqa: PLC0415 - after the bound

    most_rows, most_columns, most_cells = map(int, sys.argv[1:4])
    limits = (most_rows, most_columns, most_cells)
    try:
        raw = sys.stdin.buffer.read()
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        broken = broken_cells(raw)
        sheets = []
        for meta in book.sheets_metadata:
            if "WorkSheet" in str(meta.typ):
                sheet = book.get_sheet_by_name(meta.name)
                told = rows(sheet, broken.get(meta.name, {}), limits)
                sheets.append([meta.name, "Visible" in str(meta.visible), told, merges(sheet, most_cells)])
        answer: dict[str, object] = {"sheets": sheets}
    except python_calamine.PasswordError:
        answer = {"fault": "locked"}
    except OverflowError as error:
        answer = {"fault": f"many_{error}"}
    except Exception:  # noqa: BLE001 - whatever a workbook makes the library say, it cannot be read
        answer = {"fault": "broken"}
    sys.stdout.buffer.write(json.dumps(answer).encode())


if __name__ == "__main__":
    main()
