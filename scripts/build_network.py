"""Rebuild data/network/proximity.parquet from data/boundaries.

python scripts/build_network.py
"""

from pathlib import Path

import geopandas as gpd

from coverage.ground.registry import data_file
from coverage.places.villages import load_villages
from coverage.travel.network.proximity import build_edges

OUT = Path(__file__).resolve().parents[1] / "data" / "network" / "proximity.parquet"


def main() -> None:
    """Build the file."""
    land = gpd.read_parquet(data_file("land"))
    edges = build_edges(load_villages(), dict(zip(land["island"], land.geometry, strict=True)))
    small = edges.astype({"a": "int32", "b": "int32"})
    small[["km", "water_km"]] = small[["km", "water_km"]].round(3).astype("float32")
    OUT.parent.mkdir(parents=True, exist_ok=True)
    small.to_parquet(OUT, compression="zstd", compression_level=19, index=False)
    print(f"{len(small)} edges, {int(small['tied'].sum())} of them tied over water")


if __name__ == "__main__":
    main()
