"""``jangkau circuits``: areas for teams."""

from typing import Annotated

from coverage.answers.tours.circuits import circuits
from coverage.faces.cli.asking import provenance, study_of
from coverage.faces.cli.flag_values import read_whole
from coverage.faces.cli.flags import Answered, Output, Place, Travel, flag, flag_group
from coverage.faces.cli.output import deliver, makers, records
from coverage.faces.words import answer_listings
from coverage.faces.words.columns import Listing
from coverage.ground.texts import say


@flag_group
class CircuitsAsked:
    """The flags of ``jangkau circuits``."""

    place: Place
    travel: Travel = Travel()
    circuits: Annotated[int, flag(read_whole, metavar="N")]
    written: Output = Output()


def run(asked: CircuitsAsked, *, lang: Answered) -> None:
    """Answer ``jangkau circuits``."""
    study = study_of(asked.place, asked.travel)
    table = circuits(study, asked.circuits).reset_index()
    keys = "circuit kode name kind district regency centre centre_min"
    listing = Listing(
        [answer_listings.column(key, lang) for key in keys.split()],
        table,
        title=say(
            "plan.circuits_title",
            lang,
            villages=len(table),
            region=study.region.name,
            circuits=int(table["circuit"].nunique()),
        ),
        subtitle=(answer_listings.tiers(study, lang),),
    )
    made = makers(
        listing,
        lang,
        text=lambda: f"{listing.title}\n{answer_listings.as_text(listing, lang)}",
        answer=lambda: {
            "circuits": records(table[keys.split()]),
            "provenance": provenance(study, circuits=asked.circuits),
        },
        areas=lambda: answer_listings.with_areas(listing, study),
    )
    deliver(asked.written, lang, made)
