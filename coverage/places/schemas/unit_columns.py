"""The columns of units: the one place that a column of units is added to."""

from coverage.places.schemas.area_columns import area_columns
from coverage.places.schemas.column import CARRIED, LISTED, TOLD, Column
from coverage.places.schemas.table_schema import TableSchema
from coverage.places.tables.place_headers import LAT_NAMES, LON_NAMES, POINT_NAMES
from coverage.places.unit_kinds import KINDS, OTHER, kind_of

__all__ = ["IBM_STATES", "INSTITUTIONS", "LOCATION_QUALITIES", "UNITS"]

INSTITUTIONS = ("IP", "KM")
LOCATION_QUALITIES = ("disurvei", "titik kelurahan", "belum diverifikasi")
IBM_STATES = ("baru", "baru mandiri", "berkelanjutan", "berkelanjutan mandiri")

UNITS = TableSchema(
    "units",
    (
        Column("id", "code", ("id", "no id", "kode unit", "id unit"), "id", "klinik-contoh", shown=LISTED),
        Column(
            "name",
            aliases=(
                "nama", "nama unit", "unit", "nama fasilitas", "nama layanan", "nama klinik", "nama fasum",
                "nama faskes", "nama fasilitas kesehatan", "nama fasilitas umum", "nama puskesmas", "nama rs",
                "nama rumah sakit", "nama lembaga", "nama instansi", "faskes", "fasilitas",
            ),
            heading="nama",
            example="Klinik Contoh",
            filled=True,
            shown=LISTED,
        ),
        Column(
            "kind",
            "choice",
            ("jenis", "jenis unit", "tipe", "jenis layanan", "jenis fasilitas", "jenis faskes"),
            "jenis",
            "puskesmas",
            KINDS,
            meant=kind_of,
            default=OTHER,
            shown=LISTED,
        ),
        Column(
            "institution",
            "choice",
            ("lembaga", "ip/km"),
            "lembaga",
            "IP",
            INSTITUTIONS,
            {
                "instansi pemerintah": "IP", "lembaga pemerintah": "IP", "pemerintah": "IP",
                "komponen masyarakat": "KM", "lembaga masyarakat": "KM", "masyarakat": "KM",
            },
            shown=LISTED,
        ),
        *area_columns(
            Column("kode", "village", shown=LISTED),
            kode="74.71.01.1005",
            village="Mandonga",
            district="Mandonga",
            regency="Kota Kendari",
        ),
        Column("lat", "degrees", LAT_NAMES, "lintang", "-3.9627", measured=True, measure="degrees", shown=LISTED),
        Column("lon", "degrees", LON_NAMES, "bujur", "122.5156", measured=True, measure="degrees", shown=LISTED),
        Column("point", aliases=POINT_NAMES, measured=True, held=False),
        Column("zone", aliases=("zona", "zona utm", "utm", "utm zone"), held=False),
        Column(
            "location_quality",
            "choice",
            ("mutu lokasi",),
            "mutu lokasi",
            "disurvei",
            LOCATION_QUALITIES,
            {
                "survei": "disurvei", "survey": "disurvei", "sudah disurvei": "disurvei", "gps": "disurvei",
                "titik desa": "titik kelurahan", "titik kelurahan/desa": "titik kelurahan",
                "belum": "belum diverifikasi", "belum disurvei": "belum diverifikasi",
            },
            shown=LISTED,
        ),
        Column("wilayah_kerja", "areas", ("wilayah kerja",), "wilayah kerja", "74.71", shown=TOLD),
        Column(
            "services",
            "words",
            (
                "layanan", "layanan rehabilitasi", "layanan tersedia", "layanan yang tersedia", "macam layanan",
                "bentuk layanan", "program layanan",
            ),
            "layanan",
            "rawat jalan; skrining",
            later=True,
            shown=TOLD,
        ),
        Column(
            "capacity",
            "whole",
            (
                "kapasitas", "kapasitas klien", "kapasitas layanan", "kapasitas per tahun", "daya tampung",
                "kapasitas (klien/tahun)", "kuota", "kuota klien",
            ),
            "kapasitas (klien/tahun)",
            "60",
            low=0,
            most=100_000,
            measure="clients a year",
            measured=True,
            later=True,
            shown=TOLD,
        ),
        Column(
            "agents",
            "whole",
            (
                "agen pemulihan", "jumlah agen pemulihan", "agen", "jumlah agen", "jumlah ap", "ap", "kader ibm",
            ),
            "agen pemulihan",
            "5",
            low=0,
            most=10_000,
            measure="persons",
            measured=True,
            later=True,
            shown=TOLD,
        ),
        Column(
            "counsellors",
            "whole",
            (
                "konselor", "jumlah konselor", "asesor", "jumlah asesor", "konselor/asesor", "jumlah konselor/asesor",
            ),
            "konselor/asesor",
            "2",
            low=0,
            most=10_000,
            measure="persons",
            measured=True,
            later=True,
            shown=TOLD,
        ),
        Column(
            "contact",
            "contact",
            (
                "kontak", "narahubung", "telepon", "telp", "no telepon", "no telp", "nomor telepon", "no hp",
                "nomor hp", "hp", "wa", "no wa", "whatsapp", "call center", "care center", "kontak unit",
            ),
            "kontak",
            "(0401) 3121212",
            later=True,
            shown=CARRIED,
        ),
        Column(
            "opening_days",
            "weekdays",
            ("hari buka", "hari layanan", "hari pelayanan", "hari operasional", "hari kerja"),
            "hari buka",
            "Senin-Jumat",
            later=True,
            shown=CARRIED,
        ),
        Column(
            "opening_hours",
            "hours",
            ("jam buka", "jam layanan", "jam pelayanan", "jam operasional", "jam kerja"),
            "jam buka",
            "08:00-16:00",
            later=True,
            shown=CARRIED,
        ),
        Column(
            "ibm_state",
            "choice",
            ("status ibm", "tahap ibm", "kategori ibm", "status unit ibm"),
            "status IBM",
            "",
            IBM_STATES,
            {"ibm baru": "baru", "mandiri baru": "baru mandiri", "lanjutan": "berkelanjutan",
             "ibm berkelanjutan": "berkelanjutan", "mandiri berkelanjutan": "berkelanjutan mandiri"},
            later=True,
            shown=TOLD,
        ),
        Column(
            "open_from",
            "date",
            ("buka sejak", "mulai buka", "tanggal buka", "tgl buka", "mulai beroperasi", "beroperasi sejak",
             "tanggal mulai"),
            "buka sejak",
            "01-03-2021",
            later=True,
            shown=TOLD,
        ),
        Column(
            "open_to",
            "date",
            ("buka sampai", "tanggal tutup", "tgl tutup", "tutup sejak", "berhenti beroperasi", "tanggal selesai"),
            "buka sampai",
            "",
            later=True,
            shown=TOLD,
        ),
        Column("note", aliases=("catatan", "note_id", "keterangan"), heading="catatan", shown=LISTED),
    ),
    key=("id",),
    required=(("name",),),
    neutral=("derajat", "derajat desimal", "desimal", "decimal degrees", "dd", "dms", "wgs84", "wgs 84", "°", "utm",
             "m", "meter", "orang", "org", "klien/tahun", "orang/tahun", "klien per tahun", "per tahun"),
    wider={"point": ("lat", "lon")},
)  # fmt: skip
"""The units of rehabilitation: who they are, where they stand, what they offer, and which area each answers for."""
