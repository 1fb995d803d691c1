"""What rows that an office imported have in common, and how one import waits for another."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.workspace import Workspace

OFFICE = "kantor"
"""Value of the column ``origin`` in every row that an office imported."""

_SECONDS = 30


@contextmanager
def alone(workspace: Workspace) -> Iterator[None]:
    """Keep other imports away from a workspace file between reading a layer and writing it.

    A server's users agree among themselves who imports client origins; each of its changes is whole all the same.

    Raises
    ------
    InputError
        If another import holds the file too long.
    """
    if not isinstance(workspace.path, Path):
        yield
        return
    try:
        workspace.path.absolute().parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(f"{workspace.path}.import.lock", timeout=_SECONDS)
        lock.acquire()
    except (Timeout, OSError) as error:
        raise InputError(Message.of("imports.busy", path=workspace.path.name)) from error
    try:
        yield
    finally:
        lock.release()
