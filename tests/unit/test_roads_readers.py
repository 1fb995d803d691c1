"""Every format of road file comes to the same pieces; what cannot be used is refused in a sentence."""

import json
import os
import zipfile
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import osmium
import osmnx
import pandas as pd
import pytest
import shapely

from coverage.ground.errors import InputError
from coverage.places.workspace import Workspace
from coverage.travel.roads import importing, road_formats
from coverage.travel.roads.importing import import_roads, read_roads
from coverage.travel.roads.lines import Columns
from coverage.travel.roads.osm_rules import sailing_minutes, ways_of
from coverage.travel.roads.road_store import stored_roads
from coverage.travel.roads.topology import connection

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("JANGKAU_SHARED", ROOT.parent / "shared")) / "data" / "roads"
REGION = "35.74"
LON, LAT = 113.20, -7.76
NODES = {number: (LON + number / 1000, LAT + (number % 3) / 1000) for number in range(1, 10)}
WAYS = {
    100: ([1, 2, 3, 4], {"highway": "residential", "name": "Jl. Mawar", "surface": "asphalt"}),
    101: ([3, 5, 6], {"highway": "primary_link", "oneway": "yes"}),
    102: ([4, 7], {"highway": "tertiary", "oneway": "-1"}),
    103: ([6, 7, 8, 6], {"highway": "unclassified", "junction": "roundabout", "surface": "gravel"}),
    104: ([8, 9], {"route": "ferry", "duration": "00:30"}),
    105: ([1, 9], {"highway": "footway"}),
    106: ([2, 9], {"highway": "residential", "access": "private"}),
    107: ([5, 9], {"highway": "residential", "access": "military"}),
}


def overpass(path):
    elements = [{"type": "node", "id": at, "lon": x, "lat": y} for at, (x, y) in NODES.items()]
    elements += [{"type": "way", "id": at, "nodes": nodes, "tags": tags} for at, (nodes, tags) in WAYS.items()]
    path.write_text(json.dumps({"osm3s": {"timestamp_osm_base": "2024-06-25T00:00:00Z"}, "elements": elements}))


def osm_file(path):
    with osmium.SimpleWriter(str(path), overwrite=True) as out:
        for at, place in NODES.items():
            out.add_node(osmium.osm.mutable.Node(id=at, location=place))
        for at, (nodes, tags) in WAYS.items():
            out.add_way(osmium.osm.mutable.Way(id=at, nodes=nodes, tags=tags))


def graphml(path):
    graph = nx.MultiDiGraph(crs="epsg:4326", created_date="2025-11-21 20:27:23", simplified=False)
    for at, (x, y) in NODES.items():
        graph.add_node(at, x=x, y=y)
    for number, (nodes, tags) in WAYS.items():
        for start, end in pairwise(nodes):
            given = {key: value for key, value in tags.items() if key != "oneway"}
            pair = (end, start) if tags.get("oneway") == "-1" else (start, end)
            single = "oneway" in tags or "junction" in tags
            graph.add_edge(*pair, osmid=number, oneway=single, reversed=False, length=1.0, **given)
            if not single:
                graph.add_edge(*pair[::-1], osmid=number, oneway=False, reversed=True, length=1.0, **given)
    osmnx.save_graphml(graph, path)


WRITERS = {"a.json": overpass, "a.osm.pbf": osm_file, "a.osm": osm_file, "a.graphml": graphml}


@pytest.fixture
def folder(tmp_path):
    return tmp_path


@pytest.fixture
def door(tmp_path):
    return Workspace.open(tmp_path / "kantor.gpkg")


def described(reading):
    """Say each piece by its places, so that numbers of nodes do not matter."""
    pieces = reading.segments
    rows = set()
    for at in range(len(pieces.tail)):
        ends = [
            (round(float(pieces.lon[node]), 6), round(float(pieces.lat[node]), 6))
            for node in (pieces.tail[at], pieces.head[at])
        ]
        way = tuple(ends if pieces.one_way[at] else sorted(ends))
        words = (pieces.road_class[at], pieces.surface[at], pieces.name[at])
        rows.add((*way, *words, bool(pieces.one_way[at]), bool(pieces.restricted[at])))
    return rows


