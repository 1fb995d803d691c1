"""Import of rehabilitation units."""

from coverage.places.importing.preview import Asked, Field, Preview, previewed
from coverage.places.tables import Faults, read_table
from coverage.places.tables.coordinates import check_all_read
from coverage.places.unit_kinds import KINDS, kinds_read
from coverage.places.units import INSTITUTIONS, LOCATION_QUALITIES, SCHEMA, Siting, check_units
from coverage.places.workspace import Workspace

__all__ = ["SCHEMA", "TEMPLATE", "read", "store"]

TEMPLATE = (
    Field("id", "klinik-contoh", "code"),
    Field("nama", "Klinik Contoh"),
    Field("jenis", "puskesmas", choices=KINDS),
    Field("lembaga", "IP", choices=INSTITUTIONS),
    Field("kode", "74.71.01.1005", "code"),
    Field("kelurahan/desa", "Mandonga"),
    Field("kecamatan", "Mandonga"),
    Field("kabupaten/kota", "Kota Kendari"),
    Field("lintang", "-3.9627", "number"),
    Field("bujur", "122.5156", "number"),
    Field("mutu lokasi", "disurvei", choices=LOCATION_QUALITIES),
    Field("wilayah kerja", "74.71", "code"),
    Field("catatan", ""),
)


def read(source: bytes, name: str, asked: Asked) -> Preview:
    """Read a units table and find its faults."""
    faults = Faults(name, mending=asked.fixes)
    table = read_table(source, name, SCHEMA, faults, sheet=asked.sheet, chosen=asked.chosen)
    check_all_read(table, asked.columns)
    units, matches = check_units(table, faults, Siting(asked.region, asked.swap, asked.zone, asked.system))
    return previewed("units", table, faults, units, matches, taken=len(units), detected=kinds_read(table))


def store(preview: Preview, workspace: Workspace) -> None:
    """Write the good rows; units of the same id are replaced."""
    workspace.save_units(preview.good)
