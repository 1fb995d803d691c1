"""The safe table (tabel aman): client counts merged and rounded so that nobody can be picked out.

Areas are merged up the tree (desa, kecamatan, kabupaten/kota, provinsi, country) until each released area
holds at least `k` clients; what is below k, none included, joins the next level up, so that "none" and "a
few" look the same; a last remainder below k is not released, and neither is any total that it could be
subtracted from. Released counts are rounded to the nearest 5. The table is made of the whole file at once:
no choice of region or filter changes it, and everything that is shown or exported is computed from it,
never from the raw counts.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd

from coverage.ground import codes
from coverage.ground.errors import InputError
from coverage.ground.texts import Message

DEFAULT_K = 8
LEAST_K = 5
ROUND_TO = 5
_LEVELS: tuple[codes.Level, ...] = ("village", "district", "regency", "province", "country")


@dataclass(frozen=True)
class SafeTable:
    """Released areas and what they hold.

    ``areas``: index ``area`` (kode; where parts of it were released on their own, it means the rest of it), columns
    ``level``, ``clients`` (rounded). ``area_of``: the area each village belongs to, "" where nothing is released.
    """

    areas: pd.DataFrame
    area_of: pd.Series
    k: int


def fingerprint(areas: pd.DataFrame) -> str:
    """Give the sha256 of released areas (index ``area``), by which the log knows a safe table.

    The digest of the file itself must stand nowhere: who has it can try small counts until they fit.
    """
    return hashlib.sha256(areas[["level", "clients"]].sort_index().to_csv(lineterminator="\n").encode()).hexdigest()


def safe_table(counts: pd.Series, villages: pd.Index, *, k: int = DEFAULT_K) -> SafeTable:
    """Make the safe table of raw client counts, which the caller then forgets.

    Parameters
    ----------
    counts
        Clients per village kode; villages without clients may be absent.
    villages
        All villages of the country, so that areas are whole.
    k
        Fewest clients of a released area, never below 5.

    Raises
    ------
    InputError
        If `k` is below 5.
    """
    if k < LEAST_K:
        raise InputError(Message.of("clients.k_too_small", value=k, least=LEAST_K))
    held = counts.groupby(level=0).sum().reindex(villages, fill_value=0).astype("int64")
    area_of = pd.Series("", index=villages, dtype="str")
    released: dict[str, tuple[str, int]] = {}
    left = np.ones(len(villages), dtype=bool)
    for level in _LEVELS:
        names = _names(villages, level)
        sums = held[left].groupby(names[left]).sum()
        enough = sums[sums >= k]
        taken = left & np.isin(names, enough.index.to_numpy(dtype=object))
        area_of[taken] = names[taken]
        released |= {str(area): (level, int(total)) for area, total in enough.items()}
        left &= ~taken
    areas = pd.DataFrame(
        [(area, level, _rounded(total)) for area, (level, total) in sorted(released.items())],
        columns=["area", "level", "clients"],
    ).set_index("area")
    return SafeTable(areas, area_of, k)


def steadied(areas: pd.DataFrame, before: pd.Series) -> pd.DataFrame:
    """Keep the released count of an area that a new version would move by one step only.

    A count moves by one step as soon as a single client is added; by two steps only when at least six are. So the
    difference of two versions tells of no fewer than `LEAST_K` clients.

    Parameters
    ----------
    areas
        Index ``area``, column ``clients``.
    before
        Released clients per area of the version that is replaced.
    """
    old = before.reindex(areas.index)
    near = (areas["clients"] - old).abs() <= ROUND_TO
    return areas.assign(clients=areas["clients"].where(~near, old).astype("int64"))


def _names(villages: pd.Index, level: codes.Level) -> np.ndarray:
    if level == "country":
        return np.full(len(villages), codes.COUNTRY, dtype=object)
    return np.asarray(villages.str[: codes.LENGTH_OF[level]], dtype=object)


def _rounded(total: int) -> int:
    return ROUND_TO * ((total + ROUND_TO // 2) // ROUND_TO)
