"""The columns of declared ferries."""

from coverage.places.schemas.column import Column
from coverage.places.schemas.table_schema import TableSchema

__all__ = ["FERRIES", "MAX_EXTRA_MIN", "MAX_SAILING_MIN", "MAX_TRIPS"]

MAX_SAILING_MIN = 7 * 24 * 60.0
MAX_TRIPS = 1000.0
MAX_EXTRA_MIN = 24 * 60.0

FERRIES = TableSchema(
    "ferries",
    (
        Column("id", "code", read=False),
        Column(
            "name",
            aliases=("nama", "lintasan", "nama lintasan", "rute", "trayek"),
            heading="lintasan",
            example="Contoh-Contoh",
        ),
        Column(
            "from_kode",
            "village",
            ("dari", "asal", "pelabuhan asal", "from", "start", "kode asal", "kode pelabuhan asal"),
            "kode asal",
            "74.07.02.1002",
            filled=True,
        ),
        Column(
            "to_kode",
            "village",
            ("ke", "tujuan", "pelabuhan tujuan", "to", "end", "kode tujuan", "kode pelabuhan tujuan"),
            "kode tujuan",
            "74.07.01.1003",
            filled=True,
        ),
        Column("from_port", read=False),
        Column("to_port", read=False),
        Column(
            "sailing_min",
            "number",
            (
                "waktu tempuh", "lama", "menit", "lama menyeberang", "sailing", "waktu berlayar", "lama berlayar",
            ),
            "lama menyeberang (menit)",
            "120",
            low=0,
            above=True,
            most=MAX_SAILING_MIN,
            measure="minutes",
            measured=True,
        ),
        Column("sailing_max_min", "number", low=0, above=True, most=MAX_SAILING_MIN, measure="minutes", read=False),
        Column("season_extra_min", "number", low=0, most=MAX_EXTRA_MIN, measure="minutes", read=False),
        Column("season_extra_max_min", "number", low=0, most=MAX_EXTRA_MIN, measure="minutes", read=False),
        Column(
            "trips_per_day",
            "number",
            ("trip per hari", "frekuensi", "trip", "trips", "keberangkatan", "keberangkatan per hari",
             "frekuensi per hari"),
            "keberangkatan per hari",
            "1",
            low=0,
            above=True,
            most=MAX_TRIPS,
            measured=True,
        ),
        Column("departures", "departures", read=False),
        Column("days", "trip_days", read=False),
        Column("first_departure", "departures", read=False),
        Column("last_departure", "departures", read=False),
        Column("vehicles", "choice", choices=("", "yes", "no"), read=False),
        Column("line", read=False),
        Column("whole_line_min", read=False),
        Column("note_id", read=False),
        Column("note_en", read=False),
        Column("source", read=False),
    ),
    key=("id",),
    required=(("from_kode",), ("to_kode",), ("sailing_min",)),
    neutral=("menit", "mnt", "kali", "trip", "per hari"),
)  # fmt: skip
"""Lines between two ports; what is not known is blank. Files of offices tell only the ports, the time and the trips."""
