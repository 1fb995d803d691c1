"""Write the tables of `data/facilities`: units, visits, vulnerability classes and published client totals.

No street address of any unit is known, so a unit stands on a village chosen by one rule: of the villages that fit what
is known (a village name, else the town's kecamatan, else the whole kota) the one with the least summed distance to the
others and no more than 100 m above the lowest. Run again after the village list changes:

    python scripts/build_facilities.py
"""

from dataclasses import dataclass

from gazetteer import DATA, Place, area_kode, key, villages, write_csv

LIST_2019 = "daftar layanan rehabilitasi 2019"
NEWS_2021 = "berita 2021 (benih proyek)"
NEWS_2022 = "berita 2022 (benih proyek)"
NEWS_2024 = "berita 2024 (benih proyek)"
PUBLIC_PAGE = "halaman publik"

KENDARI, KOLAKA, MUNA, BAUBAU = "Kota Kendari", "Kabupaten Kolaka", "Kabupaten Muna", "Kota Baubau"
LUBUKLINGGAU, LUMAJANG, LHOKSEUMAWE = "Kota Lubuklinggau", "Kabupaten Lumajang", "Kota Lhokseumawe"
SULTRA, NTB = "Sulawesi Tenggara", "Nusa Tenggara Barat"
BNNK_MUNA_AREA = (MUNA, "Kabupaten Muna Barat", "Kabupaten Buton Utara")
BNN_BAUBAU_AREA = (BAUBAU, "Kabupaten Buton", "Kabupaten Buton Tengah", "Kabupaten Buton Selatan", "Kabupaten Wakatobi")

BNNP, BNNK, PUSKESMAS, HOSPITAL, FOUNDATION = "klinik BNNP", "klinik BNNK", "puskesmas", "rumah sakit", "KM"

UNIT_COLUMNS = [
    "id",
    "name",
    "kind",
    "institution",
    "kode",
    "lat",
    "lon",
    "location_quality",
    "wilayah_kerja",
    "services",
    "capacity",
    "agents",
    "counsellors",
    "contact",
    "ibm_state",
    "open_from",
    "open_to",
    "note_id",
    "note_en",
    "source",
]


@dataclass(frozen=True)
class Unit:
    """A rehabilitation unit as the published lists name it; `serves` names the areas it answers for."""

    id: str
    name: str
    kind: str
    where: Place
    source: str
    serves: tuple[str, ...] = ()

    def row(self) -> dict[str, str]:
        """Return the row of units.csv; what is not published is left out."""
        point_id, point_en = self.where.words()
        level = "province" if self.kind == BNNP else "regency"
        return {
            "id": self.id,
            "name": self.name,
            "kind": self.kind,
            "institution": "KM" if self.kind == FOUNDATION else "IP",
            "kode": self.where.kode(),
            "location_quality": "belum diverifikasi",
            "wilayah_kerja": ";".join(area_kode(level, name) for name in self.serves),
            "note_id": f"Alamat tidak diketahui; titik sementara: {point_id}.",
            "note_en": f"Address not known; stand-in point: {point_en}.",
            "source": self.source,
        }


UNITS = (
    Unit("rs-jiwa-kendari", "RS Jiwa Kendari", HOSPITAL, Place(KENDARI), LIST_2019),
    Unit("rs-bhayangkara-kendari", "RS Bhayangkara Kendari", HOSPITAL, Place(KENDARI), LIST_2019),
    Unit(
        "klinik-bnnp-sultra",
        "Klinik Pratama BNNP Sulawesi Tenggara",
        BNNP,
        Place(KENDARI),
        LIST_2019,
        (SULTRA,),
    ),
    Unit("bnn-kota-kendari", "Klinik Pratama BNN Kota Kendari", BNNK, Place(KENDARI), LIST_2019, (KENDARI,)),
    Unit("bnnk-kolaka", "Klinik Pratama BNNK Kolaka", BNNK, Place(KOLAKA, "Kolaka"), LIST_2019, (KOLAKA,)),
    Unit(
        "bnnk-muna",
        "Klinik BNNK Muna",
        BNNK,
        Place(MUNA, "Katobu", "Raha"),
        f"{NEWS_2021}; {PUBLIC_PAGE}",
        BNNK_MUNA_AREA,
    ),
    Unit("bnn-kota-baubau", "BNN Kota Baubau", BNNK, Place(BAUBAU), f"{NEWS_2021}; {PUBLIC_PAGE}", BNN_BAUBAU_AREA),
    Unit("bnn-kota-lubuklinggau", "BNN Kota Lubuklinggau", BNNK, Place(LUBUKLINGGAU), NEWS_2024, (LUBUKLINGGAU,)),
    Unit("bnnk-lumajang", "BNNK Lumajang", BNNK, Place(LUMAJANG, "Lumajang"), NEWS_2022, (LUMAJANG,)),
    Unit("bnnp-ntb", "BNNP Nusa Tenggara Barat", BNNP, Place("Kota Mataram"), NEWS_2024, (NTB,)),
    Unit("bnn-kota-lhokseumawe", "BNN Kota Lhokseumawe", BNNK, Place(LHOKSEUMAWE), NEWS_2021, (LHOKSEUMAWE,)),
    Unit("puskesmas-muara-satu", "Puskesmas Muara Satu", PUSKESMAS, Place(LHOKSEUMAWE, "Muara Satu"), NEWS_2021),
    Unit("puskesmas-muara-dua", "Puskesmas Muara Dua", PUSKESMAS, Place(LHOKSEUMAWE, "Muara Dua"), NEWS_2021),
    Unit(
        "puskesmas-mon-geudong",
        "Puskesmas Mon Geudong",
        PUSKESMAS,
        Place(LHOKSEUMAWE, village="Mon Geudong"),
        NEWS_2021,
    ),
    Unit("puskesmas-banda-sakti", "Puskesmas Banda Sakti", PUSKESMAS, Place(LHOKSEUMAWE, "Banda Sakti"), NEWS_2021),
    Unit("km-permata-atjeh-peduli", "Yayasan Permata Atjeh Peduli", FOUNDATION, Place(LHOKSEUMAWE), NEWS_2021),
)

