"""One office's own data in one GeoPackage file; the embedded data shows through where it holds nothing.

A unit, or a ferry, of the workspace replaces the embedded one of the same id; a unit marked as not active
hides it; visits are added. A change is written to a copy that then takes the file's place, under a
lock, so that the file holds the old state or the new one.

What is called .gpkg is opened only when its first bytes say so: GDAL guesses a format by content, and some
formats make it read other files or fetch from the internet.
"""

import datetime as dt
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import platformdirs
import pyogrio
from filelock import FileLock

from coverage.ground.errors import InputError, PlannerError
from coverage.ground.texts import Message
from coverage.places.ferries import embedded_ferries
from coverage.places.units import COLUMNS as UNIT_COLUMNS
from coverage.places.units import embedded_units
from coverage.places.visits import embedded_visits

DEFAULT_NAME = "kerja.gpkg"
_LOCK_SECONDS = 10
_BUSY_SECONDS = 5
_CRS = "EPSG:4326"
_SQLITE = b"SQLite format 3\0"
_GEOPACKAGE_IDS = (b"GPKG", b"GP10", b"GP11")
_HEADER_BYTES = 72
_BROKEN = (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError)


def home() -> Path:
    """Give the folder of the user's own data: ``JANGKAU_HOME``, else the platform's data folder."""
    chosen = os.environ.get("JANGKAU_HOME")
    return Path(chosen) if chosen else Path(platformdirs.user_data_dir("jangkau", appauthor=False))


def cache_folder() -> Path:
    """Give the folder of computed files that may be deleted at any time."""
    chosen = os.environ.get("JANGKAU_HOME")
    return Path(chosen) / "cache" if chosen else Path(platformdirs.user_cache_dir("jangkau", appauthor=False))


