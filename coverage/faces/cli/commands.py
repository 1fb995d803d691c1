"""One function a command: ask, then deliver."""

import argparse
import dataclasses
from typing import Any, TypedDict

import pandas as pd

from coverage import __version__
from coverage.answers.gaps import GapReport, gaps
from coverage.answers.pokling import Ranking, Rules, rank
from coverage.answers.road_notes import roads_told
from coverage.answers.study import Study, open_study
from coverage.answers.travel import choices_asked
from coverage.answers.whatif import WhatIf, whatif
from coverage.faces.cli.output import Leaving, deliver, makers, plain, records
from coverage.faces.cli.sensitivity import deliver_sensitivity
from coverage.faces.files.logged_exports import note_export
from coverage.faces.words import answer_listings
from coverage.faces.words.columns import Listing
from coverage.ground.errors import InputError
from coverage.ground.registry import entries
from coverage.ground.texts import Language, Message, say
from coverage.places.villages import find_region, find_village
from coverage.travel.network.ferry_choices import USUAL, TravelChoices
from coverage.travel.network.speed_choices import changed_speeds
from coverage.travel.reach import check_cutoff


def study_of(given: argparse.Namespace) -> Study:
    """Open the region asked for, as somebody travels who gave these flags."""
    return open_study(
        given.region,
        workspace=given.workspace,
        units_file=getattr(given, "units", None),
        clients_file=getattr(given, "clients", None),
        choices=_choices(given),
    )


def _choices(given: argparse.Namespace) -> TravelChoices:
    if "season" not in given:
        return USUAL
    return TravelChoices(given.season, tuple(given.without_ferry), given.wait, given.day, given.vehicles_only)


def leaving(given: argparse.Namespace, study: Study, rows: int) -> Leaving:
    """Log an answer that rests on client origins when it leaves."""
    return lambda kind: note_export(study, given.workspace, command=f"{given.named} {kind}", rows=rows)


def provenance(study: Study, **asked: object) -> dict[str, object]:
    """Say what an answer stands on, so that it can be asked again."""
    return {
        "version": __version__,
        "asked": {
            "region": study.region.code,
            "units": study.units_source,
            **choices_asked(study.choices),
            "speeds": changed_speeds(study.speeds),
            **asked,
        },
        "roads": [roads_told(source) for source in study.roads.sources],
        "data": {name: entry.sha256[:16] for name, entry in entries().items()},
    }


def run_gaps(given: argparse.Namespace, lang: Language) -> None:
    """Answer ``jangkau gaps``."""
    check_cutoff(given.cutoff)
    report = gaps(study_of(given), given.cutoff)
    listing = answer_listings.gap_villages(report, lang)

    def answer() -> object:
        return {
            **answer_listings.says_first(report.study, lang),
            **{key: plain(value) for key, value in report.summary().items()},
            "by_regency": records(report.by_regency),
            "by_district": records(report.by_district),
            "by_responsible": records(report.by_responsible),
            "travel_changes": [dataclasses.asdict(change) for change in report.travel_changes],
            "notes": [note.text(lang) for note in report.notes],
            "provenance": provenance(report.study, cutoff_min=given.cutoff),
        }

    deliver(
        given,
        lang,
        makers(
            listing,
            lang,
            text=lambda: _gaps_text(report, lang),
            answer=answer,
            areas=lambda: answer_listings.with_areas(listing, report.study),
        ),
        leaving(given, report.study, len(listing.frame)),
    )


def states_line(report: GapReport, lang: Language) -> str:
    """Say in one line how many are reached, and how many people live there."""
    summary = report.summary()
    known = summary["population"] is not None
    people = say(
        "cli.people" if known else "cli.people_unknown",
        lang,
        covered=summary["population_covered"] or 0,
        people=summary["population"] or 0,
    )
    states = say(
        "cli.states",
        lang,
        covered=summary["covered"],
        beyond=summary["beyond_cutoff"],
        cut_off=summary["not_connected"],
        units=summary["units"],
    )
    sums = [states, people]
    if "clients" in summary:
        sums.append(say("cli.clients_covered", lang, clients=summary["clients"], covered=summary["clients_covered"]))
    return " ".join(sums)


def _gaps_text(report: GapReport, lang: Language) -> str:
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


