"""Which public files hold the official boundaries of a region, and the sha256 that each must have.

One commit of the public repository is pinned, so that two offices that fetch the same region hold the same polygons.
"""

from dataclasses import dataclass
from functools import cache

import pandas as pd

from coverage.ground import codes
from coverage.ground.errors import InputError
from coverage.ground.registry import data_file, entries
from coverage.ground.texts import Message
from coverage.places.villages import load_villages, mask_in_region

DEFAULT_BASE_URL = "https://raw.githubusercontent.com"
REPOSITORY = "cahyadsn/wilayah_boundaries"
_ENTRY = "boundary_upstream"


@dataclass(frozen=True)
class UpstreamFile:
    """The village polygons of one kab/kota: `path` within the repository, and its registered sha256."""

    regency: str
    path: str
    sha256: str

    def url(self, base_url: str = DEFAULT_BASE_URL) -> str:
        """Give the address below `base_url`, by the scheme of the public server."""
        return f"{base_url.rstrip('/')}/{REPOSITORY}/{commit()}/{self.path}"


def commit() -> str:
    """Give the pinned commit."""
    return entries()[_ENTRY].version


def source_name() -> str:
    """Name the source as it is stored beside each polygon."""
    return f"{REPOSITORY}@{commit()[:8]}"


@cache
def _sums() -> dict[str, str]:
    table = pd.read_csv(data_file(_ENTRY), dtype=str)
    return dict(zip(table["path"], table["sha256"], strict=True))


def _path(regency: str) -> str:
    return f"db/kel/{regency[:2]}/wilayah_boundaries_kel_{regency}.sql"


def files_of(region: str) -> tuple[UpstreamFile, ...]:
    """List the files that hold the villages of a region, one a kab/kota.

    Parameters
    ----------
    region
        A checked kode or ``ID``.

    Raises
    ------
    InputError
        If the pinned commit has no file for any part of it.
    """
    sums = _sums()
    files = tuple(
        UpstreamFile(regency, _path(regency), sums[_path(regency)])
        for regency in _regencies(region)
        if _path(regency) in sums
    )
    if not files:
        raise InputError(Message.of("boundaries.no_upstream", region=region))
    return files


def regencies_without_file(region: str) -> tuple[str, ...]:
    """Name the kab/kota of a region that the pinned commit has no file for."""
    sums = _sums()
    return tuple(regency for regency in _regencies(region) if _path(regency) not in sums)


def _regencies(region: str) -> list[str]:
    kode = load_villages().index
    inside = kode[mask_in_region(kode, region)]
    return sorted(set(inside.str[: codes.LENGTH_OF["regency"]]))
