"""Villages grouped into compact circuits by travel time, for offices that assign areas to teams."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy.sparse.csgraph import connected_components

from coverage.answers.pokling import team_network
from coverage.answers.study import Study
from coverage.ground.errors import InputError
from coverage.ground.geometry import FloatArray, IntArray
from coverage.ground.texts import Message
from coverage.travel.od import od_matrix

MOST_VILLAGES = 3_000


def group(minutes: FloatArray, count: int) -> IntArray:
    """Group places so that the longest way inside a group stays short (complete linkage).

    Parameters
    ----------
    minutes
        Shape (n, n), ``inf`` = not connected; of both ways the longer counts.
    count
        Groups wanted; places that are not connected are never in one group, so there may be more.

    Returns
    -------
    ndarray
        Group of each place from 0, numbered in the order of its first place.

    Examples
    --------
    >>> group(np.array([[0, 1, 9], [1, 0, 9], [9, 9, 0]]), 2).tolist()
    [0, 0, 1]
    """
    # Takes as long to load as a whole answer, which no other command should wait for.
    from sklearn.cluster import AgglomerativeClustering  # noqa: PLC0415 - see above

    away = np.maximum(minutes, np.transpose(minutes))
    parts, part = connected_components(np.isfinite(away), directed=False)
    if len(away) < 2:  # noqa: PLR2004 - nothing to group
        return np.zeros(len(away), dtype=np.int64)
    # Farther than all that is connected, so that parts join last.
    far = 10.0 * (float(away[np.isfinite(away)].max()) + 1.0)
    model = AgglomerativeClustering(
        n_clusters=min(max(count, parts), len(away)), metric="precomputed", linkage="complete"
    )
    label = model.fit_predict(np.where(np.isfinite(away), away, far))
    _, first, number = np.unique(np.stack([label, part]), axis=1, return_index=True, return_inverse=True)
    order = np.empty(len(first), dtype=np.int64)
    order[np.argsort(first)] = np.arange(len(first))
    return np.asarray(order[number.ravel()], dtype=np.int64)


def circuits(study: Study, count: int, kodes: Sequence[str] | None = None) -> pd.DataFrame:
    """Group villages of a region into circuits.

    Parameters
    ----------
    study
        A region made ready.
    count
        Circuits wanted.
    kodes
        Villages; by default all of the region.

    Returns
    -------
    DataFrame
        Index ``kode``, by circuit: ``circuit`` (from 1), ``name``, ``kind``, ``district``, ``regency``, ``centre`` (the
        village with the shortest longest way to the others) and ``centre_min``, minutes from it.

    Raises
    ------
    InputError
        If the number of circuits or of villages is out of range.
    """
    index = pd.Index(list(study.villages.index if kodes is None else kodes), name="kode")
    if not 1 <= count <= len(index):
        raise InputError(Message.of("tours.circuits_count", value=count, most=len(index)))
    if len(index) > MOST_VILLAGES:
        raise InputError(Message.of("tours.circuits_villages", villages=len(index), most=MOST_VILLAGES))
    minutes = od_matrix(team_network(study), index, study.places(list(index))).minutes
    label = group(minutes, count)
    table = study.villages.loc[index, ["name", "kind", "district", "regency", "lat", "lon"]].copy()
    table.insert(0, "circuit", label + 1)
    centre, away = np.empty(len(index), dtype=np.int64), np.zeros(len(index))
    for number in range(int(label.max()) + 1):
        mine = np.flatnonzero(label == number)
        inside = minutes[np.ix_(mine, mine)]
        middle = int(np.argmin(inside.max(axis=1)))
        centre[mine], away[mine] = mine[middle], inside[middle]
    table["centre"], table["centre_min"] = index[centre], away
    return table.sort_values("circuit", kind="stable")
