"""GPX 1.1: every call as a waypoint, every day as a route with all points named, and a track along known roads."""

import gpxpy.gpx

from coverage.faces.files.itinerary import Itinerary, day_names
from coverage.faces.files.sources import PlanSource
from coverage.ground.texts import Language

__all__ = ["gpx_bytes", "plan_gpx"]

_DECIMALS = 6


def plan_gpx(plan: PlanSource, lang: Language) -> bytes:
    """Write a plan as GPX."""
    return gpx_bytes(plan.itinerary, day_names(plan.itinerary, lang))


def gpx_bytes(itinerary: Itinerary, names: list[str]) -> bytes:
    """Write waypoints and one route a day; where the day's line is finer than its stops, it is a track as well.

    Parameters
    ----------
    itinerary
        The campaign.
    names
        What each day's route is called.

    Returns
    -------
    bytes
        UTF-8; times of waypoints are arrivals in UTC.
    """
    gpx = gpxpy.gpx.GPX()
    gpx.creator = "Jangkau"
    gpx.name = itinerary.title
    base = itinerary.base
    gpx.waypoints.append(
        gpxpy.gpx.GPXWaypoint(round(base.lat, _DECIMALS), round(base.lon, _DECIMALS), name=base.name, symbol="Flag")
    )
    for sheet, name in zip(itinerary.days, names, strict=True):
        route = gpxpy.gpx.GPXRoute(name=name)
        for spot in sheet.way:
            route.points.append(
                gpxpy.gpx.GPXRoutePoint(round(spot.lat, _DECIMALS), round(spot.lon, _DECIMALS), name=spot.name)
            )
        gpx.routes.append(route)
        if len(sheet.line) > len(sheet.way):
            points = [gpxpy.gpx.GPXTrackPoint(round(lat, _DECIMALS), round(lon, _DECIMALS)) for lon, lat in sheet.line]
            gpx.tracks.append(gpxpy.gpx.GPXTrack(name=name))
            gpx.tracks[-1].segments.append(gpxpy.gpx.GPXTrackSegment(points))
        for call in sheet.calls:
            gpx.waypoints.append(
                gpxpy.gpx.GPXWaypoint(
                    round(call.spot.lat, _DECIMALS),
                    round(call.spot.lon, _DECIMALS),
                    time=call.arrival,
                    name=f"{call.number}. {call.spot.name}",
                    description=f"{name}. {call.kode}",
                )
            )
    return (gpx.to_xml(version="1.1") + "\n").encode()
