"""Code, name and place of a polygon are three witnesses: two that agree decide, and what contradicts is told."""

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.places.boundaries.agreement import agreement
from coverage.places.boundaries.matching import match
from coverage.places.boundaries.sql_dump import read_dump
from coverage.places.villages import load_villages, mask_in_region

COUNTRY = load_villages()
MIRRORED = ("52", "74", "16.73", "35.08", "11.73", "35.74", "35.78", "64.71", "73.71")


def villages_of(region):
    return COUNTRY[mask_in_region(COUNTRY.index, region)]


def cells(villages):
    """Give each village the land nearer to its point than to any other, as polygons that touch each other."""
    points = shapely.points(villages["lon"], villages["lat"])
    found = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(points), extend_to=shapely.box(*shapely.total_bounds(points)))
    )
    at, cell = shapely.STRtree(found).query(points, predicate="within")
    shapes = np.empty(len(villages), dtype=object)
    shapes[at] = found[cell]
    return shapes


def rows_of(villages, shapes):
    return pd.DataFrame(
        {
            "kode": villages.index,
            "name": villages["name"].to_numpy(),
            "district": villages["district"].to_numpy(),
            "regency": villages["regency"].to_numpy(),
            "geometry": shapes,
        }
    )


KOTA = villages_of("16.73")
CELLS = cells(KOTA)


@settings(max_examples=12)
@given(shift=st.integers(1, 71), what=st.sampled_from(["kode", "name"]))
def test_a_column_shifted_against_the_others_puts_no_polygon_under_a_wrong_village(shift, what):
    rows = rows_of(KOTA, CELLS)
    rows[what] = np.roll(rows[what].to_numpy(), shift)
    found = match(rows, KOTA).rows
    taken = (found["kode"] != "").to_numpy()
    assert (found["kode"].to_numpy()[taken] == KOTA.index.to_numpy()[taken]).all()
    assert taken.mean() >= 0.8
    expected = "name_place" if what == "kode" else "code_place"
    assert set(found.loc[taken, "reason"]) <= {expected, ""}
    assert (found.loc[taken, "reason"] == expected).mean() > 0.9


@settings(max_examples=10)
@given(st.permutations(range(12)))
def test_any_exchange_of_codes_puts_no_polygon_under_a_wrong_village(order):
    rows = rows_of(KOTA, CELLS)
    kode = rows["kode"].to_numpy().copy()
    kode[: len(order)] = kode[: len(order)][list(order)]
    found = match(rows.assign(kode=kode), KOTA).rows
    taken = (found["kode"] != "").to_numpy()
    assert (found["kode"].to_numpy()[taken] == KOTA.index.to_numpy()[taken]).all()


def test_what_nothing_decides_is_unsure():
    here = KOTA.iloc[[0, 1]]
    both = shapely.union_all(shapely.buffer(shapely.points(here["lon"], here["lat"]), 0.03))
    rows = rows_of(here, np.array([both, both])).head(1).assign(name=here["name"].iloc[1])
    assert match(rows, KOTA).rows.loc[0, ["how", "kode", "reason"]].tolist() == ["unsure", "", "contradicts"]


@given(st.permutations(range(9)), st.integers(0, 7))
def test_shapes_that_change_places_within_a_kecamatan_are_accused_and_no_other(order, which):
    districts = KOTA.groupby(KOTA.index.str[:8]).indices
    members = list(districts.values())[which][: len(order)]
    # Ranks of the drawn order: any exchange of as many as the kecamatan has.
    taken = members[np.argsort(list(order)[: len(members)])]
    shapes = CELLS.copy()
    shapes[members] = CELLS[taken]
    found = agreement(KOTA.index, shapes, KOTA)
    accused = set(found.index[found["shuffled"]].str[:8])
    moved = int((members != taken).sum())
    assert accused <= {list(districts)[which]}
    if moved == 0:
        assert not accused
        assert (found["own_km"] == 0).all()
    if accused:
        assert set(found.index[found["shuffled"]]) == set(KOTA.index[list(districts.values())[which]])


@pytest.mark.parametrize("kode", ["74.04", "35.08", "11.73"])
def test_every_kecamatan_whose_shapes_go_round_is_accused(kode):
    villages = villages_of(kode)
    shapes = cells(villages)
    missed = []
    for district, members in villages.groupby(villages.index.str[:8]).indices.items():
        if len(members) > 3:
            moved = shapes.copy()
            moved[members] = shapes[np.roll(members, 1)]
            found = agreement(villages.index, moved, villages)
            if set(found.index[found["shuffled"]].str[:8]) != {district}:
                missed.append(district)
    assert len(missed) <= 0.05 * villages.index.str[:8].nunique(), missed


def test_points_that_are_wrong_accuse_no_polygon():
    """Two of a hundred points of the country are more than 5 km off; here five of a hundred, by 2 to 15 km."""
    random = np.random.default_rng(20261128)
    villages = villages_of("74.04")
    shapes = cells(villages)
    for _ in range(8):
        off = villages.copy()
        wrong = random.random(len(off)) < 0.05
        angle, far = random.uniform(0, 2 * np.pi, wrong.sum()), random.uniform(2, 15, wrong.sum()) / 111.2
        off.loc[wrong, "lon"] += far * np.cos(angle)
        off.loc[wrong, "lat"] += far * np.sin(angle)
        assert not agreement(off.index, shapes, off)["shuffled"].any()


@pytest.mark.shared
@pytest.mark.parametrize("region", MIRRORED)
def test_of_the_mirrored_polygons_one_kecamatan_alone_is_accused(region, shared):
    """Pujut, 52.02.04; the 425 others are honest."""
    paths = sorted((shared / "mirror").rglob(f"wilayah_boundaries_kel_{region}*.sql"))
    table = pd.concat([read_dump(path.read_bytes(), path.name).rows for path in paths]).drop_duplicates("kode")
    table = table[table["kode"].isin(COUNTRY.index)]
    shapes = shapely.make_valid(table["geometry"].to_numpy(dtype=object))
    found = agreement(pd.Index(table["kode"]), shapes, COUNTRY)
    accused = found[found["shuffled"]]
    assert set(accused.index.str[:8]) == ({"52.02.04"} if region == "52" else set())
    assert len(accused) == (16 if region == "52" else 0)
