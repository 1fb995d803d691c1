"""Whether codes and names of a file mean the same villages: row by row, shifted, and in whose system of codes.

A name that is merely spelled otherwise, or a kecamatan that was split since, is no contradiction. A name that fits
another village inside what the row says is one, however alike the two names are.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from coverage.ground import codes
from coverage.ground.texts import Message
from coverage.places.tables.area_codes import Said, System, is_bps, said_by
from coverage.places.tables.area_names import (
    Names,
    alike,
    alike_among,
    area_keys,
    district_keys,
    index,
    names_of,
    place_of,
    says_area,
    within,
)
from coverage.places.tables.sheets import Row
from coverage.places.villages import key, name_key, village_keys

_LEAST_SHIFTED = 2
_CLEAR = 0.5
_ENOUGH = 0.9
_LEAST_CODES = 10
_SPELLED: dict[System, str] = {"kemendagri": "Kemendagri", "bps": "BPS"}
_FARTHEST = 3
_LEAST_LETTERS = 2
_HARDLY_DIFFERS = 0.9


@dataclass(frozen=True)
class Conflict:
    """A code and names that mean different villages: ``column`` that speaks against the code, ``named`` villages."""

    column: str
    named: tuple[str, ...] = ()


def conflict(kode: str, names: Names) -> Conflict | None:
    """Tell whether what a row's names say speaks against the village of its code.

    Parameters
    ----------
    kode
        A village.
    names
        Of the same row, read without its code.
    """
    at = place_of()[kode]
    if len(key(names.village)) < _LEAST_LETTERS:
        return _parents_conflict(at, names)
    same = bool(set(village_keys(names.village)) & set(village_keys(index().name[at])))
    fits = names.fitting()
    if same and not (names.district or names.regency or names.province):
        own = codes.ancestor(kode, "regency")
        fits = [one for one in fits if codes.contains(own, index().kode[one])]
    if at in fits:
        return None
    if fits or (not same and _of_an_area(names.village, kode)):
        return Conflict("village", tuple(index().kode[one] for one in fits))
    if same:
        # The kecamatan may have been split since; another kab/kota is another place, unless the kecamatan agrees too.
        agrees = names.district and names.in_district(at)
        return None if agrees else _wider_conflict(at, names)
    if _best_of_regency(names.village, kode):
        return _wider_conflict(at, names)
    return Conflict("village")


def _of_an_area(name: str, kode: str) -> bool:
    """Tell whether a name is that of an area above the villages around this one."""
    if says_area(name):
        return True
    known = {key(name), name_key(name)} & area_keys(codes.ancestor(kode, "regency"))
    return bool(known) and not alike(name, index().name[place_of()[kode]], _HARDLY_DIFFERS)


@lru_cache(maxsize=65_536)
def _best_of_regency(name: str, kode: str) -> bool:
    """Tell whether of all villages of the kab/kota none is more like the name than the one of the code."""
    at = place_of()[kode]
    if not alike(name, index().name[at]):
        return False
    near = alike_among(name, within(codes.ancestor(kode, "regency")))
    best = {village_keys(index().name[one])[-1] for one in near[:1]}
    return village_keys(index().name[at])[-1] in best


def _wider_conflict(at: int, names: Names) -> Conflict | None:
    """Tell whether the stated kab/kota or province is another known one than that of the village."""
    if not names.in_regency(at) and names.regency and _is_a_regency(names.regency):
        return Conflict("regency")
    if not names.in_province(at) and name_key(names.province) in _province_keys():
        return Conflict("province")
    return None


def _parents_conflict(at: int, names: Names) -> Conflict | None:
    """Tell whether kecamatan, kab/kota or province speak against a code that stands without a village's name."""
    if not names.in_district(at):
        known = _districts_of(codes.ancestor(index().kode[at], "regency"))
        spelled = any(alike(names.district, one) for one in index().district[at])
        if district_keys(names.district) & known or not spelled:
            return Conflict("district")
    return _wider_conflict(at, names)


@cache
def _districts_of(regency: str) -> frozenset[str]:
    """Give the keys of the kecamatan of a kab/kota."""
    return frozenset(one for place in within(regency) for one in index().district[place])


def _is_a_regency(name: str) -> bool:
    return name_key(name) in _regency_keys()


@cache
def _province_keys() -> frozenset[str]:
    return frozenset(index().province)


@cache
def _regency_keys() -> frozenset[str]:
    return frozenset(index().regency)


