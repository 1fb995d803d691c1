"""Whole files made beside their place, and the names of copies."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from coverage.ground import machine_faults
from coverage.ground.errors import InputError
from coverage.ground.texts import Message


@contextmanager
def beside(target: Path) -> Iterator[Path]:
    """Give a path in the same folder on which a file can be made before :func:`settle` gives it its name."""
    with tempfile.TemporaryDirectory(dir=target.absolute().parent, prefix=".jangkau-") as folder:
        made = Path(folder) / target.name
        with machine_faults.seen_at_once(made):
            yield made


def refuse_target(target: Path) -> None:
    """Refuse a copy that would not be a GeoPackage or would replace a file.

    Raises
    ------
    InputError
        With the remedy.
    """
    if target.suffix.lower() != ".gpkg":
        raise InputError(Message.of("workspace.not_gpkg", path=target.name))
    if target.exists():
        raise InputError(Message.of("workspace.backup_exists", path=str(target)))
    if not target.absolute().parent.is_dir():
        raise InputError(Message.of("workspace.no_folder", path=str(target)))


def free_name(path: Path, version: int) -> Path:
    """Give a name beside a file for its copy as it was in a version."""
    number = 1
    while True:
        more = "" if number == 1 else f"-{number}"
        found = path.with_name(f"{path.stem}.versi-{version}{more}{path.suffix}")
        if not found.exists():
            return found
        number += 1


def settle(made: Path, target: Path) -> None:
    """Give a whole file its name; never over another file.

    Raises
    ------
    FileExistsError
        If there is a file of that name.
    """
    try:
        os.link(made, target)
    except FileExistsError:
        raise
    except OSError:
        # A disk without hard links: USB sticks, some network drives.
        if target.exists():
            raise FileExistsError(target) from None
        shutil.move(made, target)
