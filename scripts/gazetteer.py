"""Find the kode of a place known only by its names, and write a table of facts; shared by the `build_*` scripts."""

import csv
import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

DATA = Path(__file__).resolve().parents[1] / "data"
EARTH_RADIUS_KM = 6371.0088
HILL_M = 100


def key(name: str) -> str:
    """Reduce a name to what spellings have in common.

    Examples
    --------
    >>> key("Kota Bau-Bau") == key("Kota Baubau")
    True
    """
    return re.sub(r"[^a-z0-9]", "", name.casefold())


@functools.cache
def villages() -> pd.DataFrame:
    """Read the village list, in the order of the codes."""
    columns = ["kode", "name", "district", "regency", "province", "lat", "lon", "elevation_m"]
    return pd.read_parquet(DATA / "boundaries" / "villages.parquet", columns=columns).sort_values("kode")


def area_kode(column: str, name: str) -> str:
    """Find the code of the one area called `name`; `column` is "province" or "regency"."""
    parts = {"province": 1, "regency": 2}[column]
    rows = _called(villages(), column, name)
    codes = {".".join(kode.split(".")[:parts]) for kode in rows["kode"]}
    if len(codes) != 1:
        raise LookupError(f"{name}: {len(codes)} areas of this name among the column {column}")
    return codes.pop()


@dataclass(frozen=True)
class Place:
    """What is known of a location, and the rule by which one village stands for it.

    Parameters
    ----------
    regency
        Full name with "Kabupaten" or "Kota".
    district, village
        Narrow the choice where they are known. A village name that no village carries alone
        takes all whose name starts with it ("Raha": Raha I, II and III).
    toward
        For a port: the other shore. Piers face it, centres of kecamatan do not.
    """

    regency: str
    district: str = ""
    village: str = ""
    toward: "Place | None" = None

    def kode(self) -> str:
        """Return the village in the middle of all that fit, or the one nearest to `toward`."""
        rows = self._fitting()
        return _middle(rows) if self.toward is None else _nearest(rows, self.toward.kode())

    def words(self) -> tuple[str, str]:
        """Say in Indonesian and English which point stands for the place."""
        if self.village and len(self._fitting()) == 1:
            return f"kelurahan/desa {self.village}", f"the village {self.village}"
        if self.village:
            return f"tengah kelurahan/desa bernama {self.village}", f"the middle of the villages named {self.village}"
        if self.toward is not None:
            shore = self.toward.label()
            return (
                f"kelurahan/desa di {self.label()} yang terdekat ke {shore}",
                f"the village in {self.label()} nearest to {shore}",
            )
        return f"tengah {self.label()}", f"the middle of {self.label()}"

    def label(self) -> str:
        """Name the place by the narrowest name known."""
        return self.village or (f"Kecamatan {self.district}" if self.district else self.regency)

    def _fitting(self) -> pd.DataFrame:
        rows = _called(villages(), "regency", self.regency)
        if self.district:
            rows = _called(rows, "district", self.district)
        if self.village:
            exact = rows[rows["name"].map(key) == key(self.village)]
            begins = rows[rows["name"].str.casefold().str.startswith(self.village.casefold() + " ")]
            rows = exact if len(exact) else begins
        if rows.empty:
            raise LookupError(f"{self}: no such place in the village list")
        return rows


def write_csv(path: Path, header: list[str], rows: Iterable[Mapping[str, object]]) -> None:
    """Write rows with the same bytes on every system; a column a row does not name stays empty."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _called(rows: pd.DataFrame, column: str, name: str) -> pd.DataFrame:
    names = pd.Series({value: key(value) for value in rows[column].unique()})
    found = rows[rows[column].isin(names.index[names == key(name)])]
    if found.empty:
        raise LookupError(f"{name}: not found in the column {column} of the village list")
    return found


def _middle(rows: pd.DataFrame) -> str:
    """Choose the village with the least summed distance to all, among those that are not up in the hills.

    A kelurahan that runs from the shore up a mountain has its point on the slope (Kolaka: 366 m); no town stands there.
    """
    total_km = _distances_km(rows, rows).sum(axis=1)
    height = rows["elevation_m"].fillna(0).to_numpy(float)
    return str(rows["kode"].iloc[int(np.where(height <= height.min() + HILL_M, total_km, np.inf).argmin())])


def _nearest(rows: pd.DataFrame, kode: str) -> str:
    target = villages()[villages()["kode"] == kode]
    return str(rows["kode"].iloc[int(_distances_km(rows, target)[:, 0].argmin())])


def _distances_km(rows: pd.DataFrame, others: pd.DataFrame) -> np.ndarray:
    lat, lon = np.radians(rows[["lat", "lon"]].to_numpy(float).T)[:, :, None]
    lat_to, lon_to = np.radians(others[["lat", "lon"]].to_numpy(float).T)
    half = np.sin((lat - lat_to) / 2) ** 2 + np.cos(lat) * np.cos(lat_to) * np.sin((lon - lon_to) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(half))
