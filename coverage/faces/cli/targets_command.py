"""``jangkau targets``: how far offices are with their targets, and single figures entered or taken out."""

import math
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import pandas as pd

from coverage import __version__
from coverage.answers.scenarios.toml_file import scenario_from_toml
from coverage.answers.target_plans import NOTHING, Intended, additions, intended, new_units
from coverage.answers.target_progress import Progress, periods_held, progress
from coverage.faces.cli.flag_values import given_file, read_number
from coverage.faces.cli.flags import Answered, Day, Place, Some, each, flag, flag_group, format_flag, output_flag
from coverage.faces.cli.output import deliver, makers, records
from coverage.faces.files.all_formats import FORMATS
from coverage.faces.plan.plan_file import planned_visits
from coverage.faces.words import answer_listings
from coverage.faces.words.columns import Listing
from coverage.faces.words.targets_listing import (
    SHOWN,
    addition_lines,
    elapsed_line,
    laid_out,
    period_name,
    progress_list,
    progress_title,
    recorded_line,
)
from coverage.ground.errors import InputError, PlannerError
from coverage.ground.registry import entries
from coverage.ground.texts import Language, Message, say
from coverage.places.importing.preview import OFFICE
from coverage.places.indicators import indicator_of, unit_of
from coverage.places.periods import half_of, period_key
from coverage.places.targets import KEYS, PUBLISHED, area_name, is_reported
from coverage.places.villages import find_region
from coverage.places.workspace import Location, Workspace


def read_per_visit(text: str) -> tuple[str, float]:
    """Read what each visit counts for: ``SIL=5``.

    Raises
    ------
    PlannerError
        If it cannot be read so.
    """
    name, _, each = text.partition("=")
    if not name.strip() or not each.strip():
        raise PlannerError(Message.of("targets.bad_per_visit", value=text))
    return name.strip(), read_number(each.strip())


@flag_group
class Planned:
    """What is planned, and what a visit of it counts for."""

    plan: Annotated[Path | None, flag(given_file, metavar="RENCANA.json", text="targets_plan")] = None
    scenario: Annotated[Path | None, flag(given_file, metavar="NAME.toml", text="targets_scenario")] = None
    per_visit: Annotated[tuple[tuple[str, float], ...], flag(each(read_per_visit), metavar="INDIKATOR=N")] = ()


@flag_group
class Figure:
    """One figure to enter, or to take out."""

    indicator: Annotated[str | None, flag(name="--set", metavar="INDIKATOR", text="targets_set")] = None
    achieved: Some = None
    target: Some = None
    unit: Annotated[str | None, flag(metavar="SATUAN", text="targets_unit")] = None
    source: Annotated[str | None, flag(metavar="SUMBER", text="targets_source")] = None
    remove: Annotated[str | None, flag(metavar="INDIKATOR", text="targets_remove")] = None


_FORMATS = tuple(word for word in FORMATS.words("list") if word != "geojson")


@flag_group
class TargetsOutput:
    """In which format targets are written, and where to; they have no areas."""

    format: Annotated[str | None, format_flag(_FORMATS)] = None
    output: Annotated[Path | None, output_flag(FORMATS.endings("list"))] = None


@flag_group
class TargetsAsked:
    """The flags of ``jangkau targets``."""

    place: Place
    period: Annotated[str, flag(metavar="PERIODE", text="targets_period")] = ""
    as_of: Annotated[Day, flag(text="targets_as_of")] = None
    planned: Planned = Planned()
    figure: Figure = Figure()
    written: TargetsOutput = TargetsOutput()


def run(asked: TargetsAsked, *, lang: Answered) -> None:
    """Answer ``jangkau targets``; ``--set`` and ``--remove`` change the workspace first.

    Raises
    ------
    InputError
        If no figures are held for the region and period, or what was given does not fit.
    """
    workspace = Workspace.open(asked.place.office.workspace)
    changed = _change(asked, workspace, lang)
    found = progress(asked.place.region, period=asked.period, as_of=asked.as_of, workspace=workspace)
    if found.rows.empty:
        if changed:
            return
        raise _nothing(found, asked.period, workspace, lang)
    planned = _planned(asked.planned, found, asked.place.office.workspace)
    added = additions(found, planned or NOTHING, dict(asked.planned.per_visit))
    told = [] if planned is None else addition_lines(found, planned, added, lang)
    listing = progress_list(found, lang)
    deliver(
        asked.written,
        lang,
        makers(
            listing,
            lang,
            sheet=progress_list(found, lang, paper=True),
            text=lambda: _text(found, told, lang),
            answer=lambda: {
                "region": found.region.code,
                "name": found.region.name,
                "as_of": found.as_of.isoformat(),
                "finding": progress_title(found, lang),
                "indicators": records(found.rows),
                "recorded_in_workspace": records(found.recorded),
                "plan": None if planned is None else {"adds": records(added), "in_words": told},
                "notes": list(listing.footnotes),
                "provenance": {
                    "version": __version__,
                    "data": {name: entries()[name].sha256[:16] for name in PUBLISHED},
                },
            },
        ),
    )


