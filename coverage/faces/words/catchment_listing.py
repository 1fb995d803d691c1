"""A unit's catchment as a table with labels and words."""

from dataclasses import replace

from coverage.answers.catchments import Catchment
from coverage.faces.words.answer_listings import column, first_notes, led, tiers
from coverage.faces.words.columns import Listing
from coverage.faces.words.unknowns import unknown_lines
from coverage.ground.texts import Language, say


def catchment_listing(answered: Catchment, lang: Language) -> Listing:
    """List the steps of minutes with the villages and persons within them."""
    frame = answered.bands.drop(columns="geometry")
    frame.insert(0, "kode", [f"{answered.unit}-{step:g}" for step in frame["cutoff_min"]])
    keys = ("unit", "name", "cutoff_min", "villages", "population")
    frame.insert(1, "unit", answered.unit)
    frame.insert(2, "name", answered.name)
    listing = Listing(
        [column(key, lang) for key in keys],
        frame,
        title=led(answered.study, say("catchment.title", lang, name=answered.name), lang),
        subtitle=(tiers(answered.study, lang),),
        footnotes=[*first_notes(answered.study, lang), say("catchment.note", lang)],
    )
    return replace(listing, footnotes=[*unknown_lines(listing, lang), *listing.footnotes])
