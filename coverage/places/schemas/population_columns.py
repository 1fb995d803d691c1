"""The columns of the population of villages."""

from coverage.places.schemas.area_columns import area_columns
from coverage.places.schemas.column import Column
from coverage.places.schemas.table_schema import TableSchema

__all__ = ["FEMALE", "MALE", "MOST_PERSONS", "POPULATION", "SEX_BOTH"]

MOST_PERSONS = 10_000_000
"""More than any kab/kota has."""
_WHOLE = ("penduduk", "jumlah penduduk", "jumlah", "jiwa", "jumlah jiwa", "total penduduk", "population", "pop",
          "jumlah penduduk berdasarkan jenis kelamin", "jml penduduk", "jml", "total", "jumlah total",
          "jumlah penduduk total", "penduduk total", "penduduk jumlah")  # fmt: skip
MALE = ("laki-laki", "laki laki", "lk", "l", "pria", "male", "laki")
FEMALE = ("perempuan", "pr", "p", "wanita", "female", "prp")
SEX_BOTH = ("l+p", "lk+pr", "laki-laki+perempuan", "laki-laki dan perempuan", "p+l", "pria dan wanita")
_BEFORE = ("", "penduduk ", "jumlah ", "jumlah penduduk ", "jml ", "total ")

POPULATION = TableSchema(
    "population",
    (
        *area_columns(
            kode="74.71.01.1005",
            village="Mandonga",
            district="Mandonga",
            regency="Kota Kendari",
        ),
        Column("year", "year", ("tahun", "thn", "year"), "tahun", "2024", filled=True),
        Column(
            "persons",
            "whole",
            (*_WHOLE, *(before + word for before in _BEFORE for word in SEX_BOTH)),
            "jumlah penduduk",
            "5432",
            low=0,
            most=MOST_PERSONS,
            measure="persons",
            filled=True,
            measured=True,
        ),
        Column("male", aliases=tuple(b + word for b in _BEFORE for word in MALE), measured=True, held=False),
        Column("female", aliases=tuple(b + word for b in _BEFORE for word in FEMALE), measured=True, held=False),
        Column("sex", aliases=("jenis kelamin", "jk", "sex", "gender", "l/p"), held=False),
        Column("half", aliases=("semester", "smt", "sem"), held=False),
        Column("source", read=False),
        Column("origin", read=False, later=True),
    ),
    key=("kode", "year"),
    required=(("kode", "village"), ("persons", "male")),
    neutral=("jiwa", "orang", "org"),
    wider={"persons": ("male", "female"), "sex": ("male", "female")},
    yearly="persons",
)
"""Persons a village and year."""
