"""The commands about new units: where to found them, and published instances to check the answers with."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from coverage.answers.siting.alternatives import Alternative
from coverage.answers.siting.model import Limits, SitingResult
from coverage.answers.siting.models.all_models import MODELS, for_instances, model_named
from coverage.answers.siting.models.record import Terms
from coverage.answers.siting.orlib import read_pmed
from coverage.answers.siting.propose import Proposal, access_figures, propose
from coverage.answers.siting.question import Question
from coverage.answers.siting.robustness import Opener, Robustness, robustness
from coverage.answers.study import Study, open_study
from coverage.answers.travel import travel_notes
from coverage.answers.whatif import UnitChanges, changed_study
from coverage.faces.cli.asking import (
    each_of,
    leaving,
    provenance,
    states_line,
    study_of,
    units_changed,
)
from coverage.faces.cli.flags import Answered, Place, Sources, Written
from coverage.faces.cli.output import deliver, json_bytes, makers, plain, records, write_file
from coverage.faces.cli.scenario_commands import write_scenario
from coverage.faces.cli.siting_flags import Site, Sought
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


_NOTHING_GIVEN = Site()


def run_site(asked: Site = _NOTHING_GIVEN, *, lang: Answered) -> None:
    """Answer ``jangkau site``."""
    if asked.instance is not None:
        _run_instance(asked.instance, asked.sought, asked.written, lang)
        return
    if asked.region is None:
        raise InputError(Message.of("siting.no_region"))
    question = _question(asked.sought, asked.region, robustness=asked.robustness)
    question.check()
    if asked.save is not None and asked.sources.units is not None:
        raise InputError(Message.of("siting.save_units"))
    place = Place(office=asked.office, region=asked.region)
    changes = units_changed(asked.changed)
    as_it_is = study_of(place, asked.travel, asked.sources)
    proposal = propose(changed_study(as_it_is, changes), question)
    if asked.save is not None:
        found = found_scenario(proposal, asked.save.stem, lang, changes=changes)
        write_file(asked.save, write_scenario(asked.save, found, lang))
    tried = robustness(proposal, _opener(place, asked.sources, changes)) if asked.robustness else None
    listing = site_list(proposal, lang)
    changed = [note.text(lang) for note in (*_changed(changes), *travel_notes(as_it_is))]
    listing = replace(listing, footnotes=[*listing.footnotes, *changed])
    told = [*answer_listings.first_notes(proposal.study, lang), *changed, *(note.text(lang) for note in proposal.notes)]
    deliver(
        asked.written,
        lang,
        makers(
            listing,
            lang,
            text=lambda: _text(proposal, lang, tried, told),
            answer=lambda: _answer(proposal, lang, tried, told) | _asked_of(proposal, changes),
            areas=lambda: answer_listings.with_points(listing),
        ),
        leaving(proposal.study, asked.office.workspace, len(listing.frame)),
    )


def _question(sought: Sought, region: str, *, robustness: bool) -> Question:
    where = sought.candidates
    return Question(
        model=sought.model or MODELS[0],
        number=sought.n,
        budget=sought.money.budget,
        cost=sought.money.cost,
        costs=_costs(sought.money.costs, region),
        cutoff_min=sought.cutoff,
        alternatives=_COMPARED if robustness and sought.alternatives == 1 else sought.alternatives,
        candidates=where.candidates,
        vulnerability=tuple(each_of(where.vulnerability)),
        only=tuple(each_of(where.only)),
        lock=tuple(each_of(where.lock)),
        exclude=tuple(each_of(where.exclude)),
        served_by=where.served_by,
        one_per_regency=where.one_per_regency,
        spacing_min=where.min_spacing_min,
        capacity=sought.capacity,
        connected_only=sought.connected_only,
        seconds=sought.time_limit,
    )


def _costs(path: Path | None, region: str) -> tuple[tuple[str, float], ...]:
    if path is None:
        return ()
    return tuple(read_costs(path, path.name, find_region(region).code).items())


def _opener(place: Place, sources: Sources, changes: UnitChanges) -> Opener:
    """Open the same region, with the files and the changed units of this call, for another way to travel."""

    def opened(choices: TravelChoices, speeds: Speeds) -> Study:
        study = open_study(
            place.region,
            workspace=place.office.workspace,
            units_file=sources.units,
            clients_file=sources.clients,
            choices=choices,
            speeds=speeds,
        )
        return changed_study(study, changes)

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


def _asked_of(proposal: Proposal, changes: UnitChanges) -> dict[str, object]:
    return {"provenance": provenance(proposal.study, **_asked(proposal.question), **vars(changes))}


def _changed(changes: UnitChanges) -> tuple[Message, ...]:
    """Say that the region was not asked about as it stands."""
    counts = {"added": len(changes.add), "closed": len(changes.close), "moved": len(changes.move)}
    return (Message.of("siting.note_changed", **counts),) if changes.any else ()


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


def _run_instance(path: Path, sought: Sought, written: Written, lang: Language) -> None:
    """Solve a published instance; a number is told as its source writes it, without separators."""
    known = for_instances()
    model = known[0] if sought.model is None else model_named(sought.model)
    if model not in known:
        raise InputError(Message.of("siting.instance_model", model=model.name))
    problem, number = read_pmed(path)
    result = model.best(problem, Terms(number), Limits(seconds=sought.time_limit))
    sites = [problem.name(site) for site in result.sites]
    made = {
        "text": lambda: bytes(
            say(
                "siting.instance_answer",
                lang,
                objective=str(plain(result.objective)),
                model=model.name,
                file=path.name,
                status=result.in_words().text(lang),
                seconds=result.seconds,
                sites=", ".join(sites),
            )
            + "\n",
            "utf-8",
        ),
        "json": lambda: json_bytes(_solver(result) | {"sites": sites}),
    }
    deliver(written, lang, made)
