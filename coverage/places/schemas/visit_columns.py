"""The columns of visits that were held."""

from coverage.places.schemas.area_columns import area_columns
from coverage.places.schemas.column import Column
from coverage.places.schemas.table_schema import TableSchema

__all__ = ["LATEST", "VISITS"]

LATEST = "paling lambat"
"""Precision of a date that is only known as the latest possible day."""

VISITS = TableSchema(
    "visits",
    (
        *area_columns(
            kode="16.73.01.1016",
            village="Watervang",
            district="Lubuk Linggau Timur I",
            regency="Kota Lubuk Linggau",
        ),
        Column(
            "date",
            "past_date",
            ("tanggal", "tgl", "tanggal kunjungan", "tgl kunjungan", "hari/tanggal", "hari, tanggal", "waktu"),
            "tanggal",
            "04-10-2024",
            filled=True,
            measured=True,
        ),
        Column("date_precision", "choice", choices=("", LATEST), read=False),
        Column("team", aliases=("tim", "petugas", "nama tim", "regu"), heading="tim", example="Tim 1"),
        Column("source", read=False),
    ),
    required=(("kode", "village"), ("date",)),
)
"""Visits of the Pokling, a row a village and day."""
