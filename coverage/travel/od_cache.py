"""Travel kept on disk by content: what was computed once is read, and a damaged or strange file is computed again."""

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

from coverage import __version__
from coverage.ground import notices
from coverage.ground.geometry import IntArray
from coverage.places.workspace import cache_folder
from coverage.travel.network.graph import Network
from coverage.travel.paths import Travel

MOST_BYTES = 1_000_000_000
"""All files together; the ones not read for longest go first."""

_FOLDER = "od"
_LAYOUT = b"1"
_NAMES = ("minutes", "km", "ferries")


def kept_travel(network: Network, rows: IntArray, nodes: IntArray, compute: Callable[[], Travel]) -> Travel:
    """Read travel between nodes from the cache, or compute and keep it.

    Parameters
    ----------
    network, rows, nodes
        What the travel is computed from; their content and the program's version are the file's name.
    compute
        Gives arrays of shape (len(rows), len(nodes)).
    """
    path = cache_folder() / _FOLDER / f"{_digest(network, rows, nodes)}.npz"
    held = _read(path, (len(rows), len(nodes)))
    if held is None:
        held = compute()
        # The cache is a convenience: a full or read-only disk must not cost the answer.
        with notices.not_kept_in(path.parent):
            _write(path, held)
    return held


def _digest(network: Network, rows: IntArray, nodes: IntArray) -> str:
    digest = hashlib.sha256(_LAYOUT + __version__.encode())
    arcs = (network.tail, network.head, network.minutes, network.km, network.ferry >= 0, network.kind, network.area)
    for part in (*arcs, rows, nodes):
        digest.update(f"{part.dtype}{part.shape}".encode())
        digest.update(np.ascontiguousarray(part).data)
    return digest.hexdigest()


def _read(path: Path, shape: tuple[int, int]) -> Travel | None:
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as held:
            minutes, km, ferries = (held[name] for name in _NAMES)
        os.utime(path)
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    fits = minutes.shape == km.shape == ferries.shape == shape and minutes.dtype == km.dtype == np.float64
    return Travel(minutes, km, ferries.astype(np.int64)) if fits else None


def _write(path: Path, travel: Travel) -> None:
    minutes, km, ferries = travel
    path.parent.mkdir(parents=True, exist_ok=True)
    _make_room(path.parent, minutes.nbytes + km.nbytes + ferries.nbytes)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, minutes=minutes, km=km, ferries=ferries.astype(np.int16))
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _make_room(folder: Path, wanted: int) -> None:
    held = sorted((file.stat().st_mtime_ns, file.stat().st_size, file) for file in folder.iterdir() if file.is_file())
    room = MOST_BYTES - sum(size for _, size, _ in held)
    for _, size, file in held:
        if room >= wanted:
            return
        file.unlink(missing_ok=True)
        room += size
