"""``jangkau access``: how much supply each village can reach per person."""

from typing import Annotated

import pandas as pd

from coverage.answers.access import E2SFCA_WEIGHTS, METHODS, AccessReport, region_access
from coverage.answers.equity import worst_tenth
from coverage.faces.cli.asking import provenance, study_of
from coverage.faces.cli.flags import Answered, Minutes, Output, Place, Travel, UnitsFile, each, flag, flag_group
from coverage.faces.cli.output import deliver, makers, plain, records
from coverage.faces.words import answer_listings
from coverage.faces.words.columns import Column, Listing
from coverage.faces.words.unknowns import unknown_lines
from coverage.ground.errors import PlannerError
from coverage.ground.quantities import format_number
from coverage.ground.texts import Language, Message, say
from coverage.travel.reach import DEFAULT_CUTOFF_MIN


def read_supply(text: str) -> tuple[str, float]:
    """Read ``UNIT=N``.

    Raises
    ------
    PlannerError
        If one of them is missing or not a number.
    """
    unit, _, value = text.rpartition("=")
    try:
        return unit.strip(), float(value.replace(",", "."))
    except ValueError:
        raise PlannerError(Message.of("access.bad_supply", unit=unit, value=value)) from None


def read_weights(text: str) -> tuple[float, ...]:
    """Read weights parted by semicolons.

    Raises
    ------
    PlannerError
        If one is not a number.
    """
    try:
        return tuple(float(part.strip().replace(",", ".")) for part in text.split(";"))
    except ValueError:
        raise PlannerError(Message.of("access.bad_weights", value=text)) from None


@flag_group
class Access:
    """The flags of ``jangkau access``."""

    place: Place
    sources: UnitsFile = UnitsFile()
    travel: Travel = Travel()
    method: Annotated[str, flag(choices=METHODS)] = METHODS[1]
    cutoff: Minutes = DEFAULT_CUTOFF_MIN
    weights: Annotated[tuple[float, ...], flag(read_weights, metavar="B1;B2;...")] = E2SFCA_WEIGHTS
    supply: Annotated[tuple[tuple[str, float], ...], flag(each(read_supply), metavar="UNIT=N")] = ()
    written: Output = Output()


def run(asked: Access, *, lang: Answered) -> None:
    """Answer ``jangkau access``."""
    study = study_of(asked.place, asked.travel, asked.sources)
    report = region_access(study, asked.method, asked.cutoff, weights=asked.weights, supply=dict(asked.supply))
    listing = access_list(report, lang)
    deliver(
        asked.written,
        lang,
        makers(
            listing,
            lang,
            text=lambda: _text(report, lang),
            answer=lambda: _answer(report, lang),
            areas=lambda: answer_listings.with_areas(listing, report.study),
        ),
    )


def access_title(report: AccessReport, lang: Language) -> str:
    """Say mean and Gini in one line."""
    region, uneven = report.study.region.name, report.gini
    if uneven is None:
        return answer_listings.led(report.study, say("access.title_no_gini", lang, region=region), lang)
    exact = {"mean_exact": round(report.mean, 3), "gini_exact": round(uneven, 3)}
    return answer_listings.led(report.study, say("access.title", lang, region=region, **exact), lang)


def access_list(report: AccessReport, lang: Language) -> Listing:
    """List every village with its access."""
    keys = ("kode", "name", "kind", "district", "regency", "population")
    return Listing(
        [*(answer_listings.column(key, lang) for key in keys), _access_column(lang)],
        report.villages.reset_index(),
        title=access_title(report, lang),
        subtitle=(answer_listings.tiers(report.study, lang),),
        footnotes=_notes(report, lang),
    )


def _access_column(lang: Language) -> Column:
    return Column("access", say("columns.access", lang), "decimal", decimals=3)


def _notes(report: AccessReport, lang: Language) -> list[str]:
    weights = "; ".join(format_number(weight, lang, decimals=2) for weight in report.weights)
    bands = {"bands": len(report.weights), "weights": weights} if report.method == "e2sfca" else {}
    return [
        *answer_listings.first_notes(report.study, lang),
        say(f"access.note_{report.method}", lang, cutoff_min=report.cutoff_min, **bands),
        say("access.note_supply", lang),
        say("access.without", lang, villages=int((report.villages["access"] == 0).sum())),
    ]


def _text(report: AccessReport, lang: Language) -> str:
    keys = ("kode", "name", "villages", "population")
    none = Column("without_access", say("columns.without_access", lang), "integer")
    sums = Listing(
        [*(answer_listings.column(key, lang) for key in keys), _access_column(lang), none], report.by_regency
    )
    notes = [f"- {note}" for note in _notes(report, lang)]
    lines = [
        f"{access_title(report, lang)}.",
        "",
        answer_listings.as_text(sums, lang),
        *unknown_lines(sums, lang),
        "",
        *notes,
    ]
    return "\n".join([*lines, answer_listings.tiers(report.study, lang)])


def _answer(report: AccessReport, lang: Language) -> dict[str, object]:
    farthest = worst_tenth(-report.villages["access"].to_numpy(float), report.demand)
    villages: pd.DataFrame = report.villages.reset_index()[["kode", "name", "regency", "population", "access"]]
    asked = {"method": report.method, "cutoff_min": report.cutoff_min, "weights": list(report.weights)}
    return {
        **answer_listings.says_first(report.study, lang),
        "method": report.method,
        "mean": plain(report.mean),
        "gini": plain(report.gini),
        "worst_tenth": None if farthest is None else plain(abs(farthest)),
        "by_regency": records(report.by_regency),
        "units": records(report.units.rename_axis("id").reset_index()),
        "villages": records(villages),
        "notes": _notes(report, lang),
        "provenance": provenance(report.study, **asked),
    }
