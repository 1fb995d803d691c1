"""The page that ``dashboard.py`` measures beside ours: the same villages and figures through stock folium.

Run by Streamlit, not by hand. The polygons are simplified together, as ours are: whole, they are fourteen times larger.
"""

import folium
import geopandas as gpd
import shapely
import streamlit as st
from streamlit_folium import st_folium

from coverage.answers.gaps import gaps
from coverage.answers.study import Study, open_study
from coverage.faces.maps.map_legend import travel_class, travel_legend
from coverage.faces.maps.region_map import region_areas

TOLERANCE_DEG = 0.002


@st.cache_resource
def opened() -> tuple[Study, gpd.GeoDataFrame]:
    """Open the province and simplify its areas once."""
    study = open_study("74")
    areas = region_areas(study)
    return study, areas.set_geometry(
        gpd.GeoSeries(shapely.coverage_simplify(areas.geometry.array, TOLERANCE_DEG), areas.index, crs=4326)
    )


study, areas = opened()
cutoff = st.number_input("Cutoff", min_value=1.0, value=60.0, key="cutoff")
report = gaps(study, cutoff)
st.title(f"{report.summary()['covered']} of {len(areas)} villages within {cutoff:g} minutes")
colors = {entry.key: entry.color for entry in travel_legend()}
shown = areas.assign(
    color=[colors[travel_class(minutes)] for minutes in report.villages["travel_min"]],
    minutes=report.villages["travel_min"].round().replace(float("inf"), -1.0),
    state=report.villages["state"],
)
drawn = folium.Map()
folium.GeoJson(
    shown,
    style_function=lambda feature: {"fillColor": feature["properties"]["color"], "weight": 0.4, "fillOpacity": 1},
    tooltip=folium.GeoJsonTooltip(["name", "district", "regency", "minutes", "state"]),
).add_to(drawn)
drawn.fit_bounds(drawn.get_bounds())
st_folium(drawn, key="map", use_container_width=True, returned_objects=["last_object_clicked"])
