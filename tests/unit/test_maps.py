"""Laws of the map's data: compact, harmless, and the same geometry for all sessions."""

import json
import math
import shutil
from pathlib import Path
from typing import Any

import folium
import geopandas as gpd
import numpy as np
import pytest
import shapely
import streamlit_folium
from hypothesis import given
from hypothesis import strategies as st

from coverage.faces.maps.folium_map import AreaMap, Clicked, area_map, clicked
from coverage.faces.maps.map_geometry import Ground, publish
from coverage.faces.maps.map_legend import (
    MARKER_KINDS,
    LegendEntry,
    marker_legend,
    tier_caption,
    travel_class,
    travel_legend,
)
from coverage.faces.maps.map_marks import MapLine, MapZone, Marker, Overlay
from coverage.faces.maps.map_words import in_words
from coverage.ground.errors import DataError
from coverage.ground.texts import LANGUAGES

REPO = Path(__file__).resolve().parents[2]
PAYLOADS = [
    "RS Dr. O'Neil \\ Klinik `A` ${x}",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "{{ 7*7 }} {% for x in y %} {# {{'div'}} {{ cycler.__init__ }}",
    "\\x3cimg src=x onerror=alert(1)\\x3e",
    "alert(coords); drawnItems_draw_control_div_1 map_div_0 <!-- \u2028 \u2029 %}",
    '"},"x":{"y":"',
]


@pytest.fixture
def static_dir(tmp_path: Path) -> Path:
    return Path(shutil.copytree(REPO / "static", tmp_path / "static", ignore=shutil.ignore_patterns("geo")))


def squares(side: int = 4, names: list[str] | None = None) -> gpd.GeoDataFrame:
    """Build a chessboard of villages near Kendari whose borders wiggle, shared by both neighbours."""
    wiggle = np.random.default_rng(1).uniform(-1e-5, 1e-5, (side + 1, side * 400 + 1, 2))

    def edge(row: int, start: int) -> list[tuple[float, float]]:
        steps = range(start * 400, start * 400 + 401)
        return [(122 + s / 4000 + wiggle[row, s, 0], -4 + row / 10 + wiggle[row, s, 1]) for s in steps]

    shapes = [
        shapely.Polygon([*edge(row, column), *reversed(edge(row + 1, column))])
        for row in range(side)
        for column in range(side)
    ]
    count = side * side
    return gpd.GeoDataFrame(
        {
            "name": names or [f"Desa {i}" for i in range(count)],
            "district": [f"Kec {i // side}" for i in range(count)],
            "regency": [f"Kabupaten {i // (side * side // 2)}" for i in range(count)],
        },
        index=[f"74.01.{i // side + 1:02}.{2001 + i}" for i in range(count)],
        geometry=shapes,
        crs=4326,
    )


def scripts(drawn: AreaMap) -> tuple[str, str]:
    """Let streamlit-folium write the scripts that reach the browser: the base's and the overlay's."""
    drawn.base.get_root().render()
    drawn.base.render()
    base = streamlit_folium._get_map_string(drawn.base)
    return base, streamlit_folium._get_feature_group_string(drawn.overlay, drawn.base)


def handed_over(script: str) -> dict[str, object]:
    """Read the data back out of the overlay's script."""
    start = script.index("{", script.index("jangkau.paint("))
    data, _ = json.JSONDecoder().raw_decode(script[start:])
    return data


def draw(areas: gpd.GeoDataFrame, static_dir: Path, **changes: object) -> AreaMap:
    given: dict[str, object] = {
        "classes": [travel_class(20.0 * i) for i in range(len(areas))],
        "legend": travel_legend(),
        "tooltips": [("20 mnt", f"{i} jiwa") for i in range(len(areas))],
        "caption": tier_caption("indikatif", "indikatif"),
    }
    lang = changes.pop("lang", "id")
    return area_map(Ground(areas, None, static_dir), Overlay(**{**given, **changes}), lang)


