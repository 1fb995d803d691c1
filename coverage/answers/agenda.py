"""What a planner does next in a region: a few steps, the most useful first, each with the figure that calls for it."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from coverage.answers.gaps import GapReport
from coverage.answers.neighbours import has_own_unit
from coverage.answers.pokling import Rules, rank
from coverage.answers.study import Study
from coverage.answers.target_progress import periods_held, progress
from coverage.ground.texts import Message
from coverage.places.schemas.unit_columns import LOCATION_QUALITIES
from coverage.places.villages import mask_in_region
from coverage.places.workspace import Workspace
from coverage.travel.reach import STATES

__all__ = ["Step", "Subject", "agenda", "held_visits", "uncovered_areas"]

Subject = Literal["units", "visit", "targets", "site", "ferries", "verify", "record"]
RECENT_DAYS = 90
"""Days after which the last recorded visit says more about the records than about the Pokling."""


@dataclass(frozen=True)
class Step:
    """One thing to do: what it is about, and the sentence that says it; ``kode`` is the village it concerns, if one."""

    subject: Subject
    said: Message
    kode: str = ""


def agenda(
    report: GapReport, base: str | None, as_of: dt.date, *, workspace: Workspace | None = None
) -> tuple[Step, ...]:
    """List what is to be done next.

    Parameters
    ----------
    report
        The gaps of a region.
    base
        Unit that the Pokling starts from; None where no unit can be it.
    as_of
        The day of planning.
    workspace
        Where targets are held; by default the user's own.

    Returns
    -------
    tuple
        At most one step a subject; empty where nothing calls for anything.
    """
    study = report.study
    if study.units.empty:
        return (Step("units", Message.of("agenda.units", region=study.region.name)),)
    steps = (
        _units(study),
        _visit(report, base, as_of),
        _targets(study, as_of, workspace),
        _site(report),
        _ferries(report),
        _verify(study),
        _record(study, as_of),
    )
    return tuple(step for step in steps if step is not None)


def held_visits(study: Study, as_of: dt.date) -> pd.DataFrame:
    """Give the visits held in the region up to a day, the last first: ``kode``, ``date``, ..., and ``name``."""
    visits = study.visits
    inside = visits[mask_in_region(pd.Index(visits["kode"]), study.region.code)]
    past = inside[inside["date"] <= pd.Timestamp(as_of)].sort_values(["date", "kode"], ascending=[False, True])
    return past.assign(name=study.villages["name"].reindex(past["kode"]).to_numpy())


def uncovered_areas(report: GapReport) -> pd.DataFrame:
    """Give the areas with people out of reach, the most people first.

    Returns
    -------
    DataFrame
        By kab/kota, or by kecamatan where the region is a kab/kota: ``kode``, ``name``, ``villages_out`` and
        ``population_out`` (persons beyond the cutoff or not connected; NaN not known), ``covered_share`` of the people,
        of the villages where people are not known.
    """
    table = report.by_regency if report.study.region.level == "province" else report.by_district
    out = pd.DataFrame(
        {
            "kode": table["kode"],
            "name": table["name"],
            "villages_out": table["villages"] - table[STATES[0]],
            "population_out": table["population"] - table["population_covered"],
            "covered_share": (table["population_covered"] / table["population"]).fillna(
                table[STATES[0]] / table["villages"]
            ),
        }
    )
    out = out[out["villages_out"] > 0]
    order = ["population_out", "villages_out", "kode"]
    return out.sort_values(order, ascending=[False, False, True]).reset_index(drop=True)


def _units(study: Study) -> Step | None:
    """Ask for units where the region has none of its own: others answer for it, but not for long."""
    if has_own_unit(study):
        return None
    return Step("units", Message.of("agenda.units_own", region=study.region.name, units=len(study.units)))


def _visit(report: GapReport, base: str | None, as_of: dt.date) -> Step | None:
    if base is None:
        return None
    ranking = rank(report.study, base, as_of, rules=Rules(cutoff_min=report.cutoff_min))
    if ranking.ranked.empty:
        return None
    kode = str(ranking.ranked.index[0])
    first = ranking.ranked.iloc[0]
    said = Message.of(
        "agenda.visit",
        name=first["name"],
        district=first["district"],
        base=report.study.units.at[base, "name"],
        travel_min=float(first["travel_min"]),
        nearest_min=float(first["nearest_min"]),
    )
    return Step("visit", said, kode)


def _targets(study: Study, as_of: dt.date, workspace: Workspace | None) -> Step | None:
    """Name what is behind in a period that still runs: what is over cannot be caught up."""
    region = study.region.code
    for period in periods_held(region, workspace=workspace):
        rows = progress(region, period=period, as_of=as_of, workspace=workspace).judged
        behind = rows.loc[rows["state"] == "behind", "indicator"]
        if not behind.empty:
            names = ", ".join(dict.fromkeys(behind))
            return Step("targets", Message.of("agenda.targets", names=names, count=behind.nunique()))
    return None


def _site(report: GapReport) -> Step | None:
    areas = uncovered_areas(report)
    if areas.empty:
        return None
    first = areas.iloc[0]
    key = "agenda.site_villages" if pd.isna(first["population_out"]) else "agenda.site"
    persons = {} if pd.isna(first["population_out"]) else {"persons": int(first["population_out"])}
    return Step("site", Message.of(key, area=first["name"], villages=int(first["villages_out"]), **persons))


def _ferries(report: GapReport) -> Step | None:
    cut_off = report.villages["state"] == STATES[2]
    if not cut_off.any():
        return None
    people = report.villages.loc[cut_off, "population"]
    if people.notna().any():
        persons = int(people.sum())
        return Step("ferries", Message.of("agenda.ferries", villages=int(cut_off.sum()), persons=persons))
    return Step("ferries", Message.of("agenda.ferries_villages", villages=int(cut_off.sum())))


def _verify(study: Study) -> Step | None:
    inside = study.units[study.units["in_region"]]
    unsure = int((inside["location_quality"] == LOCATION_QUALITIES[-1]).sum())
    return Step("verify", Message.of("agenda.verify", units=unsure)) if unsure else None


def _record(study: Study, as_of: dt.date) -> Step | None:
    visits = held_visits(study, as_of)
    if visits.empty:
        return Step("record", Message.of("agenda.record_none"))
    last = visits.iloc[0]["date"].date()
    days = (as_of - last).days
    return Step("record", Message.of("agenda.record", day=last, days=days)) if days > RECENT_DAYS else None
