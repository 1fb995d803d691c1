"""Import of the population of villages: one row a village, or one row a village and sex, as offices publish it."""

import pandas as pd

from coverage.places.importing.preview import OFFICE, Asked, Field, Preview, previewed, twice, years_of
from coverage.places.population import LAYER
from coverage.places.tables import Faults, Schema, Table, areas, read_table
from coverage.places.tables.cells import read_numbers, total_reader
from coverage.places.tables.headers import check_total
from coverage.places.workspace import Workspace

__all__ = ["SCHEMA", "TEMPLATE", "read", "store"]

SCHEMA = Schema(
    areas.ALIASES
    | {
        "persons": (
            "penduduk", "jumlah penduduk", "jumlah", "jiwa", "jumlah jiwa", "total penduduk", "population", "pop",
            "jumlah penduduk berdasarkan jenis kelamin", "jml penduduk", "jml", "total", "laki-laki + perempuan",
            "jumlah penduduk laki-laki + perempuan", "jumlah penduduk total", "penduduk total",
            "penduduk jumlah",
        ),
        "male": ("laki-laki", "laki laki", "lk", "l", "pria", "male", "penduduk laki-laki",
                 "jumlah penduduk laki-laki"),
        "female": ("perempuan", "pr", "p", "wanita", "female", "penduduk perempuan", "jumlah penduduk perempuan"),
        "sex": ("jenis kelamin", "jk", "sex", "gender"),
        "year": ("tahun", "thn", "year"),
    },
    required=(("kode", "village"), ("persons", "male")),
)  # fmt: skip
TEMPLATE = (
    Field("kode", "74.71.01.1005", "code"),
    Field("kelurahan/desa", "Mandonga"),
    Field("kecamatan", "Mandonga"),
    Field("kabupaten/kota", "Kota Kendari"),
    Field("tahun", "2024", "number"),
    Field("jumlah penduduk", "5432", "number"),
)
_COLUMNS = ["kode", "year", "persons", "source", "origin"]


def read(source: bytes, name: str, asked: Asked) -> Preview:
    """Read a population table and find its faults; rows of one village and year that differ by sex are summed."""
    faults = Faults(name)
    table = read_table(source, name, SCHEMA, faults, sheet=asked.sheet)
    matches = areas.find_villages(table, faults, region=asked.region, system=asked.system)
    persons = _persons(table, faults, asked)
    years = years_of(table, faults, asked)
    sexes = {row.number: row.text("sex").casefold() for row in table.rows}
    keys = {number: (kode, years[number], sexes[number]) for number, kode in matches.kode.items() if number in persons}
    twice(table, faults, keys, "kode" if table.has("kode") else "village", same=lambda _first, _second: False)
    bad = faults.rows
    # A village of which one sex is faulty is left out whole: half of its people would be taken for all.
    halved = {key[:2] for number, key in keys.items() if number in bad}
    halved |= {(kode, years[number]) for number, kode in matches.kode.items() if number in bad}
    taken = [number for number, key in keys.items() if number not in bad and key[:2] not in halved]
    rows = pd.DataFrame(
        [(matches.kode[number], years[number], int(persons[number])) for number in taken],
        columns=["kode", "year", "persons"],
    )
    good = rows.groupby(["kode", "year"], as_index=False)["persons"].sum()
    good = good.assign(source=asked.source or name, origin=OFFICE)[_COLUMNS]
    return previewed("population", table, faults, good, matches, taken=len(taken))


def _persons(table: Table, faults: Faults, asked: Asked) -> dict[int, float]:
    if table.has("persons"):
        persons = read_numbers(table, "persons", faults, asked.ways, whole=True, low=0)
        check_total(table, "persons", persons, faults, total_reader(asked.ways))
        return persons
    both = [read_numbers(table, column, faults, asked.ways, whole=True, low=0) for column in ("male", "female")]
    return {number: both[0][number] + both[1][number] for number in both[0].keys() & both[1].keys()}


def store(preview: Preview, workspace: Workspace) -> None:
    """Write the good rows; figures of the same village and year are replaced."""
    workspace.upsert(LAYER, preview.good, ["kode", "year"])
