"""The commands about new units: where to found them, and published instances to check the answers with."""

import argparse
from collections.abc import Sequence
from dataclasses import replace

from coverage.answers.siting.alternatives import Alternative
from coverage.answers.siting.model import Limits, SitingResult
from coverage.answers.siting.models.record import Terms
from coverage.answers.siting.models.registry import MODELS, for_instances, model_named
from coverage.answers.siting.orlib import read_pmed
from coverage.answers.siting.propose import Proposal, access_figures, propose
from coverage.answers.siting.question import Question
from coverage.answers.siting.robustness import Opener, Robustness, robustness
from coverage.answers.study import Study, open_study
from coverage.answers.travel import travel_notes
from coverage.answers.whatif import changed_study
from coverage.faces.cli.commands import (
    Changes,
    each_of,
    leaving,
    provenance,
    states_line,
    study_of,
    units_changed,
)
from coverage.faces.cli.output import deliver, json_bytes, makers, plain, records, write_file
from coverage.faces.cli.scenario_commands import write_scenario
from coverage.faces.words import answer_listings
from coverage.faces.words.robustness_listing import regret_list, regret_title
from coverage.faces.words.scenario_listing import found_scenario
from coverage.faces.words.siting_listing import (
    alternative_lines,
    always_line,
    cost_lines,
    figures_line,
    model_line,
    site_list,
    site_title,
)
from coverage.ground.errors import InputError
from coverage.ground.texts import Language, Message, say
from coverage.places.importing.costs import read_costs
from coverage.places.villages import find_region
from coverage.travel.network.ferry_choices import TravelChoices
from coverage.travel.network.speeds import Speeds

_COMPARED = 5
"""Sets to compare where robustness is asked for and no number of sets."""


def run_site(given: argparse.Namespace, lang: Language) -> None:
    """Answer ``jangkau site``."""
    if given.instance is not None:
        _run_instance(given, lang)
        return
    if given.region is None:
        raise InputError(Message.of("siting.no_region"))
    question = _question(given)
    question.check()
    if given.save is not None and given.units is not None:
        raise InputError(Message.of("siting.save_units"))
    changes = units_changed(given)
    as_it_is = study_of(given)
    proposal = propose(changed_study(as_it_is, **changes), question)
    if given.save is not None:
        found = found_scenario(proposal, given.save.stem, lang, **changes)
        write_file(given.save, write_scenario(given.save, found, lang))
    tried = robustness(proposal, _opener(given)) if given.robustness else None
    listing = site_list(proposal, lang)
    changed = [note.text(lang) for note in (*_changed(changes), *travel_notes(as_it_is))]
    listing = replace(listing, footnotes=[*listing.footnotes, *changed])
    told = [*answer_listings.first_notes(proposal.study, lang), *changed, *(note.text(lang) for note in proposal.notes)]
    deliver(
        given,
        lang,
        makers(
            listing,
            lang,
            text=lambda: _text(proposal, lang, tried, told),
            answer=lambda: _answer(proposal, lang, tried, told) | _asked_of(proposal, changes),
            areas=lambda: answer_listings.with_points(listing),
        ),
        leaving(given, proposal.study, len(listing.frame)),
    )


def _question(given: argparse.Namespace) -> Question:
    return Question(
        model=given.model or MODELS[0],
        number=given.n,
        budget=given.budget,
        cost=given.cost,
        costs=_costs(given),
        cutoff_min=given.cutoff,
        alternatives=_COMPARED if given.robustness and given.alternatives == 1 else given.alternatives,
        candidates=given.candidates,
        vulnerability=tuple(each_of(given.vulnerability)),
        only=tuple(each_of(given.only)),
        lock=tuple(each_of(given.lock)),
        exclude=tuple(each_of(given.exclude)),
        served_by=given.served_by,
        one_per_regency=given.one_per_regency,
        spacing_min=given.min_spacing_min,
        capacity=given.capacity,
        connected_only=given.connected_only,
        seconds=given.time_limit,
    )


def _costs(given: argparse.Namespace) -> tuple[tuple[str, float], ...]:
    if given.costs is None:
        return ()
    return tuple(read_costs(given.costs, given.costs.name, find_region(given.region).code).items())


def _opener(given: argparse.Namespace) -> Opener:
    """Open the same region, with the files and the changed units of this call, for another way to travel."""

    def opened(choices: TravelChoices, speeds: Speeds) -> Study:
        study = open_study(
            given.region,
            workspace=given.workspace,
            units_file=given.units,
            clients_file=given.clients,
            choices=choices,
            speeds=speeds,
        )
        return changed_study(study, **units_changed(given))

    return opened


def _tried_answer(tried: Robustness, lang: Language) -> dict[str, object]:
    return {
        "cases": [case.text(lang) for case in tried.cases],
        "regret": records(tried.table),
        "largest_regret": [plain(float(share)) for share in tried.largest],
        "safest_rank": tried.safest + 1,
        "advice": tried.advice.text(lang),
    }


