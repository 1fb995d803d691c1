"""Find which village each polygon is: by code, else by name inside the parent area together with geometry.

A code alone is never enough: BPS codes look like Kemendagri codes and differ, and codes are given anew when a
kecamatan is split. So a code must be borne out by the name or by the village's point, and a name by the point. What
is not borne out is unsure: proposed for a decision, never taken.
"""

import difflib
from dataclasses import dataclass

import numpy as np
import pandas as pd
import shapely

from coverage.ground import codes
from coverage.places.villages import name_key

HOW = ("code", "name", "unsure", "unmatched")
ALIKE = 0.7
"""Similarity of two names (0 to 1) from which they may be two spellings of one."""
_HALF_ALIKE = 0.5
_NEAR_DEG = 0.05
_CODE_NEAR_DEG = 0.01
_CITY_WORDS = ("kota ", "kotamadya ")


@dataclass(frozen=True)
class Matches:
    """One row a polygon: ``how`` (one of :data:`HOW`), ``kode`` (taken), ``proposal`` and ``reason`` (of unsure).

    Where code and name contradicted each other and the place decided, ``reason`` of a taken row says which two of the
    three agreed: ``name_place`` or ``code_place``.
    """

    rows: pd.DataFrame

    def count(self) -> dict[str, int]:
        """Count the polygons by how they were matched."""
        found = self.rows["how"].value_counts()
        return {how: int(found.get(how, 0)) for how in HOW}


def match(rows: pd.DataFrame, villages: pd.DataFrame) -> Matches:
    """Match polygons with villages, each at most once.

    Parameters
    ----------
    rows
        ``kode`` (Kemendagri, dotted; "" unknown), ``name``, ``district``, ``regency`` ("" unknown), ``geometry`` (valid
        areas in EPSG:4326).
    villages
        The villages of the region, as :func:`coverage.places.villages.load_villages`.
    """
    work = _Work(rows, villages)
    work.by_code()
    work.by_name_in_district()
    work.by_point_and_name()
    work.propose()
    return Matches(work.table)


def alike(left: str, right: str) -> float:
    """Tell how similar two names are, from 0 to 1.

    Examples
    --------
    >>> alike("Watu Londo", "Watulondo"), round(alike("Uluao", "Olua Ao"), 2), alike("Kadia", "Bende") < 0.5
    (1.0, 0.73, True)
    """
    return difflib.SequenceMatcher(None, name_key(left), name_key(right), autojunk=False).ratio()


def area_key(name: str) -> str:
    """Reduce the name of a kab/kota so that Kota Bima and Kabupaten Bima stay two.

    Examples
    --------
    >>> area_key("Kota Bima"), area_key("KAB. BIMA"), area_key("Bima")
    ('kota bima', 'bima', 'bima')
    """
    kind = "kota " if name.casefold().strip().startswith(_CITY_WORDS) else ""
    return kind + name_key(name)


