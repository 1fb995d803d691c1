"""Which villages the names of a row fit: the name of the village inside the kecamatan, kab/kota and province it states.

A name is compared by a key without case, blanks and signs. "Kota" and "Kec." belong to a name unless they say what kind
of area it is: "Kota Kendari" is no village called Kendari.
"""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from coverage.ground import codes
from coverage.places.tables.area_codes import Said
from coverage.places.tables.cells import is_unknown
from coverage.places.tables.sheets import Row
from coverage.places.villages import key, load_villages, name_key, village_keys

CLOSE = 0.75
"""Similarity of two names (0 to 1) from which one may be meant for the other."""

_DISTRICT_WORDS = re.compile(r"^(kecamatan|kec|distrik)\b[. ]*(?=\w)")
_OF_AN_AREA = re.compile(
    r"(kecamatan|kec|kabupaten|kab|kotamadya|kodya|provinsi|propinsi|prov|distrik"
    r"|se[ -]?(kecamatan|kabupaten|kota|kec|kab)|(sub|grand)?[ -]?(jumlah|total)|rekap\w*)\b.*"
)
_COLUMNS = ("name", "district", "regency", "province")
Places = tuple[int, ...]
"""Positions in the list of all villages."""


def says_area(name: str) -> bool:
    """Tell whether a name says itself that it is of an area above the villages, or of a sum.

    Examples
    --------
    >>> says_area("KEC. MANDONGA"), says_area("Jumlah"), says_area("Kota Baru"), says_area("Kecapi")
    (True, True, False, False)
    """
    return _OF_AN_AREA.fullmatch(name.casefold().strip()) is not None


@dataclass(frozen=True)
class Index:
    """The list of all villages by position: kode, names as written, and the keys of names and of parents."""

    kode: tuple[str, ...]
    name: tuple[str, ...]
    keys: Mapping[str, Places]
    """Positions by the key of the name, as listed or without the word for its kind."""
    district: tuple[frozenset[str], ...]
    regency: tuple[str, ...]
    province: tuple[str, ...]


@cache
def index() -> Index:
    """Index all villages by their names."""
    villages = load_villages()
    listed = {column: [str(name) for name in villages[column].to_numpy(object)] for column in _COLUMNS}
    found: dict[str, list[int]] = {}
    for at, name in enumerate(listed["name"]):
        for one in village_keys(name):
            found.setdefault(one, []).append(at)
    districts = {name: district_keys(name) for name in set(listed["district"])}
    wider = {name: name_key(name) for column in ("regency", "province") for name in set(listed[column])}
    return Index(
        kode=tuple(villages.index.to_numpy(object)),
        name=tuple(listed["name"]),
        keys={one: tuple(places) for one, places in found.items() if one},
        district=tuple(districts[name] for name in listed["district"]),
        regency=tuple(wider[name] for name in listed["regency"]),
        province=tuple(wider[name] for name in listed["province"]),
    )


@cache
def place_of() -> Mapping[str, int]:
    """Give the position of each kode in the list of all villages."""
    return {kode: at for at, kode in enumerate(index().kode)}


def district_keys(name: str) -> frozenset[str]:
    """Give the keys of a kecamatan's name, with and without what may stand for its kind.

    Examples
    --------
    >>> sorted(district_keys("Kec. Kota Kudus"))
    ['kotakudus', 'kudus']
    """
    bare = _DISTRICT_WORDS.sub("", name.casefold().strip())
    return frozenset(one for one in (key(bare), name_key(bare)) if one)


@cache
def _children(length: int) -> Mapping[str, Places]:
    """Give the villages of each area whose kode has this length."""
    found: dict[str, list[int]] = {}
    for at, kode in enumerate(index().kode):
        found.setdefault(kode[:length], []).append(at)
    return {kode: tuple(places) for kode, places in found.items()}


@cache
def _named(column: str) -> Mapping[str, Places]:
    """Give the villages of the kecamatan (``district``) or kab/kota (``regency``) of each name."""
    found: dict[str, list[int]] = {}
    names: Sequence[Iterable[str]] = index().district if column == "district" else [(one,) for one in index().regency]
    for at, keys in enumerate(names):
        for one in keys:
            found.setdefault(one, []).append(at)
    return {one: tuple(places) for one, places in found.items()}


def within(area: str) -> Places:
    """Give the villages of a province, kab/kota or kecamatan by its kode."""
    return _children(len(area)).get(area, ())


@cache
def area_keys(area: str) -> frozenset[str]:
    """Give the keys of the names of all areas above the villages in a province or kab/kota, itself included."""
    villages = load_villages()
    found: set[str] = set()
    inside = villages.loc[[index().kode[at] for at in within(area)]]
    for column in ("district", "regency", "province"):
        for name in map(str, inside[column].unique()):
            found |= {key(name), name_key(name)}
    return frozenset(found - {""})


