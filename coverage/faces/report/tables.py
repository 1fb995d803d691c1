"""Listings as tables on paper: the columns that fit a page, each cell as it is read, and the row of sums."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from coverage.answers.gaps import GapReport
from coverage.answers.pokling import Ranking
from coverage.answers.study import Study
from coverage.answers.tours.plan import PlannedDay
from coverage.faces.files.document import Table
from coverage.faces.words import answer_listings
from coverage.faces.words.columns import Column, Listing
from coverage.ground.quantities import Language
from coverage.ground.texts import say
from coverage.travel.reach import STATES

__all__ = ["area_list", "base_list", "numbered", "region_name", "shown_keys", "table_of", "visit_list", "worst_list"]

_RIGHT = frozenset({"integer", "decimal", "minutes", "km", "percent"})
_WORST = 10
NUMBER = "number"


def table_of(
    listing: Listing, lang: Language, *, keys: str = "", total: str = "", sums: Mapping[str, object] | None = None
) -> Table:
    """Write a listing as a table.

    Parameters
    ----------
    keys
        The columns shown, in order; by default all.
    total
        Name of the row of sums of the whole numbers; "" for none.
    sums
        The sums of the rows.
    """
    known = {column.key: column for column in listing.columns}
    columns = [known[key] for key in keys.split()] if keys else list(listing.columns)
    cells = [[_cell(column, value, lang) for value in listing.frame[column.key]] for column in columns]
    last: tuple[str, ...] = ()
    if total and len(listing.frame) > 1:
        known_sums = sums or {}
        last = tuple(_sum(column, listing.frame, known_sums, lang) for column in columns)
        named = next(place for place, column in enumerate(columns) if column.kind == "text")
        last = (*last[:named], total, *last[named + 1 :])
    return Table(
        tuple(column.label for column in columns),
        tuple(zip(*cells, strict=True)),
        tuple(column.kind in _RIGHT for column in columns),
        last,
    )


def _cell(column: Column, value: object, lang: Language) -> str:
    words = answer_listings.cell_words(column, value, lang)
    return words.replace("Kabupaten ", "Kab. ", 1) if words.startswith("Kabupaten ") else words


def _sum(column: Column, frame: pd.DataFrame, sums: Mapping[str, object], lang: Language) -> str:
    if column.kind != "integer" or column.key == NUMBER:
        return ""
    return answer_listings.cell_words(column, sums.get(column.key, frame[column.key].sum(min_count=1)), lang)


def numbered(listing: Listing, lang: Language) -> Listing:
    """Give each row the number it has on the map."""
    frame = listing.frame.reset_index(drop=True)
    frame.insert(0, NUMBER, range(1, len(frame) + 1))
    first = Column(NUMBER, say("reports.number", lang), "integer")
    return replace(listing, columns=[first, *listing.columns], frame=frame)


def region_name(study: Study, lang: Language) -> str:
    """Name the region as it stands in a title."""
    name = study.region.name
    return say("report.district", lang, name=name) if study.region.level == "district" else name


def area_list(report: GapReport, lang: Language) -> Listing:
    """List the sums by the largest areas that there are several of; the same rows as ``jangkau gaps``.

    Where no unit can be reached, the states are no finding and stay out.
    """
    listing = answer_listings.gap_regencies(report, lang)
    if report.study.region.level != "province":
        listing = answer_listings.gap_districts(report, lang)
    if not report.study.units.empty:
        return listing
    kept = [column for column in listing.columns if column.key not in {*STATES, "units", "population_covered"}]
    return Listing(kept, listing.frame, title=listing.title)


def worst_list(report: GapReport, lang: Language) -> Listing:
    """List the connected villages with the longest journeys."""
    rows = report.villages[report.villages["state"] != STATES[2]]
    order = rows.reset_index().sort_values(["travel_min", "kode"], ascending=[False, True])
    keys = "name district regency travel_min nearest_name population"
    return Listing(
        [answer_listings.column(key, lang) for key in keys.split()], order.head(_WORST).reset_index(drop=True)
    )


def shown_keys(study: Study, keys: str) -> str:
    """Leave out of a table what is the same in every row, and people where nobody knows how many.

    Parameters
    ----------
    keys
        Of the columns, parted by blanks.
    """
    out = {"province": set(), "regency": {"regency"}}.get(study.region.level, {"regency", "district"})
    if study.villages["population"].isna().all():
        out |= {"population", "population_covered", "population_newly_covered"}
    return " ".join(key for key in keys.split() if key not in out)


def base_list(rankings: Sequence[Ranking], lang: Language) -> Listing:
    """List the first proposal of each base, with its reasons; a base without one stays out."""
    rows = []
    for ranking in rankings:
        table = answer_listings.ranking_rows(ranking, lang, limit=1)
        table.insert(0, "base", str(ranking.study.units.at[ranking.base, "name"]))
        rows.append(table)
    keys = "name district regency travel_min reasons"
    columns = [Column("base", say("report.base", lang)), *(answer_listings.column(key, lang) for key in keys.split())]
    return numbered(Listing(columns, pd.concat(rows, ignore_index=True)), lang)


def visit_list(study: Study, plan: Sequence[PlannedDay], lang: Language) -> Listing:
    """List the visits of a campaign that were held or are still to be."""
    villages = study.villages
    rows = [
        {
            "date": pd.Timestamp(day.date),
            "team": day.team,
            "begin": _clock(stop.begin_min),
            "departure": _clock(stop.departure_min),
            "name": villages.at[stop.kode, "name"],
            "district": villages.at[stop.kode, "district"],
            "regency": villages.at[stop.kode, "regency"],
            "travel_min": float(stop.drive_min),
        }
        for day in plan
        for stop in day.stops
        if stop.counts
    ]
    keys = "date team begin departure name district regency travel_min"
    texts = dict.fromkeys(("begin", "departure", "name", "district", "regency"), "text")
    kinds = {"date": "date", "team": "integer", "travel_min": "minutes", **texts}
    words = {"begin": "plan.pdf_begin", "departure": "plan.pdf_departure"}
    columns = [
        Column(key, say(words.get(key, f"columns.{key}"), lang), kinds[key])  # type: ignore[arg-type]
        for key in keys.split()
    ]
    return Listing(columns, pd.DataFrame(rows, columns=keys.split()))


def _clock(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours % 24:02d}.{rest:02d}"
