"""Every kelurahan and desa of Indonesia, and the regions they form."""

import re
from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import pandas as pd

from coverage.ground import codes, lookalikes
from coverage.ground.errors import InputError
from coverage.ground.geometry import BoolArray
from coverage.ground.parquet import read_parquet
from coverage.ground.registry import data_file
from coverage.ground.texts import Message, listed

_KIND_WORDS = re.compile(
    r"^(kabupaten|kab|kota|provinsi|prov|kecamatan|kec|kelurahan|kel|desa)[. ]+((administrasi|adm)[. ]+)?"
)
_VILLAGE_WORDS = re.compile(r"^(kelurahan|kel|desa|ds)\b[. ]*(?=\w)")
_BELOW_REGIONS = re.compile(r"^(kecamatan|kec|kelurahan|kel|desa|ds)[. ]")
_KEPT = 16_384
_SIGNS = re.compile(r"[^a-z0-9]")
_KINDS = (("prov", ""), ("kab", "Kabupaten "), ("kota", "Kota "))
_SHORT_NAMES = {
    "ntb": "52",
    "ntt": "53",
    "diy": "34",
    "dki": "31",
    "jakarta": "31",
    "jabar": "32",
    "jateng": "33",
    "jatim": "35",
    "sumut": "12",
    "sumbar": "13",
    "sumsel": "16",
    "babel": "19",
    "kepri": "21",
    "kalbar": "61",
    "kalteng": "62",
    "kalsel": "63",
    "kaltim": "64",
    "kaltara": "65",
    "sulut": "71",
    "sulteng": "72",
    "sulsel": "73",
    "sultra": "74",
    "sulbar": "76",
    "malut": "82",
}
_OFFERED = 5


@dataclass(frozen=True)
class Region:
    """An area of one kode: the country, a province, a kabupaten/kota or a kecamatan."""

    code: str
    name: str
    level: codes.Level


@cache
def load_villages() -> pd.DataFrame:
    """Load all villages of Indonesia (embedded tier).

    Returns
    -------
    DataFrame
        Index ``kode`` (Kemendagri, dotted, sorted); columns ``name``, ``kind`` (kelurahan|desa),
        ``district``, ``regency``, ``province``, ``lat``, ``lon`` (degrees, EPSG:4326), ``elevation_m``
        (float, NaN unknown), ``island`` (number of the land polygon), ``shore_km`` (distance off drawn
        land). The table is shared: treat it as read-only.

    Raises
    ------
    DataError
        If the embedded file is missing or damaged.
    """
    table = read_parquet(data_file("villages")).set_index("kode")
    table["elevation_m"] = table["elevation_m"].astype("float64")
    return table


def are_villages(kode: pd.Index | pd.Series) -> BoolArray:
    """Tell which codes are those of villages, shape ``(len(kode),)``.

    ``isin`` of pandas would list all 83 000 villages each time.
    """
    known: BoolArray = load_villages().index.get_indexer(pd.Index(kode)) >= 0
    return known


def is_area(code: str) -> bool:
    """Tell whether there is an area of this kode: country, province, kabupaten/kota, kecamatan or village."""
    if not codes.is_code(code) or code == codes.COUNTRY:
        return code == codes.COUNTRY
    kode = _sorted_kode()
    at = bisect_left(kode, code)
    return at < len(kode) and codes.contains(code, kode[at])


@cache
def _sorted_kode() -> tuple[str, ...]:
    return tuple(load_villages().index.to_numpy(object))


@cache
def regions() -> pd.DataFrame:
    """List the country, all provinces and all kabupaten/kota.

    Returns
    -------
    DataFrame
        Index ``code``; columns ``name``, ``level`` (country|province|regency), ``province``, ``villages``.
    """
    villages = load_villages()
    rows = [(codes.COUNTRY, "Indonesia", "country", "", len(villages))]
    levels: tuple[codes.Level, ...] = ("province", "regency")
    for level in levels:
        # The list is in the order of the codes: the villages of an area follow one another.
        area, code = pd.factorize(villages.index.str[: codes.LENGTH_OF[level]])
        first = np.flatnonzero(np.diff(area, prepend=-1))
        sizes = np.diff(np.r_[first, len(area)]).tolist()
        named = zip(code, villages[str(level)].iloc[first], villages["province"].iloc[first], sizes, strict=True)
        rows += [(code, name, level, province, size) for code, name, province, size in named]
    return pd.DataFrame(rows, columns=["code", "name", "level", "province", "villages"]).set_index("code")


