"""A plan as teams take it along, and as a table for lists."""

import dataclasses
import datetime as dt
import hashlib
import json
from zoneinfo import ZoneInfo

import geopandas as gpd
import pandas as pd
import shapely

from coverage.answers.study import cells
from coverage.answers.tours.calendar import FRIDAY, FRIDAY_BREAK, time_zone
from coverage.answers.tours.plan import BASE, Plan, PlannedDay, PlannedStop
from coverage.answers.tours.ways import day_line, follows_roads
from coverage.faces.files.itinerary import Call, DaySheet, Itinerary, Spot, distance, late_mark, night_mark
from coverage.faces.files.map_frame import MAP_MM, fit
from coverage.faces.words.answer_listings import first_notes, led, tiers
from coverage.faces.words.columns import Column, Listing, boxes
from coverage.faces.words.unit_facts import carried_line
from coverage.ground import codes
from coverage.ground.quantities import Language, format_date, format_duration
from coverage.ground.registry import data_file
from coverage.ground.texts import say
from coverage.travel.reach import STATES

Rings = tuple[tuple[tuple[float, float], ...], ...]
_DISTRICT = codes.LENGTH_OF["district"]
_PIXELS = 1_000
_DECIMALS = 5


def zone_of(plan: Plan) -> tuple[str, str]:
    """Give the time zone of the base's province."""
    return time_zone(str(plan.study.units.at[plan.base, "kode"])[:2])


def moment(plan: Plan, day: dt.date, minutes: float) -> dt.datetime:
    """Put minutes from midnight on the calendar, in the time of the province."""
    midnight = dt.datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone_of(plan)[0]))
    return midnight + dt.timedelta(minutes=float(minutes))


def itinerary(plan: Plan, lang: Language) -> Itinerary:
    """Write a plan as an itinerary in a language."""
    zone, zone_name = zone_of(plan)
    base_line = carried_line(plan.study.units.loc[plan.base], lang, today=plan.request.known_on)
    return Itinerary(
        plan_title(plan, lang),
        (plan_subtitle(plan, lang), tiers(plan.study, lang), *filter(None, [base_line])),
        _spot(plan, BASE),
        zone,
        zone_name,
        plan.request.known_on,
        tuple(_sheet(plan, day) for day in plan.days),
        plan_key(plan),
        (say("plan.signed_by", lang), say("plan.approved_by", lang)),
        (
            *first_notes(plan.study, lang),
            say("plan.note_times_ferries" if plan.study.ferries_in_reach else "plan.note_times", lang, zone=zone_name),
            say("plan.note_roads" if follows_roads(plan) else "plan.note_lines", lang),
            *_friday(plan, lang),
            *_reached(plan, lang),
        ),
        base_line,
    )


def plan_key(plan: Plan) -> str:
    """Tell a plan from every other: SHA-256 of whose base it is, what was asked, and every visit with its times.

    Priorities stay out: they are no part of what a team takes along.
    """
    days = [dataclasses.asdict(day) for day in plan.days]
    for day in days:
        for stop in day["stops"]:
            del stop["value"]
    base = [str(plan.study.units.at[plan.base, column]) for column in ("name", "kode", "lat", "lon")]
    asked = dataclasses.asdict(dataclasses.replace(plan.request, quota=dict(plan.request.quota)))
    told = json.dumps([plan.study.region.code, plan.base, base, asked, days], sort_keys=True, default=str)
    return hashlib.sha256(told.encode()).hexdigest()


