"""Which village a row means: by its code or, inside the parent area, by its name; per file, never guessed.

Codes of BPS and of Kemendagri look alike and differ: BPS 7401 is Buton, Kemendagri 74.01 is Kolaka. Ten digits without
dots are therefore held, for the whole file, against the villages of Kemendagri and the names beside them; codes of BPS
are never taken for a village: their rows are found by the names of kab/kota, kecamatan and desa.
"""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from coverage.ground import codes
from coverage.ground.texts import Message, listed
from coverage.places.tables.faults import Faults
from coverage.places.tables.files import Cell
from coverage.places.tables.headers import Row, Table
from coverage.places.villages import load_villages, name_key

System = Literal["kemendagri", "bps"]
SYSTEMS: tuple[System, ...] = ("kemendagri", "bps")

ALIASES: dict[str, Sequence[str]] = {
    "kode": (
        "kode", "kode wilayah", "kode kelurahan", "kode desa", "kode kel/desa", "kode kelurahan/desa",
        "kode desa/kelurahan",
        "kode kemendagri", "kemendagri kode desa", "kode wilayah desa", "kode bps", "bps kode desa", "code",
        "adm4 pcode", "kode dagri", "kddesa", "kdepum", "id desa", "village code", "kode village",
    ),
    "village": (
        "kelurahan", "desa", "kelurahan/desa", "desa/kelurahan", "kel/desa", "desa/kel", "nama kelurahan", "nama desa",
        "nama desa/kelurahan", "nama kelurahan/desa", "kemendagri nama desa", "bps nama desa", "asal", "asal kelurahan",
        "kelurahan asal", "desa asal", "asal kelurahan/desa", "vn", "wadmkd", "adm4 en", "lokasi",
        "tempat", "nama kel/desa", "gampong", "nagari", "name published",
    ),
    "district": (
        "kecamatan", "kec", "nama kecamatan", "kemendagri nama kecamatan", "bps nama kecamatan", "dn", "distrik",
        "kecamatan asal", "wadmkc", "adm3 en", "subdistrict",
    ),
    "regency": (
        "kabupaten", "kab", "kota", "kab/kota", "kabupaten/kota", "nama kabupaten", "nama kabupaten/kota",
        "nama kab/kota", "kemendagri nama kabupaten kota", "bps nama kabupaten kota", "rn", "wadmkk", "adm2 en",
        "kabupaten/kota asal", "kabupaten asal",
    ),
    "province": (
        "provinsi", "nama provinsi", "kemendagri nama provinsi", "bps nama provinsi", "pn", "wadmpr", "adm1 en",
    ),
}  # fmt: skip
"""Headers of the columns that tell a village."""

_ENOUGH = 0.9
_CLEAR = 0.5
_LEAST_CODES = 10
_BPS_DOTTED = re.compile(r"\d{2}\.\d{2}\.\d{3}(\.\d{3})?", re.ASCII)
_FLOAT = re.compile(r"(\d{10})(?:\.0+)?", re.ASCII)
_SCIENCE = re.compile(r"(?P<digits>\d[.,]\d+)e\+?0?(?P<power>\d)", re.IGNORECASE | re.ASCII)
_SHORT = re.compile(r"\d{2}\.\d(\.\d{1,2})?(\.\d+)?|\d{2}\.\d{2}\.\d(\.\d+)?", re.ASCII)
_CODE_DIGITS = 10
_FIRST_CITY = 71
_CLOSE = 0.75
_SEVERAL = 5
_LIKELY = 3


@dataclass(frozen=True)
class Unsure:
    """A row whose village is only likely: shown for a decision, not taken."""

    row: int
    value: str
    kode: str


@dataclass(frozen=True)
class Matches:
    """Which village each row means.

    ``kode`` per row number; how many were found by code and by name; ``system`` of the file's codes.
    """

    kode: Mapping[int, str]
    by_code: int
    by_name: int
    unsure: tuple[Unsure, ...]
    unmatched: int
    detected: tuple[Message, ...]


def bare_code(cell: Cell) -> str:
    """Give a code's cell without what spreadsheets do to it: ``'74.71``, ``7471012001.0``, ``7.471012001e9``.

    Examples
    --------
    >>> bare_code(Cell("'74.71.01.1005")), bare_code(Cell("7471012001.0")), bare_code(Cell("7.471012001E+09"))
    ('74.71.01.1005', '7471012001', '7471012001')
    """
    text = cell.text.strip().lstrip("'’`").strip()
    if found := _FLOAT.fullmatch(text):
        return found[1]
    if found := _SCIENCE.fullmatch(text):
        digits = re.sub("[.,]", "", found["digits"])
        if int(found["power"]) == _CODE_DIGITS - 1 and len(digits) >= _CODE_DIGITS - 1:
            return digits.ljust(_CODE_DIGITS, "0")[:_CODE_DIGITS]
    if re.fullmatch(r"ID\d{10}", text):
        return text[2:]
    spaced = re.sub(r"\s*[-/ .]\s*", ".", text)
    return spaced if codes.is_code(spaced) else text


