"""``jangkau route``: the quickest way between two places, as legs."""

from typing import Annotated

import geopandas as gpd
import pandas as pd

from coverage.answers.journey import Journey, journey
from coverage.answers.road_notes import road_areas, tier_notes
from coverage.answers.travel import travel_notes
from coverage.faces.cli.asking import provenance, study_of
from coverage.faces.cli.flags import Answered, Output, Place, Travel, UnitsFile, flag, flag_group
from coverage.faces.cli.output import deliver, makers, plain, records
from coverage.faces.files.geojson_file import geojson_bytes
from coverage.faces.words import answer_listings
from coverage.faces.words.columns import Column, Kind, Listing
from coverage.faces.words.journey_legs import journey_title, leg_lines, legs_of
from coverage.faces.words.travel_listings import estimated_parts
from coverage.ground.texts import Language, say

_LEG_COLUMNS: dict[str, Kind] = {
    "leg": "code",
    "leg_kind": "text",
    "name": "text",
    "ferry_id": "code",
    "length_km": "decimal",
    "minutes_min": "decimal",
    "sailing_min": "decimal",
    "wait_min": "decimal",
    "estimated": "text",
}


@flag_group
class Route:
    """The flags of ``jangkau route``."""

    place: Place
    sources: UnitsFile = UnitsFile()
    travel: Travel = Travel()
    start: Annotated[str, flag(name="--from", metavar="KODE|UNIT", text="route_from")]
    end: Annotated[str, flag(name="--to", metavar="KODE|UNIT", text="route_to")]
    written: Output = Output()


def _notes(found: Journey, lang: Language) -> list[str]:
    """Say what the route stands on; who else found no road, and other ferries, do not belong to it."""
    study = found.study
    told = [*tier_notes(study), *road_areas(study)]
    if any(leg.kind == "ferry" for leg in legs_of(found)):
        told += travel_notes(study)
    return [*(f"- {note.text(lang)}" for note in told), answer_listings.tiers(study, lang)]


def run(asked: Route, *, lang: Answered) -> None:
    """Answer ``jangkau route``: the legs of the quickest way between two places."""
    found = journey(study_of(asked.place, asked.travel, asked.sources), asked.start, asked.end)
    table = _leg_table(found, lang)
    columns = [Column(key, say(f"columns.{key}", lang), kind, decimals=3) for key, kind in _LEG_COLUMNS.items()]
    title = journey_title(found).text(lang)
    legs = [f"{number:>3}. {told}" for number, told in enumerate(leg_lines(found, lang), start=1)]
    made = makers(
        Listing(columns, table, title=title),
        lang,
        text=lambda: "\n".join([title, *legs, *_notes(found, lang)]),
        answer=lambda: _answer(found, table, lang),
    )
    lines = [] if found.route is None else [leg.line for leg in found.route.legs]
    shapes = gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(lines, crs="EPSG:4326"), crs="EPSG:4326")
    deliver(asked.written, lang, {**made, "geojson": lambda: geojson_bytes(shapes, columns, id_key="leg")})


def _leg_table(found: Journey, lang: Language) -> pd.DataFrame:
    rows = [
        (
            str(number),
            say(f"network.kind_{leg.kind}", lang),
            leg.name,
            leg.ferry_id,
            leg.km,
            leg.minutes,
            leg.sailing_min,
            leg.wait_min,
            estimated_parts(leg.estimated, lang),
        )
        for number, leg in enumerate(legs_of(found), start=1)
    ]
    return pd.DataFrame(rows, columns=list(_LEG_COLUMNS))


def _answer(found: Journey, table: pd.DataFrame, lang: Language) -> dict[str, object]:
    connected = found.route is not None
    rows = records(table)
    for row, leg in zip(rows, legs_of(found), strict=True):
        row |= {"leg_kind": leg.kind, "estimated": leg.estimated}
    return {
        "origin": found.origin.id,
        "destination": found.destination.id,
        "connected": connected,
        "minutes": plain(found.route.minutes, 3) if found.route is not None else None,
        "km": plain(found.route.km, 3) if found.route is not None else None,
        "legs": rows,
        "why": None if found.why is None else found.why.text(lang),
        "notes": [note.text(lang) for note in (*road_areas(found.study), *travel_notes(found.study))],
        "provenance": provenance(found.study),
    }
