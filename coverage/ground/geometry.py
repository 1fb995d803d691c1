"""Geometry that everybody needs: geodesic lengths and UTM zones."""

import numpy as np
import numpy.typing as npt
import pyproj

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]

GEOD = pyproj.Geod(ellps="WGS84")
INDONESIA = (94.9, -11.5, 141.1, 6.5)
"""West, south, east, north in degrees: what lies outside is a fault, not a place."""

_ZONE_DEG = 6


def geodesic_km(lon1: FloatArray, lat1: FloatArray, lon2: FloatArray, lat2: FloatArray) -> FloatArray:
    """Measure straight lines on the WGS 84 ellipsoid.

    Parameters
    ----------
    lon1, lat1, lon2, lat2
        Degrees (EPSG:4326), arrays of one shape.

    Returns
    -------
    Kilometres, of the same shape.

    Examples
    --------
    >>> geodesic_km(np.array([122.0]), np.array([-4.0]), np.array([122.0]), np.array([-5.0])).round(1)
    array([110.6])
    """
    return np.asarray(GEOD.inv(lon1, lat1, lon2, lat2)[2], dtype=float) / 1000


def in_indonesia(lon: FloatArray, lat: FloatArray) -> npt.NDArray[np.bool_]:
    """Tell which points (degrees) are finite and lie in the frame around Indonesia.

    Examples
    --------
    >>> in_indonesia(np.array([122.5, np.nan, -4.0]), np.array([-4.0, 0.0, 122.5])).tolist()
    [True, False, False]
    """
    west, south, east, north = INDONESIA
    return (lon >= west) & (lon <= east) & (lat >= south) & (lat <= north)


def utm_zone(lon: float) -> int:
    """Give the UTM zone of a longitude in degrees.

    Examples
    --------
    >>> utm_zone(122.5)
    51
    """
    return int((lon + 180) // _ZONE_DEG) + 1


def to_utm(lon: FloatArray, lat: FloatArray, zone: int) -> FloatArray:
    """Project degrees to metres in one UTM zone (southern false northing on both sides of the equator).

    Returns
    -------
    Array of shape (n, 2): easting and northing in metres.
    """
    transformer = pyproj.Transformer.from_crs("EPSG:4326", f"EPSG:{32700 + zone}", always_xy=True)
    east, north = transformer.transform(lon, lat)
    return np.column_stack([east, north])


def from_utm(xy: FloatArray, zone: int) -> tuple[FloatArray, FloatArray]:
    """Turn metres of :func:`to_utm`, shape (n, 2), back into degrees: longitude and latitude."""
    transformer = pyproj.Transformer.from_crs(f"EPSG:{32700 + zone}", "EPSG:4326", always_xy=True)
    lon, lat = transformer.transform(xy[:, 0], xy[:, 1])
    return np.asarray(lon, dtype=float), np.asarray(lat, dtype=float)
