"""KML 2.2 for Organic Maps and Google Earth: a folder a day with its calls and its line."""

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from coverage.faces.files.itinerary import Itinerary, Spot, day_names
from coverage.faces.files.sources import PlanSource
from coverage.ground.texts import Language

__all__ = ["DAY_COLOURS", "kml_bytes", "plan_kml"]

DAY_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
"""Colours that people with colour blindness tell apart (Okabe, Ito 2008)."""

_NAMESPACE = "http://www.opengis.net/kml/2.2"


def plan_kml(plan: PlanSource, lang: Language) -> bytes:
    """Write a plan as KML."""
    return kml_bytes(plan.itinerary, day_names(plan.itinerary, lang))


def kml_bytes(itinerary: Itinerary, names: Sequence[str]) -> bytes:
    """Write one folder a day; `names` are their titles."""
    ET.register_namespace("", _NAMESPACE)
    root = ET.Element(f"{{{_NAMESPACE}}}kml")
    document = _under(root, "Document")
    _under(document, "name", itinerary.title)
    _point(document, itinerary.base, itinerary.base.name, "")
    for number, (sheet, name) in enumerate(zip(itinerary.days, names, strict=True)):
        folder = _under(document, "Folder")
        _under(folder, "name", name)
        for call in sheet.calls:
            when = f"{call.begin:%H.%M}-{call.departure:%H.%M} {itinerary.zone_name}"
            _point(folder, call.spot, f"{call.number}. {call.spot.name}", f"{when}. {call.kode}")
        line = _under(folder, "Placemark")
        _under(line, "name", name)
        style = _under(_under(line, "Style"), "LineStyle")
        red, green, blue = (DAY_COLOURS[number % len(DAY_COLOURS)][at : at + 2] for at in (1, 3, 5))
        _under(style, "color", f"ff{blue}{green}{red}".lower())
        _under(style, "width", "4")
        _under(_under(line, "LineString"), "coordinates", " ".join(_degrees(lon, lat) for lon, lat in sheet.line))
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="UTF-8", xml_declaration=True)) + b"\n"


def _under(parent: ET.Element, tag: str, text: str | None = None) -> ET.Element:
    child = ET.SubElement(parent, f"{{{_NAMESPACE}}}{tag}")
    child.text = text
    return child


def _point(parent: ET.Element, spot: Spot, name: str, description: str) -> None:
    mark = _under(parent, "Placemark")
    _under(mark, "name", name)
    if description:
        _under(mark, "description", description)
    _under(_under(mark, "Point"), "coordinates", _lonlat(spot))


def _lonlat(spot: Spot) -> str:
    return _degrees(spot.lon, spot.lat)


def _degrees(lon: float, lat: float) -> str:
    return f"{lon:.6f},{lat:.6f}"