def decoded(path: Path) -> list[list[np.ndarray]]:
    """Decode the outer rings of all areas."""
    contents = json.loads(path.read_text(encoding="utf-8"))
    return [
        [np.cumsum(np.reshape(rings[0], (-1, 2)), axis=0) / contents["scale"] for rings in area]
        for area in contents["areas"]
    ]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_name_arrives_unchanged_and_means_nothing_on_the_way(static_dir: Path, payload: str) -> None:
    areas = squares(names=[payload] * 16)
    drawn = draw(
        areas,
        static_dir,
        tooltips=[(payload, "x")] * 16,
        caption=payload,
        legend_title=payload,
        legend=[LegendEntry("upto_30", payload)],
        markers=[Marker(payload, -4, 122, "unit", payload, (payload,), payload)],
        lines=[MapLine(shapely.LineString([(122, -4), (122.1, -4)]), "#111111", name=payload, lines=(payload,))],
    )
    base, overlay = scripts(drawn)
    data = handed_over(overlay)
    assert data["caption"] == payload
    assert payload in data["words"]
    assert data["legend"][0]["label"] == payload
    assert data["texts"]["legend"] == payload
    assert {data["markers"][0][key] for key in ("id", "name", "text")} == {payload}
    assert (data["ways"][0]["name"], data["ways"][0]["lines"]) == (payload, [payload])
    written = json.loads(next((static_dir / "geo").iterdir()).read_text(encoding="utf-8"))
    assert written["names"] == [payload] * 16
    inside = overlay[overlay.index("jangkau.paint(") : overlay.index("map_div.addLayer")]
    assert not set("<>`$'&%#") & set(inside)
    assert payload not in base


def test_ways_and_zones_arrive_where_they_are(static_dir: Path) -> None:
    way = shapely.MultiLineString([[(122.0, -4.0), (122.1, -4.05), (122.2, -4.0)], [(122.3, -4.0), (122.4, -4.0)]])
    ring = shapely.Point(122.2, -4.0).buffer(0.2).difference(shapely.Point(122.2, -4.0).buffer(0.05))
    drawn = draw(squares(), static_dir, lines=[MapLine(way, "#111111")], zones=[MapZone(ring, "#111111")])
    data = handed_over(scripts(drawn)[1])

    def points(flat: list[int]) -> np.ndarray:
        return np.cumsum(np.reshape(flat, (-1, 2)), axis=0) / data["scale"]

    assert [points(part).tolist() for part in data["ways"][0]["parts"]] == [
        shapely.get_coordinates(part).tolist() for part in way.geoms
    ]
    ((outer, hole),) = data["zones"][0]["area"]
    assert shapely.Polygon(points(outer), [points(hole)]).symmetric_difference(ring).area < ring.area / 100


def test_nothing_to_lay_over_is_drawn_as_nothing(static_dir: Path) -> None:
    empty = shapely.Polygon()
    drawn = draw(squares(), static_dir, lines=[MapLine(shapely.LineString(), "#111111")], zones=[MapZone(empty, "#1")])
    data = handed_over(scripts(drawn)[1])
    assert data["ways"][0]["parts"] == []
    assert data["zones"][0]["area"] == []


def test_rendering_never_compiles_data_as_a_template(static_dir: Path) -> None:
    drawn = draw(squares(), static_dir, caption="{{ undefined.attribute }}{% broken")
    drawn.overlay.add_to(drawn.base)
    assert "broken" not in drawn.base.get_root().render()


def test_every_address_of_the_map_is_the_apps_own_but_that_of_tiles_the_reader_may_ask_for(static_dir: Path) -> None:
    drawn = draw(squares(), static_dir, markers=[Marker("a", -4, 122, "unit", "Klinik")])
    links = [link for _, link in (*drawn.base.default_js, *drawn.base.default_css)]
    assert all(link.startswith("../../app/static/") for link in links)
    assert all((static_dir / link.removeprefix("../../app/static/").partition("?")[0]).is_file() for link in links)
    told = "".join(scripts(drawn)).replace("\\u002f", "/")
    assert told.count("//") == told.count("https://tile.openstreetmap.org/") == 1


