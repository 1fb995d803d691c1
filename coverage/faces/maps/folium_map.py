"""Maps: the only module that knows folium.

A map has two halves. The *base* is the geometry, a static file of its own; it changes with the region only, so
that zoom and place are kept. The *overlay* is what changes: classes, words, legend and markers, handed over
as compact data. No text is ever put into a template: names come from uploads, and the map's script
(``static/map/areas.js``) shows them through ``textContent``.
"""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import unquote

import folium
import shapely
from branca.element import MacroElement
from folium.template import Template

from coverage.faces.maps.map_geometry import Ground, MapGeometry, area_numbers, line_numbers
from coverage.faces.maps.map_marks import MapLine, Overlay
from coverage.faces.maps.map_words import DIGITS, in_words
from coverage.ground.texts import Language, say

__all__ = ["AreaMap", "Clicked", "area_map", "clicked"]

# The map stands in /component/<name>/index.html; a relative address also works behind a base path.
_SERVED = "../../app/static"
_NO_CLASS = "-"
_SCALE = 100_000
_TOLERANCE_DEG = 1e-4
# Inside of strings, everything that means something to HTML, to a script tag, to streamlit-folium's search and
# replace on generated scripts, or to Jinja: branca compiles what was rendered as a template once more, on the server.
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
# Fetched by the reader's browser, and only once the reader asks for it on the map.
_TILES = {"url": "https://tile.openstreetmap.org/{z}/{x}/{y}.png", "by": "© OpenStreetMap contributors"}
_TEXTS = ("zoom_in", "zoom_out", "whole", "failed", "search", "search_none", "tiles", "tiles_failed")
_UNSAFE = re.compile(r"[<>&'`$_(){}/%#]")


@dataclass(frozen=True)
class AreaMap:
    """A map ready for streamlit-folium: `base` stays, `overlay` is repainted."""

    base: folium.Map
    overlay: folium.FeatureGroup


@dataclass(frozen=True)
class Clicked:
    """What was clicked: an area's code or a marker's id."""

    kind: Literal["area", "marker"]
    id: str


def area_map(ground: Ground, shown: Overlay, lang: Language = "id") -> AreaMap:
    """Draw areas by class, with a legend, a badge and markers.

    Raises
    ------
    DataError
        If the geometry of `ground` is asked for the first time and cannot be written.
    """
    geometry = ground.geometry
    digits = {entry.key: digit for entry, digit in zip(shown.legend, DIGITS, strict=False)}
    words, told = in_words(shown.tooltips)
    codes = [str(code) for code in ground.areas.index]
    data = {
        "classes": "".join(digits.get(key, _NO_CLASS) for key in shown.classes),
        "words": words,
        "lines": told,
        "legend": [
            {"label": e.label, "color": e.color, "pattern": e.pattern, "marker": e.marker or "", "stroke": e.stroke}
            for e in shown.legend
        ],
        "scale": _SCALE,
        "ways": [_way(line) for line in shown.lines],
        "layers": [vars(layer) for layer in shown.layers],
        "zones": [{"area": area_numbers(_coarser(zone.geometry), _SCALE), "color": zone.color} for zone in shown.zones],
        "caption": shown.caption,
        "tiles": _TILES,
        "selected": codes.index(shown.selected) if shown.selected in codes else -1,
        "markers": [vars(marker) for marker in shown.markers],
        "texts": {
            "legend": shown.legend_title or say("maps.legend", lang),
            **{key: say(f"maps.{key}", lang) for key in _TEXTS},
        },
    }
    overlay = folium.FeatureGroup(control=False, show=False)
    overlay.add_child(_Paint(data))
    return AreaMap(_base(geometry, ground.static_dir), overlay)


def clicked(report: object) -> Clicked | None:
    """Read a click from what streamlit-folium returns; None if nothing of ours was clicked.

    Examples
    --------
    >>> clicked({"last_object_clicked_tooltip": "area/74.71.01.1005"})
    Clicked(kind='area', id='74.71.01.1005')
    """
    told = report.get("last_object_clicked_tooltip") if isinstance(report, dict) else None
    kind, _, address = str(told or "").partition("/")
    if kind == "area":
        return Clicked("area", unquote(address))
    return Clicked("marker", unquote(address)) if kind == "marker" else None


def _coarser(geometry: shapely.Geometry) -> shapely.Geometry:
    return shapely.simplify(geometry, _TOLERANCE_DEG)


def _way(line: MapLine) -> dict[str, object]:
    parts = [part for part in shapely.get_parts(_coarser(line.geometry)) if not shapely.is_empty(part)]
    return {
        "parts": [line_numbers(part, _SCALE) for part in parts],
        "color": line.color,
        "dashed": line.dashed,
        "name": line.name,
        "lines": line.lines,
        "layer": line.layer,
        "thin": line.thin,
    }


def _as_script(data: object) -> str:
    """Write data as JSON, in ASCII, that no HTML, script or template reader can take for its own."""
    text = json.dumps(data, separators=(",", ":"), allow_nan=False)
    return _STRING.sub(lambda string: _UNSAFE.sub(_escaped, string.group()), text)


def _escaped(character: re.Match[str]) -> str:
    return f"\\u{ord(character.group()):04x}"


class _OfflineMap(folium.Map):
    """A folium map that asks nobody else: no tiles, Leaflet and our script from the app's own folder."""

    def __init__(self, static_dir: Path, location: tuple[float, float]) -> None:
        super().__init__(
            location=location,
            zoom_start=7,
            tiles=None,
            zoom_control=False,
            font_size="13px",
            attribution_control=False,
            zoom_snap=0.25,
            zoom_delta=1,
            max_zoom=18,
        )
        self.default_js = [("leaflet", _served(static_dir, "leaflet/leaflet.js"))]
        self.default_js.append(("areas", _served(static_dir, "map/areas.js")))
        self.default_css = [("leaflet_css", _served(static_dir, "leaflet/leaflet.css"))]
        self.default_css.append(("areas_css", _served(static_dir, "map/areas.css")))


def _served(static_dir: Path, path: str) -> str:
    """Address of a static file, with its digest, so that browsers notice a new version."""
    digest = hashlib.sha256((static_dir / path).read_bytes()).hexdigest()[:8]
    return f"{_SERVED}/{path}?v={digest}"


def _base(geometry: MapGeometry, static_dir: Path) -> folium.Map:
    west, south, east, north = geometry.bounds
    base = _OfflineMap(static_dir, ((south + north) / 2, (west + east) / 2))
    source = {"url": f"{_SERVED}/{geometry.path}", "bounds": geometry.bounds, "window": geometry.window}
    base.add_child(_Base(source))
    return base


class _Script(MacroElement):
    """A call of ``static/map/areas.js`` with data."""

    def __init__(self, data: object) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "AreaScript"
        self.data = _as_script(data)

    def render(self, **_kwargs: object) -> str:
        """Add nothing to the figure: streamlit-folium takes the script from the template itself."""
        return ""


class _Base(_Script):
    _template = Template(
        "{% macro script(this, kwargs) %}jangkau.base({{ this._parent.get_name() }}, {{ this.data }});{% endmacro %}"
    )


class _Paint(_Script):
    _template = Template(
        "{% macro script(this, kwargs) %}jangkau.paint({{ this._parent._parent.get_name() }}, "
        "{{ this._parent.get_name() }}, {{ this.data }});{% endmacro %}"
    )
