"""Tables of offices as they are: CSV, text, .xlsx, .xls and .ods, with every fault told by row, column and value."""

from coverage.ground.free_text import shown
from coverage.places.tables.faults import FIXES, UNTOLD, Fault, Faults, Mended, some, together
from coverage.places.tables.headers import Row, Schema, Table, read_table
from coverage.places.tables.table_files import MAX_BYTES, Cell

__all__ = [
    "FIXES",
    "MAX_BYTES",
    "UNTOLD",
    "Cell",
    "Fault",
    "Faults",
    "Mended",
    "Row",
    "Schema",
    "Table",
    "read_table",
    "shown",
    "some",
    "together",
]