def test_the_maps_of_others_are_left_alone(static_dir: Path) -> None:
    before = list(folium.Map.default_js)
    draw(squares(), static_dir)
    assert folium.Map.default_js == before


def test_changed_data_leave_the_base_as_it_is(static_dir: Path) -> None:
    areas = squares()
    first, _ = scripts(draw(areas, static_dir))
    second, overlay = scripts(draw(areas, static_dir, classes=["upto_30"] * 16, selected=areas.index[3], lang="en"))
    assert first == second
    assert handed_over(overlay)["selected"] == 3


def test_another_region_gives_another_component(static_dir: Path) -> None:
    keys = {
        streamlit_folium.generate_js_hash(scripts(draw(squares(side), static_dir))[0], "peta") for side in (2, 4, 6)
    }
    assert len(keys) == 3


def test_geometry_is_written_once_for_the_same_content(static_dir: Path) -> None:
    first = publish(squares(), None, static_dir)
    written = (static_dir / first.path).stat().st_mtime_ns
    assert publish(squares(), None, static_dir) == first
    assert (static_dir / first.path).stat().st_mtime_ns == written
    assert publish(squares(names=["x"] * 16), None, static_dir).path != first.path
    assert [p.suffix for p in (static_dir / "geo").iterdir()] == [".json", ".json"]


def test_neighbours_keep_one_common_border(static_dir: Path) -> None:
    rings = decoded(static_dir / publish(squares(), None, static_dir).path)
    polygons = [shapely.Polygon(parts[0]) for parts in rings]
    assert shapely.coverage_is_valid(polygons)
    assert sum(len(parts[0]) for parts in rings) < shapely.get_num_coordinates(squares().geometry.array).sum() / 2


def test_points_and_empty_shapes_are_drawn_as_points_and_not_at_all(static_dir: Path) -> None:
    areas = squares(2)
    areas.geometry = [shapely.Point(122, -4), *areas.geometry[1:3], shapely.Polygon()]
    contents = json.loads((static_dir / publish(areas, None, static_dir).path).read_text(encoding="utf-8"))
    first, *_, last = contents["areas"]
    assert [first[0] / contents["scale"], first[1] / contents["scale"]] == [122, -4]
    assert last == []


def test_land_is_cut_to_the_surroundings(static_dir: Path) -> None:
    land = gpd.GeoDataFrame(geometry=[shapely.box(95, -11, 141, 6), shapely.box(95, 6.2, 96, 6.4)], crs=4326)
    published = publish(squares(), land, static_dir)
    contents = json.loads((static_dir / published.path).read_text(encoding="utf-8"))
    ring = np.cumsum(np.reshape(contents["land"][0][0][0], (-1, 2)), axis=0) / contents["scale"]
    assert len(contents["land"]) == 1
    assert np.allclose([*ring.min(axis=0), *ring.max(axis=0)], published.window, atol=1e-3)


def test_any_crs_gives_degrees(static_dir: Path) -> None:
    published = publish(squares().to_crs(32751), None, static_dir)
    assert np.allclose(published.bounds, squares().total_bounds, atol=1e-6)


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "geo").write_text("", encoding="utf-8")
    with pytest.raises(DataError, match="geo"):
        publish(squares(), None, tmp_path)


def spelled(data: dict[str, Any], number: int) -> list[str]:
    """Read the tooltip of an area back, as the drawing script does."""
    lines = []
    for parts in data["lines"]:
        words = [data["words"][int(digits[number * width :][:width], 36)] for width, digits in parts]
        lines.append(": ".join(word for word in words if word))
    return [line for line in lines if line]


