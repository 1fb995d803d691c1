"""A plan as JSON: all a reader or a later planning needs, and the way back from it."""

import dataclasses
import datetime as dt
import json
from typing import Any

from coverage.answers.pokling import PARTS, Rules
from coverage.answers.tours.campaign import closed_days
from coverage.answers.tours.left_out import reason
from coverage.answers.tours.living import Earlier
from coverage.answers.tours.plan import BASE, Plan, PlannedDay, PlannedStop
from coverage.answers.tours.request import Fixed, Request
from coverage.faces.plan.itineraries import moment, zone_of
from coverage.faces.words.answer_listings import says_first
from coverage.ground.errors import InputError
from coverage.ground.texts import Language, Message

_KM_DECIMALS = 3


def plan_answer(plan: Plan, lang: Language, provenance: dict[str, object]) -> dict[str, object]:
    """Give a plan as what JSON can say; times are local with their offset, minutes are whole."""
    zone, zone_name = zone_of(plan)
    lat, lon = plan.point(BASE)
    return {
        **says_first(plan.study, lang),
        "status": plan.status,
        "objective": round(plan.objective, 1),
        "bound": round(plan.bound, 1),
        "gap": round(plan.gap, 4),
        "seed": plan.request.seed,
        "region": plan.study.region.code,
        "time_zone": zone,
        "time_zone_name": zone_name,
        "boundary_tier": plan.study.boundary_tier,
        "travel_tier": plan.study.travel_tier,
        "base": {"id": plan.base, "name": plan.name(BASE), "lat": round(lat, 6), "lon": round(lon, 6)},
        "days": [_day(plan, day, lang) for day in plan.days],
        "totals": {key: round(value, _KM_DECIMALS) for key, value in plan.totals().items()},
        "closed_days": [{"date": day.isoformat(), "reason": why.text(lang)} for day, why in closed_days(plan.request)],
        "left_out": [_left(plan, str(kode), lang) for kode in plan.left_out.index],
        "scenario": {"request": asked(plan.request), **provenance},
    }


def asked(request: Request) -> dict[str, object]:
    """Write a request so that it can be asked again."""
    told = dataclasses.asdict(dataclasses.replace(request, quota=dict(request.quota)))
    told["first"], told["known_on"] = request.first.isoformat(), request.known_on.isoformat()
    told["fixed"] = [{"kode": one.kode, "day": one.day.isoformat(), "at_min": one.at_min} for one in request.fixed]
    return told


def _day(plan: Plan, day: PlannedDay, lang: Language) -> dict[str, object]:
    return {
        "date": day.date.isoformat(),
        "team": day.team,
        "kept": day.kept,
        "start": moment(plan, day.date, day.start_min).isoformat(),
        "end": moment(plan, day.date, day.end_min).isoformat(),
        "starts_at": day.starts_at or plan.base,
        "ends_at": day.ends_at or plan.base,
        "stops": [_stop(plan, day, number, one, lang) for number, one in enumerate(day.stops, start=1)],
        "back": {
            "drive_min": day.back_drive_min,
            "km": round(day.back_km, _KM_DECIMALS),
            "ferry_legs": day.back_ferry_legs,
        },
        "drive_min": day.drive_min,
        "visit_min": day.visit_min,
        "wait_min": day.wait_min,
        "break_min": day.break_min,
        "total_min": day.total_min,
        "limit_min": plan.request.day_min,
        "late_min": day.late_min(plan.request.day_min),
        "km": round(day.km, _KM_DECIMALS),
        "ferry_legs": day.ferry_legs,
    }


def _stop(plan: Plan, day: PlannedDay, number: int, one: PlannedStop, lang: Language) -> dict[str, object]:
    row: Any = plan.study.villages.loc[one.kode]
    ranked = one.kode in plan.ranking.ranked.index
    score: Any = plan.ranking.ranked.loc[one.kode] if ranked else None
    return {
        "order": number,
        "kode": one.kode,
        "name": row["name"],
        "district": row["district"],
        "regency": row["regency"],
        "lat": round(float(row["lat"]), 6),
        "lon": round(float(row["lon"]), 6),
        "arrival": moment(plan, day.date, one.arrival_min).isoformat(),
        "begin": moment(plan, day.date, one.begin_min).isoformat(),
        "departure": moment(plan, day.date, one.departure_min).isoformat(),
        "drive_min": one.drive_min,
        "wait_min": one.wait_min,
        "km": round(one.km, _KM_DECIMALS),
        "ferry_legs": one.ferry_legs,
        "priority": one.value / 10,
        "priority_parts": {part: round(float(score[f"score_{part}"]), 2) for part in PARTS} if ranked else None,
        "reasons": [said.text(lang) for said in plan.ranking.reasons(one.kode)] if ranked else [],
        "fixed": one.fixed,
        "state": one.state,
    }