def find_villages(
    table: Table, faults: Faults, *, region: str = codes.COUNTRY, system: System | None = None, optional: bool = False
) -> Matches:
    """Find the village of each row by code or name.

    Parameters
    ----------
    table
        With the columns of :data:`ALIASES`, or some of them.
    faults
        Rows without a village are added here, and the question which system's codes the file has.
    region
        Area that all rows lie in; a name is looked for inside it.
    system
        What the user says the codes are.
    optional
        Whether a row may name no village at all.
    """
    bare = {row.number: bare_code(row.cell("kode")) for row in table.rows}
    undotted = [
        row for row in table.rows if codes.is_undotted(bare[row.number]) or _BPS_DOTTED.fullmatch(bare[row.number])
    ]
    told: list[Message] = []
    found_system = system or "kemendagri"
    waiting: set[int] = set()
    if undotted and system is None:
        decided = _system(undotted, bare, told)
        if decided is None:
            row = undotted[0]
            problem, remedy = Message.of("tables.codes_unclear"), Message.of("tables.fix_codes_unclear")
            faults.add(row.number, table.header("kode"), row.text("kode"), problem, remedy, asks=True)
            waiting = {row.number for row in undotted}
        found_system = decided or found_system
    search = _Search(table, faults, region, found_system)
    for row in table.rows:
        if row.number in waiting or (optional and not row.text("kode") and not row.text("village")):
            continue
        search.look_up(row, bare[row.number])
    return Matches(
        search.kode,
        search.by_code,
        search.by_name,
        tuple(search.unsure),
        search.unmatched - len(search.unsure),
        tuple(told),
    )


def _system(rows: Sequence[Row], bare: Mapping[int, str], told: list[Message]) -> System | None:
    """Decide for the file whose codes those without dots are: what exists, and whether the names beside them agree."""
    villages = load_villages()
    names = villages["name"]
    dotted = [codes.dotted(re.sub(r"\D", "", bare[row.number])) for row in rows]
    exist = [(row, kode) for row, kode in zip(rows, dotted, strict=True) if kode in names.index]
    named = [(row, kode) for row, kode in zip(rows, dotted, strict=True) if row.text("village")]
    agree = sum(1 for row, kode in named if kode in names.index and _alike(row.text("village"), str(names[kode])))
    system: System | None
    if any(_BPS_DOTTED.fullmatch(bare[row.number]) for row in rows):
        system = "bps"
    elif named:
        system = "kemendagri" if agree / len(named) > _CLEAR else "bps"
    else:
        # Up to 31 % of the BPS codes of a kab/kota are also the code of some other village: ten must nearly all exist.
        sure = len(set(dotted)) >= _LEAST_CODES and len(exist) / len(rows) >= _ENOUGH
        system = "kemendagri" if sure else None
    if system is not None:
        key = "tables.detected_names_agree" if named else "tables.detected_codes"
        rate = agree / len(named) if named else len(exist) / len(rows)
        told.append(Message.of(key, rows=len(rows), exist=len(exist), match_share=rate, system=_SPELLED[system]))
    return system


_SPELLED: dict[System, str] = {"kemendagri": "Kemendagri", "bps": "BPS"}


def _alike(one: str, other: str) -> bool:
    return difflib.SequenceMatcher(None, name_key(one), name_key(other)).ratio() >= _CLOSE


@cache
def _index() -> Mapping[str, tuple[str, ...]]:
    """Give the kode of all villages, and the keys of their names and of their parents' names."""
    villages = load_villages()
    keys = {name: tuple(villages[name].map(name_key)) for name in ("name", "district", "regency", "province")}
    return {"kode": tuple(villages.index), **keys}


@cache
def _by_name() -> Mapping[tuple[str, str], tuple[int, ...]]:
    """Index the rows of all villages by name and kecamatan, and by name alone (kecamatan "")."""
    found: dict[tuple[str, str], list[int]] = {}
    for at, (name, district) in enumerate(zip(_index()["name"], _index()["district"], strict=True)):
        found.setdefault((name, district), []).append(at)
        found.setdefault((name, ""), []).append(at)
    return {key: tuple(places) for key, places in found.items()}


@cache
def _children(level: str) -> Mapping[str, tuple[int, ...]]:
    """Index the rows of all villages by the name of their kecamatan or of their kab/kota."""
    found: dict[str, list[int]] = {}
    for at, key in enumerate(_index()[level]):
        found.setdefault(key, []).append(at)
    return {key: tuple(places) for key, places in found.items()}


