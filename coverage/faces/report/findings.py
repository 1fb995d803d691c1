"""The findings of a report in a few sentences, for who reads no further."""

import math
from typing import Any

from coverage.answers.gaps import GapReport
from coverage.answers.neighbours import said_first
from coverage.faces.report.answers import Answers
from coverage.faces.report.sections import gains_nothing, no_units
from coverage.faces.report.tables import region_name
from coverage.ground.quantities import Language
from coverage.ground.texts import listed, say
from coverage.travel.reach import STATES

__all__ = ["summary"]

_NAMED = 6


def summary(answers: Answers, lang: Language) -> str:
    """Say who is out of reach, where most of them live, and what is proposed; the figures of ``jangkau gaps``."""
    report = answers.gaps
    told: dict[str, Any] = report.summary()
    if report.study.units.empty:
        remedy = said_first(report.study)[-1].text(lang)
        found = [no_units(report, lang), remedy, say("report.sum_villages", lang, villages=told["villages"])]
        found += [] if told["population"] is None else [say("report.sum_persons", lang, people=told["population"])]
        return " ".join([*found, *_site(answers, lang)])
    said = [
        *(one.text(lang) for one in said_first(report.study)),
        _reach(report, told, lang),
        *_people(told, lang),
        *_widest(report, lang),
    ]
    if "clients" in told:
        said.append(say("report.sum_clients", lang, covered=told["clients_covered"], clients=told["clients"]))
    return " ".join([*said, *_next(answers, lang), *_site(answers, lang)])


def _reach(report: GapReport, told: dict[str, Any], lang: Language) -> str:
    values = {"region": region_name(report.study, lang), "villages": told["villages"], "cutoff_min": report.cutoff_min}
    if told[STATES[0]] == told["villages"]:
        last: Any = report.villages.iloc[int(report.villages["travel_min"].to_numpy().argmax())]
        place = {key: last[key] for key in ("name", "district")}
        return say("report.sum_all", lang, **values, **place, travel_min=float(last["travel_min"]))
    return say(
        "report.sum_reach",
        lang,
        **values,
        covered=told[STATES[0]],
        covered_share=told[STATES[0]] / told["villages"],
        beyond=told[STATES[1]],
        cut_off=told[STATES[2]],
    )


def _people(told: dict[str, Any], lang: Language) -> list[str]:
    people, covered = told["population"], told["population_covered"]
    if not people:
        return [say("report.sum_no_people", lang)]
    return [say("report.sum_people", lang, people=people, covered=covered, covered_share=covered / people)]


def _widest(report: GapReport, lang: Language) -> list[str]:
    """Name the area with the most people, else villages, out of reach; nothing where it is the only one."""
    table = report.by_regency if report.study.region.level == "province" else report.by_district
    out = table["villages"] - table[STATES[0]]
    people = table["population"] - table["population_covered"]
    if len(table) == 1 or not out.any():
        return []
    place = int((people if people.notna().all() else out).to_numpy().argmax())
    row = table.iloc[place]
    name = str(row["name"])
    if report.study.region.level != "province":
        name = say("report.district", lang, name=name)
    key = "report.sum_widest" if not math.isnan(people.iloc[place]) else "report.sum_widest_villages"
    counts = {"out": int(out.iloc[place]), "villages": int(row["villages"])}
    persons = {} if key.endswith("villages") else {"people": float(people.iloc[place])}
    return [say(key, lang, name=name, **counts, **persons)]


def _next(answers: Answers, lang: Language) -> list[str]:
    rankings = [one for one in answers.rankings if not one.ranked.empty]
    if not rankings:
        return []
    first: list[Any] = [one.ranked.iloc[0] for one in rankings]
    units = answers.study.units
    if len(answers.rankings) == 1:
        place = {key: first[0][key] for key in ("name", "district", "regency")}
        base = str(units.at[rankings[0].base, "name"])
        return [say("report.sum_next", lang, base=base, travel_min=float(first[0]["travel_min"]), **place)]
    names = list(dict.fromkeys(str(row["name"]) for row in first))
    return [say("report.sum_next_bases", lang, bases=len(rankings), names=_in_sentence(names, lang))]


def _site(answers: Answers, lang: Language) -> list[str]:
    proposal = answers.proposal
    if proposal is None or gains_nothing(proposal):
        return []
    within = "place_in_regency" if answers.study.region.level == "province" else "place_in_district"
    names = [
        say(f"report.{within}", lang, **{key: row[key] for key in ("name", "district", "regency")})
        for row in proposal.sites.to_dict("records")
    ]
    people = float(proposal.sites["population_newly_covered"].sum())
    known = bool(proposal.sites["population_newly_covered"].notna().any())
    return [
        say(
            "report.sum_site" if known else "report.sum_site_villages",
            lang,
            n=len(names),
            names=_in_sentence(names, lang),
            **({"people": people} if known else {"villages": int(proposal.sites["villages_newly_covered"].sum())}),
        )
    ]


def _in_sentence(names: list[str], lang: Language) -> str:
    """Write names as in a sentence; of many only the first."""
    if len(names) > _NAMED:
        return listed(names, _NAMED).text(lang)
    if len(names) == 1:
        return names[0]
    return say("report.names", lang, names=", ".join(names[:-1]), last=names[-1])
