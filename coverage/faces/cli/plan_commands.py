"""``jangkau plan`` and ``jangkau circuits``: team days with routes, and areas for teams."""

import argparse
import datetime as dt
from collections import Counter
from collections.abc import Callable

from coverage.answers.study import Study
from coverage.answers.tours.calendar import next_open
from coverage.answers.tours.campaign import closed_days, plan_campaign
from coverage.answers.tours.circuits import circuits
from coverage.answers.tours.left_out import why
from coverage.answers.tours.living import Event, go_on
from coverage.answers.tours.plan import Plan
from coverage.answers.tours.request import Fixed, Request
from coverage.faces.cli.commands import provenance, rules_of, study_of
from coverage.faces.cli.output import Makers, deliver, json_bytes, makers, records
from coverage.faces.cli.plan_progress import stoppable
from coverage.faces.files.itinerary import DaySheet, distance, late_mark, night_mark
from coverage.faces.files.registry import FORMATS
from coverage.faces.plan.itineraries import hour, itinerary
from coverage.faces.plan.plan_file import plan_answer, read_plan
from coverage.faces.plan.plan_outputs import plan_files
from coverage.faces.words import answer_listings
from coverage.faces.words.columns import Listing
from coverage.ground.errors import InputError
from coverage.ground.quantities import format_date, format_duration
from coverage.ground.texts import Language, Message, say
from coverage.places.villages import find_village
from coverage.places.visits import refuse_ahead
from coverage.places.workspace import Workspace

Told = tuple[Message, ...]


def run_plan(given: argparse.Namespace, lang: Language) -> None:
    """Answer ``jangkau plan``."""
    if given.go_on is None and (given.held or given.cancelled or given.moved or given.keep):
        raise InputError(Message.of("plan.events_need_plan"))
    study = study_of(given)
    plan, changed = (_planned(given, lang, study), None) if given.go_on is None else _continued(given, lang, study)
    if given.why is not None:
        _deliver_why(given, lang, plan)
        return
    deliver(given, lang, _plan_makers(given, lang, plan, changed))


def _planned(given: argparse.Namespace, lang: Language, study: Study) -> Plan:
    today = given.as_of or dt.datetime.now(tz=dt.UTC).astimezone().date()
    first = given.first or next_open(today + dt.timedelta(days=1), saturday_open=given.saturday)
    with stoppable(lang) as stop:
        return plan_campaign(study, _request(given, study, first, today), stop=stop)


def _request(given: argparse.Namespace, study: Study, first: dt.date, today: dt.date) -> Request:
    region = study.region.code
    return Request(
        given.base,
        first,
        given.days,
        today,
        teams=given.teams,
        hours=given.hours,
        start_min=given.start,
        visit_min=given.visit_min,
        visits_per_day=given.visits_per_day,
        nights=given.nights,
        saturday_open=given.saturday,
        fixed=tuple(Fixed(find_village(kode, region), day, at) for kode, day, at in given.fixed),
        must=_villages(given.must, region),
        must_not=_villages(given.must_not, region),
        quota=dict(given.quota),
        seed=given.seed,
        **({} if given.iterations is None else {"iterations": given.iterations}),
        rules=rules_of(given),
    )


def _villages(texts: list[str], region: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(find_village(text, region) for text in texts))


def _continued(given: argparse.Namespace, lang: Language, study: Study) -> tuple[Plan, Told]:
    """Plan again from the day of planning; what was held goes into the workspace."""
    try:
        content = given.go_on.read_bytes()
    except OSError as error:
        raise InputError(Message.of("plan.bad_file", path=given.go_on.name)) from error
    earlier = read_plan(content, given.go_on.name, study.region.code)
    region = study.region.code
    held = _villages(given.held, region)
    events = [
        *(Event("held", kode) for kode in held),
        *(Event("cancelled", kode) for kode in _villages(given.cancelled, region)),
        *(Event("moved", find_village(kode, region), day) for kode, day in given.moved),
    ]
    today = given.as_of or dt.datetime.now(tz=dt.UTC).astimezone().date()
    with stoppable(lang) as stop:
        found = go_on(study, earlier, today, events, keep=given.keep, stop=stop)
    door = Workspace.open(given.workspace)
    days = {kode: earlier.day_of(kode) for kode in held}
    refuse_ahead(days.values())
    for kode, day in days.items():
        door.record_visit(kode, day)
    return found


