"""``jangkau gaps``: who is reached in time, who is not, and who is cut off."""

import dataclasses

from coverage.answers.gaps import GapReport, gaps
from coverage.faces.cli.asking import leaving, provenance, states_line, study_of
from coverage.faces.cli.flags import Answered, Minutes, Output, Place, Sources, Travel, flag_group
from coverage.faces.cli.output import deliver, makers, plain, records
from coverage.faces.words import answer_listings
from coverage.ground.texts import Language
from coverage.travel.reach import DEFAULT_CUTOFF_MIN, check_cutoff


@flag_group
class Gaps:
    """The flags of ``jangkau gaps``."""

    place: Place
    sources: Sources = Sources()
    travel: Travel = Travel()
    cutoff: Minutes = DEFAULT_CUTOFF_MIN
    written: Output = Output()


def run(asked: Gaps, *, lang: Answered) -> None:
    """Answer ``jangkau gaps``."""
    check_cutoff(asked.cutoff)
    report = gaps(study_of(asked.place, asked.travel, asked.sources), asked.cutoff)
    listing = answer_listings.gap_villages(report, lang)
    deliver(
        asked.written,
        lang,
        makers(
            listing,
            lang,
            text=lambda: _text(report, lang),
            answer=lambda: _answer(report, asked.cutoff, lang),
            areas=lambda: answer_listings.with_areas(listing, report.study),
        ),
        leaving(report.study, asked.place.office.workspace, len(listing.frame)),
    )


def _answer(report: GapReport, cutoff_min: float, lang: Language) -> dict[str, object]:
    return {
        **answer_listings.says_first(report.study, lang),
        **{key: plain(value) for key, value in report.summary().items()},
        "by_regency": records(report.by_regency),
        "by_district": records(report.by_district),
        "by_responsible": records(report.by_responsible),
        "travel_changes": [dataclasses.asdict(change) for change in report.travel_changes],
        "notes": [note.text(lang) for note in report.notes],
        "provenance": provenance(report.study, cutoff_min=cutoff_min),
    }


def _text(report: GapReport, lang: Language) -> str:
    return "\n".join(
        [
            answer_listings.gap_title(report, lang) + ".",
            states_line(report, lang),
            "",
            answer_listings.as_text(answer_listings.gap_regencies(report, lang), lang),
            "",
            *(f"- {note.text(lang)}" for note in report.notes),
            answer_listings.tiers(report.study, lang),
        ]
    )