def _left(plan: Plan, kode: str, lang: Language) -> dict[str, object]:
    row: Any = plan.left_out.loc[kode]
    told: dict[str, object] = {"kode": kode, "name": row["name"], "cause": row["cause"]}
    cause = row["cause"]
    if cause == "too_far":
        told |= {key: int(row[key]) for key in ("out_min", "back_min", "need_min", "limit_min")}
    if cause == "visited":
        told["last_visit"] = row["last_visit"].date().isoformat()
    if cause in {"outbid", "quota", "no_room", "unfinished"}:
        told["priority"] = row["priority"]
    if cause in {"outbid", "quota"}:
        told["displaced"] = list(row["displaced"])
    if cause == "outbid":
        told |= {
            "displaced_priority": row["displaced_priority"],
            "on_day": row["on_day"].isoformat(),
            "on_team": int(row["on_team"]),
        }
    return told | {"reason": reason(plan, kode).text(lang)}


def read_plan(content: bytes, name: str, region: str) -> Earlier:
    """Read a plan back from its JSON.

    Raises
    ------
    InputError
        If it is not a plan file, or of another region.
    """
    try:
        whole = json.loads(content)
        theirs = str(whole["region"])
        request = _request(whole["scenario"]["request"])
        days = tuple(_planned_day(one, str(whole["base"]["id"])) for one in whole["days"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(Message.of("plan.bad_file", path=name)) from error
    if theirs != region:
        raise InputError(Message.of("plan.other_region", theirs=theirs, ours=region))
    return Earlier(request, days)


def planned_visits(content: bytes, name: str) -> tuple[str, tuple[tuple[str, dt.date], ...]]:
    """Give the region of a plan's JSON, and village and day of each visit that is still to be.

    Raises
    ------
    InputError
        If it is not a plan file.
    """
    try:
        region = str(json.loads(content)["region"])
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(Message.of("plan.bad_file", path=name)) from error
    days = read_plan(content, name, region).days
    return region, tuple((stop.kode, day.date) for day in days for stop in day.stops if not stop.state)


def _request(told: dict[str, Any]) -> Request:
    rules = told["rules"]
    known = {field.name for field in dataclasses.fields(Request)}
    return Request(
        **{
            **{key: value for key, value in told.items() if key in known},
            "first": dt.date.fromisoformat(told["first"]),
            "known_on": dt.date.fromisoformat(told["known_on"]),
            "fixed": tuple(
                Fixed(one["kode"], dt.date.fromisoformat(one["day"]), one["at_min"]) for one in told["fixed"]
            ),
            "must": tuple(told["must"]),
            "must_not": tuple(told["must_not"]),
            "rules": Rules(**{**rules, "bersinar": tuple(rules["bersinar"]), "requests": tuple(rules["requests"])}),
        }
    )


def _planned_day(told: dict[str, Any], base: str) -> PlannedDay:
    date = dt.date.fromisoformat(told["date"])
    return PlannedDay(
        date,
        int(told["team"]),
        BASE if told["starts_at"] == base else told["starts_at"],
        BASE if told["ends_at"] == base else told["ends_at"],
        _minutes(told["start"], date),
        _minutes(told["end"], date),
        tuple(_planned_stop(one, date) for one in told["stops"]),
        int(told["drive_min"]),
        int(told["break_min"]),
        int(told["back"]["drive_min"]),
        float(told["back"]["km"]),
        int(told["back"]["ferry_legs"]),
        bool(told["kept"]),
    )


def _planned_stop(told: dict[str, Any], date: dt.date) -> PlannedStop:
    return PlannedStop(
        str(told["kode"]),
        _minutes(told["arrival"], date),
        _minutes(told["begin"], date),
        _minutes(told["departure"], date),
        int(told["drive_min"]),
        float(told["km"]),
        int(told["ferry_legs"]),
        round(float(told["priority"]) * 10),
        bool(told["fixed"]),
        str(told["state"]),
    )


def _minutes(text: str, date: dt.date) -> int:
    when = dt.datetime.fromisoformat(text)
    return round((when.replace(tzinfo=None) - dt.datetime.combine(date, dt.time())).total_seconds() / 60)
