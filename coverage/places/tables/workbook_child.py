"""Read one workbook from standard input and write its cells to standard output: run alone, as a child process.

A workbook may be hostile: here it can take no more than its share of memory and time, and it never meets the
program's own data. Nothing of the program is imported; formulas, macros, links and entities are not followed.
Cells are JSON: text as it stands, ``["n", "1234.5"]`` a number, ``["d", "2024-10-04"]`` a date.
"""

import datetime as dt
import io
import json
import sys
from contextlib import suppress
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


def rows(sheet: Any, most_rows: int, most_columns: int, most_cells: int) -> list[Any]:
    """Give the filled rows with their numbers in the sheet, at most one more than allowed."""
    if sheet.width > most_columns:
        raise OverflowError("columns")
    filled: list[Any] = []
    held = 0
    for number, row in enumerate(sheet.iter_rows(), start=1):
        if all(value is None or value == "" for value in row):
            continue
        filled.append([number, [cell("" if value is None else value) for value in row]])
        held += sum(value is not None and value != "" for value in row)
        if len(filled) > most_rows or held > most_cells:
            raise OverflowError("rows" if len(filled) > most_rows else "cells")
    return filled


def main() -> None:
    """Read, then write ``{"sheets": ...}`` or ``{"fault": ...}``."""
    bound_memory()
    import python_calamine  # noqa: PLC0415 - after the bound

    limits = tuple(map(int, sys.argv[1:4]))
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        sheets = [
            [
                meta.name,
                "Visible" in str(meta.visible),
                rows(book.get_sheet_by_name(meta.name), *limits),
            ]
            for meta in book.sheets_metadata
            if "WorkSheet" in str(meta.typ)
        ]
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
