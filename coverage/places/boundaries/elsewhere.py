"""Which polygons of a file lie outside the region asked for: they lack no match, they are simply of others."""

import numpy as np
import pandas as pd
import shapely

from coverage.ground import codes
from coverage.ground.geometry import BoolArray
from coverage.places.boundaries.matching import area_key
from coverage.places.villages import load_villages, mask_in_region


def lies_elsewhere(rows: pd.DataFrame, region: str) -> BoolArray:
    """Tell which polygons are of another region, by the code or the kab/kota that they state, else by their place.

    Parameters
    ----------
    rows
        ``code_kode`` (Kemendagri, dotted; "" unknown), ``regency`` ("" unknown), ``geometry`` (EPSG:4326, None empty).
    region
        A checked kode.

    Returns
    -------
    Shape (rows,). One that holds the point of a village of the region is never elsewhere, whatever it states.
    """
    country = load_villages()
    inside = np.asarray(mask_in_region(country.index, region))
    shapes = rows["geometry"].to_numpy(dtype=object)
    points = shapely.points(country[["lon", "lat"]].to_numpy(np.float64))
    drawn = np.array([shape is not None and not shape.is_empty for shape in shapes], dtype=bool)
    holds = np.zeros(len(rows), dtype=bool)
    holds[shapely.STRtree(points[inside]).query(shapes, predicate="intersects")[0]] = True
    away = np.zeros(len(rows), dtype=bool)
    away[drawn] = ~inside[shapely.STRtree(points).nearest(shapely.point_on_surface(shapes[drawn]))]
    names, own = (set(map(area_key, of["regency"].unique())) for of in (country, country[inside]))
    stated = rows["regency"].map({name: area_key(name) for name in rows["regency"].unique()})
    named = stated.isin(names - own).to_numpy()
    kode = rows["code_kode"]
    coded = ((kode != "") & ~kode.map(lambda one: codes.contains(region, one))).to_numpy()
    return drawn & ~holds & (away | named | coded)
