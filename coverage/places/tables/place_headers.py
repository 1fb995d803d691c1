"""How offices head the columns that tell where something is: the village, latitude and longitude, or a point."""

from collections.abc import Sequence
from typing import Literal

Axis = Literal["lat", "lon"]

ALIASES: dict[str, Sequence[str]] = {
    "kode": (
        "kode", "kode wilayah", "kode kelurahan", "kode desa", "kode kel/desa", "kode kelurahan/desa",
        "kode desa/kelurahan",
        "kode kemendagri", "kemendagri kode desa", "kode wilayah desa", "kode bps", "bps kode desa", "code",
        "adm4 pcode", "kode dagri", "kddesa", "kdepum", "id desa", "village code", "kode village",
    ),
    "village": (
        "kelurahan", "desa", "kelurahan/desa", "desa/kelurahan", "kel/desa", "desa/kel", "nama kelurahan", "nama desa",
        "nama desa/kelurahan", "nama kelurahan/desa", "kemendagri nama desa", "bps nama desa", "asal", "asal kelurahan",
        "kelurahan asal", "desa asal", "asal kelurahan/desa", "vn", "wadmkd", "adm4 en", "lokasi",
        "tempat", "nama kel/desa", "gampong", "nagari", "name published",
    ),
    "district": (
        "kecamatan", "kec", "nama kecamatan", "kemendagri nama kecamatan", "bps nama kecamatan", "dn", "distrik",
        "kecamatan asal", "wadmkc", "adm3 en", "subdistrict",
    ),
    "regency": (
        "kabupaten", "kab", "kota", "kab/kota", "kabupaten/kota", "nama kabupaten", "nama kabupaten/kota",
        "nama kab/kota", "kemendagri nama kabupaten kota", "bps nama kabupaten kota", "rn", "wadmkk", "adm2 en",
        "kabupaten/kota asal", "kabupaten asal",
    ),
    "province": (
        "provinsi", "nama provinsi", "kemendagri nama provinsi", "bps nama provinsi", "pn", "wadmpr", "adm1 en",
    ),
}  # fmt: skip
"""Headers of the columns that tell a village."""

HALVES: dict[str, tuple[Axis, int]] = (
    dict.fromkeys(("ls", "s", "selatan", "south"), ("lat", -1))
    | dict.fromkeys(("lu", "n", "u", "utara", "north"), ("lat", 1))
    | dict.fromkeys(("bt", "t", "e", "timur", "east"), ("lon", 1))
    | dict.fromkeys(("bb", "b", "w", "barat", "west"), ("lon", -1))
)
AXIS_WORDS: dict[str, Axis] = {
    "lintang": "lat", "latitude": "lat", "lat": "lat",
    "bujur": "lon", "longitude": "lon", "long": "lon", "lon": "lon", "lng": "lon",
}  # fmt: skip

_LAT_PLAIN = ("lintang", "latitude", "lat", "garis lintang", "koordinat lintang", "titik lintang", "koordinat latitude",
             "koordinat lat", "y", "northing", "utara", "koordinat y", "koordinat utara", "titik y")  # fmt: skip
_LON_PLAIN = ("bujur", "longitude", "lng", "long", "lon", "garis bujur", "koordinat bujur", "titik bujur",
             "koordinat longitude", "koordinat long", "x", "easting", "timur", "koordinat x", "koordinat timur",
             "titik x")  # fmt: skip
POINT_NAMES = (
    "koordinat", "titik koordinat", "koordinat gps", "gps", "titik gps", "lokasi gps", "lat long", "lat lon",
    "latlong", "latlon", "lat lng", "latitude longitude", "latitude, longitude", "lat, long", "lat, lon", "lat,long",
    "lat,lon", "lintang bujur", "lintang, bujur", "lintang dan bujur", "koordinat lat long", "koordinat lokasi",
    "titik lokasi", "coordinate", "coordinates", "geometry", "wkt", "geopoint", "geolocation",
)  # fmt: skip


def _with_halves(axis: Axis, plain: tuple[str, ...], alone: tuple[str, ...]) -> tuple[str, ...]:
    """Give the headers that name a hemisphere: "Lintang Selatan", "LS", "Lat (S)", "LS/LU"."""
    halves = [word for word, (of, _) in HALVES.items() if of == axis]
    both = [f"{one}/{other}" for one in halves for other in halves if len(one) == len(other) and one != other]
    words = [name for name in plain if any(AXIS_WORDS.get(word) == axis for word in name.split())]
    beside = [f"{word} {half}" for word in words for half in (*halves, *both)]
    return (
        *alone,
        *(one for one in both if "/" in one and len(one) > len("s/n")),
        *beside,
        *(f"{half} {word}" for word in words for half in halves),
    )


LAT_NAMES = (*_LAT_PLAIN, *_with_halves("lat", _LAT_PLAIN, ("ls", "lu", "s", "selatan")))
LON_NAMES = (*_LON_PLAIN, *_with_halves("lon", _LON_PLAIN, ("bt", "bb", "e")))