def _text(found: Progress, told: list[str], lang: Language) -> str:
    lines = [f"{progress_title(found, lang)}."]
    several = found.rows["scope"].ne("region").any()
    table = laid_out(found, lang, ("area", *SHOWN) if several else SHOWN)
    for period in dict.fromkeys(found.rows["period"]):
        rows = table.frame[found.rows["period"] == period]
        lines += ["", elapsed_line(found, period, lang)]
        lines += [answer_listings.as_text(Listing(table.columns, rows), lang, most=len(rows))]
    lines += ["", *(f"- {note}" for note in progress_list(found, lang).footnotes)]
    lines += [f"- {recorded_line(found, lang)}"]
    if told:
        lines += ["", say("targets.plan_head", lang), *(f"- {line}" for line in told)]
    return "\n".join(lines)


def _nothing(found: Progress, period: str, workspace: Workspace, lang: Language) -> InputError:
    held = periods_held(found.region.code, workspace=workspace)
    name = f"{found.region.name} ({found.region.code})"
    if held:
        values = {"period": period_name(period, lang), "region": name, "held": ", ".join(held)}
        return InputError(Message.of("targets.none_in_period", **values))
    now = half_of(found.as_of).key
    return InputError(Message.of("targets.none_held", region=name, kode=found.region.code, period=now))


def _planned(files: Planned, found: Progress, workspace: Location | None) -> Intended | None:
    """Read what is planned; None where neither a plan nor a scenario was given."""
    if files.plan is None and files.scenario is None:
        return None
    planned = NOTHING
    if files.plan is not None:
        theirs, stops = planned_visits(_content(files.plan, "plan.bad_file", "path"), files.plan.name)
        planned = intended(found, visits=stops, plan_region=theirs)
    if files.scenario is not None:
        content = _content(files.scenario, "targets.unreadable_scenario", "file")
        scenario = scenario_from_toml(content, files.scenario.name)
        found_units = new_units(scenario, workspace=workspace)
        units = intended(found, units=found_units, plan_region=scenario.region).new_units
        planned = replace(planned, new_units=units)
    return planned


def _content(path: Path, key: str, name: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(Message.of(key, **{name: path.name})) from error


def _change(asked: TargetsAsked, workspace: Workspace, lang: Language) -> bool:
    """Enter or take out one figure; tells whether anything changed."""
    given = asked.figure
    if given.indicator is None and any(
        value is not None for value in (given.achieved, given.target, given.unit, given.source)
    ):
        raise InputError(Message.of("targets.amounts_alone"))
    if given.indicator is not None:
        _enter(asked, given.indicator, workspace, lang)
    if given.remove is not None:
        _remove(asked, given.remove, workspace, lang)
    return given.indicator is not None or given.remove is not None


def _enter(asked: TargetsAsked, name: str, workspace: Workspace, lang: Language) -> None:
    given, indicator = asked.figure, indicator_of(name)
    amounts = {"achieved": given.achieved, "target": given.target}
    if not asked.period.strip() or not indicator.name or set(amounts.values()) == {None}:
        raise InputError(Message.of("targets.set_needs", indicator=name))
    for amount, value in amounts.items():
        if value is not None and value < 0:
            raise InputError(Message.of("targets.not_amount", flag=f"--{amount}", value=f"{value:g}"))
    region = find_region(asked.place.region).code
    if not is_reported(region):
        raise InputError(Message.of("targets.area_too_small", area=asked.place.region))
    held = workspace.targets()
    key = (region, period_key(asked.period), indicator.name, unit_of(indicator, given.unit or ""))
    before = held[(held[list(KEYS)] == list(key)).all(axis=1)]
    row = {
        **dict(zip(KEYS, key, strict=True)),
        # Who enters one amount keeps the other.
        **{
            amount: value if value is not None else math.nan if before.empty else float(before[amount].iloc[0])
            for amount, value in amounts.items()
        },
        "source": given.source or OFFICE,
        "origin": OFFICE,
    }
    workspace.save_targets(pd.DataFrame([row]))
    _say("targets.saved", key, workspace, lang)


def _remove(asked: TargetsAsked, name: str, workspace: Workspace, lang: Language) -> None:
    indicator = indicator_of(name)
    if not asked.period.strip():
        raise InputError(Message.of("targets.remove_needs", indicator=name))
    key = (find_region(asked.place.region).code, period_key(asked.period), indicator.name)
    held = workspace.targets()
    here = held[held["area_kode"] == key[0]]
    found = here[(here[list(KEYS[:3])] == list(key)).all(axis=1)]
    if found.empty:
        options = ", ".join(f"{row['indicator']} {row['period']}" for row in here.to_dict("records")) or "-"
        values = {"indicator": key[2], "period": key[1], "area": area_name(key[0]), "held": options}
        raise InputError(Message.of("targets.not_held", **values))
    for one in found[list(KEYS)].itertuples(index=False, name=None):
        workspace.remove_target(one)
    _say("targets.removed", key, workspace, lang)


def _say(text: str, key: tuple[str, ...], workspace: Workspace, lang: Language) -> None:
    area, period, indicator = area_name(key[0]), period_name(key[1], lang), key[2]
    print(say(text, lang, indicator=indicator, period=period, area=area, path=str(workspace.path)), file=sys.stderr)