class _Search:
    """The villages found so far in one file."""

    def __init__(self, table: Table, faults: Faults, region: str, system: System) -> None:
        self.table, self.faults, self.region, self.system = table, faults, region, system
        self.kode: dict[int, str] = {}
        self.by_code = self.by_name = self.unmatched = 0
        self.unsure: list[Unsure] = []

    def look_up(self, row: Row, code: str) -> None:
        """Find one row's village, or tell why not."""
        kode = self._of_code(code)
        if kode and not codes.contains(self.region, kode):
            self._wrong(
                row, "kode", Message.of("tables.outside_region", region=self.region), "tables.fix_outside_region"
            )
        elif kode:
            self.kode[row.number] = kode
            self.by_code += 1
        elif row.text("village"):
            self._of_name(row, code)
        elif not code:
            self._wrong(row, "kode", Message.of("tables.no_village"), "tables.fix_no_village")
        else:
            self._wrong_code(row, code)

    def _of_code(self, code: str) -> str:
        if self.system == "bps" and not (codes.is_code(code) and not _BPS_DOTTED.fullmatch(code)):
            return ""
        dotted = codes.dotted(code) if codes.is_undotted(code) else code
        return dotted if dotted in load_villages().index and len(dotted) == codes.LENGTH_OF["village"] else ""

    def _of_name(self, row: Row, code: str) -> None:
        exact, likely = self._candidates(row, code)
        if len(exact) == 1:
            self.kode[row.number] = exact[0]
            self.by_name += 1
            return
        told = ", ".join(text for text in (row.text("village"), row.text("district"), row.text("regency")) if text)
        if len(exact) > 1:
            several = listed(list(map(_spelled, exact)), _SEVERAL, between="; ")
            self._wrong(
                row, "village", Message.of("tables.name_ambiguous", options=several), "tables.fix_name_ambiguous", told
            )
        elif likely:
            options = listed(list(map(_spelled, likely)), _LIKELY, between="; ")
            if len(likely) == 1 and not self.faults.secret:
                self.unsure.append(Unsure(row.number, told, likely[0]))
            self._wrong(
                row, "village", Message.of("tables.name_likely", options=options), "tables.fix_name_likely", told
            )
        else:
            self._wrong(row, "village", Message.of("tables.name_unknown"), "tables.fix_name_unknown", told)

    def _candidates(self, row: Row, code: str) -> tuple[list[str], list[str]]:
        """Give the villages whose names and parents all agree, and those that are only likely."""
        index = _index()
        name, district = name_key(row.text("village")), name_key(row.text("district"))
        places = _by_name().get((name, district), ())
        inside = [at for at in places if codes.contains(self.region, index["kode"][at]) and self._in_province(row, at)]
        exact = [at for at in inside if self._in_regency(row, code, at)]
        if exact:
            return [index["kode"][at] for at in exact], []
        if inside:
            return [], [index["kode"][at] for at in inside]
        parents = self._parents(row, code, district)
        near = difflib.get_close_matches(name, [index["name"][at] for at in parents], n=3, cutoff=_CLOSE)
        likely = [at for at in parents if index["name"][at] in near]
        likely.sort(key=lambda at: near.index(index["name"][at]))
        return [], [index["kode"][at] for at in likely]

    def _parents(self, row: Row, code: str, district: str) -> list[int]:
        """Give the rows of the villages of the stated kecamatan, else of the stated kab/kota."""
        for level, key in (("district", district), ("regency", name_key(row.text("regency")))):
            fitting = [
                at
                for at in (_children(level).get(key, ()) if key else ())
                if codes.contains(self.region, _index()["kode"][at])
                and self._in_regency(row, code, at)
                and self._in_province(row, at)
            ]
            if fitting:
                return fitting
        return []

    def _in_regency(self, row: Row, code: str, at: int) -> bool:
        stated = row.text("regency")
        if not stated:
            return True
        kode = _index()["kode"][at]
        lowered = stated.casefold()
        if lowered.startswith("kota ") or (code[:4].isdigit() and int(code[2:4]) >= _FIRST_CITY):
            kind_fits = codes.is_city(kode)
        elif lowered.startswith("kab") or code[:4].isdigit():
            kind_fits = not codes.is_city(kode)
        else:
            kind_fits = True
        return kind_fits and name_key(stated) == _index()["regency"][at]

    def _in_province(self, row: Row, at: int) -> bool:
        stated = row.text("province")
        return not stated or name_key(stated) == _index()["province"][at]

    def _wrong_code(self, row: Row, code: str) -> None:
        if self.system == "bps":
            problem, remedy = "tables.bps_without_name", "tables.fix_bps_without_name"
        elif _SHORT.fullmatch(code):
            problem, remedy = "tables.code_lost_zero", "tables.fix_code_lost_zero"
        elif re.fullmatch(r"\d[.,]\d+e\+?\d+", code, re.IGNORECASE):
            problem, remedy = "tables.code_lost_digits", "tables.fix_code_lost_zero"
        elif codes.is_code(code) or codes.is_undotted(code):
            problem, remedy = "tables.code_unknown", "tables.fix_code_unknown"
        else:
            problem, remedy = "tables.code_malformed", "tables.fix_code_malformed"
        self._wrong(row, "kode", Message.of(problem), remedy)

    def _wrong(self, row: Row, column: str, problem: Message, remedy: str, told: str = "") -> None:
        self.unmatched += 1
        secret = self.faults.secret and problem.values
        # What is offered instead of a client's village would tell of it.
        said = Message.of("tables.name_unknown") if secret else problem
        self.faults.add(row.number, self.table.header(column), told or row.text(column), said, Message.of(remedy))


def _spelled(kode: str) -> str:
    village = load_villages().loc[kode]
    return f"{kode} {village['name']!s} (Kec. {village['district']!s})"