@dataclass(frozen=True)
class Names:
    """The names that a row states, and the areas that it must lie in.

    ``own_district``: whether its kecamatan stands in the row itself, not only above it. ``areas``: kodes of areas that
    all hold the village.
    """

    village: str
    district: str
    regency: str
    province: str
    areas: tuple[str, ...]
    city: bool | None
    own_district: bool

    def told(self) -> str:
        """Give the names as a reader knows them."""
        return ", ".join(text for text in (self.village, self.district, self.regency) if text)

    def holds(self, at: int) -> bool:
        """Tell whether a village lies in the areas that the code and the region name."""
        kode = index().kode[at]
        return all(codes.contains(area, kode) for area in self.areas)

    def in_district(self, at: int) -> bool:
        """Tell whether a village lies in the stated kecamatan, if any is stated."""
        return not self.district or bool(district_keys(self.district) & index().district[at])

    def in_regency(self, at: int) -> bool:
        """Tell whether a village lies in the stated kab/kota, if any is stated; Kota Bima is not Kabupaten Bima."""
        kode = index().kode[at]
        if self.city is not None and codes.is_city(kode) != self.city:
            return False
        if not self.regency:
            return True
        lowered = self.regency.casefold()
        if lowered.startswith(("kota ", "kotamadya ", "kodya ")) and not codes.is_city(kode):
            return False
        if lowered.startswith("kab") and codes.is_city(kode):
            return False
        return name_key(self.regency) == index().regency[at]

    def in_province(self, at: int) -> bool:
        """Tell whether a village lies in the stated province, if any is stated."""
        return not self.province or name_key(self.province) == index().province[at]

    def in_parents(self, at: int) -> bool:
        """Tell whether a village lies in every area that the row states by name."""
        return self.in_district(at) and self.in_regency(at) and self.in_province(at)

    @property
    def narrow(self) -> bool:
        """Whether something beside the name says in which kab/kota or kecamatan the village lies."""
        deep = any(len(area) >= codes.LENGTH_OF["regency"] for area in self.areas if area != codes.COUNTRY)
        return bool(self.district or self.regency) or deep

    def fitting(self) -> list[int]:
        """Give the villages of that name inside all that is said: as written, else without the word for its kind."""
        for one in village_keys(self.village):
            found = [at for at in index().keys.get(one, ()) if self.holds(at) and self.in_parents(at)]
            if found:
                return found
        return []

    def elsewhere(self) -> list[int]:
        """Give the villages of that name in the stated kecamatan or in the stated kab/kota, where not in both."""
        return [
            at
            for at in self._namesakes()
            if (self.district and self.in_district(at)) or (self.regency and self.in_regency(at))
        ]

    def _namesakes(self) -> list[int]:
        """Give the villages of that name in the areas and the province, whatever else is stated."""
        for one in village_keys(self.village):
            found = [at for at in index().keys.get(one, ()) if self.holds(at) and self.in_province(at)]
            if found:
                return found
        return []

    def siblings(self) -> list[int]:
        """Give the villages of the stated kecamatan, else of the stated kab/kota, else of the area if it is narrow."""
        for column, keys in (
            ("district", district_keys(self.district)),
            ("regency", {name_key(self.regency)} if self.regency else set()),
        ):
            places = sorted({at for one in keys for at in _named(column).get(one, ())})
            found = [at for at in places if self.holds(at) and self.in_regency(at) and self.in_province(at)]
            if found:
                return found
        deepest = max(self.areas, key=lambda area: codes.LENGTH_OF[codes.level(area)])
        if self.district or self.regency or codes.LENGTH_OF[codes.level(deepest)] < codes.LENGTH_OF["regency"]:
            return []
        return [at for at in within(deepest) if self.holds(at) and self.in_province(at)]

    def lookalikes(self) -> list[int]:
        """Give the villages of the stated parents whose names are similar, the most similar first."""
        return alike_among(self.village, self.siblings())

    def is_an_area(self) -> bool:
        """Tell whether the name is also that of a kecamatan, kab/kota or province that the row may be the total of."""
        deepest = max(self.areas, key=lambda area: codes.LENGTH_OF[codes.level(area)])
        scope = {codes.ancestor(deepest, "regency")} if len(deepest) >= codes.LENGTH_OF["regency"] else set()
        if not scope and self.regency:
            named = _named("regency").get(name_key(self.regency), ())
            scope = {index().kode[at][: codes.LENGTH_OF["regency"]] for at in named if self.holds(at)}
        if not scope:
            scope = {index().kode[at][: codes.LENGTH_OF["province"]] for at in self._namesakes() or self.siblings()}
        keys = {key(self.village), name_key(self.village)}
        return any(keys & area_keys(area) for area in scope)


def names_of(row: Row, said: Said, region: str, *, above: frozenset[int] = frozenset()) -> Names:
    """Read the names that a row states; a dash says nothing.

    Parameters
    ----------
    above
        Numbers of the rows whose parents were taken from the row above.
    """
    texts = {column: row.text(column) for column in ("village", "district", "regency", "province")}
    told = {column: "" if is_unknown(text) else text for column, text in texts.items()}
    own = bool(told["district"]) and row.number not in above
    return Names(**told, areas=(region, said.inside), city=said.city, own_district=own)


def alike_among(name: str, places: Sequence[int]) -> list[int]:
    """Give the villages among these whose names are similar, the most similar first."""
    listed = index().name
    by_key: dict[str, list[int]] = {}
    for at in places:
        by_key.setdefault(village_keys(listed[at])[-1], []).append(at)
    near = difflib.get_close_matches(village_keys(name)[-1], list(by_key), n=3, cutoff=CLOSE)
    return [at for one in near for at in by_key[one]]


def alike(one: str, other: str, least: float = CLOSE) -> bool:
    """Tell whether two names may be two spellings of one.

    Examples
    --------
    >>> alike("Watu Londo", "Kel. Watulondo"), alike("Kadia", "Bende")
    (True, False)
    """
    keys = village_keys(one)[-1], village_keys(other)[-1]
    return keys[0] == keys[1] or difflib.SequenceMatcher(None, *keys).ratio() >= least