def _plan_makers(given: argparse.Namespace, lang: Language, plan: Plan, changed: Told | None) -> Makers:
    def answer() -> object:
        told = plan_answer(plan, lang, provenance(plan.study))
        return told if changed is None else {**told, "changes": [one.text(lang) for one in changed]}

    files = plan_files(plan, lang, answer=answer)
    made: dict[str, Callable[[], bytes]] = {FORMATS.named("plan", name).word: make for name, make in files.items()}
    # A file named .txt is the message for phones; the screen shows the plan as a planner reads it.
    if given.output is None:
        made["text"] = lambda: bytes(f"{_plan_text(plan, lang, changed)}\n", "utf-8")
    return made


def _plan_text(plan: Plan, lang: Language, changed: Told | None) -> str:
    paper = itinerary(plan, lang)
    lines = [paper.title, *paper.lines, ""]
    for sheet in paper.days:
        day = format_date(sheet.date, lang, weekday=True)
        lines.append(
            say("plan.day_head", lang, day=day, team=sheet.team, leave=hour(sheet.leave), back=hour(sheet.back))
        )
        lines += [f"  {mark}" for mark in filter(None, [late_mark(sheet, lang)])]
        for call in sheet.calls:
            told = say(
                "plan.stop_line",
                lang,
                begin=hour(call.begin),
                departure=hour(call.departure),
                name=call.spot.name,
                kode=call.kode,
                district=call.district,
                drive=format_duration(call.drive_min, lang),
                km=distance(call.km, call.ferry_legs, lang),
            )
            lines.append(f"  {call.number}. {told}")
        lines.append(f"  {_home(sheet, lang) if sheet.home else night_mark(sheet, lang)}")
    closed = "; ".join(f"{format_date(day, lang)} ({why_.text(lang)})" for day, why_ in closed_days(plan.request))
    counts = Counter(plan.left_out["cause"])
    causes = "; ".join(say(f"plan.left_{cause}", lang, villages=count) for cause, count in sorted(counts.items()))
    lines += ["", *([say("plan.closed_line", lang, days=closed)] if closed else []), *_proof(plan, lang)]
    lines.append(say("plan.left", lang, causes=causes or "-"))
    if changed is not None:
        lines += ["", say("plan.changes" if changed else "plan.no_changes", lang)]
        lines += [f"- {one.text(lang)}" for one in changed]
    return "\n".join([*lines, *paper.notes])


def _home(sheet: DaySheet, lang: Language) -> str:
    """Say when a team is back, and how far the way was."""
    return say(
        "plan.home_line",
        lang,
        back=hour(sheet.back),
        end=sheet.end.name,
        drive=format_duration(sheet.back_drive_min, lang),
        km=distance(sheet.back_km, sheet.back_ferry_legs, lang),
    )


def _proof(plan: Plan, lang: Language) -> list[str]:
    """Say how good the plan is known to be."""
    said = [say("plan.objective", lang, objective=plan.objective, bound=plan.bound, gap_share=plan.gap)]
    if plan.status in {"optimal", "cancelled"}:
        said.append(say("plan.proven" if plan.status == "optimal" else "plan.cancelled", lang))
    return said


def _deliver_why(given: argparse.Namespace, lang: Language, plan: Plan) -> None:
    kode = find_village(given.why, plan.study.region.code)
    said = [message.text(lang) for message in why(plan, kode)]
    inside = kode not in plan.left_out.index

    def answer() -> object:
        cause = None if inside else plan.left_out.at[kode, "cause"]
        told = {"kode": kode, "name": plan.name(kode), "planned": inside, "cause": cause, "reasons": said}
        return {**answer_listings.says_first(plan.study, lang), **told}

    text = "\n".join(
        [answer_listings.led(plan.study, said[0], lang), *said[1:], *answer_listings.first_notes(plan.study, lang)]
    )
    deliver(given, lang, {"text": f"{text}\n".encode, "json": lambda: json_bytes(answer())})


def run_circuits(given: argparse.Namespace, lang: Language) -> None:
    """Answer ``jangkau circuits``."""
    study = study_of(given)
    table = circuits(study, given.circuits).reset_index()
    keys = "circuit kode name kind district regency centre centre_min"
    listing = Listing(
        [answer_listings.column(key, lang) for key in keys.split()],
        table,
        title=say(
            "plan.circuits_title",
            lang,
            villages=len(table),
            region=study.region.name,
            circuits=int(table["circuit"].nunique()),
        ),
        subtitle=(answer_listings.tiers(study, lang),),
    )
    made = makers(
        listing,
        lang,
        text=lambda: f"{listing.title}\n{answer_listings.as_text(listing, lang)}",
        answer=lambda: {
            "circuits": records(table[keys.split()]),
            "provenance": provenance(study, circuits=given.circuits),
        },
        areas=lambda: answer_listings.with_areas(listing, study),
    )
    deliver(given, lang, made)
