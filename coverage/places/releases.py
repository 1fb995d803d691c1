"""How often safe tables of one time may be released, and the secret that their steps are drawn by.

Each release of a table of the same time tells a little more of everyone in it; how much, is bounded by
:mod:`.disclosure` for one release and by :data:`MOST` for all of them. What was released is kept in a layer of its own,
which stays when a table is replaced or taken out.
"""

import os
import secrets
from pathlib import Path

import pandas as pd

from coverage.ground import machine_faults
from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places.periods import Span
from coverage.places.workspace import Workspace
from coverage.places.workspace.home import home

LAYER = "client_releases"
COLUMNS = ("first", "last", "mark")
MOST = 4
"""Most releases of tables that speak of the same day, over all time."""

_KEY_FILE = "kunci-tabel-aman"
_KEY_BYTES = 32


def office_key() -> bytes:
    """Give the secret of this office's computer, made when it is first needed; no export or backup carries it.

    Raises
    ------
    InputError
        If it cannot be written, or the file holds something else.
    """
    path = home() / _KEY_FILE
    try:
        key = path.read_bytes() if path.exists() else _made(path)
    except OSError as error:
        fault = machine_faults.told(error, path)
        raise InputError(Message.of("clients.key_unusable", path=str(path), fault=fault)) from error
    if len(key) != _KEY_BYTES:
        raise InputError(Message.of("clients.key_broken", path=str(path)))
    return key


def _made(path: Path) -> bytes:
    """Write a new secret; where another process is quicker, take its."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}-{secrets.token_hex(8)}")
    try:
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(secrets.token_bytes(_KEY_BYTES))
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        except OSError:
            # A disk without hard links.
            if not path.exists():
                fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    return path.read_bytes()


def claim(workspace: Workspace, mark: str, span: Span, before: int = 0) -> None:
    """Count a release before anything of it is shown; the same content and time is counted once.

    Parameters
    ----------
    mark
        What the content is known by; see :func:`coverage.places.disclosure.mark_of`.
    before
        Releases of the same time that were made before releases were counted.

    Raises
    ------
    InputError
        If tables of this time were released :data:`MOST` times already.
    """
    row = _row(mark, span)
    if is_released(workspace, mark, span):
        return

    def counted(held: pd.DataFrame | None) -> tuple[pd.DataFrame | None, str]:
        rows = _rows(held)
        if row in rows:
            return None, ""
        if held is None:
            rows = [(*row[:2], "")] * before
        if used(rows, span) >= MOST:
            raise InputError(Message.of("clients.released_enough", period=span.label or "-", most=MOST))
        return pd.DataFrame([*rows, row], columns=list(COLUMNS)), ""

    workspace.rework(LAYER, COLUMNS, counted)


def is_released(workspace: Workspace, mark: str, span: Span) -> bool:
    """Tell whether a content was released for this time before."""
    return _row(mark, span) in _rows(workspace.layer(LAYER, COLUMNS))


def used(rows: list[tuple[str, str, str]], span: Span) -> int:
    """Give the most releases that speak of one day of the span."""
    inside = [(max(first, span.first.isoformat()), last) for first, last, _ in rows if _meet(first, last, span)]
    return max((sum(first <= day <= last for first, last in inside) for day, _ in inside), default=0)


def left(workspace: Workspace, span: Span) -> int:
    """Tell how many releases of a time are left."""
    return MOST - used(_rows(workspace.layer(LAYER, COLUMNS)), span)


def _row(mark: str, span: Span) -> tuple[str, str, str]:
    return span.first.isoformat(), span.last.isoformat(), mark


def _meet(first: str, last: str, span: Span) -> bool:
    return first <= span.last.isoformat() and span.first.isoformat() <= last


def _rows(held: pd.DataFrame | None) -> list[tuple[str, str, str]]:
    return [] if held is None else [(str(a), str(b), str(c)) for a, b, c in held[list(COLUMNS)].itertuples(index=False)]
