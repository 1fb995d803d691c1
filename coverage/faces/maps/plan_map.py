"""The map of a plan: stops numbered by day, a line a day, travel time from the base beneath."""

from coverage.answers.tours.plan import BASE, Plan
from coverage.answers.tours.ways import day_line, follows_roads
from coverage.faces.files.kml_file import DAY_COLOURS
from coverage.faces.maps.folium_map import AreaMap, area_map
from coverage.faces.maps.map_geometry import Ground
from coverage.faces.maps.map_legend import LegendEntry, marker_legend, tier_caption, travel_class, travel_legend
from coverage.faces.maps.map_marks import MapLine, Marker, Overlay
from coverage.ground.quantities import format_date, format_duration
from coverage.ground.texts import Language, say


def plan_map(plan: Plan, ground: Ground, lang: Language, *, only: int | None = None) -> AreaMap:
    """Draw all days of a plan, or the day numbered `only`."""
    minutes = dict(zip(plan.study.villages.index, plan.work.out, strict=True))
    travel = [float(minutes[kode]) for kode in ground.areas.index]
    days = [(number, day) for number, day in enumerate(plan.days) if only is None or number == only]
    stops, routes = [], []
    for number, day in days:
        calls = [one for one in day.stops if one.counts]
        label = say("plan.message_day", lang, day=format_date(day.date, lang), team=day.team)
        for place, one in enumerate(calls, start=1):
            lat, lon = plan.point(one.kode)
            text = str(place) if only is not None else str(number + 1)
            stops.append(Marker(one.kode, lat, lon, "stop", plan.name(one.kode), (label,), text=text))
        # Straight from stop to stop is dashed, so that nobody takes it for a road.
        color = DAY_COLOURS[number % len(DAY_COLOURS)]
        routes.append(MapLine(day_line(plan, day), color, dashed=not follows_roads(plan), name=label))
    lat, lon = plan.point(BASE)
    shown = Overlay(
        classes=[travel_class(value) for value in travel],
        legend=[
            *travel_legend(lang),
            *marker_legend(["base"], lang),
            LegendEntry(
                "stop", say("planning.map_stop" if only is not None else "planning.map_day", lang), marker="stop"
            ),
        ],
        legend_title=say("maps.legend_base", lang),
        tooltips=[(format_duration(value, lang),) for value in travel],
        caption=tier_caption(plan.study.boundary_tier, plan.study.travel_tier, lang),
        markers=[Marker(plan.base, lat, lon, "base", plan.name(BASE)), *stops],
        lines=routes,
    )
    return area_map(ground, shown, lang)
