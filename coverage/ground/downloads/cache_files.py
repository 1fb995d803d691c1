"""What lies in the cache: one folder a kind and version, whole files, partial ones, and where they are from.

======================  ==============================================================================================
``KIND/VERSION/x.tif``  a whole file; nothing comes under this name before it is checked
``x.part``              what has come so far of it
``x.part.json``         of which file it is a part (:class:`Origin`), so that it is continued with no other's bytes
``x.tif.json``          digest, size and address of a file whose digest nobody registered beforehand (:class:`Record`)
======================  ==============================================================================================
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

LOCK = "unduh.lock"


@dataclass(frozen=True)
class Origin:
    """Where a partial file began: address, and what the server called that state of it ("" if it did not)."""

    url: str
    validator: str


@dataclass(frozen=True)
class Record:
    """A whole file as it came: address, state, sha256, and size in bytes."""

    url: str
    validator: str
    sha256: str
    size: int


def folder_of(cache: Path, kind: str, version: str) -> Path:
    """Give the folder of one version of one kind of downloads below the cache folder."""
    return cache / kind / version


def part_of(path: Path) -> Path:
    """Give the place of what has come of a file."""
    return path.with_suffix(".part")


def beside(path: Path) -> Path:
    """Give the place of what is known of a file."""
    return path.with_name(f"{path.name}.json")


def size_of(path: Path) -> int:
    """Count the bytes of a file; 0 if there is none."""
    return path.stat().st_size if path.is_file() else 0


def throw_away(path: Path) -> None:
    """Remove a file and what is known of it."""
    path.unlink(missing_ok=True)
    beside(path).unlink(missing_ok=True)


_Known = TypeVar("_Known", Origin, Record)


def note(path: Path, known: Origin | Record) -> None:
    """Write down what is known of a file, whole or not at all."""
    place = beside(path)
    new = place.with_name(f"{place.name}.new")
    with new.open("wb") as file:
        file.write(json.dumps(asdict(known)).encode())
    new.replace(place)


def known_of(path: Path, kind: type[_Known]) -> _Known | None:
    """Read what is known of a file; None if nothing is, or it cannot be read."""
    try:
        return kind(**json.loads(beside(path).read_bytes()))
    except (OSError, ValueError, TypeError):
        return None


def sha256_of(path: Path) -> str:
    """Compute the digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sha256_of_all(sums: Iterable[str]) -> str:
    """Give the digest of several files: of their digests in order, each on its line."""
    return hashlib.sha256("".join(f"{one}\n" for one in sums).encode()).hexdigest()