def shifted_by(
    order: Sequence[int], kode: Mapping[int, str], conflicts: Mapping[int, Conflict]
) -> tuple[int, set[int]]:
    """Find by how many rows the codes of a file are shifted against its names.

    Parameters
    ----------
    order
        Numbers of all rows, in the order of the file.
    kode
        Village that each row's code names.
    conflicts
        Of the rows whose names speak against their codes.

    Returns
    -------
    How many rows further down the code of a row stands (negative: further up; 0: not shifted), and the rows in the
    shifted stretch, those among them whose names agree by chance included.
    """
    at_of = {number: at for at, number in enumerate(order)}
    found: Counter[int] = Counter()
    ends: dict[int, list[int]] = {}
    for number, one in conflicts.items():
        for steps in range(-_FARTHEST, _FARTHEST + 1):
            there = at_of[number] + steps
            if steps and 0 <= there < len(order) and kode.get(order[there]) in one.named:
                found[steps] += 1
                ends.setdefault(steps, []).append(at_of[number])
    if not found:
        return 0, set()
    steps, rows = max(found.items(), key=lambda pair: (pair[1], -abs(pair[0])))
    if rows < _LEAST_SHIFTED or rows <= _CLEAR * len(conflicts):
        return 0, set()
    whole = rows > _CLEAR * len(kode)
    stretch = order if whole else order[min(ends[steps]) : max(ends[steps]) + 1]
    inside = {number for number in stretch if number in kode}
    # Codes exchanged here and there are no shift of all that stands between them.
    return (steps, inside) if rows > _CLEAR * len(inside) else (0, set())


def borne_by_file(kode: Mapping[int, str], conflicts: Mapping[int, Conflict]) -> set[int]:
    """Give the contradicting rows whose code or name stands, the other way round, in other rows of the file."""
    listed = set(kode.values())
    named = {one for found in conflicts.values() for one in found.named}
    agreeing = {village for number, village in kode.items() if number not in conflicts}
    return {
        number
        for number, found in conflicts.items()
        if found.column != "village" or not found.named or kode[number] in named | agreeing or set(found.named) & listed
    }


def system_of(rows: Sequence[Row], bare: Mapping[int, str], region: str, told: list[Message]) -> System | None:
    """Decide for the file whose codes those without dots are: what exists, and whether the names beside them agree.

    Parameters
    ----------
    rows
        With a code of a village that :func:`area_codes.needs_system`.
    bare
        Code per row number.
    told
        What was found out is added here.

    Returns
    -------
    The system, or None where the file tells too little.
    """
    said = {row.number: said_by(bare[row.number], "kemendagri") for row in rows}
    exist = [row for row in rows if said[row.number].kode]
    named = [row for row in rows if row.text("village")]
    agree = sum(1 for row in named if _agrees(row.text("village"), said[row.number]))
    system: System | None
    if any(is_bps(bare[row.number]) for row in rows):
        system = "bps"
    elif named:
        # Names of other villages of the same kab/kota: codes of Kemendagri that were mixed up, not codes of BPS.
        mixed = sum(
            1 for row in named if (kode := said[row.number].kode) and _mixed_up(kode, names_of(row, Said(""), region))
        )
        system = "kemendagri" if agree / len(named) > _CLEAR or mixed / len(named) > _CLEAR else "bps"
    else:
        # Up to 31 % of the BPS codes of a kab/kota are also the code of some other village: ten must nearly all exist.
        several = len({bare[row.number] for row in rows}) >= _LEAST_CODES
        system = "kemendagri" if several and len(exist) / len(rows) >= _ENOUGH else None
    if system is not None:
        key = "tables.detected_names_agree" if named else "tables.detected_codes"
        rate = agree / len(named) if named else len(exist) / len(rows)
        told.append(Message.of(key, rows=len(rows), exist=len(exist), match_share=rate, system=_SPELLED[system]))
    return system


def _mixed_up(kode: str, names: Names) -> bool:
    """Tell whether names fit villages of the code's own kab/kota, and not the one of the code."""
    fits = {index().kode[at] for at in names.fitting()}
    return bool(fits) and kode not in fits and any(codes.contains(codes.ancestor(kode, "regency"), one) for one in fits)


def _agrees(name: str, said: Said) -> bool:
    """Tell whether a name may be that of the village of a code."""
    return bool(said.kode) and alike(name, index().name[place_of()[said.kode]])
