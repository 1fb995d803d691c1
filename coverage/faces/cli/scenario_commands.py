"""``jangkau scenario``: run a stored what-if again, compare several, keep them in the workspace."""

import sys
import tomllib
from pathlib import Path
from typing import Annotated, Any

import pandas as pd

from coverage.answers.scenarios.compare import Comparison, compare
from coverage.answers.scenarios.figures import PARTS
from coverage.answers.scenarios.run import ScenarioAnswer, run_scenario
from coverage.answers.scenarios.scenario import Scenario
from coverage.answers.scenarios.stored_scenarios import held_names, held_scenario, remove_scenario, store_scenario
from coverage.answers.scenarios.toml_file import scenario_from_toml, scenario_toml
from coverage.answers.whatif import WhatIf
from coverage.faces.cli.asking import provenance
from coverage.faces.cli.flag_values import given_file
from coverage.faces.cli.flags import Answered, Office, Output, flag, flag_group
from coverage.faces.cli.output import deliver, makers, plain, records
from coverage.faces.words import answer_listings
from coverage.faces.words.columns import Listing
from coverage.faces.words.scenario_listing import (
    comparison_list,
    comparison_notes,
    figure_list,
    scenario_notes,
    scenario_title,
    spelled,
)
from coverage.faces.words.siting_listing import cost_lines, model_line, site_list
from coverage.faces.words.unknowns import unknown_lines
from coverage.ground.errors import InputError
from coverage.ground.texts import Language, Message, say
from coverage.places.workspace import Location, Workspace

_File = Annotated[str, flag(metavar="NAME.toml", text="scenario_file")]


@flag_group
class InOffice:
    """The flags of a command that changes the scenarios of a workspace."""

    office: Office = Office()


@flag_group
class Scenarios:
    """The flags of a command that tells of scenarios."""

    office: Office = Office()
    written: Output = Output()


_TOLD = Scenarios()
_CHANGED = InOffice()


def run_run(file: _File, /, asked: Scenarios = _TOLD, *, lang: Answered) -> None:
    """Answer ``jangkau scenario run``: no time of day and no seconds, so that it gives the same bytes again."""
    answer = run_scenario(load_scenario(file, asked.office.workspace), workspace=asked.office.workspace)
    listing = figure_list(answer, lang)
    deliver(
        asked.written,
        lang,
        makers(listing, lang, text=lambda: _run_text(answer, listing, lang), answer=lambda: _run_answer(answer, lang)),
    )


def run_compare(
    files: Annotated[tuple[str, ...], flag(metavar="NAME.toml", text="scenario_files")],
    /,
    asked: Scenarios = _TOLD,
    *,
    lang: Answered,
) -> None:
    """Answer ``jangkau scenario compare``."""
    scenarios = [load_scenario(text, asked.office.workspace) for text in files]
    found = compare([run_scenario(scenario, workspace=asked.office.workspace) for scenario in scenarios])
    listing = comparison_list(found, lang)
    deliver(
        asked.written,
        lang,
        makers(
            listing,
            lang,
            text=lambda: _compare_text(found, listing, lang),
            answer=lambda: _compare_answer(found, lang),
        ),
    )


def run_save(file: _File, /, asked: InOffice = _CHANGED, *, lang: Answered) -> None:
    """Answer ``jangkau scenario save``."""
    workspace = Workspace.open(asked.office.workspace)
    scenario = _read(given_file(file), held_names(workspace))
    store_scenario(workspace, scenario)
    print(say("scenario.saved", lang, name=scenario.name, path=str(workspace.path)))


def run_list(asked: Scenarios = _TOLD, *, lang: Answered) -> None:
    """Answer ``jangkau scenario list``."""
    workspace = Workspace.open(asked.office.workspace)
    held = [held_scenario(workspace, name) for name in held_names(workspace)]
    table = pd.DataFrame(
        {
            "name": pd.array([one.name for one in held], dtype="str"),
            "kode": pd.array([one.region for one in held], dtype="str"),
            "cutoff_min": pd.array([one.cutoff_min for one in held], dtype="float64"),
            "note": pd.array([one.note for one in held], dtype="str"),
        }
    )
    listing = Listing(
        [answer_listings.column(str(key), lang) for key in table],
        table,
        title=say("scenario.list_title", lang, count=len(held)),
    )
    deliver(
        asked.written,
        lang,
        makers(
            listing,
            lang,
            text=lambda: f"{listing.title}\n{answer_listings.as_text(listing, lang)}",
            answer=lambda: records(table),
        ),
    )


def run_remove(
    name: Annotated[str, flag(metavar="NAME", text="scenario_name")],
    /,
    asked: InOffice = _CHANGED,
    *,
    lang: Answered,
) -> None:
    """Answer ``jangkau scenario remove``."""
    workspace = Workspace.open(asked.office.workspace)
    remove_scenario(workspace, name)
    print(say("scenario.removed", lang, name=name, path=str(workspace.path)))


