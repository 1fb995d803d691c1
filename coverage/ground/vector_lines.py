"""Line layers of a vector file of unknown origin, read in the process of :mod:`coverage.ground.vector_files`."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import shapely

from coverage.ground.vector_files import ChildRequest, features_in, read_in_child

LINES_SECONDS = 300


@dataclass(frozen=True)
class LineLayers:
    """What a file holds that may be lines.

    ``drawn``: its layers that are neither points nor areas; ``table``: all columns as text of those that were read,
    None where it is open which to read; ``shapes``: their geometries in two dimensions, None where missing; ``crs``: as
    the file states it.
    """

    drawn: tuple[str, ...]
    table: pd.DataFrame | None
    shapes: np.ndarray
    crs: str | None


def read_line_layers(folder: Path, file: str, name: str, *, layer: str | None, together: bool, most: int) -> LineLayers:
    """Read the lines of `file`, which lies under a name of our own in a folder of our own.

    Parameters
    ----------
    name
        What to call the file in messages.
    layer
        The layer to read, where there are several.
    together
        Several layers are one, as in KML, where each folder is a layer.
    most
        One feature more than this is read at most.

    Raises
    ------
    InputError
        If it takes too long, cannot be read, or has no layer with geometry.
    """
    request = ChildRequest(file, None, most, lines={"layer": layer, "together": together})
    answer = read_in_child(folder, request, name, seconds=LINES_SECONDS)
    drawn = tuple(map(str, answer["drawn"]))
    if not answer["read"]:
        return LineLayers(drawn, None, np.empty(0, dtype=object), None)
    table, shapes = features_in(folder)
    return LineLayers(drawn, table, np.asarray(shapely.force_2d(shapes), dtype=object), answer["crs"])
