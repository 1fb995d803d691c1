"""A region made ready for questions: its villages, the units that may serve them, and travel between."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from coverage.answers.demand import client_weights
from coverage.answers.networks import RealRoads, open_ways, roads_within, tier_of_region
from coverage.ground import codes
from coverage.ground.geometry import IntArray, geodesic_km
from coverage.ground.registry import data_file
from coverage.places.boundaries.boundary_store import held_if_any
from coverage.places.boundaries.placement import follow_villages, placed_villages, tier_of
from coverage.places.clients import ClientOrigins, held_clients
from coverage.places.population import LAYER as POPULATION
from coverage.places.population import known_population
from coverage.places.units import responsible
from coverage.places.villages import Region, find_region, load_villages, mask_in_region, regions
from coverage.places.visits import VULNERABILITY, vulnerability
from coverage.places.workspace import Location, Workspace
from coverage.travel.network.ferry_choices import USUAL, TravelChoices
from coverage.travel.network.graph import Network
from coverage.travel.network.speed_choices import speeds_of
from coverage.travel.network.speeds import Speeds
from coverage.travel.od import ODMatrix, Places, od_matrix

if TYPE_CHECKING:
    import geopandas as gpd

__all__ = ["Study", "cells", "open_study", "regions"]

_NEAREST = 16
_MINUTES_PER_HOUR = 60.0
_M_PER_KM = 1000.0
_SAME_POINT_DEG = 1e-6


@dataclass(frozen=True)
class Study:
    """One region's places and the travel times that its answers stand on.

    ``villages`` are those of the region, ``units`` all that can be reached from it or stand in it (``in_region``
    tells which; ``node_kode`` is the village where they join the network, ``own_point`` tells which join real roads
    from their own point instead), ``access`` their legs to it, ``od`` has villages as rows and units as columns.
    ``network`` is the part of the network that the region is connected to, ``roads`` tells about the real roads in it.
    ``speeds`` are those of the workspace. ``choices`` are how one travels; ``usual`` opens the same region for who
    travels as usual, None where that is the case. ``polygons`` are the village boundaries that the workspace holds for
    the region; they move the villages' points, not the legs of the proximity network, which stay between embedded ones.
    """

    region: Region
    villages: pd.DataFrame
    units: pd.DataFrame
    access: pd.DataFrame
    visits: pd.DataFrame
    ferries: pd.DataFrame
    network: Network
    od: ODMatrix
    speeds: Speeds
    boundary_tier: str
    travel_tier: str
    units_source: str
    roads: RealRoads
    clients: ClientOrigins | None = None
    choices: TravelChoices = USUAL
    usual: Callable[[], "Study"] | None = None
    polygons: "gpd.GeoDataFrame | None" = None

    @cached_property
    def drawn(self) -> str:
        """Fingerprint of the polygons, so that what was drawn from them is drawn anew when they change."""
        if self.polygons is None:
            return ""
        import shapely  # noqa: PLC0415 - only who has polygons waits for it

        digest = hashlib.sha256("\n".join(self.polygons.index).encode())
        digest.update(b"".join(shapely.to_wkb(self.polygons.geometry.array)))
        return digest.hexdigest()

    @cached_property
    def ferries_in_reach(self) -> frozenset[str]:
        """Ids of the ferries that somebody who travels as usual may take from here; without any, none is spoken of."""
        return (self if self.usual is None else self.usual()).network.boats

    @cached_property
    def owners(self) -> "pd.Series[str]":
        """Name per village the unit in whose wilayah kerja it lies; "" where none is declared."""
        return responsible(self.units, self.villages.index)

    def places(self, kode: list[str]) -> Places:
        """Stand new destinations on the points of villages."""
        zero = np.zeros(len(kode))
        return Places(pd.Index(kode), self.network.numbers(pd.Index(kode)), zero, zero)

    def unit_places(self, ids: list[str] | None = None) -> Places:
        """Stand units, by default all, where they touch the network."""
        wanted = self.units.index if ids is None else pd.Index(ids)
        return _unit_places(self.units.loc[wanted], self.access.loc[wanted], self.network, self.speeds)

    def with_units(self, units: pd.DataFrame, access: pd.DataFrame, od: ODMatrix) -> "Study":
        """Give the same region with other units."""
        return replace(self, units=units, access=access, od=od, usual=None)


def open_study(
    region: str,
    *,
    workspace: Location | None = None,
    units_file: Path | bytes | None = None,
    clients_file: Path | bytes | None = None,
    choices: TravelChoices = USUAL,
    speeds: Speeds | None = None,
) -> Study:
    """Make a region ready for questions.

    Parameters
    ----------
    region
        Kode or name, ``ID`` for the whole country.
    workspace
        The office's GeoPackage or server; by default the user's own.
    units_file
        A units table that takes the place of all other units.
    clients_file
        Client origins; reduced to the safe table before anything else sees them, then forgotten. By default the
        safe table that the workspace holds.
    choices
        How one travels.
    speeds
        In place of those of the workspace.

    Raises
    ------
    InputError
        If the region, the workspace or a table cannot be used, or a ferry is unknown.
    """
    found = find_region(region)
    opened = Workspace.open(workspace)
    if units_file is None:
        units, source = opened.units(), "embedded"
    else:
        name = units_file.name if isinstance(units_file, Path) else "units.csv"
        from coverage.places.unit_checks import read_units  # noqa: PLC0415 - only who has a file waits for it

        units, source = read_units(units_file, name), name
    drawn = held_if_any(opened)
    country = placed_villages(load_villages(), drawn)
    units = follow_villages(units, load_villages(), country)
    own_speeds = speeds
    speeds = speeds_of(opened) if own_speeds is None else own_speeds
    inside = mask_in_region(country.index, found.code)
    placed = _place_units(units, country, speeds)
    own = placed.loc[placed["own_point"], ["node_kode", "lon", "lat"]].rename(columns={"node_kode": "kode"})
    ways = open_ways(opened, own, speeds, choices, country)
    whole = ways.network
    placed["own_point"] = placed.index.isin(whole.own)
    placed.loc[placed["own_point"], ["access_km", "access_min"]] = 0.0
    in_region = mask_in_region(pd.Index(placed["kode"]), found.code)
    stands = np.concatenate([np.flatnonzero(inside), _unit_nodes(placed[in_region], whole)])
    touched = np.isin(whole.component, np.unique(whole.component[stands]))
    network = whole if touched.all() else whole.part(touched)
    reachable = _unit_nodes(placed, network) >= 0
    kept = placed[reachable].assign(in_region=in_region[reachable])
    access = kept[["access_min", "access_km"]]
    clients = _read_clients(clients_file, opened)
    villages = _villages(country, found, opened, clients)
    return Study(
        region=found,
        villages=villages,
        units=kept.drop(columns=["access_min", "access_km"]),
        access=access,
        visits=opened.visits(),
        ferries=ways.ferries,
        network=network,
        od=od_matrix(network, villages.index, _unit_places(kept, access, network, speeds)),
        speeds=speeds,
        boundary_tier=tier_of(villages["boundary_tier"]),
        travel_tier=tier_of_region(network, network.numbers(villages.index)),
        units_source=source,
        roads=roads_within(ways.roads, network),
        clients=clients,
        choices=choices,
        usual=None if choices == USUAL else _Usual(region, workspace, units_file, own_speeds),
        polygons=None if drawn is None else drawn[mask_in_region(drawn.index, found.code)],
    )


@dataclass(frozen=True)
class _Usual:
    """Opens the same region for who travels as usual, once; unlike a closure it can go to another process."""

    region: str
    workspace: Location | None
    units_file: Path | bytes | None
    speeds: Speeds | None

    @cached_property
    def _study(self) -> Study:
        return open_study(
            self.region, workspace=self.workspace, units_file=self.units_file, choices=USUAL, speeds=self.speeds
        )

    def __call__(self) -> Study:
        return self._study


def _villages(
    country: pd.DataFrame, region: Region, workspace: Workspace, clients: ClientOrigins | None
) -> pd.DataFrame:
    """Give the villages of a region with people, class of vulnerability and expected clients."""
    # A total is spread over its whole kab/kota, also where the region is one kecamatan of it.
    around = codes.ancestor(region.code, "regency") if region.level == "district" else region.code
    held = workspace.layer(POPULATION, ("kode", "year", "persons", "source"))
    people = known_population(country["kind"][mask_in_region(country.index, around)], held)
    classes = vulnerability(workspace.layer(VULNERABILITY, ("kode", "year", "class")))
    inside = country[mask_in_region(country.index, region.code)]
    villages = inside.join(people).join(classes.rename("vulnerability"))
    villages["vulnerability"] = villages["vulnerability"].fillna("")
    villages["clients"] = np.nan
    if clients is not None:
        villages["clients"] = client_weights(clients.table, villages, known_population(country["kind"], held))
    return villages


def _read_clients(source: Path | bytes | None, workspace: Workspace) -> ClientOrigins | None:
    if source is None:
        return held_clients(workspace)
    from coverage.places.importing.import_clients import read_clients  # noqa: PLC0415 - only who has a file waits

    return read_clients(source, source.name if isinstance(source, Path) else "klien.csv", workspace)


def _unit_nodes(units: pd.DataFrame, network: Network) -> IntArray:
    own = units["own_point"].to_numpy(dtype=bool)
    return network.numbers(pd.Index(np.where(own, units.index, units["node_kode"])), own)


def _unit_places(units: pd.DataFrame, access: pd.DataFrame, network: Network, speeds: Speeds) -> Places:
    km = access["access_km"].to_numpy(np.float64)
    return Places(
        units.index,
        _unit_nodes(units, network),
        access["access_min"].to_numpy(np.float64),
        km,
        km / speeds.access_detour * _M_PER_KM,
    )


def _place_units(units: pd.DataFrame, villages: pd.DataFrame, speeds: Speeds) -> pd.DataFrame:
    """Tie each unit to the network: ``node_kode`` is the village it stands for, else the nearest of its island.

    A declared ``kode`` stays what it is, also where another village's point is nearer.
    """
    placed = units.copy()
    placed["node_kode"] = placed["kode"]
    placed["access_km"] = 0.0
    row = villages.index.get_indexer(pd.Index(placed["kode"]))
    at_point = (
        (row >= 0)
        & (np.abs(placed["lat"].to_numpy() - villages["lat"].to_numpy()[row]) < _SAME_POINT_DEG)
        & (np.abs(placed["lon"].to_numpy() - villages["lon"].to_numpy()[row]) < _SAME_POINT_DEG)
    )
    placed["own_point"] = ~at_point
    own = placed.index[~at_point]
    if len(own) > 0:
        # Only a unit off the points of villages waits for what reads the drawn land.
        import geopandas as gpd  # noqa: PLC0415 - see above
        import shapely  # noqa: PLC0415 - see above

        from coverage.ground.land import land_of  # noqa: PLC0415 - see above

        land = gpd.read_parquet(data_file("land"))
        land = land[land["island"].isin(villages["island"])]
        on_land, _ = land_of(shapely.points(placed.loc[own, "lon"], placed.loc[own, "lat"]), land.geometry.to_numpy())
        island = np.where(on_land >= 0, land["island"].to_numpy()[on_land], -1)
        for id_, on in zip(own, island, strict=True):
            near = villages[villages["island"] == on] if on >= 0 else villages
            lon, lat = placed.loc[id_, ["lon", "lat"]].astype("float64")
            rough = ((near["lon"] - lon) ** 2 + (near["lat"] - lat) ** 2).nsmallest(_NEAREST).index
            km = geodesic_km(
                np.full(len(rough), lon),
                np.full(len(rough), lat),
                near.loc[rough, "lon"].to_numpy(np.float64),
                near.loc[rough, "lat"].to_numpy(np.float64),
            )
            placed.at[id_, "node_kode"] = rough[int(np.argmin(km))]
            placed.at[id_, "access_km"] = float(km.min()) * speeds.access_detour
    placed["kode"] = placed["kode"].where(placed["kode"] != "", placed["node_kode"])
    placed["access_min"] = placed["access_km"] / speeds.access_km_per_h * _MINUTES_PER_HOUR
    placed["regency"] = villages["regency"].reindex(placed["kode"]).to_numpy()
    placed["regency_kode"] = [codes.ancestor(kode, "regency") for kode in placed["kode"]]
    return placed


def cells(study: Study) -> "gpd.GeoDataFrame":
    """Give the village areas of a study's region; index ``kode``, EPSG:4326."""
    # Only who draws or writes areas waits for geometry.
    from coverage.places.boundaries.village_areas import drawn_areas  # noqa: PLC0415 - see above
    from coverage.places.indicative_cells import village_cells  # noqa: PLC0415 - see above

    if study.polygons is None or study.polygons.empty:
        return village_cells(study.region.code)
    return drawn_areas(study.region.code, study.polygons)
