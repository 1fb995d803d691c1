"""A workspace of an earlier form, read as the present one would show it; nothing of it is changed.

The same steps that a first write would take are taken in memory, over layers that stay where they are: what no step
touches is read as it lies. So a file can be read in every form, also where nothing may be written.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from coverage.ground.errors import InputError
from coverage.places.workspace import schema
from coverage.places.workspace.log import Entry
from coverage.places.workspace.rows import CRS, FID, Layer, table_of
from coverage.places.workspace.store import Readable


class InMemory:
    """Layers of a store, and beside them what was made anew in memory; a :class:`.store.Change` that changes nothing.

    Parameters
    ----------
    held
        The store, in one unchanging state.
    without
        Layers to leave out.
    """

    def __init__(self, held: Readable, place: str, *, without: Collection[str] = ()) -> None:
        self._held = held
        self._place = place
        self._without = without
        self._made: dict[str, tuple[Layer, pd.DataFrame] | None] = {}

    def names(self) -> list[str]:
        """Name the layers."""
        as_it_lies = {name for name in self._held.names() if name not in self._without}
        return sorted((as_it_lies - self._made.keys()) | {name for name, one in self._made.items() if one is not None})

    def layer(self, name: str) -> Layer | None:
        """Describe a layer; None where there is none."""
        if name in self._made:
            made = self._made[name]
            return made and made[0]
        return None if name in self._without else self._held.layer(name)

    def read(self, layer: Layer) -> pd.DataFrame:
        """Read a layer."""
        made = self._made.get(layer.name)
        return self._held.read(layer) if made is None else made[1].copy()

    def count(self, name: str) -> int:
        """Count the rows of a layer."""
        made = self._made.get(name)
        return self._held.count(name) if made is None else len(made[1])

    def version(self) -> int:
        """Tell the version of what is stored."""
        return self._held.version()

    def changes(self) -> int:
        """Count the changes of what is stored."""
        return self._held.changes()

    def log(self, entries: int) -> tuple[Entry, ...]:
        """Give the last entries of the log that is stored."""
        return self._held.log(entries)

    def create(self, layer: Layer) -> None:
        """Make an empty layer."""
        self._made[layer.name] = layer, self._table(layer, [], np.array([], dtype=object), 1)

    def drop(self, name: str) -> None:
        """Take a layer away."""
        self._made[name] = None

    def insert(
        self, layer: Layer, rows: Sequence[Sequence[Any]], shapes: np.ndarray[Any, np.dtype[np.object_]] | None
    ) -> None:
        """Add rows, cells in the order of the layer's columns."""
        before = self.read(layer)
        first = int(before.index.max()) + 1 if len(before) else 1
        fresh = self._table(layer, rows, np.full(len(rows), None) if shapes is None else shapes, first)
        self._made[layer.name] = layer, fresh if before.empty else pd.concat([before, fresh]) if len(fresh) else before

    def delete(self, layer: Layer, key: Mapping[str, object]) -> None:
        """Delete the rows that agree in all columns of a key; with any value of a list."""
        before = self.read(layer)
        gone = pd.Series(data=True, index=before.index)
        for column, value in key.items():
            cells = before.index.to_series() if column == FID else before[column].astype("object")
            gone &= cells.isin(value) if isinstance(value, list) else cells.isna() if value is None else cells == value
        self._made[layer.name] = layer, before[~gone]

    def note(self, entry: Entry, *, changed: bool = True) -> None:
        """Log nothing: nothing is changed."""

    def _table(
        self, layer: Layer, rows: Sequence[Sequence[Any]], shapes: np.ndarray[Any, np.dtype[np.object_]], first: int
    ) -> pd.DataFrame:
        table = table_of(layer, range(first, first + len(rows)), rows, self._place)
        if not layer.geometry:
            return table
        placed: pd.DataFrame = gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(shapes, index=table.index, crs=CRS))
        return placed


def read(held: Readable, name: str, place: str) -> tuple[Layer, pd.DataFrame] | None:
    """Read a layer of a store of any form up to the present one; None where there is none.

    Raises
    ------
    InputError
        If rows of the layer cannot be brought to the present form; those of another layer hinder it not.
    """
    shown = _shown(held, name, place)
    layer = shown.layer(name)
    return (layer, shown.read(layer)) if layer else None


def _shown(held: Readable, name: str, place: str) -> Readable:
    found = held.version()
    if found == schema.version():
        return held
    try:
        return _migrated(held, place)
    except InputError:
        # What cannot be brought over hinders its own layer, and no other.
        unfit = {one for one in held.names() if _hinders(held, place, one)}
        if name in unfit:
            raise
        return _migrated(held, place, without=unfit)


def _migrated(held: Readable, place: str, *, without: Collection[str] = ()) -> InMemory:
    made = InMemory(held, place, without=without)
    schema.migrate(made, held.version(), place)
    return made


def _hinders(held: Readable, place: str, name: str) -> bool:
    try:
        _migrated(held, place, without=set(held.names()) - {name})
    except InputError:
        return True
    return False
