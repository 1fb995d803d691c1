"""Laws of the gaps: sums add up, more reach never covers fewer, islands wait for a ferry."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coverage.answers.gaps import STATES, check_cutoff, gaps, state_of
from coverage.answers.study import open_study
from coverage.ground.errors import InputError
from coverage.ground.registry import data_file
from coverage.places.villages import load_villages
from coverage.places.workspace import Workspace

few = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
cutoffs = st.floats(1, 1440)


def with_units(study, order):
    od = study.od
    turned = replace(
        od,
        destinations=od.destinations[order],
        minutes=od.minutes[:, order],
        km=od.km[:, order],
        ferry_legs=od.ferry_legs[:, order],
    )
    return study.with_units(study.units.iloc[order], study.access.iloc[order], turned)


def states(table):
    return table[list(STATES)].to_numpy()


@few
@given(cutoffs)
def test_every_village_is_in_one_state_at_every_level(sultra, cutoff):
    report = gaps(sultra, cutoff)
    summary = report.summary()
    assert sum(summary[state] for state in STATES) == summary["villages"] == len(sultra.villages) == 2285
    for table in (report.by_regency, report.by_district):
        assert (states(table).sum(axis=1) == table["villages"]).all()
        assert states(table).sum(axis=0).tolist() == [summary[state] for state in STATES]
        assert table["units"].sum() == summary["units"]
        assert table["kode"].is_unique
    owned = report.by_responsible
    assert (states(owned).sum(axis=1) == owned["villages"]).all()
    assert report.islands["villages"].sum() == summary["not_connected"]


@few
@given(cutoffs)
def test_persons_add_up_to_the_published_totals(sultra, cutoff):
    report = gaps(sultra, cutoff)
    published = pd.read_csv(data_file("population"), dtype={"kode": "str"}).set_index("kode")["population"]
    regencies = report.by_regency.set_index("kode")
    assert (regencies["population"] == published.reindex(regencies.index)).all()
    assert report.summary()["population"] == published.reindex(regencies.index).sum()
    assert (regencies["population_covered"] <= regencies["population"]).all()
    assert abs(regencies["population_covered"].sum() - report.summary()["population_covered"]) <= len(regencies) / 2
    districts = report.by_district
    by_regency = districts["population"].groupby(districts["kode"].str[:5]).agg(["sum", "size"])
    assert (abs(by_regency["sum"] - regencies["population"]) <= by_regency["size"] / 2).all()


@few
@given(cutoffs, cutoffs)
def test_a_longer_cutoff_never_covers_fewer(sultra, one, other):
    short, long = (gaps(sultra, cutoff).villages["state"] for cutoff in sorted((one, other)))
    assert (long[short == "covered"] == "covered").all()
    assert ((short == "not_connected") == (long == "not_connected")).all()


@few
@given(st.sets(st.integers(0, 6), min_size=1), st.sets(st.integers(0, 6)), cutoffs)
def test_more_units_never_cover_fewer_nor_lengthen_travel(sultra, some, others, cutoff):
    fewer = gaps(with_units(sultra, sorted(some)), cutoff).villages
    more = gaps(with_units(sultra, sorted(some | others)), cutoff).villages
    assert (more["travel_min"] <= fewer["travel_min"]).all()
    assert (more.loc[fewer["state"] == "covered", "state"] == "covered").all()


@few
@given(st.permutations(range(7)), cutoffs)
def test_the_order_of_units_decides_between_equals_only(sultra, order, cutoff):
    plain, turned = gaps(sultra, cutoff), gaps(with_units(sultra, list(order)), cutoff)
    same = ["travel_min", "state", "responsible_unit", "responsible_min", "responsible_state"]
    pd.testing.assert_frame_equal(turned.villages[same], plain.villages[same])
    least = np.sort(sultra.od.minutes, axis=1)
    clear = (least[:, 0] < least[:, 1]) & np.isfinite(least[:, 0])
    differs = (turned.villages["nearest_unit"] != plain.villages["nearest_unit"]).to_numpy()
    assert not (differs & clear).any()
    pd.testing.assert_frame_equal(turned.by_regency, plain.by_regency)


@few
@given(st.integers(0, 2284))
def test_a_village_exactly_at_the_cutoff_is_covered(sultra, row):
    minutes = sultra.od.minutes[row].min()
    if not 0 < minutes <= 1440:
        return
    assert gaps(sultra, minutes).villages["state"].iloc[row] == "covered"
    assert gaps(sultra, np.nextafter(minutes, 0)).villages["state"].iloc[row] == "beyond_cutoff"


def test_states_follow_from_minutes_and_nothing_else():
    minutes = pd.Series([0.0, 60.0, 60.0000001, np.inf], index=list("abcd"))
    assert state_of(minutes, 60.0).tolist() == ["covered", "covered", "beyond_cutoff", "not_connected"]


@pytest.mark.parametrize(
    ("cutoff", "told"),
    [
        (0.0, "0 menit"),
        (-1.0, "-1 menit"),
        (float("nan"), "menit"),
        (float("inf"), "menit"),
        (1440.5, r"1\.440,5 menit"),
    ],
)
def test_a_cutoff_out_of_range_is_refused_with_its_value(cutoff, told):
    with pytest.raises(InputError, match=told):
        check_cutoff(cutoff)


def test_the_nearest_unit_is_the_least_of_the_matrix(sultra):
    villages = gaps(sultra).villages
    od = sultra.od
    connected = villages["nearest_unit"] != ""
    column = od.destinations.get_indexer(pd.Index(villages.loc[connected, "nearest_unit"]))
    rows = np.flatnonzero(connected)
    assert (od.minutes[rows, column] == od.minutes[rows].min(axis=1)).all()
    assert (villages.loc[connected, "travel_km"].to_numpy() == od.km[rows, column]).all()
    assert (villages.loc[connected, "ferry_legs"].to_numpy() == od.ferry_legs[rows, column]).all()
    assert np.isinf(villages.loc[~connected, ["travel_min", "travel_km"]]).all().all()
    assert (villages.loc[~connected, "state"] == "not_connected").all()


def test_sultra_has_17_regencies_and_units_in_the_four_that_were_published(sultra):
    table = gaps(sultra).by_regency
    assert len(table) == 17
    assert table.loc[table["units"] > 0].set_index("name")["units"].to_dict() == {
        "Kabupaten Kolaka": 1,
        "Kabupaten Muna": 1,
        "Kota Kendari": 4,
        "Kota Bau Bau": 1,
    }


def test_villages_without_a_path_stand_on_islands_no_ferry_calls_at(sultra):
    villages = gaps(sultra).villages
    lost = villages[villages["state"] == "not_connected"]
    ports = set(sultra.ferries["from_kode"]) | set(sultra.ferries["to_kode"])
    ferried = set(villages.loc[villages.index.intersection(list(ports)), "island"])
    assert not set(lost["island"]) & ferried
    with_unit = set(villages.loc[sultra.units["node_kode"], "island"])
    assert not set(lost["island"]) & with_unit


def test_a_declared_ferry_connects_its_island_and_nobody_else(tmp_path, wakatobi):
    before = gaps(wakatobi).villages
    kaledupa = before[before["district"].str.startswith("Kaledupa") & (before["state"] == "not_connected")]
    kode = str(kaledupa.index[0])
    own = tmp_path / "kerja.gpkg"
    ferry = {"id": "baru", "name": "Wanci-Kaledupa", "from_kode": "74.07.01.1003", "to_kode": kode}
    Workspace.open(own).declare_ferry({**ferry, "sailing_min": "90", "trips_per_day": "2"})
    after = gaps(open_study("74.07", workspace=own)).villages
    gained = (before["state"] == "not_connected") & (after["state"] != "not_connected")
    assert set(before.index[gained]) == set(before.index[before["island"] == before.at[kode, "island"]])
    wait = 12 * 60 / 2 / 2
    assert after.at[kode, "travel_min"] == pytest.approx(before.at["74.07.01.1003", "travel_min"] + 90 + wait)
    assert after.at[kode, "ferry_legs"] == before.at["74.07.01.1003", "ferry_legs"] + 1
    pd.testing.assert_series_equal(after.loc[~gained, "travel_min"], before.loc[~gained, "travel_min"])


def test_replacing_one_leg_of_a_boat_keeps_its_through_passage(tmp_path, sultra):
    own = tmp_path / "kerja.gpkg"
    door = Workspace.open(own)
    held = door.ferries().set_index("id", drop=False)
    door.declare_ferry({**held.loc["baubau-kadatua"].to_dict(), "sailing_min": "40"})
    ferries = open_study("74", workspace=own).ferries
    assert ferries.at["baubau-kadatua", "sailing_min"] == 40
    assert "baubau-kadatua+kadatua-siompu" in ferries.index


def test_a_unit_counts_where_it_was_declared_and_travels_from_its_own_point():
    table = b"id,name,kode,lat,lon\nsatu,Satu,74.71.05.1009,-4.05,122.3\n"
    study = open_study("74", units_file=table)
    assert study.units.at["satu", "kode"] == "74.71.05.1009"
    assert study.units.at["satu", "node_kode"] != "74.71.05.1009"
    rows = gaps(study).by_regency.set_index("kode")["units"]
    assert rows[rows > 0].to_dict() == {"74.71": 1}
    nearest = gaps(study).villages["travel_min"].idxmin()
    assert nearest == study.units.at["satu", "node_kode"]
    assert gaps(study).villages["travel_min"].min() == study.access.at["satu", "access_min"] > 0


def test_a_unit_on_an_islet_without_villages_joins_an_island_with_villages():
    land = gpd.read_parquet(data_file("land"))
    bare = land[~land["island"].isin(load_villages()["island"])].geometry.iloc[0].representative_point()
    study = open_study("ID", units_file=f"id,name,lat,lon\nsatu,Satu,{bare.y:.4f},{bare.x:.4f}\n".encode())
    assert study.units.at["satu", "node_kode"] in study.villages.index
    assert gaps(study).summary()["units"] == 1


def test_without_any_unit_the_region_is_refused_by_name(sultra):
    none = sultra.with_units(sultra.units.head(0), sultra.access.head(0), sultra.od.take(np.zeros(7, dtype=bool)))
    with pytest.raises(InputError, match="74 Sulawesi Tenggara"):
        gaps(none)
    assert gaps(none, allow_no_units=True).summary()["not_connected"] == 2285


def test_the_responsible_unit_is_the_published_one(sultra):
    villages = gaps(sultra).villages
    owner = villages["responsible_unit"].groupby(villages.index.str[:5]).agg(lambda ids: "/".join(sorted(set(ids))))
    muna, baubau = ("74.03", "74.13", "74.10"), ("74.72", "74.04", "74.14", "74.15", "74.07")
    assert {owner[kode] for kode in muna} == {"bnnk-muna"}
    assert {owner[kode] for kode in baubau} == {"bnn-kota-baubau"}
    assert owner["74.71"] == "bnn-kota-kendari"
    assert owner["74.02"] == "klinik-bnnp-sultra"


@pytest.mark.parametrize("region", ["16.73", "35.08", "52", "11.73", "74"])
def test_no_number_is_missing_in_a_region_that_ships_units(region):
    report = gaps(open_study(region))
    assert not report.villages[["travel_min", "travel_km", "responsible_min"]].isna().any().any()
    assert report.summary()["units"] > 0


def test_a_unit_of_the_region_on_an_island_without_ferry_is_counted_and_reaches_only_its_island():
    batuatas = load_villages().loc["74.15.04.2001"]
    table = f"name,kode,lat,lon\nKlinik Apung,74.72.02.1005,{batuatas['lat'] + 0.001},{batuatas['lon']}\n"
    study = open_study("74.72", units_file=table.encode())
    assert study.units["in_region"].tolist() == [True]
    report = gaps(study)
    assert report.summary()["units"] == 1
    assert (report.villages["state"] == "not_connected").all()
