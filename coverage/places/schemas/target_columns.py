"""The columns of targets and of what was achieved."""

from coverage.places.schemas.column import Column
from coverage.places.schemas.table_schema import TableSchema

__all__ = ["TARGETS"]

TARGETS = TableSchema(
    "targets",
    (
        Column(
            "area_kode",
            "reported_area",
            ("wilayah", "kode", "kode wilayah", "area", "satker", "kab/kota", "kabupaten/kota", "provinsi",
             "kabupaten"),
            "kode wilayah",
            "52",
            filled=True,
        ),
        Column(
            "period",
            aliases=("periode", "tahun", "semester", "triwulan", "bulan", "year"),
            heading="periode",
            example="2024-S1",
        ),
        Column(
            "indicator",
            aliases=("indikator", "kegiatan", "uraian", "indikator kinerja", "sasaran"),
            heading="indikator",
            example="rehabilitasi",
        ),
        Column("unit", aliases=("satuan",), heading="satuan", example="orang"),
        Column(
            "achieved",
            "number",
            ("capaian", "realisasi", "jumlah capaian"),
            "capaian",
            "226",
            low=0,
            measured=True,
        ),
        Column("target", "number", ("target", "jumlah target"), "target", "275", low=0, measured=True),
        Column("source", read=False),
        Column("origin", read=False, later=True),
    ),
    key=("area_kode", "period", "indicator", "unit"),
    required=(("indicator",), ("achieved", "target")),
    neutral=("orang", "kegiatan", "jumlah"),
)  # fmt: skip
"""Figures of an area, a period and an indicator; ``unit`` is what is counted."""
