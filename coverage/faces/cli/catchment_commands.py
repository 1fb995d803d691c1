"""The command ``catchment``: from where a unit is reached in time."""

import argparse
from typing import Any

import geopandas as gpd

from coverage import __version__
from coverage.answers.catchments import Catchment, catchment
from coverage.faces.cli.commands import study_of
from coverage.faces.cli.output import deliver, makers, plain
from coverage.faces.words.answer_listings import as_text, says_first, tiers
from coverage.faces.words.catchment_listing import catchment_listing
from coverage.ground.texts import Language, say


def run_catchment(given: argparse.Namespace, lang: Language) -> None:
    """Answer ``jangkau catchment``."""
    study = study_of(given)
    answered = catchment(study, given.unit, given.minutes)
    listing = catchment_listing(answered, lang)

    def areas() -> gpd.GeoDataFrame:
        return gpd.GeoDataFrame(listing.frame, geometry=answered.bands.geometry, crs=answered.bands.crs)

    deliver(
        given,
        lang,
        makers(
            listing,
            lang,
            text=lambda: "\n".join(
                [f"{listing.title}.", "", as_text(listing, lang), "", *listing.footnotes, tiers(study, lang)]
            ),
            answer=lambda: _answer(answered, lang),
            areas=areas,
        ),
    )


def _answer(answered: Catchment, lang: Language) -> dict[str, object]:
    rows: list[Any] = answered.bands.drop(columns="geometry").to_dict("records")
    return {
        **says_first(answered.study, lang),
        "unit": answered.unit,
        "name": answered.name,
        "boundary_tier": answered.study.boundary_tier,
        "travel_tier": answered.study.travel_tier,
        "bands": [
            {key: plain(value) for key, value in row.items()} | {"kode": list(answered.within[row["cutoff_min"]])}
            for row in rows
        ],
        "notes": [say("catchment.note", lang)],
        "version": __version__,
    }
