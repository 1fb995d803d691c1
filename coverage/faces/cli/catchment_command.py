"""The command ``catchment``: from where a unit is reached in time."""

from typing import Annotated, Any

import geopandas as gpd

from coverage import __version__
from coverage.answers.catchments import Catchment, catchment
from coverage.faces.cli.asking import study_of
from coverage.faces.cli.flag_values import read_steps
from coverage.faces.cli.flags import Answered, Output, Place, Travel, UnitsFile, flag, flag_group
from coverage.faces.cli.output import deliver, makers, plain
from coverage.faces.words.answer_listings import as_text, says_first, tiers
from coverage.faces.words.catchment_listing import catchment_listing
from coverage.ground.texts import Language, say
from coverage.travel.catchment import CUTOFFS_MIN


@flag_group
class CatchmentAsked:
    """The flags of ``jangkau catchment``."""

    place: Place
    sources: UnitsFile = UnitsFile()
    travel: Travel = Travel()
    unit: Annotated[str, flag(metavar="UNIT")]
    minutes: Annotated[tuple[float, ...], flag(read_steps, metavar="MENIT,...")] = CUTOFFS_MIN
    written: Output = Output()


def run(asked: CatchmentAsked, *, lang: Answered) -> None:
    """Answer ``jangkau catchment``."""
    study = study_of(asked.place, asked.travel, asked.sources)
    answered = catchment(study, asked.unit, asked.minutes)
    listing = catchment_listing(answered, lang)

    def areas() -> gpd.GeoDataFrame:
        return gpd.GeoDataFrame(listing.frame, geometry=answered.bands.geometry, crs=answered.bands.crs)

    deliver(
        asked.written,
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
