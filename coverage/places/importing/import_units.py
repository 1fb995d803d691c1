"""Import of rehabilitation units."""

from coverage.places.importing.preview import Asked, Preview, ReadTable, previewed
from coverage.places.schemas.unit_columns import UNITS
from coverage.places.tables.coordinates import check_all_read
from coverage.places.tables.faults import Faults
from coverage.places.tables.headers import read_table
from coverage.places.unit_checks import Siting, check_units
from coverage.places.unit_kinds import kinds_read
from coverage.places.workspace import Workspace

__all__ = ["TEMPLATE", "read", "store"]

TEMPLATE = UNITS.template


def read(source: bytes, name: str, asked: Asked) -> Preview:
    """Read a units table and find its faults."""
    faults = Faults(name, mending=asked.fixes)
    table = read_table(source, name, UNITS.reading, faults, sheet=asked.sheet, chosen=asked.chosen)
    check_all_read(table, asked.columns)
    siting = Siting(asked.region, asked.swap, asked.zone, asked.system, asked.ways)
    units, matches = check_units(table, faults, siting)
    return previewed("units", ReadTable(table, faults, matches, kinds_read(table)), units, taken=len(units))


def store(preview: Preview, workspace: Workspace) -> None:
    """Write the good rows; units of the same id are replaced."""
    workspace.save_units(preview.good)
