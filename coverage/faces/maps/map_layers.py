"""What lies on the maps beside the answer, to hide and show: units, ferries, visits."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import shapely

from coverage.answers.study import Study
from coverage.faces.maps.map_legend import LegendEntry, MarkerKind
from coverage.faces.maps.map_marks import MapLayer, MapLine, Marker
from coverage.faces.words.travel_listings import estimate_mark
from coverage.faces.words.unit_facts import unit_facts
from coverage.ground.quantities import format_date
from coverage.ground.texts import Language, say
from coverage.places.villages import load_villages, mask_in_region
from coverage.travel.network.road_ferries import villages_at

__all__ = ["FERRIES", "UNITS", "VISITS", "ferry_legend", "ferry_lines", "layers", "unit_marker", "visit_markers"]

UNITS, FERRIES, VISITS = "units", "ferries", "visits"
_FERRY_COLOUR = "#1f4e79"


def layers(lang: Language, *keys: str) -> tuple[MapLayer, ...]:
    """Name layers as the legend offers them."""
    return tuple(MapLayer(key, say(f"maps.layer_{key}", lang)) for key in keys)


def unit_marker(id_: str, row: Any, lang: Language, kind: MarkerKind | None = None) -> Marker:
    """Mark a unit; one whose place nobody has verified gets a symbol of its own."""
    quality = str(row["location_quality"])
    usual: MarkerKind = "unit_unverified" if quality == "belum diverifikasi" else "unit"
    place = say("maps.unit_place", lang, regency=row["regency"], quality=quality)
    lat, lon = float(row["lat"]), float(row["lon"])
    return Marker(
        id_, lat, lon, kind or usual, str(row["name"]), (str(row["kind"]), place, *unit_facts(row, lang)), layer=UNITS
    )


def ferry_lines(study: Study, lang: Language) -> list[MapLine]:
    """Draw every ferry with a port in the region: declared lines straight between their ports, then those of the roads.

    A ferry way of the roads is drawn as it lies, and calls where the listing of ferries says: at the nearest villages.
    """
    villages = load_villages()
    calls = mask_in_region(pd.Index(study.ferries["from_kode"]), study.region.code)
    calls |= mask_in_region(pd.Index(study.ferries["to_kode"]), study.region.code)
    ferries = study.ferries[calls]
    places = villages[["lon", "lat"]].to_numpy()
    ends = [villages.index.get_indexer(pd.Index(ferries[end])) for end in ("from_kode", "to_kode")]
    straight = list(shapely.linestrings(np.stack([places[end] for end in ends], axis=1)))
    drawn = [_ferry_line(row, line, lang) for row, line in zip(ferries.to_dict("records"), straight, strict=True)]
    for id_, row in study.roads.ferries.iterrows():
        lon, lat = shapely.get_coordinates([part.boundary for part in row["line"].geoms]).T
        if mask_in_region(pd.Index(villages_at(lon, lat)), study.region.code).any():
            drawn.append(_ferry_line({**row, "name": row["name"] or id_}, row["line"], lang))
    return drawn


def _ferry_line(row: Mapping[Any, Any], line: shapely.Geometry, lang: Language) -> MapLine:
    times = say("maps.ferry_time", lang, sailing_min=float(row["sailing_min"]), wait_min=float(row["wait_min"]))
    return MapLine(
        line,
        _FERRY_COLOUR,
        dashed=True,
        name=str(row["name"]),
        lines=(times + estimate_mark(str(row["estimated"]), lang),),
        layer=FERRIES,
        thin=True,
    )


def ferry_legend(lines: list[MapLine], lang: Language) -> list[LegendEntry]:
    """Say what the dashed lines are, where there is one."""
    return [LegendEntry("ferry", say("maps.ferry", lang), _FERRY_COLOUR, stroke="dashed")] if lines else []


def visit_markers(study: Study, lang: Language) -> list[Marker]:
    """Mark each village of the region that a visit is recorded of, with the day of the last one."""
    here = study.visits[mask_in_region(pd.Index(study.visits["kode"]), study.region.code)]
    if here.empty:
        return []
    last = here.groupby("kode")["date"].max()
    places = study.villages.loc[study.villages.index.intersection(last.index), ["name", "lat", "lon"]]
    return [
        Marker(
            str(kode),
            float(row["lat"]),
            float(row["lon"]),
            "held",
            str(row["name"]),
            (say("maps.visit_day", lang, day=format_date(last[str(kode)].date(), lang)),),
            layer=VISITS,
        )
        for kode, row in places.iterrows()
    ]
