"""The tables of a report as a workbook to compute with: whole, where paper shows the first rows."""

from collections.abc import Mapping

import pandas as pd

from coverage.faces.report.answers import Answers
from coverage.faces.report.tables import visit_list
from coverage.faces.words import answer_listings
from coverage.faces.words.columns import Column, Listing
from coverage.faces.words.scenario_listing import comparison_list
from coverage.faces.words.siting_listing import site_list
from coverage.ground.quantities import Language
from coverage.ground.texts import say

__all__ = ["report_sheets"]

_FIRST = 20


def report_sheets(answers: Answers, lang: Language) -> Mapping[str, Listing]:
    """List what a report tells, by name of the sheet; what it has no answer to has none."""
    report = answers.gaps
    found = {
        "regencies": answer_listings.gap_regencies(report, lang),
        "districts": answer_listings.gap_districts(report, lang),
        "villages": answer_listings.gap_villages(report, lang),
        "responsible": answer_listings.gap_responsible(report, lang),
        "next": _candidates(answers, lang),
        "plan": visit_list(answers.study, answers.plan, lang) if answers.plan else None,
        "sites": None if answers.proposal is None else site_list(answers.proposal, lang),
        "scenarios": None if answers.comparison is None else comparison_list(answers.comparison, lang),
        "targets": None if answers.targets is None else answers.targets.listing,
    }
    shown = {name: one for name, one in found.items() if one is not None and not one.frame.empty}
    return {say(f"report.sheet_{name}", lang): one for name, one in shown.items()}


def _candidates(answers: Answers, lang: Language) -> Listing | None:
    """List the first candidates of every base."""
    lists = [answer_listings.ranking_list(one, lang, limit=_FIRST) for one in answers.rankings]
    if not lists:
        return None
    names = [str(answers.study.units.at[one.base, "name"]) for one in answers.rankings]
    frames = [one.frame.assign(base=name) for one, name in zip(lists, names, strict=True)]
    base = Column("base", say("report.base", lang))
    return Listing([base, *lists[0].columns], pd.concat(frames, ignore_index=True))
