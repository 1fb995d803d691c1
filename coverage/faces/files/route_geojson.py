"""GeoJSON of an itinerary (RFC 7946): a point a call, a line a day."""

import json

from coverage.faces.files.itinerary import Itinerary, Spot
from coverage.faces.files.sources import PlanSource
from coverage.ground.texts import Language

__all__ = ["plan_geojson", "route_geojson_bytes"]

_DECIMALS = 6


def plan_geojson(plan: PlanSource, _: Language) -> bytes:
    """Write a plan as GeoJSON, the same in every language."""
    return route_geojson_bytes(plan.itinerary)


def route_geojson_bytes(itinerary: Itinerary) -> bytes:
    """Write calls and days; times are local with their offset, ``late_min`` stands at days longer than allowed."""
    features = []
    for sheet in itinerary.days:
        day = {"date": sheet.date.isoformat(), "team": sheet.team}
        for call in sheet.calls:
            told = {
                "role": "stop",
                **day,
                "order": call.number,
                "kode": call.kode,
                "name": call.spot.name,
                "district": call.district,
                "regency": call.regency,
                "arrival": call.arrival.isoformat(),
                "departure": call.departure.isoformat(),
                "drive_min": call.drive_min,
                "km": round(call.km, 3),
                "ferry_legs": call.ferry_legs,
            }
            if sheet.late_min:
                told["late_min"] = sheet.late_min
            features.append(_feature("Point", _lonlat(call.spot), told))
        told = {"role": "route", **day, "drive_min": sheet.drive_min, "km": round(sheet.km, 3)}
        if sheet.late_min:
            told["late_min"] = sheet.late_min
        features.append(
            _feature("LineString", [[round(lon, _DECIMALS), round(lat, _DECIMALS)] for lon, lat in sheet.line], told)
        )
    whole = {"type": "FeatureCollection", "name": itinerary.title, "features": features}
    return (json.dumps(whole, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n").encode()


def _lonlat(spot: Spot) -> list[float]:
    return [round(spot.lon, _DECIMALS), round(spot.lat, _DECIMALS)]


def _feature(kind: str, coordinates: object, properties: dict[str, object]) -> dict[str, object]:
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": properties}