@pytest.mark.parametrize("name", WRITERS)
def test_every_format_of_openstreetmap_comes_to_the_same_pieces(name, folder):
    overpass(folder / "oracle.json")
    WRITERS[name](folder / name)
    expected = read_roads(folder / "oracle.json", REGION, Columns())
    reading = read_roads(folder / name, REGION, Columns())
    assert described(reading) == described(expected)
    assert len(described(reading)) == 11
    assert reading.segments.restricted.sum() == 1
    assert reading.dropped == {"on_foot": 1, "no_access": 1}


@pytest.mark.parametrize("name", ["a.osm.pbf", "a.osm", "a.json"])
def test_a_format_is_told_by_its_content_not_by_its_name(name, folder):
    WRITERS[name](folder / name)
    disguised = (folder / name).rename(folder / "jalan.shp")
    assert len(read_roads(disguised, REGION, Columns()).segments.tail) == 11


def test_the_date_is_the_datas_own(folder):
    overpass(folder / "a.json")
    assert str(read_roads(folder / "a.json", REGION, Columns()).date) == "2024-06-25"


def one(**tags):
    kept, dropped = ways_of([(1, (1, 2), tags)])
    return kept[0] if kept else next(iter(dropped))


@pytest.mark.parametrize(
    ("tags", "nodes", "one_way"),
    [
        ({}, (1, 2), False),
        ({"oneway": "yes"}, (1, 2), True),
        ({"oneway": "1"}, (1, 2), True),
        ({"oneway": "-1"}, (2, 1), True),
        ({"oneway": "reverse"}, (2, 1), True),
        ({"oneway": "no"}, (1, 2), False),
        ({"oneway": "reversible"}, (1, 2), False),
        ({"junction": "roundabout"}, (1, 2), True),
        ({"highway": "motorway"}, (1, 2), True),
        ({"highway": "motorway", "oneway": "no"}, (1, 2), False),
        ({"highway": "motorway_link"}, (1, 2), False),
    ],
)
def test_one_way_streets_are_read_as_openstreetmap_says(tags, nodes, one_way):
    way = one(**{"highway": "residential", **tags})
    assert (way.nodes, way.one_way) == (nodes, one_way)


@pytest.mark.parametrize(
    ("tags", "reason"),
    [
        ({"highway": "path"}, "on_foot"),
        ({"highway": "construction"}, "not_roads"),
        ({"railway": "rail"}, "not_roads"),
        ({"highway": "residential", "area": "yes"}, "areas"),
        ({"highway": "service", "service": "driveway"}, "driveways"),
        ({"highway": "residential", "access": "no"}, "no_access"),
        ({"highway": "residential", "motor_vehicle": "no"}, "no_access"),
        ({"highway": "residential", "motorcar": "no"}, "no_access"),
        ({"route": "ferry", "access": "private"}, "no_access"),
    ],
)
def test_ways_nobody_drives_are_counted_by_reason(tags, reason):
    assert one(**tags) == reason


def test_tracks_and_lanes_for_motorcycles_stay():
    assert one(highway="track").road_class == "track"
    assert one(highway="residential", motorcar="no", motorcycle="yes").road_class == "residential"
    assert one(highway="service", service="alley").road_class == "service"


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("01:30", 90), ("00:45:30", 45), ("20", 20), ("20 min", 20), ("PT2H", 120), ("P1DT1H5M", 1505)],
)
def test_sailing_times_are_read_in_every_usual_way(text, minutes):
    assert sailing_minutes(text) == minutes


@pytest.mark.parametrize("text", ["", "P", "PT", "0", "00:00", "lama", "1:2:3:4", "-5", "99999", "1e3"])
def test_what_is_no_sailing_time_is_unknown(text):
    assert np.isnan(sailing_minutes(text))


def lines_table(**columns):
    shapes = [
        shapely.LineString([(LON, LAT), (LON + 0.01, LAT), (LON + 0.02, LAT)]),
        shapely.LineString([(LON + 0.01, LAT), (LON + 0.01, LAT + 0.01)]),
        shapely.MultiLineString([[(LON + 0.015, LAT - 0.005), (LON + 0.015, LAT + 0.005)]]),
    ]
    return gpd.GeoDataFrame(
        columns or {"REMARK": ["Jalan Arteri", "Jalan Setapak", "Jalan Kereta Api"]}, geometry=shapes, crs=4326
    )