def _friday(plan: Plan, lang: Language) -> list[str]:
    """Say why nobody drives or visits around noon on a Friday."""
    begin, end = (dt.time(minute // 60, minute % 60) for minute in FRIDAY_BREAK)
    if not any(day.date.weekday() == FRIDAY for day in plan.days):
        return []
    return [say("plan.note_friday", lang, begin=f"{begin:%H.%M}", end=f"{end:%H.%M}")]


def _reached(plan: Plan, lang: Language) -> list[str]:
    """Say how many of the villages beyond the cutoff the plan goes to: near ones may be worth more together."""
    beyond = plan.ranking.ranked.index[plan.ranking.ranked["gap_state"] != STATES[0]]
    if len(beyond) == 0:
        return []
    gone_to = {one.kode for day in plan.days for one in day.stops if one.counts}
    return [say("plan.note_reached", lang, beyond=len(beyond), reached=len(gone_to & set(beyond)))]


def plan_title(plan: Plan, lang: Language) -> str:
    """Say in one line what the plan holds."""
    if not plan.stops:
        return led(plan.study, say("plan.title_none", lang, region=plan.study.region.name), lang)
    finding = say(
        "plan.title",
        lang,
        stops=len(plan.stops),
        region=plan.study.region.name,
        first=format_date(plan.stops[0][0].date, lang),
        last=format_date(plan.stops[-1][0].date, lang),
    )
    return led(plan.study, finding, lang)


def plan_subtitle(plan: Plan, lang: Language) -> str:
    """Say from where, with how many teams, and for how long a day."""
    return say(
        "plan.subtitle",
        lang,
        base=plan.name(BASE),
        teams=plan.request.teams,
        hours=plan.request.hours,
        visit_min=float(plan.request.visit_min),
        zone=zone_of(plan)[1],
    )


def _spot(plan: Plan, kode: str) -> Spot:
    lat, lon = plan.point(kode)
    return Spot(plan.name(kode), lat, lon)


def _sheet(plan: Plan, day: PlannedDay) -> DaySheet:
    calls = [one for one in day.stops if one.counts]
    return DaySheet(
        day.date,
        day.team,
        _spot(plan, day.starts_at),
        _spot(plan, day.ends_at),
        moment(plan, day.date, day.start_min),
        moment(plan, day.date, day.end_min),
        day.ends_at == BASE,
        tuple(_call(plan, day, number, one) for number, one in enumerate(calls, start=1)),
        day.drive_min,
        day.km,
        day.ferry_legs,
        day.back_drive_min,
        day.back_km,
        day.back_ferry_legs,
        tuple((float(lon), float(lat)) for lon, lat in day_line(plan, day).coords),
        day.late_min(plan.request.day_min),
    )


def _call(plan: Plan, day: PlannedDay, number: int, one: PlannedStop) -> Call:
    villages = plan.study.villages
    return Call(
        number,
        one.kode,
        _spot(plan, one.kode),
        str(villages.at[one.kode, "district"]),
        str(villages.at[one.kode, "regency"]),
        moment(plan, day.date, one.arrival_min),
        moment(plan, day.date, one.begin_min),
        moment(plan, day.date, one.departure_min),
        one.drive_min,
        one.km,
        one.ferry_legs,
        one.state,
    )


def hour(when: dt.datetime) -> str:
    """Write a clock time as Indonesians do.

    Examples
    --------
    >>> hour(dt.datetime(2026, 12, 1, 8, 5, tzinfo=dt.UTC))
    '08.05'
    """
    return f"{when:%H.%M}"


def day_total(sheet: DaySheet, lang: Language) -> str:
    """Say in one line how a day adds up, and by how much it is too long."""
    total = say(
        "plan.day_total" if sheet.home else "plan.day_total_away",
        lang,
        day=format_date(sheet.date, lang, weekday=True),
        team=sheet.team,
        leave=hour(sheet.leave),
        back=hour(sheet.back),
        drive=format_duration(sheet.drive_min, lang),
        km=distance(sheet.km, sheet.ferry_legs, lang),
        start=sheet.start.name,
        night=night_mark(sheet, lang),
    )
    mark = late_mark(sheet, lang)
    return f"{total} {mark}." if mark else total


def plan_list(plan: Plan, lang: Language, *, printed: bool = False) -> Listing:
    """List the calls of all days; `printed` adds boxes, totals and signatures for paper."""
    paper = itinerary(plan, lang)
    rows = [
        {
            "date": pd.Timestamp(sheet.date),
            "team": sheet.team,
            "order": call.number,
            "kode": call.kode,
            "name": call.spot.name,
            "district": call.district,
            "regency": call.regency,
            "lat": call.spot.lat,
            "lon": call.spot.lon,
            "arrival": hour(call.arrival),
            "begin": hour(call.begin),
            "departure": hour(call.departure),
            "travel_min": call.drive_min,
            "travel_km": call.km,
            "ferry_legs": call.ferry_legs,
            "day_late_min": sheet.late_min,
        }
        for sheet in paper.days
        for call in sheet.calls
    ]
    kinds = {
        "date": "date", "team": "integer", "order": "integer", "kode": "code", "lat": "decimal", "lon": "decimal",
        "travel_min": "minutes", "travel_km": "km", "ferry_legs": "integer", "day_late_min": "minutes",
        **dict.fromkeys(("name", "district", "regency", "arrival", "begin", "departure"), "text"),
    }  # fmt: skip
    keys = "date team order kode name district regency lat lon arrival begin departure travel_min travel_km ferry_legs "
    keys += "day_late_min"
    if printed:
        keys = "date team kode name district regency arrival departure travel_min travel_km ferry_legs"
    columns = [
        Column(key, say(f"columns.{key}", lang), kinds[key], decimals=6)  # type: ignore[arg-type]
        for key in keys.split()
    ]
    totals = tuple(day_total(sheet, lang) for sheet in paper.days)
    return Listing(
        [*columns, *(boxes(lang) if printed else ())],
        pd.DataFrame(rows, columns=list(kinds)),
        title=paper.title,
        subtitle=tuple(paper.lines),
        footnotes=(*totals, *paper.notes),
        signatures=tuple(paper.signatures) if printed else (),
    )


def plan_ground(plan: Plan) -> Rings:
    """Give the outlines of the land and of the kecamatan around a plan, for a drawn map (degrees, EPSG:4326)."""
    spots = [plan.point(BASE), *(plan.point(one.kode) for _, one in plan.stops)]
    window = shapely.box(*fit([(lon, lat) for lat, lon in spots], *MAP_MM).corners())
    land = gpd.read_parquet(data_file("land"), columns=["geometry"]).geometry
    area: gpd.GeoSeries = cells(plan.study).geometry
    near = area[area.intersects(window)]
    districts = [
        shapely.union_all(shapes.to_numpy()) for _, shapes in near.groupby(near.index.str[:_DISTRICT], sort=True)
    ]
    shown = [*land[land.intersects(window)], *districts]
    fine = (window.bounds[2] - window.bounds[0]) / _PIXELS
    parts = shapely.get_parts(shapely.simplify(shapely.intersection(shown, window), fine))
    return tuple(
        tuple((round(float(x), _DECIMALS), round(float(y), _DECIMALS)) for x, y in part.exterior.coords)
        for part in parts
        if part.geom_type == "Polygon"
    )
