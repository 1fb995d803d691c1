"""From where a unit is reached in time: areas and villages within fixed steps of minutes."""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np

from coverage.answers.study import Study
from coverage.ground.errors import InputError
from coverage.ground.registry import data_file
from coverage.ground.texts import Message
from coverage.places.units import find_unit
from coverage.travel.catchment import CUTOFFS_MIN, catchment_areas
from coverage.travel.reach import check_cutoff, within

MOST_STEPS = 8


@dataclass(frozen=True)
class Catchment:
    """The answer of :func:`catchment`.

    ``bands``: one row a step, the shortest first: ``cutoff_min``, ``villages`` (how many of the region are within it),
    ``population`` (persons, NaN where none is known) and ``geometry`` (EPSG:4326), each covering the one before.
    ``within``: the kode of these villages, by step.
    """

    study: Study
    unit: str
    bands: gpd.GeoDataFrame
    within: dict[float, tuple[str, ...]]

    @property
    def name(self) -> str:
        """Name of the unit."""
        return str(self.study.units.at[self.unit, "name"])


def catchment(study: Study, unit: str, cutoffs_min: Sequence[float] = CUTOFFS_MIN) -> Catchment:
    """Find from where a unit is reached within some minutes.

    The village sets come from the OD matrix and decide; the areas show where people between the villages could set
    out, and may cover a village whose own access leg leads elsewhere.

    Parameters
    ----------
    study
        A region made ready.
    unit
        Id of a unit of the study, or a part of its name.
    cutoffs_min
        Minutes, each above 0 and at most 24 hours, inclusive.

    Raises
    ------
    InputError
        If the unit is not known or not connected to the region, or the minutes are out of range.
    """
    steps = sorted({check_cutoff(step) for step in cutoffs_min})
    if not 1 <= len(steps) <= MOST_STEPS:
        raise InputError(Message.of("catchment.steps", most=MOST_STEPS))
    id_ = find_unit(study.units, unit)
    place = study.unit_places([id_])
    land = gpd.read_parquet(data_file("land")).geometry.to_numpy()
    areas = catchment_areas(
        study.network,
        int(place.node[0]),
        speeds=study.speeds,
        land=land,
        cutoffs_min=steps,
        access_min=float(place.access_min[0]),
    )
    minutes = study.od.minutes[:, study.od.destinations.get_loc(id_)]
    near = [study.villages[within(minutes, step)] for step in steps]
    rows = {
        "cutoff_min": steps,
        "villages": [len(villages) for villages in near],
        "population": [float(villages["population"].sum(min_count=1)) for villages in near],
    }
    bands = gpd.GeoDataFrame(rows, geometry=np.array(areas, dtype=object), crs="EPSG:4326")
    return Catchment(study, id_, bands, {step: tuple(v.index) for step, v in zip(steps, near, strict=True)})