VECTORS = ["a.gpkg", "a.geojson", "a.shp", "a.fgb", "a.kml"]


@pytest.mark.parametrize("name", VECTORS)
def test_lines_of_every_vector_format_connect_at_vertices_and_not_at_bridges(name, folder):
    table = lines_table(REMARK=["Jalan Arteri", "Jalan Setapak", "Jalan Lokal"])
    table.to_file(folder / name, driver="KML" if name.endswith("kml") else None)
    pieces = read_roads(folder / name, REGION, Columns()).segments
    assert sorted(pieces.road_class) == ["path", "primary", "primary", "tertiary"]
    assert len(pieces.lon) == 6
    degree = np.bincount(np.concatenate([pieces.tail, pieces.head]))
    assert sorted(degree) == [1, 1, 1, 1, 1, 3]


def test_a_zipped_shapefile_is_read_and_its_inner_paths_do_not_count(folder):
    lines_table().to_file(folder / "jalan.shp")
    with zipfile.ZipFile(folder / "a.zip", "w") as packed:
        for part in ("shp", "shx", "dbf", "prj"):
            packed.write(folder / f"jalan.{part}", f"../../luar/jalan.{part}")
    reading = read_roads(folder / "a.zip", REGION, Columns())
    assert (len(reading.segments.tail), reading.dropped) == (3, {"rail": 1})
    assert not (folder.parent / "luar").exists()


def test_projected_lines_are_transformed_and_that_is_told(folder):
    lines_table().to_crs(32749).to_file(folder / "utm.gpkg")
    reading = read_roads(folder / "utm.gpkg", REGION, Columns())
    assert [note.key for note in reading.notes] == ["roads.transformed"]
    assert reading.segments.lon.min() == pytest.approx(LON, abs=1e-8)


def test_columns_are_chosen_by_flag_and_words_by_table(folder):
    table = lines_table(
        JALAN=["Kabupaten", "Desa", "Gg"],
        KONDISI=["Aspal", "tanah", "rusak"],
        arah=["-1", "ya", "tidak"],
        nm=["A", None, "C"],
    )
    table.to_file(folder / "a.gpkg")
    columns = Columns("jalan", "kondisi", "ARAH", "nm", classes={"gg": "living_street"})
    reading = read_roads(folder / "a.gpkg", REGION, columns)
    pieces = reading.segments
    assert list(pieces.road_class) == ["tertiary", "tertiary", "unclassified", "living_street"]
    assert list(pieces.surface) == ["paved", "paved", "unpaved", ""]
    assert list(pieces.name) == ["A", "A", "", "C"]
    assert list(pieces.one_way) == [True, True, True, False]
    assert (pieces.lon[pieces.tail[:2]] > pieces.lon[pieces.head[:2]]).all()
    assert [note.key for note in reading.notes] == ["roads.unknown_surfaces"]
    assert '"rusak" (1)' in reading.notes[0].text()


def test_unknown_class_words_are_counted_and_told(folder):
    lines_table(REMARK=["Jalan Arteri", "Xyz", "Xyz"]).to_file(folder / "a.gpkg")
    reading = read_roads(folder / "a.gpkg", REGION, Columns())
    assert sorted(reading.segments.road_class) == ["primary", "primary", "unclassified", "unclassified"]
    assert "2 garis" in reading.notes[0].text()
    assert '"Xyz" (2)' in reading.notes[0].text()


def test_lines_without_a_class_column_say_which_columns_there_are(folder):
    lines_table(KODE=["1", "2", "3"]).to_file(folder / "a.gpkg")
    reading = read_roads(folder / "a.gpkg", REGION, Columns())
    assert set(reading.segments.road_class) == {"unclassified"}
    assert "KODE" in reading.notes[0].text()


