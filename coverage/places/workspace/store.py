"""What a store of layers must do, whatever lies beneath: a file or a server."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
import pandas as pd

from coverage.places.workspace.home import Location
from coverage.places.workspace.log import Entry
from coverage.places.workspace.rows import Layer


class State(NamedTuple):
    """Which workspace, and how many changes it has seen, whoever made them."""

    workspace: str
    changes: int


class Held(NamedTuple):
    """One layer and how many rows it holds."""

    layer: Layer
    rows: int


class Contents(NamedTuple):
    """All that a workspace holds: version of its schema (0: none yet), layers, and the last entries of its log."""

    version: int
    changes: int
    layers: tuple[Held, ...]
    log: tuple[Entry, ...]


class Readable(Protocol):
    """Layers in one unchanging state."""

    def names(self) -> list[str]:
        """Name the layers."""

    def layer(self, name: str) -> Layer | None:
        """Describe a layer; None where there is none."""

    def read(self, layer: Layer) -> pd.DataFrame:
        """Read a layer; with geometry, a GeoDataFrame in EPSG:4326. The index holds the rows' numbers."""

    def count(self, name: str) -> int:
        """Count the rows of a layer."""

    def version(self) -> int:
        """Tell the version of the schema; 0 where there is none."""

    def changes(self) -> int:
        """Count the changes so far."""

    def log(self, entries: int) -> tuple[Entry, ...]:
        """Give the last entries of the log, the newest first."""


class Change(Readable, Protocol):
    """One transaction: all of it happens or nothing."""

    def create(self, layer: Layer) -> None:
        """Make an empty layer."""

    def drop(self, name: str) -> None:
        """Take a layer away."""

    def insert(
        self, layer: Layer, rows: Sequence[Sequence[Any]], shapes: np.ndarray[Any, np.dtype[np.object_]] | None
    ) -> None:
        """Add rows, cells in the order of the layer's columns."""

    def delete(self, layer: Layer, key: Mapping[str, object]) -> None:
        """Delete the rows that agree in all columns of a key; with any value of a list."""

    def note(self, entry: Entry, *, changed: bool = True) -> None:
        """Add an entry to the log; `changed` counts a change also where no row changed."""


class Store(Protocol):
    """Layers of one office. Each call is a transaction of its own and leaves nothing open."""

    @property
    def place(self) -> Location:
        """Where the data lie."""

    def check(self) -> None:
        """Find out that the store can be read; one that does not exist yet is empty.

        Raises
        ------
        InputError
            If it is damaged, written by a newer version, or out of reach.
        """

    def read(self, name: str) -> tuple[Layer, pd.DataFrame] | None:
        """Read one layer; None where there is none."""

    def change(self) -> AbstractContextManager[Change]:
        """Begin to write: the store is made or brought to this version first."""

    def changes(self) -> int:
        """Count the changes so far, those of other programs too."""

    def contents(self, entries: int) -> Contents:
        """Describe all layers, and the last `entries` of the log."""

    def backup(self, target: Path) -> None:
        """Write a whole copy as a GeoPackage.

        Raises
        ------
        InputError
            If `target` exists or cannot be written.
        """


def contents_of(held: Readable, entries: int) -> Contents:
    """Describe all layers, and the last `entries` of the log."""
    layers = [Held(layer, held.count(layer.name)) for layer in map(held.layer, held.names()) if layer]
    return Contents(held.version(), held.changes(), tuple(layers), held.log(entries))
