"""``jangkau targets``: how far offices are with their targets, and single figures entered or taken out."""

import argparse
import math
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd

from coverage import __version__
from coverage.answers.scenarios.toml_file import scenario_from_toml
from coverage.answers.target_plans import NOTHING, Intended, additions, intended, new_units
from coverage.answers.target_progress import Progress, periods_held, progress
from coverage.faces.cli.flags import REGION, SEVERAL, WRITES, day, given_file, number
from coverage.faces.cli.output import deliver, makers, records
from coverage.faces.cli.spoken import Commands
from coverage.faces.files.registry import FORMATS
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
from coverage.places.workspace import Workspace


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
    return name.strip(), number(each.strip())


def add_command(known: Commands) -> None:
    """Add the command of this module to the parser."""
    known.add(
        "targets",
        run_targets,
        REGION,
        ("--period", {"default": "", "metavar": "PERIODE", "text": "targets_period"}),
        ("--as-of", {"type": day, "metavar": "YYYY-MM-DD", "text": "targets_as_of"}),
        ("--plan", {"type": given_file, "metavar": "RENCANA.json", "text": "targets_plan"}),
        ("--scenario", {"type": given_file, "metavar": "NAME.toml", "text": "targets_scenario"}),
        ("--per-visit", {"type": read_per_visit, "metavar": "INDIKATOR=N", **SEVERAL}),
        ("--set", {"metavar": "INDIKATOR", "text": "targets_set"}),
        ("--achieved", {"type": number, "metavar": "N"}),
        ("--target", {"type": number, "metavar": "N"}),
        ("--unit", {"metavar": "SATUAN", "text": "targets_unit"}),
        ("--source", {"metavar": "SUMBER", "text": "targets_source"}),
        ("--remove", {"metavar": "INDIKATOR", "text": "targets_remove"}),
        ("--format", {"choices": tuple(word for word in FORMATS.words("list") if word != "geojson")}),
        WRITES[1],
    )


def run_targets(given: argparse.Namespace, lang: Language) -> None:
    """Answer ``jangkau targets``; ``--set`` and ``--remove`` change the workspace first.

    Raises
    ------
    InputError
        If no figures are held for the region and period, or what was given does not fit.
    """
    door = Workspace.open(given.workspace)
    changed = _change(given, door, lang)
    found = progress(given.region, period=given.period, as_of=given.as_of, workspace=door)
    if found.rows.empty:
        if changed:
            return
        raise _nothing(found, given.period, door, lang)
    planned = _planned(given, found)
    added = additions(found, planned or NOTHING, dict(given.per_visit))
    told = [] if planned is None else addition_lines(found, planned, added, lang)
    listing = progress_list(found, lang)
    deliver(
        given,
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


def _nothing(found: Progress, period: str, door: Workspace, lang: Language) -> InputError:
    held = periods_held(found.region.code, workspace=door)
    name = f"{found.region.name} ({found.region.code})"
    if held:
        values = {"period": period_name(period, lang), "region": name, "held": ", ".join(held)}
        return InputError(Message.of("targets.none_in_period", **values))
    now = half_of(found.as_of).key
    return InputError(Message.of("targets.none_held", region=name, kode=found.region.code, period=now))


def _planned(given: argparse.Namespace, found: Progress) -> Intended | None:
    """Read what is planned; None where neither a plan nor a scenario was given."""
    if given.plan is None and given.scenario is None:
        return None
    planned = NOTHING
    if given.plan is not None:
        theirs, stops = planned_visits(_content(given.plan, "plan.bad_file", "path"), given.plan.name)
        planned = intended(found, visits=stops, plan_region=theirs)
    if given.scenario is not None:
        content = _content(given.scenario, "targets.unreadable_scenario", "file")
        scenario = scenario_from_toml(content, given.scenario.name)
        found_units = new_units(scenario, workspace=given.workspace)
        units = intended(found, units=found_units, plan_region=scenario.region).new_units
        planned = replace(planned, new_units=units)
    return planned


def _content(path: Path, key: str, name: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(Message.of(key, **{name: path.name})) from error


def _change(given: argparse.Namespace, door: Workspace, lang: Language) -> bool:
    """Enter or take out one figure; tells whether anything changed."""
    if given.set is None and any(
        value is not None for value in (given.achieved, given.target, given.unit, given.source)
    ):
        raise InputError(Message.of("targets.amounts_alone"))
    if given.set is not None:
        _enter(given, door, lang)
    if given.remove is not None:
        _remove(given, door, lang)
    return given.set is not None or given.remove is not None


def _enter(given: argparse.Namespace, door: Workspace, lang: Language) -> None:
    indicator = indicator_of(given.set)
    amounts = {"achieved": given.achieved, "target": given.target}
    if not given.period.strip() or not indicator.name or set(amounts.values()) == {None}:
        raise InputError(Message.of("targets.set_needs", indicator=given.set))
    for name, value in amounts.items():
        if value is not None and value < 0:
            raise InputError(Message.of("targets.not_amount", flag=f"--{name}", value=f"{value:g}"))
    region = find_region(given.region).code
    if not is_reported(region):
        raise InputError(Message.of("targets.area_too_small", area=given.region))
    held = door.targets()
    key = (region, period_key(given.period), indicator.name, unit_of(indicator, given.unit or ""))
    before = held[(held[list(KEYS)] == list(key)).all(axis=1)]
    row = {
        **dict(zip(KEYS, key, strict=True)),
        # Who enters one amount keeps the other.
        **{
            name: value if value is not None else math.nan if before.empty else float(before[name].iloc[0])
            for name, value in amounts.items()
        },
        "source": given.source or OFFICE,
        "origin": OFFICE,
    }
    door.save_targets(pd.DataFrame([row]))
    _say("targets.saved", key, door, lang)


def _remove(given: argparse.Namespace, door: Workspace, lang: Language) -> None:
    indicator = indicator_of(given.remove)
    if not given.period.strip():
        raise InputError(Message.of("targets.remove_needs", indicator=given.remove))
    key = (find_region(given.region).code, period_key(given.period), indicator.name)
    held = door.targets()
    here = held[held["area_kode"] == key[0]]
    found = here[(here[list(KEYS[:3])] == list(key)).all(axis=1)]
    if found.empty:
        options = ", ".join(f"{row['indicator']} {row['period']}" for row in here.to_dict("records")) or "-"
        values = {"indicator": key[2], "period": key[1], "area": area_name(key[0]), "held": options}
        raise InputError(Message.of("targets.not_held", **values))
    for one in found[list(KEYS)].itertuples(index=False, name=None):
        door.remove_target(one)
    _say("targets.removed", key, door, lang)


def _say(text: str, key: tuple[str, ...], door: Workspace, lang: Language) -> None:
    area, period, indicator = area_name(key[0]), period_name(key[1], lang), key[2]
    print(say(text, lang, indicator=indicator, period=period, area=area, path=str(door.path)), file=sys.stderr)