def test_codes_of_rbi_count_where_they_were_given_a_meaning(folder):
    lines_table(FGSRJL=["1", "2", "1"]).to_file(folder / "a.gpkg")
    reading = read_roads(folder / "a.gpkg", REGION, Columns(classes={"1": "primary", "2": "secondary"}))
    assert sorted(set(reading.segments.road_class)) == ["primary", "secondary"]


def test_vertices_a_rounding_error_apart_are_one_place(folder):
    near = shapely.LineString([(LON + 0.01 + 4e-8, LAT - 4e-8), (LON + 0.01, LAT + 0.01)])
    table = lines_table()
    table.loc[1, "geometry"] = near
    table.to_file(folder / "a.gpkg")
    assert len(read_roads(folder / "a.gpkg", REGION, Columns()).segments.lon) == 4


VRT = b'<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>'
BOMB = b'<?xml version="1.0"?><!DOCTYPE g [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><graphml>&b;</graphml>'
LATE_BOMB = b"<graphml xmlns='http://graphml.graphdrawing.org/xmlns'>" + b" " * 70000 + b"<!DOCTYPE x></graphml>"
AT_INFINITY = (
    b'{"elements": [{"type":"node","id":1,"lon":1e400,"lat":0},{"type":"node","id":2,"lon":NaN,"lat":0},'
    b'{"type":"way","id":3,"nodes":[1,2],"tags":{"highway":"primary"}}]}'
)
POINTS = (
    b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},'
    b'"geometry":{"type":"Point","coordinates":[113.2,-7.76]}}]}'
)
FOREIGN = {
    "empty": (b"", "kosong"),
    "blanks": (b" \n", "kosong"),
    "text": (b"halo", "bukan berkas jalan"),
    "csv": (b"a,b\n1,2\n", "bukan berkas jalan"),
    "vrt": (VRT, "bukan berkas jalan"),
    "web page": (b"<!DOCTYPE html><html></html>", "halaman web"),
    "gzip": (b"\x1f\x8b\x08" + bytes(40), "dipadatkan"),
    "sqlite": (b"SQLite format 3\0" + bytes(84), "bukan berkas jalan"),
    "entity bomb": (BOMB, "bukan berkas jalan"),
    "late bomb": (LATE_BOMB, "demi keamanan"),
    "utf-16 xml": (b'<?xml version="1.0" encoding="utf-16"?><osm/>', "bukan berkas jalan"),
    "graphml cut": (b"<graphml xmlns='http://graphml.graphdrawing.org/xmlns'><graph>", "rusak"),
    "graphml empty": (b"<graphml xmlns='http://graphml.graphdrawing.org/xmlns'/>", "rusak"),
    "osm cut": (b"<osm version='0.6'><node id='1' lat='-7", "rusak"),
    "osm entities": (b"<osm version='0.6'>&x;</osm>", "rusak"),
    "osm without roads": (b"<osm version='0.6'></osm>", "tidak berisi jalan"),
    "pbf cut": (b"\0\0\0\x0d\x0a\x09OSMHeader\x18\x7c" + bytes(20), "rusak"),
    "overpass cut": (b'{"osm3s": {}, "elements": [{"type": "node"', "rusak"),
    "overpass of nothing": (b'{"elements": []}', "tidak berisi jalan"),
    "overpass failed": (b'{"elements": [], "remark": "runtime error: timed out"}', "tidak lengkap"),
    "overpass of lists": (b'{"elements": [[1]]}', "rusak"),
    "overpass at infinity": (AT_INFINITY, "tidak berisi jalan"),
    "geojson cut": (b'{"type":"FeatureCollection","features":[{"type":"Feature"', "tidak dapat dibaca"),
    "geojson of points": (POINTS, "tidak berisi garis"),
    "shapefile alone": (b"\x00\x00\x27\x0a" + bytes(96), "tidak dapat dibaca"),
    "zip of nothing": (b"PK\x05\x06" + bytes(18), "bukan berkas jalan"),
    "zip cut": (b"PK\x03\x04" + bytes(30), "rusak"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "said"), FOREIGN.values(), ids=FOREIGN)