@lru_cache(maxsize=_KEPT)
def name_key(name: str) -> str:
    """Reduce a name to what stays the same however it is written.

    Examples
    --------
    >>> name_key("Kel. Wua-Wua"), name_key("Kota Lubuk Linggau"), name_key("LUBUKLINGGAU")
    ('wuawua', 'lubuklinggau', 'lubuklinggau')
    """
    lowered = name.casefold().strip()
    bare = _KIND_WORDS.sub("", lowered)
    return _SIGNS.sub("", bare or lowered)


def key(name: str) -> str:
    """Reduce a name to its letters and digits.

    Examples
    --------
    >>> key("Wua - Wua"), key("KOTA KENDARI")
    ('wuawua', 'kotakendari')
    """
    return _SIGNS.sub("", name.casefold())


@lru_cache(maxsize=_KEPT)
def village_keys(name: str) -> tuple[str, ...]:
    """Give the keys by which a village's name may be listed: as written, and without the word for its kind.

    Examples
    --------
    >>> village_keys("Kel. Mandonga"), village_keys("Desa Baru")
    (('kelmandonga', 'mandonga'), ('desabaru', 'baru'))
    """
    lowered = name.casefold().strip()
    return tuple(dict.fromkeys((key(lowered), key(_VILLAGE_WORDS.sub("", lowered)))))


@lru_cache(maxsize=_KEPT)
def says_village(name: str) -> bool:
    """Tell whether a name says itself that it is a village's.

    Examples
    --------
    >>> says_village("Kel. Mandonga"), says_village("Kelapa Dua")
    (True, False)
    """
    return _VILLAGE_WORDS.match(name.casefold().strip()) is not None


def find_region(text: str) -> Region:
    """Find a region by its kode or its name.

    Parameters
    ----------
    text
        ``ID``, a kode of a province, kabupaten/kota or kecamatan, or the name of a province or kabupaten/kota;
        the usual short names of provinces (Sultra, NTB) count too.

    Raises
    ------
    InputError
        If it is unknown or ambiguous; the closest codes or names are offered.

    Examples
    --------
    >>> find_region("lubuklinggau").code
    '16.73'
    """
    wanted = text.strip()
    if codes.is_code(wanted) and (coded := _of_code(wanted)) is not None:
        return coded
    known = regions()
    if wanted.upper() == codes.COUNTRY:
        wanted = codes.COUNTRY
    if wanted in known.index:
        return Region(wanted, str(known.at[wanted, "name"]), str(known.at[wanted, "level"]))  # type: ignore[arg-type]
    if wanted[:1].isdigit():
        return _region_of_code(codes.parse(wanted))
    keys = known["name"].map(name_key)
    # "Kec. Kendari" is no kab/kota, though one of that name exists.
    named = "" if _BELOW_REGIONS.match(wanted.casefold()) else name_key(wanted)
    found = _meant(wanted, known[keys == named])
    short = _SHORT_NAMES.get(named)
    if found.empty and short is not None:
        found = known.loc[[short]]
    if len(found) == 1:
        code = str(found.index[0])
        return Region(code, str(found["name"].iloc[0]), str(found["level"].iloc[0]))  # type: ignore[arg-type]
    if len(found) > 1:
        raise InputError(Message.of("villages.region_ambiguous", value=wanted, options=_options(found["name"])))
    close = _close(wanted, known["name"], keys)
    if close.empty:
        raise InputError(Message.of("villages.region_unknown", value=wanted))
    raise InputError(Message.of("villages.region_unknown_near", value=wanted, options=_options(close)))


def _of_code(code: str) -> Region | None:
    """Give the province or kabupaten/kota of a kode, without listing all there are; None where it is neither."""
    level = codes.level(code)
    if level not in {"province", "regency"}:
        return None
    villages = load_villages()
    inside = mask_in_region(villages.index, code)
    return Region(code, str(villages[level].iloc[int(inside.argmax())]), level) if inside.any() else None


def _meant(wanted: str, found: pd.DataFrame) -> pd.DataFrame:
    """Of regions that share a name, keep the one whose kind was named, or that is written just so."""
    exact = found[found["name"].str.casefold() == wanted.casefold()]
    if len(exact) == 1:
        return exact
    for word, start in _KINDS:
        if re.match(rf"{word}\w*[. ]", wanted.casefold()):
            return found[found["name"].str.startswith(start) if start else found["level"] == "province"]
    return found


