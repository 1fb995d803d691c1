"""A report put together: the head of the letter, the sections in the order they are read, sources, signatures."""

from coverage import __version__
from coverage.answers.scenarios.run import inputs_digest
from coverage.answers.study import Study
from coverage.faces.files.document import Block, Bullets, Command, Document, Heading, Paragraph, Signatures
from coverage.faces.files.letters import one_line
from coverage.faces.report.answers import Answers
from coverage.faces.report.findings import summary
from coverage.faces.report.sections import (
    gap_section,
    map_section,
    next_section,
    plan_section,
    scenario_section,
    site_section,
)
from coverage.faces.report.tables import region_name, table_of
from coverage.faces.words import answer_listings
from coverage.faces.words.travel_listings import road_source
from coverage.ground.quantities import Language, format_date
from coverage.ground.registry import entries
from coverage.ground.texts import Message, listed, say

__all__ = ["report_document"]

_DATA = ("villages", "land", "proximity", "units", "population", "vulnerability", "visits", "ferries")
_ON_MAP = ("villages", "land")
_SAID = frozenset(
    {"gaps.note_island", "gaps.note_more_islands", "neighbours.lead_none", "neighbours.first", "neighbours.remedy"}
)
_UNITS = 12


def report_document(answers: Answers, lang: Language, *, again: str) -> Document:
    """Put a report together.

    Parameters
    ----------
    again
        What is typed to get the same report again; "" where no command can.
    """
    study = answers.study
    office = one_line(answers.asked.office)
    title, region = say("report.title", lang), region_name(study, lang)
    day = format_date(answers.asked.as_of, lang, letter=True)
    blocks: list[Block] = [Heading(say("report.summary", lang)), Paragraph(summary(answers, lang))]
    blocks += map_section(answers, lang, sources=_map_sources(study, lang))
    blocks += gap_section(answers.gaps, lang)
    blocks += next_section(answers, lang)
    if answers.plan:
        blocks += plan_section(answers, lang)
    if answers.asked.question is not None:
        blocks += site_section(answers, lang)
    if answers.comparison is not None:
        blocks += scenario_section(answers.comparison, lang)
    if answers.targets is not None:
        blocks.append(Heading(say("report.targets", lang)))
        blocks += [Paragraph(one) for one in answers.targets.said]
        blocks.append(table_of(answers.targets.listing, lang))
    blocks += [*_data(answers, lang), *_again(study, again, lang), _signed(office, lang)]
    return Document(
        office=office,
        title=title,
        region=region,
        fields=(
            (say("report.number", lang), ""),
            (say("report.date", lang), day),
            (say("report.region", lang), f"{region} ({study.region.code})"),
            (say("report.cutoff", lang), say("report.cutoff_said", lang, cutoff_min=answers.asked.cutoff_min)),
        ),
        day=answers.asked.as_of,
        running=f"{title}, {region}, {day}",
        page=say("reports.page", lang, page="{page}", pages="{pages}"),
        blocks=_numbered(blocks),
        lang=lang,
    )


def _numbered(blocks: list[Block]) -> tuple[Block, ...]:
    """Give each heading its number."""
    found: list[Block] = []
    number = 0
    for block in blocks:
        if isinstance(block, Heading):
            number += 1
            found.append(Heading(f"{number}. {block.text}"))
        else:
            found.append(block)
    return tuple(found)


def _map_sources(study: Study, lang: Language) -> str:
    known = entries()
    shipped = [f"{known[name].attribution}, {known[name].version}" for name in _ON_MAP]
    sources = "; ".join([*shipped, *(road_source(one, lang) for one in study.roads.sources)])
    return f"{answer_listings.tiers(study, lang)} {say('dashboard.sources', lang, sources=sources)}"


def _data(answers: Answers, lang: Language) -> list[Block]:
    """Say what the figures stand on: tiers, assumptions, units counted, sources with their licence."""
    study, known = answers.study, entries()
    notes = [note.text(lang) for note in answers.gaps.notes if note.key not in _SAID]
    notes += [_counted(study, lang)] if not study.units.empty else []
    sources = [
        say(
            "report.source",
            lang,
            what=say(f"report.data_{name}", lang),
            attribution=known[name].attribution,
            version=known[name].version,
            licence=known[name].licence,
        )
        for name in _DATA
    ]
    return [
        Heading(say("report.data", lang)),
        Paragraph(answer_listings.tiers(study, lang)),
        Bullets(tuple(notes), small=True),
        Paragraph(say("report.sources", lang), strong=True),
        Bullets((*sources, *(road_source(one, lang) for one in study.roads.sources)), small=True),
    ]


def _counted(study: Study, lang: Language) -> str:
    names = listed([str(name) for name in study.units["name"]], _UNITS)
    return Message.of("report.units_counted", names=names).text(lang)


def _again(study: Study, again: str, lang: Language) -> list[Block]:
    shipped = "; ".join(f"{name} {entries()[name].sha256[:16]}" for name in _DATA)
    how: list[Block] = [Paragraph(say("report.again_not", lang))]
    if again:
        how = [Paragraph(say("report.again", lang), strong=True), Command(again)]
    return [
        *how,
        Paragraph(
            say("report.digests", lang, version=__version__, digest=inputs_digest(study), shipped=shipped), small=True
        ),
    ]


def _signed(office: str, lang: Language) -> Signatures:
    head = say("report.head_of", lang, office=office) if office else say("report.head", lang)
    return Signatures(
        ((say("plan.signed_by", lang),), (say("report.knowing", lang), head)),
        say("reports.sign_place", lang),
        say("reports.sign_name", lang),
    )
