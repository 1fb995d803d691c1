"""``jangkau od`` and ``jangkau route``: travel between many places as a table, between two as legs."""

import argparse
from collections.abc import Iterator

import geopandas as gpd
import numpy as np
import pandas as pd

from coverage.answers.journey import Journey, journey
from coverage.answers.road_notes import road_areas, road_notes, tier_notes
from coverage.answers.study import Study
from coverage.answers.travel import travel_notes
from coverage.faces.cli.commands import provenance, study_of
from coverage.faces.cli.output import Makers, deliver, makers, plain, records
from coverage.faces.files.geojson_file import geojson_bytes
from coverage.faces.files.od_rows import od_csv, od_json
from coverage.faces.words import answer_listings
from coverage.faces.words.columns import Column, Kind, Listing
from coverage.faces.words.journey_legs import journey_title, leg_lines, legs_of
from coverage.faces.words.travel_listings import estimated_parts
from coverage.ground.texts import Language, say
from coverage.travel.od import ODMatrix, od_blocks
from coverage.travel.reach import check_cutoff

OD_TARGETS = ("villages", "units")

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


def run_od(given: argparse.Namespace, lang: Language) -> None:
    """Answer ``jangkau od``: travel from every village of a region to villages or units."""
    if given.cutoff is not None:
        check_cutoff(given.cutoff)
    study = study_of(given)
    made: Makers = {
        "text": lambda: _od_text(study, given, lang).encode(),
        "csv": lambda: od_csv(_blocks(study, given.to), given.cutoff),
        "json": lambda: od_json(_blocks(study, given.to), given.cutoff),
    }
    deliver(given, lang, made)


def _blocks(study: Study, to: str) -> Iterator[ODMatrix]:
    places = study.unit_places() if to == "units" else study.places(list(study.villages.index))
    return od_blocks(study.network, study.villages.index, places)


def _od_text(study: Study, given: argparse.Namespace, lang: Language) -> str:
    minutes = [np.zeros(0)]
    destinations = 0
    for block in _blocks(study, given.to):
        destinations = len(block.destinations)
        within = np.isfinite(block.minutes) if given.cutoff is None else block.within(given.cutoff)
        minutes.append(block.minutes[within].astype(np.float32))
    known = np.concatenate(minutes)
    facts = {
        "region": f"{study.region.code} {study.region.name}",
        "origins": len(study.villages),
        "destinations": destinations,
        "pairs": len(study.villages) * destinations,
        "connected": len(known),
    }
    if len(known) == 0:
        said = say("network.od_text_none", lang, **facts)
    else:
        times = {"median_min": float(np.median(known)), "longest_min": float(known.max())}
        key = "network.od_text" if given.cutoff is None else "network.od_text_within"
        said = say(key, lang, **facts, **times, cutoff_min=given.cutoff or 0.0)
    if given.to == "villages":
        return "\n".join([said, *_notes(study, lang)]) + "\n"
    first = [f"- {note}" for note in answer_listings.first_notes(study, lang)]
    return "\n".join([answer_listings.led(study, said, lang), *first, *_notes(study, lang)]) + "\n"


def _notes(study: Study, lang: Language) -> list[str]:
    told = [*tier_notes(study), *road_notes(study), *travel_notes(study)]
    return [*(f"- {note.text(lang)}" for note in told), answer_listings.tiers(study, lang)]


def _route_notes(found: Journey, lang: Language) -> list[str]:
    """Say what the route stands on; who else found no road, and other ferries, do not belong to it."""
    study = found.study
    told = [*tier_notes(study), *road_areas(study)]
    if any(leg.kind == "ferry" for leg in legs_of(found)):
        told += travel_notes(study)
    return [*(f"- {note.text(lang)}" for note in told), answer_listings.tiers(study, lang)]


def run_route(given: argparse.Namespace, lang: Language) -> None:
    """Answer ``jangkau route``: the legs of the quickest way between two places."""
    found = journey(study_of(given), given.start, given.end)
    table = _leg_table(found, lang)
    columns = [Column(key, say(f"columns.{key}", lang), kind, decimals=3) for key, kind in _LEG_COLUMNS.items()]
    title = journey_title(found).text(lang)
    legs = [f"{number:>3}. {told}" for number, told in enumerate(leg_lines(found, lang), start=1)]
    made = makers(
        Listing(columns, table, title=title),
        lang,
        text=lambda: "\n".join(
            [
                title,
                *legs,
                *_route_notes(found, lang),
            ]
        ),
        answer=lambda: _route_answer(found, table, lang),
    )
    lines = [] if found.route is None else [leg.line for leg in found.route.legs]
    shapes = gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(lines, crs="EPSG:4326"), crs="EPSG:4326")
    deliver(given, lang, {**made, "geojson": lambda: geojson_bytes(shapes, columns, id_key="leg")})


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


def _route_answer(found: Journey, table: pd.DataFrame, lang: Language) -> dict[str, object]:
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
