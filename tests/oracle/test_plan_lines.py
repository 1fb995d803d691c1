"""The line of a planned day: along real roads where they are known, through every stop, in every file."""

import datetime as dt
import io
import json
import os
from pathlib import Path

import gpxpy
import numpy as np
import pytest
import shapely

from coverage.answers.pokling import Rules
from coverage.answers.study import open_study
from coverage.answers.tours.campaign import plan_campaign
from coverage.answers.tours.request import Request
from coverage.answers.tours.ways import calls_of, day_line, follows_roads
from coverage.faces.files.gpx_file import gpx_bytes
from coverage.faces.files.route_geojson import route_geojson_bytes
from coverage.faces.plan.itineraries import itinerary
from coverage.ground.geometry import geodesic_km
from coverage.places.workspace import Workspace
from coverage.travel.roads.importing import import_roads

SHARED = Path(os.environ.get("JANGKAU_SHARED", Path(__file__).resolve().parents[3] / "shared")) / "data" / "roads"
UNITS = b"name,kind,kode\nKlinik uji,klinik BNNK,35.74.03.1001\n"
needs_roads = pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/data/roads, real road material, is not here")


def planned(workspace):
    study = open_study("35.74", workspace=workspace, units_file=UNITS)
    day = dt.date(2026, 12, 1)
    asked = Request("klinik-uji", day, days=2, known_on=day, iterations=200, rules=Rules(cutoff_min=5.0))
    return plan_campaign(study, asked)


@pytest.fixture(scope="module")
def on_roads(tmp_path_factory):
    path = tmp_path_factory.mktemp("ruang") / "kerja.gpkg"
    import_roads(Workspace.open(path), SHARED / "probolinggo_kota.osm.pbf", "35.74")
    return planned(path)


def length_km(line):
    at = shapely.get_coordinates(line)
    return float(geodesic_km(at[:-1, 0], at[:-1, 1], at[1:, 0], at[1:, 1]).sum())


@pytest.mark.shared
@needs_roads
def test_a_day_on_real_roads_is_as_long_as_its_legs_and_passes_every_stop(on_roads):
    assert follows_roads(on_roads)
    for day in on_roads.days:
        line = day_line(on_roads, day)
        # Access legs are longer by their detour than the straight line that is drawn for them.
        assert length_km(line) <= day.km <= length_km(line) * 1.1
        for call in calls_of(day):
            assert line.distance(shapely.Point(on_roads.point(call)[::-1])) < 1e-9


@pytest.mark.shared
@needs_roads
def test_files_carry_the_same_line(on_roads):
    paper = itinerary(on_roads, "id")
    tracks = gpxpy.parse(io.BytesIO(gpx_bytes(paper, [str(number) for number, _ in enumerate(paper.days)]))).tracks
    features = json.loads(route_geojson_bytes(paper))["features"]
    drawn = [feature["geometry"]["coordinates"] for feature in features if feature["properties"]["role"] == "route"]
    assert len(tracks) == len(drawn) == len(paper.days)
    for day, track, line in zip(on_roads.days, tracks, drawn, strict=True):
        expected = shapely.get_coordinates(day_line(on_roads, day))
        written = [(point.longitude, point.latitude) for point in track.segments[0].points]
        assert np.abs(np.array(written) - expected).max() < 1e-6
        assert np.abs(np.array(line) - expected).max() < 1e-6


def test_without_real_roads_a_day_goes_straight_from_stop_to_stop(tmp_path):
    plan = planned(tmp_path / "kosong.gpkg")
    assert not follows_roads(plan)
    for day in plan.days:
        stops = [plan.point(call)[::-1] for call in calls_of(day)]
        line = shapely.get_coordinates(day_line(plan, day))
        assert set(map(tuple, line.tolist())) == set(stops)
    paper = itinerary(plan, "id")
    assert not gpxpy.parse(io.BytesIO(gpx_bytes(paper, [""] * len(paper.days)))).tracks
