"""What is not known is followed by what to import and where: a walk over every sentence of the catalogue."""

import re
import tomllib
from pathlib import Path

import coverage.ground.texts

TEXTS = Path(coverage.ground.texts.__file__).parent / "id"
UNKNOWN = re.compile(r"(tidak|belum) diketahui|tidak ada di data|belum punya unit sendiri|tanpa jumlah penduduk")
REMEDY = re.compile(r"halaman [A-Z]|jangkau [a-z]|--[a-z]|[Kk]osongkan|Isi anggapan|Unit yang ada: \{")
# Words of forms, flags and columns, which ask for a value themselves, or name what nobody can import.
NO_ANSWER = {
    "cli.vehicles_only": "help of a flag",
    "cli.vehicles": "help of a flag",
    "columns.vehicles_unknown": "a cell; the note of the list says what to complete",
    "dashboard.boats_help": "help of a widget",
    "dashboard.note_dropped": "tells what was taken out",
    "dashboard.departures": "label of a field",
    "dashboard.published_about": "what was published says no more",
    "dashboard.method_limits_title": "a heading",
    "dashboard.meaning_need": "tells a rule",
    "general.unknown": "a word",
    "network.note_area": "the file itself holds no date",
    "roads.date_unknown": "the file itself holds no date",
    "siting.no_bound": "a proof, not a datum",
    "speeds.key_ferry_km_per_h": "label of a field",
    "speeds.key_ferry_service_h": "label of a field",
    "speeds.key_ferry_trips_per_day": "label of a field",
    "neighbours.lead": "the remedy follows as neighbours.remedy",
    "neighbours.lead_none": "the remedy follows as neighbours.remedy",
    "neighbours.first": "the remedy follows as neighbours.remedy",
}


def unknowns() -> dict[str, str]:
    texts = {
        f"{path.stem}.{key}": str(text)
        for path in TEXTS.glob("*.toml")
        for key, text in tomllib.loads(path.read_text(encoding="utf-8")).items()
    }
    return {key: text for key, text in texts.items() if UNKNOWN.search(text)}


def test_each_sentence_that_something_is_not_known_says_what_to_do():
    assert [key for key, text in unknowns().items() if not REMEDY.search(text) and key not in NO_ANSWER] == []


def test_what_is_excused_still_stands_and_needs_the_excuse():
    found = unknowns()
    assert [key for key in NO_ANSWER if key not in found or REMEDY.search(found[key])] == []
