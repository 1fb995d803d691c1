"""``jangkau next``: where the mobile corner goes next, and why."""

import dataclasses
from typing import Annotated, Any

import pandas as pd

from coverage import __version__
from coverage.answers.pokling import Ranking, Rules, rank
from coverage.answers.travel import choices_asked
from coverage.faces.cli.asking import leaving, study_of
from coverage.faces.cli.flag_values import read_limit
from coverage.faces.cli.flags import (
    Answered,
    Day,
    Minutes,
    Output,
    Place,
    Sources,
    Switch,
    Travel,
    Unit,
    Village,
    flag,
    flag_group,
)
from coverage.faces.cli.output import deliver, makers, plain, records
from coverage.faces.cli.ranking_flags import RankingRules
from coverage.faces.cli.sensitivity import deliver_sensitivity
from coverage.faces.words import answer_listings
from coverage.faces.words.columns import Listing
from coverage.ground.texts import Language, say
from coverage.places.villages import find_village
from coverage.travel.network.speed_choices import changed_speeds


@flag_group
class Next:
    """The flags of ``jangkau next``."""

    place: Place
    sources: Sources = Sources()
    travel: Travel = Travel()
    base: Unit = None
    as_of: Day = None
    limit: Annotated[int, flag(read_limit, metavar="N")] = 10
    why: Village = None
    ranking: RankingRules = RankingRules()
    max_travel: Minutes = Rules().max_travel_min
    sensitivity: Switch = False
    written: Output = Output()


def run(asked: Next, *, lang: Answered) -> None:
    """Answer ``jangkau next``."""
    rules = asked.ranking.rules(asked.place.region, max_travel_min=asked.max_travel)
    rules.check()
    study = study_of(asked.place, asked.travel, asked.sources)
    ranking = rank(study, asked.base, asked.as_of, rules=rules)
    if asked.why is not None:
        _deliver_why(asked, asked.why, lang, ranking)
        return
    if asked.sensitivity:
        deliver_sensitivity(asked.written, lang, ranking, asked.limit)
        return
    listing = answer_listings.ranking_list(ranking, lang, limit=asked.limit)
    sheet = answer_listings.ranking_list(ranking, lang, limit=asked.limit, printed=True)
    deliver(
        asked.written,
        lang,
        makers(
            listing,
            lang,
            text=lambda: _text(ranking, listing, lang),
            answer=lambda: _rows(ranking, lang, asked.limit),
            sheet=sheet,
            areas=lambda: answer_listings.with_areas(listing, study),
        ),
        leaving(study, asked.place.office.workspace, len(listing.frame)),
    )


def _rows(ranking: Ranking, lang: Language, limit: int) -> list[dict[str, object]]:
    table = answer_listings.ranking_rows(ranking, lang, limit=limit)
    table["reasons"] = [[reason.text(lang) for reason in ranking.reasons(kode)] for kode in table["kode"]]
    keys = ["rank", "kode", "name", "kind", "district", "regency", "travel_min", "travel_km", "ferry_legs"]
    keys += ["nearest_name", "nearest_min", "last_visit", "score", *(f"score_{part}" for part in ranking.rules.weights)]
    same = {
        "base": ranking.base,
        "as_of": ranking.as_of.isoformat(),
        "rules": dataclasses.asdict(ranking.rules),
        "boundary_tier": ranking.study.boundary_tier,
        "travel_tier": ranking.study.travel_tier,
        "travel": choices_asked(ranking.study.choices),
        "speeds": changed_speeds(ranking.study.speeds),
        "version": __version__,
    }
    first = answer_listings.says_first(ranking.study, lang)
    return [first | row | same for row in records(table[[*keys, "reasons"]])]


def _text(ranking: Ranking, listing: Listing, lang: Language) -> str:
    lines = [listing.title, *listing.subtitle, ""]
    for row in listing.frame.to_dict("records"):
        lines.append(f"{row['rank']:>3}. {row['name']} ({row['kode']}), Kec. {row['district']}, {row['regency']}")
        lines.append(f"     {row['reasons']}")
    counts = ranking.left_out["cause"].value_counts()
    left = [say(f"cli.left_{cause}", lang, villages=int(count)) for cause, count in counts.items()]
    return "\n".join([*lines, "", say("cli.left_out", lang, causes="; ".join(left) or "-"), *listing.footnotes])


def _deliver_why(asked: Next, village: str, lang: Language, ranking: Ranking) -> None:
    kode = find_village(village, ranking.study.region.code)
    said = [message.text(lang) for message in ranking.why(kode)]
    row: Any = ranking.left_out.loc[kode] if kode in ranking.left_out.index else ranking.ranked.loc[kode]
    listing = Listing(
        [answer_listings.column("kode", lang), answer_listings.column("reasons", lang)],
        pd.DataFrame({"kode": [kode], "reasons": [" ".join(said)]}),
        footnotes=answer_listings.first_notes(ranking.study, lang),
    )

    def answer() -> object:
        out = kode in ranking.left_out.index
        return {
            **answer_listings.says_first(ranking.study, lang),
            "kode": kode,
            "name": row["name"],
            "base": ranking.base,
            "ranked": not out,
            "rank": None if out else int(row["rank"]),
            "cause": row["cause"] if out else None,
            "travel_min": plain(row["travel_min"]),
            "last_visit": plain(row["last_visit"]),
            "reasons": said,
        }

    made = makers(
        listing,
        lang,
        text=lambda: "\n".join([answer_listings.led(ranking.study, said[0], lang), *said[1:], *listing.footnotes]),
        answer=answer,
    )
    deliver(asked.written, lang, made, leaving(ranking.study, asked.place.office.workspace, len(listing.frame)))
