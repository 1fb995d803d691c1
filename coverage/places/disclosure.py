"""The safe table (tabel aman): client counts merged, blurred and rounded so that nobody can be picked out.

Areas are merged up the tree (desa, kecamatan, kabupaten/kota, provinsi). A level's areas are counted without what was
released below it; to each count a secret step of at most :data:`MOST_NOISE` is added, and the area is released where
the sum reaches k plus that most, so that it surely holds k clients. Released counts are rounded to the nearest 5; what
is not released joins the next level up, and a last remainder is not told at all. A remainder from which a count of one
of its parts could be inferred is not released either.

The steps follow the two-sided geometric law, cut at both ends: ln 2 differential privacy but for a chance of one in
:data:`STEPS` (Ghosh, Roughgarden, Sundararajan 2012, doi:10.1137/09076828X; Dwork, Roth 2014, doi:10.1561/0400000042).
They are drawn by a secret of the office from the whole content of the file, so that the same file gives the same table
and another one independent steps. What this promises over many tables stands in docs/privacy.md.
"""

import functools
import hashlib
import hmac
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from coverage.ground import codes
from coverage.ground.errors import InputError
from coverage.ground.texts import Message

DEFAULT_K = 8
LEAST_K = 5
ROUND_TO = 5
MOST_NOISE = 6
"""No step is larger, in clients."""

STEPS = 3 * 2**MOST_NOISE - 2
"""Equally likely draws of which a step is made; the largest step stands for one of them."""

LEVELS: tuple[codes.Level, ...] = ("village", "district", "regency", "province")

Noise = Callable[[str], int]
"""The secret step of an area (kode), in clients."""


@dataclass(frozen=True)
class SafeTable:
    """Released areas and what they hold.

    ``areas``: index ``area`` (kode; where parts of it were released on their own, it means the rest of it), columns
    ``level``, ``clients`` (rounded). ``area_of``: the area each village belongs to, "" where nothing is released.
    """

    areas: pd.DataFrame
    area_of: pd.Series
    k: int


def step(draw: int) -> int:
    """Turn one of :data:`STEPS` equally likely draws into a step.

    A step z stands for 2^(MOST_NOISE - |z|) draws: each client more or less halves or doubles its chance.

    Examples
    --------
    >>> sorted({step(draw) for draw in range(STEPS)}) == list(range(-MOST_NOISE, MOST_NOISE + 1))
    True
    """
    for size in range(MOST_NOISE + 1):
        share = 2 ** (MOST_NOISE - size)
        for sign in (1, -1) if size else (1,):
            if draw < share:
                return sign * size
            draw -= share
    raise ValueError(draw)


def digest(counts: pd.Series) -> bytes:
    """Give the sha256 of raw counts (index kode, clients); it must be kept nowhere without a key."""
    held = counts[counts > 0].groupby(level=0).sum().sort_index()
    return hashlib.sha256("".join(f"{kode}:{int(count)}\n" for kode, count in held.items()).encode()).digest()


def keyed_noise(key: bytes, counts: pd.Series) -> Noise:
    """Draw the steps of a file's areas by a secret: nobody without it can tell them from chance."""
    content = digest(counts)

    def noise(area: str) -> int:
        drawn = hmac.digest(key, b"step\0" + content + area.encode(), "sha512")
        return step(int.from_bytes(drawn, "big") % STEPS)

    return noise


def mark_of(key: bytes, counts: pd.Series) -> str:
    """Name the content of a file so that only who has the secret can find it again by trying."""
    return hmac.digest(key, b"mark\0" + digest(counts), "sha256").hex()


