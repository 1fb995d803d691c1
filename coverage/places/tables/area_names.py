"""Which villages the names of a row fit: the name of the village inside the kecamatan, kab/kota and province it states.

A name is compared by a key without case, blanks and signs. "Kota" and "Kec." belong to a name unless they say what kind
of area it is: "Kota Kendari" is no village called Kendari.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import NamedTuple

from coverage.ground import codes, lookalikes
from coverage.places.tables.area_codes import Said
from coverage.places.tables.column_cells import is_unknown
from coverage.places.tables.sheets import Row
from coverage.places.villages import key, load_villages, name_key, village_keys

CLOSE = 0.75
"""Similarity of two names (0 to 1) from which one may be meant for the other."""

_DISTRICT_WORDS = re.compile(r"^(kecamatan|kec|distrik)\b[. ]*(?=\w)")
_OF_AN_AREA = re.compile(
    r"(kecamatan|kec|kabupaten|kab|kotamadya|kodya|provinsi|propinsi|prov|distrik"
    r"|se[ -]?(kecamatan|kabupaten|kota|kec|kab)|(sub|grand)?[ -]?(jumlah|total)|rekap\w*)\b.*"
)
_MOST_ALIKE = 3
_KEPT = 16_384
_CITY_WORDS = ("kota ", "kotamadya ", "kodya ")
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
    bare: tuple[str, ...]
    """Keys of the names without the word for the kind."""
    keys: Mapping[str, Places]
    """Positions by the key of the name, as listed or without the word for its kind."""
    district: tuple[frozenset[str], ...]
    regency: tuple[str, ...]
    province: tuple[str, ...]
    parents: tuple[tuple[str, str, str], ...]
    """Kecamatan, kab/kota and province as written."""


@cache
def index() -> Index:
    """Index all villages by their names."""
    villages = load_villages()
    listed = {column: [str(name) for name in villages[column].to_numpy(object)] for column in _COLUMNS}
    found: dict[str, list[int]] = {}
    keys = [village_keys(name) for name in listed["name"]]
    for at, held in enumerate(keys):
        for one in held:
            found.setdefault(one, []).append(at)
    districts = {name: district_keys(name) for name in set(listed["district"])}
    wider = {name: name_key(name) for column in ("regency", "province") for name in set(listed[column])}
    return Index(
        kode=tuple(villages.index.to_numpy(object)),
        name=tuple(listed["name"]),
        bare=tuple(held[-1] for held in keys),
        keys={one: tuple(places) for one, places in found.items() if one},
        district=tuple(districts[name] for name in listed["district"]),
        regency=tuple(wider[name] for name in listed["regency"]),
        province=tuple(wider[name] for name in listed["province"]),
        parents=tuple(zip(listed["district"], listed["regency"], listed["province"], strict=True)),
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
    names = {name for at in within(area) for name in index().parents[at]}
    return frozenset(one for name in names for one in (key(name), name_key(name)) if one)


class _Parents(NamedTuple):
    """The areas that a row states by name, as keys, and those that it must lie in: what many rows have in common.

    A key is None where nothing is stated. ``is_city``: what the word before the kab/kota's name says of its kind.
    """

    district: frozenset[str] | None
    regency: str | None
    province: str | None
    is_city: bool | None
    areas: tuple[str, ...]
    city: bool | None

    @property
    def deepest(self) -> str:
        """The narrowest area that the row must lie in."""
        return max(self.areas, key=len, default=codes.COUNTRY)

    def holds(self, at: int) -> bool:
        """Tell whether a village lies in the areas that the code and the region name."""
        kode = index().kode[at]
        return all(codes.contains(area, kode) for area in self.areas)

    def in_district(self, at: int) -> bool:
        """Tell whether a village lies in the stated kecamatan, if any is stated."""
        return self.district is None or not self.district.isdisjoint(index().district[at])

    def in_regency(self, at: int) -> bool:
        """Tell whether a village lies in the stated kab/kota, if any is stated; Kota Bima is not Kabupaten Bima."""
        city = codes.is_city(index().kode[at])
        if self.city is not None and city != self.city:
            return False
        if self.regency is None:
            return True
        return (self.is_city is None or city == self.is_city) and self.regency == index().regency[at]

    def in_province(self, at: int) -> bool:
        """Tell whether a village lies in the stated province, if any is stated."""
        return self.province is None or self.province == index().province[at]


@lru_cache(maxsize=_KEPT)
def _parents(district: str, regency: str, province: str, areas: tuple[str, ...], city: bool | None) -> _Parents:  # noqa: FBT001 - three-valued
    """Read what a row states of its areas."""
    lowered = regency.casefold()
    is_city = True if lowered.startswith(_CITY_WORDS) else False if lowered.startswith("kab") else None
    return _Parents(
        district_keys(district) if district else None,
        name_key(regency) if regency else None,
        name_key(province) if province else None,
        is_city,
        tuple(dict.fromkeys(area for area in areas if area != codes.COUNTRY)),
        city,
    )


def is_listed(village: str) -> bool:
    """Tell whether any village has that name."""
    keys = index().keys
    return any(one in keys for one in village_keys(village))


@lru_cache(maxsize=_KEPT)
def _fitting(village: str, parents: _Parents) -> Places:
    """Give the villages of that name inside all that is said: as written, else without the word for its kind."""
    for one in village_keys(village):
        found = [
            at
            for at in index().keys.get(one, ())
            if parents.holds(at) and parents.in_district(at) and parents.in_regency(at) and parents.in_province(at)
        ]
        if found:
            return tuple(found)
    return ()


@lru_cache(maxsize=_KEPT)
def _namesakes(village: str, parents: _Parents) -> Places:
    """Give the villages of that name in the areas and the province, whatever else is stated."""
    for one in village_keys(village):
        found = [at for at in index().keys.get(one, ()) if parents.holds(at) and parents.in_province(at)]
        if found:
            return tuple(found)
    return ()


@lru_cache(maxsize=_KEPT)
def _siblings(parents: _Parents) -> Places:
    """Give the villages of the stated kecamatan, else of the stated kab/kota, else of the area if it is narrow."""
    inside = within(parents.deepest)
    for column, keys in (("district", parents.district or ()), ("regency", (parents.regency or "",))):
        places = sorted({at for one in keys for at in _named(column).get(one, ())})
        if parents.deepest != codes.COUNTRY and len(inside) < len(places):
            there = set(places)
            places = [at for at in inside if at in there]
        found = [at for at in places if parents.holds(at) and parents.in_regency(at) and parents.in_province(at)]
        if found:
            return tuple(found)
    shallow = codes.LENGTH_OF[codes.level(parents.deepest)] < codes.LENGTH_OF["regency"]
    if parents.district is not None or parents.regency is not None or shallow:
        return ()
    return tuple(at for at in inside if parents.holds(at) and parents.in_province(at))


@lru_cache(maxsize=_KEPT)
def _regencies_named(name: str, areas: tuple[str, ...]) -> frozenset[str]:
    """Give the kab/kota of a name, as key, that reach into the areas."""
    found = {index().kode[at][: codes.LENGTH_OF["regency"]] for at in _named("regency").get(name, ())}
    return frozenset(
        one for one in found if all(codes.contains(area, one) or codes.contains(one, area) for area in areas)
    )


@lru_cache(maxsize=_KEPT)
def _cut_to(level: codes.Level, places: Places) -> frozenset[str]:
    """Give the areas of one level around some villages."""
    return frozenset(index().kode[at][: codes.LENGTH_OF[level]] for at in places)


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

    @cached_property
    def parents(self) -> _Parents:
        """What the row states beside the name."""
        return _parents(self.district, self.regency, self.province, self.areas, self.city)

    def in_district(self, at: int) -> bool:
        """Tell whether a village lies in the stated kecamatan, if any is stated."""
        return self.parents.in_district(at)

    def in_regency(self, at: int) -> bool:
        """Tell whether a village lies in the stated kab/kota, if any is stated; Kota Bima is not Kabupaten Bima."""
        return self.parents.in_regency(at)

    def in_province(self, at: int) -> bool:
        """Tell whether a village lies in the stated province, if any is stated."""
        return self.parents.in_province(at)

    @property
    def narrow(self) -> bool:
        """Whether something beside the name says in which kab/kota or kecamatan the village lies."""
        deep = any(len(area) >= codes.LENGTH_OF["regency"] for area in self.areas if area != codes.COUNTRY)
        return bool(self.district or self.regency) or deep

    def fitting(self) -> list[int]:
        """Give the villages of that name inside all that is said: as written, else without the word for its kind."""
        return list(_fitting(self.village, self.parents)) if is_listed(self.village) else []

    def elsewhere(self) -> list[int]:
        """Give the villages of that name in the stated kecamatan or in the stated kab/kota, where not in both."""
        if not is_listed(self.village):
            return []
        parents = self.parents
        return [
            at
            for at in _namesakes(self.village, parents)
            if (self.district and parents.in_district(at)) or (self.regency and parents.in_regency(at))
        ]

    def lookalikes(self) -> list[int]:
        """Give the villages of the stated parents whose names are similar, the most similar first."""
        return alike_among(self.village, _siblings(self.parents))

    def is_an_area(self) -> bool:
        """Tell whether the name is also that of a kecamatan, kab/kota or province that the row may be the total of."""
        parents = self.parents
        scope: frozenset[str] = frozenset()
        if len(parents.deepest) >= codes.LENGTH_OF["regency"]:
            scope = frozenset({codes.ancestor(parents.deepest, "regency")})
        if not scope and parents.regency is not None:
            scope = _regencies_named(parents.regency, parents.areas)
        if not scope:
            scope = _cut_to("province", _namesakes(self.village, parents) or _siblings(parents))
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
    return list(_alike_among(village_keys(name)[-1], tuple(places)))


@lru_cache(maxsize=_KEPT)
def _alike_among(wanted: str, places: Places) -> Places:
    by_key = _by_key(places)
    near = lookalikes.closest(wanted, list(by_key), _MOST_ALIKE, CLOSE)
    return tuple(at for one in near for at in by_key[one])


@lru_cache(maxsize=_KEPT)
def _by_key(places: Places) -> Mapping[str, Places]:
    """Give these villages by the key of their name without the word for its kind."""
    bare = index().bare
    found: dict[str, list[int]] = {}
    for at in places:
        found.setdefault(bare[at], []).append(at)
    return {one: tuple(held) for one, held in found.items()}


def alike(one: str, other: str, least: float = CLOSE) -> bool:
    """Tell whether two names may be two spellings of one.

    Examples
    --------
    >>> alike("Watu Londo", "Kel. Watulondo"), alike("Kadia", "Bende")
    (True, False)
    """
    return lookalikes.are_alike(village_keys(one)[-1], village_keys(other)[-1], least)
