"""Which class and surface the words of the sources mean; the tables stand in docs/methods/roads.md as well."""

import re

_SAME = {
    "motorway": "motorway",
    "trunk": "trunk",
    "primary": "primary",
    "secondary": "secondary",
    "tertiary": "tertiary",
    "unclassified": "unclassified",
    "residential": "residential",
    "living_street": "living_street",
    "service": "service",
    "track": "track",
    "road": "unclassified",
}
OSM_CLASSES = _SAME | {f"{name}_link": name for name in ("motorway", "trunk", "primary", "secondary", "tertiary")}
"""Values of OpenStreetMap's ``highway`` that vehicles drive on, and their class here."""

_INDONESIAN = (
    (r"tol\b.*", "motorway"),
    (r"(bebas hambatan)\b.*", "motorway"),
    (r"(arteri|nasional|negara)\b.*", "primary"),
    (r"(kolektor|provinsi|propinsi)\b.*", "secondary"),
    (r"(lokal|kabupaten|kab|kota)\b.*", "tertiary"),
    (r"(lingkungan|perumahan|kompleks|gang)\b.*", "residential"),
    (r"(desa|dusun|lain|lainnya)\b.*", "unclassified"),
    (r"(usaha tani|kebun|hutan|pertanian|inspeksi)\b.*", "track"),
    (r"(setapak)\b.*", "path"),
)
_RAIL = re.compile(r"\b(kereta|rel|lori|monorel|lrt|mrt)\b")
RAIL = "rail"

_PAVED = frozenset(
    {
        *("paved", "asphalt", "concrete", "concrete:plates", "concrete:lanes", "paving_stones", "bricks", "sett"),
        *("cobblestone", "unhewn_cobblestone", "roman_paving", "chipseal", "metal", "wood", "tiles"),
        *("aspal", "hotmix", "beton", "cor", "cor beton", "rigid", "paving", "paving block", "lapen", "conblock"),
    }
)
_UNPAVED = frozenset(
    {
        *("unpaved", "compacted", "fine_gravel", "gravel", "pebblestone", "rock", "stone", "ground", "dirt", "earth"),
        *("grass", "grass_paver", "mud", "sand", "clay", "woodchips"),
        *("kerikil", "krikil", "sirtu", "batu", "makadam", "macadam", "telford", "tanah", "pasir", "perkerasan"),
    }
)


def class_of_word(word: str) -> str:
    """Give the class an office's word for a road means, "rail" for a railway, "" where it is not known.

    The functions of UU 38/2004 (arteri, kolektor, lokal, lingkungan) and who answers for the road (nasional,
    provinsi, kabupaten/kota, desa), as RBI's REMARK and office files write them; OpenStreetMap's words count too.

    Examples
    --------
    >>> class_of_word("Jalan Arteri"), class_of_word("JALAN KABUPATEN"), class_of_word("Jalan Kereta Api")
    ('primary', 'tertiary', 'rail')
    >>> class_of_word("trunk_link"), class_of_word("7")
    ('trunk', '')
    """
    plain = " ".join(word.casefold().replace(".", " ").split())
    if plain.replace(" ", "_") in OSM_CLASSES:
        return OSM_CLASSES[plain.replace(" ", "_")]
    if plain == "path":
        return "path"
    if _RAIL.search(plain):
        return RAIL
    bare = re.sub(r"^(jalan|jln|jl|ruas)\s+", "", plain)
    return next((meaning for pattern, meaning in _INDONESIAN if re.fullmatch(pattern, bare)), "")


def surface_of_word(word: str) -> str | None:
    """Give "paved" or "unpaved", "" for an empty word, None where the word is not known.

    Examples
    --------
    >>> surface_of_word("Aspal"), surface_of_word("gravel"), surface_of_word(""), surface_of_word("baik")
    ('paved', 'unpaved', '', None)
    """
    plain = " ".join(word.casefold().split())
    if plain in _PAVED:
        return "paved"
    if plain in _UNPAVED:
        return "unpaved"
    return None if plain else ""
