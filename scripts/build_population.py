"""Write `data/boundaries/population.csv`: published totals of kab/kota, with codes found by name."""

from gazetteer import DATA, area_kode, write_csv

TOTALS = {
    "Kabupaten Kolaka": 257733,
    "Kabupaten Konawe": 269128,
    "Kabupaten Muna": 233470,
    "Kabupaten Buton": 122024,
    "Kabupaten Konawe Selatan": 332389,
    "Kabupaten Bombana": 168055,
    "Kabupaten Wakatobi": 118793,
    "Kabupaten Kolaka Utara": 143604,
    "Kabupaten Konawe Utara": 83449,
    "Kabupaten Buton Utara": 74718,
    "Kabupaten Kolaka Timur": 130691,
    "Kabupaten Konawe Kepulauan": 44091,
    "Kabupaten Muna Barat": 91571,
    "Kabupaten Buton Tengah": 121745,
    "Kabupaten Buton Selatan": 102881,
    "Kota Kendari": 366454,
    "Kota Baubau": 163793,
    "Kota Lubuklinggau": 247550,
    "Kabupaten Lumajang": 1116231,
    "Kota Lhokseumawe": 198705,
    "Kabupaten Lombok Barat": 762757,
    "Kabupaten Lombok Tengah": 1128716,
    "Kabupaten Lombok Timur": 1457591,
    "Kabupaten Sumbawa": 527715,
    "Kabupaten Dompu": 277837,
    "Kabupaten Bima": 543582,
    "Kabupaten Sumbawa Barat": 156059,
    "Kabupaten Lombok Utara": 269989,
    "Kota Mataram": 461936,
    "Kota Bima": 165113,
}


def main() -> None:
    """Write the table, in the order of the codes."""
    rows = [
        {
            "kode": area_kode("regency", name),
            "name": name,
            "population": people,
            "year": 2025,
            "source": "Dukcapil 2025",
        }
        for name, people in TOTALS.items()
    ]
    rows.sort(key=lambda row: str(row["kode"]))
    write_csv(DATA / "boundaries" / "population.csv", list(rows[0]), rows)


if __name__ == "__main__":
    main()
