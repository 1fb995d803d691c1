"""The columns of what a new unit costs in each village."""

from coverage.places.schemas.area_columns import area_columns
from coverage.places.schemas.column import Column
from coverage.places.schemas.table_schema import TableSchema

__all__ = ["COSTS"]

COSTS = TableSchema(
    "costs",
    (
        *area_columns(),
        Column(
            "cost",
            "whole",
            (
                "biaya", "biaya unit", "biaya per unit", "biaya (rp)", "biaya rupiah", "jumlah biaya", "harga",
                "anggaran", "rupiah", "rp", "nilai", "cost per unit", "price",
            ),
            low=0,
            above=True,
            measure="rupiah",
            measured=True,
        ),
    ),
    required=(("kode", "village"), ("cost",)),
    neutral=("rp", "rupiah", "idr"),
)  # fmt: skip
"""Read for one question and never stored."""
