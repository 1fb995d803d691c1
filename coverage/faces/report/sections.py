"""The sections of a report, each from one answer: its finding first, then the table, then what qualifies it."""

from dataclasses import replace

from coverage.answers.gaps import GapReport
from coverage.answers.pokling import Ranking
from coverage.answers.scenarios.compare import Comparison
from coverage.answers.scenarios.figures import PARTS
from coverage.answers.scenarios.run import ScenarioAnswer
from coverage.answers.siting.propose import Proposal
from coverage.answers.tours.calendar import time_zone
from coverage.faces.files.document import Block, Bullets, Heading, Paragraph, Picture
from coverage.faces.report.answers import Answers
from coverage.faces.report.region_sheet import Spot, region_sheet
from coverage.faces.report.tables import (
    area_list,
    base_list,
    numbered,
    region_name,
    shown_keys,
    table_of,
    visit_list,
    worst_list,
)
from coverage.faces.words import answer_listings
from coverage.faces.words.scenario_listing import comparison_list, gained_lines, spelled
from coverage.faces.words.siting_listing import alternative_lines, always_line, figures_line, model_line, site_list
from coverage.faces.words.unknowns import unknown_lines
from coverage.ground.quantities import Language, format_date
from coverage.ground.texts import say

__all__ = [
    "gains_nothing",
    "gap_section",
    "map_section",
    "next_section",
    "no_units",
    "plan_section",
    "scenario_section",
    "site_section",
]

_FIRST = 5
_ISLANDS = 5
_WORST = "name district regency travel_min nearest_name population"
_FIRSTS = "number base name district regency travel_min reasons"
_VISITS = "date team begin departure name district regency travel_min"


def map_section(answers: Answers, lang: Language, *, sources: str) -> list[Block]:
    """Draw the region with its units and what is proposed."""
    sites = [] if gains_nothing(answers.proposal) or answers.proposal is None else _sites(answers.proposal)
    picture = Picture(region_sheet(answers.gaps, lang, sites=sites, stops=_stops(answers.rankings)))
    return [Heading(say("report.map", lang)), picture, Paragraph(sources, small=True)]


def _sites(proposal: Proposal) -> list[Spot]:
    rows = proposal.sites.to_dict("records")
    return [Spot(float(row["lat"]), float(row["lon"]), number) for number, row in enumerate(rows, 1)]


def _stops(rankings: tuple[Ranking, ...]) -> list[Spot]:
    if len(rankings) == 1:
        rows = rankings[0].ranked.head(_FIRST).to_dict("records")
    else:
        rows = [one.ranked.iloc[0].to_dict() for one in rankings if not one.ranked.empty]
    return [Spot(float(row["lat"]), float(row["lon"]), number) for number, row in enumerate(rows, 1)]


def gap_section(report: GapReport, lang: Language) -> list[Block]:
    """Tell who is out of reach: by area, the longest journeys, the islands, and by wilayah kerja."""
    blocks: list[Block] = [Heading(say("report.gaps", lang))]
    listing = area_list(report, lang)
    keys = " ".join(column.key for column in listing.columns if column.key not in {"kode", "regency"})
    keys = shown_keys(report.study, keys)
    blocks.append(table_of(listing, lang, keys=keys, total=say("report.total", lang), sums=report.summary()))
    if report.study.units.empty:
        return [*blocks, Paragraph(no_units(report, lang))]
    worst = worst_list(report, lang)
    if not worst.frame.empty:
        blocks += [
            Paragraph(say("report.worst", lang, count=len(worst.frame)), strong=True),
            table_of(worst, lang, keys=shown_keys(report.study, _WORST)),
        ]
    islands = report.islands
    if not islands.empty:
        lines = [
            say("report.island", lang, **{key: row[key] for key in ("villages", "name", "district", "regency")})
            for row in islands.head(_ISLANDS).to_dict("records")
        ]
        rest = islands.iloc[_ISLANDS:]
        if len(rest):
            lines.append(say("report.more_islands", lang, groups=len(rest), villages=int(rest["villages"].sum())))
        blocks += [Paragraph(say("report.islands", lang), strong=True), Bullets(tuple(lines))]
    owned = answer_listings.gap_responsible(report, lang)
    if len(owned.frame) > 1:
        keys = "name villages covered beyond_cutoff not_connected other_unit_nearer"
        blocks += [Paragraph(say("report.responsible", lang), strong=True), table_of(owned, lang, keys=keys)]
    return blocks


def no_units(report: GapReport, lang: Language) -> str:
    """Say that no unit serves the region."""
    return say("report.no_units", lang, region=region_name(report.study, lang))


