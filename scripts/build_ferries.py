"""Write `data/network/ferries.csv`: the ferry lines of Sulawesi Tenggara as public timetables give them.

A port stands on the village that carries its name; where only the kecamatan is known, on its village nearest to the
other shore; where only the town is known, on the kelurahan in its middle. Times not seen stay empty. Run again after
the village list changes:

    python scripts/build_ferries.py
"""

from dataclasses import dataclass, field

from gazetteer import DATA, Place, write_csv

SOURCE = "jadwal penyeberangan, halaman publik"
COLUMNS = [
    "id",
    "name",
    "from_kode",
    "to_kode",
    "from_port",
    "to_port",
    "sailing_min",
    "sailing_max_min",
    "season_extra_min",
    "season_extra_max_min",
    "trips_per_day",
    "departures",
    "days",
    "first_departure",
    "last_departure",
    "vehicles",
    "line",
    "whole_line_min",
    "note_id",
    "note_en",
    "source",
]

BAUBAU = Place("Kota Baubau")
BAJOE = Place("Kabupaten Bone", village="Bajoe")
KADATUA = Place("Kabupaten Buton Selatan", "Kadatua", toward=BAUBAU)

PORTS = {
    "Torobulu": Place("Kabupaten Konawe Selatan", village="Torobulu"),
    "Tampo": Place("Kabupaten Muna", village="Tampo"),
    "Amolengo": Place("Kabupaten Konawe Selatan", village="Amolengu"),
    "Labuan": Place("Kabupaten Buton Utara", village="Labuan"),
    "Kendari": Place("Kota Kendari", village="Kendari Caddi"),
    "Langara": Place("Kabupaten Konawe Kepulauan", village="Langara Laut"),
    "Sawaea": Place("Kabupaten Konawe Kepulauan", village="Sawaea"),
    "Waara (Wamengkoli)": Place("Kabupaten Buton Tengah", "Lakudo", "One Waara"),
    "Baubau": BAUBAU,
    "Kadatua": KADATUA,
    "Siompu": Place("Kabupaten Buton Selatan", "Siompu", toward=KADATUA),
    "Raha": Place("Kabupaten Muna", "Katobu", "Raha"),
    "Kolaka": Place("Kabupaten Kolaka", "Kolaka", toward=BAJOE),
    "Bajoe": BAJOE,
    "Siwa": Place("Kabupaten Wajo", "Pitumpanua", "Siwa"),
    "Lasusua": Place("Kabupaten Kolaka Utara", "Lasusua", "Lasusua"),
    "Kamaru": Place("Kabupaten Buton", village="Kamaru"),
    "Wanci": Place("Kabupaten Wakatobi", village="Wanci"),
    "Dongkala": Place("Kabupaten Bombana", "Kabaena Timur", "Dongkala"),
    "Mawasangka": Place("Kabupaten Buton Tengah", "Mawasangka", "Mawasangka"),
}


@dataclass(frozen=True)
class Leg:
    """A crossing between two ports and what its timetable says; what was not seen is left out."""

    origin: str
    destination: str
    facts: dict[str, object] = field(default_factory=dict)
    note: tuple[str, str] = ("", "")

    def row(self) -> dict[str, object]:
        """Return the row of ferries.csv."""
        ends = (self.origin, self.destination)
        points = [(port, *PORTS[port].words()) for port in ends if PORTS[port].village != port]
        point_id = [f"Titik {port}: {words}." for port, words, _ in points]
        point_en = [f"Point of {port}: {words}." for port, _, words in points]
        return {
            "id": "-".join(port.split(" ")[0].casefold() for port in ends),
            "name": "-".join(port.split(" ")[0] for port in ends),
            "from_kode": PORTS[self.origin].kode(),
            "to_kode": PORTS[self.destination].kode(),
            "from_port": self.origin,
            "to_port": self.destination,
            **self.facts,
            "note_id": " ".join(filter(None, (self.note[0], *point_id))),
            "note_en": " ".join(filter(None, (self.note[1], *point_en))),
            "source": SOURCE,
        }


def timed(sailing_min: int, **facts: object) -> dict[str, object]:
    """State one sailing time as a range of no width."""
    return {"sailing_min": sailing_min, "sailing_max_min": sailing_min, **facts}


FAST_BOAT = {"trips_per_day": 2, "vehicles": "no", "line": "kendari-raha-baubau", "whole_line_min": 300}
FAST_BOAT_NOTE = (
    "Kapal cepat, penumpang saja; 5 jam untuk seluruh lintas.",
    "Fast boat, passengers only; 5 h for the whole line.",
)
ISLAND_BOAT = {"trips_per_day": 1, "line": "baubau-kadatua-siompu"}
ONCE = ("Sekali sehari; lama berlayar dan jam belum diketahui.", "Once a day; sailing time and hours not known.")
UNSEEN = ("Waktu dan jadwal belum diketahui.", "Times and timetable not known.")

LEGS = (
    Leg(
        "Torobulu",
        "Tampo",
        {
            "sailing_min": 150,
            "sailing_max_min": 210,
            "season_extra_min": 30,
            "season_extra_max_min": 60,
            "trips_per_day": 5,
            "days": "Sel:4;Jum:4",
        },
        (
            "Selasa dan Jumat 4 kali, hari lain 5 kali; tambahan 30-60 menit pada musim ombak.",
            "4 trips on Tuesday and Friday, 5 on other days; 30-60 minutes more in the rough season.",
        ),
    ),
    Leg(
        "Amolengo",
        "Labuan",
        timed(
            30,
            trips_per_day=4,
            departures="08:00;10:00;13:00;16:00",
            first_departure="08:00",
            last_departure="16:00",
        ),
    ),
    Leg("Kendari", "Langara", timed(180)),
    Leg("Labuan", "Sawaea", timed(180)),
    Leg(
        "Waara (Wamengkoli)",
        "Baubau",
        {"trips_per_day": 11, "first_departure": "07:00", "last_departure": "19:00"},
        (
            "Waktu penyeberangan belum diketahui. Dari dua desa bernama Waara dipilih yang terdekat ke Baubau.",
            "Crossing time not known. Of the two villages named Waara, the one nearer to Baubau.",
        ),
    ),
    Leg("Baubau", "Kadatua", ISLAND_BOAT, ONCE),
    Leg("Kadatua", "Siompu", ISLAND_BOAT, ONCE),
    Leg("Kendari", "Raha", FAST_BOAT, FAST_BOAT_NOTE),
    Leg("Raha", "Baubau", FAST_BOAT, FAST_BOAT_NOTE),
    Leg("Kolaka", "Bajoe", timed(420)),
    Leg("Siwa", "Lasusua", timed(300)),
    Leg("Kamaru", "Wanci", note=UNSEEN),
    Leg(
        "Dongkala",
        "Mawasangka",
        note=(
            f"{UNSEEN[0]} Dongkala di Pulau Kabaena, bukan desa Dongkala di Kabupaten Buton.",
            f"{UNSEEN[1]} Dongkala on the island of Kabaena, not the village of that name in Kabupaten Buton.",
        ),
    ),
)


def main() -> None:
    """Write the table."""
    write_csv(DATA / "network" / "ferries.csv", COLUMNS, [leg.row() for leg in LEGS])


if __name__ == "__main__":
    main()
