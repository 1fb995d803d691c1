"""``jangkau plan``: team days with routes."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from coverage.answers.study import Study
from coverage.answers.tours.calendar import next_open
from coverage.answers.tours.campaign import closed_days, plan_campaign
from coverage.answers.tours.left_out import why
from coverage.answers.tours.living import Event, go_on
from coverage.answers.tours.plan import Plan
from coverage.answers.tours.request import Fixed, Request
from coverage.faces.cli.asking import provenance, study_of
from coverage.faces.cli.flags import Answered
from coverage.faces.cli.output import Makers, deliver, json_bytes
from coverage.faces.cli.plan_flags import Happened, PlanAsked
from coverage.faces.cli.plan_progress import stoppable
from coverage.faces.files.all_formats import FORMATS
from coverage.faces.files.itinerary import DaySheet, distance, late_mark, night_mark
from coverage.faces.plan.itineraries import hour, itinerary
from coverage.faces.plan.plan_file import plan_answer, read_plan
from coverage.faces.plan.plan_outputs import plan_files
from coverage.faces.words import answer_listings
from coverage.ground.errors import InputError
from coverage.ground.quantities import format_date, format_duration
from coverage.ground.texts import Language, Message, say
from coverage.places.villages import find_village
from coverage.places.visits import refuse_ahead
from coverage.places.workspace import Workspace

Told = tuple[Message, ...]


def run(asked: PlanAsked, *, lang: Answered) -> None:
    """Answer ``jangkau plan``."""
    happened = asked.happened
    if happened.go_on is None and (happened.held or happened.cancelled or happened.moved or happened.keep):
        raise InputError(Message.of("plan.events_need_plan"))
    study = study_of(asked.place, asked.travel, asked.sources)
    if happened.go_on is None:
        plan, changed = _planned(asked, lang, study), None
    else:
        plan, changed = _continued(asked, happened.go_on, lang, study)
    if asked.why is not None:
        deliver(asked.written, lang, _why_makers(plan, asked.why, lang))
        return
    deliver(asked.written, lang, _plan_makers(asked.written.output, lang, plan, changed))


def _today(asked: PlanAsked) -> dt.date:
    return asked.when.as_of or dt.datetime.now(tz=dt.UTC).astimezone().date()


def _planned(asked: PlanAsked, lang: Language, study: Study) -> Plan:
    with stoppable(lang) as stop:
        return plan_campaign(study, _request(asked, study), stop=stop)


def _request(asked: PlanAsked, study: Study) -> Request:
    region, when, wishes = study.region.code, asked.when, asked.wishes
    today = _today(asked)
    return Request(
        asked.base,
        when.first or next_open(today + dt.timedelta(days=1), saturday_open=when.saturday),
        when.days,
        today,
        teams=when.teams,
        hours=when.hours,
        start_min=when.start,
        visit_min=when.visit_min,
        visits_per_day=when.visits_per_day,
        nights=when.nights,
        saturday_open=when.saturday,
        fixed=tuple(Fixed(find_village(kode, region), day, at) for kode, day, at in wishes.fixed),
        must=_villages(wishes.must, region),
        must_not=_villages(wishes.must_not, region),
        quota=dict(wishes.quota),
        seed=asked.search.seed,
        **({} if asked.search.iterations is None else {"iterations": asked.search.iterations}),
        rules=asked.ranking.rules(asked.place.region),
    )


def _villages(texts: Iterable[str], region: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(find_village(text, region) for text in texts))


def _continued(asked: PlanAsked, path: Path, lang: Language, study: Study) -> tuple[Plan, Told]:
    """Plan again from the day of planning; what was held goes into the workspace."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise InputError(Message.of("plan.bad_file", path=path.name)) from error
    earlier = read_plan(content, path.name, study.region.code)
    held = _villages(asked.happened.held, study.region.code)
    events = _events(asked.happened, held, study.region.code)
    with stoppable(lang) as stop:
        found = go_on(study, earlier, _today(asked), events, keep=asked.happened.keep, stop=stop)
    workspace = Workspace.open(asked.place.office.workspace)
    days = {kode: earlier.day_of(kode) for kode in held}
    refuse_ahead(days.values())
    for kode, day in days.items():
        workspace.record_visit(kode, day)
    return found


def _events(happened: Happened, held: Iterable[str], region: str) -> list[Event]:
    return [
        *(Event("held", kode) for kode in held),
        *(Event("cancelled", kode) for kode in _villages(happened.cancelled, region)),
        *(Event("moved", find_village(kode, region), day) for kode, day in happened.moved),
    ]


def _plan_makers(output: Path | None, lang: Language, plan: Plan, changed: Told | None) -> Makers:
    def answer() -> object:
        told = plan_answer(plan, lang, provenance(plan.study))
        return told if changed is None else {**told, "changes": [one.text(lang) for one in changed]}

    files = plan_files(plan, lang, answer=answer)
    made: dict[str, Callable[[], bytes]] = {FORMATS.named("plan", name).word: make for name, make in files.items()}
    # A file named .txt is the message for phones; the screen shows the plan as a planner reads it.
    if output is None:
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


def _why_makers(plan: Plan, village: str, lang: Language) -> Makers:
    kode = find_village(village, plan.study.region.code)
    said = [message.text(lang) for message in why(plan, kode)]
    inside = kode not in plan.left_out.index

    def answer() -> object:
        cause = None if inside else plan.left_out.at[kode, "cause"]
        told = {"kode": kode, "name": plan.name(kode), "planned": inside, "cause": cause, "reasons": said}
        return {**answer_listings.says_first(plan.study, lang), **told}

    text = "\n".join(
        [answer_listings.led(plan.study, said[0], lang), *said[1:], *answer_listings.first_notes(plan.study, lang)]
    )
    return {"text": f"{text}\n".encode, "json": lambda: json_bytes(answer())}