def safe_areas(counts: pd.Series, villages: pd.Index, noise: Noise, *, k: int = DEFAULT_K) -> pd.DataFrame:
    """Give the released areas of raw client counts, as ``areas`` of a :class:`SafeTable`.

    Parameters
    ----------
    counts
        Clients per village kode; villages without clients may be absent.
    villages
        All villages of the country, so that areas are whole.
    noise
        The secret step of each area.
    k
        Fewest clients of a released area, never below 5.

    Raises
    ------
    InputError
        If `k` is below 5.
    """
    if k < LEAST_K:
        raise InputError(Message.of("clients.k_too_small", value=k, least=LEAST_K))
    held = {str(kode): int(count) for kode, count in counts.groupby(level=0).sum().items() if count > 0}
    released = release(held, parts_of(tuple(villages.to_numpy(dtype=object).tolist())), noise, k)
    rows = [(area, level, clients) for area, (level, clients) in sorted(released.items())]
    return pd.DataFrame(rows, columns=["area", "level", "clients"]).set_index("area")


def release(
    held: Mapping[str, int], parts: Mapping[str, tuple[str, ...]], noise: Noise, k: int
) -> dict[str, tuple[codes.Level, int]]:
    """Choose the released areas; give level and rounded count of each.

    Parameters
    ----------
    held
        Clients per village kode, at least one each.
    parts
        The areas of the next finer level inside each area; see :func:`parts_of`.
    """
    left = dict(held)
    released: dict[str, tuple[codes.Level, int]] = {}
    for level in LEVELS:
        length = codes.LENGTH_OF[level]
        sums: Counter[str] = Counter()
        for kode, count in left.items():
            sums[kode[:length]] += count
        # No step lifts fewer than k to the limit.
        for area in sorted(area for area, total in sums.items() if total >= k):
            blurred = sums[area] + noise(area)
            still_open = sum(_is_open(part, parts, released) for part in parts.get(area, ()))
            if blurred >= least_blurred(k) and (level == "village" or not tells_of_a_part(blurred, still_open, k)):
                released[area] = (level, rounded(blurred))
        left = {kode: count for kode, count in left.items() if kode[:length] not in released}
    return released


def area_of(areas: pd.DataFrame, villages: pd.Index) -> pd.Series:
    """Give the released area of each village: the finest one that it lies in, "" where none.

    Parameters
    ----------
    areas
        Index ``area``, column ``level``; tables of earlier versions may have one of level ``country``.
    """
    found = pd.Series("", index=villages, dtype="str")
    for level in ("country", *reversed(LEVELS)):
        names = pd.Series(codes.COUNTRY if level == "country" else villages.str[: codes.LENGTH_OF[level]], villages)
        found = found.where(~names.isin(areas.index[areas["level"] == level]), names)
    return found


@functools.lru_cache(maxsize=8)
def parts_of(villages: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Give the areas of the next finer level inside each area."""
    found: dict[str, tuple[str, ...]] = {}
    finer: Iterable[str] = dict.fromkeys(villages)
    for level in LEVELS[1:]:
        inside: dict[str, list[str]] = {}
        for area in finer:
            inside.setdefault(area[: codes.LENGTH_OF[level]], []).append(area)
        found |= {area: tuple(parts) for area, parts in inside.items()}
        finer = inside
    return found


def _is_open(area: str, parts: Mapping[str, tuple[str, ...]], released: Container[str]) -> bool:
    """Tell whether something of an area was not released."""
    inside = parts.get(area, ())
    return area not in released and (not inside or any(_is_open(part, parts, released) for part in inside))


def least_blurred(k: int) -> int:
    """Give the least count, secret step included, at which an area surely holds `k` clients."""
    return k + MOST_NOISE


def tells_of_a_part(blurred: int, parts: int, k: int) -> bool:
    """Tell whether a remainder's count would show that one of its parts, none of them released, has clients.

    A part that was not released may hold up to ``least_blurred(k) - 1 + MOST_NOISE`` clients. Only where all parts but
    one can hold the whole remainder, at its least, may every part be empty.
    """
    least = rounded(blurred) - ROUND_TO // 2 - MOST_NOISE
    return least > (parts - 1) * (least_blurred(k) - 1 + MOST_NOISE)


def rounded(total: int) -> int:
    """Round a count to the nearest multiple of :data:`ROUND_TO`."""
    return ROUND_TO * ((total + ROUND_TO // 2) // ROUND_TO)