def test_what_is_no_road_file_is_refused_and_the_roads_stored_before_stay(content, said, folder, door):
    overpass(folder / "a.json")
    import_roads(door, folder / "a.json", REGION)
    before = door.path.read_bytes()
    (folder / "b.geojson").write_bytes(content)
    with pytest.raises(InputError, match=said) as told:
        import_roads(door, folder / "b.geojson", REGION)
    assert "b.geojson" in told.value.text("id")
    assert told.value.text("en") != told.value.text("id")
    assert door.path.read_bytes() == before


def test_a_missing_file_is_a_sentence(folder):
    with pytest.raises(InputError, match=r"tiada\.pbf tidak dapat dibuka"):
        read_roads(folder / "tiada.pbf", REGION, Columns())


def test_a_file_too_large_is_not_read(folder, monkeypatch):
    overpass(folder / "a.json")
    monkeypatch.setitem(road_formats.LARGEST_MB, "overpass-json", 0)
    with pytest.raises(InputError, match="lebih besar dari 0 MB"):
        read_roads(folder / "a.json", REGION, Columns())


def test_a_zip_bomb_is_not_unpacked(folder):
    lines_table().to_file(folder / "jalan.shp")
    with zipfile.ZipFile(folder / "a.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(folder / "jalan.shp", "jalan.shp")
        packed.writestr("jalan.dbf", bytes(20 * 1024 * 1024))
    with pytest.raises(InputError, match="lebih besar"):
        read_roads(folder / "a.zip", REGION, Columns())


def test_a_zip_needs_exactly_one_shapefile(folder):
    with zipfile.ZipFile(folder / "a.zip", "w") as packed:
        packed.writestr("a.txt", "x")
    with pytest.raises(InputError, match="0 Shapefile"):
        read_roads(folder / "a.zip", REGION, Columns())


def test_a_shapefile_without_its_crs_asks_for_the_prj(folder):
    lines_table().to_file(folder / "a.shp")
    (folder / "a.prj").unlink()
    with pytest.raises(InputError, match=r"\.prj"):
        read_roads(folder / "a.shp", REGION, Columns())


def test_swapped_coordinates_are_told(folder):
    table = lines_table()
    table.geometry = shapely.transform(table.geometry.to_numpy(), lambda at: at[:, ::-1])
    table.to_file(folder / "a.gpkg")
    with pytest.raises(InputError, match="tertukar"):
        read_roads(folder / "a.gpkg", REGION, Columns())


def test_of_several_layers_one_is_asked_for(folder):
    for layer in ("jalan", "sungai"):
        lines_table().to_file(folder / "a.gpkg", layer=layer)
    with pytest.raises(InputError, match="jalan, sungai"):
        read_roads(folder / "a.gpkg", REGION, Columns())
    with pytest.raises(InputError, match="jalan, sungai"):
        read_roads(folder / "a.gpkg", REGION, Columns(layer="rel"))
    assert len(read_roads(folder / "a.gpkg", REGION, Columns(layer="jalan")).segments.tail) == 3


def test_a_column_that_is_not_there_is_named_with_those_that_are(folder):
    lines_table().to_file(folder / "a.gpkg")
    with pytest.raises(InputError, match=r'"kelas".*REMARK'):
        read_roads(folder / "a.gpkg", REGION, Columns(road_class="kelas"))


def test_roads_of_another_region_are_refused(folder, door):
    overpass(folder / "a.json")
    with pytest.raises(InputError, match=r"74\.71.*113[.,]2"):
        import_roads(door, folder / "a.json", "74.71")
    assert not door.path.exists()


def test_roads_far_outside_the_region_are_left_out_and_counted(folder, door, monkeypatch):
    overpass(folder / "a.json")
    monkeypatch.setitem(NODES, 9, (110.0, -7.0))
    overpass(folder / "b.json")
    assert "beyond_area" not in import_roads(door, folder / "a.json", REGION).roads.source.dropped
    monkeypatch.setattr(importing, "KEPT_KM", 0.0)
    monkeypatch.setattr(importing, "FETCHED_KM", 0.0)
    far = lines_table().set_geometry(
        [
            shapely.LineString([(LON, LAT), (LON + 0.01, LAT)]),
            *[shapely.LineString([(113.9, -7.7), (113.91, -7.7)])] * 2,
        ]
    )
    far.to_file(folder / "c.gpkg")
    roads = import_roads(door, folder / "c.gpkg", REGION).roads
    assert roads.source.dropped == {"beyond_area": 1, "rail": 1}


@pytest.mark.parametrize(("gap_m", "parts"), [(0.3, 1), (0.49, 1), (0.7, 2)])
def test_road_lines_meet_within_half_a_metre_where_nothing_is_asked(gap_m, parts, folder, door):
    gap = gap_m / 111_200
    lines = [[(LON, LAT), (LON, LAT + 0.01)], [(LON, LAT + 0.01 + gap), (LON, LAT + 0.02)]]
    gpd.GeoDataFrame(geometry=shapely.linestrings(lines), crs="EPSG:4326").to_file(folder / "a.gpkg")
    roads = import_roads(door, folder / "a.gpkg", REGION).roads
    assert connection(roads.tail, roads.head, roads.km).components == parts


@pytest.mark.parametrize("snap_m", [-1.0, 51.0, float("nan"), float("inf")])
def test_a_tolerance_out_of_range_is_refused(snap_m, folder, door):
    overpass(folder / "a.json")
    with pytest.raises(InputError, match="--snap-m antara 0 dan 50"):
        import_roads(door, folder / "a.json", REGION, snap_m=snap_m)


def test_what_was_left_out_is_stored_with_the_roads(folder, door):
    overpass(folder / "a.json")
    import_roads(door, folder / "a.json", REGION)
    (roads,) = stored_roads(door)
    assert roads.source.dropped == {"no_access": 1, "on_foot": 1}
    assert roads.source.name == "a.json"
    assert roads.ferry_min[roads.road_class == "ferry"].sum() == pytest.approx(30)


needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="needs the real test material beside the repository")