def rules_of(given: argparse.Namespace) -> Rules:
    """Read what decides a ranking; weights that are not given stay as they are."""
    usual = Rules()
    return Rules(
        weights={**usual.weights, **dict(given.weight)},
        cutoff_min=given.cutoff,
        max_travel_min=getattr(given, "max_travel", usual.max_travel_min),
        rest_days=given.rest_days,
        recovery_days=given.recovery_days,
        bersinar=tuple(find_village(text, find_region(given.region).code) for text in given.bersinar),
        requests=tuple(find_village(text, find_region(given.region).code) for text in given.request),
    )


def run_next(given: argparse.Namespace, lang: Language) -> None:
    """Answer ``jangkau next``."""
    rules = rules_of(given)
    rules.check()
    study = study_of(given)
    ranking = rank(study, given.base, given.as_of, rules=rules)
    if given.why is not None:
        _deliver_why(given, lang, ranking)
        return
    if given.sensitivity:
        deliver_sensitivity(given, lang, ranking)
        return
    listing = answer_listings.ranking_list(ranking, lang, limit=given.limit)
    sheet = answer_listings.ranking_list(ranking, lang, limit=given.limit, printed=True)
    deliver(
        given,
        lang,
        makers(
            listing,
            lang,
            text=lambda: _next_text(ranking, listing, lang),
            answer=lambda: _next_rows(ranking, lang, given.limit),
            sheet=sheet,
            areas=lambda: answer_listings.with_areas(listing, study),
        ),
        leaving(given, study, len(listing.frame)),
    )


def _next_rows(ranking: Ranking, lang: Language, limit: int) -> list[dict[str, object]]:
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


def _next_text(ranking: Ranking, listing: Listing, lang: Language) -> str:
    lines = [listing.title, *listing.subtitle, ""]
    for row in listing.frame.to_dict("records"):
        lines.append(f"{row['rank']:>3}. {row['name']} ({row['kode']}), Kec. {row['district']}, {row['regency']}")
        lines.append(f"     {row['reasons']}")
    counts = ranking.left_out["cause"].value_counts()
    left = [say(f"cli.left_{cause}", lang, villages=int(count)) for cause, count in counts.items()]
    return "\n".join([*lines, "", say("cli.left_out", lang, causes="; ".join(left) or "-"), *listing.footnotes])


def _deliver_why(given: argparse.Namespace, lang: Language, ranking: Ranking) -> None:
    kode = find_village(given.why, ranking.study.region.code)
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
    deliver(given, lang, made, leaving(given, ranking.study, len(listing.frame)))


def run_whatif(given: argparse.Namespace, lang: Language) -> None:
    """Answer ``jangkau whatif``."""
    check_cutoff(given.cutoff)
    study = study_of(given)
    answered = whatif(study, **units_changed(given), cutoff_min=given.cutoff)
    listing = answer_listings.whatif_villages(answered, lang)
    deliver(
        given,
        lang,
        makers(
            listing,
            lang,
            text=lambda: _whatif_text(answered, lang),
            answer=lambda: _whatif_answer(answered, given, lang),
            areas=lambda: answer_listings.with_areas(listing, study),
        ),
        leaving(given, study, len(listing.frame)),
    )


class Changes(TypedDict):
    """Units added, closed and moved, as :func:`coverage.answers.whatif.changed_study` takes them."""

    add: list[str]
    close: list[str]
    move: dict[str, str]


def units_changed(given: argparse.Namespace) -> Changes:
    """Read ``--add``, ``--close`` and ``--move``.

    Raises
    ------
    InputError
        If a unit is moved twice.
    """
    units = [unit for unit, _ in given.move]
    for unit in units:
        if units.count(unit) > 1:
            raise InputError(Message.of("whatif.moved_twice", unit=unit))
    return {"add": each_of(given.add), "close": given.close, "move": dict(given.move)}


def each_of(given: list[str]) -> list[str]:
    """Take several villages also from one word, parted by commas."""
    return [part.strip() for text in given for part in text.split(",") if part.strip()]


def _people(villages: pd.DataFrame) -> object:
    return plain(villages["population"].sum(min_count=1))


def _whatif_answer(answered: WhatIf, given: argparse.Namespace, lang: Language) -> dict[str, object]:
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
        "provenance": provenance(answered.before.study, **units_changed(given), cutoff_min=given.cutoff),
    }


def _whatif_text(answered: WhatIf, lang: Language) -> str:
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