def _solver(result: SitingResult) -> dict[str, object]:
    keys = ("model", "status", "objective", "bound", "gap", "seconds")
    return {key: plain(getattr(result, key)) for key in keys}


def _answer(proposal: Proposal, lang: Language, tried: Robustness | None, notes: Sequence[str]) -> dict[str, object]:
    change = proposal.change
    return {
        **answer_listings.says_first(proposal.study, lang),
        **_solver(proposal.result),
        "in_words": proposal.result.in_words().text(lang),
        "sites": records(proposal.sites),
        "total_cost": plain(proposal.total_cost),
        "budget": plain(proposal.question.budget),
        "before": _side(proposal, after=False),
        "after": _side(proposal, after=True),
        "newly_covered_by_regency": records(change.by_regency()),
        "alternatives": [_alternative(proposal, entry, rank) for rank, entry in enumerate(proposal.found.sets, 1)],
        "always_chosen": proposal.kode(proposal.found.always_chosen),
        **({} if tried is None else {"robustness": _tried_answer(tried, lang)}),
        "notes": list(notes),
    }


def _asked_of(proposal: Proposal, changes: Changes) -> dict[str, object]:
    return {"provenance": provenance(proposal.study, **_asked(proposal.question), **changes)}


def _changed(changes: Changes) -> tuple[Message, ...]:
    """Say that the region was not asked about as it stands."""
    counts = {"added": len(changes["add"]), "closed": len(changes["close"]), "moved": len(changes["move"])}
    return (Message.of("siting.note_changed", **counts),) if any(counts.values()) else ()


def _asked(question: Question) -> dict[str, object]:
    asked = {name: getattr(question, name) for name in question.__dataclass_fields__}
    told = {name: list(value) if isinstance(value, tuple) else value for name, value in asked.items()}
    return told | {"costs": dict(question.costs)}


def _side(proposal: Proposal, *, after: bool) -> dict[str, object]:
    report = proposal.change.after if after else proposal.change.before
    figures = {key: plain(value, 3) for key, value in access_figures(report).items()}
    return {key: plain(value) for key, value in report.summary().items()} | figures


def _alternative(proposal: Proposal, entry: Alternative, rank: int) -> dict[str, object]:
    return {
        "rank": rank,
        **_solver(entry.result),
        "goal": {level.name: plain(level.value) for level in entry.result.goal},
        "loss": plain(entry.behind.loss),
        "loss_share": plain(entry.behind.share),
        "loss_in": entry.behind.level,
        "total_cost": plain(proposal.cost_of(entry.result.sites)),
        "sites": proposal.kode(entry.result.sites),
        "names": [str(proposal.study.villages.at[kode, "name"]) for kode in proposal.kode(entry.result.sites)],
        "instead": proposal.kode(entry.instead),
        "without": proposal.kode(entry.without),
    }


def _text(proposal: Proposal, lang: Language, tried: Robustness | None, notes: Sequence[str]) -> str:
    lines = [f"{site_title(proposal, lang)}.", model_line(proposal, lang), *cost_lines(proposal, lang), ""]
    lines += [answer_listings.as_text(site_list(proposal, lang, located=False), lang), ""]
    for key, after in (("cli.before", False), ("cli.after", True)):
        report = proposal.change.after if after else proposal.change.before
        lines.append(f"{say(key, lang)}: {states_line(report, lang)} {figures_line(proposal, lang, after=after)}.")
    further = alternative_lines(proposal, lang)
    if further:
        lines += ["", say("siting.alternatives", lang), *further, always_line(proposal, lang)]
    if tried is not None:
        regret = regret_list(tried, lang)
        lines += ["", f"{regret_title(tried, lang)}:", answer_listings.as_text(regret, lang), regret.title]
    return "\n".join([*lines, "", *(f"- {note}" for note in notes), answer_listings.tiers(proposal.study, lang)])


def _run_instance(given: argparse.Namespace, lang: Language) -> None:
    """Solve a published instance; a number is told as its source writes it, without separators."""
    known = for_instances()
    model = known[0] if given.model is None else model_named(given.model)
    if model not in known:
        raise InputError(Message.of("siting.instance_model", model=model.name))
    problem, number = read_pmed(given.instance)
    result = model.best(problem, Terms(number), Limits(seconds=given.time_limit))
    sites = [problem.name(site) for site in result.sites]
    made = {
        "text": lambda: bytes(
            say(
                "siting.instance_answer",
                lang,
                objective=str(plain(result.objective)),
                model=model.name,
                file=given.instance.name,
                status=result.in_words().text(lang),
                seconds=result.seconds,
                sites=", ".join(sites),
            )
            + "\n",
            "utf-8",
        ),
        "json": lambda: json_bytes(_solver(result) | {"sites": sites}),
    }
    deliver(given, lang, made)