VISITED = ("Watervang", "Jawa Kanan SS")

VULNERABLE = {
    "Bahaya": [
        "Gunung Jati",
        "Purirano",
        "Benu-Benua",
        "Sodohoa",
        "Sanua",
        "Mandonga",
        "Korumba",
        "Pondambea",
        "Kadia",
        "Bende",
        "Puuwatu",
        "Tobuha",
        "Anawai",
        "Wua-Wua",
        "Bonggoeya",
        "Kambu",
    ],
    "Waspada": ["Watulondo", "Lepo-Lepo", "Wundudopi", "Watubangga", "Lalolara"],
    "Siaga": ["Kampung Salo", "Alolama", "Mokoau"],
}
# The published spellings that blanks and hyphens alone do not reconcile with the village list, settled by hand.
SPELLED = {"Sodohoa": "Sodoha", "Tobuha": "Tobuuha"}

# BNNK Muna's total over its whole working area stays out: less Muna's own it would tell the counts of the other two.
CLIENTS = (
    (("province", (SULTRA,)), "2021", "IBM", 35, 35, NEWS_2021),
    (("regency", (MUNA,)), "2021", "", 40, 40, f"klien satker BNNK Muna 2021, {PUBLIC_PAGE}"),
    (("regency", BNN_BAUBAU_AREA), "", "", 20, 31, f"klien satker BNN Kota Baubau, kisaran per tahun, {PUBLIC_PAGE}"),
    (("regency", (LUBUKLINGGAU,)), "s.d. 2023-09", "residen baru", 50, 50, NEWS_2024),
    (("regency", (LUBUKLINGGAU,)), "s.d. 2024-09", "residen baru", 32, 32, NEWS_2024),
    (("regency", (LUMAJANG,)), "2022", "", 62, 62, NEWS_2022),
)


def vulnerability() -> list[dict[str, object]]:
    """Join Kendari's published classes of 2020 to the village list; an unknown name stops the build."""
    town = villages()[villages()["kode"].str.startswith(area_kode("regency", KENDARI) + ".")]
    kode_of = dict(zip(town["name"].map(key), town["kode"], strict=True))
    return [
        {
            "kode": kode_of[key(SPELLED.get(name, name))],
            "name_published": name,
            "class": label,
            "year": 2020,
            "source": "daftar kawasan rawan Kota Kendari 2020, halaman publik",
        }
        for label, names in VULNERABLE.items()
        for name in names
    ]


def client_totals() -> list[dict[str, object]]:
    """Put codes to the published totals; several codes in a cell are one total over all of them."""
    header = ("area_kode", "period", "service", "count_min", "count_max", "source")
    return [
        dict(zip(header, (";".join(area_kode(level, name) for name in names), *rest), strict=True))
        for (level, names), *rest in CLIENTS
    ]


def main() -> None:
    """Write the four tables."""
    folder = DATA / "facilities"
    write_csv(folder / "units.csv", UNIT_COLUMNS, [unit.row() for unit in UNITS])
    visits = [
        {
            "kode": Place(LUBUKLINGGAU, village=name).kode(),
            "date": "2024-10-01",
            "date_precision": "paling lambat",
            "source": NEWS_2024,
        }
        for name in VISITED
    ]
    write_csv(folder / "visits.csv", ["kode", "date", "date_precision", "team", "source"], visits)
    for name, rows in (("vulnerability", vulnerability()), ("client_totals", client_totals())):
        write_csv(folder / f"{name}.csv", list(rows[0]), rows)


if __name__ == "__main__":
    main()
