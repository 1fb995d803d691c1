"""Village areas: one for each village, none over another, computed once."""

import pytest
import shapely

from coverage.places import indicative_cells
from coverage.places.indicative_cells import village_cells
from coverage.places.villages import in_region, load_villages

# Sultra, Lubuklinggau, the islands of Wakatobi, and kabupaten whose villages share a position.
REGIONS = ["74", "16.73", "74.07", "52.06", "91.11"]
REACH_DEG = 0.25
SHORE_DEG = 0.03


def area(found):
    return shapely.area(found.geometry.to_numpy())


@pytest.fixture(scope="module", params=REGIONS)
def region(request):
    villages = in_region(load_villages(), request.param)
    return request.param, villages, village_cells(request.param)


def test_every_village_has_one_valid_area(region):
    _, villages, found = region
    assert found.index.equals(villages.index)
    assert found.crs.to_epsg() == 4326
    assert found.geometry.is_valid.all()
    assert (area(found) > 0).all()
    assert set(found.geom_type) <= {"Polygon", "MultiPolygon"}


def test_areas_do_not_overlap(region):
    _, _, found = region
    together = shapely.area(shapely.union_all(found.geometry.to_numpy()))
    assert area(found).sum() == pytest.approx(together, rel=1e-6)


def test_a_village_stands_in_its_area_or_just_off_its_shore(region):
    _, villages, found = region
    points = shapely.points(villages["lon"], villages["lat"])
    away = shapely.distance(found.geometry.to_numpy(), points)
    position = villages.groupby(["lon", "lat"])["name"].transform("size").to_numpy()
    off_land = villages["shore_km"].to_numpy() > 0
    assert away.max() < SHORE_DEG
    assert (away[(position == 1) & ~off_land] < 0.005).all()


def test_an_area_ends_within_reach_of_its_village(region):
    _, villages, found = region
    bounds = found.bounds
    assert (bounds["minx"] >= villages["lon"] - REACH_DEG).all()
    assert (bounds["maxy"] <= villages["lat"] + REACH_DEG).all()


def test_a_kabupaten_alone_gets_the_areas_it_has_in_its_province():
    alone, together = village_cells("74.71"), village_cells("74")
    shared = together.loc[alone.index]
    difference = shapely.area(shapely.symmetric_difference(alone.geometry.to_numpy(), shared.geometry.to_numpy()))
    assert difference.sum() / area(alone).sum() < 0.01


@pytest.mark.parametrize("kode", ["91.11.11.2001", "91.11.11.2003", "91.11.11.2004"])
def test_villages_a_step_apart_all_get_an_area(kode):
    """Their points differ by decimetres: as if they shared one."""
    assert area(village_cells("91.11").loc[[kode]])[0] > 0


def test_villages_that_share_a_position_all_get_an_area():
    villages = in_region(load_villages(), "52")
    twins = villages.index[villages.duplicated(["lon", "lat"], keep=False)]
    assert len(twins) > 0
    assert (area(village_cells("52").loc[twins]) > 0).all()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("JANGKAU_HOME", str(tmp_path))
    return tmp_path / "cache"


@pytest.fixture
def computed(monkeypatch):
    times = []
    real = indicative_cells._compute
    monkeypatch.setattr(indicative_cells, "_compute", lambda region: times.append(region) or real(region))
    return times


def test_areas_are_computed_once(cache, computed):
    first = village_cells("16.73")
    again = village_cells("16.73")
    assert computed == ["16.73"]
    assert shapely.equals_exact(first.geometry.to_numpy(), again.geometry.to_numpy()).all()
    assert again.index.equals(first.index)
    assert again.crs == first.crs
    assert [path.suffix for path in cache.iterdir()] == [".parquet"]


@pytest.mark.parametrize("damage", [slice(0), slice(4), slice(5000), slice(4, None), slice(-4)])
def test_a_damaged_cache_is_computed_anew(damage, cache, computed):
    whole = village_cells("16.73")
    (path,) = cache.iterdir()
    path.write_bytes(path.read_bytes()[damage])
    mended = village_cells("16.73")
    assert computed == ["16.73", "16.73"]
    assert shapely.equals_exact(whole.geometry.to_numpy(), mended.geometry.to_numpy()).all()
    assert len(village_cells("16.73")) == 72


def test_an_outdated_cache_makes_room(cache):
    cache.mkdir(parents=True)
    (cache / "cells-16.73-0123456789abcdef.parquet").write_bytes(b"alt")
    (cache / "cells-16.7-0123456789abcdef.parquet").write_bytes(b"other region")
    village_cells("16.73")
    names = sorted(path.name for path in cache.iterdir())
    assert len(names) == 2
    assert "cells-16.7-0123456789abcdef.parquet" in names


def test_a_cache_that_cannot_be_written_costs_time_and_not_the_answer(tmp_path, monkeypatch):
    (tmp_path / "berkas").write_text("")
    monkeypatch.setenv("JANGKAU_HOME", str(tmp_path / "berkas"))
    assert len(village_cells("16.73")) == 72


def test_what_is_made_of_areas_does_not_change_once_they_come_from_the_cache(tmp_path, monkeypatch):
    """The questions of an interrupted fetch of roads are kept by their outline: another one is asked all anew."""
    monkeypatch.setenv("JANGKAU_HOME", str(tmp_path))
    computed, kept = (shapely.union_all(village_cells("35.74").geometry.to_numpy()) for _ in range(2))
    assert shapely.buffer(computed, 0.02).wkb == shapely.buffer(kept, 0.02).wkb