@dataclass(frozen=True)
class Workspace:
    """The door to one office's data; nothing is created before something is written."""

    path: Path

    @classmethod
    def open(cls, path: Path | None = None) -> "Workspace":
        """Open a workspace file, by default ``kerja.gpkg`` in the user's folder.

        Raises
        ------
        InputError
            If the name does not end in .gpkg, its folder does not exist, or the file is not a GeoPackage.
        """
        if path is None:
            return cls(home() / DEFAULT_NAME)
        if path.suffix.lower() != ".gpkg":
            raise InputError(Message.of("workspace.not_gpkg", path=path.name))
        if not path.exists() and not path.absolute().parent.is_dir():
            raise InputError(Message.of("workspace.no_folder", path=str(path)))
        workspace = cls(path)
        workspace._layers()
        return workspace

    def _layers(self) -> frozenset[str]:
        if not self.path.exists():
            return frozenset()
        try:
            with self.path.open("rb") as file:
                head = file.read(_HEADER_BYTES)
            if not (head.startswith(_SQLITE) and head.endswith(_GEOPACKAGE_IDS)):
                raise InputError(Message.of("workspace.damaged", path=self.path.name))
            return frozenset(pyogrio.list_layers(self.path)[:, 0])
        except (OSError, *_BROKEN) as error:
            raise InputError(Message.of("workspace.damaged", path=self.path.name)) from error

    def _read(self, layer: str, columns: Iterable[str]) -> pd.DataFrame | None:
        if layer not in self._layers():
            return None
        try:
            table = pd.DataFrame(pyogrio.read_dataframe(self.path, layer=layer, read_geometry=False))
        except _BROKEN as error:
            raise InputError(Message.of("workspace.damaged", path=self.path.name)) from error
        missing = [column for column in columns if column not in table]
        if missing:
            raise InputError(
                Message.of("workspace.columns", path=self.path.name, layer=layer, missing=", ".join(missing))
            )
        return table

    def _own_units(self) -> pd.DataFrame:
        own = self._read("units", ("id", *UNIT_COLUMNS, "active"))
        if own is None:
            return embedded_units().assign(active=True).head(0)
        own = own.fillna({column: "" for column in own.columns if own[column].dtype != "float64"})
        own["wilayah_kerja"] = [tuple(part for part in str(text).split(";") if part) for text in own["wilayah_kerja"]]
        own["active"] = own["active"].astype(bool)
        return own.set_index("id")

    def units(self) -> pd.DataFrame:
        """Give the units: embedded ones, replaced and completed by the office's own.

        Returns
        -------
        DataFrame
            As :func:`coverage.places.units.read_units`.
        """
        own = self._own_units()
        shipped = embedded_units()
        together = pd.concat([shipped[~shipped.index.isin(own.index)], own[own["active"]].drop(columns="active")])
        return together.loc[
            [*shipped.index.intersection(together.index), *together.index.difference(shipped.index, sort=False)]
        ]

    def save_units(self, units: pd.DataFrame, *, remove: tuple[str, ...] = ()) -> None:
        """Store units of the office (same columns as :meth:`units`) and hide the units named in `remove`."""
        hidden = self.units().loc[list(remove)].assign(active=False)
        with self._writing() as target:
            own = self._own_units()
            changed = pd.concat([units.assign(active=True), hidden])
            changed = changed[~changed.index.duplicated(keep="last")]
            table = pd.concat([own[~own.index.isin(changed.index)], changed]).reset_index()
            table["wilayah_kerja"] = table["wilayah_kerja"].map(";".join)
            frame = gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(table["lon"], table["lat"]), crs=_CRS)
            frame.to_file(target, layer="units", driver="GPKG", engine="pyogrio")

    def visits(self) -> pd.DataFrame:
        """Give the visits held: embedded and the office's own."""
        shipped = embedded_visits()
        own = self._read("visits", shipped.columns)
        if own is None:
            return shipped
        own["date"] = pd.to_datetime(own["date"].astype("str").str[:10], format="%Y-%m-%d", errors="coerce")
        undated = own.loc[own["date"].isna(), "kode"]
        if not undated.empty:
            raise InputError(Message.of("workspace.undated", path=self.path.name, kode=", ".join(map(str, undated))))
        return pd.concat([shipped, own.fillna("")[list(shipped.columns)]], ignore_index=True)

    def record_visit(self, kode: str, day: dt.date, *, team: str = "") -> None:
        """Record that a visit was held in a village; the same village and day once only."""
        row = {"kode": kode, "date": day.isoformat(), "date_precision": "", "team": team, "source": "workspace"}
        self._add_row("visits", row, ["kode", "date"])

    def ferries(self) -> pd.DataFrame:
        """Give the ferries: embedded ones, replaced and completed by the office's own."""
        shipped = embedded_ferries()
        own = self._read("ferries", shipped.columns)
        if own is None:
            return shipped
        own = own.fillna("").astype("str")
        return pd.concat([shipped[~shipped["id"].isin(own["id"])], own[list(shipped.columns)]], ignore_index=True)

    def declare_ferry(self, row: dict[str, str]) -> None:
        """Declare a ferry or replace the one of the same id; columns of ``data/network/ferries.csv``."""
        full = dict.fromkeys(embedded_ferries().columns, "") | row
        self._add_row("ferries", full, ["id"])

    def _add_row(self, layer: str, row: dict[str, str], key: list[str]) -> None:
        with self._writing() as target:
            held = self._read(layer, row)
            table = pd.DataFrame([row]) if held is None else pd.concat([held, pd.DataFrame([row])], ignore_index=True)
            pyogrio.write_dataframe(
                table.astype("str").drop_duplicates(key, keep="last"), target, layer=layer, driver="GPKG"
            )

    def layer(self, name: str, columns: Iterable[str]) -> pd.DataFrame | None:
        """Read one layer without geometry; None where the workspace does not hold it.

        Raises
        ------
        InputError
            If the file is damaged or the layer lacks one of `columns`.
        """
        return self._read(name, columns)

    def shapes(self, name: str, columns: Iterable[str]) -> gpd.GeoDataFrame | None:
        """Read one layer with its geometry (EPSG:4326); None where the workspace does not hold it.

        Raises
        ------
        InputError
            If the file is damaged or the layer lacks one of `columns`.
        """
        if self._read(name, columns) is None:
            return None
        return gpd.read_file(self.path, layer=name, engine="pyogrio")

    def put(self, layers: Mapping[str, pd.DataFrame], *, replacing: Mapping[str, str | Sequence[str]]) -> None:
        """Store rows in several layers in one change, in place of those that agree with `replacing`.

        Parameters
        ----------
        layers
            Table per layer; a GeoDataFrame (EPSG:4326) makes a layer with geometry. An empty table only removes.
        replacing
            Column and value, or values of which a row has one; held rows that agree in all columns go, such as
            ``{"region": "35.74"}``.

        Raises
        ------
        InputError
            If the file cannot be written or is damaged; it stays as it was.
        """
        with self._writing() as target:
            for name, table in layers.items():
                spatial = isinstance(table, gpd.GeoDataFrame)
                held = (self.shapes if spatial else self.layer)(name, replacing)
                if held is not None and not held.empty:
                    gone = np.logical_and.reduce(
                        [
                            held[column].isin([value] if isinstance(value, str) else value)
                            for column, value in replacing.items()
                        ]
                    )
                    table = pd.concat([held[~gone], table], ignore_index=True)  # noqa: PLW2901 - the table as it will stand
                pyogrio.write_dataframe(table, target, layer=name, driver="GPKG")

    @contextmanager
    def _writing(self) -> Iterator[Path]:
        try:
            self.path.absolute().parent.mkdir(parents=True, exist_ok=True)
            with (
                FileLock(f"{self.path}.lock", timeout=_LOCK_SECONDS),
                tempfile.TemporaryDirectory(dir=self.path.absolute().parent, prefix=".jangkau-") as folder,
            ):
                target = Path(folder) / self.path.name
                if self.path.exists():
                    self._layers()
                    self._settle()
                    shutil.copyfile(self.path, target)
                yield target
                target.replace(self.path)
        except PlannerError:
            raise
        except (OSError, sqlite3.Error, *_BROKEN) as error:
            raise InputError(Message.of("workspace.cannot_write", path=str(self.path), detail=str(error))) from error

    def _settle(self) -> None:
        """Bring what another program left in a journal beside the file into it, or find that it is still in use.

        A journal that stayed behind would be played into the file that takes this one's place.
        """
        with closing(sqlite3.connect(self.path, timeout=_BUSY_SECONDS, isolation_level=None)) as held:
            held.execute("PRAGMA journal_mode=DELETE")
            held.execute("BEGIN IMMEDIATE")
            held.execute("ROLLBACK")
