"""A region made ready for questions: its villages, the units that may serve them, and travel between."""

import hashlib
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from coverage.answers.demand import client_weights
from coverage.ground import codes
from coverage.ground.geometry import geodesic_km, land_of
from coverage.ground.registry import data_file
from coverage.places import cells as indicative
from coverage.places.clients import ClientOrigins, held_clients
from coverage.places.importing.clients import read_clients
from coverage.places.population import LAYER as POPULATION
from coverage.places.population import known_population
from coverage.places.units import read_units
from coverage.places.villages import Region, find_region, load_villages, mask_in_region, regions
from coverage.places.visits import VULNERABILITY, vulnerability
from coverage.places.workspace import Workspace
from coverage.travel.network.ferries import Season, ferry_legs, without_lines
from coverage.travel.network.indicative import Network, build_network
from coverage.travel.network.speeds import Speeds, load_speeds
from coverage.travel.od import ODMatrix, Places, od_matrix

__all__ = ["Study", "cells", "open_study", "regions"]

_NEAREST = 16
_MINUTES_PER_HOUR = 60.0
_SAME_POINT_DEG = 1e-6


@dataclass(frozen=True)
class Study:
    """One region's places and the travel times that its answers stand on.

    ``villages`` are those of the region, ``units`` all that can be reached from it or stand in it (``in_region``
    tells which; ``node_kode`` is the village where they join the network), ``access`` their legs to it, ``od`` has
    villages as rows and units as columns. ``network`` is the part of the network that the region is connected to.
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
    clients: ClientOrigins | None = None
    season: Season = "biasa"
    without_ferries: tuple[str, ...] = ()

    def places(self, kode: list[str]) -> Places:
        """Stand new destinations on the points of villages."""
        node = self.network.nodes.get_indexer(pd.Index(kode))
        zero = np.zeros(len(kode))
        return Places(pd.Index(kode), np.asarray(node, dtype=np.int64), zero, zero)

    def with_units(self, units: pd.DataFrame, access: pd.DataFrame, od: ODMatrix) -> "Study":
        """Give the same region with other units."""
        return replace(self, units=units, access=access, od=od)


def open_study(
    region: str,
    *,
    workspace: Path | None = None,
    units_file: Path | bytes | None = None,
    clients_file: Path | bytes | None = None,
    season: Season = "biasa",
    without_ferries: tuple[str, ...] = (),
) -> Study:
    """Make a region ready for questions.

    Parameters
    ----------
    region
        Kode or name, ``ID`` for the whole country.
    workspace
        The office's GeoPackage; by default the user's own.
    units_file
        A units table that takes the place of all other units.
    clients_file
        Client origins; reduced to the safe table before anything else sees them, then forgotten. By default the
        safe table that the workspace holds.
    season
        ``ombak`` lengthens the ferries whose extra time is known.
    without_ferries
        Ids of ferries that do not run.

    Raises
    ------
    InputError
        If the region, the workspace or a table cannot be used, or a ferry is unknown.
    """
    found = find_region(region)
    door = Workspace.open(workspace)
    if units_file is None:
        units, source = door.units(), "embedded"
    else:
        name = units_file.name if isinstance(units_file, Path) else "units.csv"
        units, source = read_units(units_file, name), name
    country = load_villages()
    speeds = load_speeds()
    running = without_lines(door.ferries(), without_ferries)
    ferries = ferry_legs(running, country, speeds, season=season)
    whole = _network(_Ferries(ferries))
    inside = mask_in_region(country.index, found.code)
    placed = _place_units(units, country, speeds)
    in_region = mask_in_region(pd.Index(placed["kode"]), found.code)
    stands = inside.copy()
    stands[country.index.get_indexer(pd.Index(placed["node_kode"])[in_region])] = True
    touched = np.isin(whole.component, np.unique(whole.component[stands]))
    network = whole if touched.all() else whole.part(touched)
    reachable = network.nodes.get_indexer(pd.Index(placed["node_kode"])) >= 0
    kept = placed[reachable].assign(in_region=in_region[reachable])
    # A total is spread over its whole kab/kota, also where the region is one kecamatan of it.
    around = codes.ancestor(found.code, "regency") if found.level == "district" else found.code
    held = door.layer(POPULATION, ("kode", "year", "persons", "source"))
    people = known_population(country["kind"][mask_in_region(country.index, around)], held)
    classes = vulnerability(door.layer(VULNERABILITY, ("kode", "year", "class")))
    villages = country[inside].join(people).join(classes.rename("vulnerability"))
    villages["vulnerability"] = villages["vulnerability"].fillna("")
    clients = _read_clients(clients_file, door)
    villages["clients"] = np.nan
    if clients is not None:
        villages["clients"] = client_weights(clients.table, villages, known_population(country["kind"], held))
    return Study(
        region=found,
        villages=villages,
        units=kept.drop(columns=["access_min", "access_km"]),
        access=kept[["access_min", "access_km"]],
        visits=door.visits(),
        ferries=ferries,
        network=network,
        od=od_matrix(network, villages.index, _unit_places(kept, network)),
        speeds=speeds,
        boundary_tier=indicative.TIER,
        travel_tier=network.tier,
        units_source=source,
        clients=clients,
        season=season,
        without_ferries=without_ferries,
    )


def _read_clients(source: Path | bytes | None, door: Workspace) -> ClientOrigins | None:
    if source is None:
        return held_clients(door)
    return read_clients(source, source.name if isinstance(source, Path) else "klien.csv")


class _Ferries:
    """Ferry legs as a hashable key of the network they belong to."""

    def __init__(self, legs: pd.DataFrame) -> None:
        self.legs = legs
        self.digest = hashlib.sha256(legs.to_csv().encode()).hexdigest()

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Ferries) and self.digest == other.digest


@lru_cache(maxsize=4)
def _network(ferries: _Ferries) -> Network:
    return build_network(load_villages(), ferries.legs, load_speeds())


def _unit_places(units: pd.DataFrame, network: Network) -> Places:
    return Places(
        units.index,
        np.asarray(network.nodes.get_indexer(pd.Index(units["node_kode"])), dtype=np.int64),
        units["access_min"].to_numpy(np.float64),
        units["access_km"].to_numpy(np.float64),
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
    own = placed.index[~at_point]
    if len(own) > 0:
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


def cells(study: Study) -> gpd.GeoDataFrame:
    """Give the village areas of a study's region; index ``kode``, EPSG:4326."""
    return indicative.village_cells(study.region.code)
