"""Rows of the office in a layer of its workspace: one change, and the same file twice leaves the same state."""

from collections.abc import Iterator
from contextlib import contextmanager

import pandas as pd
from filelock import FileLock, Timeout

from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.workspace import Workspace

OFFICE = "kantor"
"""Value of the column ``origin`` in every row that an office imported."""

_SECONDS = 30


def upsert(workspace: Workspace, layer: str, rows: pd.DataFrame, keys: list[str], *, origin: str = "origin") -> None:
    """Store rows in place of those with the same keys; all other rows of the layer stay.

    Parameters
    ----------
    layer
        Layer without geometry; each row has the column `origin`, the same value in all rows.
    rows
        Rows with `origin` filled.
    keys
        Columns that name a row.

    Raises
    ------
    InputError
        If the workspace cannot be written, or another import holds it too long.
    """
    if rows.empty:
        return
    value = str(rows[origin].iloc[0])
    with alone(workspace):
        held = workspace.layer(layer, (*keys, origin))
        table = rows if held is None else pd.concat([held, rows], ignore_index=True)
        table = table.drop_duplicates(keys, keep="last").sort_values(keys, kind="stable").reset_index(drop=True)
        workspace.put({layer: table}, replacing={origin: value})


@contextmanager
def alone(workspace: Workspace) -> Iterator[None]:
    """Keep other imports away from a workspace between reading a layer and writing it.

    Raises
    ------
    InputError
        If another import holds it too long.
    """
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
