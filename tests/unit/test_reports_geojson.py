"""GeoJSON read back with json and GeoPandas."""

import datetime as dt
import io
import json
import math
from typing import Any

import geopandas as gpd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LinearRing, MultiPolygon, Point, Polygon, box
from shapely.geometry import shape

from coverage.faces.files.geojson_file import geojson_bytes
from coverage.faces.words.columns import Column, boxes

PROPERTIES = (
    Column("kode", "Kode", "code"),
    Column("name", "Nama"),
    Column("travel_min", "Waktu", "minutes"),
    Column("population", "Penduduk", "integer"),
    Column("last_visit", "Kunjungan", "date"),
    *boxes("id"),
)


def table(geometries: list[Any], crs: str | None = "EPSG:4326") -> gpd.GeoDataFrame:
    n = len(geometries)
    return gpd.GeoDataFrame(
        {
            "kode": [f"74.10.{i:02}.1000" for i in range(n)],
            "name": [None, *["=Wua-Wua <é>"] * n][:n],
            "travel_min": [math.inf, math.nan, *[79.83333333] * n][:n],
            "population": [math.nan, *[1200.0] * n][:n],
            "last_visit": [dt.date(2024, 10, 4), *[None] * n][:n],
        },
        geometry=geometries,
        crs=crs,
    )


def features(gdf: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    collection = json.loads(geojson_bytes(gdf, PROPERTIES), parse_constant=pytest.fail)
    assert set(collection) == {"type", "features"}
    found: list[dict[str, Any]] = collection["features"]
    return found


def polygons(geometry: Any) -> list[Polygon]:
    return list(geometry.geoms) if isinstance(geometry, MultiPolygon) else [geometry]


def test_codes_are_text_dates_iso_unknowns_null_and_infinity_a_state() -> None:
    read = features(table([box(122, -4, 123, -3)] * 3))
    assert [feature["id"] for feature in read] == ["74.10.00.1000", "74.10.01.1000", "74.10.02.1000"]
    assert [feature["properties"] for feature in read] == [
        {
            "kode": "74.10.00.1000",
            "name": None,
            "travel_min": None,
            "travel_min_state": "not_connected",
            "population": None,
            "last_visit": "2024-10-04",
        },
        {
            "kode": "74.10.01.1000",
            "name": "=Wua-Wua <é>",
            "travel_min": None,
            "travel_min_state": "unknown",
            "population": 1200,
            "last_visit": None,
        },
        {
            "kode": "74.10.02.1000",
            "name": "=Wua-Wua <é>",
            "travel_min": 79.833,
            "travel_min_state": "connected",
            "population": 1200,
            "last_visit": None,
        },
    ]


def test_exterior_rings_run_anticlockwise_and_holes_clockwise() -> None:
    clockwise = Polygon([(122, -4), (122, -3), (123, -3), (123, -4)], [[(122.4, -3.6), (122.6, -3.6), (122.5, -3.4)]])
    assert not clockwise.exterior.is_ccw
    coordinates = features(table([clockwise]))[0]["geometry"]["coordinates"]
    assert [LinearRing(ring).is_ccw for ring in coordinates] == [True, False]


def test_another_crs_becomes_wgs84_in_longitude_latitude() -> None:
    metric = table([Point(122.5, -3.99)]).to_crs("EPSG:32751")
    assert features(metric)[0]["geometry"]["coordinates"] == [122.5, -3.99]


def test_a_bow_tie_becomes_valid_polygons() -> None:
    bow_tie = Polygon([(122, -4), (123, -3), (123, -4), (122, -3)])
    assert not bow_tie.is_valid
    made = shape(features(table([bow_tie]))[0]["geometry"])
    assert made.is_valid
    assert made.geom_type == "MultiPolygon"


def test_missing_empty_and_vanishing_geometry_is_null() -> None:
    tiny = box(122, -4, 122 + 1e-8, -4 + 1e-8)
    assert [f["geometry"] for f in features(table([None, Polygon(), tiny]))] == [None, None, None]


def test_geopandas_reads_the_file_as_wgs84_row_for_row() -> None:
    data = geojson_bytes(table([box(122 + i, -4, 123 + i, -3) for i in range(3)]), PROPERTIES)
    read = gpd.read_file(io.BytesIO(data))
    assert read.crs.to_epsg() == 4326
    assert read["kode"].tolist() == ["74.10.00.1000", "74.10.01.1000", "74.10.02.1000"]
    assert read.geometry.bounds["minx"].tolist() == [122, 123, 124]


def test_no_rows_make_an_empty_collection_and_no_properties_empty_ones() -> None:
    gdf = table([Point(122.5, -3.99)])
    assert features(gdf[:0]) == []
    assert json.loads(geojson_bytes(gdf, []))["features"][0]["properties"] == {}


def test_a_table_without_crs_or_id_is_refused() -> None:
    with pytest.raises(ValueError, match="CRS"):
        geojson_bytes(table([Point(1, 1)], crs=None), PROPERTIES)
    with pytest.raises(ValueError, match="unit_id"):
        geojson_bytes(table([Point(1, 1)]), PROPERTIES, id_key="unit_id")


def test_the_same_table_gives_the_same_bytes() -> None:
    gdf = table([box(122, -4, 123, -3)] * 3)
    assert geojson_bytes(gdf, PROPERTIES) == geojson_bytes(gdf.copy(), PROPERTIES)


ANGLES = st.lists(st.floats(0, 2 * math.pi), min_size=3, max_size=12, unique=True)


@given(
    angles=ANGLES,
    lon=st.floats(95, 141),
    lat=st.floats(-11, 6),
    radius=st.floats(1e-6, 1),
)
def test_any_ring_comes_out_valid_anticlockwise_and_with_six_decimals_at_most(
    angles: list[float], lon: float, lat: float, radius: float
) -> None:
    ring = [(lon + radius * math.cos(angle), lat + radius * math.sin(angle)) for angle in angles]
    data = geojson_bytes(table([Polygon(ring)]), PROPERTIES)
    geometry = json.loads(data, parse_float=str)["features"][0]["geometry"]
    if geometry is None:
        return
    made = shape(json.loads(data)["features"][0]["geometry"])
    assert made.is_valid
    assert all(polygon.exterior.is_ccw for polygon in polygons(made))
    numbers = json.dumps(geometry["coordinates"]).replace("[", " ").replace("]", " ").replace('"', " ").split(",")
    assert all(len(number.strip().partition(".")[2]) <= 6 for number in numbers)