@pytest.mark.shared
@needs_shared
@pytest.mark.parametrize(
    ("name", "region", "snap_m", "components"),
    [
        ("probolinggo_kota.osm.pbf", "35.74", None, 42),
        ("probolinggo_situbondo_bondowoso.json", "35.13", None, 20),
        ("balikpapan_kota_drive.graphml", "64.71", None, 1),
        ("makassar_rbi50k.geojson", "73.71", 0, 47),
        ("makassar_rbi50k.geojson", "73.71", None, 46),
    ],
)
def test_real_files_are_taken_islands_and_halves_included(name, region, snap_m, components, door):
    roads = import_roads(door, SHARED / name, region, snap_m=snap_m).roads
    joins = nx.Graph(zip(roads.tail.tolist(), roads.head.tolist(), strict=True))
    assert nx.number_connected_components(joins) == components


@pytest.mark.shared
@needs_shared
def test_the_graphs_own_lengths_are_kept(door):
    """OSMnx measures on a sphere: three per mille apart at most."""
    roads = import_roads(door, SHARED / "balikpapan_kota_drive.graphml", "64.71").roads
    graph = osmnx.convert.to_undirected(osmnx.load_graphml(SHARED / "balikpapan_kota_drive.graphml"))
    kept = sum(
        tags["length"]
        for *_, tags in graph.edges(data=True)
        if "no" not in (tags.get("access"), tags.get("motorcar"), tags.get("motor_vehicle"))
    )
    assert roads.km.sum() * 1000 == pytest.approx(kept, rel=5e-3)


@pytest.mark.shared
@needs_shared
def test_lines_that_do_not_meet_are_refused_with_numbers_and_taken_with_a_tolerance(door):
    path = SHARED / "bantul_diy.geojson"
    with pytest.raises(InputError) as told:
        import_roads(door, path, "34.02", columns=Columns(road_class="JALAN"))
    said = told.value.text("id")
    assert all(f"--snap-m {step} " in said for step in (1, 2, 5, 10))
    assert "0,8 %" in said
    assert not door.path.exists()
    roads = import_roads(door, path, "34.02", snap_m=5.0, columns=Columns(road_class="JALAN")).roads
    assert roads.source.joined_ends > 1000
    assert pd.Series(roads.road_class).isin(["tertiary", "unclassified"]).all()
