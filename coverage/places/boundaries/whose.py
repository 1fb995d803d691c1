"""Which region a boundary file is for, told by itself: its codes, its column of kab/kota, its name, its place."""

import re
from dataclasses import dataclass

import pandas as pd
import shapely

from coverage.ground import codes
from coverage.places.boundaries.matching import area_key
from coverage.places.villages import are_villages, load_villages, name_key, regions

_MOST_SHARE = 0.9
_PLACE_SHARE = 0.5


@dataclass(frozen=True)
class Proposal:
    """A region that a file names, and by what: ``code``, ``name``, ``file`` or ``place``."""

    region: str
    evidence: str


def region_of(rows: pd.DataFrame, name: str) -> Proposal | None:
    """Propose the kab/kota of a file, or the province where it holds several of one.

    What the file says is believed only where its polygons lie there as well: at least half of the villages whose
    points they hold. A file that says nothing is placed by nine of ten of these villages.

    Parameters
    ----------
    rows
        ``code_kode`` (Kemendagri, "" none), ``regency`` as written, ``geometry`` (None where missing; EPSG:4326).
    name
        Of the file.

    Returns
    -------
    Proposal or None
        None where nothing is said or what is said and the place contradict each other.
    """
    lies = _regencies_held(rows)
    if lies.empty:
        return None
    for evidence, said in (("code", _by_code(rows)), ("name", _by_name(rows, lies)), ("file", _by_file(name, lies))):
        region = _common(said)
        if region:
            inside = lies[[codes.contains(region, code) for code in lies.index]].sum()
            return Proposal(region, evidence) if inside >= _PLACE_SHARE * lies.sum() else None
    region = _common(lies)
    return Proposal(region, "place") if region else None


def _regencies_held(rows: pd.DataFrame) -> pd.Series:
    """Count the villages whose points the polygons hold, by kab/kota."""
    villages = load_villages()
    shapes = rows.loc[rows["geometry"].notna(), "geometry"].to_numpy(dtype=object)
    held, _ = shapely.STRtree(shapes).query(shapely.points(villages["lon"], villages["lat"]), predicate="within")
    return pd.Series(villages.index[held].str[: codes.LENGTH_OF["regency"]]).value_counts()


def _by_code(rows: pd.DataFrame) -> pd.Series:
    known = rows.loc[are_villages(rows["code_kode"]), "code_kode"].astype("str")
    return known.str[: codes.LENGTH_OF["regency"]].value_counts()


def _by_name(rows: pd.DataFrame, lies: pd.Series) -> pd.Series:
    """Count the rows of each kab/kota that the file names; of several of one name, where the polygons lie counts."""
    counts = rows.loc[rows["regency"] != "", "regency"].map(area_key).value_counts()
    of: dict[str, int] = {}
    names = regions().query("level == 'regency'")["name"]
    for key, count in counts.items():
        same = [code for code, one in names.items() if area_key(one) == key]
        same = same or [code for code, one in names.items() if name_key(one) == key]
        if same:
            best = max(same, key=lambda code: int(lies.get(code, 0)))
            of[str(best)] = of.get(str(best), 0) + int(count)
    return pd.Series(of, dtype="int64")


def _by_file(name: str, lies: pd.Series) -> pd.Series:
    words = f" {' '.join(re.findall('[a-z0-9]+', name.rpartition('.')[0].casefold()))} "
    names = regions()["name"]
    named = {code: int(lies[code]) for code in lies.index if f" {name_key(str(names[code]))} " in words}
    return pd.Series(named, dtype="int64").nlargest(1)


def _common(counts: pd.Series) -> str:
    """Give the kab/kota, else the province, that holds nine of ten; "" where none does."""
    for level in ("regency", "province"):
        grouped = counts.groupby(counts.index.astype("str").str[: codes.LENGTH_OF[level]]).sum()
        if len(grouped) and grouped.max() >= _MOST_SHARE * counts.sum():
            return str(grouped.idxmax())
    return ""
