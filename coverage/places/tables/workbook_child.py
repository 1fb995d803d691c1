"""Read one workbook from standard input and write its cells to standard output: run alone, as a child process.

A workbook may be hostile: :mod:`coverage.ground.bounded` gives this process its share of memory and time, and it never
meets the program's own data. Nothing of the program is imported; formulas, macros, links and entities are not followed.
Cells are JSON: text as it stands, ``["n", "1234.5"]`` a number, ``["d", "2024-10-04"]`` a date, ``["e", "#N/A"]``
a cell without a value: an error, or a formula whose result was not saved.
"""

import datetime as dt
import importlib.util
import io
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any


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


def rows(sheet: Any, broken: Mapping[tuple[int, int], str], limits: Any, beside: Any) -> list[Any]:
    """Give the filled rows with their numbers in the sheet.

    Raises
    ------
    Refused
        If there is more than the limits allow.
    """
    if sheet.width > limits.columns or any(column > limits.columns for _, column in broken):
        raise beside.Refused("many_columns", limit=limits.columns)
    by_row: dict[int, dict[int, str]] = {}
    for (row_number, column), text in broken.items():
        by_row.setdefault(row_number, {})[column] = text
    filled: list[Any] = []
    held = len(broken)
    last = 0
    for number, row in enumerate(sheet.iter_rows(), start=1):
        last = number
        told = ["" if value is None else cell(value) for value in row]
        held += sum(value != "" for value in told)
        told = marked(told, by_row.pop(number, {}))
        if any(value != "" for value in told):
            beside.check_lengths(told, number, limits)
            filled.append([number, told])
        if held > limits.cells:
            raise beside.Refused("many_cells", limit=limits.cells)
        if len(filled) > limits.rows + 1:
            break
    # A sheet may end in rows that hold nothing but errors.
    filled += [[number, marked([], by_row[number])] for number in sorted(by_row) if number > last]
    if len(filled) > limits.rows + 1:
        raise beside.Refused("many_rows", limit=limits.rows)
    return filled


def marked(values: list[object], broken: Mapping[int, str]) -> list[object]:
    """Put the cells without a value in their places."""
    values += [""] * (max(broken, default=0) - len(values))
    for column, text in broken.items():
        values[column - 1] = ["e", text]
    return values


def merges(sheet: Any, limits: Any, beside: Any) -> list[list[int]]:
    """Give the merged ranges: first row, first column, last row, last column, from 1."""
    ranges = [[top + 1, left + 1, low + 1, right + 1] for (top, left), (low, right) in sheet.merged_cell_ranges or ()]
    if len(ranges) > limits.cells:
        raise beside.Refused("many_cells", limit=limits.cells)
    return ranges


def file_beside(name: str) -> Any:
    """Load a file that lies beside this one, since nothing of the program may be imported."""
    there = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    if there is None or there.loader is None:
        raise ImportError(name)
    found = importlib.util.module_from_spec(there)
    there.loader.exec_module(found)
    return found


def main() -> None:
    """Read, then write ``{"sheets": ...}`` or ``{"fault": ...}``, within the limits that the arguments state."""
    import python_calamine  # noqa: PLC0415 - not needed to load this file

    text = file_beside("text_child")
    limits = text.Limits(*map(int, sys.argv[1:]))
    try:
        raw = sys.stdin.buffer.read()
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        broken = file_beside("broken_cells").find(raw)
        sheets = []
        for meta in book.sheets_metadata:
            if "WorkSheet" in str(meta.typ):
                sheet = book.get_sheet_by_name(meta.name)
                told = rows(sheet, broken.get(meta.name, {}), limits, text)
                sheets.append([meta.name, "Visible" in str(meta.visible), told, merges(sheet, limits, text)])
        answer: dict[str, object] = {"sheets": sheets}
    except text.Refused as refused:
        answer = refused.answer
    except python_calamine.PasswordError:
        answer = {"fault": "locked", "values": {}}
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - whatever a workbook makes the library say, it cannot be read
        answer = {"fault": "broken_book", "values": {}}
    sys.stdout.buffer.write(json.dumps(answer).encode())


if __name__ == "__main__":
    main()