class _Work:
    """The state of matching: which rows and villages are still free, and which polygon holds which point."""

    def __init__(self, rows: pd.DataFrame, villages: pd.DataFrame) -> None:
        self.rows = rows.reset_index(drop=True)
        self.villages = villages
        self.shapes = self.rows["geometry"].to_numpy(dtype=object)
        self.names = [str(name) for name in villages["name"]]
        self.points = shapely.points(villages["lon"].to_numpy(float), villages["lat"].to_numpy(float))
        self.table = pd.DataFrame(
            {"how": "unmatched", "kode": "", "proposal": "", "reason": ""}, index=self.rows.index, dtype="object"
        )
        self.free = dict.fromkeys(range(len(villages)))
        self.row_key = [name_key(name) for name in self.rows["name"]]
        self.village_key = [name_key(name) for name in villages["name"]]
        self.bearers: dict[str, list[int]] = {}
        for at, key in enumerate(self.village_key):
            self.bearers.setdefault(key, []).append(at)
        village, row = shapely.STRtree(self.shapes).query(self.points, predicate="within")
        self.holds: dict[int, set[int]] = {}
        for at, polygon in zip(village, row, strict=True):
            self.holds.setdefault(int(polygon), set()).add(int(at))
        self.place = _places(self.rows, villages)

    def open_rows(self) -> list[int]:
        return [row for row in self.rows.index if self.table.at[row, "how"] == "unmatched"]

    def take(self, row: int, village: int, how: str) -> None:
        self.table.loc[row, ["how", "kode"]] = [how, self.villages.index[village]]
        self.free.pop(village)

    def doubt(self, row: int, village: int, reason: str) -> None:
        self.table.loc[row, ["how", "proposal", "reason"]] = ["unsure", self.villages.index[village], reason]

    def near(self, row: int, village: int, within: float = _NEAR_DEG) -> bool:
        return bool(shapely.distance(self.shapes[row], self.points[village]) <= within)

    def held(self, row: int) -> list[int]:
        """Give the free villages whose point the polygon holds, within the parent area that the file states."""
        inside = self.place[row][0]
        return [one for one in self.holds.get(row, ()) if one in self.free and (inside is None or one in inside)]

    def by_code(self) -> None:
        """Take what the code and another witness agree on; what contradicts is decided by the third, or unsure."""
        at = self.villages.index.get_indexer(pd.Index(self.rows["kode"])).tolist()
        named = {row: self._named(row, village) for row, village in enumerate(at) if village >= 0}
        for row, other in named.items():
            if other is None and at[row] in self.free and self._similar(row, at[row]) >= ALIKE:
                self.take(row, at[row], "code")
        for row, other in named.items():
            if other is not None:
                self._settle(row, at[row], other)
        for row, village in enumerate(at):
            if village < 0 or village not in self.free or named[row] is not None or self.table.at[row, "kode"]:
                continue
            half = self._similar(row, village) >= _HALF_ALIKE and self.near(row, village)
            if half or self.near(row, village, _CODE_NEAR_DEG):
                self.take(row, village, "code")
            else:
                self.doubt(row, village, "code_only")

    def _named(self, row: int, village: int) -> int | None:
        """Give the other village that a row's name is the name of, the nearest one; None where there is none.

        Where the name is half alike to that of the code's village, as another spelling is, only a village counts that
        lies in the kecamatan of the code, in the one that the file states, or about 5 km from the polygon at most.
        """
        key = self.row_key[row]
        if not key or key == self.village_key[village]:
            return None
        stated = self.place[row][1]
        around = {codes.ancestor(self.villages.index[village], "district"), stated}
        unlike = self._similar(row, village) < _HALF_ALIKE
        others = [
            one
            for one in self.bearers.get(key, ())
            if unlike or codes.ancestor(self.villages.index[one], "district") in around or self.near(row, one)
        ]
        return min(others, key=lambda one: self._far(row, one), default=None)

    def _settle(self, row: int, coded: int, named: int) -> None:
        place = self._lies_at(row, coded, named)
        if place is None or place not in self.free:
            self.doubt(row, named if place is None else place, "contradicts")
            return
        self.take(row, place, "code" if place == coded else "name")
        self.table.at[row, "reason"] = "code_place" if place == coded else "name_place"

    def _lies_at(self, row: int, one: int, other: int) -> int | None:
        """Tell which of two villages a polygon lies at; None where it holds both points, or neither clearly."""
        far = {village: self._far(row, village) for village in (one, other)}
        near, off = sorted(far, key=lambda village: far[village])
        clear = far[off] > max(2 * far[near], _CODE_NEAR_DEG / 2) if far[near] > 0 else far[off] > 0
        return near if clear and far[near] <= _CODE_NEAR_DEG else None

    def by_name_in_district(self) -> None:
        rows: dict[tuple[str, str], list[int]] = {}
        for row in self.open_rows():
            district = self.place[row][1]
            if district and self.row_key[row]:
                rows.setdefault((district, self.row_key[row]), []).append(row)
        villages: dict[tuple[str, str], list[int]] = {}
        for village in self.free:
            key = (codes.ancestor(self.villages.index[village], "district"), self.village_key[village])
            villages.setdefault(key, []).append(village)
        for key, named in rows.items():
            found = villages.get(key, [])
            if len(named) == len(found) == 1 and self.near(named[0], found[0]):
                self.take(named[0], found[0], "name")

    def by_point_and_name(self) -> None:
        """Take pairs where the polygon holds this village's point alone and the names are alike, the same first."""
        for least in (1.0, ALIKE):
            pairs = [(row, held[0]) for row in self.open_rows() if len(held := self._alike(row, least)) == 1]
            villages = [village for _, village in pairs]
            for row, village in pairs:
                if villages.count(village) == 1:
                    self.take(row, village, "name")

    def _alike(self, row: int, least: float) -> list[int]:
        return [one for one in self.held(row) if self._similar(row, one) >= least]

    def propose(self) -> None:
        by_key: dict[str, list[int]] = {}
        for village in self.free:
            by_key.setdefault(self.village_key[village], []).append(village)
        for row in self.open_rows():
            inside, district = self.place[row]
            same = [one for one in by_key.get(self.row_key[row], ()) if inside is None or one in inside]
            held = self.held(row)
            if same and self.row_key[row]:
                self.doubt(row, min(same, key=lambda one: self._far(row, one)), "name_only")
            elif held:
                self.doubt(row, max(held, key=lambda one: self._similar(row, one)), "point_only")
            elif district:
                close = [one for one in self.free if self.villages.index[one].startswith(district + ".")]
                best = max(close, key=lambda one: self._similar(row, one), default=None)
                if best is not None and self._similar(row, best) >= ALIKE:
                    self.doubt(row, best, "alike_only")

    def _far(self, row: int, village: int) -> float:
        return float(shapely.distance(self.shapes[row], self.points[village]))

    def _similar(self, row: int, village: int) -> float:
        return alike(str(self.rows.at[row, "name"]), self.names[village])


def _places(rows: pd.DataFrame, villages: pd.DataFrame) -> list[tuple[frozenset[int] | None, str]]:
    """Give for each row the villages of its kab/kota (None where the file names none) and its kecamatan's kode."""
    at = np.arange(len(villages))
    regency = villages.index.str[: codes.LENGTH_OF["regency"]]
    members = {kode: frozenset(at[regency == kode].tolist()) for kode in regency.unique()}
    regencies: dict[str, set[str]] = {}
    bare: dict[str, set[str]] = {}
    for kode, name in zip(regency, villages["regency"], strict=True):
        regencies.setdefault(area_key(name), set()).add(kode)
        # A source that leaves out the word Kota means it where there is no kabupaten of the name.
        bare.setdefault(name_key(name), set()).add(kode)
    districts: dict[tuple[str, str], set[str]] = {}
    for kode, name in zip(villages.index, villages["district"], strict=True):
        key = (codes.ancestor(kode, "regency"), name_key(name))
        districts.setdefault(key, set()).add(codes.ancestor(kode, "district"))
    places: list[tuple[frozenset[int] | None, str]] = []
    for name, district in zip(rows["regency"], rows["district"], strict=True):
        found = (regencies.get(area_key(name)) or bare.get(area_key(name), set())) if name else set(members)
        if len(found) == 1:
            (kode,) = found
            below = districts.get((kode, name_key(district)), set()) if district else set()
            places.append((members[kode], min(below) if len(below) == 1 else ""))
        else:
            places.append((frozenset() if name else None, ""))
    return places
