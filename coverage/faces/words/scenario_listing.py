"""Scenarios as tables with labels and words, shared by the command line and the dashboard."""

import math
from dataclasses import replace

import pandas as pd

from coverage import __version__
from coverage.answers.scenarios.compare import Comparison, distinct
from coverage.answers.scenarios.figures import MEASURES, PARTS
from coverage.answers.scenarios.run import ScenarioAnswer
from coverage.answers.scenarios.scenario import Scenario, checked, of_study
from coverage.answers.siting.propose import Proposal
from coverage.answers.travel import travel_notes
from coverage.answers.whatif import NO_CHANGES, UnitChanges, WhatIf
from coverage.faces.words import answer_listings
from coverage.faces.words.columns import Column, Listing
from coverage.faces.words.unknowns import DASH, unknown_lines
from coverage.ground.quantities import format_number
from coverage.ground.texts import Language, say

__all__ = [
    "comparison_list",
    "comparison_notes",
    "comparison_title",
    "figure_list",
    "found_scenario",
    "gained_lines",
    "scenario_notes",
    "scenario_title",
    "spelled",
]

_FIXED = ("part", "kode", "name", "measure")
_FINE = ("access", "gini")
_MINUTES = ("mean_min", "worst_min", "worst_tenth_min")


def found_scenario(
    proposal: Proposal,
    name: str,
    lang: Language,
    *,
    rank: int = 1,
    changes: UnitChanges = NO_CHANGES,
) -> Scenario:
    """Write a set that was found as a scenario: its units stand, and its note tells how they were found.

    Parameters
    ----------
    rank
        Place of the set in the proposal, from 1.
    changes
        How units were changed before the sites were sought; the scenario changes them too.
    """
    sites = proposal.found.sets[rank - 1].result.sites
    question = proposal.question
    note = say(
        "scenario.found_note", lang, model=question.model, n=len(sites), cutoff_min=question.cutoff_min, rank=rank
    )
    total = proposal.cost_of(sites)
    if total is not None:
        note = say("scenario.found_note_cost", lang, note=note, total_rupiah=total)
    found = of_study(proposal.study, name, question.cutoff_min, add=[*changes.add, *proposal.kode(sites)], note=note)
    return checked(replace(found, close=tuple(changes.close), move=tuple(changes.move.items())))


def scenario_title(answer: ScenarioAnswer, lang: Language) -> str:
    """Say what the scenario's units change in one line."""
    change = answer.change
    finding = say(
        "scenario.title",
        lang,
        name=answer.scenario.name,
        region=answer.before.study.region.name,
        gained=len(change.newly_covered),
        lost=len(change.no_longer_covered),
        cutoff_min=answer.scenario.cutoff_min,
    )
    return answer_listings.led(answer.before.study, finding, lang)


def figure_list(answer: ScenarioAnswer, lang: Language) -> Listing:
    """List the figures of one scenario."""
    listing = Listing(
        [*_columns(lang), _number("value", say("columns.value", lang))],
        _named(answer.figures, lang),
        title=scenario_title(answer, lang),
        subtitle=(answer_listings.tiers(answer.after.study, lang),),
        footnotes=[*answer_listings.first_notes(answer.before.study, lang), *scenario_notes(answer, lang)],
    )
    return _with_unknowns(listing, lang)


def scenario_notes(answer: ScenarioAnswer, lang: Language) -> list[str]:
    """Say what a reader must know of a scenario's figures."""
    weights = answer.scenario.weights
    access = {
        "cutoff_min": answer.scenario.cutoff_min,
        "bands": len(weights),
        "weights": "; ".join(format_number(weight, lang, decimals=2) for weight in weights),
    }
    return [
        *(note.text(lang) for note in travel_notes(answer.before.study)),
        say("scenario.note_minutes", lang),
        say("scenario.note_access", lang, **access),
        say("scenario.digests", lang, version=__version__, digest=answer.digest),
    ]


def comparison_title(found: Comparison, lang: Language) -> str:
    """Say what is compared in one line."""
    first = found.answers[0]
    finding = say(
        "scenario.compared",
        lang,
        count=len(found.names),
        region=first.before.study.region.name,
        cutoff_min=first.scenario.cutoff_min,
    )
    return answer_listings.led(first.before.study, finding, lang)


