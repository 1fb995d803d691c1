"""Polygons of the workspace move village points and become the areas; the network's legs stay."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from coverage.answers.gaps import gaps
from coverage.answers.study import cells, open_study
from coverage.places.boundaries import boundary_store
from coverage.places.boundaries.placement import follow_villages, placed_villages, tier_of
from coverage.places.boundaries.village_areas import drawn_areas
from coverage.places.indicative_cells import village_cells
from coverage.places.villages import load_villages, mask_in_region

KOTA = "16.73"


def boundaries(shapes, tier="resmi"):
    return gpd.GeoDataFrame(
        {"name": "", "source": "x", "tier": tier, "mended": 0.0, "source_kode": ""},
        index=pd.Index(list(shapes), name="kode"),
        geometry=list(shapes.values()),
        crs="EPSG:4326",
    )


def villages_at(**points):
    lonlat = np.array(list(points.values()))
    return pd.DataFrame({"lon": lonlat[:, 0], "lat": lonlat[:, 1]}, index=pd.Index(list(points), name="kode"))


def keep(door, region, kodes, *, tier=boundary_store.OFFICIAL, size=0.001, source="x"):
    """Store a square around the point of each village."""
    at = load_villages().loc[list(kodes)]
    shapes = shapely.buffer(shapely.points(at["lon"], at["lat"]), size, cap_style="square")
    areas = pd.DataFrame(
        {
            "kode": at.index,
            "name": at["name"].to_numpy(),
            "mended": 0.0,
            "source_kode": at.index,
            "geometry": [shapely.multipolygons([shape]) for shape in shapes],
        }
    )
    boundary_store.save(
        door, region, areas, tier=tier, source=source, files=[boundary_store.SourceFile("f", "0" * 64, len(areas))]
    )


def test_a_point_inside_its_polygon_stays():
    placed = placed_villages(villages_at(a=(0.5, 0.5)), boundaries({"a": shapely.box(0, 0, 2, 2)}))
    assert placed.loc["a", ["lon", "lat"]].tolist() == [0.5, 0.5]
    assert placed.loc["a", "boundary_tier"] == "resmi"


def test_a_point_outside_moves_into_the_largest_part_and_never_to_a_centroid():
    horseshoe = shapely.difference(shapely.box(0, 0, 10, 10), shapely.box(1, 1, 10, 9))
    both = shapely.multipolygons([shapely.box(20, 20, 21, 21), horseshoe])
    assert not shapely.covers(horseshoe, shapely.centroid(horseshoe))
    placed = placed_villages(villages_at(a=(5.0, 5.0)), boundaries({"a": both}))
    assert shapely.contains_xy(horseshoe, *placed.loc["a", ["lon", "lat"]].astype(float))


def test_a_village_without_polygon_stays_and_is_called_indicative():
    placed = placed_villages(villages_at(a=(0.5, 0.5), b=(9.0, 9.0)), boundaries({"a": shapely.box(0, 0, 2, 2)}))
    assert placed["boundary_tier"].tolist() == ["resmi", "indikatif"]
    assert placed.loc["b", ["lon", "lat"]].tolist() == [9.0, 9.0]


def test_rows_keep_their_order_and_the_table_that_was_given_stays():
    given = villages_at(b=(5.0, 5.0), a=(9.0, 9.0))
    before = given.copy()
    placed = placed_villages(given, boundaries({"a": shapely.box(0, 0, 1, 1), "b": shapely.box(0, 0, 1, 1)}))
    assert placed.index.tolist() == ["b", "a"]
    pd.testing.assert_frame_equal(given, before)


def test_what_stands_on_the_point_follows_and_a_surveyed_place_stays():
    before, after = villages_at(a=(1.0, 1.0)), villages_at(a=(2.0, 2.0))
    units = pd.DataFrame({"kode": ["a", "a", ""], "lon": [1.0, 1.1, 1.0], "lat": [1.0, 1.0, 1.0]})
    moved = follow_villages(units, before, after)
    assert moved[["lon", "lat"]].to_numpy().tolist() == [[2.0, 2.0], [1.1, 1.0], [1.0, 1.0]]


@pytest.mark.parametrize(
    ("tiers", "said"),
    [
        (["indikatif"] * 10, "indikatif"),
        (["resmi"] * 10, "resmi"),
        (["resmi"] * 9 + ["indikatif"], "resmi"),
        (["resmi"] * 8 + ["indikatif"] * 2, "campuran"),
        (["kantor"] * 10, "kantor"),
        (["kantor"] + ["resmi"] * 9, "campuran"),
    ],
)
def test_a_region_is_called_by_the_tier_of_nearly_all_its_villages(tiers, said):
    assert tier_of(pd.Series(tiers)) == said


def test_the_latest_statement_about_a_village_wins(door):
    kodes = load_villages().index[mask_in_region(load_villages().index, KOTA)]
    keep(door, KOTA, kodes)
    keep(door, "16.73.08", ["16.73.08.1006"], tier=boundary_store.OWN, source="kantor.shp")
    held = boundary_store.held(door, KOTA)
    assert held.index.is_unique
    assert held.loc["16.73.08.1006", "tier"] == "kantor"
    keep(door, KOTA, kodes)
    assert set(boundary_store.held(door, KOTA)["tier"]) == {"resmi"}


def test_a_workspace_without_polygons_holds_none(door):
    assert boundary_store.held(door).empty
    assert drawn_areas(KOTA, boundary_store.held(door, KOTA))["geometry"].equals(village_cells(KOTA)["geometry"])


def test_areas_are_the_polygons_and_what_they_leave_of_the_cells(door):
    kodes = list(load_villages().index[mask_in_region(load_villages().index, KOTA)])
    keep(door, KOTA, kodes[1:], size=0.003)
    areas = drawn_areas(KOTA, boundary_store.held(door, KOTA))
    assert areas.index.tolist() == kodes
    assert areas["boundary_tier"].value_counts().to_dict() == {"resmi": 71, "indikatif": 1}
    assert areas.geometry.is_valid.all()
    first = areas.geometry.iloc[0]
    assert first.area > 0
    assert shapely.intersection(first, shapely.union_all(areas.geometry.iloc[1:])).area < 1e-8


def test_a_study_stands_on_the_polygons_and_its_network_keeps_its_legs(door):
    kodes = load_villages().index[mask_in_region(load_villages().index, KOTA)]
    plain = open_study(KOTA, workspace=door.path)
    moved = load_villages().loc[kodes[0], ["lon", "lat"]].astype(float) + 0.01
    keep(door, KOTA, kodes[1:])
    shape = shapely.multipolygons([shapely.buffer(shapely.Point(*moved), 0.001)])
    areas = pd.DataFrame({"kode": kodes[:1], "name": "", "mended": 0.0, "source_kode": "", "geometry": [shape]})
    boundary_store.save(
        door,
        kodes[0][:8],
        areas,
        tier=boundary_store.OFFICIAL,
        source="x",
        files=[boundary_store.SourceFile("f", "0" * 64, 1)],
    )
    drawn = open_study(KOTA, workspace=door.path)
    assert drawn.boundary_tier == "resmi"
    assert shapely.covers(shape, shapely.Point(*drawn.villages.loc[kodes[0], ["lon", "lat"]].astype(float)))
    assert (drawn.villages["lat"] != plain.villages["lat"]).sum() == 1
    assert drawn.network.nodes.equals(plain.network.nodes)
    np.testing.assert_array_equal(drawn.od.minutes, plain.od.minutes)
    assert cells(drawn).geometry.loc[kodes[0]].equals(shape)


def test_gaps_say_how_many_have_a_polygon_and_who_has_none(door):
    kodes = load_villages().index[mask_in_region(load_villages().index, KOTA)]
    before = gaps(open_study(KOTA, workspace=door.path)).summary()
    assert (before["boundary_tier"], before["villages_with_polygon"]) == ("indikatif", 0)
    assert before["villages_without_polygon"] is None
    keep(door, KOTA, kodes[2:])
    report = gaps(open_study(KOTA, workspace=door.path))
    found = report.summary()
    assert (found["boundary_tier"], found["villages_with_polygon"]) == ("resmi", 70)
    assert found["villages_without_polygon"] == list(kodes[:2])
    assert any("70 dari 72" in note.text("id") for note in report.notes)
    assert not any("Voronoi" in note.text("id") for note in report.notes)
    assert gaps(open_study("16.73.01", workspace=door.path)).summary()["boundary_tier"] in ("campuran", "resmi")
