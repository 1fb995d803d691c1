"""One office's own data; the embedded data shows through where it holds nothing.

A unit, or a ferry, of the workspace replaces the embedded one of the same id; a unit marked as not active
hides it; visits are added.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from coverage.ground.errors import InputError
from coverage.ground.texts import Message
from coverage.places import roles
from coverage.places.ferries import embedded_ferries
from coverage.places.schemas.ferry_columns import FERRIES
from coverage.places.schemas.target_columns import TARGETS
from coverage.places.schemas.unit_columns import UNITS
from coverage.places.schemas.visit_columns import VISITS
from coverage.places.units import embedded_units
from coverage.places.visits import embedded_visits, refuse_ahead
from coverage.places.workspace import schema
from coverage.places.workspace.home import Location, Server, location, usual
from coverage.places.workspace.log import entry_of, noted
from coverage.places.workspace.one_file import OneFile
from coverage.places.workspace.rows import FID
from coverage.places.workspace.store import Change, Contents, State, Store

if TYPE_CHECKING:
    import geopandas as gpd

_PLACED = {"lat", "lon"}


@dataclass(frozen=True)
class Workspace:
    """The door to one office's data; nothing is created before something is written."""

    path: Location
    """File, or server; both have a ``name`` and can be shown as text."""

    _store: Store = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_store", _store_at(self.path))

    @classmethod
    def open(cls, path: Location | str | None = None) -> "Workspace":
        """Open a workspace: a file or the URL of a PostGIS server; by default the user's usual one.

        Raises
        ------
        InputError
            If the name does not end in .gpkg, its folder does not exist, the file is not a GeoPackage or one of a
            newer version, or the server cannot be used.
        """
        place = location(path) if isinstance(path, str) else path
        workspace = cls(usual() if place is None else place)
        if isinstance(workspace.path, Path):
            _check_name(workspace.path, usual_place=place is None)
        workspace._store.check()
        return workspace

    def state(self) -> State:
        """Tell which workspace this is and how often it was changed; another program's edits count."""
        return State(str(self.path), self._store.changes())

    def contents(self, entries: int = 10) -> Contents:
        """Describe what is held: layers, their rows, and the last `entries` of the log."""
        return self._store.contents(entries)

    def backup(self, target: Path) -> None:
        """Write a whole copy as a GeoPackage.

        Raises
        ------
        InputError
            If `target` exists or cannot be written.
        NotAllowedError
            If who acts may not, as with all that writes: see :mod:`coverage.places.roles`.
        """
        roles.require(roles.Role.MANAGER)
        self._store.backup(target)

    def _own_units(self) -> tuple[pd.DataFrame, frozenset[str]]:
        """Give the office's units, and the ids of those that are hidden."""
        held = self._held("units", (*(name for name in UNITS.must_hold if name not in _PLACED), "active"))
        if held is None:
            return embedded_units().head(0), frozenset()
        # What checks cells is loaded where there are cells of an office.
        from coverage.places.workspace.checks import checked_units  # noqa: PLC0415 - see above

        active = held["active"].isna() | held["active"].eq(other=True)
        return checked_units(held[active], self.path.name), frozenset(held.loc[~active, "id"].map(str))

    def units(self) -> pd.DataFrame:
        """Give the units: embedded ones, replaced and completed by the office's own.

        Returns
        -------
        DataFrame
            As :func:`coverage.places.units.read_units`.

        Raises
        ------
        InputError
            If rows were edited elsewhere and are not sound: layer, row, column, value, remedy.
        """
        own, hidden = self._own_units()
        shipped = embedded_units()
        together = pd.concat([shipped[~shipped.index.isin({*own.index, *hidden})], own])
        return together.loc[
            [*shipped.index.intersection(together.index), *together.index.difference(shipped.index, sort=False)]
        ]

    def save_units(self, units: pd.DataFrame, *, remove: tuple[str, ...] = ()) -> None:
        """Store units of the office (same columns as :meth:`units`) and hide the units named in `remove`."""
        hidden = self.units().loc[list(remove)].assign(active=False)
        changed = pd.concat([units.assign(active=True), hidden])
        changed = changed[~changed.index.duplicated(keep="last")].rename_axis("id").reset_index()
        self.upsert("units", schema.as_points(UNITS.for_layer(changed)), UNITS.key)

    def visits(self) -> pd.DataFrame:
        """Give the visits held: embedded and the office's own."""
        shipped = embedded_visits()
        gone = self._hidden("visits", ("kode", "date"))
        shown = [key not in gone for key in zip(shipped["kode"], shipped["date"].dt.date.map(str), strict=True)]
        shipped = shipped[shown].reset_index(drop=True)
        held = self._held("visits", VISITS.must_hold)
        if held is None:
            return shipped
        own = VISITS.completed(pd.DataFrame(held))[list(shipped.columns)]
        own["date"] = pd.to_datetime(own["date"].astype("str").str[:10], format="%Y-%m-%d")
        return pd.concat([shipped, own.fillna("")], ignore_index=True)

    def record_visit(self, kode: str, day: dt.date, *, team: str = "") -> None:
        """Record that a visit was held in a village; the same village and day once only."""
        row = {"kode": kode, "date": day, "date_precision": "", "team": team, "source": "workspace"}
        self.record_visits(pd.DataFrame([row]))

    def record_visits(self, visits: pd.DataFrame) -> None:
        """Record visits (columns of the embedded table), each village and day once.

        Raises
        ------
        InputError
            If a day has not come yet, or the workspace cannot be written.
        """
        refuse_ahead(pd.to_datetime(visits["date"]).dt.date)
        self.upsert("visits", schema.at_villages(visits, "kode"), ("kode", "date"))

    def remove_visit(self, kode: str, day: dt.date) -> None:
        """Take a visit out: the office's own is forgotten, an embedded one hidden."""
        self._take_out("visits", {"kode": kode, "date": day.isoformat()})

    def ferries(self, *, hidden: bool = False) -> pd.DataFrame:
        """Give the ferries: embedded ones, replaced and completed by the office's own; taken out ones on request."""
        shipped = embedded_ferries()
        if not hidden:
            shipped = shipped[~shipped["id"].isin(self.hidden_ferries())].reset_index(drop=True)
        held = self._held("ferries", FERRIES.must_hold)
        if held is None:
            return shipped
        own = FERRIES.completed(pd.DataFrame(held))[list(shipped.columns)].fillna("").astype("str")
        return pd.concat([shipped[~shipped["id"].isin(own["id"])], own], ignore_index=True)

    def declare_ferry(self, row: dict[str, str]) -> None:
        """Declare a ferry or replace the one of the same id; columns of ``data/network/ferries.csv``."""
        self.declare_ferries(pd.DataFrame([dict.fromkeys(embedded_ferries().columns, "") | row]))

    def declare_ferries(self, rows: pd.DataFrame) -> None:
        """Declare ferries (columns of ``data/network/ferries.csv``) in place of those of the same id."""
        self.upsert("ferries", schema.at_villages(rows, "from_kode", "to_kode"), ("id",))

    def hidden_ferries(self) -> tuple[str, ...]:
        """Give the ids of embedded ferries that were taken out and not declared anew."""
        own = self._held("ferries", ("id",))
        gone = {id_ for (id_,) in self._hidden("ferries", ("id",))}
        return tuple(sorted(gone if own is None else gone - set(own["id"].astype("str"))))

    def remove_ferry(self, id_: str) -> None:
        """Take a ferry out: the office's own is forgotten, an embedded one hidden until it is declared anew."""
        self._take_out("ferries", {"id": id_})

    def targets(self) -> pd.DataFrame:
        """Give targets and what was achieved; see :func:`coverage.places.targets.targets`."""
        from coverage.places.targets import targets  # noqa: PLC0415 - few ask for targets

        held = self._held("targets", TARGETS.must_hold)
        return targets(held, self._hidden("targets", TARGETS.key))

    def save_targets(self, rows: pd.DataFrame) -> None:
        """Store figures, written in one way, in place of those of the same area, period, indicator and unit."""
        self.upsert("targets", rows, TARGETS.key)

    def remove_target(self, key: tuple[str, ...]) -> None:
        """Take out the figure of a key: the office's own is forgotten, a published one hidden."""
        from coverage.places.targets import in_one_way  # noqa: PLC0415 - few ask for targets

        held = self._raw("targets", TARGETS.must_hold)
        written = [key]
        if held is not None:
            # Who edits the layer elsewhere may write "Semester I 2024" for 2024-S1.
            same = (in_one_way(held)[list(TARGETS.key)] == list(key)).all(axis=1)
            written += list(held.loc[same, list(TARGETS.key)].itertuples(index=False, name=None))
        for one in dict.fromkeys(written):
            self._take_out("targets", dict(zip(TARGETS.key, one, strict=True)))

    def _hidden(self, layer: str, key: tuple[str, ...]) -> set[tuple[str, ...]]:
        held = self._held(f"hidden_{layer}", key)
        return set() if held is None else set(held[list(key)].astype("str").itertuples(index=False, name=None))

    def _take_out(self, layer: str, key: dict[str, str]) -> None:
        """Forget the office's own row of a key, and hide the embedded one behind it."""
        hidden = f"hidden_{layer}"
        with self._change([layer, hidden], removing=True) as change:
            for name in (layer, hidden):
                self._delete(change, name, key)
            change.note(entry_of([layer, hidden], schema.put_rows(change, hidden, pd.DataFrame([key]))))

    def layer(
        self, name: str, columns: Iterable[str], check: Callable[[pd.DataFrame, str], None] | None = None
    ) -> pd.DataFrame | None:
        """Read one layer without geometry; None where the workspace does not hold it.

        Parameters
        ----------
        check
            Gets the rows, index the row's number, and the workspace's name; raises where they are not sound.

        Raises
        ------
        InputError
            If the workspace is damaged or the layer lacks one of `columns`.
        """
        held = self._held(name, columns)
        if held is None:
            return None
        if check is not None:
            check(held, self.path.name)
        return pd.DataFrame(held).drop(columns="geometry", errors="ignore").reset_index(drop=True)

    def shapes(self, name: str, columns: Iterable[str]) -> "gpd.GeoDataFrame | None":
        """Read one layer with its geometry (EPSG:4326); None where the workspace does not hold it.

        Raises
        ------
        InputError
            If the workspace is damaged, or the layer lacks one of `columns` or has no geometry.
        """
        held = self._held(name, columns)
        if held is None:
            return None
        import geopandas as gpd  # noqa: PLC0415 - only who has shapes waits for it

        if not isinstance(held, gpd.GeoDataFrame):
            raise InputError(Message.of("workspace.columns", path=self.path.name, layer=name, missing="geom"))
        return held.reset_index(drop=True)

    def put(
        self,
        layers: Mapping[str, pd.DataFrame],
        *,
        replacing: Mapping[str, str | Sequence[str]],
        replacing_in: Mapping[str, Mapping[str, str | Sequence[str]]] | None = None,
    ) -> None:
        """Store rows in several layers in one change, in place of those that agree with `replacing`.

        Parameters
        ----------
        layers
            Table per layer; a GeoDataFrame (EPSG:4326) makes a layer with geometry, kept in two dimensions, polygons as
            multipolygons. An empty table only removes.
        replacing
            Column and value, or values of which a row has one; held rows that agree in all columns go, such as
            ``{"region": "35.74"}``; all rows where it is empty.
        replacing_in
            What stands in the place of `replacing` for single layers.

        Raises
        ------
        InputError
            If the workspace cannot be written or is damaged; it stays as it was.
        """
        own_keys = replacing_in or {}
        with self._change(layers, removing=all(table.empty for table in layers.values())) as change:
            rows = 0
            for name, table in layers.items():
                self._delete(change, name, own_keys.get(name, replacing))
                rows += schema.put_rows(change, name, table)
            change.note(entry_of(layers, rows))

    def upsert(self, name: str, table: pd.DataFrame, key: Sequence[str]) -> None:
        """Store rows in one layer in place of those that have the same values in the columns of `key`.

        Raises
        ------
        InputError
            If the workspace cannot be written or is damaged; it stays as it was.
        """
        with self._change([name]) as change:
            held = change.layer(name)
            if held is not None:
                schema.require(held, key, self.path.name)
                before = change.read(held)
                fresh = set(_cells(table, key))
                gone = [fid for fid, row in zip(before.index, _cells(before, key), strict=True) if row in fresh]
                change.delete(held, {FID: gone})
            change.note(entry_of([name], schema.put_rows(change, name, table)))

    def rework(
        self, name: str, columns: Sequence[str], make: Callable[[pd.DataFrame | None], tuple[pd.DataFrame | None, str]]
    ) -> None:
        """Replace a layer by what `make` makes of it, in one change: no other writer comes between.

        Parameters
        ----------
        columns
            Those that the layer must have.
        make
            Gets the layer, None where there is none; gives the rows that take its place, None to leave it as it is
            (which is logged all the same), and the digest to log.

        Raises
        ------
        InputError
            If the workspace cannot be written or is damaged; it stays as it was.
        """
        with self._change([name]) as change:
            held = change.layer(name)
            before = None
            if held is not None:
                schema.require(held, columns, self.path.name)
                before = pd.DataFrame(change.read(held)).reset_index(drop=True)
            table, sha256 = make(before)
            with noted(file_sha256=sha256):
                if table is None:
                    change.note(entry_of([name], 0), changed=False)
                    return
                if held is not None:
                    change.delete(held, {})
                change.note(entry_of([name], schema.put_rows(change, name, table)))

    def note_export(self, layers: Iterable[str], rows: int) -> None:
        """Log that an answer of so many rows, which rests on these layers, leaves the program.

        Raises
        ------
        InputError
            If the workspace cannot be written or is damaged.
        """
        roles.require(roles.Role.REVIEWER)
        with self._store.change() as change:
            change.note(entry_of(layers, rows), changed=False)

    @contextmanager
    def _change(self, layers: Iterable[str], *, removing: bool = False) -> Iterator[Change]:
        """Begin to change layers; who may not is refused before anything is touched."""
        roles.require(roles.needed_for(layers, removing=removing))
        with self._store.change() as change:
            yield change

    def _delete(self, change: Change, name: str, key: Mapping[str, str | Sequence[str]]) -> None:
        held = change.layer(name)
        if held is not None:
            schema.require(held, key, self.path.name)
            change.delete(held, {column: text if isinstance(text, str) else list(text) for column, text in key.items()})

    def _held(self, name: str, columns: Iterable[str]) -> pd.DataFrame | None:
        table = self._raw(name, columns)
        if table is not None:
            from coverage.places.workspace.checks import check_rows  # noqa: PLC0415 - as in `_own_units`

            check_rows(name, table, self.path.name)
        return table

    def _raw(self, name: str, columns: Iterable[str]) -> pd.DataFrame | None:
        found = self._store.read(name)
        if found is None:
            return None
        layer, table = found
        schema.require(layer, columns, self.path.name)
        return table


def _cells(table: pd.DataFrame, columns: Sequence[str]) -> list[tuple[object, ...]]:
    """Give cells as both stores compare them: days as text, what is not known as nothing."""
    rows = table[list(columns)].astype("object").itertuples(index=False, name=None)
    return [
        tuple(None if pd.isna(cell) else cell.isoformat() if isinstance(cell, dt.date) else cell for cell in row)
        for row in rows
    ]


def _check_name(path: Path, *, usual_place: bool) -> None:
    if path.suffix.lower() != ".gpkg":
        raise InputError(Message.of("workspace.not_gpkg", path=path.name))
    # A named pipe would be waited for without end.
    if path.exists() and not path.is_file():
        raise InputError(Message.of("workspace.no_file", path=path.name))
    if not usual_place and not path.exists() and not path.absolute().parent.is_dir():
        raise InputError(Message.of("workspace.no_folder", path=str(path)))


def _store_at(place: Location) -> Store:
    if isinstance(place, Server):
        # Only who works with a server waits for its library.
        from coverage.places.workspace.postgis import PostGIS  # noqa: PLC0415 - costs a quarter of a second

        return PostGIS(place)
    return OneFile(place)