def next_section(answers: Answers, lang: Language) -> list[Block]:
    """Tell where the Pokling goes next: the first of each base, or the first five of the only one."""
    blocks: list[Block] = [Heading(say("report.next", lang))]
    rankings = [one for one in answers.rankings if not one.ranked.empty]
    if not rankings:
        key = "no_base" if not answers.rankings else "no_candidates"
        return [*blocks, Paragraph(say(f"report.{key}", lang, region=region_name(answers.study, lang)))]
    day = format_date(answers.asked.as_of, lang, letter=True)
    rules = rankings[0].rules
    limits = say("report.next_limits", lang, rest=rules.rest_days, limit_min=rules.max_travel_min)
    if len(answers.rankings) > 1:
        blocks += [
            Paragraph(say("report.next_bases", lang, bases=len(rankings), day=day)),
            table_of(base_list(rankings, lang), lang, keys=shown_keys(answers.study, _FIRSTS)),
        ]
    else:
        base = str(answers.study.units.at[rankings[0].base, "name"])
        listing = answer_listings.ranking_list(rankings[0], lang, limit=_FIRST)
        blocks += [
            Paragraph(say("report.next_base", lang, base=base, day=day)),
            table_of(listing, lang, keys=shown_keys(answers.study, "rank name district regency travel_min reasons")),
        ]
    hints = tuple(hint.text(lang) for hint in rankings[0].hints)
    return [*blocks, *(Paragraph(one, small=True) for one in (*hints, limits))]


def plan_section(answers: Answers, lang: Language) -> list[Block]:
    """List the visits of the campaign that was handed in."""
    listing = visit_list(answers.study, answers.plan, lang)
    heading = Heading(say("report.plan", lang))
    if listing.frame.empty:
        return [heading, Paragraph(say("report.plan_empty", lang))]
    dates = listing.frame["date"]
    said = say(
        "report.plan_said_ferries" if answers.study.ferries_in_reach else "report.plan_said",
        lang,
        visits=len(listing.frame),
        first=format_date(dates.min().date(), lang, letter=True),
        last=format_date(dates.max().date(), lang, letter=True),
        zone=time_zone(answers.study.region.code[:2])[1],
    )
    return [heading, Paragraph(said), table_of(listing, lang, keys=shown_keys(answers.study, _VISITS))]


def gains_nothing(proposal: Proposal | None) -> bool:
    """Tell whether new units cover nobody more, where that is what was sought."""
    if proposal is None or not proposal.model.counts_only_covered:
        return False
    return int(proposal.sites["villages_newly_covered"].sum()) == 0


def site_section(answers: Answers, lang: Language) -> list[Block]:
    """Propose new units: where, what each brings, what else is as good, and how sure that is."""
    blocks: list[Block] = [Heading(say("report.site", lang))]
    proposal = answers.proposal
    if proposal is None:
        return [*blocks, *(Paragraph(one.text(lang)) for one in answers.no_proposal)]
    if gains_nothing(proposal):
        smaller = proposal.question.cutoff_min / 3
        said = say("report.site_nothing", lang, cutoff_min=proposal.question.cutoff_min, smaller_min=smaller)
        return [*blocks, Paragraph(said)]
    listing = numbered(site_list(proposal, lang, located=False), lang)
    keys = "number name district regency villages_newly_covered population_newly_covered referral_name referral_min"
    blocks += [Paragraph(f"{listing.title}.", strong=True), Paragraph(model_line(proposal, lang))]
    blocks.append(table_of(listing, lang, keys=shown_keys(answers.study, keys), total=say("report.total", lang)))
    lines = [
        say("report.before", lang, figures=figures_line(proposal, lang, after=False)),
        say("report.after", lang, figures=figures_line(proposal, lang, after=True)),
    ]
    blocks.append(Bullets(tuple(lines)))
    if len(proposal.found.sets) > 1:
        further = (*alternative_lines(proposal, lang), always_line(proposal, lang))
        blocks += [Paragraph(say("siting.alternatives", lang), strong=True), Bullets(further)]
    return [*blocks, Bullets(tuple(note.text(lang) for note in proposal.notes), small=True)]


def scenario_section(found: Comparison, lang: Language) -> list[Block]:
    """Lay scenarios side by side, the figures of the whole region only."""
    listing = spelled(comparison_list(found, lang), lang, part=PARTS[0])
    table = table_of(listing, lang)
    return [
        Heading(say("report.scenarios", lang)),
        Paragraph(f"{listing.title}.", strong=True),
        Bullets(tuple(_units_of(answer, name, lang) for answer, name in zip(found.answers, found.names, strict=True))),
        replace(table, right=(False, *(True for _ in table.labels[1:]))),
        Bullets((*gained_lines(found, lang), *unknown_lines(listing, lang))),
    ]


def _units_of(answer: ScenarioAnswer, name: str, lang: Language) -> str:
    """Say which units a scenario adds, closes and moves: without them its figures mean nothing."""
    before, after = answer.before.study.units, answer.after.study.units
    village = {kode: f"{row['name']} ({kode})" for kode, row in answer.after.villages[["name"]].iterrows()}
    fresh = [village.get(kode, kode) for kode in after.loc[~after.index.isin(before.index), "kode"]]
    closed = [str(one) for one in before.loc[~before.index.isin(after.index), "name"]]
    both = before.index.intersection(after.index)
    moved = [
        say("report.moved", lang, unit=after.at[id_, "name"], to=village.get(after.at[id_, "kode"], ""))
        for id_ in both[before.loc[both, "kode"] != after.loc[both, "kode"]]
    ]
    parts = {"adds": ", ".join(fresh), "closes": ", ".join(closed), "moves": ", ".join(moved)}
    told = [say(f"report.scenario_{key}", lang, names=names) for key, names in parts.items() if names]
    return f"{name}: {'; '.join(told) or say('report.scenario_same', lang)}."
