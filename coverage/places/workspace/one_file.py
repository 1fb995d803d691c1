"""The file of a workspace, which may not be there yet: what reads and writes it is loaded once there is need to."""

from contextlib import AbstractContextManager
from pathlib import Path

import pandas as pd

from coverage.places.workspace.rows import Layer
from coverage.places.workspace.store import Change, Contents, Store

__all__ = ["OneFile"]


class OneFile:
    """A store in one GeoPackage file; without a file it holds nothing."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def check(self) -> None:
        """Find out that the file can be read and is not of a newer version."""
        if self.place.exists():
            self._file().check()

    def read(self, name: str) -> tuple[Layer, pd.DataFrame] | None:
        """Read one layer; None where there is none."""
        return self._file().read(name) if self.place.exists() else None

    def changes(self) -> int:
        """Count the changes so far."""
        return self._file().changes() if self.place.exists() else 0

    def contents(self, entries: int) -> Contents:
        """Describe all layers, and the last entries of the log."""
        return self._file().contents(entries) if self.place.exists() else Contents(0, 0, (), ())

    def change(self) -> AbstractContextManager[Change]:
        """Begin to write; a write that fails leaves the file as it was."""
        return self._file().change()

    def backup(self, target: Path) -> None:
        """Write a whole copy; an existing file is not touched."""
        self._file().backup(target)

    def _file(self) -> Store:
        # An office that has entered nothing yet waits for neither geometry nor the forms of older files.
        from coverage.places.workspace.geopackage import GeoPackage  # noqa: PLC0415 - see above

        return GeoPackage(self.place)
