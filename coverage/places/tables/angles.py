"""One latitude or longitude, or both in one cell, in every way that offices write them.

A minus, the letters of a hemisphere (LS, LU, BT, BB, S, N, E, W, "Lintang Selatan") and what the header says may say
the same twice or three times; where they contradict each other nothing is read.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from coverage.places.tables.labels import heading, pieces
from coverage.places.tables.place_headers import AXIS_WORDS, HALVES, Axis

LAT_RANGE = (-11.5, 6.5)
LON_RANGE = (95.0, 141.1)
RANGES: Mapping[Axis, tuple[float, float]] = {"lat": LAT_RANGE, "lon": LON_RANGE}
OTHER: Mapping[Axis, Axis] = {"lat": "lon", "lon": "lat"}

_BESIDE_AXIS = frozenset({"garis", "titik", "koordinat", "derajat", "degree", "degrees", "desimal", "decimal", "°"})
_GRID_NAMES = frozenset({"utara", "timur", "koordinat utara", "koordinat timur"})
_ANGLE = re.compile(
    r"(?P<before>[a-z][a-z. ]*?)?\s*:?\s*(?P<sign>[-+])?\s*(?P<deg>\d{1,3}(?:[.,]\d+)?)"
    r"(?:\s*(?:°|derajat|deg|d|:|\s)\s*"
    r"(?:(?P<min>\d{1,2}(?:[.,]\d+)?)"
    r"(?:\s*(?P<mark>'|menit|mnt|min|m|:|\s)\s*(?:(?P<sec>\d{1,2}(?:[.,]\d+)?)\s*(?:\"|detik|dtk|sec)?)?)?)?)?"
    r"\s*(?P<after>[a-z][a-z. ]*)?",
    re.ASCII,
)
_SAME_SIGNS = str.maketrans(
    {"−": "-", "–": "-", "—": "-", "º": "°", "˚": "°", "’": "'", "‘": "'", "′": "'", "`": "'", "´": "'", "″": '"',
     "”": '"', "“": '"', "\u00a0": " ", "\u202f": " "}
)  # fmt: skip
_BREAKS = re.compile(r"[;|/,\s]+")
_WKT = re.compile(r"point ?z? ?\( ?(?P<lon>-?\d+(?:\.\d+)?) (?P<lat>-?\d+(?:\.\d+)?)(?: -?[\d.]+)? ?\)", re.ASCII)
_SURVEYED = re.compile(r"(?P<lat>-?\d{1,2}\.\d+) (?P<lon>\d{2,3}\.\d+)(?: -?\d+(?:\.\d+)?){1,2}", re.ASCII)
_WHOLE_DEGREES = re.compile(r"[-+]?\d{1,3}[;|/,\s]+[-+]?\d{1,3}", re.ASCII)
"""Two bare whole numbers: "-0,99" is one latitude with a decimal comma, and whole degrees tell no place."""
_SIXTY = 60.0


@dataclass(frozen=True)
class Angle:
    """An angle as written: its size in degrees, and what the cell itself says of axis and hemisphere.

    ``axis``: None where no letters tell it. ``sign``: -1 south or west, 1 north or east, 0 where nothing is said.
    """

    size: float
    axis: Axis | None
    sign: int


def read_angle(text: str) -> Angle | Literal["not_degrees", "halves_differ"]:
    r"""Read degrees: decimal point or comma, minutes, seconds, sign and hemisphere before or after.

    Returns
    -------
    The angle, or why there is none: no degrees, or two statements of hemisphere that contradict each other.

    Examples
    --------
    >>> read_angle("-3°59'54\" LS"), read_angle("-3,9985 LU")
    (Angle(size=3.9983333333333335, axis='lat', sign=-1), 'halves_differ')
    """
    bare = " ".join(text.translate(_SAME_SIGNS).casefold().replace("''", '"').split())
    found = _ANGLE.fullmatch(bare)
    if found is None:
        return "not_degrees"
    if found["mark"] == "m" and re.search(r"\ds$", bare):
        # "3d59m54s": the last letter may count seconds or say south.
        return "not_degrees"
    parts = [float((found[name] or "0").replace(",", ".")) for name in ("deg", "min", "sec")]
    cut = (found["min"] and parts[0] % 1) or (found["sec"] and parts[1] % 1)
    if parts[1] >= _SIXTY or parts[2] >= _SIXTY or cut:
        return "not_degrees"
    said = _said(" ".join(found[name] or "" for name in ("before", "after")))
    if said is None:
        return "not_degrees"
    axes, signs = said
    if found["sign"]:
        signs.add(-1 if found["sign"] == "-" else 1)
    if len(axes) > 1 or len(signs) > 1:
        return "halves_differ"
    size = parts[0] + parts[1] / _SIXTY + parts[2] / _SIXTY**2
    return Angle(size, next(iter(axes), None), next(iter(signs), 0))


def _said(words: str) -> tuple[set[Axis], set[int]] | None:
    """Give the axes and hemispheres that words name; None if one of them is something else."""
    axes: set[Axis] = set()
    signs: set[int] = set()
    for word in words.replace(".", "").split():
        if word in HALVES:
            axis, sign = HALVES[word]
            axes.add(axis)
            signs.add(sign)
        elif word in AXIS_WORDS:
            axes.add(AXIS_WORDS[word])
        else:
            return None
    return axes, signs


def header_halves(label: str, axis: Axis) -> frozenset[int]:
    """Give the hemispheres that a header says its column is in: none, one, or both ("LS/LU").

    Examples
    --------
    >>> header_halves("Lintang (LS)", "lat"), sorted(header_halves("LS/LU", "lat")), header_halves("Lintang", "lat")
    (frozenset({-1}), [-1, 1], frozenset())
    """
    if label.startswith("_") or heading(label) in _GRID_NAMES:
        # A phone survey puts the name of its question there, and "utara" alone is the axis of a grid.
        return frozenset()
    found: set[int] = set()
    for piece in pieces(label):
        words = [word for word in re.split(r"[\s/,.-]+", piece) if word and word not in _BESIDE_AXIS]
        halves = [word for word in words if word not in AXIS_WORDS]
        if halves and all(word in HALVES and HALVES[word][0] == axis for word in halves):
            found |= {HALVES[word][1] for word in halves}
    return frozenset(found)


def read_pair(text: str) -> tuple[float, float] | None:
    r"""Read latitude and longitude from one cell, in whichever order; None where that can be done in no way or in two.

    Returns
    -------
    Latitude and longitude in degrees.

    Examples
    --------
    >>> read_pair("-3,9985, 122,5127"), read_pair("3°59'54\" LS 122°30'45\" BT"), read_pair("POINT (122.5 -3.9)")
    ((-3.9985, 122.5127), (-3.9983333333333335, 122.5125), (-3.9, 122.5))
    >>> read_pair("-0,99") is None
    True
    """
    bare = " ".join(text.translate(_SAME_SIGNS).casefold().split())
    known = _WKT.fullmatch(bare) or _SURVEYED.fullmatch(bare)
    if known is not None:
        return _placed(float(known["lat"]), float(known["lon"]))
    bare = bare.strip("()[] ")
    if _WHOLE_DEGREES.fullmatch(bare):
        return None
    found = {pair for at in _BREAKS.finditer(bare) if (pair := _pair(bare[: at.start()], bare[at.end() :]))}
    return next(iter(found)) if len(found) == 1 else None


def _pair(first: str, second: str) -> tuple[float, float] | None:
    angles = [read_angle(part) for part in (first, second)]
    one, two = angles
    if isinstance(one, str) or isinstance(two, str):
        return None
    if one.axis is not None and one.axis == two.axis:
        return None
    values = [angle.size * (angle.sign or 1) for angle in (one, two)]
    if one.axis == "lon" or two.axis == "lat":
        return _placed(values[1], values[0])
    if one.axis == "lat" or two.axis == "lon":
        return _placed(*values)
    return _placed(*values) or _placed(values[1], values[0])


def _placed(lat: float, lon: float) -> tuple[float, float] | None:
    inside = LAT_RANGE[0] <= lat <= LAT_RANGE[1] and LON_RANGE[0] <= lon <= LON_RANGE[1]
    return (lat, lon) if inside else None