def write_scenario(path: Path, scenario: Scenario, lang: Language) -> bytes:
    """Give a scenario's file and say on standard error that it is written."""
    print(say("scenario.written", lang, name=scenario.name, path=str(path)), file=sys.stderr)
    return scenario_toml(scenario).encode()


def load_scenario(text: str, workspace: Location | None) -> Scenario:
    """Read a scenario's file; what is none is the name of a stored one.

    Raises
    ------
    InputError
        If it cannot be read, or none is stored under that name.
    """
    path = given_file(text)
    if path.suffix.lower() == ".toml" or path.exists():
        return _read(path, held_names(Workspace.open(workspace)))
    return held_scenario(Workspace.open(workspace), text)


def _read(path: Path, stored: tuple[str, ...]) -> Scenario:
    try:
        content = path.read_bytes()
    except OSError as error:
        options = ", ".join(stored) or "-"
        raise InputError(Message.of("scenario.unreadable", file=str(path), options=options)) from error
    return scenario_from_toml(content, path.name)


def _run_text(answer: ScenarioAnswer, listing: Listing, lang: Language) -> str:
    lines = [f"{scenario_title(answer, lang)}.", *([answer.scenario.note] if answer.scenario.note else []), ""]
    proposal = answer.proposal
    if proposal is not None:
        status = proposal.result.in_words().text(lang)
        lines += [f"{model_line(proposal, lang)} {status[:1].upper()}{status[1:]}.", *cost_lines(proposal, lang)]
        lines += [answer_listings.as_text(site_list(proposal, lang, located=False), lang), ""]
    lines += [*_table(listing, lang), ""]
    for lost in (False, True):
        sums = answer_listings.whatif_regencies(answer.change, lang, lost=lost)
        if not sums.frame.empty:
            lines += [say("cli.lost" if lost else "cli.gained", lang), answer_listings.as_text(sums, lang), ""]
    notes = [f"- {note}" for note in _run_notes(answer, lang)]
    return "\n".join([*lines, *notes, answer_listings.tiers(answer.after.study, lang)])


def _table(listing: Listing, lang: Language) -> list[str]:
    """Lay out the figures of the whole region, and say what their dashes lack."""
    shown = spelled(listing, lang, part=PARTS[0])
    return [answer_listings.as_text(shown, lang), *unknown_lines(shown, lang)]


def _run_notes(answer: ScenarioAnswer, lang: Language) -> list[str]:
    return [*answer_listings.first_notes(answer.before.study, lang), *scenario_notes(answer, lang)]


def _told(answer: ScenarioAnswer) -> dict[str, object]:
    """Embed what an answer stands on: the scenario itself, the version, the data."""
    return {
        "scenario": tomllib.loads(scenario_toml(answer.scenario)),
        "workspace_data": answer.digest,
        "provenance": provenance(answer.before.study, cutoff_min=plain(answer.scenario.cutoff_min)),
    }


def _villages(change: WhatIf) -> dict[str, object]:
    return {
        key: {"villages": len(rows), "population": plain(rows["population"].sum(min_count=1)), "kode": list(rows.index)}
        for key, rows in (("gained", change.newly_covered), ("lost", change.no_longer_covered))
    }


def _run_answer(answer: ScenarioAnswer, lang: Language) -> dict[str, object]:
    proposal = answer.proposal
    found: dict[str, Any] = {}
    if proposal is not None:
        result = proposal.result
        found = {key: plain(getattr(result, key)) for key in ("model", "status", "objective", "bound", "gap")}
        found["sites"] = records(proposal.sites)
        found["total_cost"] = plain(proposal.total_cost)
        found["alternatives"] = [proposal.kode(entry.result.sites) for entry in proposal.found.sets[1:]]
    return {
        **answer_listings.says_first(answer.before.study, lang),
        **_told(answer),
        "siting": found or None,
        "figures": records(answer.figures),
        **_villages(answer.change),
        "notes": _run_notes(answer, lang),
    }


def _compare_text(found: Comparison, listing: Listing, lang: Language) -> str:
    lines = [f"{listing.title}.", "", *_table(listing, lang), ""]
    notes = [f"- {note}" for note in comparison_notes(found, lang)]
    return "\n".join([*lines, *notes, answer_listings.tiers(found.answers[0].after.study, lang)])


def _compare_answer(found: Comparison, lang: Language) -> dict[str, object]:
    return {
        **answer_listings.says_first(found.answers[0].before.study, lang),
        "names": list(found.names),
        "scenarios": [_told(answer) for answer in found.answers],
        "figures": records(found.table),
        "changes": [
            {"name": name, **_villages(change)} for name, change in zip(found.names[1:], found.changes, strict=True)
        ],
        "notes": comparison_notes(found, lang),
    }
