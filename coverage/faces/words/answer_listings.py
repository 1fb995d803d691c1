"""The answers as tables with labels and words: one place for the command line, the dashboard and the files."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from coverage import __version__
from coverage.answers.gaps import GapReport
from coverage.answers.neighbours import lead, said_first
from coverage.answers.study import Study, cells
from coverage.answers.travel import travel_notes
from coverage.faces.words.answer_columns import column as column  # noqa: PLC0414 - who lists an answer asks here
from coverage.faces.words.answer_columns import table_column
from coverage.faces.words.columns import Column, Listing, boxes
from coverage.faces.words.unit_facts import carried_line
from coverage.ground.quantities import Language, format_date, format_duration, format_number
from coverage.ground.texts import say
from coverage.places.schemas.cell_kinds import is_blank, text_of
from coverage.places.schemas.unit_columns import UNITS
from coverage.travel.reach import STATES

if TYPE_CHECKING:
    import geopandas as gpd

    from coverage.answers.pokling import Ranking
    from coverage.answers.whatif import WhatIf


def _columns(keys: str, lang: Language, *, state: str = "") -> list[Column]:
    return [column(key, lang, state=state if key in {"travel_min", "travel_km"} else "") for key in keys.split()]


def tiers(study: Study, lang: Language) -> str:
    """Say which tiers of data an answer stands on, and which version gave it."""
    return say(
        "columns.tiers",
        lang,
        boundaries=say(f"columns.boundary_{study.boundary_tier}", lang),
        travel=say(f"columns.tier_{study.travel_tier}", lang),
        version=__version__,
    )


def led(study: Study, finding: str, lang: Language) -> str:
    """Put before a finding that the region has no unit of its own, where that is so."""
    first = lead(study)
    return finding if first is None else f"{first.text(lang)} {finding}"


def first_notes(study: Study, lang: Language) -> list[str]:
    """Say whose units answer for a region without its own, and what to import; empty where it has its own."""
    return [one.text(lang) for one in said_first(study)]


def says_first(study: Study, lang: Language) -> dict[str, str]:
    """Give the same as the first entry of a JSON answer; nothing where the region has units of its own."""
    said = first_notes(study, lang)
    return {"says_first": " ".join(said)} if said else {}


def gap_title(report: GapReport, lang: Language) -> str:
    """Say the finding in one line."""
    out = len(report.villages) - int((report.villages["state"] == STATES[0]).sum())
    finding = say(
        "columns.gap_title" if out else "columns.gap_title_none",
        lang,
        out=out,
        villages=len(report.villages),
        region=report.study.region.name,
        cutoff_min=report.cutoff_min,
    )
    return led(report.study, finding, lang)


def gap_villages(report: GapReport, lang: Language) -> Listing:
    """List every village with its nearest unit, minutes and state."""
    keys = (
        "kode name kind district regency province lat lon state nearest_unit nearest_name travel_min travel_km "
        "ferry_legs responsible_unit responsible_name responsible_min responsible_state population population_source"
    )
    return Listing(
        _columns(keys, lang, state="state"),
        report.villages.reset_index(),
        title=gap_title(report, lang),
        subtitle=(tiers(report.study, lang),),
        footnotes=[note.text(lang) for note in report.notes],
    )


def gap_regencies(report: GapReport, lang: Language) -> Listing:
    """List the sums by kab/kota."""
    keys = "kode name villages covered beyond_cutoff not_connected units population population_covered"
    return Listing(
        _columns(keys, lang),
        report.by_regency,
        title=gap_title(report, lang),
        subtitle=(tiers(report.study, lang),),
        footnotes=[note.text(lang) for note in report.notes],
    )


def gap_districts(report: GapReport, lang: Language) -> Listing:
    """List the sums by kecamatan."""
    keys = "kode name regency villages covered beyond_cutoff not_connected units population population_covered"
    return Listing(_columns(keys, lang), report.by_district, title=gap_title(report, lang))


def gap_responsible(report: GapReport, lang: Language) -> Listing:
    """List the sums by responsible unit (wilayah kerja)."""
    keys = "unit name villages covered beyond_cutoff not_connected other_unit_nearer"
    return Listing(_columns(keys, lang), report.by_responsible, title=gap_title(report, lang))


def ranking_title(ranking: "Ranking", lang: Language) -> str:
    """Say where the Pokling goes next in one line."""
    region = ranking.study.region.name
    if ranking.ranked.empty:
        return led(ranking.study, say("columns.next_none", lang, region=region), lang)
    first = ranking.ranked.iloc[0]
    finding = say("columns.next_title", lang, name=first["name"], district=first["district"], region=region)
    return led(ranking.study, finding, lang)


def ranking_rows(ranking: "Ranking", lang: Language, *, limit: int | None = None) -> pd.DataFrame:
    """Give the first candidates with their reasons as one text."""
    table = ranking.ranked.head(limit if limit is not None else len(ranking.ranked)).reset_index()
    table["reasons"] = [" ".join(reason.text(lang) for reason in ranking.reasons(kode)) for kode in table["kode"]]
    return table


def ranking_list(ranking: "Ranking", lang: Language, *, limit: int | None = None, printed: bool = False) -> Listing:
    """List the next candidates for the Pokling; `printed` adds boxes to fill in by hand."""
    keys = "rank kode name kind district regency travel_min travel_km ferry_legs last_visit score reasons"
    if printed:
        keys = "kode name district regency travel_min travel_km last_visit reasons"
    study = ranking.study
    return Listing(
        [*_columns(keys, lang), *(boxes(lang) if printed else ())],
        ranking_rows(ranking, lang, limit=limit),
        title=ranking_title(ranking, lang),
        subtitle=(
            say(
                "columns.next_subtitle",
                lang,
                base=study.units.at[ranking.base, "name"],
                day=format_date(ranking.as_of, lang, weekday=True),
            ),
            tiers(study, lang),
            *filter(None, [carried_line(study.units.loc[ranking.base], lang, today=ranking.as_of)]),
        ),
        footnotes=(
            *first_notes(study, lang),
            say(
                "columns.next_footnote",
                lang,
                rest=ranking.rules.rest_days,
                limit_min=ranking.rules.max_travel_min,
                cutoff_min=ranking.rules.cutoff_min,
            ),
            *(hint.text(lang) for hint in (*ranking.hints, *travel_notes(study))),
        ),
    )


def whatif_title(answer: "WhatIf", lang: Language) -> str:
    """Say what the change brings in one line."""
    gained, lost = len(answer.newly_covered), len(answer.no_longer_covered)
    finding = say("columns.whatif_title", lang, gained=gained, lost=lost, cutoff_min=answer.after.cutoff_min)
    return led(answer.before.study, finding, lang)


def whatif_notes(answer: "WhatIf", lang: Language) -> list[str]:
    """Say what a reader of a change must know."""
    study = answer.before.study
    return [*first_notes(study, lang), *(note.text(lang) for note in travel_notes(study))]


def whatif_villages(answer: "WhatIf", lang: Language) -> Listing:
    """List every village whose minutes or state changed."""
    keys = "kode name district regency before_state after_state before_min after_min before_unit after_unit population"
    return Listing(
        _columns(keys, lang),
        answer.changes.reset_index(),
        title=whatif_title(answer, lang),
        subtitle=(tiers(answer.after.study, lang),),
        footnotes=whatif_notes(answer, lang),
    )


def whatif_regencies(answer: "WhatIf", lang: Language, *, lost: bool = False) -> Listing:
    """List newly covered villages and persons by kab/kota, or those no longer covered."""
    return Listing(
        _columns("kode name villages population", lang), answer.by_regency(lost=lost), title=whatif_title(answer, lang)
    )


def unit_list(study: Study, lang: Language, *, only_region: bool = True) -> Listing:
    """List the units of a region."""
    units = study.units[study.units["in_region"]] if only_region else study.units
    shown = UNITS.shown("listing")
    table = units.reset_index()
    table = table.assign(
        **{one.name: table[one.name].map(text_of) for one in shown if isinstance(UNITS.blank(one.name), tuple)}
    )
    columns = [table_column(one, lang) for one in shown]
    columns.insert([one.name for one in shown].index("kode"), column("regency", lang))
    return Listing(columns, table, title=say("columns.units_title", lang, region=study.region.name))


def filled_columns(listing: Listing) -> Listing:
    """Leave out of a list of units the later columns that none of its rows fills: a terminal is narrow."""
    later = [entry.key for entry in listing.columns if entry.key in UNITS.held and UNITS[entry.key].later]
    blank = {key for key in later if all(is_blank(value) for value in listing.frame[key])}
    return replace(listing, columns=[entry for entry in listing.columns if entry.key not in blank])


def village_list(study: Study, lang: Language) -> Listing:
    """List the villages of a region."""
    keys = "kode name kind district regency province lat lon elevation_m population population_source vulnerability"
    return Listing(
        _columns(keys, lang),
        study.villages.reset_index(),
        title=say("columns.villages_title", lang, region=study.region.name),
    )


def with_areas(listing: Listing, study: Study) -> "gpd.GeoDataFrame":
    """Join the village areas to a listing that has a ``kode``; EPSG:4326."""
    import geopandas as gpd  # noqa: PLC0415 - only who writes areas waits for it

    areas = cells(study)["geometry"]
    table = listing.frame
    return gpd.GeoDataFrame(table, geometry=areas.reindex(table["kode"]).to_numpy(), crs="EPSG:4326")


def with_points(listing: Listing) -> "gpd.GeoDataFrame":
    """Put the rows of a listing that has ``lat`` and ``lon`` on points; EPSG:4326."""
    import geopandas as gpd  # noqa: PLC0415 - only who writes points waits for it

    table = listing.frame
    return gpd.GeoDataFrame(table, geometry=gpd.points_from_xy(table["lon"], table["lat"]), crs="EPSG:4326")


def as_text(listing: Listing, lang: Language, *, most: int = 40) -> str:
    """Lay a listing out for a terminal."""
    shown = listing.frame.head(most)
    if shown.empty:
        return say("reports.no_rows", lang)
    cells_of = [[cell_words(entry, value, lang) for value in shown[entry.key]] for entry in listing.columns]
    labels = [entry.label for entry in listing.columns]
    widths = [max([len(label), *map(len, cells_)]) for label, cells_ in zip(labels, cells_of, strict=True)]
    right = [entry.kind in {"integer", "decimal", "minutes", "km"} for entry in listing.columns]

    def line(texts: list[str]) -> str:
        return "  ".join(
            text.rjust(width) if flush else text.ljust(width)
            for text, width, flush in zip(texts, widths, right, strict=True)
        ).rstrip()

    rows = [line(labels), *(line([cells_[row] for cells_ in cells_of]) for row in range(len(shown)))]
    if len(listing.frame) > most:
        rows.append(say("columns.more_rows", lang, rest=len(listing.frame) - most))
    return "\n".join(rows)


def cell_words(entry: Column, value: Any, lang: Language) -> str:
    """Write one cell of a listing as a person reads it; what is not known is a dash."""
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return "-"
    if isinstance(value, str):
        return entry.words.get(value, value)
    if entry.kind == "minutes":
        return format_duration(float(value), lang)
    if entry.kind == "date":
        return format_date(pd.Timestamp(value).date(), lang)
    decimals = {"integer": 0, "km": 1}.get(entry.kind, entry.decimals)
    number = float(value)
    return "-" if number == float("inf") else format_number(number, lang, decimals=decimals)
