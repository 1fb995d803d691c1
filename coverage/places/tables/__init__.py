"""Tables of offices as they are: CSV, text, .xlsx, .xls and .ods, with every fault told by row, column and value."""

from coverage.places.tables.faults import UNTOLD, Fault, Faults, shown
from coverage.places.tables.files import MAX_BYTES, Cell
from coverage.places.tables.headers import Row, Schema, Table, read_table

__all__ = ["MAX_BYTES", "UNTOLD", "Cell", "Fault", "Faults", "Row", "Schema", "Table", "read_table", "shown"]
