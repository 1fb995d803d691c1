"""``jangkau next --sensitivity``: who stays among the first when a weight moves."""

from coverage.answers.pokling import Ranking, sensitivity
from coverage.faces.cli.flags import Written
from coverage.faces.cli.output import deliver, makers, records
from coverage.faces.words import answer_listings
from coverage.faces.words.columns import Listing
from coverage.ground.texts import Language, say

_CHANGE = 0.2


def deliver_sensitivity(written: Written, lang: Language, ranking: Ranking, top: int) -> None:
    """Deliver the sensitivity of the first candidates."""
    found = sensitivity(ranking, top=top, change=_CHANGE)
    table = found.reset_index(names="kode")
    shown = table.assign(stays=table["stays"].map({True: say("plan.yes", lang), False: say("plan.no", lang)}))
    said = say("plan.sensitivity_title", lang, top=top, stay=int(found["stays"].sum()))
    keys = "rank kode name district best_rank worst_rank stays"
    listing = Listing(
        [answer_listings.column(key, lang) for key in keys.split()],
        shown,
        title=answer_listings.led(ranking.study, said, lang),
        footnotes=answer_listings.first_notes(ranking.study, lang),
    )

    def answer() -> object:
        return {
            **answer_listings.says_first(ranking.study, lang),
            "top": top,
            "change": _CHANGE,
            "stays": table.loc[table["stays"], "kode"].tolist(),
            "villages": records(table),
        }

    text = "\n".join([listing.title, answer_listings.as_text(listing, lang), *listing.footnotes])
    deliver(written, lang, makers(listing, lang, text=lambda: text, answer=answer))
