"""``jangkau whatif``: what changes when units are added, closed or moved."""

from collections.abc import Mapping

import pandas as pd

from coverage.answers.whatif import WhatIf, whatif
from coverage.faces.cli.asking import leaving, provenance, states_line, study_of, units_changed
from coverage.faces.cli.flags import (
    Answered,
    Minutes,
    Output,
    Place,
    Travel,
    UnitsChanged,
    UnitsFile,
    flag_group,
)
from coverage.faces.cli.output import deliver, makers, plain, records
from coverage.faces.words import answer_listings
from coverage.ground.texts import Language, say
from coverage.travel.reach import DEFAULT_CUTOFF_MIN, check_cutoff


@flag_group
class WhatIfAsked:
    """The flags of ``jangkau whatif``."""

    place: Place
    sources: UnitsFile = UnitsFile()
    travel: Travel = Travel()
    changed: UnitsChanged = UnitsChanged()
    cutoff: Minutes = DEFAULT_CUTOFF_MIN
    written: Output = Output()


def run(asked: WhatIfAsked, *, lang: Answered) -> None:
    """Answer ``jangkau whatif``."""
    check_cutoff(asked.cutoff)
    changes = units_changed(asked.changed)
    study = study_of(asked.place, asked.travel, asked.sources)
    answered = whatif(study, **vars(changes), cutoff_min=asked.cutoff)
    listing = answer_listings.whatif_villages(answered, lang)
    deliver(
        asked.written,
        lang,
        makers(
            listing,
            lang,
            text=lambda: _text(answered, lang),
            answer=lambda: _answer(answered, {**vars(changes), "cutoff_min": asked.cutoff}, lang),
            areas=lambda: answer_listings.with_areas(listing, study),
        ),
        leaving(study, asked.place.office.workspace, len(listing.frame)),
    )


def _people(villages: pd.DataFrame) -> object:
    return plain(villages["population"].sum(min_count=1))


def _answer(answered: WhatIf, asked: Mapping[str, object], lang: Language) -> dict[str, object]:
    gained, lost = answered.newly_covered, answered.no_longer_covered
    return {
        **answer_listings.says_first(answered.before.study, lang),
        "before": {key: plain(value) for key, value in answered.before.summary().items()},
        "after": {key: plain(value) for key, value in answered.after.summary().items()},
        "newly_covered": {
            "villages": len(gained),
            "population": _people(gained),
            "by_regency": records(answered.by_regency()),
            "kode": list(gained.index),
        },
        "no_longer_covered": {
            "villages": len(lost),
            "population": _people(lost),
            "by_regency": records(answered.by_regency(lost=True)),
            "kode": list(lost.index),
        },
        "notes": answer_listings.whatif_notes(answered, lang),
        "provenance": provenance(answered.before.study, **asked),
    }


def _text(answered: WhatIf, lang: Language) -> str:
    lines = [
        answer_listings.whatif_title(answered, lang) + ".",
        f"{say('cli.before', lang)}: {states_line(answered.before, lang)}",
        f"{say('cli.after', lang)}: {states_line(answered.after, lang)}",
        "",
    ]
    for key, lost in (("cli.gained", False), ("cli.lost", True)):
        sums = answer_listings.whatif_regencies(answered, lang, lost=lost)
        if not sums.frame.empty:
            lines += [say(key, lang), answer_listings.as_text(sums, lang), ""]
    study = answered.before.study
    notes = [f"- {note}" for note in answer_listings.whatif_notes(answered, lang)]
    return "\n".join([*lines, *notes, answer_listings.tiers(study, lang)])