def _close(wanted: str, names: pd.Series, keys: pd.Series) -> pd.Series:
    """Give the names closest to what was written, the closest first."""
    near = lookalikes.closest(name_key(wanted), list(dict.fromkeys(keys)), _OFFERED, 0.6)
    place = keys.map({key: place for place, key in enumerate(near)})
    return names[place.dropna().sort_values(kind="stable").index].head(_OFFERED)


def _region_of_code(code: str) -> Region:
    villages = load_villages()
    level = codes.level(code)
    if level == "district":
        inside = villages[villages.index.str.startswith(code + ".")]
        if not inside.empty:
            return Region(code, str(inside["district"].iloc[0]), level)
    if level == "village" and code in villages.index:
        raise InputError(Message.of("villages.region_is_village", value=code, parent=codes.ancestor(code, "regency")))
    parent = codes.ancestor(code, "province")
    known = regions()
    if parent in known.index:
        siblings = known[known.index.str.startswith(parent + ".")]["name"]
        near = lookalikes.closest(code, list(siblings.index), _OFFERED, 0.0)
        raise InputError(Message.of("villages.region_unknown_near", value=code, options=_options(siblings[near])))
    raise InputError(Message.of("villages.region_unknown", value=code))


def _options(names: pd.Series) -> str:
    return ", ".join(f"{code} {name}" for code, name in names.items())


def in_region(table: pd.DataFrame, region: str) -> pd.DataFrame:
    """Select the rows whose kode (the index) lies in the region."""
    return table[mask_in_region(table.index, region)]


def mask_in_region(kode: pd.Index, region: str) -> np.ndarray:
    """Tell per kode whether it lies in the region."""
    if region == codes.COUNTRY:
        return np.ones(len(kode), dtype=bool)
    return np.asarray(kode.str.startswith(region + ".") | (kode == region), dtype=bool)


def find_village(text: str, region: str = codes.COUNTRY) -> str:
    """Find one village of a region by its kode or its name, and give its kode.

    Raises
    ------
    InputError
        If it is unknown, outside the region, or several villages bear the name; they are offered.
    """
    villages = load_villages()
    wanted = text.strip()
    if wanted[:1].isdigit():
        code = codes.parse(wanted)
        if code not in villages.index:
            known = _sorted_kode()
            inside = villages.iloc[bisect_left(known, code[:8]) : bisect_left(known, code[:8] + "~")]
            near = lookalikes.closest(code, list(inside.index), _OFFERED, 0.0)
            raise _village_unknown(code, region, inside["name"][near])
        if not codes.contains(region, code):
            raise InputError(
                Message.of("villages.village_outside", value=f"{code} {villages.loc[code, 'name']!s}", region=region)
            )
        return code
    inside = in_region(villages, region)
    found = inside.head(0)
    for one in filter(None, village_keys(wanted)):
        if found.empty:
            found = villages.loc[[kode for kode in _named().get(one, ()) if codes.contains(region, kode)]]
    if len(found) == 1:
        return str(found.index[0])
    if len(found) > 1:
        spelled = [f"{code} {row['name']} (Kec. {row['district']}, {row['regency']})" for code, row in found.iterrows()]
        options = listed(spelled, _OFFERED * 2, between="; ")
        raise InputError(Message.of("villages.village_ambiguous", value=wanted, options=options))
    raise _village_unknown(wanted, region, _close(wanted, inside["name"], _name_keys(region)))


@cache
def _named() -> Mapping[str, tuple[str, ...]]:
    """Give the villages of each name, by the keys it may be listed by."""
    found: dict[str, list[str]] = {}
    for kode, name in load_villages()["name"].items():
        for one in village_keys(str(name)):
            found.setdefault(one, []).append(str(kode))
    return {one: tuple(kode) for one, kode in found.items()}


@lru_cache(maxsize=4)
def _name_keys(region: str) -> pd.Series:
    return in_region(load_villages(), region)["name"].map(name_key)


def _village_unknown(wanted: str, region: str, close: pd.Series) -> InputError:
    if close.empty:
        return InputError(Message.of("villages.village_unknown", value=wanted, region=region))
    return InputError(Message.of("villages.village_unknown_near", value=wanted, region=region, options=_options(close)))
