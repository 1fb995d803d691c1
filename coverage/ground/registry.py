"""The data files of the repository: where they come from, under which licence, and whether they are whole."""

import hashlib
import os
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from coverage.ground.errors import DataError
from coverage.ground.texts import Message

_REQUIRED = ("path", "title", "source", "version", "licence", "attribution", "sha256", "rebuild")


@dataclass(frozen=True)
class Entry:
    """One data file as the registry describes it; `path` is relative to the data folder."""

    name: str
    path: str
    title: str
    source: str
    version: str
    licence: str
    attribution: str
    sha256: str
    rebuild: str
    note: str = ""


def data_folder() -> Path:
    """Locate the data folder: ``JANGKAU_DATA``, else ``data/`` beside the package."""
    chosen = os.environ.get("JANGKAU_DATA")
    return Path(chosen) if chosen else Path(__file__).resolve().parents[2] / "data"


@cache
def _entries(folder: Path) -> dict[str, Entry]:
    path = folder / "registry.toml"
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise DataError(Message.of("registry.unreadable", path=path.name, detail=str(error))) from error
    found = {}
    for name, table in tables.items():
        given = table if isinstance(table, dict) else {}
        missing = [key for key in _REQUIRED if key not in given]
        if missing:
            raise DataError(Message.of("registry.incomplete", name=name, keys=", ".join(missing)))
        unknown = sorted(set(given) - {*_REQUIRED, "note"})
        if unknown:
            raise DataError(Message.of("registry.unknown_keys", name=name, keys=", ".join(unknown)))
        found[name] = Entry(name=name, **given)
    return found


def entries() -> dict[str, Entry]:
    """Read all registry entries by name.

    Raises
    ------
    DataError
        If the registry is missing, unreadable or incomplete.
    """
    return _entries(data_folder())


def data_file(name: str) -> Path:
    """Give the path of a registered file after checking that its bytes are the registered ones.

    Parameters
    ----------
    name
        The entry's name in ``data/registry.toml``.

    Raises
    ------
    DataError
        If the file is missing or its sha256 differs; the message names the entry and how to mend it.
    """
    entry = entries()[name]
    path = data_folder() / entry.path
    return _checked(path, path.stat().st_mtime_ns if path.is_file() else -1, entry)


@cache
def _checked(path: Path, mtime_ns: int, entry: Entry) -> Path:
    if mtime_ns < 0:
        raise DataError(Message.of("registry.missing", name=entry.name, path=entry.path, rebuild=entry.rebuild))
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise DataError(
            Message.of("registry.missing", name=entry.name, path=entry.path, rebuild=entry.rebuild)
        ) from error
    if digest != entry.sha256:
        raise DataError(Message.of("registry.damaged", name=entry.name, path=entry.path, rebuild=entry.rebuild))
    return path