def test_words_are_handed_over_once(static_dir: Path) -> None:
    tooltips = [("sama",), *([("sama", ("20 mnt", f"Klinik {i % 2}")) for i in range(14)]), (("sama", ""), "lain")]
    data = handed_over(scripts(draw(squares(), static_dir, tooltips=tooltips))[1])
    assert len(data["words"]) == len(set(data["words"])) == 6
    assert spelled(data, 0) == ["sama"]
    assert spelled(data, 2) == ["sama", "20 mnt: Klinik 1"]
    assert spelled(data, 15) == ["sama", "lain"]


@given(st.lists(st.lists(st.text(max_size=3), max_size=3), min_size=1, max_size=60))
def test_every_area_gets_its_own_words_back(lines: list[list[str]]) -> None:
    words, told = in_words(lines)
    data = {"words": words, "lines": told}
    assert [spelled(data, number) for number in range(len(lines))] == [[one for one in line if one] for line in lines]


def test_a_class_without_a_legend_row_leaves_the_area_blank(static_dir: Path) -> None:
    _, overlay = scripts(draw(squares(2), static_dir, classes=["upto_30", "hidden", "over_180", "not_connected"]))
    assert handed_over(overlay)["classes"] == "0-45"


@pytest.mark.parametrize(
    ("minutes", "key"),
    [(0, "upto_30"), (30, "upto_30"), (30.01, "upto_60"), (60, "upto_60"), (120, "upto_120"), (180, "upto_180"),
     (180.5, "over_180"), (1e9, "over_180"), (math.inf, "not_connected")],
)  # fmt: skip
def test_bounds_belong_to_the_lower_class_and_infinity_to_none(minutes: float, key: str) -> None:
    assert travel_class(minutes) == key


TIERS = {
    "indikatif": ("indikatif", "indicative"), "resmi": ("resmi", "official"), "kantor": ("data sendiri", "own data"),
    "nyata": ("jalan nyata", "real roads"),
}  # fmt: skip


@pytest.mark.parametrize("boundary", ["indikatif", "resmi", "kantor"])
@pytest.mark.parametrize("travel", ["indikatif", "nyata"])
def test_the_caption_names_both_tiers_by_their_own_words(boundary: str, travel: str) -> None:
    for place, lang in enumerate(("id", "en")):
        said = tier_caption(boundary, travel, lang).casefold()
        assert {tier for tier, words in TIERS.items() if words[place] in said} == {boundary, travel}


def test_not_connected_is_told_by_a_pattern_too() -> None:
    assert [entry.pattern for entry in travel_legend()] == ["plain"] * 5 + ["hatch"]


def test_legends_speak_both_languages() -> None:
    for lang in LANGUAGES:
        assert len({entry.label for entry in travel_legend(lang)}) == 6
        assert [entry.key for entry in marker_legend(["closed", "unit", "unit"], lang)] == ["unit", "closed"]


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        ({"last_object_clicked_tooltip": "area/74.71.01.1005"}, Clicked("area", "74.71.01.1005")),
        ({"last_object_clicked_tooltip": "marker/%3Cimg%3E%2F1"}, Clicked("marker", "<img>/1")),
        ({"last_object_clicked_tooltip": "elsewhere"}, None),
        ({"last_object_clicked_tooltip": None}, None),
        ({}, None),
        (None, None),
    ],
)
def test_clicks_are_read_back(report: object, expected: Clicked | None) -> None:
    assert clicked(report) == expected


def test_leaflet_asks_for_no_source_map() -> None:
    assert b"sourceMappingURL" not in (REPO / "static" / "leaflet" / "leaflet.js").read_bytes()


def test_the_drawing_script_builds_text_as_text_only() -> None:
    script = (REPO / "static" / "map" / "areas.js").read_text(encoding="utf-8")
    for forbidden in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "http://", "https://"):
        assert forbidden not in script.replace("http://www.w3.org/2000/svg", "")


def test_marker_kinds_are_known_to_the_drawing_script() -> None:
    script = (REPO / "static" / "map" / "areas.js").read_text(encoding="utf-8")
    assert all(f"    {kind}: {{ fill" in script for kind in MARKER_KINDS)