def comparison_list(found: Comparison, lang: Language) -> Listing:
    """List the figures of scenarios side by side, a column each, and the differences to the first."""
    first = found.names[0]
    values = [f"value_{number}" for number in range(1, len(found.names) + 1)]
    others = [f"difference_{number}" for number in range(2, len(found.names) + 1)]
    labels = [say("scenario.difference", lang, name=name, first=first) for name in found.names[1:]]
    keys = distinct([*_FIXED, *found.names, *labels])[len(_FIXED) :]
    table = _named(found.table, lang).rename(columns=dict(zip([*values, *others], keys, strict=True)))
    listing = Listing(
        [*_columns(lang), *(_number(key, key) for key in keys)],
        table,
        title=comparison_title(found, lang),
        subtitle=(answer_listings.tiers(found.answers[0].after.study, lang),),
        footnotes=comparison_notes(found, lang),
    )
    return _with_unknowns(listing, lang)


def _with_unknowns(listing: Listing, lang: Language) -> Listing:
    return replace(listing, footnotes=[*listing.footnotes, *unknown_lines(listing, lang)])


def comparison_notes(found: Comparison, lang: Language) -> list[str]:
    """Say what each scenario gains and loses, and what a reader must know of the figures."""
    first = found.answers[0]
    return [
        *answer_listings.first_notes(first.before.study, lang),
        *gained_lines(found, lang),
        *scenario_notes(first, lang),
    ]


def gained_lines(found: Comparison, lang: Language) -> list[str]:
    """Say for each scenario but the first how many villages and people it gains and loses."""
    return [
        _gained(change, name, found.names[0], lang) for name, change in zip(found.names[1:], found.changes, strict=True)
    ]


def _gained(change: WhatIf, name: str, first: str, lang: Language) -> str:
    gained, lost = change.newly_covered, change.no_longer_covered
    known = bool(change.before.villages["population"].notna().any())
    people = {"gained_people": gained["population"].sum(), "lost_people": lost["population"].sum()} if known else {}
    return say(
        "scenario.gained" if known else "scenario.gained_villages",
        lang,
        name=name,
        first=first,
        gained=len(gained),
        lost=len(lost),
        **{key: int(value) for key, value in people.items()},
    )


def spelled(listing: Listing, lang: Language, *, part: str = "") -> Listing:
    """Write the figures as a person reads them, of one part of a listing or of all."""
    table = listing.frame[listing.frame["part"] == part] if part else listing.frame
    numbers = [column.key for column in listing.columns if column.key not in _FIXED]
    shown = table.assign(
        **{
            key: [_spell(measure, value, lang) for measure, value in zip(table["measure"], table[key], strict=True)]
            for key in numbers
        }
    )
    left_out = {"part", "kode", "name"} if part == PARTS[0] else {"part"} if part else set()
    columns = [
        Column(column.key, column.label, words=column.words) for column in listing.columns if column.key not in left_out
    ]
    return Listing(columns, shown, title=listing.title, subtitle=listing.subtitle, footnotes=listing.footnotes)


def _spell(measure: str, value: float | None, lang: Language) -> str:
    if value is None or math.isnan(value):
        return DASH
    decimals = 2 if measure in _FINE else 1 if measure in _MINUTES else 0
    return format_number(float(value), lang, decimals=decimals)


def _named(table: pd.DataFrame, lang: Language) -> pd.DataFrame:
    without = (table["part"] == PARTS[2]) & (table["name"] == "")
    return table.assign(name=table["name"].mask(without, say("scenario.class_none", lang)))


def _columns(lang: Language) -> list[Column]:
    return [
        Column("part", say("columns.part", lang), words={one: say(f"scenario.part_{one}", lang) for one in PARTS}),
        Column("kode", say("columns.kode", lang), "code"),
        Column("name", say("columns.name", lang)),
        Column(
            "measure",
            say("columns.measure", lang),
            words={one: say(f"scenario.measure_{one}", lang) for one in MEASURES},
        ),
    ]


def _number(key: str, label: str) -> Column:
    return Column(key, label, "decimal")
