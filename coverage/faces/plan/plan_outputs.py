"""Every file a plan can become, by the ending of its name; shared by command and dashboard."""

from collections.abc import Callable, Mapping

from coverage.answers.tours.plan import Plan
from coverage.faces.files.csv_file import csv_bytes
from coverage.faces.files.gpx_file import gpx_bytes
from coverage.faces.files.ics_file import ics_bytes
from coverage.faces.files.kml_file import kml_bytes
from coverage.faces.files.message_file import message_bytes
from coverage.faces.files.pdf_file import pdf_bytes
from coverage.faces.files.route_geojson import route_geojson_bytes
from coverage.faces.files.xlsx_file import xlsx_bytes
from coverage.faces.plan.itineraries import itinerary, plan_ground, plan_list
from coverage.faces.plan.itinerary import Itinerary, late_mark
from coverage.ground.quantities import Language, format_date
from coverage.ground.texts import say

MEDIA = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "gpx": "application/gpx+xml",
    "kml": "application/vnd.google-earth.kml+xml",
    "geojson": "application/geo+json",
    "csv": "text/csv",
    "csv-excel": "text/csv",
    "ics": "text/calendar",
    "txt": "text/plain",
}


def day_names(paper: Itinerary, lang: Language) -> list[str]:
    """Name each day's route; a day longer than the working day says so."""
    return [
        ". ".join(
            filter(
                None,
                [
                    say("plan.message_day", lang, day=format_date(sheet.date, lang, weekday=True), team=sheet.team),
                    late_mark(sheet, lang),
                ],
            )
        )
        for sheet in paper.days
    ]


def plan_files(plan: Plan, lang: Language) -> Mapping[str, Callable[[], bytes]]:
    """Say how each format of a plan is made; nothing is made before it is asked for."""
    paper = itinerary(plan, lang)
    return {
        "xlsx": lambda: xlsx_bytes(plan_list(plan, lang, printed=True), lang=lang),
        "pdf": lambda: pdf_bytes(paper, plan_ground(plan), lang),
        "gpx": lambda: gpx_bytes(paper, day_names(paper, lang)),
        "kml": lambda: kml_bytes(paper, day_names(paper, lang)),
        "geojson": lambda: route_geojson_bytes(paper),
        "csv": lambda: csv_bytes(plan_list(plan, lang), dialect="machine", lang=lang),
        "csv-excel": lambda: csv_bytes(plan_list(plan, lang), dialect="excel-id", lang=lang),
        "ics": lambda: ics_bytes(paper, lang),
        "txt": lambda: message_bytes(paper, lang),
    }
