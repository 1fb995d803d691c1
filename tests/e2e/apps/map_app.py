"""A map of 2 300 made-up villages on two islands, for the browser tests: `?n=` fewer, `?extra` ways and zones."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import shapely
import streamlit as st

from coverage.faces.dashboard.shell.mapview import show_map
from coverage.faces.maps.folium_map import area_map
from coverage.faces.maps.map_geometry import Ground
from coverage.faces.maps.map_legend import LegendEntry, marker_legend, tier_caption, travel_class, travel_legend
from coverage.faces.maps.map_marks import MapLayer, MapLine, MapZone, Marker, Overlay
from coverage.ground.quantities import format_duration

HOSTILE = (
    "RS Dr. O'Neil \\ Klinik `A` ${x}</script><img src=x onerror=alert(1)> "
    "{{'div'}} {{ 7*7 }} {% if %} {# alert(coords);"
)


@st.cache_resource
def made_up(count: int) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    rng = np.random.default_rng(74)
    angles = np.linspace(0, 2 * np.pi, 400, endpoint=False)
    islands = [
        shapely.Polygon(
            np.c_[
                x + (r + 0.09 * np.sin(5 * angles + x) + 0.03 * rng.random(400)) * np.cos(angles),
                y + (r + 0.12 * np.cos(3 * angles) + 0.03 * rng.random(400)) * np.sin(angles),
            ]
        ).buffer(0)
        for x, y, r in ((121.9, -4.1, 0.9), (123.0, -5.1, 0.35))
    ]
    land = shapely.union_all(islands)
    points = rng.uniform((120.9, -5.7), (123.6, -3.0), (count * 6, 2))
    points = points[shapely.contains_xy(land, points)][:count]
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(points), ordered=True))
    cells = shapely.intersection(cells, land)
    west = points[:, 0] < np.median(points[:, 0])
    row = np.digitize(points[:, 1], (-5, -4.5, -4.2, -3.9, -3.6))
    frame = gpd.GeoDataFrame(
        {
            "name": [HOSTILE if i == 0 else f"Desa {i}" for i in range(len(points))],
            "district": [
                f"Kecamatan {a}{b}{c}"
                for a, b, c in zip(west, row, np.digitize(points[:, 0], (121.5, 122.2)), strict=True)
            ],
            "regency": [f"Kab. {'Barat' if a else 'Timur'} {b // 2}" for a, b in zip(west, row, strict=True)],
        },
        index=[f"99.01.{i // 1000:02}.{2000 + i % 1000}" for i in range(len(points))],
        geometry=cells,
        crs=4326,
    )
    return frame, gpd.GeoDataFrame(geometry=islands, crs=4326)


st.set_page_config(layout="wide")
areas, land = made_up(int(st.query_params.get("n", "2300")))
speed = st.select_slider("Kecepatan", [20, 40, 60], value=20)
points = areas.geometry.representative_point()
minutes = np.hypot(points.x - 122.2, points.y + 4.0).to_numpy() * 111 / speed * 60
minutes[points.x.to_numpy() > 122.8] = np.inf
chosen = st.session_state.get("chosen")
extra = "extra" in st.query_params
shown = Overlay(
    classes=["unknown" if i == 5 else travel_class(m) for i, m in enumerate(minutes)],
    legend=[
        *travel_legend(),
        LegendEntry("unknown", "tidak ada data", "#888888", "dots"),
        *marker_legend(["unit", "unit_unverified"]),
    ],
    tooltips=[(format_duration(m), f"Unit {HOSTILE}" if i == 0 else "Klinik A") for i, m in enumerate(minutes)],
    caption=tier_caption("indikatif", "indikatif"),
    markers=[
        Marker("satu", -4.0, 122.2, "unit_unverified", HOSTILE, ("belum diverifikasi",), layer="units"),
        Marker("dua", -4.0, 122.2, "unit", "Klinik B", layer="units"),
        Marker("<img src=x onerror=alert(2)>", -4.6, 121.6, "unit", "Klinik C", layer="units"),
    ],
    lines=[MapLine(shapely.LineString([(121.6, -4.6), (122.2, -4.0)]), "#d55e00", True, HOSTILE)] * extra,
    layers=[MapLayer("units", "Unit rehabilitasi")],
    zones=[MapZone(shapely.Point(122.2, -4.0).buffer(size), "#111111") for size in (0.2, 0.4)] * extra,
    selected=chosen,
)
drawn = area_map(Ground(areas, land, Path(__file__).parent / "static"), shown)
told = show_map(drawn, key="peta-map")
if told is not None:
    if told.kind == "area":
        st.session_state["chosen"] = told.id
    st.session_state["told"] = f"{told.kind} {told.id}"
    st.rerun()
st.text(f"Diklik: {st.session_state.get('told', '-')}")
